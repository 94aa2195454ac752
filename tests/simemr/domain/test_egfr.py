"""CKD-EPI 2021 against worked values, its properties and its refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import egfr

CREATININE = st.floats(min_value=10, max_value=2000)
AGES = st.integers(min_value=18, max_value=110)
SEXES = st.sampled_from(["female", "male"])


@pytest.mark.parametrize(
    ("mg_dl", "sex", "age", "expected"),
    [(1.2, "male", 55, 71.4), (1.0, "female", 50, 68.6), (0.8, "female", 60, 84.3), (2.0, "male", 75, 34.2)],
)
def test_worked_values_in_mg_dl(mg_dl, sex, age, expected):
    assert egfr.ckd_epi_2021(mg_dl * 88.4, age, sex) == pytest.approx(expected, abs=0.05)


def test_a_worked_value_in_micromol():
    assert egfr.ckd_epi_2021(106, 55, "male") == pytest.approx(71.5, abs=0.05)


def test_below_kappa_the_shallow_exponent_holds():
    # 142 x (0.5/0.7)^-0.241 x 0.9938^40 x 1.012, worked by hand
    assert egfr.ckd_epi_2021(0.5 * 88.4, 40, "female") == pytest.approx(121.5, abs=0.1)
    # 142 x (0.6/0.9)^-0.302 x 0.9938^30
    assert egfr.ckd_epi_2021(0.6 * 88.4, 30, "male") == pytest.approx(133.2, abs=0.1)


@given(CREATININE, CREATININE, AGES, SEXES)
def test_more_creatinine_means_less_filtration(a, b, age, sex):
    low, high = sorted((a, b))
    assert egfr.ckd_epi_2021(low, age, sex) >= egfr.ckd_epi_2021(high, age, sex) > 0


@given(CREATININE, AGES, AGES, SEXES)
def test_filtration_falls_with_age(creatinine, a, b, sex):
    younger, older = sorted((a, b))
    assert egfr.ckd_epi_2021(creatinine, younger, sex) >= egfr.ckd_epi_2021(creatinine, older, sex)


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "said"),
    [
        (0, 50, "male", "can't be true"),
        (5e-324, 50, "male", "can't be true"),
        (-5, 50, "male", "can't be true"),
        (float("nan"), 50, "male", "can't be true"),
        (float("inf"), 50, "male", "can't be true"),
        (100, 17, "female", "for adults"),
        (100, 131, "female", "for adults"),
        (100, 50, "unknown", "knows"),
    ],
)
def test_refusals(creatinine, age, sex, said):
    with pytest.raises(ValueError, match=said):
        egfr.ckd_epi_2021(creatinine, age, sex)


@pytest.mark.parametrize("age", [18, 130])
def test_the_ends_of_the_ages_are_allowed(age):
    assert egfr.ckd_epi_2021(80, age, "female") > 0


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (120, "G1"), (90, "G1"), (89.9, "G2"), (60, "G2"), (59.9, "G3a"), (45, "G3a"), (44.9, "G3b"), (30, "G3b"),
        (29.9, "G4"), (15, "G4"), (14.9, "G5"), (3, "G5"),
    ],
)  # fmt: skip
def test_categories(value, name):
    assert egfr.category(value) == name
