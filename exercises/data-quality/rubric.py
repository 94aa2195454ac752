"""What the ward extract is graded for: eight seeded defects found, named and decided on, and few false alarms.

Finding, naming and deciding are separate criteria, so that the report shows which of the three a group needs to
practise. Only the marks that stand at the end count: taking one off again is part of the work.

The examiner's rules, and why:

- A defect can be marked wherever a colleague would look for it. `exact` are those places: the wrong value itself, its
  counterpart (either date, either of the two rows, the allergy or the note that contradicts it), and the whole row
  where the row as a whole is at fault or where safety asks only that it was seen. `near` is the right column or row
  without the value: half, because the next reader still has to search.
- `kinds` holds every category that Kahn's terminology lets one argue for. Where a rule of the extract is broken
  *and* the value can't be true, both are right.
- `decisions` gives 1 for what is right or as good, and 0.5 for what is defensible but second best: leaving something
  out when it could be asked about harms nobody, and leaves the fault where it was made. It gives 0 where somebody
  would guess, or where a patient at risk would disappear from the table.
- Two defects are critical, because a treatment would go wrong by them: the creatinine in another unit and the allergy
  that the coded field denies. They ask only that the defect was seen.
- Marks on evidence (the high glucose beside the empty HbA1c, every empty HbA1c) are no false alarms.
- Whoever marks nearly everything has found nothing: beyond DROWNED false alarms, all else earns half at most.
"""

from dataclasses import dataclass, field

from grading.rubric import Finding, Rubric
from simemr.domain.actions.extract import WHOLE_COLUMN
from simemr.html.extract import name as place_name

FEW, SOME, DROWNED = 2, 5, 12
#: Four of the eight, or there is no work whose false alarms could be few.
ENOUGH_FOUND = 4

#: The stays whose first glucose was 15 mmol/L or more: none has an HbA1c. Two others have none either.
HIGH_GLUCOSE = ("S06", "S10", "S14", "S15", "S17", "S22", "S30")
EMPTY = (*HIGH_GLUCOSE, "S01", "S28")


@dataclass(frozen=True)
class Defect:
    """Where a defect can be marked, what it can be called, and what can be decided.

    kinds, decisions: see above. known: what it is, in a few words. kind, decision: the reason, told to whoever chose
    otherwise.
    """

    known: str
    exact: frozenset
    near: frozenset
    kinds: frozenset
    decisions: dict
    kind: str
    decision: str
    tolerated: frozenset = field(default_factory=frozenset)


def cells(*places):
    """A set of (row, column) from words such as "S09 admitted"."""
    return frozenset(tuple(place.split()) for place in places)


