"""The bundle: all resources of one patient, in the order in which a reader wants them."""

from collections.abc import Iterator

from simemr.domain.record import Hospital, Patient
from simemr.fhir import resources
from simemr.fhir.codes import HERE


def bundle(patient: Patient, hospital: Hospital) -> dict:
    """Return a FHIR R4 Bundle (a collection) of the patient's record as it is at the hospital's clock.

    Ids are made of the patient's, the entry's and its time, so that the same record gives the same bundle.
    """
    return {
        "resourceType": "Bundle",
        "id": patient.id,
        "type": "collection",
        "timestamp": resources.moment(hospital.clock),
        "entry": [
            {"fullUrl": f"{HERE}/{made['resourceType']}/{made['id']}", "resource": made}
            for made in _resources(patient, hospital)
        ],
    }


def _resources(patient: Patient, hospital: Hospital) -> Iterator[dict]:
    formulary, clock = hospital.formulary, hospital.clock
    yield resources.person(patient)
    yield resources.stay(patient, hospital)
    yield from resources.flags(patient)
    for entry in patient.problems:
        yield resources.problem(patient, entry, clock)
    yield from resources.allergies(patient, formulary)
    for order in patient.medicines:
        yield resources.medicine(order, formulary, clock, patient)
    for dose in patient.administrations:
        yield resources.administration(patient, dose, formulary)
    for found in patient.results:
        yield resources.result(patient, found, hospital.tests[found.test])
    if patient.height_cm:
        yield resources.height(patient)
    for at, kg in patient.weights:
        yield resources.weight(patient, at, kg)
    for seen in patient.observations:
        yield from resources.vital_signs(patient, seen)
    for number, written in enumerate(patient.notes, 1):
        yield resources.note(patient, written, number)
