"""Makes notebooks from the course's text: lessons for Jupyter, and exercises for nbgrader to release.

The text (MyST Markdown) is the source; what is made here lies under build/ and is never committed. An
exercise gets one graded cell a criterion, from its rubric, so its points are written in one place. Such a
cell holds a comment: there is nothing in it to run, to read or to raise, and nothing that tells a learner
what is looked for.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading import files
from grading.course import Course, CourseError, Module
from grading.exercise import Exercise
from simemr.domain.actions.code import CodeCell

GRADED = "# Graded from what you did above. There is nothing to write or to run here."
#: The tags of cells that a learner starts in a lesson's page.
PRACTICE = frozenset({"practice", "demonstration"})
#: The end of the id of a code cell, after its own id in the scenario.
CODE = "-code"
NOT_IN_BROWSER = "not-in-browser"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def lesson(course: Course, slug: str) -> NotebookNode:
    """A module's lesson as a notebook. Raises CourseError naming the file."""
    return _read(course.lessons / f"{slug}.md", f"notebooks/{slug}.md")


def exercise(made: Exercise) -> NotebookNode:
    """An exercise as nbgrader's source notebook: its brief, the widget and its code cells; then a graded cell for
    each criterion, of no points where it judges a code cell.

    Raises CourseError when exercise.md does not start the exercise in its one code cell: a click that waits
    while a later cell raises is lost, so there must be no later cell.
    """
    where = f"exercises/{made.slug}/exercise.md"
    notebook = _read(made.folder / "exercise.md", where)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    if len(code) != 1 or not re.search(rf"""\bexercise\(["']{re.escape(made.slug)}["']\)""", code[0]):
        raise CourseError(f'{where}: it must have one code cell, which calls simemr.exercise("{made.slug}").')
    taken = {cell.id for cell in notebook.cells}
    for criterion in (*made.criteria, *made.extras):
        if criterion.id in taken:
            raise CourseError(f"{where}: the cell id '{criterion.id}' is also a criterion's.")
    for cell in made.scenario.of(CodeCell):
        words = new_markdown_cell(cell.text.strip(), id=f"{cell.id}{CODE}-text", metadata={"tags": [NOT_IN_BROWSER]})
        notebook.cells += [words, _code(made.slug, cell)]
    notebook.cells += [_graded(criterion.id, criterion.points) for criterion in made.criteria]
    # What is extra adds nothing to the points there are: nbgrader keeps it as extra credit.
    notebook.cells += [_graded(criterion.id, 0.0) for criterion in made.extras]
    return notebook


def in_browser(notebook: NotebookNode) -> NotebookNode:
    """A released exercise as it runs in the browser, where there is nothing to run code on tables with: without its
    code cells.
    """
    kept = [cell for cell in notebook.cells if NOT_IN_BROWSER not in cell.metadata.get("tags", ())]
    return NotebookNode({**notebook, "cells": kept})


def _graded(name: str, points: float) -> NotebookNode:
    return new_code_cell(
        GRADED,
        id=name,
        metadata={
            "jupyter": {"source_hidden": True},
            "tags": ["remove-cell"],
            "nbgrader": {
                "schema_version": 3,
                "cell_type": "code",
                "grade": True,
                "grade_id": name,
                "locked": True,
                "points": points,
                "solution": False,
                "task": False,
            },
        },
    )


def _code(slug: str, cell: CodeCell) -> NotebookNode:
    return new_code_cell(
        f"%%code {slug} {cell.id}\n{cell.start.strip()}\n",
        id=f"{cell.id}{CODE}",
        metadata={
            "tags": [NOT_IN_BROWSER],
            "nbgrader": {
                "schema_version": 3,
                "cell_type": "code",
                "grade": False,
                "grade_id": f"{cell.id}{CODE}",
                "locked": False,
                "solution": True,
                "task": False,
            },
        },
    )


