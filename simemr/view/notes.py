"""Writing a note in the open record."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.scenario import Scenario
from simemr.html.escape import el
from simemr.view.panel import Panel, actions
from simemr.view.parts import box, button, field, html

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class NoteEntry(Panel):
    """A note is signed once and stays."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return "write_note" in actions(scenario)

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.text = field(widgets.Textarea, "What the next reader needs to know", rows=4)
        self.sign = button("Sign the note", "em-primary")
        self.sign.on_click(shell.guarded(lambda _: self._sign()))
        self.widget = box(
            html(value=el("h3", "Write a note")),
            self.text,
            box(self.sign, classes=("em-line",)),
            classes=("em-form-box",),
        )

    def _sign(self) -> None:
        self.shell.do("write_note", patient=self.shell.session.state.patient, text=self.text.value)
        self.text.value = ""
        self.shell.say("Your note is in the record.")

    def reset(self) -> None:
        """Empty the field."""
        self.text.value = ""

    def refresh(self) -> None:
        """Nothing to do: a half-written note stays as it is."""
