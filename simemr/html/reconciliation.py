"""Medication reconciliation: the sources side by side, the history, the comparison with the ward, the list for home."""

from collections.abc import Iterable

from simemr.domain import units
from simemr.domain.actions.reconciliation import (
    DECISIONS,
    KINDS,
    RESOLUTIONS,
    TAKING,
    DischargeLine,
    Discrepancy,
    HistoryLine,
    MedicineSource,
    Reconciliation,
    SourceLine,
    history_of,
    lines_of,
    list_of,
    medicines_to_compare,
    sources_of,
    ward_orders,
)
from simemr.domain.formulary import ROUTES, Formulary
from simemr.domain.record import MedicineOrder, Patient
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty, table


def screen(session: Session, patient: Patient) -> Markup:
    """Return the whole of it as one picture: for a demonstration."""
    sources = sources_of(session, patient.id)
    if not sources:
        return empty("No source for this patient's medicines has been found yet.")
    part = session.state.part(Reconciliation)
    signed = patient.id in part.histories_signed
    cards = [
        el(
            "section",
            source(found),
            el("ul", [el("li", line.text) for line in lines_of(session, found.id)]),
            class_="em-source",
        )
        for found in sources
    ]
    made = [
        el("h3", "What the sources say"),
        el("div", cards, class_="em-sources"),
        el("h3", "1. The history"),
        history(session, patient),
    ]
    if signed:
        made += [el("h3", "2. Compared with the ward"), comparison(session, patient)]
    if signed and list_of(session, patient.id):
        made += [el("h3", "3. The list for home"), discharge(session, patient)]
    return join(made)


def source(found: MedicineSource) -> Markup:
    """Return a source's heading."""
    return join(el("h4", found.title), el("p", found.about, class_="em-quiet") if found.about else "")


# ---------------------------------------------------------------------------------------------------------------


def name(medicine: str, formulary: Formulary) -> str:
    """Return the medicine's short name: without what stands in brackets."""
    found = formulary.medicines.get(medicine)
    return found.name.partition(" (")[0] if found else medicine


def dose(line: HistoryLine | DischargeLine | MedicineOrder | SourceLine, formulary: Formulary) -> str:
    """Return "50 mg by mouth, once a day, in the morning"."""
    frequency = formulary.frequencies.get(line.frequency)
    often = frequency.text if frequency else line.frequency
    return f"{units.dose_text(line.dose, line.unit)} {ROUTES.get(line.route, line.route)}, {often}"


def at_home(line: HistoryLine | None, formulary: Formulary) -> str:
    """Return what the history says of one medicine."""
    if line is None:
        return "Not in the history"
    if not line.taken:
        return f"Does not take it ({dose(line, formulary)})"
    return dose(line, formulary)


def on_the_ward(orders: Iterable[MedicineOrder], formulary: Formulary) -> str:
    """Return what is ordered of one medicine."""
    return "; ".join(dose(order, formulary) for order in orders) or "Not ordered"


def history(session: Session, patient: Patient) -> Markup:
    """Return the history as a table."""
    lines = history_of(session, patient.id)
    if not lines:
        return empty("Nothing is in the history yet.")
    formulary = session.hospital.formulary
    titles = {found.id: found.title for found in sources_of(session, patient.id)}
    rows = [
        (
            el("b", name(line.medicine, formulary)), dose(line, formulary), TAKING[line.taking],
            ", ".join(titles.get(s, s) for s in line.sources),
        )
        for line in lines.values()
    ]  # fmt: skip
    return table("The history", ("Medicine", "Dose", "Taken?", "Who says so"), rows, look="em-stack")


def comparison(session: Session, patient: Patient) -> Markup:
    """Return the history and the ward's orders side by side, with what was found about each difference."""
    formulary = session.hospital.formulary
    lines = history_of(session, patient.id)
    findings = session.state.part(Reconciliation).findings
    rows = [
        (
            el("b", name(medicine, formulary)),
            at_home(lines.get(medicine), formulary),
            on_the_ward(ward_orders(session, patient.id, medicine), formulary),
            finding(findings.get((patient.id, medicine))),
        )
        for medicine in medicines_to_compare(session, patient.id)
    ]
    titles = ("Medicine", "At home", "On the ward", "What you found")
    return table("History and orders compared", titles, rows, look="em-stack")


def finding(found: Discrepancy | None) -> Markup:
    """Return what was said about a difference."""
    if found is None:
        return el("span", "Still to judge", class_="em-still")
    kind = KINDS[found.kind].partition(":")[0].partition(",")[0]
    note = el("span", f"“{found.note}”", class_="em-when") if found.note else ""
    return join(sign("✓ "), f"{kind}. {RESOLUTIONS[found.resolution]}.", note)


def discharge(session: Session, patient: Patient) -> Markup:
    """Return the list for home: what goes home first, then what does not."""
    formulary = session.hospital.formulary
    listed = list_of(session, patient.id)
    waiting = [m for m in medicines_to_compare(session, patient.id) if m not in listed]
    lines = sorted(listed.values(), key=lambda line: not line.goes_home)
    rows = [
        (
            el("b", name(line.medicine, formulary)),
            dose(line, formulary) if line.goes_home else "–",
            DECISIONS[line.decision],
            line.reason or "–",
        )
        for line in lines
    ]
    rows += [(el("b", name(m, formulary)), "–", el("span", "Still to decide", class_="em-still"), "–") for m in waiting]
    return table("The list for home", ("Medicine", "Dose at home", "What becomes of it", "Why"), rows, look="em-stack")


# ---------------------------------------------------------------------------------------------------------------
# one medicine, large


def compared(session: Session, patient: Patient, medicine: str, judged: bool = False) -> Markup:
    """Return one medicine at home and on the ward, side by side; ``judged``: and what was found about it."""
    formulary = session.hospital.formulary
    line = history_of(session, patient.id).get(medicine)
    orders = ward_orders(session, patient.id, medicine)
    found = session.state.part(Reconciliation).findings.get((patient.id, medicine))
    titles = {source_.id: source_.title for source_ in sources_of(session, patient.id)}
    home = [el("p", el("b", at_home(line, formulary)))]
    if line is not None:
        home.append(el("p", "From: ", ", ".join(titles.get(s, s) for s in line.sources), ".", class_="em-quiet"))
    ward = [el("p", el("b", on_the_ward(orders, formulary)))]
    ward += [
        el("p", f"For: {o.indication or 'nothing is written'}. Ordered by {o.prescriber or 'nobody named'}.",
           class_="em-quiet")
        for o in orders
    ]  # fmt: skip
    return el(
        "div",
        el("h3", name(medicine, formulary)),
        el("section", el("h4", "At home, by your history"), home, class_="em-side"),
        el("section", el("h4", "On the ward now"), ward, class_="em-side"),
        el("p", "What you found: ", finding(found), class_="em-found") if judged and found else "",
        class_="em-compared",
    )