DEFECTS = {
    "missing-unit": Defect(
        known="The weight without a unit",
        exact=cells("S18 weight"),
        near=cells("S18 row", "all weight"),
        # the unit is not there (completeness), and the agreed form asks for it (conformance)
        kinds=frozenset({"completeness", "conformance"}),
        # 143 lb is 65 kg: the ward must be asked; leaving the value out is honest, guessing is not
        decisions={"ask": 1, "exclude": 0.5},
        kind="the unit is missing, so completeness, or conformance because the agreed form asks for it",
        decision="it can be 143 kg or 143 lb, which is 65 kg; ask, because the pharmacist needs the weight",
    ),
    "date-order": Defect(
        known="The discharge before the admission",
        exact=cells("S09 admitted", "S09 discharged", "S09 row"),
        near=cells("all admitted", "all discharged"),
        # both dates keep to the format: it is their order that can't be true (temporal plausibility)
        kinds=frozenset({"plausibility"}),
        # nothing shows which date is wrong; leaving the stay out does no harm, but the count is one short
        decisions={"ask": 1, "exclude": 0.5},
        kind="both dates are well formed, and their order can't be true: plausibility",
        decision="nothing in the table shows which date is wrong, so ask; left out, the stay is lost from the count",
    ),
    "one-number-two-people": Defect(
        known="One hospital number, two people",
        exact=cells("S26 number", "S27 number", "S26 born", "S27 born", "S26 row", "S27 row"),
        near=cells("all number", "all born"),
        # uniqueness is a part of plausibility; that a number belongs to one person is also a rule that is broken
        kinds=frozenset({"plausibility", "conformance"}),
        # leaving both out saves the count; the two records stay mixed, and the hazard with them
        decisions={"ask": 1, "exclude": 0.5},
        kind="a number that should be unique is not: plausibility, or conformance because it breaks the rule",
        decision="only medical records can tell whose results are whose, so ask; left out, the records stay mixed",
    ),
    "stale-weight": Defect(
        known="The weight from 2024",
        exact=cells("S03 weight"),
        near=cells("S03 row", "S03 note", "all weight"),
        # currency has no place of its own among the three: the value is no longer true (plausibility), breaks the
        # rule of 30 days (conformance), and a weight of this stay is missing (completeness). All three are argued for.
        kinds=frozenset({"plausibility", "conformance", "completeness"}),
        decisions={"ask": 1, "exclude": 0.5},
        kind="any of the three can be argued for",
        decision="the weight of this stay is not known from the table, so ask the ward for it",
    ),
    "two-units": Defect(
        known="The creatinine in mg/dL",
        exact=cells("S16 creatinine", "S16 row"),
        near=cells("all creatinine"),
        # not in the agreed unit (conformance); as a value in µmol/L it can't be true (plausibility)
        kinds=frozenset({"conformance", "plausibility"}),
        # the rule tells how to mend it; a value that steers a dose may always be asked about. Left out, a patient with
        # a raised creatinine leaves the pharmacist's list.
        decisions={"fix": 1, "ask": 1},
        kind="it is not in the agreed unit: conformance; and no adult has 1.4 µmol/L: plausibility",
        decision="the right value is known, 1.4 × 88.4 = 124 µmol/L; left out, a raised creatinine disappears",
    ),
    "allergy": Defect(
        known="The allergy that only the note knows",
        exact=cells("S07 allergy", "S07 note", "S07 row"),
        near=cells("all allergy", "all note"),
        # two places of the record disagree (plausibility); or: the coded allergy is missing (completeness)
        kinds=frozenset({"plausibility", "completeness"}),
        # writing the allergy in is on the safe side, but somebody must confirm it, in the record and not in a table
        decisions={"ask": 1, "fix": 0.5},
        kind="two places disagree: plausibility; or the coded allergy is missing: completeness",
        decision="the patient, the doctor or the GP must say which is true, and the record itself must be put right",
    ),
    "missing-not-at-random": Defect(
        known="HbA1c missing where glucose is highest",
        exact=cells("all hba1c"),
        near=cells(*(f"{row} hba1c" for row in EMPTY), "all glucose"),
        kinds=frozenset({"completeness"}),
        # a column that is left out is at least honest; see `decided` for single cells
        decisions={"ask": 1, "exclude": 0.5},
        kind="values are missing: completeness",
        decision="an average without them, or with guesses, is the average of the less ill; ask why they are empty",
        tolerated=cells(*(f"{row} glucose" for row in HIGH_GLUCOSE)),
    ),
    "who-is-counted": Defect(
        known="The day case among the stays",
        exact=cells("S23 row", "S23 admitted", "S23 discharged", "S23 stay", "S23 note"),
        near=cells("S23 number"),
        # it breaks the rule of who belongs (conformance); as a stay of a night or more it can't be true (plausibility)
        kinds=frozenset({"conformance", "plausibility"}),
        # the rule says it: nobody needs to be asked, though asking does no harm
        decisions={"exclude": 1, "ask": 0.5},
        kind="it breaks the rule of who belongs: conformance; or plausibility, because it is no stay",
        decision="the rule has settled it: a day case is left out, and nobody needs to be asked",
    ),
}

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def single_empty(session) -> frozenset:
    """The marks on single empty HbA1c cells of stays with a high glucose: with most of them the pattern was seen."""
    return frozenset((row, "hba1c") for row in HIGH_GLUCOSE if (row, "hba1c") in session.state.flags)


