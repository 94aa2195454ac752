"""The exercise's own questions, below the record; each answer is kept in the log and judged at the hand-in."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.load import DataError
from simemr.domain.questions import QuestionError, from_dict
from simemr.domain.session import ActionRefused
from simemr.html.escape import el, join, prose
from simemr.html.questions import Saved
from simemr.view.parts import box, button, field, html, put
from simemr.view.questions import QuestionView

if TYPE_CHECKING:
    from simemr.view.shell import Shell


def questions_panel(shell: "Shell") -> widgets.Widget | None:
    """Return the panel, or None where the exercise asks nothing. Raises DataError for a question that is wrong."""
    if not shell.scenario.questions:
        return None
    shown = [
        FreeText(shell, q).widget if q.get("kind") == "text" else _view(shell, q).widget
        for q in shell.scenario.questions
    ]
    return box(html(value=el("h2", "Questions")), *shown, classes=("em-card", "em-questions"))


def _view(shell: "Shell", definition: dict) -> QuestionView:
    try:
        question = from_dict(definition)
    except QuestionError as error:
        raise DataError(f"{shell.scenario.exercise}: {error}") from None

    def save(value: object) -> Saved:
        return _keep(shell, question.id, value)

    return QuestionView(question, save, shell.session.state.answers.get(question.id))


class FreeText:
    """A question that is answered in the learner's own words."""

    def __init__(self, shell: "Shell", definition: dict):
        self.shell, self.id = shell, definition["id"]
        earlier = shell.session.state.answers.get(self.id)
        self.text = field(widgets.Textarea, "Your answer", rows=4, value=earlier if isinstance(earlier, str) else "")
        self.save = button("Save my answer", "em-primary")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.word = html()
        self.widget = box(
            html(value=prose(definition.get("ask", ""))), self.text, box(self.save, classes=("em-line",)), self.word,
            classes=("em-question",),
        )  # fmt: skip

    def _save(self) -> None:
        if not self.text.value.strip():
            raise ActionRefused("Write your answer first.")
        kept = _keep(self.shell, self.id, self.text.value.strip())
        put(self.word, join(el("p", kept.text, role="status")))


def _keep(shell: "Shell", question: str, value: object) -> Saved:
    try:
        shell.do("answer", question=question, value=value)
    except ActionRefused as refusal:
        return Saved(False, str(refusal))
    error = shell.attempt.save_error
    return Saved(not error, error or "Your answer is saved.")
