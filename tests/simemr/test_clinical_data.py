"""The hand-written clinical data: plausible, coherent, within the formulary, and complete enough to review.

These tests are the first reader of a patient file. They find slips of the pen; whether a case is good medicine is for
the reviewer whose checklist stands at the end of each file.

Where a case breaks a rule on purpose (an exercise's trap, a patient who is deteriorating), the file declares it in
``[review] exceptions`` with the reason, and the test asks that exactly the declared exceptions are found.
"""

import itertools
import re
import tomllib
from datetime import datetime, timedelta

import pytest
import simple_icd_10_cm as icd

from simemr.domain import load, when
from simemr.domain.egfr import ckd_epi_2021
from simemr.domain.news2 import score
from simemr.domain.record import MedicineOrder
from simemr.domain.rules import check
from simemr.domain.units import convert, same_kind

CLOCK = datetime(2026, 3, 12, 14, 0)
HOSPITAL = load.hospital(CLOCK)
FORMULARY = HOSPITAL.formulary
PATIENTS = sorted(HOSPITAL.patients.values(), key=lambda patient: (patient.unit, patient.bed))
FILES = {patient.id: load.DATA / "patients" / f"{patient.id}.toml" for patient in PATIENTS}

every_patient = pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.id)
every_test = pytest.mark.parametrize("test", HOSPITAL.tests.values(), ids=lambda test: test.id)
every_medicine = pytest.mark.parametrize("medicine", FORMULARY.medicines.values(), ids=lambda medicine: medicine.id)

# What can be seen in a living adult on a ward; outside these a value is a slip of the pen.
POSSIBLE = {
    "sodium": (115, 165), "potassium": (2.0, 7.0), "urea": (1, 45), "creatinine": (30, 800), "egfr": (5, 130),
    "crp": (0, 450), "bilirubin": (3, 400), "alt": (5, 3000), "alp": (25, 900), "albumin": (18, 52),
    "amylase": (15, 5000), "calcium": (1.6, 3.8), "magnesium": (0.4, 1.5), "phosphate": (0.3, 2.5),
    "urate": (100, 900), "glucose": (2, 35), "capillary-glucose": (2, 30), "hba1c": (25, 140),
    "triglycerides": (0.4, 30), "ck": (20, 150000), "ketones": (0.1, 10),
    "troponin": (3, 5000), "nt-probnp": (20, 35000), "tsh": (0.01, 60), "haemoglobin": (60, 190), "mcv": (65, 115),
    "white-cells": (0.5, 40), "neutrophils": (0.2, 35), "platelets": (20, 900), "ferritin": (3, 2000), "inr": (0.8, 8),
    "ph": (7.05, 7.60), "pco2": (2.5, 14), "po2": (5, 40), "bicarbonate": (4, 45), "lactate": (0.4, 12),
    "gentamicin-level": (0.1, 15), "vancomycin-level": (2, 50), "digoxin-level": (0.1, 5),
}  # fmt: skip
UNITS = {
    "mmol/L", "umol/L", "mL/min/1.73 m2", "mg/L", "U/L", "g/L", "mmol/mol", "ng/L", "mU/L", "fL", "10*9/L", "ug/L",
    "ratio", "pH", "kPa",
}  # fmt: skip
# the rules that a file may break on purpose, if it says so
EXCEPTIONS = ("observations late", "deteriorating", "alert", "doses close together", "overdose in a day")


def raw(patient):
    """Return the file as it was written, before the loader sorts anything."""
    return tomllib.loads(FILES[patient.id].read_text(encoding="utf-8"))


def declared(patient, rule):
    """Return where the file says that it breaks the rule on purpose."""
    return {one["at"] for one in raw(patient)["review"].get("exceptions", []) if one["rule"] == rule}


def news2(patient, observation):
    return score(
        observation.rr,
        observation.spo2,
        observation.on_oxygen,
        observation.sbp,
        observation.pulse,
        observation.consciousness,
        observation.temperature,
        patient.news2_scale,
    )


def codes(patient, *, status="active"):
    return {problem.icd10cm for problem in patient.problems if problem.status == status}


def has(patient, *prefixes):
    return any(code.startswith(prefixes) for code in codes(patient))


# ---------------------------------------------------------------------------------------- the laboratory catalogue


