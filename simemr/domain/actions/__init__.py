"""Everything a learner can do, one module a part of the record.

A new action is a function here under ``@action``: nothing else lists it.
"""

from simemr.domain.actions import (
    administration,
    allergies,
    chart,
    code,
    concerns,
    deterioration,
    discharge,
    extract,
    handoff,
    inbox,
    interruptions,
    messages,
    notes,
    orders,
    problems,
    questions,
    reconciliation,
    requests,
    response,
    verification,
)

__all__ = [
    "administration",
    "allergies",
    "chart",
    "code",
    "concerns",
    "deterioration",
    "discharge",
    "extract",
    "handoff",
    "inbox",
    "interruptions",
    "messages",
    "notes",
    "orders",
    "problems",
    "questions",
    "reconciliation",
    "requests",
    "response",
    "verification",
]