def marks(session, defect: str) -> tuple[float, list]:
    """How well a defect is marked (1, 0.5 or 0), and the marks that do it."""
    known, flags = DEFECTS[defect], session.state.flags
    exact = [place for place in flags if place in known.exact]
    if defect == "missing-not-at-random" and not exact and len(single_empty(session)) > len(HIGH_GLUCOSE) / 2:
        exact = sorted(single_empty(session))
    if exact:
        return 1.0, exact
    near = [place for place in flags if place in known.near]
    return (0.5, near) if near else (0.0, [])


def false_alarms(session) -> list:
    """The marks that stand on nothing that is wrong."""
    fair = frozenset().union(*(d.exact | d.near | d.tolerated for d in DEFECTS.values()))
    return [place for place in session.state.flags if place not in fair]


def ceiling(session) -> float:
    """What a finding can earn: half, where the marks are so many that they point at nothing."""
    return 0.5 if len(false_alarms(session)) > DROWNED else 1.0


def named(session, defect: str) -> float:
    """How well the defect's kind was named: as well as it was found, where one of its marks has a fitting kind."""
    share, places = marks(session, defect)
    return share * any(session.state.flags[place].kind in DEFECTS[defect].kinds for place in places)


def decided(session, defect: str) -> float:
    """How well was decided on the defect: as well as it was found, times the best of the decisions on it."""
    share, places = marks(session, defect)
    known = dict(DEFECTS[defect].decisions)
    if places and all(place[0] != WHOLE_COLUMN for place in places) and defect == "missing-not-at-random":
        known.pop("exclude")  # dropping the empty ones is the very mistake
    return share * max((known.get(session.state.flags[place].decision, 0) for place in places), default=0)


def words(session, place) -> str:
    """A mark in words: "Row 16, Creatinine: 1.4 (conformance, fix)"."""
    flag = session.state.flags[place]
    return f"{place_name(session.scenario.extract, *place)} ({flag.kind}, {flag.decision})"


def listed(session, places, most: int = 4) -> str:
    """Several marks in words, the first few of them, to the full stop."""
    shown = "; ".join(words(session, place) for place in places[:most])
    return f"{shown}; and {len(places) - most} more." if len(places) > most else f"{shown}."


def found(session, defect: str) -> Finding:
    """How well one defect was found."""
    share, places = marks(session, defect)
    if not share:
        return Finding(0, "No mark stands there.")
    text = f"You marked {listed(session, places)}"
    if share < 1:
        text += " That is close, but it does not show the next reader what is wrong."
    if ceiling(session) < share:
        text += f" Among {len(false_alarms(session))} marks on things that are right, it can't be told apart."
    return Finding(min(share, ceiling(session)), text)


def over_all(session, judge, chosen, reason) -> Finding:
    """The sum of a judgement over the eight defects, with a word on each found one that is not wholly right."""
    shares = {defect: judge(session, defect) for defect in DEFECTS}
    total = sum(shares.values()) * ceiling(session)
    text = []
    for defect, share in shares.items():
        places = marks(session, defect)[1]
        if places and share < marks(session, defect)[0]:
            given = sorted({getattr(session.state.flags[place], chosen) for place in places})
            text.append(f"{DEFECTS[defect].known}: you said {' and '.join(given)}; {getattr(DEFECTS[defect], reason)}.")
    seen = sum(bool(marks(session, defect)[1]) for defect in DEFECTS)
    right = sum(share == 1 for share in shares.values())
    head = f"You marked {seen} of the 8 defects. Wholly right here: {right} of 8."
    return Finding(total / len(DEFECTS), " ".join([head, *text]))


# ---------------------------------------------------------------------------------------------------------------
# the eight defects


@rubric.criterion(
    "missing-unit",
    points=2,
    objective="find-defects",
    title="Found the weight without a unit",
    met="You saw the number without its unit. It looks like a heavy patient, and may be a slim one weighed in pounds."
    " A dose by weight would be more than doubled.",
    missed="One weight has lost its unit. The scales downstairs can be set to kg or to pounds, so the number can mean"
    " two people, one more than twice as heavy as the other. Next time: before you read a number, read its unit. If"
    " there is none, there is no number.",
    read="A number without its unit",
)
def _(session):
    return found(session, "missing-unit")


