"""Each exercise done in a browser from the first click to the debrief, by an author's model answer.

axe looks at the work half done and at the debrief, light and dark; on a tablet nothing sticks out.
"""

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from simemr.domain.session import Session
from tests.browser.page import PageLearner
from tests.hands import play

COURSE = course_file.load()


@pytest.mark.parametrize("slug", COURSE.exercises)
def test_done_from_the_first_click_to_the_debrief(slug, job):
    made = exercise_file.load(COURSE, slug)
    # people of their own: what others begin or hand in here would be there in the other tests
    job.enter("dora" if made.role == "doctor" else "nils")
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
