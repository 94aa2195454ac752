"""The second and third step of medication reconciliation: one medicine at a time, compared, then listed for home."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.reconciliation import (
    DECISIONS,
    KINDS,
    RESOLUTIONS,
    Reconciliation,
    history_of,
    list_of,
    medicines_to_compare,
    ward_orders,
)
from simemr.domain.session import ActionRefused
from simemr.html import reconciliation as page
from simemr.html.escape import el, join
from simemr.view.chooser import Chooser
from simemr.view.dose_fields import DoseFields
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.reconciliation import ReconciliationPanel
    from simemr.view.shell import Shell


class OneByOne(ABC):
    """A row of medicines, the open one large with its form, and all of them in a table below."""

    def __init__(self, shell: "Shell", panel: "ReconciliationPanel", *form: widgets.Widget):
        self.shell, self.panel = shell, panel
        self.opened = ""
        self.chooser = Chooser(shell, self._choose)
        self.detail = html()
        self.save = button("Save", "em-primary")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.finish = button("")
        self.finish.on_click(shell.guarded(lambda _: self._finish()))
        self.table = html()
        card = box(
            self.detail, *form, box(self.save, classes=("em-line", "em-wide")), classes=("em-form", "em-one-medicine")
        )
        self.widget = box(
            self.chooser.widget, card, self.table, box(self.finish, classes=("em-line",)), classes=("em-step",)
        )

    def medicines(self) -> list[str]:
        """Every medicine there is to deal with."""
        return medicines_to_compare(self.shell.session, self.shell.session.state.patient)

    @abstractmethod
    def done(self) -> set[str]:
        """Those dealt with."""

    @abstractmethod
    def load(self) -> None:
        """Fill the form for the open medicine."""

    def _choose(self, medicine: str) -> None:
        self.opened = medicine
        self.load()
        self.refresh()
        self.first.focus()

    first: widgets.Widget
    judged = False

    def next(self, said: str) -> None:
        """Go on to the next medicine that waits, and say so; at the end, to the button that finishes."""
        done, all_ = self.done(), self.medicines()
        at = all_.index(self.opened)
        waiting = [m for m in [*all_[at + 1 :], *all_[:at]] if m not in done]
        if waiting:
            self.opened = waiting[0]
            self.load()
            name = page.name(self.opened, self.shell.session.hospital.formulary)
            said += f" Next: {name}. {len(waiting)} to go."
        self.refresh()
        self.shell.say(said)
        (self.first if waiting else self.finish).focus()

    def reset(self) -> None:
        """Open nothing."""
        self.opened = ""

    def refresh(self) -> None:
        """Show the medicines, the open one and the table."""
        session = self.shell.session
        found, done = self.medicines(), self.done()
        if self.opened not in found:
            self.opened = next((m for m in found if m not in done), found[0] if found else "")
            if self.opened:
                self.load()
        self.chooser.refresh(found, done, self.opened)
        if self.opened:
            put(self.detail, page.compared(session, session.open_patient, self.opened, self.judged))
        mark(self.finish, "em-primary", len(done) == len(found))
        mark(self.save, "em-primary", len(done) < len(found))

    @abstractmethod
    def _save(self) -> None: ...

    @abstractmethod
    def _finish(self) -> None: ...


class ComparisonStep(OneByOne):
    """What kind of difference, and what should happen about it."""

    def __init__(self, shell: "Shell", panel: "ReconciliationPanel"):
        self.kind = field(
            widgets.Dropdown, "What is the difference?", "em-wide",
            options=[("Choose", ""), *((text, key) for key, text in KINDS.items())], value="",
        )  # fmt: skip
        self.resolution = field(
            widgets.Dropdown, "What should happen on the ward?", "em-wide",
            options=[("Choose", ""), *((text, key) for key, text in RESOLUTIONS.items())], value="",
        )  # fmt: skip
        self.note = field(widgets.Text, "Why, or what you ask the prescriber", "em-wide")
        super().__init__(shell, panel, self.kind, self.resolution, self.note)
        self.first = self.kind
        self.finish.description = "Sign the comparison"

    def done(self) -> set[str]:
        patient = self.shell.session.state.patient
        return {m for who, m in self.shell.session.state.part(Reconciliation).findings if who == patient} & set(
            self.medicines()
        )

    def load(self) -> None:
        session = self.shell.session
        found = session.state.part(Reconciliation).findings.get((session.state.patient, self.opened))
        self.kind.value = found.kind if found else ""
        self.resolution.value = found.resolution if found else ""
        self.note.value = found.note if found else ""

    def _save(self) -> None:
        for widget, what in ((self.kind, "what the difference is"), (self.resolution, "what should happen about it")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what} first.")
        if self.resolution.value != "continue" and len(self.note.value.strip()) < 3:
            self.note.focus()
        medicine = self.opened
        self.shell.do(
            "judge_discrepancy", patient=self.shell.session.state.patient, medicine=medicine, kind=self.kind.value,
            resolution=self.resolution.value, note=self.note.value.strip(),
        )  # fmt: skip
        self.next(f"Saved: {page.name(medicine, self.shell.session.hospital.formulary)}.")

    def _finish(self) -> None:
        self.shell.do("sign_comparison", patient=self.shell.session.state.patient)
        self.panel.go("discharge")
        self.shell.say("Every difference is judged. Now write the list for home.")

    def refresh(self) -> None:
        super().refresh()
        put(self.table, page.comparison(self.shell.session, self.shell.session.open_patient))


class DischargeStep(OneByOne):
    """What becomes of each medicine at home; then the list is signed."""

    judged = True

    def __init__(self, shell: "Shell", panel: "ReconciliationPanel"):
        self.decision = field(
            widgets.Dropdown, "What becomes of it at home?", "em-wide",
            options=[("Choose", ""), *((text, key) for key, text in DECISIONS.items())], value="",
        )  # fmt: skip
        self.decision.observe(shell.guarded(lambda _: self._decided()), "value")
        self.fields = DoseFields(shell)
        self.reason = field(widgets.Text, "Why, for the patient and the family doctor", "em-wide")
        super().__init__(shell, panel, self.decision, *self.fields.widgets, self.reason)
        self.first = self.decision
        self.finish.description = "Sign the list for home"
        self._decided()

    def done(self) -> set[str]:
        return set(list_of(self.shell.session, self.shell.session.state.patient)) & set(self.medicines())

    def _decided(self) -> None:
        dosed = self.decision.value in ("changed", "new")
        for widget in self.fields.widgets:
            show(widget, dosed)

    def load(self) -> None:
        session = self.shell.session
        patient = session.state.patient
        medicine = session.hospital.formulary.medicines[self.opened]
        found = list_of(session, patient).get(self.opened)
        # start from what is on the list, else from home, else from the ward
        line = found if found and found.goes_home else None
        line = line or history_of(session, patient).get(self.opened)
        line = line or next(iter(ward_orders(session, patient, self.opened)), None)
        if line is not None:
            self.fields.fill(medicine, line.dose, line.unit, line.route, line.frequency)
        else:
            self.fields.fill(medicine)
        self.decision.value = found.decision if found else ""
        self.reason.value = found.reason if found else ""
        self._decided()

    def _save(self) -> None:
        decision = self.decision.value
        if not decision:
            self.decision.focus()
            raise ActionRefused("Choose what becomes of it at home first.")
        dosed = self.fields.values() if decision in ("changed", "new") else {}
        if decision in ("changed", "new", "withheld", "stopped") and len(self.reason.value.strip()) < 3:
            self.reason.focus()
        medicine = self.opened
        self.shell.do(
            "list_for_discharge", patient=self.shell.session.state.patient, medicine=medicine, decision=decision,
            **dosed, reason=self.reason.value.strip(),
        )  # fmt: skip
        self.next(f"Saved: {page.name(medicine, self.shell.session.hospital.formulary)}.")

    def _finish(self) -> None:
        self.shell.do("sign_discharge_list", patient=self.shell.session.state.patient)
        self.shell.say("The list for home is signed.")
        self.finish.focus()

    def refresh(self) -> None:
        super().refresh()
        session = self.shell.session
        patient = session.open_patient
        put(self.table, join(el("h3", "The list for home"), page.discharge(session, patient)))
        signed = patient.id in session.state.part(Reconciliation).lists_signed
        words = "The list is signed" if signed else "Sign the list for home"
        if self.finish.description != words:
            self.finish.description = words
