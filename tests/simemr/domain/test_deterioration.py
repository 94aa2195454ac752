"""Scoring a set of observations: what is refused, what the record counts along, and what it keeps."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from simemr.domain import load, news2, scenario
from simemr.domain.action import ActionRefused
from simemr.domain.actions.deterioration import POINTED, Deterioration, ObservationSet, counted_otherwise
from simemr.domain.session import Session


@pytest.fixture(scope="module")
def given():
    found = scenario.load("results-and-deterioration")
    return found, load.hospital(found.clock, found.patients)


@pytest.fixture
def session(given):
    made = Session(*given)
    made.apply("open_patient", {"patient": "kavanagh-margaret"})
    return made


def score(session, item="kavanagh", scale=2, consciousness="V", **otherwise):
    points = {"rr": 0, "spo2": 3, "oxygen": 2, "sbp": 0, "pulse": 1, "temperature": 0, **otherwise}
    session.apply(
        "score_observations", {"item": item, "scale": scale, "consciousness": consciousness, "points": points}
    )
    return session.state.part(Deterioration).scored[item]


def test_the_record_adds_up_and_keeps_the_set(session):
    assert score(session).total == 9
    person = session.patient("kavanagh-margaret")
    assert (person.observations[-1].spo2, person.observations[-1].consciousness, person.news2_scale) == (97, "V", 2)
    score(session, scale=1, consciousness="A")
    person = session.patient("kavanagh-margaret")
    assert (person.observations[-1].consciousness, person.news2_scale) == ("A", 1)
    assert len(person.observations) == len(session.hospital.patients["kavanagh-margaret"].observations) + 1


def test_the_record_counts_along_on_the_scale_that_was_chosen(session):
    found = next(s for s in session.scenario.of(ObservationSet) if s.id == "kavanagh")
    assert counted_otherwise(found, score(session)) == []
    assert counted_otherwise(found, score(session, scale=1)) == ["spo2"]
    assert counted_otherwise(found, score(session, pulse=2, rr=1)) == ["rr", "pulse"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"scale": 3}, "SpO₂ scale"),
        ({"consciousness": "X"}, "how conscious"),
        ({"points": {"rr": 0}}, "every measurement"),
        ({"points": dict.fromkeys(POINTED, 4)}, "0, 1, 2 or 3"),
        ({"points": dict.fromkeys(POINTED, True)}, "0, 1, 2 or 3"),
        ({"points": {**dict.fromkeys(POINTED, 0), "rr": "2"}}, "0, 1, 2 or 3"),
        ({"points": {**dict.fromkeys(POINTED, 0), "rr": [2]}}, "0, 1, 2 or 3"),
        ({"item": "haddad"}, "not the open patient"),
        ({"item": "nobody"}, "no set"),
    ],
)
def test_what_is_not_a_score_is_refused(session, args, says):
    whole = {"item": "kavanagh", "scale": 2, "consciousness": "V", "points": dict.fromkeys(POINTED, 0)}
    with pytest.raises(ActionRefused, match=says):
        session.apply("score_observations", {**whole, **args})
    assert session.state.part(Deterioration).scored == {}


def test_a_score_comes_before_its_answer_and_whoever_is_called_is_told_why(session):
    answer = {"item": "kavanagh", "repeat": "continuous", "call": "emergency"}
    with pytest.raises(ActionRefused, match="Score this set first"):
        session.apply("answer_observations", {**answer, "words": "Please come."})
    score(session)
    with pytest.raises(ActionRefused, match="what you say"):
        session.apply("answer_observations", answer)
    session.apply("answer_observations", {**answer, "words": "Please come."})
    assert session.state.part(Deterioration).responses["kavanagh"].call == "emergency"


@for_all(value=st.integers(0, 100), scale=st.sampled_from([1, 2]), oxygen=st.booleans())
def test_the_guide_is_the_score(value, scale, oxygen):
    bands = news2.bands("spo2", scale, oxygen)
    points = next(points for up_to, points in bands if value <= up_to)
    assert points == news2.score(16, value, oxygen, 120, 70, "A", 37.0, scale).parts["spo2"]
