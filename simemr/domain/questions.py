"""Questions with an answer that can be checked and explained.

Six kinds: Choice, Several, Number, Ordering, Matching and Cells. A definition that does not make sense
raises QuestionError, naming the question and the fault. A learner's value never raises, whatever it is:
`check` answers with feedback in words.

Every kind offers the same five things:

    question.right            one right value, or None when the question holds no answer
    question.problem(value)   "" when value is a complete answer, else one sentence saying what is missing
    question.check(value)     Feedback
    question.reveal()         Feedback that shows the right answer with every explanation
    question.marked           whether it holds an answer

Values are plain JSON, so that an answer can be written down and read back: Choice a text; Several a list of
texts; Number a number or what was typed; Ordering a list of texts; Matching an object from left to right;
Cells a list of [row number from 1, column title].

A question without an answer is legal: graded exercises show such questions, because the learner's side never
holds their key. `check` then only says whether the answer is complete.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from hashlib import sha256
from typing import Any, ClassVar

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_SEPARATED_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_SLACK = 1e-9  # binary fractions: 0.3 must be within 0.1 of 0.2


class QuestionError(ValueError):
    """A question's definition is wrong; the message names the question and the fault."""


@dataclass(frozen=True)
class Part:
    """The word on one option, item, pair or cell.

    correct: True or False for something that is right or not, None where neither fits.
    """

    label: str
    correct: bool | None
    text: str = ""


@dataclass(frozen=True)
class Feedback:
    """What the learner is told about one answer.

    correct: None when nothing was judged: the answer is not complete, there is no key, or the key is shown.
    """

    correct: bool | None
    text: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all kinds share.

    id: lower-case words joined by hyphens, unique within a lesson or exercise.
    ask: the question; a blank line starts a new paragraph.
    why: what to take away, shown with the right answer.
    """

    kind: ClassVar[str] = ""
    id: str
    ask: str
    why: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _ID.fullmatch(self.id):
            raise QuestionError(f"question {self.id!r}: an id is lower-case words joined by hyphens")
        self._text("ask", self.ask)
        if not isinstance(self.why, str):
            self._fault("'why' must be text")
        self._define()

    # What each kind provides.

    @property
    def right(self) -> Any:
        """One right value, or None."""
        raise NotImplementedError

    def problem(self, value: object) -> str:
        """'' when the value is a complete answer, else one sentence saying what is missing."""
        raise NotImplementedError

    def _define(self) -> None:
        """Check and tidy the definition."""
        raise NotImplementedError

    def _judge(self, value: Any) -> Feedback:
        """Judge a complete value of a question that holds its answer."""
        raise NotImplementedError

    # What they all do alike.

    @property
    def marked(self) -> bool:
        """Whether the question holds its answer."""
        return self.right is not None

    def check(self, value: object) -> Feedback:
        """Say in words whether the value is right, and why. Never raises."""
        problem = self.problem(value)
        if problem:
            return Feedback(None, problem)
        if not self.marked:
            return Feedback(None, "Your answer is complete.")
        feedback = self._judge(value)
        if feedback.correct and self.why:
            return replace(feedback, text=f"{feedback.text} {self.why}")
        return feedback

    def reveal(self) -> Feedback:
        """Show the right answer, with every explanation."""
        if not self.marked:
            return Feedback(None, "This question is marked when you hand in.")
        feedback = self._judge(self.right)
        return Feedback(None, f"{self._answer_in_words()} {self.why}".strip(), feedback.parts)

    def _answer_in_words(self) -> str:
        return "Here is the answer."

    def _fault(self, what: str) -> None:
        raise QuestionError(f"question {self.id!r}: {what}")

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            self._fault(f"{name} must be text and not empty, not {value!r}")
        return value

    def _texts(self, name: str, values: object, least: int) -> tuple[str, ...]:
        """A list of different, non-empty texts."""
        if isinstance(values, str) or not isinstance(values, Sequence):
            self._fault(f"{name} must be a list, not {values!r}")
        texts = tuple(self._text(f"each of {name}", value) for value in values)
        for text in texts:
            if texts.count(text) > 1:
                self._fault(f"{name} has {text!r} twice")
        if len(texts) < least:
            self._fault(f"{name} needs at least {least}, and has {len(texts)}")
        return texts

    def _explained(self, name: str, values: object, least: int) -> dict[str, str]:
        """Texts with an explanation each: a mapping, or a bare list of texts with nothing to explain."""
        if not isinstance(values, Mapping):
            return dict.fromkeys(self._texts(name, values, least), "")
        self._texts(name, tuple(values), least)
        for text, explanation in values.items():
            if not isinstance(explanation, str):
                self._fault(f"the explanation of {text!r} must be text, not {explanation!r}")
        return dict(values)

    def _known(self, name: str, text: object, known: Mapping | Sequence) -> None:
        if not isinstance(text, str) or text not in known:
            self._fault(f"{name} {text!r} is not among {', '.join(map(repr, known))}")

    def _must_explain(self, explanations: Mapping[Any, str]) -> None:
        """A question with an answer owes the learner a reason: for each part, or one for the whole."""
        if self.why:
            return
        for label, explanation in explanations.items():
            if not explanation.strip():
                self._fault(f"{label!r} has no explanation, and the question has no 'why'")


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One right option.

    options: {text: why it is right or not}, in the order shown; a bare list where there is no answer.
    answer: the text of the right option.
    """

    kind: ClassVar[str] = "choice"
    options: Mapping[str, str] | Sequence[str]
    answer: str | None = None

    def _define(self) -> None:
        object.__setattr__(self, "options", self._explained("options", self.options, 2))
        if self.answer is not None:
            self._known("the answer", self.answer, self.options)
            _every_option_explained(self)

    @property
    def right(self) -> str | None:
        return self.answer

    def problem(self, value: object) -> str:
        return "" if isinstance(value, str) and value in self.options else "Choose one of the answers first."

    def _judge(self, value: str) -> Feedback:
        if value == self.answer:
            return Feedback(True, "Yes, that is right.", _options(self.options, {self.answer}))
        chosen = Part(value, False, self.options[value])
        return Feedback(False, "Not this one. Read why, then try again.", (chosen,))


