"""The debrief: each criterion met or not in a word and a sign, what the log shows, and what to read again."""

from collections.abc import Mapping, Sequence
from typing import Any

from simemr.domain.units import number_text
from simemr.html.escape import Markup, el, hidden, join, prose, sign


def debrief(made: Mapping[str, Any], closing: str = "") -> Markup:
    """Return the debrief that the course's server sent."""
    passed = bool(made.get("passed"))
    criteria: Sequence[Mapping[str, Any]] = made.get("criteria") or ()
    missed = [c for c in criteria if c.get("critical") and not c.get("met")]
    verdict = el(
        "p", sign("✓" if passed else "✗"), " Passed" if passed else " Not passed yet",
        class_=f"em-result {'em-passed' if passed else 'em-notyet'}",
    )  # fmt: skip
    return join(
        el("h2", f"Your debrief: {made.get('title') or made.get('exercise', '')}"),
        el("div", verdict, el("p", _score(made), class_="em-points-line"), class_="em-verdict-row"),
        el("p", _explanation(made, missed)),
        prose(closing) if closing.strip() else "",
        el("h3", "What was looked at"),
        el("ul", [criterion(c) for c in criteria], class_="em-criteria"),
    )


def criterion(found: Mapping[str, Any]) -> Markup:
    """Return one criterion."""
    met, points = bool(found.get("met")), float(found.get("points") or 0)
    most = float(found.get("max") or 0)
    word = "Met" if met else ("Partly met" if points > 0 else "Not met")
    head = el(
        "h4", el("span", sign("✓" if met else "✗"), " ", word, class_="em-word"), " ", found.get("title", ""),
        el("span", f" {number_text(points)} of {number_text(most)} points", class_="em-quiet"),
        el("span", "Safety step", class_="em-critical-step") if found.get("critical") else "",
    )  # fmt: skip
    evidence = found.get("evidence")
    return el(
        "li", head,
        el("p", found.get("debrief", "")),
        el("p", el("b", "What the log shows: "), evidence) if evidence else "",
        _read(found) if not met and found.get("read") else "",
        class_="em-met" if met else "em-unmet",
    )  # fmt: skip


def handed_in_only(what: str) -> Markup:
    """Return the page after a hand-in that nobody has scored yet."""
    return join(el("h2", "Handed in"), el("p", what))


def _score(made: Mapping[str, Any]) -> Markup:
    got, most = float(made.get("score") or 0), float(made.get("max") or 0)
    share = f" ({100 * got / most:.0f} %)" if most else ""
    return join(hidden("Your score: "), el("b", f"{number_text(got)} of {number_text(most)} points"), share)


def _explanation(made: Mapping[str, Any], missed: Sequence[Mapping[str, Any]]) -> str:
    needed = f"{100 * float(made.get('pass_mark') or 0):.0f} %"
    if made.get("passed"):
        return (
            "You reached what this exercise asks for."
            if made.get("counted", True)
            else "This exercise is for practice and does not count."
        )
    if missed:
        return (
            "A step that keeps patients safe was missed, so this attempt does not pass whatever its points. "
            "Read below what happened, then try again as often as you like."
        )
    return f"It takes {needed} of the points to pass. Read below what was missed, then try again as often as you like."


def _read(found: Mapping[str, Any]) -> Markup:
    url = str(found.get("read_url") or "")
    name = found["read"]
    # only the course's own pages: nothing that a log could have smuggled in
    linked = (
        el("a", name, href=url, target="_blank", rel="noopener")
        if url.startswith(("/", "./", "../", "http"))
        else text_only(name)
    )
    return el("p", el("b", "Read again: "), linked)


def text_only(words: Any) -> Markup:
    """The words without a link."""
    return join(words)
