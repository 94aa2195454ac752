"""The batch against stock nbgrader, and what a changed rubric does to marks that were given."""

import json
import logging
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import nbformat
import pytest
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading import audit, handin, wiring
from grading import course as course_file
from grading.batch import execute, executors, run
from grading.course import CourseError
from tests.grading.help import book, copy_of, grades, hand_in, points, records, tree
from tests.grading.test_round_trip import with_rubric

# nbgrader builds rows in an order that SQLAlchemy 2.1 remarks on
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def cohort(released, fluid, exercises):
    """A small course with every kind of answer handed in, and one hand-in without answers."""
    answers = {"model": fluid.model, **{name: wrong.actions for name, wrong in fluid.wrong.items()}}
    for number, actions in enumerate(answers.values()):
        hand_in(released, fluid, f"learner-{number}", actions)
    hand_in(released, exercises["warm-up"], "learner-0", exercises["warm-up"].model)
    nothing = released.build / "submitted" / "nobody" / "fluid-chart"
    nothing.mkdir(parents=True)
    shutil.copy(released.build / "release" / "fluid-chart" / "fluid-chart.ipynb", nothing)
    return released


def autograde(course, config, slug, learner="*"):
    """nbgrader's own command, one submission after the other."""
    log = logging.Logger("stock", logging.CRITICAL)
    coursedir = CourseDirectory(config=config, log=log, assignment_id=slug, student_id=learner)
    Autograde(coursedir=coursedir, config=config, log=log).start()


def test_the_batch_writes_what_nbgraders_own_command_writes(cohort, tmp_path):
    serial = copy_of(cohort, tmp_path / "serial")
    for slug in ("fluid-chart", "warm-up"):
        autograde(serial, wiring.settings(serial), slug)
    with executors.local(2) as workers:
        outcomes = run.grade(cohort, executor=workers)
    assert {one.status for one in outcomes} == {"graded"}
    ours, theirs = book(cohort), book(serial)
    assert len(ours["grade"]) > 20 and {len(rows) > 0 for name, rows in ours.items() if name != "comment"} == {True}
    assert ours == theirs
    assert tree(cohort.build / "autograded") == tree(serial.build / "autograded")
    assert records(cohort) == records(serial)


def test_scores_are_those_of_stock_nbgrader_that_runs_the_notebook(cohort, tmp_path):
    """Stock nbgrader, its own settings, a kernel a submission: each graded cell says what ours gave."""
    run.grade(cohort)
    config = Config()
    config.CourseDirectory.root = str(tmp_path / "stock")
    source = nbformat.read(cohort.build / "source" / "fluid-chart" / "fluid-chart.ipynb", as_version=4)
    for cell in source.cells:
        if cell.cell_type == "code":
            graded = "nbgrader" in cell.metadata
            cell.source = f"import json; json.load(open('points.json'))['{cell.id}']" if graded else "pass"
    place = tmp_path / "stock" / "source" / "fluid-chart"
    place.mkdir(parents=True)
    nbformat.write(source, place / "fluid-chart.ipynb")
    log = logging.Logger("stock", logging.CRITICAL)
    coursedir = CourseDirectory(config=config, log=log, assignment_id="fluid-chart", student_id=".")
    GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    ours = {learner: rows for (learner, slug), rows in grades(cohort).items() if slug == "fluid-chart"}
    some = sorted(ours)[:3]
    for learner in some:
        folder = tmp_path / "stock" / "submitted" / learner / "fluid-chart"
        folder.mkdir(parents=True)
        shutil.copy(tmp_path / "stock" / "release" / "fluid-chart" / "fluid-chart.ipynb", folder)
        told = {name: auto for name, (auto, _) in ours[learner].items()}
        (folder / "points.json").write_text(json.dumps(told))
    autograde(None, config, "fluid-chart")
    stock = course_file.load(cohort.root, build=tmp_path / "stock")
    wanted = [row for row in book(cohort)["grade"] if row[0] in some and row[1] == "fluid-chart"]
    assert book(stock)["grade"] == wanted


def test_grading_again_changes_nothing_and_is_recorded_only_when_asked_for(cohort):
    run.grade(cohort)
    once, notebooks, told = book(cohort), tree(cohort.build / "autograded"), records(cohort)
    assert {one.status for one in run.grade(cohort)} == {"unchanged"}
    assert (book(cohort), tree(cohort.build / "autograded"), records(cohort)) == (once, notebooks, told)
    assert {one.status for one in run.grade(cohort, again=True)} == {"graded"}
    assert (book(cohort), tree(cohort.build / "autograded")) == (once, notebooks)
    assert sorted(set(records(cohort))) == sorted(told) and len(records(cohort)) == 2 * len(told)


