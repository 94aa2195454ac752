"""What the end of the shift is graded for: twelve criteria over six messages, two handovers and a summary.

Three are critical, and each rests on a choice and not on words: the patient with NEWS2 8 is spoken of by voice to
somebody who can come; the receiver who means to turn the oxygen up is told no; the histology has an owner.
Words are read generously, and never decide alone.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.actions.discharge import summary_of
from simemr.domain.actions.handoff import readback_of, sheet_of
from simemr.domain.actions.messages import BY_VOICE, CHANNELS, Contact, handled

BELLINI, FATHER, SON = "bellini-chiara", "doyle-patrick-1948", "doyle-patrick-1976"
#: Who can come and decide now. Dr Santos has not come to two bleeps.
SENIOR = {"fenwick", "nakamura", "emergency"}
#: The channels that fit the other messages, and what the answer has to hold (regular expressions, any case).
CHANNEL_FITS = {
    "physio": ({"reply", "task"}, r"."),
    "laboratory": ({"task", "reply"}, r"again|repeat|re-?take|retaken|re-?bleed|new sample|re-?send|before|by|\d"),
    "microbiology": ({"none", "task", "reply"}, r""),
    "cake": ({"none", "reply"}, r""),
    # two of that name: the answer needs a second identifier
    "pharmacy": ({"reply", "telephone"}, r"604\s*370|1976|2\s*nov|2[./-]\s*11"),
}
WRONG_LINES = {
    "bellini-chest": (BELLINI, r"abd|belly|leak|join|anastom|perit|surg|not (her|the)? ?chest"),
    "doyle-oxygen": (FATHER, r"88|92|target|co2|carbon|retain|leave it|do not|don.t|never|no\b"),
}
#: What a summary for the next shift has to hold: one of each group.
GROUPS = {
    BELLINI: (
        ("the operation", r"hemi|colect|bowel|caec|cancer|tumour|op\b|surgery|operat"),
        ("that she gets worse", r"news|worse|deteriorat|\bsick\b|lactate|crp|oligur|urine|shock|seps"),
        ("the abdomen", r"abd|belly|leak|join|anastom|perit|rigid"),
    ),
    FATHER: (
        ("the hernia", r"hernia"),
        ("the oxygen target", r"88|92|target|co2|carbon|retain|copd"),
    ),
}
SENIOR_WORDS = (
    r"senior|surg|registrar|consultant|fenwick|nakamura|emergency|outreach|critical|\bmet\b|crash|rapid|review"
    r"|theatre|\bct\b|\bicu\b|intensive"
)
IPASS, LISTEN, CHANNEL, PENDING = (
    "Five letters",
    "Listen to what was heard",
    "The channel that fits",
    "Every result has an owner",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def told_right(session, line: str) -> bool:
    """Whether a wrong sentence of the receiver's was called wrong, by the last answer to it."""
    patient, _ = WRONG_LINES[line]
    heard = sheet_of(session, patient).heard.get(line)
    return heard is not None and heard.answer == "wrong"


def share(good: list[str], of: list[str], what: str) -> Finding:
    """The share of ``of`` that is in ``good``, naming the rest."""
    rest = [name for name in of if name not in good]
    text = f"{len(good)} of {len(of)} {what}." + (f" Not: {', '.join(rest)}." if rest else "")
    return Finding(len(good) / len(of), text)


# ---------------------------------------------------------------------------------------------------------------
# the messages


@rubric.criterion(
    "urgent",
    points=3,
    objective="right-channel",
    title="Spoke to somebody who can come, about Ms Bellini",
    critical=True,
    met="You took Ms Bellini out of the messages and spoke to somebody senior who can come now.",
    missed="NEWS2 8, a hard belly and hardly any urine lay in a message for forty minutes, between the"
    " physiotherapist and a cake. It was written politely, because two bleeps had gone unanswered. At 7 or more the"
    " emergency team is called. A message cannot tell you that it was not read, and Dr Santos has not come twice."
    " Next time: for anything that cannot wait, use your voice, and go up until somebody says 'I am coming'.",
    read=CHANNEL,
)
def _(session):
    done = handled(session, "lewis")
    if done is None:
        return Finding(0, "The message about Ms Bellini was not answered.")
    names = {contact.id: contact.name for contact in session.scenario.of(Contact)}
    text = f"{CHANNELS[done.channel]}{': ' + names[done.to] if done.to else ''}. “{done.text}”"
    return Finding(done.channel in BY_VOICE and done.to in SENIOR, text)


