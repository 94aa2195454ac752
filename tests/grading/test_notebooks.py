"""The notebooks that are made from text: graded cells from the rubric, and nothing that tells what is looked
for.
"""

import json

import nbformat
import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.course import CourseError
from grading.publish import notebooks
from tests.grading.help import REPOSITORY, tree


def test_one_locked_graded_cell_a_criterion_with_its_points(fluid):
    made = notebooks.exercise(fluid)
    nbformat.validate(made)
    graded = [cell for cell in made.cells if "nbgrader" in cell.metadata]
    assert {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in graded} == {
        "slip-marked": 2, "slip-asked": 1, "balance": 2, "words": 1,
    }  # fmt: skip
    assert [cell.id for cell in graded] == [criterion.id for criterion in fluid.criteria]
    for cell in graded:
        flags = cell.metadata.nbgrader
        assert (flags.grade, flags.locked, flags.solution, flags.task) == (True, True, False, False)
        assert cell.metadata.jupyter.source_hidden
        assert all(line.startswith("#") for line in cell.source.splitlines()), "nothing that could run or raise"


def test_the_graded_cells_tell_nothing_of_the_rubric(fluid):
    text = nbformat.writes(notebooks.exercise(fluid))
    for criterion in fluid.criteria:
        for secret in (criterion.title, criterion.met, criterion.missed, criterion.objective):
            assert secret not in text
    assert "critical" not in text


def test_the_same_text_gives_the_same_bytes_and_leaves_an_unchanged_file_alone(course, exercises):
    def write():
        return notebooks.write_lessons(course) + notebooks.write_exercises(course, exercises.values())

    files = write()
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
    assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in write()] == before


def test_no_pairing_of_jupytexts_is_left_in_a_notebook(course, exercises):
    for file in notebooks.write_lessons(course) + notebooks.write_exercises(course, exercises.values()):
        assert "jupytext" not in json.loads(file.read_text())["metadata"]


def test_an_exercise_lies_alone_in_its_source_folder(course, exercises):
    """nbgrader copies whatever lies there over the learner's files: an answers folder would be everybody's
    answers.
    """
    folder = course.build / "source" / "fluid-chart"
    (folder / "answers").mkdir(parents=True)
    (folder / "answers" / "fluid-chart.jsonl").write_text("{}")
    (folder / "data.csv").write_text("1")
    (folder / "link").symlink_to(course.root)
    (course.build / "source" / "gone").mkdir()
    notebooks.write_exercises(course, exercises.values())
    assert set(tree(course.build / "source")) == {"fluid-chart/fluid-chart.ipynb", "warm-up/warm-up.ipynb"}
    assert (course.root / "course.toml").exists()
    assert not (course.build / "source" / "gone").exists()


def test_lessons_of_modules_that_are_gone_are_removed(course):
    (course.build / "notebooks").mkdir(parents=True)
    (course.build / "notebooks" / "old.ipynb").write_text("{}")
    notebooks.write_lessons(course)
    assert {file.name for file in (course.build / "notebooks").iterdir()} == {"warming-up.ipynb", "fluids.ipynb"}


def test_what_a_lesson_reads_lies_beside_it(course):
    (course.lessons / "data").mkdir()
    (course.lessons / "data" / "ward.csv").write_text("stay\n")
    notebooks.write_lessons(course)
    assert tree(course.build / "notebooks" / "data") == tree(course.lessons / "data")
    (course.lessons / "data" / "ward.csv").unlink()
    notebooks.write_lessons(course)
    assert not list((course.build / "notebooks" / "data").iterdir()), "what is gone is not kept"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('simemr.exercise("fluid-chart")', 'simemr.exercise("warm-up")', "simemr.exercise"),
        (
            'simemr.exercise("fluid-chart")\n```',
            'simemr.exercise("fluid-chart")\n```\n\n```{code-cell}\n1/0\n```',
            "one code",
        ),
        ("kernelspec:", "kernelspec: [", "not a MyST notebook"),
    ],
)
def test_an_exercise_that_would_fail_the_learner_is_refused(root, old, new, says):
    file = root / "exercises" / "fluid-chart" / "exercise.md"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    made = exercise_file.load(course_file.load(root), "fluid-chart")
    with pytest.raises(CourseError, match=f"exercises/fluid-chart/exercise.md: .*{says}"):
        notebooks.exercise(made)


def test_a_missing_text_is_named(root, course):
    (root / "notebooks" / "fluids.md").unlink()
    with pytest.raises(CourseError, match=r"notebooks/fluids\.md: there is no such file"):
        notebooks.lesson(course, "fluids")


def test_each_practice_of_a_lesson_is_a_notebook_of_its_own():
    real = course_file.load(REPOSITORY)
    for module in real.modules:
        found = notebooks.practices(real, module.slug)
        assert len(found) >= 3
        for name, notebook in found.items():
            assert name.startswith(f"{module.slug}--")
            assert len(notebook.cells) == 1
            assert f'"{name.split("--")[1]}"' in notebook.cells[0].source


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["x = 1"], "names none"),
        (['choice("a", ask="?")', 'choice("a", ask="?")'], "'a' is there twice"),
    ],
)
def test_a_practice_without_a_name_of_its_own_is_refused(root, cells, said):
    made = course_file.load(root)
    slug = made.modules[0].slug
    text = (root / "notebooks" / f"{slug}.md").read_text(encoding="utf-8")
    for cell in cells:
        text += f"\n```{{code-cell}} ipython3\n:tags: [practice]\n\n{cell}\n```\n"
    (root / "notebooks" / f"{slug}.md").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=said):
        notebooks.practices(made, slug)
