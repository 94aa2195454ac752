"""The mailbox as it reads: no link can be followed, and its target stands beside it as text."""

from simemr.domain import when
from simemr.domain.actions.mail import ACTS, SIGNS, VERDICTS, Mail, Mailbox, Sorted
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, join, prose, sign
from simemr.html.tables import empty


def line(session: Session, mail: Mail) -> str:
    """Return "09:12 · IT Service Desk · Your password", with the answer once there is one."""
    found = session.state.part(Mailbox).sorted.get(mail.id)
    answer = [f"✓ {'not sure' if found.verdict == 'unsure' else VERDICTS[found.verdict].lower()}"] if found else []
    return " · ".join([f"{mail.at:%H:%M}", mail.sender, mail.subject, *answer])


def full(session: Session, mail: Mail) -> Markup:
    """Return one message, with what a careful reader would look at: the address, and where a link leads."""
    lines = [
        ("From", join(el("b", mail.sender), " ", el("code", f"<{mail.address}>"))),
        ("Subject", mail.subject),
        ("Sent", when.moment_text(mail.at, session.hospital.clock)),
    ]
    if mail.attachment:
        lines.append(("Attached", el("code", mail.attachment)))
    if mail.link:
        lines.append(("Link", join(f"“{mail.link}”, which leads to ", el("code", mail.target))))
    head = el("dl", [el("div", el("dt", name), " ", el("dd", value)) for name, value in lines], class_="em-log")
    return join(head, el("div", prose(mail.text), class_="em-mail-text"), answer(session.state.part(Mailbox), mail))


def answer(mailbox: Mailbox, mail: Mail) -> Markup:
    """Return what was made of it."""
    found: Sorted | None = mailbox.sorted.get(mail.id)
    if found is None:
        return el("p", "Still to judge", class_="em-still")
    signs = f" Signs: {'; '.join(SIGNS[one].lower() for one in SIGNS if one in found.signs)}." if found.signs else ""
    said = f" {VERDICTS[found.verdict]}. {ACTS[found.act]}.{signs}"
    return el("p", sign("✓"), said, class_="em-verdict em-accepted")


def screen(session: Session) -> Markup:
    """Return all messages: for a demonstration."""
    found = session.scenario.of(Mail)
    if not found:
        return empty("The mailbox is empty.")
    return join([el("article", full(session, mail), class_="em-note") for mail in found])
