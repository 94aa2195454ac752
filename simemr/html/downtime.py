"""Downtime as it reads: the banner over everything, what happens meanwhile, and the paper form."""

from simemr.domain.actions.downtime import CROSSED, KINDS, row_of, rows
from simemr.domain.downtime import Entry, Happening, Outage, Paper, PaperRow, Written, outage
from simemr.domain.session import Session
from simemr.html.escape import Markup, bold, el, join, sign
from simemr.html.tables import empty, table


def banner(session: Session, found: Outage) -> Markup:
    """Return what stands over every screen: announced, down, or back."""
    phase = session.state.part(Paper).phase
    if phase == "up":
        head, text = f"Outage from {found.at:%H:%M} to {found.until:%H:%M}", found.words
    elif phase == "down":
        head = f"The EMR is down since {found.at:%H:%M}"
        text = "You see a copy of the record: it can be read, not written. Write on the paper form in the downtime kit."
    else:
        left = sum(row not in session.state.part(Paper).entries for row in rows(session))
        head = f"{found.until:%H:%M}: the EMR is back"
        text = (
            f"{left} row{' of the paper form is' if left == 1 else 's of the paper form are'} still to deal with."
            if left
            else "The paper form is dealt with: the record is whole again."
        )
    return join(el("h3", sign("⚠"), f" {head}"), el("p", bold(text)))


def happening_line(session: Session, found: Happening) -> str:
    """Return "14:12 · Mrs Marsh's chest hurts", with what was written."""
    written = session.state.part(Paper).written.get(found.id)
    return " · ".join([f"{found.at:%H:%M}", found.title, *([f"✓ {_kind(written.kind)}"] if written else [])])


def happening(session: Session, found: Happening) -> Markup:
    """Return what happens, and what is on the paper about it."""
    band = el("p", el("b", "On the wristband: "), found.wristband, class_="em-said") if found.wristband else ""
    written = session.state.part(Paper).written.get(found.id)
    note = el("p", "Not on the form yet", class_="em-still")
    if written is not None:
        note = el("p", sign("✓"), f" {_written(session, written)}", class_="em-verdict em-accepted")
    return join(el("h3", f"{found.at:%H:%M} · {found.title}"), el("p", bold(found.text)), band, note)


def row_line(session: Session, row: str) -> str:
    """Return a row of the form in one line, with what became of it."""
    found = row_of(session, row)
    entry = session.state.part(Paper).entries.get(row)
    done = [f"✓ {'crossed off' if entry.crossed else f'entered for {entry.time}'}"] if entry else []
    name = session.patient(found.patient).display_name
    return " · ".join([_time(found), name, f"{_kind(found.kind)}: {_short(found.what)}", *done])


def row_full(session: Session, row: str) -> Markup:
    """Return a row of the form as it was written, and what became of it."""
    found = row_of(session, row)
    whose = f"On the sheet of {found.by}" if isinstance(found, PaperRow) else "On your sheet"
    entry = session.state.part(Paper).entries.get(row)
    facts = [
        ("Time", _time(found)),
        ("Patient", f"{session.patient(found.patient).display_name}, {found.second}"),
        ("Kind", KINDS[found.kind]),
        ("What", found.what),
    ]
    state = el("p", "Still to deal with", class_="em-still")
    if entry is not None:
        state = el("p", sign("✓"), f" {_became(entry).capitalize()}.", class_="em-verdict em-accepted")
    log = el("dl", [el("div", el("dt", name), " ", el("dd", value)) for name, value in facts], class_="em-log")
    return join(el("h3", whose), log, state)


def screen(session: Session) -> Markup:
    """Return the kit as one picture: what has happened, or the form."""
    if outage(session) is None:
        return empty("No outage is planned.")
    paper = session.state.part(Paper)
    head = el("div", banner(session, outage(session)), class_="em-call em-waiting-call")
    if paper.phase == "up":
        return head
    if paper.phase == "down":
        seen = session.scenario.of(Happening)
        return join(head, [el("article", happening(session, found), class_="em-note") for found in seen])
    made = []
    for row in rows(session):
        found, entry = row_of(session, row), paper.entries.get(row)
        whose = found.by if isinstance(found, PaperRow) else "you"
        who = f"{session.patient(found.patient).display_name}, {found.second}"
        made.append((_time(found), who, _kind(found.kind), found.what, whose, _became(entry) if entry else "to enter"))
    titles = ("Time", "Patient", "Kind", "What", "Written by", "In the record")
    return join(head, table("The paper form", titles, made, look="em-stack"))


def _became(entry: Entry) -> str:
    if entry.crossed:
        words = CROSSED[entry.crossed]
        return f"crossed off: {words[0].lower()}{words[1:]}"
    return f"entered for {entry.time}" + (", marked as entered afterwards" if entry.late else ", not marked")


def _time(found: Written | PaperRow) -> str:
    return f"{found.at:%H:%M}" if isinstance(found, PaperRow) else found.time


def _written(session: Session, written: Written) -> str:
    if written.kind == "nothing":
        return f"{KINDS['nothing']}."
    name = session.patient(written.patient).display_name
    return f"{written.time} · {name}, {written.second} · {_kind(written.kind)}: {written.what}"


def _kind(kind: str) -> str:
    return {"ordered": "Ordered", "stopped": "Not carried out", "nothing": "not for the form"}.get(kind, KINDS[kind])


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}…"
