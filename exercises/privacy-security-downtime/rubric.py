"""What privacy, security and downtime are graded for: twelve criteria.

Three are critical, and each rests on a choice and not on words: the record of the man in danger is opened and the
neighbour's is not; no message that fishes gets what it asks for; the penicillin on paper is not carried out. Words are
read generously, and never decide alone. The order of the back-entry is read off the entries that stand at the end, so
that whoever takes one back and enters it anew loses nothing.
"""

import re

from grading.rubric import Finding, Rubric
from simemr.domain.access import Access
from simemr.domain.actions.access import REASONS
from simemr.domain.actions.audit import VERDICTS, Audit, AuditRow
from simemr.domain.actions.downtime import KINDS
from simemr.domain.actions.mail import ACTS, Mail, Mailbox
from simemr.domain.downtime import Happening, Paper, PaperRow
from simemr.domain.interruption import Answered

PETRIE, SALAKO, HOSSEINI = "petrie-gordon", "salako-abiodun", "hosseini-leila"
ELEANOR, ELAINE, LINDQVIST = "marsh-eleanor", "marsh-elaine", "lindqvist-thomas"

#: What follows from a row, and what in it may be named as the ground.
LOG = {
    "adeyemi": ("legitimate", {"care"}),
    "menon": ("legitimate", {"service", "care"}),
    "amin": ("legitimate", {"emergency"}),
    "voss": ("report", {"no-relation", "private"}),
    "kovac": ("ask", {"unclear", "no-relation"}),
    "doyle": ("report", {"private", "no-relation"}),
}
#: What a message may be taken for, and what may be done with it.
MAILS = {
    "password": ({"phishing"}, {"report"}),
    "outage": ({"genuine"}, {"none", "do", "verify"}),
    "consultant": ({"phishing"}, {"report", "verify"}),
    "recall": ({"genuine", "unsure"}, {"do", "verify"}),
    "pay": ({"phishing"}, {"report"}),
    "rota": ({"genuine"}, {"do", "none"}),
    "shared": ({"phishing", "unsure"}, {"report", "verify"}),
    # it may be quite genuine: only the practice itself can say, at the number that the hospital has
    "practice": ({"phishing", "unsure", "genuine"}, {"verify"}),
}
BAIT = ("password", "consultant", "pay", "shared")
#: The signs that are there in each: at least one of every set in the first place, and none beyond the second.
SIGNS = {
    "password": (({"sender", "link"}, {"password", "pressure"}), {"sender", "link", "password", "pressure"}),
    "consultant": (({"password"}, {"sender", "pressure"}), {"sender", "password", "pressure"}),
    "pay": (({"attachment", "sender"},), {"attachment", "sender", "password", "pressure"}),
    # the sender's address is right: somebody else has her account
    "shared": (({"link"},), {"link", "password", "pressure"}),
}
#: Whose entry it is, and the kinds it may be written as.
PAPER = {
    "paracetamol": (ELEANOR, {"given"}),
    "observations": (LINDQVIST, {"observed"}),
    "telephone": (ELAINE, {"told", "observed"}),
    "co-amoxiclav": (ELEANOR, {"stopped", "ordered", "given"}),
}
#: The rows that belong in the record and are not there when the EMR is back, in order of time.
TO_ENTER = ("paracetamol", "observations", "telephone", "lindqvist", "co-amoxiclav")
#: In whose record each of them belongs.
WHOSE = {**{row: patient for row, (patient, _) in PAPER.items()}, "lindqvist": LINDQVIST}
NAMES = {
    "paracetamol": "the paracetamol of 14:14",
    "observations": "the observations of 14:19",
    "telephone": "the potassium of 14:26",
    "co-amoxiclav": "the order of 14:31",
    "lindqvist": "your colleague's paracetamol of 14:29",
    "silva": "your colleague's morphine of 14:17",
}
HAPPENED = r"coll?aps|slump|unconsc|faint|respon|answer|emergency|uncons|pass(ed)? out|\bgcs\b|avpu|arrest|down at"
GLASS, READ, LOOK, PAPERS = "Break the glass, and say why", "Read the log", "Look twice", "On paper, and back"

