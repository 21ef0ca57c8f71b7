"""The report's texts in English, in plain words."""

REPORT_ENGLISH: dict[str, str | tuple[str, str]] = {
    "report_title": "{question} · report",
    "report_kicker": "Report to the council",
    "report_as_of": "As of {time}.",
    "report_earlier": "This report speaks of an earlier map. Who took part and what was decided are those "
    "of now.",
    "report_link": "Lasting link to this report",
    "report_print_how": "To print: choose ‘Print’ in your browser; there you can save a PDF as well.",
    "report_waiting": (
        "{n} newer vote is waiting for the next map.",
        "{n} newer votes are waiting for the next map.",
    ),
    "report_not_kept": "This map is not kept yet. It will be once five people or more have voted since the "
    "last map "
    "that was kept.",
    "report_statements": ("{n} statement", "{n} statements"),
    # Summary
    "report_summary": "Summary",
    "report_who": "{people} took part; they cast {votes} on {statements}.",
    "report_and": "; ",
    "report_most_shared": "What all groups share most is {statement}. {shares}.",
    "report_most_shared_least": "What all groups share most is {statement}. Even in the group that shares "
    "it least: "
    "{shares}.",
    "report_more": "All statements with their votes",
    "report_most_think": "On this most people think the same: {statement}. {shares}.",
    "report_nothing_shared": "Of no statement is it sure that most people share it.",
    "report_most_dividing": "What divides most is {statement}. {shares}.",
    "report_most_doubted": "Many people are in doubt about {statement}: {shares}.",
    "report_nothing_divides": "Of no statement is it sure that it divides the groups.",
    "report_sure_distinct": "These groups are firm: with other people like these we find them again, and "
    "few people "
    "stand in between.",
    "report_sure_spectrum": "These leanings are firm: with other people like these we find them again. "
    "There is no "
    "border: many people stand in between.",
    "report_sure_no_groups": "So draw no conclusions about groups. What is said here of each statement does "
    "hold.",
    "report_sure_no_pattern": "So look at each statement by itself.",
    "report_sure_too_early": "It is too early for conclusions about groups.",
    "report_sure_pending": "How sure the groups are is not known of this map. That is worked out after a new "
    "map, which takes a few minutes; where maps follow each other fast, not every one is judged.",
    "report_sure_of": "This was worked out at {time}, of just this map.",
    "report_who_came": "This is about the people who took part. It doesn’t tell what all residents think.",
    "report_reading": "How to read the figures: 81 % (77–85) of 312 people means that of 312 people who "
    "voted "
    "81 % think so. In brackets is the range in which the true share probably lies (90 % interval).",
    # Purpose and participation
    "report_purpose": "What it was about",
    "report_no_purpose": "Nothing was written to explain this conversation.",
    "report_phases": "Phases",
    "report_phase": "{name}: from {start} to {end}",
    "report_phase_-1": "(over)",
    "report_phase_0": "(now)",
    "report_phase_1": "(to come)",
    "report_outcome": "What was decided",
    "report_participation": "Who took part",
    "report_participation_intro": "How far people came. Bar and percentage are a part of the first row.",
    "report_step": "Step",
    "report_step_people": "People",
    "report_step_share": "Share",
    "report_step_opened": "saw a statement",
    "report_step_votes": ("cast {n} vote or more", "cast {n} votes or more"),
    "report_step_placed": "are on the map",
    "report_step_all": (
        "voted on the one statement there is now",
        "voted on all {n} statements there are now",
    ),
    "report_placed_why": "On the map are those who voted on enough statements to be compared.",
    # Groups
    "report_groups": "The groups",
    "report_no_groups": "No groups",
    "report_group_people": (
        "{n} person, {share} of those on the map",
        "{n} people, {share} of those on the map",
    ),
    "report_group_found": "With other people like these we find {share} of this group again.",
    "report_marks": "What marks this group:",
    "report_direction_agree": "agree more often",
    "report_direction_disagree": "disagree more often",
    "report_shared": "What people share",
    "report_dividing_intro": "On these the groups differ for sure; what is furthest apart comes first.",
    "report_divides": "What divides",
    "report_unsure": "What people are in doubt about",
    "report_unsure_none": "Of no statement is it sure that people are in doubt about it more than about "
    "others.",
    "report_unjudged": "What is sure has not been worked out for this map. Here are the statements with "
    "most votes.",
    # Certainty
    "report_sure": "How sure is this?",
    "report_sure_1": "To know, the division was made anew many times, each time with another part of the "
    "people. A "
    "group counts only if it comes back.",
    "report_sure_2": "Every statement in this report was tested with groups that were made without it, "
    "allowing for "
    "how many statements there are. So there is as little chance in it as can be.",
    "report_sure_3": "What few people saw doesn’t count: below ten votes in a group nothing is claimed.",
    # Decisions
    "report_moderation": "What was moderated or left out",
    "report_moderation_statements": "Of {n} statements {visible} can be seen, {waiting} wait for a "
    "decision, and "
    "{hidden} are hidden.",
    "report_moderation_meta": (
        "{n} statement is about the conversation itself and doesn’t count for the map.",
        "{n} statements are about the conversation itself and don’t count for the map.",
    ),
    "report_reasons": "Why statements were hidden",
    "report_excluded": (
        "{n} participant was left off the map.",
        "{n} participants were left off the map.",
    ),
    "report_excluded_none": "No participants were left out.",
    "report_excluded_why": "Why participants were left out",
    "report_erased": (
        "{n} participant had everything erased.",
        "{n} participants had everything erased.",
    ),
    "report_reason": "Reason",
    "report_reason_none": "no reason given",
    "report_count": "Number",
    # How it was made
    "report_method": "How this was made",
    "report_recompute": "Whoever has the data can check it: the same votes give the same fingerprint.",
    "report_page_link": "The same map, for everybody",
    "report_column_n": "Votes (n)",
    "report_bars": "The bar: dark is agree, light is pass, hatched is disagree. The thin line is the "
    "interval of "
    "‘agree’.",
}
"""Key → text; a pair is (one, otherwise)."""
