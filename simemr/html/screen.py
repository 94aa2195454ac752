"""The record as one picture of a session: what the EMR shows, with nothing to press.

For watching a demonstration; the same renderers make the live EMR.
"""

from __future__ import annotations

from simemr.domain import interruption
from simemr.domain.access import locked
from simemr.domain.actions.extract import DECISIONS, KINDS, WHOLE_COLUMN, WHOLE_ROW
from simemr.domain.actions.orders import OVERRIDE_REASONS
from simemr.domain.actions.verification import HAZARDS
from simemr.domain.downtime import Paper, outage
from simemr.domain.record import Patient
from simemr.domain.scenario import DESKS as DESK_TITLES
from simemr.domain.scenario import TABS as TAB_TITLES
from simemr.domain.scenario import Extract
from simemr.domain.session import Session
from simemr.domain.state import Draft, Flag
from simemr.html import alerts, deterioration, downtime, interruptions, note_editor, orders, ward
from simemr.html.banner import banner, identity, nobody
from simemr.html.escape import Markup, el, hidden, join, sign
from simemr.html.tabs import DESKS, TABS, of_patient


def screen(session: Session) -> Markup:
    """Return the ward list and the open record, or the extract where the session works on one."""
    if session.scenario.extract is not None:
        return _extract(session.scenario.extract, session.state.flags)
    people = session.hospital.patients
    wards = _ward(session) if len(people) > 1 else ""
    state = session.state
    if state.desk:
        record = el("div", el("h3", DESK_TITLES[state.desk]), DESKS[state.desk](session), class_="q-tab")
    else:
        record = _record(session, session.patient(state.patient)) if state.patient in people else nobody()
    return el(
        "div", wards, el("div", _call(session), _outage(session), record, class_="em-card q-record"), class_="q-screen"
    )


def _call(session: Session) -> Markup:
    """Whoever comes in between."""
    found = interruption.waiting(session)
    if found is None:
        return Markup("")
    return el("div", interruptions.coming(found, promised=False), class_="em-call em-waiting-call")


def _outage(session: Session) -> Markup:
    """The banner of an outage, over everything but the kit, which says it itself."""
    found = outage(session)
    if found is None or session.state.desk == "downtime" or session.state.part(Paper).phase == "up":
        return Markup("")
    return el("div", downtime.banner(session, found), class_="em-call")


def _ward(session: Session) -> Markup:
    hospital, made = session.hospital, []
    patients = sorted(hospital.patients.values(), key=lambda patient: (patient.unit, patient.bed))
    for unit in dict.fromkeys(patient.unit for patient in patients):
        here = [patient for patient in patients if patient.unit == unit]
        made.append(ward.heading(hospital.units[unit].name, len(here)))
        made.append(el("ul", [_row(session, patient) for patient in here]))
    return el("div", made, class_="em-card q-ward")


def _row(session: Session, patient: Patient) -> Markup:
    state = session.state
    waiting = sum(o.patient == patient.id and o.id not in state.verdicts for o in session.scenario.orders)
    name = el("b", patient.display_name, hidden(" (open)") if patient.id == state.patient else "", class_="q-name")
    look = "em-row em-open" if patient.id == state.patient else "em-row"
    if locked(session, patient.id):
        return el("li", name, ward.locked_row(patient), class_=look)
    return el("li", name, ward.row(session.patient(patient.id), session.hospital.clock, waiting), class_=look)


def _record(session: Session, patient: Patient) -> Markup:
    state, clock = session.state, session.hospital.clock
    unit = session.hospital.units.get(patient.unit)
    where = f"{patient.bed}, {unit.name}" if unit else patient.bed
    confirmed = state.confirmed.get(patient.id)
    tabs = [
        el("li", el("b", TAB_TITLES[tab]), hidden(" (open)"), class_="q-on")
        if tab == state.tab
        else el("li", TAB_TITLES[tab])
        for tab in session.scenario.tabs
    ]
    return join(
        banner(patient, clock, where, session.hospital.patients),
        identity(confirmed) if confirmed else "",
        el("ul", tabs, class_="q-tabs", aria_label="Parts of the record") if tabs else "",
        _draft(state.draft, patient, session) if state.draft else "",
        el("div", _tab(session, patient), class_="q-tab"),
    )


def _tab(session: Session, patient: Patient) -> Markup:
    shown = TABS[session.state.tab](session, patient)
    if session.state.tab == "observations":
        shown = join(deterioration.sets(session, patient), shown)
    if session.state.tab == "notes":
        shown = join(note_editor.draft(session, patient), shown)
    return join(_awaiting(session, patient), shown) if session.state.tab == "orders" else shown


def _awaiting(session: Session, patient: Patient) -> list[Markup]:
    formulary, verdicts = session.hospital.formulary, session.state.verdicts
    return [
        el("div", orders.awaiting(order, formulary, verdicts.get(order.id), HAZARDS), class_="em-card")
        for order in of_patient(session, patient)
        if order.status == "awaiting" or order.id in verdicts
    ]


def _draft(draft: Draft, patient: Patient, session: Session) -> Markup:
    """The order being written, with what stops it and what is worth knowing."""
    interrupting = [alert for alert in draft.alerts if alert.severity == "interruptive"]
    worth_knowing = [alert for alert in draft.alerts if alert.severity != "interruptive"]
    return el(
        "div",
        el("h3", "The order being written"),
        orders.review(draft.order, patient, session.hospital.formulary),
        alerts.interrupting(draft.unanswered),
        alerts.overridden(draft.overrides, interrupting, OVERRIDE_REASONS),
        alerts.advisory(worth_knowing),
        class_="q-draft",
    )


def _extract(extract: Extract, flags: dict[tuple[str, str], Flag]) -> Markup:
    """The table, each row named by its first value, with what is marked said in the cell."""
    columns = [
        el("th", column.title, _mark(flags.get((WHOLE_COLUMN, column.id))), scope="col") for column in extract.columns
    ]
    rows = []
    for row in extract.rows:
        name, whole = row[0], flags.get((row[0], WHOLE_ROW))
        cells = []
        for place, (column, text) in enumerate(zip(extract.columns, row, strict=True)):
            flag = flags.get((name, column.id))
            marks = (_mark(flag), _mark(whole) if place == 0 else "")
            attributes = {"scope": "row"} if place == 0 else {}
            look = "q-flagged" if flag else None
            cells.append(el("td" if place else "th", text or "(empty)", marks, class_=look, **attributes))
        rows.append(el("tr", cells, class_="q-flagged" if whole else None))
    table = el("table", el("thead", el("tr", columns)), el("tbody", rows), class_="q-table")
    note = el("p", extract.note) if extract.note else ""
    scroll = el("div", table, class_="q-scroll", tabindex="0", role="group", aria_label="Table")
    return el("div", note, scroll, class_="em-card q-record")


def _mark(flag: Flag | None) -> Markup | str:
    if flag is None:
        return ""
    kind, decision = _first_words(KINDS, flag.kind), _first_words(DECISIONS, flag.decision)
    return el("span", sign("⚑"), f" {kind}: {decision}", class_="q-flag")


def _first_words(names: dict[str, str], name: str) -> str:
    """'Conformance' of 'Conformance: it does not keep to the agreed form'."""
    return names.get(name, name).split(":")[0]
