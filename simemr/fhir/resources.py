"""One function a resource: from the plain values of a record to the dictionaries that are FHIR's JSON.

References are relative (``Patient/<id>``) and point into the same bundle. Staff are named, not referenced: they are
no part of the record. The simulated hospital's clock has no time zone; its times are written as UTC.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime

from simemr.domain import units, when
from simemr.domain.formulary import ROUTES, Formulary, Frequency
from simemr.domain.record import (
    Administration,
    Allergy,
    Hospital,
    LabTest,
    MedicineOrder,
    Note,
    Observation,
    Patient,
    Problem,
    Result,
)
from simemr.fhir.codes import (
    HERE,
    ICD_10_CM,
    INTERPRETATION,
    LOINC,
    STATUS_OF_DOSE,
    TERMINOLOGY,
    coded,
    coding,
    concept,
    dose_quantity,
    laboratory_unit,
    quantity,
)


def moment(at: datetime) -> str:
    """Return a dateTime or instant: "2026-03-12T07:20:00Z"."""
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def stamp(at: datetime) -> str:
    """Return a moment as it stands in an id: "20260312T0720"."""
    return f"{at:%Y%m%dT%H%M}"


def date_or_moment(text: str, clock: datetime) -> str:
    """Return a year, month or day as it is, and a moment of a patient file ("D-2 21:40") as a dateTime."""
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else moment(when.parse(text, clock))


def reference(kind: str, id_: str) -> dict:
    return {"reference": f"{kind}/{id_}"}


def resource(kind: str, id_: str, **elements) -> dict:
    """Return a resource, without the elements that are empty: FHIR knows no empty ones."""
    return {"resourceType": kind, "id": id_} | {name: value for name, value in elements.items() if value}


def _about(patient: Patient) -> dict:
    return {"subject": reference("Patient", patient.id), "encounter": reference("Encounter", f"{patient.id}-stay")}


# ------------------------------------------------------------------------------------------- who, and where


def person(patient: Patient) -> dict:
    """Patient. Marked as test data, for whoever receives it."""
    return resource(
        "Patient",
        patient.id,
        meta={"security": [coding(f"{TERMINOLOGY}/v3-ActReason", "HTEST", "test health data")]},
        identifier=[{"use": "official", "system": f"{HERE}/hospital-number", "value": patient.hospital_number}],
        name=[
            {
                "use": "official",
                "text": patient.formal_name,
                "family": patient.family,
                "given": [patient.given],
                "prefix": [patient.title],
            }
        ],
        gender=patient.sex,
        birthDate=patient.born.isoformat(),
    )


def stay(patient: Patient, hospital: Hospital) -> dict:
    """Encounter: the stay in hospital, still going on."""
    return resource(
        "Encounter",
        f"{patient.id}-stay",
        status="in-progress",
        **{"class": coding(f"{TERMINOLOGY}/v3-ActCode", "IMP", "inpatient encounter")},
        subject=reference("Patient", patient.id),
        participant=[
            {
                "type": [coded("v3-ParticipationType", "ATND", "attender")],
                "individual": {"display": patient.consultant},
            }
        ],
        period={"start": moment(patient.admitted)},
        reasonCode=[concept(patient.reason)],
        location=[{"location": {"display": f"{hospital.units[patient.unit].name}, bed {patient.bed}"}}],
    )


def flags(patient: Patient) -> Iterator[dict]:
    """Flag: what stands in the banner of every screen and has no resource of its own."""
    texts = {
        "resuscitation": "Do not attempt cardiopulmonary resuscitation" if patient.resuscitation == "DNACPR" else "",
        "oxygen": "Oxygen saturation target 88-92 %, NEWS2 on SpO2 scale 2" if patient.news2_scale == 2 else "",
        "name": "Another patient has a similar name" if patient.look_alikes else "",
    }
    for name, text in texts.items():
        if text:
            yield resource(
                "Flag", f"{patient.id}-{name}", status="active", category=[coded("flag-category", "safety", "Safety")],
                code=concept(text), **_about(patient),
            )  # fmt: skip


# --------------------------------------------------------------------------------- problems and allergies


def problem(patient: Patient, entry: Problem, clock: datetime) -> dict:
    """Condition: an entry of the problem list."""
    return resource(
        "Condition",
        f"{patient.id}-{entry.id}",
        clinicalStatus=coded("condition-clinical", entry.status, entry.status.capitalize()),
        verificationStatus=coded("condition-ver-status", "confirmed", "Confirmed"),
        category=[coded("condition-category", "problem-list-item", "Problem List Item")],
        code=concept(entry.text, *([coding(ICD_10_CM, entry.icd10cm)] if entry.icd10cm else [])),
        onsetDateTime=date_or_moment(entry.onset, clock) if entry.onset else "",
        abatementDateTime=date_or_moment(entry.abated, clock) if entry.abated else "",
        note=[{"text": entry.note}] if entry.note else [],
        **_about(patient),
    )


def allergies(patient: Patient, formulary: Formulary) -> Iterator[dict]:
    """AllergyIntolerance: each entry; or, where the patient was asked and has none, that there is none known."""
    for number, entry in enumerate(patient.allergies, 1):
        yield _allergy(patient, entry, number, formulary)
    if not patient.allergies and patient.allergy_status == "none known":
        absent = coding(
            "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "no-known-allergies", "No known allergies"
        )
        yield _allergy_resource(patient, "none", "confirmed", code=concept("No known allergies", absent))


# who can have said so: a resource of the bundle, or a person outside it; a document is no asserter in R4
_ASSERTERS = {"patient": "Patient", "family": "RelatedPerson"}
_PAPERS = {"letter": "a letter or another record", "note": "a paper note"}


def _allergy(patient: Patient, entry: Allergy, number: int, formulary: Formulary) -> dict:
    named = entry.substance.casefold() in (m.name.casefold() for m in formulary.medicines.values())
    local = [coding(f"{HERE}/CodeSystem/formulary-class", entry.class_)] if entry.class_ else []
    return _allergy_resource(
        patient,
        str(number),
        entry.certainty,
        type=entry.type,
        category=["medication"] if entry.class_ or named else [],
        code=concept(entry.substance, *local),
        recordedDate=entry.recorded,
        asserter=_asserter(patient, entry.source),
        note=[{"text": f"Source: {_PAPERS[entry.source]}."}] if entry.source in _PAPERS else [],
        reaction=[{"manifestation": [concept(entry.reaction)], "severity": entry.severity}],
    )


def _asserter(patient: Patient, source: str) -> dict:
    kind = _ASSERTERS.get(source)
    if kind == "Patient":
        return reference(kind, patient.id)
    return {"type": kind, "display": source.capitalize()} if kind else {}


def _allergy_resource(patient: Patient, end: str, certainty: str, **elements) -> dict:
    """An entry of which nobody wrote how certain it is has no status of that: R4 asks for none."""
    verification = coded("allergyintolerance-verification", certainty, certainty.capitalize()) if certainty else {}
    return resource(
        "AllergyIntolerance",
        f"{patient.id}-allergy-{end}",
        clinicalStatus=coded("allergyintolerance-clinical", "active", "Active"),
        verificationStatus=verification,
        patient=reference("Patient", patient.id),
        encounter=reference("Encounter", f"{patient.id}-stay"),
        **elements,
    )


# ------------------------------------------------------------------------------------------------ medicines


def medicine(order: MedicineOrder, formulary: Formulary, clock: datetime, patient: Patient) -> dict:
    """MedicationRequest for an order of this stay, MedicationStatement for what is taken at home."""
    shared = {
        "medicationCodeableConcept": _medicine_concept(order.medicine, formulary),
        "reasonCode": [concept(order.indication)] if order.indication else [],
    }
    start = date_or_moment(order.start, clock) if order.start else ""
    if order.setting == "home":
        return resource(
            "MedicationStatement",
            f"{patient.id}-{order.id}",
            status=order.status,
            category=coded("medication-statement-category", "community", "Community"),
            subject=reference("Patient", patient.id),
            effectivePeriod={"start": start} if start else {},
            informationSource={"display": order.prescriber} if order.prescriber else {},
            dosage=[_dosage(order, formulary)],
            **shared,
        )
    return resource(
        "MedicationRequest",
        f"{patient.id}-{order.id}",
        status=order.status,
        intent="order",
        category=[coded("medicationrequest-category", "inpatient", "Inpatient")],
        authoredOn=start,
        requester={"display": order.prescriber} if order.prescriber else {},
        dosageInstruction=[_dosage(order, formulary)],
        **_about(patient),
        **shared,
    )


def _medicine_concept(id_: str, formulary: Formulary) -> dict:
    name = formulary.medicines[id_].name
    return concept(name, coding(f"{HERE}/CodeSystem/formulary", id_, name))


def _dosage(order: MedicineOrder, formulary: Formulary) -> dict:
    frequency, route = formulary.frequencies[order.frequency], ROUTES[order.route]
    dosage = {
        "text": f"{units.dose_text(order.dose, order.unit)} {route}, {frequency.text}",
        "timing": _timing(frequency),
        "route": concept(route, coding(f"{HERE}/CodeSystem/route", order.route)),
        "doseAndRate": [{"doseQuantity": dose_quantity(order.dose, order.unit)}],
    }
    if frequency.id.startswith("when-required"):
        dosage["asNeededBoolean"] = True
    return dosage


def _timing(frequency: Frequency) -> dict:
    """Return a Timing: "every 8 hours" is once in 8 hours, "three times a day" is 3 in a day."""
    hours = re.search(r"every-(\d+)-hours", frequency.id)
    if frequency.id == "once-only":
        repeat = {"count": 1}
    elif hours:
        repeat = {"frequency": 1, "period": int(hours[1]), "periodUnit": "h"}
    elif frequency.id == "hourly-infusion":
        repeat = {"frequency": 1, "period": 1, "periodUnit": "h"}
    elif frequency.per_day < 1:
        repeat = {"frequency": 1, "period": round(1 / frequency.per_day), "periodUnit": "d"}
    else:
        repeat = {"frequency": round(frequency.per_day), "period": 1, "periodUnit": "d"}
    return {"repeat": repeat, "code": concept(frequency.text)}


def administration(patient: Patient, dose: Administration, formulary: Formulary) -> dict:
    """MedicationAdministration: a dose given, or one that was held or refused, with the reason.

    An infusion is adjusted as it runs: its rate stands in the note, and the order's dose is not claimed for it. R4
    has no element for when a dose was due, so a note says it where that was another time.
    """
    order = next(one for one in patient.medicines if one.id == dose.medicine)
    done = dose.status == "given"
    notes = [f"Due: {moment(dose.due)}."] if dose.due else []
    notes += [dose.note] if done and dose.note else []
    return resource(
        "MedicationAdministration",
        f"{patient.id}-{order.id}-{stamp(dose.at)}",
        status=STATUS_OF_DOSE[dose.status],
        statusReason=[] if done else [concept(dose.note, coding(f"{HERE}/CodeSystem/not-given", dose.status))],
        medicationCodeableConcept=_medicine_concept(order.medicine, formulary),
        subject=reference("Patient", patient.id),
        context=reference("Encounter", f"{patient.id}-stay"),
        effectiveDateTime=moment(dose.at),
        performer=[{"actor": {"display": dose.by}}] if dose.by else [],
        request=reference(
            "MedicationRequest" if order.setting == "inpatient" else "MedicationStatement", f"{patient.id}-{order.id}"
        ),
        note=[{"text": text} for text in notes],
        dosage={
            "route": concept(ROUTES[order.route], coding(f"{HERE}/CodeSystem/route", order.route)),
            "dose": dose_quantity(order.dose, order.unit),
        }
        if done and order.frequency != "hourly-infusion"
        else {},
    )


# ----------------------------------------------------------------------------- results and observations


def result(patient: Patient, entry: Result, test: LabTest) -> dict:
    """Observation of the laboratory, with its range and flag."""
    own = coding(f"{HERE}/CodeSystem/laboratory", test.id, test.name)
    unit, ucum = test.unit, laboratory_unit(test.unit)
    low, high = test.range(patient.sex)
    limits = {name: quantity(limit, unit, ucum) for name, limit in (("low", low), ("high", high)) if limit is not None}
    return resource(
        "Observation",
        f"{patient.id}-{test.id}-{stamp(entry.at)}",
        status="final",
        category=[coded("observation-category", "laboratory", "Laboratory")],
        code=concept(test.name, *([coding(LOINC, test.loinc)] if test.loinc else []), own),
        effectiveDateTime=moment(entry.at),
        valueQuantity=quantity(entry.value, unit, ucum),
        interpretation=[coded("v3-ObservationInterpretation", *INTERPRETATION[test.flag(entry.value, patient.sex)])],
        referenceRange=[limits] if limits else [],
        **_about(patient),
    )


# name, LOINC code, unit in words, UCUM, which measurement
_VITAL_SIGNS = (
    ("Respiratory rate", "9279-1", "breaths/min", "/min", "rr"),
    ("Oxygen saturation", "2708-6", "%", "%", "spo2"),
    ("Heart rate", "8867-4", "beats/min", "/min", "pulse"),
    ("Body temperature", "8310-5", "°C", "Cel", "temperature"),
)
_CONSCIOUSNESS = {"A": "Alert", "C": "New confusion", "V": "Responds to voice", "P": "Responds to pain",
                  "U": "Unresponsive"}  # fmt: skip


def vital_signs(patient: Patient, seen: Observation) -> Iterator[dict]:
    """Observations of one set at the bedside: each measurement, and the panel that holds them together."""
    end = stamp(seen.at)
    made = [
        _bedside(patient, seen.at, name, f"{field}-{end}", code,
                 valueQuantity=quantity(getattr(seen, field), unit, ucum))
        for name, code, unit, ucum, field in _VITAL_SIGNS
    ]  # fmt: skip
    pressures = (("Systolic blood pressure", "8480-6", seen.sbp), ("Diastolic blood pressure", "8462-4", seen.dbp))
    made.append(
        _bedside(
            patient, seen.at, "Blood pressure", f"bp-{end}", "85354-9",
            component=[
                {"code": concept(name, coding(LOINC, code)), "valueQuantity": quantity(value, "mmHg", "mm[Hg]")}
                for name, code, value in pressures
            ],
        )
    )  # fmt: skip
    level = coding(f"{HERE}/CodeSystem/acvpu", seen.consciousness, _CONSCIOUSNESS[seen.consciousness])
    made.append(
        _bedside(patient, seen.at, "Level of consciousness (ACVPU)", f"acvpu-{end}",
                 valueCodeableConcept=concept(_CONSCIOUSNESS[seen.consciousness], level))
    )  # fmt: skip
    made.append(_bedside(patient, seen.at, "Inspired oxygen", f"oxygen-{end}", **_oxygen(seen)))
    yield from made
    members = [reference("Observation", one["id"]) for one in made]
    yield _bedside(patient, seen.at, "Vital signs panel", f"set-{end}", "85353-1", hasMember=members)


def _oxygen(seen: Observation) -> dict:
    """Return the oxygen as a value: a flow, a fraction, or that the patient breathes air."""
    amount, _, unit = seen.oxygen.partition(" ")
    if not seen.on_oxygen or unit not in ("L/min", "%"):
        return {"valueString": seen.oxygen}
    return {"valueQuantity": quantity(float(amount), unit, unit)}


def weight(patient: Patient, at: datetime, kg: float) -> dict:
    """Observation of the body weight."""
    value = quantity(kg, "kg", "kg")
    return _bedside(patient, at, "Body weight", f"weight-{stamp(at)}", "29463-7", valueQuantity=value)


def height(patient: Patient) -> dict:
    """Observation of the body height, known since admission."""
    value = quantity(patient.height_cm, "cm", "cm")
    return _bedside(patient, patient.admitted, "Body height", "height", "8302-2", valueQuantity=value)


def _bedside(patient: Patient, at: datetime, name: str, end: str, loinc: str = "", **value) -> dict:
    # a panel's id says which measurement it is; where LOINC has no verified code, the hospital's own does
    code = coding(LOINC, loinc) if loinc else coding(f"{HERE}/CodeSystem/bedside", end.split("-")[0])
    return resource(
        "Observation",
        f"{patient.id}-{end}",
        status="final",
        category=[coded("observation-category", "vital-signs", "Vital Signs")],
        code=concept(name, code),
        effectiveDateTime=moment(at),
        **value,
        **_about(patient),
    )


# ---------------------------------------------------------------------------------------------------- notes


def note(patient: Patient, entry: Note, number: int) -> dict:
    """DocumentReference with the text itself; DiagnosticReport for a report of a laboratory or an examination."""
    content = {
        "contentType": "text/plain; charset=utf-8",
        "language": "en-GB",
        "data": base64.b64encode(entry.text.encode("utf-8")).decode("ascii"),
        "title": entry.kind.capitalize(),
        "creation": moment(entry.at),
    }
    author = {"display": f"{entry.author}, {entry.role}"}
    id_ = f"{patient.id}-note-{number}"
    if entry.kind.endswith("report"):
        return resource(
            "DiagnosticReport", id_, status="final", code=concept(entry.kind.capitalize()),
            effectiveDateTime=moment(entry.at), issued=moment(entry.at), performer=[author],
            conclusion=entry.text, presentedForm=[content], **_about(patient),
        )  # fmt: skip
    about = _about(patient)
    return resource(
        "DocumentReference", id_, status="current", docStatus="final", type=concept(entry.kind.capitalize()),
        subject=about["subject"], date=moment(entry.at), author=[author], content=[{"attachment": content}],
        context={"encounter": [about["encounter"]]},
    )  # fmt: skip
