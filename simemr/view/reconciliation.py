"""Medication reconciliation on the screen, in three steps: the history, the comparison, the list for home.

A line of a source is a button that fills the form; whether it is what the patient takes is the learner's to say.
"""

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain import units
from simemr.domain.actions.reconciliation import (
    DECISIONS,
    KINDS,
    RESOLUTIONS,
    TAKING,
    HistoryLine,
    MedicineSource,
    Reconciliation,
    SourceLine,
    history_of,
    lines_of,
    list_of,
    medicines_to_compare,
    sources_of,
    ward_orders,
)
from simemr.domain.formulary import ROUTES, Medicine
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import reconciliation as page
from simemr.html.escape import el, join
from simemr.html.tables import empty
from simemr.view.light import make
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_STEPS = {"history": "1. The history", "comparison": "2. Compare with the ward", "discharge": "3. The list for home"}
_RARE_UNITS = frozenset({"nanogram"})


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


# ---------------------------------------------------------------------------------------------------------------
# what the steps share


class DoseFields:
    """Dose, unit, route and frequency of one medicine."""

    def __init__(self, shell: "Shell"):
        formulary = shell.session.hospital.formulary
        self.dose = field(widgets.Text, "Dose", "em-dose")
        self.unit = field(widgets.Dropdown, "Unit", "em-unit-field", options=[("", "")])
        self.route = field(widgets.Dropdown, "Route", "em-route", options=[("", "")])
        often = [("Choose how often", ""), *((f.text, f.id) for f in formulary.frequencies.values())]
        self.frequency = field(widgets.Dropdown, "How often", "em-frequency", options=often, value="")
        self.widgets = (self.dose, self.unit, self.route, self.frequency)

    def offer(self, medicine: Medicine | None) -> None:
        """Offer the units and routes that fit the medicine."""
        routes = [*medicine.routes, *(r for r in ROUTES if r not in medicine.routes)] if medicine else []
        options(self.route, [("Choose the route", ""), *((ROUTES[r], r) for r in routes)], self.route.value)
        fitting = [u for u in sorted(units.DOSE_UNITS - _RARE_UNITS) if medicine and units.same_kind(u, medicine.unit)]
        if medicine:
            fitting = [medicine.unit, *(u for u in fitting if u != medicine.unit)]
        options(self.unit, [("Choose", ""), *((units.unit_text(u), u) for u in fitting)], self.unit.value)

    def fill(
        self, medicine: Medicine | None, dose: float = 0, unit: str = "", route: str = "", often: str = ""
    ) -> None:
        """Put these into the fields; nothing for none."""
        self.offer(medicine)
        self.dose.value = units.number_text(dose).replace(",", "") if dose else ""
        for widget, value in ((self.unit, unit), (self.route, route), (self.frequency, often)):
            widget.value = value if value in [v for _, v in widget.options] else ""

    def values(self) -> dict[str, Any]:
        """What the fields say, as arguments of an action. Refuses, with the focus on the field, what is missing."""
        try:
            dose = float(self.dose.value.strip())
        except ValueError:
            dose = math.nan
        if not (math.isfinite(dose) and 0 < dose < 1e9):
            self.dose.focus()
            raise ActionRefused("Write the dose as a number above 0, with a point for the decimals, like 2.5.")
        for widget, what in ((self.unit, "the unit"), (self.route, "the route"), (self.frequency, "how often")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what} first.")
        whole = int(dose) if dose == int(dose) else dose
        return {
            "dose": whole, "unit": self.unit.value, "route": self.route.value, "frequency": self.frequency.value,
        }  # fmt: skip


class Chooser:
    """A row of medicines, one of them open; those dealt with are ticked."""

    def __init__(self, shell: "Shell", chosen: Callable[[str], None]):
        self.shell = shell
        self._chosen = chosen
        self.made: dict[str, widgets.Button] = {}
        self.widget = box(classes=("em-segments", "em-medicine-row"))

    def refresh(self, medicines: Iterable[str], done: Iterable[str], opened: str) -> None:
        """Offer these medicines."""
        medicines, done = list(medicines), set(done)
        formulary = self.shell.session.hospital.formulary
        for medicine in medicines:
            if medicine not in self.made:
                made = button(page.name(medicine, formulary), "em-segment")
                made.on_click(self.shell.guarded(lambda _, which=medicine: self._chosen(which)))
                self.made[medicine] = made
            mark(self.made[medicine], "em-done", medicine in done)
            mark(self.made[medicine], "em-open", medicine == opened)
        wanted = tuple(self.made[medicine] for medicine in medicines)
        if self.widget.children != wanted:
            self.widget.children = wanted


# ---------------------------------------------------------------------------------------------------------------
# step 1


class HistoryStep:
    """The sources beside the form; below them the history as it grows."""

    def __init__(self, shell: "Shell", panel: ReconciliationPanel):
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


# ---------------------------------------------------------------------------------------------------------------
# steps 2 and 3: one medicine at a time


class OneByOne:
    """A row of medicines, the open one large with its form, and all of them in a table below."""

    def __init__(self, shell: "Shell", panel: ReconciliationPanel, *form: widgets.Widget):
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

    def done(self) -> set[str]:
        """Those dealt with."""
        raise NotImplementedError

    def load(self) -> None:
        """Fill the form for the open medicine."""
        raise NotImplementedError

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

    def _save(self) -> None:
        raise NotImplementedError

    def _finish(self) -> None:
        raise NotImplementedError


class ComparisonStep(OneByOne):
    """What kind of difference, and what should happen about it."""

    def __init__(self, shell: "Shell", panel: ReconciliationPanel):
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

    def __init__(self, shell: "Shell", panel: ReconciliationPanel):
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