@rubric.criterion(
    "channels",
    points=4,
    objective="right-channel",
    title="Gave the other messages the channel that fits",
    met="What could wait stayed a message or became a task, and the pharmacy knows which Mr Doyle.",
    missed="Not every message got the channel that fits. A call about something that can wait takes somebody away"
    " from a patient; a task that stays a message is done by nobody; and 'Mr Doyle on Birch ward' is two men. Next"
    " time: ask how soon it matters and who must act, and put two identifiers into every answer about a patient.",
    read=CHANNEL,
)
def _(session):
    good, titles = [], {
        "physio": "the stairs", "laboratory": "the sample", "microbiology": "the culture", "cake": "the cake",
        "pharmacy": "which Mr Doyle",
    }  # fmt: skip
    for message, (channels, pattern) in CHANNEL_FITS.items():
        done = handled(session, message)
        if done and done.channel in channels and re.search(pattern, done.text, re.I):
            good.append(titles[message])
    return share(good, list(titles.values()), "messages got an answer by a channel that fits")


# ---------------------------------------------------------------------------------------------------------------
# the handovers


@rubric.criterion(
    "severity",
    points=3,
    objective="five-elements",
    title="Illness severity said first, and right",
    met="You said how ill they are before anything else: Ms Bellini unstable, Mr Doyle not.",
    missed="Ms Bellini's NEWS2 has gone from 5 to 8 since the morning: she is unstable. Whoever hears 'watcher'"
    " watches; whoever hears 'unstable' goes. Mr Doyle is stable, or a watcher because of his breathing. Next time:"
    " look at the last observations before you choose the word.",
    read=IPASS,
)
def _(session):
    bellini, father = sheet_of(session, BELLINI), sheet_of(session, FATHER)
    right = 2 * (bellini.given and bellini.severity == "unstable") + (
        father.given and father.severity in ("stable", "watcher")
    )
    said = [s.severity if s.given else "not handed over" for s in (bellini, father)]
    return Finding(right / 3, f"Ms Bellini: {said[0]}. Mr Doyle: {said[1]}.")


@rubric.criterion(
    "summary",
    points=4,
    objective="five-elements",
    title="A patient summary with what matters now",
    met="Your summaries say who this is, what happened and what matters now. Nobody has to look for it.",
    missed="A summary did not hold what the next shift needs. For Ms Bellini: which operation, that she gets worse,"
    " that it is her abdomen. For Mr Doyle: the hernia, and the oxygen target of 88 to 92 %. Next time: one sentence"
    " on who, one on what happened, one on what worries you.",
    read=IPASS,
)
def _(session):
    good, every = [], []
    for patient, groups in GROUPS.items():
        sheet = sheet_of(session, patient)
        for name, pattern in groups:
            every.append(name)
            if sheet.given and re.search(pattern, sheet.summary, re.I):
                good.append(name)
    return share(good, every, "things that matter are in the summaries")


@rubric.criterion(
    "actions",
    points=4,
    objective="five-elements",
    title="An action list with a time",
    met="The action lists say what is to be done and by when: for Ms Bellini somebody senior, now.",
    missed="An action list was not one that the next shift can act on. For Ms Bellini: a senior surgeon or the"
    " emergency team, now, and what is done until they come. For Mr Doyle: what is left for this shift. 'Keep an eye"
    " on her' is a wish. Next time: a verb, and a time.",
    read=IPASS,
)
def _(session):
    bellini, father = sheet_of(session, BELLINI), sheet_of(session, FATHER)
    soon = [a for a in bellini.actions if a.when in ("now", "hour") and re.search(SENIOR_WORDS, a.what, re.I)]
    more = len(bellini.actions) > 1
    own = [a for a in father.actions if re.search(
        r"oxygen|o2|litre|walk|stair|physio|inhaler|gas|sat|obs|news|home|clip|mobil", a.what, re.I)]  # fmt: skip
    every = {"somebody senior for Ms Bellini, now": soon and bellini.given, "what else for her": more and bellini.given,
             "what is left for Mr Doyle": own and father.given}  # fmt: skip
    return share([name for name, there in every.items() if there], list(every), "parts of the action lists are there")


