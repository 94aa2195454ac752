"""The medicine round at the bedside."""

from simemr.domain.actions.administration import BYPASS_REASONS, HOLD_REASONS, Round, dose_of, order_of
from simemr.domain.actions.response import NOT_GIVEN, Conclusion, Course, Step
from simemr.html import administration as page
from tests.hands import hand, open_part


@hand
def take_up_dose(learner, session, *, dose):
    open_part(learner, session, "administration")
    found = dose_of(session, dose)
    order = order_of(session, found.patient, found.order)
    outcome = session.state.part(Round).outcomes.get(dose)
    learner.press(page.due_line(found, order, outcome, session.hospital.formulary))


@hand
def scan(learner, session, *, code):
    learner.fill("Or type the code on a label", code)
    learner.press("Scan the typed code")


@hand
def print_wristband(learner, session, *, patient):
    open_part(learner, session, "administration")
    learner.press("Print a new wristband")


@hand
def measure(learner, session, *, patient):
    open_part(learner, session, "administration")
    learner.press("Take observations now")


@hand
def give_dose(learner, session, *, dose, bypass="", note=""):
    if not bypass:
        learner.press("Give this dose")
        return
    learner.press("Give without a match")
    learner.fill("Why you give it without a match", BYPASS_REASONS[bypass])
    learner.fill("In your own words", note)
    learner.press("Give it anyway")


@hand
def hold_dose(learner, session, *, dose, reason, note):
    learner.press("Do not give")
    learner.fill("Why it is not given", HOLD_REASONS[reason])
    learner.fill("What you found, and whom you told", note)
    learner.press("Record it as not given")


@hand
def account_for(learner, session, *, course, given, reason):
    open_part(learner, session, "administration")
    found = next(c for c in session.scenario.of(Course) if c.id == course)
    learner.fill(f"{found.name}: doses given before {found.until:%H:%M} today", str(given))
    learner.fill(f"{found.name}: why most of the others were not", NOT_GIVEN[reason])
    learner.press(f"Save {found.name.lower()}")


@hand
def conclude(learner, session, *, patient, conclusion):
    open_part(learner, session, "administration")
    learner.press(next(c.text for c in session.scenario.of(Conclusion) if c.id == conclusion))


@hand
def plan_steps(learner, session, *, patient, steps):
    open_part(learner, session, "administration")
    for step in session.scenario.of(Step):
        learner.fill(step.text, step.id in steps)
    learner.press("Save these next steps")
