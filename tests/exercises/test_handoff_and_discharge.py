"""Handover and discharge: the examiner is fair, words alone decide nothing critical, and the screens work."""

import pytest

from tests.exercises.help import missed
from tests.simemr.view.window import Window

SLUG = "handoff-and-discharge"


@pytest.mark.parametrize(
    ("channel", "to", "accepted"),
    [
        ("page", "emergency", True),
        ("telephone", "fenwick", True),
        ("page", "santos", False),
        ("task", "", False),
        ("reply", "", False),
    ],
)
def test_the_urgent_message_is_judged_by_who_was_called_and_not_by_words(made, answers, channel, to, accepted):
    actions = answers.answer(desk=answers.messages(lewis=(channel, to, "hm, yes")))
    assert ("urgent" not in missed(made, actions)) is accepted


@pytest.mark.parametrize("owner", ["gp", "on-call", "himself", "fenwick"])
def test_the_histology_belongs_to_the_clinic_that_asked_for_it(made, answers, owner):
    pending = {**answers.PENDING, "histology": (owner, "ten-days", "telephone")}
    assert "histology" in missed(made, answers.answer(son=answers.summary(pending=pending)))


def test_which_mr_doyle_needs_a_second_identifier(made, answers):
    for words, accepted in (
        ("The son, 604 370.", True),
        ("born 02/11/76", True),
        ("The one who goes home.", False),
        ("born 2.11.1976", True),
    ):
        actions = answers.answer(desk=answers.messages(pharmacy=("reply", "", words)))
        assert ("channels" not in missed(made, actions)) is accepted, words


def test_correcting_everything_is_no_better_than_nodding(made, answers):
    heard = {line: "That is not what I said." for line in answers.SHEETS[answers.FATHER]["heard"]}
    assert "read-back" in missed(made, answers.answer(father=answers.handover(answers.FATHER, heard=heard)))


# ---------------------------------------------------------------------------------------------------------------
# the screens


@pytest.fixture
def window(tmp_path):
    return Window(SLUG, tmp_path)


def test_a_patient_who_is_not_handed_over_has_no_form(window):
    window.press("RAHMAN, Fatima")
    assert "not for you to hand over" in window.text and "Give the handover" not in window.text
    window.press("Discharge summary")
    assert "not going home today" in window.text


def test_what_is_half_written_for_one_patient_does_not_stand_in_anothers_form(window):
    window.press("BELLINI, Chiara")
    window.confirm("Full name", "Hospital number")
    window.fill("What is to be done", "Ring the surgeon")
    window.fill("How ill is the patient?", "Unstable")
    window.shell.open_patient("doyle-patrick-1948")
    assert window.field("What is to be done").value == "" and window.field("How ill is the patient?").value == ""
    window.press("BELLINI, Chiara")
    assert window.field("How ill is the patient?").value == "unstable"


def test_a_text_that_was_typed_is_there_again_after_a_look_into_another_record(window):
    window.shell.open_patient("doyle-patrick-1976")
    window.press("Discharge summary")
    window.fill("Diagnoses", "Appendicitis")
    window.press("BELLINI, Chiara")
    window.shell.open_patient("doyle-patrick-1976")
    assert window.field("Diagnoses").value == "Appendicitis"


def test_nothing_is_given_while_something_is_half_written(window):
    window.press("BELLINI, Chiara")
    window.confirm("Full name", "Hospital number")
    window.fill("How ill is the patient?", "Unstable")
    window.fill("Who this is, what happened, what matters now", "Fifth day, worse, hard abdomen.")
    window.fill("If this happens", "nobody comes")
    window.press("Give the handover")
    assert "half written" in window.message
    window.fill("Then do this", "ring Miss Nakamura")
    window.press("Add to the plan")
    window.press("Give the handover")
    assert "Not yet: the action list is missing." in window.message
    window.fill("What is to be done", "Surgeon to see her")
    window.fill("By when", "Now")
    window.press("Add to the action list")
    window.press("Give the handover")
    assert "listen" in window.message and "chest infection" in window.text
    window.press("Say something more")
    assert window.shows("Take out action 1")


def test_only_a_call_asks_whom(window):
    window.press("Messages")
    words = "NEWS2 is 8"
    window.press("Answer…", within=words)
    window.fill("What do you do?", "Reply", within=words)
    with pytest.raises(AssertionError):
        window.field("Whom do you call?", within=words)
    window.fill("What do you do?", "Page", within=words)
    window.fill("What you say", "Please come now.", within=words)
    window.press("Do it", within=words)
    assert "Choose whom you call." in window.message
