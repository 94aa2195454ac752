"""Writing down concerns: what can be picked, what is refused, and a list that is not too long to be read."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.action import ActionRefused
from simemr.domain.actions.concerns import DEVICES, MOST, PARTS, Review, things
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session
from simemr.html import concerns as page

CLOCK = datetime(2026, 3, 12, 13, 0)
INGRID = "solberg-ingrid"
PEOPLE = load.hospital(CLOCK, (INGRID,))
ONE = {"about": "result/potassium", "kind": "change", "soon": "now", "plan": "Stop the potassium."}


@pytest.fixture
def session():
    made = Session(Scenario("x", "X", CLOCK, patients=(INGRID,), identity=True), PEOPLE)
    made.apply("open_patient", {"patient": INGRID})
    made.apply("confirm_identity", {"patient": INGRID, "identifiers": ["name", "born"]})
    return made


def write(session, **other):
    session.apply("write_concern", {"patient": INGRID, **ONE, **other})


def test_everything_in_the_record_can_be_picked_and_has_a_name_of_its_own(session):
    person = session.patient(INGRID)
    for part in PARTS:
        found = things(session, INGRID, part)
        names = [page.thing(session, person, which) for which in found]
        assert found and len(set(names)) == len(found) == len(set(found)), part
        assert all(names)
    assert len(things(session, INGRID, "order")) == len(person.medicines)
    assert len(things(session, INGRID, "note")) == len(person.notes)


def test_what_reads_on_the_list(session):
    person = session.patient(INGRID)
    for which, words in (
        ("result/potassium", "Potassium 5.8 mmol/L, today 06:00"),
        ("order/enoxaparin", "Enoxaparin 40 mg under the skin, every 24 hours, stopped"),
        ("order/home-amlodipine", "Amlodipine 5 mg by mouth, once a day, in the morning, at home"),
        ("observation/consciousness", "Consciousness (responds to pain), today 12:30"),
        ("note/2026-03-11T18:30", "Note of yesterday 18:30: microbiology report, Laboratory"),
        ("front/weight", "Weight: 66.4 kg · yesterday"),
        ("allergy/list", "The allergy list: none known"),
        ("device/cannula", DEVICES["cannula"]),
    ):
        assert page.thing(session, person, which) == words


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"about": "result/nothing"}, "what it is about"),
        ({"about": "nowhere"}, "what it is about"),
        ({"kind": "grave"}, "what kind"),
        ({"soon": "soon"}, "how soon"),
        ({"plan": "  "}, "what you would do"),
    ],
)
def test_a_concern_says_all_four_things(session, other, words):
    with pytest.raises(ActionRefused, match=words):
        write(session, **other)
    assert not session.state.part(Review).concerns


def test_nobody_writes_before_they_know_whose_record_it_is():
    made = Session(Scenario("x", "X", CLOCK, patients=(INGRID,), identity=True), PEOPLE)
    made.apply("open_patient", {"patient": INGRID})
    with pytest.raises(ActionRefused, match="two identifiers"):
        write(made)


def test_a_concern_is_changed_and_taken_off_and_numbers_are_not_used_again(session):
    write(session)
    write(session, about="result/troponin", soon="today")
    session.apply("change_concern", {"concern": "2", **ONE, "about": "result/troponin", "plan": "Echo."})
    session.apply("remove_concern", {"concern": "1"})
    write(session, about="result/creatinine")
    assert {n: c.about for n, c in session.state.part(Review).concerns.items()} == {
        "2": "result/troponin",
        "3": "result/creatinine",
    }
    with pytest.raises(ActionRefused, match="not on the list"):
        session.apply("remove_concern", {"concern": "1"})


def test_the_list_stands_by_urgency(session):
    for about, soon in (("front/weight", "discharge"), ("result/crp", "today"), ("result/potassium", "now")):
        write(session, about=about, soon=soon)
    assert [c.about for _, c in page.in_order(session, INGRID)] == ["result/potassium", "result/crp", "front/weight"]


def test_a_list_that_nobody_would_read_is_refused(session):
    for _ in range(MOST):
        write(session)
    with pytest.raises(ActionRefused, match="take one off"):
        write(session)
    session.apply("remove_concern", {"concern": "1"})
    write(session)
