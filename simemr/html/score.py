"""NEWS2 of a patient's observations, as words and as the small mark of the ward list."""

from simemr.domain import news2
from simemr.domain.record import Observation, Patient
from simemr.html.escape import Markup, el, hidden


def of(observation: Observation, scale: int) -> news2.Score | None:
    """Return the score of one set; None where a measurement can't be true, which is never a score of 0."""
    try:
        return news2.score(
            observation.rr, observation.spo2, observation.on_oxygen, observation.sbp, observation.pulse,
            observation.consciousness, observation.temperature, scale,
        )  # fmt: skip
    except ValueError:
        return None


def latest(patient: Patient) -> news2.Score | None:
    """Return the score of the newest set, or None."""
    return of(patient.observations[-1], patient.news2_scale) if patient.observations else None


def look(score: news2.Score | None) -> str:
    """Return the class of the mark: by the response that the score calls for."""
    if score is None:
        return ""
    return {"high": "em-score-high", "medium": "em-score-medium", "low-medium": "em-score-medium"}.get(score.risk, "")


def mark(score: news2.Score | None, words: str = "NEWS2") -> Markup:
    """Return the number in its circle."""
    if score is None:
        return el("span", hidden(f"{words} not known"), el("span", "–", aria_hidden="true"), class_="em-score")
    return el(
        "span", hidden(f"{words} "), score.total, class_=f"em-score {look(score)}",
        title=f"NEWS2 {score.total}, {score.risk} clinical risk",
    )  # fmt: skip