rubric = Rubric()


# ---------------------------------------------------------------------------------------------------------------
# reading the session


def share(good, of, what):
    """The share of ``of`` that is in ``good``, naming the rest."""
    rest = [name for name in of if name not in good]
    text = f"{len(of) - len(rest)} of {len(of)} {what}." + (f" Not: {'; '.join(rest)}." if rest else "")
    return Finding((len(of) - len(rest)) / len(of), text)


def said(session, interruption):
    """What was answered to somebody who came in between, or ""."""
    return session.state.part(Answered).given.get(interruption, "")


def is_second(person, words):
    """Whether the words are this patient's hospital number, or the date of birth in any usual form."""
    digits = re.sub(r"\D", "", words)
    if person.hospital_number in digits:
        return True
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    born = person.born
    return born.day in numbers and (born.year in numbers or born.year % 100 in numbers)


def near(time, at):
    """Whether "14:14" is the moment, give or take two minutes."""
    if not time:
        return False
    hours, minutes = map(int, time.split(":"))
    return abs(hours * 60 + minutes - at.hour * 60 - at.minute) <= 2


def happened(session):
    """When each row of the form really happened, by id."""
    return {thing.id: thing.at for thing in (*session.scenario.of(Happening), *session.scenario.of(PaperRow))}


# ---------------------------------------------------------------------------------------------------------------
# locked records


@rubric.criterion(
    "glass",
    points=4,
    objective="break-the-glass",
    title="Opened the record of the man in danger, and not the neighbour's",
    critical=True,
    met="You broke the glass for the one who needed it now, and for nobody else.",
    missed="The glass is for an emergency: a patient in front of you, care that can't wait, a record that can say"
    " what the patient can't. That was Mr Petrie; he does not answer, and his tablets matter. It was not Ms"
    " Hosseini: Joel is kind and feeds her cat, but he is no part of her care, and neither are you. Whoever"
    " opens her record for him stands in the log tomorrow. Next time ask: is this patient harmed if I don't"
    " look now? If yes, open it at once; nobody will blame you.",
    read=GLASS,
)
def _(session):
    opened = session.state.part(Access).opened
    text = f"Mr Petrie's record: {'opened' if PETRIE in opened else 'left closed'}."
    text += f" Ms Hosseini's: {'opened' if HOSSEINI in opened else 'left closed'}."
    return Finding(PETRIE in opened and HOSSEINI not in opened, text)


@rubric.criterion(
    "words",
    points=5,
    objective="break-the-glass",
    title="Said why, told the team what matters, and told the neighbour nothing",
    met="The log says why in one sentence, the team knew what mattered, and Joel knows whom to ask.",
    missed="Three things are said when a record is opened or left closed. To the log: the emergency, in a sentence"
    " that means something tomorrow. To the team: the newest first. His pressure had stayed high because the"
    " tablets had not gone in; at 12:50 two went in at once, so the plan for labetalol does not hold any more;"
    " and there are a tight carotid and two antiplatelets. To Joel: nothing, kindly. Even 'she is there' is"
    " hers to tell. Next time: 'I can't look, and I can't say who is here. Ask her family.'",
    read=GLASS,
)
def _(session):
    opened = session.state.part(Access).opened.get(PETRIE)
    team, joel = said(session, "team"), said(session, "neighbour")
    every = {
        "an emergency as the reason": opened is not None and opened.reason == "emergency",
        "what had happened": opened is not None and bool(re.search(HAPPENED, opened.words, re.I)),
        "to the team, what matters": team.startswith("Tight carotid"),
        "to Joel, nothing": joel.startswith("I can't look"),
    }
    found = share([name for name, there in every.items() if there], list(every), "things were said as they should be")
    # what the team is told weighs twice
    earned = (sum(every.values()) + every["to the team, what matters"]) / 5
    wrote = f" You wrote: {REASONS[opened.reason].split(':')[0].lower()}, “{opened.words}”." if opened else ""
    return Finding(earned, found.evidence + wrote)


