"""A model answer to the orientation tour, and the slips people really make, each with the score it must get."""

from grading.answers import Wrong

IDENTIFIERS = ["name", "born"]

MODEL = [
    ("open_patient", {"patient": "marsh-eleanor"}),
    ("confirm_identity", {"patient": "marsh-eleanor", "identifiers": IDENTIFIERS}),
    ("open_tab", {"tab": "results"}),
    ("write_note", {"patient": "marsh-eleanor", "text": "Laboratory rang: potassium 5.6 mmol/L. Doctor told."}),
    ("hand_in", {}),
]

WRONG = {
    "the other Mrs Marsh": Wrong(
        actions=[
            ("open_patient", {"patient": "marsh-elaine"}),
            ("confirm_identity", {"patient": "marsh-elaine", "identifiers": IDENTIFIERS}),
            ("write_note", {"patient": "marsh-elaine", "text": "Laboratory rang about the potassium."}),
            ("hand_in", {}),
        ],
        score=1,
        misses={"right-record", "two-identifiers", "note"},
    ),
    "looked but did not write": Wrong(
        actions=[
            ("open_patient", {"patient": "marsh-eleanor"}),
            ("open_tab", {"tab": "results"}),
            ("hand_in", {}),
        ],
        score=2,
        misses={"two-identifiers", "note"},
    ),
    "a note that says nothing, left without handing in": Wrong(
        actions=[
            ("open_patient", {"patient": "marsh-eleanor"}),
            ("confirm_identity", {"patient": "marsh-eleanor", "identifiers": ["born", "hospital_number"]}),
            ("write_note", {"patient": "marsh-eleanor", "text": "Call taken."}),
        ],
        score=2,
        misses={"note", "handed-in"},
    ),
}
