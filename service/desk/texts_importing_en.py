"""The desk's texts in English: a conversation that comes from elsewhere."""

IMPORTING_ENGLISH: dict[str, str | tuple[str, str]] = {
    "desk_import": "Import a conversation",
    "desk_import_instead": "Is the conversation somewhere else already? Import it",
    "desk_import_lead": "From Polis, or from another Poldermodel: with its statements, its participants "
    "and all their votes.",
    "desk_import_file": "The export",
    "desk_import_file_help": "A zip. Or choose all tables of a Polis report together: comments, votes, "
    "participants-votes and summary (CSV). Together at most {n} MB.",
    "desk_import_look": "Look what is in it",
    "desk_import_nothing_yet": "Nothing is imported yet.",
    "desk_import_kept": "Looked at before",
    "desk_import_kept_help": "Your organisation’s last five, for an hour at most. From there you can still "
    "import them.",
    "desk_import_kept_tables": "Tables of a Polis report",
    "desk_import_no_file": "Choose a file first.",
    "desk_import_too_large": "This file is too large",
    "desk_import_too_large_next": "Ask your administrator to import it with the command for it.",
    "desk_import_too_many": "Your organisation has too much under way. Wait a minute and try again.",
    "desk_import_busy": "The conversation comes in",
    "desk_import_wait": "This page shows by itself how far it is.",
    "desk_import_n_votes": "{n} votes: that takes a few seconds to a minute.",
    "desk_import_step_reading": "Read the export",
    "desk_import_step_keeping": "Keep statements, participants and votes",
    "desk_import_step_done": "done",
    "desk_import_step_now": "being done",
    "desk_import_step_later": "comes next",
    "desk_import_not": "This can’t be imported",
    "desk_import_refused": "Something in the file is not as expected. For whoever knows the file, it is this:",
    "desk_import_failed": "Something went wrong here. Your administrator finds more in the log of the service.",
    "desk_import_not_next": "Nothing was imported.",
    "desk_import_other": "Choose another file",
    "desk_import_found": "This is in it",
    "desk_import_found_lead": "{people}, {votes}, {statements}.",
    "desk_import_differs": "What will be different here",
    "desk_import_differs_not": "Nothing that we know of.",
    "desk_import_differs_changed-votes": "Whoever changed their mind counts once, with the last vote: {there} "
    "lines become {here} votes.",
    "desk_import_differs_untimed-votes": "Of {there} votes it is not known when they were cast. They count as "
    "cast now.",
    "desk_import_differs_counts": "The file counts {there} agrees and disagrees for some statements. There are "
    "{here} votes. Polis counts changed votes twice.",
    "desk_import_differs_untold-statements": "Of {there} statements the text is not in the file.",
    "desk_import_differs_undecided-statements": "Nobody decided on {there} statements there. They are shown, "
    "as they were, unless you choose otherwise below.",
    "desk_import_differs_participants": "{there} participants there, {here} here. Only people who voted are "
    "counted here.",
    "desk_import_differs_groups": "The groups are worked out anew from the votes, so they may differ from "
    "those "
    "of Polis.",
    "desk_import_differs_not-read": "Something could not be read.",
    "desk_import_is_taken": "There is a conversation with the id {id} already. This one comes beside it, "
    "with an id of its own.",
    "desk_import_keeps_people": "Participants find their own votes again.",
    "desk_import_new_people": "The votes count, but participants don’t find their own votes again. Who votes "
    "again is counted as somebody new.",
    "desk_import_hold": (
        "Let {n} statement that nobody decided on wait for me",
        "Let the {n} statements that nobody decided on wait for me",
    ),
    "desk_import_open": "Open: people can go on voting",
    "desk_import_do": "Import this conversation",
    "desk_imported": "The conversation is here.",
    "desk_map_soon": "The first map is being drawn. That takes a few seconds.",
}
