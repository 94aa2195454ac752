"""What reading the chart is graded for: eight criteria over one patient whose pressure did not come down.

By 11:00 today nine doses for his blood pressure had been due and two had been given. The one critical criterion is that
nothing more is added today: the doses of 12:50 have not had time to act, and his carotid is tight.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.actions.response import NOT_GIVEN, Conclusion, Response

PATIENT = "petrie-gordon"
REQUEST = "fourth-medicine"

#: Each medicine: how many doses were given before 11:00 today, and why most of the others were not.
COUNTS = {"ramipril": (1, "nil-by-mouth"), "amlodipine": (1, "refused"), "doxazosin": (0, "not-available")}
RIGHT = {"talk", "fasting", "supply", "again", "tell"}
MORE = {"add", "labetalol", "double"}
#: What lowers a pressure, by class; the most of what he has already, in mg.
LOWERING = {
    "ace-inhibitor", "angiotensin-receptor-blocker", "calcium-channel-blocker", "alpha-blocker", "beta-blocker",
    "aldosterone-antagonist", "loop-diuretic", "nitrate",
}  # fmt: skip
HIS = {"ramipril": 10, "amlodipine": 10, "doxazosin": 1}

MISSING = (
    r"not (been )?(really )?(given|taken|had)|n.t (been )?(given|had|taken)|never (given|had)|held|omitted|refus"
    r"|declin|missed|late\b|nil by mouth|\bnbm\b|out of stock|few doses|most doses|\d+ (of|out of) \d+|no doses"
    r"|only (one|two|1|2)|(one|two) of|hardly|did not (get|reach|receive)|didn.t (get|reach|receive)|unavailable"
    r"|(only )?(just )?given (at|today)|12[:.]50"
)
WHY = r"ankle|swell|oedema|edema|nil by mouth|\bnbm\b|fasting|fasted|starv|pharmacy|stock|not on the ward|unavailable"
NEXT = (
    r"measure|repeat|re-?check|again|tomorrow|this evening|tonight|monitor|talk|spoke|speak|discuss|instead|replace"
    r"|swap|alternative|another (medicine|drug|class)|sip|anaesth|ensure|make sure|plan|review|wait"
)

READ, RESPONSE, FAIR = "Read the chart by medicine", "Before you add another", "A refusal is information"

rubric = Rubric()


def response(session) -> Response:
    return session.state.part(Response)


def reading(session, course: str) -> str:
    """What was said of a medicine, as a sentence."""
    account = response(session).accounts.get(course)
    if account is None:
        return f"{course.capitalize()}: not counted."
    return f"{course.capitalize()}: {account.given} given; {NOT_GIVEN[account.reason].lower()}."


@rubric.criterion(
    "counted",
    points=6,
    objective="read-the-chart",
    title="Counted the doses that were given",
    met="Ramipril one of four, amlodipine one of four, doxazosin none: two doses of nine. You read what was given, not"
    " what was ordered.",
    missed="Before 11:00 today ramipril was given once (5 mg, on the first morning) of four doses due, amlodipine"
    " once of four, and doxazosin not at all. Two strengths of a medicine stand on two lines, and the doses of 12:50"
    " came after the reading. Next time: go along the chart medicine by medicine, old lines and new ones, and count"
    " ticks.",
    read=READ,
)
def _(session):
    accounts = response(session).accounts
    good = [c for c, (given, _) in COUNTS.items() if c in accounts and accounts[c].given == given]
    return Finding(len(good) / len(COUNTS), " ".join(reading(session, c) for c in COUNTS))


@rubric.criterion(
    "reasons",
    points=3,
    objective="read-the-chart",
    title="Found why the others were not given",
    met="Three medicines, three reasons: nil by mouth, swollen ankles, an empty shelf. Each needs another answer.",
    missed="Ramipril was held twice while he was nil by mouth; amlodipine was refused twice for his ankles;"
    " doxazosin was not on the ward. 'Not given' is one word for three problems with three solutions. Next time:"
    " read the few words beside a held dose. They are the quickest history in the record.",
    read=READ,
)
def _(session):
    accounts = response(session).accounts
    good = [c for c, (_, reason) in COUNTS.items() if c in accounts and accounts[c].reason == reason]
    return Finding(len(good) / len(COUNTS), " ".join(reading(session, c) for c in COUNTS))


@rubric.criterion(
    "looked",
    points=2,
    objective="read-the-chart",
    title="Read the notes before concluding",
    met="You read the notes as well. The night nurse had the answer: 'He thought we knew.'",
    missed="You concluded before the notes had been opened. The night nurse wrote at 20:30 why he left the ankle"
    " tablets off, and that no doctor knew yet. Next time: read the nurses' notes of the last two days before you"
    " judge a treatment.",
    read=FAIR,
)
def _(session):
    tab, patient, seen, before = session.scenario.tabs[0], "", False, False
    for event in session.state.events:
        patient = event.args["patient"] if event.action == "open_patient" else patient
        tab = event.args["tab"] if event.action == "open_tab" else tab
        seen = seen or (patient == PATIENT and tab == "notes")
        if event.action == "conclude":
            before = seen
    return Finding(
        before, "You read his notes before you concluded." if before else "His notes came after, or not at all."
    )


@rubric.criterion(
    "concluded",
    points=4,
    objective="judge-response",
    title="Concluded that the treatment has not been tried yet",
    met="You concluded what the chart shows: most doses did not reach him, so nobody can know yet whether they work.",
    missed="Two doses of nine in four days are not a treatment that failed. Called resistant, his pressure leads to"
    " scans, a fourth medicine and a longer wait for an operation that prevents a stroke; called unwilling, he is"
    " not asked about his ankles. Next time: ask 'was it given?' before you ask 'why did it not work?'",
    read=RESPONSE,
)
def _(session):
    chosen = response(session).conclusions.get(PATIENT, "")
    texts = {c.id: c.text for c in session.scenario.of(Conclusion)}
    return Finding(chosen == "mostly-not-given", f"“{texts[chosen]}”" if chosen else "You did not conclude anything.")


def added(session) -> list[str]:
    """The orders standing at the end that put more against his pressure: a further medicine, or more of one of his."""
    formulary, found = session.hospital.formulary, []
    for signed in session.state.signed:
        order = session.state.orders[signed.order.id]
        medicine = formulary.medicines[order.medicine]
        lowers = LOWERING & set(medicine.classes)
        if order.patient != PATIENT or order.status != "active" or not lowers:
            continue
        if order.dose > HIS.get(order.medicine, 0):
            found.append(medicine.name)
    return found


@rubric.criterion(
    "nothing-more",
    points=4,
    objective="judge-response",
    title="Added nothing more to his pressure today",
    critical=True,
    met="You added nothing. Ramipril and doxazosin went in at 12:50 and have not had time to act.",
    missed="More was added against his pressure, or the request was left open. He had 10 mg of ramipril and his"
    " first doxazosin at 12:50: another medicine on top, or one into a vein, can bring the pressure down steeply,"
    " and a man with a tight carotid needs it to reach his brain. Next time: let what was given act, measure, and"
    " then decide.",
    read=RESPONSE,
)
def _(session):
    planned = MORE & set(response(session).plans.get(PATIENT, ()))
    ordered = added(session)
    answered = REQUEST in session.state.declined or bool(session.state.signed) or PATIENT in response(session).plans
    text = f"Ordered: {', '.join(ordered) or 'nothing more'}. Planned: {len(planned)} steps that add to it today."
    return Finding(answered and not planned and not ordered, text)


@rubric.criterion(
    "request",
    points=3,
    objective="judge-response",
    title="Closed the request with the reason",
    met="You said no to the fourth medicine in words that tell the surgeons something they did not know.",
    missed="The request for a fourth medicine needs an answer with its reason: the three he has were mostly not"
    " given. A bare 'no', or silence, is asked again in the evening, of somebody more tired. Next time: close it"
    " with the one fact that changes the question.",
    read=RESPONSE,
)
def _(session):
    reason = session.state.declined.get(REQUEST, "")
    return Finding(
        bool(re.search(MISSING, reason, re.IGNORECASE)), f"“{reason}”" if reason else "The request is not closed."
    )


@rubric.criterion(
    "steps",
    points=5,
    objective="judge-response",
    title="Chose the steps that get the treatment to him",
    met="A talk about his ankles, tablets with a sip agreed beforehand, doses on the shelf, a new reading, and"
    " everybody told: each step answers one reason why a dose was missed.",
    missed="Five steps help: talk with him about his ankles and what he would take; agree with the anaesthetist what"
    " he takes when nil by mouth; have tomorrow's doses on the ward; measure again after the doses of 12:50; tell"
    " both teams. A scan or another medicine answers a question that has not been asked yet. Next time: take each"
    " reason for a missed dose and write down who removes it.",
    read=FAIR,
)
def _(session):
    chosen = set(response(session).plans.get(PATIENT, ()))
    share = max(0.0, (len(chosen & RIGHT) - len(chosen - RIGHT)) / len(RIGHT))
    return Finding(share, f"{len(chosen & RIGHT)} of the 5 steps that help, {len(chosen - RIGHT)} that do not yet.")


@rubric.criterion(
    "note",
    points=4,
    objective="judge-response",
    title="Wrote what was given, why, and what happens next",
    met="Your note tells the surgeons what was given, why the rest was not, and what happens now.",
    missed="The note to the surgical team should say three things: what was given and what was not, why (nil by"
    " mouth, ankles, not on the ward), and what happens next. They will read the last line first. Next time: three"
    " sentences, in that order.",
    read=RESPONSE,
)
def _(session):
    text = " ".join(note.text for patient, note in session.state.notes if patient == PATIENT)
    parts = [bool(re.search(pattern, text, re.IGNORECASE)) for pattern in (MISSING, WHY, NEXT)]
    return Finding(sum(parts) / 3, f"“{text}”" if text else "There is no note.")