@rubric.criterion(
    "contingency",
    points=4,
    objective="five-elements",
    title="A plan for what may happen",
    met="You left a plan: if nobody comes, if she gets worse; if he is drowsy. The next shift does not have to invent"
    " it.",
    missed="There was no plan that can be followed for what may happen. For Ms Bellini: if nobody senior comes, whom"
    " to ring next, by name. For Mr Doyle: if he is drowsy or his saturation is over 92, oxygen down and a gas. 'Use"
    " your judgement' hands over the worry without the knowledge. Next time: think of the call that you would not"
    " like to get, and write down what you would do.",
    read=IPASS,
)
def _(session):
    bellini, father = sheet_of(session, BELLINI), sheet_of(session, FATHER)
    hers = any(re.search(SENIOR_WORDS, c.then, re.I) for c in bellini.contingencies) and bellini.given
    if_his = r"drows|sleep|sat|oxygen|o2|co2|confus|breath|9\d|rous|news"
    then_his = r"oxygen|o2|gas|turn|reduce|down|88|92|call|doctor|bleep|page|team|senior|sat"
    his = any(re.search(if_his, c.if_, re.I) and re.search(then_his, c.then, re.I) for c in father.contingencies)
    every = {"for Ms Bellini": hers, "for Mr Doyle": his and father.given}
    return share([name for name, there in every.items() if there], list(every), "plans can be followed")


@rubric.criterion(
    "oxygen",
    points=3,
    objective="said-back",
    title="Stopped the oxygen from being turned up",
    critical=True,
    met="You heard that Sam meant to turn Mr Doyle's oxygen up, and said no.",
    missed="Sam would have turned the oxygen up until his saturation is over 94 %. He keeps carbon dioxide: his"
    " target is 88 to 92 %, and 89 % is right for him. Two days ago, on six litres, he could hardly be woken. What"
    " you said was not what was heard; the read-back is there to show it. Next time: listen to the numbers as if you"
    " heard them for the first time.",
    read=LISTEN,
)
def _(session):
    heard = sheet_of(session, FATHER).heard.get("doyle-oxygen")
    called = "called right" if heard and heard.answer == "right" else f"“{heard.correction}”" if heard else ""
    text = called or "not answered"
    return Finding(told_right(session, "doyle-oxygen"), f"“… I turn it up until he is over 94”: {text}.")


@rubric.criterion(
    "read-back",
    points=4,
    objective="said-back",
    title="Nodded to what was right, corrected what was wrong",
    met="You confirmed what was right, and said what is right instead where it was not.",
    missed="Not every sentence of Sam's got the right answer. 'It is a chest infection' repeats the morning's first"
    " guess: the chest is clear, the belly is hard. A nod there sends her to the X-ray instead of the surgeon. And a"
    " right sentence that is corrected makes the next one not worth saying. Next time: take sentence by sentence, and"
    " say what is right instead.",
    read=LISTEN,
)
def _(session):
    good, every = [], []
    for patient in (BELLINI, FATHER):
        heard = sheet_of(session, patient).heard
        for said in readback_of(session, patient):
            every.append(f"“{said.text[:40]}…”")
            answer = heard.get(said.id)
            if answer is None:
                continue
            if said.id in WRONG_LINES:
                fits = answer.answer == "wrong" and re.search(WRONG_LINES[said.id][1], answer.correction, re.I)
            else:
                fits = answer.answer == "right"
            good += [every[-1]] * bool(fits)
    return share(good, every, "sentences got the right answer")


# ---------------------------------------------------------------------------------------------------------------
# the summary


