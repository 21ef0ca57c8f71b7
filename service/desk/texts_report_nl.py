"""De teksten van het verslag in het Nederlands, op taalniveau B1."""

REPORT_DUTCH: dict[str, str | tuple[str, str]] = {
    "report_title": "{question} · verslag",
    "report_kicker": "Verslag voor de raad",
    "report_as_of": "Stand van {time}.",
    "report_earlier": "Dit verslag gaat over een eerdere kaart. Wie meededen en wat is beslist, is van nu.",
    "report_link": "Vaste link naar dit verslag",
    "report_print_how": "Afdrukken: kies in uw browser ‘Afdrukken’; daar kunt u ook een pdf bewaren.",
    "report_waiting": (
        "{n} nieuwere stem wacht op de volgende kaart.",
        "{n} nieuwere stemmen wachten op de volgende kaart.",
    ),
    "report_not_kept": "Deze kaart wordt nog niet bewaard. Dat gebeurt als er vijf mensen of meer hebben "
    "gestemd "
    "sinds de vorige bewaarde kaart.",
    "report_statements": ("{n} stelling", "{n} stellingen"),
    # Samenvatting
    "report_summary": "Samenvatting",
    "report_who": "{people} deden mee; ze brachten {votes} uit op {statements}.",
    "report_and": "; ",
    "report_most_shared": "Het meest delen alle groepen {statement}. {shares}.",
    "report_most_shared_least": "Het meest delen alle groepen {statement}. Zelfs in de groep die het het "
    "minst deelt, "
    "geldt: {shares}.",
    "report_more": "Alle stellingen met hun stemmen",
    "report_most_think": "Hierover denken de meeste mensen hetzelfde: {statement}. {shares}.",
    "report_nothing_shared": "Van geen enkele stelling is zeker dat de meeste mensen die delen.",
    "report_most_dividing": "Het meest verdeelt {statement}. {shares}.",
    "report_most_doubted": "Over {statement} twijfelen veel mensen: {shares}.",
    "report_nothing_divides": "Van geen enkele stelling is zeker dat die de groepen verdeelt.",
    "report_sure_distinct": "Deze groepen zijn stevig: met andere mensen zoals deze vinden we ze terug, en "
    "er staan "
    "weinig mensen tussenin.",
    "report_sure_spectrum": "Deze richtingen zijn stevig: met andere mensen zoals deze vinden we ze terug. "
    "Een "
    "grens is er niet: veel mensen staan ertussenin.",
    "report_sure_no_groups": "Trek dus geen conclusies over groepen. Wat hier per stelling staat, geldt wel.",
    "report_sure_no_pattern": "Kijk dus naar elke stelling apart.",
    "report_sure_too_early": "Het is te vroeg om conclusies te trekken over groepen.",
    "report_sure_pending": "Hoe zeker de groepen zijn, is van deze kaart niet bekend. Dat wordt na een "
    "nieuwe kaart uitgezocht en duurt een paar minuten; als kaarten elkaar snel opvolgen, gebeurt het "
    "niet bij elke kaart.",
    "report_sure_of": "Dit is uitgezocht op {time}, voor precies deze kaart.",
    "report_who_came": "Dit gaat over de mensen die meededen. Wat alle inwoners vinden, weten we hiermee niet.",
    "report_reading": "Zo leest u de getallen: 81 % (77–85) van 312 mensen betekent dat van 312 mensen die "
    "stemden 81 % dit vindt. Tussen haakjes staat waartussen het echte aandeel waarschijnlijk ligt "
    "(interval van "
    "90 %).",
    # Doel en deelname
    "report_purpose": "Waar het om ging",
    "report_no_purpose": "Bij dit gesprek is geen toelichting geschreven.",
    "report_phases": "Fasen",
    "report_phase": "{name}: van {start} tot {end}",
    "report_phase_-1": "(voorbij)",
    "report_phase_0": "(nu)",
    "report_phase_1": "(komt nog)",
    "report_outcome": "Wat er is besloten",
    "report_participation": "Wie deden mee",
    "report_participation_intro": "Zo ver kwamen mensen. De balk en het percentage zijn een deel van de "
    "eerste rij.",
    "report_step": "Stap",
    "report_step_people": "Mensen",
    "report_step_share": "Deel",
    "report_step_opened": "zag een stelling",
    "report_step_votes": ("bracht {n} stem uit of meer", "bracht {n} stemmen uit of meer"),
    "report_step_placed": "staat op de kaart",
    "report_step_all": (
        "stemde op de ene stelling die er nu is",
        "stemde op alle {n} stellingen die er nu zijn",
    ),
    "report_placed_why": "Op de kaart staat wie op genoeg stellingen stemde om te kunnen vergelijken.",
    # Groepen
    "report_groups": "De groepen",
    "report_no_groups": "Geen groepen",
    "report_group_people": (
        "{n} persoon, {share} van wie op de kaart staan",
        "{n} mensen, {share} van wie op de kaart staan",
    ),
    "report_group_found": "Met andere mensen zoals deze vinden we {share} van deze groep terug.",
    "report_marks": "Waaraan u deze groep herkent:",
    "report_direction_agree": "vaker eens",
    "report_direction_disagree": "vaker oneens",
    "report_shared": "Wat mensen delen",
    "report_dividing_intro": "Hierover verschillen de groepen met zekerheid; wat het verst uiteenloopt, "
    "staat eerst.",
    "report_divides": "Wat verdeelt",
    "report_unsure": "Waar mensen over twijfelen",
    "report_unsure_none": "Van geen enkele stelling is zeker dat mensen er meer over twijfelen dan over "
    "andere.",
    "report_unjudged": "Wat zeker is, is voor deze kaart nog niet uitgezocht. Hier staan de stellingen met "
    "de meeste "
    "stemmen.",
    # Zekerheid
    "report_sure": "Hoe zeker is dit?",
    "report_sure_1": "Om dat te weten is de verdeling vele malen opnieuw gemaakt, elke keer met een ander "
    "deel van de "
    "mensen. Een groep telt pas als ze dan terugkomt.",
    "report_sure_2": "Elke stelling in dit verslag is getest met groepen die zonder die stelling zijn "
    "gemaakt, en "
    "rekening houdend met hoeveel stellingen er zijn. Zo staat er zo min mogelijk toeval in.",
    "report_sure_3": "Wie weinig mensen zagen, telt niet mee: onder tien stemmen in een groep wordt niets "
    "beweerd.",
    # Besluiten
    "report_moderation": "Wat is gemodereerd of weggelaten",
    "report_moderation_statements": "Van {n} stellingen zijn er {visible} zichtbaar, {waiting} wachten op "
    "een besluit, "
    "en {hidden} zijn verborgen.",
    "report_moderation_meta": (
        "{n} stelling gaat over het gesprek zelf en telt niet mee voor de kaart.",
        "{n} stellingen gaan over het gesprek zelf en tellen niet mee voor de kaart.",
    ),
    "report_reasons": "Waarom stellingen zijn verborgen",
    "report_excluded": (
        "{n} deelnemer is weggelaten uit de kaart.",
        "{n} deelnemers zijn weggelaten uit de kaart.",
    ),
    "report_excluded_none": "Er zijn geen deelnemers weggelaten.",
    "report_excluded_why": "Waarom deelnemers zijn weggelaten",
    "report_erased": (
        "{n} deelnemer heeft alles laten wissen.",
        "{n} deelnemers hebben alles laten wissen.",
    ),
    "report_reason": "Reden",
    "report_reason_none": "geen reden gegeven",
    "report_count": "Aantal",
    # Hoe gemaakt
    "report_method": "Hoe is dit gemaakt",
    "report_recompute": "Wie de gegevens heeft, kan dit narekenen: dezelfde stemmen geven dezelfde "
    "vingerafdruk.",
    "report_page_link": "Zelfde kaart, voor iedereen",
    "report_column_n": "Stemmen (n)",
    "report_bars": "De balk: donker is eens, licht is geen mening, gearceerd is oneens. De dunne lijn is "
    "het interval "
    "van ‘eens’.",
}
"""Sleutel → tekst; een paar is (één, anders)."""
