"""The record of each grade, and grades recomputed from the stored logs."""

import getpass
import sqlite3

import pytest
from typer.testing import CliRunner

from grading import audit, cli, exercise, handin, wiring
from grading.verify import verify
from tests.grading.help import hand_in, records
from tests.grading.test_round_trip import with_rubric


@pytest.fixture
def graded(released, fluid):
    """Two learners graded, one of them twice."""
    hand_in(released, fluid, "ada", fluid.wrong["told nobody"].actions)
    hand_in(released, fluid, "ben", fluid.wrong["nothing marked"].actions)
    wiring.grade(released)
    hand_in(released, fluid, "ada", fluid.model, attempt=2)
    wiring.grade(released)
    return released


def write(course, statement):
    with sqlite3.connect(course.build / "gradebook.db") as database:
        assert database.execute(statement).rowcount > 0


def said(course, **which):
    return {one.learner: one.reason for one in verify(course, **which)}


def test_a_grade_is_recorded_with_what_was_graded_with_what_and_by_whom(graded, fluid):
    assert records(graded) == [("ada", "fluid-chart", 5, 1), ("ada", "fluid-chart", 6, 2), ("ben", "fluid-chart", 1, 1)]
    record = audit.standing(graded)["ada", "fluid-chart"]
    best, _ = handin.best(handin.attempts(graded, "ada", "fluid-chart"))
    assert record.answers == best.sha256 and record.passed
    assert record.rubric == exercise.cached(graded.root, "fluid-chart").fingerprint
    assert record.course_version == graded.version
    assert record.criteria == {"slip-marked": 2, "slip-asked": 1, "balance": 2, "words": 1}
    assert record.graded_by.startswith(f"{getpass.getuser()} on ") and record.graded_by.endswith(", course grade")
    assert len(record.at) == 20 and record.at.endswith("Z")


def test_the_server_is_recorded_as_who_graded(released, fluid):
    from grading.server import grader

    hand_in(released, fluid, "ada", fluid.model)
    grader._grade_waiting(released.root)
    assert audit.standing(released)["ada", "fluid-chart"].graded_by.endswith(", the course server")


def test_what_is_right_agrees(graded):
    assert said(graded) == {"ada": "", "ben": ""}
    assert said(graded, learners=["ada"]) == {"ada": ""}
    assert said(graded, exercises=["warm-up"]) == {}


def test_points_given_by_hand_are_no_disagreement(graded):
    write(graded, "UPDATE grade SET manual_score = 0.5 WHERE auto_score = 0")
    assert said(graded) == {"ada": "", "ben": ""}


@pytest.mark.parametrize(
    ("update", "says"),
    [
        ("grade SET auto_score = 2 WHERE auto_score = 0", "The gradebook has 2 for 'balance', and the log gives 0."),
        ("grade SET auto_score = NULL WHERE auto_score = 0", "The gradebook has nothing for 'balance'"),
        (
            """course_audit SET criteria = replace(criteria, '"words": 1', '"words": 0') WHERE learner = 'ben'""",
            "The record says 0 for 'words', and the log gives 1.",
        ),
        ("course_audit SET learner = 'bea' WHERE learner = 'ben'", "There is no record of this grade."),
        (
            "course_audit SET answers = 'x' || substr(answers, 2) WHERE learner = 'ben'",
            "The log that was graded is not there any more.",
        ),
    ],
)
def test_a_changed_gradebook_or_record_is_found(graded, update, says):
    write(graded, f"UPDATE {update}")
    found = said(graded)
    assert found["ada"] == "" and says in found["ben"]


def test_a_log_that_was_changed_or_lost_is_found(graded):
    _, folder = handin.attempts(graded, "ben", "fluid-chart")[0]
    copies = [graded.build / step / "ben" / "fluid-chart" / "answers" for step in ("submitted", "autograded")]
    logs = [place / "fluid-chart.jsonl" for place in (folder, *copies)]
    logs[0].write_text(logs[0].read_text().replace('"value":100', '"value":101'))
    assert said(graded)["ben"] == "", "there are other copies of the very log"
    for log in logs:
        log.unlink()
    assert said(graded) == {"ada": "", "ben": "The log that was graded is not there any more."}


def test_a_rubric_that_has_changed_since_is_said(graded):
    with_rubric(graded, 'Finding("doubt" in words', 'Finding("sure" in words')
    assert said(graded)["ada"] == (
        "The gradebook has 1 for 'words', and the log gives 0. The rubric or the course has changed since: run "
        "`course grade`."
    )
    wiring.grade(graded)
    assert said(graded)["ada"] == ""


@pytest.fixture
def typed(graded, monkeypatch):
    def run(*words):
        monkeypatch.chdir(graded.root)
        exercise.cached.cache_clear()
        return CliRunner().invoke(cli.app, list(words))

    return run


def test_the_command_says_how_many_agree_and_its_exit_code_tells(typed, graded):
    well = typed("verify")
    assert well.exit_code == 0 and "2 grades were recomputed: 2 agree, 0 do not." in well.output
    one = typed("verify", "--learner", "ada", "--exercise", "fluid-chart")
    assert one.exit_code == 0 and "6 of 6 points, passed, for attempt 2." in one.output and "SHA-256" in one.output
    write(graded, "UPDATE grade SET auto_score = 2 WHERE auto_score = 0")
    ill = typed("verify")
    assert ill.exit_code == 1 and "1 agree, 1 do not." in ill.output and "ben" in ill.output
    none = typed("verify", "--learner", "zoe")
    assert none.exit_code == 1 and "There is no such grade." in none.output


def test_the_command_asks_before_marks_change(typed, graded):
    with_rubric(graded, 'Finding("doubt" in words', 'Finding("sure" in words')
    before = records(graded)
    shown = typed("grade", "--dry-run")
    assert shown.exit_code == 0 and "2 marks would change." in shown.output
    assert "2 to grade. Nothing was written." in shown.output and "words" in shown.output
    asked = typed("grade")
    assert asked.exit_code == 1 and "To change them: course grade --yes" in asked.output
    assert records(graded) == before
    done = typed("grade", "--yes")
    assert done.exit_code == 0 and "2 graded, 0 unchanged" in done.output
    assert typed("verify").exit_code == 0