@every_test
def test_a_laboratory_test_has_sensible_limits(test):
    assert test.unit in UNITS
    assert test.id in POSSIBLE, "say what is possible for it"
    for sex in ("female", "male"):
        low, high = test.range(sex)
        assert low is not None or high is not None
        if low is not None and high is not None:
            assert low < high
        if test.critical_low is not None and low is not None:
            assert test.critical_low < low
        if test.critical_high is not None and high is not None:
            assert test.critical_high > high
        for limit in (low, high, test.critical_low, test.critical_high):
            assert limit is None or round(limit, test.decimals) == limit, "a limit finer than the results"


@every_test
def test_a_loinc_code_is_well_formed_and_says_how_it_was_verified(test):
    assert bool(test.loinc) == bool(test.verified)
    if not test.loinc:
        return
    digits, check_digit = test.loinc.split("-")
    # LOINC's check digit is the mod 10 (Luhn) one
    doubled = "".join(str(int(d) * (2 if n % 2 == 0 else 1)) for n, d in enumerate(reversed(digits)))
    assert (10 - sum(map(int, doubled)) % 10) % 10 == int(check_digit)
    assert re.match(r"20\d\d-\d\d-\d\d by \w", test.verified)


def test_loinc_codes_are_used_once():
    used = [test.loinc for test in HOSPITAL.tests.values() if test.loinc]
    assert len(used) == len(set(used))


# --------------------------------------------------------------------------------------------------- the formulary


@every_medicine
def test_usual_doses_are_within_the_limits(medicine):
    assert medicine.usual, "a medicine needs a usual dose"
    for usual in medicine.usual:
        per_day = FORMULARY.frequencies[usual.frequency].per_day
        for limit in medicine.max_single:
            if limit.applies(usual.route, 70):
                assert convert(usual.dose, usual.unit, limit.unit) <= limit.amount(70)
        for limit in medicine.max_daily:
            if limit.applies(usual.route, 70):
                assert convert(usual.dose, usual.unit, limit.unit) * per_day <= limit.amount(70)


@every_medicine
def test_rules_name_tests_and_codes_that_exist(medicine):
    for rule in (*medicine.laboratory, *medicine.monitoring):
        assert rule.test in HOSPITAL.tests
    for rule in medicine.diagnosis:
        for code in rule.icd10cm:
            assert icd.is_valid_item(code), code
    for rule in medicine.laboratory:
        low, high = POSSIBLE[rule.test]
        assert low < (rule.above if rule.below is None else rule.below) < high


