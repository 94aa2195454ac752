"""Every exercise's model answer can be given with what is on the screen, and earns everything."""

import pytest

from grading.scoring import score
from simemr.domain.session import Session
from tests.exercises.help import COURSE, load
from tests.hands import play
from tests.simemr.view.window import Window


@pytest.mark.parametrize("slug", COURSE.exercises)
def test_the_model_answer_by_hand(slug, tmp_path):
    exercise = load(slug)
    window = Window(slug, tmp_path)
    play(window, Session(exercise.scenario, exercise.hospital), exercise.model)
    scored = score(exercise, window.shell.attempt.log_text())
    assert [c.id for c in scored.criteria if not c.met] == []
    assert scored.passed
