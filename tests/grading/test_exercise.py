"""An exercise's folder: what is refused, and with which file and line."""

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.course import CourseError


def change(root, name, old, new, slug="fluid-chart"):
    file = root / "exercises" / slug / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def refusal(root, slug="fluid-chart"):
    with pytest.raises(CourseError) as refused:
        exercise_file.load(course_file.load(root), slug)
    return str(refused.value)


def test_loads_criteria_scenario_and_answers(exercises):
    fluid = exercises["fluid-chart"]
    assert [criterion.id for criterion in fluid.criteria] == ["slip-marked", "slip-asked", "balance", "words"]
    assert (fluid.max, fluid.critical, fluid.pass_mark) == (6, ("slip-marked",), 0.75)
    assert set(fluid.wrong) == {"nothing marked", "the wrong way round", "told nobody"}


def test_the_fingerprint_changes_with_the_rubric_and_the_pass_mark_and_not_by_itself(root):
    def fingerprint():
        return exercise_file.load(course_file.load(root), "fluid-chart").fingerprint

    before = fingerprint()
    assert fingerprint() == before
    change(root, "rubric.py", "You gave", "You wrote")
    changed = fingerprint()
    assert changed != before
    toml = root / "course.toml"
    toml.write_text(toml.read_text().replace("pass_mark = 0.75", "pass_mark = 0.5"))
    assert fingerprint() not in (before, changed)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("rubric.py", 'objective="add-up"', 'objective="add-upp"', "'add-upp', which module 'fluids' does not have"),
        ("rubric.py", "rubric = Rubric()", "rubrik = rubric = None", "rubric.py"),
        ("rubric.py", '"balance",\n', '"words",\n', "rubric.py:"),
        ("rubric.py", "critical=True", "critical=True, wrong=1", "rubric.py:6"),
        ("rubric.py", "rubric = Rubric()", "rubric = Rubric(", "rubric.py:"),
        ("answers.py", "score=5", "score=7", "must be from 0 to below 6"),
        ("answers.py", '{"words"}', '{"word"}', "'word', which is no criterion"),
        ("answers.py", '{"words"}', "set()", "misses nothing"),
        ("answers.py", "MODEL =", "MODAL =", "MODEL must be a list"),
        ("answers.py", "[MARK, (", "[3, (", "must be a list of (action"),
        ("answers.py", "Wrong(\n        [MARK, ", "dict if 1 else (\n        [MARK, ", "answers.py"),
        (
            "scenario.toml",
            'exercise = "fluid-chart"',
            'exercise = "fluid-card"',
            "exercises/fluid-chart/scenario.toml:1",
        ),
        ("scenario.toml", "[extract]", "[extract", "exercises/fluid-chart/scenario.toml:"),
    ],
)
def test_refuses_what_does_not_fit(root, name, old, new, says):
    change(root, name, old, new)
    assert says in refusal(root)


@pytest.mark.parametrize("name", ["rubric.py", "answers.py", "scenario.toml"])
def test_names_the_file_that_is_missing(root, name):
    (root / "exercises" / "fluid-chart" / name).unlink()
    assert f"exercises/fluid-chart/{name}" in refusal(root)


def test_too_many_criteria_or_critical_ones_are_refused(root):
    criterion = (
        '\n@rubric.criterion("more-{n}", points=1, objective="add-up", title="T", met="M", missed="N", read="R",'
        " critical={critical})\ndef _(session):\n    return Finding(0, 'x')\n"
    )
    rubric = root / "exercises" / "fluid-chart" / "rubric.py"
    before = rubric.read_text()
    rubric.write_text(before + "".join(criterion.format(n=n, critical=True) for n in range(3)))
    assert "4 criteria are critical" in refusal(root)
    rubric.write_text(before + "".join(criterion.format(n=n, critical=False) for n in range(9)))
    assert "13 criteria" in refusal(root)


def test_at_least_three_wrong_answers_are_wanted(root):
    answers = root / "exercises" / "fluid-chart" / "answers.py"
    answers.write_text(answers.read_text() + 'del WRONG["told nobody"]\n')
    assert "exercises/fluid-chart/answers.py: it has 2 wrong answers" in refusal(root)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("answers.py", "score=1,", "score=2,", "WRONG['nothing marked'] earns 1 points, not 2"),
        ("answers.py", 'misses={"balance"}', 'misses={"balance", "words"}', "misses balance, not balance, words"),
        ("answers.py", '"value": 100}), TELL, DONE]\n\nWRONG', '"value": 90}), TELL, DONE]\n\nWRONG', "MODEL earns 4"),
        ("answers.py", '"column": "in_ml"', '"column": "nowhere"', "MODEL: action 1 (flag_cell) is refused"),
        ("rubric.py", 'Finding("ask" in decided', "Finding(True", "a blank log earns 1 points, for slip-asked"),
        ("rubric.py", 'Finding("ask" in decided', "Finding(True", "no wrong answer misses the criterion 'slip-asked'"),
        ("rubric.py", 'Finding("ask" in decided', "Finding(1 / 0", "criterion 'slip-asked' failed to judge this log"),
    ],
)
def test_verify_finds_answers_that_do_not_come_out_as_they_say(root, name, old, new, says):
    change(root, name, old, new)
    problems = list(exercise_file.verify(exercise_file.load(course_file.load(root), "fluid-chart")))
    assert any(says in problem for problem in problems), problems


def test_verify_is_content_with_answers_that_do(exercises):
    assert [problem for made in exercises.values() for problem in exercise_file.verify(made)] == []
