"""After the hand-in: the debrief in place of the record, or the one file to hand in where there is no server."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simemr import handin, place
from simemr.html import debrief as page
from simemr.html.escape import el, join, prose
from simemr.view.header import copy_link, download
from simemr.view.parts import anchor, box, button, html, mark, put, show

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
        self.widget = box(
            self.top,
            self.page,
            box(self.send, self.again, self.copy, classes=("em-line",)),
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
        name, content = self._file()
        link = download(f"Download {name}", name, content, "application/zip")
        if outcome.served:
            safe = "Your answers are finished and kept here. If this goes on, give this file to your trainer:"
            problem = el("p", outcome.problem, role="alert")
            words = join(el("h2", "Not handed in yet"), problem, el("p", safe), el("p", link))
        else:
            words = self._without_server(name, link, content)
        put(self.page, words)
        put(self.copy, "")
        show(self.send, outcome.served)
        self._begin()

    def _without_server(self, name: str, link: str, content: bytes) -> str:
        kept = None if place.in_browser() else handin.keep(Path(self.shell.attempt.folder).parent, name, content)
        where = el("p", "It also stands beside the exercise: ", el("code", str(kept)), ".") if kept else ""
        about = (
            "This page has no course server behind it, so your answers go to your trainer as one file. "
            "You get your score and your debrief back from them."
        )
        head = el("h2", "Finished: one file to hand in")
        return join(head, el("p", about, role="status"), el("p", link), where, prose(self.shell.scenario.closing))

    def _show(self, made: dict[str, Any]) -> None:
        put(self.page, page.debrief(made, self.shell.scenario.closing, handin.site()))
        link = el("a", "Back to the lesson", href=place.home, target="_top", class_="em-link-button")
        put(self.copy, join(link if place.home else "", " ", copy_link(self.shell.attempt)))
        mark(self.again, "em-primary", not made["passed"])
        show(self.send, False)
        self._begin()

    def _begin(self) -> None:
        """Send the focus to the beginning of what is to be read."""
        self.top.value = f"Attempt {self.shell.attempt.header.attempt} is finished."
        self.top.focus()

    def _file(self) -> tuple[str, bytes]:
        attempt = self.shell.attempt
        slug = self.shell.scenario.exercise
        return handin.file_name(slug), handin.archive(slug, attempt.header.attempt, attempt.log_text())

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
