"""The message desk as it reads: each message, and what was done with it."""

from simemr.domain import when
from simemr.domain.actions.messages import CHANNELS, Contact, Handled, Message, handled
from simemr.domain.session import Session
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty


def screen(session: Session) -> Markup:
    """Return all messages as one picture: for a demonstration."""
    found = session.scenario.of(Message)
    if not found:
        return empty("There is no message.")
    return join(
        [el("article", message(session, m), answer(session, handled(session, m.id)), class_="em-note") for m in found]
    )


def message(session: Session, found: Message) -> Markup:
    """Return one message. Whom it is about is shown only where the message says so itself."""
    about = ""
    if found.patient:
        person = session.hospital.patients[found.patient]
        about = f" · about {person.display_name}, {words.hospital_number(person.hospital_number)}"
    head = el(
        "h3", el("b", found.sender), f" · {when.moment_text(found.at, session.hospital.clock)}{about}",
        class_="em-note-head",
    )  # fmt: skip
    return join(head, el("p", found.text))


def answer(session: Session, found: Handled | None) -> Markup:
    """Return what was done with it."""
    if found is None:
        return el("p", "Still to answer", class_="em-still")
    to = next((c.name for c in session.scenario.of(Contact) if c.id == found.to), "")
    done = f" {CHANNELS[found.channel]}"
    done += f": {to}." if to else "."
    said = f" “{found.text}”" if found.text else ""
    return el("p", sign("✓"), done, said, class_="em-verdict em-accepted")
