"""Judging a message in the mailbox."""

from simemr.domain.actions.mail import ACTS, SIGNS, VERDICTS, Mail
from simemr.html import mail as page
from tests.hands import HANDS, hand


@hand
def judge_mail(learner, session, *, mail, verdict, act, signs):
    if session.state.desk != "mail":
        HANDS["open_desk"](learner, session, desk="mail")
        session.apply("open_desk", {"desk": "mail"})
    found = next(m for m in session.scenario.of(Mail) if m.id == mail)
    learner.press(page.line(session, found))
    learner.fill("What is it?", VERDICTS[verdict])
    for key, words in SIGNS.items():
        learner.fill(words, key in signs)
    learner.fill("What do you do with it?", ACTS[act])
    learner.press("Keep this answer")
