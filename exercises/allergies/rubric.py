"""What coding is graded for: eight stories, of which seven belong on a list, and three orders that the lists meet.

The list as it stands at the hand-in counts; changing one's mind is part of the work. Two criteria are critical, because
the next order hangs on them: hives after amoxicillin coded as a penicillin allergy, and a swollen tongue after ramipril
coded as a severe allergy to ACE inhibitors.
"""

from grading.rubric import Finding, Rubric
from simemr.domain.actions.allergies import CHOICES, OTHERS, REACTIONS, Coding, alerts_for, trial_of

FATEMA, YOUNGER, SILVA, OLDER = "rahman-fatema", "doyle-patrick-1976", "silva-joao", "doyle-patrick-1948"
KAVANAGH, NOVAK, HADDAD, PROSSER = "kavanagh-margaret", "novak-irena", "haddad-nadia", "prosser-rhys"

#: What may stand as the details of each entry: severity, certainty, source. Several answers can be defended.
DETAILS = {
    FATEMA: ({"mild", "moderate"}, {"confirmed"}, {"letter", "patient"}),
    YOUNGER: ({"mild", "moderate"}, {"confirmed", "unconfirmed"}, {"patient"}),
    OLDER: ({"severe"}, {"confirmed"}, {"letter", "patient"}),
    KAVANAGH: ({"mild", "moderate"}, {"confirmed", "unconfirmed"}, {"letter", "patient"}),
    NOVAK: ({"mild", "moderate"}, {"confirmed", "unconfirmed"}, {"family", "patient"}),
    HADDAD: ({"mild", "moderate"}, {"confirmed"}, {"letter", "note", "patient"}),
    PROSSER: ({"mild", "moderate", "severe"}, {"confirmed", "unconfirmed"}, {"patient"}),
}
#: What should become of each prepared order, and whether an alert about an allergy should stop it.
ORDERS = {"flucloxacillin": ("stop", True), "codeine": ("stop", True), "co-amoxiclav": ("go-on", False)}

CODES, KINDS, LEAVE, FIRES = (
    "Code what decision support can read",
    "Allergy or intolerance",
    "What does not belong on the list",
    "See what fires",
)

rubric = Rubric()


def entries(session, patient: str):
    """The patient's coded list."""
    return session.patient(patient).allergies


def listed(session, patient: str) -> str:
    """The list in words."""
    person = session.patient(patient)
    if not person.allergies:
        return f"{person.display_name}: {person.allergy_status}."
    made = "; ".join(f"{a.substance}, {a.type}, {a.reaction}, {a.severity}" for a in person.allergies)
    return f"{person.display_name}: {made}."


def other(key: str) -> str:
    """How a substance outside the formulary stands on the list."""
    return OTHERS[key].partition(" (")[0]


def found(session, patient: str, *, class_: str = "", substance: str = ""):
    """The entry of that class or substance, or None."""
    for entry in entries(session, patient):
        if (class_ and entry.class_ == class_) or (substance and entry.substance == substance):
            return entry
    return None


def reacted(entry, *keys: str) -> bool:
    return entry is not None and entry.reaction in {REACTIONS[key] for key in keys}


# ---------------------------------------------------------------------------------------------------------------
# the stories


@rubric.criterion(
    "penicillin",
    points=4,
    objective="code-the-reaction",
    title="Coded Fatema Rahman's hives as an allergy to penicillins",
    critical=True,
    met="Hives within the hour after amoxicillin stand as an allergy to the penicillins, so flucloxacillin is caught"
    " too.",
    missed="Hives from head to foot an hour after amoxicillin are an allergy, and to the whole class:"
    " flucloxacillin, co-amoxiclav and piperacillin are its relatives. Coded by the one name, or as an intolerance,"
    " the next of them goes through. Next time: ask 'what else is of this kind?' and code the class where there is"
    " one.",
    read=CODES,
)
def _(session):
    entry = found(session, FATEMA, class_="penicillin")
    good = entry is not None and entry.type == "allergy" and reacted(entry, "hives", "rash")
    return Finding(good, listed(session, FATEMA))


