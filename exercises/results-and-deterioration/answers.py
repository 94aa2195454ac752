"""A model answer to the afternoon at the inbox, and wrong ones made of real slips. Points: 39 in all.

An answer is put together from one step for each thing in the inbox, so that a wrong answer is the model with a step or
two done otherwise.
"""

from grading.answers import Wrong, by_steps

PATIENTS = {
    "kavanagh": "kavanagh-margaret",
    "haddad": "haddad-nadia",
    "bannerman": "bannerman-rose",
    "prosser": "prosser-rhys",
    "okonkwo": "okonkwo-daniel",
    "marsh": "marsh-elaine",
}
PARTS = ("rr", "spo2", "oxygen", "sbp", "pulse", "temperature")


def call(patient="marsh-eleanor", value=6.6, back=True, say="Potassium 6.6, not haemolysed, Eleanor Marsh 604 118."
         " CKD 3b. ECG and treatment now, please come.", to="registrar"):  # fmt: skip
    steps = [
        ("open_desk", {"desk": "inbox"}),
        ("write_down_call", {"item": "telephone", "patient": patient, "value": value}),
        *([("read_back_call", {"item": "telephone"})] if back else []),
    ]
    return steps + ([("escalate_result", {"item": "telephone", "to": to, "words": say})] if say else [])


def score(item, points, repeat, who, say="", scale=1, awake="A"):
    """Open the record, score the set and answer the score."""
    given = {"item": item, "scale": scale, "consciousness": awake, "points": dict(zip(PARTS, points, strict=True))}
    return [
        ("open_patient", {"patient": PATIENTS[item]}),
        ("open_tab", {"tab": "observations"}),
        ("score_observations", given),
        ("answer_observations", {"item": item, "repeat": repeat, "call": who, "words": say}),
    ]


def do(kind, item, **args):
    """One answer in the inbox."""
    names = {"seen": "acknowledge_result", "act": "act_on_result", "ring": "escalate_result", "send": "forward_result"}
    return [("open_desk", {"desk": "inbox"}), (names[kind], {"item": item, **args})]


def own(owner="requester", days=3, plan="Dr Iyer's team look at the report, ring Mr Lindqvist and write to his GP."):
    steps = [("open_desk", {"desk": "inbox"})]
    return [*steps, ("own_pending", {"item": "nodule", "owner": owner, "days": days, "plan": plan})]


STEPS = {
    "telephone": call(),
    "kavanagh": score(
        "kavanagh", (0, 3, 2, 0, 1, 0), "continuous", "emergency",
        "NEWS2 9, was 0. Over-oxygenated after X-ray, drowsy, pH 7.24, pCO2 10.3. Turning it down; please come now.",
        scale=2, awake="V",
    ),
    "gas": do("ring", "gas", to="registrar", words="pH 7.24, pCO2 10.3 on 4 L. She would take the ventilator again."),
    "haddad": score(
        "haddad", (2, 1, 0, 2, 2, 1), "continuous", "emergency",
        "NEWS2 8, BP 94/52, pulse 122, lactate 4.3: sepsis getting worse on day two. Please come now.",
    ),
    "lactate": do("ring", "lactate", to="registrar", words="Lactate 4.3, was 1.4. BP 94. Sepsis, getting worse."),
    "sensitivities": do(
        "ring", "sensitivities", to="registrar", words="E. coli resistant to gentamicin, sensitive to ceftriaxone.",
    ),
    "bannerman": score(
        "bannerman", (0, 1, 0, 0, 0, 0), "hourly", "team",
        "New confusion since breakfast, NEWS2 4 with a single 3, morphine overnight. Please review.", awake="C",
    ),
    "prosser": score(
        "prosser", (2, 2, 0, 0, 2, 0), "hourly", "urgent", "Asthma, tight again, NEWS2 6, 93 % on air. Please come."
    ),
    "okonkwo": score("okonkwo", (0, 0, 0, 0, 1, 1), "4-to-6-hourly", "nurse"),
    "marsh": score("marsh", (0, 0, 0, 0, 0, 0), "12-hourly", "routine"),
    "low_potassium": do("act", "low-potassium", words="Under 3.5: potassium by mouth, as planned."),
    "moved": do("send", "moved", to="where-now", words="Potassium 2.9, takes digoxin. Rang Birch ward as well."),
    "vitamin_d": do("send", "vitamin-d", to="own-team", words="Vitamin D 18: to replace before bone treatment."),
    "amylase": do("seen", "amylase"),
    "haemoglobin": do("seen", "haemoglobin"),
    "culture": do("seen", "culture"),
    "kidneys": do("seen", "kidneys"),
    "nt_probnp": do("seen", "nt-probnp"),
    "salbutamol": do("seen", "salbutamol"),
    "nodule": own(),
}  # fmt: skip

answer = by_steps(STEPS)

MODEL = answer()

