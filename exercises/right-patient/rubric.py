"""What the right patient is graded for: ten criteria over four requests, one interruption and the habits around them.

Each request is about one of six look-alikes. A write counts for the task it was made for or, without one, for the
request that asks for that thing; potassium for Elaine Marsh tomorrow is good care with her furosemide, and counts for
none. Who is right, and what each sender has told by when, stands only here.

Two criteria are critical: nothing is left in a wrong record, and nobody is told another patient's potassium. Both look
at how things stand at the end, so that whoever notices and puts it right has done well.
"""

import re
from dataclasses import dataclass

from grading.rubric import Finding, Rubric
from simemr.domain import reorder
from simemr.domain.interruption import LATER, Answered

ELEANOR, ELAINE = "marsh-eleanor", "marsh-elaine"
FATIMA, FATEMA = "rahman-fatima", "rahman-fatema"
FATHER, SON = "doyle-patrick-1948", "doyle-patrick-1976"

#: Whom each request is about.
OWNER = {"potassium": ELEANOR, "diuretic": ELAINE, "crp": FATEMA, "histology": SON}
#: What the request itself tells for certain, and what is known once its sender was asked.
GIVES = {"potassium": set(), "diuretic": set(), "crp": set(), "histology": {"name", "born"}}
REPLY_GIVES = {
    "potassium": {"name", "hospital_number"},
    "diuretic": {"name", "born"},
    "crp": {"name", "born", "hospital_number"},
    "histology": {"name", "born", "hospital_number"},
}
UNCLEAR = tuple(task for task, given in GIVES.items() if not given)

ABOUT_THE_REPORT = re.compile(r"histolog|patholog|report|result|nakamura|append|tuesday|biops|nodule", re.IGNORECASE)
IN_ERROR = re.compile(
    r"error|wrong|mistake|not (about |for |meant for )?(this|him|her|the)"
    r"|(another|other|different) (patient|person|man|record|chart)|disregard|ignore|retract|belongs",
    re.IGNORECASE,
)

