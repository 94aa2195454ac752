from grading.rubric import Finding, Rubric

rubric = Rubric()

WORDS = {"objective": "add-up", "met": "Right.", "missed": "It is something else.", "read": "Adding up"}


@rubric.criterion("gap-marked", points=4, title="Marked the gap", **WORDS)
def _(session):
    return Finding(("b3", "nights") in session.state.flags, "The gap was looked for.")


@rubric.code_criterion("total", cell="count", emits={"total": int}, points=1, title="Added up all", **WORDS)
def _(values):
    return Finding(values["total"] == 24, f"Your total is {values['total']}.")


@rubric.code_criterion(
    "by-ward", cell="count", emits={"by_ward": dict[str, int]}, points=1, title="Added up each ward", **WORDS
)
def _(values):
    return Finding(values["by_ward"] == {"Alder": 8, "Birch": 16}, f"Your wards: {values['by_ward']}.")


@rubric.code_criterion(
    "longest", cell="describe", emits={"longest": str, "mean": float}, points=2, title="Described them", **WORDS
)
def _(values):
    right = (values["longest"] == "b2") + (abs(values["mean"] - 6) < 0.01)
    return Finding(right / 2, f"You say {values['longest']} and {values['mean']:g}.")


@rubric.code_criterion("known", cell="describe", emits={"known": list[bool]}, points=1, title="Saw the gap", **WORDS)
def _(values):
    return Finding(values["known"] == [True, True, True, True, False], f"You say {values['known']}.")
