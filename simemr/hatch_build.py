"""Puts each exercise's scenario, which lies beside its rubric in the repository, into the learner's wheel."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScenarioHook(BuildHookInterface):
    """Adds ``../exercises/<slug>/scenario.toml`` as ``simemr/scenarios/<slug>.toml``, and nothing else."""

    def initialize(self, version, build_data):
        """Name the scenarios to include; the rubric and the answers beside them stay where they are."""
        for scenario in sorted(Path(self.root).parent.glob("exercises/*/scenario.toml")):
            build_data["force_include"][str(scenario)] = f"scenarios/{scenario.parent.name}.toml"
