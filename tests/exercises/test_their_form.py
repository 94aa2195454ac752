"""What every counted exercise has: 5 to 12 criteria, three critical at most, four wrong answers of real mistakes."""

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from tests.grading.help import REPOSITORY

COURSE = course_file.load(REPOSITORY, check_folders=False)
COUNTED = [slug for slug in COURSE.exercises if COURSE.module_of(slug).counted]


@pytest.fixture(scope="module", params=COUNTED)
def made(request):
    return exercise_file.load(COURSE, request.param)


def test_its_criteria_and_wrong_answers(made):
    assert 5 <= len(made.criteria) <= 12
    assert len(made.critical) <= 3
    assert len(made.wrong) >= 4


def test_its_debrief_speaks_to_whoever_missed_something(made):
    for criterion in made.criteria:
        for words in (criterion.met, criterion.missed):
            assert 40 <= len(words) <= 700, (criterion.id, len(words))


def test_it_tells_no_learner_what_is_looked_for(made):
    """No criterion's title or debrief stands in what the learner is given."""
    given = (made.folder / "scenario.toml").read_text() + (made.folder / "exercise.md").read_text()
    for criterion in made.criteria:
        for words in (criterion.met, criterion.missed):
            assert words[:60] not in given, criterion.id
