"""Judging a row of the audit log."""

from simemr.domain.actions.audit import VERDICTS, WHYS, AuditRow
from simemr.html import audit as page
from tests.hands import HANDS, hand


@hand
def judge_access(learner, session, *, row, verdict, why):
    if session.state.desk != "audit":
        HANDS["open_desk"](learner, session, desk="audit")
        session.apply("open_desk", {"desk": "audit"})
    found = next(r for r in session.scenario.of(AuditRow) if r.id == row)
    learner.press(page.line(session, found))
    learner.fill("What should happen?", VERDICTS[verdict])
    learner.fill("What in the row tells you so?", WHYS[why])
    learner.press("Keep this judgement")
