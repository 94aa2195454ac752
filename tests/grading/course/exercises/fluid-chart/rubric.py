from grading.rubric import Finding, Rubric

rubric = Rubric()


@rubric.criterion(
    "slip-marked",
    points=2,
    objective="spot-the-slip",
    title="Marked the entry of 15,000 ml",
    met="You marked the entry that cannot be right.",
    missed="Fifteen litres in one entry cannot be right.",
    read="When in doubt",
    critical=True,
)
def _(session):
    flag = session.state.flags.get(("e3", "in_ml"))
    if flag is None:
        return Finding(0, "Entry e3 was not marked.")
    return Finding(1, f"Entry e3 was marked as {flag.kind}, to {flag.decision}.")


@rubric.criterion(
    "slip-asked",
    points=1,
    objective="spot-the-slip",
    title="Asked about it",
    met="You asked, rather than guessed.",
    missed="Ask the person who wrote it: you cannot know what was meant.",
    read="When in doubt",
)
def _(session):
    decided = [flag.decision for flag in session.state.flags.values()]
    return Finding("ask" in decided, f"You decided: {', '.join(decided) or 'nothing'}.")


@rubric.criterion(
    "balance",
    points=2,
    objective="add-up",
    title="Added up the rest",
    met="100 ml is right.",
    missed="Without the wrong entry the balance is 450 in less 350 out: 100 ml.",
    read="Adding up",
)
def _(session):
    given = session.state.answers.get("balance")
    if given is None:
        return Finding(0, "No balance was given.")
    share = 1 if given == 100 else 0.5 if given == -100 else 0
    return Finding(share, f"You gave {given} ml.")


@rubric.criterion(
    "words",
    points=1,
    objective="add-up",
    title="Told the ward",
    met="The ward knows.",
    missed="Tell the ward that an entry is in doubt.",
    read="Adding up",
)
def _(session):
    words = session.state.answers.get("words", "")
    return Finding("doubt" in words, f"You wrote: {words}" if words else "You wrote nothing.")
