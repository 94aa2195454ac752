"""The first step of medication reconciliation: a history built from lines of several sources."""

import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain import units
from simemr.domain.actions.reconciliation import (
    TAKING,
    HistoryLine,
    Reconciliation,
    SourceLine,
    history_of,
    lines_of,
    sources_of,
)
from simemr.domain.formulary import Medicine
from simemr.domain.session import ActionRefused
from simemr.html import reconciliation as page
from simemr.html.escape import el
from simemr.view.chooser import Chooser
from simemr.view.dose_fields import DoseFields
from simemr.view.light import make
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.reconciliation import ReconciliationPanel
    from simemr.view.shell import Shell


class HistoryStep:
    """The sources beside the form; below them the history as it grows."""

    def __init__(self, shell: "Shell", panel: "ReconciliationPanel"):
        self.shell, self.panel = shell, panel
        formulary = shell.session.hospital.formulary
        self._ids = {m.name.casefold(): m.id for m in formulary.medicines.values()}
        for medicine in formulary.medicines.values():
            self._ids.setdefault(page.name(medicine.id, formulary).casefold(), medicine.id)
        self.sources = box(classes=("em-source-cards",))
        self._cards: dict[str, list[widgets.Widget]] = {}
        self._lines: list[tuple[SourceLine, widgets.Button]] = []
        self._pressed: widgets.Button | None = None
        names = sorted((m.name for m in formulary.medicines.values()), key=str.casefold)
        self.name = field(widgets.Combobox, "Medicine", "em-wide", options=names, placeholder="Press a line, or type")
        self.name.observe(shell.guarded(self._name_changed), "value")
        self.fields = DoseFields(shell)
        self.taking = field(
            widgets.Dropdown, "Does the patient take it?", "em-wide",
            options=[("Choose", ""), *((text, key) for key, text in TAKING.items())], value="",
        )  # fmt: skip
        self.ticks: dict[str, widgets.Checkbox] = {}
        self.tick_box = box(classes=("em-ticks",))
        self.save = button("Save this line", "em-primary")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.remove = button("Take it out")
        self.remove.on_click(shell.guarded(lambda _: self._remove()))
        self.clear = button("Clear")
        self.clear.on_click(shell.guarded(lambda _: self._clear()))
        self.heading = html("em-wide")
        self.form = box(
            self.heading, self.name, *self.fields.widgets, self.taking,
            html("em-wide", "em-ticks-label", value=el("p", "Who says so")), self.tick_box,
            box(self.save, self.remove, self.clear, classes=("em-line", "em-wide")),
            classes=("em-form", "em-history-form"),
        )  # fmt: skip
        self.table = html()
        self.chooser = Chooser(shell, self._edit)
        self.again = box(
            html(value=el("p", "To change a line, press its medicine.", class_="em-quiet")), self.chooser.widget
        )
        self.sign = button("Sign the history")
        self.sign.on_click(shell.guarded(lambda _: self._sign()))
        self.widget = box(
            box(self.sources, self.form, classes=("em-source-grid",)),
            html(value=el("h3", "The history so far")), self.table, self.again,
            box(self.sign, classes=("em-line",)),
            classes=("em-step",),
        )  # fmt: skip
        self._setting = False

    # -- the sources

    def _build(self, patient: str) -> None:
        session = self.shell.session
        cards, self._lines, self.ticks = [], [], {}
        for found in sources_of(session, patient):
            pressed = []
            for line in lines_of(session, found.id):
                made = button(line.text, "em-source-line")
                made.on_click(self.shell.guarded(lambda _, which=line, by=made: self._take(which, by)))
                pressed.append(made)
                self._lines.append((line, made))
            cards.append(box(html(value=page.source(found)), *pressed, classes=("em-source",)))
            self.ticks[found.id] = make(widgets.Checkbox, "em-check", description=found.title, indent=False)
        self.sources.children = cards
        self.tick_box.children = tuple(self.ticks.values())

    def _take(self, line: SourceLine, by: widgets.Button) -> None:
        """Fill the form from a line. What says the same as the form already does is one more source for it."""
        medicine = self.shell.session.hospital.formulary.medicines.get(line.medicine)
        taking = "not-taken" if line.stopped else "taken"
        same = medicine is not None and self._medicine() is medicine
        agrees = same and self.taking.value == taking and self._reads_as(line)
        self._set_name(medicine.name if medicine else "")
        if line.dose:
            self.fields.fill(medicine, line.dose, line.unit, line.route, line.frequency)
        elif not same:
            self.fields.fill(medicine)
        self.taking.value = taking
        for source, tick in self.ticks.items():
            tick.value = source == line.source or (agrees and tick.value)
        self._pressed = by
        self._offer_remove()
        self.save.focus()

    def _reads_as(self, line: SourceLine) -> bool:
        """Whether the form says what the line says; a line without a dose goes with any."""
        if not line.dose:
            return True
        try:
            dose = float(self.fields.dose.value)
        except ValueError:
            return False
        same_dose = units.same_kind(line.unit, self.fields.unit.value) and math.isclose(
            units.convert(dose, self.fields.unit.value, line.unit), line.dose
        )
        return same_dose and self.fields.frequency.value == line.frequency

    # -- the form

    def _medicine(self) -> Medicine | None:
        formulary = self.shell.session.hospital.formulary
        return formulary.medicines.get(self._ids.get(self.name.value.strip().casefold(), ""))

    def _set_name(self, value: str) -> None:
        self._setting = True
        self.name.value = value
        self._setting = False

    def _name_changed(self, _: Any) -> None:
        if not self._setting:
            self.fields.offer(self._medicine())
            self._offer_remove()

    def _offer_remove(self) -> None:
        medicine = self._medicine()
        session = self.shell.session
        show(self.remove, medicine is not None and medicine.id in history_of(session, session.state.patient))

    def _save(self) -> None:
        medicine = self._medicine()
        if medicine is None:
            self.name.focus()
            raise ActionRefused("Choose the medicine first: press a line of a source, or type its name.")
        values = self.fields.values()
        if not self.taking.value:
            self.taking.focus()
            raise ActionRefused("Say whether the patient takes it.")
        sources = [source for source, tick in self.ticks.items() if tick.value]
        if not sources:
            next(iter(self.ticks.values())).focus()
        session = self.shell.session
        again = medicine.id in history_of(session, session.state.patient)
        self.shell.do(
            "record_history", patient=session.state.patient, medicine=medicine.id, **values,
            taking=self.taking.value, sources=sources,
        )  # fmt: skip
        self._empty()
        name = page.name(medicine.id, session.hospital.formulary)
        self.shell.say(f"{name} is {'changed' if again else 'in the history'}.")
        (self._pressed or self.name).focus()
        self._pressed = None

    def _remove(self) -> None:
        medicine = self._medicine()
        if medicine is None:
            return
        self.shell.do("remove_history", patient=self.shell.session.state.patient, medicine=medicine.id)
        self._empty()
        self.shell.say(f"{page.name(medicine.id, self.shell.session.hospital.formulary)} is out of the history.")
        self.name.focus()

    def _edit(self, medicine: str) -> None:
        session = self.shell.session
        line: HistoryLine = history_of(session, session.state.patient)[medicine]
        found = session.hospital.formulary.medicines[medicine]
        self._set_name(found.name)
        self.fields.fill(found, line.dose, line.unit, line.route, line.frequency)
        self.taking.value = line.taking
        for source, tick in self.ticks.items():
            tick.value = source in line.sources
        self._pressed = None
        self._offer_remove()
        self.fields.dose.focus()

    def _clear(self) -> None:
        self._empty()
        self.name.focus()

    def _empty(self) -> None:
        self._set_name("")
        self.fields.fill(None)
        self.taking.value = ""
        for tick in self.ticks.values():
            tick.value = False
        self._offer_remove()

    def _sign(self) -> None:
        self.shell.do("sign_history", patient=self.shell.session.state.patient)
        self.panel.go("comparison")
        self.shell.say("The history is signed. Now compare it with what is ordered on the ward.")

    def reset(self) -> None:
        """Forget what was half written, and whose sources these were."""
        self._pressed = None
        self._built = ""
        self._empty()

    _built = ""

    def refresh(self) -> None:
        """Show the sources and the history."""
        session = self.shell.session
        patient = session.open_patient
        if self._built != patient.id:
            self._build(patient.id)
            self._built = patient.id
        lines = history_of(session, patient.id)
        for line, made in self._lines:
            mark(made, "em-used", line.medicine in lines)
        so_far = f" · {len(lines)} so far" if lines else ""
        put(self.heading, el("h3", "A line of the history", el("span", so_far, class_="em-quiet")))
        put(self.table, page.history(session, patient))
        show(self.again, bool(lines))
        self.chooser.refresh(lines, (), "")
        self._offer_remove()
        signed = patient.id in session.state.part(Reconciliation).histories_signed
        mark(self.sign, "em-primary", bool(lines) and not signed)
        words = "The history is signed: compare" if signed else "Sign the history"
        if self.sign.description != words:
            self.sign.description = words
