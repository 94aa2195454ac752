"""What the doctor's chart review is graded for: twelve criteria over fourteen issues in one record.

Three issues are critical: potassium given into failing kidneys, an antibiotic that the germ does not mind, and a
penicillin for somebody whose face swelled up with one. Finding ten is a criterion of its own. A list that flags
everything loses more than the fifth that may be lost.
"""

from grading.concerns import Key, issue
from grading.rubric import Rubric

PATIENT = "solberg-ingrid"
CLERKING, ROUND_1, DIETITIAN = "note/2026-03-10T03:20", "note/2026-03-10T10:20", "note/2026-03-10T16:30"
PHARMACIST, FAMILY, GERMS = "note/2026-03-11T11:40", "note/2026-03-11T16:50", "note/2026-03-11T18:30"
NIGHT, ROUND = "note/2026-03-12T06:40", "note/2026-03-12T09:40"

ISSUES = {
    "potassium": issue(
        "potassium 5.8 and 40 mmol given again",
        f"result/potassium order/potassium order/fluids? {ROUND} {ROUND_1}",
        "change result dose monitoring conflict interaction",
        r"potas|\bk\b|\bk\+|kcl|5\.8|hyperk",
    ),
    "mrsa": issue(
        "MRSA, resistant to the antibiotic",
        f"{GERMS} order/piperacillin-tazobactam {ROUND} absent/result absent/told absent/medicine result/crp?"
        " result/white-cells? result/neutrophils? observation/temperature? problem/pneumonia?"
        " problem/sepsis? problem/shock?",
        "result change missing conflict monitoring",
        r"mrsa|staph|vanc|linez|teico|resist|sputum|cultur|antibiot|microb",
    ),
    "allergy": issue(
        "a reaction to amoxicillin, and a penicillin given",
        f"allergy/list order/piperacillin-tazobactam {NIGHT} {CLERKING} absent/told",
        "allergy conflict identity change missing",
        r"allerg|amox|penic|anaphyl|swell|swoll|angio",
    ),
    "dose": issue(
        "the antibiotic's dose and the kidneys",
        f"order/piperacillin-tazobactam {PHARMACIST} {ROUND} result/creatinine? result/egfr?"
        " result/urea? problem/kidney?",
        "dose result change monitoring",
        r"pip|taz|tazo|antibio|dos|reduc|adjust|renal|kidney|\bg\b|12.?hour",
    ),
    "double": issue(
        "two stomach protectors",
        "order/omeprazole order/lansoprazole",
        "duplicate change dose",
        r"omep|lanso|ppi|two|both|twice|dupl|stop",
    ),
    "rhythm": issue(
        "QTc 528 with haloperidol and ondansetron",
        f"order/haloperidol order/ondansetron result/magnesium {NIGHT} absent/result",
        "interaction change result monitoring duplicate conflict",
        r"qt|ecg|halop|ondans|magnes|torsad|rhythm|arrhyth",
    ),
    "clots": issue(
        "no prevention of clots",
        f"order/enoxaparin absent/prevention absent/medicine {ROUND_1} {CLERKING}",
        "missing change conflict monitoring",
        r"clot|vte|dvt|thromb|enox|heparin|lmwh|clexane|stocking|sleeve|dalte|tinza|anticoag",
    ),
    "thyroid": issue(
        "levothyroxine not ordered",
        f"order/home-levothyroxine absent/medicine problem/thyroid {PHARMACIST}",
        "missing conflict change",
        r"thyro|levo|\bt4\b",
    ),
    "feed": issue(
        "no feed on day 3",
        f"{DIETITIAN} absent/nutrition device/gastric-tube {NIGHT} absent/check",
        "missing conflict device monitoring change",
        r"feed|fed\b|nutri|diet|\bng\b|calor|stomach",
    ),
    "sedation": issue(
        "deep sedation, never a break",
        f"order/propofol order/alfentanil observation/consciousness {NIGHT} {ROUND} {CLERKING} absent/check",
        "change missing monitoring dose conflict",
        r"sedat|rass|propof|alfent|wake|awak|break",
    ),
    "troponin": issue(
        "troponin 38, 164, 487",
        f"result/troponin absent/result absent/check {ROUND}",
        "result monitoring missing conflict change",
        r"trop|ecg|cardi|infarct|\bmi\b|nstemi|heart|echo|coronar",
    ),
    "weight": issue(
        "570 mL a breath from a guessed weight",
        f"front/weight {PHARMACIST} {CLERKING} {ROUND} device/airway problem/respiratory-failure? observation/rr?",
        "dose identity conflict monitoring device change missing result",
        r"weigh|kg|tidal|volum|ml|plateau|ventil|\bvt\b|pbw|ibw|heigh|predict",
    ),
    "line": issue(
        "the emergency groin line",
        f"device/central-line {CLERKING} {NIGHT} {ROUND}",
        "device change missing conflict monitoring",
        r"line|groin|femoral|cvc|central",
    ),
    "resuscitation": issue(
        "DNACPR signed, and the banner says full",
        f"front/resuscitation {FAMILY} {ROUND} absent/told",
        "identity conflict change missing",
        r"cpr|resus|dnar|dnr|advance|front|banner|decision",
    ),
}
CRITICAL = ("potassium", "mrsa", "allergy")
MEDICINES, LEFT_OUT, NUMBERS = (
    ("dose", "double", "rhythm"),
    ("clots", "thyroid", "feed", "sedation"),
    ("troponin", "weight"),
)
PASSED_ON = ("line", "resuscitation")
#: What looks odd and is right, and why.
RIGHT = {
    "order/home-amlodipine": "left out on purpose, she is on noradrenaline, and the pharmacist says so.",
    "order/clarithromycin": "stopped on purpose when legionella was excluded.",
    "order/hydrocortisone": "the usual dose in septic shock that needs noradrenaline.",
    "order/noradrenaline": "falling from 1,400 to 480 micrograms an hour as the pressure allows.",
    "order/paracetamol": "1 g every 6 hours is right at 66 kg.",
    "order/alfentanil": "it suits failing kidneys better than morphine does.",
    "result/triglycerides": "a little raised, as propofol does; they were checked, and that is all it takes.",
    "result/lactate": "4.6, 3.4, 2.6, 2.1, 1.9: falling, as it should.",
    "result/phosphate": "in range; it was asked for because of the feed.",
    "result/platelets": "falling within the range, with the illness.",
    "result/inr": "in range.",
    "result/glucose": "one value, on arrival, in a very ill patient.",
    "front/identity": "name and number agree everywhere.",
    "problem/hypertension": "true, and its tablet rests while she is in shock.",
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
    met="You opened every part. What is wrong with her stands in eight places, and in most of them only half of it.",
    missed="Some parts of the record were never opened. The round looked whole and was not: the report of the"
    " sputum, the signed decision and the allergy stand in notes that it does not mention, the enoxaparin in the"
    " chart of doses. Next time: the same order every time, and a tick in your head for each part.",
    read=ORDER,
)
def _(session):
    return KEY.opened(session, TABS)


