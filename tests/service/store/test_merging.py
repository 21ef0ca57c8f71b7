"""Merging statements: every vote is kept, nobody counts twice, and it can be taken back."""

import random

import pytest
from sqlalchemy import select, update

from service.store import conversations, leaving, merges, merging, monitoring, participants, statements, votes
from service.store.errors import NotFoundError
from service.store.loading import load
from service.store.merging import MergeRefusal, MergeRefusedError
from service.store.platform_records import HashedParticipant
from service.store.records import NewConversation, NewStatement, NewVote, StatementChange, StatementState
from service.store.tables import current_votes
from service.store.tables import votes as log
from worker.jobs import drawn

PEOPLE = [f"p{number}" for number in range(12)]


def cast(store, made, who, statement, value, act=None):
    return votes.record(store, made, [NewVote(who, statement, value, act)])[0]


def own(store, made, who):
    return {str(one.statement): int(one.value) for one in votes.own_votes(store, made, who)}


def everybody(store, made):
    return {who: own(store, made, who) for who in PEOPLE}


def check(store, made):
    """The log makes the current votes, their number is known, and no sequence is there twice."""
    with store.reading() as connection:
        lines = connection.execute(
            select(log).where(log.c.conversation == made.number).order_by(log.c.sequence)
        ).mappings().all()  # fmt: skip
        rows = connection.execute(
            select(current_votes).where(current_votes.c.conversation == made.number)
        ).mappings().all()  # fmt: skip
    last = {(one["participant_number"], one["statement_number"]): one for one in lines}
    now = {(one["participant_number"], one["statement_number"]): one for one in rows}
    counts = votes.counts(store, made)
    sequences = [one["sequence"] for one in lines]
    sequences += [one.sequence for one in conversations.list_changes(store, made, limit=10_000)]
    assert {pair: (one["value"], one["sequence"]) for pair, one in last.items()} == {
        pair: (one["value"], one["sequence"]) for pair, one in now.items() if pair in last
    }
    assert all(one["value"] == votes.WITHDRAWN for pair, one in now.items() if pair not in last)
    assert sum(one["value"] != votes.WITHDRAWN for one in rows) == counts.n_votes
    assert (len(set(sequences)), max(sequences)) == (len(sequences), counts.sequence)


def reasons(store, made):
    return {str(one.id): (str(one.state), one.reason) for one in statements.list_all(store, made)}


def test_the_rule(store, conversation):
    """Who voted on one counts on the other; who voted on both keeps that vote; withdrawn is none."""
    for who, out, into in (("p0", 1, None), ("p1", -1, 1), ("p2", 0, None), ("p3", None, -1)):
        for statement, value in (("1", out), ("2", into)):
            if value is not None:
                cast(store, conversation, who, statement, value)
    cast(store, conversation, "p4", "1", 1)
    cast(store, conversation, "p4", "2", -1, act=7)
    cast(store, conversation, "p4", "2", None, act=8)
    cast(store, conversation, "p5", "1", 1)
    cast(store, conversation, "p5", "1", None)
    with store.writing() as connection:
        connection.execute(update(log).values(cast_at=log.c.cast_at - 86_400 * 3))
    at = {one.statement: one.cast_at for one in votes.own_votes(store, conversation, "p0")}
    before, n_votes = reasons(store, conversation), votes.counts(store, conversation).n_votes
    made, is_new = merging.merge(store, conversation, "1", "2", reason="Merged with: 2")
    assert (made.n_copied, is_new, made.sequence) == (3, True, votes.counts(store, conversation).sequence)
    assert {who: own(store, conversation, who).get("2") for who in PEOPLE[:6]} == {
        "p0": 1, "p1": 1, "p2": 0, "p3": -1, "p4": 1, "p5": None,
    }  # fmt: skip
    assert votes.counts(store, conversation).n_votes == n_votes + 3
    assert reasons(store, conversation)["1"] == ("hidden", "Merged with: 2")
    # A copy tells when the vote itself was cast; the day's numbers don't count it twice.
    assert {one.statement: one.cast_at for one in votes.own_votes(store, conversation, "p0")}["2"] == at["1"]
    assert sum(n for _, n in monitoring.votes_by_day(store, conversation)) == 10
    # What a device sent before what it sent last stays late, and a copy can be changed as any vote.
    assert cast(store, conversation, "p4", "2", 0, act=6).is_superseded
    assert cast(store, conversation, "p2", "2", -1).is_new_line
    check(store, conversation)
    parted = merging.undo(store, conversation, made.sequence)
    assert parted.n_withdrawn == 2
    assert {who: own(store, conversation, who).get("2") for who in PEOPLE[:6]} == {
        "p0": None, "p1": 1, "p2": -1, "p3": -1, "p4": None, "p5": None,
    }  # fmt: skip
    assert reasons(store, conversation) == before
    assert merges.list_standing(store, conversation) == []
    check(store, conversation)
    with pytest.raises(NotFoundError):
        merging.undo(store, conversation, made.sequence)