@rubric.criterion(
    "help-desk",
    points=2,
    objective="break-the-glass",
    title="Asked the help desk for access that was only missing",
    met="Mr Salako comes at six: you asked the help desk, and had access within a minute and without an alarm.",
    missed="Mr Salako comes to your ward this evening, so you may read his record; your account did not know it yet."
    " Access that is missing is the help desk's work. Each glass that is broken for convenience is one more"
    " row that somebody has to read tomorrow, and the row that matters drowns among them. Next time: is"
    " anybody harmed if it takes ten minutes?",
    read=GLASS,
)
def _(session):
    access = session.state.part(Access)
    asked, broke = SALAKO in access.asked, SALAKO in access.opened
    text = "You asked the help desk." if asked else "The help desk was not asked."
    return Finding(asked and not broke, text + (" You broke the glass." if broke else ""))


# ---------------------------------------------------------------------------------------------------------------
# the audit log


@rubric.criterion(
    "log",
    points=8,
    objective="read-the-log",
    title="Judged the six rows by the part that each had in the care",
    met="You let work be work, asked where the row is silent, and reported where it speaks.",
    missed="A row is read by one question: what part did this person have in the care of this patient? Thirty-one"
    " openings by the nurse of the bay are a working day; the emergency team's glass has its call beside it;"
    " the pharmacist's four minutes fit her rota. Nineteen minutes from home by somebody off shift, and a"
    " relative of the patient at another clinic's desk, are for the privacy officer. The cardiologist may have"
    " been rung for advice: ask first. Next time: neither count nor name decides, but the relation.",
    read=READ,
)
def _(session):
    judged = session.state.part(Audit).judged
    rows = {row.id: row for row in session.scenario.of(AuditRow)}
    earned, lines = 0.0, []
    for row, (verdict, whys) in LOG.items():
        found = judged.get(row)
        if found is None:
            lines.append(f"{rows[row].who}: not judged")
        elif found.verdict != verdict:
            lines.append(f"{rows[row].who}: {VERDICTS[found.verdict].split(':')[0].split(' the ')[0].lower()}")
        elif found.why not in whys:
            earned += 0.75
            lines.append(f"{rows[row].who}: another ground")
        else:
            earned += 1
    text = "All six rows as they should be." if not lines else f"Otherwise than expected: {'; '.join(lines)}."
    return Finding(earned / len(LOG), text)


# ---------------------------------------------------------------------------------------------------------------
# the mailbox


@rubric.criterion(
    "bait",
    points=3,
    objective="spot-phishing",
    title="Gave no message that fishes what it asked for",
    critical=True,
    met="No password, no sign-in and no bank details went out.",
    missed="Four of the messages fish, and at least one got what it asked for, or none was looked at. It happens to"
    " careful people: in almost three million practice messages sent to hospital staff, one in seven was"
    " clicked. Nobody who may have your password asks for it, not even the consultant. If it has happened:"
    " change the password and ring IT at once. Nobody is punished for ringing.",
    read=LOOK,
)
def _(session):
    sorted_ = session.state.part(Mailbox).sorted
    subjects = {mail.id: mail.subject for mail in session.scenario.of(Mail)}
    given = [subjects[mail] for mail in BAIT if mail in sorted_ and sorted_[mail].act == "do"]
    missing = [subjects[mail] for mail in BAIT if mail not in sorted_]
    if given:
        return Finding(0, f"You did what was asked in: {'; '.join(given)}.")
    if missing:
        return Finding(0, f"Not judged: {'; '.join(missing)}.")
    return Finding(1, "None of the four got what it asked for.")


