"""An attempt on disk: resumed as it was left, saved for real, never silent when it could not be."""

import contextlib
import errno
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simemr.domain import log, scenario
from simemr.domain.attempt import Attempt, hospital_for, replay
from simemr.domain.log import LogError
from simemr.domain.session import ActionRefused

TOUR = scenario.load("orientation")
HOSPITAL = hospital_for(TOUR)
PATIENTS = (*TOUR.patients, "nobody")

actions = st.one_of(
    st.tuples(st.just("open_patient"), st.fixed_dictionaries({"patient": st.sampled_from(PATIENTS)})),
    st.tuples(st.just("open_tab"), st.fixed_dictionaries({"tab": st.sampled_from([*TOUR.tabs, "nothing"])})),
    st.tuples(
        st.just("confirm_identity"),
        st.fixed_dictionaries(
            {
                "patient": st.sampled_from(PATIENTS),
                "identifiers": st.lists(st.sampled_from(["name", "born", "bed"]), max_size=3),
            }
        ),
    ),
    st.tuples(
        st.just("write_note"),
        st.fixed_dictionaries({"patient": st.sampled_from(PATIENTS), "text": st.text(max_size=20)}),
    ),
    st.tuples(st.just("answer"), st.fixed_dictionaries({"question": st.text(max_size=3), "value": st.integers()})),
    st.tuples(st.sampled_from(["fly", "sign_order", "cancel_draft"]), st.just({})),
)


@pytest.fixture
def attempt(tmp_path):
    opened = Attempt.open(TOUR, tmp_path / "answers", hospital=HOSPITAL, seed=3)
    yield opened
    opened.close()


def reopened(folder, **options):
    return Attempt.open(TOUR, folder, hospital=HOSPITAL, **options)


def do_all(attempt, done):
    for action, args in done:
        with contextlib.suppress(ActionRefused):
            attempt.do(action, **args)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(actions, max_size=12))
