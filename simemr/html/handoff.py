"""A handover by I-PASS as it reads: the letter, what it stands for, and what was said."""

from collections.abc import Sequence

from simemr.domain.actions.handoff import (
    SEVERITIES,
    WHEN,
    Contingency,
    Handoff,
    Heard,
    ReadBack,
    ToDo,
    handoff_of,
    readback_of,
    sheet_of,
)
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty

ELEMENTS = {
    "severity": ("I", "Illness severity"),
    "summary": ("P", "Patient summary"),
    "actions": ("A", "Action list"),
    "contingencies": ("S", "Situation awareness and contingency planning"),
    "synthesis": ("S", "Synthesis by the receiver"),
}


def screen(session: Session, patient: Patient) -> Markup:
    """Return the whole handover as one picture: for a demonstration."""
    found = handoff_of(session, patient.id)
    if found is None:
        return nobody()
    return join(heading(found), said(session, patient), synthesis(session, patient))


def nobody() -> Markup:
    """What stands in the tab of a patient who is not handed over."""
    return empty("This patient is not for you to hand over.")


def heading(found: Handoff) -> Markup:
    """Return to whom the handover goes."""
    return el("p", "You hand this patient over to ", el("b", found.receiver), ".")


def element(name: str) -> Markup:
    """Return "I  Illness severity"."""
    letter, words = ELEMENTS[name]
    return el("h3", el("span", letter, class_="em-letter", aria_hidden="true"), " ", words, class_="em-element")


def said(session: Session, patient: Patient) -> Markup:
    """Return the four elements as they stand."""
    sheet = sheet_of(session, patient.id)
    return join(
        element("severity"),
        el("p", el("b", SEVERITIES[sheet.severity])) if sheet.severity else empty("Not said yet."),
        element("summary"),
        el("p", sheet.summary) if sheet.summary else empty("Not said yet."),
        element("actions"),
        to_dos(sheet.actions),
        element("contingencies"),
        contingencies(sheet.contingencies),
    )


def to_dos(lines: Sequence[ToDo]) -> Markup:
    """Return the action list, numbered."""
    if not lines:
        return empty("Nothing is on the action list yet.")
    return el("ol", [el("li", el("b", f"{WHEN[line.when]}: "), line.what) for line in lines])


def contingencies(lines: Sequence[Contingency]) -> Markup:
    """Return what may happen and what to do then, numbered."""
    if not lines:
        return empty("There is no plan yet for what may happen.")
    return el("ol", [el("li", el("b", "If "), line.if_, el("b", " then "), line.then) for line in lines])


def synthesis(session: Session, patient: Patient) -> Markup:
    """Return what the receiver said back, and how it was answered."""
    sheet = sheet_of(session, patient.id)
    found = handoff_of(session, patient.id)
    if not sheet.given or found is None:
        return join(element("synthesis"), empty("The receiver says back what they heard, once you have given it."))
    lines = [
        el("li", line(found, said_), heard(sheet.heard.get(said_.id))) for said_ in readback_of(session, patient.id)
    ]
    return join(element("synthesis"), el("ul", lines, class_="em-heard"))


def line(found: Handoff, said_: ReadBack) -> Markup:
    """Return one sentence of the receiver's."""
    return el("p", el("b", f"{found.receiver.partition(',')[0]}: "), f"“{said_.text}”", class_="em-answered-back")


def heard(answer: Heard | None) -> Markup:
    """Return how the sentence was answered."""
    if answer is None:
        return el("p", "Still to answer", class_="em-still")
    if answer.answer == "right":
        return el("p", sign("✓"), " You said: that is right.", class_="em-verdict em-accepted")
    return el("p", sign("⚑"), f" You corrected it: “{answer.correction}”", class_="em-verdict em-challenged")
