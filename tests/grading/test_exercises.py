"""The course's own exercises: every answer their authors wrote gets the score it must."""

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.scoring import score
from tests.grading.help import REPOSITORY

COURSE = course_file.load(REPOSITORY, check_folders=False)
FOLDERS = sorted(folder.name for folder in COURSE.exercise_folder.iterdir() if (folder / "rubric.py").is_file())


@pytest.fixture(scope="module", params=FOLDERS)
def made(request):
    return exercise_file.load(COURSE, request.param)


def test_the_model_earns_everything_and_passes(made):
    result = score(made, made.log_text(made.model))
    assert [c.id for c in result.criteria if not c.met] == []
    assert result.points == made.max
    assert result.passed


def test_a_blank_log_earns_nothing(made):
    assert score(made, made.log_text(())).points == 0


def test_each_wrong_answer_gets_its_score_and_misses_what_it_says(made):
    for name, wrong in made.wrong.items():
        result = score(made, made.log_text(wrong.actions))
        assert {c.id for c in result.criteria if not c.met} == set(wrong.misses), name
        assert result.points == wrong.score, name


def test_each_criterion_is_failed_by_some_wrong_answer(made):
    missed = set().union(*(wrong.misses for wrong in made.wrong.values()))
    assert missed == {criterion.id for criterion in made.criteria}


def test_the_score_is_the_same_whenever_the_log_is_scored(made):
    log = made.log_text(made.model)
    assert score(made, log) == score(made, log)


def test_scoring_leaves_the_exercise_as_it_was(made):
    """A session that changed the hospital it shares would carry one learner's work into the next one's
    score.
    """
    blank = score(made, made.log_text(()))
    for wrong in made.wrong.values():
        score(made, made.log_text(wrong.actions))
    assert score(made, made.log_text(())) == blank


def test_criteria_say_nothing_on_speed_and_something_to_read(made):
    for criterion in made.criteria:
        assert criterion.read.strip()
        assert "minute" not in criterion.title.lower() and "quickly" not in criterion.title.lower()