@rubric.criterion(
    "date-order",
    points=2,
    objective="find-defects",
    title="Found the discharge before the admission",
    met="You saw a patient who goes home before coming in. Each date is fine by itself; only side by side do they give"
    " it away.",
    missed="One stay ends before it begins. Each of its two dates looks right alone. Next time: read dates in pairs,"
    " and ask what has to come first.",
    read="Times in order",
)
def _(session):
    return found(session, "date-order")


@rubric.criterion(
    "one-number-two-people",
    points=2,
    objective="find-defects",
    title="Found one hospital number for two people",
    met="You saw one number with two dates of birth, on the ward in the same days. Another number stands twice as well,"
    " and rightly: that patient came back. Somebody's results may lie in somebody else's record, so this is more than"
    " a count.",
    missed="One hospital number belongs to two people with different dates of birth, on the ward in the same days. (The"
    " other number that stands twice is one patient who came back.) Results of one may lie in the record of the other."
    " Next time: when a number repeats, look whether the person does.",
    read="One patient, one number",
)
def _(session):
    return found(session, "one-number-two-people")


@rubric.criterion(
    "stale-weight",
    points=2,
    objective="find-defects",
    title="Found the weight that is too old",
    met="You looked at the day as well as the number. The weight was true once; the clothes that are now too big say"
    " that it no longer is.",
    missed="One weight was taken long before the stay, and the note on the same row says that the patient has changed."
    " It looks like any other number until you read its date. Next time: ask of every weight when it was taken.",
    read="How old is it?",
)
def _(session):
    return found(session, "stale-weight")


@rubric.criterion(
    "two-units",
    points=2,
    objective="find-defects",
    title="Found the creatinine in another unit",
    met="You saw a value in mg/dL among values in µmol/L. Read as µmol/L it means kidneys better than anybody's; it is"
    " 124 µmol/L. A dose by kidney function would have been too high.",
    missed="One creatinine came through in mg/dL, among values in µmol/L. Whoever works out a kidney function from it"
    " gets a splendid one, and a patient who has been vomiting for two days gets the full dose of a medicine that the"
    " kidneys have to clear. Next time: look for values that are far too small as well as far too large, and try the"
    " conversion before you call it nonsense.",
    read="Two units in one column",
    critical=True,
)
def _(session):
    return found(session, "two-units")


@rubric.criterion(
    "allergy",
    points=2,
    objective="find-defects",
    title="Found the allergy that only the note knows",
    met="You compared the coded field with the note. Decision support reads only the coded field: by it, this patient"
    " may have amoxicillin.",
    missed="One patient is coded as having no known allergy, while the note speaks of anaphylaxis. Decision support"
    " reads the coded field, so the next prescriber would get no warning. Next time: where the same fact stands in"
    " two places, compare them, and have it put right in the record today.",
    read="When two places disagree",
    critical=True,
)
def _(session):
    return found(session, "allergy")


@rubric.criterion(
    "missing-not-at-random",
    points=2,
    objective="find-defects",
    title="Saw for whom HbA1c is missing",
    met="You saw that the gaps are not spread evenly. Every patient who came with a glucose of 15 mmol/L or more has no"
    " HbA1c, and nearly all the others have one. An average of what is there would flatter the ward.",
    missed="HbA1c is missing in nine stays, and seven of them are the seven with the highest glucose. An average of the"
    " others would be the average of the less ill, and the board would be told that all is well. Next time: do not"
    " only count the gaps. Ask who has them, and mark the column.",
    read="Missing, but for whom?",
)
def _(session):
    return found(session, "missing-not-at-random")


@rubric.criterion(
    "who-is-counted",
    points=2,
    objective="find-defects",
    title="Found the day case among the stays",
    met="You held the rows against the rule of who belongs. Nothing in that row is wrong: it is in the wrong table.",
    missed="One row is a day case: admitted and discharged on the same day. Nothing in it is wrong, but by the rule it"
    " does not belong, and it makes the number below the line too large. Next time: read who belongs before you read"
    " any value, and hold every row against it.",
    read="Who is counted?",
)
def _(session):
    return found(session, "who-is-counted")


# ---------------------------------------------------------------------------------------------------------------
# naming, deciding, and leaving alone


