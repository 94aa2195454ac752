"""The record of a patient: plain, frozen values named after the FHIR R4 resources they become.

Nothing here reads a file or knows a screen. Times are naive datetimes on the session's clock.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LabTest:
    """A laboratory test of the hospital's catalogue; ranges are in ``unit`` and include both ends."""

    id: str
    name: str
    unit: str
    decimals: int = 0
    group: str = ""
    loinc: str = ""
    low: float | None = None
    high: float | None = None
    low_female: float | None = None
    high_female: float | None = None
    low_male: float | None = None
    high_male: float | None = None
    critical_low: float | None = None
    critical_high: float | None = None
    verified: str = ""

    def range(self, sex: str) -> tuple[float | None, float | None]:
        """Return (low, high) for "female" or "male"; None where there is no such limit."""
        low = getattr(self, f"low_{sex}", None)
        high = getattr(self, f"high_{sex}", None)
        return (self.low if low is None else low, self.high if high is None else high)

    def flag(self, value: float, sex: str) -> str:
        """Return "", "low", "high", "critical low" or "critical high"."""
        if self.critical_low is not None and value <= self.critical_low:
            return "critical low"
        if self.critical_high is not None and value >= self.critical_high:
            return "critical high"
        low, high = self.range(sex)
        if low is not None and value < low:
            return "low"
        if high is not None and value > high:
            return "high"
        return ""

    def text(self, value: float) -> str:
        """Return the number as the laboratory prints it, without the unit."""
        return f"{value:.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Problem:
    """FHIR Condition. ``onset``, and ``abated`` for when it ended, are a year, a month, a day or a moment in words."""

    id: str
    text: str
    status: str = "active"
    icd10cm: str = ""
    onset: str = ""
    note: str = ""
    abated: str = ""


@dataclass(frozen=True, slots=True)
class Allergy:
    """FHIR AllergyIntolerance. ``class_`` is a formulary class, empty when none fits.

    certainty: "confirmed" or "unconfirmed"; source: who or what says so; "" where that was not recorded.
    """

    substance: str
    reaction: str
    severity: str
    type: str = "allergy"
    class_: str = ""
    recorded: str = ""
    certainty: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class MedicineOrder:
    """FHIR MedicationRequest: what a prescriber asked for."""

    id: str
    patient: str
    medicine: str
    dose: float
    unit: str
    route: str
    frequency: str
    status: str = "active"
    setting: str = "inpatient"
    start: str = ""
    indication: str = ""
    prescriber: str = ""


@dataclass(frozen=True, slots=True)
class Administration:
    """FHIR MedicationAdministration. ``status`` is "given", "held" or "refused"; ``due`` where it was another time."""

    medicine: str
    at: datetime
    status: str = "given"
    by: str = ""
    note: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """FHIR Observation (laboratory), in the unit of the catalogue."""

    at: datetime
    test: str
    value: float


@dataclass(frozen=True, slots=True)
class Observation:
    """A set of vital signs: breaths/min, %, "air" or a flow, mmHg, mmHg, beats/min, ACVPU, degrees C."""

    at: datetime
    rr: int
    spo2: int
    oxygen: str
    sbp: int
    dbp: int
    pulse: int
    consciousness: str
    temperature: float

    @property
    def on_oxygen(self) -> bool:
        return self.oxygen != "air"


@dataclass(frozen=True, slots=True)
class Note:
    """FHIR DocumentReference."""

    at: datetime
    author: str
    role: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Patient:
    """One synthetic inpatient; lists are in order of time, oldest first."""

    id: str
    family: str
    given: str
    born: date
    sex: str
    hospital_number: str
    unit: str
    bed: str
    admitted: datetime
    reason: str
    resuscitation: str
    consultant: str
    title: str = ""
    news2_scale: int = 1
    height_cm: float | None = None
    allergy_status: str = "recorded"
    look_alikes: tuple[str, ...] = ()
    weights: tuple[tuple[datetime, float], ...] = ()
    problems: tuple[Problem, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    medicines: tuple[MedicineOrder, ...] = ()
    administrations: tuple[Administration, ...] = ()
    notes: tuple[Note, ...] = ()
    results: tuple[Result, ...] = ()
    observations: tuple[Observation, ...] = ()

    @property
    def display_name(self) -> str:
        """ "MARSH, Eleanor": the family name in capitals, as wards write it."""
        return f"{self.family.upper()}, {self.given}"

    @property
    def formal_name(self) -> str:
        """ "Mrs Eleanor Marsh"."""
        return " ".join(part for part in (self.title, self.given, self.family) if part)

    @property
    def weight(self) -> tuple[datetime, float] | None:
        """The latest weight: (when, kg)."""
        return self.weights[-1] if self.weights else None

    def latest(self, test: str) -> Result | None:
        """Return the newest result of the test, or None."""
        return next((r for r in reversed(self.results) if r.test == test), None)

    def series(self, test: str) -> tuple[Result, ...]:
        """Return all results of the test, oldest first."""
        return tuple(r for r in self.results if r.test == test)


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward or unit of the hospital."""

    id: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class Hospital:
    """All that is known before the learner does anything. ``formulary`` is a formulary.Formulary, ``order_sets`` are
    order_sets.OrderSet by id."""

    clock: datetime
    units: dict[str, Unit]
    tests: dict[str, LabTest]
    formulary: object
    patients: dict[str, Patient] = field(default_factory=dict)
    order_sets: dict[str, Any] = field(default_factory=dict)

    def patient(self, patient_id: str) -> Patient:
        """Return the patient; KeyError if there is none of that id."""
        return self.patients[patient_id]