TWO, ASK, BACK, TAKE_BACK = (
    "Two identifiers, never the bed",
    "Ask when it does not fit",
    "After an interruption",
    "Written in the wrong record",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


@dataclass(frozen=True)
class Write:
    """Something the learner wrote in a record for a request."""

    seq: int
    task: str
    patient: str
    text: str
    stands: bool


def writes(session) -> list[Write]:
    """What was written for the four requests, in order."""
    found = [*_medicines(session), *_tests(session), *_notes(session)]
    return sorted(found, key=lambda write: write.seq)


def _medicines(session):
    for made in session.state.signed:
        order = made.order
        if made.task in OWNER or (not made.task and order.medicine == "furosemide"):
            medicine = session.hospital.formulary.medicines[order.medicine].name.lower()
            stands = session.state.orders[order.id].status == "active"
            yield Write(made.seq, made.task or "diuretic", order.patient, medicine, stands)


def _tests(session):
    standing = {test.seq for test in session.state.tests_ordered}
    for event in session.state.events:
        if event.action != "order_test":
            continue
        task, patient, test = event.args.get("task", ""), event.args["patient"], event.args["test"]
        if not task:
            with_furosemide = patient == ELAINE and event.args["in_hours"] >= 12
            task = test if test in OWNER and not with_furosemide else ""
        if task in OWNER:
            yield Write(event.seq, task, patient, session.hospital.tests[test].name, event.seq in standing)


def _notes(session):
    notes = [event for event in session.state.events if event.action == "write_note"]
    for event in notes:
        patient, text = event.args["patient"], event.args["text"]
        if IN_ERROR.search(text) and patient != SON or not ABOUT_THE_REPORT.search(text):
            continue
        later = [n for n in notes if n.seq > event.seq and n.args["patient"] == patient]
        corrected = patient != SON and any(IN_ERROR.search(n.args["text"]) for n in later)
        yield Write(event.seq, "histology", patient, "the note on the report", not corrected)


def name(session, patient: str) -> str:
    """ "DOYLE, Patrick, 604 370": with the number, because the name can be that of two."""
    person = session.hospital.patients[patient]
    number = person.hospital_number
    return f"{person.display_name}, {number[:3]} {number[3:]}"


def where(session, task: str) -> str:
    """A sentence on what stands for the task, and in whose record."""
    standing = [w for w in writes(session) if w.task == task and w.stands]
    if not standing:
        return "Nothing stands for this request."
    return " ".join(f"You wrote {w.text} in the record of {name(session, w.patient)}." for w in standing)


def written_for_owner(session, task: str) -> bool:
    return any(w.stands and w.patient == OWNER[task] for w in writes(session) if w.task == task)


def first_write(session, task: str, right: bool = False) -> int:
    """When the request was first written for, in the right record or in any; 0 for never."""
    return next((w.seq for w in writes(session) if w.task == task and (not right or w.patient == OWNER[task])), 0)


def asked_at(session, task: str) -> int:
    """When the sender was asked back; 0 for never."""
    events = session.state.events
    return next((e.seq for e in events if e.action == "ask_back" and e.args["request"] == task), 0)


# ---------------------------------------------------------------------------------------------------------------
# the four requests


@rubric.criterion(
    "potassium",
    points=3,
    objective="two-identifiers",
    title="Potassium for Eleanor Marsh, this afternoon",
    met="The potassium is requested for Eleanor Marsh, 604 118, in time for this afternoon.",
    missed="The potassium this afternoon was for Eleanor Marsh, 604 118, whose potassium has climbed for three"
    " days. The request gave her name with the number of Elaine Marsh: two digits were swapped. When a name and a"
    " number do not agree, neither can be trusted. Next time: read the number digit by digit, and ask.",
    read=ASK,
)
def _(session):
    standing = [t for t in session.state.tests_ordered if t.test == "potassium" and t.patient == ELEANOR]
    return Finding(any(t.in_hours <= 6 for t in standing), where(session, "potassium"))


@rubric.criterion(
    "diuretic",
    points=3,
    objective="two-identifiers",
    title="Furosemide for Elaine Marsh",
    met="Furosemide 40 mg into a vein twice a day stands for Elaine Marsh, 604 181, who is in A4 now.",
    missed="Furosemide 40 mg into a vein twice a day was for Elaine Marsh, 604 181. The nurse's list still said A3,"
    " where Eleanor Marsh lies today: she came in dry, and her kidneys are poor. A bed says where somebody was,"
    " never who they are. Next time: a bed is no identifier. Ask for the full name and the date of birth.",
    read=TWO,
)
def _(session):
    good = [
        made
        for made in session.state.signed
        if made.order.medicine == "furosemide"
        and made.order.patient == ELAINE
        and session.state.orders[made.order.id].status == "active"
        and (made.order.dose, made.order.unit, made.order.route) == (40, "mg", "intravenous")
        and made.order.frequency in ("twice-daily", "every-12-hours")
    ]
    return Finding(bool(good), where(session, "diuretic"))


@rubric.criterion(
    "crp",
    points=3,
    objective="two-identifiers",
    title="CRP for Fatema Rahman, tomorrow morning",
    met="The CRP is requested for Fatema Rahman, 604 262, for tomorrow morning.",
    missed="The CRP tomorrow morning was for Fatema Rahman, 604 262, after her bowel operation. Two women on this"
    " ward are called Fati, and 4/7/68 is the fourth of July to some and the seventh of April to others: each of"
    " the two was born on one of those days. Next time: no nicknames, the month in letters, and the number.",
    read=ASK,
)
def _(session):
    standing = [t for t in session.state.tests_ordered if t.test == "crp" and t.patient == FATEMA]
    return Finding(any(12 <= t.in_hours <= 24 for t in standing), where(session, "crp"))


@rubric.criterion(
    "histology",
    points=3,
    objective="two-identifiers",
    title="The note on the report for Patrick Doyle, the son",
    met="The note stands in the record of Patrick Doyle, 604 370, born in 1976. His father's record has nothing of it.",
    missed="The note about the report was for Patrick Doyle born on 2 November 1976, 604 370. His father has the"
    " same name and the bed that stood on the form. In the wrong record the report is not looked for, and the wrong"
    " man may hear of it. Next time: where names are the same, the date of birth and the number decide; leave the"
    " bed out.",
    read=TWO,
)
def _(session):
    return Finding(written_for_owner(session, "histology"), where(session, "histology"))


# ---------------------------------------------------------------------------------------------------------------
# the habits


@rubric.criterion(
    "nothing-wrong",
    points=4,
    objective="take-back",
    title="Nothing left in a wrong record",
    critical=True,
    met="At the end nothing of yours stands in a record that it does not belong to.",
    missed="Something that you wrote stands in the record of somebody else, or less than three of the four requests"
    " were done. An order in the wrong record harms two people: one gets what they should not, the other does not"
    " get what they need. Next time: before you leave a record, read the name above what you wrote. If it is wrong,"
    " take it back at once, write it where it belongs, and tell the people who may have acted on it.",
    read=TAKE_BACK,
)
def _(session):
    wrong = [w for w in writes(session) if w.stands and w.patient != OWNER[w.task]]
    done = [task for task in OWNER if written_for_owner(session, task)]
    if wrong:
        texts = [f"{w.text} stands in the record of {name(session, w.patient)}" for w in wrong]
        return Finding(0, f"{'; '.join(texts)}.".capitalize())
    return Finding(
        len(done) >= 3, f"{len(done)} of the 4 requests stand in the right record, and nothing in a wrong one."
    )


@rubric.criterion(
    "asked",
    points=4,
    objective="ask-back",
    title="Asked whom they meant, before writing",
    met="You asked wherever a request left it open who was meant, and you asked before you wrote.",
    missed="Three requests did not say for certain who was meant: a name and a number that disagree, a surname with"
    " a bed, a nickname with a date that can be read in two ways. Some were written without asking. A guess is"
    " right half the time when two people look alike. Next time: if two identifiers do not lead to one person, ask"
    " before you open a record. It takes ten seconds, and nobody minds.",
    read=ASK,
)
def _(session):
    first = [task for task in UNCLEAR if _asked_first(session, task)]
    return Finding(
        len(first) / len(UNCLEAR), f"You asked before writing for {len(first)} of the {len(UNCLEAR)} unclear requests."
    )


def _asked_first(session, task: str) -> bool:
    asked, written = asked_at(session, task), first_write(session, task)
    return bool(asked and written) and asked < written


@rubric.criterion(
    "confirmed",
    points=3,
    objective="two-identifiers",
    title="Compared with what had been said",
    met="Each time you confirmed by two identifiers that the request, or its sender, had really given you.",
    missed="Not every confirmation rested on two identifiers that you had been told. A tick for a date of birth"
    " that nobody mentioned compares the record with itself. Next time: hold the request against the banner, item"
    " by item, and tick only what you could compare.",
    read=TWO,
)
def _(session):
    good = [task for task in OWNER if _compared(session, task)]
    text = f"For {len(good)} of the 4 requests you confirmed the right person by two things you had been told."
    return Finding(len(good) / len(OWNER), text)


def _compared(session, task: str) -> bool:
    written, asked = first_write(session, task, right=True), asked_at(session, task)
    confirmed = [
        event
        for event in session.state.events
        if event.action == "confirm_identity" and event.args["patient"] == OWNER[task] and event.seq < written
    ]
    if not confirmed:
        return False
    last = confirmed[-1]
    told = REPLY_GIVES[task] if 0 < asked < last.seq else GIVES[task]
    return len(told & set(last.args["identifiers"])) >= 2


# ---------------------------------------------------------------------------------------------------------------
# the interruption


@rubric.criterion(
    "call",
    points=3,
    objective="come-back",
    title="Told the caller the right patient's potassium",
    critical=True,
    met="You gave Fatima Rahman's potassium, 5.0 mmol/L, in range. The 6.7 was her neighbour's, from a haemolysed"
    " sample.",
    missed="The nurse asked for Fatima Rahman, 604 226: her potassium was 5.0 mmol/L, in range. The 6.7 that"
    " somebody had heard of is in the record of Fatema Rahman, 604 262, from a haemolysed sample. A number given"
    " for the wrong patient over the telephone is a treatment given to the wrong patient. Next time: open the"
    " record by the number you were told, and say name and number with the result. Then have it read back.",
    read=BACK,
)
def _(session):
    given = session.state.part(Answered).given.get("telephone", "")
    if not given:
        return Finding(0, "The call was not answered.")
    if given == LATER:
        return Finding(0, "You promised to come back to the caller, and have not yet.")
    return Finding(given.startswith("5.0"), f"You answered: {given}.")


@rubric.criterion(
    "came-back",
    points=2,
    objective="come-back",
    title="Back in the right record after the call",
    met="After the interruption the next thing you wrote was in the record it belongs to.",
    missed="After the call nothing more was written, or the next thing stood in a record it does not belong to."
    " After an interruption the record that is open is often the caller's patient, not yours. Next time: before the"
    " first word after a call, look at the banner and start again from the request.",
    read=BACK,
)
def _(session):
    events = session.state.events
    called = next((e.seq for e in events if e.action in ("answer_interruption", "promise_answer")), 0)
    after = [w for w in writes(session) if w.seq > called] if called else []
    if not after:
        return Finding(0, "Nothing was written after the call." if called else "There was no call yet.")
    back = after[0]
    text = f"The next thing after the call: {back.text}, in the record of {name(session, back.patient)}."
    return Finding(back.patient == OWNER[back.task], text)


@rubric.criterion(
    "reorder",
    points=2,
    objective="take-back",
    title="Your own retract-and-reorder rate",
    met="None of your orders had to be taken back and placed for somebody else.",
    missed="An order was taken back and then placed for another patient, or fewer than three orders were placed."
    " Hospitals count exactly that, because most such pairs began on the wrong patient. If you took one back, you"
    " did the right thing, and half of the points are yours. Next time: what would have shown you the name one step"
    " earlier?",
    read=TAKE_BACK,
)
def _(session):
    found = reorder.rate(session)
    text = (
        f"You placed {found.orders} order{'' if found.orders == 1 else 's'}; {len(found.reordered)} of them"
        f" taken back and placed"
        " for another patient. A hospital counts it when both happen within 10 minutes; here the order of"
        " events counts."
    )
    if found.orders < 3:
        return Finding(0, text)
    return Finding(0.5 if found.reordered else 1, text)
