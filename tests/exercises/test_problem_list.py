"""The problem list: the examiner is fair, the lazy ways don't pass, and nothing gives the key away."""

import pytest
import simple_icd_10_cm as icd

from simemr.domain import codes
from simemr.domain.session import Session
from tests.exercises.help import missed, scored

SLUG = "problem-list"
#: What the notes have to say for the key to be fair.
FACTS = (
    "since 2001", "since 2008", "Right knee", "2015", "operated in 2019", "clear in April 2025", "sister-in-law",
    "Left cemented hemiarthroplasty", "No head injury, no collapse", "124 to 96", "3 kg lost in six months",
)  # fmt: skip


def every_line(answers, step):
    return [*answers.OPENED, *(action for n in range(1, 15) for action in step(n)), ("hand_in", {})]


def test_the_lazy_ways_do_not_pass(made, answers):
    for step in (
        lambda n: answers.remove(n, "in-error"),
        lambda n: answers.remove(n, "symptom"),
        lambda n: answers.resolve(n, "today"),
        lambda n: answers.merge(n, 1) if n > 1 else [],
        lambda n: answers.edit(n, "I10"),
        lambda n: answers.edit(n, onset="today"),
    ):
        result = scored(made, every_line(answers, step))
        assert not result.passed and result.points < made.max / 2


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("M80.052A", True),
        ("S72.002A", True),
        ("S72.012A", True),
        ("S72.001A", False),
        ("M80.059A", False),
        ("M25.552", False),
    ],
)
def test_any_code_that_says_left_is_right_for_the_hip(made, answers, code, right):
    assert ("hip" not in missed(made, answers.answer(hip=answers.edit(2, code, "8 March 2026")))) is right


def test_two_lines_for_the_hip_are_one_too_many(made, answers):
    assert {"precision", "merged"} <= missed(made, answers.answer(hip_merge=None))


def test_the_messy_list_has_fourteen_lines_and_the_key_is_offered(made, rubric):
    lines = next(given for kind, given in made.scenario.content.items() if kind.__name__ == "ListedProblem")
    assert len(lines) == 14
    for line in lines:
        assert not line.icd10cm or (icd.is_leaf(line.icd10cm) and line.icd10cm in codes.offered())
    for key in rubric.KEY.values():
        assert key.codes <= codes.offered().keys()
        assert key.lines <= {line.id for line in lines}
    # every line has one place in the key
    placed = [line for key in rubric.KEY.values() for line in key.lines]
    placed += [*rubric.OVER, *rubric.NO_PROBLEM, rubric.NEVER_HERS]
    assert sorted(placed) == sorted(line.id for line in lines)


def test_the_notes_know_what_the_key_knows(made):
    person = Session(made.scenario, made.hospital).patient("bannerman-rose")
    told = " ".join(note.text for note in person.notes)
    for fact in FACTS:
        assert fact in told


def test_the_scenario_holds_no_key(made):
    text = (made.folder / "scenario.toml").read_text(encoding="utf-8")
    for word in ("M80.052A", "S72.002A", "M17.11", "D62", "R63.4", "in-error", "belongs_to"):
        assert word not in text
