"""What the reconciliation is graded for: twelve criteria over three steps and eleven medicines.

The history is what Mrs Rahman really takes: ramipril, which was stopped in January and still comes with the repeat,
belongs into it. What is right for her stands on the list for home.

Two criteria are critical, both on the list for home: ramipril must not go home beside losartan, and losartan must not
be lost. Asking the prescriber is as good as changing an order: a nurse does the one, a doctor the other.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain import units
from simemr.domain.actions.reconciliation import (
    Reconciliation,
    history_of,
    lines_of,
    list_of,
    medicines_to_compare,
    sources_of,
)

PATIENT = "rahman-fatima"

#: What she takes of each medicine in a day, in mg, where she takes it regularly.
REGULAR = {"losartan": 50, "atorvastatin": 40, "sertraline": 100}
#: The differences: the kinds that fit, and what may happen about each.
DIFFERENT = {
    "losartan": ({"omission"}, {"change", "ask"}),
    "ramipril": ({"duplication", "commission"}, {"stop", "ask"}),
    "amlodipine": ({"commission"}, {"stop", "ask"}),
    "atorvastatin": ({"dose"}, {"change", "ask"}),
    "sertraline": ({"dose"}, {"change", "ask"}),
    "omeprazole": ({"frequency"}, {"continue", "change", "ask"}),
    "ibuprofen": ({"omission", "intended-undocumented"}, {"continue", "stop", "ask"}),
}
#: Begun for this stay, each with what it is for beside the order.
NEW_HERE = {
    "paracetamol": {"continue"},
    "codeine": {"continue", "stop", "ask"},
    "ondansetron": {"continue", "stop", "ask"},
    "enoxaparin": {"continue"},
}
#: What a reader has to find somewhere in what was written about a medicine (regular expressions, any case).
FACTS = {
    "losartan": (r"januar", r"\bjan\b", r"letter", r"ramipril", r"cough", r"pressure", r"\bbp\b", r"potass", r"kidney"),
    "ramipril": (r"cough", r"losartan", r"januar", r"\bjan\b", r"potass", r"\bk\b", r"both", r"together", r"twice"),
    "amlodipine": (r"swell", r"swoll", r"ankle", r"oedema", r"edema", r"januar", r"pressure", r"\bbp\b", r"dizz",
                   r"light-?\s?head", r"returned|took it back|not taking|doesn.t take|does not take"),
    "atorvastatin": (r"\b40\b", r"januar", r"\bjan\b", r"letter", r"raised", r"increas"),
    "sertraline": (r"\b100\b", r"two|2\s*x", r"januar", r"\bjan\b", r"letter", r"raised", r"increas"),
    "ibuprofen": (r"kidney", r"renal", r"\baki\b", r"potass", r"stomach", r"ulcer", r"bleed", r"losartan", r"pain",
                  r"sertraline", r"paracetamol", r"bought|shop|supermarket|over the counter|\botc\b", r"nsaid",
                  r"no longer|not needed"),
}  # fmt: skip
HOME, SHOULD, NAMES, LEFT = (
    "What is taken, not what should be",
    "Two sources at least",
    "Give the difference its name",
    "The list that goes home",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def called(session, medicine: str) -> str:
    """The medicine's short name."""
    return session.hospital.formulary.medicines[medicine].name.partition(" (")[0]


def names(session, medicines) -> str:
    """ "Losartan, ramipril": "none" where there is none."""
    found = ", ".join(called(session, m) for m in medicines)
    return found[:1] + found[1:].lower() if found else "none"


def daily_mg(session, line) -> float:
    """The most that is taken in a day, in mg; 0 where it can't be told."""
    if not line.dose or not units.same_kind(line.unit, "mg"):
        return 0.0
    return units.convert(line.dose, line.unit, "mg") * session.hospital.formulary.frequencies[line.frequency].per_day


def as_needed(line) -> bool:
    """Whether it is taken when required only."""
    return line.frequency.startswith("when-required")


def findings(session) -> dict:
    """What was judged: medicine -> Discrepancy."""
    return {m: f for (who, m), f in session.state.part(Reconciliation).findings.items() if who == PATIENT}


