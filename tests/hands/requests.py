"""Asking back whom a request means, and answering whoever comes in between."""

from tests.hands import hand


@hand
def ask_back(learner, session, *, request):
    number = 1 + [task.id for task in session.scenario.tasks].index(request)
    learner.press(f"{number}.")
    learner.press("Ask whom they mean")


@hand
def answer_interruption(learner, session, *, interruption, answer):
    learner.fill("Your answer", answer)
    learner.press("Give this answer")


@hand
def promise_answer(learner, session, *, interruption):
    learner.press("Finish first")
