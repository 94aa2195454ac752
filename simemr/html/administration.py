"""The medication administration record: each order's doses day by day, due, given, held, late, and by whom.

Below it, for whoever gives medicines here: the doses that are due, and what was scanned for the one in hand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from simemr.domain import units, when
from simemr.domain.actions.administration import (
    LATE,
    Charted,
    Dose,
    Label,
    Mismatch,
    Outcome,
    Round,
    administrations,
    label_of,
    mismatches,
    order_of,
    pieces,
    waiting,
)
from simemr.domain.actions.response import Course
from simemr.domain.formulary import ROUTES, Formulary
from simemr.domain.record import MedicineOrder, Observation, Patient
from simemr.domain.session import Session
from simemr.domain.words import start
from simemr.html import words
from simemr.html.escape import Markup, el, hidden, join, sign
from simemr.html.tables import empty

_STATUS = {
    "given": ("✓", "Given", "em-dose-given"),
    "held": ("‖", "Held", "em-dose-held"),
    "refused": ("✗", "Refused", "em-dose-held"),
    "missed": ("○", "Not given, no reason", "em-dose-held"),
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def screen(session: Session, patient: Patient) -> Markup:
    """Return the tab as a picture: the chart, what is due, and the dose in hand."""
    return join(el("h3", "Administration chart"), chart(session, patient), _due_now(session, patient))


def chart(session: Session, patient: Patient) -> Markup:
    """Return the patient's chart as it is now: three days, or five with the pressures where a treatment is judged."""
    hospital = session.hospital
    orders = [order for order in session.state.orders.values() if order.patient == patient.id]
    charted, doses = administrations(session, patient), waiting(session, patient.id)
    judged = {o for course in session.scenario.of(Course) if course.patient == patient.id for o in course.orders}
    if not judged:
        return grid(orders, charted, doses, hospital.formulary, hospital.clock)
    made = grid(
        orders, [replace(c, note="") for c in charted], doses, hospital.formulary, hospital.clock, days=5,
        pressures=patient.observations, first=judged,
    )  # fmt: skip
    return join(made, _written(charted, orders, hospital.formulary, hospital.clock))


def _written(
    charted: Sequence[Charted], orders: Sequence[MedicineOrder], formulary: Formulary, clock: datetime
) -> Markup:
    """What was written beside doses, for a chart whose columns are too narrow to hold it."""
    names = {order.id: words.medicine(order, formulary).split(" ")[0] for order in orders}
    lines = [
        el(
            "li", el("b", f"{start(when.moment_text(c.at, clock))}, {names.get(c.order, c.order).lower()} {c.status}"),
            f": “{c.note}” ", el("span", c.by, class_="em-quiet"),
        )
        for c in charted
        if c.note
    ]  # fmt: skip
    return join(el("h4", "Written beside doses"), el("ul", lines, class_="em-mar-notes")) if lines else Markup("")


def _due_now(session: Session, patient: Patient) -> Markup:
    due = [dose for dose in session.scenario.of(Dose) if dose.patient == patient.id]
    if not due:
        return Markup("")
    round_, formulary = session.state.part(Round), session.hospital.formulary
    lines = [
        el("li", due_line(d, order_of(session, d.patient, d.order), round_.outcomes.get(d.id), formulary)) for d in due
    ]
    taken = next((dose for dose in due if dose.id == round_.dose), None)
    hand = el("div", now(session, taken), class_="em-bedside") if taken else ""
    return join(el("h3", "Due now"), el("ul", lines), hand)


def now(session: Session, dose: Dose) -> Markup:
    """Return the dose in hand with what was scanned for it."""
    round_ = session.state.part(Round)
    patient = session.patient(dose.patient)
    return in_hand(
        dose, order_of(session, dose.patient, dose.order), session.hospital.formulary,
        label_of(session, round_.wristband), label_of(session, round_.pack), {m.right: m for m in mismatches(session)},
        round_.measured.get(patient.id), patient.display_name,
    )  # fmt: skip


