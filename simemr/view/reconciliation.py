"""Medication reconciliation on the screen, in three steps: the history, the comparison, the list for home.

A line of a source is a button that fills the form; whether it is what the patient takes is the learner's to say.
"""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.reconciliation import (
    MedicineSource,
    Reconciliation,
    sources_of,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html.tables import empty
from simemr.view.panel import Panel
from simemr.view.parts import box, button, html, mark, show
from simemr.view.reconciliation_history import HistoryStep
from simemr.view.reconciliation_steps import ComparisonStep, DischargeStep

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_STEPS = {"history": "1. The history", "comparison": "2. Compare with the ward", "discharge": "3. The list for home"}


class ReconciliationPanel(Panel):
    """Three steps; each can be gone back to."""

    alone = True
    style = "reconciliation.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(MedicineSource))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.step = "history"
        self.none = html(value=empty("No source for this patient's medicines has been found yet."))
        self.choices: dict[str, widgets.Button] = {}
        for step, words in _STEPS.items():
            self.choices[step] = button(words, "em-segment")
            self.choices[step].on_click(shell.guarded(lambda _, chosen=step: self.go(chosen)))
        self.history = HistoryStep(shell, self)
        self.comparison = ComparisonStep(shell, self)
        self.discharge = DischargeStep(shell, self)
        self.parts = {"history": self.history, "comparison": self.comparison, "discharge": self.discharge}
        self.work = box(
            box(*self.choices.values(), classes=("em-segments", "em-three-steps")),
            *(part.widget for part in self.parts.values()),
            classes=("em-reconciliation",),
        )
        self.widget = box(self.none, self.work)
        self._patient = ""

    def go(self, step: str) -> None:
        """Go to a step; the second and third wait for the history."""
        session = self.shell.session
        if step != "history" and session.state.patient not in session.state.part(Reconciliation).histories_signed:
            self.history.sign.focus()
            raise ActionRefused("Sign the history first: everything after it is compared with it.")
        self.step = step
        self.refresh()
        self.choices[step].focus()

    def reset(self) -> None:
        """Begin anew at the first step."""
        self.step = "history"
        self._patient = ""
        for part in self.parts.values():
            part.reset()

    def refresh(self) -> None:
        """Show the step that is open."""
        session = self.shell.session
        patient = session.state.patient
        another = patient != self._patient
        if another:
            self.reset()
            self._patient = patient
        found = bool(sources_of(session, patient))
        show(self.none, not found)
        show(self.work, found)
        if not found:
            return
        part = session.state.part(Reconciliation)
        done = {
            "history": patient in part.histories_signed,
            "comparison": patient in part.comparisons_signed,
            "discharge": patient in part.lists_signed,
        }
        if another:  # go on where the work was left
            self.step = next((step for step, is_done in done.items() if not is_done), "discharge")
        if not done["history"]:
            self.step = "history"
        for step, choice in self.choices.items():
            mark(choice, "em-open", step == self.step)
            mark(choice, "em-done", done[step])
            show(self.parts[step].widget, step == self.step)
        self.parts[self.step].refresh()