def test_every_source_of_the_formulary_is_listed_with_its_reference():
    text = (load.DATA / "formulary.toml").read_text(encoding="utf-8")
    used = set(re.findall(r'source = "([^"]+)"', text))
    listed = re.findall(r"^# @\w+\{([^,]+), ", text, flags=re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert used <= set(listed)


# ------------------------------------------------------------------------------------------------------- the people


def test_the_medical_ward_is_full_and_nobody_shares_a_bed_or_a_number():
    units = tomllib.loads((load.DATA / "units.toml").read_text(encoding="utf-8"))["unit"]
    beds = {unit["id"]: unit["beds"] for unit in units}
    taken = [(patient.unit, patient.bed) for patient in PATIENTS]
    assert len(set(taken)) == len(taken)
    assert all(bed in beds[unit] for unit, bed in taken)
    assert sorted(bed for unit, bed in taken if unit == "alder") == sorted(beds["alder"])
    assert len({patient.hospital_number for patient in PATIENTS}) == len(PATIENTS)


@every_patient
def test_a_patient_is_an_adult_with_the_facts_a_ward_needs(patient):
    assert 18 <= when.age(patient.born, CLOCK) <= 105
    assert re.fullmatch(r"\d{6}", patient.hospital_number)
    assert patient.sex in ("female", "male")
    assert patient.resuscitation in ("Full", "DNACPR")
    assert patient.title and patient.consultant and patient.reason
    assert patient.news2_scale in (1, 2)
    at, kg = patient.weight
    assert 16 <= kg / (patient.height_cm / 100) ** 2 <= 45
    assert at >= patient.admitted
    assert CLOCK - timedelta(days=7) < patient.admitted < CLOCK


@every_patient
def test_look_alikes_know_each_other(patient):
    for other_id in patient.look_alikes:
        other = HOSPITAL.patients[other_id]
        assert patient.id in other.look_alikes
        assert patient.family == other.family
        assert patient.hospital_number != other.hospital_number
        assert patient.born != other.born
        # numbers made of the same digits
        assert sorted(patient.hospital_number) == sorted(other.hospital_number)


def test_there_are_six_look_alikes():
    assert sum(bool(patient.look_alikes) for patient in PATIENTS) == 6
    father, son = HOSPITAL.patients["doyle-patrick-1948"], HOSPITAL.patients["doyle-patrick-1976"]
    assert father.display_name == son.display_name
    fatima, fatema = HOSPITAL.patients["rahman-fatima"], HOSPITAL.patients["rahman-fatema"]
    assert (fatima.born.day, fatima.born.month) == (fatema.born.month, fatema.born.day)


@every_patient
def test_problems_are_coded_with_billable_codes_of_icd_10_cm(patient):
    ids = [problem.id for problem in patient.problems]
    assert len(ids) == len(set(ids)) >= 1
    for problem in patient.problems:
        assert problem.status in ("active", "resolved")
        assert icd.is_valid_item(problem.icd10cm) and icd.is_leaf(problem.icd10cm), problem
        if re.fullmatch(r"(19|20)\d\d", problem.onset):
            assert patient.born.year < int(problem.onset) <= CLOCK.year
        else:
            assert when.parse(problem.onset, CLOCK) <= CLOCK
    assert has(patient, *"ABCDEFGHIJKLMN"), "somebody is in hospital for something"


@every_patient
def test_allergies_are_complete(patient):
    assert (patient.allergy_status == "recorded") == bool(patient.allergies)
    known = {name for medicine in FORMULARY.medicines.values() for name in (medicine.id, *medicine.classes)}
    for allergy in patient.allergies:
        assert allergy.severity in ("mild", "moderate", "severe")
        assert allergy.type in ("allergy", "intolerance")
        assert allergy.reaction
        assert patient.born.year < int(allergy.recorded) <= CLOCK.year
        assert not allergy.class_ or allergy.class_ in known


# ----------------------------------------------------------------------------------------------- time runs one way


@every_patient
def test_nothing_is_dated_before_admission_or_after_the_clock(patient):
    moments = [note.at for note in patient.notes]
    moments += [result.at for result in patient.results]
    moments += [observation.at for observation in patient.observations]
    moments += [dose.at for dose in patient.administrations]
    moments += [at for at, _ in patient.weights]
    moments += [when.parse(order.start, CLOCK) for order in patient.medicines if order.setting == "inpatient"]
    assert patient.admitted <= min(moments)
    assert max(moments) <= CLOCK


@every_patient
def test_rows_are_written_in_the_order_of_time(patient):
    data = raw(patient)
    for key in ("results", "observations", "weights"):
        moments = [when.parse(row[0], CLOCK) for row in data[key]]
        assert moments == sorted(moments), key
    for key in ("administration", "note"):
        moments = [when.parse(row["at"], CLOCK) for row in data[key]]
        assert moments == sorted(moments), key
    taken = [row[0] for row in data["observations"]]
    assert len(taken) == len(set(taken))
    measured = [(row[0], row[1]) for row in data["results"]]
    assert len(measured) == len(set(measured))


# ---------------------------------------------------------------------------------------- observations and results


@every_patient
def test_observations_are_possible(patient):
    assert len(patient.observations) >= 6
    for seen in patient.observations:
        assert 6 <= seen.rr <= 45 and 75 <= seen.spo2 <= 100 and 35 <= seen.pulse <= 170
        assert 70 <= seen.sbp <= 240 and 35 <= seen.dbp <= 130 and 20 <= seen.sbp - seen.dbp <= 110
        assert 34.0 <= seen.temperature <= 41.0
        assert seen.consciousness in tuple("ACVPU")
        assert seen.oxygen == "air" or re.fullmatch(r"([1-9]|1[0-5]) L/min|([2-9]\d|100) %", seen.oxygen)


@every_patient
def test_observations_are_taken_as_often_as_news2_asks(patient):
    # RCP 2017: a total of 0 at least 12-hourly, 1 to 4 at least 6-hourly, 5 and more, or 3 in one part, at least
    # hourly. An intensive care unit watches all the time and charts every hour; these files hold every second set.
    late = set()
    written = [row[0] for row in raw(patient)["observations"]]
    moments = [observation.at for observation in patient.observations] + [CLOCK]
    for text, before, after in zip(written, patient.observations, moments[1:], strict=True):
        counted = news2(patient, before)
        most = 12 if counted.total == 0 else 6 if counted.total <= 4 and max(counted.parts.values()) < 3 else 1
        if patient.unit == "icu":
            most = 2
        elif after == CLOCK:
            most = min(most, 4)
        if after - before.at > timedelta(hours=most):
            late.add(text)
    assert late == declared(patient, "observations late")


@every_patient
def test_nobody_is_left_deteriorating_at_the_clock(patient):
    # outside intensive care a NEWS2 of 5 or more is an emergency first, whatever the exercise is about
    newest = patient.observations[-1]
    left = patient.unit != "icu" and news2(patient, newest).total > 4
    assert bool(left) == bool(declared(patient, "deteriorating"))


@every_patient
def test_notes_quote_the_news2_of_the_record(patient):
    for note in patient.notes:
        for quoted in re.findall(r"NEWS2 (?:is |of )?(\d+)", note.text):
            before = [o for o in patient.observations if o.at <= note.at]
            assert int(quoted) in {news2(patient, o).total for o in before[-3:]}


@every_patient
def test_results_are_possible(patient):
    assert len(patient.results) >= 10
    for result in patient.results:
        low, high = POSSIBLE[result.test]
        assert low <= result.value <= high, result
        assert round(result.value, HOSPITAL.tests[result.test].decimals) == result.value


@every_patient
def test_the_egfr_is_that_of_the_creatinine(patient):
    reported = {result.at: result.value for result in patient.series("egfr")}
    creatinines = patient.series("creatinine")
    assert set(reported) == {result.at for result in creatinines}
    for result in creatinines:
        assert reported[result.at] == round(ckd_epi_2021(result.value, when.age(patient.born, result.at), patient.sex))


@every_patient
def test_parts_of_the_blood_count_add_up(patient):
    white = {result.at: result.value for result in patient.series("white-cells")}
    for result in patient.series("neutrophils"):
        assert result.value < white[result.at]


@every_patient
def test_blood_gases_obey_henderson_and_hasselbalch(patient):
    gases = {name: {r.at: r.value for r in patient.series(name)} for name in ("ph", "pco2", "bicarbonate")}
    for at, ph in gases["ph"].items():
        # pCO2 in kPa; solubility 0.23 mmol/L/kPa, pK 6.1
        expected = 0.23 * gases["pco2"][at] * 10 ** (ph - 6.1)
        assert gases["bicarbonate"][at] == pytest.approx(expected, abs=1.6)


@every_patient
def test_results_fit_the_diagnoses(patient):
    def values(test):
        return [result.value for result in patient.series(test)]

    def flags(test):
        return {HOSPITAL.tests[test].flag(value, patient.sex) for value in values(test)}

    if has(patient, "N18.31"):
        assert 45 <= patient.latest("egfr").value < 60
    elif has(patient, "N18.32"):
        assert 30 <= patient.latest("egfr").value < 45
    elif has(patient, "N17"):
        # KDIGO: a rise to 1.5 times the lowest creatinine within 7 days
        assert max(values("creatinine")) >= 1.5 * min(values("creatinine"))
    else:
        assert patient.latest("egfr").value >= 45
    if has(patient, "E87.5"):
        assert HOSPITAL.tests["potassium"].flag(patient.latest("potassium").value, patient.sex).endswith("high")
    if has(patient, "I50"):
        assert max(values("nt-probnp")) > 2000
    if has(patient, "E11"):
        assert max(values("hba1c")) >= 48
    if has(patient, "K85"):
        assert max(values("amylase")) >= 3 * HOSPITAL.tests["amylase"].high
    if has(patient, "M10"):
        assert "high" in flags("urate")
    if has(patient, "D62", "D63"):
        assert "low" in flags("haemoglobin")
    if has(patient, "A41"):
        assert max(values("lactate")) > 2
    if has(patient, "J18", "L03", "N10", "A41"):
        assert max(values("crp")) > 100 and max(o.temperature for o in patient.observations) > 38
    if has(patient, "J96.22"):
        assert max(values("pco2")) > 6.0
    assert (patient.news2_scale == 2) == has(patient, "J96.12", "J96.22")


# ----------------------------------------------------------------------------------------------------- medicines


@every_patient
def test_orders_are_complete_and_by_a_route_of_the_medicine(patient):
    for order in patient.medicines:
        medicine = FORMULARY.medicines[order.medicine]
        assert order.route in medicine.routes
        assert same_kind(order.unit, medicine.unit)
        assert order.frequency in FORMULARY.frequencies
        assert order.status in ("active", "stopped") and order.setting in ("home", "inpatient")
        assert order.indication and order.prescriber
        if order.setting == "home" and re.fullmatch(r"\d{4}", order.start):
            assert patient.born.year < int(order.start) <= CLOCK.year
    assert any(order.setting == "inpatient" and order.status == "active" for order in patient.medicines)


@every_patient
def test_orders_are_within_the_single_and_daily_maxima(patient):
    kg = patient.weight[1]
    for order in patient.medicines:
        medicine = FORMULARY.medicines[order.medicine]
        per_day = FORMULARY.frequencies[order.frequency].per_day
        for limit in medicine.max_single:
            if limit.applies(order.route, kg):
                assert convert(order.dose, order.unit, limit.unit) <= limit.amount(kg), order.id
        for limit in medicine.max_daily:
            if limit.applies(order.route, kg):
                assert convert(order.dose, order.unit, limit.unit) * per_day <= limit.amount(kg), order.id


@every_patient
def test_active_orders_raise_no_interruption_but_the_declared_ones(patient):
    inpatient = [o for o in patient.medicines if o.setting == "inpatient" and o.status == "active"]
    found = {
        alert.id
        for order in inpatient
        for alert in check(order, patient, inpatient, FORMULARY, HOSPITAL.tests, CLOCK)
        if alert.interrupts
    }
    assert found == declared(patient, "alert")


@every_patient
def test_doses_are_given_of_orders_that_have_begun(patient):
    orders = {order.id: order for order in patient.medicines}
    for dose in patient.administrations:
        order = orders[dose.medicine]
        assert order.setting == "inpatient"
        assert dose.at >= when.parse(order.start, CLOCK), f"{dose.medicine} at {dose.at}"
        assert dose.status in ("given", "held", "refused")
        assert dose.by
        assert dose.note or dose.status == "given", f"{dose.medicine} at {dose.at}: why not given?"


@every_patient
def test_no_24_hours_hold_more_than_the_daily_maximum(patient):
    kg = patient.weight[1]
    # a loading dose (once only) comes on top; a round that is an hour or two early does not make a day's overdose
    orders = {order.id: order for order in patient.medicines if order.frequency != "once-only"}
    given = [
        (dose.at, orders[dose.medicine])
        for dose in patient.administrations
        if dose.status == "given" and dose.medicine in orders
    ]
    over = set()
    for at, order in given:
        medicine = FORMULARY.medicines[order.medicine]
        for limit in medicine.max_daily:
            if not limit.applies(order.route, kg):
                continue
            day = [
                convert(other.dose, other.unit, limit.unit)
                for then, other in given
                if other.medicine == order.medicine
                and (not limit.route or other.route == limit.route)
                and at <= then < at + timedelta(hours=22)
            ]
            if sum(day) > limit.amount(kg) + 1e-9:
                over.add(order.medicine)
    assert over == declared(patient, "overdose in a day")


@every_patient
def test_paracetamol_and_opioids_are_at_least_four_hours_apart(patient):
    orders = {order.id: order for order in patient.medicines}
    close = set()
    for name in ("paracetamol", "morphine"):
        given = [d.at for d in patient.administrations if d.status == "given" and orders[d.medicine].medicine == name]
        # titrated doses into a vein come closer together than these
        if any(after - before < timedelta(minutes=230) for before, after in itertools.pairwise(given)):
            close.add(name)
    assert close == declared(patient, "doses close together")


# ------------------------------------------------------------------------- what the modules' cases are built upon


def test_the_hospital_has_three_units():
    counted = {unit: sum(patient.unit == unit for patient in PATIENTS) for unit in HOSPITAL.units}
    assert counted == {"alder": 12, "birch": 7, "icu": 5}


@pytest.mark.parametrize("name", ["solberg-ingrid", "salako-abiodun"])
def test_a_chart_to_review_lists_its_fourteen_issues(name):
    checklist = raw(HOSPITAL.patients[name])["review"]["checklist"]
    assert [item.split(". ")[0] for item in checklist[1:]] == [str(n) for n in range(1, 15)]


def test_one_patient_deteriorates_over_a_day_and_another_only_looks_as_if():
    bellini, rahman = HOSPITAL.patients["bellini-chiara"], HOSPITAL.patients["rahman-fatema"]
    day = [news2(bellini, o).total for o in bellini.observations if o.at >= CLOCK - timedelta(hours=26)]
    assert (day[0], day[-1], day) == (2, 8, sorted(day))
    assert {medicine.id for medicine in inpatient(bellini)} == {
        "paracetamol", "morphine", "ondansetron", "enoxaparin", "amlodipine", "sodium-chloride",
    }  # fmt: skip
    assert max(news2(rahman, o).total for o in rahman.observations[-8:]) == 3
    potassium = [HOSPITAL.tests["potassium"].flag(r.value, "female") for r in rahman.series("potassium")[-2:]]
    assert potassium == ["critical high", ""]


def inpatient(patient):
    """Return the medicines that are ordered here now."""
    orders = [o for o in patient.medicines if o.setting == "inpatient" and o.status == "active"]
    return [FORMULARY.medicines[o.medicine] for o in orders]


def test_the_pressure_did_not_come_down_because_the_doses_were_not_given():
    petrie = HOSPITAL.patients["petrie-gordon"]
    lowers = {o.id for o in petrie.medicines if o.medicine in ("amlodipine", "ramipril", "doxazosin")}
    doses = [dose for dose in petrie.administrations if dose.medicine in lowers]
    round_at = petrie.notes[-2].at
    assert [dose.status for dose in doses if dose.at < round_at].count("given") == 2
    assert all(dose.at.day == doses[0].at.day for dose in doses if dose.status == "given" and dose.at < round_at)
    assert all(o.sbp > 160 for o in petrie.observations)


def test_the_scale_makes_the_difference_for_a_patient_with_retained_carbon_dioxide():
    doyle = HOSPITAL.patients["doyle-patrick-1948"]
    newest = doyle.observations[-1]
    values = (newest.rr, newest.spo2, True, newest.sbp, newest.pulse, "A", newest.temperature)
    assert (score(*values, scale=2).total, score(*values, scale=1).total) == (2, 5)


def test_a_critical_potassium_is_the_newest_thing_in_a_record():
    fraser = HOSPITAL.patients["fraser-callum"]
    newest = fraser.latest("potassium")
    assert HOSPITAL.tests["potassium"].flag(newest.value, "male") == "critical high"
    assert not any("6.6" in note.text for note in fraser.notes if note.role != "duty biochemist")


# The cases of the exercises: an order, and the interruptions it must (or must not) raise.
CASES = [
    ("marsh-eleanor", "co-amoxiclav", 1200, "mg", "intravenous", "every-8-hours", {"allergy:penicillin"}),
    ("marsh-eleanor", "ceftriaxone", 2000, "mg", "intravenous", "every-24-hours", {"allergy:penicillin"}),
    ("marsh-eleanor", "clarithromycin", 500, "mg", "oral", "every-12-hours", {"interaction:simvastatin"}),
    ("marsh-eleanor", "doxycycline", 200, "mg", "oral", "once-only", set()),
    ("marsh-eleanor", "doxycycline", 100, "mg", "oral", "once-daily", set()),
    ("marsh-eleanor", "ramipril", 5, "mg", "oral", "once-daily", {"laboratory:potassium"}),
    ("marsh-eleanor", "potassium-chloride", 24, "mmol", "oral", "twice-daily", {"laboratory:potassium"}),
    ("bannerman-rose", "paracetamol", 1000, "mg", "intravenous", "every-6-hours", {"single-dose:paracetamol"}),
    ("bannerman-rose", "paracetamol", 660, "mg", "intravenous", "every-6-hours", set()),
    ("bannerman-rose", "zopiclone", 7.5, "mg", "oral", "at-night", {"age:zopiclone"}),
    ("bannerman-rose", "zopiclone", 3.75, "mg", "oral", "at-night", set()),
    ("mahmood-tariq", "enoxaparin", 40, "mg", "subcutaneous", "every-24-hours", {"duplication:apixaban"}),
    ("okonkwo-daniel", "flucloxacillin", 2000, "mg", "intravenous", "every-6-hours", {"allergy:penicillin"}),
    ("okonkwo-daniel", "enoxaparin", 40, "mg", "subcutaneous", "every-24-hours", set()),
    ("silva-joao", "paracetamol", 1000, "mg", "oral", "every-4-hours", {"daily-dose:paracetamol"}),
    ("silva-joao", "paracetamol", 1000, "mg", "oral", "every-6-hours", set()),
    ("silva-joao", "senna", 15, "mg", "oral", "at-night", set()),
    ("silva-joao", "macrogol", 1, "sachet", "oral", "twice-daily", set()),
    ("desai-vikram", "naproxen", 500, "mg", "oral", "twice-daily", {"diagnosis:I50", "interaction:enoxaparin"}),
    ("desai-vikram", "colchicine", 500, "microgram", "oral", "twice-daily", set()),
    ("desai-vikram", "prednisolone", 30, "mg", "oral", "once-daily", set()),
    (
        "prosser-rhys", "propranolol", 40, "mg", "oral", "twice-daily",
        {"diagnosis:J45", "interaction:salbutamol", "interaction:budesonide-formoterol"},
    ),
    ("prosser-rhys", "ibuprofen", 400, "mg", "oral", "three-times-daily", {"allergy:nsaid"}),
    ("novak-irena", "metformin-mr", 1000, "mg", "nasogastric", "once-daily", {"route:nasogastric"}),
    ("novak-irena", "isosorbide-mononitrate-mr", 60, "mg", "nasogastric", "once-daily", {"route:nasogastric"}),
    ("novak-irena", "metformin", 500, "mg", "nasogastric", "twice-daily", set()),
    ("novak-irena", "isosorbide-mononitrate", 20, "mg", "nasogastric", "twice-daily", set()),
    ("marsh-elaine", "furosemide", 40, "mg", "intravenous", "twice-daily", set()),
    ("haddad-nadia", "gentamicin", 320, "mg", "intravenous", "every-24-hours", set()),
    ("lindqvist-thomas", "ibuprofen", 400, "mg", "oral", "three-times-daily", {"interaction:apixaban"}),
]  # fmt: skip


def alerts(patient_id, medicine, dose, unit, route, frequency):
    patient = HOSPITAL.patients[patient_id]
    order = MedicineOrder("draft", patient_id, medicine, dose, unit, route, frequency)
    return check(order, patient, patient.medicines, FORMULARY, HOSPITAL.tests, CLOCK)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]}{case[3]}-{case[5]}")
