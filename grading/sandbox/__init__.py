"""Runs a learner's code where it can do no harm, and brings back plain data.

box       what is called: run, status
walls     bubblewrap, or namespaces with Landlock: whichever works here
limits    how much a run may use
plain     reads what comes out, and believes none of it
inside/   what runs behind the walls; it knows nothing of the course

What is expected of a learner never enters the sandbox: it is compared with what comes out, in the grader's own
process.
"""

from grading.sandbox.box import Cell, Left, Ran, Status, run, status
from grading.sandbox.limits import Limits
from grading.sandbox.walls import Unavailable

__all__ = ["Cell", "Left", "Limits", "Ran", "Status", "Unavailable", "run", "status"]
