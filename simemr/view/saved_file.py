"""'I have a saved file': the exercise goes on from a copy that the learner saved, here or at another computer.

For where no server keeps the work. What the file replaces is kept, and listed here to be found again.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain import log
from simemr.domain.log import Log, LogError
from simemr.domain.saved import Unusable, only_here, read
from simemr.html.escape import Markup, el, join
from simemr.view.light import make
from simemr.view.parts import box, button, html, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

#: Of what was kept here, so many are listed.
LISTED = 8


class SavedFile:
    """A panel under the header; ``open`` shows it."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.words = html()
        # the page's own widget puts a count in its text: the style sheet shows the tooltip in its place
        self.upload = make(
            widgets.FileUpload,
            "em-button",
            "em-upload",
            accept=".jsonl",
            description="",
            tooltip="Choose the saved file",
        )
        self.upload.observe(shell.guarded(self._chosen), "value")
        self.replace = button("Go on from the file", "em-off")
        self.replace.on_click(shell.guarded(lambda _: self._go_on()))
        self.cancel = button("Cancel")
        self.cancel.on_click(shell.guarded(lambda _: self.close()))
        self.earlier = html()
        acts = box(self.upload, self.replace, self.cancel, classes=("em-line",))
        self.widget = box(self.words, acts, self.earlier, classes=("em-ask", "em-off"))
        self._opened_by: widgets.Widget = self.cancel
        self._text, self._keep = "", False

    def open(self, opened_by: widgets.Widget) -> None:
        """Ask for the file; ``opened_by`` gets the focus back."""
        self._opened_by = opened_by
        name = f"{self.shell.scenario.exercise}.jsonl"
        about = ("It is the file that 'Save a copy' made, called ", el("b", name), ". You go on where it was saved.")
        self._ask(el("h2", "Go on from a saved file"), el("p", *about))
        put(self.earlier, _listed(self.shell.attempt))
        show(self.widget, True)
        self.upload.focus()

    def close(self) -> None:
        """Put the panel away with nothing changed."""
        show(self.widget, False)
        self._opened_by.focus()

    def _ask(self, *words: Markup, sure: bool = False) -> None:
        """Say the words, and offer to choose a file or, with ``sure``, to go on from the one that was chosen."""
        put(self.words, el("div", *words, role="alert"))
        show(self.upload, not sure)
        show(self.replace, sure)
        self.cancel.description = "Keep what is here" if sure else "Cancel"

    def _chosen(self, _change: object) -> None:
        if not self.upload.value:
            return
        content = bytes(self.upload.value[0]["content"])
        self.upload.value = ()
        attempt = self.shell.attempt
        try:
            self._text, file = read(content, self.shell.scenario, attempt.session.hospital)
        except Unusable as fault:
            self._ask(el("h2", "This file can't be used"), el("p", str(fault)), el("p", "Nothing here was changed."))
            self.upload.focus()
            return
        lost = only_here(attempt.log_text(), file)
        self._keep = bool(lost)
        if not lost:
            self._go_on()
            return
        has = f"The file holds {_told(file)}. Here {_actions(lost, 'stands', 'stand')} that it does not have."
        after = "If you go on from the file, what is here is kept, and listed in this place."
        self._ask(el("h2", "Go on from the file?"), el("p", has), el("p", after), sure=True)
        # the careful answer
        self.cancel.focus()

    def _go_on(self) -> None:
        try:
            attempt = self.shell.attempt.take_over(self._text, self._keep)
        except OSError as error:
            reason = error.strerror or error
            self._ask(el("h2", "The file could not be kept here"), el("p", f"{reason}. Nothing here was changed."))
            self.upload.focus()
            return
        kept = " What was here before is kept." if self._keep else ""
        cut = " The last thing in it was cut off: do it again." if attempt.recovered else ""
        self.shell.reopen(f"You go on from the saved file: {_told(log.read(attempt.log_text()))}.{cut}{kept}")


def _listed(attempt) -> Markup | str:
    """What is kept here of this exercise, each to be saved as a file and gone on from."""
    from simemr.view.header import download

    lines = []
    for path in attempt.kept()[:LISTED]:
        content = path.read_bytes()
        try:
            words = _told(log.read(content.decode("utf-8", errors="replace")))
        except LogError:
            words = "damaged"
        lines.append(el("li", download("Save a copy", path.name, content, "application/jsonl"), f" {words}"))
    if not lines:
        return ""
    return join(el("h3", "Kept here from before"), el("ul", lines, class_="em-kept"))


def _told(file: Log) -> str:
    """'attempt 1, 12 actions, the last on 24 November 2026 at 09:00'."""
    told = f"attempt {file.header.attempt}, {_actions(len(file.lines))}"
    if not file.lines:
        return told
    try:
        last = datetime.strptime(file.lines[-1].at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone()
    except ValueError:
        return told
    return f"{told}, the last on {last.day} {last:%B %Y} at {last:%H:%M}"


def _actions(number: int, one: str = "", many: str = "") -> str:
    """'stands 1 action', 'stand 2 actions', '2 actions'."""
    return f"{one if number == 1 else many} {number} action{'' if number == 1 else 's'}".strip()
