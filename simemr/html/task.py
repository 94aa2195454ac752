"""The task panel and the header's progress."""

from collections.abc import Collection, Sequence

from simemr.domain.scenario import Task
from simemr.html.escape import Markup, bold, el, hidden, join, prose, sign


def brief(words: str, unfolded: bool, about: str = "What you are asked to do") -> Markup:
    """Return the brief, which can be folded away."""
    return el("details", el("summary", about), prose(words), open=unfolded, class_="em-brief")


def listed(tasks: Sequence[Task], first: int, done: Collection[str]) -> Markup:
    """Return tasks as a numbered list from ``first``, each with a tick or its hint."""
    return el("ol", [_item(task, task.id in done) for task in tasks], start=first, class_="em-tasks")


def _item(task: Task, done: bool) -> Markup:
    if done:
        return el("li", sign("✓"), hidden("Done: "), " ", bold(task.text), class_="em-done")
    return el("li", bold(task.text), el("span", task.hint, class_="em-hint") if task.hint else "")


def order_line(task: Task, number: int, done: bool, declined: str) -> str:
    """Return the plain words of an order task's button."""
    name = task.text.replace("**", "")
    if declined:
        return f"{number}. ✓ {name} (closed without an order)"
    return f"{number}. ✓ {name}" if done else f"{number}. {name}"


def chosen(task: Task, number: int, done: bool, declined: str, request: Markup | str = "") -> Markup:
    """Return what is asked by the task that was chosen; ``request`` is who asked for it and how."""
    state = Markup("")
    if declined:
        state = el("p", sign("✓"), f" Closed without an order: “{declined}”", class_="em-done")
    elif done:
        what = "An order is signed for this." if task.kind == "order" else "This is done."
        state = el("p", sign("✓"), f" {what}", class_="em-done")
    hint = el("p", bold(task.hint), class_="em-hint") if task.hint else ""
    return join(el("h3", f"Task {number}"), el("p", bold(task.text)), request, hint, state)


def progress(done: int, of: int) -> Markup:
    """Return "4 of 12" with a bar."""
    if not of:
        return Markup("")
    if of <= 12:
        marks = [el("i", class_="em-on" if n < done else "") for n in range(of)]
        steps = el("span", marks, class_="em-steps", aria_hidden="true")
    else:
        filled = el("i", class_="em-on", style=f"width:{100 * done / of:.0f}%")
        steps = el("span", filled, class_="em-steps em-whole", aria_hidden="true")
    return el("p", steps, f"{done} of {of}", hidden(" steps done"), class_="em-progress")


def title(name: str, kind: str, minutes: int) -> Markup:
    """Return the header's title."""
    return el("h1", name, " ", el("span", f"· {kind} · about {minutes} minutes", class_="em-quiet"))
