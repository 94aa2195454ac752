"""The second stage: scores one Job, in whatever process or on whatever machine it is given to.

It is nbgrader's own pipeline, with the settings in grading.wiring: the preprocessors that sanitize, then those that
autograde, up to those that save. It opens no gradebook and writes no file; what it needs of a submission comes in the
Job. The course's own files must be on the machine, and must be the ones the Job was prepared with.
"""

from __future__ import annotations

import json
import logging
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from grading import course as course_file
from grading import wiring
from grading.batch.job import Executed, Job
from grading.course import CourseError
from grading.exercise import Exercise, cached
from grading.preprocessor import RecordGrade, SaveGrades, extra_points, graded_points
from grading.scoring import GradingError, Refused, passes, total


def execute(job: Job) -> Executed:
    """Score a job. Whatever goes wrong with it is told in the result, and is no other job's concern."""
    try:
        exercise = _exercise(job)
        text, resources = _exporter(job.root, job.build).from_notebook_node(
            _released(job.released),
            resources={
                "unique_key": job.exercise,
                "output_files_dir": f"{job.exercise}_files",
                "metadata": {"name": job.exercise, "path": ""},
                "nbgrader": {
                    "student": job.learner,
                    "assignment": job.exercise,
                    "notebook": job.exercise,
                    "db_url": "",
                },
                "course": {"answers": job.answers, "restored": True},
            },
        )
        return _scored(job, exercise, text, resources["course"].get("attempt", 0))
    except Refused as error:
        return Executed(job, "refused", str(error))
    except CourseError as error:
        return Executed(job, "failed", str(error))
    except Exception as error:
        return Executed(job, "failed", f"Grading '{job.exercise}' failed ({type(error).__name__}: {error}).")


def _scored(job: Job, exercise: Exercise, text: str, attempt: int) -> Executed:
    cells = tuple(_told(cell) for cell in json.loads(text)["cells"] if "nbgrader" in cell["metadata"])
    criteria = graded_points(cells)
    return Executed(
        job,
        "graded",
        notebook=text,
        cells=cells,
        criteria=criteria,
        extras=extra_points(cells),
        attempt=attempt,
        points=total(criteria),
        max=exercise.max,
        passed=passes(exercise, criteria),
    )


def _told(cell: dict) -> NotebookNode:
    """A cell without the outputs that decide nothing."""
    if "outputs" in cell:
        cell = {**cell, "outputs": [output for output in cell["outputs"] if output["output_type"] != "display_data"]}
    return nbformat.from_dict({**cell, "source": "".join(cell["source"])})


def _exercise(job: Job) -> Exercise:
    """The job's exercise. A long-lived worker may still hold an earlier one, so it looks a second time."""
    root = Path(job.root)
    exercise = cached(root, job.exercise)
    if exercise.fingerprint != job.rubric:
        cached.cache_clear()
        exercise = cached(root, job.exercise)
    if exercise.fingerprint != job.rubric:
        raise GradingError(
            f"The worker's copy of '{job.exercise}' or of the course's engine is not the one that is graded with: "
            "bring the same version of the course to every machine."
        )
    return exercise


@lru_cache(16)
def _released(text: str) -> NotebookNode:
    """The released notebook. The exporter works on a copy of it, so it is read once."""
    return nbformat.reads(text, as_version=4)


@cache
def _exporter(root: str, build: str) -> Any:
    """nbgrader's exporter with the course's preprocessors; making it takes longer than using it."""
    course = course_file.load(Path(root), check_folders=False, build=Path(build))
    config, log = wiring.settings(course), logging.Logger("nbgrader", logging.ERROR)
    converter = Autograde(coursedir=CourseDirectory(config=config, log=log), config=config, log=log)
    exporter = converter.exporter_class(parent=converter, config=config)
    saving = (SaveGrades, RecordGrade)
    for preprocessor in (*converter.sanitize_preprocessors, *converter.autograde_preprocessors):
        if preprocessor not in saving:
            exporter.register_preprocessor(preprocessor)
    return exporter
