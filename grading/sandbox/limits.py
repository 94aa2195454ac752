"""What a run of a learner's code may use. The defaults hold unless course.toml has a [sandbox] table."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one hand-in's code may use, all its cells and all its processes together.

    `wall` and `cpu` are seconds, `memory`, `written` and `output` bytes; `files` counts what it may create.
    """

    wall: int = 30
    cpu: int = 20
    memory: int = 1024 * MIB
    processes: int = 64
    written: int = 64 * MIB
    output: int = 1 * MIB
    files: int = 4096

    def words(self) -> dict[str, int]:
        """The limits by name."""
        return asdict(self)


#: The settings in course.toml's [sandbox], each with the field that it sets, its unit and the most that it can be.
SETTINGS = {
    "seconds": ("wall", 1, 3600),
    "cpu_seconds": ("cpu", 1, 3600),
    "memory_mib": ("memory", MIB, 1024 * 1024),
    "processes": ("processes", 1, 4096),
    "written_mib": ("written", MIB, 1024 * 1024),
    "output_mib": ("output", MIB, 1024),
    "files": ("files", 1, 1_000_000),
}


def from_settings(given: dict[str, int]) -> Limits:
    """The limits of a [sandbox] table. Raises ValueError("key", "sentence") for one that can't be."""
    values = {}
    for key, value in given.items():
        if key not in SETTINGS:
            raise ValueError(key, f"[sandbox] has no setting called '{key}'. It has: {', '.join(SETTINGS)}.")
        field, unit, most = SETTINGS[key]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise ValueError(key, f"'{key}' must be a whole number from 1 to {most}, not {value!r}.")
        values[field] = value * unit
    return Limits(**values)
