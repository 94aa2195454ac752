"""What the doctor's list is graded for: twelve criteria over ten classes of hazard and the habits around an order.

Every criterion reads the state that was reached and the order of events. Each asks for work done, so that an
untouched log earns nothing. Where several orders are good medicine, all of them are accepted; the sets below say
which, with their source. Doses are compared in mg whatever unit they were written in.

Three criteria are critical: an order in the wrong record, a penicillin after anaphylaxis, a second anticoagulant.
They look at what was ever signed, because a nurse can give a dose in the minutes before an order is taken back.
The others look at what stands at the end.
"""

import re
from collections.abc import Collection, Iterable

from grading.rubric import Finding, Rubric
from simemr.domain import units, words
from simemr.domain.formulary import ROUTES

OKONKWO, ELEANOR, ELAINE = "okonkwo-daniel", "marsh-eleanor", "marsh-elaine"
ROSE, MAHMOOD, NOVAK = "bannerman-rose", "mahmood-tariq", "novak-irena"
DESAI, HADDAD, SILVA = "desai-vikram", "haddad-nadia", "silva-joao"

#: Whom each task is about.
TASKS = {
    "clots-okonkwo": OKONKWO,
    "cellulitis": OKONKWO,
    "pneumonia": ELEANOR,
    "ramipril": ELEANOR,
    "diuretic": ELAINE,
    "pain": ROSE,
    "sleep": ROSE,
    "clots-mahmood": MAHMOOD,
    "diabetes": NOVAK,
    "gout": DESAI,
    "sepsis": HADDAD,
    "belly-pain": SILVA,
}

ANTIBIOTICS = frozenset(
    {
        "amoxicillin", "co-amoxiclav", "flucloxacillin", "piperacillin-tazobactam", "ceftriaxone", "clarithromycin",
        "doxycycline", "levofloxacin", "gentamicin", "vancomycin", "trimethoprim", "nitrofurantoin",
    }
)  # fmt: skip
#: What the tasks ask for in each record, right or wrong: none of it is in the wrong record there.
ASKED = {
    OKONKWO: {"enoxaparin", "flucloxacillin"},
    ELEANOR: ANTIBIOTICS | {"ramipril"},
    ELAINE: {"furosemide"},
    ROSE: {"paracetamol", "zopiclone"},
    MAHMOOD: {"enoxaparin"},
    NOVAK: {"metformin", "metformin-mr"},
    DESAI: {"naproxen", "ibuprofen", "colchicine", "prednisolone", "paracetamol", "codeine"},
    HADDAD: {"gentamicin"},
    SILVA: {"paracetamol"},
}
LOOK_ALIKE = {ELEANOR: ELAINE, ELAINE: ELEANOR}

ONCE_A_DAY = frozenset({"once-daily", "every-24-hours"})
TWICE_A_DAY = frozenset({"twice-daily", "every-12-hours"})
THREE_OR_FOUR = frozenset({"three-times-daily", "every-8-hours", "four-times-daily", "every-6-hours"})
FOUR_A_DAY = frozenset({"four-times-daily", "every-6-hours"})
AT_NIGHT = frozenset({"at-night", "when-required-at-night"})

RIGHT_RECORD, ALERTS, DOSES = "The right record first", "What an alert tells you", "Three sums for a dose"
NO_ORDER, OVERRIDE, PROMISE = "When the safe order is none", "When the alert does not fit", "Keep the promise"

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def signed(session, patient: str, medicines: Collection[str], standing: bool = True) -> list:
    """The learner's signed orders of these medicines for the patient; ``standing``: only those not taken back."""
    orders = session.state.orders
    return [
        made
        for made in session.state.signed
        if made.order.patient == patient
        and made.order.medicine in medicines
        and (not standing or orders[made.order.id].status == "active")
    ]


def mg(order) -> float | None:
    """One dose in mg; None where it was not written as a weight."""
    return units.convert(order.dose, order.unit, "mg") if units.same_kind(order.unit, "mg") else None


