"""Conversions of doses and results, and how doses read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import units

AMOUNTS = st.floats(min_value=1e-6, max_value=1e6)
MASSES = st.sampled_from(["g", "mg", "microgram", "nanogram"])


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "g", "mg", 1000),
        (500, "mg", "g", 0.5),
        (0.25, "mg", "microgram", 250),
        (62.5, "microgram", "mg", 0.0625),
        (1, "microgram", "nanogram", 1000),
        (0.001, "g", "microgram", 1000),
        (1, "L", "mL", 1000),
        (50, "mL", "L", 0.05),
        (2, "tablet", "tablet", 2),
    ],
)
def test_convert(value, unit, to, expected):
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(AMOUNTS, MASSES, MASSES)
def test_a_mass_survives_the_way_there_and_back(value, unit, to):
    assert units.convert(units.convert(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12)


@given(AMOUNTS, AMOUNTS, MASSES, MASSES)
def test_converting_keeps_the_order(a, b, unit, to):
    assert units.convert(min(a, b), unit, to) <= units.convert(max(a, b), unit, to)


@pytest.mark.parametrize(
    ("unit", "to", "said"),
    [
        ("tablet", "mg", "tablet can't be turned into mg"),
        ("mg", "mL", "mg can't be turned into mL"),
        ("mcg", "mg", "'mcg' is not a dose unit"),
        ("mg", "ug", "'ug' is not a dose unit"),
        ("mcg", "mcg", "'mcg' is not a dose unit"),
    ],
)
def test_what_can_not_be_converted_is_refused(unit, to, said):
    with pytest.raises(units.UnitError, match=said):
        units.convert(1, unit, to)
    assert not units.same_kind(unit, to)


def test_short_forms_that_are_misread_are_no_dose_units():
    assert units.DOSE_UNITS.isdisjoint({"mcg", "ug", "µg", "ng", "u", "U", "IU", "cc", "MG", "gm"})


@given(st.sampled_from(sorted(units.DOSE_UNITS)), st.sampled_from(sorted(units.DOSE_UNITS)))
def test_same_kind_is_what_convert_accepts(unit, to):
    if units.same_kind(unit, to):
        assert units.convert(1, unit, to) > 0
    else:
        with pytest.raises(units.UnitError):
            units.convert(1, unit, to)
    assert units.same_kind(unit, to) == units.same_kind(to, unit)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"), (1.0, "1"), (0.5, "0.5"), (1250, "1,250"), (67.5, "67.5"), (3.75, "3.75"), (1 / 3, "0.333"),
        (0.0004, "0.0004"), (10, "10"), (100.0, "100"), (0, "0"), (-0.0, "0"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_numbers_read_without_a_trailing_zero(value, text):
    assert units.number_text(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1000, "mg", "1,000 mg"), (1, "g", "1 g"), (500, "microgram", "500 micrograms"), (2, "tablet", "2 tablets"),
        (1, "tablet", "1 tablet"), (1, "microgram", "1 microgram"), (10, "unit", "10 units"), (2, "patch", "2 patches"),
        (20, "mmol", "20 mmol"), (0.5, "tablet", "0.5 tablets"), (5, "", "5"),
    ],
)  # fmt: skip
def test_dose_text(value, unit, text):
    assert units.dose_text(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4000, "mg", "4 g"), (1000, "mg", "1 g"), (999, "mg", "999 mg"), (2640, "mg", "2.64 g"), (0.5, "g", "500 mg"),
        (0.25, "mg", "250 micrograms"), (1000, "microgram", "1 mg"), (2000, "mL", "2,000 mL"),
        (8, "sachet", "8 sachets"),
    ],
)  # fmt: skip
def test_a_day_s_total_reads_in_the_unit_a_ward_would_say(value, unit, text):
    assert units.tidy_dose_text(value, unit) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("umol/L", "µmol/L"), ("mL/min/1.73 m2", "mL/min/1.73 m²"), ("10*9/L", "× 10⁹/L"), ("10*12/L", "× 10¹²/L"),
        ("ug/L", "µg/L"), ("mmol/L", "mmol/L"), ("ratio", ""), ("pH", ""), ("%", "%"), ("mmol/mol", "mmol/mol"),
    ],
)  # fmt: skip
def test_result_unit_text(unit, text):
    assert units.result_unit_text(unit) == text


def test_creatinine():
    assert units.creatinine_to_umol_l(1) == pytest.approx(88.4)
    assert units.creatinine_to_mg_dl(106) == pytest.approx(1.199, abs=0.001)


def test_glucose():
    assert units.glucose_to_mg_dl(7.0) == pytest.approx(126)
    assert units.glucose_to_mmol_l(200) == pytest.approx(11.1, abs=0.02)


@pytest.mark.parametrize(("percent", "mmol_mol"), [(6.0, 42), (6.5, 48), (7.0, 53), (8.0, 64), (9.0, 75), (10.0, 86)])
def test_hba1c_against_the_conversion_table_of_the_ifcc(percent, mmol_mol):
    assert round(units.hba1c_to_mmol_mol(percent)) == mmol_mol
    assert units.hba1c_to_percent(mmol_mol) == pytest.approx(percent, abs=0.05)


def test_an_hba1c_below_the_scale_is_refused():
    with pytest.raises(ValueError, match="below what the scale can show"):
        units.hba1c_to_mmol_mol(2.1)


@given(st.floats(min_value=0.1, max_value=5000))
def test_results_survive_the_way_there_and_back(value):
    pairs = (
        (units.creatinine_to_mg_dl, units.creatinine_to_umol_l),
        (units.glucose_to_mg_dl, units.glucose_to_mmol_l),
        (units.hba1c_to_percent, units.hba1c_to_mmol_mol),
    )
    for there, back in pairs:
        assert back(there(value)) == pytest.approx(value, rel=1e-9)
