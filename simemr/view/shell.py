"""The exercise's window: header, ward list, record and tasks around one attempt.

Widgets turn clicks into actions and show the state that comes back. Each is built once; ``refresh`` updates what
has changed. An error that nobody foresaw becomes a sentence, and its trace goes to a file, never to the page.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from simemr.code import offer
from simemr.domain import access
from simemr.domain import scenario as scenarios
from simemr.domain.attempt import Attempt, InUse
from simemr.domain.interruption import Interruption
from simemr.domain.load import DataError
from simemr.domain.log import LogError
from simemr.domain.session import ActionRefused, Session
from simemr.html.escape import Markup, el, join
from simemr.stream import stream
from simemr.view.access import Glass
from simemr.view.css import sheet
from simemr.view.debrief import Debrief
from simemr.view.desk import Desk
from simemr.view.emr import Chart
from simemr.view.extract import ExtractView
from simemr.view.header import Header
from simemr.view.interruptions import Interruptions
from simemr.view.light import make
from simemr.view.panels import ABOVE
from simemr.view.parts import box, button, html, mark, show
from simemr.view.questions_panel import questions_panel
from simemr.view.tasks import TaskPanel
from simemr.view.ward import WardList

_SURPRISE = "Something went wrong; your work up to here is saved."

# In a notebook, letters pressed outside a text field are commands: x would cut the exercise out of the page. Jupyter
# leaves the keys alone inside an element with this attribute, and no widget of Python's can set one.
_KEYS = """<img alt="" src="data:," onerror="
const mark = () => {
  const window_ = this.closest('.simemr');
  if (window_) window_.setAttribute('data-lm-suppress-shortcuts', 'true');
  else setTimeout(mark, 200);
};
mark()">"""

logger = logging.getLogger("simemr.view")
# a trace on the page helps no learner: it goes to the file that note_errors opens
logger.propagate = False
logger.addHandler(logging.NullHandler())


class Shell:
    """One exercise on the screen; ``widget`` is what to display."""

    def __init__(self, attempt: Attempt):
        self.attempt = attempt
        #: Shows the exercise anew, with a sentence: what was built shows another attempt than the one that is open.
        self.reopen: Callable[[str], None] = self.say
        stream(attempt, self.warn)
        self.header = Header(self)
        self.tasks = TaskPanel(self)
        self.interruptions = Interruptions(self) if self.scenario.of(Interruption) else None
        self.above = [kind(self) for kind in ABOVE if kind.wanted(self.scenario)]
        self.glass = next((panel for panel in self.above if isinstance(panel, Glass)), None)
        if self.scenario.view == "extract":
            self.ward, self.desk, self.chart = None, None, ExtractView(self)
            middle: tuple[widgets.Widget, ...] = (self.chart.widget,)
        else:
            self.ward, self.chart = WardList(self), Chart(self)
            self.desk = Desk(self) if self.scenario.desks else None
            asked = questions_panel(self)
            desk = (self.desk.strip, self.desk.body) if self.desk is not None else ()
            call = [self.interruptions.widget] if self.interruptions is not None else []
            over = [panel.widget for panel in self.above]
            parts = [*call, *over, *desk, self.chart.widget, *([asked] if asked is not None else [])]
            middle = (self.ward.widget, box(*parts, classes=("em-middle",)))
        look = "em-two" if self.ward is None else "em-three"
        # the task comes first for whoever reads in order; the style sheet puts it to the right
        self.work = box(self.tasks.widget, *middle, classes=("em-grid", look))
        self.debrief = Debrief(self)
        keys = html("em-off", value=_KEYS)
        parts = [*(sheet(name) for name in self._sheets()), keys, self.header.widget, self.work, self.debrief.widget]
        self.widget = make(widgets.VBox, "simemr", "em-box", children=parts)
        self.refresh()
        if attempt.recovered:
            self.say("The last thing you did was cut off before it was saved. Do it again if it is not here.")
        if self.session.state.handed_in:
            self.debrief.reopen()

    def _sheets(self) -> list[str]:
        panels = [panel for part in (self.desk, self.chart) for _, panel in getattr(part, "panels", ())]
        panels += self.above
        return list(dict.fromkeys(["style.css", *(name for panel in panels for name in panel.style.split())]))

    @property
    def session(self) -> Session:
        return self.attempt.session

    @property
    def scenario(self) -> scenarios.Scenario:
        return self.attempt.scenario

    def guarded(self, handler: Callable[..., None]) -> Callable[..., None]:
        """Wrap a widget's handler: a refusal or an error becomes a sentence on the page."""

        def handle(*args: Any) -> None:
            try:
                handler(*args)
            except ActionRefused as refusal:
                self.say(str(refusal), wrong=True)
            except Exception:
                logger.exception("a handler failed")
                self.say(_SURPRISE if not self.attempt.save_error else "Something went wrong.", wrong=True)

        return handle

    def do(self, action: str, **args: Any) -> tuple[Any, ...]:
        """Do an action, write it down, show the new state. Raises ActionRefused with a sentence to show."""
        return self.do_all([(action, args)])[0]

    def do_all(self, acts: Iterable[tuple[str, dict[str, Any]]]) -> list[tuple[Any, ...]]:
        """Do the actions of one click and show the state they lead to. A refusal ends it; what was done stays."""
        alerts: list[tuple[Any, ...]] = []
        try:
            for action, args in acts:
                alerts.append(self.attempt.act(action, **args))
        finally:
            if alerts:
                self._show_what_was_done()
        return alerts

    def _show_what_was_done(self) -> None:
        try:
            # in the browser the disk takes longer than all the rest of a click: the learner need not wait for it
            self.say("")
            self.refresh()
        finally:
            self.attempt.save()
            self.header.refresh()

    def say(self, words: str, wrong: bool = False) -> None:
        """Show a sentence under the header and have it read out; "" takes it away."""
        self.header.say(words, wrong)

    def warn(self, words: str) -> None:
        """Show a sentence that something is wrong."""
        self.say(words, wrong=True)

    def refresh(self) -> None:
        """Show the state as it is now."""
        self.header.refresh()
        self.tasks.refresh()
        if self.interruptions is not None:
            self.interruptions.refresh()
        for panel in self.above:
            panel.refresh()
        if self.ward is not None:
            self.ward.refresh()
        if self.desk is not None:
            self.desk.refresh()
            show(self.chart.widget, not self.session.state.desk)
        self.chart.refresh()
        handed_in = self.session.state.handed_in
        show(self.work, not handed_in)
        show(self.debrief.widget, handed_in)
        mark(self.widget, "em-handed-in", handed_in)

    def open_patient(self, patient_id: str) -> None:
        """Open a record."""
        state = self.session.state
        if self.glass is not None and access.locked(self.session, patient_id):
            self.glass.choose(patient_id)
        elif state.patient != patient_id or state.desk:
            self.do("open_patient", patient=patient_id)

    def choose_task(self, task_id: str) -> None:
        """Choose the task that an order is written for."""
        self.tasks.choose(task_id)
        self.chart.task_chosen(task_id)

    def done_words(self, task_id: str) -> str:
        """Return " Task 3 is done." for a task that is, to add to a sentence."""
        done = task_id and task_id in self.session.state.done_tasks()
        return f" Task {self.tasks.number(task_id)} is done." if done else ""

    def write_order(self) -> None:
        """Go to the order form of the record that is open. Which record that is, is up to the learner."""
        if not self.session.state.patient:
            self.say("Now open the patient's record in the ward list. The order is written under Orders.")
            return
        self.chart.write_order()

    def hand_in(self) -> None:
        """Hand in, then show the debrief in place of the record."""
        self.do("hand_in")
        self.debrief.fetch()

    def start_again(self) -> None:
        """Start another attempt from the beginning."""
        self.attempt = self.attempt.again()
        stream(self.attempt, self.warn)
        self.tasks.choose("")
        self.chart.reset()
        for panel in self.above:
            panel.reset()
        if self.desk is not None:
            self.desk.reset()
        self.refresh()
        self.say(f"Attempt {self.attempt.header.attempt} begins. Your earlier attempts are kept.")
        self.header.leave.focus()


