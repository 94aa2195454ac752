"""A model half hour and wrong ones made of real slips, with the score and the misses of each.

An answer is put together from five parts: the man at the door, Mr Salako, the log, the mailbox and the outage.
Points: 51.
"""

from grading.answers import Wrong

PETRIE, SALAKO, HOSSEINI = "petrie-gordon", "salako-abiodun", "hosseini-leila"
ELEANOR, ELAINE, LINDQVIST = "marsh-eleanor", "marsh-elaine", "lindqvist-thomas"

TEAM = "Tight carotid, aspirin and clopidogrel; ramipril and doxazosin given at 12:50."
LABETALOL = "High pressure in spite of three medicines, 188 at noon: labetalol is the plan."
NO = "I can't look, and I can't say who is here. Please ask her family."


def door(reason="emergency", words="Collapsed at our door, does not answer. Emergency team called.", told=TEAM):
    """Mr Petrie: the glass, a look into the record, what the team is told."""
    return [
        ("break_glass", {"patient": PETRIE, "reason": reason, "words": words}),
        ("open_tab", {"tab": "administration"}),
        ("answer_interruption", {"interruption": "team", "answer": told}),
    ]


def salako():
    """Mr Salako: access through the help desk."""
    return [
        ("ask_help_desk", {"patient": SALAKO, "words": "He comes to us at six, I want to make his bed ready."}),
        ("open_patient", {"patient": SALAKO}),
    ]


LOG = {
    "adeyemi": ("legitimate", "care"),
    "menon": ("legitimate", "service"),
    "amin": ("legitimate", "emergency"),
    "voss": ("report", "no-relation"),
    "kovac": ("ask", "unclear"),
    "doyle": ("report", "private"),
}


def log(rows=LOG, told=NO, before=()):
    """The six rows, with Joel after the third."""
    actions = [("open_desk", {"desk": "audit"})]
    for number, (row, (verdict, why)) in enumerate(rows.items(), 1):
        actions.append(("judge_access", {"row": row, "verdict": verdict, "why": why}))
        if number == 3:
            actions += [*before, ("answer_interruption", {"interruption": "neighbour", "answer": told})]
            if before:
                actions.append(("open_desk", {"desk": "audit"}))
    return actions


MAILS = {
    "password": ("phishing", "report", ["sender", "link", "password", "pressure"]),
    "outage": ("genuine", "none", []),
    "consultant": ("phishing", "report", ["sender", "password", "pressure"]),
    "recall": ("genuine", "do", []),
    "pay": ("phishing", "report", ["sender", "attachment"]),
    "rota": ("genuine", "do", []),
    "shared": ("phishing", "report", ["link", "pressure"]),
    "practice": ("unsure", "verify", ["sender"]),
}


def mailbox(**otherwise):
    """The eight messages, some otherwise."""
    return [
        ("open_desk", {"desk": "mail"}),
        *(
            ("judge_mail", {"mail": mail, "verdict": verdict, "act": act, "signs": signs})
            for mail, (verdict, act, signs) in {**MAILS, **otherwise}.items()
        ),
    ]


PAPER = {
    "paracetamol": (
        "given", "14:14", ELEANOR, "604 118", "Paracetamol 500 mg by mouth, pain on coughing. RN Adeyemi",
    ),
    "observations": (
        "observed", "14:19", LINDQVIST, "604 204", "RR 16, SpO2 97 % on air, 124/76, pulse 78, alert, 36.7",
    ),
    "telephone": (
        "told", "14:26", ELAINE, "604 181", "Laboratory: potassium 3.1 (3.6 at seven), read back. Dr Kowalski told.",
    ),
    "co-amoxiclav": (
        "stopped", "14:31", ELEANOR, "604 118", "Co-amoxiclav not given: penicillin anaphylaxis. Back to Dr Santos.",
    ),
    "coffee": ("nothing", "", "", "", ""),
}  # fmt: skip
#: What is done with the rows when the EMR is back, in order: (row, its time) enters it, (row, "") crosses it off.
ENTRY = (
    ("paracetamol", "14:14"),
    ("silva", ""),
    ("observations", "14:19"),
    ("telephone", "14:26"),
    ("lindqvist", "14:29"),
    ("co-amoxiclav", "14:31"),
)


def outage(paper=None, entry=ENTRY, late=1):
    """The outage: over to paper, the form, and the form into the record."""
    actions = [("start_downtime", {}), ("open_desk", {"desk": "downtime"})]
    for happening, (kind, time, patient, second, what) in {**PAPER, **(paper or {})}.items():
        args = {"happening": happening, "kind": kind}
        if kind != "nothing":
            args |= {"time": time, "patient": patient, "second": second, "what": what}
        actions.append(("write_paper", args))
    actions.append(("end_downtime", {}))
    for row, time in entry:
        if time:
            actions.append(("enter_row", {"row": row, "time": time, "late": late}))
        else:
            actions.append(("cross_off", {"row": row, "why": "already"}))
    return actions


