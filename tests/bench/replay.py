"""Replaying a long log: state is replay, so reopening, grading and review all wait for this."""

from __future__ import annotations

import time
from collections.abc import Iterator

from grading.answers import log_text
from grading.exercise import load
from simemr.domain.attempt import replay
from tests.bench.grading_rate import ROOT, SLUG
from tests.bench.row import Row

EVENTS = 10_000


def rows() -> Iterator[Row]:
    from grading import course as course_file

    made = load(course_file.load(ROOT, check_folders=False), SLUG)
    tabs, patient = made.scenario.tabs, made.scenario.patients[0]
    actions = [("open_patient", {"patient": patient})]
    actions += [("open_tab", {"tab": tabs[number % len(tabs)]}) for number in range(EVENTS - 1)]
    log = log_text(made.scenario, made.hospital, actions, course_version=made.course_version)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        session, _ = replay(log, made.scenario, made.hospital)
        taken.append(time.perf_counter() - start)
    assert len(session.state.events) == EVENTS
    yield Row(f"replaying {EVENTS:,} events (best of 3)", "s", min(taken), goal=1)
