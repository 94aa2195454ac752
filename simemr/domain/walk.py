"""A worked walk through the simulated EMR: what is said at each step, and the action it shows.

The steps act on a real session, so a walk that the record would not allow is found when it is made, not when
somebody watches it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simemr.domain.action import ActionRefused
from simemr.domain.record import Hospital
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class WalkError(ValueError):
    """The walk can't be made; the message names it, the step and the fault."""


@dataclass(frozen=True)
class Step:
    """What is said, and the action done with it (none where something is only pointed out).

    refused: the step shows what the record does not allow; the reason it gives is part of the narration.
    """

    say: str
    action: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False


class Walk:
    """The steps, applied one after another to one session that can be set to any of them.

    id: lower-case words joined by hyphens. steps: Steps, tuples (say, action, args) or bare texts.
    Raises WalkError where a step is not well formed, is refused, or was to be refused and was not.
    """

    def __init__(self, id: str, scenario: Scenario, hospital: Hospital, steps: Sequence[Any]):
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise WalkError(f"demonstration {id!r}: an id is lower-case words joined by hyphens")
        self.id = id
        self.session = Session(scenario, hospital)
        self.steps = tuple(self._step(number, step) for number, step in enumerate(steps, 1))
        if not self.steps:
            self._fault(0, "there are no steps")
        self.refusals: dict[int, str] = {}
        self._states = [copy.deepcopy(self.session.state)]
        for number, step in enumerate(self.steps, 1):
            self._do(number, step)
            self._states.append(copy.deepcopy(self.session.state))
        self.at = 0
        self.go(0)

    def go(self, to: int) -> None:
        """Set the session to how it is after a step; 0 is before the first. Beyond either end is the end."""
        self.at = max(0, min(to, len(self.steps)))
        # a copy, because a view or a later step must not be able to change what was
        self.session.state = copy.deepcopy(self._states[self.at])

    def _step(self, number: int, step: Any) -> Step:
        if isinstance(step, str):
            step = (step,)
        if isinstance(step, (tuple, list)):
            if not 1 <= len(step) <= 4:
                self._fault(number, f"a step is (say, action, args), not {step!r}")
            step = Step(*step)
        if not isinstance(step, Step):
            self._fault(number, f"a step is (say, action, args), not {step!r}")
        if not isinstance(step.say, str) or not step.say.strip():
            self._fault(number, "nothing is said")
        if not isinstance(step.action, str) or not isinstance(step.args, Mapping):
            self._fault(number, f"the action is a name and its arguments a mapping, not {step.action!r}, {step.args!r}")
        if step.refused and not step.action:
            self._fault(number, "there is no action to refuse")
        return step

    def _do(self, number: int, step: Step) -> None:
        if not step.action:
            return
        try:
            self.session.apply(step.action, copy.deepcopy(dict(step.args)))
        except ActionRefused as refusal:
            if not step.refused:
                self._fault(number, f"'{step.action}' is refused: {refusal}")
            self.refusals[number] = str(refusal)
        else:
            if step.refused:
                self._fault(number, f"'{step.action}' was to be refused, and is not")

    def _fault(self, number: int, what: str) -> None:
        where = f", step {number}" if number else ""
        raise WalkError(f"demonstration {self.id!r}{where}: {what}")
