"""Working through an outage: the banner, the paper form, and entering it afterwards."""

from simemr.domain.actions.downtime import CROSSED, KINDS
from simemr.domain.downtime import Happening
from simemr.html import downtime as page
from tests.hands import HANDS, hand


def _kit(learner, session):
    if session.state.desk != "downtime":
        HANDS["open_desk"](learner, session, desk="downtime")
        session.apply("open_desk", {"desk": "downtime"})


@hand
def start_downtime(learner, session):
    learner.press("Go over to paper")


@hand
def write_paper(learner, session, *, happening, kind, time="", patient="", second="", what=""):
    _kit(learner, session)
    found = next(h for h in session.scenario.of(Happening) if h.id == happening)
    learner.press(page.happening_line(session, found))
    learner.fill("What kind of entry is it?", KINDS[kind])
    if kind != "nothing":
        learner.fill("Time it happened", time)
        learner.fill("Name", session.patient(patient).display_name)
        learner.fill("Second identifier: hospital number or date of birth", second)
        learner.fill("What, and by whom", what)
    learner.press("Write it on the form")


@hand
def end_downtime(learner, session):
    _kit(learner, session)
    learner.press("Look whether the EMR is back")


@hand
def enter_row(learner, session, *, row, time, late):
    _kit(learner, session)
    learner.press(page.row_line(session, row))
    learner.fill("Time that the entry carries", time)
    learner.fill("Mark it as entered afterwards from the paper form", bool(late))
    learner.press("Enter it into the record")


@hand
def cross_off(learner, session, *, row, why):
    _kit(learner, session)
    learner.press(page.row_line(session, row))
    learner.fill("Or do not enter it, because", CROSSED[why])
    learner.press("Cross it off")


@hand
def take_row_back(learner, session, *, row):
    _kit(learner, session)
    learner.press(page.row_line(session, row))
    learner.press("Take that back")
