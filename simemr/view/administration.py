"""The medicine round: take up a dose that is due, scan the wristband and the pack, give it, or say why not."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.administration import (
    BYPASS_REASONS,
    HOLD_REASONS,
    Dose,
    Label,
    Round,
    mismatches,
    order_of,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import administration as page
from simemr.html.escape import el
from simemr.html.tables import empty
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class MedicineRound(Panel):
    """The chart, the doses that are due for the open patient, and the bedside."""

    alone = True
    style = "administration.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Dose))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        doses = shell.scenario.of(Dose)
        owners = [dose.patient for dose in doses]
        self.chart = html("em-mar-box")
        self.none = html()
        self.lines = [button("", "em-due", "em-off") for _ in range(max(owners.count(owner) for owner in owners))]
        for index, line in enumerate(self.lines):
            line.on_click(shell.guarded(lambda _, at=index: self._take_up(at)))
        self.bedside = Bedside(shell, self)
        self.widget = box(
            html(value=el("h3", "Administration chart")), self.chart, html(value=el("h3", "Due now")), self.none,
            box(*self.lines, classes=("em-dues",)), self.bedside.widget, classes=("em-round",),
        )  # fmt: skip
        self._shown: list[Dose] = []

    def reset(self) -> None:
        """Forget what was half written."""
        self.bedside.reset()

    def refresh(self) -> None:
        """Show the open patient's chart and what is due."""
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        put(self.chart, page.chart(session, patient))
        self._shown = [dose for dose in self.shell.scenario.of(Dose) if dose.patient == patient.id]
        put(self.none, "" if self._shown else empty("Nothing is due for this patient in this round."))
        show(self.none, not self._shown)
        round_ = session.state.part(Round)
        for index, line in enumerate(self.lines):
            dose = self._shown[index] if index < len(self._shown) else None
            show(line, dose is not None)
            if dose is None:
                continue
            outcome = round_.outcomes.get(dose.id)
            order = order_of(session, dose.patient, dose.order)
            text = page.due_line(dose, order, outcome, session.hospital.formulary)
            if line.description != text:
                line.description = text
            mark(line, "em-open", round_.dose == dose.id)
            mark(line, "em-done", outcome is not None)
        taken = next((dose for dose in self._shown if dose.id == round_.dose), None)
        self.bedside.show(taken)

    def _take_up(self, index: int) -> None:
        self.shell.do("take_up_dose", dose=self._shown[index].id)
        self.bedside.begin()

    def after(self) -> None:
        """Put the focus on the next dose that is due here, else on the one just answered."""
        answered = self.shell.session.state.part(Round).outcomes
        left = [i for i, dose in enumerate(self._shown) if dose.id not in answered]
        self.lines[left[0] if left else len(self._shown) - 1].focus()


