"""The answer log: what was written comes back, and anything else is refused with the line and the cause."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import log

texts = st.text(max_size=30)
arguments = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.one_of(texts, st.integers(-(10**6), 10**6), st.lists(texts, max_size=3), st.booleans(), st.none()),
    max_size=4,
)
events = st.lists(st.tuples(texts, arguments), max_size=8)


def written(done):
    header, text = log.header_line("orientation", "0.1.0", 7, 1)
    digest = header.digest
    for seq, (action, args) in enumerate(done, start=1):
        digest, line = log.event_line(digest, seq, "2026-03-12T14:00:00Z", action, args)
        text += line
    return text


def read_events(text):
    return [(line.action, line.args) for line in log.read(text).lines]


@given(events)
def test_what_was_written_comes_back(done):
    text = written(done)
    read = log.read(text)
    assert read_events(text) == done
    assert (read.header.exercise, read.header.seed, read.header.attempt) == ("orientation", 7, 1)
    assert not read.torn
    assert read.good == len(text)


@given(events, st.data())
def test_any_truncation_gives_the_events_before_it_or_says_that_nothing_was_written(done, data):
    text = written(done)
    cut = text[: data.draw(st.integers(0, len(text)))]
    if "\n" not in cut and len(cut) < len(text.split("\n")[0]):
        with pytest.raises(log.TornHeader):
            log.read(cut)
        return
    read = log.read(cut)
    kept = [(line.action, line.args) for line in read.lines]
    assert kept == done[: len(kept)]
    # every whole line is kept; a torn one is said to be torn
    whole_lines = [line for line in text.split("\n")[1:] if line and line in cut]
    assert len(kept) >= len([line for line in whole_lines if line + "\n" in cut])
    assert read.torn == (not cut.endswith("\n") and cut[read.good :] != "")
    assert log.read(cut[: read.good]).lines == read.lines


@given(events.filter(lambda done: len(done) > 1), st.data())
def test_any_reordering_of_lines_is_refused(done, data):
    lines = written(done).splitlines(keepends=True)
    order = data.draw(st.permutations(range(1, len(lines))))
    shuffled = [lines[0], *(lines[i] for i in order)]
    if shuffled == lines:
        return
    with pytest.raises(log.LogError) as caught:
        log.read("".join(shuffled))
    assert caught.value.line >= 2


@given(events.filter(bool), st.data())
def test_a_missing_or_repeated_line_is_refused(done, data):
    lines = written(done).splitlines(keepends=True)
    at = data.draw(st.integers(1, len(lines) - 1))
    with pytest.raises(log.LogError):
        log.read("".join([*lines[: at + 1], *lines[at:]]))
    if at < len(lines) - 1:
        with pytest.raises(log.LogError):
            log.read("".join(lines[:at] + lines[at + 1 :]))


@given(events.filter(bool), st.data())
def test_any_changed_character_of_a_whole_line_is_refused_or_means_the_same(done, data):
    text = written(done)
    position = data.draw(st.integers(0, len(text) - 2))
    replacement = data.draw(st.sampled_from('0aZ"}{,: \n\x00é'))
    changed = text[:position] + replacement + text[position + 1 :]
    try:
        read = log.read(changed)
    except log.LogError as error:
        assert str(error).startswith("line ")
        return
    assert [(line.action, line.args) for line in read.lines] == done


def edited(text, number, **changes):
    lines = text.splitlines()
    fields = json.loads(lines[number - 1])
    fields.update(changes)
    lines[number - 1] = log.canonical(fields)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        (edited(written([("a", {})]), 2, args={"x": 1}), 2, "changed after it was written"),
        (edited(written([("a", {})]), 1, attempt=2), 1, "changed after it was written"),
        (edited(written([("a", {})]), 1, schema=9), 1, "another version of the course"),
        (edited(written([("a", {})]), 2, seq=3), 2, "an event is missing"),
        (edited(written([("a", {})]), 2, seq=True), 2, "wrong type"),
        (edited(written([("a", {})]), 2, extra=1), 2, "wrong parts (extra)"),
        (written([("a", {})]).replace("{}", "[]"), 2, "wrong type"),
        (written([("a", {})]) + "\n", 3, "not a line of an answer log"),
        (written([]) + "hello\n", 2, "not a line of an answer log"),
        ("hello\n", 1, "not a line of an answer log"),
        (written([("a", {"x": 1})]).replace('"x":1', '"x":NaN'), 2, "changed after it was written"),
        ("[" * 100_000 + "\n", 1, "not a line of an answer log"),
    ],
)
def test_damage_is_named_with_its_line_and_cause(text, line, cause):
    with pytest.raises(log.LogError) as caught:
        log.read(text)
    assert caught.value.line == line
    assert cause in str(caught.value)


def test_an_endless_log_is_refused():
    header, text = log.header_line("orientation", "0.1.0", 1, 1)
    with pytest.raises(log.LogError, match="more than"):
        log.read(text + "x\n" * (log.MAX_LINES + 1))
