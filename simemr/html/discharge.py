"""The discharge summary as it reads."""

from simemr.domain.actions.discharge import (
    DUE,
    MEDICINES,
    SECTIONS,
    TELL,
    Summary,
    discharge_of,
    medicines_of,
    owners,
    summary_of,
    tests_of,
)
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty, table


def screen(session: Session, patient: Patient) -> Markup:
    """Return the whole summary as one picture: for a demonstration."""
    found = discharge_of(session, patient.id)
    if found is None:
        return nobody()
    summary = summary_of(session, patient.id)
    texts = [
        join(el("h3", title), el("p", summary.texts[key]) if key in summary.texts else empty("Not written yet."))
        for key, title in SECTIONS.items()
    ]
    return join(
        heading(session, patient),
        texts[:2],
        el("h3", "Medicines"),
        medicines(session, patient),
        el("h3", "Results still to come"),
        pending(session, patient),
        texts[2:],
        signed(summary),
    )


def nobody() -> Markup:
    """What stands in the tab of a patient who stays."""
    return empty("This patient is not going home today.")


def heading(session: Session, patient: Patient) -> Markup:
    """Return who goes home, and when."""
    found = discharge_of(session, patient.id)
    when = f", {found.when}" if found and found.when else ""
    return el(
        "p",
        el("b", patient.formal_name),
        f" goes home{when}. The summary goes to the family doctor and to the patient.",
    )


def medicines(session: Session, patient: Patient) -> Markup:
    """Return what becomes of each medicine."""
    formulary, summary = session.hospital.formulary, summary_of(session, patient.id)
    rows = []
    for key, order in medicines_of(session, patient.id).items():
        found = summary.medicines.get(key)
        done = MEDICINES[found.decision] if found else el("span", "Still to decide", class_="em-still")
        said = (found.words if found else "") or "–"
        rows.append((el("b", words.medicine(order, formulary)), words.dose(order, formulary), done, said))
    if not rows:
        return empty("Nothing is ordered.")
    titles = ("Medicine", "On the ward", "What becomes of it", "How long, or what for")
    return table("Medicines at discharge", titles, rows, look="em-stack")


def pending(session: Session, patient: Patient) -> Markup:
    """Return the results still to come, with who looks for each."""
    summary = summary_of(session, patient.id)
    if not summary.pending:
        return empty("No result is listed as still to come.")
    titles = {test.id: test.title for test in tests_of(session, patient.id)}
    names = {contact.id: contact.name for contact in owners(session)}
    rows = [
        (el("b", titles[test]), names[found.owner], DUE[found.due], TELL[found.tell])
        for test, found in summary.pending.items()
    ]
    heads = ("Test", "Who looks for it", "When it is due", "How the patient hears")
    return table("Results still to come", heads, rows, look="em-stack")


def signed(summary: Summary) -> Markup:
    """Return whether it is signed."""
    if not summary.signed:
        return el("p", "Not signed yet.", class_="em-still")
    return el("p", sign("✓"), " Signed and sent.", class_="em-verdict em-accepted")
