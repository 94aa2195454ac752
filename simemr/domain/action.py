"""The table of actions: what each takes, and how its arguments are checked before it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_TEXT = 4000


class ActionRefused(ValueError):
    """The action can't be done now; the text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Handler:
    """An action's function with the arguments it takes: name -> type, and which may be left out."""

    run: Callable[..., Any]
    arguments: dict[str, type]
    optional: frozenset[str]


ACTIONS: dict[str, Handler] = {}


def action(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register ``function(session, *, ...)`` as the action of its name.

    Its keyword arguments and their annotations (str, int, float, list or object for any JSON value) are
    what a log may hold; anything else is refused before the function runs.
    """
    arguments = {name: kind for name, kind in function.__annotations__.items() if name not in ("session", "return")}
    ACTIONS[function.__name__] = Handler(function, arguments, frozenset(function.__kwdefaults__ or {}))
    return function


_WORDS = {str: "text", int: "a whole number", float: "a number", list: "a list of texts", object: "a value"}


def check_arguments(handler: Handler, name: str, args: dict[str, Any]) -> None:
    """Raise ActionRefused unless ``args`` are exactly what the action takes."""
    for key, value in args.items():
        kind = handler.arguments.get(key)
        if kind is None:
            raise ActionRefused(f"The action '{name}' takes no '{key}'.")
        if not _fits(value, kind):
            raise ActionRefused(f"'{key}' of the action '{name}' must be {_WORDS[kind]}, not {value!r:.60}.")
    for key in handler.arguments:
        if key not in args and key not in handler.optional:
            raise ActionRefused(f"The action '{name}' needs '{key}'.")


def _fits(value: Any, kind: type) -> bool:
    if kind is object:
        return _is_small_json(value)
    if isinstance(value, bool):
        return False
    if kind is str:
        return isinstance(value, str) and len(value) <= MAX_TEXT
    if kind is int:
        return isinstance(value, int) and abs(value) < 10**9
    if kind is float:
        return isinstance(value, (int, float)) and abs(value) < 1e9
    return (
        isinstance(value, list) and len(value) <= 100 and all(isinstance(v, str) and len(v) <= MAX_TEXT for v in value)
    )


def _is_small_json(value: Any, depth: int = 4) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    if isinstance(value, (int, float)):
        return abs(value) < 1e12
    if depth == 0:
        return False
    if isinstance(value, list):
        return len(value) <= 200 and all(_is_small_json(v, depth - 1) for v in value)
    if isinstance(value, dict):
        return len(value) <= 200 and all(isinstance(k, str) and _is_small_json(v, depth - 1) for k, v in value.items())
    return False
