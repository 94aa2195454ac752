"""Every exercise's model answer pressed through on the real widgets, with all patients of the hospital on the list.

What is timed is one press or one field: the action, the log on the disk, and the new state put on every widget.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grading import course as course_file
from grading import exercise as exercise_file
from simemr.domain import load
from simemr.domain.attempt import Attempt
from simemr.domain.session import Session
from simemr.view.shell import Shell
from tests.bench.row import Row
from tests.hands import play
from tests.simemr.view.window import Window


class Timed(Window):
    """A window that keeps how long each press and each field took."""

    def __init__(self, scenario, folder: Path):
        self.folder = folder
        self.shell = Shell(Attempt.open(scenario, folder))
        self.taken: list[float] = []

    def press(self, words: str, within: str = "") -> None:
        button = self.button(words, within)
        self._time(lambda: button._handle_custom_msg({"event": "click"}, []))

    def fill(self, label: str, value: object, within: str = "") -> None:
        self._time(lambda: super(Timed, self).fill(label, value, within), less=lambda: self.field(label, within))

    def _time(self, act, less=lambda: None) -> None:
        start = time.perf_counter()
        less()  # finding the field is the test's work, and is done once more inside
        found = time.perf_counter()
        act()
        self.taken.append(max(0.0, time.perf_counter() - found - (found - start)))


def rows() -> Iterator[Row]:
    course = course_file.load(check_folders=False)
    everyone = load.hospital(exercise_file.load(course, course.exercises[0]).scenario.clock).patients
    for slug in course.exercises:
        made = exercise_file.load(course, slug)
        if made.scenario.view != "emr":
            continue
        others = [patient for patient in everyone if patient not in made.scenario.patients]
        scenario = replace(made.scenario, patients=(*made.scenario.patients, *others))
        hospital = load.hospital(scenario.clock, scenario.patients)
        with tempfile.TemporaryDirectory() as folder:
            window = Timed(scenario, Path(folder))
            play(window, Session(scenario, hospital), made.model[:-1])
        slow = 1000 * statistics.quantiles(window.taken, n=20)[-1]
        yield Row(f"{slug}: a click with {len(scenario.patients)} patients, 95th percentile", "ms", slow, goal=50)
