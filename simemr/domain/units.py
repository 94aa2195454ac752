"""Conversions between the units a ward meets: medicine doses, creatinine, glucose and HbA1c.

Pure arithmetic; nothing is rounded here, so that a value survives the way there and back. Rounding belongs to
whoever shows the number.

Dose units are written in full and in the singular ("microgram", never "mcg" or "ug"), because the short forms
are misread as milligrams: British National Formulary, "Prescription writing".
"""

import math

# one of each, in milligrams
_MASS_MG = {"g": 1000.0, "mg": 1.0, "microgram": 0.001, "nanogram": 0.000001}
_VOLUME_ML = {"L": 1000.0, "mL": 1.0}
_COUNTED = ("unit", "mmol", "tablet", "capsule", "puff", "drop", "sachet", "patch", "spray", "suppository")

#: Every unit a dose may be ordered in.
DOSE_UNITS = frozenset((*_MASS_MG, *_VOLUME_ML, *_COUNTED))

_FAMILY = {unit: name for name, sizes in (("mass", _MASS_MG), ("volume", _VOLUME_ML)) for unit in sizes}
_SIZE = {**_MASS_MG, **_VOLUME_ML}
_PLURAL = {"suppository": "suppositories", "patch": "patches"}
# these are symbols, not words, and take no plural
_SYMBOLS = frozenset(("g", "mg", "mL", "L", "mmol"))

#: 1 mg/dL of creatinine in micromol/L (kidney.org; molar mass 113.12 g/mol).
CREATININE_UMOL_L_PER_MG_DL = 88.4
#: 1 mmol/L of glucose in mg/dL. The molar mass (180.16 g/mol) gives 18.016; wards and meters use 18.
GLUCOSE_MG_DL_PER_MMOL_L = 18.0
# the NGSP's master equation, NGSP % = 0.09148 x IFCC mmol/mol + 2.152 (ngsp.org/ifcc.asp)
_HBA1C_SLOPE = 0.09148
_HBA1C_INTERCEPT = 2.152


class UnitError(ValueError):
    """Two units that can't be turned into one another, or an unknown unit."""


def same_kind(unit: str, other: str) -> bool:
    """Return whether a dose in ``unit`` can be written in ``other``: two masses, two volumes or one unit."""
    if unit not in DOSE_UNITS or other not in DOSE_UNITS:
        return False
    return unit == other or (unit in _FAMILY and _FAMILY[unit] == _FAMILY.get(other))


def convert(value: float, unit: str, to: str) -> float:
    """Return ``value`` (in ``unit``) in the unit ``to``: 0.5 g is 500 mg.

    Raises UnitError for an unknown unit, or for two that measure different things (tablets and milligrams).
    """
    for name in (unit, to):
        if name not in DOSE_UNITS:
            raise UnitError(f"'{name}' is not a dose unit; use one of {', '.join(sorted(DOSE_UNITS))}")
    if unit == to:
        return value
    if not same_kind(unit, to):
        raise UnitError(f"{unit} can't be turned into {to}")
    # dividing by a whole number is exact where multiplying by 0.001 is not
    ratio = _SIZE[unit] / _SIZE[to]
    return value * ratio if ratio >= 1 else value / (_SIZE[to] / _SIZE[unit])


def number_text(value: float) -> str:
    """Return "1", "0.5" or "1,250": three decimals at most, no trailing zero ("1.0" is misread as 10)."""
    if not math.isfinite(value):
        return str(value)
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    if text in ("0", "-0") and value != 0:
        return f"{value:.3g}"
    return "0" if text == "-0" else text


def unit_text(unit: str, value: float = 2) -> str:
    """Return the unit as it is read after ``value``: "mg", "1 tablet", "2 tablets", "500 micrograms"."""
    if unit in _SYMBOLS or value == 1 or not unit:
        return unit
    return _PLURAL.get(unit, unit + "s")


def dose_text(value: float, unit: str) -> str:
    """Return "1 g", "500 micrograms" or "2 tablets"."""
    return f"{number_text(value)} {unit_text(unit, value)}".rstrip()


def tidy_dose_text(value: float, unit: str) -> str:
    """Return a sum of doses in the unit a ward would say: 4,000 mg is "4 g", 0.1 mg is "100 micrograms".

    From 1 g up in grams, under 1 mg in micrograms, and in milligrams between (British National Formulary,
    "Prescription writing"). Other units stay as they are.
    """
    if unit not in _MASS_MG:
        return dose_text(value, unit)
    mg = value * _MASS_MG[unit]
    to = "g" if mg >= 1000 else "mg" if mg >= 1 else "microgram"
    return dose_text(convert(value, unit, to), to)


def result_unit_text(unit: str) -> str:
    """Return a laboratory unit as it is read: "µmol/L" for "umol/L", "× 10⁹/L" for "10*9/L", "" for none."""
    if unit in ("ratio", "pH"):
        return ""
    for written, read in (
        ("10*9", "× 10⁹"),
        ("10*12", "× 10¹²"),
        ("umol", "µmol"),
        ("ug", "µg"),
        ("m2", "m²"),
    ):
        unit = unit.replace(written, read)
    return unit


def creatinine_to_mg_dl(umol_l: float) -> float:
    """Return creatinine in mg/dL from micromol/L."""
    return umol_l / CREATININE_UMOL_L_PER_MG_DL


def creatinine_to_umol_l(mg_dl: float) -> float:
    """Return creatinine in micromol/L from mg/dL."""
    return mg_dl * CREATININE_UMOL_L_PER_MG_DL


def glucose_to_mg_dl(mmol_l: float) -> float:
    """Return glucose in mg/dL from mmol/L."""
    return mmol_l * GLUCOSE_MG_DL_PER_MMOL_L


def glucose_to_mmol_l(mg_dl: float) -> float:
    """Return glucose in mmol/L from mg/dL."""
    return mg_dl / GLUCOSE_MG_DL_PER_MMOL_L


def hba1c_to_percent(mmol_mol: float) -> float:
    """Return HbA1c in % (NGSP, as in the DCCT) from mmol/mol (IFCC)."""
    return mmol_mol * _HBA1C_SLOPE + _HBA1C_INTERCEPT


def hba1c_to_mmol_mol(percent: float) -> float:
    """Return HbA1c in mmol/mol (IFCC) from % (NGSP). Raises ValueError where it would be negative."""
    if percent < _HBA1C_INTERCEPT:
        raise ValueError(f"an HbA1c of {number_text(percent)} % is below what the scale can show")
    return (percent - _HBA1C_INTERCEPT) / _HBA1C_SLOPE
