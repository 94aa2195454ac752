"""Puts the scenarios into the learner's wheel, and keeps out of it what clinicians say when they review a patient.

A scenario lies beside its rubric in the repository. A patient's file ends with ``[review]``, which names what is
planted in the case and so is a key.
"""

import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScenarioHook(BuildHookInterface):
    """Adds ``../exercises/<slug>/scenario.toml`` as ``simemr/scenarios/<slug>.toml``, and the patients as cut."""

    def initialize(self, version, build_data):
        """Name the files to include; the rubric and the answers beside the scenarios stay where they are."""
        include = build_data["force_include"]
        for scenario in sorted(Path(self.root).parent.glob("exercises/*/scenario.toml")):
            include[str(scenario)] = f"scenarios/{scenario.parent.name}.toml"
        self.cut = tempfile.TemporaryDirectory()
        for file in sorted(Path(self.root).glob("data/patients/*.toml")):
            cut = Path(self.cut.name) / file.name
            cut.write_text(without_review(file.read_text(encoding="utf-8")), encoding="utf-8")
            include[str(cut)] = f"data/patients/{file.name}"

    def finalize(self, version, build_data, artifact_path):
        """Throw the cut files away."""
        self.cut.cleanup()


def without_review(text):
    """Return a patient's file up to its last table, ``[review]``. Raises ValueError where there is none."""
    record, review, _ = text.partition("\n[review]\n")
    if not review:
        raise ValueError("a patient's file must end with [review]")
    return record
