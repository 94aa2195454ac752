"""Chart review: the examiner is fair to other good answers, and no lazy strategy passes."""

import itertools

import pytest

from simemr.domain.actions.concerns import KINDS, MOST, PARTS, things
from simemr.domain.session import Session
from tests.exercises.help import load, python_of, scored

SLUGS = ("chart-review-doctor", "chart-review-nurse")
CRITICAL = {
    "chart-review-doctor": ("potassium", "mrsa", "allergy"),
    "chart-review-nurse": ("penicillin", "glucose"),
}


class Case:
    """One exercise with its answers and its key."""

    def __init__(self, slug):
        self.made = load(slug)
        self.answers = python_of(self.made, "answers")
        self.key = python_of(self.made, "rubric")

    def judge(self, actions):
        return scored(self.made, actions)

    def picks(self):
        """Everything that can be picked."""
        session = Session(self.made.scenario, self.made.hospital)
        return [which for part in PARTS for which in things(session, self.key.PATIENT, part)]

    def written(self, concerns):
        """The score of a list of these alone, all parts read."""
        made = [self.answers.concern(*one) for one in concerns][:MOST]
        return self.judge(self.answers.answer({}, extra=made))


@pytest.fixture(scope="module", params=SLUGS)
def case(request):
    return Case(request.param)


def test_not_everything_found_is_enough_from_ten_on(case):
    for name, actions in case.answers.ENOUGH.items():
        result = case.judge(actions)
        assert result.passed, f"{name}: {result.points} of {result.max}"


def test_nine_are_not_enough(case):
    lose = [key for key in case.answers.LIST if key not in CRITICAL[case.made.slug] and key != "confusion"][:5]
    result = case.judge(case.answers.answer(case.answers.without(*lose)))
    assert not result.passed and "ten" in {c.id for c in result.criteria if not c.met}


def test_what_can_kill_today_must_be_there_and_not_be_put_off(case):
    for key in CRITICAL[case.made.slug]:
        late = {**case.answers.LIST[key], "soon": "discharge"}
        for concerns in (case.answers.without(key), case.answers.without(**{key: late})):
            assert not case.judge(case.answers.answer(concerns)).passed, key


def test_the_nurse_needs_one_of_two_signs_that_he_gets_worse():
    case = Case("chart-review-nurse")
    for key, passed in (("confusion",), True), (("observations",), True), (("confusion", "observations"), False):
        assert case.judge(case.answers.answer(case.answers.without(*key))).passed is passed, key


def test_the_key_names_what_can_be_picked(case):
    picks = set(case.picks())
    for name, issue in case.key.ISSUES.items():
        assert issue.about | issue.hints <= picks, name
        assert issue.kinds <= set(KINDS), name
    assert set(case.key.RIGHT) <= picks
    sure = set().union(*(issue.about for issue in case.key.ISSUES.values()))
    assert len(case.key.ISSUES) == 14 and len(set(case.key.RIGHT) - sure) >= 4


def test_every_pick_of_an_issue_that_is_sure_finds_it_with_words_that_name_it(case):
    """A learner who picks the result and one who picks the order are both right, whatever kind they choose of those."""
    for key, issue in case.key.ISSUES.items():
        plan = case.answers.LIST[key]["plan"]
        for about, kind in itertools.product(sorted(issue.about | issue.hints), sorted(issue.kinds)):
            concerns = case.answers.without(**{key: case.answers.concern(about, kind, "now", plan)})
            reading = case.key.KEY.read(_session(case, case.answers.answer(concerns)))
            # the model's words name it, or the pick alone is enough
            assert key in reading.found or not issue.named(plan), (key, about, kind)


def _session(case, actions):
    session = Session(case.made.scenario, case.made.hospital)
    for action, args in actions:
        session.apply(action, args)
    return session


LAZY = "Please check and change."


def test_everything_found_and_everything_else_flagged_as_well_does_not_pass(case):
    noise = [case.answers.concern(about, "change", "today", LAZY) for about in case.key.RIGHT][: MOST - 14]
    assert not case.judge(case.answers.answer(extra=noise)).passed


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_for_everything_does_not_pass(case, kind):
    picks = [about for about in case.picks() if about.partition("/")[0] not in ("device", "absent")]
    for start in range(0, len(picks), MOST):
        result = case.written([(about, kind, "now", LAZY) for about in picks[start : start + MOST]])
        assert not result.passed


def test_every_note_with_every_kind_does_not_pass(case):
    notes = [about for about in case.picks() if about.startswith("note/")]
    every = [(about, kind, "now", LAZY) for kind in KINDS for about in notes]
    for start in range(0, len(every), MOST):
        assert not case.written(every[start : start + MOST]).passed


def test_all_devices_and_all_that_could_be_missing_does_not_pass(case):
    vague = [about for about in case.picks() if about.partition("/")[0] in ("device", "absent", "front")]
    for kind in ("missing", "monitoring", "device", "conflict"):
        assert not case.written([(about, kind, "today", LAZY) for about in vague]).passed


def test_a_note_stands_for_one_of_several_things_only_in_words():
    case = Case("chart-review-doctor")
    note = case.key.NIGHT
    for plan, key in (("Start the feed today.", "feed"), ("Stop the sedation.", "sedation"), ("Please look.", None)):
        concerns = {"it": case.answers.concern(note, "missing", "today", plan)}
        found = case.key.KEY.read(_session(case, case.answers.answer(concerns))).found
        assert set(found) == ({key} if key else set()), plan


def test_two_concerns_about_one_medicine_find_two_things():
    case = Case("chart-review-doctor")
    order = "order/piperacillin-tazobactam"
    concerns = {
        "a": case.answers.concern(order, "change", "now", "Change to linezolid, MRSA."),
        "b": case.answers.concern(order, "change", "now", "Stop, she is allergic to penicillin."),
    }
    assert set(case.key.KEY.read(_session(case, case.answers.answer(concerns))).found) == {"mrsa", "allergy"}
