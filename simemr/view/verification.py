"""The nurse's check of an order: accept it, or challenge it with the hazard and words for the prescriber."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.verification import HAZARDS
from simemr.domain.record import MedicineOrder
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import orders as page
from simemr.html import words
from simemr.html.escape import el
from simemr.html.tables import empty
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Checks(Panel):
    """The orders of the open patient that wait for a check."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.orders)

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.matter = html("em-matter")
        self.none = html()
        owners = [order.patient for order in shell.scenario.orders]
        self.cards = [OrderCheck(shell) for _ in range(max(owners.count(owner) for owner in owners))]
        self.widget = box(
            html(value=el("h3", "Orders to check")), self.none, *(card.widget for card in self.cards), self.matter,
            classes=("em-checks",),
        )  # fmt: skip

    def reset(self) -> None:
        """Empty every card."""
        for card in self.cards:
            card.show(None)

    def refresh(self) -> None:
        """Show the open patient's orders and the answers given."""
        session = self.shell.session
        patient = session.state.patient
        found = [order for order in self.shell.scenario.orders if order.patient == patient]
        put(self.none, "" if found else empty("No order of this patient waits for your check."))
        show(self.none, not found)
        for index, card in enumerate(self.cards):
            card.show(found[index] if index < len(found) else None)
        show(self.matter, bool(found))
        if found:
            hospital = session.hospital
            medicine = hospital.formulary.medicines.get(found[0].medicine) if len(found) == 1 else None
            put(self.matter, page.matter(hospital.patients[patient], medicine, hospital.tests, hospital.clock))


class OrderCheck:
    """One order with its two answers."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.order: MedicineOrder | None = None
        self.changing = False
        self.text = html("em-awaiting")
        # neither answer is the prominent one: which of them is safe is what the nurse is asked
        self.accept = button("Accept")
        self.accept.on_click(shell.guarded(lambda _: self._accept()))
        self.challenge = button("Challenge…")
        self.challenge.on_click(shell.guarded(lambda _: self._ask()))
        self.again = button("Change your answer")
        self.again.on_click(shell.guarded(lambda _: self._again()))
        hazards = [("Choose the hazard", ""), *((text, key) for key, text in HAZARDS.items())]
        self.hazard = field(widgets.Dropdown, "What is wrong with it", options=hazards, value="")
        self.note = field(widgets.Textarea, "What you want the prescriber to know", rows=3)
        self.send = button("Send the challenge", "em-primary")
        self.send.on_click(shell.guarded(lambda _: self._send()))
        self.back = button("Back")
        self.back.on_click(shell.guarded(lambda _: self._back()))
        self.acts = box(self.accept, self.challenge, self.again, classes=("em-line",))
        self.form = box(
            self.hazard, self.note, box(self.send, self.back, classes=("em-line",)), classes=("em-challenge", "em-off")
        )
        self.widget = box(self.text, self.acts, self.form, classes=("em-check-card", "em-off"))

    def show(self, order: MedicineOrder | None) -> None:
        """Show this order; None for none."""
        show(self.widget, order is not None)
        if order is None or order is not self.order:
            self.changing = False
            self.hazard.value, self.note.value = "", ""
            show(self.form, False)
            show(self.acts, True)
        self.order = order
        if order is None:
            return
        session = self.shell.session
        verdict = session.state.verdicts.get(order.id)
        put(self.text, page.awaiting(order, session.hospital.formulary, verdict, HAZARDS))
        answered = verdict is not None and not self.changing
        show(self.accept, not answered)
        show(self.challenge, not answered)
        show(self.again, answered)
        mark(self.widget, "em-answered", answered)

    def _accept(self) -> None:
        if self.order is None:
            return
        self.shell.do("accept_order", order=self.order.id)
        self._finish("Accepted")

    def _ask(self) -> None:
        show(self.acts, False)
        show(self.form, True)
        self.hazard.focus()

    def _back(self) -> None:
        show(self.form, False)
        show(self.acts, True)
        self.challenge.focus()

    def _again(self) -> None:
        self.changing = True
        self.show(self.order)
        self.accept.focus()

    def _send(self) -> None:
        if self.order is None:
            return
        if not self.hazard.value:
            self.hazard.focus()
            raise ActionRefused("Choose what is wrong with the order.")
        if len(self.note.value.strip()) < 3:
            self.note.focus()
        self.shell.do("challenge_order", order=self.order.id, hazard=self.hazard.value, note=self.note.value.strip())
        show(self.form, False)
        show(self.acts, True)
        self._finish("Challenged")

    def _finish(self, word: str) -> None:
        self.changing = False
        self.show(self.order)
        name = words.order(self.order, self.shell.session.hospital.formulary)
        self.shell.say(f"{word}: {name}.")
        self.again.focus()
