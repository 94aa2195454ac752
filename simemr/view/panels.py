"""Which panels there are, and in which tab or on which desk: a new part of the EMR is a line here."""

from simemr.view.access import Glass
from simemr.view.administration import MedicineRound
from simemr.view.allergies import AllergyEntry
from simemr.view.audit import AuditDesk
from simemr.view.concerns import ConcernForm, ConcernList
from simemr.view.deterioration import ScorePanel
from simemr.view.discharge import DischargePanel
from simemr.view.downtime import DowntimeBanner, DowntimeKit
from simemr.view.handoff import HandoffPanel
from simemr.view.inbox import InboxPanel
from simemr.view.mail import MailDesk
from simemr.view.messages import MessageDesk
from simemr.view.note_editor import NoteEditor
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
    ("notes", NoteEditor),
    ("notes", NoteEntry),
    ("problems", ProblemEditor),
    ("administration", MedicineRound),
    ("allergies", AllergyEntry),
    ("administration", ResponseReview),
    ("reconciliation", ReconciliationPanel),
    ("handoff", HandoffPanel),
    ("discharge", DischargePanel),
    ("concerns", ConcernList),
)
# below every part of the record
BELOW: tuple[type[Panel], ...] = (ConcernForm,)
# over whatever is open
ABOVE: tuple[type[Panel], ...] = (Glass, DowntimeBanner)
# (desk, panel), from top to bottom
DESK_PANELS: tuple[tuple[str, type[Panel]], ...] = (
    ("inbox", InboxPanel),
    ("messages", MessageDesk),
    ("audit", AuditDesk),
    ("mail", MailDesk),
    ("downtime", DowntimeKit),
)
