"""The first screen of a record: enough to know the patient in half a minute."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from simemr.domain.formulary import Formulary
from simemr.domain.record import Allergy, LabTest, MedicineOrder, Note, Patient
from simemr.html import notes as note_pages
from simemr.html import observations, results, words
from simemr.html.banner import allergy
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty, table


def screen(
    patient: Patient,
    orders: Iterable[MedicineOrder],
    notes: Iterable[Note],
    tests: Mapping[str, LabTest],
    formulary: Formulary,
    clock: datetime,
) -> Markup:
    """Return the summary; ``orders`` and ``notes`` are the patient's as they stand now."""
    active = [o for o in orders if o.status == "active"]
    problems = [p for p in patient.problems if p.status == "active"]
    everything = sorted(notes, key=lambda n: n.at)
    since = words.when.moment_text(patient.admitted, clock)
    lead = f"Admitted {since} with {patient.reason}. Consultant: {patient.consultant}."
    left = (
        _card("Active problems", _list(_problem(p.text, words.onset(p.onset, clock)) for p in problems), "None."),
        _card("Current medicines", _medicines(active, formulary), "Nothing is ordered."),
        _card("Latest note", note_pages.note(everything[-1], clock) if everything else "", "There is no note yet."),
    )
    right = (
        _card("Allergies", _list(_kind(a) for a in patient.allergies), _no_allergy(patient)),
        el("section", observations.latest(patient, clock, trends=False), class_="em-card"),
        _card("Latest abnormal results", _abnormal(patient, tests, clock), "Every latest result is in range."),
    )
    columns = (el("div", left, class_="em-column"), el("div", right, class_="em-column"))
    return el("div", el("p", lead, class_="em-lead"), columns, class_="em-summary")


def _card(title: str, body: Markup | str, otherwise: str) -> Markup:
    return el("section", el("h3", title), body or empty(otherwise), class_="em-card")


def _list(items: Iterable[Markup]) -> Markup | str:
    made = [el("li", item) for item in items]
    return el("ul", made) if made else ""


def _problem(text: str, since: str) -> Markup:
    return join(el("b", text), f" · since {since}" if since else "")


def _kind(found: Allergy) -> Markup:
    return join(el("b", "Allergy: " if found.type == "allergy" else "Intolerance: "), allergy(found))


def _no_allergy(patient: Patient) -> str:
    return "No known allergies." if patient.allergy_status == "none known" else "Nobody has asked yet."


def _medicines(active: list[MedicineOrder], formulary: Formulary) -> Markup | str:
    return _list(
        join(
            el("b", words.medicine(o, formulary)),
            f" {words.dose(o, formulary)}",
            " · taken at home" if o.setting == "home" else "",
        )
        for o in active
    )


def _abnormal(patient: Patient, tests: Mapping[str, LabTest], clock: datetime) -> Markup | str:
    rows = []
    for test_id in results.abnormal(patient, tests)[:8]:
        latest, test = patient.latest(test_id), tests[test_id]
        name = join(test.name, el("span", words.when.moment_text(latest.at, clock), class_="em-when"))
        rows.append((name, words.result(test, latest.value), words.flag(test.flag(latest.value, patient.sex))))
    if not rows:
        return ""
    return table("Latest abnormal results", ("Test", "Latest", "Flag"), rows, numbers=(1,))
