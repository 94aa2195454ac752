"""The simulated hospital's records as FHIR files: what ``course fhir`` writes."""

import json
from datetime import datetime
from pathlib import Path

from grading.course import CourseError
from simemr.domain import load
from simemr.fhir import bundle

# LOINC's licence asks for its notice wherever its codes go
NOTICE = """\
The people in these files are synthetic; any likeness to a real person is chance.

This material contains content from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and the
LOINC Committee and is available at no cost under the license at http://loinc.org/license. LOINC is a registered United
States trademark of Regenstrief Institute, Inc.
"""


def bundles(at: datetime, patient: str | None = None) -> dict[str, str]:
    """Return patient id -> bundle as JSON: of one patient or of all, as their record is at the moment ``at``.

    Raises CourseError for a patient who is not in the hospital.
    """
    known = sorted(file.stem for file in (load.DATA / "patients").glob("*.toml"))
    if patient is not None and patient not in known:
        raise CourseError(f"There is no patient {patient!r}. The patients: {', '.join(known)}.")
    hospital = load.hospital(at, (patient,) if patient else None)
    return {
        name: json.dumps(bundle(person, hospital), indent=2, ensure_ascii=False)
        for name, person in hospital.patients.items()
    }


def write(made: dict[str, str], folder: Path) -> list[Path]:
    """Write each bundle as ``<patient>.json`` with the notice beside them; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.json": text for name, text in made.items()} | {"NOTICE.txt": NOTICE}
    for name, text in texts.items():
        (folder / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return [folder / name for name in texts]
