"""The wrong-patient retract-and-reorder measure, on one learner's session.

The measure (Partnership for Quality Measurement 2723) counts an order that is taken back by whoever placed it within
10 minutes and placed for another patient by the same person within the next 10, over all orders placed. A session has
no minutes that decide anything, so here the order of events stands for them: placed, taken back, placed for somebody
else. It counts near misses that were noticed, never those that were not.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simemr.domain.session import Session


@dataclass(frozen=True, slots=True)
class Placed:
    """An order for a medicine or a test that was placed; ``retracted`` is when it was taken back, 0 for never."""

    seq: int
    patient: str
    thing: str
    retracted: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the orders placed were taken back and placed for another patient."""

    reordered: tuple[tuple[Placed, Placed], ...]
    orders: int


def rate(session: "Session") -> Rate:
    """Return the learner's own pairs (first order, second order), and how many orders they placed."""
    placed = _placed(session)
    pairs, used = [], set()
    for first in placed:
        if not first.retracted:
            continue
        for second in placed:
            again = second.thing == first.thing and second.patient != first.patient and second.seq > first.retracted
            if again and second.seq not in used:
                used.add(second.seq)
                pairs.append((first, second))
                break
    return Rate(tuple(pairs), len(placed))


def _placed(session: "Session") -> list[Placed]:
    stopped = {e.args["order"]: e.seq for e in session.state.events if e.action == "stop_order"}
    found = [
        Placed(made.seq, made.order.patient, made.order.medicine, stopped.get(made.order.id, 0))
        for made in session.state.signed
    ]
    open_tests: dict[tuple[str, str], list[int]] = {}
    tests: dict[int, Placed] = {}
    for event in session.state.events:
        key = (event.args.get("patient", ""), event.args.get("test", ""))
        if event.action == "order_test":
            tests[event.seq] = Placed(event.seq, *key)
            open_tests.setdefault(key, []).append(event.seq)
        elif event.action == "cancel_test" and open_tests.get(key):
            seq = open_tests[key].pop()
            tests[seq] = Placed(seq, *key, retracted=event.seq)
    return sorted([*found, *tests.values()], key=lambda one: one.seq)
