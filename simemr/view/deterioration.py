"""Scoring the open patient's new observations by NEWS2, and saying what the score calls for."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.deterioration import (
    CALL,
    CONSCIOUSNESS,
    POINTED,
    REPEAT,
    Deterioration,
    ObservationSet,
    sets_of,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import deterioration as page
from simemr.html.escape import el
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

SCALES = {1: "Scale 1: most patients", 2: "Scale 2: 88 to 92 % prescribed"}
_NONE = -1


class ScorePanel(Panel):
    """One set at a time: first the points, then the answer to the score."""

    style = "deterioration.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(ObservationSet))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.set: ObservationSet | None = None
        self.changing = False
        self.text = html()
        points = [("Choose", _NONE), *((str(number), number) for number in range(4))]
        self.scale = field(
            widgets.Dropdown, "SpO₂ scale", options=[("Choose the scale", 0), *((t, n) for n, t in SCALES.items())]
        )
        self.points = {part: field(widgets.Dropdown, part, options=points, value=_NONE) for part in POINTED}
        letters = [(f"{text}: {0 if key == 'A' else 3}", key) for key, text in CONSCIOUSNESS.items()]
        self.consciousness = field(
            widgets.Dropdown, "Consciousness, and its points", options=[("Choose", ""), *letters]
        )
        self.keep = button("Keep this score", "em-primary")
        self.keep.on_click(shell.guarded(lambda _: self._score()))
        order = [self.points[p] for p in ("rr", "spo2", "oxygen", "sbp", "pulse")]
        self.form = box(
            self.scale, *order, self.consciousness, self.points["temperature"], self.keep, classes=("em-score-form",)
        )
        self.repeat = field(widgets.Dropdown, "Observations from now", options=_choices("Choose how often", REPEAT))
        self.call = field(widgets.Dropdown, "Who comes", options=_choices("Choose who comes", CALL))
        self.words = field(
            widgets.Textarea, "What you say to whom you call", rows=3,
            placeholder="Situation, background, assessment, recommendation.",
        )  # fmt: skip
        self.send = button("Do this now", "em-primary")
        self.send.on_click(shell.guarded(lambda _: self._answer()))
        self.response = box(
            self.repeat, self.call, self.words, box(self.send, classes=("em-line",)), classes=("em-respond", "em-off")
        )
        self.again = button("Change the score or the answer")
        self.again.on_click(shell.guarded(lambda _: self._again()))
        self.back = button("Back to the inbox")
        self.back.on_click(shell.guarded(lambda _: shell.do("open_desk", desk="inbox")))
        self.acts = box(self.back, self.again, classes=("em-line",))
        self.guide = html(value=page.guide())
        self.card = box(self.text, self.form, self.response, self.acts, classes=("em-check-card",))
        self.widget = box(html(value=el("h3", "Observations to score")), self.card, self.guide, classes=("em-scoring",))

    def reset(self) -> None:
        """Forget the set that was open."""
        self.set = None

    def refresh(self) -> None:
        """Show the open patient's set: the first that waits, else the last."""
        session = self.shell.session
        part = session.state.part(Deterioration)
        found = sets_of(session, session.state.patient)
        waiting = [s for s in found if s.id not in part.responses]
        now = (waiting or found or [None])[0 if waiting else -1]
        show(self.widget, now is not None)
        if now is None:
            return
        if now is not self.set:
            self._begin(now)
        scored, answered = part.scored.get(now.id), now.id in part.responses and not self.changing
        # where there is a form, its labels carry the measurements
        put(self.text, page.one(now, scored, part.responses.get(now.id), session.hospital.clock, measured=answered))
        show(self.form, not answered)
        show(self.response, scored is not None and not answered)
        show(self.again, answered)
        show(self.back, "inbox" in self.shell.scenario.desks)
        mark(self.keep, "em-primary", scored is None)
        mark(self.card, "em-answered", answered)

    def _begin(self, found: ObservationSet) -> None:
        """Fill the form for this set: empty, or as it was scored before."""
        self.set, self.changing = found, False
        part = self.shell.session.state.part(Deterioration)
        scored, response = part.scored.get(found.id), part.responses.get(found.id)
        for name, choice in self.points.items():
            choice.description = page.measurement(found, name)
            choice.value = scored.points[name] if scored else _NONE
        self.scale.value = scored.scale if scored else 0
        self.consciousness.value = scored.consciousness if scored else ""
        self.repeat.value, self.call.value = (response.repeat, response.call) if response else ("", "")
        self.words.value = response.words if response else ""

    def _score(self) -> None:
        found = self.set
        for choice, none, what in (
            (self.scale, 0, "Choose the SpO₂ scale."),
            *((c, _NONE, f"Give points to the {c.description.split(':')[0].lower()}.") for c in self.points.values()),
            (self.consciousness, "", "Choose how conscious the patient is."),
        ):
            if choice.value == none:
                choice.focus()
                raise ActionRefused(what)
        self.shell.do(
            "score_observations", item=found.id, scale=self.scale.value, consciousness=self.consciousness.value,
            points={part: choice.value for part, choice in self.points.items()},
        )  # fmt: skip
        scored = self.shell.session.state.part(Deterioration).scored[found.id]
        self.shell.say(f"NEWS2 {scored.total}. Now: what does it call for?")
        self.repeat.focus()

    def _answer(self) -> None:
        found = self.set
        self.shell.do(
            "answer_observations", item=found.id, repeat=self.repeat.value, call=self.call.value, words=self.words.value
        )
        self.changing = False
        self.refresh()
        self.shell.say("Your answer to the score is in the record.")
        (self.back if "inbox" in self.shell.scenario.desks else self.again).focus()

    def _again(self) -> None:
        self.changing = True
        self.refresh()
        self.scale.focus()


def _choices(first: str, named: dict[str, str]) -> list[tuple[str, str]]:
    return [(first, ""), *((text, key) for key, text in named.items())]
