"""How the record reads on the screen: names, doses, moments, flags. Words first, signs beside them."""

from datetime import date, datetime

from simemr.domain import since, units, when
from simemr.domain.formulary import ROUTES, Formulary
from simemr.domain.record import LabTest, MedicineOrder, Observation, Patient
from simemr.html.escape import Markup, el, join, sign

_FLAGS = {
    "low": ("▼", "Low", "em-low"),
    "high": ("▲", "High", "em-high"),
    "critical low": ("▼▼", "Critically low", "em-critical"),
    "critical high": ("▲▲", "Critically high", "em-critical"),
}
CONSCIOUSNESS = {
    "A": "Alert", "C": "New confusion", "V": "Responds to voice", "P": "Responds to pain", "U": "Unresponsive",
}  # fmt: skip


def hospital_number(number: str) -> str:
    """Return "604 118": in threes, as a person reads it out."""
    if not number.isdigit() or len(number) < 5:
        return number
    first = len(number) % 3
    groups = ([number[:first]] if first else []) + [number[i : i + 3] for i in range(first, len(number), 3)]
    return " ".join(groups)


def unit(name: str) -> str:
    """Return a laboratory's unit in the letters a person writes: umol/L is µmol/L."""
    if name.startswith("u") and len(name) > 1 and name[1:2] in "mgLU":
        name = "µ" + name[1:]
    return name.replace("1.73 m2", "1.73 m²").replace("10*9", "10⁹").replace("x10^9", "×10⁹").replace("10^9", "10⁹")


def day(moment: datetime | date, clock: datetime) -> str:
    """Return "today", "yesterday" or "10 Mar"."""
    if not isinstance(moment, datetime):
        return when.day_text(moment)
    return when.moment_text(moment, clock).rsplit(" ", 1)[0]


def onset(words: str, clock: datetime) -> str:
    """Return a year or a moment of a patient file ("2019", "D-2 21:40") as it reads on the screen."""
    try:
        return when.moment_text(when.parse(words, clock), clock)
    except ValueError:
        return since.text(words) if words != "D0" else "today"


def medicine(order: MedicineOrder, formulary: Formulary) -> str:
    """Return the medicine's name; an id that the formulary does not know reads as itself."""
    found = formulary.medicines.get(order.medicine)
    return found.name if found else order.medicine


def dose(order: MedicineOrder, formulary: Formulary) -> str:
    """Return "1.2 g into a vein every 8 hours"."""
    frequency = formulary.frequencies.get(order.frequency)
    route = ROUTES.get(order.route, order.route)
    often = frequency.text if frequency else order.frequency.replace("-", " ")
    return f"{units.dose_text(order.dose, order.unit)} {route}, {often}"


def order(made: MedicineOrder, formulary: Formulary) -> str:
    """Return "co-amoxiclav 1.2 g into a vein, every 8 hours"."""
    return f"{medicine(made, formulary)} {dose(made, formulary)}"


def flag(name: str) -> Markup:
    """Return a result's flag as an arrow and a word; "" reads "In range"."""
    if name not in _FLAGS:
        return el("span", "In range", class_="em-inrange")
    arrow, word, look = _FLAGS[name]
    return el("span", sign(arrow), " ", word, class_=f"em-flag {look}")


def result(test: LabTest, value: float) -> Markup:
    """Return "5.6 mmol/L", the unit smaller."""
    return join(el("b", test.text(value)), " ", el("span", unit(test.unit), class_="em-unit"))


def limits(test: LabTest, sex: str) -> str:
    """Return "3.5–5.3", "up to 5", "60 or more" or "" where there is no range."""
    low, high = test.range(sex)
    if low is not None and high is not None:
        return f"{units.number_text(low)}–{units.number_text(high)}"
    if high is not None:
        return f"up to {units.number_text(high)}"
    return f"{units.number_text(low)} or more" if low is not None else ""


def who(patient: Patient, clock: datetime) -> str:
    """Return "74 F"."""
    return f"{when.age(patient.born, clock)} {patient.sex[:1].upper()}"


def oxygen(observation: Observation) -> str:
    """Return "on air" or "2 L/min oxygen"."""
    return f"{observation.oxygen} oxygen" if observation.on_oxygen else "on air"
