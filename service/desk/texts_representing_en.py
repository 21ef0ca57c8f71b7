"""The texts on who took part beside all residents in English, in plain words."""

REPRESENTING_ENGLISH: dict[str, str | tuple[str, str]] = {
    "repr_title": "Are participants like all residents?",
    "repr_link": "Compare with the municipality’s own figures",
    "repr_back": "Back to the report",
    "repr_intro": (
        "{n} person who voted told something of themselves. Here it stands beside the figures of all "
        "residents.",
        "{n} people who voted told something of themselves. Here it stands beside the figures of all "
        "residents.",
    ),
    "repr_answered": ("{n} answer", "{n} answers"),
    "repr_option": "Answer",
    "repr_people": "People",
    "repr_share": "Participants",
    "repr_known": "All residents",
    "repr_difference": "Difference in points",
    "repr_to": "to",
    "repr_reading": "In brackets is the range in which the true figure probably lies (90 % interval). Bold: "
    "the "
    "difference is more than chance. Answers of fewer than five people share a line.",
    "repr_trust_good": "These differences can be made up for well by letting some answers count for more: "
    "{n} people "
    "then tell as much as {n_effective} people drawn at random.",
    "repr_trust_fair": "These differences can be made up for by letting some answers count for more. That "
    "costs "
    "certainty: {n} people then tell as much as {n_effective} people drawn at random.",
    "repr_trust_weak": "Take care: to make up for these differences, few people have to count for many. {n} "
    "people then "
    "tell as much as {n_effective} people drawn at random, and a difference of at most {gap} points is left.",
    "repr_trust_none": "Too few people told something of themselves to make up for the differences: it "
    "takes 50, and "
    "enough of each answer.",
    "repr_weighed": "How many people agree, before and after making up for it",
    "repr_n": "Votes (n)",
    "repr_plain": "As counted",
    "repr_after": "Made up for",
    "repr_limits": "This is about those who told something of themselves only, and makes up only for what "
    "was asked. "
    "Who stayed away for another reason stays out of sight. Groups and map don’t change by it.",
    "repr_figures": "Figures of all residents",
    "repr_figures_how": "For each answer fill in how many residents it is, or what percentage. Leave a "
    "question empty "
    "if you don’t have the figures.",
    "repr_no_questions": "This conversation has no questions about participants. The owner adds them in the "
    "settings.",
    "repr_no_figures": "There are no figures to compare with yet.",
    "repr_wrong": "Not every number can be read. Write 12500, 12,500 or 33.5 %, for example.",
    "repr_keep": "Keep figures",
}
"""Key → text; a pair is (one, otherwise)."""