def test_the_same_again_changes_nothing(store, conversation):
    cast(store, conversation, "p0", "1", 1)
    first, _ = merging.merge(store, conversation, "1", "2", reason="r")
    counts = votes.counts(store, conversation)
    assert merging.merge(store, conversation, "1", "2", reason="r") == (first, False)
    assert votes.counts(store, conversation) == counts
    assert merges.list_standing(store, conversation) == [first]


def refusal(store, conversation, merged, kept):
    with pytest.raises(MergeRefusedError) as refused:
        merging.merge(store, conversation, merged, kept, reason="r")
    return refused.value.reason


def test_refusals(store, conversation):
    moderated = [StatementChange("3", is_meta=True), StatementChange("4", state=StatementState.HIDDEN)]
    statements.moderate_all(
        store, conversation, [*moderated, StatementChange("5", state=StatementState.WAITING)]
    )
    merging.merge(store, conversation, "1", "2", reason="r")
    before = votes.counts(store, conversation)
    assert refusal(store, conversation, "6", "6") is MergeRefusal.SAME
    assert refusal(store, conversation, "3", "6") is MergeRefusal.OTHER_KIND
    assert refusal(store, conversation, "6", "3") is MergeRefusal.OTHER_KIND
    assert refusal(store, conversation, "6", "4") is MergeRefusal.NOT_SHOWN
    assert refusal(store, conversation, "6", "5") is MergeRefusal.NOT_SHOWN
    assert refusal(store, conversation, "6", "1") is MergeRefusal.NOT_SHOWN
    assert refusal(store, conversation, "1", "6") is MergeRefusal.MERGED_ALREADY
    # Shown again by hand it is merged still: its copies count, and are taken back first.
    statements.moderate(store, conversation, "1", state=StatementState.VISIBLE)
    assert refusal(store, conversation, "1", "2") is MergeRefusal.MERGED_ALREADY
    elsewhere = conversations.create(store, "default", NewConversation("Elsewhere?"))
    statements.add(store, elsewhere, [NewStatement("Something else.", id="there")])
    for merged, kept in (("6", "there"), ("there", "6"), ("6", "")):
        with pytest.raises(NotFoundError):
            merging.merge(store, conversation, merged, kept, reason="r")
    assert votes.counts(store, conversation).sequence == before.sequence + 1


def test_a_chain_is_taken_back_from_its_end(store, conversation):
    for who, statement in (("p0", "1"), ("p1", "2"), ("p2", "3")):
        cast(store, conversation, who, statement, 1)
    before = everybody(store, conversation)
    first, _ = merging.merge(store, conversation, "1", "2", reason="r")
    second, _ = merging.merge(store, conversation, "2", "3", reason="r")
    assert second.n_copied == 2
    with pytest.raises(MergeRefusedError) as refused:
        merging.undo(store, conversation, first.sequence)
    assert refused.value.reason is MergeRefusal.MERGED_ON
    merging.undo(store, conversation, second.sequence)
    merging.undo(store, conversation, first.sequence)
    assert everybody(store, conversation) == before
    check(store, conversation)


