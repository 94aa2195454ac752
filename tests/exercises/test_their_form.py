"""What every counted exercise has: 5 to 12 criteria, four wrong answers of real mistakes, and a fair examiner."""

import re

import pytest

from tests.exercises.help import COURSE, load, missed, python_of, scored

COUNTED = [slug for slug in COURSE.exercises if COURSE.module_of(slug).counted]


@pytest.fixture(scope="module", params=COUNTED)
def made(request):
    return load(request.param)


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


def test_other_good_answers_earn_everything(made):
    also_right = python_of(made, "answers").ALSO_RIGHT
    assert also_right
    for name, actions in also_right.items():
        assert missed(made, actions) == set(), name


def test_what_the_debrief_sends_one_to_read_is_a_heading_of_the_lesson(made):
    lesson = (COURSE.lessons / f"{made.module.slug}.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^#{2,3} (.+)$", lesson, re.MULTILINE))
    assert {criterion.read for criterion in (*made.criteria, *made.extras)} <= headings


def test_a_missed_critical_criterion_fails_an_attempt_that_has_the_points(made):
    """Some wrong answer fails by that alone, or nobody has seen that it can."""
    critical = [wrong for wrong in made.wrong.values() if set(wrong.misses) & set(made.critical)]
    assert any(wrong.score >= made.pass_mark * made.max for wrong in critical)
    for wrong in critical:
        assert not scored(made, wrong.actions).passed