@rubric.criterion(
    "angioedema",
    points=4,
    objective="code-the-reaction",
    title="Coded the older Mr Doyle's swollen tongue as a severe allergy to ACE inhibitors",
    critical=True,
    met="A swollen tongue after ramipril stands as severe, and for all ACE inhibitors: none of the cousins gets"
    " through.",
    missed="A tongue that swells on ramipril can close the airway, and every ACE inhibitor can do it again. It has"
    " to stand as severe, for the class, and as an allergy: an intolerance would tell the next prescriber that it"
    " may be tried. Next time: swelling of lips, tongue or throat is severe even when it ended well.",
    read=KINDS,
)
def _(session):
    entry = found(session, OLDER, class_="ace-inhibitor")
    good = entry is not None and entry.type == "allergy" and entry.severity == "severe"
    return Finding(good and reacted(entry, "angioedema", "anaphylaxis"), listed(session, OLDER))


@rubric.criterion(
    "cough",
    points=3,
    objective="tell-apart",
    title="Coded Mrs Kavanagh's cough as an intolerance of ACE inhibitors",
    met="A dry cough on lisinopril is a side effect of the class: an intolerance. The same class, and another story"
    " than a swollen tongue.",
    missed="A dry cough that comes with an ACE inhibitor and goes without it is a known side effect, and no allergy."
    " Coded as an allergy it frightens; not coded at all, she coughs again. It is the class that does it, not"
    " lisinopril alone. Next time: cough is an intolerance, swelling is an allergy; write which.",
    read=KINDS,
)
def _(session):
    entry = found(session, KAVANAGH, class_="ace-inhibitor")
    good = entry is not None and entry.type == "intolerance" and reacted(entry, "cough")
    return Finding(good, listed(session, KAVANAGH))


@rubric.criterion(
    "codeine",
    points=3,
    objective="tell-apart",
    title="Coded the younger Mr Doyle's codeine as an intolerance",
    met="Three exclamation marks, and a side effect: you asked, and coded vomiting as an intolerance.",
    missed="He throws up with codeine, every time, without rash, swelling or wheeze: an intolerance, whatever the"
    " red pen says. Coded as an allergy it can keep every opioid from him one day when he needs one. Next time: ask"
    " what happened before you believe the capitals.",
    read=KINDS,
)
def _(session):
    entry = found(session, YOUNGER, class_="opioid", substance="Codeine")
    good = entry is not None and entry.type == "intolerance" and reacted(entry, "vomiting")
    return Finding(good, listed(session, YOUNGER))


@rubric.criterion(
    "things",
    points=4,
    objective="code-the-reaction",
    title="Coded latex and contrast, which are no medicines",
    met="Latex and contrast stand on the list. No formulary knows them; theatre and the CT department will look.",
    missed="Ms Novák's hands react to latex, Mrs Haddad had weals after contrast. Neither is a medicine on the drug"
    " list, and so both live in slips and memories until somebody reaches for the gloves or books the scan. Next"
    " time: ask about gloves, plasters, foods and the dye, and choose the entry for it.",
    read=CODES,
)
def _(session):
    latex = found(session, NOVAK, substance=other("latex"))
    dye = found(session, HADDAD, substance=other("iodinated-contrast"))
    good = [
        latex is not None and latex.type == "allergy" and reacted(latex, "contact-rash", "rash", "hives"),
        dye is not None and dye.type == "allergy" and reacted(dye, "hives", "rash"),
    ]
    return Finding(sum(good) / 2, f"{listed(session, NOVAK)} {listed(session, HADDAD)}")


@rubric.criterion(
    "sulfites",
    points=3,
    objective="leave-out",
    title="Told Mr Prosser's sulfites from a sulfonamide",
    met="Sulfites, for his chest. No sulfonamide on the list, and his ibuprofen still there.",
    missed="'Sulpha' with a question mark was sulfites: a preservative in wine and dried fruit, which has nothing to"
    " do with sulfonamide antibiotics. He has asthma, so it matters; a sulfonamide entry would keep a good"
    " antibiotic from him for no reason. His ibuprofen entry has to stay. Next time: when two words sound alike, let"
    " the patient finish the sentence.",
    read=LEAVE,
)
def _(session):
    entry = found(session, PROSSER, substance=other("sulfites"))
    wrong = found(session, PROSSER, substance=other("sulfonamide-antibiotics"))
    kept = found(session, PROSSER, class_="nsaid")
    good = reacted(entry, "wheeze", "anaphylaxis") and wrong is None and kept is not None
    return Finding(good, listed(session, PROSSER))


