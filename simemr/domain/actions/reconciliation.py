"""Medication reconciliation: what the sources say, the history made of them, what differs on the ward, what goes home.

The learner compares; this module only keeps what was decided and sees that nothing is left undecided. It never says
whether a decision is right.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain import units
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.formulary import ROUTES
from simemr.domain.record import MedicineOrder

if TYPE_CHECKING:
    from simemr.domain.session import Session

TAKING = {"taken": "Takes it", "not-taken": "Does not take it"}

# what a difference between the history and the orders can be
KINDS = {
    "none": "No difference",
    "omission": "Omission: taken at home, not ordered, no reason given",
    "commission": "Commission: ordered, though not taken at home or stopped before",
    "duplication": "Duplication: with another, the same kind of medicine twice",
    "dose": "Another dose than at home, no reason given",
    "frequency": "Another frequency than at home, no reason given",
    "route": "Another route than at home, no reason given",
    "intended-documented": "Intended, and the reason is in the record",
    "intended-undocumented": "Intended, but no reason is written down",
}
# what should happen about it, on the ward, now
RESOLUTIONS = {
    "continue": "Leave it as it is on the ward",
    "change": "Order it, or change the order, as in the history",
    "stop": "Stop the order",
    "ask": "Ask the prescriber",
}
# what the list for home says of a medicine
DECISIONS = {
    "unchanged": "Goes on as at home",
    "changed": "Goes on, changed",
    "new": "New",
    "withheld": "Paused, to be looked at again",
    "stopped": "Stopped",
    "ended": "For this stay only, ended",
}
_DOSED = frozenset({"changed", "new"})
_EXPLAINED = frozenset({"changed", "new", "withheld", "stopped"})


@content("medicine_source")
@dataclass(frozen=True, slots=True)
class MedicineSource:
    """Somebody or something that says what a patient takes."""

    id: str
    patient: str
    title: str
    about: str = ""


@content("medicine_source_line")
@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a source in its own words, and what of it can be taken over into a history.

    ``stopped`` is for a line that says the medicine is not taken, or was stopped.
    """

    id: str
    source: str
    text: str
    medicine: str
    dose: float = 0.0
    unit: str = ""
    route: str = ""
    frequency: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What a patient really takes of one medicine, and which sources say so."""

    medicine: str
    dose: float
    unit: str
    route: str
    frequency: str
    taking: str
    sources: tuple[str, ...]

    @property
    def taken(self) -> bool:
        return self.taking == "taken"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What a difference is, what should happen about it, and why."""

    kind: str
    resolution: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DischargeLine:
    """What becomes of one medicine when the patient goes home. The dose is 0 where none goes home."""

    medicine: str
    decision: str
    dose: float = 0.0
    unit: str = ""
    route: str = ""
    frequency: str = ""
    reason: str = ""

    @property
    def goes_home(self) -> bool:
        return self.decision in ("unchanged", "changed", "new")


@dataclass(slots=True)
class Reconciliation:
    """The state of this part, by patient and medicine. What is signed holds patients."""

    histories: dict[str, dict[str, HistoryLine]] = field(default_factory=dict)
    findings: dict[tuple[str, str], Discrepancy] = field(default_factory=dict)
    lists: dict[str, dict[str, DischargeLine]] = field(default_factory=dict)
    histories_signed: set[str] = field(default_factory=set)
    comparisons_signed: set[str] = field(default_factory=set)
    lists_signed: set[str] = field(default_factory=set)


# ---------------------------------------------------------------------------------------------------------------
# reading


def sources_of(session: "Session", patient: str) -> list[MedicineSource]:
    """The sources about this patient, in the order of the scenario."""
    return [source for source in session.scenario.of(MedicineSource) if source.patient == patient]


def lines_of(session: "Session", source: str) -> list[SourceLine]:
    """The lines of one source."""
    return [line for line in session.scenario.of(SourceLine) if line.source == source]


def history_of(session: "Session", patient: str) -> dict[str, HistoryLine]:
    """The patient's history as it stands: medicine -> line."""
    return session.state.part(Reconciliation).histories.get(patient, {})


def list_of(session: "Session", patient: str) -> dict[str, DischargeLine]:
    """The list for home as it stands: medicine -> line."""
    return session.state.part(Reconciliation).lists.get(patient, {})


def ward_orders(session: "Session", patient: str, medicine: str) -> list[MedicineOrder]:
    """The active orders of this medicine on the ward."""
    return [o for o in session.active_orders(patient) if o.setting == "inpatient" and o.medicine == medicine]


def medicines_to_compare(session: "Session", patient: str) -> list[str]:
    """Every medicine of the history or of the ward's active orders: those of the history first."""
    ordered = [o.medicine for o in session.active_orders(patient) if o.setting == "inpatient"]
    return list(dict.fromkeys([*history_of(session, patient), *ordered]))


# ---------------------------------------------------------------------------------------------------------------
# the history


@action
def record_history(
    session: "Session",
    *,
    patient: str,
    medicine: str,
    dose: float,
    unit: str,
    route: str,
    frequency: str,
    taking: str,
    sources: list,
) -> None:
    require_open(session, patient)
    _require_dose(session, medicine, dose, unit, route, frequency)
    if taking not in TAKING:
        raise ActionRefused("Say whether the patient takes it.")
    known = {source.id for source in sources_of(session, patient)}
    if not sources or not known.issuperset(sources):
        raise ActionRefused("Tick at least one source that says so.")
    part = session.state.part(Reconciliation)
    line = HistoryLine(medicine, dose, unit, route, frequency, taking, tuple(dict.fromkeys(sources)))
    part.histories.setdefault(patient, {})[medicine] = line
    _unsign(part, patient)


