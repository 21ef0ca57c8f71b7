"""De teksten van de werkplek in het Nederlands, op taalniveau B1: een gesprek dat van elders komt."""

IMPORTING_DUTCH: dict[str, str | tuple[str, str]] = {
    "desk_import": "Haal een gesprek binnen",
    "desk_import_instead": "Staat het gesprek al ergens anders? Haal het binnen",
    "desk_import_lead": "Van Polis, of van een ander Poldermodel: met de stellingen, de deelnemers "
    "en al hun stemmen.",
    "desk_import_file": "De export",
    "desk_import_file_help": "Een zip. Of kies alle tabellen van een Polis-verslag samen: comments, votes, "
    "participants-votes en summary (CSV). Samen hoogstens {n} MB.",
    "desk_import_look": "Kijk wat erin zit",
    "desk_import_nothing_yet": "Er is nog niets binnengehaald.",
    "desk_import_kept": "Eerder bekeken",
    "desk_import_kept_help": "De laatste vijf van uw organisatie, hoogstens een uur lang. Van daaruit kunt u "
    "ze nog binnenhalen.",
    "desk_import_kept_tables": "Tabellen van een Polis-verslag",
    "desk_import_no_file": "Kies eerst een bestand.",
    "desk_import_too_large": "Dit bestand is te groot",
    "desk_import_too_large_next": "Vraag uw beheerder om het met de opdracht daarvoor binnen te halen.",
    "desk_import_too_many": "Uw organisatie is met te veel tegelijk bezig. Wacht een minuut en probeer het "
    "opnieuw.",
    "desk_import_busy": "Het gesprek komt binnen",
    "desk_import_wait": "Deze pagina laat vanzelf zien hoe ver het is.",
    "desk_import_n_votes": "{n} stemmen: dat duurt een paar seconden tot een minuut.",
    "desk_import_step_reading": "De export lezen",
    "desk_import_step_keeping": "Stellingen, deelnemers en stemmen bewaren",
    "desk_import_step_done": "klaar",
    "desk_import_step_now": "nu bezig",
    "desk_import_step_later": "komt daarna",
    "desk_import_not": "Dit kan niet binnengehaald worden",
    "desk_import_refused": "Iets in het bestand is niet zoals verwacht. Voor wie het bestand kent, is het dit:",
    "desk_import_failed": "Er ging hier iets mis. Uw beheerder vindt meer in het logboek van de dienst.",
    "desk_import_not_next": "Er is niets binnengehaald.",
    "desk_import_other": "Kies een ander bestand",
    "desk_import_found": "Dit zit erin",
    "desk_import_found_lead": "{people}, {votes}, {statements}.",
    "desk_import_differs": "Wat hier anders wordt",
    "desk_import_differs_not": "Niets, voor zover wij weten.",
    "desk_import_differs_changed-votes": "Wie van mening veranderde, telt één keer, met de laatste stem: "
    "{there} "
    "regels worden {here} stemmen.",
    "desk_import_differs_untimed-votes": "Van {there} stemmen is niet bekend wanneer ze zijn uitgebracht. Ze "
    "tellen als nu uitgebracht.",
    "desk_import_differs_counts": "Het bestand telt bij sommige stellingen {there} keer eens en oneens. Er "
    "zijn "
    "{here} stemmen. Polis telt gewijzigde stemmen dubbel.",
    "desk_import_differs_untold-statements": "Van {there} stellingen staat de tekst niet in het bestand.",
    "desk_import_differs_undecided-statements": "Over {there} stellingen is daar niet beslist. Ze zijn "
    "zichtbaar, "
    "zoals ze waren, tenzij u hieronder anders kiest.",
    "desk_import_differs_participants": "Daar {there} deelnemers, hier {here}. Hier telt alleen wie gestemd "
    "heeft.",
    "desk_import_differs_groups": "De groepen worden opnieuw uit de stemmen berekend. Ze kunnen dus anders "
    "zijn "
    "dan die van Polis.",
    "desk_import_differs_not-read": "Iets kon niet gelezen worden.",
    "desk_import_is_taken": "Er is al een gesprek met de id {id}. Dit komt ernaast, met een eigen id.",
    "desk_import_keeps_people": "Deelnemers vinden hun eigen stemmen terug.",
    "desk_import_new_people": "De stemmen tellen, maar deelnemers vinden hun eigen stemmen niet terug. Wie "
    "opnieuw "
    "stemt, telt als iemand anders.",
    "desk_import_hold": (
        "Laat {n} stelling waarover niet beslist is op mij wachten",
        "Laat de {n} stellingen waarover niet beslist is op mij wachten",
    ),
    "desk_import_open": "Open: mensen kunnen verder stemmen",
    "desk_import_do": "Haal dit gesprek binnen",
    "desk_imported": "Het gesprek is binnen.",
    "desk_map_soon": "De eerste kaart wordt getekend. Dat duurt een paar seconden.",
}
