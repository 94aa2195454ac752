"""Order entry with decision support: write, see the alerts, answer them, sign or cancel."""

from dataclasses import replace
from typing import TYPE_CHECKING

from simemr.domain import rules
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.record import MedicineOrder
from simemr.domain.state import Draft, Override, Signed, TestOrder

if TYPE_CHECKING:
    from simemr.domain.session import Session

OVERRIDE_REASONS = {
    "benefit-outweighs-risk": "The benefit outweighs the risk for this patient",
    "will-monitor": "I will monitor for it",
    "tolerated-before": "The patient has tolerated it before",
    "alert-does-not-apply": "The alert does not apply to this patient",
    "specialist-advice": "On specialist advice",
}


@action
def draft_order(
    session: "Session",
    *,
    patient: str,
    medicine: str,
    dose: float,
    unit: str,
    route: str,
    frequency: str,
    indication: str = "",
    task: str = "",
) -> tuple:
    require_open(session, patient)
    formulary = session.hospital.formulary
    if medicine not in formulary.medicines:
        raise ActionRefused(f"There is no '{medicine}' in the formulary.")
    if frequency not in formulary.frequencies:
        raise ActionRefused(f"There is no frequency '{frequency}'.")
    if not dose > 0:
        raise ActionRefused("The dose must be more than 0.")
    require_order_task(session, task)
    order = MedicineOrder(
        id=f"new-{len(session.state.signed) + 1}",
        patient=patient,
        medicine=medicine,
        dose=dose,
        unit=unit,
        route=route,
        frequency=frequency,
        status="draft",
        start="D0",
        indication=indication,
        prescriber="You",
    )
    alerts = warnings(session, order)
    session.state.draft = Draft(order, task, alerts)
    return alerts


@action
def override_alert(session: "Session", *, alert: str, reason: str, note: str = "") -> None:
    draft = require_draft(session)
    if alert not in {a.id for a in draft.alerts}:
        raise ActionRefused("That alert does not belong to this order.")
    if reason not in OVERRIDE_REASONS:
        raise ActionRefused("Choose one of the reasons to override the alert.")
    others = tuple(o for o in draft.overrides if o.alert != alert)
    session.state.draft = replace(draft, overrides=(*others, Override(alert, reason, note.strip())))


@action
def cancel_draft(session: "Session") -> None:
    require_draft(session)
    session.state.draft = None


@action
def sign_order(session: "Session") -> tuple:
    draft = require_draft(session)
    if draft.unanswered:
        raise ActionRefused(
            "An alert still needs your decision: cancel or change the order, or override the alert with a reason."
        )
    # a call may have come in between: then it is asked again whose record this is
    require_open(session, draft.order.patient)
    state = session.state
    order = replace(draft.order, status="active")
    state.orders[order.id] = order
    state.signed.append(Signed(order, draft.task, draft.alerts, draft.overrides, len(state.events) + 1))
    state.draft = None
    mark_done(session, draft.task)
    return ()


@action
def stop_order(session: "Session", *, order: str, reason: str) -> None:
    found = session.state.orders.get(order)
    if found is None or found.status != "active":
        raise ActionRefused("There is no such active order.")
    require_open(session, found.patient)
    if not reason.strip():
        raise ActionRefused("Say why the order is stopped.")
    state = session.state
    state.orders[order] = replace(found, status="stopped")
    # an own order taken back leaves its task open again, unless another order stands for it
    for signed in state.signed:
        if signed.order.id == order and signed.task and not _stands(session, signed.task):
            state.done.discard(signed.task)


@action
def order_test(session: "Session", *, patient: str, test: str, in_hours: int, task: str = "") -> None:
    require_open(session, patient)
    if test not in session.hospital.tests:
        raise ActionRefused(f"The laboratory has no test '{test}'.")
    if not 0 <= in_hours <= 24 * 28:
        raise ActionRefused("Choose a time between now and four weeks from now.")
    require_order_task(session, task)
    session.state.tests_ordered.append(TestOrder(patient, test, in_hours, task, len(session.state.events) + 1))
    mark_done(session, task)


@action
def cancel_test(session: "Session", *, patient: str, test: str, reason: str) -> None:
    require_open(session, patient)
    state = session.state
    found = next((t for t in reversed(state.tests_ordered) if (t.patient, t.test) == (patient, test)), None)
    if found is None:
        raise ActionRefused("You have not asked for that test here.")
    if not reason.strip():
        raise ActionRefused("Say why the test is cancelled.")
    state.tests_ordered.remove(found)
    if found.task and not _stands(session, found.task):
        state.done.discard(found.task)


@action
def decline_task(session: "Session", *, task: str, reason: str) -> None:
    require_order_task(session, task)
    if not task:
        raise ActionRefused("Choose the task that you close without an order.")
    if len(reason.strip()) < 3:
        raise ActionRefused("Say in a few words why nothing should be ordered.")
    session.state.declined[task] = reason.strip()
    mark_done(session, task)


def warnings(session: "Session", order: MedicineOrder) -> tuple[rules.Alert, ...]:
    """Return what the record says about an order that is being written, as ``rules.check`` finds it."""
    hospital = session.hospital
    person, active = session.patient(order.patient), session.active_orders(order.patient)
    try:
        return rules.check(order, person, active, hospital.formulary, hospital.tests, hospital.clock)
    except ValueError as error:
        raise ActionRefused(str(error)) from None


def _stands(session: "Session", task: str) -> bool:
    state = session.state
    return (
        task in state.declined
        or any(t.task == task for t in state.tests_ordered)
        or any(s.task == task and state.orders[s.order.id].status == "active" for s in state.signed)
    )


def require_draft(session: "Session") -> Draft:
    """Return the order being written; refuse when there is none."""
    if session.state.draft is None:
        raise ActionRefused("No order is being written.")
    return session.state.draft


def require_order_task(session: "Session", task: str) -> None:
    """Refuse a task that is not one of this exercise's order tasks; "" is no task."""
    if task:
        found = session.scenario.task(task)
        if found is None or found.kind != "order":
            raise ActionRefused(f"There is no order task '{task}' in this exercise.")


def mark_done(session: "Session", task: str) -> None:
    """Tick the task off."""
    if task:
        session.state.done.add(task)
