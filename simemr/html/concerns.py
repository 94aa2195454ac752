"""The list of concerns that a review of the chart leaves, the most urgent first, and how what it is about reads."""

from datetime import datetime

from simemr.domain import when
from simemr.domain.actions.concerns import ABSENT, DEVICES, KINDS, SOON, Concern, Review, note_id, notes_of
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html import banner, score, words
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty, table

_OBSERVED = {
    "news2": "NEWS2", "rr": "Respiration rate", "spo2": "Oxygen saturation", "oxygen": "Air or oxygen",
    "sbp": "Blood pressure", "pulse": "Pulse", "consciousness": "Consciousness", "temperature": "Temperature",
}  # fmt: skip


def screen(session: Session, patient: Patient) -> Markup:
    """Return the list as a picture."""
    found = in_order(session, patient.id)
    if not found:
        return join(el("h3", "Concerns"), empty("Nothing is written down yet."))
    rows = [(SOON[c.soon], el("b", about(session, c)), KINDS[c.kind], c.plan) for _, c in found]
    titles = ("How soon", "About", "Kind", "What you would do")
    return join(el("h3", f"Concerns · {len(found)}"), table("Concerns", titles, rows, look="em-stack"))


def in_order(session: Session, patient: str) -> list[tuple[str, Concern]]:
    """The concerns with their numbers, the most urgent first."""
    found = session.state.part(Review).of(patient)
    return sorted(found.items(), key=lambda item: list(SOON).index(item[1].soon))


def about(session: Session, concern: Concern) -> str:
    """Return what a concern is about, in words."""
    return thing(session, session.patient(concern.patient), concern.about)


def thing(session: Session, patient: Patient, which: str) -> str:
    """Return what was picked as it reads in the record: "Potassium 5.8 mmol/L, today 06:00"."""
    part, _, name = which.partition("/")
    made = {"order": _order, "result": _result, "observation": _observation, "note": _note, "front": _front}.get(part)
    if made is not None:
        return made(session, patient, name)
    if part == "problem":
        return next(p.text for p in patient.problems if p.id == name)
    if part == "allergy":
        return next(
            (banner.allergy(a) for a in patient.allergies if a.substance.lower().replace(" ", "-") == name),
            "The allergy list: none known" if patient.allergy_status == "none known" else "The allergy list",
        )
    return (DEVICES if part == "device" else ABSENT)[name]


def line(concern: Concern) -> Markup:
    """Return what stands beside a concern's subject on the list."""
    return join(
        el("span", KINDS[concern.kind], class_="em-concern-kind"), el("span", concern.plan, class_="em-concern-plan")
    )


def soon(concern: Concern) -> Markup:
    """Return how soon: "Now", "Today", "Before discharge"."""
    text = {"now": "Now", "today": "Today", "discharge": "Before discharge"}[concern.soon]
    return el("span", text, class_=f"em-concern-{concern.soon}")


def count(number: int) -> str:
    """Return "3 on your list", in words where there is none."""
    return f"{number} on your list" if number else "Nothing on your list yet"


def _order(session: Session, patient: Patient, name: str) -> str:
    found = next(o for o in session.state.orders.values() if o.patient == patient.id and o.id == name)
    told = words.order(found, session.hospital.formulary)
    told = told[:1].upper() + told[1:]
    if found.setting == "home":
        return f"{told}, at home"
    return told if found.status == "active" else f"{told}, {found.status}"


def _result(session: Session, patient: Patient, name: str) -> str:
    test, latest = session.hospital.tests[name], patient.latest(name)
    clock = session.hospital.clock
    return f"{test.name} {test.text(latest.value)} {words.unit(test.unit)}, {when.moment_text(latest.at, clock)}"


def _observation(session: Session, patient: Patient, name: str) -> str:
    if not patient.observations:
        return _OBSERVED[name]
    latest = patient.observations[-1]
    scored = score.of(latest, patient.news2_scale)
    value = {
        "news2": str(scored.total) if scored else "",
        "rr": f"{latest.rr}/min",
        "spo2": f"{latest.spo2} %",
        "oxygen": f"({words.oxygen(latest)})",
        "sbp": f"{latest.sbp}/{latest.dbp} mmHg",
        "pulse": f"{latest.pulse}/min",
        "consciousness": f"({words.CONSCIOUSNESS.get(latest.consciousness, latest.consciousness).lower()})",
        "temperature": f"{latest.temperature:.1f} °C",
    }[name]
    return f"{_OBSERVED[name]} {value}, {when.moment_text(latest.at, session.hospital.clock)}"


def _note(session: Session, patient: Patient, name: str) -> str:
    found = next(n for n in notes_of(session, patient.id) if note_id(n) == name)
    moment = when.moment_text(found.at, session.hospital.clock)
    return f"Note of {moment}: {found.kind}, {found.author}"


def _front(session: Session, patient: Patient, name: str) -> str:
    clock: datetime = session.hospital.clock
    return {
        "weight": f"Weight: {banner.weight(patient, clock)}",
        "resuscitation": f"Resuscitation: {patient.resuscitation}",
        "identity": f"Name and number: {patient.display_name}, {words.hospital_number(patient.hospital_number)}",
    }[name]
