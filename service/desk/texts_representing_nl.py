"""De teksten over wie meededen naast alle inwoners, in het Nederlands op taalniveau B1."""

REPRESENTING_DUTCH: dict[str, str | tuple[str, str]] = {
    "repr_title": "Lijken deelnemers op alle inwoners?",
    "repr_link": "Vergelijk met de cijfers van de gemeente",
    "repr_back": "Terug naar het verslag",
    "repr_intro": (
        "{n} persoon die stemde, vertelde iets over zichzelf. Hieronder staat dat naast de cijfers van alle "
        "inwoners.",
        "{n} mensen die stemden, vertelden iets over zichzelf. Hieronder staat dat naast de cijfers van "
        "alle inwoners.",
    ),
    "repr_answered": ("{n} antwoord", "{n} antwoorden"),
    "repr_option": "Antwoord",
    "repr_people": "Mensen",
    "repr_share": "Deelnemers",
    "repr_known": "Alle inwoners",
    "repr_difference": "Verschil in punten",
    "repr_to": "tot",
    "repr_reading": "Tussen haakjes staat waartussen het echte getal waarschijnlijk ligt (interval van 90 "
    "%). Vet: het "
    "verschil is meer dan toeval. Antwoorden van minder dan vijf mensen staan samen op een regel.",
    "repr_trust_good": "We kunnen deze verschillen goed rechttrekken door sommige antwoorden zwaarder te "
    "laten tellen: "
    "{n} mensen vertellen dan nog zoveel als {n_effective} mensen die zijn geloot.",
    "repr_trust_fair": "We kunnen deze verschillen rechttrekken door sommige antwoorden zwaarder te laten "
    "tellen. Dat "
    "kost zekerheid: {n} mensen vertellen dan nog zoveel als {n_effective} mensen die zijn geloot.",
    "repr_trust_weak": "Wees voorzichtig: om deze verschillen recht te trekken, moeten weinig mensen voor "
    "velen tellen. "
    "{n} mensen vertellen dan nog zoveel als {n_effective} mensen die zijn geloot, en een verschil van "
    "hoogstens {gap} "
    "punten blijft over.",
    "repr_trust_none": "Te weinig mensen vertelden iets over zichzelf om de verschillen recht te trekken: "
    "daarvoor zijn "
    "er 50 nodig, en genoeg van elk antwoord.",
    "repr_weighed": "Hoeveel mensen het eens zijn, voor en na rechttrekken",
    "repr_n": "Stemmen (n)",
    "repr_plain": "Geteld",
    "repr_after": "Rechtgetrokken",
    "repr_limits": "Dit gaat alleen over wie iets over zichzelf vertelde, en trekt alleen recht wat "
    "gevraagd is. Wie "
    "om een andere reden niet meedeed, blijft buiten beeld. De groepen en de kaart veranderen er niet door.",
    "repr_figures": "Cijfers van alle inwoners",
    "repr_figures_how": "Vul per antwoord in hoeveel inwoners het zijn, of welk percentage. Laat een vraag "
    "leeg als u "
    "de cijfers niet hebt.",
    "repr_no_questions": "Bij dit gesprek zijn geen vragen over deelnemers gesteld. De eigenaar voegt ze "
    "toe bij de "
    "instellingen.",
    "repr_no_figures": "Er zijn nog geen cijfers om mee te vergelijken.",
    "repr_wrong": "Niet elk getal is te lezen. Schrijf bijvoorbeeld 12500, 12.500 of 33,5 %.",
    "repr_keep": "Bewaar cijfers",
}
"""Sleutel → tekst; een paar is (één, anders)."""
