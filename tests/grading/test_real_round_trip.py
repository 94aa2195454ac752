"""The course's own exercises through nbgrader and back: what a learner does is what the gradebook and
feedback say.
"""

from dataclasses import replace

import nbformat
import pytest

from grading import course as course_file
from grading import demo, exercise, handin, report, wiring
from grading.publish import notebooks
from grading.scoring import score
from tests.grading.help import REPOSITORY, log_of, points


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Every exercise handed in by one who does it right and one who does it wrong, graded, with feedback."""
    build = tmp_path_factory.mktemp("real") / "build"
    course = course_file.load(REPOSITORY, check_folders=False, build=build)
    made = exercise.load_all(course)
    notebooks.write_exercises(course, made.values())
    wiring.release(course)
    logs = {}
    for slug, one in made.items():
        wrong = max(one.wrong.values(), key=lambda answer: len(answer.misses))
        logs["right", slug] = log_of(one, one.model)
        logs["wrong", slug] = log_of(one, wrong.actions)
        for learner in ("right", "wrong"):
            handin.accept(course, learner, slug, logs[learner, slug])
    outcomes = wiring.grade(course)
    assert [one for one in outcomes if one.status != "graded"] == []
    assert all(one.ok for one in wiring.feedback(course))
    return course, made, logs


def test_the_gradebook_has_every_criterions_points(graded):
    course, made, logs = graded
    for (learner, slug), log in logs.items():
        result = score(made[slug], log)
        told = {c.id: c.points for c in result.criteria}
        assert points(course, learner, slug) == told | {extra.id: 0 for extra in result.extras}, "extra is beside them"
        assert result.passed == (learner == "right")


def test_the_answers_are_as_they_came(graded):
    course, _, logs = graded
    for (learner, slug), log in logs.items():
        for step in ("submitted", "autograded"):
            assert (course.build / step / learner / slug / "answers" / f"{slug}.jsonl").read_text() == log


def test_the_feedback_says_what_the_log_shows_and_is_whole_by_itself(graded):
    course, made, logs = graded
    for learner, slug in logs:
        page = (course.build / "feedback" / learner / slug / f"{slug}.html").read_text()
        assert 'src="http' not in page and 'href="http' not in page and "@import" not in page
        result = score(made[slug], logs[learner, slug])
        assert f"{result.points:g} of {result.max:g} points" in page
        assert page.count('class="criterion"') == len(result.criteria) + len(result.extras)


def test_released_notebooks_are_valid_and_stand_alone(graded):
    course, made, _ = graded
    for slug, one in made.items():
        folder = course.build / "release" / slug
        assert [file.name for file in folder.iterdir()] == [f"{slug}.ipynb"]
        notebook = nbformat.read(folder / f"{slug}.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        code = [cell for cell in graded if cell.metadata.nbgrader.solution]
        assert len(graded) - len(code) == len(one.criteria) + len(one.extras) and len(code) == len(one.extras)
        locked = [cell for cell in notebook.cells if cell not in code]
        assert all(cell.metadata.get("editable") is False for cell in locked), "nothing to write but code"


def test_the_report_counts_what_course_toml_counts(graded):
    course, _, _ = graded
    made = report.completion(course)
    lines = {line.learner: line for line in made.lines}
    assert lines["right"].complete and lines["wrong"].passed == 0
    assert "orientation" not in {module.slug for module in made.modules}


def test_a_synthetic_cohort_of_the_course_has_some_of_each(graded):
    course, made, _ = graded
    learners = demo.cohort(replace(course, label="x"), 30)
    assert {one.role for one in learners} >= {"doctor", "nurse"}
    work = demo.hand_ins(course, made, learners)
    assert 30 < len(work) < 30 * len(made), "somebody has begun, nobody has done everything"
