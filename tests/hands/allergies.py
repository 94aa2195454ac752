"""Coding allergies, and trying prepared orders."""

from simemr.domain.actions.allergies import (
    CERTAINTIES,
    CHOICES,
    REACTIONS,
    SEVERITIES,
    SOURCES,
    TYPES,
    substances,
)
from tests.hands import hand, open_part


@hand
def record_allergy(learner, session, *, patient, substance, type, reaction, severity, certainty, source):
    open_part(learner, session, "allergies")
    learner.fill("Substance", substances(session.hospital.formulary)[substance])
    learner.fill("Allergy or intolerance", TYPES[type])
    learner.fill("Reaction", REACTIONS[reaction].capitalize())
    learner.fill("Severity", SEVERITIES[severity])
    learner.fill("Certainty", CERTAINTIES[certainty])
    learner.fill("Source", SOURCES[source])
    learner.press("Add to the list")


@hand
def remove_allergy(learner, session, *, patient, substance, reason):
    open_part(learner, session, "allergies")
    learner.fill("Entry to remove", substance)
    learner.fill("Why it is removed", reason)
    learner.press("Remove this entry")


@hand
def no_known_allergies(learner, session, *, patient):
    open_part(learner, session, "allergies")
    learner.press("Asked: no known allergies")


@hand
def try_order(learner, session, *, trial):
    open_part(learner, session, "allergies")
    learner.press("See")


@hand
def settle_order(learner, session, *, trial, choice):
    learner.press(CHOICES[choice])
