"""Coding allergies and intolerances from words, and trying prepared orders against the coded list."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.allergies import (
    CERTAINTIES,
    CHOICES,
    REACTIONS,
    SEVERITIES,
    SOURCES,
    TYPES,
    Coding,
    Narrative,
    Trial,
    alerts_for,
    order_of,
    substances,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import coding as page
from simemr.html import words
from simemr.html.escape import el
from simemr.html.tables import empty
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class AllergyEntry(Panel):
    """Narratives, the entry form, removal, and the prepared orders of the open patient."""

    style = "allergies.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Narrative))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.words = html()
        known = substances(shell.session.hospital.formulary)
        self._ids = {text.casefold(): key for key, text in known.items()}
        self.substance = field(
            widgets.Combobox, "Substance", "em-medicine", options=sorted(known.values(), key=str.casefold),
            placeholder="Type the first letters, then choose",
        )  # fmt: skip
        self.kind = _choice("Allergy or intolerance", "Choose which of the two", TYPES)
        self.reaction = _choice("Reaction", "Choose the reaction", {k: v.capitalize() for k, v in REACTIONS.items()})
        self.severity = _choice("Severity", "Choose how severe it was", SEVERITIES)
        self.certainty = _choice("Certainty", "Choose how certain it is", CERTAINTIES)
        self.source = _choice("Source", "Choose who or what says so", SOURCES)
        self.choices = (self.kind, self.reaction, self.severity, self.certainty, self.source)
        self.add = button("Add to the list", "em-primary")
        self.add.on_click(shell.guarded(lambda _: self._add()))
        self.none = button("Asked: no known allergies")
        self.none.on_click(shell.guarded(lambda _: self._none()))
        self.form = box(
            html(value=el("h3", "Code it")), self.substance, *self.choices,
            box(self.add, self.none, classes=("em-line", "em-wide")), classes=("em-form",),
        )  # fmt: skip
        self.entry = field(widgets.Dropdown, "Entry to remove", "em-half", options=[("Choose the entry", "")])
        self.reason = field(widgets.Text, "Why it is removed", "em-half")
        self.remove = button("Remove this entry")
        self.remove.on_click(shell.guarded(lambda _: self._remove()))
        self.removal = box(
            self.entry, self.reason, box(self.remove, classes=("em-line", "em-wide")), classes=("em-form",)
        )
        self.trial = TrialOrder(shell)
        self.nothing = html(value=empty("Nothing has come over about this patient."))
        self.widget = box(
            self.words, self.nothing, self.form, self.trial.widget, self.removal, classes=("em-order-entry",)
        )
        self._patient = ""

    def reset(self) -> None:
        """Empty the forms."""
        for each in (self.substance, *self.choices, self.entry, self.reason):
            each.value = ""
        self._patient = ""

    def refresh(self) -> None:
        """Show the open patient's narratives, list and prepared order."""
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        if patient.id != self._patient:
            self.reset()
            self._patient = patient.id
        found = [n for n in session.scenario.of(Narrative) if n.patient == patient.id]
        put(self.words, page.narratives(found))
        show(self.words, bool(found))
        show(self.nothing, not found)
        show(self.none, not patient.allergies)
        show(self.removal, bool(patient.allergies))
        listed = [(a.substance, a.substance) for a in patient.allergies]
        options(self.entry, [("Choose the entry", ""), *listed], self.entry.value)
        self.trial.show(next((t for t in session.scenario.of(Trial) if t.patient == patient.id), None))

    def _add(self) -> None:
        typed = self.substance.value.strip()
        substance = self._ids.get(typed.casefold(), "")
        if not substance:
            self.substance.focus()
            near = [text for text in self.substance.options if typed and typed.casefold() in text.casefold()]
            hint = f": {'; '.join(near)}" if 0 < len(near) <= 4 else ""
            raise ActionRefused(f"Choose the substance from the list{hint}.")
        for each in self.choices:
            if not each.value:
                each.focus()
                break
        self.shell.do(
            "record_allergy", patient=self.shell.session.state.patient, substance=substance, type=self.kind.value,
            reaction=self.reaction.value, severity=self.severity.value, certainty=self.certainty.value,
            source=self.source.value,
        )  # fmt: skip
        for each in (self.substance, *self.choices):
            each.value = ""
        self.shell.say(f"On the list: {typed.partition(' (')[0]}. Read it in the banner, as the next person will.")
        self.substance.focus()

    def _none(self) -> None:
        self.shell.do("no_known_allergies", patient=self.shell.session.state.patient)
        self.shell.say("Recorded: asked, and no allergies are known.")
        self.substance.focus()

    def _remove(self) -> None:
        if not self.entry.value:
            self.entry.focus()
        elif len(self.reason.value.strip()) < 3:
            self.reason.focus()
        name = self.entry.value
        self.shell.do(
            "remove_allergy", patient=self.shell.session.state.patient, substance=name, reason=self.reason.value.strip()
        )
        self.reason.value = ""
        self.shell.say(f"Removed: {name}.")
        self.substance.focus()


class TrialOrder:
    """A prepared order: see what the record says about it now, then decide."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.trial: Trial | None = None
        self.text = html()
        self.run = button("See what the record says")
        self.run.on_click(shell.guarded(lambda _: self._run()))
        self.met = html("em-met")
        self.choices: dict[str, widgets.Button] = {}
        for key, text in CHOICES.items():
            self.choices[key] = button(text)
            self.choices[key].on_click(shell.guarded(lambda _, chosen=key: self._settle(chosen)))
        self.acts = box(*self.choices.values(), classes=("em-line",))
        self.widget = box(
            self.text, box(self.run, classes=("em-line",)), self.met, self.acts, classes=("em-check-card", "em-off")
        )

    def show(self, trial: Trial | None) -> None:
        """Show this order; None for none."""
        self.trial = trial
        show(self.widget, trial is not None)
        if trial is None:
            return
        session = self.shell.session
        coding = session.state.part(Coding)
        order = words.order(order_of(trial), session.hospital.formulary)
        why = f" For {trial.indication}." if trial.indication else ""
        put(self.text, el("div", el("h3", "An order that is prepared"), el("p", el("b", order), f".{why}")))
        tried = trial.id in coding.tried
        choice = coding.settled.get(trial.id, "")
        show(self.run, not tried)
        # once seen, it is always what the list says now: an alert of an earlier list would mislead
        put(self.met, page.met(alerts_for(session, trial), choice) if tried else "")
        show(self.acts, tried)
        for key, made in self.choices.items():
            mark(made, "em-open", key == choice)
        mark(self.widget, "em-answered", bool(choice))

    def _run(self) -> None:
        if self.trial is None:
            return
        alerts = self.shell.do("try_order", trial=self.trial.id)
        stopping = sum(alert.interrupts for alert in alerts)
        self.shell.say("An alert stops this order." if stopping else "No alert stops this order.")
        self.choices["stop" if stopping else "go-on"].focus()

    def _settle(self, choice: str) -> None:
        if self.trial is None:
            return
        self.shell.do("settle_order", trial=self.trial.id, choice=choice)
        self.shell.say(f"You decided: {CHOICES[choice].lower()}.")
        self.choices[choice].focus()


def _choice(label: str, first: str, choices: dict[str, str]) -> widgets.Dropdown:
    made = [(first, ""), *((text, key) for key, text in choices.items())]
    return field(widgets.Dropdown, label, "em-half", options=made, value="")