class Bedside:
    """The dose in hand: labels to scan, and what becomes of it."""

    def __init__(self, shell: "Shell", round_: MedicineRound):
        self.shell, self.round = shell, round_
        self.dose: Dose | None = None
        self.text = html("em-in-hand")
        self.measure = button("Take observations now")
        self.measure.on_click(shell.guarded(lambda _: self._measure()))
        self.print = button("Print a new wristband")
        self.print.on_click(shell.guarded(lambda _: self._print()))
        self.groups = {
            name: LabelGroup(shell, self, name) for name in ("Wristbands in this bay", "In the drawer", "Ward stock")
        }
        self.code = field(widgets.Text, "Or type the code on a label", "em-code")
        self.scan = button("Scan the typed code")
        self.scan.on_click(shell.guarded(lambda _: self._scan(self.code.value)))
        self.give = button("Give this dose", "em-primary")
        self.give.on_click(shell.guarded(lambda _: self._give()))
        self.hold = button("Do not give…")
        self.hold.on_click(shell.guarded(lambda _: self._ask(self.hold_form, self.reason)))
        self.bypass = button("Give without a match…")
        self.bypass.on_click(shell.guarded(lambda _: self._ask(self.bypass_form, self.why)))
        self.acts = box(self.give, self.hold, self.bypass, classes=("em-line",))
        self.reason = field(
            widgets.Dropdown, "Why it is not given",
            options=[("Choose the reason", ""), *((text, key) for key, text in HOLD_REASONS.items())], value="",
        )  # fmt: skip
        self.note = field(widgets.Textarea, "What you found, and whom you told", rows=2)
        self.record = button("Record it as not given", "em-primary")
        self.record.on_click(shell.guarded(lambda _: self._hold()))
        self.back = button("Back")
        self.back.on_click(shell.guarded(lambda _: self._ask(None, self.hold)))
        self.hold_form = box(
            self.reason,
            self.note,
            box(self.record, self.back, classes=("em-line",)),
            classes=("em-challenge", "em-off"),
        )
        self.why = field(
            widgets.Dropdown, "Why you give it without a match",
            options=[("Choose the reason", ""), *((text, key) for key, text in BYPASS_REASONS.items())], value="",
        )  # fmt: skip
        self.said = field(widgets.Text, "In your own words")
        # the safe way out is the prominent one
        self.stay = button("Back to scanning", "em-primary")
        self.stay.on_click(shell.guarded(lambda _: self._ask(None, self.bypass)))
        self.anyway = button("Give it anyway")
        self.anyway.on_click(shell.guarded(lambda _: self._bypass()))
        self.bypass_form = box(
            self.why, self.said, box(self.stay, self.anyway, classes=("em-line",)), classes=("em-challenge", "em-off")
        )
        labels = box(*(group.widget for group in self.groups.values()), classes=("em-labels",))
        self.widget = box(
            self.text, box(self.measure, self.print, classes=("em-line",)), labels,
            box(self.code, self.scan, classes=("em-line", "em-typed")), self.acts, self.hold_form, self.bypass_form,
            classes=("em-bedside", "em-off"),
        )  # fmt: skip

    def begin(self) -> None:
        """Put the focus on the first label."""
        group = next(iter(self.groups.values()))
        group.labels[0].focus()

    def reset(self) -> None:
        """Empty the forms."""
        self.reason.value, self.note.value, self.why.value, self.said.value, self.code.value = "", "", "", "", ""
        for form in (self.hold_form, self.bypass_form):
            show(form, False)
        show(self.acts, True)

    def show(self, dose: Dose | None) -> None:
        """Show this dose; None for none."""
        if dose is not self.dose:
            self.reset()
        self.dose = dose
        show(self.widget, dose is not None)
        if dose is None:
            return
        session = self.shell.session
        round_ = session.state.part(Round)
        patient = session.patient(dose.patient)
        wrong = mismatches(session)
        put(self.text, page.now(session, dose))
        show(self.measure, patient.id not in round_.measured)
        found = session.scenario.of(Label)
        torn = any(la.torn and la.patient == patient.id and patient.id not in round_.printed for la in found)
        show(self.print, torn)
        bay = {
            p.id for p in session.hospital.patients.values() if (p.unit, p.bed[:1]) == (patient.unit, patient.bed[:1])
        }
        bands = [la for la in found if la.kind == "wristband" and la.patient in bay]
        packs = [la for la in found if la.kind == "pack"]
        chosen = {round_.wristband, round_.pack}
        for name, labels in (
            ("Wristbands in this bay", bands),
            ("In the drawer", [la for la in packs if la.patient == patient.id]),
            ("Ward stock", [la for la in packs if not la.patient]),
        ):
            self.groups[name].show(labels, chosen, round_.printed)
        mark(self.give, "em-primary", not wrong)
        show(self.bypass, bool(wrong))

    def scan_label(self, label: Label) -> None:
        """Scan this label, as if it were held under the scanner."""
        self._scan(label.code)

    def _scan(self, code: str) -> None:
        if not code.strip():
            self.code.focus()
            raise ActionRefused("Type the code on the label first, or press the label.")
        self.shell.do("scan", code=code.strip())
        self.code.value = ""
        session = self.shell.session
        wrong = mismatches(session)
        round_ = session.state.part(Round)
        said = [m for m in wrong if not m.words.endswith("has not been scanned.")]
        if said:
            self.shell.say(f"Stop: {said[0].words}", wrong=True)
        elif not wrong:
            self.shell.say(
                "Wristband and pack match the order. Is there anything in the order or on the chart against it?"
            )
            self.give.focus()
        else:
            self.shell.say("It matches. Scan the pack." if round_.wristband else "It matches. Scan the wristband.")

    def _measure(self) -> None:
        self.shell.do("measure", patient=self.shell.session.state.patient)
        self.shell.say("Observations taken. They stand in the record.")
        self.give.focus()

    def _print(self) -> None:
        self.shell.do("print_wristband", patient=self.shell.session.state.patient)
        self.shell.say("A new wristband is on the wrist, checked with the patient by name and date of birth.")
        self.begin()

    def _ask(self, form: widgets.Widget | None, focus: widgets.Widget) -> None:
        for each in (self.hold_form, self.bypass_form):
            show(each, each is form)
        show(self.acts, form is None)
        focus.focus()

    def _give(self) -> None:
        dose = self.dose
        if dose is None:
            return
        self.shell.do("give_dose", dose=dose.id)
        self._finish(dose, "Given")

    def _hold(self) -> None:
        dose = self.dose
        if dose is None:
            return
        if not self.reason.value:
            self.reason.focus()
        elif len(self.note.value.strip()) < 3:
            self.note.focus()
        self.shell.do("hold_dose", dose=dose.id, reason=self.reason.value, note=self.note.value.strip())
        self._finish(dose, "Not given")

    def _bypass(self) -> None:
        dose = self.dose
        if dose is None:
            return
        if not self.why.value:
            self.why.focus()
            raise ActionRefused("Choose why you give it without a matching scan.")
        if len(self.said.value.strip()) < 3:
            self.said.focus()
        self.shell.do("give_dose", dose=dose.id, bypass=self.why.value, note=self.said.value.strip())
        self._finish(dose, "Given without a match")

    def _finish(self, dose: Dose, word: str) -> None:
        session = self.shell.session
        order = order_of(session, dose.patient, dose.order)
        line = page.due_line(dose, order, None, session.hospital.formulary)
        self.shell.say(f"{word}: {line}.")
        self.round.after()


