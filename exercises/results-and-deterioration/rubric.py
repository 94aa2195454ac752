"""What the afternoon at the inbox is graded for: twelve criteria over twenty things, three of them critical.

The key to the scores is simemr.domain.news2 itself, with the scale and the consciousness that a clinician finds in the
record and in what is said of the bedside. A response may be one step more than the published one; everything escalated
is no answer. Where several people may rightly be rung, each of them counts.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.actions.deterioration import CALL, REPEAT, Deterioration, ObservationSet
from simemr.domain.actions.inbox import Arrival, Inbox
from simemr.html.words import CONSCIOUSNESS

#: The scale and the consciousness of each set. Only Mrs Kavanagh's target of 88 to 92 % is prescribed.
TRUTH = {
    "kavanagh": (2, "V"),
    "haddad": (1, "A"),
    "bannerman": (1, "C"),
    "prosser": (1, "A"),
    "okonkwo": (1, "A"),
    "marsh": (1, "A"),
}
#: What asks for nothing today: in range, falling as it should, or awaited.
ROUTINE = ("amylase", "haemoglobin", "culture", "kidneys", "nt-probnp", "salbutamol")
#: What an escalation has to speak of (regular expressions, any case).
SAID = {
    "the potassium": (r"potass", r"\bk\s*\+?\s*(of|is|=|:)?\s*6", r"6[.,]6", r"hyperkal"),
    "Mrs Kavanagh": (
        r"7[.,]24",
        r"\bco2\b",
        r"pco2",
        r"carbon",
        r"hypercap",
        r"oxygen",
        r"drows",
        r"sleep",
        r"\bph\b",
        r"news",
    ),
    "Mrs Haddad": (r"lact", r"sepsis", r"septic", r"news", r"\b94\b", r"shock", r"pressure", r"\bbp\b", r"resist"),
}
BIRCH = re.compile(r"birch|rang|ring|team", re.IGNORECASE)
TOLD = re.compile(
    r"patient|\bhim\b|tell|told|ring|phone|call|letter|\bgp\b|clinic|lindqvist|appoint|scan|follow", re.IGNORECASE
)
DONE = {
    "acknowledge": "seen",
    "act": "acted on",
    "escalate": "escalated by voice",
    "forward": "handed on by message",
}
SCORE, SCALE, CONFUSION, RESPONSE, CALLS, ANSWERS, PENDING = (
    "Seven parts, one number",
    "Which scale",
    "Confused since when?",
    "What the score calls for",
    "Write it down, read it back",
    "Four answers to a result",
    "The result that comes after the patient has gone",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def sets(session) -> dict[str, ObservationSet]:
    return {found.id: found for found in session.scenario.of(ObservationSet)}


def scored(session, item: str):
    """What the learner gave the set, or None."""
    return session.state.part(Deterioration).scored.get(item)


def response(session, item: str):
    return session.state.part(Deterioration).responses.get(item)


def truth(session, item: str):
    """The score that a careful clinician comes to."""
    return sets(session)[item].score(*TRUTH[item])


def called(session, item: str) -> str:
    """The patient's name: "Mrs Kavanagh"."""
    person = session.hospital.patients[sets(session)[item].patient]
    return f"{person.title} {person.given + ' ' if person.look_alikes else ''}{person.family}"


def answers(session, item: str, kind: str = "") -> list:
    """The answers to a result; of one kind where it is named."""
    found = session.state.part(Inbox).answers.get(item, ())
    return [answer for answer in found if not kind or answer.kind == kind]


def rang(session, item: str) -> str:
    """What the learner did with a result, in words."""
    done = [answer.kind for answer in answers(session, item)]
    words = {
        "acknowledge": "seen",
        "act": "acted on",
        "escalate": "escalated by voice",
        "forward": "handed on by message",
    }
    return ", ".join(words[kind] for kind in dict.fromkeys(done)) or "not answered"


def published(found) -> tuple[int, int]:
    """Chart 4 of the College's report: the steps of REPEAT and CALL that a score asks for at least."""
    if found.total >= 7:
        names = "continuous", "emergency"
    elif found.total >= 5:
        names = "hourly", "urgent"
    elif found.single_three:
        names = "hourly", "team"
    else:
        names = ("4-to-6-hourly", "nurse") if found.total else ("12-hourly", "routine")
    return list(REPEAT).index(names[0]), list(CALL).index(names[1])


def alarmed(session, item: str, result: str) -> tuple[bool, str]:
    """Whether somebody was called at once for a patient, by the score or by the result."""
    given = response(session, item)
    by_score = given is not None and given.call in ("urgent", "emergency")
    text = f"Observations: {CALL[given.call]}." if given else "The observations were not answered."
    return by_score or bool(answers(session, result, "escalate")), f"{text} The result: {rang(session, result)}."


