"""What the six o'clock round is graded for: ten doses, of which eight are to be given and two are to be held.

A scanner stops what does not match: whether it was passed over is graded, not whether it once beeped. What a scanner
can't know (a limit in the order, a dose given under another order) is where the two holds come from.

Three criteria are critical, and ask only for the act: the furosemide held, the paracetamol held, no modified-release
tablet down a tube. What was written about them is graded apart.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.actions.administration import BYPASS_REASONS, HOLD_REASONS, Round, dose_of, order_of

#: The doses that nothing speaks against, once the right pack is found.
GIVE = (
    "okonkwo-metformin",
    "okonkwo-gliclazide",
    "okonkwo-paracetamol",
    "eleanor-doxycycline",
    "elaine-enoxaparin",
    "novak-metformin",
    "haddad-paracetamol",
    "haddad-fluid",
)
FUROSEMIDE, PARACETAMOL, TUBE = "elaine-furosemide", "desai-paracetamol", "novak-metformin"
TORN = ("haddad-paracetamol", "haddad-fluid")

#: The reasons that fit a hold, and what its words have to speak of (regular expressions, any case).
HELD = {FUROSEMIDE: "limit", PARACETAMOL: "already-given"}
PRESSURE = r"\b94\b|\b58\b|systol|pressure|\bb\.?p\.?\b|dizz|faint|\blow\b|hypotens|below 100|under 100|<\s*100"
TOLD = (
    r"doctor|\bdr\b|nair|prescriber|medic|\brang\b|\brung\b|\bring|phone|bleep|\btold\b|inform|\bcall|escalat|registrar"
    r"|\bsho\b|\bteam\b|review|notified"
)
EARLIER = (
    r"16[:.]?10|earlier|already|physio|once.only|stat\b|hours? (ago|after|since)|too (soon|early)|4 ?h|four hours|6 ?h"
    r"|\b4 ?g\b|four grams|24 ?h|double|twice|last dose|extra dose|maximum|\bmax\b"
)

SCAN, READ, HOLD = "Scan at the bedside", "What the scanner cannot know", "Hold, and say why"

rubric = Rubric()


def outcome(session, dose: str):
    """What became of the dose, or None."""
    return session.state.part(Round).outcomes.get(dose)


def called(session, dose: str) -> str:
    """The dose's medicine and patient: "furosemide for MARSH, Elaine"."""
    due = dose_of(session, dose)
    order = order_of(session, due.patient, due.order)
    name = session.hospital.formulary.medicines[order.medicine].name.split(",")[0].split(" (")[0]
    return f"{name.lower()} for {session.hospital.patients[due.patient].display_name}"


def told(session, dose: str) -> str:
    """What became of the dose, as a sentence."""
    made = outcome(session, dose)
    if made is None:
        return f"The {called(session, dose)}: not answered."
    if made.status == "given":
        how = (
            f"without a matching scan ({BYPASS_REASONS[made.bypass].lower()})"
            if made.bypass
            else "after a matching scan"
        )
        return f"The {called(session, dose)}: given {how}."
    return f"The {called(session, dose)}: not given ({HOLD_REASONS[made.reason].lower()}): “{made.note}”"


def not_given(session, dose: str) -> Finding:
    made = outcome(session, dose)
    return Finding(made is not None and made.status != "given", told(session, dose))


# ---------------------------------------------------------------------------------------------------------------
# the scans


@rubric.criterion(
    "answered",
    points=2,
    objective="read-the-chart",
    title="All ten doses answered",
    met="Every dose has an outcome on the chart: given, or not given with a reason. The night shift need not guess.",
    missed="Some doses still stand as due. To the next reader an empty box may mean forgotten, held, or given and not"
    " written down; the dose is then missed, or given twice. Next time: leave no box empty when you leave the bed.",
    read=READ,
)
def _(session):
    doses = [*GIVE, FUROSEMIDE, PARACETAMOL]
    done = [dose for dose in doses if outcome(session, dose)]
    return Finding(len(done) / len(doses), f"You answered {len(done)} of the {len(doses)} doses.")


