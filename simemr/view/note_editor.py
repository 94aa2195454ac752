"""Writing today's note: in sections, copied forward or not, checked against the earlier one, then signed."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.notes import SECTIONS, EarlierNote, NoteDesk, earlier
from simemr.domain.scenario import Scenario
from simemr.html import note_editor as page
from simemr.html.escape import el
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_ROWS = {"today": 4, "assessment": 4, "plan": 4, "patient": 5}


class NoteEditor(Panel):
    """Nothing is signed that was not shown with its copies marked."""

    style = "note_editor.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(EarlierNote))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.patient = ""
        self.checking = False
        on = shell.guarded
        self.copy = button("Copy the last note forward")
        self.copy.on_click(on(lambda _: self._copy()))
        self.fields = {
            name: field(widgets.Textarea, title, rows=_ROWS[name], continuous_update=False)
            for name, title in SECTIONS.items()
        }
        self.check = button("Check the note", "em-primary")
        self.check.on_click(on(lambda _: self._check()))
        self.writing = box(
            box(self.copy, classes=("em-line",)), *self.fields.values(), box(self.check, classes=("em-line",)),
            classes=("em-form-box",),
        )  # fmt: skip
        self.shown = html()
        self.sign = button("Sign the note", "em-primary")
        self.sign.on_click(on(lambda _: self._sign()))
        self.back = button("Go on writing")
        self.back.on_click(on(lambda _: self._write()))
        self.checked = box(self.shown, box(self.sign, self.back, classes=("em-line",)), classes=("em-review", "em-off"))
        self.widget = box(
            html(value=el("h3", "Write today's note")), self.writing, self.checked, classes=("em-note-editor",)
        )

    def reset(self) -> None:
        """Empty every field."""
        self.patient = ""

    def refresh(self) -> None:
        """Show the open patient's draft; what is half written in the fields stays as it is."""
        session = self.shell.session
        patient = session.state.patient
        if patient != self.patient:
            self.patient, self.checking = patient, False
            self._fill(session.state.part(NoteDesk).drafts.get(patient, {}))
        empty = not any(text.value.strip() for text in self.fields.values())
        show(self.copy, empty and earlier(session, patient) is not None)
        show(self.writing, not self.checking)
        show(self.checked, self.checking)

    def _fill(self, sections: dict[str, str]) -> None:
        for name, text in self.fields.items():
            text.value = sections.get(name, "")

    def _copy(self) -> None:
        self.shell.do("copy_note_forward", patient=self.patient)
        self._fill(self.shell.session.state.part(NoteDesk).drafts[self.patient])
        self.refresh()
        self.shell.say("Copied. Every line of it is yours now: read it against today's record.")
        self.fields["today"].focus()

    def _check(self) -> None:
        sections = {name: text.value.strip() for name, text in self.fields.items()}
        self.shell.do("draft_note", patient=self.patient, sections=sections)
        source = earlier(self.shell.session, self.patient)
        put(self.shown, page.checked(sections, source))
        over = page.is_over(sections, source)
        mark(self.sign, "em-primary", not over)
        mark(self.back, "em-primary", over)
        self.checking = True
        self.refresh()
        self.shell.say("Your draft is kept. Read it once more, then sign it.")
        self.back.focus()

    def _write(self) -> None:
        self.checking = False
        self.refresh()
        self.fields["today"].focus()

    def _sign(self) -> None:
        self.shell.do("sign_note", patient=self.patient)
        self.checking = False
        self._fill({})
        self.refresh()
        self.shell.say("Your note is in the record. If something in it is wrong, write another one.")
        self.shell.chart.focus_tab()