# ---------------------------------------------------------------------------------------------------------------
# scoring


@rubric.criterion(
    "scale",
    points=3,
    objective="score-news2",
    title="Chose the right SpO₂ scale for every set",
    met="Scale 2 for Mrs Kavanagh, whose target of 88 to 92 % is prescribed, and scale 1 for everybody else, Mr Prosser"
    " with his asthma as well.",
    missed="Scale 2 is for confirmed respiratory failure with high carbon dioxide and a prescribed target of 88 to 92"
    " %: here only Mrs Kavanagh, and her problem list says so. On scale 1 her 97 % on oxygen looks perfect and is the"
    " very danger. Mr Prosser has asthma: on scale 2 his 93 % would score nothing. Next time: look for the prescribed"
    " target before you choose.",
    read=SCALE,
)
def _(session):
    right = [item for item, (scale, _) in TRUTH.items() if (s := scored(session, item)) and s.scale == scale]
    share = sum({"kavanagh": 3, "prosser": 2}.get(item, 0.25) for item in right) / 6
    texts = [
        f"{called(session, i)}: {f'scale {s.scale}' if (s := scored(session, i)) else 'not scored'}." for i in TRUTH
    ]
    return Finding(share, " ".join(texts))


@rubric.criterion(
    "scores",
    points=3,
    objective="score-news2",
    title="Scored the six sets rightly",
    met="Your totals are those of the published score.",
    missed="Not every total is that of the published score: Mrs Kavanagh 9, Mrs Haddad 8, Mr Prosser 6, Mrs Bannerman"
    " 4, Mr Okonkwo 2, Ms Elaine Marsh 0. Most slips come at the edges (a temperature of 39.0 scores 1, a breathing"
    " rate of 24 scores 2), from the two points for oxygen, or from the scale. Next time: go through the seven parts"
    " in order, and heed the record when it counts otherwise.",
    read=SCORE,
)
def _(session):
    right, texts = [], []
    for item in TRUTH:
        given, total = scored(session, item), truth(session, item).total
        right += [item] * (given is not None and given.total == total)
        texts.append(f"{called(session, item)}: {given.total if given else 'not scored'} (published: {total}).")
    return Finding(len(right) / len(TRUTH), " ".join(texts))


@rubric.criterion(
    "confusion",
    points=2,
    objective="score-news2",
    title="Saw that Mrs Bannerman is newly confused",
    met="Awake is not the same as alert. You compared her with the night nurse's note and scored new confusion: 3"
    " points.",
    missed="Mrs Bannerman is awake and chatty, and it is not Sunday. In the morning she was orientated, so this is"
    " new: it scores 3 by itself and asks for her team within the hour. Delirium after an operation is common and"
    " often the first sign that something is wrong. Next time: ask one question, and ask who knew the patient"
    " yesterday.",
    read=CONFUSION,
)
def _(session):
    given = scored(session, "bannerman")
    return Finding(
        given is not None and given.consciousness == "C",
        f"You chose “{CONSCIOUSNESS[given.consciousness]}”." if given else "You did not score her observations.",
    )


# ---------------------------------------------------------------------------------------------------------------
# escalating


@rubric.criterion(
    "thresholds",
    points=6,
    objective="escalate",
    title="Answered each score as the published thresholds ask",
    met="Your responses fit the thresholds, and you did not call a crowd to those who are well.",
    missed="Not every response fits. 7 or more: continuous monitoring and an emergency call. 5 or 6: hourly, and an"
    " urgent review. 3 in one part: hourly, and the medical team is told. 1 to 4: every 4 to 6 hours, the nurse"
    " assesses. 0: every 12 hours. A step more is never wrong, but an emergency team at every bed is nobody's team."
    " Next time: number first, then the table, then your own worry on top.",
    read=RESPONSE,
)
def _(session):
    fits, texts = [], []
    for item in TRUTH:
        given = response(session, item)
        if given is None:
            texts.append(f"{called(session, item)}: not answered.")
            continue
        at = list(REPEAT).index(given.repeat), list(CALL).index(given.call)
        good = all(least <= step <= least + 1 for step, least in zip(at, published(truth(session, item)), strict=True))
        fits += [item] * good
        what = f"{REPEAT[given.repeat].lower()}; {CALL[given.call].split(':')[0].lower()}"
        texts.append(f"{called(session, item)}: {what} ({'fits' if good else 'does not fit'}).")
    return Finding(len(fits) / len(TRUTH), " ".join(texts))


