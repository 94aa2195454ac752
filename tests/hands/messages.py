"""Answering messages on the desk."""

from simemr.domain.actions.messages import BY_VOICE, CHANNELS, Contact, Message, handled
from tests.hands import HANDS, hand


def _desk(learner, session):
    if session.state.desk != "messages":
        HANDS["open_desk"](learner, session, desk="messages")
        session.apply("open_desk", {"desk": "messages"})


@hand
def handle_message(learner, session, *, message, channel, to="", text=""):
    _desk(learner, session)
    words = next(found.text for found in session.scenario.of(Message) if found.id == message)
    learner.press("Change the answer" if handled(session, message) else "Answer…", within=words)
    learner.fill("What do you do?", CHANNELS[channel], within=words)
    if channel in BY_VOICE:
        name = next(contact.name for contact in session.scenario.of(Contact) if contact.id == to)
        learner.fill("Whom do you call?", name, within=words)
    if channel != "none":
        learner.fill("What you say", text, within=words)
    learner.press("Do it", within=words)


@hand
def clear_desk(learner, session):
    _desk(learner, session)
    learner.press("My desk is clear")
