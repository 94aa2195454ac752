"""nbgrader's grading of a notebook, with the learner's answer log in the place of running the notebook.

Four preprocessors, all put in by the settings in grading.wiring:

- RestoreRelease, first when nbgrader sanitizes: nothing of the learner's is in the notebook, so the released
  one takes its place, and no edit of cells, points or kernel matters.
- ScoreAnswers, where nbgrader would execute: it scores the log and writes each criterion's points, and an
  account, as the graded cell's output, which is where nbgrader's own SaveAutoGrades, formgrader and feedback
  look.
- SaveGrades, which is SaveAutoGrades and keeps what code earned as extra credit.
- RecordGrade, after nbgrader has saved: it adds the record of the grade to the gradebook.

What was handed in is read from nbgrader's folders, unless it comes with the resources, under "course": so it does
when grading.batch executes a job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import determine_grade, is_grade, is_solution
from sqlalchemy import create_engine
from traitlets import Unicode

from grading import account, audit
from grading import course as course_file
from grading import exercise as exercise_file
from grading.exercise import Exercise
from grading.handin import digest, note_incident, read_submission
from grading.publish.notebooks import CODE
from grading.scoring import GradingError, Result, judge, nothing_handed_in, open_log, passes, total

#: Where a graded cell's metadata says what its code earned.
EXTRA = "course_extra"


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
            value = judge(exercise, session, read, run_code=True), tuple(session.state.events)
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
        if resources.get("course", {}).get("restored"):
            return nb, resources
        release = self._place(resources, self.parent.parent.coursedir.release_directory, ".")
        file = release / f"{resources['nbgrader']['notebook']}.ipynb"
        if not file.is_file():
            raise GradingError(f"{file}: there is no such file; run `course release` first.")
        return nbformat.read(file, as_version=4), resources


class ScoreAnswers(_CoursePreprocessor):
    """Scores the answer log beside the notebook. Of the learner's, only code cells are run, and in the sandbox."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        slug = resources["nbgrader"]["assignment"]
        exercise = exercise_file.cached(Path(self.course_folder), slug)
        content = self._answers(resources, slug)
        resources["course"] = {**resources.get("course", {}), "answers": content}
        result, events = outcome_of(exercise, content)
        resources["course"]["attempt"] = result.attempt
        write_outputs(nb, result)
        cells = zip(exercise.extras, result.extras, strict=True)
        write_code(nb, slug, {criterion.cell: extra.code for criterion, extra in cells if extra.code})
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
        if "answers" in resources.get("course", {}):
            return resources["course"]["answers"]
        submitted = read_submission(self._place(resources, coursedir.submitted_directory), slug)
        copied = read_submission(Path(resources["metadata"]["path"]), slug)
        if submitted != copied:
            raise GradingError(f"The copy of the answers that nbgrader made for grading '{slug}' differs from them.")
        return copied


class SaveGrades(SaveAutoGrades):
    """nbgrader's step that saves grades; what is extra becomes nbgrader's extra credit, beside the points."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_score(cell, resources)
        if EXTRA not in cell.metadata:
            return
        extra = cell.metadata[EXTRA]
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.needs_manual_grade = bool(extra.waiting)
        if not extra.waiting:  # what a person gave meanwhile stands until the code has been judged
            grade.extra_credit = extra.points
        self.gradebook.db.commit()


class RecordGrade(_CoursePreprocessor):
    """Adds the record of a grade that a stock `nbgrader` command has just saved."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        exercise = exercise_file.cached(Path(self.course_folder), info["assignment"])
        criteria = graded_points(nb.cells)
        record = audit.Record(
            at=audit.now(),
            learner=info["student"],
            exercise=exercise.slug,
            attempt=resources["course"]["attempt"],
            course_version=exercise.course_version,
            rubric=exercise.fingerprint,
            answers=digest(resources["course"]["answers"]),
            criteria=criteria,
            extras=extra_points(nb.cells),
            points=total(criteria),
            max=exercise.max,
            passed=passes(exercise, criteria),
            graded_by=audit.whoever("nbgrader autograde"),
        )
        engine = create_engine(info["db_url"])
        try:
            audit.metadata.create_all(engine)
            with engine.begin() as connection:
                audit.add(connection, [record])
        finally:
            engine.dispose()
        if why := code_stopped(nb.cells):
            build = Path(self.parent.parent.coursedir.root)
            course = course_file.load(Path(self.course_folder), check_folders=False, build=build)
            note_incident(course, record.learner, record.exercise, "code", why)
        return nb, resources


