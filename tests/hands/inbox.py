"""The results inbox and the telephone."""

from simemr.domain.actions.inbox import BY_MESSAGE, BY_VOICE, DUE, OWNERS
from simemr.html import inbox as page
from simemr.html import words
from tests.hands import HANDS, hand


def _choose(learner, session, item):
    if session.state.desk != "inbox":
        HANDS["open_desk"](learner, session, desk="inbox")
        session.apply("open_desk", {"desk": "inbox"})
    found = next(i for i in page.items(session) if i.id == item)
    learner.press(page.line(session, found))


@hand
def acknowledge_result(learner, session, *, item):
    _choose(learner, session, item)
    learner.press("Seen, nothing to do now")


@hand
def act_on_result(learner, session, *, item, words):
    _choose(learner, session, item)
    learner.press("Act on it")
    learner.fill("What you do about it", words)
    learner.press("Write down what you do")


@hand
def escalate_result(learner, session, *, item, to, words):
    _choose(learner, session, item)
    learner.press("Escalate by voice")
    learner.fill("Whom you ring", BY_VOICE[to])
    learner.fill("What you say", words)
    learner.press("Ring now")


@hand
def forward_result(learner, session, *, item, to, words):
    _choose(learner, session, item)
    learner.press("Hand it on by message")
    learner.fill("To whom", BY_MESSAGE[to])
    learner.fill("Your message", words)
    learner.press("Send the message")


@hand
def reopen_result(learner, session, *, item):
    _choose(learner, session, item)
    learner.press("Take my answer back")


@hand
def write_down_call(learner, session, *, item, patient, value):
    person = session.patient(patient)
    _choose(learner, session, item)
    learner.press("Write it down")
    learner.fill("Whose result it is", f"{person.display_name}, {words.hospital_number(person.hospital_number)}")
    learner.fill("The number, as you heard it", f"{value:g}")
    learner.press("Write this down")


@hand
def read_back_call(learner, session, *, item):
    _choose(learner, session, item)
    learner.press("Read it back to the laboratory")


@hand
def own_pending(learner, session, *, item, owner, days, plan):
    _choose(learner, session, item)
    learner.press("Give it an owner")
    learner.fill("Who looks for the result", OWNERS[owner])
    learner.fill("When", DUE[days])
    learner.fill("What happens then, and who tells the patient", plan)
    learner.press("Keep this owner and plan")
