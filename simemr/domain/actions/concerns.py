"""Reviewing a chart: what the learner is concerned about, where it stands in the record, how soon, and the act.

It only keeps the list. It never says whether a concern is right.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.actions.notes import EarlierNote
from simemr.domain.record import Note

if TYPE_CHECKING:
    from simemr.domain.session import Session

#: Where in the record a concern stands. What can be picked of each: ``things``.
PARTS = {
    "order": "A medicine",
    "result": "A result",
    "observation": "An observation",
    "note": "Something in a note",
    "problem": "A problem on the list",
    "allergy": "An allergy",
    "front": "The front sheet",
    "device": "A line, tube or device",
    "absent": "Something that is not there",
}
# the same for every patient, so that the list gives nothing away
OBSERVED = ("news2", "rr", "spo2", "oxygen", "sbp", "pulse", "consciousness", "temperature")
FRONT = ("weight", "resuscitation", "identity")
DEVICES = {
    "central-line": "Line into a large vein or an artery",
    "cannula": "Cannula",
    "catheter": "Catheter in the bladder",
    "gastric-tube": "Tube into the stomach",
    "airway": "Breathing tube and ventilator",
    "drain": "Drain, stoma or wound",
    "wristband": "Wristband",
}
ABSENT = {
    "medicine": "A medicine that should be ordered",
    "dose": "A dose that is not signed for",
    "prevention": "Prevention: of clots, sores, falls, infection",
    "skin": "Care of the skin",
    "nutrition": "Food or tube feed",
    "check": "A check or a break that was planned",
    "observations": "Observations that are due",
    "result": "A result that nobody speaks of",
    "told": "Somebody who should have been told",
}
KINDS = {
    "allergy": "Allergy",
    "dose": "Dose: weight, kidneys, age",
    "interaction": "Interaction, heart rhythm (QT)",
    "duplicate": "The same thing twice",
    "change": "No longer right: stop or change it",
    "missing": "Treatment, prevention or care is missing",
    "result": "Result not acted on",
    "monitoring": "Observations or checks: late, wrong, not done",
    "device": "Line, tube or device",
    "identity": "Identity, weight, resuscitation status",
    "conflict": "The record disagrees, or was not passed on",
}
SOON = {"now": "Now", "today": "Today, in this shift", "discharge": "Before discharge or transfer"}
#: A list that is longer is not read by anyone.
MOST = 24


@dataclass(frozen=True, slots=True)
class Concern:
    """``about`` is what was picked, "part/id"; ``plan`` what the learner would do."""

    patient: str
    about: str
    kind: str
    soon: str
    plan: str


@dataclass
class Review:
    """The concerns as they stand, by number, in the order in which they were first written."""

    concerns: dict[str, Concern] = field(default_factory=dict)

    def of(self, patient: str) -> dict[str, Concern]:
        """The concerns about this patient."""
        return {number: one for number, one in self.concerns.items() if one.patient == patient}


def notes_of(session: "Session", patient: str) -> list[Note]:
    """The notes that stand in the record, oldest first."""
    given = [note.note for note in session.scenario.of(EarlierNote) if note.patient == patient]
    return sorted([*session.patient(patient).notes, *given], key=lambda note: note.at)


def note_id(note: Note) -> str:
    """A note's id among a patient's: its moment."""
    return note.at.isoformat(timespec="minutes")


def things(session: "Session", patient: str, part: str) -> list[str]:
    """What of this part can be picked, as "part/id", in the order in which the record shows it."""
    person = session.patient(patient)
    if part == "order":
        ids = [order.id for order in session.state.orders.values() if order.patient == patient]
    elif part == "result":
        have = {result.test for result in person.results}
        ids = [test for test in session.hospital.tests if test in have]
    elif part == "note":
        ids = [note_id(note) for note in reversed(notes_of(session, patient))]
    elif part == "problem":
        ids = [problem.id for problem in person.problems]
    elif part == "allergy":
        ids = [*(allergy.substance.lower().replace(" ", "-") for allergy in person.allergies), "list"]
    else:
        ids = list({"observation": OBSERVED, "front": FRONT, "device": DEVICES, "absent": ABSENT}.get(part, ()))
    return [f"{part}/{thing}" for thing in ids]


@action
def write_concern(session: "Session", *, patient: str, about: str, kind: str, soon: str, plan: str) -> None:
    require_open(session, patient)
    review = session.state.part(Review)
    if len(review.of(patient)) >= MOST:
        raise ActionRefused(f"There are {MOST} concerns on the list. Nobody reads a longer one: take one off first.")
    number = str(sum(event.action == "write_concern" for event in session.state.events) + 1)
    review.concerns[number] = _checked(session, Concern(patient, about, kind, soon, plan.strip()))


@action
def change_concern(session: "Session", *, concern: str, about: str, kind: str, soon: str, plan: str) -> None:
    found = _found(session, concern)
    made = replace(found, about=about, kind=kind, soon=soon, plan=plan.strip())
    session.state.part(Review).concerns[concern] = _checked(session, made)


@action
def remove_concern(session: "Session", *, concern: str) -> None:
    _found(session, concern)
    del session.state.part(Review).concerns[concern]


def _found(session: "Session", concern: str) -> Concern:
    found = session.state.part(Review).concerns.get(concern)
    if found is None:
        raise ActionRefused("That concern is not on the list.")
    require_open(session, found.patient)
    return found


def _checked(session: "Session", made: Concern) -> Concern:
    if made.about not in things(session, made.patient, made.about.partition("/")[0]):
        raise ActionRefused("Choose what it is about.")
    if made.kind not in KINDS:
        raise ActionRefused("Choose what kind of concern it is.")
    if made.soon not in SOON:
        raise ActionRefused("Choose how soon something must be done.")
    if len(made.plan) < 3:
        raise ActionRefused("Write in a few words what you would do.")
    return made