def fits(order, low: float, high: float, route: str, frequencies: Collection[str]) -> bool:
    """Whether the order gives ``low`` to ``high`` mg a dose by this route, this often."""
    dose = mg(order)
    return dose is not None and low <= dose <= high and order.route == route and order.frequency in frequencies


def say(session, order) -> str:
    """The order in words: "paracetamol 660 mg into a vein, every 6 hours"."""
    formulary = session.hospital.formulary
    medicine = words.medicine(formulary.medicines[order.medicine].name)
    often = formulary.frequencies[order.frequency].text
    return f"{medicine} {units.dose_text(order.dose, order.unit)} {ROUTES.get(order.route, order.route)}, {often}"


def name(session, patient: str) -> str:
    """The patient as the banner shows them."""
    return session.hospital.patients[patient].display_name


def said(text: str, *patterns: str) -> bool:
    """Whether the learner's words speak of any of these (regular expressions, in any case)."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def listed(session, found: Iterable, otherwise: str) -> str:
    """The orders that were found, in words, or ``otherwise``."""
    return "; ".join(say(session, made.order) for made in found) or otherwise


def what_stands(session, found: Iterable, otherwise: str) -> str:
    """A sentence on the orders that were found, or ``otherwise``."""
    texts = listed(session, found, "")
    return f"You signed: {texts}." if texts else otherwise


# ---------------------------------------------------------------------------------------------------------------
# the right record


@rubric.criterion(
    "confirm",
    points=2,
    objective="confirm-the-patient",
    title="Knew who it was before every decision",
    met="You confirmed each patient before you decided anything about them, and also before you decided"
    " against an order. A 'no' in ignorance of the record is as risky as a 'yes'.",
    missed="For some patients on the list there was no decision, or it came before the record was open and the"
    " person confirmed. A request on a list is often short, old, or about somebody else. Next time: open"
    " the record, compare two identifiers, then decide, also when the decision is to order nothing.",
    read=RIGHT_RECORD,
)
def _(session):
    confirmed, first = set(), {}
    for event in session.state.events:
        about = event.args.get("patient", "")
        if event.action == "confirm_identity":
            confirmed.add(about)
        elif event.action == "decline_task":
            first.setdefault(TASKS.get(event.args["task"], ""), TASKS.get(event.args["task"], "") in confirmed)
        elif event.action in ("draft_order", "order_test"):
            first.setdefault(about, about in confirmed)
    known = [patient for patient in ASKED if first.get(patient)]
    unseen = [name(session, patient) for patient in ASKED if first.get(patient) is False]
    text = f"You confirmed {len(known)} of the {len(ASKED)} patients before the first decision about them."
    if unseen:
        text += f" Decided without the record being confirmed: {'; '.join(unseen)}."
    # two thirds of the way is worth half; a share for each patient would only make odd numbers
    return Finding(1 if len(known) == len(ASKED) else 0.5 if len(known) >= 6 else 0, text)


def in_the_wrong_record(made) -> bool:
    """Whether a signed order belongs in another patient's record.

    A task that was chosen by mistake does not make an order wrong, as long as the record asks for the medicine.
    """
    patient, medicine = made.order.patient, made.order.medicine
    if medicine in ASKED.get(patient, ()):
        return False
    meant = TASKS.get(made.task) or LOOK_ALIKE.get(patient, "")
    return meant != patient and medicine in ASKED.get(meant, ())


@rubric.criterion(
    "right-record",
    points=2,
    objective="confirm-the-patient",
    title="Every order in the right record, with two patients called Marsh",
    critical=True,
    met="The antibiotic went to Eleanor Marsh and the furosemide to Elaine Marsh. Same initial, beds side by"
    " side, and hospital numbers that differ by two swapped digits: you told them apart.",
    missed="This step asks for the antibiotic in Eleanor Marsh's record (604 118), the furosemide in Elaine"
    " Marsh's (604 181), and no order in a record it was not meant for. Two similar names side by side"
    " catch everybody sooner or later, and a dose can be given in the minutes before a wrong order is"
    " taken back. Next time: read the hospital number and the date of birth aloud, digit by digit, before"
    " you write.",
    read=RIGHT_RECORD,
)
def _(session):
    lost = [made for made in session.state.signed if in_the_wrong_record(made)]
    if lost:
        where = "; ".join(f"{say(session, made.order)} for {name(session, made.order.patient)}" for made in lost)
        back = any(session.state.orders[made.order.id].status != "active" for made in lost)
        return Finding(
            0, f"Signed in the wrong record: {where}." + (" You took an order back, rightly." if back else "")
        )
    both = {
        "an antibiotic for MARSH, Eleanor": signed(session, ELEANOR, ANTIBIOTICS, standing=False),
        "furosemide for MARSH, Elaine": signed(session, ELAINE, {"furosemide"}, standing=False),
    }
    missing = [what for what, found in both.items() if not found]
    if missing:
        return Finding(0, f"Not signed: {' and '.join(missing)}.")
    return Finding(
        1, "Both orders for a patient called Marsh stand in the right record, and no order is in a wrong one."
    )


# ---------------------------------------------------------------------------------------------------------------
# alerts that are right


def suitable(session) -> list:
    """Standing orders by mouth for Eleanor Marsh that treat pneumonia and are not a beta-lactam or the quinolone
    that hurt her: doxycycline or clarithromycin (NICE NG138 names both where penicillin can't be given)."""
    return [m for m in signed(session, ELEANOR, {"doxycycline", "clarithromycin"}) if m.order.route == "oral"]


@rubric.criterion(
    "allergy",
    points=3,
    objective="act-on-alerts",
    title="No penicillin for Eleanor Marsh, and her pneumonia treated",
    critical=True,
    met="You treated her pneumonia with something other than a penicillin. Her reaction in 2009 was"
    " anaphylaxis: collapse within minutes. That is the kind of alert that is always right.",
    missed="Eleanor Marsh had anaphylaxis after amoxicillin in 2009. Co-amoxiclav, flucloxacillin and"
    " piperacillin-tazobactam are penicillins too, though their names do not all say so, and after"
    " anaphylaxis a cephalosporin is not a first choice either. This step asks for none of them ever"
    " signed for her, and for an antibiotic by mouth that suits her, such as doxycycline. Next time: when"
    " an alert names a severe allergy, cancel and choose another class; if there is none, ask"
    " microbiology.",
    read=ALERTS,
)
def _(session):
    classes = session.hospital.formulary.medicines
    risky = [
        m for m in session.state.signed if m.order.patient == ELEANOR and classes[m.order.medicine].is_("beta-lactam")
    ]
    if risky:
        return Finding(0, what_stands(session, risky, "") + " She has a penicillin anaphylaxis.")
    found = suitable(session)
    others = signed(session, ELEANOR, ANTIBIOTICS)
    none = what_stands(session, others, "No antibiotic stands for her.")
    return Finding(bool(found), what_stands(session, found, none))


@rubric.criterion(
    "interaction",
    points=2,
    objective="act-on-alerts",
    title="An antibiotic that fits her other medicines",
    met="Her antibiotic does not meet her simvastatin, and its dose is in the usual range. You thought past"
    " the allergy to the next question.",
    missed="She takes simvastatin. Clarithromycin blocks its breakdown and can destroy muscle, so the two must"
    " not be taken together. Doxycycline (100 to 200 mg a day) avoids the problem; clarithromycin would do"
    " if the simvastatin is stopped until the course is over. The second choice is made in a hurry, after"
    " the first was refused. Next time: after an alert, check the new choice as if it were the first.",
    read=ALERTS,
)
def _(session):
    found = suitable(session)
    if not found:
        return Finding(0, "No suitable antibiotic by mouth stands for MARSH, Eleanor.")
    statin = session.state.orders[f"{ELEANOR}/simvastatin"].status == "active"
    clash = statin and any(made.order.medicine == "clarithromycin" for made in found)
    # BNF: doxycycline 200 mg on the first day, then 100 to 200 mg a day; clarithromycin 250 to 500 mg twice a day
    doxycycline = ONCE_A_DAY | AT_NIGHT | {"once-only"}
    dosed = all(
        fits(m.order, 100, 200, "oral", doxycycline) or fits(m.order, 100, 100, "oral", TWICE_A_DAY)
        if m.order.medicine == "doxycycline"
        else fits(m.order, 250, 500, "oral", TWICE_A_DAY)
        for m in found
    )
    text = what_stands(session, found, "")
    if clash:
        text += " Her simvastatin is still active."
    elif not statin:
        text += " You stopped her simvastatin."
    return Finding(dosed and not clash, text)


@rubric.criterion(
    "doses",
    points=3,
    objective="act-on-alerts",
    title="Doses that fit the patient: the weight, the whole day, the age",
    met="Paracetamol by her 44 kg, paracetamol within 4 g a day, and for sleep at 81 either the small dose or"
    " no tablet. The three sums are quick, and they catch most dose errors.",
    missed="Three orders needed a sum. Into a vein and under 50 kg paracetamol is 15 mg/kg: 44 kg makes 660 mg"
    " at most, up to four times a day. By mouth 1 g every 4 hours is 6 g in a day, and 4 g is the most. At"
    " 81 zopiclone starts at 3.75 mg if it is given at all: she has just broken a hip and has morphine as"
    " well. A usual dose is made for a usual adult. Next time: look at the weight, add up the day, look"
    " at the age.",
    read=DOSES,
)
def _(session):
    # BNF and SmPC under 50 kg: 15 mg/kg x 44 kg = 660 mg, at most four times a day; under 10 mg/kg is no answer to pain
    vein = signed(session, ROSE, {"paracetamol"})
    by_weight = len(vein) == 1 and fits(vein[0].order, 440, 660, "intravenous", THREE_OR_FOUR)
    # BNF: 0.5 to 1 g every 4 to 6 hours, at most 4 g a day
    mouth = signed(session, SILVA, {"paracetamol"})
    in_a_day = len(mouth) == 1 and (
        fits(mouth[0].order, 500, 1000, "oral", THREE_OR_FOUR)
        or fits(mouth[0].order, 500, 500, "oral", {"every-4-hours"})
    )
    # BNF: 3.75 mg in the elderly; sleep measures alone are as good an answer
    tablet = signed(session, ROSE, {"zopiclone"})
    small = bool(tablet) and all(fits(made.order, 0.1, 3.75, "oral", AT_NIGHT) for made in tablet)
    no_tablet = not tablet and "sleep" in session.state.declined
    parts = [
        (by_weight, "Mrs Bannerman's pain", listed(session, vein, "no paracetamol stands")),
        (in_a_day, "Mr Silva's pain", listed(session, mouth, "no paracetamol stands")),
        (
            small or no_tablet,
            "Mrs Bannerman's sleep",
            f"no tablet, because “{session.state.declined['sleep']}”" if no_tablet
            else listed(session, tablet, "nothing was decided"),
        ),
    ]  # fmt: skip
    text = " ".join(f"{about}: {shown} ({'fits' if good else 'not met'})." for good, about, shown in parts)
    return Finding(sum(good for good, *_ in parts) / 3, text)


@rubric.criterion(
    "second-anticoagulant",
    points=2,
    objective="act-on-alerts",
    title="No second anticoagulant for Mr Mahmood",
    critical=True,
    met="You closed the task without an order. He takes apixaban in full dose, and it covers the legs as"
    " well. The red box asked for a decision, not for an injection.",
    missed="Mr Mahmood takes apixaban, 5 mg twice a day, and had it this morning. Enoxaparin on top gives two"
    " anticoagulants and can make him bleed, and a red box on a board asks for it all day long. This step"
    " asks that no anticoagulant is ever signed for him, that the apixaban goes on, and that the task is"
    " closed with the reason. Next time: before any anticoagulant, look for the one that is there.",
    read=NO_ORDER,
)
def _(session):
    medicines = session.hospital.formulary.medicines
    added = [
        m
        for m in session.state.signed
        if m.order.patient == MAHMOOD and medicines[m.order.medicine].is_("anticoagulant")
    ]
    if added:
        return Finding(0, what_stands(session, added, "") + " He also has apixaban.")
    if session.state.orders[f"{MAHMOOD}/apixaban"].status != "active":
        return Finding(0, "His apixaban was stopped.")
    reason = session.state.declined.get("clots-mahmood")
    if reason is None:
        return Finding(0, "The task was left open: the red box will ask the next doctor.")
    return Finding(1, f"You closed the task: “{reason}”")


@rubric.criterion(
    "potassium",
    points=2,
    objective="act-on-alerts",
    title="No ramipril while her potassium is 5.6",
    met="You left the ramipril off and said why. Her potassium has climbed for three days, and the consultant"
    " wants it off.",
    missed="Eleanor Marsh's potassium is 5.6 mmol/L and has risen for three days; her kidneys are weak and the"
    " consultant wrote that ramipril stays off. An order on a list from the night is older than the result"
    " of the morning. This step asks for no ramipril and for a reason in the record that names the"
    " potassium, the kidneys or the ward round. Next time: check the newest result before you carry out an"
    " older request.",
    read=NO_ORDER,
)
def _(session):
    medicines = session.hospital.formulary.medicines
    added = [
        m
        for m in session.state.signed
        if m.order.patient == ELEANOR
        and medicines[m.order.medicine].is_("raises-potassium")
        and session.state.orders[m.order.id].status == "active"
    ]
    if added:
        return Finding(0, what_stands(session, added, "") + " Her potassium was 5.6 mmol/L this morning.")
    reason = session.state.declined.get("ramipril")
    if reason is None:
        again = any(
            t.patient == ELEANOR and t.test == "potassium" and t.task == "ramipril" for t in session.state.tests_ordered
        )
        if again:
            return Finding(1, "You ordered another potassium for this task, and no ramipril.")
        return Finding(0, "Nothing was decided.")
    named = said(
        reason,
        r"potass|kal[ai]?emi|\bK\s*\+|\bK\b|5[.,]6",
        r"kidney|renal|creatinin|e?gfr|\baki\b|ckd",
        r"farouk|consultant|ward round",
    )
    told = "" if named else " The reason does not say what speaks against it."
    return Finding(1 if named else 0.5, f"You closed the task: “{reason}”{told}")


@rubric.criterion(
    "heart-failure",
    points=2,
    objective="act-on-alerts",
    title="Gout treated without an NSAID",
    met="You treated his gout with something his heart and kidneys can bear. That he asked for naproxen by"
    " name is a reason to talk with him, not to order it.",
    missed="Mr Desai has heart failure, weak kidneys and enoxaparin. Naproxen and ibuprofen hold salt and water,"
    " harm the kidneys and add to the bleeding. Colchicine 500 micrograms two to four times a day, or a"
    " short course of prednisolone (about 30 mg a day), treats gout without that; paracetamol alone was"
    " not enough for him. Next time: read the problem list before you grant a wish, and tell the patient"
    " why.",
    read=ALERTS,
)
def _(session):
    harmful = signed(session, DESAI, {"naproxen", "ibuprofen"})
    if harmful:
        return Finding(0, what_stands(session, harmful, "") + " He has heart failure.")
    found = signed(session, DESAI, {"colchicine", "prednisolone"})
    # BNF and NICE NG219: colchicine 500 micrograms 2 to 4 times a day, or an oral corticosteroid for some days
    often = TWICE_A_DAY | THREE_OR_FOUR
    good = [
        m
        for m in found
        if fits(m.order, 0.5, 0.5, "oral", often)
        and m.order.medicine == "colchicine"
        or m.order.medicine == "prednisolone"
        and fits(m.order, 20, 40, "oral", ONCE_A_DAY)
    ]
    return Finding(bool(good) and len(good) == len(found), what_stands(session, found, "No treatment for gout stands."))


@rubric.criterion(
    "tube",
    points=2,
    objective="act-on-alerts",
    title="Nothing modified-release down the tube",
    met="You ordered the plain form by the tube, 1 g a day in all. Crushed modified-release tablets give the"
    " whole day's dose at once and block the tube.",
    missed="Ms Novák is fed through a tube and swallows nothing. Her metformin at home is modified release:"
    " crushed, it gives the whole day's dose at once, and what is left blocks the tube. Plain metformin by"
    " the tube, 500 mg twice a day, does the same work. Next time: when the route changes, ask whether"
    " the form can change with it.",
    read=ALERTS,
)
def _(session):
    released = signed(session, NOVAK, {"metformin-mr"})
    if released:
        return Finding(0, what_stands(session, released, "") + " She swallows nothing, and it must not be crushed.")
    found = signed(session, NOVAK, {"metformin"})
    good = len(found) == 1 and (
        fits(found[0].order, 500, 500, "nasogastric", TWICE_A_DAY)
        or fits(found[0].order, 1000, 1000, "nasogastric", ONCE_A_DAY)
    )
    return Finding(good, what_stands(session, found, "No metformin stands."))


# ---------------------------------------------------------------------------------------------------------------
# overrides, promises, routine


@rubric.criterion(
    "override",
    points=3,
    objective="override-with-a-reason",
    title="Flucloxacillin for Mr Okonkwo, with the reason written down",
    met="You gave the best antibiotic in spite of the alert and wrote down why: nausea is not an allergy, and"
    " he has taken amoxicillin since. The next reader can see that you looked.",
    missed="Mr Okonkwo's 'penicillin' was nausea in 2015, and he took amoxicillin in 2019 without trouble. The"
    " pharmacist and the consultant agree: flucloxacillin, 1 to 2 g into a vein every 6 hours. This step"
    " asks for that order, for a fitting reason from the list, and for words of your own that name the"
    " fact. 'I will monitor' promises something; it does not say why the alert is wrong. Next time: write"
    " the fact that you would tell a colleague on the phone.",
    read=OVERRIDE,
)
def _(session):
    found = signed(session, OKONKWO, {"flucloxacillin"})
    if not found:
        why = session.state.declined.get("cellulitis")
        return Finding(0, f"You closed the task: “{why}”" if why else "No flucloxacillin stands for him.")
    made = found[-1]
    # NICE NG141: 1 to 2 g four times a day into a vein
    right = fits(made.order, 1000, 2000, "intravenous", FOUR_A_DAY)
    given = [o for o in made.overrides if o.alert.startswith("allergy:")]
    reason, note = (given[-1].reason, given[-1].note) if given else ("", "")
    fitting = reason in ("alert-does-not-apply", "tolerated-before", "specialist-advice", "benefit-outweighs-risk")
    worded = said(
        note,
        r"nause|sick|vomit|side.?effect|intoleran|stomach|upset",
        r"n[o']t\b.{0,20}allerg|no (true |real |penicillin )?allerg|not an? (true |real )?allerg",
        r"tolerat|amoxicillin|2019|since then|had .*penicillin",
        r"pharmacist|farouk|consultant|ward round|recoded|price\b",
    )
    text = what_stands(session, [made], "")
    text += f" Your words: “{note}”" if note else " No words of your own."
    return Finding((right + fitting + worded) / 3, text)


#: A test that was asked for by then counts: from late this evening to shortly after the time it is due.
MONITORING_FROM, MONITORING_TO = 8, 27


def asked_for(session, patient: str, tests: Collection[str], earliest: int = MONITORING_FROM) -> bool:
    return any(
        t.patient == patient and t.test in tests and earliest <= t.in_hours <= MONITORING_TO
        for t in session.state.tests_ordered
    )


@rubric.criterion(
    "monitoring",
    points=4,
    objective="override-with-a-reason",
    title="The tests that two orders depend on",
    met="You ordered the tests with the medicines: potassium and creatinine after furosemide, a level and"
    " creatinine with gentamicin. Whoever is on tomorrow need not remember it.",
    missed="Furosemide into a vein needs potassium and creatinine within a day: Elaine Marsh's potassium has"
    " drifted down to 3.6. Gentamicin needs a level before the dose after the next, and creatinine. The"
    " ward rounds asked for all four. In one study of overridden alerts, only about a third of those who"
    " promised to monitor did. Next time: order the test in the same minute as the medicine.",
    read=PROMISE,
)
def _(session):
    furosemide = bool(signed(session, ELAINE, {"furosemide"}))
    gentamicin = bool(signed(session, HADDAD, {"gentamicin"}))
    parts = {
        "potassium for MARSH, Elaine": furosemide and asked_for(session, ELAINE, {"potassium"}),
        "creatinine for MARSH, Elaine": furosemide and asked_for(session, ELAINE, {"creatinine", "egfr"}),
        # the second dose is due at 17:00, in three hours: a level says something from about six hours after it
        "gentamicin level for HADDAD, Nadia": gentamicin and asked_for(session, HADDAD, {"gentamicin-level"}, 9),
        "creatinine for HADDAD, Nadia": gentamicin and asked_for(session, HADDAD, {"creatinine", "egfr"}),
    }
    done = [what for what, good in parts.items() if good]
    missing = [what for what, good in parts.items() if not good]
    text = f"Ordered in time with the medicine: {'; '.join(done)}." if done else "No test stands with these two orders."
    if done and missing:
        text += f" Missing: {'; '.join(missing)}."
    return Finding(len(done) / len(parts), text)


@rubric.criterion(
    "routine",
    points=3,
    objective="act-on-alerts",
    title="The plain orders, written plainly",
    met="Enoxaparin, furosemide and gentamicin are as the ward rounds asked: dose, route and times. Most"
    " orders are like these, and most alerts do not come. Both are worth getting right.",
    missed="Three orders could be written as asked: enoxaparin 40 mg under the skin once a day for Mr Okonkwo,"
    " furosemide 40 mg into a vein twice a day for Ms Marsh, gentamicin 320 mg (5 mg/kg) into a vein every"
    " 24 hours for Mrs Haddad. After many warnings it is easy to distrust a plain request, or to miss its"
    " route. Next time: read the line of the ward round once more before you sign.",
    read=RIGHT_RECORD,
)
def _(session):
    clots = signed(session, OKONKWO, {"enoxaparin"})
    water = signed(session, ELAINE, {"furosemide"})
    sepsis = signed(session, HADDAD, {"gentamicin"})
    parts = [
        (
            clots,
            "Mr Okonkwo",
            len(clots) == 1 and fits(clots[0].order, 40, 40, "subcutaneous", ONCE_A_DAY | {"at-night"}),
        ),
        (water, "Ms Marsh", len(water) == 1 and fits(water[0].order, 40, 40, "intravenous", TWICE_A_DAY)),
        # 5 mg/kg x 64 kg; a dose rounded to what a vial holds is as good
        (sepsis, "Mrs Haddad", len(sepsis) == 1 and fits(sepsis[0].order, 300, 340, "intravenous", ONCE_A_DAY)),
    ]
    text = " ".join(
        f"{who}: {listed(session, found, 'no such order stands')} ({'as asked' if good else 'not met'})."
        for found, who, good in parts
    )
    return Finding(sum(good for *_, good in parts) / 3, text)
