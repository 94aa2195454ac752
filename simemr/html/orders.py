"""Orders: what stands, what was asked of the laboratory, and the order that is being written."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from simemr.domain import when
from simemr.domain.formulary import Formulary, Medicine
from simemr.domain.record import LabTest, MedicineOrder, Patient
from simemr.domain.state import TestOrder, Verdict
from simemr.html import results, words
from simemr.html.escape import Markup, el, join, sign
from simemr.html.medicines import listed
from simemr.html.tables import empty, table

# what is looked at before nearly every order
USUAL_TESTS = ("potassium", "creatinine", "egfr")


def active(
    orders: Iterable[MedicineOrder],
    asked: Iterable[TestOrder],
    formulary: Formulary,
    tests: Mapping[str, LabTest],
    clock: datetime,
) -> Markup:
    """Return the patient's active medicine orders and the tests asked for in this session."""
    orders, asked = tuple(orders), tuple(asked)
    test_rows = [(tests[t.test].name if t.test in tests else t.test, due(t.in_hours)) for t in asked]
    return join(
        el("h3", "Active orders"),
        listed(orders, formulary, clock, "Active orders") if orders else empty("Nothing is ordered."),
        (el("h3", "Tests you asked for"), table("Tests asked for", ("Test", "When"), test_rows)) if asked else "",
    )  # fmt: skip


def due(hours: int) -> str:
    """Return "now", "in 6 hours" or "in 2 days"."""
    if hours == 0:
        return "now"
    if hours >= 48 and hours % 24 == 0:
        return f"in {hours // 24} days"
    return f"in {hours} hour{'' if hours == 1 else 's'}"


def matter(patient: Patient, medicine: Medicine | None, tests: Mapping[str, LabTest], clock: datetime) -> Markup:
    """Return the results that bear on an order: the kidney's and potassium, and those the medicine's rules name."""
    named = [rule.test for rule in (*medicine.laboratory, *medicine.monitoring)] if medicine else []
    ids = list(dict.fromkeys([*USUAL_TESTS, *named]))
    have = [test_id for test_id in ids if patient.latest(test_id)]
    title = "Results that matter for this order" if medicine else "Results to look at first"
    body = (
        results.block(patient, have, tests, clock, title, "these tests") if have else empty("There is no result yet.")
    )
    return join(el("h3", title), body)


def review(order: MedicineOrder, patient: Patient, formulary: Formulary) -> Markup:
    """Return "You are ordering ... for ...": the last look before signing."""
    why = f" for {order.indication}" if order.indication else ""
    return el(
        "p", "You are ordering ", el("b", words.order(order, formulary)), why, ". The patient is ",
        el("b", patient.display_name), f", born {when.day_text(patient.born)}, hospital no. ",
        words.hospital_number(patient.hospital_number), ".",
    )  # fmt: skip


def awaiting(order: MedicineOrder, formulary: Formulary, verdict: Verdict | None, hazards: Mapping[str, str]) -> Markup:
    """Return an order that waits for a nurse's check, and the answer given to it."""
    facts = [("For", order.indication), ("Ordered by", order.prescriber)]
    answer = Markup("")
    if verdict is not None and verdict.verdict == "accept":
        answer = el("p", sign("✓"), " You accepted this order.", class_="em-verdict em-accepted")
    elif verdict is not None:
        said = f" You challenged this order: {hazards.get(verdict.hazard, verdict.hazard)}. “{verdict.note}”"
        answer = el("p", sign("⚑"), said, class_="em-verdict em-challenged")
    return join(
        el("h4", words.order(order, formulary)),
        el(
            "dl", [el("div", el("dt", name), " ", el("dd", value)) for name, value in facts if value], class_="em-facts"
        ),
        answer,
    )
