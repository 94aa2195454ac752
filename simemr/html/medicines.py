"""The medicine chart: what is given now, what the patient took at home, what was stopped, and each dose."""

from collections.abc import Iterable
from datetime import datetime

from simemr.domain.formulary import Formulary
from simemr.domain.record import Administration, MedicineOrder, Patient
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty, table

_GIVEN = {"given": ("✓", "Given", "em-given"), "held": ("‖", "Held", "em-held"), "refused": ("✗", "Refused", "em-held")}


def screen(patient: Patient, orders: Iterable[MedicineOrder], formulary: Formulary, clock: datetime) -> Markup:
    """Return the whole chart. ``orders`` are the patient's, in the state they are in now."""
    orders = tuple(orders)
    active = [o for o in orders if o.status == "active" and o.setting == "inpatient"]
    home = [o for o in orders if o.status == "active" and o.setting == "home"]
    stopped = [o for o in orders if o.status == "stopped"]
    names = {o.id: o for o in (*orders, *patient.medicines)}
    return join(
        el("h3", "Given on the ward"),
        listed(active, formulary, clock, "Medicines given on the ward") if active else empty("Nothing is ordered."),
        el("h3", "Taken at home"),
        listed(home, formulary, clock, "Medicines taken at home") if home else empty("Nothing is recorded."),
        (el("h3", "Stopped"), listed(stopped, formulary, clock, "Stopped medicines")) if stopped else "",
        el("h3", "Doses given and not given"),
        _doses(patient.administrations, names, formulary, clock),
    )


def listed(orders: Iterable[MedicineOrder], formulary: Formulary, clock: datetime, caption: str) -> Markup:
    """Return orders as a table."""
    rows = [
        (
            el("b", words.medicine(o, formulary)), words.dose(o, formulary), o.indication or "–",
            words.onset(o.start, clock) or "–", o.prescriber or "–",
        )
        for o in orders
    ]  # fmt: skip
    return table(caption, ("Medicine", "Dose", "For", "Since", "Prescriber"), rows, look="em-stack")


def _doses(
    given: tuple[Administration, ...], names: dict[str, MedicineOrder], formulary: Formulary, clock: datetime
) -> Markup:
    if not given:
        return empty("No dose is recorded yet.")
    rows = []
    for dose in reversed(given):
        made = names.get(dose.medicine)
        arrow, word, look = _GIVEN.get(dose.status, ("", dose.status.capitalize(), ""))
        status = el("span", sign(arrow), " ", word, class_=look)
        rows.append(
            (words.when.moment_text(dose.at, clock), words.order(made, formulary) if made else dose.medicine, status,
             dose.by or "–", dose.note or "–")
        )  # fmt: skip
    return table(
        "Doses given and not given", ("Time", "Medicine", "What happened", "By", "Note"), rows, look="em-stack"
    )