@rubric.criterion(
    "told-apart",
    points=7,
    objective="spot-phishing",
    title="Told the messages apart, and did with each what fits",
    met="You reported what fishes, let the genuine ones do their work, and rang back where only the sender could tell.",
    missed="Not every message got what fits. What fishes is reported, because a colleague has the same message and"
    " less time. What is genuine has to be heard: the recall is urgent, and true, and asks for nothing but a"
    " look into the cupboard. And the practice may be real: but patients' results go to an address only after"
    " a call to the number that the hospital has, not the one in the message. Next time: delete helps you,"
    " report helps everybody.",
    read=LOOK,
)
def _(session):
    sorted_ = session.state.part(Mailbox).sorted
    subjects = {mail.id: mail.subject for mail in session.scenario.of(Mail)}
    good = []
    for mail, (verdicts, acts) in MAILS.items():
        found = sorted_.get(mail)
        if found and found.verdict in verdicts and found.act in acts:
            good.append(subjects[mail])
    done = [f"{subjects[m]}: {ACTS[f.act].split(':')[0].split(',')[0].lower()}" for m, f in sorted_.items()]
    found = share(good, [subjects[mail] for mail in MAILS], "messages got what fits")
    did = f" You did: {'; '.join(done)}." if done and found.earned < 1 else ""
    return Finding(found.earned, found.evidence + did)


@rubric.criterion(
    "signs",
    points=4,
    objective="spot-phishing",
    title="Named what gives each of them away",
    met="You saw what gives each away: the address, the link's target, the pressure, the password, the file.",
    missed="The signs you chose are not those of the messages. Look at four things in turn: the address behind the"
    " name, the end of the address that a link leads to, what is asked for, and how you are pressed. A right"
    " sender's address proves little: the message from RN Mensah's account was not from her. Urgency alone is"
    " no sign: the recall was urgent too.",
    read=LOOK,
)
def _(session):
    sorted_ = session.state.part(Mailbox).sorted
    subjects = {mail.id: mail.subject for mail in session.scenario.of(Mail)}
    good = []
    for mail, (wanted, allowed) in SIGNS.items():
        found = set(sorted_[mail].signs) if mail in sorted_ else set()
        if found and all(found & some for some in wanted) and found <= allowed:
            good.append(subjects[mail])
    return share(good, [subjects[mail] for mail in SIGNS], "were given away by the signs you named")


# ---------------------------------------------------------------------------------------------------------------
# the outage


@rubric.criterion(
    "paper",
    points=4,
    objective="work-on-paper",
    title="Wrote the form so that anybody can enter it",
    met="Every row has its time, a name and a second identifier, and what it was.",
    missed="A row of the form can't be entered by somebody who was not there: time, name and a second identifier,"
    " what and by whom. There are two Mrs Marshes. The laboratory rang about 604 181, which is Elaine; the one"
    " with the wristband is Eleanor. And the coffee machine is no patient. Next time: copy the number from the"
    " wristband, letter by letter.",
    read=PAPERS,
)
def _(session):
    written, at = session.state.part(Paper).written, happened(session)
    good = []
    for row, (patient, kinds) in PAPER.items():
        found = written.get(row)
        if found is None or found.patient != patient or found.kind not in kinds:
            continue
        if near(found.time, at[row]) and is_second(session.patient(patient), found.second):
            good.append(NAMES[row])
    coffee = written.get("coffee")
    if coffee is not None and coffee.kind == "nothing":
        good.append("the coffee left off")
    return share(good, [*(NAMES[row] for row in PAPER), "the coffee left off"], "rows are as the form needs them")


