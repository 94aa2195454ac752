"""A log is scored as data: what it earns, what is refused, and whose fault it is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import course as course_file
from grading import exercise as exercise_file
from grading.scoring import NOTHING, GradingError, Refused, nothing_handed_in, open_log, score
from tests.grading.help import SMALL_COURSE, log_of

FLUID = exercise_file.load(course_file.load(SMALL_COURSE), "fluid-chart")
LOG = FLUID.log_text(FLUID.model)


def test_full_marks(fluid):
    result = score(fluid, LOG)
    assert (result.points, result.max, result.passed, result.critical_missed) == (6, 6, True, ())


def test_part_of_a_criterion_earns_part_of_its_points(fluid):
    result = score(fluid, log_of(fluid, fluid.wrong["the wrong way round"].actions))
    balance = next(c for c in result.criteria if c.id == "balance")
    assert (balance.points, balance.met) == (1, False)
    assert result.passed, "5 of 6 is above the pass mark of 0.75"


def test_a_missed_critical_criterion_fails_whatever_the_score(root):
    toml = root / "course.toml"
    toml.write_text(toml.read_text().replace("pass_mark = 0.75", "pass_mark = 0.5"))
    made = exercise_file.load(course_file.load(root), "fluid-chart")
    actions = [
        ("flag_cell", {"row": "e1", "column": "in_ml", "kind": "plausibility", "decision": "ask"}),
        *made.model[1:],
    ]
    result = score(made, log_of(made, actions))
    assert result.points / result.max > made.pass_mark
    assert (result.critical_missed, result.passed) == (("slip-marked",), False)


def test_a_score_at_the_pass_mark_passes_in_spite_of_binary_fractions(root):
    toml = root / "course.toml"
    toml.write_text(toml.read_text().replace("pass_mark = 0.75", f"pass_mark = {5 / 6!r}"))
    made = exercise_file.load(course_file.load(root), "fluid-chart")
    assert score(made, log_of(made, made.wrong["told nobody"].actions)).passed


def test_the_debrief_is_plain_json_and_tells_which_was_critical(fluid):
    debrief = json.loads(json.dumps(score(fluid, LOG).debrief()))
    assert set(debrief) == {
        "exercise", "title", "attempt", "score", "max", "passed", "pass_mark", "counted", "criteria", "extras",
    }  # fmt: skip
    first = debrief["criteria"][0]
    assert set(first) == {
        "id", "title", "points", "max", "met", "critical", "debrief", "evidence", "read", "read_url",
    }  # fmt: skip
    assert first["critical"] and first["debrief"] == "You marked the entry that cannot be right."
    assert first["read_url"] == "notebooks/fluids.html#when-in-doubt"


def test_a_missing_log_is_0_for_all_and_says_so(fluid):
    result = nothing_handed_in(fluid)
    assert (result.points, result.passed) == (0, False)
    assert {c.evidence for c in result.criteria} == {NOTHING}


@pytest.mark.parametrize("fault", ["raise KeyError('x')", "return 1", "return Finding(2, 'x')"])
def test_a_criterion_that_fails_is_our_fault_and_nobodys_0(root, fault):
    rubric = root / "exercises" / "fluid-chart" / "rubric.py"
    rubric.write_text(rubric.read_text().replace("    decided =", f"    {fault}\n    decided ="))
    made = exercise_file.load(course_file.load(root), "fluid-chart")
    with pytest.raises(GradingError, match=r"exercises/fluid-chart/rubric\.py: criterion 'slip-asked'"):
        score(made, log_of(made, made.model))


def edited(number, change):
    lines = LOG.splitlines(keepends=True)
    lines[number - 1] = change(lines[number - 1])
    return "".join(lines)


def without(number):
    lines = LOG.splitlines(keepends=True)
    return "".join(lines[: number - 1] + lines[number:])


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (edited(3, lambda line: line.replace("100", "101")), 3),
        (edited(2, lambda line: line.replace('"ask"', '"fix"')), 2),
        (edited(1, lambda line: line.replace('"attempt":1', '"attempt":2')), 1),
        (edited(1, lambda line: line.replace('"seed":1', '"seed":2')), 1),
        (edited(3, lambda line: "{}\n"), 3),
        (edited(3, lambda line: "not json\n"), 3),
        (without(3), 3),
        (LOG + LOG.splitlines(keepends=True)[-1], 6),
        ("", 1),
        ("\n", 1),
    ],
)
def test_a_damaged_log_is_refused_with_its_line(fluid, log, line):
    with pytest.raises(Refused, match=f"line {line}: "):
        score(fluid, log)


def test_a_log_of_another_exercise_is_refused(fluid, exercises):
    other = exercises["warm-up"]
    with pytest.raises(Refused, match="line 1: this is the log of 'warm-up'"):
        score(fluid, log_of(other, other.model))


@pytest.mark.parametrize(("version", "taken"), [("0.1.0", True), ("0.1.9", True), ("0.2.0", False), ("1.1.0", False)])
def test_a_log_of_another_version_is_refused_unless_only_text_was_mended(fluid, version, taken):
    from grading.answers import log_text

    log = log_text(fluid.scenario, fluid.hospital, fluid.model, course_version=version)
    if taken:
        assert score(fluid, log).points == 6
    else:
        with pytest.raises(Refused, match=f"version {version} of the course.*line 1"):
            score(fluid, log)


def test_a_torn_last_line_is_left_out_and_told(fluid):
    torn = LOG[: LOG.rindex('"action"')]
    result = score(fluid, torn)
    assert result.torn and result.points == 6, "only the hand-in was torn off"


def test_bytes_that_are_no_text_are_refused_with_their_line(fluid):
    with pytest.raises(Refused, match="line 2: it is not UTF-8"):
        open_log(fluid, LOG.encode().replace(b"plausibility", b"plaus\xff\xfeity", 1))


def test_half_a_character_is_refused(fluid):
    with pytest.raises(Refused):
        open_log(fluid, LOG.replace('"exercise":"fluid-chart"', '"exercise":"\\ud800"', 1))


def test_a_log_that_is_too_large_is_refused_without_reading_it(fluid):
    with pytest.raises(Refused, match="MiB"):
        open_log(fluid, b"x" * (5 * 2**20 + 1))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutation_of_a_log_earns_points_that_its_actions_did_not(data):
    """Whatever bytes change, the log is refused, or it is the same log."""
    raw = bytearray(LOG.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        if not raw:
            break
    try:
        result = score(FLUID, bytes(raw))
    except Refused as refused:
        assert str(refused)
    else:
        assert 0 <= result.points <= result.max
        whole = bytes(raw).rpartition(b"\n")[0] if result.torn else bytes(raw).rstrip(b"\n")
        # Only a changed last line without its end can be dropped; all else is the log as it was.
        assert LOG.encode().startswith(whole)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_rubbish_is_refused_in_a_sentence(rubbish):
    with pytest.raises(Refused):
        open_log(FLUID, rubbish)