def answer(man=None, other=None, rows=None, mails=None, paper=None):
    """The whole half hour; each part the model's unless given."""
    given = (
        door() if man is None else man,
        salako() if other is None else other,
        log() if rows is None else rows,
        mailbox() if mails is None else mails,
        outage() if paper is None else paper,
    )
    return [*(action for part in given for action in part), ("hand_in", {})]


MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "the outage first, the man's words short, birth dates on the form": [
        *door(words="unresponsive, ?cause"),
        *outage(
            paper={
                "paracetamol": ("given", "14.15", ELEANOR, "12/3/1952", "para 500 po"),
                "observations": ("observed", "14:19", LINDQVIST, "5 Nov 63", "obs, NEWS 0"),
                "telephone": ("observed", "14:26", ELAINE, "604181", "K 3.1"),
                "co-amoxiclav": ("stopped", "14:31", ELEANOR, "DOB 12.03.52", "pen allergy"),
            }
        ),
        *salako(),
        *log(
            {
                "adeyemi": ("legitimate", "care"),
                "menon": ("legitimate", "care"),
                "amin": ("legitimate", "emergency"),
                "voss": ("report", "private"),
                "kovac": ("ask", "no-relation"),
                "doyle": ("report", "no-relation"),
            }
        ),
        *mailbox(
            outage=("genuine", "do", []),
            consultant=("phishing", "verify", ["password", "pressure"]),
            recall=("genuine", "verify", ["pressure"]),
            pay=("phishing", "report", ["attachment"]),
            rota=("genuine", "none", []),
            shared=("unsure", "verify", ["link"]),
            practice=("genuine", "verify", []),
            password=("phishing", "report", ["link", "password"]),
        ),
        ("hand_in", {}),
    ],
    "entered too early at first, and put right": answer(
        paper=[
            *outage(entry=(("observations", "14:19"),)),
            ("take_row_back", {"row": "observations"}),
            *outage()[-6:],
        ]
    ),
}

WRONG = {
    "broke the glass for everybody, the neighbour too": Wrong(
        actions=answer(
            other=[
                ("break_glass", {"patient": SALAKO, "reason": "missing", "words": "He comes to our ward at six."}),
            ],
            rows=log(
                told="I can only tell you that she is getting better.",
                before=[
                    ("break_glass", {"patient": HOSSEINI, "reason": "asked", "words": "A colleague asks how she is."}),
                ],
            ),
        ),
        score=44,
        misses={"glass", "help-desk", "words"},
    ),
    "left the locked record closed in an emergency": Wrong(
        actions=answer(man=[("ask_help_desk", {"patient": PETRIE, "words": "He has collapsed at our door."})]),
        score=43,
        misses={"glass", "words"},
    ),
    "read the plan and not the chart": Wrong(
        actions=answer(man=door(told=LABETALOL)),
        score=49,
        misses={"words"},
    ),
    "reported everybody and everything": Wrong(
        actions=answer(
            rows=log(dict.fromkeys(LOG, ("report", "no-relation"))),
            mails=mailbox(**dict.fromkeys(MAILS, ("phishing", "report", ["sender", "pressure"]))),
        ),
        score=40.17,
        misses={"log", "signs", "told-apart"},
    ),
    "helped the consultant who was locked out": Wrong(
        actions=answer(
            mails=mailbox(
                consultant=("genuine", "do", []),
                shared=("genuine", "do", []),
                practice=("genuine", "do", []),
            )
        ),
        score=43.38,
        misses={"bait", "signs", "told-apart"},
    ),
    "carried the paper order out, and entered everything as it lay": Wrong(
        actions=answer(
            paper=outage(
                paper={"co-amoxiclav": ("given", "14:31", ELEANOR, "604 118", "Co-amoxiclav 1.2 g iv, Dr Santos")},
                entry=(
                    ("paracetamol", "14:41"),
                    ("observations", "14:42"),
                    ("telephone", "14:42"),
                    ("co-amoxiclav", "14:43"),
                    ("silva", "14:44"),
                    ("lindqvist", "14:45"),
                ),
                late=0,
            )
        ),
        score=39,
        misses={"back-entry", "once", "order", "penicillin"},
    ),
    "wrote names and beds, and the wrong Mrs Marsh": Wrong(
        actions=answer(
            paper=outage(
                paper={
                    "paracetamol": ("given", "14:14", ELAINE, "bed A3", "Paracetamol 500 mg by mouth"),
                    "telephone": ("told", "14:26", ELEANOR, "bed A3", "Potassium 3.1"),
                    "coffee": ("told", "14:35", LINDQVIST, "604 204", "Coffee machine down"),
                },
                entry=(*ENTRY, ("coffee", "14:35")),
            )
        ),
        score=47,
        misses={"back-entry", "paper"},
    ),
    "went home with the paper in a pocket": Wrong(
        actions=answer(paper=outage(entry=())),
        score=40,
        misses={"back-entry", "once", "order"},
    ),
    "did the log and the mailbox, and nothing else": Wrong(
        actions=[*log(told=NO), *mailbox(), ("hand_in", {})],
        score=23,
        misses={"back-entry", "glass", "help-desk", "once", "order", "paper", "penicillin", "words"},
    ),
}