@rubric.criterion(
    "matched",
    points=8,
    objective="scan-at-the-bedside",
    title="Gave the eight doses that are right, each after a matching scan",
    met="Eight patients' doses were given, each after the wristband and the pack matched the order. That is the habit"
    " that catches the one wrong box in a thousand.",
    missed="Not all of the eight right doses were given after a wristband and a pack that match. A dose given past the"
    " scanner has only your memory between the box and the patient; a right dose held leaves somebody with pain, a high"
    " glucose or an infection. Next time: wristband, pack, match, give; and if the pack is wrong, fetch the right one.",
    read=SCAN,
)
def _(session):
    good = [d for d in GIVE if (o := outcome(session, d)) and o.status == "given" and not o.bypass]
    others = " ".join(told(session, d) for d in GIVE if d not in good)
    return Finding(len(good) / len(GIVE), f"{len(good)} of 8 given after a matching scan. {others}".strip())


@rubric.criterion(
    "no-bypass",
    points=3,
    objective="scan-at-the-bedside",
    title="Nothing given past a scan that does not match",
    met="When the scanner objected you found out why, instead of telling it to be quiet.",
    missed="At least one dose was given although wristband or pack did not match, or too few doses were given to tell."
    " The reasons are always good ones: I know her, it is the same medicine, supper is coming. They are also what the"
    " reports of wrong-patient and wrong-medicine doses say. Next time: treat the beep as a colleague who says 'wait'.",
    read=SCAN,
)
def _(session):
    made = session.state.part(Round).outcomes
    given = [d for d, o in made.items() if o.status == "given"]
    past = [d for d in given if made[d].bypass]
    text = (
        " ".join(told(session, d) for d in past) or f"You gave {len(given)} doses, none past a scan that did not match."
    )
    return Finding(not past and len(given) >= 6, text)


@rubric.criterion(
    "torn",
    points=2,
    objective="scan-at-the-bedside",
    title="Printed a new wristband for Mrs Haddad",
    met="The wristband could not be read, so you printed a new one. It takes a minute, and everybody after you can"
    " scan.",
    missed="Mrs Haddad's wristband is torn. A new one, checked with her by name and date of birth, takes a minute; a"
    " dose given without it starts a workaround that the next five people copy. Next time: mend the label, not the"
    " rule.",
    read=SCAN,
)
def _(session):
    printed = "haddad-nadia" in session.state.part(Round).printed
    clean = [d for d in TORN if (o := outcome(session, d)) and o.status == "given" and not o.bypass]
    text = f"New wristband: {'yes' if printed else 'no'}. " + " ".join(told(session, d) for d in TORN)
    return Finding(printed and len(clean) == len(TORN), text)


@rubric.criterion(
    "tube",
    points=3,
    objective="scan-at-the-bedside",
    title="No modified-release tablet down Ms Novák's tube",
    critical=True,
    met="You did not crush a modified-release tablet for the tube. The same medicine stood in the ward stock as a"
    " solution.",
    missed="The box in Ms Novák's drawer is her own metformin MR. Crushed for the tube, the whole dose comes at"
    " once, and the coating can block the tube; the pharmacist had written so. The scanner said that the pack is not"
    " what was ordered. Next time: when the name is right and the scanner still objects, read the letters after the"
    " name, and ask the pharmacist for a form that can go down a tube. If the dose is still open, answer it: it"
    " counts only then.",
    read=SCAN,
)
def _(session):
    made = outcome(session, TUBE)
    crushed = made is not None and made.status == "given" and made.pack != "metformin-solution"
    return Finding(made is not None and not crushed, told(session, TUBE))


# ---------------------------------------------------------------------------------------------------------------
# the two holds