@rubric.criterion(
    "penicillin",
    points=3,
    objective="work-on-paper",
    title="Stopped the penicillin that no alert could stop",
    critical=True,
    met="You read the allergy in the copy, and went back to the prescriber. In an outage you are the alert.",
    missed="Mrs Eleanor Marsh has had anaphylaxis to penicillin, and co-amoxiclav holds one. The EMR would have"
    " stopped the order; paper stops nothing. The copy was there to be read. Dr Santos did not know her, and"
    " Dr Farouk had written 'mind the penicillin anaphylaxis' this morning. Next time, with every order on"
    " paper: allergies first, aloud, both of you.",
    read=PAPERS,
)
def _(session):
    found = session.state.part(Paper).written.get("co-amoxiclav")
    if found is None:
        return Finding(0, "The order for co-amoxiclav was not dealt with.")
    return Finding(found.kind == "stopped", f"You wrote: {KINDS[found.kind]}. “{found.what}”")


@rubric.criterion(
    "back-entry",
    points=4,
    objective="work-on-paper",
    title="Entered what happened with its own time, marked as entered afterwards",
    met="The record says when each thing happened, and that it came from paper.",
    missed="An entry that carries the time of typing says that the dose was given at twenty to three; the next one"
    " is then given too late, or too early. And one that is not marked as entered afterwards looks as if"
    " somebody had stood at the bed and typed. What was written for the wrong Mrs Marsh is in the wrong record:"
    " her own shows nothing. Next time: the time on the paper, and the mark, on every row.",
    read=PAPERS,
)
def _(session):
    entries, at = session.state.part(Paper).entries, happened(session)
    good = [
        NAMES[row]
        for row in TO_ENTER
        if row in entries
        and entries[row].patient == WHOSE[row]
        and entries[row].late
        and near(entries[row].time, at[row])
    ]
    return share(
        good, [NAMES[row] for row in TO_ENTER], "rows are in the right record with their own time and the mark"
    )


@rubric.criterion(
    "order",
    points=3,
    objective="work-on-paper",
    title="Entered the two sheets in order of time",
    met="You laid the two sheets together and entered them from the oldest to the newest.",
    missed="The rows were not entered from the oldest to the newest, or not all of them. Decision support and"
    " whoever reads the screen meanwhile take the last entry for the newest. There were two sheets: your"
    " colleague's row of 14:29 belongs between yours. Next time: put all sheets side by side and number the"
    " rows before you type the first.",
    read=PAPERS,
)
def _(session):
    entries, at = session.state.part(Paper).entries, happened(session)
    entered = sorted((e.seq, row) for row, e in entries.items() if not e.crossed and row in TO_ENTER)
    times = [at[row] for _, row in entered]
    text = "Entered in this order: " + (", ".join(f"{time:%H:%M}" for time in times) or "nothing") + "."
    return Finding(len(times) == len(TO_ENTER) and times == sorted(times), text)


@rubric.criterion(
    "once",
    points=4,
    objective="work-on-paper",
    title="Nothing twice, and nothing left on the paper",
    met="You found the morphine in the record, crossed it off the sheet, and entered the row that was still missing.",
    missed="RN Reid had entered her morphine for Mr Silva herself before she left, and not her paracetamol for Mr"
    " Lindqvist. Entered a second time, the record shows 20 mg where 10 mg were given, and the next dose"
    " waits, or he is thought drowsy from it; left out, Mr Lindqvist gets another gram too early. Next time:"
    " before each row look into the record, and cross off on the paper what is in it.",
    read=PAPERS,
)
def _(session):
    entries = session.state.part(Paper).entries
    silva, lindqvist = entries.get("silva"), entries.get("lindqvist")
    crossed = silva is not None and silva.crossed == "already"
    entered = lindqvist is not None and not lindqvist.crossed
    lost = [NAMES[row] for row in TO_ENTER if row in entries and entries[row].crossed]
    text = f"The morphine: {'crossed off' if silva and silva.crossed else 'entered again' if silva else 'left'}."
    text += f" The paracetamol of 14:29: {'entered' if entered else 'not entered'}."
    text += f" Crossed off and lost: {'; '.join(lost)}." if lost else ""
    return Finding((0.5 * crossed + 0.5 * entered) * (not lost or 0.5), text)