@dataclass(frozen=True, kw_only=True)
class Several(Question):
    """One or more right options, all of which must be chosen and no other.

    options: {text: why it is right or not}, in the order shown; answer: the texts of the right ones.
    """

    kind: ClassVar[str] = "several"
    options: Mapping[str, str] | Sequence[str]
    answer: Sequence[str] | None = None

    def _define(self) -> None:
        object.__setattr__(self, "options", self._explained("options", self.options, 2))
        if self.answer is not None:
            answer = self.answer
            if isinstance(answer, (set, frozenset)):
                answer = sorted(answer, key=str)
            object.__setattr__(self, "answer", self._texts("the answer", answer, 1))
            for text in self.answer:
                self._known("the answer", text, self.options)
            _every_option_explained(self)

    @property
    def right(self) -> list[str] | None:
        return None if self.answer is None else [text for text in self.options if text in self.answer]

    def problem(self, value: object) -> str:
        if not isinstance(value, list):
            return "Choose from the answers given."
        if not all(isinstance(text, str) and text in self.options for text in value):
            return "Choose from the answers given."
        return "" if value else "Choose at least one answer first."

    def _judge(self, value: list[str]) -> Feedback:
        chosen, answer = set(value), set(self.answer or ())
        if chosen == answer:
            return Feedback(True, "Yes, that is right.", _options(self.options, answer))
        text = _found(len(chosen & answer), len(answer), len(chosen - answer), "choice")
        parts = _options({text: why for text, why in self.options.items() if text in chosen}, answer)
        return Feedback(False, text, parts)


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, in a unit that is said in the question and beside the field.

    answer, tolerance: right is answer - tolerance to answer + tolerance, both included.
    slips: {wrong number: what went wrong}, for the mistakes people really make; the same tolerance holds.
    A value ten, a hundred or a thousand times too big or too small is named as such.
    """

    kind: ClassVar[str] = "number"
    unit: str = ""
    answer: float | None = None
    tolerance: float = 0
    slips: Mapping[float, str] = field(default_factory=dict)

    def _define(self) -> None:
        if not isinstance(self.unit, str):
            self._fault("the unit must be text")
        if not _is_number(self.tolerance) or self.tolerance < 0:
            self._fault(f"the tolerance must be a number from 0, not {self.tolerance!r}")
        if self.answer is None:
            return
        if not _is_number(self.answer):
            self._fault(f"the answer must be a number, not {self.answer!r}")
        if not isinstance(self.slips, Mapping):
            self._fault("slips must be {wrong number: what went wrong}")
        for slip, explanation in self.slips.items():
            if not _is_number(slip):
                self._fault(f"a slip must be a number, not {slip!r}")
            self._text(f"the explanation of slip {slip!r}", explanation)
            if self._near(float(slip), float(self.answer)):
                self._fault(f"the slip {slip!r} would be marked right: it is within the tolerance")
        object.__setattr__(self, "slips", dict(self.slips))
        self._must_explain({"the answer": ""})

    @property
    def right(self) -> float | None:
        return self.answer

    def read(self, value: object) -> tuple[float | None, str]:
        """The number meant, and '' ; or None and one sentence saying what is wrong with it."""
        if _is_number(value):
            return float(value), ""
        if not isinstance(value, str):
            return None, "Write a number first."
        text = value.strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            return None, "Write a number first."
        match = _NUMBER.match(text)
        if not match:
            return None, f"'{_shorten(text)}' is not a number. Write it in figures, like 12.5."
        digits, rest = match.group(), text[match.end() :].strip()
        if _SEPARATED_THOUSANDS.match(text):
            # 1,200 is 1200 to one reader and 1.2 to another: the very slip that gives a thousandfold dose.
            return None, "A comma can be read in two ways. Write the number without one, like 1200 or 1.2."
        if rest and rest.casefold() != self.unit.casefold():
            wanted = f"Give the answer in {self.unit}, and write" if self.unit else "Write"
            return None, f"{wanted} only the number: '{_shorten(rest)}' is not part of it."
        number = float(digits.replace(",", "."))
        if not math.isfinite(number):
            return None, "That number is too large to read."
        return number, ""

    def problem(self, value: object) -> str:
        return self.read(value)[1]

    def _near(self, number: float, target: float) -> bool:
        slack = _SLACK * max(1.0, abs(target))
        return abs(number - target) <= self.tolerance + slack

    def _judge(self, value: object) -> Feedback:
        number, _ = self.read(value)
        answer = float(self.answer)
        if self._near(number, answer):
            return Feedback(True, f"Yes: {self._say(answer)}.")
        for slip, explanation in self.slips.items():
            if self._near(number, float(slip)):
                return Feedback(False, f"Not yet. {explanation}")
        for times in (10, 100, 1000) if answer else ():
            for scaled, what in ((number / times, "much"), (number * times, "little")):
                if self._near(scaled, answer):
                    slip = f"That is {times} times too {what}: check the decimal point and the units."
                    return Feedback(False, f"Not yet. {slip}")
        return Feedback(False, f"Not yet. {self._say(number)} is too {'high' if number > answer else 'low'}.")

    def _say(self, number: float) -> str:
        return f"{number:.10g} {self.unit}".strip()

    def _answer_in_words(self) -> str:
        return f"The answer is {self._say(float(self.answer))}."


@dataclass(frozen=True, kw_only=True)
class Ordering(Question):
    """Put things in the right order.

    items: {text: why it has its place}. Without an answer they are shown as given. With one, they are shown
        in a mixed order that is the same each time and is not the right one.
    answer: the texts in the right order. A list inside the list holds texts that may stand in any order.
    """

    kind: ClassVar[str] = "ordering"
    items: Mapping[str, str] | Sequence[str]
    answer: Sequence[str | Sequence[str]] | None = None

    def _define(self) -> None:
        object.__setattr__(self, "items", self._explained("items", self.items, 2))
        if self.answer is None:
            return
        if isinstance(self.answer, str) or not isinstance(self.answer, Sequence):
            self._fault(f"the answer must be a list of the items in order, not {self.answer!r}")
        steps = tuple(tuple(step) if isinstance(step, (list, tuple)) else (step,) for step in self.answer)
        flat = self._texts("the answer", [text for step in steps for text in step], 2)
        for text in flat:
            self._known("the answer", text, self.items)
        missing = [text for text in self.items if text not in flat]
        if missing:
            self._fault(f"the answer leaves out {missing[0]!r}")
        if len(steps) < 2:
            self._fault("any order would be right: the answer must have at least two steps")
        object.__setattr__(self, "answer", steps)
        self._must_explain(self.items)

    @property
    def right(self) -> list[str] | None:
        return None if self.answer is None else [text for step in self.answer for text in step]

    @property
    def shown(self) -> list[str]:
        """The items in the order the learner first meets them."""
        if self.answer is None:
            return list(self.items)
        # Mixed by the words themselves, so that page, print and widget agree and every run is the same.
        mixed = sorted(self.items, key=lambda text: sha256(f"{self.id}\n{text}".encode()).digest())
        while self._judge(mixed).correct:
            mixed = mixed[1:] + mixed[:1]
        return mixed

    def problem(self, value: object) -> str:
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            return "Put the items in order first."
        return "" if sorted(value) == sorted(self.items) else "Use each item once."

    def _judge(self, value: list[str]) -> Feedback:
        places = [set(step) for step in self.answer for _ in step]
        parts = tuple(Part(text, text in place, self.items[text]) for text, place in zip(value, places, strict=True))
        placed = sum(bool(part.correct) for part in parts)
        if placed == len(parts):
            return Feedback(True, "Yes, that is the right order.", parts)
        return Feedback(False, f"Not yet: {placed} of {len(parts)} {_are(placed)} in the right place.", parts)


@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """Give each left-hand text its right-hand partner.

    pairs: {left: right}, or a bare list of lefts where there is no answer. Several lefts may share a right.
    choices: everything offered, in the order shown; without it, the rights in alphabetical order.
    explain: {left: why}.
    """

    kind: ClassVar[str] = "matching"
    pairs: Mapping[str, str] | Sequence[str]
    choices: Sequence[str] | None = None
    explain: Mapping[str, str] = field(default_factory=dict)

    def _define(self) -> None:
        pairs = self.pairs if isinstance(self.pairs, Mapping) else None
        lefts = self._texts("pairs", tuple(self.pairs) if pairs is not None else self.pairs, 2)
        if pairs is None:
            if self.choices is None:
                self._fault("a matching question without an answer needs its choices")
            object.__setattr__(self, "choices", self._texts("choices", self.choices, 2))
            object.__setattr__(self, "pairs", dict.fromkeys(lefts))
            return
        for left, right in pairs.items():
            self._text(f"the partner of {left!r}", right)
        offered = self.choices
        if offered is None:
            offered = sorted(set(pairs.values()), key=str.casefold)
        object.__setattr__(self, "choices", self._texts("choices", offered, 2))
        for right in pairs.values():
            self._known("the partner", right, self.choices)
        if not isinstance(self.explain, Mapping):
            self._fault("explain must be {left: why}")
        for left, explanation in self.explain.items():
            self._known("explain", left, pairs)
            self._text(f"the explanation of {left!r}", explanation)
        object.__setattr__(self, "pairs", dict(pairs))
        object.__setattr__(self, "explain", dict(self.explain))
        self._must_explain({left: self.explain.get(left, "") for left in pairs})

    @property
    def right(self) -> dict[str, str] | None:
        return None if None in self.pairs.values() else dict(self.pairs)

    def problem(self, value: object) -> str:
        if not isinstance(value, dict) or any(left not in self.pairs for left in value):
            return "Choose a partner for each line first."
        missing = [left for left in self.pairs if value.get(left) in (None, "")]
        if missing:
            need = "needs" if len(missing) == 1 else "need"
            return f"{_count(len(missing), 'line')} still {need} a partner."
        if not all(isinstance(right, str) and right in self.choices for right in value.values()):
            return "Choose from the partners given."
        return ""

    def _judge(self, value: dict[str, str]) -> Feedback:
        parts = tuple(
            Part(f"{left}: {value[left]}", value[left] == right, self.explain.get(left, ""))
            for left, right in self.pairs.items()
        )
        matched = sum(bool(part.correct) for part in parts)
        if matched == len(parts):
            return Feedback(True, "Yes, every line has its partner.", parts)
        return Feedback(False, f"Not yet: {matched} of {len(parts)} {_are(matched)} right.", parts)


@dataclass(frozen=True, kw_only=True)
class Cells(Question):
    """Mark the cells of a table.

    columns: titles. rows: the same number of values each; rows are numbered from 1 for the learner.
    answer: {(row, column title): why it is marked}; None where there is no answer.
    notes: {(row, column title): why it is not marked}, for cells that tempt.
    """

    kind: ClassVar[str] = "cells"
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    answer: Mapping[tuple[int, str], str] | None = None
    notes: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def _define(self) -> None:
        object.__setattr__(self, "columns", self._texts("columns", self.columns, 1))
        if isinstance(self.rows, str) or not isinstance(self.rows, Sequence) or not self.rows:
            self._fault("rows must be a list of rows, and not empty")
        rows = []
        for number, row in enumerate(self.rows, 1):
            if isinstance(row, str) or not isinstance(row, Sequence):
                self._fault(f"row {number} must be a list of values, not {row!r}")
            if len(row) != len(self.columns):
                self._fault(f"row {number} has {len(row)} values for {len(self.columns)} columns")
            rows.append(tuple("" if value is None else str(value) for value in row))
        object.__setattr__(self, "rows", tuple(rows))
        if self.answer is None:
            return
        if not isinstance(self.answer, Mapping) or not self.answer:
            self._fault("the answer must be {(row, column): why}, with at least one cell")
        if not isinstance(self.notes, Mapping):
            self._fault("notes must be {(row, column): why it is not marked}")
        for name, cells in (("the answer", self.answer), ("notes", self.notes)):
            for cell, explanation in cells.items():
                if _cell(cell, self) is None:
                    self._fault(f"{name} names {cell!r}, which is no (row number from 1, column title) here")
                if not isinstance(explanation, str):
                    self._fault(f"the explanation of cell {cell!r} must be text, not {explanation!r}")
        for cell in self.notes:
            if cell in self.answer:
                self._fault(f"the cell {cell!r} is both in the answer and in notes")
        object.__setattr__(self, "answer", dict(self.answer))
        object.__setattr__(self, "notes", dict(self.notes))
        self._must_explain(self.answer)

    @property
    def right(self) -> list[list] | None:
        return None if self.answer is None else [list(cell) for cell in sorted(self.answer, key=self._place)]

    def cell_name(self, row: int, column: str) -> str:
        """'Row 2, Potassium: 5.6', or '(empty)' for the value."""
        value = self.rows[row - 1][self.columns.index(column)]
        return f"Row {row}, {column}: {value or '(empty)'}"

    def problem(self, value: object) -> str:
        if not isinstance(value, list) or any(_cell(cell, self) is None for cell in value):
            return "Mark cells of the table."
        return "" if value else "Mark at least one cell first."

    def _place(self, cell: tuple[int, str]) -> tuple[int, int]:
        return cell[0], self.columns.index(cell[1])

    def _judge(self, value: list) -> Feedback:
        marked = sorted({_cell(cell, self) for cell in value}, key=self._place)
        parts = tuple(
            Part(self.cell_name(*cell), True, self.answer[cell])
            if cell in self.answer
            else Part(self.cell_name(*cell), False, self.notes.get(cell) or "Leave this one.")
            for cell in marked
        )
        found = sum(bool(part.correct) for part in parts)
        if set(marked) == set(self.answer):
            rest = tuple(
                Part(self.cell_name(*cell), None, f"Rightly left: {self.notes[cell]}")
                for cell in sorted(self.notes, key=self._place)
            )
            return Feedback(True, "Yes, those are the cells.", parts + rest)
        return Feedback(False, _found(found, len(self.answer), len(marked) - found, "mark"), parts)


KINDS: dict[str, type[Question]] = {cls.kind: cls for cls in (Choice, Several, Number, Ordering, Matching, Cells)}


def from_dict(definition: Mapping[str, Any]) -> Question:
    """A question from a table such as a scenario's [[question]]: id, kind, ask and what the kind needs.

    Raises QuestionError naming the question, and the key that is missing or not known.
    """
    if not isinstance(definition, Mapping):
        raise QuestionError(f"a question must be a table, not {definition!r}")
    given = dict(definition)
    name = given.get("id")
    kind = given.pop("kind", None)
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise QuestionError(f"question {name!r}: kind {kind!r} is not one of {', '.join(KINDS)}")
    known = {item.name for item in fields(cls)}
    for key in given:
        if key not in known:
            raise QuestionError(f"question {name!r}: {key!r} is not known for a {kind} question")
    for item in fields(cls):
        if item.default is MISSING and item.default_factory is MISSING and item.name not in given:
            raise QuestionError(f"question {name!r}: {item.name!r} is missing")
    return cls(**given)


def _every_option_explained(question: Choice | Several) -> None:
    for text, explanation in question.options.items():
        if not explanation.strip():
            question._fault(f"the option {text!r} has no explanation")


def _options(options: Mapping[str, str], answer: set) -> tuple[Part, ...]:
    return tuple(Part(text, text in answer, explanation) for text, explanation in options.items())


def _cell(value: object, question: Cells) -> tuple[int, str] | None:
    """(row, column) where the value names a cell of the table."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    row, column = value
    if type(row) is not int or not 1 <= row <= len(question.rows):
        return None
    if not isinstance(column, str) or column not in question.columns:
        return None
    return row, column


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _found(found: int, of: int, wrong: int, what: str) -> str:
    text = f"Not yet: you have found {found} of {of}."
    if wrong:
        text += f" {_count(wrong, what)} {'does' if wrong == 1 else 'do'} not belong."
    return text


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _shorten(text: str, to: int = 40) -> str:
    return text if len(text) <= to else text[: to - 1] + "…"
