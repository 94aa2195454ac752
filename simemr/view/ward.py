"""The ward list: every patient of the exercise by unit and bed, look-alikes as near each other as their beds."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.access import locked
from simemr.domain.record import Patient
from simemr.html import score
from simemr.html import ward as page
from simemr.view.parts import box, button, html, mark, put

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class WardList:
    """Opens a patient's record."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        hospital = shell.session.hospital
        self.rows: dict[str, tuple[widgets.Box, widgets.HTML, widgets.Button]] = {}
        self._shown: dict[str, tuple[Patient, int, bool]] = {}
        children: list[widgets.Widget] = []
        patients = sorted(hospital.patients.values(), key=lambda p: (p.unit, p.bed))
        for unit in dict.fromkeys(p.unit for p in patients):
            here = [p for p in patients if p.unit == unit]
            children.append(html(value=page.heading(hospital.units[unit].name, len(here))))
            children.extend(self._row(p) for p in here)
        # on a phone the list folds to the open record; this unfolds it
        self.more = button("Show every patient", "em-more")
        self.more.on_click(shell.guarded(lambda _: self._unfold()))
        self.widget = box(*children, self.more, classes=("em-card", "em-ward"))

    def _row(self, patient: Patient) -> widgets.Box:
        name = button(patient.display_name, "em-patient", tip=self._tip(patient))
        name.on_click(self.shell.guarded(lambda _: self.shell.open_patient(patient.id)))
        around = html("em-around")
        row = box(name, around, classes=("em-row",))
        self.rows[patient.id] = (row, around, name)
        return row

    def _tip(self, patient: Patient) -> str:
        if locked(self.shell.session, patient.id):
            return f"Bed {patient.bed}, locked"
        scored = score.latest(patient)
        return f"Bed {patient.bed}" + (f", NEWS2 {scored.total}" if scored else "")

    def _unfold(self) -> None:
        mark(self.widget, "em-folded", False)
        next(iter(self.rows.values()))[2].focus()

    def refresh(self) -> None:
        """Show which record is open, and where orders wait for a check."""
        shell = self.shell
        mark(self.widget, "em-folded", bool(shell.session.state.patient))
        state, hospital = shell.session.state, shell.session.hospital
        for patient_id, (row, around, _) in self.rows.items():
            mark(row, "em-open", patient_id == state.patient)
            waiting = sum(o.patient == patient_id and o.id not in state.verdicts for o in shell.scenario.orders)
            person = shell.session.patient(patient_id)
            closed = locked(shell.session, patient_id) is not None
            if self._shown.get(patient_id) != (person, waiting, closed):
                # nothing else in a row can change
                self._shown[patient_id] = (person, waiting, closed)
                put(around, page.locked_row(person) if closed else page.row(person, hospital.clock, waiting))
