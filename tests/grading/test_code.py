"""Code criteria: how they are declared, checked and shown, and that they never count. What they must withstand is in
tests/threats.
"""

import re

import pytest

from grading import account, exercise, report, wiring
from grading import course as course_file
from grading.course import CourseError
from grading.publish import notebooks
from grading.rubric import Finding, Rubric, RubricError
from grading.sandbox import Limits, plain
from grading.scoring import score
from simemr.html.debrief import debrief
from tests.grading.help import REPOSITORY, hand_in, log_of
from tests.threats.conftest import beds, code_course, code_released  # noqa: F401
from tests.threats.help import with_code

GOOD = {
    "cell": "count", "emits": {"x": int}, "points": 1,
    "objective": "o", "title": "t", "met": "m", "missed": "n", "read": "r",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cell": ""}, "the id of a code cell"),
        ({"emits": {}}, "at least one variable"),
        ({"emits": {"a b": int}}, "can't be a variable"),
        ({"emits": {"_x": int}}, "can't be a variable"),
        ({"emits": {"x": object}}, "does not leave the sandbox"),
        ({"emits": {"x": dict[int, int]}}, "does not leave the sandbox"),
        ({"emits": {"x": int | str}}, "does not leave the sandbox"),
        ({"points": 0}, "points must be"),
        ({"met": " "}, "must be a text"),
    ],
)
def test_a_code_criterion_that_cannot_work_is_refused(change, says):
    with pytest.raises(RubricError, match=says):
        Rubric().code_criterion("c", **{**GOOD, **change})


def test_code_criteria_are_beside_the_others():
    rubric = Rubric()
    rubric.code_criterion("c", **GOOD)(lambda values: Finding(1, "x"))
    assert (len(rubric), list(rubric), [one.id for one in rubric.extras]) == (0, [], ["c"])
    with pytest.raises(RubricError, match="used twice"):
        rubric.code_criterion("c", **GOOD)


@pytest.mark.parametrize(
    ("value", "kind", "comes"),
    [(3, int, 3), (3.0, int, 3), (3, float, 3.0), ([1, 2.5], list[float], [1.0, 2.5]), (None, int | None, None),
     (4, int | None, 4), ({"a": ["b"]}, dict[str, list[str]], {"a": ["b"]}), (True, bool, True)],
)  # fmt: skip
def test_values_are_taken_for_what_they_are(value, kind, comes):
    found = plain.typed(value, kind)
    assert found == comes and type(found) is type(comes)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, int), (1, bool), ("3", int), (3.5, int), (None, int), (float("nan"), float), (float("inf"), float),
     (10**400, int), ([1, "a"], list[int]), ({"a": None}, dict[str, int]), ("\ud800", str), ("x" * 20_000, str),
     ([0] * 20_000, list[int])],
)  # fmt: skip
def test_values_of_another_kind_are_refused(value, kind):
    with pytest.raises(plain.NotPlain, match="it should be"):
        plain.typed(value, kind)


def test_every_exercise_with_code_does_what_its_authors_say(beds):  # noqa: F811
    assert list(exercise.verify(beds)) == []
    course = course_file.load(REPOSITORY, check_folders=False)
    made = exercise.load(course, "data-quality")
    assert [one.id for one in made.extras] == ["for-the-board"] and list(exercise.verify(made)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"describe": DESCRIBE}, 5)', '"describe": ""}, 5)', "earns 2 extra points, not 5"),
        ('"MODEL":', '"OTHER":', "must have a 'MODEL' that earns all 5"),
        ('    "adds up text"', '    "x": ({"nowhere": ""}, 0),\n    "adds up text"', r"CODE\['x'\] must be"),
    ],
)  # fmt: skip
def test_authors_code_that_is_not_as_they_say_is_named(code_course, old, new, says):  # noqa: F811
    file = code_course.root / "exercises" / "bed-days" / "answers.py"
    file.write_text(file.read_text().replace(old, new))
    try:
        problems = list(exercise.verify(exercise.load(code_course, "bed-days")))
    except CourseError as error:
        problems = [str(error)]
    assert any(re.search(says, problem) for problem in problems), problems


def test_a_cell_and_its_criterion_need_each_other(code_course):  # noqa: F811
    file = code_course.root / "exercises" / "bed-days" / "scenario.toml"
    text = file.read_text()
    file.write_text(text.replace('id = "count"', 'id = "other"'))
    with pytest.raises(CourseError, match="judges the code cell 'count', which scenario.toml lacks"):
        exercise.load(code_course, "bed-days")
    file.write_text(text + '\n[[code]]\nid = "more"\ntext = "x"\nstart = "x"\n')
    with pytest.raises(CourseError, match="no criterion judges the code cell 'more'"):
        exercise.load(code_course, "bed-days")


