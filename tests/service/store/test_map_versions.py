"""Published maps that are kept: five people between one and the next, thinner with time."""

import time

import pytest

from service.store import assessments, conversations, group_maps, leaving, map_versions, votes
from service.store.errors import NotFoundError
from service.store.map_versions import DAY, HOUR, MINUTE, WEEK, thinned
from service.store.records import PLACE_BYTES, PublishedAssessment, PublishedMap


def published(store, conversation, *, groups=b"", method_version=1):
    """Publish a map of the votes there are; what it shows is of no matter here."""
    sequence = votes.counts(store, conversation).sequence
    made = PublishedMap(
        conversation_number=conversation.number,
        method_version=method_version,
        sequence=sequence,
        outcome="ready",
        result_hash=f"sha256:{sequence}",
        canonical=b"{}",
        presented=b'{"n_groups": %d}' % sequence,
        presentation=b"{}",
        priorities=b"{}",
        places=b"".join(bytes(PLACE_BYTES - 1) + bytes([group]) for group in groups),
    )
    assert group_maps.publish(store, made)
    return sequence


@pytest.fixture
def voting(store, conversation, vote):
    """Let the participants of these numbers vote on a statement."""

    def make(people, statement="0"):
        votes.record(store, conversation, [vote(f"p{person}", statement, 1) for person in people])

    return make


def kept(store, conversation):
    return [one.sequence for one in map_versions.list_all(store, conversation, after=None, limit=100)]


def long_ago(store, seconds):
    """Let everything that is kept be older than it is."""
    with store.writing() as connection:
        table = map_versions.map_versions
        connection.execute(table.update().values(published_at=table.c.published_at - seconds))


def test_the_first_is_kept_from_five_people_on_and_the_next_after_five_more(store, conversation, voting):
    voting(range(4))
    published(store, conversation)
    assert kept(store, conversation) == []
    voting([4])
    first = published(store, conversation, groups=bytes([0, 0, 1, 1, 0xFF]))
    assert kept(store, conversation) == [first]
    long_ago(store, 2 * MINUTE)
    # Four people may vote as often as they like.
    for statement in "123":
        voting(range(4), statement)
        published(store, conversation)
    assert kept(store, conversation) == [first]
    voting([4], "9")
    second = published(store, conversation)
    assert kept(store, conversation) == [first, second]
    found = map_versions.find(store, conversation, first)
    assert (found.document, found.groups) == (b'{"n_groups": %d}' % first, bytes([0, 0, 1, 1, 0xFF]))
    assert (found.outcome, found.result_hash) == ("ready", f"sha256:{first}")
    with pytest.raises(NotFoundError):
        map_versions.find(store, conversation, first + 1)


def test_the_map_at_closing_takes_the_place_of_one_too_near(store, conversation, voting):
    voting(range(5))
    first = published(store, conversation)
    long_ago(store, 2 * MINUTE)
    voting([0], "1")
    conversations.change(store, conversation, is_open=False)
    last = published(store, conversation)
    assert last > first
    assert kept(store, conversation) == [last]
    # It is never thinned, however long the conversation goes on.
    conversations.change(store, conversation, is_open=True)
    for person in (10, 20, 30):
        long_ago(store, WEEK)
        voting(range(person, person + 5))
        newest = published(store, conversation)
    assert kept(store, conversation)[0] == last
    assert kept(store, conversation)[-1] == newest


def seen(store, conversation):
    """Return the sequence of the map that everybody sees."""
    return group_maps.read(store, conversation, is_public=True).sequence


def test_everybody_sees_the_newest_that_is_kept(store, conversation, voting):
    assert group_maps.read(store, conversation, is_public=True) is None
    for people in (range(2), range(2, 4)):  # Nothing is told of so few, however often they look.
        voting(people)
        few = published(store, conversation)
        assert seen(store, conversation) == few
    voting([4])
    first = published(store, conversation)
    for person in range(5, 9):
        voting([person])
        newest = published(store, conversation)
        assert seen(store, conversation) == first
        assert group_maps.read(store, conversation, is_public=True).n_votes_since == person - 4
    assert group_maps.read(store, conversation).sequence == newest
    voting([9])
    last = published(store, conversation)
    assert seen(store, conversation) == last


@pytest.mark.parametrize(
    ("leave", "stays"),
    [
        (lambda store, conversation: leaving.erase(store, conversation, "p0"), False),
        (lambda store, conversation: leaving.exclude(store, conversation, 0, reason="a copy"), False),
        (
            lambda store, conversation: conversations.change(
                store, conversation, settings={"method": "classic"}
            ),
            True,
        ),
    ],
)
def test_what_is_decided_is_seen_at_once(store, conversation, voting, leave, stays):
    voting(range(5))
    first = published(store, conversation)
    long_ago(store, 2 * MINUTE)
    leave(store, conversation)
    second = published(store, conversation)
    assert seen(store, conversation) == second > first
    # Beside the one before, it would show what somebody who left had voted.
    assert kept(store, conversation) == ([first, second] if stays else [second])
    voting(range(10, 12))
    few = published(store, conversation)
    assert few > seen(store, conversation) == second
    conversations.change(store, conversation, settings={"method": "ideal"})
    third = published(store, conversation)
    assert seen(store, conversation) == third
    # Nor what two people voted since.
    assert kept(store, conversation) == ([first, third] if stays else [third])


