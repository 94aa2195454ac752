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


def block(patient: Patient, ids: Iterable[str], tests: Mapping[str, LabTest], clock: datetime, caption: str) -> Markup:
    """Return one table of the latest results of these tests; a test without one is passed over."""
    rows = []
    for test_id in ids:
        series, test = patient.series(test_id), tests.get(test_id)
        if not series or test is None:
            continue
        latest = series[-1]
        low, high = test.range(patient.sex)
        rows.append(
            (
                test.name,
                words.result(test, latest.value),
                words.flag(test.flag(latest.value, patient.sex)),
                words.limits(test, patient.sex) or "–",
                when.moment_text(latest.at, clock),
                charts.sparkline([(r.at, r.value) for r in series], low=low, high=high, until=clock),
                _earlier(series[:-1], test, patient.sex, clock),
            )
        )
    if not rows:
        return empty("None of these has a result yet.")
    titles = ("Test", "Latest", "Flag", "Range", "Taken", "72 hours", "Earlier")
    return table(caption, titles, rows, numbers=(1,), look="em-results")


def abnormal(patient: Patient, tests: Mapping[str, LabTest]) -> list[str]:
    """The tests whose latest result is out of range, critical ones first."""
    found = []
    for test in tests.values():
        latest = patient.latest(test.id)
        name = test.flag(latest.value, patient.sex) if latest else ""
        if name:
            found.append((not name.startswith("critical"), test.id))
    return [test_id for _, test_id in sorted(found, key=lambda pair: pair[0])]


def _earlier(series: tuple, test: LabTest, sex: str, clock: datetime) -> Markup:
    if not series:
        return Markup("–")
    rows = [
        (when.moment_text(r.at, clock), words.result(test, r.value), words.flag(test.flag(r.value, sex)))
        for r in reversed(series)
    ]
    inner = table(f"{test.name}, earlier", ("Taken", "Value", "Flag"), rows, numbers=(1,))
    summary = el("summary", f"{len(series)} earlier", el("span", f" results of {test.name}", class_="em-unseen"))
    return el("details", summary, inner, class_="em-earlier")