def test_limits_are_settings(code_course):  # noqa: F811
    assert code_course.limits == Limits(wall=10, cpu=8, memory=512 * 2**20)
    assert course_file.load(REPOSITORY, check_folders=False).limits == Limits(30, 20, 2**30, 64, 64 * 2**20, 2**20)
    toml = code_course.root / "course.toml"
    text = toml.read_text()
    for old, new, says in (
        ("seconds = 10", "seconds = 0", r"course\.toml:12: 'seconds' must be a whole number from 1"),
        ("seconds = 10", "sekunden = 10", r"course\.toml:12: \[sandbox\] has no setting called 'sekunden'"),
    ):
        toml.write_text(text.replace(old, new, 1))
        with pytest.raises(CourseError, match=says):
            course_file.load(code_course.root)


def test_the_released_notebook_has_the_cell_to_write_in_and_the_browser_has_none(beds):  # noqa: F811
    notebook = notebooks.exercise(beds)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["count-code"].source == "%%code bed-days count\ntotal = ...\n"
    assert not cells["count-code"].metadata.nbgrader.locked and cells["total"].metadata.nbgrader.points == 0
    shown = {cell.id for cell in notebooks.in_browser(notebook).cells}
    assert not {"count-code", "count-code-text"} & shown and {"gap-marked", "total"} <= shown


def test_at_hand_in_code_waits_and_the_learner_is_told(code_course, beds):  # noqa: F811
    taken = hand_in(code_course, beds, "ada", with_code(beds))
    assert (taken.result.points, taken.result.max, taken.result.passed) == (4, 4, True)
    assert all(extra.waiting for extra in taken.result.extras), "the gate runs nothing"
    page = str(debrief(taken.result.debrief()))
    assert "Extra" in page and "when your hand-in is graded" in page


def test_extra_points_are_shown_and_count_for_nothing(code_course, beds):  # noqa: F811
    hand_in(code_course, beds, "ada", with_code(beds))
    hand_in(
        code_course,
        beds,
        "ben",
        [("write_code", {"cell": "count", "source": beds.code["MODEL"][0]["count"]}), ("hand_in", {})],
    )
    assert {(one.learner, one.points, one.passed) for one in wiring.grade(code_course)} == {
        ("ada", 4, True),
        ("ben", 0, False),
    }
    cells = {line.learner: line.cells[0] for line in report.completion(code_course).lines}
    assert (cells["ada"].points, cells["ada"].max, cells["ada"].extra, cells["ada"].status) == (4, 4, 5, "passed")
    assert (cells["ben"].points, cells["ben"].extra, cells["ben"].status) == (0, 2, "not passed")
    made = report.completion(code_course)
    assert "4 of 4 and 5 extra" in report.page(made) and report.csv_text(made).splitlines()[0].endswith("extra_points")
    assert wiring.feedback(code_course)[0].ok
    page = (code_course.build / "feedback" / "ada" / "bed-days" / "bed-days.html").read_text()
    assert "Extra: Added up all: met, 1 of 1 extra points" in page


def test_code_that_cannot_be_run_here_waits_for_a_person_and_keeps_what_they_gave(code_course, beds, monkeypatch):  # noqa: F811
    import sqlite3

    from grading import sandbox

    def none(*args, **more):
        raise sandbox.Unavailable("no walls stand here")

    monkeypatch.setattr(sandbox, "run", none)
    hand_in(code_course, beds, "ada", with_code(beds))
    assert wiring.grade(code_course)[0].points == 4
    book = code_course.build / "gradebook.db"
    with sqlite3.connect(book) as database:
        assert database.execute("SELECT count(*) FROM grade WHERE needs_manual_grade").fetchall() == [(4,)]
        database.execute("UPDATE grade SET extra_credit = 1.5 WHERE needs_manual_grade")
    assert "no walls stand here" in (code_course.build / "incidents.jsonl").read_text()
    assert wiring.grade(code_course, again=True)[0].points == 4
    with sqlite3.connect(book) as database:
        assert database.execute("SELECT sum(extra_credit) FROM grade").fetchall() == [(6.0,)], "a person's points stay"


def test_the_account_shows_the_code(beds):  # noqa: F811
    extra = score(beds, log_of(beds, with_code(beds)), run_code=True).extras[0]
    shown = account.extra_html(extra)
    assert "nights.groupby(beds[&quot;ward&quot;])" in shown and "1 of 1 extra points" in shown


def test_doctor_tells_which_walls_stand(monkeypatch):
    from typer.testing import CliRunner

    from grading.cli import app

    monkeypatch.chdir(REPOSITORY)
    ran = CliRunner().invoke(app, ["doctor"])
    assert ran.exit_code == 0, ran.output
    assert "Sandbox: bubblewrap" in ran.output and "64 processes" in ran.output
    assert ran.output.count("used") == 1 or "left for manual grading" in ran.output