class LabelGroup:
    """Labels that can be scanned, each a button that reads as the label does."""

    def __init__(self, shell: "Shell", bedside: Bedside, name: str):
        self.bedside = bedside
        self.found: list[Label] = []
        self.labels = [button("", "em-label", "em-off") for _ in range(_most(shell.scenario, name))]
        for index, made in enumerate(self.labels):
            made.on_click(shell.guarded(lambda _, at=index: bedside.scan_label(self.found[at])))
        self.heading = html(value=el("h4", name))
        self.widget = box(self.heading, box(*self.labels, classes=("em-label-row",)))

    def show(self, labels: list[Label], chosen: set[str], printed: set[str]) -> None:
        """Show these labels."""
        self.found = labels
        show(self.widget, bool(labels))
        for index, made in enumerate(self.labels):
            label = labels[index] if index < len(labels) else None
            show(made, label is not None)
            if label is None:
                continue
            torn = label.torn and label.patient not in printed
            text = f"{label.text}\n{'torn: no code can be read' if torn else label.code}"
            if made.description != text:
                made.description = text
            mark(made, "em-torn", torn)
            mark(made, "em-scanned", label.id in chosen)


def _most(scenario: Scenario, name: str) -> int:
    labels = scenario.of(Label)
    if name == "Ward stock":
        return sum(la.kind == "pack" and not la.patient for la in labels)
    if name == "In the drawer":
        owners = [la.patient for la in labels if la.kind == "pack" and la.patient]
        return max((owners.count(owner) for owner in owners), default=0)
    return sum(la.kind == "wristband" for la in labels)
