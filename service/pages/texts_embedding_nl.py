"""The texts of the guide to embedding and of its check, in Dutch."""

EMBEDDING_DUTCH: dict[str, str | tuple[str, str]] = {
    "embed_title": "Zet het gesprek op uw website",
    "embed_lead": "Kopieer een van deze manieren. Geen account, geen cookies, geen verzoeken aan anderen.",
    "embed_which": "Id van het gesprek",
    "embed_which_hint": "Het staat in het adres van het gesprek, en op de pagina ‘Delen’ van de werkplek.",
    "embed_fill": "Hieronder invullen",
    "embed_unknown": "Er is geen gesprek met dit id.",
    "embed_question": "Praat mee",
    "embed_copy": "Kopiëren",
    "embed_copied": "Gekopieerd",
    "embed_element": "Als deel van uw pagina (het beste)",
    "embed_element_lead": (
        "Het neemt uw lettertypen en kleuren over en groeit mee. "
        "De link erin is voor bezoekers zonder JavaScript."
    ),
    "embed_policy": "Stuurt uw site een Content-Security-Policy? Voeg dit er dan aan toe:",
    "embed_frame": "In een frame",
    "embed_frame_lead": (
        "Voor systemen die geen script toestaan. De laatste regel regelt alleen de hoogte en mag weg."
    ),
    "embed_sites": "Alleen sites die bij het gesprek staan, mogen het in een frame tonen.",
    "embed_sites_now": "Nu mogen dat:",
    "embed_sites_none": "Nu mag geen site dat. Voeg de uwe toe in de werkplek, bij ‘Instellingen’.",
    "embed_frame_policy": "Met een Content-Security-Policy: voeg dit toe.",
    "embed_frame_policy_label": "Content-Security-Policy voor een frame",
    "embed_paste": "Door het adres te plakken",
    "embed_paste_lead": "WordPress, Drupal, Discourse en andere maken zelf een frame van dit adres:",
    "embed_wordpress": "In WordPress staat een beheerder dat eerst toe, met één regel PHP:",
    "embed_link": "Met een link",
    "embed_link_lead": "Dat werkt overal, ook zonder JavaScript. Gebruik hem in nieuwsbrieven en als QR-code.",
    "embed_identity": "Voor bezoekers die bij u ingelogd zijn",
    "embed_identity_lead": "Uw server tekent wie de bezoeker is, en de pagina geeft dat door:",
    "embed_look": "In uw huisstijl",
    "embed_look_lead": (
        "Kleuren, letters en hoeken volgen uw NL Design System, of een paar CSS-eigenschappen. Zie"
    ),
    "embed_check_lead": "Ziet u niets, of wilt u het zeker weten? Deze pagina zegt wat er in de weg zit.",
    "check_title": "Een inbedding controleren",
    "check_lead": "Uw browser probeert wat die van een bezoeker zou doen, en zegt in woorden wat er mis is.",
    "check_site": "Adres van uw pagina",
    "check_site_hint": "Bijvoorbeeld https://www.example.org/praat-mee. Het wordt niet opgehaald.",
    "check_no_address": "Schrijf het hele adres, met https://.",
    "check_policy": "Content-Security-Policy van uw pagina",
    "check_policy_hint": "Als die er is: kopieer hem uit de headers van de pagina.",
    "check_start": "Controleren",
    "check_found": "Wat er gevonden is",
    "check_running": "Bezig met controleren…",
    "check_no_script": "Deze controle heeft JavaScript nodig.",
    "check_there": "Op de pagina zelf",
    "check_there_lead": (
        "Open uw pagina met dit achter het adres. Boven de pagina staat dan wat er gevonden is:"
    ),
    "check_there_nothing": (
        "Ziet u niets? Dan ontbreekt het script zelf of wordt het geblokkeerd. "
        "Zoek in de console van de browser naar ‘Content Security Policy’."
    ),
}
