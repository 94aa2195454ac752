"""Scoring a set of observations by NEWS2, and saying what the score calls for.

The learner gives the points; the record only counts along (``counted_otherwise``) with what a machine can know: the
measurements, the SpO2 scale and the consciousness that the learner chose. Those two stay a clinician's judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simemr.domain import news2
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.record import Observation

if TYPE_CHECKING:
    from simemr.domain.session import Session

CONSCIOUSNESS = {
    "A": "Alert",
    "C": "New confusion",
    "V": "Responds to voice",
    "P": "Responds to pain",
    "U": "Unresponsive",
}
#: The parts that are given points; those of consciousness follow from its letter.
POINTED = tuple(part for part in news2.PARTS if part != "consciousness")
# both from the least to the most, as in chart 4 of the Royal College of Physicians' report
REPEAT = {
    "12-hourly": "At least every 12 hours",
    "4-to-6-hourly": "At least every 4 to 6 hours",
    "hourly": "At least every hour",
    "continuous": "Continuously",
}
CALL = {
    "routine": "Nobody is called: routine care",
    "nurse": "The registered nurse assesses the patient",
    "team": "The patient's medical team is told and reviews",
    "urgent": "Urgent: the medical team at once, and a clinician competent in acute illness",
    "emergency": "Emergency: the registrar at once, and a team with critical-care skills",
}


@content("observation_set")
@dataclass(frozen=True, slots=True)
class ObservationSet:
    """Measurements that nobody has scored yet; ``behaviour`` is what was seen at the bedside, in words."""

    id: str
    patient: str
    at: datetime
    rr: int
    spo2: int
    oxygen: str
    sbp: int
    dbp: int
    pulse: int
    temperature: float
    behaviour: str

    @property
    def on_oxygen(self) -> bool:
        return self.oxygen != "air"

    def score(self, scale: int, consciousness: str) -> news2.Score:
        """The score, once the scale and the consciousness are known."""
        return news2.score(
            self.rr, self.spo2, self.on_oxygen, self.sbp, self.pulse, consciousness, self.temperature, scale
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """The points a learner gave a set."""

    scale: int
    consciousness: str
    points: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.points.values()) + (0 if self.consciousness == "A" else 3)


@dataclass(frozen=True, slots=True)
class Response:
    """What a learner answers to a score."""

    repeat: str
    call: str
    words: str = ""


@dataclass(slots=True)
class Deterioration:
    """The scores and the responses, by set."""

    scored: dict[str, Scored] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)


def sets_of(session: "Session", patient: str) -> list[ObservationSet]:
    """The patient's sets that come with the scenario, oldest first."""
    return sorted((s for s in session.scenario.of(ObservationSet) if s.patient == patient), key=lambda s: s.at)


def counted_otherwise(found: ObservationSet, scored: Scored) -> list[str]:
    """The parts to which the record would give other points, on the scale and consciousness that were chosen."""
    right = found.score(scored.scale, scored.consciousness).parts
    return [part for part in POINTED if scored.points[part] != right[part]]


@action
def score_observations(session: "Session", *, item: str, scale: int, consciousness: str, points: object) -> None:
    found = _set(session, item)
    if scale not in (1, 2):
        raise ActionRefused("Choose the SpO₂ scale: 1 for most people, 2 where 88 to 92 % is prescribed.")
    if consciousness not in CONSCIOUSNESS:
        raise ActionRefused("Choose how conscious the patient is.")
    scored = Scored(scale, consciousness, _points(points))
    session.state.part(Deterioration).scored[item] = scored
    person = session.patient(found.patient)
    made = Observation(
        found.at, found.rr, found.spo2, found.oxygen, found.sbp, found.dbp, found.pulse, consciousness,
        found.temperature,
    )  # fmt: skip
    kept = (*(o for o in person.observations if o.at != found.at), made)
    observations = tuple(sorted(kept, key=lambda o: o.at))
    session.state.records[person.id] = replace(person, observations=observations, news2_scale=scale)


@action
def answer_observations(session: "Session", *, item: str, repeat: str, call: str, words: str = "") -> None:
    _set(session, item)
    part = session.state.part(Deterioration)
    if item not in part.scored:
        raise ActionRefused("Score this set first: what is to be done follows from the score.")
    if repeat not in REPEAT:
        raise ActionRefused("Choose how often the observations are repeated.")
    if call not in CALL:
        raise ActionRefused("Choose who comes.")
    if call in ("team", "urgent", "emergency") and len(words.strip()) < 3:
        raise ActionRefused("Write down what you say to whom you call.")
    part.responses[item] = Response(repeat, call, words.strip())


def _set(session: "Session", set_id: str) -> ObservationSet:
    found = next((s for s in session.scenario.of(ObservationSet) if s.id == set_id), None)
    if found is None:
        raise ActionRefused(f"There is no set of observations '{set_id}'.")
    require_open(session, found.patient)
    return found


def _points(given: Any) -> dict[str, int]:
    if not isinstance(given, dict) or given.keys() != set(POINTED):
        raise ActionRefused("Give every measurement its points, also where they are 0.")
    for part, points in given.items():
        if isinstance(points, bool) or points not in (0, 1, 2, 3):
            raise ActionRefused(f"The points of the {news2.PARTS[part]} are 0, 1, 2 or 3.")
    return {part: int(given[part]) for part in POINTED}