def test_what_was_decided_since_stays(store, conversation):
    made, _ = merging.merge(store, conversation, "1", "2", reason="r")
    statements.moderate(store, conversation, "1", state=StatementState.WAITING)
    merging.undo(store, conversation, made.sequence)
    assert reasons(store, conversation)["1"] == ("waiting", "")


def test_an_erased_text_stands_in_no_reason(store):
    made = conversations.create(store, "default", NewConversation("What?"))
    author = HashedParticipant(participants.id_hash(store, made, "ann"))
    statements.add(store, made, [NewStatement("Mine alone.", author=author), NewStatement("Another one.")])
    cast(store, made, "ann", "0", 1)
    merge, _ = merging.merge(store, made, "1", "0", reason="Merged with: Mine alone.")
    leaving.erase(store, made, "ann")
    told = [reasons(store, made), *(one.payload for one in conversations.list_changes(store, made))]
    assert "Mine alone" not in str(told)
    merging.undo(store, made, merge.sequence)
    assert reasons(store, made)["1"] == ("visible", "")


@pytest.mark.parametrize("seed", range(4))
def test_random_votes_are_merged_by_the_rule_and_come_back(store, conversation, seed):
    """A model of the rule in ten lines says what everybody's votes are, before, after, and after undoing it."""
    chance = random.Random(seed)
    for _ in range(90):
        who, statement = chance.choice(PEOPLE), str(chance.randrange(5))
        cast(store, conversation, who, statement, chance.choice([1, 1, 0, -1, None]))
    if seed % 2:
        leaving.exclude(store, conversation, 3, reason="A trial.")
        leaving.erase(store, conversation, "p5")
    model, before = everybody(store, conversation), drawn(store, conversation.number).result_hash
    out, into = (str(one) for one in chance.sample(range(5), 2))
    made, _ = merging.merge(store, conversation, out, into, reason="r")
    copied = {who for who, told in model.items() if out in told and into not in told}
    after = {who: told | {into: told[out]} if who in copied else dict(told) for who, told in model.items()}
    assert everybody(store, conversation) == after
    assert made.n_copied == len(copied)
    check(store, conversation)
    loaded = load(store, conversation.number)
    left_out = set(loaded.left_out_participants.tolist())
    assert (len(left_out), left_out & set(loaded.participant_numbers.tolist())) == (2 * (seed % 2), set())
    # Some change their minds on the kept one before it is taken back: theirs stay.
    for who in sorted(copied):
        if chance.random() < 0.3:
            value = chance.choice([one for one in (1, 0, -1, None) if one != after[who][into]])
            cast(store, conversation, who, into, value)
            copied.discard(who)
            after[who] = {name: one for name, one in after[who].items() if name != into}
            after[who] |= {} if value is None else {into: value}
    for who in copied:
        del after[who][into]
    assert merging.undo(store, conversation, made.sequence).n_withdrawn == len(copied)
    assert everybody(store, conversation) == after
    check(store, conversation)
    if after == model:
        assert drawn(store, conversation.number).result_hash == before


def test_the_hash_of_before_returns(store, conversation):
    for number, who in enumerate(PEOPLE):
        for statement in range(8):
            if (number + statement) % 5:
                cast(store, conversation, who, str(statement), (number * (statement + 1)) % 3 - 1)
    before = drawn(store, conversation.number).result_hash
    made, _ = merging.merge(store, conversation, "1", "2", reason="r")
    assert drawn(store, conversation.number).result_hash != before
    merging.undo(store, conversation, made.sequence)
    assert drawn(store, conversation.number).result_hash == before