def grid(
    orders: Iterable[MedicineOrder],
    charted: Sequence[Charted],
    waiting: Sequence[Dose],
    formulary: Formulary,
    clock: datetime,
    days: int = 3,
    pressures: Sequence[Observation] = (),
    first: Collection[str] = (),
) -> Markup:
    """Return the chart: a row an inpatient order, a column a day, each dose with its time, outcome and giver.

    ``pressures`` adds a row of blood pressures; ``first`` are orders to show before the others.
    """
    dates = [clock.date() - timedelta(days=back) for back in range(days - 1, -1, -1)]
    shown = [o for o in orders if o.setting == "inpatient" and (o.status == "active" or _in(charted, o.id, dates))]
    # what is due first; every order of one medicine together, or a dose given under another order is overlooked
    due = {o.medicine for o in shown if o.id in first or any(d.order == o.id for d in waiting)}
    place = {o.medicine: at for at, o in reversed(list(enumerate(shown)))}
    shown.sort(key=lambda o: (o.medicine not in due, place[o.medicine], o.status != "active"))
    if not shown:
        return empty("Nothing is ordered.")
    head = [el("th", "Medicine", scope="col"), *(el("th", _day(d, clock), scope="col") for d in dates)]
    rows = [_row(order, charted, waiting, formulary, clock, dates) for order in shown]
    if pressures:
        rows.append(_pressures(pressures, dates, clock))
    body = el(
        "table",
        el("caption", "Doses of each medicine by day", class_="em-unseen"),
        el("thead", el("tr", head)),
        el("tbody", rows),
        class_="em-table em-mar em-stack",
    )
    return join(body, _key())


def _row(
    order: MedicineOrder,
    charted: Sequence[Charted],
    waiting: Sequence[Dose],
    formulary: Formulary,
    clock: datetime,
    dates: Sequence[date],
) -> Markup:
    limit = next((d.limit for d in waiting if d.order == order.id and d.limit), "")
    stopped = el("span", " Stopped", class_="em-kind em-kind-intolerance") if order.status == "stopped" else ""
    name = join(
        el("b", words.medicine(order, formulary)), stopped,
        el("span", " · ".join(filter(None, [words.dose(order, formulary), order.indication])), class_="em-line-part"),
        el("span", sign("⚑ "), limit, class_="em-limit") if limit else "",
    )  # fmt: skip
    cells = [el("th", name, scope="row")]
    for day in dates:
        doses = [_dose(c, clock) for c in charted if c.order == order.id and c.at.date() == day]
        doses += [_due(d, clock) for d in waiting if d.order == order.id and d.due.date() == day]
        cells.append(_cell(doses, day, clock))
    return el("tr", cells)


def _cell(doses: list[Markup], day: date, clock: datetime) -> Markup:
    nothing = el("span", "–", class_="em-quiet")
    return el("td", doses or nothing, data_label=_day(day, clock), class_="" if doses else "em-mar-none")


def _dose(dose: Charted, clock: datetime) -> Markup:
    mark, word, look = _STATUS.get(dose.status, ("", dose.status.capitalize(), ""))
    late = ""
    if dose.due is not None and dose.at - dose.due > LATE:
        late = el("span", f"Late: due {dose.due:%H:%M}", class_="em-late")
    by = dose.by.removeprefix("RN ")
    return el(
        "span", el("b", f"{dose.at:%H:%M}"), " ", sign(mark), " ", el("span", word, class_=look),
        el("span", f" {by}", class_="em-quiet") if by else "", late,
        el("span", dose.note, class_="em-line-part") if dose.note else "", class_="em-dose",
    )  # fmt: skip


def _due(dose: Dose, clock: datetime) -> Markup:
    late = clock - dose.due > LATE
    return el(
        "span", el("b", f"{dose.due:%H:%M}"), " ", sign("●"), " ", el("span", "Overdue" if late else "Due"),
        class_="em-dose em-dose-due",
    )  # fmt: skip