def show_exercise(slug: str, folder: str | Path = "answers") -> None:
    """Display the exercise, going on where the learner left off, or say in a sentence why it can't be shown."""
    from IPython.display import display

    display(exercise_widget(slug, folder))


def exercise_widget(slug: str, folder: str | Path = "answers") -> widgets.Widget:
    """Return what ``show_exercise`` displays."""
    note_errors(Path(folder))
    frame = make(widgets.VBox, "em-box", "em-frame")
    _fill(frame, slug, Path(folder), set_aside=False)
    return frame


def _fill(frame: widgets.VBox, slug: str, folder: Path, set_aside: bool, said: str = "") -> None:
    try:
        attempt = Attempt.open(scenarios.load(slug), folder, set_aside=set_aside)
        offer(attempt)
        shell = Shell(attempt)
        shell.reopen = lambda words: _fill(frame, slug, folder, set_aside=False, said=words)
        frame.children = [shell.widget]
        if said:
            shell.say(said)
            (shell.debrief.top if shell.session.state.handed_in else shell.header.leave).focus()
    except LogError as error:
        words = (
            f"Your saved answers can't be read: {error}. They were changed or damaged after they were written, so the "
            "course does not guess. Ask your trainer if you want them looked at."
        )
        again = button("Keep the damaged file and start again", "em-primary")
        again.on_click(lambda _: _fill(frame, slug, folder, set_aside=True))
        frame.children = [_trouble("This exercise can't go on", words, again)]
    except InUse as error:
        retry = button("Try again", "em-primary")
        retry.on_click(lambda _: _fill(frame, slug, folder, set_aside=False))
        frame.children = [_trouble("This exercise is open elsewhere", str(error), retry)]
    except DataError as error:
        frame.children = [_trouble("This exercise can't be shown", f"A file of the course is wrong: {error}.")]
    except Exception:
        logger.exception("the exercise could not be shown")
        words = "Something went wrong while it was prepared. Reload the page; if that does not help, tell your trainer."
        frame.children = [_trouble("This exercise can't be shown", words)]


def _trouble(title: str, words: str, *acts: widgets.Button) -> widgets.Widget:
    said: Markup = el("div", el("h2", title), join(el("p", words)), role="alert")
    inside = box(
        html(value=said), *((box(*acts, classes=("em-line",)),) if acts else ()), classes=("em-card", "em-trouble")
    )
    return make(widgets.VBox, "simemr", "em-box", children=[sheet("style.css"), inside])


def note_errors(folder: Path) -> None:
    """Have traces of unforeseen errors written to ``errors.log`` in the folder, once one happens."""
    path = str((folder / "errors.log").absolute())
    if any(getattr(handler, "baseFilename", "") == path for handler in logger.handlers):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    logger.addHandler(_QuietFile(path, delay=True, encoding="utf-8"))


class _QuietFile(logging.FileHandler):
    """A log file that says nothing on the page when the disk refuses it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        pass


__all__ = ["Shell", "exercise_widget", "show_exercise"]
