"""The nurse's check of an order."""

from simemr.domain.actions.verification import HAZARDS
from simemr.html import words
from tests.hands import hand, open_part


def _card(session, order):
    found = next(o for o in session.scenario.orders if o.id == order)
    return words.order(found, session.hospital.formulary)


@hand
def accept_order(learner, session, *, order):
    open_part(learner, session, "orders")
    learner.press("Accept", within=_card(session, order))


@hand
def challenge_order(learner, session, *, order, hazard, note):
    open_part(learner, session, "orders")
    card = _card(session, order)
    learner.press("Challenge", within=card)
    learner.fill("What is wrong with it", HAZARDS[hazard], within=card)
    learner.fill("What you want the prescriber to know", note, within=card)
    learner.press("Send the challenge", within=card)
