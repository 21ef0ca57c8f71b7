"""De teksten van de stellingen in het Nederlands, op taalniveau B1."""

STATEMENTS_DUTCH: dict[str, str | tuple[str, str]] = {
    "stmt_title": "Stellingen",
    "stmt_swarm_groups": "Wat mensen delen, en wat de groepen verdeelt",
    "stmt_swarm_alone": "Waar mensen het over eens zijn, en waarover ze verschillen",
    "stmt_swarm_left_groups": "← de groepen denken hetzelfde",
    "stmt_swarm_right_groups": "de groepen verschillen →",
    "stmt_swarm_left_alone": "← bijna iedereen hetzelfde",
    "stmt_swarm_right_alone": "half om half →",
    "stmt_swarm_reading_groups": "Elke stip is een stelling. Naar rechts wordt het verschil groter. We "
    "vergelijken de "
    "groep die het er het meest mee eens is met de groep die het er het minst mee eens is, in "
    "procentpunten. De "
    "tabel hieronder heeft dezelfde getallen.",
    "stmt_swarm_reading_alone": "Elke stip is een stelling. Hoe verder naar rechts, hoe dichter eens en "
    "oneens bij "
    "elkaar liggen. De tabel hieronder heeft dezelfde getallen.",
    "stmt_swarm_few": "Stellingen met minder dan tien stemmen staan alleen in de tabel.",
    "stmt_kind_consensus": "zeker gedeeld",
    "stmt_kind_dividing": "zeker verdelend",
    "stmt_kind_unsure": "veel twijfel",
    "stmt_kind_few": "gezien door weinig mensen",
    "stmt_kind_other": "niets zeker",
    "stmt_filter": "Kies en sorteer",
    "stmt_show": "Laat zien",
    "stmt_all": "alle stellingen",
    "stmt_of": "Getallen van",
    "stmt_sort": "Sorteer op",
    "stmt_sort_votes": "meeste stemmen",
    "stmt_sort_least-votes": "minste stemmen",
    "stmt_sort_division": "grootste verschil",
    "stmt_sort_agree": "meeste eens",
    "stmt_sort_disagree": "meeste oneens",
    "stmt_sort_pass": "meeste geen mening",
    "stmt_sort_order": "volgorde van toevoegen",
    "stmt_find": "Woorden in de tekst",
    "stmt_apply": "Toon",
    "stmt_found": ("{n} stelling", "{n} stellingen"),
    "stmt_found_none": "Geen stelling past hierbij. Kies minder filters, of andere woorden.",
    "stmt_none": "Er zijn nog geen stellingen.",
    "stmt_more": "Toon de volgende {n}",
    "stmt_csv": "Download als CSV",
    "stmt_column_division": "Verschil",
    "stmt_hidden": "verborgen",
    "stmt_back": "Alle stellingen",
    "stmt_number": "Stelling {id}",
    "stmt_votes": "Stemmen per groep",
    "stmt_votes_table": "Dezelfde stemmen in getallen",
    "stmt_interval_column": "{answer} (interval van 90 %)",
    "stmt_claims": "Wat hier zeker van is",
    "stmt_claim_consensus": "Deze stelling wordt met zekerheid gedeeld.",
    "stmt_claim_dividing": "Deze stelling verdeelt de groepen met zekerheid.",
    "stmt_claim_unsure": "Hier kiezen met zekerheid meer mensen voor ‘geen mening’ dan gewoonlijk.",
    "stmt_claim_marks": "Groep {letter} herkent u hieraan.",
    "stmt_claim_few": "Minder dan tien mensen stemden hierop: daar zeggen we niets over.",
    "stmt_claim_none": "Van deze stelling is niet zeker dat ze gedeeld wordt, verdeelt, of meer twijfel "
    "oproept.",
    "stmt_not_counted": "Deze stelling telt niet mee voor de kaart.",
    "stmt_on_map": "Bekijk op de kaart",
}
"""Sleutel → tekst; een paar is (één, anders)."""
