"""The vote log: what is acknowledged is kept, once, in commit order."""

import multiprocessing
import random
import threading
import time

import pytest
from sqlalchemy import insert, select, text

from service.store import conversations, statements, votes
from service.store.committer import VoteCommitter
from service.store.conversations import lock
from service.store.database import open_store
from service.store.errors import NotFoundError, StoreUnavailableError
from service.store.records import (
    NewConversation,
    NewStatement,
    RecordedVote,
    Refusal,
    RefusedVote,
    StatementState,
)
from service.store.tables import changes, current_votes
from service.store.tables import votes as log

SECRET = b"a secret for tests only, thirty-two bytes"


def lines(store, conversation):
    with store.reading() as connection:
        query = select(log).where(log.c.conversation == conversation.number).order_by(log.c.sequence)
        return [dict(row) for row in connection.execute(query).mappings()]


def current(store, conversation):
    with store.reading() as connection:
        query = select(current_votes).where(current_votes.c.conversation == conversation.number)
        return {
            (row.participant_number, row.statement_number): (row.value, row.sequence)
            for row in connection.execute(query)
        }


def replayed(store, conversation):
    latest = {}
    for line in lines(store, conversation):
        latest[line["participant_number"], line["statement_number"]] = (line["value"], line["sequence"])
    return latest


def all_sequences(store, conversation):
    with store.reading() as connection:
        query = select(changes.c.sequence).where(changes.c.conversation == conversation.number)
        others = list(connection.execute(query).scalars())
    return sorted(others + [line["sequence"] for line in lines(store, conversation)])


def test_a_new_vote_is_a_line_and_the_current_vote(store, conversation, vote):
    (answer,) = votes.record(store, conversation, [vote("ann", "3", 1)])
    assert answer == RecordedVote(conversation.sequence + 1, is_new_line=True)
    assert [(line["statement_number"], line["value"]) for line in lines(store, conversation)] == [(3, 1)]
    assert votes.own_votes(store, conversation, "ann")[0].statement == "3"


def test_the_same_vote_again_writes_nothing(store, conversation, vote):
    (first,) = votes.record(store, conversation, [vote("ann", "3", 1)])
    (again,) = votes.record(store, conversation, [vote("ann", "3", 1)])
    assert again == RecordedVote(first.sequence, is_new_line=False)
    assert len(lines(store, conversation)) == 1


def test_a_changed_mind_is_a_new_line_and_the_latest_counts(store, conversation, vote):
    votes.record(store, conversation, [vote("ann", "3", 1)])
    (changed,) = votes.record(store, conversation, [vote("ann", "3", -1)])
    assert changed.is_new_line
    assert [line["value"] for line in lines(store, conversation)] == [1, -1]
    (own,) = votes.own_votes(store, conversation, "ann")
    assert (own.value, own.sequence) == (-1, changed.sequence)
    assert votes.counts(store, conversation).n_votes == 1


def test_a_batch_sees_its_own_earlier_votes(store, conversation, vote):
    answers = votes.record(
        store,
        conversation,
        [vote("ann", "3", 1), vote("ann", "3", 1), vote("ann", "3", 0), vote("ann", "3", 1)],
    )
    assert [answer.is_new_line for answer in answers] == [True, False, True, True]
    assert answers[0].sequence == answers[1].sequence
    assert current(store, conversation) == replayed(store, conversation)


def test_refusals_are_per_vote(store, conversation, vote):
    statements.moderate(store, conversation, "4", state=StatementState.HIDDEN)
    statements.moderate(store, conversation, "5", state=StatementState.WAITING)
    answers = votes.record(
        store, conversation,
        [vote("ann", "4", 1), vote("ann", "5", 1), vote("ann", "nowhere", 1), vote("ann", "6", 1)],
    )  # fmt: skip
    hidden, unknown = RefusedVote(Refusal.HIDDEN_STATEMENT), RefusedVote(Refusal.UNKNOWN_STATEMENT)
    assert answers[:3] == [hidden, hidden, unknown]
    assert answers[3].is_new_line
    assert len(lines(store, conversation)) == 1


def test_who_was_refused_leaves_no_trace(store, conversation, vote):
    votes.record(store, conversation, [vote("ann", "nowhere", 1)])
    assert votes.counts(store, conversation).n_participants == 0


def test_a_closed_conversation_refuses_and_opens_again(store, conversation, vote):
    conversations.change(store, conversation, is_open=False)
    assert votes.record(store, conversation, [vote("ann", "3", 1)]) == [
        RefusedVote(Refusal.CONVERSATION_CLOSED)
    ]
    conversations.change(store, conversation, is_open=True)
    assert votes.record(store, conversation, [vote("ann", "3", 1)])[0].is_new_line


