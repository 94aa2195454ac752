"""Everything a learner can do, one module a part of the record.

A new action is a function here under ``@action``: nothing else lists it.
"""

from simemr.domain.actions import chart, code, extract, interruptions, orders, questions, requests, verification

__all__ = ["chart", "code", "extract", "interruptions", "orders", "questions", "requests", "verification"]
