"""Handing over with I-PASS: four elements are said; the fifth is the receiver's, who says back what was heard.

What the receiver says stands in the scenario; whether it is right is for the learner to hear.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session

SEVERITIES = {
    "stable": "Stable",
    "watcher": "Watcher: may get worse",
    "unstable": "Unstable: needs somebody now",
}
WHEN = {
    "now": "Now",
    "hour": "Within the hour",
    "shift": "During this shift",
    "tomorrow": "Tomorrow",
}
MOST = 12


@content("handoff")
@dataclass(frozen=True, slots=True)
class Handoff:
    """A patient to be handed over, and who takes over."""

    patient: str
    receiver: str


@content("readback")
@dataclass(frozen=True, slots=True)
class ReadBack:
    """A sentence in which the receiver says back what they heard."""

    id: str
    patient: str
    text: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """A line of the action list."""

    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Contingency:
    """What may happen, and what to do then."""

    if_: str
    then: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer to a sentence of the receiver's: "right", or "wrong" with what is right instead."""

    answer: str
    correction: str = ""


@dataclass(slots=True)
class Sheet:
    """One patient's handover as it is being written, given and said back."""

    severity: str = ""
    summary: str = ""
    actions: list[ToDo] = field(default_factory=list)
    contingencies: list[Contingency] = field(default_factory=list)
    given: bool = False
    heard: dict[str, Heard] = field(default_factory=dict)
    closed: bool = False


@dataclass(slots=True)
class Handoffs:
    """The state of this part: patient -> sheet."""

    sheets: dict[str, Sheet] = field(default_factory=dict)


def sheet_of(session: "Session", patient: str) -> Sheet:
    """The patient's handover, empty at first."""
    return session.state.part(Handoffs).sheets.setdefault(patient, Sheet())


def handoff_of(session: "Session", patient: str) -> Handoff | None:
    """To whom the patient is to be handed over, or None."""
    return next((h for h in session.scenario.of(Handoff) if h.patient == patient), None)


def readback_of(session: "Session", patient: str) -> list[ReadBack]:
    """What the receiver says back about the patient."""
    return [line for line in session.scenario.of(ReadBack) if line.patient == patient]


@action
def write_handoff(session: "Session", *, patient: str, severity: str, summary: str) -> None:
    sheet = _open_sheet(session, patient)
    if severity not in SEVERITIES:
        raise ActionRefused("Say how ill the patient is: stable, watcher or unstable.")
    if len(summary.strip()) < 10:
        raise ActionRefused("The patient summary is missing: a sentence or two on who this is and what matters now.")
    sheet.severity, sheet.summary = severity, summary.strip()


@action
def add_to_do(session: "Session", *, patient: str, what: str, when: str) -> None:
    sheet = _open_sheet(session, patient)
    if len(what.strip()) < 3:
        raise ActionRefused("Write what is to be done.")
    if when not in WHEN:
        raise ActionRefused("Say by when it is to be done.")
    _require_room(sheet.actions)
    sheet.actions.append(ToDo(what.strip(), when))


@action
def drop_to_do(session: "Session", *, patient: str, number: int) -> None:
    _drop(_open_sheet(session, patient).actions, number)


@action
def add_contingency(session: "Session", *, patient: str, if_: str, then: str) -> None:
    sheet = _open_sheet(session, patient)
    if len(if_.strip()) < 3 or len(then.strip()) < 3:
        raise ActionRefused("A plan for what may happen has two halves: if this, then that.")
    _require_room(sheet.contingencies)
    sheet.contingencies.append(Contingency(if_.strip(), then.strip()))


@action
def drop_contingency(session: "Session", *, patient: str, number: int) -> None:
    _drop(_open_sheet(session, patient).contingencies, number)


@action
def give_handoff(session: "Session", *, patient: str) -> None:
    sheet = _open_sheet(session, patient)
    missing = [
        name
        for name, there in (
            ("how ill the patient is", sheet.severity),
            ("the patient summary", sheet.summary),
            ("the action list", sheet.actions),
            ("a plan for what may happen", sheet.contingencies),
        )
        if not there
    ]
    if missing:
        raise ActionRefused(f"Not yet: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.")
    sheet.given = True


@action
def answer_readback(session: "Session", *, patient: str, line: str, answer: str, correction: str = "") -> None:
    sheet = _open_sheet(session, patient)
    if not sheet.given:
        raise ActionRefused("Give the handover first. Then listen.")
    if line not in {said.id for said in readback_of(session, patient)}:
        raise ActionRefused("The receiver has not said that.")
    if answer not in ("right", "wrong"):
        raise ActionRefused("Say whether it is right.")
    if answer == "wrong" and len(correction.strip()) < 3:
        raise ActionRefused("Say what is right instead.")
    sheet.heard[line] = Heard(answer, correction.strip() if answer == "wrong" else "")


@action
def close_handoff(session: "Session", *, patient: str) -> None:
    sheet = _open_sheet(session, patient)
    if not sheet.given:
        raise ActionRefused("Give the handover first.")
    if any(said.id not in sheet.heard for said in readback_of(session, patient)):
        raise ActionRefused("Answer everything that the receiver has said back.")
    sheet.closed = True


def _open_sheet(session: "Session", patient: str) -> Sheet:
    require_open(session, patient)
    if handoff_of(session, patient) is None:
        raise ActionRefused("This patient is not for you to hand over.")
    return sheet_of(session, patient)


def _require_room(lines: list) -> None:
    if len(lines) >= MOST:
        raise ActionRefused("That is more than anybody can keep in mind. Take something out first.")


def _drop(lines: list, number: int) -> None:
    if not 1 <= number <= len(lines):
        raise ActionRefused("There is no such line.")
    del lines[number - 1]