def graded_points(cells: Iterable[NotebookNode]) -> dict[str, float | None]:
    """Each criterion's automatic points as nbgrader reads them; None where a person has to grade it."""
    graded = [cell for cell in cells if is_grade(cell) and EXTRA not in cell.metadata]
    return {cell.metadata.nbgrader["grade_id"]: determine_grade(cell)[0] for cell in graded}


def extra_points(cells: Iterable[NotebookNode]) -> dict[str, float | None]:
    """What code earned beside the points; None where it waits to be judged."""
    extra = {cell.metadata.nbgrader["grade_id"]: cell.metadata[EXTRA] for cell in cells if EXTRA in cell.metadata}
    return {name: None if earned.waiting else earned.points for name, earned in extra.items()}


def code_stopped(cells: Iterable[NotebookNode]) -> str:
    """Why a submission's code was stopped or is not judged; "" where it ran to its end, or there is none."""
    told = (cell.metadata[EXTRA] for cell in cells if EXTRA in cell.metadata)
    why = next((one.waiting or one.stopped for one in told if one.waiting or one.stopped), "")
    return why and f"Its code: {why.rstrip('.')}."


def write_outputs(nb: NotebookNode, result: Result) -> None:
    """Write each criterion's points and account as its graded cell's output.

    Raises GradingError when the notebook's graded cells are not the rubric's criteria: points would be lost
    or misplaced. nbgrader reads the first execute_result as the points.
    """
    cells = {cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if is_grade(cell)}
    released = {name: float(cell.metadata.nbgrader["points"]) for name, cell in cells.items()}
    if released != {scored.id: scored.max for scored in result.criteria} | {extra.id: 0.0 for extra in result.extras}:
        raise GradingError(
            f"The rubric of '{result.exercise}' is not the one that was released: run `course release` again."
        )
    for number, scored in enumerate(result.criteria, start=1):
        points = _output("execute_result", {"text/plain": repr(float(scored.points))}, execution_count=number)
        told = {"text/plain": account.criterion_text(scored), "text/html": account.criterion_html(scored)}
        cells[scored.id].outputs = [points, _output("display_data", told)]
        cells[scored.id].execution_count = number
    for extra in result.extras:
        told = {"text/plain": account.extra_text(extra), "text/html": account.extra_html(extra)}
        cell = cells[extra.id]
        cell.outputs = [
            _output("execute_result", {"text/plain": "0.0"}, execution_count=1),
            _output("display_data", told),
        ]
        cell.metadata[EXTRA] = NotebookNode(points=extra.points, waiting=extra.waiting, stopped=extra.stopped)


def write_code(nb: NotebookNode, slug: str, sources: Mapping[str, str]) -> None:
    """Show what the learner wrote where they wrote it."""
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix(CODE)
        if is_solution(cell) and name in sources:
            cell.source = f"%%code {slug} {name}\n{sources[name]}"


def _output(kind: str, data: dict[str, str], **more: int) -> NotebookNode:
    # nbformat's new_output would validate each by itself; nbconvert validates the whole notebook after each step.
    return NotebookNode(output_type=kind, data=NotebookNode(data), metadata=NotebookNode(), **more)


def _tell(nb: NotebookNode, text: str, html: str) -> None:
    """Put the account of the whole attempt where the exercise stood."""
    for cell in nb.cells:
        if cell.cell_type == "code" and not is_grade(cell):
            cell.outputs = [_output("display_data", {"text/plain": text, "text/html": html})]
            return
