"""Before a locked record: break the glass with a reason, ask the help desk, or leave it closed."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.access import Access, Lock, locked
from simemr.domain.actions.access import REASONS
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import access as page
from simemr.view.list_desk import choice
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Glass(Panel):
    """The form over everything else, once a locked record was chosen. Leaving it closed is as near as opening it."""

    style = "privacy.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Lock))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.patient = ""
        self._where = ("", "")
        self.text = html()
        self.reason = choice("Why do you open it?", "Choose the reason", REASONS)
        self.words = field(widgets.Textarea, "What has happened, or what you need it for, in your own words", rows=2)
        self.open = button("Break the glass")
        self.open.on_click(shell.guarded(lambda _: self._open()))
        self.ask = button("Ask the help desk for access")
        self.ask.on_click(shell.guarded(lambda _: self._ask()))
        self.leave = button("Leave it closed")
        self.leave.on_click(shell.guarded(lambda _: self._leave()))
        self.widget = box(
            self.text, self.reason, self.words, box(self.open, self.ask, self.leave, classes=("em-line",)),
            classes=("em-card", "em-call", "em-waiting-call", "em-glass", "em-off"),
        )  # fmt: skip

    def choose(self, patient: str) -> None:
        """Ask about this record."""
        if patient != self.patient:
            self.reset()
        state = self.shell.session.state
        self.patient, self._where = patient, (state.patient, state.desk)
        self.refresh()
        self.shell.say("This record is locked. Read why before you go on.", wrong=True)
        self.reason.focus()

    def _open(self) -> None:
        if not self.reason.value:
            self.reason.focus()
            raise ActionRefused("Choose why you open this record.")
        if len(self.words.value.strip()) < 10:
            self.words.focus()
        name = self.shell.session.patient(self.patient).display_name
        self.shell.do("break_glass", patient=self.patient, reason=self.reason.value, words=self.words.value.strip())
        self.reset()
        self.refresh()
        self.shell.say(f"The record of {name} is open. It is in the audit log.")
        self.shell.chart.focus_tab()

    def _ask(self) -> None:
        if len(self.words.value.strip()) < 3:
            self.words.focus()
        patient = self.patient
        self.shell.do("ask_help_desk", patient=patient, words=self.words.value.strip())
        lock = next(lock for lock in self.shell.scenario.of(Lock) if lock.patient == patient)
        if locked(self.shell.session, patient) is None:
            self.reset()
            self.refresh()
        self.shell.say(f"The help desk: “{lock.reply}”")
        self.leave.focus()

    def _leave(self) -> None:
        self.reset()
        self.refresh()
        self.shell.say("The record stays closed.")

    def reset(self) -> None:
        """Ask about nothing."""
        self.patient, self.reason.value, self.words.value = "", "", ""

    def refresh(self) -> None:
        """Show the form while the record is asked about, is still locked, and nothing else was opened."""
        session = self.shell.session
        state = session.state
        lock = locked(session, self.patient) if self.patient else None
        if lock is None or self._where != (state.patient, state.desk):
            self.reset()
            lock = None
        show(self.widget, lock is not None)
        if lock is not None:
            put(self.text, page.locked(session, lock, session.patient(self.patient)))
            show(self.ask, self.patient not in state.part(Access).asked)