def supported(session, line) -> bool:
    """Whether two of the sources named for a line of the history say the same: taken or not, and the dose."""
    good = set()
    for source in sources_of(session, PATIENT):
        for said in lines_of(session, source.id):
            same = said.medicine == line.medicine and said.stopped is not line.taken
            if source.id in line.sources and same and (not said.dose or same_dose(said, line)):
                good.add(source.id)
    return len(good) >= 2


def same_dose(said, line) -> bool:
    """Whether both give the same amount at a time."""
    return (
        units.same_kind(said.unit, line.unit) and abs(units.convert(line.dose, line.unit, said.unit) - said.dose) < 0.5
    )


def share(session, good, of, what: str) -> Finding:
    """The share of ``of`` that is in ``good``, naming the rest."""
    good = [m for m in of if m in good]
    rest = [m for m in of if m not in good]
    text = f"{len(good)} of {len(of)} {what}."
    if rest:
        text += f" Not: {names(session, rest)}."
    return Finding(len(good) / len(of), text)


# ---------------------------------------------------------------------------------------------------------------
# the history


@rubric.criterion(
    "two-sources",
    points=3,
    objective="build-a-history",
    title="Every line rests on two sources",
    met="Each line of your history names at least two sources that agree with it. A reader can see how sure you were.",
    missed="Not every line rests on two sources. Each of the four was wrong somewhere: the surgery's list was"
    " never changed after January, the letter did not know what came with the repeat, a box does not say how"
    " often it is opened. Next time: one list is a rumour; look for the second source, and ask the patient about"
    " each line.",
    read=SHOULD,
)
def _(session):
    good = {m for m, line in history_of(session, PATIENT).items() if supported(session, line)}
    return share(
        session, good, list(DIFFERENT), "medicines are in the history with two sources that agree with the line"
    )


@rubric.criterion(
    "hidden",
    points=3,
    objective="build-a-history",
    title="Found what is on no repeat list",
    met="You found losartan, which the surgery's list never took up, and the ibuprofen from the supermarket.",
    missed="Losartan has been in her cupboard since January and on no repeat list. Ibuprofen never is: she buys"
    " it. What is on no list is ordered by nobody and warned of by nobody. Next time: look into the bag, and ask"
    " what she buys, borrows or takes only now and then.",
    read=HOME,
)
def _(session):
    history = history_of(session, PATIENT)
    good = {m for m in ("losartan", "ibuprofen") if m in history and history[m].taken}
    return share(session, good, ["losartan", "ibuprofen"], "are in the history as taken")


@rubric.criterion(
    "really",
    points=3,
    objective="build-a-history",
    title="What she takes, not what she should take",
    met="Your history says that she takes ramipril, although it was stopped, and that she does not take"
    " amlodipine, although it is on the list. That is the truth, and it explains her potassium and her pressure.",
    missed="A history says what the patient really takes. She has gone on with ramipril, because it came with the"
    " repeat: beside losartan that is two of a kind, and her potassium has gone from 4.6 to 5.0. Amlodipine she"
    " has not taken since January. Next time: write down what she does; what she ought to do belongs on the list"
    " for home.",
    read=HOME,
)
def _(session):
    history = history_of(session, PATIENT)
    good = {m for m, taken in (("ramipril", True), ("amlodipine", False)) if m in history and history[m].taken is taken}
    said = {m: ("takes it" if history[m].taken else "does not take it") if m in history else "not in the history"
            for m in ("ramipril", "amlodipine")}  # fmt: skip
    text = " ".join(f"{called(session, m)}: {words}." for m, words in said.items())
    return Finding(len(good) / 2, text)


@rubric.criterion(
    "doses",
    points=3,
    objective="build-a-history",
    title="The doses that she really takes",
    met="Losartan 50 mg, atorvastatin 40 mg, sertraline 100 mg, omeprazole now and then: your history has the"
    " doses that she takes.",
    missed="A right name with a wrong dose is still a wrong line. Her statin and her antidepressant were raised"
    " in January: 40 mg, and two of the 50s each morning. Omeprazole she opens about twice a week. Next time:"
    " read the dose from the box, then ask how many and how often.",
    read=HOME,
)
def _(session):
    history = history_of(session, PATIENT)
    taken = {m: line for m, line in history.items() if line.taken and not as_needed(line)}
    good = {m for m, mg in REGULAR.items() if m in taken and abs(daily_mg(session, taken[m]) - mg) < 0.5}
    omeprazole = history.get("omeprazole")
    if omeprazole and omeprazole.taken and as_needed(omeprazole):
        good.add("omeprazole")
    return share(session, good, [*REGULAR, "omeprazole"], "have the dose that she takes")