@rubric.criterion(
    "potassium",
    points=2,
    objective="find-the-issues",
    title="Potassium rises, and is given",
    critical=True,
    met="You saw 4.0, 4.5, 4.9, 5.3, 5.8 with kidneys that fail, and 40 mmol that ran in again at 10:00.",
    missed="Potassium went 4.0, 4.5, 4.9, 5.3, 5.8 while her kidneys failed, and at 10:00 she was given another"
    " 40 mmol. It was ordered on the first day, when it was right, and nobody has looked at the order since. The"
    " round writes 'to watch'. This can stop her heart today: stop the potassium, repeat it now, look at the ECG,"
    " treat. Next time: for every result that moves, look for the order that moves it.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, "potassium")


@rubric.criterion(
    "mrsa",
    points=2,
    objective="find-the-issues",
    title="The sputum grows what the antibiotic does not reach",
    critical=True,
    met="You found the report that nobody answered the telephone for: MRSA, resistant to what she is given.",
    missed="Since yesterday 18:30 the record holds a report: MRSA in the sputum, resistant to piperacillin with"
    " tazobactam. The round this morning writes 'cultures: awaited'. It may be why she is slow to turn: three"
    " days without treatment for the germ that is there. Next time: when somebody writes 'awaited', go and look.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, "mrsa")


@rubric.criterion(
    "allergy",
    points=2,
    objective="find-the-issues",
    title="A penicillin reaction that the record does not know",
    critical=True,
    met="You found the daughter's telephone call in the night note. The allergy list still says none known.",
    missed="At 05:30 her daughter rang: lips and face swelled up with amoxicillin. It was 'passed on at handover'"
    " and went no further. The list says none known, from an ambulance crew who had asked a confused woman, and a"
    " penicillin has been given ten times, the last at 09:00. That nothing showed may be luck, or the"
    " hydrocortisone; it does not clear her for the next dose. Next time: look who said 'none known', and what was"
    " said since.",
    read=AGAINST,
)
def _(session):
    return KEY.in_time(session, "allergy")


@rubric.criterion(
    "medicines",
    points=3,
    objective="find-the-issues",
    title="Medicines that do not fit her any more",
    met="You held the medicines against the kidneys, against each other and against the ECG.",
    missed="Three things about medicines: piperacillin with tazobactam goes on in the full dose at an eGFR of 16;"
    " omeprazole into the vein and lansoprazole by the tube do the same; haloperidol and ondansetron, both"
    " regular, with a QTc of 528 ms and a magnesium of 0.71. Each order was right or harmless when it was"
    " written. Next time: ask of every order whether you would write it today.",
    read=AGAINST,
)
def _(session):
    return KEY.found(session, *MEDICINES)


@rubric.criterion(
    "left-out",
    points=4,
    objective="find-the-issues",
    title="What should be there and is not",
    met="You saw what is not there: the hardest thing to see in any record.",
    missed="Four things are missing, and nothing on the screen shows a gap. Enoxaparin was held for a line that"
    " was never placed, and never came back. Levothyroxine, hers since 2004, is not ordered. The tube was"
    " confirmed safe two days ago and no feed has run. The sedation break of every morning has not happened, and"
    " she lies at RASS -4. Next time: go through a list that does not come from the record: feed, pain, sedation,"
    " clots, lines, home medicines.",
    read=ABSENT,
)
def _(session):
    return KEY.found(session, *LEFT_OUT)


@rubric.criterion(
    "numbers",
    points=2,
    objective="find-the-issues",
    title="Numbers that nobody used",
    met="You used two numbers that the notes pass over: the troponin, and the weight from the bed scale.",
    missed="Troponin 38, 164, 487 stands in the results and in nobody's note. And the 95 kg guessed on the trolley"
    " still sets the ventilator: 570 mL a breath, plateau pressure 31. The bed scale says 66.4 kg; lungs go by"
    " height, 162 cm, predicted 54 kg, about 325 mL. Next time: for each number in a note, ask where it came"
    " from; for each abnormal result, ask who has mentioned it.",
    read=AGAINST,
)
def _(session):
    return KEY.found(session, *NUMBERS)


@rubric.criterion(
    "passed-on",
    points=2,
    objective="find-the-issues",
    title="What was written once and went no further",
    met="You found what one person wrote and the next did not read.",
    missed="'Change within 24 hours' was written about the groin line; it is in its third day and the round says"
    " 'lines: fine'. A DNACPR decision was signed yesterday, from her own advance decision; the banner and the"
    " round say full. Tonight somebody would do to her what she has refused. Next time: read the notes backwards"
    " once, and ask of each plan whether it happened.",
    read=AGAINST,
)
def _(session):
    return KEY.found(session, *PASSED_ON)


@rubric.criterion(
    "ten",
    points=4,
    objective="find-the-issues",
    title="At least 10 of the 14",
    met="Ten or more: well above what clinicians found in the studies. Now look which ones got past you.",
    missed="Fewer than ten of the fourteen are on the list. In the studies doctors found about four in ten, so"
    " you are in good company; it is the record that is hard to read, and a method helps. Next time: part by"
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
    met="Your list holds what matters and little else. The next reader will believe it.",
    missed="The list is too short to be judged, or holds too much that is right: treatment chosen on purpose, with"
    " the reason in the record. Each false alarm takes a minute from a true one, and after the third nobody"
    " reads on. Next time: before you write it down, look once for the note that explains it.",
    read=ODD,
)
def _(session):
    return KEY.precision(session, enough=10)


@rubric.criterion(
    "urgent-first",
    points=3,
    objective="end-with-acts",
    title="What can't wait stands first",
    met="Potassium, antibiotic and allergy are for now, and the top of your list is short enough to be done.",
    missed="The order of the list does not say where to begin. Now: the potassium, the antibiotic, the allergy."
    " At the latest today: the ventilator's volume and the resuscitation status. Most of the rest is for today"
    " as well, but after these. Next time: ask of each line what happens if it is done in six hours.",
    read=ACTS,
)
def _(session):
    return KEY.urgency(session, CRITICAL, ("weight", "resuscitation"))


@rubric.criterion(
    "acts",
    points=3,
    objective="end-with-acts",
    title="Every concern ends in an act",
    met="Your lines say what you would do, to what, or whom you would ring. Somebody else could carry them out.",
    missed="Not every concern that counts says what would be done. 'Noted' and 'please review' hand the thinking"
    " on. Next time: begin the line with a verb: stop, start, repeat, ring, take out.",
    read=ACTS,
)
def _(session):
    return KEY.acts(session, enough=6)
