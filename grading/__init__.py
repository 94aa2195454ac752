"""The staff's side of the course: scoring, nbgrader's wiring, hand-ins, completion and the `course` command.

Nothing here is shipped to a learner, and `simemr` never imports it.
"""