def practices(course: Course, slug: str) -> dict[str, NotebookNode]:
    """A lesson's practices and demonstrations, each as a notebook of its one cell: "lesson--id" -> notebook.

    Such a cell stands alone: it imports what it uses, for in the browser it runs without the rest of the
    lesson. Raises CourseError for one whose id can't be read, or that is there twice.
    """
    found: dict[str, NotebookNode] = {}
    for number, cell in enumerate(lesson(course, slug).cells, start=1):
        if cell.cell_type != "code" or not PRACTICE.intersection(cell.metadata.get("tags", ())):
            continue
        name = _practice_id(cell.source)
        if name is None:
            raise CourseError(f"notebooks/{slug}.md: part {number} is tagged a practice and names none.")
        if f"{slug}--{name}" in found:
            raise CourseError(f"notebooks/{slug}.md: the practice '{name}' is there twice.")
        made = new_notebook(cells=[cell], metadata=NotebookNode(kernelspec=KERNEL, language_info={"name": "python"}))
        found[f"{slug}--{name}"] = made
    return found


def _practice_id(source: str) -> str | None:
    # the call that is shown is the cell's last statement; its first argument is its id
    last = ast.parse(source).body[-1]
    call = last.value if isinstance(last, ast.Expr) else None
    if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return None


def write_for_browser(course: Course, released: Iterable[Path]) -> list[Path]:
    """Write released exercises, as they run in the browser, to build/browser/<slug>.ipynb."""
    return [
        _write(course.build / "browser" / file.name, in_browser(nbformat.read(file, as_version=4))) for file in released
    ]


def write_practices(course: Course) -> dict[Path, Module]:
    """Write every lesson's practices to build/practices/<lesson>--<id>.ipynb, and remove those that are gone.

    Returns the notebooks, each with the module it belongs to.
    """
    folder = course.build / "practices"
    written = {
        _write(folder / f"{name}.ipynb", notebook): module
        for module in course.modules
        for name, notebook in practices(course, module.slug).items()
    }
    for old in set(folder.glob("*.ipynb")) - set(written):
        old.unlink()
    return written


def write_lessons(course: Course) -> list[Path]:
    """Write every lesson to build/notebooks/<slug>.ipynb and remove those of modules that are gone.

    The files in notebooks/data are copied beside them, for a lesson that reads one. Returns the notebooks.
    """
    folder = course.build / "notebooks"
    written = [_write(folder / f"{m.slug}.ipynb", lesson(course, m.slug)) for m in course.modules]
    for old in set(folder.glob("*.ipynb")) - set(written):
        old.unlink()
    data, copy = course.lessons / "data", folder / "data"
    shutil.rmtree(copy, ignore_errors=True)
    if data.is_dir():
        shutil.copytree(data, copy)
    return written


def write_exercises(course: Course, exercises: Iterable[Exercise]) -> list[Path]:
    """Write every exercise to build/source/<slug>/<slug>.ipynb, alone in its folder.

    Alone, because nbgrader copies whatever else lies there over the learner's files of the same name when it
    grades: an answers folder left by trying an exercise out would replace every learner's answers.
    """
    source = course.build / "source"
    written = []
    for made in exercises:
        written.append(_write(source / made.slug / f"{made.slug}.ipynb", exercise(made)))
        for other in (source / made.slug).iterdir():
            if other.name != f"{made.slug}.ipynb":
                shutil.rmtree(other) if other.is_dir() and not other.is_symlink() else other.unlink()
    kept = {file.parent for file in written}
    for old in (folder for folder in source.iterdir() if folder.is_dir() and folder not in kept):
        shutil.rmtree(old)
    return written


def _read(file: Path, where: str) -> NotebookNode:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{where}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{where}: it cannot be read ({error}).") from None
    try:
        notebook = jupytext.reads(text, fmt="md:myst")
    except Exception as error:  # jupytext and its YAML reader raise many kinds
        raise CourseError(f"{where}: it is not a MyST notebook ({error}).") from None
    # jupytext's own settings stay behind: with them, a pairing set up on some machine writes the text, and
    # with it what releasing removed, back into the notebook.
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"part-{number}"
    return notebook


def _write(file: Path, notebook: NotebookNode) -> Path:
    """Write a notebook where it differs from the file: an unchanged file keeps its date."""
    text = nbformat.writes(notebook, version=4) + "\n"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        files.write(file, text)
    return file
