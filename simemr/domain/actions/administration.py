"""Giving medicines: the dose that is due, the wristband and the pack that are scanned, what was given and what was not.

The scanner knows whose wristband it reads and what is in a pack, and stops what does not match. It never knows whether
a dose should be given: a limit in the order, or what another order gave an hour ago, is for the person who reads.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from simemr.domain import units, words
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.formulary import ROUTES
from simemr.domain.record import Administration, MedicineOrder, Observation, Patient

if TYPE_CHECKING:
    from simemr.domain.session import Session

# an order that stands on the chart beside those of the patient's file
content("prescription")(MedicineOrder)

#: A dose this long after its time is shown as late; the convention of this hospital.
LATE = timedelta(hours=1)

HOLD_REASONS = {
    "limit": "A limit in the order is not met",
    "already-given": "It was given already, or the last dose is too recent",
    "refused": "The patient does not want it",
    "nil-by-mouth": "The patient can't take it by this route",
    "not-available": "The medicine is not on the ward",
    "other": "Another reason",
}
BYPASS_REASONS = {
    "known-patient": "I know this patient",
    "unreadable": "The code can't be read",
    "same-medicine": "It is the same medicine in another pack",
    "urgent": "There is no time to scan",
}


@content("dose")
@dataclass(frozen=True, slots=True)
class Dose:
    """A dose that is due in this session. ``order`` is the id of the patient's order or of a prescription.

    limit: the condition in the order under which the dose is given, in the prescriber's words.
    cue: what is seen or heard at the bedside.
    """

    id: str
    patient: str
    order: str
    due: datetime
    limit: str = ""
    cue: str = ""


@content("label")
@dataclass(frozen=True, slots=True)
class Label:
    """A label with a code that can be scanned: ``kind`` is "wristband" or "pack".

    patient: whose wristband, or in whose drawer the pack lies ("" is the ward's stock). A pack holds ``amount`` of
    ``unit`` in each ``piece`` of ``medicine``, an id of the formulary; ``routes`` are the ways its form may be given,
    () for any. expires: the last day it may be used, like "2027-08-31". torn: the code can't be read.
    """

    id: str
    kind: str
    code: str
    text: str
    patient: str = ""
    medicine: str = ""
    amount: float = 0
    unit: str = ""
    piece: str = ""
    routes: tuple[str, ...] = ()
    expires: str = ""
    torn: bool = False


@content("bedside")
@dataclass(frozen=True, slots=True)
class Bedside:
    """What is measured when the learner takes a set of observations now."""

    patient: str
    rr: int
    spo2: int
    oxygen: str
    sbp: int
    dbp: int
    pulse: int
    consciousness: str
    temperature: float


@content("charted")
@dataclass(frozen=True, slots=True)
class Charted:
    """A dose on the chart before the session began, beside those of the patient's file.

    due: when it should have been given, where that is not when it was.
    """

    patient: str
    order: str
    at: datetime
    status: str = "given"
    by: str = ""
    note: str = ""
    due: datetime = None  # the loader reads a moment where the type is datetime


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What the scanner found not to match: ``right`` is "patient", "medicine", "dose", "route" or "expiry"."""

    right: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a dose: "given", "held" or "refused". ``bypass`` is why a mismatch was passed over."""

    status: str
    reason: str = ""
    note: str = ""
    bypass: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    pack: str = ""
    seq: int = 0


@dataclass
class Round:
    """The medicine round: the bed, the dose in hand, what was scanned for it, and what became of each dose.

    A wristband that was scanned holds as long as one stays at that bed; a pack is scanned for every dose.
    """

    bed: str = ""
    dose: str = ""
    wristband: str = ""
    pack: str = ""
    printed: set = field(default_factory=set)
    measured: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)


@action
def take_up_dose(session: "Session", *, dose: str) -> None:
    found = dose_of(session, dose)
    require_open(session, found.patient)
    round_ = session.state.part(Round)
    if round_.outcomes.get(dose) and round_.outcomes[dose].status == "given":
        raise ActionRefused("This dose has been given. What is given can't be taken back.")
    round_.dose, round_.pack = dose, ""
    if round_.bed != found.patient:
        round_.bed, round_.wristband = found.patient, ""


@action
def scan(session: "Session", *, code: str) -> None:
    round_ = session.state.part(Round)
    in_hand(session)
    wanted = _plain(code)
    label = next((la for la in session.scenario.of(Label) if _plain(la.code) == wanted), None)
    if not wanted or label is None:
        raise ActionRefused("The scanner does not know this code. Read the label again.")
    if label.torn and label.patient not in round_.printed:
        raise ActionRefused("The scanner can't read this wristband: it is torn. Print a new one.")
    if label.kind == "wristband":
        round_.wristband = label.id
    else:
        round_.pack = label.id


@action
def print_wristband(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    torn = [la for la in session.scenario.of(Label) if la.kind == "wristband" and la.patient == patient and la.torn]
    if not torn:
        raise ActionRefused("This patient's wristband can be read. No new one is needed.")
    session.state.part(Round).printed.add(patient)


@action
def measure(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    found = next((b for b in session.scenario.of(Bedside) if b.patient == patient), None)
    round_ = session.state.part(Round)
    if found is None or patient in round_.measured:
        raise ActionRefused("You have measured just now. Nothing has changed since.")
    taken = Observation(
        session.hospital.clock, found.rr, found.spo2, found.oxygen, found.sbp, found.dbp, found.pulse,
        found.consciousness, found.temperature,
    )  # fmt: skip
    person = session.patient(patient)
    session.state.records[patient] = replace(person, observations=(*person.observations, taken))
    round_.measured[patient] = taken


@action
def give_dose(session: "Session", *, dose: str, bypass: str = "", note: str = "") -> None:
    found = in_hand(session, dose)
    round_ = session.state.part(Round)
    wrong = mismatches(session)
    if wrong and not bypass:
        raise ActionRefused(f"The scan does not match: {wrong[0].words}")
    if wrong and bypass not in BYPASS_REASONS:
        raise ActionRefused("Choose why you give it without a matching scan.")
    if wrong and len(note.strip()) < 3:
        raise ActionRefused("Say in your own words why you give it without a matching scan.")
    said = f"Given without a matching scan: {note.strip()}" if wrong else note.strip()
    _write(session, found, "given", said)
    round_.outcomes[dose] = Outcome(
        "given",
        note=note.strip(),
        bypass=bypass if wrong else "",
        mismatches=wrong,
        pack=round_.pack,
        seq=_seq(session),
    )
    round_.dose, round_.pack = "", ""


@action
def hold_dose(session: "Session", *, dose: str, reason: str, note: str) -> None:
    found = in_hand(session, dose)
    if reason not in HOLD_REASONS:
        raise ActionRefused("Choose why the dose is not given.")
    if len(note.strip()) < 3:
        raise ActionRefused("Say in a few words what you found and whom you told.")
    round_ = session.state.part(Round)
    status = "refused" if reason == "refused" else "held"
    _write(session, found, status, note.strip())
    round_.outcomes[dose] = Outcome(status, reason=reason, note=note.strip(), seq=_seq(session))
    round_.dose, round_.pack = "", ""


def dose_of(session: "Session", dose: str) -> Dose:
    """Return the dose of that id; refuse when there is none."""
    found = next((d for d in session.scenario.of(Dose) if d.id == dose), None)
    if found is None:
        raise ActionRefused(f"There is no dose '{dose}' due.")
    return found


def in_hand(session: "Session", dose: str = "") -> Dose:
    """Return the dose that was taken up, its patient being open; refuse when there is none, or another."""
    chosen = session.state.part(Round).dose
    if not chosen or (dose and dose != chosen):
        raise ActionRefused("Choose the dose that you are about to give first.")
    found = dose_of(session, chosen)
    require_open(session, found.patient)
    return found


def order_of(session: "Session", patient: str, order: str) -> MedicineOrder:
    """Return a patient's order by its own id, or a prescription of the scenario."""
    orders = session.state.orders
    found = orders.get(f"{patient}/{order}") or orders.get(order)
    if found is None:
        raise ActionRefused(f"There is no order '{order}' on this chart.")
    return found


def label_of(session: "Session", label: str) -> Label | None:
    """Return the label of that id, or None."""
    return next((la for la in session.scenario.of(Label) if la.id == label), None)


def pieces(label: Label, order: MedicineOrder) -> float | None:
    """Return how many pieces of the pack make the dose, or None where no whole number does.

    What is measured in millilitres may be any volume. Other packs give whole pieces, four at most.
    """
    if not label.amount or not units.same_kind(order.unit, label.unit):
        return None
    count = units.convert(order.dose, order.unit, label.unit) / label.amount
    if label.piece == "mL":
        return round(count, 3)
    whole = round(count)
    return whole if 1 <= whole <= 4 and abs(count - whole) < 1e-6 else None


def mismatches(session: "Session") -> tuple[Mismatch, ...]:
    """Return what speaks against giving the dose in hand, as far as a scanner can tell; () when all matches."""
    found = in_hand(session)
    round_ = session.state.part(Round)
    order = order_of(session, found.patient, found.order)
    band, pack = label_of(session, round_.wristband), label_of(session, round_.pack)
    patient = session.patient(found.patient)
    return tuple(m for m in (_band(session, band, patient), _pack(session, pack, order)) if m is not None)


def _band(session: "Session", band: Label | None, patient: Patient) -> Mismatch | None:
    if band is None:
        return Mismatch("patient", "the wristband has not been scanned.")
    if band.patient != patient.id:
        other = session.patient(band.patient).display_name
        return Mismatch("patient", f"this is the wristband of {other}. The dose is for {patient.display_name}.")
    return None


def _pack(session: "Session", pack: Label | None, order: MedicineOrder) -> Mismatch | None:
    formulary = session.hospital.formulary
    if pack is None:
        return Mismatch("medicine", "the pack has not been scanned.")
    ordered = words.medicine(formulary.medicines[order.medicine].name)
    if pack.medicine != order.medicine:
        return Mismatch("medicine", f"this pack is {pack.text.splitlines()[0]}. The order is for {ordered}.")
    if pack.routes and order.route not in pack.routes:
        return Mismatch("route", f"this form is not given {ROUTES[order.route]}.")
    if pieces(pack, order) is None:
        dose = units.dose_text(order.dose, order.unit)
        return Mismatch("dose", f"this pack can't make {dose}: it is {pack.text.splitlines()[0]}.")
    if pack.expires and date.fromisoformat(pack.expires) < session.hospital.clock.date():
        return Mismatch("expiry", "this pack has expired.")
    return None


def administrations(session: "Session", patient: Patient) -> tuple[Charted, ...]:
    """Return every dose on the chart, given or not, oldest first: the file's, the scenario's, the learner's."""
    due = {d.order: d.due for d in session.scenario.of(Dose) if d.patient == patient.id}
    filed = [
        Charted(patient.id, a.medicine, a.at, a.status, a.by, a.note, due.get(a.medicine) if a.by == "You" else a.due)
        for a in patient.administrations
    ]
    more = [c for c in session.scenario.of(Charted) if c.patient == patient.id]
    return tuple(sorted([*filed, *more], key=lambda c: c.at))


def waiting(session: "Session", patient: str) -> tuple[Dose, ...]:
    """Return the patient's doses that nobody has answered yet."""
    answered = session.state.part(Round).outcomes
    return tuple(d for d in session.scenario.of(Dose) if d.patient == patient and d.id not in answered)


def _write(session: "Session", dose: Dose, status: str, note: str) -> None:
    person = session.patient(dose.patient)
    # a dose that was held and is given after all stands once on the chart, as what it became
    kept = tuple(a for a in person.administrations if not (a.by == "You" and a.medicine == dose.order))
    made = Administration(dose.order, session.hospital.clock, status, "You", note)
    session.state.records[dose.patient] = replace(person, administrations=(*kept, made))


def _seq(session: "Session") -> int:
    return len(session.state.events) + 1


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())
