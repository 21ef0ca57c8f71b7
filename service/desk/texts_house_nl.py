"""The desk's texts in Dutch: how the organisation's pages look."""

HOUSE_DUTCH: dict[str, str | tuple[str, str]] = {
    "desk_organisation": "Organisatie",
    "desk_house_lead": "Zo zien uw pagina’s eruit: deze werkplek, de pagina om mee te doen, de kaart en het "
    "verslag. Op de brieven staat uw naam. Een andere website die de widget toont, houdt zijn eigen stijl.",
    "desk_house_name": "Naam van de organisatie",
    "desk_house_name_help": "Bijvoorbeeld ‘Gemeente Utrecht’. Een schermlezer leest die voor in plaats van het "
    "logo.",
    "desk_house_accent": "Kleur van knoppen en links",
    "desk_house_accent_help": "Donker genoeg om op wit te lezen. Op donkere schermen wordt hij vanzelf "
    "lichter.",
    "desk_house_own_accent": "Een eigen kleur gebruiken",
    "desk_house_logo": "Logo",
    "desk_house_logo_help": "PNG, JPEG of WebP, hoogstens 200 kB en 2.000 pixels breed of hoog. "
    "Het staat op wit en op donker: wat wit eromheen helpt.",
    "desk_house_no_logo": "Het logo weghalen",
    "desk_house_do": "Opslaan",
    "desk_house_done": "Opgeslagen. Pagina’s zien er vanaf nu zo uit.",
    "desk_house_no-colour": "Dit is geen kleur zoals #0b5a8a.",
    "desk_house_too-light": "Deze kleur is te licht: witte tekst erop, en links op wit, zijn dan slecht "
    "te lezen. Kies een donkerdere.",
    "desk_house_no-picture": "Dit bestand is geen plaatje in PNG, JPEG of WebP. In een SVG kan een programma "
    "zitten; sla hem op als PNG.",
    "desk_house_too-large": "Dit logo is te groot. Neem er een van hoogstens 200 kB, en 2.000 pixels breed of "
    "hoog.",
    "desk_house_long-name": "Deze naam is te lang, of er staan tekens in die niet te tonen zijn. "
    "Neem er hoogstens 80.",
    "desk_house_no-name": "Vul ook de naam in: wie het logo niet ziet, hoort de naam.",
}