@rubric.criterion(
    "named",
    points=4,
    objective="name-defects",
    title="Named what kind of defect each is",
    met="You named all eight so that whoever mends them knows where to look: at the form, at the gap, or at the story.",
    missed="Some defects were not found, or were called by a name that does not fit them. Conformance: does it keep to"
    " the agreed form? Completeness: is it there? Plausibility: can it be true? Where two names fit, both were"
    " accepted.",
    read="Three names for what is wrong",
)
def _(session):
    return over_all(session, named, "kind", "kind")


@rubric.criterion(
    "decided",
    points=16,
    objective="decide-on-defects",
    title="Decided: fix, exclude or ask",
    met="You fixed only what was known, left out only what the rule leaves out, and asked for the rest.",
    missed="Some defects were not found, or a decision on them would have guessed, or lost a patient from sight. Fix"
    " only where the right value follows from what you have. Exclude where a rule says so, and say how many. Otherwise"
    " ask somebody who can know.",
    read="Fix, exclude or ask",
)
def _(session):
    return over_all(session, decided, "decision", "decision")


@rubric.criterion(
    "false-alarms",
    points=4,
    objective="find-defects",
    title="Left alone what is odd and right",
    met="You let the odd ones stand: people are 102, weigh 148 kg, come back after ten days and live on dialysis. A"
    " list with few false alarms is a list that gets read.",
    missed="More than two marks stand on values that are right, or fewer than four of the defects were found. Odd is"
    " not wrong: the rest of the row often explains it, such as dialysis beside a creatinine of 612. Next time: before"
    " you mark a value, look for what supports it.",
    read="Odd, and right",
)
def _(session):
    wrong = false_alarms(session)
    seen = sum(marks(session, defect)[0] > 0 for defect in DEFECTS)
    if not session.state.flags:
        return Finding(0, "Nothing is marked.")
    text = f"Marks on things that are right: {len(wrong)}."
    if wrong:
        text += f" For example {listed(session, wrong, 3)}"
    if seen < ENOUGH_FOUND:
        return Finding(0, f"{text} Defects marked: {seen} of 8, too few to judge by.")
    return Finding(1 if len(wrong) <= FEW else 0.5 if len(wrong) <= SOME else 0, text)


# ---------------------------------------------------------------------------------------------------------------
# extra, with pandas


#: counted, people, with_hba1c, median_hba1c: by the rules; and without the stay whose two dates contradict each other,
#: which whoever asks for a night in hospital by its dates leaves out as well.
BY_THE_RULES = (29, 28, 20, 57.5)
WITHOUT_THE_CONTRADICTION = (28, 27, 19, 57.0)


@rubric.code_criterion(
    "for-the-board",
    cell="for-the-board",
    emits={"counted": int, "people": int, "with_hba1c": int, "median_hba1c": float},
    points=2,
    objective="decide-on-defects",
    title="Worked out the board's line with pandas",
    met="Your four numbers are right. They are still not a line for the board: add who is missing, as the seven stays"
    " with the highest glucose have no HbA1c.",
    missed="At least one of the four numbers comes out differently. Twenty-nine rows are stays by the rules: one is a"
    " day case. One person came back, so 28 people stand behind them; a hospital number alone would make it 27,"
    " because two people share one. Twenty stays have an HbA1c, with a median of 57.5 mmol/mol.",
    read="Who is counted?",
)
def _(values):
    given = tuple(values[name] for name in ("counted", "people", "with_hba1c", "median_hba1c"))
    right = {
        expected: [abs(value - wanted) < 0.05 for value, wanted in zip(given, expected, strict=True)]
        for expected in (BY_THE_RULES, WITHOUT_THE_CONTRADICTION)
    }
    expected = max(right, key=lambda one: sum(right[one]))
    text = "Your code makes it {} stays of {} people, {} with an HbA1c, median {:g} mmol/mol.".format(*given)
    if expected == WITHOUT_THE_CONTRADICTION:
        text += (
            " It leaves out the stay whose dates can't both be right; by the rules it counts until somebody has asked."
        )
    return Finding(sum(right[expected]) / 4, text)