# ---------------------------------------------------------------------------------------------------------------
# the comparison


@rubric.criterion(
    "kinds",
    points=5,
    objective="classify-discrepancies",
    title="Gave each difference its name",
    met="Each difference has the name that fits. The name says what has to be done, and lets a ward count what"
    " goes wrong.",
    missed="Not every difference has the name that fits: losartan and ibuprofen were left out (omission),"
    " ramipril doubles losartan (duplication), amlodipine is given though she no longer takes it (commission),"
    " atorvastatin and sertraline are given in the old dose, omeprazole daily and not as needed. Next time: say"
    " the sentence 'at home she takes …, here she gets …'; the name follows from it.",
    read=NAMES,
)
def _(session):
    found = findings(session)
    good = {m for m, (kinds, _acts) in DIFFERENT.items() if m in found and found[m].kind in kinds}
    return share(session, good, list(DIFFERENT), "differences have a name that fits")


@rubric.criterion(
    "intended",
    points=2,
    objective="classify-discrepancies",
    title="Let the intended changes be",
    met="Paracetamol, codeine, ondansetron and enoxaparin are new on purpose, and the order says for what. You"
    " let them be.",
    missed="Some medicines that were begun for this stay were taken for mistakes, or not judged. A difference is"
    " only an error if nobody meant it: beside each of these orders stands what it is for. Next time: look for"
    " the reason first. If there is one, it is a decision; if there is none, ask.",
    read=NAMES,
)
def _(session):
    found = findings(session)
    good = {
        m for m, acts in NEW_HERE.items()
        if m in found and found[m].kind == "intended-documented" and found[m].resolution in acts
    }  # fmt: skip
    return share(session, good, list(NEW_HERE), "new medicines are judged as intended, with the reason in the record")


@rubric.criterion(
    "acts",
    points=4,
    objective="classify-discrepancies",
    title="Decided what should happen on the ward",
    met="For each difference you said what should happen: changed or stopped, or the prescriber asked.",
    missed="A difference that is seen and left is no better than one not seen. Here ramipril and amlodipine go on"
    " lowering her pressure, and she gets half of her sertraline. Next time: end every line with an act: change"
    " it, stop it, leave it for a reason, or ask by name.",
    read=NAMES,
)
def _(session):
    found = findings(session)
    good = {m for m, (_kinds, acts) in DIFFERENT.items() if m in found and found[m].resolution in acts}
    return share(session, good, list(DIFFERENT), "differences have a decision that fits")


# ---------------------------------------------------------------------------------------------------------------
# the list for home


@rubric.criterion(
    "ramipril",
    points=3,
    objective="agree-the-list",
    title="Ramipril does not go home",
    critical=True,
    met="Ramipril is off the list: it made her cough, and beside losartan it can raise the potassium and harm the"
    " kidneys.",
    missed="Ramipril is not stopped on the list for home. Since January it was to be replaced by losartan; she"
    " has taken both, and so will she again, because it comes with the repeat. Two medicines of this kind"
    " together can raise the potassium and harm the kidneys: hers is 5.0 and rising. Next time: for every"
    " 'instead of' look for the old one.",
    read=LEFT,
)
def _(session):
    line = list_of(session, PATIENT).get("ramipril")
    text = "not on the list" if line is None else line.decision
    return Finding(
        line is not None and line.decision in ("stopped", "ended"), f"Ramipril on the list for home: {text}."
    )


def losartan_kept(session, line) -> bool:
    """Whether losartan goes home at 50 mg a day, or is paused for a reason that holds."""
    if line is None:
        return False
    if line.decision == "withheld":
        return bool(re.search(r"potass|\bk\b|kidney|renal|creat|u&?e|pressure|\bbp\b|blood test", line.reason, re.I))
    return line.goes_home and abs(daily_mg(session, line) - 50) < 0.5 and not as_needed(line)