def _pressures(sets: Sequence[Observation], dates: Sequence[date], clock: datetime) -> Markup:
    cells = [el("th", el("b", "Blood pressure"), el("span", "mmHg", class_="em-line-part"), scope="row")]
    for day in dates:
        found = [
            el("span", el("b", f"{o.at:%H:%M}"), f" {o.sbp}/{o.dbp}", class_="em-dose")
            for o in sets
            if o.at.date() == day
        ]
        cells.append(_cell(found, day, clock))
    return el("tr", cells, class_="em-mar-sum")


def _key() -> Markup:
    return el(
        "p", "Due ●, given ✓, held ‖, refused ✗. A dose more than an hour after its time is marked late.",
        class_="em-quiet em-mar-key",
    )  # fmt: skip


def _in(charted: Sequence[Charted], order: str, dates: Sequence[date]) -> bool:
    return any(c.order == order and c.at.date() in dates for c in charted)


def _day(day: date, clock: datetime) -> str:
    if day == clock.date():
        return "Today"
    if day == clock.date() - timedelta(days=1):
        return "Yesterday"
    return f"{_WEEKDAYS[day.weekday()]} {when.day_text(day).rsplit(' ', 1)[0]}"


def due_line(dose: Dose, order: MedicineOrder, outcome: Outcome | None, formulary: Formulary) -> str:
    """Return the plain words of a due dose: "18:00 · Furosemide 40 mg into a vein"."""
    name = words.medicine(order, formulary).split(" (")[0]
    made = f"{dose.due:%H:%M} · {name} {units.dose_text(order.dose, order.unit)} {ROUTES[order.route]}"
    if outcome is None:
        return made
    mark, word, _ = _STATUS[outcome.status]
    return f"{mark} {word}: {made}"


def in_hand(
    dose: Dose,
    order: MedicineOrder,
    formulary: Formulary,
    band: Label | None,
    pack: Label | None,
    wrong: Mapping[str, Mismatch],
    measured: Observation | None,
    patient_name: str,
) -> Markup:
    """Return the dose in hand: the order in full, its limit, the bedside, and what each scan says."""
    limit = el("p", sign("⚑ "), el("b", "In the order: "), dose.limit, class_="em-limit-box") if dose.limit else ""
    taken = ""
    if measured is not None:
        taken = el(
            "p", sign("✓ "), f"Measured just now: blood pressure {measured.sbp}/{measured.dbp}, pulse {measured.pulse},"
            f" breaths {measured.rr}, oxygen saturation {measured.spo2} %, temperature {measured.temperature:.1f} °C.",
            class_="em-measured",
        )  # fmt: skip
    return join(
        el("h3", f"{words.order(order, formulary)}"),
        el("p", f"Due {dose.due:%H:%M}. For {order.indication or 'no reason given'}. Ordered by {order.prescriber}."),
        limit,
        el("p", el("b", "At the bedside: "), dose.cue) if dose.cue else "",
        taken,
        el(
            "ul",
            _check("Wristband", band, wrong.get("patient"), patient_name),
            _check("Pack", pack, next((m for r, m in wrong.items() if r != "patient"), None), _amount(pack, order)),
            class_="em-scans",
        ),
    )


def _check(name: str, label: Label | None, wrong: Mismatch | None, fits: str) -> Markup:
    if label is None:
        return el("li", sign("○ "), f"{name}: not scanned yet", class_="em-scan")
    if wrong is not None:
        text = wrong.words[:1].upper() + wrong.words[1:]
        said = el("span", sign("⚠ "), hidden("Stop: "), f"{name}: {text}", role="alert")
        return el("li", said, class_="em-scan em-scan-wrong")
    return el("li", sign("✓ "), f"{name}: {fits}", class_="em-scan em-scan-right")


def _amount(pack: Label | None, order: MedicineOrder) -> str:
    if pack is None:
        return ""
    count = pieces(pack, order)
    name = pack.text.splitlines()[0]
    return f"{name}. Take {units.dose_text(count, pack.piece)}." if count else name