def test_no_votes_is_no_change(store, conversation):
    assert votes.record(store, conversation, []) == []
    assert votes.counts(store, conversation).sequence == conversation.sequence


def test_a_conversation_that_has_gone_is_not_found(store, conversation, vote):
    import dataclasses

    gone = dataclasses.replace(conversation, number=999)
    with pytest.raises(NotFoundError):
        votes.record(store, gone, [vote("ann", "3", 1)])


def test_ids_are_kept_only_as_keyed_hashes(store, conversation, vote):
    votes.record(store, conversation, [vote("ann@example.org", "3", 1)])
    with store.reading() as connection:
        (row,) = connection.exec_driver_sql("SELECT id_hash FROM participants").fetchall()
    assert len(bytes(row[0])) == 32
    assert b"ann" not in bytes(row[0])
    other_secret = open_store(store.engine.url.render_as_string(hide_password=False), secret=b"another")
    assert votes.own_votes(other_secret, conversation, "ann@example.org") == []
    other_secret.close()


def test_one_id_is_another_person_in_another_conversation(store, conversation, vote):
    other = conversations.create(store, "default", NewConversation("Another?"))
    statements.add(store, other, [NewStatement("One.")])
    votes.record(store, conversation, [vote("ann", "0", 1)])
    votes.record(store, other, [vote("ann", "0", -1)])
    with store.reading() as connection:
        hashes = connection.exec_driver_sql("SELECT id_hash FROM participants").fetchall()
    assert len({bytes(row[0]) for row in hashes}) == 2


def test_a_thousand_votes_at_once(store, conversation, vote):
    chosen = random.Random(7)
    many = [
        vote(f"p{chosen.randrange(150)}", str(chosen.randrange(10)), chosen.choice([-1, 0, 1]))
        for _ in range(1000)
    ]
    votes.record(store, conversation, many[:500])
    votes.record(store, conversation, many)
    assert current(store, conversation) == replayed(store, conversation)
    counted = votes.counts(store, conversation)
    assert counted.n_votes == len(current(store, conversation))
    assert counted.sequence == all_sequences(store, conversation)[-1]


def test_a_transaction_cut_in_the_middle_leaves_nothing(store, conversation, vote):
    votes.record(store, conversation, [vote("ann", "3", 1)])
    before = votes.counts(store, conversation)
    with store.writing() as connection:
        # The next sequence is taken already, so the log's line can't be written after its participant was.
        taken = {"conversation": conversation.number, "sequence": before.sequence + 2, "participant_number": 0,
                 "statement_number": 9, "value": 1, "cast_at": 0}  # fmt: skip
        connection.execute(insert(log), [taken])
    with pytest.raises(Exception, match=r"(?i)unique"):
        votes.record(store, conversation, [vote("bea", "3", 1), vote("bea", "4", 1)])
    assert votes.counts(store, conversation) == before
    assert votes.own_votes(store, conversation, "bea") == []


def test_a_process_that_dies_between_writing_and_commit_leaves_nothing(store, conversation, vote, store_url):
    process = multiprocessing.get_context("spawn").Process(
        target=die_before_commit, args=(store_url, conversation)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert votes.counts(store, conversation).n_votes == 0
    assert votes.record(store, conversation, [vote("ann", "3", 1)])[0].sequence == conversation.sequence + 1


def die_before_commit(store_url, conversation):
    import os

    from clustering.vocabulary import ParticipantId, StatementId, VoteValue
    from service.store.records import NewVote

    store = open_store(store_url, secret=SECRET)
    with store.writing() as connection:
        new = [NewVote(ParticipantId("ann"), StatementId("3"), VoteValue.AGREE)]
        votes.record_within(connection, store, conversation, new)
        os._exit(9)


@pytest.mark.parametrize("n_threads", [16])
def test_many_threads_through_the_committer(store, conversation, vote, n_threads):
    committer, answers, errors = VoteCommitter(store), [], []

    def cast(seed):
        chosen = random.Random(seed)
        try:
            for _ in range(40):
                one = vote(f"p{chosen.randrange(12)}", str(chosen.randrange(10)), chosen.choice([-1, 0, 1]))
                answers.append(committer.record(conversation, one))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=cast, args=(seed,)) for seed in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    committer.close()
    assert errors == []
    check_log(store, conversation, answers)


