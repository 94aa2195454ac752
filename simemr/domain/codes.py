"""The diagnosis codes that the problem list offers: a small part of ICD-10-CM, with the side that each code says."""

import functools
from dataclasses import dataclass
from pathlib import Path

from simemr.domain.load import DATA, TomlFile, build

SIDES = ("", "left", "right", "both", "unspecified")


@dataclass(frozen=True, slots=True)
class Code:
    """``text`` is in the course's own words; ``side`` is "unspecified" where the code leaves open a side there is."""

    code: str
    text: str
    side: str = ""


def load(path: Path = DATA / "icd10cm.toml") -> dict[str, Code]:
    """Load the codes: ICD-10-CM code -> Code, in the order of the file. Raises DataError naming file and line."""
    file = TomlFile.read(path)
    found: dict[str, Code] = {}
    for index, row in enumerate(file.data.get("code", [])):
        made = build(Code, row, file, "code", index)
        if made.code in found:
            raise file.error(f"the code {made.code} is there twice", made.code, "code", index)
        if made.side not in SIDES:
            raise file.error(f"there is no side '{made.side}'", made.side, "code", index)
        found[made.code] = made
    return found


@functools.cache
def offered() -> dict[str, Code]:
    """Return the codes that this hospital offers."""
    return load()