@rubric.criterion(
    "carbon-dioxide",
    points=3,
    objective="escalate",
    title="Called for help for Mrs Kavanagh",
    critical=True,
    met="You called at once. Too much oxygen has put her back to where she was on admission, and it can be undone."
    " Her DNACPR is about her heart stopping; it is no reason to wait.",
    missed="Nobody was called at once for Mrs Kavanagh. A mask put on for a journey has let her carbon dioxide rise:"
    " pH 7.24, pCO₂ 10.3, asleep in mid-sentence. The saturation of 97 % looks well and is the sign. She has said"
    " that she would take the mask ventilator again; DNACPR limits one thing only. Next time: in a patient with a"
    " target of 88 to 92 %, read a high saturation as you would read a low one.",
    read=RESPONSE,
)
def _(session):
    return Finding(*alarmed(session, "kavanagh", "gas"))


@rubric.criterion(
    "sepsis",
    points=3,
    objective="escalate",
    title="Called for help for Mrs Haddad",
    critical=True,
    met="You called at once: NEWS2 8 and a lactate of 4.3, in a woman who looked better this morning.",
    missed="Nobody was called at once for Mrs Haddad. She was better in the morning, which makes it easy to miss:"
    " blood pressure 94, pulse 122, lactate back up from 1.4 to 4.3. Next time: believe the newest numbers, not the"
    " last ward round.",
    read=RESPONSE,
)
def _(session):
    return Finding(*alarmed(session, "haddad", "lactate"))


@rubric.criterion(
    "potassium",
    points=3,
    objective="take-the-call",
    title="Rang somebody about Eleanor Marsh's potassium",
    critical=True,
    met="A potassium of 6.6 can stop a heart. You wrote it down for the right Marsh and rang somebody who can treat"
    " it.",
    missed="The potassium of 6.6 did not reach, by voice, somebody who can treat it, for the right patient. It"
    " belongs to Eleanor Marsh, 604 118; Elaine Marsh, 604 181, lies in the next bed and needs potassium. Neither a"
    " message nor 'seen' is fast enough: she needs an ECG and treatment now. Next time: number digit by digit, then"
    " the telephone.",
    read=CALLS,
)
def _(session):
    written = session.state.part(Inbox).written.get("telephone")
    right = written is not None and written.patient == "marsh-eleanor" and written.value == 6.6
    whose = session.hospital.patients[written.patient].display_name if written else ""
    text = f"You wrote down {written.value:g} for {whose}." if written else "You wrote nothing down."
    good = right and bool(answers(session, "telephone", "escalate"))
    return Finding(good, f"{text} The call was {rang(session, 'telephone')}.")


@rubric.criterion(
    "read-back",
    points=3,
    objective="take-the-call",
    title="Read the telephoned result back before passing it on",
    met="Written down, read back, confirmed, and only then passed on. It takes seconds.",
    missed="The result was not read back before it went further. The person who rings can only hear a mistake if you"
    " say what you wrote: the name, the number, the value. Next time: pen first, then 'I read back', then the next"
    " call.",
    read=CALLS,
)
def _(session):
    written = session.state.part(Inbox).written.get("telephone")
    passed_on = [answer.seq for answer in answers(session, "telephone")]
    if written is None:
        return Finding(0, "You wrote nothing down.")
    if not written.read_back:
        return Finding(0, "You wrote it down, and did not read it back.")
    late = bool(passed_on) and min(passed_on) < written.read_back
    return Finding(0.5 if late else 1, "You read it back" + (", after you had passed it on." if late else " first."))


@rubric.criterion(
    "said",
    points=3,
    objective="escalate",
    title="Said what is wrong in each urgent call",
    met="Each of your calls holds the fact that makes somebody run.",
    missed="Not every urgent call says what is wrong. 'Please review' makes the listener ask, or come later. Next"
    " time: the number that frightens you, what you think it is, and what you want: 'NEWS2 9, pH 7.24, too much"
    " oxygen. Please come now.'",
    read=RESPONSE,
)
def _(session):
    heard = {
        "the potassium": [a.words for a in answers(session, "telephone", "escalate")],
        "Mrs Kavanagh": _words(session, "kavanagh", "gas"),
        "Mrs Haddad": _words(session, "haddad", "lactate")
        + [a.words for a in answers(session, "sensitivities", "escalate")],
    }
    clear, texts = [], []
    for name, said in heard.items():
        good = any(re.search(pattern, words, re.IGNORECASE) for words in said for pattern in SAID[name])
        clear += [name] * good
        quoted = " ".join(f"“{words}”" for words in said if words)
        texts.append(
            f"About {name}: {quoted} ({'clear' if good else 'not clear'})."
            if quoted
            else f"About {name}: nothing said."
        )
    return Finding(len(clear) / len(heard), " ".join(texts))


