"""Results and deterioration: the examiner is fair, the key is the published score, and nothing gives it away."""

import re
from types import SimpleNamespace

import pytest

from tests.exercises.help import missed, scored

SLUG = "results-and-deterioration"


def test_the_key_is_the_published_score(made, rubric):
    """Worked out by hand from the published table, not by the code that scores."""
    by_hand = {"kavanagh": 9, "haddad": 8, "bannerman": 4, "prosser": 6, "okonkwo": 2, "marsh": 0}
    sets = {s.id: s for s in made.scenario.of(rubric.ObservationSet)}
    assert {item: sets[item].score(*truth).total for item, truth in rubric.TRUTH.items()} == by_hand
    assert sets["kavanagh"].score(1, "V").total == 6, "on scale 1 she would be under the emergency threshold"
    assert sets["prosser"].score(2, "A").total == 4, "on scale 2 he would be under the urgent threshold"


def test_the_published_thresholds(rubric):
    def level(total, single_three=()):
        return rubric.published(SimpleNamespace(total=total, single_three=single_three))

    assert level(0) == (0, 0)
    assert {level(total) for total in range(1, 5)} == {(1, 1)}
    assert level(3, ("spo2",)) == (2, 2)
    assert {level(total) for total in (5, 6)} == {(2, 3)}
    assert {level(total, ("spo2",)) for total in range(7, 21)} == {(3, 4)}


def test_neither_seen_nor_an_alarm_for_everything_passes(made):
    for name in ("cleared the inbox: seen, seen, seen", "called the emergency team for everything"):
        assert not scored(made, made.wrong[name].actions).passed


@pytest.mark.parametrize(
    ("words", "clear"),
    [
        ("K+ 6.6 in A3!", True),
        ("hyperkalaemia, Eleanor Marsh", True),
        ("potassium critically high, come please", True),
        ("please review A3", False),
        ("abnormal result, see inbox", False),
    ],
)
def test_a_call_says_what_is_wrong(made, answers, words, clear):
    actions = answers.answer(telephone=answers.call(say=words))
    assert ("said" not in missed(made, actions)) is clear


def test_reading_back_after_passing_on_is_half(made, answers):
    late = answers.call(back=False) + [("read_back_call", {"item": "telephone"})]
    points = {c.id: c.points for c in scored(made, answers.answer(telephone=late)).criteria}
    assert points["read-back"] == 1.5 and points["potassium"] == 3


def test_either_the_score_or_the_result_may_raise_the_alarm(made, answers):
    by_result = answers.answer(
        kavanagh=answers.score("kavanagh", (0, 3, 2, 0, 1, 0), "hourly", "team", "drowsy", scale=2, awake="V")
    )
    by_score = answers.answer(gas=answers.do("act", "gas", words="Oxygen turned down."))
    neither = answers.answer(
        kavanagh=answers.score("kavanagh", (0, 3, 2, 0, 1, 0), "hourly", "team", "drowsy", scale=2, awake="V"),
        gas=answers.do("act", "gas", words="Oxygen turned down."),
    )
    assert "carbon-dioxide" not in missed(made, by_result) | missed(made, by_score)
    assert "carbon-dioxide" in missed(made, neither)


def test_the_scenario_holds_no_key(made):
    text = (made.folder / "scenario.toml").read_text(encoding="utf-8").lower()
    for word in ("scale =", "consciousness", "new confusion", "delirium", "emergency", "owner ="):
        assert word not in text
    for task in made.scenario.tasks:
        assert not re.search(r"scale|confus|urgent|critical", task.text + task.hint)
