"""What the nurse's check is graded for: ten criteria over ten orders, four of them unsafe.

Stopping an unsafe order and letting a safe one pass weigh about the same, so that neither accepting everything nor
challenging everything passes. Only the last answer to an order counts: changing one's mind is part of the work.

Two criteria are critical: a penicillin after anaphylaxis, and a beta-blocker in asthma. They ask for a challenge of
any kind; whether the hazard was named rightly is a criterion of its own.
"""

import re

from grading.rubric import Finding, Rubric

#: The unsafe orders: the hazards that fit, and what a challenge has to speak of (regular expressions, any case).
#: Several hazards fit where the order is wrong in more than one way.
UNSAFE = {
    "co-amoxiclav": (
        {"allergy"},
        (r"penicil", r"anaphyl", r"allerg", r"amoxicil"),
    ),
    # 1 g is 23 mg/kg at 44 kg, and 4 g a day is 91 mg/kg: over 15 and 60 mg/kg
    "paracetamol-vein": (
        {"single-dose", "daily-dose"},
        (r"\b44\b", r"\d\s*kg", r"weigh", r"\bkilo", r"660", r"15\s*mg", r"over-?\s?dos", r"under 50", r"liver"),
    ),
    "isosorbide": (
        {"route"},
        (r"crush", r"modified", r"slow", r"release", r"\bmr\b", r"\btube\b", r"\bng\b", r"\bngt\b", r"nasogastric"),
    ),
    # both the asthma and the inhalers that it would block speak against it
    "propranolol": (
        {"diagnosis", "interaction"},
        (r"asthma", r"wheez", r"bronch", r"airway", r"beta[\s-]?block", r"salbutamol", r"inhaler"),
    ),
}
#: Right, although something in the record or in the order makes one look twice.
ALARMING = ("flucloxacillin", "furosemide", "colchicine", "gentamicin")
PLAIN = ("senna", "paracetamol-mouth")

