"""Everything that can be checked about the course without a learner: what `course check` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grading import exercise as exercise_file
from grading import form
from grading.course import Course, CourseError, folder_problems
from grading.exercise import Exercise
from grading.publish import notebooks
from simemr.version import __version__

MOST_OBJECTIVES = 4


def problems(course: Course) -> Iterator[str]:
    """A sentence for each thing that is wrong, naming the file and, where there is one, the line.

    Load the course without checking its folders: that is done here, for all of them.
    """
    yield from map(str, folder_problems(course))
    if course.version != __version__:
        yield (
            f"course.toml: the version is {course.version}, and simemr's, which the answer logs carry, "
            f"is {__version__}."
        )
    yield from _lessons(course)
    loaded = {}
    for slug in course.exercises:
        if not (course.exercise_folder / slug).is_dir():
            continue
        try:
            loaded[slug] = made = exercise_file.load(course, slug)
            notebooks.exercise(made)
        except CourseError as error:
            yield str(error)
            continue
        yield from exercise_file.verify(made)
        yield from _readings(course, made)
    yield from _objectives(course, loaded)


def _lessons(course: Course) -> Iterator[str]:
    """What is wrong with a lesson's notebook, or with its form."""
    glossary = course.root / "book" / "glossary.md"
    terms = form.glossary(glossary.read_text(encoding="utf-8")) if glossary.is_file() else {}
    for term, lines in terms.items():
        if len(lines) > 1:
            yield f"book/glossary.md:{lines[1]}: the term '{term}' is already explained in line {lines[0]}."
    codes = form.codes_in(file.read_text(encoding="utf-8") for file in _hospital(course))
    for module in course.modules:
        lesson = course.lessons / f"{module.slug}.md"
        if not lesson.is_file():
            continue  # named already
        try:
            notebooks.lesson(course, module.slug)
        except CourseError as error:
            yield str(error)
            continue
        text = lesson.read_text(encoding="utf-8")
        for line, said in form.problems(text, most_minutes=module.minutes, terms_known=terms, codes_known=codes):
            yield f"notebooks/{module.slug}.md:{line}: {said}."


def _hospital(course: Course) -> Iterator[Path]:
    """The files in which the simulated hospital's codes stand; tests hold these against the codes' own sources."""
    for folder in (course.root / "simemr", course.exercise_folder):
        yield from (file for file in sorted(folder.rglob("*")) if file.suffix in (".toml", ".py"))


def _objectives(course: Course, loaded: dict[str, Exercise]) -> Iterator[str]:
    """An objective is something that a learner is seen to do: so some criterion of its module looks for
    it.
    """
    for module in course.modules:
        if len(module.objectives) > MOST_OBJECTIVES:
            yield (
                f"course.toml: module '{module.slug}' has {len(module.objectives)} objectives; "
                f"a lesson has room for {MOST_OBJECTIVES}."
            )
        slugs = set(module.exercises.values())
        if not slugs <= loaded.keys():
            continue  # an exercise that does not load was named already
        looked_for = {criterion.objective for slug in slugs for criterion in loaded[slug].criteria}
        for objective in module.objectives:
            if objective.id not in looked_for:
                yield f"course.toml: no criterion looks for the objective '{objective.id}' of module '{module.slug}'."


def _readings(course: Course, made: Exercise) -> Iterator[str]:
    """A criterion sends its learner back to a heading: is it in the lesson?"""
    lesson = course.lessons / f"{made.module.slug}.md"
    if not lesson.is_file():
        return
    headings = re.findall(r"^#+\s+(.+?)\s*$", lesson.read_text(encoding="utf-8"), re.MULTILINE)
    for criterion in (*made.criteria, *made.extras):
        if criterion.read not in headings:
            yield (
                f"exercises/{made.slug}/rubric.py: criterion '{criterion.id}' says to read "
                f"'{criterion.read}', which is no heading of notebooks/{made.module.slug}.md."
            )
