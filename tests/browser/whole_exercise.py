"""An exercise done in a browser from the first click to the debrief, by an author's model answer.

axe looks at the work half done and at the debrief, light and dark; on a tablet nothing sticks out.
"""

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from simemr.domain.session import Session
from tests.browser.conftest import job_of
from tests.browser.page import PageLearner
from tests.hands import play

COURSE = course_file.load()


def browser_of(person: str):
    """A fixture: a browser for this person alone, as what is begun or handed in would be there in other tests."""

    @pytest.fixture(scope="module")
    def job(browser, served, axe):
        with job_of(browser, served, axe) as made:
            made.enter(person)
            yield made

    return job


def exercises_of(role: str) -> list[str]:
    """What a doctor or a nurse does: their own exercises, and in turn those that both do."""
    roles = {slug: exercise_file.load(COURSE, slug).role for slug in COURSE.exercises}
    both = [slug for slug in COURSE.exercises if roles[slug] == "all"]
    mine = both[0::2] if role == "nurse" else both[1::2]
    return [slug for slug in COURSE.exercises if roles[slug] == role or slug in mine]


def do(slug: str, job) -> None:
    """Do the exercise at this browser, and look at it."""
    made = exercise_file.load(COURSE, slug)
    frame = job.start(slug)
    learner, session = PageLearner(frame), Session(made.scenario, made.hospital)
    half = len(made.model) // 2
    play(learner, session, made.model[:half])
    job.look(f"{slug}-half")
    job.narrow(f"{slug}-half", 820)
    play(learner, session, made.model[half:])
    frame.wait_for_selector("h2:has-text('Your debrief')")
    job.look(f"{slug}-debrief")
    assert "✓ Passed" in frame.inner_text(".em-result")
    words = [word.inner_text() for word in frame.query_selector_all(".em-criteria .em-word")]
    assert len(words) == len(made.criteria) and all("✓" in word for word in words)
    job.settle()
