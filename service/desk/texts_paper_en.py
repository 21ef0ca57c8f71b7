"""The desk's texts in English: paper ballots."""

PAPER_ENGLISH: dict[str, str | tuple[str, str]] = {
    "desk_paper": "Paper ballots",
    "desk_paper_lead": "Two people type in the same pile. When both typed the same, it counts.",
    "desk_paper_type": "Type in a pile",
    "desk_paper_batch": "Pile",
    "desk_paper_batch_help": "What is written on the envelope, such as hall-1: letters, digits and hyphens.",
    "desk_paper_go": "Begin",
    "desk_paper_report": "All piles",
    "desk_paper_ballots": "Ballots",
    "desk_paper_by": "Typed in by",
    "desk_paper_state": "State",
    "desk_paper_counted": "Counts since",
    "desk_paper_waits_other": "Waits for a colleague to type it in too.",
    "desk_paper_second": "Type it in a second time",
    "desk_paper_forget": "Forget this entry",
    "desk_paper_total": "Counted in all",
    "desk_paper_still": ("{n} ballot waits", "{n} ballots wait"),
    "desk_paper_recorded": "Both entries are the same. The pile counts now.",
    "desk_paper_kept": "Kept. It counts when a colleague has typed in the same.",
    "desk_paper_forgotten": "Forgotten. The pile can be typed in anew.",
    "desk_paper_no-batch": "Fill in the pile: letters, digits and hyphens, at most 64.",
    "desk_paper_counts": "This pile counts already, so it can’t be forgotten.",
    "desk_paper_title": "Pile {batch}",
    "desk_paper_as": "You are typing this in as {who}.",
    "desk_paper_is_second": "A colleague has typed in this pile already. You don’t see what they typed.",
    "desk_paper_ballot": "Number on the ballot",
    "desk_paper_marks": "Marks on this ballot, in the order of the statements",
    "desk_paper_keys": "One key for each statement: A agree, D disagree, P pass, space for left blank. "
    "Backspace goes "
    "back, Enter goes to the next ballot.",
    "desk_paper_lines": "As text",
    "desk_paper_lines_label": "Ballots, one on each line",
    "desk_paper_lines_help": "The number, a space, then a letter for each of the {n} statements: a, d, "
    "p, or a dot for "
    "left blank. Such as: 12 adp.a",
    "desk_paper_single": "Count it at once, without a second entry",
    "desk_paper_save": "Save the pile",
    "desk_paper_stop": "Stop without saving",
    "desk_paper_taken": "Ballot {ballot} is in this pile already, or is no number.",
    "desk_paper_next_said": "Ballot {ballot} is in. {n} so far. Now ballot {next}.",
    "desk_paper_v_none": "left blank",
    "desk_paper_first": "First entry",
    "desk_paper_now": "Yours",
    "desk_paper_refused_one": "Ballot {ballot}, statement {statement}",
    "desk_paper_trouble_unreadable": "Line {n} can’t be read. Write the number, a space, then a, d, p or dots.",
    "desk_paper_trouble_too-long": "Line {n} has more letters than there are statements.",
    "desk_paper_trouble_twice": "Line {n} has a number that is there already.",
    "desk_paper_trouble_empty": "Type in at least one ballot and at most 1,000.",
    "desk_paper_trouble_differ": "The two entries differ. Look at these ballots again, and mend what you "
    "typed. If the "
    "first entry is wrong, forget it and type it in anew.",
    "desk_paper_trouble_refused": "These votes can’t be taken now, so nothing was kept.",
    "desk_paper_trouble_recorded": "This pile counts already, with other votes. Give these ballots "
    "another pile.",
}