def test_what_everybody_reads_of_how_sure_it_is_is_of_a_map_they_saw(store, conversation, voting):
    def judge(sequence):
        assert assessments.publish(store, PublishedAssessment(conversation.number, 1, sequence, b"{}", b""))

    voting(range(5))
    first = published(store, conversation)
    judge(first)
    voting([5], "1")
    between = published(store, conversation)
    judge(between)
    assert group_maps.read(store, conversation).assessment.sequence == between
    assert group_maps.read(store, conversation, is_public=True).assessment.sequence == first
    long_ago(store, 2 * MINUTE)
    voting(range(5), "2")
    last = published(store, conversation)
    reading = group_maps.read(store, conversation, is_public=True)
    assert (reading.sequence, reading.assessment.sequence) == (last, first)
    judge(last)
    assert group_maps.read(store, conversation, is_public=True).assessment.sequence == last


def test_erasing_forgets_the_group_in_every_kept_map(store, conversation, voting):
    voting(range(5))
    first = published(store, conversation, groups=bytes([0, 1, 0, 1, 0]))
    long_ago(store, 2 * MINUTE)
    voting(range(5), "1")
    second = published(store, conversation, groups=bytes([1, 1, 0, 1, 0]))
    leaving.erase(store, conversation, "p0")
    assert [map_versions.find(store, conversation, one).groups for one in (first, second)] == [
        bytes([0xFF, 1, 0, 1, 0]),
        bytes([0xFF, 1, 0, 1, 0]),
    ]


def test_lists_come_in_pages(store, conversation, voting):
    made = []
    for round_ in range(3):
        voting(range(5), str(round_))
        made.append(published(store, conversation))
        long_ago(store, 2 * MINUTE)
    assert kept(store, conversation) == made
    page = map_versions.list_all(store, conversation, after=made[0], limit=1)
    assert [one.sequence for one in page] == [made[1]]


def test_what_can_be_believed_of_a_map_is_kept_with_just_that_map(store, conversation, voting):
    def judge(sequence, *, method_version=1, told=b'{"verdict": "distinct groups"}'):
        judged = PublishedAssessment(conversation.number, method_version, sequence, told, b"")
        return assessments.publish(store, judged)

    made = []
    for statement in "012":
        voting(range(5), statement)
        made.append(published(store, conversation))
        long_ago(store, 2 * MINUTE)
    assert judge(made[1])
    # An older map that is judged late keeps it, though it is no longer news.
    assert not judge(made[0], told=b'{"verdict": "no stable groups"}')
    judge(made[1], method_version=2, told=b'{"verdict": "by another method"}')
    found = [map_versions.find(store, conversation, one) for one in made]
    assert [one.document for one in found[:2]] == [b'{"n_groups": %d}' % one for one in made[:2]]
    assert found[0].assessment.document == b'{"verdict": "no stable groups"}'
    assert found[1].assessment.document == b'{"verdict": "distinct groups"}'
    assert (found[1].assessment.sequence, found[1].assessment.method_version) == (made[1], 1)
    assert found[2].assessment is None


def test_of_several_maps_the_one_that_was_judged_stays(store, conversation, voting):
    long_since = time.time() // MINUTE * MINUTE - 5 * MINUTE
    made = []
    for statement in "012":
        voting(range(5), statement)
        made.append(published(store, conversation))
        if statement == "0":
            assessments.publish(store, PublishedAssessment(conversation.number, 1, made[0], b"{}", b""))
        with store.writing() as connection:
            table = map_versions.map_versions
            connection.execute(table.update().values(published_at=long_since + table.c.sequence))
    # The second was of the same minute as the first; the newest may be judged yet.
    assert kept(store, conversation) == [made[0], made[2]]
    assert map_versions.find(store, conversation, made[0]).assessment is not None


def test_kept_maps_thin_out_with_time():
    now = 100 * DAY
    every_second = [(int(at), at) for at in range(int(now - 2 * HOUR), int(now) + 1)]
    # Of the last hour each minute's last, of the hour before the last of each hour it touches.
    assert 60 + 1 <= len(thinned(every_second, now=now)) <= 62 + 2
    hourly = [(hour, hour * HOUR) for hour in range(100 * 24)]
    found = thinned(hourly, now=now)
    assert 7 * 24 + 92 <= len(found) <= 7 * 24 + 95
    assert hourly[-1][0] in found
    assert thinned([], now=now) == set()
    # Thinning what is thin changes nothing.
    kept = thinned(every_second, now=now)
    thin = [one for one in every_second if one[0] in kept]
    assert thinned(thin, now=now) == {sequence for sequence, _ in thin}
