"""The results inbox: a line for each thing that came in, and the chosen one in full with what was done about it."""

from datetime import datetime

from simemr.domain import when
from simemr.domain.actions.deterioration import Deterioration, ObservationSet
from simemr.domain.actions.inbox import BY_MESSAGE, BY_VOICE, DUE, OWNERS, Answer, Arrival, Inbox, answered
from simemr.domain.record import LabTest, Result
from simemr.domain.session import Session
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import table

Item = Arrival | ObservationSet

_DONE = {"acknowledge": "seen", "act": "acted on", "escalate": "escalated", "forward": "handed on"}


def items(session: Session) -> list[Item]:
    """All that is in the inbox: a call that rings comes first, then the newest."""
    found = [*session.scenario.of(Arrival), *session.scenario.of(ObservationSet)]
    rings = lambda item: isinstance(item, Arrival) and item.kind == "call"  # noqa: E731
    return sorted(found, key=lambda item: (not rings(item), -item.at.timestamp(), item.id))


def is_done(session: Session, item: Item) -> bool:
    """Whether the item has its answer."""
    if isinstance(item, ObservationSet):
        return item.id in session.state.part(Deterioration).responses
    return answered(session, item)


def whose(session: Session, item: Item) -> str:
    """The patient's name as it stands on the item; a call's is known once it is written down."""
    if isinstance(item, Arrival) and item.kind == "call":
        written = session.state.part(Inbox).written.get(item.id)
        return session.patient(written.patient).display_name if written else ""
    if isinstance(item, Arrival) and not item.patient:
        return item.who.split(",")[0].upper() + "," + item.who.split(",")[1] if "," in item.who else item.who
    return session.patient(item.patient).display_name


def line(session: Session, item: Item) -> str:
    """Return the item's one line of plain words: when, whose, what, how it is flagged, and what was done."""
    what = "Observations to score" if isinstance(item, ObservationSet) else _what(session, item)
    parts = [f"{item.at:%H:%M}", whose(session, item), what, _state(session, item)]
    return " · ".join(part for part in parts if part)


def _what(session: Session, item: Arrival) -> str:
    written = session.state.part(Inbox).written.get(item.id)
    if written is not None:
        test = session.hospital.tests[item.values[0][0]]
        return f"By telephone: {test.name.lower()} {test.text(written.value)}"
    if item.kind == "call" or not item.values:
        return item.title
    sex = session.patient(item.patient).sex if item.patient else "female"
    texts = []
    for test_id, value in item.values[:2]:
        test = session.hospital.tests[test_id]
        flag = test.flag(value, sex).replace("critical", "critically")
        texts.append(f"{test.name.split(',')[0].split(' (')[0]} {test.text(value)}{f', {flag}' if flag else ''}")
    return "; ".join(texts)


def _state(session: Session, item: Item) -> str:
    if isinstance(item, ObservationSet):
        scored = session.state.part(Deterioration).scored.get(item.id)
        told = item.id in session.state.part(Deterioration).responses
        return f"✓ NEWS2 {scored.total}" if scored and told else "scored, not answered" if scored else ""
    inbox = session.state.part(Inbox)
    if item.id in inbox.owners:
        return "✓ has an owner"
    answers = inbox.answers.get(item.id, ())
    return "✓ " + ", ".join(dict.fromkeys(_DONE[a.kind] for a in answers)) if answers else ""


def is_critical(session: Session, item: Item) -> bool:
    """Whether the laboratory's critical limits are passed: what everybody can see."""
    if not isinstance(item, Arrival) or item.kind == "call":
        return False
    sex = session.patient(item.patient).sex if item.patient else "female"
    tests = session.hospital.tests
    return any(tests[test].flag(value, sex).startswith("critical") for test, value in item.values)


def progress(session: Session) -> Markup:
    """Return "4 of 20 answered"."""
    found = items(session)
    done = sum(is_done(session, item) for item in found)
    return el("p", el("b", f"{done} of {len(found)} answered."), class_="em-inbox-count")


