"""What the nurse's chart review is graded for: twelve criteria over fourteen issues in one record.

Three criteria are critical: a penicillin due in a quarter of an hour for somebody with a severe penicillin allergy, a
glucose of 3.6 on a diabetic tablet and nothing by mouth, and a patient who gets worse with nobody looking (the score
that is three points too low, or the observations that are late: either will do, because either brings help). Finding
ten is a criterion of its own. A list that flags everything loses more than the fifth that may be lost.
"""

from grading.concerns import Key, issue
from grading.rubric import Rubric

PATIENT = "salako-abiodun"
CLERKING, OPERATION = "note/2026-03-09T05:00", "note/2026-03-09T12:10"
COSTA, NIGHT, ROUND = "note/2026-03-11T16:45", "note/2026-03-12T06:40", "note/2026-03-12T12:25"
ASSISTANT, HANDOVER = "note/2026-03-12T13:10", "note/2026-03-12T13:40"

ISSUES = {
    "penicillin": issue(
        "co-amoxiclav with a penicillin allergy",
        f"order/co-amoxiclav allergy/penicillin {ROUND} {HANDOVER} absent/told",
        "allergy change conflict interaction",
        r"allerg|penic|co-?amox|amoxi|augment|anaphyl|antibio",
    ),
    "glucose": issue(
        "glucose 3.6 after gliclazide",
        f"result/capillary-glucose order/gliclazide problem/diabetes {ASSISTANT} order/home-gliclazide? absent/told",
        "result change dose interaction monitoring missing conflict",
        r"gluc|sugar|hypo|\bbm\b|gliclaz|dextro|3\.6|diabet",
    ),
    "confusion": issue(
        "new confusion charted as alert",
        f"observation/consciousness observation/news2 {NIGHT} {HANDOVER} absent/told problem/hearing?",
        "monitoring result conflict missing change",
        r"confus|muddl|delir|news|acvpu|consc|score|4at|\balert\b|drows|sleepy|escalat|emergency|\bmet\b",
    ),
    "observations": issue(
        "no observations since 08:00",
        f"absent/observations observation/news2 observation/rr observation/spo2 observation/sbp observation/pulse"
        f" observation/temperature {ASSISTANT} {HANDOVER}",
        "monitoring missing conflict result",
        r"\bobs\b|observ|news|vital|hourly|score|measur",
    ),
    "urine": issue(
        "little urine, told to nobody",
        f"{NIGHT} {ASSISTANT} device/catheter result/creatinine result/egfr? result/urea? absent/told",
        "monitoring result conflict missing",
        r"urin|output|\bml\b|fluid|oligur|kidney|renal|creat|\baki\b|bladder",
    ),
    "unsigned": issue(
        "enoxaparin not signed for",
        "order/enoxaparin absent/dose absent/prevention?",
        "missing monitoring conflict change",
        r"enox|clot|vte|heparin|clexane|sign|dose|given",
    ),
    "twice": issue(
        "paracetamol from two orders",
        "order/paracetamol order/paracetamol-iv",
        "duplicate dose change",
        r"parac|two|both|twice|dupl|stop",
    ),
    "catheter": issue(
        "the catheter that should be out",
        f"device/catheter {OPERATION} {HANDOVER} {ASSISTANT}",
        "device change missing conflict monitoring",
        r"cathet|twoc|bladder|\bout\b|remov|still need",
    ),
    "skin": issue(
        "a red sacrum that does not go white",
        f"{NIGHT} {HANDOVER} absent/skin absent/prevention {CLERKING}",
        "missing conflict monitoring",
        r"skin|sacr|sore|pressure|turn|mattress|ulcer|heel|waterlow|braden|reposition|\bsides?\b|category",
    ),
    "cannula": issue(
        "the old cannula, red and sore",
        f"device/cannula {ASSISTANT} {COSTA} {CLERKING}",
        "device change monitoring conflict missing",
        r"cannul|drip|venfl|vein|phleb|\bvip\b|left arm|forearm|\bpvc\b",
    ),
    "falls": issue(
        "falls risk still low",
        f"{NIGHT} {HANDOVER} {CLERKING} absent/prevention absent/check",
        "missing monitoring conflict",
        r"fall|rail|low bed|bed low|hearing|supervis|one.to.one|1:1|watch",
    ),
    "food": issue(
        "nil by mouth, and fed",
        f"{ASSISTANT} {ROUND} {HANDOVER} absent/told absent/nutrition problem/ileus device/gastric-tube",
        "conflict missing change monitoring",
        r"\bnil\b|\bnbm\b|food|\beat|\bate\b|soup|yog|menu|drink|mouth|aspirat|kitchen|sign|card",
    ),
    "wristband": issue(
        "no wristband",
        f"device/wristband front/identity {COSTA}",
        "identity device missing conflict",
        r"band|identi|wrist|label",
    ),
    "stoma": issue(
        "a dusky stoma, told to nobody",
        f"device/drain {NIGHT} {ROUND} absent/told problem/diverticulitis absent/check",
        "monitoring result conflict missing device change",
        r"stoma|dusky|purple|colost|surg|isch",
    ),
}
WORSE = ("confusion", "observations")
WATCHING, MEDICINES = ("confusion", "observations", "urine"), ("unsigned", "twice")
BEDSIDE, TOLD = ("catheter", "skin", "cannula", "falls"), ("food", "wristband", "stoma")
#: What looks odd and is right, and why.
RIGHT = {
    "order/home-metformin": "held on purpose for the operation, and his kidneys are worse since.",
    "order/home-ramipril": "held on purpose, with a pressure of 108 and worse kidneys.",
    "order/home-atorvastatin": "can rest while he takes nothing by mouth.",
    "order/gentamicin": "stopped on purpose because of the creatinine; what took its place is the trouble.",
    "result/gentamicin-level": "0.8 before the dose: in range.",
    "order/metronidazole": "goes on, into the vein, as it should.",
    "order/hartmanns": "the fluid for somebody who is nil by mouth.",
    "result/haemoglobin": "138 to 118 over an operation and a lot of fluid, and steady for two days.",
    "result/hba1c": "57: his diabetes of the last months, nothing for today.",
    "result/lactate": "one value, on arrival, before the operation.",
    "result/potassium": "in range.",
    "result/amylase": "in range.",
    "result/crp": "264, 231, 214: falling after the operation, as it should.",
    "front/weight": "82 kg, measured on the day he came.",
    "front/resuscitation": "full, and nothing in the record says otherwise.",
    "problem/hypertension": "true, and its tablet rests.",
}
TABS = ("summary", "problems", "allergies", "medicines", "administration", "results", "observations", "notes")
ORDER, AGAINST, ABSENT, ODD, ACTS = (
    "Part by part, in the same order",
    "Hold one part against another",
    "What is not there",
    "Odd, and right",
    "How soon, and what you do",
)

