"""De teksten van de pagina's in het Nederlands, op taalniveau B1."""

DUTCH: dict[str, str | tuple[str, str]] = {
    "and": "{first} en {last}",
    "months": "januari februari maart april mei juni juli augustus september oktober november december",
    "quoted": "‘{text}’",
    "service": "Poldermodel",
    "skip": "Ga naar de inhoud",
    "language": "Taal",
    "page_title": "{question} · meningsgroepen",
    "kicker": "Meningsgroepen",
    "about": "Over dit gesprek",
    "test": "Dit is een testgesprek.",
    "updated": "De pagina is bijgewerkt.",
    # Uitkomst in een zin.
    "people": ("{n} persoon", "{n} mensen"),
    "few_people": "minder dan 5 mensen",
    "group": "groep {letter}",
    "group_title": "Groep {letter}",
    "group_with_size": "groep {letter} ({size})",
    "verdict_groups": "De stemmen laten {count} groepen zien: {groups}.",
    "verdict_one_group": "De stemmen laten één groep zien van {size}.",
    "verdict_differ": "Ze verschillen het meest over {statement}: {first} van {first_group} is het eens, en "
    "{second} van {second_group}.",
    "verdict_share": "In elke groep zijn de meeste mensen het eens met {statement}: {shares}.",
    "share_with_interval": "{percent} ({low}⁠–⁠{high})",
    "share_of_group": "{share} in {group}",
    "count_2": "twee",
    "count_3": "drie",
    "count_4": "vier",
    "count_5": "vijf",
    "interval_note": "De getallen tussen haakjes zijn de grenzen waartussen het echte aandeel "
    "waarschijnlijk ligt "
    "(interval van 90 %).",
    # Uitkomsten zonder groepen.
    "no-votes": "Er heeft nog niemand gestemd.",
    "no-votes_next": "Zodra mensen stemmen, laat deze pagina zien welke meningen bij elkaar horen.",
    "first_map": "De eerste stemmen zijn binnen. De eerste kaart wordt getekend.",
    "first_map_next": "Dat duurt meestal een paar seconden. De pagina ververst vanzelf.",
    "too-few-participants": "Het is nog te vroeg: er hebben te weinig mensen gestemd.",
    "too-few-participants_next": (
        "Er is minstens {n} persoon meer nodig die op {votes_each} stellingen of meer stemt.",
        "Er zijn minstens {n} mensen meer nodig die op {votes_each} stellingen of meer stemmen.",
    ),
    "too-few-participants_unknown": "Er zijn meer mensen nodig die op meer stellingen stemmen.",
    "too-few-statements": "Het is nog te vroeg: er zijn te weinig stellingen.",
    "too-few-statements_next": (
        "Er is minstens {n} stelling met stemmen meer nodig.",
        "Er zijn minstens {n} stellingen met stemmen meer nodig.",
    ),
    "too-few-statements_unknown": "Er zijn meer stellingen met stemmen nodig.",
    "no-structure": "Er zijn geen aparte groepen.",
    "no-structure_next": "De stemmen verdelen de mensen niet in groepen die los van elkaar staan. Ook dat "
    "is een "
    "uitkomst: bekijk hieronder bij de stellingen wat mensen vinden.",
    "failed": "De kaart kon niet worden getekend.",
    "failed_next": "De stemmen zijn veilig bewaard. We blijven het proberen; de pagina ververst vanzelf.",
    "failing": "Een nieuwere kaart kon niet worden getekend. Dit is de laatste die wel lukte; de stemmen "
    "zijn veilig "
    "bewaard.",
    # Getallen en hoe vers het is.
    "in_numbers": "In getallen",
    "n_voted": ("persoon stemde", "mensen stemden"),
    "n_placed": ("persoon staat op de kaart", "mensen staan op de kaart"),
    "n_statements": ("stelling", "stellingen"),
    "n_votes": ("stem", "stemmen"),
    "drawn": "Kaart van {time}.",
    "waiting_none": "Alle stemmen zijn verwerkt.",
    "waiting": (
        "{n} nieuwere stem wacht op de volgende kaart. Die komt als vijf of meer mensen hebben gestemd.",
        "{n} nieuwere stemmen wachten op de volgende kaart. Die komt als vijf of meer mensen hebben gestemd.",
    ),
    "changes_waiting": "Nieuwere wijzigingen wachten op de volgende kaart.",
    "is_closed": "Dit gesprek is gesloten.",
    # Hoe zeker het is.
    "sure_distinct": "Er zijn hier {count} groepen, met weinig mensen ertussenin: {groups}.",
    "sure_spectrum": "Mensen neigen naar {count} kanten: {groups}. Met andere mensen zouden het dezelfde "
    "kanten "
    "zijn. Maar de meesten staan ergens onderweg: er is geen grens.",
    "sure_no_groups": "Mensen verschillen, maar er zijn geen vaste groepen. Hoe je ze zou verdelen, hangt "
    "af van "
    "wie er toevallig meededen.",
    "sure_no_pattern": "Wat iemand van de ene stelling vindt, zegt niets over wat die van een andere vindt. Er "
    "zijn dus geen groepen.",
    "sure_beginning": "Er staan nog geen groepen op de kaart. Ze beginnen te ontstaan, en komen erop als ze "
    "blijven.",
    "sure_too_early": (
        "Het is nog te vroeg: er is {n} persoon meer nodig die op {votes_each} stellingen of meer stemt.",
        "Het is nog te vroeg: er zijn {n} mensen meer nodig die op {votes_each} stellingen of meer stemmen.",
    ),
    "sure_too_early_statements": (
        "Het is nog te vroeg: er is minstens {n} stelling met stemmen meer nodig.",
        "Het is nog te vroeg: er zijn minstens {n} stellingen met stemmen meer nodig.",
    ),
    "sure_so_far": "Tot nu toe vallen de stemmen zo: {groups}. Dat kan nog helemaal veranderen.",
    "sure_pending": "Hoe zeker dit is, wordt nog uitgezocht. De pagina ververst vanzelf.",
    "sure_unknown": "Hoe zeker dit is, is bij deze methode niet te zeggen.",
    "sure_share_of": "{share} van {group}",
    "sure_recovery": "Als andere mensen zoals deze hadden gestemd, vonden we dit terug: {shares}.",
    "sure_other_number": "De kaart toont {shown} groepen; met andere mensen komt een verdeling in {n} terug.",
    "sure_in_between": (
        "{n} persoon staat tussen de groepen in.",
        "{n} mensen staan tussen de groepen in.",
    ),
    "sure_few_in_between": "Minder dan 5 mensen staan tussen de groepen in.",
    "sure_stale": "Hoe zeker het is, is uitgezocht bij een eerdere kaart, op {time}; nieuwere stemmen volgen.",
    "sure_heading": "Hoe zeker is dit?",
    "sure_details": "De cijfers erachter",
    "sure_candidates": "Geprobeerde aantallen groepen",
    "sure_column_number": "Groepen",
    "sure_column_back": "Komt terug",
    "sure_column_clear": "Duidelijkheid",
    "sure_column_smallest": "Kleinste groep",
    "sure_candidates_note": "Komt terug: van tien paren mensen in de zwakste groep, hoeveel er met andere "
    "mensen "
    "weer bij elkaar zouden zitten, als deel van één; 0,8 is nodig. Duidelijkheid: het silhouet, van −1 tot 1.",
    "sure_pattern": "Hangen de stemmen samen? Door toeval alleen zou het daar met een kans van {p} op lijken.",
    "sure_crowds": "Is er meer dan één menigte? Door toeval alleen zou het daar met een kans van {p} op "
    "lijken.",
    "estimate_agree": "{share} van {n} mensen is het eens",
    "estimate_disagree": "{share} van {n} mensen is het oneens",
    "estimate_pass": "{share} van {n} mensen heeft geen mening",
    "estimate_of_group": "{group}: {estimate}",
    "sure_groups_intro": "Elke stelling hier is getest met groepen die zonder die stelling zijn gemaakt. "
    "Toeval "
    "speelt dus nauwelijks mee.",
    "sure_nothing_marks": "Niets is met zekerheid typisch voor deze groep.",
    "seen_by_few": (
        "Minder dan tien mensen van deze groep zagen {n} stelling: daar zeggen we niets over.",
        "Minder dan tien mensen van deze groep zagen {n} stellingen: daar zeggen we niets over.",
    ),
    "by_all_heading": "Wat alle groepen delen",
    "by_all_intro": "In elke groep denken de meeste mensen hier hetzelfde over, voor zover dat zeker is.",
    "by_all_none": "Van geen enkele stelling is zeker dat alle groepen die delen.",
    "by_all_least": "Het minst in deze groep:",
    "by_most_intro": "Iedereen samen geteld denken de meesten hier hetzelfde over; sommige groepen "
    "misschien niet.",
    "by_most_intro_alone": "Iedereen samen geteld denken de meesten hier hetzelfde over.",
    "by_most_none": "Van geen andere stelling is zeker dat de meeste mensen die delen.",
    "dividing_heading": "Wat verdeelt",
    "dividing_intro": "Hierover verschillen de groepen met zekerheid. De twee die het verst uit elkaar liggen, "
    "staan erbij.",
    "dividing_none": "Van geen enkele stelling is zeker dat die de groepen verdeelt.",
    "unsure_heading": "Waar mensen over twijfelen",
    "unsure_intro": "Hierbij kiezen meer mensen dan gewoonlijk voor ‘geen mening’. Misschien zijn andere "
    "woorden "
    "nodig, of meer uitleg.",
    "classic_details": "Klassieke scores, zoals Polis ze telt",
    "classic_intro": "Polis kiest stellingen met een eenvoudiger test. Die noemt er meer, en sommige door "
    "toeval: "
    "in stemmen zonder enig patroon ongeveer achttien.",
    "classic_score": "{statement} ({ratio} keer zo vaak als de anderen)",
    "cloud_alt": "Kaart van iedereen als één wolk, zonder groepen.",
    "cloud_reading": "Mensen die hetzelfde stemmen, staan dicht bij elkaar. Er zijn geen groepen die apart "
    "staan. "
    "Elke stip staat voor {n} mensen of meer, nooit voor één persoon.",
    # De kaart.
    "map_heading": "De kaart",
    "map_reading": "Mensen die hetzelfde stemmen, staan dicht bij elkaar. Elk vlak is een groep. Elke stip "
    "staat voor "
    "tien mensen of meer, nooit voor één persoon.",
    "map_reading_large": "Mensen die hetzelfde stemmen, staan dicht bij elkaar. Elk vlak is een groep. Elke "
    "stip staat "
    "voor {n} mensen of meer, nooit voor één persoon.",
    "map_alt": "Kaart met {n} groepen. De tabel hieronder zegt hetzelfde.",
    "axis_left": "Verder naar links",
    "axis_right": "Verder naar rechts",
    "axis_up": "Verder naar boven",
    "axis_down": "Verder naar beneden",
    "axis_agree": "zijn mensen het vaker eens met",
    "axes_heading": "Wat links, rechts, boven en beneden betekenen",
    "groups_table": "De groepen op de kaart",
    "column_group": "Groep",
    "column_people": "Mensen",
    "column_share": "Deel van de kaart",
    "column_where": "Waar op de kaart",
    "column_marked": "Valt op door",
    "where_left": "links",
    "where_right": "rechts",
    "where_up": "boven",
    "where_down": "onder",
    "where_middle": "midden",
    "agrees_with": "eens: {statement}",
    "disagrees_with": "oneens: {statement}",
    "not_shown": "niet getoond",
    "nothing_marks": "Geen enkele stelling is typisch voor deze groep.",
    # Groepen en stellingen.
    "groups_heading": "Wat elke groep bijzonder maakt",
    "groups_intro": "Bij deze stellingen stemt de groep anders dan alle anderen.",
    "agree_more": "Vaker eens dan de anderen",
    "disagree_more": "Vaker oneens dan de anderen",
    "shared_heading": "Waar de meeste mensen hetzelfde over denken",
    "shared_intro": "Bij deze stellingen denkt een duidelijke meerderheid van iedereen hetzelfde.",
    "shared_agree": "De meeste mensen zijn het eens",
    "shared_disagree": "De meeste mensen zijn het oneens",
    "not_in": "Maar niet in {groups}.",
    "shared_none": "Er is nog geen stelling waar een duidelijke meerderheid hetzelfde over denkt.",
    "everybody": "Iedereen",
    "agree": "eens",
    "pass": "geen mening",
    "disagree": "oneens",
    "legend": "Zo leest u de balken",
    "n_votes_short": "n = {n}",
    "n_votes_long": ("{n} stem", "{n} stemmen"),
    "few_votes": "weinig stemmen",
    "bar_hidden": "niet getoond: minder dan 5 mensen",
    "bar_few": "niet getoond: minder dan 5 stemmen",
    "bar_empty": "geen stemmen",
    "hidden_statement": "(deze stelling wordt niet meer getoond)",
    "all_heading": "Alle stellingen",
    "all_show": ("Toon {n} stelling met de stemmen", "Toon alle {n} stellingen met de stemmen"),
    "all_most": "De {n} stellingen met de meeste stemmen; de andere staan in de gegevens.",
    "column_statement": "Stelling",
    "column_everybody": "Iedereen",
    "cell_hidden": "–",
    "about_itself": "over het gesprek zelf",
    # Hoe het gemaakt is.
    "method_heading": "Zo is dit gemaakt",
    "method_1": "Iedereen stemt over stellingen: eens, oneens of geen mening. Een computer vergelijkt de "
    "stemmen. Wie bijna "
    "hetzelfde stemde, krijgt een plek dicht bij elkaar. Wie anders stemde, komt verder weg te staan.",
    "method_2": "Daarna zoekt de computer groepen van mensen die bij elkaar staan. Hij probeert twee tot "
    "vijf groepen en "
    "houdt de verdeling die het beste past. U krijgt pas een plek op de kaart na zeven stemmen, of na alle "
    "stellingen "
    "als er minder zijn.",
    "method_3": "Niemand bepaalt zelf wie bij welke groep hoort. Dezelfde stemmen geven altijd dezelfde kaart.",
    "method_4": "Wat deze kaart niet zegt: hoeveel inwoners dit vinden. Alleen wie ervoor koos om te "
    "stemmen, staat erop. "
    "En de groepen zijn minder scherp gescheiden dan de tekening lijkt te zeggen: hoe zeker de verdeling is, "
    "staat hierboven.",
    "method_details": "Precieze gegevens, voor wie het wil controleren",
    "method_name": "Methode",
    "method_classic": "classic (zoals Polis die publiceerde, precies berekend)",
    "method_ideal": "ideal (plaatsen uit een model van hoe mensen stemmen, met de onzekerheid erbij)",
    "method_strict": "strict (stap voor stap zoals in Polis)",
    "method_version": "Versie van de methode",
    "method_engine": "Versie van de software",
    "method_seed": "Begingetal van het toeval",
    "method_as_of": "Tot en met wijziging",
    "method_input": "Vingerafdruk van de stemmen",
    "method_result": "Vingerafdruk van de kaart",
    "method_candidates": "Geprobeerde aantallen groepen",
    "method_candidate": "{n} groepen: silhouet {silhouette}",
    "method_candidate_one": "één groep",
    "method_data": "Deze kaart als gegevens (JSON)",
    "method_axes": "De twee richtingen bevatten {first} en {second} van de verschillen tussen mensen.",
    # Andere pagina's.
    "start_title": "Poldermodel",
    "start_lead": "Mensen stemmen over korte stellingen. Een kaart laat zien welke meningen bij elkaar "
    "horen, waar mensen "
    "over verschillen en wat ze delen.",
    "start_how": "Om een gesprek te zien hebt u de link nodig. Die krijgt u van wie u vroeg om mee te doen.",
    "start_api": "Voor ontwikkelaars: {link}.",
    "start_api_link": "de API, om te lezen en te proberen (Engels)",
    "problem_not_found": "Deze pagina bestaat niet",
    "problem_not_found_next": "Controleer de link, of vraag het aan wie u de link stuurde.",
    "problem_other": "Deze pagina kan nu niet worden getoond",
    "problem_other_next": "Probeer het over een minuut opnieuw. Wat u hebt verstuurd, is niet verloren.",
    "problem_id": "Als u er iets over vraagt, noem dan {request_id}.",
    "problem_kind": "Wat dit betekent",
    "problem_status": "HTTP-status {n}.",
}
