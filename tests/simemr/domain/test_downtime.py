"""An outage: nothing is written while it lasts; what was on paper goes in with its own time, and can be taken back."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.action import ActionRefused
from simemr.domain.actions.downtime import read_time, rows
from simemr.domain.downtime import Happening, Outage, PaperRow
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 14, 0)
ELEANOR, SILVA = "marsh-eleanor", "silva-joao"
AT = CLOCK.replace(hour=14, minute=10)
CONTENT = {
    Outage: (Outage(AT, AT.replace(minute=40), "Work on the network."),),
    Happening: (
        Happening("dose", AT.replace(minute=14), "A dose", "Given.", order="paracetamol", by="RN A"),
        Happening("set", AT.replace(minute=19), "A set", "Taken.", values=(16, 97, "air", 124, 76, 78, "A", 36.7)),
        Happening("coffee", AT.replace(minute=30), "Coffee", "None."),
    ),
    PaperRow: (
        PaperRow("hers", AT.replace(minute=17), "RN B", SILVA, "604 133", "given", "Morphine 10 mg", "morphine", True),
        PaperRow("left", AT.replace(minute=29), "RN B", SILVA, "604 133", "told", "Rings at five"),
    ),
}


@pytest.fixture
def session():
    people = (ELEANOR, SILVA)
    made = Session(Scenario("made", "Made", CLOCK, patients=people, content=CONTENT), load.hospital(CLOCK, people))
    made.apply("open_patient", {"patient": ELEANOR})
    return made


def refused(session, action, **args):
    with pytest.raises(ActionRefused) as refusal:
        session.apply(action, args)
    return str(refusal.value)


def write(session, happening, kind="given", time="14:14", patient=ELEANOR, second="604 118", what="Paracetamol"):
    args = {"happening": happening, "kind": kind}
    if kind != "nothing":
        args |= {"time": time, "patient": patient, "second": second, "what": what}
    session.apply("write_paper", args)


def back(session):
    session.apply("start_downtime", {})
    write(session, "dose")
    write(session, "set", "observed", "14:19")
    write(session, "coffee", "nothing")
    session.apply("end_downtime", {})


def test_the_record_can_be_written_in_except_while_it_is_down(session):
    note = {"patient": ELEANOR, "text": "Well."}
    session.apply("write_note", note)
    session.apply("start_downtime", {})
    assert "paper" in refused(session, "write_note", **note)
    session.apply("open_tab", {"tab": "notes"})
    assert "3 more" in refused(session, "end_downtime")
    for happening in ("dose", "set", "coffee"):
        write(session, happening, "nothing")
    session.apply("end_downtime", {})
    session.apply("write_note", note)


def test_a_row_needs_a_time_and_a_second_identifier(session):
    row = {"happening": "dose", "kind": "given", "patient": ELEANOR, "what": "Paracetamol"}
    assert "works" in refused(session, "write_paper", **row, time="14:14", second="604 118")
    session.apply("start_downtime", {})
    assert "time" in refused(session, "write_paper", **row, time="after lunch", second="604 118")
    assert "identifier" in refused(session, "write_paper", **row, time="14:14", second="A3")


def test_what_is_entered_is_in_the_record_at_its_own_time_and_can_be_taken_back(session):
    back(session)
    before = session.patient(ELEANOR)
    session.apply("enter_row", {"row": "dose", "time": "14.14", "late": 1})
    session.apply("enter_row", {"row": "set", "time": "14:19", "late": 1})
    person = session.patient(ELEANOR)
    given, seen = person.administrations[-1], person.observations[-1]
    assert (given.medicine, given.at, given.by) == ("paracetamol", AT.replace(minute=14), "RN A")
    assert "afterwards" in given.note and (seen.at, seen.spo2) == (AT.replace(minute=19), 97)
    assert session.state.notes[-1][1].at == datetime(AT.year, AT.month, AT.day, 14, 19)
    assert "Take that back" in refused(session, "enter_row", row="dose", time="14:14", late=1)
    for row in ("dose", "set"):
        session.apply("take_row_back", {"row": row})
    assert session.patient(ELEANOR) == before
    assert all(owner == SILVA for owner, _ in session.state.notes)


def test_a_row_on_the_wrong_patient_lands_in_the_wrong_record(session):
    session.apply("start_downtime", {})
    write(session, "dose", "nothing")
    write(session, "set", "observed", "14:19", patient=SILVA, second="604 133")
    write(session, "coffee", "nothing")
    session.apply("end_downtime", {})
    session.apply("enter_row", {"row": "set", "time": "14:19", "late": 1})
    assert session.patient(SILVA).observations[-1].at == AT.replace(minute=19)
    assert session.patient(ELEANOR) == session.hospital.patients[ELEANOR]


def test_what_a_colleague_entered_is_there_when_the_emr_is_back_and_the_rest_is_not(session):
    assert "when it stops" in refused(session, "cross_off", row="hers", why="already")
    back(session)
    assert rows(session) == ["dose", "set", "hers", "left"]
    last = session.patient(SILVA).administrations[-1]
    assert (last.medicine, last.by, last.at) == ("morphine", "RN B", AT.replace(minute=17))
    assert [note.text for owner, note in session.state.notes] == ["Given: Morphine 10 mg"]


@pytest.mark.parametrize(
    ("words", "read"), [("14:05", "14:05"), ("9.30", "09:30"), (" 14:5", ""), ("24:00", ""), ("now", "")]
)
def test_times_as_people_write_them(words, read):
    assert read_time(words) == read
