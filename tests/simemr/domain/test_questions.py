"""Questions: what is right is marked right, every answer gets a word back, a wrong definition is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain.questions import (
    KINDS,
    Cells,
    Choice,
    Matching,
    Number,
    Ordering,
    QuestionError,
    Several,
    from_dict,
)

CHOICE = Choice(
    id="first-step",
    ask="What comes first?",
    options={"Check who it is": "Everything else hangs on it.", "Sign": "Not before you know for whom."},
    answer="Check who it is",
)
SEVERAL = Several(
    id="identifiers",
    ask="Which identify a patient?",
    options={
        "Name": "One of the two.",
        "Born": "With the name, enough.",
        "Bed": "Beds change.",
        "Room": "Rooms change too.",
    },
    answer=["Name", "Born"],
    why="Two, and never the room.",
)
NUMBER = Number(
    id="paracetamol",
    ask="15 mg/kg for 44 kg: how many mg?",
    unit="mg",
    answer=660,
    tolerance=5,
    slips={1000: "That is the dose from 50 kg."},
    why="15 mg/kg × 44 kg = 660 mg.",
)
ORDERING = Ordering(
    id="read-back",
    ask="Put the steps in order.",
    items={
        "Hear": "You need the value first.",
        "Write": "Then it is safe.",
        "Read back": "So that both agree.",
        "Act": "Now.",
    },
    answer=["Hear", "Write", "Read back", "Act"],
)
GROUPED = Ordering(
    id="any-order",
    ask="Put the steps in order.",
    items=["Name", "Born", "Sign"],
    answer=[["Name", "Born"], "Sign"],
    why="Both identifiers, then the signature.",
)
MATCHING = Matching(
    id="hazards",
    ask="Match each order to its hazard.",
    pairs={"Co-amoxiclav": "Allergy", "Zopiclone 7.5 mg": "Age", "Paracetamol 6 g": "Daily dose"},
    choices=["Age", "Allergy", "Daily dose", "Route"],
    why="Each alert names its hazard.",
)
CELLS = Cells(
    id="defects",
    ask="Mark the impossible values.",
    columns=["Patient", "Potassium", "Weight"],
    rows=[["A", 4.1, 70], ["B", "41", 52], ["C", 5.6, None]],
    answer={(2, "Potassium"): "Ten times too big: a lost point.", (3, "Weight"): "It is missing."},
    notes={(3, "Potassium"): "High, and possible."},
)
MARKED = [CHOICE, SEVERAL, NUMBER, ORDERING, GROUPED, MATCHING, CELLS]
UNMARKED = [
    Choice(id="q", ask="?", options=["a", "b"]),
    Several(id="q", ask="?", options=["a", "b"]),
    Number(id="q", ask="?", unit="mg"),
    Ordering(id="q", ask="?", items=["b", "a"]),
    Matching(id="q", ask="?", pairs=["a", "b"], choices=["1", "2"]),
    Cells(id="q", ask="?", columns=["a"], rows=[["1"]]),
]
WORDS = ["Name", "Born", "Bed", "Hear", "Write", "Read back", "Act", "Allergy", "Age", "Weight", "660 mg"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*WORDS, *MATCHING.pairs, *CHOICE.options])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from([*WORDS, *MATCHING.pairs]), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_the_right_answer_is_right_and_explained(question):
    feedback = question.check(question.right)
    assert feedback.correct is True
    assert question.why in feedback.text
    assert question.why or any(part.text for part in feedback.parts)


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_showing_the_answer_judges_nothing_and_leaves_nothing_wrong_unexplained(question):
    shown = question.reveal()
    assert shown.correct is None
    assert shown.text
    assert shown.parts == question.check(question.right).parts


@pytest.mark.parametrize("question", MARKED + UNMARKED, ids=lambda question: f"{question.kind}-{question.id}")
@given(value=JSON)
def test_no_value_makes_a_check_fail(question, value):
    feedback = question.check(value)
    assert feedback.text
    if feedback.correct is None:
        assert not feedback.parts
    if not question.marked:
        assert feedback.correct is None
    judged = feedback.correct is not None or feedback.text == "Your answer is complete."
    assert judged is (question.problem(value) == "")


@given(answer=st.floats(-1e6, 1e6), tolerance=st.floats(0, 100), share=st.floats(-1, 1))
def test_a_number_within_the_tolerance_is_right_however_it_is_written(answer, tolerance, share):
    question = Number(id="q", ask="?", unit="mg", answer=answer, tolerance=tolerance, why="So it is.")
    value = answer + tolerance * share
    for written in (value, repr(value), f" {value!r} mg ", repr(value).replace("-", "\N{MINUS SIGN}")):
        assert question.check(written).correct is True


@given(order=st.permutations(list(ORDERING.items)))
def test_an_order_is_right_only_if_it_is_the_order(order):
    assert ORDERING.check(order).correct is (order == ORDERING.right)


@given(chosen=st.lists(st.sampled_from(list(SEVERAL.options)), min_size=1, max_size=4, unique=True))
def test_several_is_right_only_with_all_and_no_other(chosen):
    feedback = SEVERAL.check(chosen)
    assert feedback.correct is (set(chosen) == {"Name", "Born"})
    if not feedback.correct:
        # what was not chosen is not given away
        assert {part.label for part in feedback.parts} == set(chosen)


@given(items=st.lists(st.text(min_size=1).filter(str.strip), min_size=2, max_size=6, unique=True))
def test_items_are_mixed_never_already_in_order_and_always_the_same_way(items):
    question = Ordering(id="q", ask="?", items=items, answer=items, why="So it is.")
    assert sorted(question.shown) == sorted(items)
    assert question.shown == question.shown
    assert not question.check(question.shown).correct


def test_a_wrong_choice_is_explained_and_the_right_one_not_given_away():
    feedback = CHOICE.check("Sign")
    assert feedback.correct is False
    assert [(part.label, part.correct, part.text) for part in feedback.parts] == [
        ("Sign", False, "Not before you know for whom.")
    ]


def test_a_right_choice_explains_the_others_too():
    assert [part.correct for part in CHOICE.check("Check who it is").parts] == [True, False]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("6600", "10 times too much"),
        ("66", "10 times too little"),
        ("660000", "1000 times too much"),
        ("1000", "dose from 50 kg"),
        ("700", "700 mg is too high"),
        (600, "600 mg is too low"),
    ],
)
def test_a_wrong_number_is_told_how(typed, says):
    feedback = NUMBER.check(typed)
    assert feedback.correct is False
    assert says in feedback.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write a number"),
        (None, "Write a number"),
        (True, "Write a number"),
        ("six hundred", "is not a number"),
        ("1,200", "comma can be read in two ways"),
        ("660 g", "in mg"),
        ("66.0.0", "only the number"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
        (float("nan"), "Write a number"),
        (10**400, "Write a number"),
    ],
)
def test_what_is_not_a_number_is_asked_for_again_not_judged(typed, says):
    feedback = NUMBER.check(typed)
    assert feedback.correct is None
    assert says in feedback.text


@pytest.mark.parametrize("typed", ["660", "660mg", "660 MG", "660.0", "658,5", "+660", " 6.6e2 "])
def test_a_number_may_be_written_as_people_write_it(typed):
    assert NUMBER.check(typed).correct is True


def test_steps_that_may_stand_in_any_order_may():
    assert GROUPED.check(["Born", "Name", "Sign"]).correct is True
    assert GROUPED.check(["Name", "Sign", "Born"]).correct is False
    assert "1 of 3 is in the right place" in GROUPED.check(["Name", "Sign", "Born"]).text


def test_matching_says_how_many_and_which():
    value = {"Co-amoxiclav": "Allergy", "Zopiclone 7.5 mg": "Allergy", "Paracetamol 6 g": "Route"}
    feedback = MATCHING.check(value)
    assert "1 of 3 is right" in feedback.text
    assert [part.correct for part in feedback.parts] == [True, False, False]


def test_matching_asks_for_the_lines_left_open():
    assert MATCHING.check({"Co-amoxiclav": "Allergy"}).text == "2 lines still need a partner."
    assert MATCHING.check(dict.fromkeys(MATCHING.pairs, "")).correct is None


def test_matching_without_choices_offers_each_partner_once_in_alphabetical_order():
    question = Matching(id="q", ask="?", pairs={"a": "y", "b": "X", "c": "y"}, why="So.")
    assert question.choices == ("X", "y")


def test_cells_count_what_is_found_and_what_does_not_belong():
    feedback = CELLS.check([[2, "Potassium"], [3, "Potassium"]])
    assert feedback.text == "Not yet: you have found 1 of 2. 1 mark does not belong."
    assert [(part.label, part.correct, part.text) for part in feedback.parts] == [
        ("Row 2, Potassium: 41", True, "Ten times too big: a lost point."),
        ("Row 3, Potassium: 5.6", False, "High, and possible."),
    ]
    assert CELLS.check([[1, "Weight"]]).parts[0].text == "Leave this one."


def test_right_cells_explain_the_tempting_one_too():
    parts = CELLS.check([[3, "Weight"], [2, "Potassium"], [2, "Potassium"]]).parts
    assert parts[1].label == "Row 3, Weight: (empty)"
    assert parts[-1].text == "Rightly left: High, and possible."


@pytest.mark.parametrize(
    "cell", [[0, "Weight"], [4, "Weight"], [True, "Weight"], ["1", "Weight"], [1, "Bed"], [1], 1, [1, []]]
)
def test_a_cell_that_is_not_in_the_table_is_not_judged(cell):
    assert CELLS.check([cell]).correct is None


def test_a_question_without_a_key_is_complete_but_not_judged():
    question = from_dict({"id": "what", "kind": "choice", "ask": "Which?", "options": ["a", "b"]})
    assert not question.marked
    assert question.problem("a") == ""
    assert question.problem("c")
    assert question.check("a").correct is None
    assert question.reveal().parts == ()


AB = {"a": "x", "b": "y"}
ONE = {"columns": ["a"], "rows": [[1]]}
WRONG = [
    ("choice", {"id": "Bad id", "options": AB}, "lower-case words joined by hyphens"),
    ("choice", {"ask": " ", "options": AB}, "ask must be text"),
    ("chocie", {}, "'chocie' is not one of choice, several"),
    (["choice"], {}, "is not one of"),
    ("choice", {"options": AB, "colour": 1}, "'colour' is not known"),
    ("choice", {}, "'options' is missing"),
    ("choice", {"options": "ab"}, "options must be a list"),
    ("choice", {"options": ["a"]}, "needs at least 2"),
    ("choice", {"options": ["a", "a"]}, "has 'a' twice"),
    ("choice", {"options": AB, "answer": "c"}, "'c' is not among"),
    ("choice", {"options": {"a": "x", "b": ""}, "answer": "a"}, "'b' has no explanation"),
    ("choice", {"options": {"a": "x", "b": 1}}, "must be text"),
    ("several", {"options": AB, "answer": []}, "needs at least 1"),
    ("several", {"options": AB, "answer": "a"}, "must be a list"),
    ("number", {"answer": "12"}, "must be a number"),
    ("number", {"answer": True}, "must be a number"),
    ("number", {"answer": 1}, "no explanation, and the question has no 'why'"),
    ("number", {"answer": 1, "why": "x", "tolerance": -1}, "tolerance"),
    ("number", {"answer": 1, "why": "x", "tolerance": 1, "slips": {2: "y"}}, "marked right"),
    ("number", {"answer": 1, "why": "x", "slips": {"2": "y"}}, "a slip must be a number"),
    ("number", {"answer": 1, "why": 3}, "'why' must be text"),
    ("ordering", {"items": ["a", "b"], "answer": ["a"], "why": "x"}, "needs at least 2"),
    ("ordering", {"items": ["a", "b", "c"], "answer": ["a", "b"], "why": "x"}, "leaves out 'c'"),
    ("ordering", {"items": ["a", "b"], "answer": [["a", "b"]], "why": "x"}, "any order"),
    ("ordering", {"items": ["a", "b"], "answer": ["a", 2], "why": "x"}, "not 2"),
    ("ordering", {"items": ["a", "b"], "answer": ["b", "a"]}, "no explanation"),
    ("matching", {"pairs": ["a", "b"]}, "needs its choices"),
    ("matching", {"pairs": AB, "choices": ["x", "z"]}, "'y' is not among"),
    ("matching", {"pairs": AB, "explain": {"c": "x"}}, "'c' is not among"),
    ("matching", {"pairs": {"a": "1", "b": 2}}, "partner of 'b'"),
    ("cells", {"columns": ["a"], "rows": []}, "not empty"),
    ("cells", {"columns": ["a"], "rows": [[1, 2]]}, "row 1 has 2 values for 1 columns"),
    ("cells", {"columns": ["a"], "rows": ["1"]}, "row 1 must be a list"),
    ("cells", {**ONE, "answer": {}}, "at least one cell"),
    ("cells", {**ONE, "answer": {(2, "a"): "x"}}, "(2, 'a')"),
    ("cells", {**ONE, "answer": {(1, "a"): "x"}, "notes": {(1, "a"): "y"}}, "both in the answer"),
]


@pytest.mark.parametrize(("kind", "definition", "says"), WRONG)
def test_a_wrong_definition_is_named_with_its_fault(kind, definition, says):
    definition = {"id": "q", "ask": "?", "kind": kind, **definition}
    with pytest.raises(QuestionError) as fault:
        from_dict(definition)
    assert says in str(fault.value)
    assert repr(definition["id"]) in str(fault.value)


def test_a_question_that_is_no_table_is_refused():
    with pytest.raises(QuestionError, match="must be a table"):
        from_dict(["choice"])


def test_every_kind_can_be_read_from_a_table():
    assert set(KINDS) == {question.kind for question in UNMARKED}