@action
def remove_history(session: "Session", *, patient: str, medicine: str) -> None:
    require_open(session, patient)
    part = session.state.part(Reconciliation)
    if medicine not in part.histories.get(patient, {}):
        raise ActionRefused("The history has no such line.")
    del part.histories[patient][medicine]
    _unsign(part, patient)


@action
def sign_history(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    lines = history_of(session, patient)
    if not lines:
        raise ActionRefused("The history is empty. Enter what the patient takes first.")
    if len({source for line in lines.values() for source in line.sources}) < 2:
        raise ActionRefused(
            "Everything in this history comes from one source. A best possible history rests on at least two."
        )
    session.state.part(Reconciliation).histories_signed.add(patient)


def _unsign(part: Reconciliation, patient: str) -> None:
    for signed in (part.histories_signed, part.comparisons_signed, part.lists_signed):
        signed.discard(patient)


# ---------------------------------------------------------------------------------------------------------------
# the comparison with the ward's orders


@action
def judge_discrepancy(
    session: "Session", *, patient: str, medicine: str, kind: str, resolution: str, note: str = ""
) -> None:
    require_open(session, patient)
    _require_compared(session, patient, medicine)
    if kind not in KINDS:
        raise ActionRefused("Choose what kind of difference it is.")
    if resolution not in RESOLUTIONS:
        raise ActionRefused("Choose what should happen about it.")
    if resolution != "continue" and len(note.strip()) < 3:
        raise ActionRefused("Write in a few words why, or what you ask: the prescriber reads it.")
    part = session.state.part(Reconciliation)
    part.findings[patient, medicine] = Discrepancy(kind, resolution, note.strip())


@action
def sign_comparison(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    part = session.state.part(Reconciliation)
    if patient not in part.histories_signed:
        raise ActionRefused("Sign the history first: everything after it is compared with it.")
    missing = [m for m in medicines_to_compare(session, patient) if (patient, m) not in part.findings]
    if missing:
        raise ActionRefused(f"Still to judge: {_first_and_more(session, missing)}.")
    part.comparisons_signed.add(patient)


# ---------------------------------------------------------------------------------------------------------------
# the list for home


@action
def list_for_discharge(
    session: "Session",
    *,
    patient: str,
    medicine: str,
    decision: str,
    dose: float = 0.0,
    unit: str = "",
    route: str = "",
    frequency: str = "",
    reason: str = "",
) -> None:
    require_open(session, patient)
    _require_compared(session, patient, medicine)
    if decision not in DECISIONS:
        raise ActionRefused("Choose what becomes of the medicine at home.")
    at_home = history_of(session, patient).get(medicine)
    if decision in ("unchanged", "changed") and at_home is None:
        raise ActionRefused("The history does not hold this medicine: if it goes home, it is new.")
    if decision == "unchanged" and not at_home.taken:
        raise ActionRefused("The history says that it is not taken at home: it can't go on as at home.")
    if decision in _DOSED:
        _require_dose(session, medicine, dose, unit, route, frequency)
    if decision in _EXPLAINED and len(reason.strip()) < 3:
        raise ActionRefused("Write why, in a few words: the patient and the family doctor read it.")
    if decision == "unchanged":
        dose, unit, route, frequency = at_home.dose, at_home.unit, at_home.route, at_home.frequency
    elif decision not in _DOSED:
        dose, unit, route, frequency = 0.0, "", "", ""
    part = session.state.part(Reconciliation)
    line = DischargeLine(medicine, decision, dose, unit, route, frequency, reason.strip())
    part.lists.setdefault(patient, {})[medicine] = line
    part.lists_signed.discard(patient)


@action
def sign_discharge_list(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    part = session.state.part(Reconciliation)
    if patient not in part.histories_signed:
        raise ActionRefused("Sign the history first: the list for home is made from it.")
    listed = list_of(session, patient)
    missing = [medicine for medicine in medicines_to_compare(session, patient) if medicine not in listed]
    if missing:
        left = _first_and_more(session, missing)
        raise ActionRefused(f"Say first what becomes of {left}: a medicine left out is a question at home.")
    part.lists_signed.add(patient)


# ---------------------------------------------------------------------------------------------------------------


def _first_and_more(session: "Session", medicines: list[str]) -> str:
    """Return "Ramipril and 2 more"."""
    name = session.hospital.formulary.medicines[medicines[0]].name
    return f"{name} and {len(medicines) - 1} more" if len(medicines) > 1 else name


def _require_compared(session: "Session", patient: str, medicine: str) -> None:
    if patient not in session.state.part(Reconciliation).histories_signed:
        raise ActionRefused("Sign the history first: everything after it is compared with it.")
    if medicine not in medicines_to_compare(session, patient):
        raise ActionRefused("That medicine is neither in the history nor ordered on the ward.")


def _require_dose(session: "Session", medicine: str, dose: float, unit: str, route: str, frequency: str) -> None:
    formulary = session.hospital.formulary
    if medicine not in formulary.medicines:
        raise ActionRefused("Choose the medicine from the list.")
    if not dose > 0:
        raise ActionRefused("Write the dose as a number above 0.")
    if not units.same_kind(unit, formulary.medicines[medicine].unit):
        raise ActionRefused("Choose the unit of the dose.")
    if route not in ROUTES:
        raise ActionRefused("Choose the route.")
    if frequency not in formulary.frequencies:
        raise ActionRefused("Choose how often.")
