"""Which panels there are, and in which tab or on which desk: a new part of the EMR is a line here."""

from simemr.view.notes import NoteEntry
from simemr.view.orders import OrderEntry
from simemr.view.panel import Panel
from simemr.view.verification import Checks

# (tab, panel), from top to bottom
PANELS: tuple[tuple[str, type[Panel]], ...] = (
    ("orders", Checks),
    ("orders", OrderEntry),
    ("notes", NoteEntry),
)
# (desk, panel), from top to bottom
DESK_PANELS: tuple[tuple[str, type[Panel]], ...] = ()
