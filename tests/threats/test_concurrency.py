"""Several at once: graders, hand-ins while grading, and the same hand-in again and again."""

import os

import pytest

from grading import handin
from grading.batch import run
from grading.verify import verify
from tests.grading.help import book, ended, hand_in, log_of, points, records, start

LEARNERS = [f"learner-{number}" for number in range(6)]


@pytest.fixture
def cohort(released, fluid):
    for learner in LEARNERS:
        hand_in(released, fluid, learner, fluid.wrong["told nobody"].actions)
    return released


@pytest.mark.case("two graders at once", "each grade and its record once")
def test_two_graders_at_once(cohort, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)
    both = [start(lambda: run.grade(cohort)) for _ in range(2)]
    for grader in both:
        ended(grader)
    assert records(cohort) == [(learner, "fluid-chart", 5, 1) for learner in LEARNERS]
    assert [one.agrees for one in verify(cohort)] == [True] * len(LEARNERS)
    assert {one.status for one in run.grade(cohort)} == {"unchanged"}


@pytest.mark.case("a hand-in while grading", "one consistent grade, every attempt kept once")
def test_hand_ins_while_grading(cohort, fluid, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)
    ready, go = os.pipe()

    def told(outcome, done, total):
        os.write(go, b".")

    grader = start(lambda: run.grade(cohort, on=told))
    os.read(ready, 1)  # it is in the middle of it
    attempt = 1
    for learner in LEARNERS * 2:
        attempt += 1
        answers = fluid.model if attempt % 4 else fluid.wrong["nothing marked"].actions
        hand_in(cohort, fluid, learner, answers, attempt=attempt)
    ended(grader)
    assert all(one.agrees for one in verify(cohort)), "whatever was graded, it was one attempt and all of it"
    assert all(one.ok for one in run.grade(cohort))
    assert [len(handin.attempts(cohort, learner, "fluid-chart")) for learner in LEARNERS] == [3] * len(LEARNERS)
    assert [sum(points(cohort, learner).values()) for learner in LEARNERS] == [6] * len(LEARNERS)
    assert all(one.agrees for one in verify(cohort))


@pytest.mark.case("a better attempt comes while the earlier one is scored", "the better one is what is saved")
def test_what_was_replaced_while_it_was_scored_is_scored_anew(cohort, fluid, monkeypatch):
    scored, better = run.execute, []

    def execute(job):
        if job.learner == "learner-3" and not better:
            better.append(hand_in(cohort, fluid, "learner-3", fluid.model, attempt=2))
        return scored(job)

    monkeypatch.setattr(run, "execute", execute)
    outcomes = {one.learner: one.points for one in run.grade(cohort)}
    assert outcomes == {**dict.fromkeys(LEARNERS, 5), "learner-3": 6}
    assert [row for row in records(cohort) if row[0] == "learner-3"] == [("learner-3", "fluid-chart", 6, 2)]


@pytest.mark.case("the same hand-in sent five times at once, while grading", "one attempt, one grade, one record")
def test_the_same_hand_in_five_times(cohort, fluid):
    log = log_of(fluid, fluid.model, attempt=2)
    grader = start(lambda: run.grade(cohort))
    senders = [start(lambda: handin.accept(cohort, "learner-2", "fluid-chart", log)) for _ in range(5)]
    for child in (grader, *senders):
        ended(child)
    run.grade(cohort)
    kept = handin.attempts(cohort, "learner-2", "fluid-chart")
    assert [attempt.attempt for attempt, _ in kept] == [1, 2]
    mine = [row for row in records(cohort) if row[0] == "learner-2"]
    assert mine in (
        [("learner-2", "fluid-chart", 6, 2)],
        [("learner-2", "fluid-chart", 5, 1), ("learner-2", "fluid-chart", 6, 2)],
    )
    assert len([row for row in book(cohort)["grade"] if row[0] == "learner-2"]) == 4
    assert {one.status for one in run.grade(cohort)} == {"unchanged"}
