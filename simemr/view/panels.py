"""Which panels there are, and in which tab or on which desk: a new part of the EMR is a line here."""

from simemr.view.administration import MedicineRound
from simemr.view.deterioration import ScorePanel
from simemr.view.inbox import InboxPanel
from simemr.view.notes import NoteEntry
from simemr.view.orders import OrderEntry
from simemr.view.panel import Panel
from simemr.view.problems import ProblemEditor
from simemr.view.reconciliation import ReconciliationPanel
from simemr.view.response import ResponseReview
from simemr.view.verification import Checks

# (tab, panel), from top to bottom
PANELS: tuple[tuple[str, type[Panel]], ...] = (
    ("orders", Checks),
    ("orders", OrderEntry),
    ("observations", ScorePanel),
    ("notes", NoteEntry),
    ("administration", MedicineRound),
    ("administration", ResponseReview),
    ("reconciliation", ReconciliationPanel),
    ("problems", ProblemEditor),
)
# (desk, panel), from top to bottom
DESK_PANELS: tuple[tuple[str, type[Panel]], ...] = (("inbox", InboxPanel),)
