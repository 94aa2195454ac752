"""NEWS2, the National Early Warning Score 2, and the response it calls for.

Source: Royal College of Physicians. National Early Warning Score (NEWS) 2: Standardising the assessment of
acute-illness severity in the NHS. Updated report of a working party. London: RCP, 2017; chart 1 (the score),
chart 2 (thresholds and triggers) and chart 4 (the response). The score is the College's work and is used here
with acknowledgement; its charts are not redrawn. For people aged 16 and over who are not pregnant.

SpO2 scale 2 is only for a patient whose hypercapnic respiratory failure is confirmed and whose prescribed
target is 88 to 92 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# (up to and including this value, points), the last one open; rounding comes first, so no value falls between
_Bands = tuple[tuple[float, int], ...]
_RR: _Bands = ((8, 3), (11, 1), (20, 0), (24, 2), (math.inf, 3))
_SPO2_SCALE_1: _Bands = ((91, 3), (93, 2), (95, 1), (math.inf, 0))
_SPO2_SCALE_2_ON_AIR: _Bands = ((83, 3), (85, 2), (87, 1), (math.inf, 0))
# on oxygen, too much of it is a danger as well
_SPO2_SCALE_2_ON_OXYGEN: _Bands = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (math.inf, 3))
_SBP: _Bands = ((90, 3), (100, 2), (110, 1), (219, 0), (math.inf, 3))
_PULSE: _Bands = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (math.inf, 3))
# in tenths of a degree
_TEMPERATURE: _Bands = ((350, 3), (360, 1), (380, 0), (390, 1), (math.inf, 2))

_CONSCIOUSNESS = {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}

#: The seven parts, in the order of the chart, and how they are called on the ward.
PARTS = MappingProxyType(
    {
        "rr": "respiration rate",
        "spo2": "oxygen saturation",
        "oxygen": "air or oxygen",
        "sbp": "systolic blood pressure",
        "pulse": "pulse",
        "consciousness": "consciousness",
        "temperature": "temperature",
    }
)


@dataclass(frozen=True, slots=True)
class Score:
    """A NEWS2 score.

    ``total`` is 0 to 20; ``parts`` gives the points by part (the keys of PARTS). ``risk`` is the College's
    clinical risk, "low", "low-medium", "medium" or "high", and ``response`` what is to be done, in words.
    """

    total: int
    parts: Mapping[str, int]
    risk: str
    response: str

    @property
    def single_three(self) -> tuple[str, ...]:
        """The parts that score 3 by themselves."""
        return tuple(name for name, points in self.parts.items() if points == 3)


def score(
    rr: float,
    spo2: float,
    on_oxygen: bool,
    sbp: float,
    pulse: float,
    consciousness: str,
    temperature: float,
    scale: int = 1,
) -> Score:
    """Score one set of observations.

    rr in breaths/min, spo2 in %, sbp in mmHg, pulse in beats/min, temperature in degrees Celsius,
    consciousness "A" (alert), "C" (new confusion), "V", "P" or "U", scale 1 or 2 (the SpO2 scale). A
    temperature is rounded to 0.1 and the others to whole numbers first, halves upwards, because the bands are
    written for such readings.

    Raises ValueError, naming the measurement, for one that is missing or can't be true: a part never scores 0
    for want of a measurement.
    """
    if not isinstance(on_oxygen, bool):
        raise ValueError(f"on_oxygen must be true or false, not {on_oxygen!r}")
    if consciousness not in _CONSCIOUSNESS:
        raise ValueError(f"consciousness must be A, C, V, P or U, not {consciousness!r}")
    if scale not in (1, 2) or isinstance(scale, bool):
        raise ValueError(f"the SpO2 scale must be 1 or 2, not {scale!r}")
    scale_2 = _SPO2_SCALE_2_ON_OXYGEN if on_oxygen else _SPO2_SCALE_2_ON_AIR
    spo2_bands = _SPO2_SCALE_1 if scale == 1 else scale_2
    parts = {
        "rr": _points(_RR, _whole("respiration rate", rr, 0, 120)),
        "spo2": _points(spo2_bands, _whole("oxygen saturation", spo2, 0, 100)),
        "oxygen": 2 if on_oxygen else 0,
        "sbp": _points(_SBP, _whole("systolic blood pressure", sbp, 0, 350)),
        "pulse": _points(_PULSE, _whole("pulse", pulse, 0, 350)),
        "consciousness": _CONSCIOUSNESS[consciousness],
        "temperature": _points(_TEMPERATURE, _whole("temperature", temperature, 10, 50, tenths=True)),
    }
    total = sum(parts.values())
    risk, response = _response(total, 3 in parts.values())
    return Score(total, MappingProxyType(parts), risk, response)


def bands(part: str, scale: int = 1, on_oxygen: bool = False) -> tuple[tuple[float, int], ...]:
    """Return how a measured part is scored: (up to and including, points) from low to high, the last one open.

    The temperature is in tenths of a degree. Raises KeyError for a part that is not measured as a number.
    """
    scale_2 = _SPO2_SCALE_2_ON_OXYGEN if on_oxygen else _SPO2_SCALE_2_ON_AIR
    table = {
        "rr": _RR,
        "spo2": _SPO2_SCALE_1 if scale == 1 else scale_2,
        "sbp": _SBP,
        "pulse": _PULSE,
        "temperature": _TEMPERATURE,
    }
    return table[part]


def _points(bands: _Bands, value: float) -> int:
    return next(points for up_to, points in bands if value <= up_to)


def _whole(name: str, value: float, least: float, most: float, tenths: bool = False) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"the {name} must be a number, not {value!r}")
    if not least <= value <= most:
        raise ValueError(f"a {name} of {value} can't be true (expected {least} to {most})")
    # 38.05 is stored as a hair less than itself: without the nudge it would round down
    return math.floor(value * (10 if tenths else 1) + 0.5 + 1e-9)


def _response(total: int, has_three: bool) -> tuple[str, str]:
    if total >= 7:
        return "high", (
            "Monitor continuously. Emergency assessment now by a team with critical-care skills; "
            "the registrar or above is told at once."
        )
    if total >= 5:
        return "medium", (
            "Repeat at least every hour. Tell the medical team at once; "
            "urgent assessment by a clinician who is competent in acute illness."
        )
    if has_three:
        return "low-medium", (
            "One measurement scores 3. Repeat at least every hour; the registered nurse tells the medical "
            "team, who review the patient and decide whether to escalate."
        )
    if total >= 1:
        return "low", (
            "Repeat at least every 4 to 6 hours. The registered nurse assesses the patient and decides "
            "whether to repeat more often or to escalate."
        )
    return "low", "Repeat at least every 12 hours. Carry on with routine monitoring."