@rubric.criterion(
    "histology",
    points=3,
    objective="pending-results",
    title="The histology has an owner",
    critical=True,
    met="The histology is listed, and Miss Nakamura's clinic looks for it.",
    missed="The histology of the nodule is not listed with Miss Nakamura's clinic as the one who looks for it. It"
    " comes in seven to ten days, when he is at home and nobody here thinks of him; it may mean another operation. A"
    " result without a name beside it belongs to nobody, and 'whoever is on call' is nobody. Next time: before you"
    " sign, ask what is still to come, and write a name.",
    read=PENDING,
)
def _(session):
    found = summary_of(session, SON).pending.get("histology")
    names = {contact.id: contact.name for contact in session.scenario.of(Contact)}
    text = "not on the list" if found is None else f"looked for by {names[found.owner]}"
    return Finding(found is not None and found.owner == "nakamura", f"Histology: {text}.")


@rubric.criterion(
    "pending",
    points=3,
    objective="pending-results",
    title="When it is due, and how he hears",
    met="Both results are listed with a time, the histology by telephone as he asked, and nothing is listed that is"
    " back.",
    missed="The list of results still to come is not whole. Two were open: the histology, in seven to ten days, by"
    " telephone, because he asked to be rung; and the final culture in a few days, with one of the surgeons or the"
    " family doctor. What has been reported does not belong there. Next time: test, name, date, and how the patient"
    " hears.",
    read=PENDING,
)
def _(session):
    pending = summary_of(session, SON).pending
    histology, culture = pending.get("histology"), pending.get("culture")
    every = {
        "when the histology is due": histology and histology.due == "ten-days",
        "that he is rung": histology and histology.tell == "telephone",
        "the culture, with somebody to look for it": culture and culture.owner in ("nakamura", "fenwick", "gp"),
        "nothing that is back already": pending and not pending.keys() & {"ct", "bloods"},
    }
    return share([name for name, there in every.items() if there], list(every), "parts of the list are right")


@rubric.criterion(
    "medicines",
    points=3,
    objective="pending-results",
    title="The medicines, and for how long",
    met="The summary says which medicines go home and for how long. The antibiotic has an end.",
    missed="The medicines are not all as they should be. Co-amoxiclav goes home until its five days are over, and"
    " says so; paracetamol and ibuprofen for pain; cyclizine into a vein ended here. An antibiotic without an end is"
    " taken for three days or for thirty. Next time: name, how long, what for.",
    read=PENDING,
)
def _(session):
    found = summary_of(session, SON).medicines
    line = lambda name: found.get(f"{SON}/{name}")  # noqa: E731
    antibiotic = line("co-amoxiclav")
    ends = r"\bfive|\b5\b|day|until|till|\b1[3-6]\b|complete|finish|course|end"
    every = {
        "co-amoxiclav with its end": antibiotic and antibiotic.decision == "home"
        and re.search(ends, antibiotic.words, re.I),
        "paracetamol": line("paracetamol") and line("paracetamol").decision == "home",
        "ibuprofen": line("ibuprofen") and line("ibuprofen").decision == "home",
        "cyclizine ended": line("cyclizine") and line("cyclizine").decision == "ended",
    }  # fmt: skip
    return share([name for name, there in every.items() if there], list(every), "medicines are right")


@rubric.criterion(
    "words",
    points=4,
    objective="pending-results",
    title="Signed, and readable by whoever opens it next",
    met="The summary says what was wrong, what was done and found, what comes next and what he was told, and it is"
    " signed.",
    missed="The summary does not tell the whole story, or is not signed: appendicitis; the operation and the nodule"
    " that was found; who does what next; and what he was told. If he is not told of the nodule in writing, the"
    " letter from the clinic is the first he reads of it. Next time: read it once as the family doctor, and once as"
    " the patient.",
    read=PENDING,
)
def _(session):
    summary = summary_of(session, SON)
    everything = " ".join(summary.texts.values())
    every = {
        "the appendicitis": re.search(r"append", summary.texts.get("diagnoses", ""), re.I),
        "the nodule": re.search(r"nodul|lump|mass|tumou?r|growth|lesion|histol", everything, re.I),
        "who does what next": re.search(
            r"nakamura|clinic|surgeon|gp\b|family doctor|ring|rung|phone|call", summary.texts.get("follow-up", ""), re.I
        ),
        "what he was told": re.search(
            r"nodul|histol|result|ring|rung|phon|call|fever|pain|back|vomit", summary.texts.get("told", ""), re.I
        ),
        "the signature": summary.signed,
    }
    return share([name for name, there in every.items() if there], list(every), "parts are there")
