"""Marking defects in a table taken out of the record."""

from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.state import Flag

if TYPE_CHECKING:
    from simemr.domain.session import Session

# the three categories of the harmonised data quality terminology (Kahn 2016)
KINDS = {
    "conformance": "Conformance: it does not keep to the agreed form",
    "completeness": "Completeness: something that should be there is not",
    "plausibility": "Plausibility: it is there and well formed, but can't be true",
}
DECISIONS = {
    "fix": "Fix it: the right value is known",
    "exclude": "Exclude it from the analysis",
    "ask": "Ask the people who entered or sent it",
}
WHOLE_COLUMN = "all"
WHOLE_ROW = "row"


@action
def flag_cell(session: "Session", *, row: str, column: str, kind: str, decision: str) -> None:
    _require_cell(session, row, column)
    if kind not in KINDS:
        raise ActionRefused("Choose what kind of defect this is.")
    if decision not in DECISIONS:
        raise ActionRefused("Choose what to do about it.")
    session.state.flags[(row, column)] = Flag(kind, decision)


@action
def unflag_cell(session: "Session", *, row: str, column: str) -> None:
    if (row, column) not in session.state.flags:
        raise ActionRefused("Nothing is marked there.")
    del session.state.flags[(row, column)]


def _require_cell(session: "Session", row: str, column: str) -> None:
    extract = session.scenario.extract
    if extract is None:
        raise ActionRefused("There is no extract in this exercise.")
    columns = {c.id for c in extract.columns}
    rows = {r[0] for r in extract.rows}
    if not (row in rows and column in columns | {WHOLE_ROW} or row == WHOLE_COLUMN and column in columns):
        raise ActionRefused(f"There is no cell '{column}' in row '{row}'.")
