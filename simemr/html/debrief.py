"""The debrief: each criterion met or not in a word and a sign, what the log shows, and what to read again."""

from collections.abc import Mapping, Sequence
from typing import Any

from simemr.domain.units import number_text
from simemr.html.escape import Markup, el, hidden, join, prose, sign

_MET = ("✓", "Met", "em-met")
_PARTLY = ("◐", "Partly met", "em-unmet em-partly")
_UNMET = ("✗", "Not met", "em-unmet")


def debrief(made: Mapping[str, Any], closing: str = "", root: str = "") -> Markup:
    """Return the debrief that the course's server sent.

    ``root`` is the address of the course's site; without it the parts to read again are named and not linked.
    """
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
        el("ul", [criterion(c, root) for c in criteria], class_="em-criteria"),
        _extras(made.get("extras") or ()),
    )


def _extras(extras: Sequence[Mapping[str, Any]]) -> Markup:
    """Return what is extra and was tried: it is judged later, where the learner's code can be run."""
    waiting = [extra for extra in extras if extra.get("waiting")]
    if not waiting:
        return join()
    told = [el("li", el("h4", extra.get("title", "")), el("p", extra["waiting"])) for extra in waiting]
    return join(el("h3", "Extra"), el("ul", told, class_="em-criteria"))


def criterion(found: Mapping[str, Any], root: str = "") -> Markup:
    """Return one criterion."""
    met, points = bool(found.get("met")), float(found.get("points") or 0)
    most = float(found.get("max") or 0)
    mark, word, look = _MET if met else _PARTLY if points > 0 else _UNMET
    head = el(
        "h4",
        el("span", sign(mark), " ", word, class_="em-word"),
        " ",
        found.get("title", ""),
        el("span", f" {number_text(points)} of {_points(most)}", class_="em-quiet"),
        el("span", "Safety step", class_="em-critical-step") if found.get("critical") else "",
    )
    evidence = found.get("evidence")
    return el(
        "li",
        head,
        el("p", found.get("debrief", "")),
        el("p", el("b", "What the log shows: "), evidence) if evidence else "",
        _read(found, root) if not met and found.get("read") else "",
        class_=look,
    )


def _score(made: Mapping[str, Any]) -> Markup:
    got, most = float(made.get("score") or 0), float(made.get("max") or 0)
    share = f" ({100 * got / most:.0f} %)" if most else ""
    return join(hidden("Your score: "), el("b", f"{number_text(got)} of {_points(most)}"), share)


def _points(number: float) -> str:
    return f"{number_text(number)} point{'' if number == 1 else 's'}"


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


def _read(found: Mapping[str, Any], root: str) -> Markup:
    name, url = found["read"], str(found.get("read_url") or "")
    # from the site's root: a debrief can't lead anywhere else
    inside = root and url and not url.startswith("/") and ":" not in url.partition("#")[0]
    linked = el("a", name, href=f"{root.rstrip('/')}/{url}", target="_blank", rel="noopener") if inside else name
    return el("p", el("b", "Read again: "), linked)
