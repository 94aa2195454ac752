"""The header: what this is, how far it is, that it is saved, and the two ways out."""

import base64
from typing import TYPE_CHECKING

from simemr import place
from simemr.domain import interruption
from simemr.domain.scenario import DESKS
from simemr.html import task as page
from simemr.html.escape import Markup, el, join, sign
from simemr.view.parts import box, button, html, put, show
from simemr.view.saved_file import SavedFile

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Header:
    """Stays in view; says loudly when something could not be saved."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        scenario = shell.scenario
        title = html("em-title", value=page.title(scenario.title, "exercise", scenario.minutes))
        self.progress = html("em-progress-box")
        self.saved = html("em-saved-box")
        self.retry = button("Try again", "em-off")
        self.retry.on_click(shell.guarded(lambda _: self._retry()))
        self.copy = html("em-copy", "em-off")
        self.file = SavedFile(shell)
        self.resume = button("I have a saved file", "em-off")
        self.resume.on_click(shell.guarded(lambda _: self._load(self.resume)))
        self.leave = button("Leave")
        self.leave.on_click(shell.guarded(lambda _: self._ask_leave()))
        self.hand_in = button("Hand in", "em-primary")
        self.hand_in.on_click(shell.guarded(lambda _: self._ask_hand_in()))
        bar = box(
            title,
            self.progress,
            self.saved,
            self.retry,
            self.copy,
            self.resume,
            self.leave,
            self.hand_in,
            classes=("em-bar",),
        )
        self.words = html("em-message-box")
        self.question = html()
        self.yes = button("Hand in now", "em-primary")
        self.yes.on_click(shell.guarded(lambda _: self._hand_in()))
        self.no = button("Not yet")
        self.no.on_click(shell.guarded(lambda _: self._stay()))
        self.load = button("Go on from a saved file")
        self.load.on_click(shell.guarded(lambda _: self._load(self.leave)))
        acts = box(self.yes, self.no, self.load, classes=("em-line",))
        self.panel = box(self.question, acts, classes=("em-ask", "em-off"))
        self._asked_by = self.leave
        self._said = False
        self.widget = box(bar, self.panel, self.file.widget, self.words, classes=("em-header",))

    def say(self, words: str, wrong: bool) -> None:
        """Show and announce a sentence, "" for none."""
        self._said = bool(words)
        if not words:
            self._suggest()
            return
        look = "em-message em-wrong" if wrong else "em-message"
        # the same refusal twice must be heard twice
        echo = "" if "\u200b" in self.words.value else "\u200b"
        role = "alert" if wrong else "status"
        put(self.words, el("p", sign("⚠ " if wrong else "✓ "), words, echo, class_=look, role=role))

    def refresh(self) -> None:
        """Show progress and what is saved."""
        attempt, state = self.shell.attempt, self.shell.session.state
        put(self.progress, page.progress(*self._steps()))
        problem = unsaved(attempt)
        put(self.saved, saved_words(attempt, problem))
        show(self.retry, bool(attempt.save_error))
        show(self.copy, bool(problem))
        if problem:
            put(self.copy, copy_link(attempt))
        if not self._said:
            self._suggest()
        # where a server keeps the work, it is there at every computer
        show(self.resume, not (state.events or place.server))
        show(self.leave, not state.handed_in)
        show(self.hand_in, not state.handed_in)

    def _suggest(self) -> None:
        """With nothing to report, the line says what comes next, so that the page does not jump."""
        put(self.words, el("p", f"Next: {self._next()}.", class_="em-message em-next"))

    def _next(self) -> str:
        scenario, state = self.shell.scenario, self.shell.session.state
        if state.handed_in:
            return "read on below, or try again"
        if state.draft is not None:
            return "decide about the alert" if state.draft.unanswered else "look at the order once more, then sign it"
        if interruption.waiting(self.shell.session) is not None:
            return "answer whoever is waiting, or say that you will come back to them"
        if interruption.promised(self.shell.session) and not self._left():
            return "come back to whoever you promised an answer"
        if state.events and self._steps()[1] and not self._left():
            return "look over what you did, then hand in"
        if scenario.view == "extract":
            return "choose a cell, a row or a column that looks wrong"
        if state.desk:
            return "go through what lies on your desk, one thing after another"
        if scenario.desks and not state.patient:
            return f"open the {DESKS[scenario.desks[0]].lower()} on your desk"
        if not state.patient:
            return "open a patient's record from the ward list"
        if scenario.identity and state.patient not in state.confirmed:
            return "make sure whose record this is"
        return "read what you need, then do what the task asks"

    def _steps(self) -> tuple[int, int]:
        """How many steps are done, and of how many: the tasks, and the orders to check that no task names."""
        scenario, state = self.shell.scenario, self.shell.session.state
        orders = self._orders()
        done = sum(task.id in state.done for task in scenario.tasks) + sum(o in state.verdicts for o in orders)
        return done, len(scenario.tasks) + len(orders)

    def _left(self) -> int:
        """How many steps are left before the hand-in."""
        scenario, state = self.shell.scenario, self.shell.session.state
        tasks = [task for task in scenario.tasks if task.done.get("action") != "hand_in"]
        return sum(t.id not in state.done for t in tasks) + sum(o not in state.verdicts for o in self._orders())

    def _orders(self) -> list[str]:
        """The orders that wait for a check without a task of their own."""
        scenario = self.shell.scenario
        named = [task.done.get("order", ()) for task in scenario.tasks]
        covered = {o for orders in named for o in ([orders] if isinstance(orders, str) else orders)}
        return [order.id for order in scenario.orders if order.id not in covered]

    def _retry(self) -> None:
        saved = self.shell.attempt.save()
        self.shell.refresh()
        if saved:
            self.shell.say("Everything is saved now.")
            self.leave.focus()
        else:
            self.shell.say("It still could not be saved. Save a copy before you leave.", wrong=True)

    def _ask_leave(self) -> None:
        attempt = self.shell.attempt
        problem = unsaved(attempt)
        if problem:
            words = join(el("h2", "Save a copy before you leave"), el("p", problem), el("p", copy_link(attempt)))
        else:
            words = join(
                el("h2", "You can leave now"),
                el("p", "Everything up to here is saved. Close this page, or go elsewhere. "
                   "When you come back you are at this point. Nothing is handed in by leaving."),
            )  # fmt: skip
        if not (problem or place.server):
            carry = "To go on at another computer, take a copy with you and load it there. "
            words = join(words, el("p", carry, copy_link(attempt)))
        if place.home:
            words = join(words, el("p", el("a", "Leave this exercise", href=place.home, target="_top")))
        self._ask(self.leave, words, hand_in=False)

    def _ask_hand_in(self) -> None:
        done, of = self._steps()
        left = self._left()
        open_words = f" {left} {'is' if left == 1 else 'are'} still open." if left else " Nothing is left open."
        after = (
            "After this, your answers can't be changed. You see at once how you did and why, and you may try again as "
            "often as you like."
        )
        words = join(
            el("h2", "Hand in?"),
            el("p", f"{done} of {of} steps {'is' if done == 1 else 'are'} done.{open_words}") if of else "",
            el("p", after),
        )
        self._ask(self.hand_in, words, hand_in=True)

    def _ask(self, by, words: Markup, hand_in: bool) -> None:
        self._asked_by = by
        put(self.question, el("div", words, role="alert"))
        self.say("", False)
        show(self.file.widget, False)
        show(self.yes, hand_in)
        show(self.load, not (hand_in or place.server))
        self.no.description = "Not yet" if hand_in else "Stay here"
        show(self.panel, True)
        self.no.focus()

    def _load(self, opened_by) -> None:
        show(self.panel, False)
        self.file.open(opened_by)

    def _stay(self) -> None:
        show(self.panel, False)
        self._asked_by.focus()

    def _hand_in(self) -> None:
        show(self.panel, False)
        self.shell.hand_in()


def unsaved(attempt) -> str:
    """Say why the work is not kept, "" when it is."""
    if attempt.save_error:
        return attempt.save_error
    if place.storage == "none":
        return "This page can't keep your answers: they are gone when it is closed."
    return ""


def saved_words(attempt, problem: str) -> Markup:
    """Return "Saved 14:02", or a loud "Not saved"."""
    if problem:
        return el("p", sign("⚠"), " Not saved", class_="em-unsaved", role="alert", title=problem)
    return el("p", sign("✓"), f" Saved{_clock(attempt)}", class_="em-saved")


def _clock(attempt) -> str:
    return f" {attempt.saved.astimezone():%H:%M}" if attempt.saved else ""


def copy_link(attempt) -> Markup:
    """Return a link that saves the log as a file."""
    return download(
        "Save a copy", f"{attempt.scenario.exercise}.jsonl", attempt.log_text().encode(), "application/jsonl"
    )


def download(words: str, name: str, content: bytes, kind: str) -> Markup:
    """Return a link that saves ``content`` under ``name``; no server is asked."""
    data = base64.b64encode(content).decode()
    return el("a", words, href=f"data:{kind};base64,{data}", download=name, class_="em-link-button")
