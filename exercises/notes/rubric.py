"""What a note is graded for: nine criteria on the last note that was signed for Eleanor Marsh.

Five sentences of yesterday's note are no longer true. Each is looked for as a claim in a sentence: however it is
worded, it counts as stale unless the same sentence says that it has changed. Facts are looked for anywhere in the note,
in any of the ways in which a clinician writes them.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.actions.notes import CLINICAL, SECTIONS, NoteDesk, as_text, earlier, share

PATIENT = "marsh-eleanor"
#: What was true yesterday: (the claim, what in the same sentence takes it back), and what is true now.
STALE = {
    "levofloxacin": (
        r"levoflox.{0,60}(continu|carry|carries|goes? on|ongoing|every 12|12.?hourly|\bbd\b|to finish|complete)"
        r"|(continu\w*|carry on|carries on|ongoing|remains on|still on)( with)?( iv)? levoflox",
        r"stop|discontinu|because|instead|replac|tend|no longer|\bnot\b|off\b|was\b|until|switch|chang",
    ),
    "ramipril": (
        r"ramipril.{0,50}(continu|carry|carries|goes? on|as before|each morning|daily)"
        r"|(continu\w*|carry on|carries on|remains on|still on)( with)? ramipril",
        r"\bnot\b|held|hold|stop|off\b|no longer|paus|withh|until|suspend|start|resume|again|\bwhen\b|\bonce\b|\bif\b",
    ),
    "potassium": (r"(potassium|\bk\b\+?).{0,25}5[.,]2", r"yesterday|was\b|from|ris(es|ing|en)|rose|5[.,]6|11 mar"),
    "oxygen": (r"\b2\s*(l\b|lit)", r"\b1\s*(l\b|lit)|was\b|from|yesterday|until|overnight|down"),
    "antigens": (
        r"antigen.{0,30}(await|pend|outstand|chas|not back)|(await|pend|chas)\w*.{0,30}antigen",
        r"negative|came back",
    ),
    "weight": (r"52[.,]8", r"yesterday|was\b|from|admission|52[.,]0|\b52 ?kg|10 mar"),
}
NOW = {
    "levofloxacin": "levofloxacin was stopped this morning",
    "ramipril": "ramipril is held",
    "potassium": "potassium is 5.6",
    "oxygen": "she is on 1 L",
    "antigens": "the antigens were negative",
    "weight": "she weighs 52.0 kg",
}
#: What is true today and belongs in the note: each of a fact's patterns must be found somewhere.
FACTS = {
    "levofloxacin stopped": (
        r"levoflox.{0,80}(stop|off\b|discontinu|\bnot\b|ceas|no longer|switch|chang)"
        r"|(stop|ceas|discontinu|no more|no further)\w*.{0,40}(levoflox|that antibiotic)",
    ),
    "pain in the tendons": (r"achilles|tendon|tendin|heel|ankle",),
    "potassium 5.6": (r"(potassium|\bk\b\+?).{0,30}5[.,]6|5[.,]6.{0,20}potassium",),
    "ramipril held": (
        r"ramipril.{0,60}(held|hold|stop|off\b|paus|\bnot\b|withh|suspend)"
        r"|(held|hold|stop|paus|withh|suspend)\w*.{0,30}(ramipril|blood.pressure tablet)",
    ),
    "repeat potassium today": (
        r"(repeat|re-?check|again|another|new|check|test).{0,60}(potassium|\bk\b|blood|u&e|kidney)"
        r"|(potassium|\bk\b\+?|blood|u&e|kidney).{0,60}(repeat|re-?check|again|this afternoon|later|tonight|\d:\d)",
    ),
    "oxygen 1 L": (r"\b1\s*(l\b|lit)|one lit",),
    "another antibiotic, no penicillin": (
        r"(other|new|different|next|oral|alternative|switch|chang|choose|prescri).{0,60}antibiotic|doxycycl"
        r"|antibiotic.{0,60}(mouth|oral|tablet|prescri|chang|switch|other|choose)",
        r"penicil|anaphyl|allerg",
    ),
}
JUDGING = (
    r"\bclaim(s|ed|ing)?\b", r"\brefus", r"non.?complian", r"non.?adheren", r"poor historian", r"\bdemanding\b",
    r"\binsist", r"difficult (patient|lady|woman)", r"uncooperative", r"\balleg(es|ed)", r"(attention|drug).seek",
    r"frequent flyer",
)  # fmt: skip
JARGON = (
    r"\bk\+", r"\bcrp\b", r"\begfr\b", r"\biv\b", r"\bpo\b", r"\bckd\b", r"\bqtc?\b", r"\bu&e", r"hyperkal",
    r"consolidat", r"\b[bo]d\b", r"creatinine", r"tendinopath", r"tendinitis", r"nasal cannul", r"\bspo2?\b",
    r"\bsats\b", r"\blrti\b", r"\bcap\b", r"nephro", r"mmol",
)  # fmt: skip
TOLD = {
    "the antibiotic": r"antibiotic|levoflox|infection medicine",
    "the potassium or its test": r"potassium|blood test|take (some |more )?blood|bloods?\b|\bsalt",
    "the ramipril": r"ramipril|blood.pressure (tablet|medicine|pill)|kidney (tablet|medicine)",
    "the oxygen": r"oxygen",
    "her heels": r"heel|tendon|ankle",
}
STALE_TEXT, OWN, FACTS_TODAY, WORDS, READ = (
    "Five questions for a copied line",
    "Copy less, write the change",
    "What today's note must hold",
    "Words that travel",
    "A paragraph she can read",
)

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def signed(session):
    """The last note that was signed for her, or None."""
    return next((note for note in reversed(session.state.part(NoteDesk).signed) if note.patient == PATIENT), None)


def clinical(note) -> str:
    return "\n".join(note.sections[name] for name in CLINICAL)


def sentences(text: str) -> list[str]:
    # a full stop between two figures ends nothing
    return [s.strip() for s in re.split(r"(?<!\d)[.!?;](?!\d)|(?<=\d)[.!?;](?=\s)|\n", text) if s.strip()]


def stale(note, fact: str) -> str:
    """The sentence that still claims it, or ""."""
    claim, taken_back = STALE[fact]
    found = (s for s in sentences(as_text(note.sections)) if re.search(claim, s, re.IGNORECASE))
    return next((s for s in found if not re.search(taken_back, s, re.IGNORECASE)), "")


def has(note, fact: str) -> bool:
    text = as_text(note.sections).replace("\n", " ")
    return all(re.search(pattern, text, re.IGNORECASE) for pattern in FACTS[fact])


def still_claims(session, *facts: str) -> Finding:
    note = signed(session)
    if note is None:
        return Finding(0, "No note was signed for her.")
    found = {fact: stale(note, fact) for fact in facts}
    if not as_text({**note.sections, "patient": ""}):
        return Finding(0, "The sections of the note are empty.")
    texts = [f"Your note says: “{s}” Today {NOW[fact]}." for fact, s in found.items() if s]
    share_ = sum(not s for s in found.values()) / len(facts)
    return Finding(share_, " ".join(texts) or "Nothing of it is left in your note.")


# ---------------------------------------------------------------------------------------------------------------


@rubric.criterion(
    "signed",
    points=2,
    objective="write-today",
    title="Signed a note with its four sections in the right record",
    met="How she is, what you think, what happens next, and a paragraph for her: the note is whole, and it is in her"
    " record.",
    missed="There is no signed note in Eleanor Marsh's record with all four sections. A draft is kept, but nobody"
    " else reads it. Next time: check, then sign, in the record that you confirmed.",
    read=FACTS_TODAY,
)
def _(session):
    note = signed(session)
    if note is None:
        return Finding(0, "No note was signed for Eleanor Marsh.")
    empty = [title.lower() for name, title in SECTIONS.items() if not note.sections[name]]
    return Finding(not empty, f"Empty: {', '.join(empty)}." if empty else "All four sections are filled.")


@rubric.criterion(
    "looked",
    points=2,
    objective="remove-stale",
    title="Looked at today's record before signing",
    met="You read today's results, observations or medicines before you signed.",
    missed="The note was signed before at least two of results, observations and medicines were opened. What has"
    " changed does not stand in yesterday's note. Next time: three looks, a minute in all, before the first word.",
    read=STALE_TEXT,
)
def _(session):
    opened, patient, before = set(), "", False
    for event in session.state.events:
        if event.action == "open_patient":
            patient = event.args["patient"]
        elif event.action == "open_tab" and patient == PATIENT:
            opened.add(event.args["tab"])
        elif event.action == "sign_note" and event.args["patient"] == PATIENT:
            before = True
            break
    looked = sorted(opened & {"results", "observations", "medicines"})
    return Finding(before and len(looked) >= 2, f"You opened: {', '.join(looked) or 'none of the three'}.")


@rubric.criterion(
    "antibiotic",
    points=4,
    objective="remove-stale",
    title="Did not carry the levofloxacin forward",
    critical=True,
    met="Nobody who reads your note will give her levofloxacin again.",
    missed="Your note lets levofloxacin go on. It was stopped this morning because both Achilles tendons hurt; the"
    " next person who trusts the note may write it up again. Next time: read every copied line with a medicine in it"
    " beside the medicines list.",
    read=STALE_TEXT,
)
def _(session):
    return still_claims(session, "levofloxacin")


@rubric.criterion(
    "ramipril",
    points=4,
    objective="remove-stale",
    title="Did not carry the ramipril and yesterday's potassium forward",
    critical=True,
    met="Ramipril and yesterday's 5.2 are gone from your note, or marked as history.",
    missed="Your note still has the ramipril going on, or yesterday's potassium as if it were today's. The potassium"
    " is 5.6 now and ramipril, which raises it, was held at 08:00. Next time: a value without its time is a trap;"
    " write the day beside it.",
    read=STALE_TEXT,
)
def _(session):
    return still_claims(session, "ramipril", "potassium")


@rubric.criterion(
    "stale",
    points=3,
    objective="remove-stale",
    title="Cleared out the other stale lines",
    met="The oxygen, the antigens and the weight are today's, or are left out.",
    missed="Some of yesterday is still there. She is on 1 L, not 2. The urinary antigens came back negative"
    " yesterday morning; the line was already stale when it was written, and came from the admission note. She"
    " weighs 52.0 kg, and somebody may dose by it. Next time: for each copied line, ask 'since when?'",
    read=STALE_TEXT,
)
def _(session):
    return still_claims(session, "oxygen", "antigens", "weight")


@rubric.criterion(
    "today",
    points=7,
    objective="write-today",
    title="Wrote what is true today",
    met="Whoever comes tonight finds it all: what changed, why, and what is to be done about it.",
    missed="Not everything that changed today is in the note: levofloxacin stopped for tendon pain, potassium 5.6,"
    " ramipril held, the repeat this afternoon, oxygen down to 1 L, and another antibiotic needed that is no"
    " penicillin. Removing what is false leaves a hole; the new fact fills it. Next time: write first what is new"
    " since the last note.",
    read=FACTS_TODAY,
)
def _(session):
    note = signed(session)
    if note is None:
        return Finding(0, "No note was signed for her.")
    found = [fact for fact in FACTS if has(note, fact)]
    lacking = [fact for fact in FACTS if fact not in found]
    text = f"In your note: {', '.join(found) or 'none of it'}." + (
        f" Not found: {', '.join(lacking)}." if lacking else ""
    )
    return Finding(len(found) / len(FACTS), text)


@rubric.criterion(
    "copied",
    points=3,
    objective="write-today",
    title="Kept what is copied to half or less",
    met="Your note is mostly yours. What is new can be seen.",
    missed="More than half of the first three sections is copied. Copied text is not wrong by itself, but it buries"
    " what is new, and nobody reads it twice. Next time: keep the lines that matter today, and let the earlier note"
    " hold the rest: it is still there.",
    read=OWN,
)
def _(session):
    note = signed(session)
    if note is None or not clinical(note).strip():
        return Finding(0, "No note with words in its first three sections was signed for her.")
    source = earlier(session, PATIENT)
    part = share(note.sections, source)
    return Finding(
        100 * part <= source.most_copied, f"{100 * part:.0f} % of the words are copied; at most {source.most_copied} %."
    )


@rubric.criterion(
    "respect",
    points=3,
    objective="respectful-words",
    title="Described what she said and did, and judged nothing",
    met="Your words describe. Her sore heels stand as a symptom, and that is how they were understood today.",
    missed="Words that judge were left in or put in, or her pain is not in the note. 'Refuses', 'claims',"
    " 'non-compliant', 'poor historian': yesterday they hid the first sign of an injury by a medicine. She did not"
    " walk because her tendons hurt. Next time: write what was said and seen: 'did not walk because of pain in both"
    " heels'.",
    read=WORDS,
)
def _(session):
    note = signed(session)
    if note is None:
        return Finding(0, "No note was signed for her.")
    text = as_text(note.sections)
    found = [m.group() for pattern in JUDGING if (m := re.search(pattern, text, re.IGNORECASE))]
    pain = has(note, "pain in the tendons")
    words = f"Words that judge: {', '.join(found)}." if found else "No word that judges was found."
    return Finding(not found and pain, words + ("" if pain else " Her pain is not in the note."))


@rubric.criterion(
    "plain",
    points=8,
    objective="readable",
    title="Told her in plain words how she is and what happens next",
    met="She can read it tonight and know what was stopped, what comes, and why.",
    missed="The paragraph for her does not yet tell her enough in words she uses. It speaks to her as 'you', has"
    " short sentences and no abbreviations, and holds the plan: another antibiotic, the potassium and its test, the"
    " ramipril paused, her heels. Next time: read it aloud; where you would explain a word to her, write the"
    " explanation instead of the word.",
    read=READ,
)
def _(session):
    note = signed(session)
    text = note.sections["patient"] if note else ""
    if not text:
        return Finding(0, "There is no paragraph for her.")
    told = [name for name, pattern in TOLD.items() if re.search(pattern, text, re.IGNORECASE)]
    jargon = [m.group() for pattern in JARGON if (m := re.search(pattern, text, re.IGNORECASE))]
    lengths = [len(s.split()) for s in sentences(text)]
    to_her = bool(re.search(r"\byou(r|rs)?\b", text, re.IGNORECASE))
    readable = not jargon and to_her and sum(lengths) / len(lengths) <= 20 and sum(lengths) >= 15
    faults = ", ".join(
        [f"words she may not know: {', '.join(jargon)}"] * bool(jargon)
        + ["it does not speak to her"] * (not to_her)
        + ["the sentences are long"] * (sum(lengths) / len(lengths) > 20)
        + ["it is very short"] * (sum(lengths) < 15)
    )
    evidence = f"It tells her of {', '.join(told) or 'none of the plan'}" + (f"; {faults}." if faults else ".")
    return Finding(0.5 * readable + 0.5 * min(len(told) / 3, 1), evidence)
