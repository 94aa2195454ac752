"""A log that comes back as a file: gone on from, or refused with the reason and nothing changed."""

import os

import pytest

from simemr.domain import log, saved, scenario
from simemr.domain.attempt import Attempt, hospital_for
from simemr.domain.log import LogError
from simemr.domain.saved import Unusable, only_here

TOUR = scenario.load("orientation")
HOSPITAL = hospital_for(TOUR)


def read(content):
    return saved.read(content if isinstance(content, bytes) else content.encode(), TOUR, HOSPITAL)


@pytest.fixture
def at(tmp_path):
    """A function that opens the exercise at one of several computers, and closes all at the end."""
    opened = []

    def open_at(computer, seed=3):
        opened.append(Attempt.open(TOUR, tmp_path / computer, hospital=HOSPITAL, seed=seed))
        return opened[-1]

    yield open_at
    for attempt in list(Attempt._opened.values()):
        attempt.close()


def walk(attempt, *tabs):
    if not attempt.session.state.patient:
        attempt.do("open_patient", patient=TOUR.patients[0])
    for tab in tabs:
        attempt.do("open_tab", tab=tab)


def test_a_saved_copy_is_gone_on_from(at):
    first, second = at("ward"), at("home", seed=9)
    walk(first, "notes", "results")
    text, file = read(first.log_text())
    assert only_here(second.log_text(), file) == 0
    second = second.take_over(text, keep=False)
    assert second.log_text() == first.log_text() == second.path.read_text()
    assert second.session.state.tab == "results" and second.kept() == []
    walk(second, "notes")
    assert read(second.log_text())[1].lines[-1].seq == 4


def test_what_is_replaced_is_counted_and_kept(at):
    here, file = at("ward"), at("home", seed=9)
    walk(here, "notes", "results")
    walk(file, "notes")
    text, found = read(file.log_text())
    assert only_here(here.log_text(), found) == 3
    before = here.log_text()
    fresh = here.take_over(text, keep=True)
    assert fresh.log_text() == text
    assert [path.read_text() for path in fresh.kept()] == [before]
    # and twice
    again = fresh.take_over(before, keep=True)
    assert {path.name for path in again.kept()} == {"orientation.replaced.jsonl", "orientation.replaced-2.jsonl"}
    assert {path.read_text() for path in again.kept()} == {before, text}


def test_only_what_the_file_lacks_counts(at):
    here = at("ward")
    walk(here, "notes")
    early = here.log_text()
    walk(here, "results")
    assert only_here(here.log_text(), read(early)[1]) == 1
    assert only_here(early, read(here.log_text())[1]) == 0


def test_the_next_attempt_follows_the_loaded_one(at):
    here, there = at("ward"), at("home")
    there = there.again().again()
    walk(there, "notes")
    here = here.take_over(there.log_text(), keep=False)
    assert here.again().header.attempt == 4


def test_a_torn_last_line_is_dropped_and_said(at):
    here, there = at("ward"), at("home")
    walk(there, "notes", "results")
    text, _ = read(there.log_text()[:-20])
    here = here.take_over(text, keep=False)
    assert here.recovered and len(here.session.state.events) == 2
    walk(here, "notes")
    assert log.read(here.path.read_text()).lines[-1].seq == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: "", "damaged, or is no saved copy: line 1"),
        (lambda t: "hello\nyou\n", "line 1: this is not a line of an answer log"),
        (lambda t: t.replace('"tab":"notes"', '"tab":"orders"'), "line 3: this line, or one before it, was changed"),
        (lambda t: "".join(t.splitlines(True)[:2] + t.splitlines(True)[3:]), "line 3: an event is missing"),
        (lambda t: b"PK\x03\x04", "a zip"),
        (lambda t: b"\xff\xfe" + t.encode(), "damaged"),
        (lambda t: "x" * (saved.MOST_BYTES + 1), "larger than any saved copy"),
        (lambda t: "[" * 100_000 + "\n", "line 1"),
        (lambda t: log.header_line("data-quality", "0.1.0", 3, 1)[1], "another exercise, 'data-quality'"),
        (lambda t: log.header_line("orientation", "9.1.0", 3, 1)[1], "version 9.1.0 of the course"),
        (lambda t: forged(t), "line 5: the action 'open_tab' could not have been done"),
    ],
)
def test_what_cannot_be_gone_on_from_says_why(at, change, says):
    here = at("ward")
    walk(here, "notes", "results")
    with pytest.raises(Unusable, match=says):
        read(change(here.log_text()))


def forged(text):
    """A line more, chained as it must be, of what could not have been done."""
    digest = log.read(text).digest
    return text + log.event_line(digest, 4, "2026-11-24T09:00:00Z", "open_tab", {"tab": "nowhere"})[1]


def test_a_disk_that_refuses_leaves_the_attempt_as_it_was(at, monkeypatch):
    here, there = at("ward"), at("home", seed=9)
    walk(here, "notes")
    walk(there, "results")
    before = here.log_text()

    def refuse(*_args):
        raise OSError("full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(OSError, match="full"):
            here.take_over(there.log_text(), keep=True)
    assert here.path.read_text() == before
    walk(here, "results")
    assert here.path.read_text() == here.log_text() != before


def test_nothing_is_taken_over_unread(at):
    here = at("ward")
    with pytest.raises(LogError):
        here.take_over("hello\n", keep=True)
    assert here.kept() == []
