"""One measured figure and its goal."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A figure. `ours` and `peer` are in `unit`; `ratio` is how many times better ours is than the peer's.

    `goal` is the ratio to reach where there is a peer, else the value of `ours` not to exceed (or, with
    `more_is_better`, not to fall below).
    """

    name: str
    unit: str
    ours: float
    goal: float
    peer: float | None = None
    more_is_better: bool = False
    ratio: float | None = field(init=False)
    ok: bool = field(init=False)

    def __post_init__(self) -> None:
        ratio = None
        if self.peer is not None:
            ratio = self.ours / self.peer if self.more_is_better else self.peer / self.ours
        reached = ratio if ratio is not None else self.ours
        at_least = ratio is not None or self.more_is_better
        object.__setattr__(self, "ratio", ratio)
        object.__setattr__(self, "ok", reached >= self.goal if at_least else reached <= self.goal)

    @property
    def goal_text(self) -> str:
        if self.peer is not None:
            return f"{self.goal:g} times"
        return f"{'at least' if self.more_is_better else 'at most'} {self.goal:g}"

    @property
    def verdict(self) -> str:
        return "reached" if self.ok else "MISSED"
