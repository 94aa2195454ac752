from grading.rubric import Finding, Rubric

rubric = Rubric()


@rubric.criterion(
    "said-yes", points=1, objective="say-so", title="Said yes", met="You said yes.", missed="Say yes.", read="Say so"
)
def _(session):
    said = session.state.answers.get("ready")
    return Finding(said == "yes", f"You said: {said}" if said else "You said nothing.")
