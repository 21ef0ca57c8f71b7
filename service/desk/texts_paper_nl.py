"""De teksten van de werkplek in het Nederlands: stembiljetten van papier."""

PAPER_DUTCH: dict[str, str | tuple[str, str]] = {
    "desk_paper": "Stembiljetten op papier",
    "desk_paper_lead": "Twee mensen typen dezelfde stapel over. Hebben ze hetzelfde getypt, dan telt hij.",
    "desk_paper_type": "Typ een stapel over",
    "desk_paper_batch": "Stapel",
    "desk_paper_batch_help": "Wat op de envelop staat, zoals zaal-1: letters, cijfers en streepjes.",
    "desk_paper_go": "Begin",
    "desk_paper_report": "Alle stapels",
    "desk_paper_ballots": "Biljetten",
    "desk_paper_by": "Getypt door",
    "desk_paper_state": "Stand",
    "desk_paper_counted": "Telt sinds",
    "desk_paper_waits_other": "Wacht op een collega die hem ook overtypt.",
    "desk_paper_second": "Typ hem voor de tweede keer over",
    "desk_paper_forget": "Gooi deze invoer weg",
    "desk_paper_total": "Geteld, alles bij elkaar",
    "desk_paper_still": ("{n} biljet wacht", "{n} biljetten wachten"),
    "desk_paper_recorded": "Beide keren is hetzelfde getypt. De stapel telt nu.",
    "desk_paper_kept": "Bewaard. Hij telt als een collega hetzelfde heeft getypt.",
    "desk_paper_forgotten": "Weggegooid. De stapel kan opnieuw worden overgetypt.",
    "desk_paper_no-batch": "Vul de stapel in: letters, cijfers en streepjes, hoogstens 64.",
    "desk_paper_counts": "Deze stapel telt al, dus kan hij niet weg.",
    "desk_paper_title": "Stapel {batch}",
    "desk_paper_as": "U typt dit over als {who}.",
    "desk_paper_is_second": "Een collega heeft deze stapel al overgetypt. U ziet niet wat die heeft getypt.",
    "desk_paper_ballot": "Nummer op het biljet",
    "desk_paper_marks": "Keuzes op dit biljet, in de volgorde van de stellingen",
    "desk_paper_keys": "Eén toets per stelling: E eens, O oneens, G geen mening, spatie voor leeg "
    "gelaten. Backspace "
    "gaat terug, Enter gaat naar het volgende biljet.",
    "desk_paper_lines": "Als tekst",
    "desk_paper_lines_label": "Biljetten, één per regel",
    "desk_paper_lines_help": "Het nummer, een spatie, dan een letter voor elk van de {n} stellingen: e, "
    "o, g, of een "
    "punt voor leeg gelaten. Zoals: 12 eog.e",
    "desk_paper_single": "Tel meteen, zonder tweede keer",
    "desk_paper_save": "Bewaar de stapel",
    "desk_paper_stop": "Stop zonder te bewaren",
    "desk_paper_taken": "Biljet {ballot} zit al in deze stapel, of is geen nummer.",
    "desk_paper_next_said": "Biljet {ballot} is binnen. {n} tot nu toe. Nu biljet {next}.",
    "desk_paper_v_none": "leeg gelaten",
    "desk_paper_first": "Eerste keer",
    "desk_paper_now": "Van u",
    "desk_paper_refused_one": "Biljet {ballot}, stelling {statement}",
    "desk_paper_trouble_unreadable": "Regel {n} is niet te lezen. Schrijf het nummer, een spatie, dan e, "
    "o, g of punten.",
    "desk_paper_trouble_too-long": "Regel {n} heeft meer letters dan er stellingen zijn.",
    "desk_paper_trouble_twice": "Regel {n} heeft een nummer dat er al is.",
    "desk_paper_trouble_empty": "Typ minstens één biljet over en hoogstens 1.000.",
    "desk_paper_trouble_differ": "De twee keren verschillen. Kijk nog eens naar deze biljetten, en "
    "verbeter wat u "
    "typte. Is de eerste keer fout, gooi die dan weg en typ hem opnieuw.",
    "desk_paper_trouble_refused": "Deze stemmen kunnen nu niet, dus er is niets bewaard.",
    "desk_paper_trouble_recorded": "Deze stapel telt al, met andere stemmen. Geef deze biljetten een "
    "andere stapel.",
}
