"""A model end of shift and wrong ones made of real slips, with the score and the misses of each.

An answer is put together from four parts: the messages, two handovers and a summary. Points: 42 in all.
"""

from grading.answers import Wrong, by_steps

BELLINI, FATHER, SON = "bellini-chiara", "doyle-patrick-1948", "doyle-patrick-1976"

MESSAGES = {
    "lewis": (
        "page",
        "emergency",
        "Chiara Bellini, Birch E1, 604 319: NEWS2 8, hard belly, 60 mL of urine in four hours, fifth day after"
        " hemicolectomy. I think her join leaks. Please come now, and the surgical registrar with you.",
    ),
    "physio": ("reply", "", "Today at four, please: then we know before tomorrow. His target is 88 to 92 %."),
    "laboratory": ("task", "", "Take Fatema Rahman's blood again before 18:00, label it at the bedside (604 262)."),
    "microbiology": ("none", "", ""),
    "cake": ("none", "", ""),
    "pharmacy": ("reply", "", "The son: Patrick Doyle, born 2 November 1976, 604 370. Not the father, 604 307."),
}


def messages(**otherwise):
    """The messages answered, some otherwise: (channel, whom, words); None leaves one unanswered."""
    given = {**MESSAGES, **otherwise}
    actions = [("open_desk", {"desk": "messages"})]
    for message, answered in given.items():
        if answered is not None:
            channel, to, text = answered
            actions.append(("handle_message", {"message": message, "channel": channel, "to": to, "text": text}))
    if None not in given.values():
        actions.append(("clear_desk", {}))
    return actions


SHEETS = {
    BELLINI: {
        "severity": "unstable",
        "summary": "Chiara Bellini, fifth day after right hemicolectomy for cancer. Worse since yesterday: NEWS2 8,"
        " hard tender abdomen, CRP 296, lactate 2.6, little urine. We fear a leaking join; it is not her chest.",
        "actions": [
            ("Emergency team and surgical registrar to see her: called, not here yet", "now"),
            ("Nothing by mouth; blood cultures and antibiotics as soon as they are ordered", "now"),
            ("Observations all the time, urine every hour", "shift"),
        ],
        "plan": [
            ("nobody senior is with her in 15 minutes", "ring Miss Nakamura herself, in theatre if need be"),
            ("her pressure falls below 100 or she becomes drowsy", "call the emergency team again, critical care"),
        ],
        "heard": {
            "bellini-who": "",
            "bellini-chest": "No: it is her abdomen, we fear that the join leaks. A senior surgeon now, not tonight.",
            "bellini-watch": "",
        },
    },
    FATHER: {
        "severity": "watcher",
        "summary": "Patrick Doyle, the father, 604 307. COPD, keeps carbon dioxide: target 88 to 92 %. Second day"
        " after a hernia repair, well, NEWS2 2 on scale 2. Twice given too much oxygen here.",
        "actions": [
            ("Stairs with the physiotherapist at four, try walking without oxygen", "shift"),
            ("Inhaler check before he goes home", "tomorrow"),
        ],
        "plan": [("he is drowsy or his saturation is over 92", "turn the oxygen down, blood gas, call the doctor")],
        "heard": {
            "doyle-who": "",
            "doyle-oxygen": "No: 89 is right for him. Target 88 to 92, he keeps carbon dioxide. Leave it at one litre.",
            "doyle-home": "",
        },
    },
}


def handover(patient, **otherwise):
    """One handover, with some of it otherwise. An empty text in 'heard' means: that is right."""
    sheet = {**SHEETS[patient], **otherwise}
    actions = [
        ("open_patient", {"patient": patient}),
        ("confirm_identity", {"patient": patient, "identifiers": ["born", "hospital_number"]}),
        ("open_tab", {"tab": "notes"}),
        ("open_tab", {"tab": "handoff"}),
        ("write_handoff", {"patient": patient, "severity": sheet["severity"], "summary": sheet["summary"]}),
    ]
    actions += [("add_to_do", {"patient": patient, "what": what, "when": when}) for what, when in sheet["actions"]]
    actions += [("add_contingency", {"patient": patient, "if_": if_, "then": then}) for if_, then in sheet["plan"]]
    actions.append(("give_handoff", {"patient": patient}))
    for line, correction in sheet["heard"].items():
        answer = "wrong" if correction else "right"
        args = {"patient": patient, "line": line, "answer": answer, "correction": correction}
        actions.append(("answer_readback", args))
    return [*actions, ("close_handoff", {"patient": patient})]


