"""nbgrader's grading of a notebook, with the learner's answer log in the place of running the notebook.

Two preprocessors, both put in by the settings in grading.wiring:

- RestoreRelease, first when nbgrader sanitizes: nothing of the learner's is in the notebook, so the released
  one takes its place, and no edit of cells, points or kernel matters.
- ScoreAnswers, where nbgrader would execute: it scores the log and writes each criterion's points, and an
  account, as the graded cell's output, which is where nbgrader's own SaveAutoGrades, formgrader and feedback
  look.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade
from traitlets import Unicode

from grading import account
from grading import exercise as exercise_file
from grading.exercise import Exercise
from grading.handin import read_submission
from grading.scoring import GradingError, Result, judge, nothing_handed_in, open_log


def outcome_of(exercise: Exercise, content: bytes | None) -> tuple[Result, tuple]:
    """The result of an answer log, or of its absence, and the events in it. Raises Refused and GradingError.

    The last outcome is kept: a log is scored to see whether it can be graded, and again when nbgrader grades it.
    """
    key = (exercise.slug, exercise.fingerprint, content)
    if _last.get("key") != key:
        if content is None:
            value = nothing_handed_in(exercise), ()
        else:
            session, read = open_log(exercise, content)
            value = judge(exercise, session, read), tuple(session.state.events)
        _last.update(key=key, value=value)
    return _last["value"]


_last: dict = {}


class _CoursePreprocessor(NbGraderPreprocessor):
    course_folder = Unicode(help="The folder that holds course.toml").tag(config=True)

    def _place(self, resources: ResourcesDict, step: str, student: str = "") -> Path:
        """Where nbgrader keeps this assignment at `step`."""
        coursedir = self.parent.parent.coursedir
        info = resources["nbgrader"]
        return Path(coursedir.format_path(step, student or info["student"], info["assignment"]))


class RestoreRelease(_CoursePreprocessor):
    """Puts the released notebook in the place of the submitted one."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        release = self._place(resources, self.parent.parent.coursedir.release_directory, ".")
        file = release / f"{resources['nbgrader']['notebook']}.ipynb"
        if not file.is_file():
            raise GradingError(f"{file}: there is no such file; run `course release` first.")
        return nbformat.read(file, as_version=4), resources


class ScoreAnswers(_CoursePreprocessor):
    """Scores the answer log beside the notebook; runs nothing."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        slug = resources["nbgrader"]["assignment"]
        exercise = exercise_file.cached(Path(self.course_folder), slug)
        content = self._answers(resources, slug)
        result, events = outcome_of(exercise, content)
        write_outputs(nb, result)
        _tell(nb, account.attempt_text(result, events, exercise.hospital),
              account.attempt_html(result, events, exercise.hospital))  # fmt: skip
        return nb, resources

    def _answers(self, resources: ResourcesDict, slug: str) -> bytes | None:
        coursedir = self.parent.parent.coursedir
        source = self._place(resources, coursedir.source_directory, ".") / "answers"
        if source.exists():
            raise GradingError(
                f"{source}: nbgrader would put this folder in the place of every learner's answers; delete it."
            )
        submitted = read_submission(self._place(resources, coursedir.submitted_directory), slug)
        copied = read_submission(Path(resources["metadata"]["path"]), slug)
        if submitted != copied:
            raise GradingError(f"The copy of the answers that nbgrader made for grading '{slug}' differs from them.")
        return copied


def write_outputs(nb: NotebookNode, result: Result) -> None:
    """Write each criterion's points and account as its graded cell's output.

    Raises GradingError when the notebook's graded cells are not the rubric's criteria: points would be lost
    or misplaced. nbgrader reads the first execute_result as the points.
    """
    cells = {cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if is_grade(cell)}
    released = {name: float(cell.metadata.nbgrader["points"]) for name, cell in cells.items()}
    if released != {scored.id: scored.max for scored in result.criteria}:
        raise GradingError(
            f"The rubric of '{result.exercise}' is not the one that was released: run `course release` again."
        )
    for number, scored in enumerate(result.criteria, start=1):
        points = _output("execute_result", {"text/plain": repr(float(scored.points))}, execution_count=number)
        told = {"text/plain": account.criterion_text(scored), "text/html": account.criterion_html(scored)}
        cells[scored.id].outputs = [points, _output("display_data", told)]
        cells[scored.id].execution_count = number


def _output(kind: str, data: dict[str, str], **more: int) -> NotebookNode:
    # nbformat's new_output would validate each by itself; nbconvert validates the whole notebook after each step.
    return NotebookNode(output_type=kind, data=NotebookNode(data), metadata=NotebookNode(), **more)


def _tell(nb: NotebookNode, text: str, html: str) -> None:
    """Put the account of the whole attempt where the exercise stood."""
    for cell in nb.cells:
        if cell.cell_type == "code" and not is_grade(cell):
            cell.outputs = [_output("display_data", {"text/plain": text, "text/html": html})]
            return
