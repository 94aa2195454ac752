"""Questions and the words on an answer, as HTML: for a page without Python, for print, and inside widgets.

Everything that is not this module's own markup is escaped. simemr/view/questions.css gives it its look.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from simemr.domain.questions import Cells, Choice, Feedback, Matching, Number, Ordering, Part, Question, Several

_MARKS = {True: ("yes", "✓", "Right: "), False: ("no", "✗", "Not right: "), None: ("note", "•", "")}


@dataclass(frozen=True)
class Saved:
    """Whether an answer is kept, and the sentence that says so. An empty text says nothing."""

    ok: bool
    text: str


def asked(question: Question, page: bool = False) -> str:
    """What is asked, and how to answer: in a widget, or on a page or paper."""
    how = escape(_how(question, page))
    return f'<div class="q-ask">{paragraphs(question.ask)}</div><p class="q-how">{how}</p>'


def feedback(feedback: Feedback, announce: bool = True) -> str:
    """The verdict in words with a tick or a cross, and the word on each part.

    announce: have a screen reader say the verdict; not for an answer that was only read back.
    """
    name, mark, _ = _MARKS[feedback.correct]
    role = ' role="alert"' if announce else ""
    parts = "".join(_part(part) for part in feedback.parts)
    sign = "" if feedback.correct is None else f'<span class="q-mark" aria-hidden="true">{mark}</span> '
    return (
        f'<div class="q-feedback q-{name}"><p class="q-verdict"{role}>{sign}{escape(feedback.text)}</p>'
        + (f'<ul class="q-parts">{parts}</ul>' if parts else "")
        + "</div>"
    )


def saved(saved: Saved) -> str:
    """The line that says whether the answer is kept."""
    if not saved.text:
        return ""
    if saved.ok:
        return f'<p class="q-saved"><span aria-hidden="true">✓</span> {escape(saved.text)}</p>'
    return f'<p class="q-unsaved" role="alert"><span aria-hidden="true">⚠</span> {escape(saved.text)}</p>'


def moved(text: str) -> str:
    """A sentence for a screen reader only, said at once."""
    return f'<p class="q-unseen" role="alert">{escape(text)}</p>'


def line(number: int, text: str) -> str:
    """A line of an ordering, with the place it has now."""
    return f'<p><span class="q-place">{number}</span> {escape(text)}</p>'


def heading(text: str) -> str:
    """The heading of a column or row."""
    return f"<b>{escape(text)}</b>"


def practice(question: Question, lesson: str) -> str:
    """The practice on a page without Python: to read and print, the answer folded away, a 'Start' button.

    The page's own script finds the button by its class and the practice by `data-lesson` and `data-practice`.
    Without scripts the style sheet hides the button, and nothing else depends on them.
    """
    answer = ""
    if question.marked:
        shown = feedback(question.reveal(), announce=False)
        answer = f'<details class="q-answer"><summary>Show the answer</summary>{shown}</details>'
    return (
        f'<div class="practice" data-lesson="{escape(lesson)}" data-practice="{escape(question.id)}">'
        f"{asked(question, page=True)}{_body(question)}{answer}{start(question.ask)}</div>"
    )


def start(what: str) -> str:
    """The button that turns a static rendition into the live one; its name says which one it starts."""
    first = what.strip().splitlines()[0]
    return f'<button type="button" class="practice-start" aria-label="Start: {escape(first)}">Start</button>'


def paragraphs(text: str) -> str:
    """Text with blank lines between paragraphs."""
    blocks = [block.strip() for block in text.strip().split("\n\n")]
    return "".join(f"<p>{escape(' '.join(block.split()))}</p>" for block in blocks if block)


def _part(part: Part) -> str:
    name, mark, word = _MARKS[part.correct]
    text = f' <span class="q-why">{escape(part.text)}</span>' if part.text else ""
    return (
        f'<li class="q-part q-{name}"><span class="q-mark" aria-hidden="true">{mark}</span>'
        f'<span><span class="q-unseen">{word}</span><b>{escape(part.label)}</b>{text}</span></li>'
    )


def _how(question: Question, page: bool = False) -> str:
    if isinstance(question, Choice):
        return "Choose one answer."
    if isinstance(question, Several):
        return "Choose every answer that is right."
    if isinstance(question, Number):
        return f"Write a number, in {question.unit}." if question.unit else "Write a number."
    if isinstance(question, Ordering):
        return "Put these in the right order." if page else "Move the lines until the order is right."
    if isinstance(question, Matching):
        return "Find the partner of each line."
    return "Mark the cells in the table." if page else "Press a cell to mark it. Press it again to unmark it."


def _body(question: Question) -> str:
    """What there is to answer, with room for a pen."""
    if isinstance(question, (Choice, Several)):
        return _list("q-options", question.options)
    if isinstance(question, Number):
        blank = '<span aria-hidden="true">__________</span>'
        return f'<p class="q-blank">Your answer: {blank} {escape(question.unit)}</p>'
    if isinstance(question, Ordering):
        return _list("q-options q-blanks", question.shown)
    if isinstance(question, Matching):
        lines, partners = _list("q-options q-blanks", question.pairs), _list("q-choices", question.choices)
        return f'{lines}<p class="q-partners">The partners to choose from:</p>{partners}'
    return _table(question)


def _list(name: str, texts) -> str:
    return f'<ul class="{name}">' + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _table(question: Cells) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in question.columns)
    rows = ""
    for number, row in enumerate(question.rows, 1):
        values = "".join(f"<td>{escape(value) or '(empty)'}</td>" for value in row)
        rows += f'<tr><th scope="row">{number}</th>{values}</tr>'
    return (
        '<div class="q-scroll" tabindex="0" role="group" aria-label="Table"><table class="q-table">'
        f'<thead><tr><th scope="col">Row</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