def test_any_executor_will_do(cohort):
    with ThreadPoolExecutor(1) as threads:
        assert {one.status for one in run.grade(cohort, executor=threads)} == {"graded"}
    assert sum(points(cohort, "learner-0").values()) == 6


def test_a_changed_rubric_regrades_what_it_touches_and_says_before_whose_marks_would_change(cohort, fluid):
    turned = f"learner-{1 + list(fluid.wrong).index('the wrong way round')}"
    run.grade(cohort)
    before = book(cohort)
    assert run.changes(cohort) == []
    with_rubric(cohort, "0.5 if given == -100", "1 if given == -100")
    kept = tree(cohort.build)
    told = run.changes(cohort)
    assert [(one.learner, one.exercise, one.before, one.after, dict(one.criteria)) for one in told] == [
        (turned, "fluid-chart", 5, 6, {"balance": (1, 2)})
    ]
    assert {exercise for _, exercise in run.pending(cohort)} == {"fluid-chart"}
    assert (book(cohort), tree(cohort.build)) == (before, kept), "nothing was written"

    statuses = {(one.learner, one.exercise): one.status for one in run.grade(cohort)}
    assert statuses.pop(("learner-0", "warm-up")) == "unchanged", "the other exercise is left alone"
    assert set(statuses.values()) == {"graded"}
    changed = set(book(cohort)["grade"]) - set(before["grade"])
    assert [(row[0], row[2], row[3]) for row in changed] == [(turned, "balance", 2)]
    assert run.changes(cohort) == [] and run.pending(cohort) == []


def test_the_attempt_that_would_count_is_the_one_that_is_shown(released, fluid):
    hand_in(released, fluid, "ada", fluid.wrong["told nobody"].actions)
    hand_in(released, fluid, "ada", fluid.wrong["the wrong way round"].actions, attempt=2)
    run.grade(released)
    with_rubric(released, "0.5 if given == -100", "1 if given == -100")
    (change,) = run.changes(released)
    assert (change.before, change.after) == (5, 6)
    assert run.grade(released)[0].points == 6


def kill_the_worker(job):
    if job.learner == "learner-1":
        os.kill(os.getpid(), signal.SIGKILL)
    return execute.execute(job)


def test_a_worker_that_dies_costs_only_the_job_that_it_died_of(cohort, monkeypatch):
    monkeypatch.setattr(run, "execute", kill_the_worker)
    monkeypatch.setattr(run, "FEW", 0)
    outcomes = {one.learner: one for one in run.grade(cohort)}
    assert outcomes.pop("learner-1").reason == "The process that graded 'fluid-chart' was ended by the system."
    assert {one.reason for one in outcomes.values()} == {""}
    monkeypatch.undo()
    assert {one.learner: one.status for one in run.grade(cohort)}["learner-1"] == "graded"


def test_a_worker_with_another_version_of_the_exercise_does_not_grade(cohort, monkeypatch):
    monkeypatch.setattr(run, "execute", lambda job: execute.execute(replace(job, rubric="another")))
    outcome = run.grade(cohort)[0]
    assert outcome.status == "failed" and "bring the same version of the course to every machine" in outcome.reason


def test_an_attempt_that_was_kept_and_never_placed_is_graded(released, fluid):
    """Killed between keeping a hand-in and placing it, for the first and for a better one."""
    hand_in(released, fluid, "ada", fluid.model)
    shutil.rmtree(released.build / "submitted" / "ada")
    assert [one.status for one in run.grade(released)] == ["graded"]

    hand_in(released, fluid, "ben", fluid.wrong["told nobody"].actions)
    placed = released.build / "submitted" / "ben"
    shutil.copytree(placed, released.build / "kept")
    hand_in(released, fluid, "ben", fluid.model, attempt=2)
    shutil.rmtree(placed)
    shutil.move(released.build / "kept", placed)
    run.grade(released)
    assert sum(points(released, "ben").values()) == 6


def test_whoever_grades_is_told_where_a_gradebook_cannot_be(root, fluid, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://nobody:secret@127.0.0.1:1/gradebook")
    course = course_file.load(root)
    with pytest.raises(CourseError, match="does not answer") as refused:
        run.grade(course)
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("COURSE_GRADEBOOK", "no address")
    with pytest.raises(CourseError, match="must be one such as"):
        run.grade(course_file.load(root))


def test_nothing_handed_in_makes_no_gradebook(course):
    assert run.grade(course) == [] and audit.waiting(course) == [] and handin.submissions(course) == []
    assert not (course.build / "gradebook.db").exists()