def test_several_processes_with_threads(store, conversation, store_url):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=cast_from_threads, args=(store_url, conversation, seed, results))
        for seed in range(3)
    ]
    for process in processes:
        process.start()
    answers = [answer for _ in processes for answer in results.get(timeout=120)]
    for process in processes:
        process.join(60)
    assert len(answers) == 3 * 4 * 30
    check_log(store, conversation, answers)


def cast_from_threads(store_url, conversation, seed, results):
    from clustering.vocabulary import ParticipantId, StatementId, VoteValue
    from service.store.records import NewVote

    store = open_store(store_url, secret=SECRET)
    committer, answers = VoteCommitter(store), []

    def cast(number):
        chosen = random.Random(100 * seed + number)
        for _ in range(30):
            one = NewVote(
                ParticipantId(f"p{chosen.randrange(12)}"),
                StatementId(str(chosen.randrange(10))),
                VoteValue(chosen.choice([-1, 0, 1])),
            )
            answers.append(committer.record(conversation, one))

    threads = [threading.Thread(target=cast, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    committer.close()
    store.close()
    results.put(answers)


def check_log(store, conversation, answers):
    """The sequence is dense, every new line was acknowledged once, and the current votes are the latest."""
    sequences = all_sequences(store, conversation)
    assert sequences == list(range(1, len(sequences) + 1))
    acknowledged = sorted(answer.sequence for answer in answers if answer.is_new_line)
    assert acknowledged == [line["sequence"] for line in lines(store, conversation)]
    assert current(store, conversation) == replayed(store, conversation)
    counted = votes.counts(store, conversation)
    assert counted.n_votes == len(current(store, conversation))
    assert counted.sequence == sequences[-1]


def test_a_reader_never_sees_a_gap(store, conversation, vote):
    """Whoever has seen sequence n has seen everything before it: commit order is sequence order."""
    committer, is_done, gaps = VoteCommitter(store), threading.Event(), []

    def read():
        while not is_done.is_set():
            seen = all_sequences(store, conversation)
            if seen != list(range(1, len(seen) + 1)):
                gaps.append(seen)

    def cast(seed):
        for number in range(30):
            committer.record(conversation, vote(f"p{seed}", str(number % 10), (number // 10) - 1))

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=cast, args=(seed,)) for seed in range(8)]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    is_done.set()
    reader.join()
    committer.close()
    assert gaps == []


def test_the_committer_answers_for_several_conversations_and_one_that_has_gone(store, conversation, vote):
    import dataclasses

    committer = VoteCommitter(store)
    gone = dataclasses.replace(conversation, number=999)
    with pytest.raises(NotFoundError):
        committer.record(gone, vote("ann", "3", 1))
    assert committer.record(conversation, vote("ann", "3", 1)).is_new_line
    committer.close()
    with pytest.raises(StoreUnavailableError):
        committer.record(conversation, vote("ann", "4", 1))


@pytest.fixture
def postgresql_conversation(postgresql_store_url):
    """A store on PostgreSQL, and a conversation with one statement."""
    opened = open_store(postgresql_store_url, secret=SECRET)
    made = conversations.create(opened, "default", NewConversation("What should happen to the square?"))
    statements.add(opened, made, [NewStatement("Trees.", id="3")])
    yield opened, conversations.find(opened, "default", made.id)
    opened.close()


def test_votes_of_an_unknown_fate_are_told_so_and_never_cast_again(postgresql_conversation, vote):
    store, conversation = postgresql_conversation
    committer, told = VoteCommitter(store), []

    def cast(one):
        try:
            told.append(committer.record(conversation, one))
        except Exception as error:
            told.append(error)

    threads = [threading.Thread(target=cast, args=(vote(f"p{number}", "3", 1),)) for number in range(4)]
    waiting = text("FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with store.writing() as holder, store.engine.connect() as onlooker:
        lock(holder, conversation.number)
        for thread in threads:
            thread.start()
        while len(told) < len(threads):
            # The connection goes while the votes are under way, in one transaction or in several.
            onlooker.execute(text(f"SELECT pg_terminate_backend(pid) {waiting}"))
            onlooker.commit()
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert {type(one) for one in told} == {StoreUnavailableError}
    assert votes.counts(store, conversation).n_votes == 0
    # The one who changed their mind meanwhile is not overruled by what they wanted before.
    assert committer.record(conversation, vote("p0", "3", -1)).sequence == conversation.sequence + 1
    assert [int(own.value) for own in votes.own_votes(store, conversation, "p0")] == [-1]
    committer.close()
