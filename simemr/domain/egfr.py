"""Estimated glomerular filtration rate (eGFR) from creatinine: CKD-EPI 2021, which has no race term.

Source: Inker LA et al. New creatinine- and cystatin C-based equations to estimate GFR without race. N Engl J
Med 2021;385:1737-49, as printed by the National Kidney Foundation (kidney.org). Categories G1 to G5: KDIGO.

For adults with a steady creatinine. In acute kidney injury the creatinine lags behind, and the true rate is
lower than the estimate says.
"""

from simemr.domain import units

_KAPPA = {"female": 0.7, "male": 0.9}
_ALPHA = {"female": -0.241, "male": -0.302}
_SEX = {"female": 1.012, "male": 1.0}


def ckd_epi_2021(creatinine_umol_l: float, age: float, sex: str) -> float:
    """Return the eGFR in mL/min/1.73 m2, not rounded.

    ``creatinine_umol_l`` is the serum creatinine in micromol/L, ``age`` is in years, ``sex`` is "female" or
    "male". Raises ValueError for a creatinine under 1, an age under 18 (the equation is for
    adults) or another sex (the equation has no third value).
    """
    if sex not in _KAPPA:
        raise ValueError(f'CKD-EPI 2021 knows "female" and "male", not {sex!r}')
    # no laboratory reports less than 1: a smaller number is a slip, and a tiny one would divide by 0 below
    if not 1 <= creatinine_umol_l < float("inf"):
        raise ValueError(f"a creatinine of {creatinine_umol_l} micromol/L can't be true")
    if not 18 <= age <= 130:
        raise ValueError(f"CKD-EPI 2021 is for adults, not for an age of {age}")
    ratio = units.creatinine_to_mg_dl(creatinine_umol_l) / _KAPPA[sex]
    return 142 * min(ratio, 1.0) ** _ALPHA[sex] * max(ratio, 1.0) ** -1.200 * 0.9938**age * _SEX[sex]


def category(egfr: float) -> str:
    """Return the KDIGO category of an eGFR in mL/min/1.73 m2: "G1", "G2", "G3a", "G3b", "G4" or "G5".

    G1 and G2 alone are not kidney disease: that needs another sign of damage, for three months.
    """
    for least, name in ((90, "G1"), (60, "G2"), (45, "G3a"), (30, "G3b"), (15, "G4")):
        if egfr >= least:
            return name
    return "G5"
