"""Keeping the problem list: what is refused, what is kept, what can be put back; the codes and the dates."""

import re
from datetime import date, datetime

import pytest
import simple_icd_10_cm as icd
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import codes, load, since
from simemr.domain.action import ActionRefused
from simemr.domain.actions.problems import FiledNote, ListedProblem, ProblemList
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 14, 0)
BORN = date(1944, 6, 19)
ROSE = "bannerman-rose"
PEOPLE = load.hospital(CLOCK, (ROSE,))
LINES = (
    ListedProblem("a", ROSE, "HTN", icd10cm="I10"),
    ListedProblem("b", ROSE, "High blood pressure", onset="2008"),
    ListedProblem("c", ROSE, "Hip fracture", onset="2026-03-08"),
)


@pytest.fixture
def session():
    note = FiledNote(ROSE, datetime(2026, 3, 10, 9, 0), "A. Nurse", "nurse", "call", " Rang the GP. ")
    content = {ListedProblem: LINES, FiledNote: (note,)}
    made = Session(Scenario("x", "X", CLOCK, patients=(ROSE,), content=content), PEOPLE)
    made.apply("open_patient", {"patient": ROSE})
    return made


def do(session, action, **args):
    session.apply(f"{action}_problem", {"patient": ROSE, **args})


def lines(session, status="active"):
    return {p.id: p for p in session.patient(ROSE).problems if p.status == status}


def test_the_scenarios_lines_take_the_place_of_the_files_and_its_notes_are_filed_among_them(session):
    assert list(lines(session)) == ["a", "b", "c"]
    notes = session.patient(ROSE).notes
    assert [n.text for n in notes if n.author == "A. Nurse"] == ["Rang the GP."]
    assert list(notes) == sorted(notes, key=lambda n: n.at)
    assert len(PEOPLE.patients[ROSE].notes) == len(notes) - 1


def test_merging_keeps_what_only_the_double_knew(session):
    do(session, "merge", problem="b", into="a")
    assert (lines(session)["a"].icd10cm, lines(session)["a"].onset) == ("I10", "2008")
    assert session.state.part(ProblemList).of(ROSE)["b"].into == "a"
    for into in ("a", "b", "nobody"):
        with pytest.raises(ActionRefused):
            do(session, "merge", problem="a", into=into)


def test_what_left_the_list_is_put_back_as_it_was(session):
    before = set(lines(session).values())
    do(session, "remove", problem="a", reason="in-error")
    do(session, "merge", problem="b", into="c")
    do(session, "resolve", problem="c", on="today")
    assert lines(session) == {}
    assert lines(session, "resolved")["c"].abated == "2026-03-12"
    for problem in "abc":
        do(session, "restore", problem=problem)
    assert set(lines(session).values()) == before
    with pytest.raises(ActionRefused, match="nothing to put back"):
        do(session, "restore", problem="a")


def test_editing_changes_what_is_given_and_leaves_the_rest(session):
    do(session, "edit", problem="c", code="M80.052A")
    assert (lines(session)["c"].icd10cm, lines(session)["c"].onset) == ("M80.052A", "2026-03-08")
    do(session, "edit", problem="b", onset="March 2009")
    assert (lines(session)["b"].icd10cm, lines(session)["b"].onset) == ("", "2009-03")


@pytest.mark.parametrize(
    ("action", "args", "says"),
    [
        ("edit", {"problem": "a"}, "nothing to save"),
        ("edit", {"problem": "a", "code": "X99.9"}, "Choose a code"),
        ("edit", {"problem": "z", "code": "I10"}, "not on the active list"),
        ("edit", {"problem": "a", "onset": "8/3/2026"}, "Write a year"),
        ("edit", {"problem": "a", "onset": "2027"}, "future"),
        ("edit", {"problem": "a", "onset": "1920"}, "before the patient was born"),
        ("resolve", {"problem": "a", "on": " "}, "since when it is over"),
        ("resolve", {"problem": "b", "on": "2007"}, "before it began"),
        ("remove", {"problem": "a", "reason": "boring"}, "Choose why"),
        ("add", {"text": " ", "code": "I10"}, "plain words"),
        ("add", {"text": "Weight loss", "code": ""}, "Choose a code"),
    ],
)
def test_what_is_refused_changes_nothing(session, action, args, says):
    before = session.patient(ROSE)
    with pytest.raises(ActionRefused, match=says):
        do(session, action, **args)
    assert session.patient(ROSE) == before


def test_a_line_of_a_patients_file_can_be_resolved_though_its_date_is_a_moment():
    made = Session(Scenario("x", "X", CLOCK, patients=(ROSE,)), PEOPLE)
    made.apply("open_patient", {"patient": ROSE})
    with pytest.raises(ActionRefused, match="before it began"):
        do(made, "resolve", problem="hip", on="7 March 2026")
    do(made, "resolve", problem="hip", on="March 2026")
    do(made, "add", text="Weight loss", code="R63.4")
    do(made, "add", text="Falls", code="R29.6", onset="2025")
    assert [p for p in lines(made) if p.startswith("added")] == ["added-1", "added-2"]


# ---------------------------------------------------------------------------------------------------------------
# dates


@given(st.dates(BORN, CLOCK.date()))
def test_a_day_is_read_however_it_is_written_and_kept_in_one_form(day):
    kept = day.isoformat()
    for written in (kept, f"{day.day} {day:%B} {day.year}", f" {day.day} {day:%b} {day.year} ", since.text(kept)):
        assert since.read(written, CLOCK, BORN) == kept
    for written in (kept[:7], f"{day:%B} {day.year}", since.text(kept[:7])):
        assert since.read(written, CLOCK, BORN) == kept[:7]
    assert since.read(str(day.year), CLOCK, BORN) == kept[:4]


@pytest.mark.parametrize(
    "written", ["", "soon", "08/03/2026", "30 February 2020", "Ma 2020", "2020-13", "20", "8 2020"]
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(written):
    with pytest.raises(ValueError, match="Write a year"):
        since.read(written, CLOCK, BORN)


# ---------------------------------------------------------------------------------------------------------------
# codes

SIDE = {"left": r"\bleft\b", "right": r"\bright\b", "both": r"bilateral|both", "unspecified": "unspecified"}


@pytest.mark.parametrize("code", codes.offered().values(), ids=lambda code: code.code)
def test_a_code_is_in_the_classification_and_says_the_side_that_is_shown(code):
    assert icd.is_valid_item(code.code) and icd.is_leaf(code.code)
    said = icd.get_description(code.code).lower()
    if code.side:
        assert re.search(SIDE[code.side], said)
    if code.side in ("left", "right", "both"):
        assert re.search(rf"\b{code.side}\b", code.text)
    if not code.side:
        assert not re.search(SIDE["left"] + "|" + SIDE["right"], said)


def test_the_words_of_the_codes_are_all_different():
    texts = [code.text for code in codes.offered().values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'code = [\n  {code = "I10", text = "A"},\n  {code = "I10", text = "B"},\n]',
            r":3: the code I10 is there twice",
        ),
        ('code = [\n  {code = "I10", text = "A", side = "up"},\n]', r":2: there is no side 'up'"),
    ],
)
def test_a_fault_in_the_codes_is_named_with_its_line(tmp_path, text, says):
    file = tmp_path / "codes.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(load.DataError, match=says):
        codes.load(file)
