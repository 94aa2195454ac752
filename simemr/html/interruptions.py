"""Somebody who comes in between, and a request with what its sender said when asked back."""

from simemr.domain.actions.requests import Request
from simemr.domain.interruption import Interruption
from simemr.html.escape import Markup, bold, el, hidden, sign


def coming(found: Interruption, promised: bool) -> Markup:
    """Return who comes in between and what they want; ``promised`` once the learner said they would come back to it."""
    head = f" {found.who}: you said you would come back to this" if promised else f" You are interrupted. {found.who}:"
    return el("div", el("h3", sign("☎"), head), el("p", "“", bold(found.words), "”"), role="" if promised else "alert")


def request(found: Request, asked: bool) -> Markup:
    """Return a request in its sender's words, and their reply once they were asked whom they mean."""
    lines = [el("p", el("b", f"{found.who}: "), "“", bold(found.words), "”")]
    if asked:
        lines.append(
            el("p", sign("↩ "), hidden("Asked whom they mean: "), el("b", "Asked back: "), "“", bold(found.reply), "”")
        )
    return el("div", lines, class_="em-request")
