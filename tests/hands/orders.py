"""Writing orders, meeting alerts, ordering tests, stopping, closing a task without an order."""

from simemr.domain import units
from simemr.domain.actions.orders import OVERRIDE_REASONS
from simemr.domain.formulary import ROUTES
from simemr.html import orders as page
from simemr.html import words
from tests.hands import hand, open_part


def _task(learner, session, task):
    if not any(t.kind == "order" for t in session.scenario.tasks):
        return
    found = session.scenario.task(task) if task else None
    if found is None:
        learner.fill("For which task", "None of these tasks")
        return
    number = 1 + [t.id for t in session.scenario.tasks].index(task)
    done = "✓ " if task in session.state.done else ""
    learner.fill("For which task", f"{number}. {done}{found.text.replace('**', '')[:40]}")


@hand
def draft_order(learner, session, *, patient, medicine, dose, unit, route, frequency, indication="", task=""):
    formulary = session.hospital.formulary
    open_part(learner, session, "orders")
    learner.press("Order a medicine")
    _task(learner, session, task)
    learner.fill("Medicine", formulary.medicines[medicine].name)
    learner.fill("Dose", f"{dose:g}")
    learner.fill("Unit", units.unit_text(unit))
    learner.fill("Route", ROUTES[route])
    learner.fill("How often", formulary.frequencies[frequency].text)
    learner.fill("Indication (what it is for)", indication)
    learner.press("Check this order")


@hand
def override_alert(learner, session, *, alert, reason, note=""):
    waiting = session.state.draft.unanswered
    title = next(a.title for a in waiting if a.id == alert) if len(waiting) > 1 else ""
    learner.fill("Override, because", OVERRIDE_REASONS[reason], within=title)
    learner.fill("In your own words", note, within=title)
    learner.press("Override", within=title)


@hand
def sign_order(learner, session):
    learner.press("Sign the order")


@hand
def cancel_draft(learner, session):
    learner.press("Cancel the order")


@hand
def stop_order(learner, session, *, order, reason):
    open_part(learner, session, "orders")
    learner.press("Stop an order")
    learner.fill("Active order", words.order(session.state.orders[order], session.hospital.formulary))
    learner.fill("Why it is stopped", reason)
    learner.press("Stop this order")


@hand
def order_test(learner, session, *, patient, test, in_hours, task=""):
    open_part(learner, session, "orders")
    learner.press("Order a test")
    _task(learner, session, task)
    learner.fill("Test", session.hospital.tests[test].name)
    learner.fill("When", page.due(in_hours).capitalize())
    learner.press("Order this test")


@hand
def decline_task(learner, session, *, task, reason):
    found = session.scenario.task(task)
    learner.press(f"{1 + session.scenario.tasks.index(found)}.", within="")
    learner.press("Close without an order")
    learner.fill("Close without an order, because", reason)
    learner.press("Close this task")


@hand
def cancel_test(learner, session, *, patient, test, reason):
    open_part(learner, session, "orders")
    learner.press("Stop an order")
    learner.fill("Active order", f"Test: {session.hospital.tests[test].name}")
    learner.fill("Why it is stopped", reason)
    learner.press("Stop this order")
