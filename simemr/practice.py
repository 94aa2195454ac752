"""Practice questions for the cells of a lesson: nothing is graded, every answer gets a word at once.

    from simemr.practice import choice

    choice(
        "second-identifier",
        lesson="right-patient",
        ask="Which is the second identifier?",
        options={"Date of birth": "It does not change.", "Bed": "Patients move."},
        answer="Date of birth",
    )

Each function returns a Practice, which a notebook shows as widgets and a page without Python as plain HTML.
Answers are kept in `answers/practice-<lesson>.jsonl`, an answer log like that of an exercise, and are there
again when the lesson is opened again. The file is made with the first answer, never by opening a lesson.

With SIMEMR_STATIC set in the environment only the HTML is made: for building pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from simemr import place
from simemr.domain.action import ActionRefused
from simemr.domain.attempt import Attempt, InUse
from simemr.domain.log import LogError
from simemr.domain.questions import Cells, Choice, Matching, Number, Ordering, Question, QuestionError, Several
from simemr.domain.record import Hospital
from simemr.domain.scenario import Scenario
from simemr.html import questions as html

FOLDER = "answers"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CLOCK = datetime(2026, 3, 12, 14, 0)  # a session needs one; no practice question depends on it


def choice(id: str, *, lesson: str, ask: str, options: Mapping[str, str], answer: str, why: str = "") -> Practice:
    """One right option. options: {text: why it is right or not}; answer: the text of the right one."""
    return Practice(Choice(id=id, ask=ask, options=options, answer=answer, why=why), lesson)


def several(
    id: str, *, lesson: str, ask: str, options: Mapping[str, str], answer: Sequence[str], why: str = ""
) -> Practice:
    """All right options and no other. options: {text: why it is right or not}; answer: the right texts."""
    return Practice(Several(id=id, ask=ask, options=options, answer=answer, why=why), lesson)


def number(
    id: str,
    *,
    lesson: str,
    ask: str,
    answer: float,
    unit: str,
    why: str,
    tolerance: float = 0,
    slips: Mapping[float, str] | None = None,
) -> Practice:
    """A number in a unit. slips: {wrong number: what went wrong}; why: how the right one comes about."""
    question = Number(id=id, ask=ask, answer=answer, unit=unit, tolerance=tolerance, slips=slips or {}, why=why)
    return Practice(question, lesson)


def ordering(
    id: str,
    *,
    lesson: str,
    ask: str,
    items: Mapping[str, str] | Sequence[str],
    answer: Sequence[str | Sequence[str]] | None = None,
    why: str = "",
) -> Practice:
    """Lines to put in order. items: {text: why it has its place}, in the right order; they are shown mixed.

    answer: only where some lines may stand in any order: the texts in order, those lines as a list inside it.
    """
    right = list(items) if answer is None else answer
    return Practice(Ordering(id=id, ask=ask, items=items, answer=right, why=why), lesson)


def matching(
    id: str,
    *,
    lesson: str,
    ask: str,
    pairs: Mapping[str, str],
    choices: Sequence[str] | None = None,
    explain: Mapping[str, str] | None = None,
    why: str = "",
) -> Practice:
    """A partner for each line. pairs: {line: partner}; explain: {line: why}.

    choices: all partners offered, in the order shown, where that is not just theirs in alphabetical order.
    """
    question = Matching(id=id, ask=ask, pairs=pairs, choices=choices, explain=explain or {}, why=why)
    return Practice(question, lesson)


def cells(
    id: str,
    *,
    lesson: str,
    ask: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    answer: Mapping[tuple[int, str], str],
    notes: Mapping[tuple[int, str], str] | None = None,
    why: str = "",
) -> Practice:
    """Cells to mark in a table.

    answer: {(row from 1, column title): why it is marked}; notes: {the same: why not}, for cells that tempt.
    """
    question = Cells(id=id, ask=ask, columns=columns, rows=rows, answer=answer, notes=notes or {}, why=why)
    return Practice(question, lesson)


class Practice:
    """A practice question of a lesson, which a notebook displays by itself."""

    def __init__(self, question: Question, lesson: str, folder: Path | str = FOLDER):
        if not isinstance(lesson, str) or not _SLUG.fullmatch(lesson):
            fault = f"a lesson is lower-case words joined by hyphens, not {lesson!r}"
            raise QuestionError(f"question {question.id!r}: {fault}")
        self.question = question
        self.lesson = lesson
        self.log = PracticeLog(lesson, folder)
        self._view: Any = None

    @property
    def view(self) -> Any:
        """The view (simemr.view.questions.QuestionView), made when first asked for."""
        if self._view is None:
            from simemr.view.questions import QuestionView

            value = self.log.answer(self.question.id)
            note = self.log.note(earlier=value is not None and not self.question.problem(value))
            self._view = QuestionView(self.question, self._keep, value, note)
        return self._view

    def _keep(self, value: Any) -> html.Saved:
        return self.log.keep(self.question.id, value)

    def static(self) -> str:
        """The practice as HTML for a page without Python."""
        return html.practice(self.question, self.lesson)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return bundle(self.question.ask, self.static(), lambda: self.view.widget)

    def __repr__(self) -> str:
        return f"<practice {self.question.id} of {self.lesson}>"


def bundle(text: str, static: str, widget: Any) -> dict[str, Any]:
    """What a notebook keeps of an output: text, HTML, and the widget where there can be one."""
    made: dict[str, Any] = {"text/plain": text, "text/html": static}
    if os.environ.get("SIMEMR_STATIC"):
        return made
    try:
        import ipywidgets  # noqa: F401 - only whether it is there
    except ImportError:
        return made
    return {**(widget()._repr_mimebundle_() or {}), **made}


class PracticeLog:
    """The answers to one lesson's practice questions, in `<folder>/practice-<lesson>.jsonl`."""

    def __init__(self, lesson: str, folder: Path | str = FOLDER):
        self._scenario = Scenario(exercise=f"practice-{lesson}", title="Practice", clock=_CLOCK, tabs=())
        self._folder = Path(folder)
        self._trouble = ""
        self._set_aside = ""

    def answer(self, question: str) -> Any:
        """The last answer that was kept, or None. Makes no file."""
        if not (self._folder / f"{self._scenario.exercise}.jsonl").exists():
            return None
        attempt = self._attempt()
        return None if attempt is None else attempt.session.state.answers.get(question)

    def keep(self, question: str, value: Any) -> html.Saved:
        """Write an answer down, and say whether it is kept."""
        attempt = self._attempt()
        if attempt is None:
            return self.note()
        try:
            attempt.do("answer", question=question, value=value)
        except ActionRefused as refusal:
            return _not_saved(str(refusal))
        if attempt.save_error:
            return _not_saved(attempt.save_error.removeprefix("Not saved: "))
        if place.storage == "none":
            return _not_saved("this browser keeps no files for the course.")
        return html.Saved(True, f"Saved {attempt.saved.astimezone():%H:%M}. {self._set_aside}".strip())

    def note(self, earlier: bool = False) -> html.Saved:
        """What to say before there is an answer to keep. earlier: an answer from before is shown."""
        if self._trouble:
            return _not_saved(self._trouble)
        return html.Saved(True, " ".join(["Your answer from before."] * earlier + [self._set_aside]).strip())

    def _attempt(self) -> Attempt | None:
        """The lesson's log, opened when first needed; None where it cannot be."""
        self._trouble = ""
        try:
            return self._open()
        except LogError as damage:
            # nothing here is graded: keep the damaged file as it is, under another name, and go on
            self._set_aside = f"Earlier answers could not be read ({damage}) and were put aside."
            try:
                return self._open(set_aside=True)
            except (OSError, InUse) as fault:
                self._trouble = str(fault)
        except InUse:
            self._trouble = "this lesson is open in another window too. Go on there, or close that one."
        except OSError as fault:
            self._trouble = f"{fault.strerror or fault}."
        return None

    def _open(self, set_aside: bool = False) -> Attempt:
        # no patient and no catalogue is needed, and reading them would make a lesson wait
        hospital = Hospital(clock=_CLOCK, units={}, tests={}, formulary=None)
        return Attempt.open(self._scenario, self._folder, hospital=hospital, seed=0, set_aside=set_aside)


def _not_saved(why: str) -> html.Saved:
    return html.Saved(False, f"Not saved: {why} You can go on, but this answer is lost when you leave the page.")
