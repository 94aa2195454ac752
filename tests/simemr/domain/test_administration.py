"""The medicine round: what the scanner stops, what it can't know, and what stands on the chart afterwards."""

from dataclasses import replace
from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.action import ActionRefused
from simemr.domain.actions.administration import (
    Bedside,
    Dose,
    Label,
    Round,
    administrations,
    mismatches,
    order_of,
    pieces,
    waiting,
)
from simemr.domain.record import MedicineOrder
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 18, 0)
ELAINE, ELEANOR = "marsh-elaine", "marsh-eleanor"


def band(patient, **more):
    return Label(f"band-{patient}", "wristband", f"W {patient}", patient, patient=patient, **more)


def pack(id, medicine="enoxaparin", amount=40, unit="mg", piece="syringe", **more):
    return Label(id, "pack", f"P-{id}", f"{medicine} {amount:g} {unit}", "", medicine, amount, unit, piece, **more)


CONTENT = {
    Dose: (Dose("enoxaparin", ELAINE, "enoxaparin", CLOCK), Dose("extra", ELAINE, "extra", CLOCK)),
    MedicineOrder: (MedicineOrder("extra", ELAINE, "metformin", 500, "mg", "nasogastric", "twice-daily"),),
    Label: (
        band(ELAINE),
        band(ELEANOR),
        band("haddad-nadia", torn=True),
        pack("right"),
        pack("half", amount=20),
        pack("large", amount=60),
        pack("old", expires="2026-03-11"),
        pack("today", expires="2026-03-12"),
        pack("other", medicine="aspirin", amount=40, piece="tablet"),
        pack("solution", "metformin", 100, "mg", "mL", routes=("oral", "nasogastric")),
        pack("tablets", "metformin", 500, "mg", "tablet", routes=("oral",)),
    ),
    Bedside: (Bedside(ELAINE, 20, 95, "air", 94, 58, 96, "A", 36.4),),
}


@pytest.fixture(scope="module")
def hospital():
    return load.hospital(CLOCK, (ELAINE, ELEANOR, "haddad-nadia"))


@pytest.fixture
def session(hospital):
    made = Session(Scenario("made", "Made", CLOCK, patients=tuple(hospital.patients), content=CONTENT), hospital)
    made.apply("open_patient", {"patient": ELAINE})
    return made


def scanned(session, *labels, dose="enoxaparin"):
    session.apply("take_up_dose", {"dose": dose})
    for label in labels:
        code = next(la.code for la in CONTENT[Label] if label in (la.id, la.patient))
        session.apply("scan", {"code": code})
    return [m.right for m in mismatches(session)]


@pytest.mark.parametrize(
    ("dose", "labels", "wrong"),
    [
        ("enoxaparin", (ELAINE, "right"), []),
        ("enoxaparin", ("right", ELAINE), []),
        ("enoxaparin", (ELAINE, "half"), []),
        ("enoxaparin", (ELAINE, "today"), []),
        ("enoxaparin", (), ["patient", "medicine"]),
        ("enoxaparin", (ELEANOR, "right"), ["patient"]),
        ("enoxaparin", (ELEANOR, ELAINE, "right"), []),
        ("enoxaparin", (ELAINE, "large"), ["dose"]),
        ("enoxaparin", (ELAINE, "old"), ["expiry"]),
        ("enoxaparin", (ELAINE, "other"), ["medicine"]),
        ("extra", (ELAINE, "solution"), []),
        ("extra", (ELAINE, "tablets"), ["route"]),
    ],
)
def test_what_the_scanner_stops(session, dose, labels, wrong):
    assert scanned(session, *labels, dose=dose) == wrong
    if wrong:
        with pytest.raises(ActionRefused, match="does not match"):
            session.apply("give_dose", {"dose": dose})
        assert dose not in session.state.part(Round).outcomes
    else:
        session.apply("give_dose", {"dose": dose})
        assert session.state.part(Round).outcomes[dose].bypass == ""


def test_a_code_is_read_however_it_is_typed(session):
    session.apply("take_up_dose", {"dose": "enoxaparin"})
    session.apply("scan", {"code": "p right"})
    assert session.state.part(Round).pack == "right"
    with pytest.raises(ActionRefused, match="does not know"):
        session.apply("scan", {"code": "P 9999"})
    with pytest.raises(ActionRefused, match="does not know"):
        session.apply("scan", {"code": " - "})


