"""Answer logs that are not what they should be: refused with the line and the cause, and nobody else suffers.

That any change of any character is found is shown in tests/simemr/domain/test_log.py.
"""

import json

import pytest

from grading import handin, wiring
from grading.answers import log_text
from grading.scoring import Refused
from simemr.domain import log as logs
from tests.grading.help import hand_in, log_of

case = pytest.mark.case


def refused(course, text):
    with pytest.raises(Refused) as error:
        handin.accept(course, "ada", "fluid-chart", text)
    assert handin.attempts(course, "ada", "fluid-chart") == [], "nothing is kept"
    assert "ada" in (course.build / "incidents.jsonl").read_text(), "the incident is logged"
    return str(error.value)


def chained(*events, exercise="fluid-chart", version="0.1.0"):
    """A log whose digests are right, whatever it says: a learner can make one."""
    header, line = logs.header_line(exercise, version, 1, 1)
    lines, digest = [line], header.digest
    for seq, (action, args) in enumerate(events, start=1):
        digest, line = logs.event_line(digest, seq, "2026-03-12T09:00:00Z", action, args)
        lines.append(line)
    return "".join(lines)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [*lines[:2], lines[2].replace("100", "101"), *lines[3:]], "line 3: this line, or one before"),
        (lambda lines: [*lines[:2], *lines[3:]], "line 3: an event is missing"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "line 4: an event is repeated"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "line 2: an event is missing or in the wrong place"),
        (lambda lines: [lines[0].replace('"seed":', '"seed":1'), *lines[1:]], "line 1: the first line was changed"),
        (lambda lines: lines[1:], "line 1"),
        (lambda lines: [*lines[:2], "{}\n", *lines[2:]], "line 3: it has the wrong parts"),
        (lambda lines: [*lines[:2], "[" * 100_000 + "\n", *lines[2:]], "line 3: this is not a line of an answer log"),
        (lambda lines: [*lines, "\0\n"], "this is not a line of an answer log"),
        (lambda lines: ["\ufeff", *lines], "line 1"),
    ],
    ids=["changed", "missing", "repeated", "swapped", "another seed", "no head", "empty", "deep", "NUL", "BOM"],
)
@case("a changed, missing, repeated, swapped line; another seed; nesting 100,000 deep; NUL", "refused: line and cause")
def test_a_damaged_log(course, fluid, change, says):
    lines = log_of(fluid, fluid.model).splitlines(keepends=True)
    assert says in refused(course, "".join(change(lines)))


@case("a log of another exercise", "refused: line and cause")
def test_another_exercises_log(course, exercises):
    assert "line 1: this is the log of 'warm-up'" in refused(
        course, log_of(exercises["warm-up"], exercises["warm-up"].model)
    )


@pytest.mark.parametrize("version", ["0.2.0", "9.0.0", "", "x" * 5000, "0.1.0<script>"])
@case("a log of another version of the course", "refused: line and cause, cut short")
def test_another_versions_log(course, fluid, version):
    text = log_text(fluid.scenario, fluid.hospital, fluid.model, course_version=version)
    said = refused(course, text)
    assert "line 1" in said and len(said) < 300


@case("another learner's log", "refused; the trainer is told whose it is, the learner is not")
def test_another_learners_log(course, fluid):
    text = log_of(fluid, fluid.model)
    handin.accept(course, "ben", "fluid-chart", text)
    assert "under another name" in (said := refused(course, text)) and "ben" not in said


@pytest.mark.parametrize(
    "event",
    [
        ("no_such_action", {}),
        ("__import__", {"name": "os"}),
        ("flag_cell", {"row": "e3", "column": "in_ml", "kind": "plausibility"}),
        ("flag_cell", {"row": "e99", "column": "in_ml", "kind": "plausibility", "decision": "ask"}),
        ("flag_cell", {"row": ["e3"], "column": "in_ml", "kind": "plausibility", "decision": "ask"}),
        ("flag_cell", {"row": "e3", "column": "in_ml", "kind": "plausibility", "decision": "ask", "points": 100}),
        ("answer", {"question": "balance", "value": 10**400}),
        ("answer", {"question": "words", "value": "x" * 100_000}),
        ("answer", {"question": "words", "value": {"a": {"b": {"c": {"d": {"e": 1}}}}}}),
        ("write_code", {"cell": "x", "source": "import os"}),
    ],
)
@case("well-made lines of actions that can't be done, with arguments that don't fit", "refused: line and cause")
def test_an_action_that_could_not_have_been_done(course, event):
    assert refused(course, chained(event)).startswith("The answers cannot be read: line 2: ")


@case("two attempts in one log, or anything after handing in", "refused: line and cause")
def test_after_handing_in(course):
    done = ("hand_in", {})
    assert "line 3" in refused(course, chained(done, done))


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{}", b"null\n", b"\0" * 1000, b"a" * (6 * 2**20), b"{" * 10**6]
)
@case("no log at all: empty, bytes, JSON of something else, megabytes", "refused with the cause")
def test_no_log_at_all(course, content):
    assert "answers" in refused(course, content)


@case("NaN, Infinity and numbers without end in a line", "refused: line and cause")
def test_numbers_that_are_none(course, fluid):
    for odd in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 5000):
        line = json.dumps({"seq": 1, "at": "x", "action": "answer", "args": {"v": 0}, "digest": "x"}).replace(
            "0}", f"{odd}}}"
        )
        assert "line 2" in refused(course, log_of(fluid, []) + line + "\n")


@case("50,000 lines more than anybody writes", "refused")
def test_a_log_without_end(course):
    assert "more than" in refused(course, log_of_many(60_000))


def log_of_many(number):
    return "".join(f"{{}}{chr(10)}" for _ in range(number))


@case("a bad log among a cohort's", "the others are graded, the incident is logged, nobody's rows change")
def test_the_others_are_graded(released, fluid):
    from tests.grading.help import grades

    for learner in ("ada", "ben", "cy"):
        hand_in(released, fluid, learner, fluid.model)
    assert all(one.ok for one in wiring.grade(released))
    before = grades(released)
    bad = released.build / "submitted" / "ben" / "fluid-chart" / "answers" / "fluid-chart.jsonl"
    bad.write_text(bad.read_text().replace("100", "101"))
    outcomes = {one.learner: one for one in wiring.grade(released, again=True)}
    assert outcomes["ben"].status == "refused" and "line" in outcomes["ben"].reason
    assert outcomes["ada"].status == outcomes["cy"].status == "graded"
    assert grades(released) == before, "and what ben had stands"
    assert "ben" in (released.build / "incidents.jsonl").read_text()
