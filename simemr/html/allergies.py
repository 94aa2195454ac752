"""The allergy list."""

from simemr.domain.actions.allergies import SOURCES
from simemr.domain.record import Allergy, Patient
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty, table

_KIND = {"allergy": "Allergy", "intolerance": "Intolerance"}


def screen(patient: Patient) -> Markup:
    """Return allergies and intolerances, or which kind of nothing is known."""
    if patient.allergies:
        body = table(
            "Allergies and intolerances",
            ("Substance", "Kind", "Reaction", "Severity", "Recorded"),
            [
                (el("b", a.substance), kind(a), a.reaction, a.severity.capitalize(), recorded(a))
                for a in patient.allergies
            ],
            look="em-stack",
        )
    elif patient.allergy_status == "none known":
        body = empty("No known allergies. The patient was asked.")
    else:
        body = empty("Nobody has asked this patient about allergies yet. That is not the same as having none.")
    return join(el("h3", "Allergies and intolerances"), body)


def recorded(allergy: Allergy) -> Markup:
    """Return the year, and below it who says so and how certain it is, where that was written down."""
    certainty = {"confirmed": "confirmed", "unconfirmed": "not confirmed"}.get(allergy.certainty, "")
    told = ", ".join(filter(None, (SOURCES.get(allergy.source, ""), certainty)))
    return join(allergy.recorded or "–", el("span", told, class_="em-line-part") if told else "")


def kind(allergy: Allergy) -> Markup:
    """Return "Allergy" or "Intolerance", which are not the same thing."""
    return el("span", _KIND.get(allergy.type, allergy.type), class_=f"em-kind em-kind-{allergy.type}")