def test_how_many_pieces_make_a_dose(session):
    order = order_of(session, ELAINE, "enoxaparin")
    counts = {40: 1, 20: 2, 10: 4, 60: None, 5: None, 0: None}
    assert {amount: pieces(pack("p", amount=amount), order) for amount in counts} == counts
    assert pieces(pack("p", amount=15, piece="mL"), order) == 2.667
    assert pieces(pack("p", amount=40, unit="mL"), order) is None
    assert pieces(pack("p", amount=0.5, unit="g", piece="tablet"), replace(order, dose=1000)) == 2


def test_a_bypass_needs_a_reason_and_words_and_is_written_on_the_chart(session):
    scanned(session, ELAINE, "large")
    for args, said in (({"bypass": "because"}, "Choose why"), ({"bypass": "urgent", "note": "  "}, "own words")):
        with pytest.raises(ActionRefused, match=said):
            session.apply("give_dose", {"dose": "enoxaparin", **args})
    session.apply("give_dose", {"dose": "enoxaparin", "bypass": "urgent", "note": "no other left"})
    outcome = session.state.part(Round).outcomes["enoxaparin"]
    assert (outcome.bypass, outcome.pack, outcome.mismatches[0].right) == ("urgent", "large", "dose")
    last = administrations(session, session.patient(ELAINE))[-1]
    assert (last.by, last.status, last.note) == ("You", "given", "Given without a matching scan: no other left")


def test_a_dose_is_chosen_before_it_is_scanned_and_is_not_given_twice(session):
    with pytest.raises(ActionRefused, match="Choose the dose"):
        session.apply("scan", {"code": "P-right"})
    scanned(session, ELAINE, "right")
    session.apply("give_dose", {"dose": "enoxaparin"})
    with pytest.raises(ActionRefused, match="has been given"):
        session.apply("take_up_dose", {"dose": "enoxaparin"})
    assert [d.id for d in waiting(session, ELAINE)] == ["extra"]


def test_the_wristband_holds_for_the_next_dose_of_the_same_patient_and_the_pack_does_not(session):
    scanned(session, ELAINE, "right")
    session.apply("give_dose", {"dose": "enoxaparin"})
    session.apply("take_up_dose", {"dose": "extra"})
    assert [m.right for m in mismatches(session)] == ["medicine"]


def test_a_dose_of_another_patient_can_not_be_taken_up(session):
    session.apply("open_patient", {"patient": ELEANOR})
    with pytest.raises(ActionRefused, match="not the open patient"):
        session.apply("take_up_dose", {"dose": "enoxaparin"})


def test_a_held_dose_may_still_be_given_and_stands_once_on_the_chart(session):
    session.apply("take_up_dose", {"dose": "enoxaparin"})
    with pytest.raises(ActionRefused, match="few words"):
        session.apply("hold_dose", {"dose": "enoxaparin", "reason": "other", "note": " "})
    session.apply("hold_dose", {"dose": "enoxaparin", "reason": "refused", "note": "asleep"})
    assert session.state.part(Round).outcomes["enoxaparin"].status == "refused"
    scanned(session, ELAINE, "right")
    session.apply("give_dose", {"dose": "enoxaparin"})
    mine = [c for c in administrations(session, session.patient(ELAINE)) if c.by == "You"]
    assert [(c.status, c.due) for c in mine] == [("given", CLOCK)]


def test_observations_taken_now_join_the_record_once(session):
    session.apply("measure", {"patient": ELAINE})
    newest = session.patient(ELAINE).observations[-1]
    assert (newest.at, newest.sbp) == (CLOCK, 94)
    with pytest.raises(ActionRefused, match="just now"):
        session.apply("measure", {"patient": ELAINE})


def test_a_torn_wristband_is_read_after_a_new_one_is_printed(hospital):
    dose = Dose("p", "haddad-nadia", "paracetamol", CLOCK)
    session = Session(Scenario("made", "Made", CLOCK, content={**CONTENT, Dose: (dose,)}), hospital)
    session.apply("open_patient", {"patient": "haddad-nadia"})
    session.apply("take_up_dose", {"dose": "p"})
    with pytest.raises(ActionRefused, match="torn"):
        session.apply("scan", {"code": "W haddad-nadia"})
    session.apply("print_wristband", {"patient": "haddad-nadia"})
    session.apply("scan", {"code": "W haddad-nadia"})
    assert session.state.part(Round).wristband == "band-haddad-nadia"


def test_a_wristband_that_can_be_read_is_not_printed_again(session):
    with pytest.raises(ActionRefused, match="can be read"):
        session.apply("print_wristband", {"patient": ELAINE})