RIGHT_RECORD, CHALLENGE, SAFE, DOSES = (
    "The right record first",
    "Accept or challenge",
    "Alarming, and right",
    "Three sums for a dose",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def verdict(session, order: str) -> str:
    """The last answer to the order: "accept", "challenge" or ""."""
    given = session.state.verdicts.get(order)
    return given.verdict if given else ""


def answer_text(session, order: str) -> str:
    """The last answer in words, to the full stop."""
    given = session.state.verdicts.get(order)
    if given is None:
        return "not answered."
    return "accepted." if given.verdict == "accept" else f"challenged: “{given.note}”"


def called(session, order: str) -> str:
    """The order's medicine and patient: "propranolol for PROSSER, Rhys"."""
    found = session.state.orders[order]
    medicine = session.hospital.formulary.medicines[found.medicine].name.split(",")[0].split(" (")[0]
    return f"{medicine.lower()} for {session.hospital.patients[found.patient].display_name}"


def stopped(session, order: str) -> Finding:
    """Whether the order was challenged."""
    return Finding(
        verdict(session, order) == "challenge", f"The {called(session, order)}: {answer_text(session, order)}"
    )


def passed(session, orders) -> Finding:
    """The share of the orders that were accepted."""
    good = [order for order in orders if verdict(session, order) == "accept"]
    text = " ".join(f"The {called(session, order)}: {answer_text(session, order)}" for order in orders)
    return Finding(len(good) / len(orders), text)


# ---------------------------------------------------------------------------------------------------------------
# the habits


@rubric.criterion(
    "answered",
    points=2,
    objective="confirm-the-patient",
    title="Ten orders answered, each in a record that was confirmed",
    met="You confirmed every patient by two identifiers and answered all ten orders. Nothing is left for the night.",
    missed="Some orders are still waiting. An order that nobody has answered is a dose that comes late, or a"
    " hazard that the next shift meets in a hurry. Next time: go down the list, confirm who it is, and"
    " answer every order.",
    read=RIGHT_RECORD,
)
def _(session):
    orders = session.scenario.orders
    done = [order.id for order in orders if verdict(session, order.id)]
    known = len({session.state.orders[order].patient for order in done})
    text = f"You answered {len(done)} of the {len(orders)} orders, for {known} confirmed patients."
    return Finding(1 if len(done) == len(orders) else 0.5 if len(done) >= 7 else 0, text)


def looked_before_accepting(session) -> set[str]:
    """The orders that were accepted after a part of the record other than Orders was on the screen."""
    tab, patient, seen, looked = (session.scenario.tabs[0], "", set(), set())
    for event in session.state.events:
        if event.action == "open_patient":
            patient = event.args["patient"]
        elif event.action == "open_tab":
            tab = event.args["tab"]
        if patient and tab != "orders":
            seen.add(patient)
        order = event.args.get("order", "")
        if event.action == "accept_order" and session.state.orders[order].patient in seen:
            looked.add(order)
    return looked


@rubric.criterion(
    "looked",
    points=3,
    objective="challenge-unsafe-orders",
    title="Looked in the record before accepting",
    met="You looked at the record before you accepted. 'Accept' then means: I checked this for this patient.",
    missed="Not every order was accepted after a look at another part of the record. An order reads well on its"
    " own: what speaks for it or against it stands under allergies, medicines, results and notes. Next"
    " time: open one of them before you accept, even when the order looks plain.",
    read=CHALLENGE,
)
def _(session):
    looked = looked_before_accepting(session)
    accepted = [order.id for order in session.scenario.orders if verdict(session, order.id) == "accept"]
    good = [order for order in accepted if order in looked]
    text = f"You accepted {len(accepted)} orders, {len(good)} of them after looking at more than the order itself."
    # whoever accepts nothing, or hardly anything, has not shown that they look first
    return Finding(len(good) / max(len(accepted), 4), text)


# ---------------------------------------------------------------------------------------------------------------
# the four unsafe orders


@rubric.criterion(
    "penicillin",
    points=2,
    objective="challenge-unsafe-orders",
    title="Stopped co-amoxiclav for Eleanor Marsh",
    critical=True,
    met="You stopped a penicillin for a woman who had anaphylaxis after amoxicillin. Co-amoxiclav is"
    " amoxicillin with clavulanic acid: the name hides it.",
    missed="Co-amoxiclav is amoxicillin with clavulanic acid, a penicillin. In 2009 Eleanor Marsh collapsed"
    " minutes after amoxicillin and needed adrenaline. You may be the last person between the order and"
    " the first dose. Next time: read the allergies in the banner before every new antibiotic, and ask"
    " what class it is in.",
    read=CHALLENGE,
)
def _(session):
    return stopped(session, "co-amoxiclav")


@rubric.criterion(
    "beta-blocker",
    points=2,
    objective="challenge-unsafe-orders",
    title="Stopped propranolol for Mr Prosser",
    critical=True,
    met="You stopped a beta-blocker for a man in hospital with asthma. His palpitations came with the"
    " salbutamol and went by themselves.",
    missed="Propranolol is contraindicated in asthma: it can close the airways, and it blocks the inhaler that"
    " would open them. Mr Prosser came in with a severe attack two days ago. The order looks kind, because"
    " he is frightened by the palpitations and asked for it. Next time: hold a new medicine against the"
    " problem list as well as the complaint.",
    read=CHALLENGE,
)
def _(session):
    return stopped(session, "propranolol")


@rubric.criterion(
    "weight",
    points=2,
    objective="challenge-unsafe-orders",
    title="Stopped 1 g of paracetamol into a vein at 44 kg",
    met="You stopped a dose that is usual for most adults and too much for her: at 44 kg the most is 660 mg.",
    missed="Into a vein and under 50 kg paracetamol is given by weight, 15 mg for each kg: 44 kg makes 660 mg,"
    " and 1 g is half as much again. Four times a day, in a thin woman of 81, it can injure the liver. It"
    " is easy to miss because 1 g is what nearly everybody gets. Next time: look at the weight in the"
    " banner before every dose into a vein.",
    read=DOSES,
)
def _(session):
    return stopped(session, "paracetamol-vein")


@rubric.criterion(
    "tube",
    points=2,
    objective="challenge-unsafe-orders",
    title="Stopped a modified-release nitrate by the tube",
    met="You stopped a tablet that must not be crushed. Plain isosorbide mononitrate in divided doses goes"
    " down a tube; the pharmacist had written so.",
    missed="Isosorbide mononitrate MR is made to last the day. Crushed for the tube, the whole day's dose comes"
    " at once and the blood pressure can fall sharply; a few days after a stroke that is dangerous. The"
    " letters MR are small and the medicine is one of hers. Next time: for every order by tube, look for"
    " MR, SR, XL or 'modified release', and ring the pharmacist.",
    read=CHALLENGE,
)
def _(session):
    return stopped(session, "isosorbide")


@rubric.criterion(
    "hazards",
    points=4,
    objective="challenge-unsafe-orders",
    title="Named the hazard of each unsafe order",
    met="Each challenge names the hazard that is there. The prescriber knows at once where to look.",
    missed="Not every unsafe order was challenged for the hazard that makes it unsafe: an allergy"
    " (co-amoxiclav), a dose too large (paracetamol), the route (isosorbide by tube), a diagnosis or the"
    " inhalers (propranolol). A challenge for the wrong reason is easily waved away. Next time: finish the"
    " sentence 'this is unsafe for this patient because' before you choose.",
    read=CHALLENGE,
)
def _(session):
    named, texts = [], []
    for order, (hazards, _words) in UNSAFE.items():
        given = session.state.verdicts.get(order)
        if given is None or given.verdict != "challenge":
            texts.append(f"The {called(session, order)}: not challenged.")
            continue
        good = given.hazard in hazards
        named += [order] * good
        texts.append(
            f"The {called(session, order)}: {given.hazard.replace('-', ' ')} ({'fits' if good else 'does not fit'})."
        )
    return Finding(len(named) / len(UNSAFE), " ".join(texts))


@rubric.criterion(
    "words",
    points=4,
    objective="challenge-unsafe-orders",
    title="Told the prescriber what is wrong for this patient",
    met="Your words name the fact that matters: the reaction, the weight, the tube, the asthma. The"
    " prescriber can act without ringing back.",
    missed="Not every challenge says what it is about this patient that makes the order unsafe. 'Please review'"
    " makes a busy doctor open the record and look for what you have already found. Next time: one"
    " sentence with the fact ('she had anaphylaxis to amoxicillin in 2009') and one with what you ask for"
    " ('please choose another antibiotic').",
    read=CHALLENGE,
)
def _(session):
    clear, texts = [], []
    for order, (_hazards, patterns) in UNSAFE.items():
        given = session.state.verdicts.get(order)
        if given is None or given.verdict != "challenge":
            continue
        good = len(given.note.split()) >= 3 and any(re.search(p, given.note, re.IGNORECASE) for p in patterns)
        clear += [order] * good
        texts.append(f"The {called(session, order)}: “{given.note}” ({'clear' if good else 'not clear'}).")
    return Finding(len(clear) / len(UNSAFE), " ".join(texts) or "None of the unsafe orders was challenged.")


# ---------------------------------------------------------------------------------------------------------------
# the six safe orders


@rubric.criterion(
    "alarming",
    points=6,
    objective="challenge-unsafe-orders",
    title="Let the orders pass that only look alarming",
    met="You let four orders through that make one look twice. That needs more reading than a challenge does,"
    " and it gets patients their treatment on time.",
    missed="Four orders look alarming and are right. Flucloxacillin: Mr Okonkwo's 'penicillin' was nausea, and"
    " he has taken amoxicillin since. Furosemide: Elaine Marsh's potassium is 3.6, in range, and its check"
    " is requested. Colchicine: Mr Desai's eGFR is 54, and this is the treatment that suits his heart."
    " Gentamicin 320 mg: 5 mg/kg for 64 kg, good kidneys, level requested. A challenge without a reason"
    " delays a dose, and in sepsis hours matter. Next time: when something alarms you, look for the note"
    " that explains it, then decide.",
    read=SAFE,
)
def _(session):
    return passed(session, ALARMING)


@rubric.criterion(
    "plain",
    points=3,
    objective="challenge-unsafe-orders",
    title="Let the plain orders pass",
    met="A laxative with the morphine, and paracetamol within 4 g a day: right, and accepted.",
    missed="Senna for a man who has had morphine for days without a laxative, and paracetamol 1 g every 6 hours"
    " (4 g a day, the most, and his infusions are stopped) are both right. After several unsafe orders the"
    " next one looks suspicious too. Next time: give each order a fresh look.",
    read=SAFE,
)
def _(session):
    return passed(session, PLAIN)
