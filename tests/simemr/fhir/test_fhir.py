"""The record as FHIR R4: every patient accepted by a validator, required codes in their sets, nothing lost or added."""

import base64
import json
from datetime import datetime
from pathlib import Path

import fhirkit
import pytest
import ucumvert

from simemr.domain import attempt, load, scenario, units
from simemr.domain.session import Session
from simemr.fhir import bundle, codes
from tests.simemr.fhir.value_sets import problems

EXERCISES = Path(__file__).parents[3] / "exercises"
CLOCK = datetime(2026, 3, 12, 14, 0)
HOSPITAL = load.hospital(CLOCK)
BUNDLES = {name: bundle(patient, HOSPITAL) for name, patient in HOSPITAL.patients.items()}

every_bundle = pytest.mark.parametrize("made", BUNDLES.values(), ids=BUNDLES)


def resources(made, *kinds):
    found = [entry["resource"] for entry in made["entry"]]
    return [one for one in found if one["resourceType"] in kinds] if kinds else found


def nested(value, key):
    """Yield every value of ``key``, however deep."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        value = value.values()
    if isinstance(value, (list, type({}.values()))):
        for inner in value:
            yield from nested(inner, key)


@every_bundle
def test_a_validator_accepts_every_resource(made):
    for one in resources(made):
        assert [str(issue) for issue in fhirkit.validate(one)] == []
    assert [str(issue) for issue in fhirkit.validate(json.dumps(made))] == []


@every_bundle
def test_codes_are_of_the_required_value_sets(made):
    assert [fault for one in (made, *resources(made)) for fault in problems(one)] == []


def test_the_validator_and_our_own_check_can_say_no():
    (lab, *_) = resources(BUNDLES["marsh-eleanor"], "Observation")
    assert fhirkit.validate({**lab, "effectiveDateTime": "yesterday"})
    assert list(problems({**lab, "status": "done"}))
    assert list(problems({**lab, "valueString": "and a second value"}))
    (order, *_) = resources(BUNDLES["marsh-eleanor"], "MedicationRequest")
    assert list(problems({name: value for name, value in order.items() if name != "intent"}))


@every_bundle
def test_references_lead_to_a_resource_of_the_bundle(made):
    here = [f"{one['resourceType']}/{one['id']}" for one in resources(made)]
    assert [entry["fullUrl"] for entry in made["entry"]] == [f"{codes.HERE}/{name}" for name in here]
    assert len(here) == len(set(here))
    assert set(nested(made, "reference")) <= set(here)
    assert all(len(one["id"]) <= 64 for one in resources(made))


@every_bundle
def test_nothing_of_the_record_is_lost(made):
    patient = HOSPITAL.patients[made["id"]]
    count = {kind: len(resources(made, kind)) for kind in {one["resourceType"] for one in resources(made)}}
    home = sum(order.setting == "home" for order in patient.medicines)
    assert count["Condition"] == len(patient.problems)
    assert count.get("AllergyIntolerance", 0) == (len(patient.allergies) or patient.allergy_status == "none known")
    assert (count.get("MedicationStatement", 0), count["MedicationRequest"]) == (home, len(patient.medicines) - home)
    assert count["MedicationAdministration"] == len(patient.administrations)
    # a set at the bedside is four measurements, pressure, consciousness, oxygen and the panel
    sets = 8 * len(patient.observations)
    assert count["Observation"] == len(patient.results) + sets + len(patient.weights) + 1
    assert count["DocumentReference"] + count.get("DiagnosticReport", 0) == len(patient.notes)
    texts = {base64.b64decode(data).decode() for data in nested(made, "data")}
    assert texts == {note.text for note in patient.notes}


@every_bundle
def test_nothing_is_added_to_the_record(made):
    review = (load.DATA / "patients" / f"{made['id']}.toml").read_text(encoding="utf-8").partition("\n[review]\n")[2]
    text = json.dumps(made, ensure_ascii=False)
    lines = [line.strip(' ",') for line in review.splitlines() if line.startswith('  "')]
    assert lines and not [line for line in lines if line in text]


def test_the_same_record_makes_the_same_bytes():
    again = bundle(load.hospital(CLOCK, ("novak-irena",)).patient("novak-irena"), HOSPITAL)
    assert json.dumps(again) == json.dumps(BUNDLES["novak-irena"])


def test_a_laboratory_result_carries_its_code_unit_range_and_flag():
    (potassium,) = [
        one for one in resources(BUNDLES["marsh-eleanor"], "Observation")
        if one["id"] == "marsh-eleanor-potassium-20260312T0720"
    ]  # fmt: skip
    assert potassium["code"]["coding"][0] == {"system": "http://loinc.org", "code": "2823-3"}
    assert potassium["valueQuantity"] == {
        "value": 5.6, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L",
    }  # fmt: skip
    assert potassium["interpretation"][0]["coding"][0]["code"] == "H"
    assert [limit["value"] for limit in potassium["referenceRange"][0].values()] == [3.5, 5.3]
    assert potassium["effectiveDateTime"] == "2026-03-12T07:20:00Z"


def test_a_set_of_vital_signs_is_coded_as_fhir_asks():
    made = resources(BUNDLES["kavanagh-margaret"], "Observation")
    seen = [one for one in made if one["effectiveDateTime"] == "2026-03-12T06:00:00Z"]
    by_code = {one["code"]["coding"][0]["code"]: one for one in seen}
    assert {"9279-1", "2708-6", "8867-4", "8310-5", "85354-9", "85353-1"} <= set(by_code)
    assert by_code["2708-6"]["valueQuantity"]["value"] == 90
    assert by_code["8310-5"]["valueQuantity"]["code"] == "Cel"
    parts = {c["code"]["coding"][0]["code"]: c["valueQuantity"]["value"] for c in by_code["85354-9"]["component"]}
    assert parts == {"8480-6": 122, "8462-4": 72}
    assert len(by_code["85353-1"]["hasMember"]) == 7
    oxygen = next(one for one in seen if one["code"]["text"] == "Inspired oxygen")
    assert oxygen["valueQuantity"] == {
        "value": 1, "unit": "L/min", "system": "http://unitsofmeasure.org", "code": "L/min",
    }  # fmt: skip


def test_an_allergy_that_was_asked_for_and_not_found_is_said():
    (none,) = resources(BUNDLES["kavanagh-margaret"], "AllergyIntolerance")
    assert none["code"]["coding"][0]["code"] == "no-known-allergies"
    anaphylaxis, tendons = resources(BUNDLES["marsh-eleanor"], "AllergyIntolerance")
    assert (anaphylaxis["type"], anaphylaxis["category"]) == ("allergy", ["medication"])
    assert (tendons["type"], tendons["reaction"][0]["severity"]) == ("intolerance", "moderate")


def after(slug, *actions):
    """The bundle of a record after somebody has worked in it."""
    found = scenario.load(slug, EXERCISES / slug / "scenario.toml")
    session = Session(found, attempt.hospital_for(found))
    for action, args in actions:
        session.apply(action, args)
    return bundle(session.patient(actions[0][1]["patient"]), session.hospital)


def assert_accepted(made):
    assert [fault for one in (made, *resources(made)) for fault in problems(one)] == []
    assert [str(issue) for one in resources(made) for issue in fhirkit.validate(one)] == []


def test_a_problem_that_is_over_says_since_when_as_exactly_as_it_is_known():
    rose = {"patient": "bannerman-rose"}
    made = after(
        "problem-list",
        ("open_patient", rose),
        ("confirm_identity", {**rose, "identifiers": ["name", "born"]}),
        ("resolve_problem", {**rose, "problem": "line-6", "on": "2019"}),
        ("resolve_problem", {**rose, "problem": "line-11", "on": "April 2025"}),
        ("edit_problem", {**rose, "problem": "line-2", "onset": "8 March 2026"}),
    )
    assert_accepted(made)
    by_id = {one["id"].removeprefix("bannerman-rose-"): one for one in resources(made, "Condition")}
    assert (by_id["line-6"]["abatementDateTime"], by_id["line-11"]["abatementDateTime"]) == ("2019", "2025-04")
    assert by_id["line-6"]["clinicalStatus"]["coding"][0]["code"] == "resolved"
    assert by_id["line-2"]["onsetDateTime"] == "2026-03-08" and "abatementDateTime" not in by_id["line-2"]
    assert list(problems({**by_id["line-2"], "abatementDateTime": "2026"}))


@pytest.mark.parametrize(
    ("source", "asserter", "note"),
    [
        ("patient", {"reference": "Patient/novak-irena"}, None),
        ("family", {"type": "RelatedPerson", "display": "Family"}, None),
        ("letter", None, [{"text": "Source: a letter or another record."}]),
    ],
)
def test_an_allergy_says_how_certain_it_is_and_who_says_so(source, asserter, note):
    novak = {"patient": "novak-irena"}
    line = {"substance": "other:latex", "type": "allergy", "reaction": "rash", "severity": "mild"}
    made = after(
        "allergies",
        ("open_patient", novak),
        ("confirm_identity", {**novak, "identifiers": ["name", "born"]}),
        ("record_allergy", {**novak, **line, "certainty": "unconfirmed", "source": source}),
    )
    assert_accepted(made)
    latex = resources(made, "AllergyIntolerance")[-1]
    assert latex["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert (latex.get("asserter"), latex.get("note")) == (asserter, note)


def test_where_nobody_wrote_how_certain_an_allergy_is_nothing_claims_it():
    assert all("verificationStatus" not in one for one in resources(BUNDLES["marsh-eleanor"], "AllergyIntolerance"))
    (asked,) = resources(BUNDLES["kavanagh-margaret"], "AllergyIntolerance")
    assert asked["verificationStatus"]["coding"][0]["code"] == "confirmed"


def test_a_late_dose_says_when_it_was_due():
    doses = resources(BUNDLES["petrie-gordon"], "MedicationAdministration")
    (late,) = [one for one in doses if one["effectiveDateTime"] == "2026-03-12T12:50:00Z" and "ramipril" in one["id"]]
    due, why = (note["text"] for note in late["note"])
    assert due == "Due: 2026-03-12T08:00:00Z." and "vascular laboratory" in why


def test_a_dose_that_was_not_given_says_why():
    doses = resources(BUNDLES["petrie-gordon"], "MedicationAdministration")
    refused = [one for one in doses if one["status"] == "not-done"]
    assert len(refused) == 7
    assert all(one["statusReason"][0]["text"] and "dosage" not in one for one in refused)


def test_an_infusion_and_a_when_required_order_keep_their_meaning():
    orders = {one["id"]: one for one in resources(BUNDLES["solberg-ingrid"], "MedicationRequest")}
    propofol = orders["solberg-ingrid-propofol"]["dosageInstruction"][0]
    assert propofol["timing"]["repeat"] == {"frequency": 1, "period": 1, "periodUnit": "h"}
    assert propofol["doseAndRate"][0]["doseQuantity"]["value"] == 200
    orders = {one["id"]: one for one in resources(BUNDLES["marsh-eleanor"], "MedicationRequest")}
    assert orders["marsh-eleanor-paracetamol"]["dosageInstruction"][0]["asNeededBoolean"] is True
    assert orders["marsh-eleanor-levofloxacin-first"]["dosageInstruction"][0]["timing"]["repeat"] == {"count": 1}


def test_a_running_infusion_claims_no_dose_and_a_dose_claims_its_order_s():
    doses = resources(BUNDLES["boateng-kwame"], "MedicationAdministration")
    pressor = [one for one in doses if "noradrenaline" in one["request"]["reference"]]
    assert pressor and all("dosage" not in one and "micrograms an hour" in one["note"][0]["text"] for one in pressor)
    (gentamicin,) = [one for one in doses if "gentamicin" in one["request"]["reference"]]
    assert gentamicin["dosage"]["dose"] == {
        "value": 440, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg",
    }  # fmt: skip


def test_what_the_banner_says_is_flagged():
    texts = {one["code"]["text"] for one in resources(BUNDLES["kavanagh-margaret"], "Flag")}
    assert len(texts) == 2 and any("88-92" in text for text in texts)
    assert len(resources(BUNDLES["rahman-fatima"], "Flag")) == 1


UNITS = {codes.laboratory_unit(test.unit) for test in HOSPITAL.tests.values()}
UNITS |= {codes.dose_unit(unit) for unit in units.DOSE_UNITS}
UNITS |= {unit for made in BUNDLES.values() for one in nested(made, "valueQuantity") for unit in [one["code"]]}


@pytest.fixture(scope="module")
def ucum():
    return ucumvert.get_ucum_parser()


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_units_are_of_ucum(ucum, unit):
    assert ucum.parse(unit)