TEXTS = {
    "diagnoses": "Acute appendicitis, not perforated. A firm nodule of about 15 mm at its tip, cause open.",
    "course": "Appendix removed by keyhole operation on 11 March, without trouble. The nodule was taken out whole and"
    " sent for histology. No fever since yesterday, CRP 168 to 104. Codeine makes him vomit: intolerance, no allergy.",
    "follow-up": "Miss Nakamura's clinic looks for the histology and rings him; it also reads the final culture."
    " Family doctor: nothing to do but to know. No lifting for two weeks.",
    "told": "That a nodule was found, that most are harmless or cured by the operation, and that he will be rung"
    " in seven to ten days; if he hears nothing, he rings the clinic. To come back with fever, more pain or vomiting.",
}
HOME = {
    "co-amoxiclav": ("home", "until 15 March, five days in all"),
    "paracetamol": ("home", "for pain, from the shop"),
    "ibuprofen": ("home", "for pain if paracetamol is not enough, with food, a few days"),
    "cyclizine": ("ended", ""),
}
PENDING = {
    "histology": ("nakamura", "ten-days", "telephone"),
    "culture": ("nakamura", "days", "normal"),
}


def summary(texts=TEXTS, home=HOME, pending=PENDING, signed=True):
    """The son's discharge summary."""
    actions = [
        ("open_patient", {"patient": SON}),
        ("confirm_identity", {"patient": SON, "identifiers": ["born", "hospital_number"]}),
        ("open_tab", {"tab": "notes"}),
        ("open_tab", {"tab": "discharge"}),
    ]
    actions += [("write_summary", {"patient": SON, "section": key, "text": text}) for key, text in texts.items()]
    for order, (decision, words) in home.items():
        args = {"patient": SON, "order": f"{SON}/{order}", "decision": decision, "words": words}
        actions.append(("send_home_with", args))
    for test, (owner, due, tell) in pending.items():
        actions.append(("list_pending", {"patient": SON, "test": test, "owner": owner, "due": due, "tell": tell}))
    return [*actions, *([("sign_summary", {"patient": SON})] if signed else [])]


#: The whole end of the shift.
STEPS = {"desk": messages(), "bellini": handover(BELLINI), "father": handover(FATHER), "son": summary()}

answer = by_steps(STEPS)

MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "in a nurse's short words, the consultant rung": answer(
        desk=messages(
            lewis=("telephone", "nakamura", "Ms Bellini NEWS 8, rigid abdo, oliguric. Needs you now."),
            microbiology=("task", "", "Put the final culture into the summary of 604370."),
            cake=("reply", "", "Thank you!"),
            pharmacy=("telephone", "pharmacist", "It is for Patrick Doyle dob 2.11.1976"),
            laboratory=("reply", "", "Will be retaken by 6 pm, thanks."),
        ),
        bellini=handover(
            BELLINI,
            summary="Day 5 post right hemi. NEWS 8, abdo rigid ?leak. Oliguric, lactate up.",
            actions=[("senior surgical review NOW, Fenwick or Nakamura", "now"), ("hourly urine, NBM", "hour")],
            plan=[("no one came", "crash call / outreach")],
            heard={
                "bellini-who": "",
                "bellini-chest": "not chest - belly. surgeons first",
                "bellini-watch": "",
            },
        ),
        father=handover(
            FATHER,
            severity="stable",
            summary="Mr Doyle senior, day 2 hernia, COPD retainer 88-92, scale 2.",
            actions=[("walk without O2", "shift")],
            plan=[("sleepy", "check sats and O2, gas")],
            heard={
                "doyle-who": "",
                "doyle-oxygen": "never! 88-92",
                "doyle-home": "",
            },
        ),
        son=summary(
            texts={
                "diagnoses": "appendicitis",
                "course": "lap appendicectomy; nodule at tip, sent to histology",
                "follow-up": "Nakamura clinic",
                "told": "told about the nodule, will be phoned",
            },
            home={**HOME, "co-amoxiclav": ("home", "finish the course"), "ibuprofen": ("home", "prn")},
            pending={"histology": ("nakamura", "ten-days", "telephone"), "culture": ("fenwick", "days", "telephone")},
        ),
    ),
    "heard wrongly first, and put right before the end": answer(
        father=handover(FATHER, heard={"doyle-who": "", "doyle-oxygen": "", "doyle-home": ""})[:-1]
        + [
            (
                "answer_readback",
                {
                    "patient": FATHER,
                    "line": "doyle-oxygen",
                    "answer": "wrong",
                    "correction": "Sorry, no: 88 to 92 for him.",
                },
            ),
            ("close_handoff", {"patient": FATHER}),
        ]
    ),
}

