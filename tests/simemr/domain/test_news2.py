"""NEWS2: worked scores, every edge of every band against a table written apart from the code, and properties."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import news2

# The score sheet once more, one value a column, from the Royal College of Physicians' report of 2017 (chart 1):
# parameter, (arguments that choose the scale), then for each run of readings "from-to=points".
SHEET = """
rr           | 1 air    | 0-8=3 9-11=1 12-20=0 21-24=2 25-60=3
spo2         | 1 air    | 50-91=3 92-93=2 94-95=1 96-100=0
spo2         | 1 oxygen | 50-91=3 92-93=2 94-95=1 96-100=0
spo2         | 2 air    | 50-83=3 84-85=2 86-87=1 88-92=0 93-100=0
spo2         | 2 oxygen | 50-83=3 84-85=2 86-87=1 88-92=0 93-94=1 95-96=2 97-100=3
sbp          | 1 air    | 40-90=3 91-100=2 101-110=1 111-219=0 220-300=3
pulse        | 1 air    | 20-40=3 41-50=1 51-90=0 91-110=1 111-130=2 131-250=3
temperature  | 1 air    | 300-350=3 351-360=1 361-380=0 381-390=1 391-430=2
"""

NORMAL = {"rr": 16, "spo2": 97, "sbp": 120, "pulse": 72, "consciousness": "A", "temperature": 36.8}


def score(scale=1, on_oxygen=False, **changed):
    return news2.score(on_oxygen=on_oxygen, scale=scale, **{**NORMAL, **changed})


def readings():
    for line in SHEET.strip().splitlines():
        part, setting, bands = (column.strip() for column in line.split("|"))
        scale, gas = setting.split()
        for band in bands.split():
            span, points = band.split("=")
            first, last = (int(end) for end in span.split("-"))
            for value in range(first, last + 1):
                yield part, int(scale), gas == "oxygen", value, int(points)


def test_every_reading_of_every_band():
    seen = 0
    for part, scale, on_oxygen, value, points in readings():
        reading = value / 10 if part == "temperature" else value
        got = score(scale, on_oxygen, **{part: reading})
        assert got.parts[part] == points, (part, scale, on_oxygen, reading)
        seen += 1
    assert seen == 61 + 4 * 51 + 261 + 231 + 131


@pytest.mark.parametrize(("level", "points"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)])
def test_consciousness(level, points):
    assert score(consciousness=level).parts["consciousness"] == points


def test_oxygen_by_itself_scores_two():
    assert score(on_oxygen=True).total == 2
    assert score(on_oxygen=False).total == 0


WORKED = [
    ((16, 97, False, 120, 72, "A", 36.8, 1), 0),
    ((22, 94, True, 105, 104, "A", 38.2, 1), 8),
    ((25, 89, True, 98, 118, "V", 38.6, 1), 16),
    ((18, 89, True, 130, 88, "A", 37.0, 2), 2),
    ((18, 89, True, 130, 88, "A", 37.0, 1), 5),
    ((18, 97, True, 130, 88, "A", 37.0, 2), 5),
    ((18, 97, False, 130, 88, "A", 37.0, 2), 0),
    ((8, 80, True, 90, 135, "P", 34.9, 1), 20),
]


@pytest.mark.parametrize(("observations", "total"), WORKED)
def test_worked_scores(observations, total):
    assert news2.score(*observations).total == total


def test_the_wrong_scale_makes_a_three_out_of_a_target_saturation():
    assert news2.score(18, 89, True, 130, 88, "A", 37.0, 1).single_three == ("spo2",)
    assert news2.score(18, 89, True, 130, 88, "A", 37.0, 2).single_three == ()


@pytest.mark.parametrize(
    ("changed", "total", "risk", "words"),
    [
        ({}, 0, "low", "every 12 hours"),
        ({"rr": 9}, 1, "low", "every 4 to 6 hours"),
        ({"rr": 22, "pulse": 112}, 4, "low", "every 4 to 6 hours"),
        ({"consciousness": "C"}, 3, "low-medium", "every hour"),
        ({"consciousness": "C", "pulse": 95}, 4, "low-medium", "scores 3"),
        ({"rr": 22, "pulse": 112, "sbp": 105}, 5, "medium", "[Uu]rgent"),
        ({"consciousness": "V", "pulse": 112}, 5, "medium", "[Uu]rgent"),
        ({"rr": 22, "pulse": 112, "sbp": 95}, 6, "medium", "[Uu]rgent"),
        ({"rr": 22, "pulse": 112, "sbp": 95, "temperature": 38.5}, 7, "high", "Emergency"),
        ({"consciousness": "U", "rr": 6, "sbp": 80}, 9, "high", "continuously"),
    ],
)
def test_the_response_follows_the_thresholds(changed, total, risk, words):
    got = score(**changed)
    assert (got.total, got.risk) == (total, risk)
    assert re.search(words, got.response)


@pytest.mark.parametrize(
    ("temperature", "points"),
    [(38.04, 0), (38.05, 1), (38.06, 1), (36.04, 1), (36.05, 0), (35.04, 3), (35.05, 1), (39.04, 1), (39.05, 2)],
)
def test_a_temperature_is_rounded_to_a_tenth_first(temperature, points):
    assert score(temperature=temperature).parts["temperature"] == points


@pytest.mark.parametrize(("rr", "points"), [(20.4, 0), (20.5, 2), (8.4, 3), (8.5, 1)])
def test_the_others_are_rounded_to_whole_numbers_first(rr, points):
    assert score(rr=rr).parts["rr"] == points


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rr": None}, "respiration rate must be a number"),
        ({"rr": True}, "respiration rate must be a number"),
        ({"pulse": "72"}, "pulse must be a number"),
        ({"spo2": 101}, "oxygen saturation of 101 can't be true"),
        ({"spo2": float("nan")}, "can't be true"),
        ({"sbp": -1}, "systolic blood pressure of -1"),
        ({"temperature": 98.6}, "temperature of 98.6 can't be true"),
        ({"consciousness": "a"}, "A, C, V, P or U"),
        ({"consciousness": None}, "A, C, V, P or U"),
        ({"scale": 3}, "scale must be 1 or 2"),
        ({"scale": True}, "scale must be 1 or 2"),
        ({"on_oxygen": "air"}, "true or false"),
    ],
)
def test_a_measurement_that_is_missing_or_untrue_never_scores(changed, said):
    with pytest.raises(ValueError, match=said):
        score(**changed)


OBSERVATIONS = st.fixed_dictionaries(
    {
        "rr": st.integers(0, 80),
        "spo2": st.integers(0, 100),
        "on_oxygen": st.booleans(),
        "sbp": st.integers(0, 320),
        "pulse": st.integers(0, 300),
        "consciousness": st.sampled_from("ACVPU"),
        "temperature": st.floats(25, 45),
        "scale": st.sampled_from([1, 2]),
    }
)


@given(OBSERVATIONS)
def test_a_score_is_the_sum_of_its_parts_and_within_0_to_20(observations):
    got = news2.score(**observations)
    assert 0 <= got.total <= 20
    assert got.total == sum(got.parts.values())
    assert tuple(got.parts) == tuple(news2.PARTS)
    assert all(0 <= points <= 3 for points in got.parts.values())
    assert got.response.endswith(".")


@given(OBSERVATIONS)
def test_a_higher_risk_needs_a_higher_score_or_a_single_three(observations):
    got = news2.score(**observations)
    expected = "high" if got.total >= 7 else "medium" if got.total >= 5 else None
    if expected is None:
        expected = "low-medium" if got.single_three else "low"
    assert got.risk == expected


@given(
    OBSERVATIONS,
    st.sampled_from(
        [
            # (what, best reading, worst reading): from the one towards the other the score never falls
            ("rr", 16, 80), ("rr", 16, 0), ("sbp", 150, 0), ("sbp", 150, 320), ("pulse", 70, 300), ("pulse", 70, 0),
            ("temperature", 37.0, 45.0), ("temperature", 37.0, 25.0), ("spo2", 90, 0),
        ]
    ),
    st.floats(0, 1),
    st.floats(0, 1),
)  # fmt: skip
def test_worse_never_scores_less(observations, direction, a, b):
    what, best, worst = direction
    nearer, further = sorted((a, b))
    near, far = (best + share * (worst - best) for share in (nearer, further))
    one = news2.score(**{**observations, what: near}).total
    other = news2.score(**{**observations, what: far}).total
    assert one <= other


@given(OBSERVATIONS, st.integers(0, 100), st.integers(0, 100))
def test_saturation_is_monotone_except_for_too_much_oxygen_on_scale_2(observations, a, b):
    low, high = sorted((a, b))
    worse = news2.score(**{**observations, "spo2": low}).parts["spo2"]
    better = news2.score(**{**observations, "spo2": high}).parts["spo2"]
    if observations["scale"] == 2 and observations["on_oxygen"]:
        if low >= 88:
            assert worse <= better
        elif high <= 92:
            assert worse >= better
    else:
        assert worse >= better


@given(OBSERVATIONS)
def test_on_air_scale_2_is_never_stricter_than_scale_1(observations):
    on_air = {**observations, "on_oxygen": False}
    two, one = news2.score(**{**on_air, "scale": 2}), news2.score(**{**on_air, "scale": 1})
    assert two.total <= one.total
