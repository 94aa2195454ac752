"""Makes the stock `nbgrader zip_collect` take hand-ins through the course's own gate.

nbgrader's extractor unpacks whatever it is given. This one, put in its place by the settings in
grading.wiring, unpacks nothing: it takes each hand-in in the archive folder through grading.collect, and lays
out the learner's best attempt for nbgrader's own collector to pick up by its name.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from nbgrader.plugins import ExtractorPlugin
from traitlets import Unicode

from grading import collect
from grading import course as course_file

#: Reads learner and file from `.../<learner>__<exercise>/<file>`, as nbgrader's FileNameCollectorPlugin wants
#: it.
NAMED = rf".*/(?P<student_id>[^/]+)__{course_file.SLUG.pattern}/(?P<file_id>.+)$"


class GateExtractor(ExtractorPlugin):
    """Takes hand-ins through the gate instead of unpacking them."""

    course_folder = Unicode(help="The folder that holds course.toml").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        build = Path(self.parent.coursedir.root)
        course = course_file.load(Path(self.course_folder), check_folders=False, build=build)
        exercise = Path(archive_path).parent.name
        for row in collect.collect(course, Path(archive_path), exercise=exercise):
            if row.status == "refused":
                self.log.warning("%s: %s", row.name, row.reason)
                continue
            placed = course.build / "submitted" / row.learner / row.exercise
            there = Path(extracted_path) / f"{row.learner}__{row.exercise}"
            if placed.is_dir() and not there.exists():
                shutil.copytree(placed, there)