def test_the_cases_raise_what_they_are_meant_to_teach(case):
    *order, expected = case
    assert {alert.id for alert in alerts(*order) if alert.interrupts} == expected


@pytest.mark.parametrize(
    ("order", "tests"),
    [
        (("marsh-elaine", "furosemide", 40, "mg", "intravenous", "twice-daily"), {"potassium", "creatinine"}),
        (
            ("haddad-nadia", "gentamicin", 320, "mg", "intravenous", "every-24-hours"),
            {"gentamicin-level", "creatinine"},
        ),
    ],
)
def test_monitoring_that_was_promised_is_asked_for(order, tests):
    assert {a.id for a in alerts(*order) if a.hazard == "corollary"} == {f"corollary:{test}" for test in tests}


# ----------------------------------------------------------------------------------------------- notes and review


@every_patient
def test_notes_are_by_several_people_and_readable(patient):
    assert 3 <= len(patient.notes) <= 8
    assert len({note.author for note in patient.notes}) >= 3
    assert patient.notes[0].kind == "admission clerking"
    for note in patient.notes:
        assert note.author and note.role and note.kind
        assert 80 <= len(note.text.strip()) <= 1600
        assert note.text == note.text.strip()
        # on a ward that reads British English
        assert not re.search(
            r"\b(edema|anemi\w+|hemo\w+|diarrhea|color|center|hyperkalemia|esoph\w+)\b", note.text, re.I
        )


@every_patient
def test_a_note_of_one_patient_does_not_name_another(patient):
    words = " ".join(note.text for note in patient.notes)
    for other in PATIENTS:
        if other.family != patient.family:
            assert other.family not in words


@every_patient
def test_a_file_ends_with_the_reviewers_checklist(patient):
    data = raw(patient)
    assert list(data)[-1] == "review"
    checklist = data["review"]["checklist"]
    assert len(checklist) >= 5
    assert len(set(checklist)) == len(checklist)
    assert all(isinstance(item, str) and item.endswith(".") for item in checklist)
    assert isinstance(data["review"]["reviewers"], list)
    for one in data["review"].get("exceptions", []):
        assert set(one) == {"rule", "at", "why"} and one["why"].endswith(".")
        assert one["rule"] in EXCEPTIONS
    assert FILES[patient.id].read_text(encoding="utf-8").startswith("# ")
