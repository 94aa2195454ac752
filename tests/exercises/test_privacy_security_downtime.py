"""Privacy, security and downtime: the examiner is fair, laziness does not pass, and the screens keep what is locked."""

import re

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.scoring import score
from simemr.domain.actions.mail import Mail
from tests.grading.help import REPOSITORY
from tests.simemr.view.window import Window, watched_focus

COURSE = course_file.load(REPOSITORY, check_folders=False)
SLUG = "privacy-security-downtime"


@pytest.fixture(scope="module")
def made():
    return exercise_file.load(COURSE, SLUG)


@pytest.fixture(scope="module")
def answers(made):
    return exercise_file._python(made.folder / "answers.py", SLUG)


def scored(made, actions):
    return score(made, made.log_text(actions))


def missed(made, actions):
    return {c.id for c in scored(made, actions).criteria if not c.met}


def test_other_good_answers_earn_everything(made, answers):
    for name, actions in answers.ALSO_RIGHT.items():
        assert missed(made, actions) == set(), name


@pytest.mark.parametrize(
    ("log", "mail"),
    [
        (("report", "no-relation"), ("phishing", "report", ["sender"])),
        (("legitimate", "care"), ("genuine", "none", [])),
        (("ask", "unclear"), ("unsure", "verify", [])),
    ],
)
def test_one_answer_for_everything_does_not_pass(made, answers, log, mail):
    rows = answers.log(dict.fromkeys(answers.LOG, log))
    mails = answers.mailbox(**dict.fromkeys(answers.MAILS, mail))
    assert not scored(made, answers.answer(rows=rows, mails=mails)).passed


def test_the_glass_is_judged_by_whose_record_was_opened_and_not_by_words(made, answers):
    for reason, words in (("called", "hm, let me have a look"), ("emergency", "xxxxxxxxxxxx")):
        assert "glass" not in missed(made, answers.answer(man=answers.door(reason, words)))
    look = [("break_glass", {"patient": answers.HOSSEINI, "reason": "emergency", "words": "She is not well at all."})]
    result = scored(made, answers.answer(rows=answers.log(before=look)))
    assert "glass" in {c.id for c in result.criteria if not c.met} and not result.passed


@pytest.mark.parametrize("mail", ["password", "consultant", "pay", "shared"])
def test_doing_what_one_of_the_four_asks_fails(made, answers, mail):
    result = scored(made, answers.answer(mails=answers.mailbox(**{mail: ("genuine", "do", [])})))
    assert not result.passed


@pytest.mark.parametrize("kind", ["given", "ordered", "nothing"])
def test_the_penicillin_is_stopped_or_it_is_not(made, answers, kind):
    row = (kind, "14:31", answers.ELEANOR, "604 118", "allergic!") if kind != "nothing" else (kind, "", "", "", "")
    entry = answers.ENTRY if kind != "nothing" else answers.ENTRY[:-1]
    result = scored(made, answers.answer(paper=answers.outage(paper={"co-amoxiclav": row}, entry=entry)))
    assert "penicillin" in {c.id for c in result.criteria if not c.met} and not result.passed


@pytest.mark.parametrize(
    ("second", "accepted"),
    [
        ("604118", True),
        ("No. 604 118", True),
        ("12/03/52", True),
        ("1952-03-12", True),
        ("12 March 1952", True),
        ("604 181", False),
        ("bed A3", False),
        ("1952", False),
    ],
)
def test_a_second_identifier_in_any_form_and_no_other_patients(made, answers, second, accepted):
    kind, time, patient, _, what = answers.PAPER["paracetamol"]
    paper = answers.outage(paper={"paracetamol": (kind, time, patient, second, what)})
    assert ("paper" not in missed(made, answers.answer(paper=paper))) is accepted


def test_the_order_counts_as_it_stands_at_the_end(made, answers):
    late = (*answers.ENTRY[:4], answers.ENTRY[5], answers.ENTRY[4])
    assert missed(made, answers.answer(paper=answers.outage(entry=late))) == {"order"}


def test_no_address_can_exist(made):
    reserved = r"(example|test|invalid)"
    for mail in made.scenario.of(Mail):
        assert re.fullmatch(rf"[\w.-]+@[\w.-]+\.{reserved}", mail.address), mail.id
        assert not mail.target or re.match(rf"https?://[\w.-]+\.{reserved}(/|$)", mail.target), mail.id
        assert "://" not in mail.text


# ---------------------------------------------------------------------------------------------------------------
# the screens


@pytest.fixture
def window(tmp_path):
    return Window(SLUG, tmp_path)


def test_a_locked_record_shows_nothing_of_itself(window):
    assert "neck artery" not in window.text and "ketoacidosis" not in window.text and "Locked for you" in window.text
    window.press("PETRIE, Gordon")
    assert "this record is locked" in window.text and "neck artery" not in window.text
    window.press("Leave it closed")
    assert "this record is locked" not in window.text and not window.state.patient


def test_half_a_reason_for_one_patient_does_not_stand_before_anothers_glass(window):
    window.press("PETRIE, Gordon")
    window.fill("Why do you open it?", "An emergency")
    window.press("HOSSEINI, Leila")
    assert window.field("Why do you open it?").value == ""
    window.press("SILVA, João")
    assert "this record is locked" not in window.text


def test_breaking_the_glass_says_what_is_missing_and_then_opens(window, monkeypatch):
    words = "What has happened, or what you need it for, in your own words"
    window.press("PETRIE, Gordon")
    with watched_focus(monkeypatch) as sent:
        window.press("Break the glass")
        assert sent[-1] is window.field("Why do you open it?") and "Choose why" in window.message
        window.fill("Why do you open it?", "An emergency")
        window.press("Break the glass")
        assert sent[-1] is window.field(words)
    window.fill(words, "Collapsed at our door.")
    window.press("Break the glass")
    assert window.state.patient == "petrie-gordon" and "audit log" in window.message
    window.press("Audit log")
    assert "Collapsed at our door." in window.text


def test_the_help_desk_may_say_no_and_the_glass_stays(window):
    window.press("HOSSEINI, Leila")
    window.fill("What has happened, or what you need it for, in your own words", "just curious")
    window.press("Ask the help desk for access")
    assert "For which task" in window.message and "this record is locked" in window.text


def test_nothing_in_the_mailbox_is_a_link(window):
    window.press("Mailbox")
    for line in ("08:55", "12:50"):
        window.press(line)
        assert "which leads to" in window.text
        assert not any("<a " in w.value for w in window.every() if isinstance(getattr(w, "value", None), str))


def test_the_kit_follows_the_outage(window):
    window.press("Downtime kit")
    assert "14:14" not in window.text
    window.press("Go over to paper")
    assert "The EMR is down since 14:10" in window.text
    window.press("14:35")
    window.fill("What kind of entry is it?", "Nothing")
    with pytest.raises(AssertionError):
        window.field("Time it happened")
    window.press("Write it on the form")
    assert "4 left" in window.message
    with pytest.raises(AssertionError):
        window.button("Look whether the EMR is back")
