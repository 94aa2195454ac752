"""What came from a learner is shown as text."""

from types import SimpleNamespace

from grading import account
from grading.scoring import open_log, score
from tests.grading.help import log_of

EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31mred\x1b[0m \u202egnp.exe & "quotes"'


def test_markup_is_escaped_and_control_characters_are_gone(fluid):
    log = log_of(fluid, [("answer", {"question": "words", "value": f"in doubt {EVIL}"})])
    session, _ = open_log(fluid, log)
    result = score(fluid, log)
    words = next(c for c in result.criteria if c.id == "words")
    assert words.met and "<script>" in words.evidence, "the criterion itself sees what was written"
    html = account.criterion_html(words) + account.attempt_html(result, session.state.events, fluid.hospital)
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;" in html
    text = account.criterion_text(words) + account.attempt_text(result, session.state.events, fluid.hospital)
    for shown in (html, text):
        assert not any(mark in shown for mark in ("\x1b", "\u202e", "\x00"))


def test_long_text_is_cut_and_says_how_long_it_was():
    assert account.plain("x" * 5000) == f"{'x' * account.LONGEST} … (5000 characters)"


def test_a_long_attempt_is_cut_and_says_how_much_is_left_out(fluid):
    done = [("answer", {"question": "balance", "value": number}) for number in range(account.MOST_EVENTS + 7)]
    session, _ = open_log(fluid, log_of(fluid, done))
    text = account.attempt_text(score(fluid, log_of(fluid, done)), session.state.events, fluid.hospital)
    assert "and 7 actions more, in the answer log" in text


def test_a_patient_is_called_by_name_and_values_are_words():
    hospital = SimpleNamespace(patients={"marsh-eleanor": SimpleNamespace(display_name="MARSH, Eleanor")})
    event = SimpleNamespace(
        action="confirm_identity", args={"patient": "marsh-eleanor", "identifiers": ["name", "born"], "more": {"a": 1}}
    )
    told = account.describe(event, hospital)
    assert told == "Confirm identity (patient: MARSH, Eleanor; identifiers: name, born; more: a: 1)"


def test_an_unmet_criterion_says_what_to_read_and_a_critical_one_that_it_is(fluid):
    result = score(fluid, log_of(fluid, []))
    text = account.criterion_text(result.criteria[0])
    assert "not met, 0 of 2 points (critical)" in text and "Read again: When in doubt" in text
    assert "Read again" not in account.criterion_text(score(fluid, log_of(fluid, fluid.model)).criteria[0])
