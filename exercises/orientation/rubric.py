"""What the orientation tour looks for: the right record, two identifiers, a note that says why."""

from grading.rubric import Finding, Rubric

PATIENT = "marsh-eleanor"
IDENTIFIERS = {"name": "full name", "born": "date of birth", "hospital_number": "hospital number"}
rubric = Rubric()


@rubric.criterion(
    "right-record",
    points=1,
    objective="find-a-patient",
    title="Opened the right record",
    met="You found Eleanor Marsh among two patients of that name. The date of birth told them apart.",
    missed="The record of Mrs Eleanor Marsh, born 12 March 1952, was not opened. Another Mrs Marsh lies one bed away:"
    " the date of birth in the banner tells them apart.",
    read="Find a patient",
)
def _(session):
    opened = session.count("open_patient", patient=PATIENT)
    times = "once" if opened == 1 else f"{opened} times"
    return Finding(opened > 0, f"You opened her record {times}." if opened else "Her record was never opened.")


@rubric.criterion(
    "two-identifiers",
    points=1,
    objective="find-a-patient",
    title="Confirmed her identity before writing",
    met="Two identifiers, neither of them the bed: that is the habit that prevents wrong-patient entries.",
    missed="Before anything is written, two identifiers are checked: name, date of birth or hospital number."
    " Never the bed: patients move.",
    read="Find a patient",
)
def _(session):
    used = [IDENTIFIERS[name] for name in session.state.confirmed.get(PATIENT, ())]
    return Finding(len(used) >= 2, f"You used: {', '.join(used)}." if used else "You used none.")


@rubric.criterion(
    "note",
    points=1,
    objective="save-and-hand-in",
    title="Wrote the note in her record",
    met="The note says what the call was about, so the next person need not ask.",
    missed="A note in her record that names the potassium was not found. A line is enough: what was said, and what"
    " you do next.",
    read="Save and hand in",
)
def _(session):
    texts = [note.text for patient, note in session.state.notes if patient == PATIENT]
    named = any("potassium" in text.lower() or "k+" in text.lower() for text in texts)
    return Finding(named, f"You wrote: “{texts[-1]}”" if texts else "No note was written in her record.")


@rubric.criterion(
    "handed-in",
    points=1,
    objective="save-and-hand-in",
    title="Handed in",
    met="You handed in. You can do so as often as you like: the best attempt counts.",
    missed="The exercise was not handed in with the button.",
    read="Save and hand in",
)
def _(session):
    return Finding(session.state.handed_in, "Handed in." if session.state.handed_in else "Not handed in.")
