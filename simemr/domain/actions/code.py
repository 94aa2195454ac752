"""Writing code for a cell that an exercise offers, extra, to those who like to see how it is done."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.scenario import Scenario
    from simemr.domain.session import Session


@content("code")
@dataclass(frozen=True, slots=True)
class CodeCell:
    """A cell of an exercise's notebook: the words above it, what it starts with, and the name under which it finds
    the exercise's extract.
    """

    id: str
    text: str
    start: str
    table: str = "table"


@dataclass(slots=True)
class Written:
    """The source that each cell was last run with, by the cell's id."""

    sources: dict[str, str] = field(default_factory=dict)


@action
def write_code(session: "Session", *, cell: str, source: str) -> None:
    if not any(one.id == cell for one in session.scenario.of(CodeCell)):
        raise ActionRefused(f"This exercise has no code cell '{cell:.60}'.")
    session.state.part(Written).sources[cell] = source


def tables(scenario: "Scenario") -> dict[str, dict[str, list]]:
    """Return the tables that an exercise's code finds, by name; each value of them is text, as in a file."""
    if scenario.extract is None:
        return {}
    columns = [column.id for column in scenario.extract.columns]
    rows = [list(row) for row in scenario.extract.rows]
    return {cell.table: {"columns": columns, "rows": rows} for cell in scenario.of(CodeCell)}
