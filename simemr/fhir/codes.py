"""Code systems, units in UCUM, and how the words of a record become the codes that FHIR requires.

LOINC codes of vital signs are those of FHIR R4's vital-signs profiles; laboratory codes stand in the catalogue
(tests.toml) where they were verified. Whatever has no verified code carries the hospital's own and its text.
"""

from types import MappingProxyType

from simemr.domain import units

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
#: the simulated hospital's own
HERE = "http://example.org/fhir"

STATUS_OF_DOSE = MappingProxyType({"given": "completed", "held": "not-done", "refused": "not-done"})
INTERPRETATION = MappingProxyType(
    {
        "": ("N", "Normal"),
        "low": ("L", "Low"),
        "high": ("H", "High"),
        "critical low": ("LL", "Critical low"),
        "critical high": ("HH", "Critical high"),
    }
)
# what a laboratory prints that UCUM writes otherwise; a ratio and a filtration rate carry their annotation
_LABORATORY = {"mL/min/1.73 m2": "mL/min/{1.73_m2}", "mU/L": "m[iU]/L", "ratio": "{ratio}", "pH": "[pH]"}
_DOSE = {"microgram": "ug", "nanogram": "ng", "unit": "[iU]"}
_SYMBOLS = ("g", "mg", "mL", "L", "mmol")


def laboratory_unit(unit: str) -> str:
    """Return the UCUM code of a unit of the laboratory catalogue."""
    return _LABORATORY.get(unit, unit)


def dose_unit(unit: str) -> str:
    """Return the UCUM code of a dose unit; a counted thing (a tablet, a puff) is an annotation."""
    if unit in _SYMBOLS:
        return unit
    return _DOSE.get(unit) or "{" + unit + "}"


def coding(system: str, code: str, display: str = "") -> dict:
    """Return a Coding."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(text: str, *codings: dict) -> dict:
    """Return a CodeableConcept."""
    return ({"coding": list(codings)} if codings else {}) | {"text": text}


def coded(system: str, code: str, display: str) -> dict:
    """Return a CodeableConcept with one code of HL7's own terminology."""
    return {"coding": [coding(f"{TERMINOLOGY}/{system}", code, display)]}


def quantity(value: float, unit: str, ucum: str) -> dict:
    """Return a Quantity; a whole number has no decimal point."""
    whole = int(value) if value == int(value) else value
    return {"value": whole, "unit": unit, "system": UCUM, "code": ucum}


def dose_quantity(dose: float, unit: str) -> dict:
    """Return a dose as a Quantity, its unit in words beside the UCUM code."""
    return quantity(dose, units.unit_text(unit, dose), dose_unit(unit))
