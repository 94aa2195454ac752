"""Streamed events are kept once, in order, whoever sends them again, and damage is refused."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.server.store import Append, Conflict, EventStore
from simemr.domain import log


def lines_of(count, exercise="orientation", attempt=1, seed=5):
    header, head = log.header_line(exercise, "0.1.0", seed, attempt)
    digest, lines = header.digest, []
    for seq in range(1, count + 1):
        digest, line = log.event_line(digest, seq, "2026-03-12T14:00:00Z", "open_tab", {"tab": str(seq)})
        lines.append(line)
    return head, tuple(lines)


@pytest.fixture
def store(tmp_path):
    opened = EventStore(f"sqlite:///{tmp_path}/events.db")
    yield opened
    opened.close()


def send(store, learner, head, lines):
    return asyncio.run(store.append(Append(learner, head, tuple(lines))))


def test_what_was_streamed_is_the_log(store):
    head, lines = lines_of(5)
    assert send(store, "ann", head, lines[:2]).have == 2
    assert send(store, "ann", head, lines[2:]).have == 5
    assert store.log_text("ann", "orientation") == head + "".join(lines)
    assert store.log_text("bob", "orientation") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8))
def test_sending_any_parts_again_changes_nothing(tmp_path_factory, parts):
    store = EventStore(f"sqlite:///{tmp_path_factory.mktemp('s')}/events.db")
    try:
        head, lines = lines_of(6)
        have = 0
        for start, end in parts:
            piece = lines[min(start, have) : max(end, min(start, have))]
            have = max(have, min(start, have) + len(piece))
            assert send(store, "ann", head, piece).have == have
        assert send(store, "ann", head, lines).have == 6
        assert store.log_text("ann", "orientation") == head + "".join(lines)
    finally:
        store.close()


def test_a_gap_is_refused_and_nothing_of_it_is_kept(store):
    head, lines = lines_of(5)
    send(store, "ann", head, lines[:1])
    with pytest.raises(log.LogError, match="an event is missing"):
        send(store, "ann", head, lines[2:])
    assert store.log_text("ann", "orientation") == head + lines[0]


def test_another_course_of_the_same_attempt_is_a_conflict(store):
    head, lines = lines_of(3)
    other_head, other = lines_of(3, seed=6)
    send(store, "ann", head, lines)
    with pytest.raises(Conflict, match="another computer"):
        send(store, "ann", other_head, other)
    forked, fork = log.event_line(log.read(head).header.digest, 1, "", "open_tab", {"tab": "notes"})
    with pytest.raises(Conflict, match="another computer"):
        send(store, "ann", head, [fork])
    assert store.log_text("ann", "orientation") == head + "".join(lines)


def test_the_next_attempt_is_the_one_to_go_on_with(store):
    send(store, "ann", *lines_of(3))
    head, lines = lines_of(1, attempt=2)
    send(store, "ann", head, lines)
    assert store.log_text("ann", "orientation") == head + lines[0]
    assert [(row.learner, row.attempt, row.have) for row in store.board()] == [("ann", 2, 1)]


def test_one_learners_bad_events_do_not_cost_another_theirs(store):
    head, lines = lines_of(2)

    async def both():
        return await asyncio.gather(
            store.append(Append("ann", head, lines)),
            store.append(Append("bob", head, lines[1:])),
            store.append(Append("cem", head, lines)),
            return_exceptions=True,
        )

    ann, bob, cem = asyncio.run(both())
    assert ann.have == cem.have == 2
    assert isinstance(bob, log.LogError)
    assert store.log_text("bob", "orientation") is None


def test_erasing_a_learner_leaves_the_others(store):
    head, lines = lines_of(2)
    send(store, "ann", head, lines)
    send(store, "bob", head, lines)
    assert store.erase("ann") == 2
    assert store.log_text("ann", "orientation") is None
    assert store.log_text("bob", "orientation") == head + "".join(lines)


def test_events_survive_a_restart(tmp_path):
    url = f"sqlite:///{tmp_path}/events.db"
    head, lines = lines_of(2)
    first = EventStore(url)
    send(first, "ann", head, lines[:1])
    first.close()
    second = EventStore(url)
    assert send(second, "ann", head, lines).have == 2
    second.close()
