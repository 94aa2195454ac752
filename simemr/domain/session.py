"""The session engine: one learner, one attempt, one simulated hospital.

``Session.apply`` is the only way anything changes. An action is accepted, or refused with a sentence a
person can act on and no change at all; replaying the accepted actions gives the same state again.
"""

from typing import Any

from simemr.domain import actions  # noqa: F401 - importing them is what registers them
from simemr.domain.action import ACTIONS, ActionRefused, check_arguments
from simemr.domain.record import Hospital, MedicineOrder, Patient
from simemr.domain.scenario import Scenario
from simemr.domain.state import Event, State

__all__ = ["ActionRefused", "Session"]


class Session:
    """A scenario in a hospital, and all that was done in it."""

    def __init__(self, scenario: Scenario, hospital: Hospital, seed: int = 0):
        self.scenario = scenario
        self.hospital = hospital
        self.seed = seed
        self.state = State(tab=scenario.tabs[0] if scenario.tabs else "summary")
        for person in hospital.patients.values():
            self.state.orders.update({f"{person.id}/{order.id}": order for order in person.medicines})
        self.state.orders.update({order.id: order for order in (*scenario.of(MedicineOrder), *scenario.orders)})
        for kind, given in scenario.content.items():
            begin = getattr(kind, "begin", None)
            if begin is not None:
                begin(self, given)

    def apply(self, action: str, args: dict[str, Any] | None = None, at: str = "") -> tuple[State, tuple[Any, ...]]:
        """Do one action and return (state, alerts raised by it).

        Raises ActionRefused, with nothing changed, when the action is unknown, its arguments do not fit, or
        it can't be done now.
        """
        args = dict(args or {})
        handler = ACTIONS.get(action)
        if handler is None:
            raise ActionRefused(f"There is no action '{action}'.")
        if self.state.handed_in:
            raise ActionRefused("This attempt has been handed in. Start another attempt to go on practising.")
        check_arguments(handler, action, args)
        alerts = tuple(handler.run(self, **args) or ())
        self.state.events.append(Event(len(self.state.events) + 1, action, args, at, alerts))
        for task in self.scenario.tasks:
            if task.id not in self.state.done and task.matches(action, args):
                self.state.done.add(task.id)
        return self.state, alerts

    def patient(self, patient_id: str) -> Patient:
        """Return a patient of this session, with the learner's changes. Raises ActionRefused for anyone else."""
        person = self.state.records.get(patient_id) or self.hospital.patients.get(patient_id)
        if person is None:
            raise ActionRefused(f"There is no patient '{patient_id}' on this list.")
        return person

    @property
    def open_patient(self) -> Patient | None:
        """The patient whose record is open, with the learner's changes."""
        return self.patient(self.state.patient) if self.state.patient else None

    def active_orders(self, patient_id: str) -> list[MedicineOrder]:
        """The patient's active medicine orders, oldest first."""
        return [o for o in self.state.orders.values() if o.patient == patient_id and o.status == "active"]

    def count(self, action: str, **args: Any) -> int:
        """How many accepted events of this action have these arguments."""
        return sum(
            event.action == action and all(event.args.get(key) == value for key, value in args.items())
            for event in self.state.events
        )
