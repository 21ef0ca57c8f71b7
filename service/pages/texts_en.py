"""The pages' texts in English, in plain words."""

ENGLISH: dict[str, str | tuple[str, str]] = {
    "and": "{first} and {last}",
    "months": "January February March April May June July August September October November December",
    "quoted": "“{text}”",
    "service": "Poldermodel",
    "skip": "Skip to the content",
    "language": "Language",
    "page_title": "{question} · opinion groups",
    "kicker": "Opinion groups",
    "about": "About this conversation",
    "test": "This is a test conversation.",
    "updated": "The page has been updated.",
    # Verdicts.
    "people": ("{n} person", "{n} people"),
    "few_people": "fewer than 5 people",
    "group": "group {letter}",
    "group_title": "Group {letter}",
    "group_with_size": "group {letter} ({size})",
    "verdict_groups": "The votes show {count} opinion groups: {groups}.",
    "verdict_one_group": "The votes show one group of {size}.",
    "verdict_differ": "They differ most on {statement}: {first} of {first_group} agree, and {second} of "
    "{second_group}.",
    "verdict_share": "Most people in every group agree with {statement}: {shares}.",
    "share_with_interval": "{percent} ({low}⁠–⁠{high})",
    "share_of_group": "{share} in {group}",
    "count_2": "two",
    "count_3": "three",
    "count_4": "four",
    "count_5": "five",
    "interval_note": "The figures in brackets are the range in which the true share probably lies (90 % "
    "interval).",
    # Outcomes without groups.
    "no-votes": "Nobody has voted yet.",
    "no-votes_next": "As soon as people vote, this page shows which opinions go together.",
    "first_map": "The first votes are in. The first map is being drawn.",
    "first_map_next": "This usually takes a few seconds. The page refreshes by itself.",
    "too-few-participants": "It is too early to tell: too few people have voted.",
    "too-few-participants_next": (
        "At least {n} more person needs to vote on at least {votes_each} statements.",
        "At least {n} more people need to vote on at least {votes_each} statements.",
    ),
    "too-few-participants_unknown": "More people need to vote on more statements.",
    "too-few-statements": "It is too early to tell: there are too few statements.",
    "too-few-statements_next": (
        "At least {n} more statement with votes is needed.",
        "At least {n} more statements with votes are needed.",
    ),
    "too-few-statements_unknown": "More statements with votes are needed.",
    "no-structure": "There are no separate opinion groups.",
    "no-structure_next": "The votes do not divide people into groups that stand apart. That is a result too: "
    "look at the statements below to see what people think.",
    "failed": "The map could not be drawn.",
    "failed_next": "The votes are safe. We will keep trying; the page refreshes by itself.",
    "failing": "A newer map could not be drawn. This is the last one that worked; your votes are safe.",
    # Numbers and freshness.
    "in_numbers": "In numbers",
    "n_voted": ("person voted", "people voted"),
    "n_placed": ("person is on the map", "people are on the map"),
    "n_statements": ("statement", "statements"),
    "n_votes": ("vote", "votes"),
    "drawn": "Map of {time}.",
    "waiting_none": "All votes are in it.",
    "waiting": (
        "{n} newer vote is waiting for the next map, which comes when five people or more have voted.",
        "{n} newer votes are waiting for the next map, which comes when five people or more have voted.",
    ),
    "changes_waiting": "Newer changes are waiting for the next map.",
    "is_closed": "This conversation is closed.",
    # How sure it is.
    "sure_distinct": "There are {count} groups here, with few people in between: {groups}.",
    "sure_spectrum": "People lean to {count} sides: {groups}. With other people it would be the same sides. "
    "But "
    "most stand somewhere along the way: there is no border.",
    "sure_no_groups": "People differ, but there are no stable groups. How one would divide them depends on who "
    "happened to take part.",
    "sure_no_pattern": "What somebody thinks of one statement says nothing of what they think of another. So "
    "there are no groups.",
    "sure_beginning": "There are no groups on the map yet. They are starting to show, and will be on it "
    "once they "
    "last.",
    "sure_too_early": (
        "It is too early to tell: {n} more person needs to vote on at least {votes_each} statements.",
        "It is too early to tell: {n} more people need to vote on at least {votes_each} statements.",
    ),
    "sure_too_early_statements": (
        "It is too early to tell: at least {n} more statement with votes is needed.",
        "It is too early to tell: at least {n} more statements with votes are needed.",
    ),
    "sure_so_far": "So far the votes fall like this: {groups}. That can still change altogether.",
    "sure_chance": "The map divides them all the same: {groups}. With other people the division would be "
    "another.",
    "sure_pending": "How sure this is, is still being worked out. The page refreshes by itself.",
    "sure_unknown": "How sure this is can't be said for this method.",
    "sure_share_of": "{share} of {group}",
    "sure_recovery": "If other people like these had voted, we would find back {shares}.",
    "sure_other_number": "The map shows {shown} groups; a division into {n} comes back with other people.",
    "sure_in_between": (
        "{n} person stands between the groups.",
        "{n} people stand between the groups.",
    ),
    "sure_few_in_between": "Fewer than 5 people stand between the groups.",
    "sure_stale": "How sure it is was worked out on an earlier map, at {time}; newer votes follow.",
    "sure_heading": "How sure is this?",
    "sure_details": "The figures behind it",
    "sure_candidates": "Numbers of groups tried",
    "sure_column_number": "Groups",
    "sure_column_back": "Comes back",
    "sure_column_clear": "Clarity",
    "sure_column_smallest": "Smallest group",
    "sure_candidates_note": "Comes back: of ten pairs of people in the weakest group, how many would be "
    "together "
    "again with other people, as a fraction; 0.8 is needed. Clarity: the silhouette, from −1 to 1.",
    "sure_pattern": "Do votes hang together? Chance alone would do so with a probability of {p}.",
    "sure_crowds": "Is there more than one crowd? Chance alone would suggest so with a probability of {p}.",
    "estimate_agree": "{share} of {n} people agree",
    "estimate_disagree": "{share} of {n} people disagree",
    "estimate_pass": "{share} of {n} people pass",
    "estimate_of_group": "{group}: {estimate}",
    "sure_groups_intro": "Each of these statements was tested with groups that were made without it. So chance "
    "has little part in them.",
    "sure_nothing_marks": "Nothing marks this group out for sure.",
    "seen_by_few": (
        "Fewer than ten people of this group saw {n} statement: nothing is claimed about it.",
        "Fewer than ten people of this group saw {n} statements: nothing is claimed about those.",
    ),
    "by_all_heading": "What all groups share",
    "by_all_intro": "In every group most people think the same of these, as far as we can be sure.",
    "by_all_none": "There is no statement of which we can be sure that all groups share it.",
    "by_all_least": "Least of all in this group:",
    "by_most_intro": "All people counted together, most think the same of these; some groups may not.",
    "by_most_none": "There is no further statement of which we can be sure that most people share it.",
    "dividing_heading": "What divides",
    "dividing_intro": "On these the groups differ for sure. The two that are furthest apart are named.",
    "dividing_none": "There is no statement of which we can be sure that it divides the groups.",
    "unsure_heading": "What leaves people unsure",
    "unsure_intro": "More people pass on these than usual. They may need other words, or more explanation.",
    "classic_details": "Classic scores, as Polis counts them",
    "classic_intro": "Polis names statements by a simpler test. It names more of them, and some by chance: in "
    "votes without any pattern about eighteen.",
    "classic_score": "{statement} ({ratio} times as often as the others)",
    "bare_reading": "People who vote alike stand close together. Each dot stands for {n} people or more, "
    "never for one person. The letters say how the map divides them.",
    "cloud_alt": "Map of everybody as one cloud, without groups.",
    "cloud_reading": "People who vote alike stand close together. No groups stand apart. Each dot stands "
    "for {n} "
    "people or more, never for one person.",
    # The map.
    "map_heading": "The map",
    "map_reading": "People who vote alike stand close together. Each area is a group. Each dot stands for "
    "ten people or "
    "more, never for one person.",
    "map_reading_large": "People who vote alike stand close together. Each area is a group. Each dot stands "
    "for "
    "{n} people or more, never for one person.",
    "map_alt": "Map with {n} opinion groups. The table below says the same.",
    "axis_left": "Further left",
    "axis_right": "Further right",
    "axis_up": "Further up",
    "axis_down": "Further down",
    "axis_agree": "people agree more often with",
    "axes_heading": "What left, right, up and down mean",
    "groups_table": "The groups on the map",
    "column_group": "Group",
    "column_people": "People",
    "column_share": "Share of the map",
    "column_where": "Where on the map",
    "column_marked": "Marked out by",
    "where_left": "left",
    "where_right": "right",
    "where_up": "top",
    "where_down": "bottom",
    "where_middle": "middle",
    "agrees_with": "agrees: {statement}",
    "disagrees_with": "disagrees: {statement}",
    "not_shown": "not shown",
    "nothing_marks": "No statement marks this group out.",
    # Groups and statements.
    "groups_heading": "What marks each group",
    "groups_intro": "These statements set a group apart: its people vote on them unlike everybody else.",
    "agree_more": "Agrees more than the others",
    "disagree_more": "Disagrees more than the others",
    "shared_heading": "What most people share",
    "shared_intro": "On these statements a clear majority of everybody thinks the same.",
    "shared_agree": "Most people agree",
    "shared_disagree": "Most people disagree",
    "not_in": "But not in {groups}.",
    "shared_none": "There is no statement yet on which a clear majority thinks the same.",
    "everybody": "Everybody",
    "agree": "agree",
    "pass": "pass",
    "disagree": "disagree",
    "legend": "How to read the bars",
    "n_votes_short": "n = {n}",
    "n_votes_long": ("{n} vote", "{n} votes"),
    "few_votes": "few votes",
    "bar_hidden": "not shown: fewer than 5 people",
    "bar_few": "not shown: fewer than 5 votes",
    "bar_empty": "no votes",
    "hidden_statement": "(this statement is no longer shown)",
    "all_heading": "All statements",
    "all_show": ("Show {n} statement with its votes", "Show all {n} statements with their votes"),
    "all_most": "The {n} statements with the most votes; the others are in the data.",
    "column_statement": "Statement",
    "column_everybody": "Everybody",
    "cell_hidden": "–",
    "about_itself": "about the conversation",
    # Method.
    "method_heading": "How this was made",
    "method_1": "Everybody votes on statements: agree, disagree or pass. A computer compares the votes. "
    "People who voted "
    "almost the same get a place close together; people who voted differently get places far apart.",
    "method_2": "Then the computer looks for groups of people who stand together. It tries two to five "
    "groups and keeps "
    "the division that fits best. You only get a place on the map after seven votes, or after all of them "
    "if there "
    "are fewer statements.",
    "method_3": "No person decides who belongs to a group. The same votes always give the same map.",
    "method_4": "What this map does not say: how many people in town think this. Only those who chose to "
    "vote are on it. "
    "And groups are less sharply separated than the drawing suggests: how sure the division is, stands above.",
    "method_details": "Exact figures, for those who want to check",
    "method_name": "Method",
    "method_classic": "classic (as published by Polis, computed exactly)",
    "method_ideal": "ideal (places from a model of how people vote, with their uncertainty)",
    "method_strict": "strict (step by step as in Polis)",
    "method_version": "Method version",
    "method_engine": "Software version",
    "method_seed": "Seed of the random start",
    "method_as_of": "As of change",
    "method_input": "Fingerprint of the votes",
    "method_result": "Fingerprint of the map",
    "method_candidates": "Numbers of groups tried",
    "method_candidate": "{n} groups: silhouette {silhouette}",
    "method_candidate_one": "one group",
    "method_data": "This map as data (JSON)",
    "method_axes": "The two axes hold {first} and {second} of the differences between people.",
    # Other pages.
    "start_title": "Poldermodel",
    "start_lead": "People vote on short statements. A map shows which opinions go together, what divides "
    "people and what "
    "they share.",
    "start_how": "To see a conversation you need its link. You get it from whoever asked you to take part.",
    "start_api": "For developers: {link}.",
    "start_api_link": "the API, to read and to try",
    "problem_not_found": "This page does not exist",
    "problem_not_found_next": "Check the link, or ask the person who sent it to you.",
    "problem_other": "This page can't be shown now",
    "problem_other_next": "Please try again in a minute. Nothing that you sent has been lost.",
    "problem_id": "If you ask us about it, mention {request_id}.",
    "problem_kind": "What this means",
    "problem_status": "HTTP status {n}.",
}