KEY = Key(PATIENT, ISSUES, RIGHT)
rubric = Rubric()


@rubric.criterion(
    "parts",
    points=3,
    objective="read-in-order",
    title="Read every part of the record",
    met="You opened every part. Five minutes of reading, and the shift looks different from the handover.",
    missed="Some parts of the record were never opened. The handover sounded complete and was not: the allergy, the"
    " score, the dose that is not signed for and the glucose stand in five different places. Next time: the same"
    " order every time, before you go to the bed.",
    read=ORDER,
)
def _(session):
    return KEY.opened(session, TABS)


@rubric.criterion(
    "penicillin",
    points=2,
    objective="find-the-issues",
    title="The antibiotic of 14:00 is a penicillin",
    critical=True,
    met="You stopped the first dose: co-amoxiclav is a penicillin, and his lips swelled up within the hour in 2003.",
    missed="Co-amoxiclav is amoxicillin with clavulanic acid, a penicillin. His allergy is coded and severe: hives"
    " all over and swollen lips within the hour. The handover says none, the doctor wrote between theatre cases,"
    " and the first dose is due in a quarter of an hour. You are the last person who can read it. Next time: the"
    " banner before every new antibiotic, and what class it is in.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, "penicillin")


@rubric.criterion(
    "glucose",
    points=2,
    objective="find-the-issues",
    title="Glucose 3.6 after a tablet that lowers it",
    critical=True,
    met="You put three things together: nil by mouth, gliclazide at 08:10, glucose 3.6 at noon and no answer to it.",
    missed="He is nil by mouth, was given gliclazide at 08:10, and his glucose went 7.2, 6.1, 5.2, 3.6. It was put"
    " on the chart at noon and nobody treated or repeated it; since then he has been 'sleepy after lunch'."
    " Gliclazide goes on working for hours. Treat it now, into the vein, repeat it, stop the tablet. Next time:"
    " ask of a low number who has answered it.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, "glucose")


@rubric.criterion(
    "worse",
    points=2,
    objective="find-the-issues",
    title="He is getting worse, and nobody is looking",
    critical=True,
    met="You saw that he is the sickest patient of the shift, whatever the handover says.",
    missed="He has been muddled since 03:00, which is charted as alert: his NEWS2 at 08:00 is 8 and not 5. Hourly"
    " observations were due even for the 5; there has been none for nearly six hours, because he was sleepy. Go to"
    " him now, measure, score, and call the emergency team if it is still 7 or more. Next time: read the word"
    " 'muddled' as 3 points.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, *WORSE)


@rubric.criterion(
    "watching",
    points=3,
    objective="find-the-issues",
    title="The signs, put together",
    met="The score, the hours without observations, the urine: you have all three, and together they are one story.",
    missed="Three signs stand in three places: new confusion charted as alert, no observations since 08:00, and"
    " urine of 210 mL in eight hours and 110 mL in five, at 82 kg well under half a millilitre for each kg and"
    " hour, while the creatinine goes from 96 to 129. Each was seen by somebody. Next time: when one sign is off,"
    " look for the other two.",
    read=AGAINST,
)
def _(session):
    return KEY.found(session, *WATCHING)


@rubric.criterion(
    "medicines",
    points=2,
    objective="find-the-issues",
    title="What the chart of doses shows",
    met="You read the chart of doses: one that is not signed for, and two orders for the same medicine.",
    missed="Yesterday's enoxaparin of 18:00 is not signed for and has no reason beside it: given, or not? Ask the"
    " nurse, then the doctor. And paracetamol stands there twice: 1 g into the vein at 06:30 and 1 g by mouth at"
    " 08:10, 5 g in 20 hours. Next time: read the chart of doses across, day by day, and look for the gap and for"
    " the same name twice.",
    read=ABSENT,
)
def _(session):
    return KEY.found(session, *MEDICINES)


@rubric.criterion(
    "bedside",
    points=4,
    objective="find-the-issues",
    title="Catheter, skin, cannula, falls",
    met="You have the four things that a patient gets from being in hospital.",
    missed="Four things that nobody owns: the catheter was to come out yesterday morning; the sacrum is red and"
    " does not go white; the old cannula on the left is in its fourth day, unused, with a sore red vein; the falls"
    " risk still says low for a man with his legs over the rail. The handover says skin fine, low falls risk: it"
    " is the admission, copied. Next time: four words at every start of shift: lines, catheter, skin, falls.",
    read=ABSENT,
)
def _(session):
    return KEY.found(session, *BEDSIDE)


@rubric.criterion(
    "told",
    points=3,
    objective="find-the-issues",
    title="What somebody saw and nobody was told",
    met="You found what stopped at one person: the soup, the wristband on the locker, the stoma at 05:50.",
    missed="Three things were seen and went no further. The stoma was dusky purple, cool and empty at 05:50; no"
    " surgeon knows, and the round did not look. He is nil by mouth with a draining tube, and had soup at 12:15,"
    " because the menu card was on the table and he had no hearing aids in. His wristband has lain on the locker"
    " since yesterday. Next time: ask of each thing in a note who was told.",
    read=AGAINST,
)
def _(session):
    return KEY.found(session, *TOLD)


@rubric.criterion(
    "ten",
    points=4,
    objective="find-the-issues",
    title="At least 10 of the 14",
    met="Ten or more: well above what clinicians found in the studies. Now look which ones got past you.",
    missed="Fewer than ten of the fourteen are on the list. In a study nurses found three in ten and doctors four,"
    " so you are in good company; it is the record that is hard to read, and a method helps. Next time: part by"
    " part, then hold the parts against each other, then go through what should be there.",
    read=ORDER,
)
def _(session):
    return KEY.enough(session, 10)


@rubric.criterion(
    "few-false",
    points=8,
    objective="leave-what-is-right",
    title="Left alone what is right",
    met="Your list holds what matters and little else. The doctor you ring will listen.",
    missed="The list is too short to be judged, or holds too much that is right: treatment chosen on purpose, with"
    " the reason in the record. Each false alarm takes a minute from a true one, and after the third nobody"
    " listens. Next time: before you write it down, look once for the note that explains it.",
    read=ODD,
)
def _(session):
    return KEY.precision(session, enough=10)


@rubric.criterion(
    "urgent-first",
    points=3,
    objective="end-with-acts",
    title="What can't wait stands first",
    met="The antibiotic, the glucose, the score and the stoma are for now, and the top of your list is short enough"
    " to be done.",
    missed="The order of the list does not say where to begin. Now: go to the bed, observations and glucose, the"
    " antibiotic stopped, the surgeon rung about the stoma, a wristband before any dose. The catheter, the skin"
    " and the falls risk come in this shift, but after these. Next time: ask of each line what happens if it is"
    " done in six hours.",
    read=ACTS,
)
def _(session):
    now, today = ("penicillin", "glucose", "stoma"), ("confusion", "observations", "wristband", "urine", "food")
    return KEY.urgency(session, now, today)


@rubric.criterion(
    "acts",
    points=3,
    objective="end-with-acts",
    title="Every concern ends in an act",
    met="Your lines say what you would do, to what, or whom you would ring. The next nurse could carry them out.",
    missed="Not every concern that counts says what would be done. 'Noted' and 'please review' hand the thinking"
    " on. Next time: begin the line with a verb: hold, treat, measure, ring, take out.",
    read=ACTS,
)
def _(session):
    return KEY.acts(session, enough=6)