ALSO_RIGHT = {
    "the other way round: results first, the doctor on the ward rung, plainer words": [
        *do("ring", "gas", to="emergency-team", words="Come to C2, CO2 is up again"),
        *do("ring", "lactate", to="ward-doctor", words="lactate 4.3!"),
        *do("act", "sensitivities", words="told Dr Nair, needs ceftriaxone instead"),
        *do("act", "moved", words="rang Birch, they have it"),
        *do("ring", "low-potassium", to="ward-doctor", words="K 3.3, she needs potassium tablets"),
        *do("act", "vitamin-d", words="colecalciferol to be prescribed"),
        *answer(
            gas=None, lactate=None, sensitivities=None, moved=None, low_potassium=None, vitamin_d=None,
            telephone=call(say="K 6.6 Eleanor Marsh", to="ward-doctor"),
            nodule=own(days=7, plan="Letter to GP and patient with the report"),
        ),
    ],
    "a step more careful than the table": answer(
        okonkwo=score("okonkwo", (0, 0, 0, 0, 1, 1), "hourly", "team", "Still febrile, please look at the leg."),
        marsh=score("marsh", (0, 0, 0, 0, 0, 0), "4-to-6-hourly", "nurse"),
        bannerman=score("bannerman", (0, 1, 0, 0, 0, 0), "hourly", "urgent", "Newly confused", awake="C"),
    ),
    "heard wrongly, corrected by the read-back; scored wrongly, corrected": answer(
        telephone=call("marsh-elaine", 6.6, back=False, say="") + call(),
        prosser=score("prosser", (2, 0, 0, 0, 2, 0), "hourly", "team", "tight", scale=2) + STEPS["prosser"],
    ),
}  # fmt: skip

EVERYTHING = {
    item: do("ring", item.replace("_", "-"), to="emergency-team", words="Abnormal result, please come.")
    for item in STEPS
    if item not in (*PATIENTS, "telephone", "nodule")
}  # fmt: skip

WRONG = {
    "cleared the inbox: seen, seen, seen": Wrong(
        actions=[
            ("open_desk", {"desk": "inbox"}),
            ("write_down_call", {"item": "telephone", "patient": "marsh-eleanor", "value": 6.6}),
            *(
                ("acknowledge_result", {"item": item.replace("_", "-")})
                for item in ("telephone", *EVERYTHING)
            ),
            ("hand_in", {}),
        ],
        score=3,
        misses={"scale", "scores", "confusion", "thresholds", "carbon-dioxide", "sepsis", "potassium", "read-back"}
        | {"said", "changed", "pending"},
    ),
    "called the emergency team for everything": Wrong(
        actions=answer(
            **EVERYTHING,
            okonkwo=score("okonkwo", (0, 0, 0, 0, 1, 1), "continuous", "emergency", "Please come."),
            marsh=score("marsh", (0, 0, 0, 0, 0, 0), "continuous", "emergency", "Please come."),
            bannerman=score("bannerman", (0, 1, 0, 0, 0, 0), "continuous", "emergency", "Please come.", awake="C"),
            prosser=score("prosser", (2, 2, 0, 0, 2, 0), "continuous", "emergency", "Please come."),
        ),
        # thresholds 3 of 6, changed 1 of 4, routine 0
        score=39 - 3 - 3 - 3,
        misses={"thresholds", "changed", "routine"},
    ),
    "one scale for everybody": Wrong(
        actions=answer(
            kavanagh=score("kavanagh", (0, 0, 2, 0, 1, 0), "hourly", "urgent", "NEWS2 6, drowsy, pCO2 10.3.", awake="V")
        ),
        # scale 3 of 6 lost, one score, one threshold
        score=39 - 1.5 - 0.5 - 1,
        misses={"scale", "scores", "thresholds"},
    ),
    "lungs are lungs: scale 2 for the asthma too": Wrong(
        actions=answer(prosser=score("prosser", (2, 0, 0, 0, 2, 0), "4-to-6-hourly", "nurse", scale=2)),
        score=39 - 1 - 0.5 - 1,
        misses={"scale", "scores", "thresholds"},
    ),
    "saturation 97 %, DNACPR: let her sleep": Wrong(
        actions=answer(
            kavanagh=score("kavanagh", (0, 0, 2, 0, 1, 0), "4-to-6-hourly", "nurse"),
            gas=do("act", "gas", words="Known retainer, DNACPR. Repeat tomorrow."),
        ),
        # scale, one score, one threshold, the call, one of three said
        score=39 - 1.5 - 0.5 - 1 - 3 - 1,
        misses={"scale", "scores", "thresholds", "carbon-dioxide", "said"},
    ),
    "the other Marsh, not read back": Wrong(
        actions=answer(telephone=call("marsh-elaine", 6.6, back=False)),
        score=39 - 3 - 3,
        misses={"potassium", "read-back"},
    ),
    "she was better this morning": Wrong(
        actions=answer(
            haddad=score("haddad", (2, 1, 0, 2, 2, 2), "hourly", "team", "BP a bit low."),
            lactate=do("send", "lactate", to="own-team", words="For the evening round."),
            sensitivities=do("send", "sensitivities", to="pharmacist", words="For information."),
            moved=do("seen", "moved"),
        ),
        # one score, one threshold, the call, one of three said, two of four changed
        score=39 - 0.5 - 1 - 3 - 1 - 2,
        misses={"scores", "thresholds", "sepsis", "said", "changed"},
    ),
    "awake is alert; the GP will see to the scan; please review": Wrong(
        actions=answer(
            bannerman=score("bannerman", (0, 1, 0, 0, 0, 0), "4-to-6-hourly", "nurse"),
            nodule=own("gp", 42, "GP to chase."),
            telephone=call(say="Critical result, please review."),
        ),
        # one score, confusion, one threshold, one of three said, pending
        score=39 - 0.5 - 2 - 1 - 1 - 3,
        misses={"scores", "confusion", "thresholds", "said", "pending"},
    ),
}  # fmt: skip