WRONG = {
    "nodded to everything": Wrong(
        actions=answer(
            bellini=handover(BELLINI, heard=dict.fromkeys(SHEETS[BELLINI]["heard"], "")),
            father=handover(FATHER, heard=dict.fromkeys(SHEETS[FATHER]["heard"], "")),
        ),
        score=37.67,
        misses={"oxygen", "read-back"},
    ),
    "answered politely by message, the urgent one too": Wrong(
        actions=answer(
            desk=messages(
                lewis=("reply", "", "Thank you for telling us, I have asked Dr Santos to come when he can."),
                laboratory=("reply", "", "Thank you."),
                pharmacy=("reply", "", "Mr Doyle on Birch ward, the one going home."),
            )
        ),
        score=37.4,
        misses={"channels", "urgent"},
    ),
    "telephoned about everything": Wrong(
        actions=answer(
            desk=messages(
                **{m: ("telephone", "nakamura", "Ringing about your message.") for m in MESSAGES if m != "lewis"},
            )
        ),
        score=38,
        misses={"channels"},
    ),
    "a good summary that forgets what is still to come": Wrong(
        actions=answer(
            son=summary(
                texts={
                    **TEXTS,
                    "diagnoses": "Acute appendicitis.",
                    "course": "Appendix removed by keyhole operation. Uneventful.",
                    "follow-up": "Family doctor as needed. No lifting for two weeks.",
                    "told": "To come back with fever.",
                },
                pending={},
            )
        ),
        score=35.2,
        misses={"histology", "pending", "words"},
    ),
    "the results are on the list, and nobody's": Wrong(
        actions=answer(
            son=summary(
                pending={
                    "histology": ("on-call", "unknown", "asks"),
                    "culture": ("himself", "days", "asks"),
                    "bloods": ("gp", "days", "visit"),
                }
            )
        ),
        score=36,
        misses={"histology", "pending"},
    ),
    "handed over 'all stable, nothing to do'": Wrong(
        actions=answer(
            bellini=handover(
                BELLINI,
                severity="watcher",
                summary="Ms Bellini, chest infection after her operation, X-ray awaited.",
                actions=[("chase the X-ray", "shift")],
                plan=[("worse", "tell the doctor")],
                heard={
                    "bellini-who": "no need to worry so much, she is a watcher",
                    "bellini-chest": "",
                    "bellini-watch": "",
                },
            ),
            father=handover(
                FATHER,
                severity="stable",
                summary="Mr Doyle, well, home tomorrow.",
                actions=[("nothing special", "shift")],
                plan=[("anything changes", "use your judgement")],
            ),
        ),
        score=27.47,
        misses={"actions", "contingency", "read-back", "severity", "summary"},
    ),
    "went home after the messages": Wrong(
        actions=[*messages(), ("hand_in", {})],
        score=7,
        misses={
            "actions",
            "contingency",
            "histology",
            "medicines",
            "oxygen",
            "pending",
            "read-back",
            "severity",
            "summary",
            "words",
        },
    ),
}
