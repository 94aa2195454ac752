"""Keeping the problem list."""

from simemr.domain import codes
from simemr.domain.actions.problems import REMOVALS, ProblemList
from tests.hands import hand, open_part


def _choose(learner, session, patient, problem, work):
    open_part(learner, session, "problems")
    learner.press(_name(session, patient, problem))
    learner.press(work)


def _name(session, patient, problem):
    return next(p.text for p in session.patient(patient).problems if p.id == problem)


def _label(code):
    return f"{codes.offered()[code].text} ({code})" if code else ""


@hand
def add_problem(learner, session, *, patient, text, code, onset=""):
    open_part(learner, session, "problems")
    learner.press("Add a problem")
    learner.fill("Problem, in plain words", text)
    learner.fill("Its code", _label(code))
    learner.fill("Since when, if known", onset)
    learner.press("Add to the list")


@hand
def edit_problem(learner, session, *, patient, problem, code="", onset=""):
    _choose(learner, session, patient, problem, "Code and date")
    learner.fill("Code", _label(code))
    learner.fill("Since when", onset)
    learner.press("Save code and date")


@hand
def merge_problem(learner, session, *, patient, problem, into):
    _choose(learner, session, patient, problem, "Same as another")
    learner.fill("It is the same as", _name(session, patient, into))
    learner.press("Merge into the other")


@hand
def resolve_problem(learner, session, *, patient, problem, on):
    _choose(learner, session, patient, problem, "It is over")
    learner.fill("Over since when", on)
    learner.press("Resolve it")


@hand
def remove_problem(learner, session, *, patient, problem, reason):
    _choose(learner, session, patient, problem, "Not a problem")
    learner.fill("Why it is none", REMOVALS[reason])
    learner.press("Take it off the list")


@hand
def restore_problem(learner, session, *, patient, problem):
    open_part(learner, session, "problems")
    gone = session.state.part(ProblemList).of(patient)
    name = gone[problem].problem.text if problem in gone else _name(session, patient, problem)
    learner.fill("Put back on the list", name)
    learner.press("Put it back")