@rubric.criterion(
    "mother",
    points=3,
    objective="leave-out",
    title="Kept his mother's allergy off Mr Silva's list, and wrote that he was asked",
    met="It is his mother's. His list says that he was asked and has none, so nobody need ask again in fear.",
    missed="The penicillin allergy is his mother's. He took amoxicillin for a week last summer. On his list it would"
    " keep the best antibiotics from him for life. But an empty list is not an answer either: it reads 'nobody has"
    " asked'. Next time: leave the relative out, and record that you asked.",
    read=LEAVE,
)
def _(session):
    person = session.patient(SILVA)
    return Finding(not person.allergies and person.allergy_status == "none known", listed(session, SILVA))


@rubric.criterion(
    "details",
    points=3,
    objective="code-the-reaction",
    title="Gave severity, certainty and source as the stories tell them",
    met="Severity, certainty and source are those of the stories. Whoever reads the entry in ten years can weigh it.",
    missed="Some entries say more, or less, than their story. Hives that went within a day are not severe, whatever"
    " they looked like; a tongue that swells is. A reaction that a doctor saw is confirmed. The source is who tells"
    " you: the letter, the patient, the daughter. Next time: three questions for each entry: how bad, how sure, says"
    " who?",
    read=CODES,
)
def _(session):
    share, texts = 0.0, []
    for patient, allowed in DETAILS.items():
        for entry in entries(session, patient):
            if not entry.source:
                continue  # an entry that was there before
            facts = (entry.severity, entry.certainty, entry.source)
            good = sum(fact in some for fact, some in zip(facts, allowed, strict=True))
            share += good / 3
            texts.append(f"{entry.substance}: {', '.join(facts)} ({good} of 3)")
            break
    return Finding(share / len(DETAILS), "; ".join(texts) + "." if texts else "Nothing was coded.")


# ---------------------------------------------------------------------------------------------------------------
# the orders


def stopped(session, trial: str) -> bool:
    """Whether an alert about an allergy stops the order, with the list as it stands now."""
    alerts = alerts_for(session, trial_of(session, trial))
    return any(alert.hazard == "allergy" and alert.interrupts for alert in alerts)


@rubric.criterion(
    "fires",
    points=3,
    objective="see-what-fires",
    title="Looked at what each prepared order meets",
    met="You tried all three orders against your own coding. Two met an alert, one did not, and all three were right.",
    missed="Each of the three orders should have been tried with a list that does its work: flucloxacillin and"
    " codeine stopped, co-amoxiclav for Mr Silva let through. Decision support fires for what was coded, and for"
    " nothing else. Next time: after you code, try one order that should be stopped and one that should not.",
    read=FIRES,
)
def _(session):
    tried = session.state.part(Coding).tried
    good = [t for t, (_, fires) in ORDERS.items() if t in tried and stopped(session, t) == fires]
    met = {t: "not tried" if t not in tried else "stopped" if stopped(session, t) else "no alert" for t in ORDERS}
    text = " ".join(f"{trial.capitalize()}: {said}." for trial, said in met.items())
    return Finding(len(good) / len(ORDERS), text)


@rubric.criterion(
    "decided",
    points=3,
    objective="see-what-fires",
    title="Stopped two orders and let one go on",
    met="You stopped the flucloxacillin and the codeine, and let Mr Silva have his co-amoxiclav.",
    missed="Flucloxacillin is a penicillin and codeine makes him vomit for half a day: both have alternatives, so"
    " stop and ask. Co-amoxiclav is right for Mr Silva, who has no allergy at all. Next time: an alert asks a"
    " question; so does its silence.",
    read=FIRES,
)
def _(session):
    settled = session.state.part(Coding).settled
    good = [t for t, (choice, _) in ORDERS.items() if settled.get(t) == choice]
    text = " ".join(
        f"{t.capitalize()}: {CHOICES[settled[t]].lower() if t in settled else 'not decided'}." for t in ORDERS
    )
    return Finding(len(good) / len(ORDERS), text)
