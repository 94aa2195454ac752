"""Medication reconciliation: what is refused, and that nothing is left undecided."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.actions.reconciliation import (
    MedicineSource,
    Reconciliation,
    SourceLine,
    history_of,
    list_of,
    medicines_to_compare,
)
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused, Session

CLOCK = datetime(2026, 3, 12, 14)
WHO = "mahmood-tariq"
MG = {"dose": 5, "unit": "mg", "route": "oral"}
AT_HOME = {"patient": WHO, "medicine": "bisoprolol", **MG, "frequency": "once-daily", "taking": "taken"}


@pytest.fixture
def session():
    sources = (MedicineSource("surgery", WHO, "The surgery's list"), MedicineSource("patient", WHO, "Himself"))
    scenario = Scenario(
        "reconciling", "Reconciling", CLOCK, patients=(WHO,), tabs=("reconciliation",),
        content={MedicineSource: sources, SourceLine: ()},
    )  # fmt: skip
    made = Session(scenario, load.hospital(CLOCK, (WHO,)))
    made.apply("open_patient", {"patient": WHO})
    return made


def signed(session):
    session.apply("record_history", {**AT_HOME, "sources": ["surgery", "patient"]})
    session.apply("sign_history", {"patient": WHO})
    return session


def refused(session, action, args):
    with pytest.raises(ActionRefused) as found:
        session.apply(action, args)
    return str(found.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"medicine": "unicorn"}, "Choose the medicine"),
        ({"dose": 0}, "above 0"),
        ({"unit": "puff"}, "unit"),
        ({"route": "by-owl"}, "route"),
        ({"frequency": "sometimes"}, "how often"),
        ({"taking": "perhaps"}, "takes it"),
        ({"sources": []}, "at least one source"),
        ({"sources": ["neighbour"]}, "at least one source"),
    ],
)
def test_half_a_line_of_the_history_is_refused(session, change, words):
    assert words in refused(session, "record_history", {**AT_HOME, "sources": ["surgery"], **change})
    assert history_of(session, WHO) == {}


def test_a_history_from_one_source_cannot_be_signed(session):
    assert "empty" in refused(session, "sign_history", {"patient": WHO})
    session.apply("record_history", {**AT_HOME, "sources": ["surgery"]})
    assert "one source" in refused(session, "sign_history", {"patient": WHO})
    session.apply("record_history", {**AT_HOME, "sources": ["surgery", "patient"]})
    session.apply("sign_history", {"patient": WHO})
    assert WHO in session.state.part(Reconciliation).histories_signed


def test_nothing_is_compared_or_sent_home_before_the_history_is_signed(session):
    judged = {"patient": WHO, "medicine": "apixaban", "kind": "none", "resolution": "continue"}
    assert "Sign the history first" in refused(session, "judge_discrepancy", judged)
    home = {"patient": WHO, "medicine": "apixaban", "decision": "ended"}
    assert "Sign the history first" in refused(session, "list_for_discharge", home)
    assert "Sign the history first" in refused(session, "sign_discharge_list", {"patient": WHO})


def test_a_changed_history_has_to_be_signed_again(session):
    signed(session).apply("remove_history", {"patient": WHO, "medicine": "bisoprolol"})
    assert "Sign the history first" in refused(session, "sign_comparison", {"patient": WHO})


def test_the_comparison_holds_home_and_ward_and_is_signed_when_all_are_judged(session):
    signed(session)
    found = medicines_to_compare(session, WHO)
    assert found[0] == "bisoprolol" and {"apixaban", "amlodipine", "atorvastatin", "paracetamol"} < set(found)
    for medicine in found[:-1]:
        judged = {"patient": WHO, "medicine": medicine, "kind": "none", "resolution": "continue"}
        session.apply("judge_discrepancy", judged)
    assert refused(session, "sign_comparison", {"patient": WHO}) == "Still to judge: Paracetamol."
    last = {"patient": WHO, "medicine": found[-1], "kind": "commission", "resolution": "ask"}
    assert "why" in refused(session, "judge_discrepancy", last)
    session.apply("judge_discrepancy", {**last, "note": "Still needed?"})
    session.apply("sign_comparison", {"patient": WHO})


@pytest.mark.parametrize(
    ("medicine", "args", "words"),
    [
        ("apixaban", {"decision": "unchanged"}, "it is new"),
        ("apixaban", {"decision": "new", "reason": "Atrial fibrillation."}, "dose"),
        ("bisoprolol", {"decision": "stopped"}, "why"),
        ("bisoprolol", {"decision": "gone"}, "becomes"),
        ("ramipril", {"decision": "ended"}, "neither"),
    ],
)
def test_half_a_line_of_the_list_is_refused(session, medicine, args, words):
    assert words in refused(signed(session), "list_for_discharge", {"patient": WHO, "medicine": medicine, **args})


def test_what_is_not_taken_cannot_go_on_as_at_home(session):
    session.apply("record_history", {**AT_HOME, "taking": "not-taken", "sources": ["surgery", "patient"]})
    session.apply("sign_history", {"patient": WHO})
    home = {"patient": WHO, "medicine": "bisoprolol", "decision": "unchanged"}
    assert "not taken at home" in refused(session, "list_for_discharge", home)


def test_unchanged_means_the_dose_of_the_history_and_stopped_means_none(session):
    signed(session).apply("list_for_discharge", {"patient": WHO, "medicine": "bisoprolol", "decision": "unchanged"})
    line = list_of(session, WHO)["bisoprolol"]
    assert (line.dose, line.frequency, line.goes_home) == (5, "once-daily", True)
    stop = {"patient": WHO, "medicine": "bisoprolol", "decision": "stopped", "reason": "Slow pulse.", "dose": 5.0}
    session.apply("list_for_discharge", stop)
    assert list_of(session, WHO)["bisoprolol"].dose == 0


def test_the_list_is_not_signed_while_a_medicine_is_left_out(session):
    signed(session).apply("list_for_discharge", {"patient": WHO, "medicine": "bisoprolol", "decision": "unchanged"})
    assert "what becomes of Apixaban and" in refused(session, "sign_discharge_list", {"patient": WHO})
