"""What the problem list is graded for: ten criteria over fourteen messy lines and one that is missing.

The key is a list of six: each a set of codes that a good clinician may choose, and the dates that are right. The list
that the learner leaves is held against it twice, as a search is: how much of what belongs is there (recall), and how
much of what is there belongs (precision). A line means a problem of the key by its code or, while its code is not right
yet, because it is one of the lines that meant it. A second line for the same thing does not belong.

Two criteria are critical: the side of the broken hip, and a diabetes that is another woman's. Both are acted on by
people who have never met her.
"""

from dataclasses import dataclass

from grading.rubric import Finding, Rubric
from simemr.domain import since
from simemr.domain.actions.problems import ProblemList

ROSE = "bannerman-rose"

#: The left hip, in osteoporosis or without naming it: the note leaves both open.
LEFT_HIP = {"M80.052A", "S72.002A", "S72.012A"}
RIGHT_HIP = {"M80.051A", "S72.001A", "S72.011A"}
WEIGHT_LOSS = {"R63.4", "E46", "E44.0", "E44.1"}
#: May be added as well: the ward round says so, or plans its treatment.
ALLOWED = {"M81.0", "G47.00", "R11.2", "Z91.81"}


@dataclass(frozen=True)
class Belongs:
    """A problem of the key: the codes that are right, the dates, and the lines of the messy list that mean it."""

    name: str
    codes: frozenset[str]
    dates: tuple[str, ...]
    lines: frozenset[str]


KEY = {
    "hip": Belongs(
        "the broken left hip", frozenset(LEFT_HIP), ("2026-03-08", "2026-03"), frozenset({"line-2", "line-7"})
    ),
    "thyroid": Belongs("the underactive thyroid", frozenset({"E03.9"}), ("2001",), frozenset({"line-4", "line-9"})),
    "pressure": Belongs("the hypertension", frozenset({"I10"}), ("2008",), frozenset({"line-1", "line-12"})),
    "anaemia": Belongs(
        "the anaemia", frozenset({"D62"}), ("2026-03-08", "2026-03-09", "2026-03-10", "2026-03"), frozenset({"line-13"})
    ),
    "knee": Belongs("the right knee", frozenset({"M17.11"}), ("2015",), frozenset({"line-10"})),
    "weight": Belongs("the weight loss", frozenset(WEIGHT_LOSS), (), frozenset()),
}
PAIRS = {"hip": ("line-2", "line-7"), "thyroid": ("line-4", "line-9"), "pressure": ("line-1", "line-12")}
OVER = {"line-11": ("the urine infection", ("2025", "2025-03", "2025-04")), "line-6": ("the cataracts", ("2019",))}
NEVER_HERS = "line-3"
NO_PROBLEM = {
    "line-8": ("the hip pain", {"symptom"}),
    "line-5": ("the collapse", {"symptom", "in-error"}),
    "line-14": ("the operation", {"procedure"}),
}