def _words(session, item: str, result: str) -> list[str]:
    given = response(session, item)
    called_for = [given.words] if given and given.call in ("urgent", "emergency") else []
    return called_for + [answer.words for answer in answers(session, result, "escalate")]


# ---------------------------------------------------------------------------------------------------------------
# the inbox


@rubric.criterion(
    "changed",
    points=4,
    objective="answer-results",
    title="Did something about the results that change the plan",
    met="The resistant bacteria, the low potassium, the deficient vitamin D and the result of a patient who has"
    " moved: each got to somebody who can use it.",
    missed="Four results ask for something although none is flagged critical. Mrs Haddad's bacteria are resistant to"
    " the gentamicin that is due at 17:00. Elaine Marsh's potassium is 3.3, and her plan says to give potassium under"
    " 3.5. Mrs Bannerman's vitamin D is deficient and was awaited. Mr Cole has moved, and results follow the patient:"
    " the team on Birch ward must have his 2.9. Next time: for each result ask 'what was planned, and does this"
    " change it?'",
    read=ANSWERS,
)
def _(session):
    good = {
        # whoever knows of the resistance must be able to change the antibiotic before 17:00
        "sensitivities": bool(answers(session, "sensitivities", "act") + answers(session, "sensitivities", "escalate")),
        "low-potassium": bool(
            answers(session, "low-potassium", "act")
            + answers(session, "low-potassium", "forward")
            + [a for a in answers(session, "low-potassium", "escalate") if a.to == "ward-doctor"]
        ),
        "vitamin-d": bool(answers(session, "vitamin-d", "act") + answers(session, "vitamin-d", "forward")),
        "moved": bool(
            [a for a in answers(session, "moved", "forward") if a.to == "where-now"]
            # ringing somebody about 2.9 on digoxin is as good, where the words say where he is
            + [
                a
                for a in answers(session, "moved")
                if a.kind in ("escalate", "act") and re.search(r"birch|rang|ring|team", a.words, re.I)
            ]
        ),
    }
    names = {arrival.id: arrival.title for arrival in session.scenario.of(Arrival)}
    names |= {"low-potassium": "Elaine Marsh's potassium", "moved": "Mr Cole's potassium", "vitamin-d": "The vitamin D"}
    texts = [f"{names[item]}: {rang(session, item)} ({'fits' if ok else 'does not fit'})." for item, ok in good.items()]
    return Finding(sum(good.values()) / len(good), " ".join(texts))


@rubric.criterion(
    "routine",
    points=3,
    objective="answer-results",
    title="Left the ordinary results ordinary",
    met="Six results needed a look and no more, two of them in spite of a flag. You looked, and let them be.",
    missed="Six results need a look and no more. Mr Silva's amylase and ALT are flagged and falling; Mr Desai's"
    " NT-proBNP is flagged and was 5320 on admission. A flag says 'outside the range', not 'do something'. Every"
    " needless call takes a colleague from a needful one. Next time: look at the value before this one, and at why"
    " the test was done.",
    read=ANSWERS,
)
def _(session):
    good = [item for item in ROUTINE if {a.kind for a in answers(session, item)} == {"acknowledge"}]
    names = {arrival.id: arrival.title for arrival in session.scenario.of(Arrival)}
    texts = [f"{names[item]}: {rang(session, item)}." for item in ROUTINE]
    return Finding(len(good) / len(ROUTINE), " ".join(texts))


@rubric.criterion(
    "pending",
    points=3,
    objective="answer-results",
    title="Gave the result that is still to come an owner and a plan",
    met="Mr Lindqvist's nodule has an owner, a day, and a plan that tells him too.",
    missed="The second reading of the CT comes when Mr Lindqvist is at home. Whoever asked for a test looks for its"
    " result, unless somebody else has agreed to: that is Dr Iyer's team. 'The GP' did not ask for it and may not"
    " know of it, 'on call' is nobody, and a patient can help but should not be the only net. It needs a day within"
    " about a week, and a plan that says who tells him. Next time: before somebody goes home, ask 'what is still to"
    " come?'",
    read=PENDING,
)
def _(session):
    given = session.state.part(Inbox).owners.get("nodule")
    if given is None:
        return Finding(0, "It was given no owner.")
    planned = given.days in (3, 7) and TOLD.search(given.plan)
    share = 0.6 * (given.owner == "requester") + 0.4 * bool(planned)
    return Finding(share, f"Owner: {given.owner.replace('-', ' ')}; in {given.days} days; “{given.plan}”")
