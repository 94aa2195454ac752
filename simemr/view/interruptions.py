"""Whoever comes in between, above the record: answer now, or finish first and come back to it."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.interruption import Interruption, promised, waiting
from simemr.domain.session import ActionRefused
from simemr.html import interruptions as page
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_CHOOSE = ("Choose what you answer", "")


class Interruptions:
    """One at a time: the one that waits, else one that was promised an answer."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.text = html("em-call-text")
        self.answer = field(widgets.Dropdown, "Your answer", options=[_CHOOSE], value="")
        self.give = button("Give this answer")
        self.give.on_click(shell.guarded(lambda _: self._give()))
        self.later = button("Finish first: I will come back to you")
        self.later.on_click(shell.guarded(lambda _: self._later()))
        acts = box(self.answer, self.give, self.later, classes=("em-line",))
        self.widget = box(self.text, acts, classes=("em-card", "em-call", "em-off"))
        self._shown: Interruption | None = None

    def refresh(self) -> None:
        """Show whoever waits, or nobody."""
        session = self.shell.session
        now = waiting(session)
        kept = promised(session)
        found = now or (kept[0] if kept else None)
        show(self.widget, found is not None)
        if found is None:
            self._shown = None
            return
        put(self.text, page.coming(found, promised=now is None))
        mark(self.widget, "em-waiting-call", now is not None)
        show(self.later, now is not None)
        if found != self._shown:
            self._shown = found
            options(self.answer, [_CHOOSE, *((words, words) for words in found.answers)], "")

    def _give(self) -> None:
        if not self.answer.value:
            self.answer.focus()
            raise ActionRefused("Choose what you answer.")
        self.shell.do("answer_interruption", interruption=self._shown.id, answer=self.answer.value)
        self._back("Answered.")

    def _later(self) -> None:
        self.shell.do("promise_answer", interruption=self._shown.id)
        self._back("They know that you will come back to them.")

    def _back(self, words: str) -> None:
        patient = self.shell.session.open_patient
        whose = f" The record of {patient.display_name} is open." if patient else ""
        self.shell.say(f"{words} You were interrupted:{whose} Is it the one you were working on?")
        self.shell.chart.focus_tab()