TRUE, TWICE, OFF, SIDE, MISSING = (
    "What belongs on the list",
    "The same thing twice",
    "Over, never, or something else",
    "Code, side and date",
    "What everybody knows",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def active(session):
    """The learner's active list."""
    return [p for p in session.patient(ROSE).problems if p.status == "active"]


def gone(session):
    """What was merged or taken off."""
    return session.state.part(ProblemList).of(ROSE)


def touched(session) -> bool:
    """Whether anything was done to the list at all."""
    return any(event.action.endswith("_problem") for event in session.state.events)


def means(problem) -> str:
    """Which problem of the key the line is, "" for none."""
    by_code = [name for name, key in KEY.items() if problem.icd10cm in key.codes]
    by_line = [name for name, key in KEY.items() if problem.id in key.lines]
    return (by_code or by_line or [""])[0]


def lines_of(session, name: str):
    """The active lines that mean this problem of the key."""
    return [p for p in active(session) if means(p) == name]


def coded(problem) -> str:
    return f"{problem.text} ({problem.icd10cm or 'no code'})"


def listed(names) -> str:
    names = list(names)
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else "none"


# ---------------------------------------------------------------------------------------------------------------
# the list as a whole


@rubric.criterion(
    "recall",
    points=3,
    objective="true-list",
    title="Everything that belongs is on the list",
    met="All six of her problems are on the list: the hip, the thyroid, the blood pressure, the anaemia, the knee"
    " and the weight.",
    missed="Six problems belong on her list: the broken left hip, the thyroid, the blood pressure, the anaemia, the"
    " right knee and the weight she has lost. What is not there is not treated, and decision support does not know"
    " it. Next time: when you are done, hold the list against the medicines and the last ward round. Each medicine"
    " needs a reason on the list.",
    read=TRUE,
)
def _(session):
    found = [key.name for name, key in KEY.items() if lines_of(session, name)]
    text = f"{len(found)} of the {len(KEY)} are on your list: {listed(found)}."
    return Finding(len(found) / len(KEY) if touched(session) else 0, text)


@rubric.criterion(
    "precision",
    points=3,
    objective="true-list",
    title="Nothing else is on the list",
    met="Every line of your list belongs there, and nothing is there twice.",
    missed="Some lines of your list do not belong, or say the same thing again. The reader cannot tell them from"
    " the true ones, so they scroll past all of them. Next time: read the finished list from the top and ask of"
    " each line whether somebody would do something about it.",
    read=TRUE,
)
def _(session):
    lines = [p for p in active(session) if p.icd10cm not in ALLOWED or means(p)]
    good = sum(bool(lines_of(session, name)) for name in KEY)
    text = f"{good} of the {len(lines)} lines on your list belong there."
    return Finding(good / len(lines) if lines and touched(session) else 0, text)


# ---------------------------------------------------------------------------------------------------------------
# what was tidied


@rubric.criterion(
    "merged",
    points=3,
    objective="tidy",
    title="Merged what was there twice",
    met="You merged what was there twice, so that what each line knew is kept.",
    missed="Three problems stood there twice under different names: '# L NOF' and 'Hip fracture', 'Underactive"
    " thyroid' and 'Hypothyroidism', 'HTN' and the first raised reading of 2008. Taking one off as an error would"
    " say that somebody was wrong; merging keeps what both knew. Next time: expand every abbreviation in your head,"
    " then look for pairs.",
    read=TWICE,
)
def _(session):
    good, left = [], gone(session)
    for name, pair in PAIRS.items():
        away = [left[line] for line in pair if line in left]
        # a reading that is explained by the hypertension may as well be taken off as a symptom of it
        fits = [one for one in away if one.into in pair or (one.problem.id == "line-12" and one.reason == "symptom")]
        kept = lines_of(session, name)
        coded_wrong = name == "pressure" and not any(p.icd10cm == "I10" for p in kept)
        if len(fits) == 1 and len(away) == 1 and not coded_wrong:
            good.append(KEY[name].name)
    return Finding(len(good) / len(PAIRS), f"Merged rightly: {listed(good)}.")


@rubric.criterion(
    "resolved",
    points=3,
    objective="tidy",
    title="Resolved what is over, with its date",
    met="The urine infection and the cataracts are resolved, with the year in which they ended.",
    missed="The urine infection was over in spring 2025 and the cataracts in 2019, when both eyes were operated."
    " They were true, so they are not errors; they are over, so they are not active. Next time: resolve with the"
    " date, and the history stays whole.",
    read=OFF,
)
def _(session):
    problems = {p.id: p for p in session.patient(ROSE).problems}
    good, texts = [], []
    for line, (name, dates) in OVER.items():
        found = problems.get(line)
        done = found is not None and found.status == "resolved"
        good += [line] * (done and found.abated.startswith(dates))
        texts.append(f"{name}: {f'over since {since.text(found.abated)}' if done else 'not resolved'}")
    return Finding(len(good) / len(OVER), f"{'; '.join(texts)}.".capitalize())


@rubric.criterion(
    "no-problem",
    points=3,
    objective="tidy",
    title="Took off what is no problem of its own",
    met="The pain, the operation and the collapse that never was are off the list, each for a reason that fits.",
    missed="Three lines are no problems: the hip pain is the fracture speaking; the operation belongs in the"
    " history of operations; and there was no collapse, she tripped over a rug and remembers everything. Next time:"
    " ask whether the line is a cause or the sign of one that is already there.",
    read=OFF,
)
def _(session):
    left = gone(session)
    good = [line for line in NO_PROBLEM if line in left and _fits(left[line])]
    off = [line for line in NO_PROBLEM if line in left and line not in good]
    text = f"Off the list for a reason that fits: {listed(NO_PROBLEM[line][0] for line in good)}."
    return Finding((len(good) + 0.5 * len(off)) / len(NO_PROBLEM), text)


def _fits(one) -> bool:
    # a pain merged into the fracture that explains it is as well said
    explained = one.problem.id == "line-8" and one.into in PAIRS["hip"]
    return explained or one.reason in NO_PROBLEM[one.problem.id][1]


@rubric.criterion(
    "never-hers",
    points=3,
    objective="tidy",
    title="Took off the diabetes as entered in error",
    critical=True,
    met="The diabetes is off the list, as entered in error. It was her sister-in-law's.",
    missed="The diabetes belongs to her sister-in-law, who is also called Mrs R. Bannerman: the GP practice has"
    " said so. On her list it brings finger pricks, a diet and perhaps a tablet that she does not need, and it will"
    " be copied on. 'Resolved' would say that she once had it. Next time: a line that no medicine, no result and no"
    " note supports is a question. Ask it, and mark what was never true as entered in error.",
    read=OFF,
)
def _(session):
    one = gone(session).get(NEVER_HERS)
    still = [p for p in session.patient(ROSE).problems if p.icd10cm.startswith("E11")]
    if one is None or still:
        return Finding(0, "Diabetes is on her record still." if still else "The diabetes was not taken off.")
    if one.into:
        return Finding(0, "The diabetes was merged into another problem.")
    return Finding(one.reason == "in-error", f"The diabetes was taken off as: {one.reason.replace('-', ' ')}.")


# ---------------------------------------------------------------------------------------------------------------
# code, side, date


@rubric.criterion(
    "hip",
    points=3,
    objective="code-and-date",
    title="The broken hip, coded on the left",
    critical=True,
    met="The fracture is on the list once, and its code says left.",
    missed="The fracture is on the left, and its code has to say so. 'Side not given' is what the quick pick left"
    " behind; a wrong side is worse. The rehabilitation ward and the next surgeon read the code before they read"
    " the note. Next time: wherever a body has two of a thing, choose the code that names the side, and look at the"
    " operation note for it.",
    read=SIDE,
)
def _(session):
    lines = lines_of(session, "hip")
    codes = [p.icd10cm for p in lines]
    wrong = [p for p in active(session) if p.icd10cm in RIGHT_HIP]
    text = f"On your list: {listed(coded(p) for p in [*lines, *wrong])}."
    return Finding(any(code in LEFT_HIP for code in codes) and not wrong, text)


@rubric.criterion(
    "codes",
    points=3,
    objective="code-and-date",
    title="The knee and the anaemia, coded as exactly as they are known",
    met="The knee has its side, and the anaemia its cause.",
    missed="The X-ray of 2015 was of the right knee, and the anaemia came with the blood lost around the operation:"
    " haemoglobin 124 before, 96 after. Codes that leave this open send people looking again. Next time: choose the"
    " most exact code that the notes support, and no more exact than that.",
    read=SIDE,
)
def _(session):
    good = [name for name in ("knee", "anaemia") if any(p.icd10cm in KEY[name].codes for p in lines_of(session, name))]
    texts = [coded(p) for name in ("knee", "anaemia") for p in lines_of(session, name)]
    return Finding(len(good) / 2, f"On your list: {listed(texts)}.")


@rubric.criterion(
    "dates",
    points=3,
    objective="code-and-date",
    title="Each problem with its date",
    met="The hip, the thyroid, the anaemia and the knee have the date that the notes give.",
    missed="Four problems had no date: the hip (8 March 2026), the thyroid (2001), the anaemia (10 March 2026,"
    " after the operation) and the knee (2015). Without a date nobody sees what is new. Next time: a year is enough"
    " where nobody knows more.",
    read=SIDE,
)
def _(session):
    names = ("hip", "thyroid", "anaemia", "knee")
    good = [name for name in names if any(p.onset in KEY[name].dates for p in lines_of(session, name))]
    texts = [f"{KEY[n].name}: {since.text(p.onset) or 'no date'}" for n in names for p in lines_of(session, n)]
    return Finding(
        len(good) / len(names), f"{'; '.join(texts)}.".capitalize() if texts else "None of the four is on your list."
    )


@rubric.criterion(
    "missing",
    points=3,
    objective="true-list",
    title="Added the weight she has lost",
    met="The weight loss is on the list. Now the rehabilitation ward will weigh her, and feed her.",
    missed="The dietitian wrote it the day before: about 3 kg lost in six months without trying, BMI 19.0, MUST"
    " score 2. The ward round worries about it, and it stands on no list, so it ends with this stay. A thin bone"
    " and a thin woman belong together. Next time: read what the other professions wrote before you call a list"
    " complete.",
    read=MISSING,
)
def _(session):
    found = [p for p in active(session) if p.icd10cm in WEIGHT_LOSS]
    return Finding(bool(found), f"Added: {found[0].text} ({found[0].icd10cm})." if found else "It was not added.")
