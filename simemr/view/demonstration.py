"""The worked walk of a lesson's 'Watch it done': narration and record side by side, a step at a time.

    simemr.demonstration(
        "confirm-first",
        lesson="right-patient",
        patients=["marsh-eleanor", "marsh-elaine"],
        steps=[
            ("Two patients named Marsh lie on this ward. Find the right one.",),
            ("Open the record.", "open_patient", {"patient": "marsh-eleanor"}),
            ("Confirm two identifiers, never the bed.", "confirm_identity",
             {"patient": "marsh-eleanor", "identifiers": ["name", "born"]}),
        ],
    )

The record is one picture made from the session's state (simemr.html.screen): there is nothing in it to press, so
nobody takes it for their own exercise, and it costs one widget.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import ipywidgets as widgets

from simemr.domain import load
from simemr.domain import scenario as scenarios
from simemr.domain.scenario import RECORD, Scenario
from simemr.domain.walk import Walk, WalkError
from simemr.html import demonstration as html
from simemr.html.screen import screen
from simemr.practice import bundle
from simemr.view.css import sheet
from simemr.view.light import make
from simemr.view.panels import DESK_PANELS, PANELS

CLOCK = datetime(2026, 3, 12, 14, 0)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def demonstration(
    id: str,
    *,
    lesson: str,
    steps: Sequence[Any],
    patients: Sequence[str] = (),
    exercise: str = "",
    role: str = "doctor",
    clock: datetime = CLOCK,
    tabs: Sequence[str] = RECORD,
    **scenario: Any,
) -> Demonstration:
    """Return a demonstration, which a notebook displays by itself.

    steps: (say, action, args) each; (say,) only points out; a fourth value True shows what the record refuses.
    patients: ids of the patients on the ward list. exercise: instead, the slug of an exercise whose patients,
    orders and extract are used. scenario: anything else of a Scenario (extract, orders, identity, ...).
    Raises WalkError naming the step that is wrong, DataError for a patient or exercise that is not there.
    """
    if not isinstance(lesson, str) or not _SLUG.fullmatch(lesson):
        raise WalkError(f"demonstration {id!r}: a lesson is lower-case words joined by hyphens, not {lesson!r}")
    if exercise:
        made = replace(scenarios.load(exercise), tasks=(), **scenario)
    else:
        made = Scenario(
            exercise=f"demonstration-{lesson}",
            title="Watch it done",
            clock=clock,
            role=role,
            patients=tuple(patients),
            tabs=tuple(tabs),
            **scenario,
        )
    return Demonstration(Walk(id, made, load.hospital(made.clock, made.patients), steps), lesson)


class Demonstration:
    """A walk with its view; the widgets are made when first displayed."""

    def __init__(self, walk: Walk, lesson: str):
        self.walk = walk
        self.lesson = lesson
        self._view: DemonstrationView | None = None

    @property
    def view(self) -> DemonstrationView:
        """The view, made when first asked for."""
        if self._view is None:
            self._view = DemonstrationView(self.walk)
        return self._view

    def static(self) -> str:
        """The narration as a numbered list, for a page without Python."""
        return html.demonstration(self.walk, self.lesson)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        text = "\n".join(f"{number}. {step.say}" for number, step in enumerate(self.walk.steps, 1))
        return bundle(text, self.static(), lambda: self.view.widget)

    def __repr__(self) -> str:
        return f"<demonstration {self.walk.id} of {self.lesson}>"


class DemonstrationView:
    """Narration, 'Next step', 'Back', 'Start again', and the record as it is at that step."""

    def __init__(self, walk: Walk):
        self.walk = walk
        self.narration = make(widgets.HTML, "q-wide")
        self.next_button = make(widgets.Button, "q-main", description="Next step")
        self.back_button = make(widgets.Button, description="Back")
        self.again_button = make(widgets.Button, description="Start again")
        self.record = make(widgets.HTML, "em-html", "q-emr")
        self.next_button.on_click(lambda _: self.go(self.walk.at + 1))
        self.back_button.on_click(lambda _: self.go(self.walk.at - 1))
        self.again_button.on_click(lambda _: self.go(0))
        buttons = [self.next_button, self.back_button, self.again_button]
        panel = make(widgets.Box, "simemr-practice", "q-panel", children=[self.narration, *buttons])
        shown = (*walk.session.scenario.tabs, *walk.session.scenario.desks)
        kinds = [kind for part, kind in (*PANELS, *DESK_PANELS) if part in shown]
        own = dict.fromkeys(name for kind in kinds for name in kind.style.split())
        sheets = [sheet(name) for name in ("style.css", "questions.css", *own)]
        children = [*sheets, panel, self.record]
        self.widget = make(widgets.Box, "simemr", "q-demonstration", children=children)
        self._show()

    def go(self, to: int) -> None:
        """Go to a step: 0 is before the first; after the last comes the beginning."""
        self.walk.go(0 if to > len(self.walk.steps) else to)
        self._show()
        if self.walk.at == 0:
            self.next_button.focus()  # the button that was pressed has gone

    def _show(self) -> None:
        at, of = self.walk.at, len(self.walk.steps)
        self.narration.value = html.narration(self.walk)
        self.record.value = screen(self.walk.session)
        self.next_button.description = "First step" if at == 0 else "Next step" if at < of else "Watch it again"
        for button in (self.back_button, self.again_button):
            if at:
                button.remove_class("q-hidden")
            else:
                button.add_class("q-hidden")
