"""After the hand-in: the debrief in place of the record, or the one file to hand in where there is no server."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr import handin, place
from simemr.html import debrief as page
from simemr.html.escape import el, join, prose
from simemr.view.header import copy_link, download
from simemr.view.parts import anchor, box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Debrief:
    """Hands the log in, keeps the answer beside it, and shows it."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.top = anchor("em-debrief-top")
        self.page = html("em-debrief-page")
        self.send = button("Send again", "em-primary", "em-off")
        self.send.on_click(shell.guarded(lambda _: self.fetch()))
        self.again = button("Try again", "em-primary")
        self.again.on_click(shell.guarded(lambda _: shell.start_again()))
        self.copy = html()
        self.who = field(widgets.Text, "Your learner id", "em-who", placeholder="such as amara.o")
        self.make = button("Make my file", "em-primary")
        self.make.on_click(shell.guarded(lambda _: self._named(self.who.value.strip())))
        self.nameless = button("I have no id")
        self.nameless.on_click(shell.guarded(lambda _: self._file_of("")))
        self.ask = box(self.who, box(self.make, self.nameless, classes=("em-line",)), classes=("em-ask-who", "em-off"))
        self.other = button("That is not me…", "em-off")
        self.other.on_click(shell.guarded(lambda _: self._ask_who()))
        self.widget = box(
            self.top,
            self.page,
            self.ask,
            box(self.send, self.other, self.again, self.copy, classes=("em-line",)),
            classes=("em-card", "em-debrief", "em-off"),
        )

    def reopen(self) -> None:
        """Show the debrief of an attempt that was handed in earlier."""
        made = self._kept()
        if made is None:
            self.fetch()
        else:
            self._show(made)

    def fetch(self) -> None:
        """Hand the log in and show what comes back. Handing the same log in twice is harmless."""
        attempt = self.shell.attempt
        outcome = handin.send(self.shell.scenario.exercise, attempt.log_text())
        if outcome.debrief is not None:
            self._keep(outcome.debrief)
            self._show(outcome.debrief)
            return
        show(self.send, outcome.served)
        put(self.copy, "")
        # what there is to do first is above it
        mark(self.again, "em-primary", False)
        learner = self._learner()
        if outcome.served:
            self._not_handed_in(outcome.problem, learner)
        elif learner:
            self._file_of(learner)
        else:
            self._ask_who()

    def _not_handed_in(self, problem: str, learner: str) -> None:
        safe = "Your answers are finished and kept here. If this goes on, give this file to your trainer:"
        said = el("p", problem, role="alert")
        put(self.page, join(el("h2", "Not handed in yet"), said, el("p", safe), el("p", self._link(learner))))
        self._begin()

    def _ask_who(self) -> None:
        """Ask whose answers these are: here nobody knows it, and the trainer gets files from many."""
        about = (
            "This page has no course server behind it, so your answers go to your trainer as one file. "
            "Which id did your trainer give you? It becomes the file's name, and is asked for once."
        )
        put(self.page, join(el("h2", "Finished: whose answers are these?"), el("p", about, role="status")))
        self.who.value = self._learner()
        show(self.other, False)
        show(self.ask, True)
        self._begin()

    def _named(self, given: str) -> None:
        fault = (
            handin.id_fault(given) if given else "Give the id that your trainer gave you, or say that you have none."
        )
        if fault:
            self.shell.say(fault, wrong=True)
            self.who.focus()
            return
        handin.remember(Path(self.shell.attempt.folder), given)
        self.shell.say("")
        self._file_of(given)

    def _file_of(self, learner: str) -> None:
        """Show the one file to hand in."""
        if learner:
            whose = join("It says that it is from ", el("b", learner), ". Give it to your trainer.")
        else:
            whose = join("It does not say whose it is: tell your trainer when you give it to them.")
        about = " You get your score and your debrief back from them."
        kept = None if place.in_browser() else handin.keep(Path(self.shell.attempt.folder).parent, *self._file(learner))
        where = el("p", "It also stands beside the exercise: ", el("code", str(kept)), ".") if kept else ""
        head = el("h2", "Finished: one file to hand in")
        closing = prose(self.shell.scenario.closing)
        put(self.page, join(head, el("p", whose, about, role="status"), el("p", self._link(learner)), where, closing))
        show(self.ask, False)
        show(self.other, not place.learner)
        self._begin()

    def _show(self, made: dict[str, Any]) -> None:
        put(self.page, page.debrief(made, self.shell.scenario.closing, handin.site()))
        link = el("a", "Back to the lesson", href=place.home, target="_top", class_="em-link-button")
        put(self.copy, join(link if place.home else "", " ", copy_link(self.shell.attempt)))
        mark(self.again, "em-primary", not made["passed"])
        for part in (self.send, self.ask, self.other):
            show(part, False)
        self._begin()

    def _begin(self) -> None:
        """Send the focus to the beginning of what is to be read."""
        self.top.value = f"Attempt {self.shell.attempt.header.attempt} is finished."
        self.top.focus()

    def _learner(self) -> str:
        return handin.learner(Path(self.shell.attempt.folder))

    def _file(self, learner: str) -> tuple[str, bytes]:
        attempt = self.shell.attempt
        slug = self.shell.scenario.exercise
        made = handin.archive(slug, attempt.header.attempt, attempt.log_text(), learner)
        return handin.file_name(slug, learner), made

    def _link(self, learner: str) -> str:
        name, content = self._file(learner)
        return download(f"Download {name}", name, content, "application/zip")

    def _path(self) -> Path:
        return Path(self.shell.attempt.folder) / f"{self.shell.scenario.exercise}.debrief.json"

    def _keep(self, made: dict[str, Any]) -> None:
        try:
            self._path().write_text(json.dumps({**made, "log": self._digest()}), encoding="utf-8")
        except OSError:
            # only a convenience: it can be fetched again
            return

    def _kept(self) -> dict[str, Any] | None:
        try:
            made = json.loads(self._path().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        fits = isinstance(made, dict) and made.get("log") == self._digest() and isinstance(made.get("criteria"), list)
        return made if fits else None

    def _digest(self) -> str:
        return json.loads(self.shell.attempt.log_text().splitlines()[-1])["digest"]
