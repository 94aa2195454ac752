"""A model answer to the nurse's check, and wrong ones made of real slips, with the score and the misses of each.

An answer is put together from one step for each order, so that a wrong answer is the model with a step or two done
otherwise. Points: 30 in all.
"""

from grading.answers import Wrong, by_steps

IDENTIFIERS = ["name", "born"]

#: Where each order is, and the part of the record that tells most about it.
ORDERS = {
    "flucloxacillin": ("okonkwo-daniel", "notes"),
    "co-amoxiclav": ("marsh-eleanor", "allergies"),
    "furosemide": ("marsh-elaine", "results"),
    "paracetamol-vein": ("bannerman-rose", "notes"),
    "senna": ("silva-joao", "medicines"),
    "paracetamol-mouth": ("silva-joao", "notes"),
    "isosorbide": ("novak-irena", "notes"),
    "propranolol": ("prosser-rhys", "problems"),
    "colchicine": ("desai-vikram", "results"),
    "gentamicin": ("haddad-nadia", "notes"),
}


def chart(order, look=True):
    """Open the record, confirm who it is, and look at the part that tells most before coming back to the order."""
    patient, tab = ORDERS[order]
    found = [
        ("open_patient", {"patient": patient}),
        ("confirm_identity", {"patient": patient, "identifiers": IDENTIFIERS}),
    ]
    return found + [("open_tab", {"tab": tab}), ("open_tab", {"tab": "orders"})] * look


def accept(order, look=True):
    return [*chart(order, look), ("accept_order", {"order": order})]


def challenge(order, hazard, note):
    return [*chart(order), ("challenge_order", {"order": order, "hazard": hazard, "note": note})]


STEPS = {
    "flucloxacillin": accept("flucloxacillin"),
    "co-amoxiclav": challenge(
        "co-amoxiclav",
        "allergy",
        "Co-amoxiclav is a penicillin; she had anaphylaxis to amoxicillin in 2009. Please choose another antibiotic.",
    ),
    "furosemide": accept("furosemide"),
    "paracetamol-vein": challenge(
        "paracetamol-vein",
        "single-dose",
        "She weighs 44 kg: at 15 mg/kg the most is 660 mg a dose. Please change the dose.",
    ),
    "senna": accept("senna"),
    "paracetamol-mouth": accept("paracetamol-mouth"),
    "isosorbide": challenge(
        "isosorbide",
        "route",
        "Modified release, must not be crushed for the tube. Plain form in divided doses, please.",
    ),
    "propranolol": challenge(
        "propranolol", "diagnosis", "He is in with severe asthma: a beta-blocker can close his airways. Please stop it."
    ),
    "colchicine": accept("colchicine"),
    "gentamicin": accept("gentamicin"),
}

answer = by_steps(STEPS)

MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "the other hazards that fit, in plainer words": answer(
        co_amoxiclav=challenge("co-amoxiclav", "allergy", "allergic to penicillin!! please change"),
        paracetamol_vein=challenge("paracetamol-vein", "daily-dose", "4 g a day is too much at her weight"),
        isosorbide=challenge("isosorbide", "route", "cant crush MR tablets"),
        propranolol=challenge("propranolol", "interaction", "works against his salbutamol inhaler"),
    ),
    "accepted first, thought again, and challenged": answer(
        propranolol=accept("propranolol")
        + [
            (
                "challenge_order",
                {"order": "propranolol", "hazard": "diagnosis", "note": "Sorry, he has asthma. Not safe."},
            )
        ],
    ),
}

WRONG = {
    "accepted everything": Wrong(
        actions=answer(**{order: accept(order) for order in ORDERS}),
        # answered 2, looked 3, alarming 6, plain 3
        score=14,
        misses={"penicillin", "beta-blocker", "weight", "tube", "hazards", "words"},
    ),
    "challenged everything, with 'please review'": Wrong(
        actions=answer(**{order: challenge(order, "interaction", "Please review this order.") for order in ORDERS}),
        # answered 2, the four stops 8, and one hazard of four (the inhalers)
        score=11,
        misses={"looked", "hazards", "words", "alarming", "plain"},
    ),
    "frightened by the word penicillin and by the big dose": Wrong(
        actions=answer(
            flucloxacillin=challenge("flucloxacillin", "allergy", "Penicillin allergy in the record."),
            gentamicin=challenge("gentamicin", "single-dose", "320 mg looks like a lot."),
        ),
        # alarming 2 of 4
        score=27,
        misses={"alarming"},
    ),
    "the name hid the penicillin": Wrong(
        actions=answer(co_amoxiclav=accept("co-amoxiclav")),
        score=26,
        misses={"penicillin", "hazards", "words"},
    ),
    "signed off from the list, then went home": Wrong(
        actions=answer(
            furosemide=accept("furosemide", look=False),
            senna=accept("senna", look=False),
            paracetamol_mouth=[("accept_order", {"order": "paracetamol-mouth"})],
            isosorbide=None,
            propranolol=None,
            colchicine=None,
            gentamicin=None,
        ),
        # looked 1 of 4, two stops of four, half the hazards and words, alarming 2 of 4, plain 3
        score=0.75 + 4 + 2 + 2 + 3 + 3,
        misses={"answered", "looked", "beta-blocker", "tube", "hazards", "words", "alarming"},
    ),
    "stopped the right ones and could not say why": Wrong(
        actions=answer(
            paracetamol_vein=challenge("paracetamol-vein", "age", "please review"),
            isosorbide=challenge("isosorbide", "interaction", "please check with pharmacy"),
        ),
        score=26,
        misses={"hazards", "words"},
    ),
}
