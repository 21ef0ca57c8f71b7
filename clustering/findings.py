"""What a figure found, in one sentence: the titles of `plots`, in English."""

from collections.abc import Sequence

from clustering.assessment import Assessment
from clustering.group_map import GroupMap
from clustering.settings import MEMBERSHIP_SURE, SIGNIFICANCE_LEVEL
from clustering.vocabulary import GROUP_LETTERS, Outcome, Verdict

_NUMBERS = ("no", "one", "two", "three", "four", "five")


def people(n: int) -> str:
    """Return a number of people, in words."""
    return "1 person" if n == 1 else f"{n:,} people"


def percent(share: float) -> str:
    """Return a share as people read it: "81 %", the sign kept on the number's line."""
    return f"{100 * share:.0f}\u202f%"


def text_of(group_map: GroupMap, column: int) -> str:
    """Return a statement's text in one line; its id where it has none."""
    statement = group_map.matrix.statements[column]
    return " ".join((statement.text or f"Statement {statement.id}").split())


def is_doubted(assessed: Assessment | None) -> bool:
    """Say whether a map's groups were judged, and none came back."""
    certainty = None if assessed is None else assessed.certainty
    return certainty is not None and not certainty.choice.n_groups


def has_no_pattern(assessed: Assessment | None) -> bool:
    """Say whether a map's votes were looked at, and don't hang together."""
    certainty = None if assessed is None else assessed.certainty
    return certainty is not None and certainty.verdict is Verdict.NO_SHARED_PATTERN


def map_finding(group_map: GroupMap, assessed: Assessment | None = None) -> str:
    """Return what the map shows: the groups with their sizes, and how far they can be believed."""
    n_groups = group_map.n_groups
    certainty = None if assessed is None else assessed.certainty
    verdict = None if certainty is None else certainty.verdict
    if group_map.outcome not in {Outcome.READY, Outcome.NO_STRUCTURE}:
        return "Too few votes for a map yet"
    if has_no_pattern(assessed):
        return "No shared pattern: what people think of one statement says nothing of the next"
    if not n_groups or is_doubted(assessed):
        return f"One cloud: {people(int(group_map.is_placed.sum()))}, and no groups that would come back"
    number = _number(n_groups).capitalize()
    n_coming_back = n_groups if certainty is None else certainty.choice.n_groups
    if n_coming_back != n_groups:
        return f"{number} groups are drawn, but only {_number(n_coming_back)} would come back with other people"
    sizes = [int((group_map.labels == group).sum()) for group in range(n_groups)]
    named = _listed([f"{letter} with {n:,}" for letter, n in zip(GROUP_LETTERS, sizes, strict=False)])
    if verdict is Verdict.DISTINCT_GROUPS:
        return f"{number} distinct groups: {named} people"
    if verdict is Verdict.SPECTRUM:
        return f"{number} leanings with no border between them: {named} people"
    return f"{number} group{'s' if n_groups > 1 else ''}: {named} people"


def statements_finding(assessed: Assessment, columns: Sequence[int], group: str | None) -> str:
    """Return what the statements show: which of them a group stands out with, or how many there are."""
    if group is None:
        return (
            f"How the groups voted on {_NUMBERS[len(columns)] if len(columns) < 6 else len(columns)} statements"
        )
    if not columns:
        return f"Nothing marks out group {group} that could be told from chance"
    found = assessed.representative[GROUP_LETTERS.index(group)][0]
    text = text_of(assessed.group_map, found.statement)
    side = "agreeing" if found.direction == "agree" else "disagreeing"
    return f"Group {group} stands out by {side} that “{_short(text)}”"


def common_ground_finding(assessed: Assessment) -> str:
    """Return what the groups surely share most, and what divides them most."""
    ground = assessed.ground
    if not ground.by_all_groups and not ground.dividing:
        return "Nothing is surely shared, and nothing surely divides"
    shared, divides = "Nothing is surely shared by every group", "nothing surely divides them"
    if ground.by_all_groups:
        first = ground.by_all_groups[0]
        verb = "agree" if first.direction == "agree" else "disagree"
        shared = f"All groups {verb}: “{_short(text_of(assessed.group_map, first.statement), 55)}”"
    if ground.dividing:
        divides = f"they divide on “{_short(text_of(assessed.group_map, ground.dividing[0].statement), 55)}”"
    return f"{shared}; {divides}"


def certainty_finding(assessed: Assessment) -> str:
    """Return which numbers of groups come back in random halves of the people."""
    certainty = assessed.certainty
    if certainty is None or certainty.verdict is Verdict.NOT_ENOUGH_VOTES:
        return "Too early to tell: too few people have voted enough"
    reported = [score.n_groups for score in certainty.choice.candidates if score.is_reportable]
    if not reported:
        return "No division comes back: other people would have been divided otherwise"
    words = _listed([_number(n) for n in reported], "or").capitalize()
    rest = len(certainty.choice.candidates) > len(reported)
    return f"{words} groups would come back with other people{'; other numbers would not' if rest else ''}"


def crowds_finding(assessed: Assessment) -> str:
    """Return whether people stand in one crowd or more, and how deep the valley is."""
    crowds = None if assessed.certainty is None else assessed.certainty.modality
    if crowds is None:
        return "Votes don't hang together, so there is no line to stand along"
    chance = f"p = {crowds.p_value:.3f}".rstrip("0").rstrip(".")
    if crowds.p_value > SIGNIFICANCE_LEVEL:
        return f"One crowd, as far as can be told ({chance})"
    if crowds.valley_depth > 0.95:
        return f"More than one crowd ({chance}), but no valley between the sides"
    depth = percent(crowds.valley_depth)
    return f"More than one crowd ({chance}); the valley is {depth} as high as the lower peak"


def membership_finding(assessed: Assessment) -> str:
    """Return how many people surely belong to their group and how many stand in between."""
    certainty = assessed.certainty
    if certainty is None or not certainty.choice.n_groups:
        return "There are no groups to belong to"
    n_between = int(certainty.is_in_between.sum())
    n_sure = len(certainty.membership) - n_between
    return (
        f"{people(n_sure)} belong to their group with at least {percent(MEMBERSHIP_SURE)} certainty; "
        f"{n_between:,} stand in between"
    )


def _number(n: int) -> str:
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def _listed(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _short(text: str, at_most: int = 90) -> str:
    """Return a text in one line, cut at a word."""
    line = " ".join(text.split()).rstrip(".")
    if len(line) <= at_most:
        return line
    return line[:at_most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