def test_replaying_the_log_gives_the_same_state_every_time(tmp_path_factory, done):
    attempt = Attempt.open(TOUR, tmp_path_factory.mktemp("a"), hospital=HOSPITAL)
    try:
        do_all(attempt, done)
        text = attempt.path.read_text(encoding="utf-8")
    finally:
        attempt.close()
    first, _ = replay(text, TOUR, HOSPITAL)
    second, _ = replay(text, TOUR, hospital_for(TOUR))
    assert first.state == attempt.session.state
    assert second.state == first.state


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(actions, max_size=6), actions)
def test_a_refused_action_changes_nothing(tmp_path_factory, done, last):
    attempt = Attempt.open(TOUR, tmp_path_factory.mktemp("a"), hospital=HOSPITAL)
    try:
        do_all(attempt, done)
        before, state = attempt.log_text(), repr(attempt.session.state)
        try:
            attempt.do(last[0], **last[1])
        except ActionRefused as refusal:
            assert str(refusal).endswith(".")
            assert attempt.log_text() == before
            assert repr(attempt.session.state) == state
    finally:
        attempt.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_goes_on_from_the_last_whole_line(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("a")
    attempt = reopened(folder, seed=3, clock=lambda: datetime(2026, 3, 12, 14, tzinfo=UTC))
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.do("open_tab", tab="results")
    attempt.close()
    whole = attempt.path.read_bytes()
    attempt.path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    again = reopened(folder)
    try:
        kept = [event.action for event in again.session.state.events]
        assert kept == ["open_patient", "open_tab"][: len(kept)]
        again.do("open_patient", patient="silva-joao")
        assert not again.save_error
        read = log.read(again.path.read_text(encoding="utf-8"))
        assert [line.action for line in read.lines] == [*kept, "open_patient"]
    finally:
        again.close()


def test_it_goes_on_where_it_was_left(attempt):
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.close()
    again = reopened(attempt.folder)
    try:
        assert again.session.state == attempt.session.state
        assert again.header == attempt.header
        again.do("open_tab", tab="results")
        assert len(log.read(again.path.read_text()).lines) == 2
    finally:
        again.close()


def test_a_torn_last_line_is_dropped_and_said_so(attempt):
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.close()
    with open(attempt.path, "a") as file:
        file.write('{"seq":2,"action":"open_')
    again = reopened(attempt.folder)
    again.close()
    assert again.recovered
    assert not attempt.recovered
    assert "open_\n" not in again.path.read_text()


def test_a_damaged_log_is_refused_and_kept(attempt):
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.close()
    damaged = attempt.path.read_text().replace("marsh-eleanor", "marsh-elaine")
    attempt.path.write_text(damaged)
    with pytest.raises(LogError, match="line 2: this line, or one before it, was changed"):
        reopened(attempt.folder)
    assert attempt.path.read_text() == damaged
    fresh = reopened(attempt.folder, set_aside=True)
    fresh.close()
    assert attempt.path.with_name("orientation.damaged.jsonl").read_text() == damaged
    assert not fresh.session.state.events


def test_the_log_of_another_exercise_is_refused(tmp_path):
    _, line = log.header_line("data-quality", "0.1.0", 1, 1)
    (tmp_path / "orientation.jsonl").write_text(line)
    with pytest.raises(LogError, match="line 1: this is the log of 'data-quality'"):
        reopened(tmp_path)
    assert (tmp_path / "orientation.jsonl").read_text() == line


def test_an_action_that_could_not_have_been_done_is_refused_on_replay():
    header, text = log.header_line("orientation", "0.1.0", 1, 1)
    _, line = log.event_line(header.digest, 1, "", "open_tab", {"tab": "results"})
    with pytest.raises(LogError, match="line 2: the action 'open_tab' could not have been done: Open a patient first"):
        replay(text + line, TOUR, HOSPITAL)


def test_after_handing_in_the_next_attempt_starts_clean_and_the_old_one_is_kept(attempt):
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.do("hand_in")
    with pytest.raises(ActionRefused, match="handed in"):
        attempt.do("open_tab", tab="results")
    old = attempt.log_text()
    fresh = attempt.again()
    assert fresh.header.attempt == 2
    assert not fresh.session.state.events
    assert attempt.path.with_name("orientation.attempt-1.jsonl").read_text() == old
    fresh.close()
    assert reopened(attempt.folder).header.attempt == 2
    Attempt._opened.clear()


@pytest.fixture
def full_disk(monkeypatch):
    """The kernel's own answer to a write when nothing fits any more, switched on and off."""
    real, full = os.fsync, {"now": False}

    def fsync(descriptor):
        if full["now"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return full


def test_a_full_disk_is_said_loudly_and_nothing_is_lost(attempt, full_disk):
    attempt.do("open_patient", patient="marsh-eleanor")
    full_disk["now"] = True
    attempt.do("open_tab", tab="results")
    assert attempt.save_error == "Not saved: No space left on device."
    assert attempt.session.state.tab == "results"
    assert not attempt.save()
    full_disk["now"] = False
    assert attempt.save()
    assert not attempt.save_error
    read = log.read(attempt.path.read_text())
    assert [line.action for line in read.lines] == ["open_patient", "open_tab"]


def test_the_system_itself_refusing_the_write_is_said_and_the_next_write_brings_all(tmp_path):
    attempt = reopened(tmp_path)
    attempt.do("open_patient", patient="marsh-eleanor")
    size = attempt.path.stat().st_size
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, most))
    try:
        attempt.do("open_tab", tab="results")
        assert attempt.save_error == "Not saved: File too large."
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    attempt.do("open_tab", tab="notes")
    attempt.close()
    assert not attempt.save_error
    again = reopened(tmp_path)
    again.close()
    assert [event.args.get("tab") for event in again.session.state.events] == [None, "results", "notes"]


def test_a_second_process_is_told_that_the_exercise_is_open(attempt):
    code = (
        "import sys; from simemr.domain import scenario; from simemr.domain.attempt import Attempt, InUse\n"
        "try: Attempt.open(scenario.load('orientation'), sys.argv[1])\n"
        "except InUse as error: print(error)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(attempt.folder)], capture_output=True, text=True, check=True)
    assert "already open in another window" in told.stdout
    assert reopened(attempt.folder) is attempt


def test_a_killed_kernel_loses_nothing(tmp_path):
    code = (
        "import os, signal, sys; from simemr.domain import scenario; from simemr.domain.attempt import Attempt\n"
        "a = Attempt.open(scenario.load('orientation'), sys.argv[1])\n"
        "a.do('open_patient', patient='marsh-eleanor'); a.do('open_tab', tab='notes')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -9
    again = reopened(tmp_path)
    again.close()
    assert again.session.state.tab == "notes"
