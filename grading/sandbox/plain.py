"""Reads what came out of the sandbox: JSON of a known size, taken for what its types say and nothing else.

Everything here is written by a learner's process, and is believed in nothing. A value is given to a criterion only
when it has exactly the type that the criterion asks for: one of int, float, str and bool, or list[...],
dict[str, ...] and ... | None of these.
"""

from __future__ import annotations

import json
import math
import types
from typing import Any, Union, get_args, get_origin

LONGEST_TEXT = 10_000
MOST_ITEMS = 10_000
BIGGEST = 10**15


class NotPlain(ValueError):
    """What came out is not what was asked for; the text says why."""


def read(line: bytes) -> dict[str, Any]:
    """One line of what came out, as a dict. Raises NotPlain for anything that is not strict JSON."""

    def refuse(name: str) -> None:
        raise NotPlain(f"it holds {name}, which is no number")

    try:
        value = json.loads(line.decode("utf-8"), parse_constant=refuse)
    except NotPlain:
        raise
    except (ValueError, RecursionError):
        raise NotPlain("it is no JSON") from None
    if not isinstance(value, dict):
        raise NotPlain("it is no JSON object")
    return value


def typed(value: Any, kind: Any) -> Any:
    """The value, if it is of the kind; a whole number is a float too. Raises NotPlain."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in parts:
            return None
        return typed(value, next(part for part in parts if part is not type(None)))
    if origin is list:
        if type(value) is not list or len(value) > MOST_ITEMS:
            raise NotPlain(_wanted(kind))
        return [typed(item, parts[0]) for item in value]
    if origin is dict:
        if type(value) is not dict or len(value) > MOST_ITEMS:
            raise NotPlain(_wanted(kind))
        return {typed(key, str): typed(item, parts[1]) for key, item in value.items()}
    if kind is float and type(value) in (int, float) and abs(value) <= BIGGEST and math.isfinite(value):
        return float(value)
    if kind is int and type(value) is int and abs(value) <= BIGGEST:
        return value
    if kind is int and type(value) is float and value.is_integer() and abs(value) <= BIGGEST:
        return int(value)
    if kind is bool and type(value) is bool:
        return value
    if kind is str and type(value) is str and len(value) <= LONGEST_TEXT and _is_text(value):
        return value
    raise NotPlain(_wanted(kind))


def is_kind(kind: Any) -> bool:
    """Whether a criterion can ask for this kind of value."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        others = [part for part in parts if part is not type(None)]
        return len(others) == 1 and len(parts) == 2 and is_kind(others[0])
    if origin is list:
        return is_kind(parts[0])
    if origin is dict:
        return parts[0] is str and is_kind(parts[1])
    return kind in (int, float, str, bool)


def in_words(kind: Any) -> str:
    """A kind of value, for people."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return f"{in_words(next(part for part in parts if part is not type(None)))} or nothing"
    if origin is list:
        return f"a list, each item of it {in_words(parts[0])}"
    if origin is dict:
        return f"a table by name, each value {in_words(parts[1])}"
    return {int: "a whole number", float: "a number", str: "text", bool: "True or False"}[kind]


def _wanted(kind: Any) -> str:
    return f"it should be {in_words(kind)}"


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True
