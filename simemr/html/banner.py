"""The patient banner: who this is and what must never be overlooked, on every screen."""

from collections.abc import Collection
from datetime import datetime

from simemr.domain import egfr, units, when
from simemr.domain.record import Allergy, Patient
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign

IDENTIFIERS = {"name": "full name", "born": "date of birth", "hospital_number": "hospital number"}


def banner(patient: Patient, clock: datetime, beds: str = "", listed: Collection[str] = ()) -> Markup:
    """Return the banner. ``beds`` is the unit and bed in words; ``listed`` are the patients on the ward list."""
    facts = [
        ("Born", f"{when.day_text(patient.born)} ({when.age(patient.born, clock)})"),
        ("Hospital no.", words.hospital_number(patient.hospital_number)),
        ("Sex", patient.sex.capitalize()),
        ("Weight", weight(patient, clock)),
        ("eGFR", kidney(patient, clock)),
        ("Resuscitation", patient.resuscitation),
        ("Bed", beds or patient.bed),
    ]
    shown = el("dl", [el("div", el("dt", name), " ", el("dd", value)) for name, value in facts if value])
    return el(
        "section",
        el("h2", patient.display_name),
        el("span", "Synthetic patient", class_="em-synthetic"),
        shown,
        alike(patient) if set(patient.look_alikes) & set(listed) else "",
        allergies(patient),
        class_="em-banner", aria_label="The patient whose record is open",
    )  # fmt: skip


def alike(patient: Patient) -> Markup:
    """Return the name alert. It does not name the other patient: a name in the wrong banner is how it goes wrong."""
    other = f" Name alert: another patient on this list is called {patient.family} too."
    return el("p", sign("⚠"), other, " Compare the number and the date of birth.", class_="em-name-alert")


def nobody() -> Markup:
    """What stands in the banner's place while no record is open."""
    invitation = "Choose a patient from the ward list: the record opens here."
    return el(
        "section",
        el("div", el("h2", "No record is open"), el("p", invitation), class_="em-who"),
        el("span", "Synthetic patients", class_="em-synthetic"),
        class_="em-banner em-nobody",
        aria_label="No record is open",
    )


def weight(patient: Patient, clock: datetime) -> str:
    """Return "52 kg · today", or that there is none."""
    if patient.weight is None:
        return "not weighed"
    at, kg = patient.weight
    return f"{units.number_text(kg)} kg · {words.day(at, clock)}"


def kidney(patient: Patient, clock: datetime) -> str:
    """Return the latest eGFR in mL/min/1.73 m², as reported or else worked out from the latest creatinine."""
    reported, creatinine = patient.latest("egfr"), patient.latest("creatinine")
    if reported is not None and (creatinine is None or reported.at >= creatinine.at):
        return f"{reported.value:.0f}"
    if creatinine is None:
        return ""
    try:
        return f"{egfr.ckd_epi_2021(creatinine.value, when.age(patient.born, clock), patient.sex):.0f}"
    except ValueError:
        return ""


def allergies(patient: Patient) -> Markup:
    """Return the allergies in words: each with its reaction; none known and not asked are told apart."""
    if patient.allergies:
        rows = []
        for kind, name in (("allergy", "Allergy"), ("intolerance", "Intolerance")):
            found = [a for a in patient.allergies if a.type == kind]
            if found:
                line = join(sign("⚠"), f" {name}: ", "; ".join(allergy(a) for a in found))
                rows.append(el("p", line, class_=f"em-allergy em-allergy-{kind}"))
        return join(rows)
    if patient.allergy_status == "none known":
        return el("p", "No known allergies", class_="em-allergy em-allergy-none")
    return el("p", sign("⚠"), " Allergies: nobody has asked yet", class_="em-allergy em-allergy-unasked")


def allergy(found: Allergy) -> str:
    """Return "penicillin — anaphylaxis (2009)"."""
    year = f" ({found.recorded})" if found.recorded else ""
    return f"{found.substance} — {found.reaction}{year}"


def identity(confirmed: Collection[str]) -> Markup:
    """Return the line that says who was confirmed, and how."""
    names = [IDENTIFIERS[name] for name in IDENTIFIERS if name in confirmed]
    return el(
        "p", sign("✓"), " Identity confirmed by ", " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1
        else "".join(names), ".", class_="em-confirmed",
    )  # fmt: skip
