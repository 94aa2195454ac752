"""Laboratory results: the latest of each test, its flag in words, its range, its trend, and the numbers behind it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from simemr.domain import when
from simemr.domain.record import LabTest, Patient
from simemr.html import charts, words
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty, table


def screen(patient: Patient, tests: Mapping[str, LabTest], clock: datetime) -> Markup:
    """Return all results, by the laboratory's groups, in the catalogue's order."""
    have = {result.test for result in patient.results}
    groups: dict[str, list[str]] = {}
    for test in tests.values():
        if test.id in have:
            groups.setdefault(test.group or "Other", []).append(test.id)
    if not groups:
        return join(el("h3", "Results"), empty("No result has come back yet."))
    return join([(el("h3", name), block(patient, ids, tests, clock, name)) for name, ids in groups.items()])


def block(
    patient: Patient,
    ids: Iterable[str],
    tests: Mapping[str, LabTest],
    clock: datetime,
    caption: str,
    folded: str = "",
) -> Markup:
    """Return the latest results of these tests, and all of them folded away; a test without one is passed over.

    ``folded`` is what the folded table is called, where that is not the caption.
    """
    shown = [tests[test_id] for test_id in ids if test_id in tests and patient.latest(test_id)]
    if not shown:
        return empty("None of these has a result yet.")
    titles = ("Test", "Latest", "Flag", "Range", "Taken", "72 hours")
    rows = [_row(patient, test, clock) for test in shown]
    return join(
        table(caption, titles, rows, numbers=(1,), look="em-results"),
        _earlier(patient, shown, clock, folded or caption),
    )


def _row(patient: Patient, test: LabTest, clock: datetime) -> tuple:
    series = patient.series(test.id)
    latest = series[-1]
    low, high = test.range(patient.sex)
    return (
        test.name,
        words.result(test, latest.value),
        words.flag(test.flag(latest.value, patient.sex)),
        words.limits(test, patient.sex) or "–",
        when.moment_text(latest.at, clock),
        charts.sparkline([(r.at, r.value) for r in series], low=low, high=high, until=clock) or "–",
    )


def abnormal(patient: Patient, tests: Mapping[str, LabTest]) -> list[str]:
    """The tests whose latest result is out of range, critical ones first."""
    found = []
    for test in tests.values():
        latest = patient.latest(test.id)
        name = test.flag(latest.value, patient.sex) if latest else ""
        if name:
            found.append((not name.startswith("critical"), test.id))
    return [test_id for _, test_id in sorted(found, key=lambda pair: pair[0])]


def _earlier(patient: Patient, shown: list[LabTest], clock: datetime, folded: str) -> Markup:
    """The numbers behind the trends: a column a time, newest first."""
    values = {(r.test, r.at): r.value for r in patient.results}
    times = sorted({at for test, at in values if any(test == t.id for t in shown)}, reverse=True)
    if len(times) < 2:
        return Markup("")
    rows = [(t.name, *(_cell(t, values.get((t.id, at)), patient.sex) for at in times)) for t in shown]
    titles = ("Test", *(when.moment_text(at, clock) for at in times))
    numbers = range(1, len(titles))
    inner = table(f"{folded}, all results", titles, rows, numbers=numbers, look="em-all", wide=True)
    return el("details", el("summary", f"Earlier results: {folded}"), inner, class_="em-earlier")


def _cell(test: LabTest, value: float | None, sex: str) -> Markup:
    if value is None:
        return el("span", "–", class_="em-quiet")
    name = test.flag(value, sex)
    return join(test.text(value), " ", words.flag(name)) if name else join(test.text(value))
