"""Reconciling medicines: the history, the comparison, the list for home."""

from simemr.domain import units
from simemr.domain.actions.reconciliation import DECISIONS, KINDS, RESOLUTIONS, TAKING, sources_of
from simemr.domain.formulary import ROUTES
from simemr.html import reconciliation as page
from tests.hands import hand, open_part


def _go(learner, session, step):
    open_part(learner, session, "reconciliation")
    learner.press(step)


def _dose(learner, session, dose, unit, route, frequency):
    learner.fill("Dose", f"{dose:g}")
    learner.fill("Unit", units.unit_text(unit))
    learner.fill("Route", ROUTES[route])
    learner.fill("How often", session.hospital.formulary.frequencies[frequency].text)


def _choose(learner, session, medicine):
    learner.press(page.name(medicine, session.hospital.formulary))


@hand
def record_history(learner, session, *, patient, medicine, dose, unit, route, frequency, taking, sources):
    _go(learner, session, "1. The history")
    learner.fill("Medicine", session.hospital.formulary.medicines[medicine].name)
    _dose(learner, session, dose, unit, route, frequency)
    learner.fill("Does the patient take it?", TAKING[taking])
    for source in sources_of(session, patient):
        learner.fill(source.title, source.id in sources)
    learner.press("Save this line")


@hand
def remove_history(learner, session, *, patient, medicine):
    _go(learner, session, "1. The history")
    _choose(learner, session, medicine)
    learner.press("Take it out")


@hand
def sign_history(learner, session, *, patient):
    _go(learner, session, "1. The history")
    learner.press("Sign the history")


@hand
def judge_discrepancy(learner, session, *, patient, medicine, kind, resolution, note=""):
    _go(learner, session, "2. Compare with the ward")
    _choose(learner, session, medicine)
    learner.fill("What is the difference?", KINDS[kind])
    learner.fill("What should happen on the ward?", RESOLUTIONS[resolution])
    learner.fill("Why, or what you ask the prescriber", note)
    learner.press("Save")


@hand
def sign_comparison(learner, session, *, patient):
    _go(learner, session, "2. Compare with the ward")
    learner.press("Sign the comparison")


@hand
def list_for_discharge(
    learner, session, *, patient, medicine, decision, dose=0, unit="", route="", frequency="", reason=""
):
    _go(learner, session, "3. The list for home")
    _choose(learner, session, medicine)
    learner.fill("What becomes of it at home?", DECISIONS[decision])
    if dose:
        _dose(learner, session, dose, unit, route, frequency)
    learner.fill("Why, for the patient and the family doctor", reason)
    learner.press("Save")


@hand
def sign_discharge_list(learner, session, *, patient):
    _go(learner, session, "3. The list for home")
    learner.press("Sign the list for home")