@rubric.criterion(
    "losartan",
    points=3,
    objective="agree-the-list",
    title="Losartan is not lost",
    critical=True,
    met="Losartan is on the list. With ramipril and amlodipine gone it is all that she has for her blood pressure.",
    missed="Losartan is not on the list for home at 50 mg a day. It was left off the surgery's list and off the"
    " ward's orders, and if it is left off here as well she has nothing for her blood pressure. An omission is"
    " the easiest error to make: nothing is there to be seen. Next time: hold the list against the history, line"
    " by line, before you sign.",
    read=LEFT,
)
def _(session):
    line = list_of(session, PATIENT).get("losartan")
    text = "not on the list" if line is None else f"{line.decision} {line.reason}".strip()
    return Finding(losartan_kept(session, line), f"Losartan on the list for home: {text}.")


@rubric.criterion(
    "home",
    points=4,
    objective="agree-the-list",
    title="The rest of the list agrees with the history",
    met="The list says the same as your history and your decisions: the doses, what is new, what has ended.",
    missed="The list for home does not agree with the history everywhere. Right are atorvastatin 40 mg and"
    " sertraline 100 mg, omeprazole as she takes it, paracetamol as the surgeon wrote; amlodipine and ibuprofen"
    " stopped; codeine, ondansetron and enoxaparin ended with the stay. Next time: write the list from the"
    " history, never from the chart.",
    read=LEFT,
)
def _(session):
    listed = list_of(session, PATIENT)
    good = {
        m for m in ("atorvastatin", "sertraline")
        if m in listed and listed[m].goes_home and abs(daily_mg(session, listed[m]) - REGULAR[m]) < 0.5
    }  # fmt: skip
    if "omeprazole" in listed and listed["omeprazole"].goes_home and 0 < daily_mg(session, listed["omeprazole"]) <= 40:
        good.add("omeprazole")
    if "paracetamol" in listed and listed["paracetamol"].goes_home:
        good |= {"paracetamol"} if 0 < daily_mg(session, listed["paracetamol"]) <= 4000 else set()
    for medicine in ("amlodipine", "ibuprofen", "codeine", "ondansetron", "enoxaparin"):
        if medicine in listed and listed[medicine].decision in ("stopped", "ended"):
            good.add(medicine)
    every = [
        "atorvastatin", "sertraline", "omeprazole", "paracetamol", "amlodipine", "ibuprofen", "codeine", "ondansetron",
        "enoxaparin",
    ]  # fmt: skip
    return share(session, good, every, "other lines agree")


@rubric.criterion(
    "why",
    points=4,
    objective="agree-the-list",
    title="Said why, so that it lasts",
    met="Your words name the cough, the ankles, the January letter, the doses. The family doctor can put the"
    " repeat right, and Mrs Rahman knows why the old box has to go.",
    missed="Not every change says why. In January the changes were made and the repeat list was not, and so"
    " ramipril came back every month. 'Please review' and 'as discussed' do not travel. Next time: one fact for"
    " each change: what, since when, because of what.",
    read=LEFT,
)
def _(session):
    listed, found = list_of(session, PATIENT), findings(session)
    good = set()
    for medicine, patterns in FACTS.items():
        said = [
            listed[medicine].reason if medicine in listed else "",
            found[medicine].note if medicine in found else "",
        ]
        if any(re.search(pattern, text, re.I) for pattern in patterns for text in said):
            good.add(medicine)
    return share(session, good, list(FACTS), "changes say why, on the list or to the prescriber")


@rubric.criterion(
    "signed",
    points=1,
    objective="agree-the-list",
    title="Finished and signed",
    met="History, comparison and list are signed: the night shift and the family doctor can rely on them.",
    missed="The work is not signed to the end. A half-finished list looks like a whole one to whoever prints it."
    " Next time: if you have to leave it, sign what is done and tell someone what is not.",
    read=LEFT,
)
def _(session):
    part = session.state.part(Reconciliation)
    signed = [
        PATIENT in part.histories_signed, PATIENT in part.comparisons_signed, PATIENT in part.lists_signed,
    ]  # fmt: skip
    left = [m for m in medicines_to_compare(session, PATIENT) if m not in list_of(session, PATIENT)]
    text = f"Signed: {sum(signed)} of 3."
    if left:
        text += f" Without a decision for home: {names(session, left)}."
    return Finding(all(signed), text)
