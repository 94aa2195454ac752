"""The results inbox: every result that comes back gets an answer, and a telephoned one is read back.

Escalating is done by voice, now; handing on goes by message and can wait. A result is filed in the patient's record
when somebody has answered it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content
from simemr.domain.record import Result
from simemr.domain.units import number_text

if TYPE_CHECKING:
    from simemr.domain.session import Session

KINDS = ("result", "call", "pending")
# to whom one speaks, and to whom one writes
BY_VOICE = {
    "ward-doctor": "The doctor on this ward, by telephone",
    "registrar": "The medical registrar, by telephone",
    "emergency-team": "The emergency team with critical-care skills",
}
BY_MESSAGE = {
    "own-team": "The patient's own team on this ward",
    "where-now": "The team who look after the patient now",
    "pharmacist": "The ward pharmacist",
    "gp": "The patient's GP",
}
OWNERS = {
    "requester": "The team who asked for the test",
    "gp": "The patient's GP",
    "on-call": "Whoever is on call that day",
    "patient": "The patient: to ring if nothing is heard",
}
DUE = {1: "Tomorrow", 3: "In 3 days", 7: "In a week", 14: "In two weeks", 42: "At the clinic in six weeks"}


@content("arrival")
@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came into the inbox: a "result", a "call" from the laboratory, or a test still "pending".

    ``values`` are (test of the catalogue, number); ``text`` is a report in words; ``said`` is what is heard on the
    telephone. ``who`` names a patient who is not on this ward's list. A call's patient is the one it is about, and
    is not shown before it is written down.
    """

    id: str
    at: datetime
    title: str
    kind: str = "result"
    patient: str = ""
    who: str = ""
    values: tuple[tuple[str, float], ...] = ()
    text: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done with an arrival: "acknowledge", "act", "escalate" or "forward". ``seq`` is the event's number."""

    kind: str
    to: str = ""
    words: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What was written down from a call, and whether it was read back."""

    patient: str
    value: float
    read_back: int = 0


@dataclass(frozen=True, slots=True)
class Owner:
    """Who looks for a result that is still to come, within how many days, and what happens then."""

    owner: str
    days: int
    plan: str


@dataclass(slots=True)
class Inbox:
    """The answers by arrival, oldest first; what was written down from calls; the owners of pending results."""

    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)


def answered(session: "Session", arrival: Arrival) -> bool:
    """Whether nothing is left to do with this arrival."""
    inbox = session.state.part(Inbox)
    return arrival.id in (inbox.owners if arrival.kind == "pending" else inbox.answers)


@action
def acknowledge_result(session: "Session", *, item: str) -> None:
    _answer(session, item, Answer("acknowledge"))


@action
def act_on_result(session: "Session", *, item: str, words: str) -> None:
    _require_words(words, "Say in a few words what you do about it.")
    _answer(session, item, Answer("act", words=words.strip()))


@action
def escalate_result(session: "Session", *, item: str, to: str, words: str) -> None:
    if to not in BY_VOICE:
        raise ActionRefused("Choose whom you ring.")
    _require_words(words, "Write down what you say on the telephone.")
    _answer(session, item, Answer("escalate", to, words.strip()))


@action
def forward_result(session: "Session", *, item: str, to: str, words: str) -> None:
    if to not in BY_MESSAGE:
        raise ActionRefused("Choose to whom you hand it on.")
    _require_words(words, "Say in a few words what the reader should do.")
    _answer(session, item, Answer("forward", to, words.strip()))


@action
def reopen_result(session: "Session", *, item: str) -> None:
    _arrival(session, item)
    if session.state.part(Inbox).answers.pop(item, None) is None:
        raise ActionRefused("It has no answer to take back.")
    _tick(session)


@action
def write_down_call(session: "Session", *, item: str, patient: str, value: float) -> None:
    _arrival(session, item, "call")
    session.patient(patient)
    if not value > 0:
        raise ActionRefused("Write down the number that the laboratory gave.")
    session.state.part(Inbox).written[item] = Written(patient, value)


@action
def read_back_call(session: "Session", *, item: str) -> None:
    arrival = _arrival(session, item, "call")
    written = _require_written(session, arrival)
    (test, value), *_ = arrival.values
    if written.patient != arrival.patient:
        number = session.patient(arrival.patient).hospital_number
        raise ActionRefused(f"The laboratory says: no, another patient. The hospital number is {' '.join(number)}.")
    if written.value != value:
        unit = session.hospital.tests[test].unit
        raise ActionRefused(f"The laboratory says: no, not {number_text(written.value)} {unit}. Listen again.")
    seq = len(session.state.events) + 1
    session.state.part(Inbox).written[item] = replace(written, read_back=seq)
    _file(session, arrival)


@action
def own_pending(session: "Session", *, item: str, owner: str, days: int, plan: str) -> None:
    _arrival(session, item, "pending")
    if owner not in OWNERS:
        raise ActionRefused("Choose who looks for the result.")
    if days not in DUE:
        raise ActionRefused("Choose when it is looked for.")
    _require_words(plan, "Say in a few words what happens when the result is there.")
    session.state.part(Inbox).owners[item] = Owner(owner, days, plan.strip())


def _arrival(session: "Session", item: str, kind: str = "") -> Arrival:
    found = next((a for a in session.scenario.of(Arrival) if a.id == item), None)
    if found is None or kind and found.kind != kind:
        raise ActionRefused(f"There is no such {kind or 'item'} '{item}' in the inbox.")
    return found


def _answer(session: "Session", item: str, answer: Answer) -> None:
    arrival = _arrival(session, item)
    if arrival.kind == "pending":
        raise ActionRefused("This result is still to come: give it an owner and a plan.")
    if arrival.kind == "call":
        _require_written(session, arrival)
    else:
        _file(session, arrival)
    inbox = session.state.part(Inbox)
    made = replace(answer, seq=len(session.state.events) + 1)
    inbox.answers[item] = (*inbox.answers.get(item, ()), made)
    _tick(session)


def _require_written(session: "Session", arrival: Arrival) -> Written:
    written = session.state.part(Inbox).written.get(arrival.id)
    if written is None:
        raise ActionRefused("Write down first what the laboratory tells you.")
    return written


def _require_words(words: str, sentence: str) -> None:
    if len(words.strip()) < 3:
        raise ActionRefused(sentence)


def _file(session: "Session", arrival: Arrival) -> None:
    """Put the values into the patient's record, once."""
    if not arrival.patient or not arrival.values:
        return
    person = session.patient(arrival.patient)
    made = tuple(Result(arrival.at, test, value) for test, value in arrival.values)
    if made[0] in person.results:
        return
    results = tuple(sorted((*person.results, *made), key=lambda r: r.at))
    session.state.records[person.id] = replace(person, results=results)


def _tick(session: "Session") -> None:
    """A task of kind "inbox" is done while every result and call has an answer."""
    rest = [a for a in session.scenario.of(Arrival) if a.kind != "pending" and not answered(session, a)]
    for task in session.scenario.tasks:
        if task.kind == "inbox":
            (session.state.done.discard if rest else session.state.done.add)(task.id)
