"""Marking a defect in an extract, by the names of its row and column."""

from simemr.domain.actions.extract import DECISIONS, KINDS, WHOLE_COLUMN, WHOLE_ROW
from tests.hands import hand


@hand
def flag_cell(learner, session, *, row, column, kind, decision):
    extract = session.scenario.extract
    number = 1 + [line[0] for line in extract.rows].index(row) if row != WHOLE_COLUMN else 0
    title = next((c.title for c in extract.columns if c.id == column), "")
    learner.fill("Row", "The whole column" if row == WHOLE_COLUMN else f"Row {number}")
    learner.fill("Column", "The whole row" if column == WHOLE_ROW else title)
    learner.fill("What kind of defect", KINDS[kind])
    learner.fill("What to do about it", DECISIONS[decision])
    learner.press("Mark it")
