"""Through nbgrader and back: release, hand in, grade, gradebook, feedback."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grading import audit, handin, wiring
from grading import exercise as exercise_file
from grading.course import CourseError
from grading.publish import notebooks
from tests.grading.help import grades, hand_in, points, tree

FULL = {"slip-marked": 2, "slip-asked": 1, "balance": 2, "words": 1}


def statuses(outcomes):
    return {(one.learner, one.exercise): one.status for one in outcomes}


def test_release_hand_in_grade_feedback(released, fluid, exercises):
    hand_in(released, fluid, "ada", fluid.model)
    hand_in(released, fluid, "ben", fluid.wrong["nothing marked"].actions)
    hand_in(released, exercises["warm-up"], "ben", exercises["warm-up"].model)
    before = tree(released.build / "submitted")

    told = []
    outcomes = wiring.grade(released, on=lambda outcome, done, of: told.append((done, of)))
    assert statuses(outcomes) == {
        ("ada", "fluid-chart"): "graded",
        ("ben", "fluid-chart"): "graded",
        ("ben", "warm-up"): "graded",
    }
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert points(released, "ada") == FULL
    assert points(released, "ben") == {"slip-marked": 0, "slip-asked": 0, "balance": 0, "words": 1}
    assert points(released, "ben", "warm-up") == {"said-yes": 1}

    assert tree(released.build / "submitted") == before, "grading changes nothing that was handed in"
    for name, content in before.items():
        if name.endswith(".jsonl"):
            assert (released.build / "autograded" / name).read_bytes() == content

    graded = nbformat.read(released.build / "autograded" / "ada" / "fluid-chart" / "fluid-chart.ipynb", as_version=4)
    cell = next(cell for cell in graded.cells if cell.id == "balance")
    assert [output.output_type for output in cell.outputs] == ["execute_result", "display_data"]
    assert cell.outputs[0].data["text/plain"] == "2.0"
    assert "You gave 100 ml." in cell.outputs[1].data["text/html"]

    assert all(one.ok for one in wiring.feedback(released))
    page = (released.build / "feedback" / "ben" / "fluid-chart" / "fluid-chart.html").read_text()
    assert "Fifteen litres in one entry cannot be right." in page
    assert "1 of 6 points." in page
    assert "://" not in page.replace("http://www.w3.org/", ""), "the page asks no other host for anything"


def test_what_is_graded_and_unchanged_is_left_alone(released, fluid):
    hand_in(released, fluid, "ada", fluid.wrong["told nobody"].actions)
    assert statuses(wiring.grade(released)) == {("ada", "fluid-chart"): "graded"}
    assert statuses(wiring.grade(released)) == {("ada", "fluid-chart"): "unchanged"}
    hand_in(released, fluid, "ada", fluid.model, attempt=2)
    assert statuses(wiring.grade(released)) == {("ada", "fluid-chart"): "graded"}
    assert points(released, "ada") == FULL
    hand_in(released, fluid, "ada", fluid.wrong["nothing marked"].actions, attempt=3)
    assert statuses(wiring.grade(released)) == {("ada", "fluid-chart"): "unchanged"}, "the best attempt counts"
    assert statuses(wiring.grade(released, again=True)) == {("ada", "fluid-chart"): "graded"}
    (released.build / "gradebook.db").unlink()
    wiring.release(released)
    assert statuses(wiring.grade(released)) == {("ada", "fluid-chart"): "graded"}, "a lost gradebook is filled again"
    assert points(released, "ada") == FULL


def test_a_trainers_own_points_stay(released, fluid):
    hand_in(released, fluid, "ada", fluid.wrong["told nobody"].actions)
    wiring.grade(released)
    with sqlite3.connect(released.build / "gradebook.db") as database:
        database.execute(
            "UPDATE grade SET manual_score = 0.5 WHERE cell_id IN (SELECT id FROM base_cell WHERE name = 'words')"
        )
    wiring.grade(released, again=True)
    assert grades(released)["ada", "fluid-chart"]["words"] == (0, 0.5)


def test_a_hand_in_without_answers_is_0_and_says_nothing_was_handed_in(released):
    folder = released.build / "submitted" / "ada" / "fluid-chart"
    folder.mkdir(parents=True)
    shutil.copy(released.build / "release" / "fluid-chart" / "fluid-chart.ipynb", folder)
    assert wiring.grade(released)[0].points == 0
    assert set(points(released, "ada").values()) == {0}
    text = (released.build / "autograded" / "ada" / "fluid-chart" / "fluid-chart.ipynb").read_text()
    assert "Nothing was handed in." in text


def damage(course, learner, change):
    file = course.build / "submitted" / learner / "fluid-chart" / "answers" / "fluid-chart.jsonl"
    file.write_bytes(change(file.read_bytes()))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda log: log.replace(b'"value":100', b'"value":101'), "line 3: "),
        (lambda log: b"", "line 1: "),
        (lambda log: log.replace(b"fluid-chart", b"warm-up"), "line 1: "),
        (lambda log: b"\xff\xfe" + log, "line 1: "),
        (lambda log: b"x" * (5 * 2**20 + 1), "MiB"),
    ],
)
def test_a_damaged_hand_in_is_refused_and_the_others_are_graded(released, fluid, change, says):
    for learner in ("ada", "ben", "cy"):
        hand_in(released, fluid, learner, fluid.model)
    wiring.grade(released)
    before = grades(released)
    damage(released, "ben", change)
    hand_in(released, fluid, "dot", fluid.model)
    outcomes = {one.learner: one for one in wiring.grade(released)}
    assert outcomes["ben"].status == "refused" and says in outcomes["ben"].reason
    assert outcomes["dot"].status == "graded"
    after = grades(released)
    assert after.pop(("dot", "fluid-chart")) == {name: (most, None) for name, most in FULL.items()}
    assert after == before, "nobody else's row changed, and ben keeps what he had"
    incident = json.loads((released.build / "incidents.jsonl").read_text().splitlines()[-1])
    assert incident["learner"] == "ben" and says in incident["reason"]


def test_answers_left_in_the_source_folder_stop_grading_and_nobody_gets_them(released, fluid):
    hand_in(released, fluid, "ada", fluid.wrong["nothing marked"].actions)
    trap = released.build / "source" / "fluid-chart" / "answers"
    trap.mkdir()
    (trap / "fluid-chart.jsonl").write_text(fluid.log_text(fluid.model))
    outcome = wiring.grade(released)[0]
    assert outcome.status == "failed" and "delete it" in outcome.reason
    assert not any(auto for auto, _ in grades(released).get(("ada", "fluid-chart"), {}).values())
    shutil.rmtree(trap)
    assert wiring.grade(released)[0].status == "graded"
    assert points(released, "ada")["words"] == 1


def with_rubric(course, old, new):
    rubric = course.exercise_folder / "fluid-chart" / "rubric.py"
    assert old in rubric.read_text()
    rubric.write_text(rubric.read_text().replace(old, new))
    exercise_file.cached.cache_clear()


def test_a_criterion_that_fails_is_reported_and_nobody_gets_0_for_it(released, fluid):
    with_rubric(released, "    if given is None:", "    given / 0\n    if given is None:")
    with pytest.raises(CourseError, match="criterion 'balance' failed to judge"):
        hand_in(released, fluid, "ada", fluid.model)
    kept = handin.attempts(released, "ada", "fluid-chart")
    assert len(kept) == 1 and kept[0][0].score is None, "the attempt is kept all the same"

    with_rubric(released, "    given / 0\n", "")
    log = (kept[0][1] / "fluid-chart.jsonl").read_text()
    assert handin.accept(released, "ada", "fluid-chart", log).result.passed


def test_a_mended_rubric_changes_what_was_handed_in_before(released, fluid):
    hand_in(released, fluid, "ada", fluid.wrong["the wrong way round"].actions)
    hand_in(released, fluid, "ada", fluid.wrong["told nobody"].actions, attempt=2)
    assert wiring.grade(released)[0].points == 5
    with_rubric(released, "0.5 if given == -100", "1 if given == -100")
    assert wiring.grade(released)[0].points == 6, "the first attempt is now the better one"
    assert points(released, "ada") == FULL


def test_new_criteria_after_a_hand_in_are_refused_in_a_sentence(released, fluid):
    hand_in(released, fluid, "ada", fluid.model)
    wiring.grade(released)
    with_rubric(released, '"words",\n', '"said-it",\n')
    answers = released.exercise_folder / "fluid-chart" / "answers.py"
    answers.write_text(answers.read_text().replace('{"words"}', '{"said-it"}'))
    outcome = wiring.grade(released)[0]
    assert outcome.status == "failed" and "run `course release` again" in outcome.reason
    notebooks.write_exercises(released, [exercise_file.load(released, "fluid-chart")])
    with pytest.raises(CourseError, match="could not release 'fluid-chart': Cannot add or remove cells"):
        wiring.release(released, ["fluid-chart"])
    assert points(released, "ada") == FULL


def test_release_holds_no_key(released, fluid):
    for name, content in tree(released.build / "release").items():
        text = content.decode()
        assert name.endswith(".ipynb")
        for criterion in fluid.criteria:
            assert criterion.title not in text and criterion.missed not in text
        assert "grading" not in text and "rubric" not in text.lower()


def test_grading_before_release_is_refused_in_a_sentence(course, fluid):
    hand_in(course, fluid, "ada", fluid.model)
    outcome = wiring.grade(course)[0]
    assert outcome.status == "failed" and "run `course release` first" in outcome.reason


def test_folders_that_are_nobodys_or_no_exercise_are_named(released, fluid):
    (released.build / "submitted" / "a b" / "fluid-chart").mkdir(parents=True)
    (released.build / "submitted" / "ada" / "no-such").mkdir(parents=True)
    outcomes = statuses(wiring.grade(released))
    assert outcomes == {("a b", "fluid-chart"): "refused", ("ada", "no-such"): "failed"}


def test_the_working_directory_stays(released, fluid, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    hand_in(released, fluid, "ada", fluid.model)
    wiring.grade(released)
    damage(released, "ada", lambda log: b"")
    wiring.grade(released)
    assert Path.cwd() == tmp_path


def test_grade_one_grades_one(released, fluid):
    for learner in ("ada", "ben"):
        hand_in(released, fluid, learner, fluid.model)
    assert wiring.grade_one(released, "ada", "fluid-chart").passed
    assert list(grades(released)) == [("ada", "fluid-chart")]
    assert audit.waiting(released) == [("ben", "fluid-chart")]
    assert wiring.grade_one(released, "cy", "fluid-chart").status == "refused"


def test_the_stock_command_and_the_stock_collector_use_the_same_wiring(released, fluid):
    from tests.grading.help import log_of, zip_of

    archive = released.build / "downloaded" / "fluid-chart" / "archive"
    archive.mkdir(parents=True)
    log = log_of(fluid, fluid.wrong["told nobody"].actions)
    (archive / "ada__fluid-chart.zip").write_bytes(zip_of({"answers/fluid-chart.jsonl": log}))
    (archive / "eve__fluid-chart.zip").write_bytes(zip_of({"../fluid-chart.jsonl": log}))
    for command in (["zip_collect", "fluid-chart"], ["autograde", "fluid-chart"]):
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=released.build, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    assert points(released, "ada") == {**FULL, "words": 0}
    assert list(grades(released)) == [("ada", "fluid-chart")]
    assert len(handin.attempts(released, "ada", "fluid-chart")) == 1, "it passed the gate"


def test_the_course_may_lie_in_a_folder_of_any_name_that_nbgrader_can_find(released_once, fluid, tmp_path):
    from grading import course as course_file

    odd = course_file.load(Path(shutil.copytree(released_once, tmp_path / "my ward é 50%20 & co")))
    hand_in(odd, fluid, "ada", fluid.model)
    assert wiring.grade(odd)[0].status == "graded"
    assert points(odd, "ada") == FULL
    lost = course_file.load(Path(shutil.copytree(released_once, tmp_path / "ward [7]")))
    with pytest.raises(CourseError, match="move the course"):
        wiring.release(lost)