@rubric.criterion(
    "limit",
    points=3,
    objective="hold-and-document",
    title="Held Ms Marsh's furosemide at a systolic pressure of 94",
    critical=True,
    met="You held the furosemide: her pressure was 94/58 and the order said 100 or more. No scanner knows that.",
    missed="Elaine Marsh's order says: only if the systolic pressure is 100 or more, measured just before. At 12:30"
    " it was 114; now it is 94/58, and she is dizzy. More furosemide into a vein can bring her to the floor."
    " Wristband and pack match, so nothing beeps. Next time: read the whole order before you scan, and measure what"
    " it asks for.",
    read=READ,
)
def _(session):
    return not_given(session, FUROSEMIDE)


@rubric.criterion(
    "measured",
    points=2,
    objective="hold-and-document",
    title="Took her blood pressure before deciding",
    met="You measured before you decided. The set on the screen was more than five hours old.",
    missed="The newest blood pressure in Elaine Marsh's record was from 12:30. The limit in the order asks how it is"
    " now. Next time: take the reading first, then decide; it is also the first thing the doctor will ask you.",
    read=READ,
)
def _(session):
    events = session.state.events
    taken = next((e.seq for e in events if e.action == "measure" and e.args["patient"] == "marsh-elaine"), 0)
    made = outcome(session, FUROSEMIDE)
    text = "You took a set of observations for MARSH, Elaine" if taken else "You took no observations for MARSH, Elaine"
    return Finding(bool(taken and made and taken < made.seq), f"{text}. {told(session, FUROSEMIDE)}")


@rubric.criterion(
    "already-given",
    points=3,
    objective="hold-and-document",
    title="Held Mr Desai's paracetamol, two hours after the last dose",
    critical=True,
    met="You saw that paracetamol had been given at 16:10 under another order, and held the dose of 18:00.",
    missed="Mr Desai had 1 g of paracetamol at 16:10, under a once-only order that stands on its own line. Another"
    " gram at 18:00 comes less than two hours later and is the fifth in 18 hours; the most is 4 g in a day, four to"
    " six hours apart. The regular line looks empty, and the scan matches. Next time: look down the whole chart for"
    " the same medicine before you give it, and listen: 'the tablets before physio' was the clue.",
    read=READ,
)
def _(session):
    return not_given(session, PARACETAMOL)


@rubric.criterion(
    "reasons",
    points=2,
    objective="hold-and-document",
    title="Charted each hold under its own reason",
    met="Each hold stands on the chart under the reason it had. Whoever counts doses not given can learn from it.",
    missed="The furosemide was held for a limit in the order, and the paracetamol because a dose was given too"
    " recently. Charted as anything else, the doctor who reads the chart draws the wrong conclusion: 'refused'"
    " starts another conversation than 'pressure too low'. Next time: choose the reason you would say aloud.",
    read=HOLD,
)
def _(session):
    share = 0.0
    for dose, reason in HELD.items():
        made = outcome(session, dose)
        if made is not None and made.status != "given":
            share += 1 if made.reason == reason else 0.5 if made.reason == "other" else 0
    return Finding(share / len(HELD), " ".join(told(session, dose) for dose in HELD))


@rubric.criterion(
    "words",
    points=4,
    objective="hold-and-document",
    title="Wrote what was found, and that the doctor knows",
    met="Your words give the finding and say who was told. The next nurse and the doctor can both act on them.",
    missed="The words beside a hold should answer two questions: what did you find, and who knows? For the"
    " furosemide, the pressure and that the doctor was told, as the order asked; for the paracetamol, the dose at"
    " 16:10. 'Held' alone sends the next reader to look for it all again. Next time: one short sentence with the"
    " number and the name.",
    read=HOLD,
)
def _(session):
    def says(dose: str, pattern: str) -> bool:
        made = outcome(session, dose)
        return made is not None and made.status != "given" and bool(re.search(pattern, made.note, re.IGNORECASE))

    found = [says(FUROSEMIDE, PRESSURE), says(FUROSEMIDE, TOLD), says(PARACETAMOL, EARLIER), says(PARACETAMOL, EARLIER)]
    return Finding(sum(found) / len(found), " ".join(told(session, dose) for dose in HELD))
