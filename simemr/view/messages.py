"""The message desk on the screen: open a message, choose the channel, say it."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.messages import BY_VOICE, CHANNELS, Message, contacts, handled
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import messages as page
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class MessageDesk(Panel):
    """Every message as a card."""

    alone = True
    style = "handoff.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Message))

    def __init__(self, shell: "Shell"):
        self.cards = [Card(shell, self, message) for message in shell.scenario.of(Message)]
        self.clear = button("My desk is clear")
        self.clear.on_click(shell.guarded(lambda _: self._clear()))
        self.shell = shell
        self.widget = box(
            *(card.widget for card in self.cards), box(self.clear, classes=("em-line",)), classes=("em-messages",)
        )

    def _clear(self) -> None:
        self.shell.do("clear_desk")
        self.shell.say("Every message is answered.")
        self.clear.focus()

    def after(self, card: "Card") -> None:
        """Put the focus on the next message that waits."""
        at = self.cards.index(card)
        waiting = [c for c in [*self.cards[at + 1 :], *self.cards[:at]] if not c.is_answered()]
        (waiting[0].open if waiting else self.clear).focus()

    def reset(self) -> None:
        """Close every card."""
        for card in self.cards:
            card.reset()

    def refresh(self) -> None:
        """Show what was done with each."""
        for card in self.cards:
            card.refresh()
        mark(self.clear, "em-primary", all(card.is_answered() for card in self.cards))


class Card:
    """One message and its answer."""

    def __init__(self, shell: "Shell", desk: MessageDesk, message: Message):
        self.shell, self.desk, self.message = shell, desk, message
        self.text = html(value=page.message(shell.session, message))
        self.done = html()
        self.open = button("Answer…")
        self.open.on_click(shell.guarded(lambda _: self._open()))
        self.channel = field(
            widgets.Dropdown, "What do you do?",
            options=[("Choose", ""), *((text, key) for key, text in CHANNELS.items())], value="",
        )  # fmt: skip
        self.channel.observe(shell.guarded(lambda _: self._chosen()), "value")
        people = [("Choose", ""), *((contact.name, contact.id) for contact in contacts(shell.session))]
        self.to = field(widgets.Dropdown, "Whom do you call?", options=people, value="")
        self.words = field(widgets.Textarea, "What you say", rows=2)
        self.send = button("Do it", "em-primary")
        self.send.on_click(shell.guarded(lambda _: self._send()))
        self.back = button("Back")
        self.back.on_click(shell.guarded(lambda _: self._back()))
        self.form = box(
            self.channel, self.to, self.words, box(self.send, self.back, classes=("em-line",)),
            classes=("em-challenge", "em-off"),
        )  # fmt: skip
        self.widget = box(
            self.text, self.done, box(self.open, classes=("em-line",)), self.form, classes=("em-check-card",)
        )
        self._chosen()

    def is_answered(self) -> bool:
        """Whether something was done with it."""
        return handled(self.shell.session, self.message.id) is not None

    def _chosen(self) -> None:
        show(self.to, self.channel.value in BY_VOICE)
        show(self.words, self.channel.value not in ("", "none"))

    def _open(self) -> None:
        show(self.form, True)
        show(self.open, False)
        self.channel.focus()

    def _back(self) -> None:
        show(self.form, False)
        show(self.open, True)
        self.open.focus()

    def _send(self) -> None:
        channel = self.channel.value
        if not channel:
            self.channel.focus()
            raise ActionRefused("Choose what you do with the message.")
        if channel in BY_VOICE and not self.to.value:
            self.to.focus()
        elif channel != "none" and len(self.words.value.strip()) < 3:
            self.words.focus()
        to = self.to.value if channel in BY_VOICE else ""
        text = self.words.value.strip() if channel != "none" else ""
        self.shell.do("handle_message", message=self.message.id, channel=channel, to=to, text=text)
        show(self.form, False)
        show(self.open, True)
        self.shell.say(f"Done: {CHANNELS[channel].lower()}.")
        self.desk.after(self)

    def reset(self) -> None:
        """Close the form and empty it."""
        self.channel.value, self.to.value, self.words.value = "", "", ""
        show(self.form, False)
        show(self.open, True)

    def refresh(self) -> None:
        """Show what was done with it."""
        found = handled(self.shell.session, self.message.id)
        put(self.done, page.answer(self.shell.session, found))
        mark(self.widget, "em-answered", found is not None)
        words = "Change the answer" if found else "Answer…"
        if self.open.description != words:
            self.open.description = words
