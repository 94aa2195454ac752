"""Killed at any moment and started again, grading ends with the gradebook of an undisturbed run."""

import logging
import os
import random
import shutil
import signal
import time

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades

from grading import wiring
from grading.batch import run
from grading.verify import verify
from tests.grading.help import book, copy_of, ended, hand_in, records, start, tree

MOMENTS = 50
#: So many of them with worker processes, which must not outlive the killed grader.
WITH_WORKERS = 10


@pytest.fixture
def cohort(released, fluid):
    """Eight hand-ins that nobody has graded."""
    answers = [fluid.model, *(wrong.actions for wrong in fluid.wrong.values())]
    for number in range(8):
        hand_in(released, fluid, f"learner-{number}", answers[number % len(answers)])
    return released


@pytest.mark.case("kill -9 at 50 random moments of a batch, then the same again", "the gradebook of an undisturbed run")
def test_killed_at_any_moment_and_started_again(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)  # so that a small batch has several transactions
    undisturbed = copy_of(cohort, tmp_path / "undisturbed")
    began = time.monotonic()
    ended(start(lambda: run.grade(undisturbed)))
    seconds = time.monotonic() - began
    wanted = book(undisturbed), records(undisturbed), tree(undisturbed.build / "autograded")
    assert len(wanted[1]) == 8

    seed = random.randrange(2**32)
    chance, killed = random.Random(seed), 0
    for number in range(MOMENTS):
        course = copy_of(cohort, tmp_path / f"course-{number}")
        monkeypatch.setattr(run, "FEW", 0 if number < WITH_WORKERS else 99)
        moment = chance.uniform(0, seconds)
        child = start(lambda course=course: run.grade(course))
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        killed += ended(child)
        monkeypatch.setattr(run, "FEW", 99)
        assert all(one.ok for one in run.grade(course)), f"moment {moment} of seed {seed}"
        got = book(course), records(course), tree(course.build / "autograded")
        assert got == wanted, f"killed after {moment} s, seed {seed}"
        shutil.rmtree(course.root)
    assert killed > MOMENTS / 4, "most were still at work when they were killed"


@pytest.mark.case("nbgrader's own command killed between two cells", "the next batch grades that learner anew")
@pytest.mark.parametrize("at", [1, 5, 8])
def test_stock_nbgrader_killed_between_cells_is_made_good(cohort, tmp_path, at):
    undisturbed = copy_of(cohort, tmp_path / "undisturbed")
    run.grade(undisturbed)

    def stock():
        seen, save = [0], SaveAutoGrades._add_score

        def add_score(self, cell, resources):
            save(self, cell, resources)
            seen[0] += 1
            if seen[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

        SaveAutoGrades._add_score = add_score
        config, log = wiring.settings(cohort), logging.Logger("stock", logging.CRITICAL)
        coursedir = CourseDirectory(config=config, log=log, assignment_id="fluid-chart")
        Autograde(coursedir=coursedir, config=config, log=log).start()

    assert ended(start(stock)), "it was killed"
    assert (cohort.build / "autograded" / "learner-0" / "fluid-chart").is_dir(), "stock nbgrader would skip this one"
    run.grade(cohort)
    assert book(cohort)["grade"] == book(undisturbed)["grade"]
    assert [one.agrees for one in verify(cohort)] == [True] * 8


@pytest.mark.case("the disk is full in the middle of a batch", "one sentence, and the batch goes on later")
def test_a_full_disk_stops_the_batch_and_loses_nothing(cohort, tmp_path, monkeypatch):
    from grading import files

    undisturbed = copy_of(cohort, tmp_path / "undisturbed")
    run.grade(undisturbed)
    whole, left = files.write_folder, [3]

    def full(*args, **more):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        whole(*args, **more)

    monkeypatch.setattr(files, "write_folder", full)
    monkeypatch.setattr(run, "CHUNK", 2)
    statuses = [one.status for one in run.grade(cohort)]
    assert statuses.count("failed") >= 5 and "graded" in statuses
    monkeypatch.undo()
    assert all(one.ok for one in run.grade(cohort))
    assert book(cohort) == book(undisturbed)
