"""A model note and wrong ones made of real habits. Points: 36 in all."""

from grading.answers import Wrong

PATIENT = "marsh-eleanor"

TODAY = (
    "Day 3, better: fever down, eating breakfast, needs only 1 L/min of oxygen, SpO2 96%. Since last night pain over"
    " both Achilles tendons, tender, no swelling; walked 20 m with a frame in spite of it. Weight 52.0 kg."
)
ASSESSMENT = (
    "Pneumonia responding (CRP 204 to 141) in CKD 3b. Tendon pain from levofloxacin. Potassium 5.6, creatinine 138,"
    " ECG without changes. Antigens negative, cultures without growth. Penicillin anaphylaxis in 2009."
)
PLAN = (
    "Levofloxacin stopped today. Another antibiotic by mouth to make five days: no penicillin, mind the kidneys and"
    " simvastatin. Ramipril held. Repeat potassium this afternoon. Aim: off oxygen tomorrow. Enoxaparin 20 mg daily."
)
FOR_HER = (
    "Your chest infection is getting better, and you need less oxygen. The pain in your heels comes from the"
    " antibiotic levofloxacin, so we stopped it this morning. You get a different one as tablets, one that is safe"
    " with your penicillin allergy. The potassium in your blood is too high. So we have paused your ramipril, and we"
    " test your blood again this afternoon. Please tell us at once if your heels get worse or your heart beats oddly."
)
YESTERDAY = {
    "today": "Second day of right lower lobe pneumonia. On oxygen 2 L/min by nasal cannulae, SpO2 96%. Weight 52.8"
    " kg. Poor historian. Refuses to walk this evening and claims that her heels hurt; no redness, no swelling."
    " Non-compliant with physiotherapy.",
    "assessment": "Community-acquired pneumonia, improving slowly, in chronic kidney disease stage 3b. Potassium 5.2"
    " and creatinine 133 today, a little up. Urinary antigens awaited. Blood cultures: no growth so far. Penicillin"
    " anaphylaxis in 2009.",
    "plan": "Levofloxacin 250 mg into a vein every 12 hours to continue. Ramipril 5 mg each morning to continue."
    " Oxygen to 94 to 98%. Enoxaparin 20 mg daily. Kidney function every morning.",
}  # fmt: skip


def answer(
    today=TODAY,
    assessment=ASSESSMENT,
    plan=PLAN,
    patient=FOR_HER,
    tabs=("results", "observations", "medicines"),
    copy=False,
):
    """Open and confirm, look, write, check and sign."""
    sections = {"today": today, "assessment": assessment, "plan": plan, "patient": patient}
    return [
        ("open_patient", {"patient": PATIENT}),
        ("confirm_identity", {"patient": PATIENT, "identifiers": ["name", "hospital_number"]}),
        *(("open_tab", {"tab": tab}) for tab in tabs),
        ("open_tab", {"tab": "notes"}),
        *([("copy_note_forward", {"patient": PATIENT})] if copy else []),
        ("draft_note", {"patient": PATIENT, "sections": sections}),
        ("sign_note", {"patient": PATIENT}),
        ("hand_in", {}),
    ]


MODEL = answer(copy=True)

ALSO_RIGHT = {
    "a nurse's note, short and in her own words": answer(
        "More comfortable, on 1 litre. Sore at the back of both ankles since yesterday evening: did not want to walk"
        " far, heels offloaded.",
        "Levofloxacin off since this morning because of the ankles. K 5.6 at 07:20, ramipril not given at 08:00, ECG"
        " done.",
        "Needs a new antibiotic prescribed, mind penicillin allergy. Bloods again this afternoon. Walk with frame"
        " only.",
        "You are doing better. Your antibiotic hurt your ankles, so it was stopped and you will get another one. We"
        " check your potassium with a blood test this afternoon. Until then you do not take your blood pressure"
        " tablet.",
    ),
    "with yesterday as history": answer(
        "Oxygen down from 2 L/min to 1 L/min. Weight 52.0, was 52.8. Could not walk last evening for pain in both"
        " heels.",
        "Potassium 5.6 (5.2 yesterday). Pneumonia better. Heel pain: levofloxacin.",
        "Stopped levofloxacin 250 mg every 12 hours. Ramipril 5 mg held until potassium is down. Recheck U&E 16:00."
        " Doxycycline by mouth from tonight: penicillin anaphylaxis.",
    ),
    "signed too early, then written again": answer(**YESTERDAY)[:-1] + answer()[2:],
}

WRONG = {
    "copied and signed": Wrong(
        actions=answer(**YESTERDAY, patient="", tabs=(), copy=True),
        # of today's facts only the heels
        score=1,
        misses={"signed", "looked", "antibiotic", "ramipril", "stale", "today", "copied", "respect", "plain"},
    ),
    "fixed the medicines, left the rest": Wrong(
        actions=answer(
            today=YESTERDAY["today"],
            assessment=YESTERDAY["assessment"].replace("5.2", "5.6").replace("133", "138"),
            plan="Levofloxacin stopped. Ramipril held. Repeat potassium this afternoon. Oxygen to 94 to 98%."
            " Enoxaparin 20 mg daily.",
            copy=True,
        ),
        # the oxygen, the antigens and the weight; two facts of today; copied; the judging words
        score=36 - 3 - 2 - 3 - 3,
        misses={"stale", "today", "copied", "respect"},
    ),
    "levofloxacin slipped through": Wrong(
        actions=answer(plan=PLAN.replace("Levofloxacin stopped today.", "Continue levofloxacin."),
                       assessment=ASSESSMENT.replace("Tendon pain from levofloxacin. ", "")),
        score=36 - 4,
        misses={"antibiotic"},
    ),
    "ramipril slipped through": Wrong(
        actions=answer(plan=PLAN.replace("Ramipril held.", "Ramipril 5 mg each morning to continue."),
                       patient=FOR_HER.replace("So we have paused your ramipril, and we", "We")),
        # half of the criterion, and the fact of today
        score=36 - 2 - 1,
        misses={"ramipril", "today"},
    ),
    "correct, and written for nobody": Wrong(
        actions=answer(patient="LRTI improving, CRP falling. Abx changed d/t tendinopathy. K+ 5.6, ACEi held, rpt"
        " U&E pm."),
        # neither readable nor told
        score=36 - 8,
        misses={"plain"},
    ),
    "said nothing wrong by saying nothing": Wrong(
        actions=answer("Stable.", "As before.", "Continue current management.", "You are doing well.", tabs=()),
        score=2 + 4 + 4 + 3 + 3,
        misses={"looked", "today", "respect", "plain"},
    ),
    "the words were passed on": Wrong(
        actions=answer(today=TODAY + " Poor historian, claims that it hurts, refused physiotherapy."),
        score=36 - 3,
        misses={"respect"},
    ),
}  # fmt: skip
