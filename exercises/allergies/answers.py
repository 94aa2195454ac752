"""A model answer to the eight stories, and wrong ones made of real slips, with the score and the misses of each.

An answer is put together from one step for each patient. Points: 33 in all.
"""

from grading.answers import Wrong, by_steps


def chart(patient):
    return [
        ("open_patient", {"patient": patient}),
        ("confirm_identity", {"patient": patient, "identifiers": ["name", "hospital_number"]}),
    ]


def code(patient, substance, kind, reaction, severity, certainty, source):
    line = {
        "substance": substance,
        "type": kind,
        "reaction": reaction,
        "severity": severity,
        "certainty": certainty,
        "source": source,
    }
    return [*chart(patient), ("record_allergy", {"patient": patient, **line})]


def none(patient):
    return [*chart(patient), ("no_known_allergies", {"patient": patient})]


def settle(trial, choice):
    return [("try_order", {"trial": trial}), ("settle_order", {"trial": trial, "choice": choice})]


FATEMA, YOUNGER, SILVA, OLDER = "rahman-fatema", "doyle-patrick-1976", "silva-joao", "doyle-patrick-1948"
KAVANAGH, NOVAK, HADDAD, PROSSER = "kavanagh-margaret", "novak-irena", "haddad-nadia", "prosser-rhys"

STEPS = {
    "fatema": [
        *code(FATEMA, "class:penicillin", "allergy", "hives", "moderate", "confirmed", "letter"),
        *settle("flucloxacillin", "stop"),
    ],
    "younger": [
        *code(YOUNGER, "medicine:codeine", "intolerance", "vomiting", "moderate", "confirmed", "patient"),
        *settle("codeine", "stop"),
    ],
    "silva": [*none(SILVA), *settle("co-amoxiclav", "go-on")],
    "older": code(OLDER, "class:ace-inhibitor", "allergy", "angioedema", "severe", "confirmed", "letter"),
    "kavanagh": code(KAVANAGH, "class:ace-inhibitor", "intolerance", "cough", "mild", "confirmed", "letter"),
    "novak": code(NOVAK, "other:latex", "allergy", "contact-rash", "mild", "unconfirmed", "family"),
    "haddad": code(HADDAD, "other:iodinated-contrast", "allergy", "hives", "moderate", "confirmed", "letter"),
    "prosser": code(PROSSER, "other:sulfites", "intolerance", "wheeze", "moderate", "unconfirmed", "patient"),
}

answer = by_steps(STEPS)

MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "other details that can be defended": answer(
        younger=[
            *code(YOUNGER, "class:opioid", "intolerance", "vomiting", "mild", "unconfirmed", "patient"),
            *settle("codeine", "stop"),
        ],
        novak=code(NOVAK, "other:latex", "allergy", "rash", "moderate", "unconfirmed", "patient"),
        haddad=code(HADDAD, "other:iodinated-contrast", "allergy", "hives", "mild", "confirmed", "note"),
        prosser=code(PROSSER, "other:sulfites", "allergy", "wheeze", "severe", "unconfirmed", "patient"),
    ),
    "coded the one name, saw no alert, and coded the class": answer(
        fatema=[
            *code(FATEMA, "medicine:amoxicillin", "allergy", "hives", "moderate", "confirmed", "letter"),
            *settle("flucloxacillin", "go-on"),
            ("remove_allergy", {"patient": FATEMA, "substance": "Amoxicillin", "reason": "the class, not one name"}),
            *code(FATEMA, "class:penicillin", "allergy", "hives", "moderate", "confirmed", "letter"),
            *settle("flucloxacillin", "stop"),
        ],
    ),
}

WRONG = {
    "copied the words": Wrong(
        actions=answer(
            fatema=[
                *code(FATEMA, "medicine:amoxicillin", "allergy", "hives", "moderate", "confirmed", "letter"),
                *settle("flucloxacillin", "go-on"),
            ],
            younger=[
                *code(YOUNGER, "medicine:codeine", "allergy", "unknown", "severe", "unconfirmed", "note"),
                *settle("codeine", "stop"),
            ],
            silva=[
                *code(SILVA, "class:penicillin", "allergy", "unknown", "severe", "unconfirmed", "note"),
                *settle("co-amoxiclav", "stop"),
            ],
            older=code(OLDER, "medicine:ramipril", "allergy", "angioedema", "severe", "confirmed", "letter"),
            prosser=code(
                PROSSER, "other:sulfonamide-antibiotics", "allergy", "unknown", "moderate", "unconfirmed", "note"
            ),
        ),
        # cough 3, things 4, details 18 of 21 facts (2.57), fires 1, decided 1
        score=11.57,
        misses={"penicillin", "angioedema", "codeine", "sulfites", "mother", "details", "fires", "decided"},
    ),
    "everything is an allergy": Wrong(
        actions=answer(
            younger=[
                *code(YOUNGER, "class:opioid", "allergy", "vomiting", "moderate", "confirmed", "patient"),
                *settle("codeine", "stop"),
            ],
            kavanagh=code(KAVANAGH, "class:ace-inhibitor", "allergy", "cough", "mild", "confirmed", "letter"),
        ),
        score=33 - 6,
        misses={"codeine", "cough"},
    ),
    "the tongue taken lightly": Wrong(
        actions=answer(
            older=code(OLDER, "class:ace-inhibitor", "intolerance", "angioedema", "moderate", "confirmed", "letter"),
        ),
        # details: one fact of 21
        score=28.86,
        misses={"angioedema", "details"},
    ),
    "only the medicines": Wrong(
        actions=answer(novak=none(NOVAK), haddad=none(HADDAD), prosser=None),
        # things 0, sulfites 0, details 4 of 7 (1.71)
        score=24.71,
        misses={"things", "sulfites", "details"},
    ),
    "nothing known about anybody": Wrong(
        actions=answer(
            fatema=[*none(FATEMA), *settle("flucloxacillin", "go-on")],
            younger=[*none(YOUNGER), *settle("codeine", "go-on")],
            older=none(OLDER),
            kavanagh=none(KAVANAGH),
            novak=none(NOVAK),
            haddad=none(HADDAD),
            prosser=None,
        ),  # fmt: skip
        # the mother's 3, one order of three twice
        score=5,
        misses={
            "penicillin",
            "angioedema",
            "cough",
            "codeine",
            "things",
            "sulfites",
            "details",
            "fires",
            "decided",
        },  # fmt: skip
    ),
}
