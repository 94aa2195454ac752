"""The record's screens: what stands on them for a person, for every patient there is, and with hostile values."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from simemr.domain import egfr, load, state
from simemr.domain.record import Allergy, LabTest, MedicineOrder, Note, Observation, Patient, Problem, Result
from simemr.html import (
    allergies,
    banner,
    charts,
    extract,
    medicines,
    notes,
    observations,
    orders,
    problems,
    results,
    score,
    summary,
    task,
    ward,
    words,
)
from tests.simemr.html.pages import Page

CLOCK = datetime(2026, 3, 12, 14, 0)
HOSPITAL = load.hospital(CLOCK)
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def some(**changes) -> Patient:
    """A patient about whom little is known."""
    made = Patient(
        id="p",
        family="Óm-Brien",
        given="Ana",
        born=date(1950, 3, 13),
        sex="female",
        hospital_number="604999",
        unit="alder",
        bed="A1",
        admitted=CLOCK - timedelta(days=1),
        reason="a fall",
        resuscitation="Full",
        consultant="Dr C",
        allergy_status="not asked",
    )
    return dataclasses.replace(made, **changes)


def screens(patient: Patient, hospital=HOSPITAL) -> dict[str, str]:
    """Every screen of the record of one patient."""
    formulary, tests = hospital.formulary, hospital.tests
    active = [o for o in patient.medicines if o.status == "active"]
    return {
        "banner": banner.banner(patient, CLOCK),
        "ward": ward.row(patient, CLOCK, 2),
        "summary": summary.screen(patient, patient.medicines, patient.notes, tests, formulary, CLOCK),
        "problems": problems.screen(patient.problems, CLOCK),
        "allergies": allergies.screen(patient),
        "medicines": medicines.screen(patient, patient.medicines, formulary, CLOCK),
        "orders": orders.active(active, [state.TestOrder(patient.id, "potassium", 6)], formulary, tests, CLOCK),
        "matter": orders.matter(patient, next(iter(formulary.medicines.values())), tests, CLOCK),
        "results": results.screen(patient, tests, CLOCK),
        "observations": observations.screen(patient, CLOCK),
        "notes": notes.screen(patient.notes, CLOCK),
    }


@pytest.mark.parametrize("patient", HOSPITAL.patients.values(), ids=HOSPITAL.patients)
def test_every_screen_of_every_patient_is_well_formed(patient):
    for name, page in screens(patient).items():
        assert Page(page).text, name


@pytest.mark.parametrize("patient", HOSPITAL.patients.values(), ids=HOSPITAL.patients)
def test_no_heading_is_left_out_within_a_screen(patient):
    for name, page in screens(patient).items():
        levels = [int(tag[1]) for tag, _ in Page(page).tags if tag in {"h2", "h3", "h4"}]
        start = [2] if name == "banner" else [2, *levels]
        assert all(after <= before + 1 for before, after in zip(start, start[1:], strict=False)), name


def test_a_record_about_which_nothing_is_known_shows_on_every_screen():
    for page in screens(some()).values():
        assert Page(page)


def hostile() -> Patient:
    return some(
        family=HOSTILE,
        given=HOSTILE,
        reason=HOSTILE,
        consultant=HOSTILE,
        resuscitation=HOSTILE,
        bed=HOSTILE,
        hospital_number=HOSTILE,
        title=HOSTILE,
        problems=(Problem(HOSTILE, HOSTILE, onset=HOSTILE, icd10cm=HOSTILE, note=HOSTILE),),
        allergies=(
            Allergy(HOSTILE, HOSTILE, HOSTILE, recorded=HOSTILE),
            Allergy(HOSTILE, HOSTILE, HOSTILE, "intolerance"),
        ),
        medicines=(MedicineOrder("m", "p", HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE, start=HOSTILE, indication=HOSTILE),),
        notes=(Note(CLOCK, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        observations=(Observation(CLOCK, 18, 96, HOSTILE, 120, 70, 80, HOSTILE, 37.0),),
    )


def test_no_value_of_a_record_becomes_markup():
    for name, page in screens(hostile()).items():
        read = Page(page)
        assert not read.all("img") and "<img" not in page, name


# ---- the banner


def test_the_banner_says_who_and_what_must_not_be_overlooked():
    text = Page(banner.banner(HOSPITAL.patients["marsh-eleanor"], CLOCK, "A3, Alder ward")).text
    for part in (
        "MARSH, Eleanor",
        "12 Mar 1952 (74)",
        "604 118",
        "Female",
        "kg · today",
        "Resuscitation Full",
        "Synthetic patient",
        "Allergy: Penicillin — anaphylaxis (2009)",
        "A3, Alder ward",
    ):
        assert part in text


def test_the_banner_warns_of_a_look_alike_on_the_same_list_and_does_not_name_them():
    eleanor = HOSPITAL.patients["marsh-eleanor"]
    alone, together = (banner.banner(eleanor, CLOCK, "", listed) for listed in ((), ("marsh-eleanor", "marsh-elaine")))
    assert "Name alert" not in Page(alone).text
    assert "another patient on this list is called Marsh too" in Page(together).text
    assert "Elaine" not in Page(together).text


def test_none_known_and_not_asked_are_told_apart_in_words():
    known = Page(banner.banner(some(allergy_status="none known"), CLOCK)).text
    unasked = Page(banner.banner(some(), CLOCK)).text
    assert "No known allergies" in known and "No known allergies" not in unasked
    assert "nobody has asked yet" in unasked


def test_an_intolerance_is_not_called_an_allergy():
    text = Page(banner.banner(HOSPITAL.patients["okonkwo-daniel"], CLOCK)).text
    assert "Intolerance: " in text and "Allergy: " not in text


def test_the_kidney_is_worked_out_from_creatinine_where_nothing_newer_is_reported():
    patient = some(results=(Result(CLOCK, "creatinine", 138.0),))
    assert banner.kidney(patient, CLOCK) == f"{egfr.ckd_epi_2021(138.0, 75, 'female'):.0f}"
    later = (Result(CLOCK + timedelta(hours=1), "egfr", 41.0),)
    assert banner.kidney(some(results=(*patient.results, *later)), CLOCK) == "41"
    assert banner.kidney(some(), CLOCK) == ""


def test_someone_not_weighed_is_said_to_be_not_weighed():
    assert "Weight not weighed" in Page(banner.banner(some(), CLOCK)).text


def test_a_birthday_tomorrow_is_not_a_birthday_today():
    assert "(75)" in Page(banner.banner(some(), CLOCK)).text


# ---- numbers

TEST = LabTest("k", "Potassium", "mmol/L", 1, low=3.5, high=5.3, critical_low=2.5, critical_high=6.5)


@pytest.mark.parametrize(
    ("value", "said"),
    [(5.6, "▲ High"), (3.4, "▼ Low"), (6.5, "▲▲ Critically high"), (2.5, "▼▼ Critically low"), (4.0, "In range")],
)
def test_a_flag_is_an_arrow_and_a_word(value, said):
    assert Page(words.flag(TEST.flag(value, "female"))).text == said


@pytest.mark.parametrize(
    ("limits", "said"),
    [((3.5, 5.3), "3.5–5.3"), ((None, 5.0), "up to 5"), ((60.0, None), "60 or more"), ((None, None), "")],
)
def test_a_range_reads_as_words_where_it_has_one_end(limits, said):
    assert words.limits(LabTest("t", "T", "u", low=limits[0], high=limits[1]), "male") == said


@pytest.mark.parametrize(
    ("number", "said"), [("604118", "604 118"), ("1234567", "1 234 567"), ("AB12", "AB12"), ("1234", "1234")]
)
def test_a_hospital_number_reads_in_threes(number, said):
    assert words.hospital_number(number) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [("umol/L", "µmol/L"), ("ug/L", "µg/L"), ("unit/L", "unit/L"), ("mmol/L", "mmol/L"), ("10*9/L", "10⁹/L")],
)
def test_units_are_written_as_people_write_them(unit, said):
    assert words.unit(unit) == said


def test_results_stand_right_aligned_with_unit_and_range_and_every_earlier_value():
    patient = HOSPITAL.patients["marsh-eleanor"]
    page = results.screen(patient, HOSPITAL.tests, CLOCK)
    read = Page(page)
    assert "Potassium 5.6 mmol/L ▲ High 3.5–5.3 today" in read.text
    assert any("em-num" in (cell.get("class") or "") for cell in read.all("td"))
    for result in patient.series("potassium"):
        assert HOSPITAL.tests["potassium"].text(result.value) in read.text
    assert read.all("details") and "Earlier results: Chemistry" in read.text


def test_abnormal_results_come_with_the_critical_ones_first():
    patient = some(
        results=(Result(CLOCK, "sodium", 128.0), Result(CLOCK, "potassium", 6.9), Result(CLOCK, "urea", 5.0))
    )
    assert results.abnormal(patient, HOSPITAL.tests) == ["potassium", "sodium"]


# ---- observations


def test_a_measurement_that_cannot_be_true_gives_no_score_and_says_so():
    patient = some(observations=(Observation(CLOCK, 18, 196, "air", 120, 70, 80, "A", 37.0),))
    assert score.latest(patient) is None
    assert "can't be worked out" in Page(observations.screen(patient, CLOCK)).text
    assert "not known" in Page(ward.row(patient, CLOCK)).text


def test_the_score_is_there_in_words_for_every_set():
    patient = HOSPITAL.patients["marsh-eleanor"]
    text = Page(observations.screen(patient, CLOCK)).text
    assert f"NEWS2 {score.latest(patient).total}: " in text
    assert text.count("NEWS2 ") >= len(patient.observations)


def test_the_score_of_a_patient_on_scale_2_says_so():
    patient = next(p for p in HOSPITAL.patients.values() if p.news2_scale == 2)
    assert "SpO₂ scale 2" in Page(observations.screen(patient, CLOCK)).text


# ---- trends


def test_a_trend_is_hidden_from_screen_readers_and_needs_two_points():
    points = [(CLOCK - timedelta(hours=h), 5.0 - h / 24) for h in (48, 24, 0)]
    [svg] = Page(charts.sparkline(points, low=3.5, high=5.3)).all("svg")
    assert svg["aria-hidden"] == "true"
    assert charts.sparkline(points[:1]) == "" and charts.sparkline([]) == ""


def test_a_trend_stays_inside_its_box_and_leaves_old_points_out():
    points = [(CLOCK - timedelta(hours=h), value) for h, value in ((400, 90.0), (70, 4.0), (10, 4.0), (0, 4.0))]
    [line] = Page(charts.sparkline(points, low=3.5, high=5.3)).all("polyline")
    spots = [tuple(map(float, pair.split(","))) for pair in line["points"].split()]
    assert len(spots) == 3
    assert all(0 <= x <= 110 and 0 <= y <= 26 for x, y in spots)


# ---- medicines and orders


def test_a_chart_tells_home_from_ward_and_given_from_held():
    patient = HOSPITAL.patients["marsh-eleanor"]
    text = Page(medicines.screen(patient, patient.medicines, HOSPITAL.formulary, CLOCK)).text
    assert "Given on the ward" in text and "Taken at home" in text and "Held" in text


def test_an_order_reads_as_a_sentence():
    order = MedicineOrder("x", "p", "paracetamol", 1, "g", "intravenous", "every-6-hours", indication="pain")
    assert words.order(order, HOSPITAL.formulary) == "Paracetamol 1 g into a vein, every 6 hours"
    patient = HOSPITAL.patients["bannerman-rose"]
    text = Page(orders.review(order, patient, HOSPITAL.formulary)).text
    assert "You are ordering Paracetamol 1 g into a vein, every 6 hours for pain." in text
    assert "BANNERMAN, Rose" in text and "604 072" in text


@pytest.mark.parametrize(("hours", "said"), [(0, "now"), (1, "in 1 hour"), (6, "in 6 hours"), (48, "in 2 days")])
def test_when_a_test_is_due(hours, said):
    assert orders.due(hours) == said


def test_the_results_that_matter_follow_the_medicine():
    patient = HOSPITAL.patients["haddad-nadia"]
    plain = orders.matter(patient, None, HOSPITAL.tests, CLOCK)
    medicine = HOSPITAL.formulary.medicines["gentamicin"]
    named = {rule.test for rule in medicine.monitoring if patient.latest(rule.test)}
    text = Page(orders.matter(patient, medicine, HOSPITAL.tests, CLOCK)).text
    assert "Results to look at first" in plain
    assert all(HOSPITAL.tests[test_id].name in text for test_id in named)


def test_a_challenge_is_shown_as_it_was_written():
    order = MedicineOrder("x", "p", "paracetamol", 1, "g", "oral", "every-6-hours")
    page = orders.awaiting(
        order, HOSPITAL.formulary, state.Verdict("challenge", "allergy", HOSTILE), {"allergy": "Allergy"}
    )
    assert HOSTILE in Page(page).text and "You challenged this order: Allergy." in Page(page).text


# ---- tasks and the extract


def test_progress_of_many_steps_is_one_bar():
    assert len(Page(task.progress(3, 12)).all("i")) == 12
    assert len(Page(task.progress(3, 19)).all("i")) == 1
    assert Page(task.progress(3, 19)).text == "3 of 19 steps done"
    assert task.progress(0, 0) == ""


def test_a_marked_defect_is_said_in_words():
    assert Page(extract.flagged(HOSTILE, state.Flag("completeness", "ask"))).text.startswith(HOSTILE)
