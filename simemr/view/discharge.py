"""The discharge summary on the screen: words, medicines, results still to come, then signed."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.discharge import (
    DUE,
    MEDICINES,
    SECTIONS,
    TELL,
    Discharge,
    discharge_of,
    medicines_of,
    owners,
    summary_of,
    tests_of,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import discharge as page
from simemr.html import words
from simemr.html.escape import el
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class DischargePanel(Panel):
    """The summary of the open patient."""

    alone = True
    style = "handoff.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Discharge))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.none = html(value=page.nobody())
        self.heading = html()
        self.texts = {key: field(widgets.Textarea, title, rows=3) for key, title in SECTIONS.items()}
        self.save = button("Save the text")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.order = field(widgets.Dropdown, "Medicine", options=[("Choose", "")])
        self.decision = field(
            widgets.Dropdown, "What becomes of it",
            options=[("Choose", ""), *((text, key) for key, text in MEDICINES.items())], value="",
        )  # fmt: skip
        self.words = field(widgets.Text, "How long, or what for", "em-all")
        self.put = button("Save this medicine")
        self.put.on_click(shell.guarded(lambda _: self._medicine()))
        self.medicines = html()
        self.test = field(widgets.Dropdown, "Test of this stay", options=[("Choose", "")])
        names = [("Choose", ""), *((contact.name, contact.id) for contact in owners(shell.session))]
        self.owner = field(widgets.Dropdown, "Who looks for the result", options=names, value="")
        self.due = field(
            widgets.Dropdown, "When it is due", options=[("Choose", ""), *((t, k) for k, t in DUE.items())], value=""
        )
        self.tell = field(
            widgets.Dropdown, "How the patient hears", options=[("Choose", ""), *((t, k) for k, t in TELL.items())],
            value="",
        )  # fmt: skip
        self.add = button("Add to the results still to come")
        self.add.on_click(shell.guarded(lambda _: self._pending()))
        self.drop = button("Take it off")
        self.drop.on_click(shell.guarded(lambda _: self._drop()))
        self.test.observe(shell.guarded(lambda _: self._offer_drop()), "value")
        self.pending = html()
        self.sign = button("Sign and send", "em-primary")
        self.sign.on_click(shell.guarded(lambda _: self._sign()))
        self.signed = html()
        first, last = list(self.texts.values())[:2], list(self.texts.values())[2:]
        self.form = box(
            box(html(value=el("h3", "In words")), *first, *last, box(self.save, classes=("em-line",)),
                classes=("em-form-box",)),
            box(html(value=el("h3", "Medicines")), self.medicines,
                box(self.order, self.decision, self.words, box(self.put, classes=("em-line",)),
                    classes=("em-four-fields",)), classes=("em-form-box",)),
            box(html(value=el("h3", "Results still to come")), self.pending,
                box(self.test, self.owner, self.due, self.tell, box(self.add, self.drop, classes=("em-line",)),
                    classes=("em-four-fields",)), classes=("em-form-box",)),
            box(self.sign, self.signed, classes=("em-line",)),
            classes=("em-summary-form",),
        )  # fmt: skip
        self.widget = box(self.none, self.heading, self.form, classes=("em-handoff",))
        self._patient = ""
        # what was typed and not saved, by patient: whoever looks into another record finds it again
        self._typed: dict[str, dict[str, str]] = {}

    @property
    def patient(self) -> str:
        return self.shell.session.state.patient

    def _unsaved(self) -> dict[str, str]:
        saved = summary_of(self.shell.session, self.patient).texts
        typed = {key: widget.value.strip() for key, widget in self.texts.items()}
        return {key: text for key, text in typed.items() if text and text != saved.get(key, "")}

    def _write(self) -> int:
        changed = self._unsaved()
        for section, text in changed.items():
            self.shell.do("write_summary", patient=self.patient, section=section, text=text)
        return len(changed)

    def _save(self) -> None:
        if not self._write():
            raise ActionRefused("There is nothing new to save.")
        self.shell.say("The text is saved.")
        self.order.focus()

    def _medicine(self) -> None:
        for widget, what in ((self.order, "the medicine"), (self.decision, "what becomes of it")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what} first.")
        if self.decision.value == "home" and len(self.words.value.strip()) < 3:
            self.words.focus()
        order = self.order.value
        self.shell.do(
            "send_home_with", patient=self.patient, order=order, decision=self.decision.value,
            words=self.words.value.strip(),
        )  # fmt: skip
        name = words.medicine(self.shell.session.state.orders[order], self.shell.session.hospital.formulary)
        self.order.value, self.decision.value, self.words.value = "", "", ""
        self.shell.say(f"{name} is in the summary.")
        self.order.focus()

    def _pending(self) -> None:
        for widget, what in (
            (self.test, "the test"), (self.owner, "who looks for it"), (self.due, "when it is due"),
            (self.tell, "how the patient hears"),
        ):  # fmt: skip
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what} first.")
        self.shell.do(
            "list_pending", patient=self.patient, test=self.test.value, owner=self.owner.value, due=self.due.value,
            tell=self.tell.value,
        )  # fmt: skip
        self._empty_pending()
        self.shell.say("It is on the list of results still to come.")
        self.test.focus()

    def _drop(self) -> None:
        self.shell.do("drop_pending", patient=self.patient, test=self.test.value)
        self._empty_pending()
        self.shell.say("It is off the list.")
        self.test.focus()

    def _empty_pending(self) -> None:
        for widget in (self.test, self.owner, self.due, self.tell):
            widget.value = ""

    def _offer_drop(self) -> None:
        listed = self.patient and self.test.value in summary_of(self.shell.session, self.patient).pending
        show(self.drop, bool(listed))

    def _sign(self) -> None:
        self._write()
        self.shell.do("sign_summary", patient=self.patient)
        self.shell.say("The summary is signed and sent.")
        self.sign.focus()

    def reset(self) -> None:
        """Forget what was half written."""
        self._typed.clear()
        self._patient = ""
        self._load("")

    def _load(self, patient: str) -> None:
        """Take up what the patient's summary says, or what was typed for it before."""
        for widget in (self.order, self.decision, self.test, self.owner, self.due, self.tell):
            widget.value = ""
        self.words.value = ""
        saved = summary_of(self.shell.session, patient).texts if patient else {}
        typed = self._typed.get(patient, saved)
        for key, widget in self.texts.items():
            widget.value = typed.get(key, "")

    def refresh(self) -> None:
        """Show the summary as it is."""
        session, patient = self.shell.session, self.patient
        if patient != self._patient:
            if self._patient:
                self._typed[self._patient] = {key: widget.value for key, widget in self.texts.items()}
            self._patient = patient
            self._load(patient)
        found = discharge_of(session, patient)
        show(self.none, found is None)
        show(self.heading, found is not None)
        show(self.form, found is not None)
        if found is None:
            return
        person, summary = session.open_patient, summary_of(session, patient)
        put(self.heading, page.heading(session, person))
        formulary = session.hospital.formulary
        done = summary.medicines
        orders = [
            (f"{'✓ ' if key in done else ''}{words.order(order, formulary)}", key)
            for key, order in medicines_of(session, patient).items()
        ]
        options(self.order, [("Choose", ""), *orders], self.order.value)
        options(self.test, [("Choose", ""), *((t.title, t.id) for t in tests_of(session, patient))], self.test.value)
        put(self.medicines, page.medicines(session, person))
        put(self.pending, page.pending(session, person))
        put(self.signed, page.signed(summary))
        self._offer_drop()
        mark(self.sign, "em-primary", not summary.signed)