def chosen(session: Session, item: Item) -> Markup:
    """Return the chosen item in full."""
    if isinstance(item, ObservationSet):
        about = "A new set of observations. It is scored in the record, under Observations."
        return join(_head(session, item, "Observations to score"), el("p", about))
    body = [_head(session, item, item.title)]
    if item.kind == "call":
        body.append(_call(session, item))
    elif item.values:
        body.append(_values(session, item))
    if item.text:
        body.append(el("p", item.text))
    body.append(_answers(session, item))
    return join(body)


def _head(session: Session, item: Item, title: str) -> Markup:
    head = el("h3", title)
    at = when.moment_text(item.at, session.hospital.clock)
    if isinstance(item, Arrival) and item.kind == "call":
        return join(head, el("p", f"Rang {at}", class_="em-quiet"))
    if isinstance(item, Arrival) and not item.patient:
        return join(head, el("p", el("b", item.who), f" · {at}"))
    person = session.patient(item.patient)
    who = (
        f" · born {when.day_text(person.born)} · hospital no. {words.hospital_number(person.hospital_number)} · "
        f"bed {person.bed} · {at}"
    )
    return join(head, el("p", el("b", person.display_name), who))


def _call(session: Session, item: Arrival) -> Markup:
    said = el("blockquote", item.said, class_="em-said")
    written = session.state.part(Inbox).written.get(item.id)
    if written is None:
        return join(said)
    test = session.hospital.tests[item.values[0][0]]
    person = session.patient(written.patient)
    note = (
        f"You wrote: {test.name} {test.text(written.value)} {words.unit(test.unit)}, {person.display_name}, "
        f"{words.hospital_number(person.hospital_number)}."
    )
    if written.read_back:
        state = el("p", sign("✓"), " Read back. The laboratory: “Yes, that is right.”", class_="em-verdict em-accepted")
    else:
        state = el("p", "Not read back yet.", class_="em-verdict em-challenged")
    return join(said, el("p", note), state)


def _values(session: Session, item: Arrival) -> Markup:
    person = session.patient(item.patient) if item.patient else None
    sex = person.sex if person else "female"
    rows = []
    for test_id, value in item.values:
        test = session.hospital.tests[test_id]
        before = [r for r in person.series(test_id) if r.at < item.at] if person else []
        limits = words.limits(test, sex)
        name = join(test.name, el("span", f"range {limits}" if limits else "", class_="em-when"))
        now = join(words.result(test, value), el("span", words.flag(test.flag(value, sex)), class_="em-when"))
        rows.append((name, now, _before(test, before[-1], session.hospital.clock) if before else "–"))
    return table("Result", ("Test", "Result", "Before"), rows, look="em-inbox-values")


def _before(test: LabTest, result: Result, clock: datetime) -> Markup:
    return join(test.text(result.value), el("span", when.moment_text(result.at, clock), class_="em-when"))


def _answers(session: Session, item: Arrival) -> Markup:
    inbox = session.state.part(Inbox)
    owner = inbox.owners.get(item.id)
    made = [_answer(answer) for answer in inbox.answers.get(item.id, ())]
    if owner:
        made.append(f"Owner: {OWNERS[owner.owner]}. {DUE[owner.days]}: “{owner.plan}”")
    return join([el("p", sign("✓"), f" {text}", class_="em-verdict em-accepted") for text in made])


def _answer(answer: Answer) -> str:
    if answer.kind == "acknowledge":
        return "Seen, nothing to do now."
    if answer.kind == "act":
        return f"You act: “{answer.words}”"
    if answer.kind == "escalate":
        return f"You rang. {BY_VOICE[answer.to]}: “{answer.words}”"
    return f"You handed it on. {BY_MESSAGE[answer.to]}: “{answer.words}”"


def desk(session: Session) -> Markup:
    """Return the whole inbox as a picture: each line, and in full those that were touched."""
    inbox = session.state.part(Inbox)
    made = []
    for item in items(session):
        touched = item.id in inbox.answers or item.id in inbox.written or item.id in inbox.owners
        look = "em-item em-item-critical" if is_critical(session, item) else "em-item"
        made.append(el("li", line(session, item), class_=look))
        if touched or isinstance(item, Arrival) and item.kind == "call":
            made.append(el("li", chosen(session, item), class_="em-item-full"))
    return join(progress(session), el("ul", made, class_="em-items"))
