"""What may be a learner's id: it becomes a folder's name on the trainer's side, and a part of a file's name here."""

import re

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
#: Names that mean a device, whatever follows the dot, where Windows reads the folder.
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def fault(learner: str) -> str:
    """Return a sentence that says why this can't be a learner's id, "" when it can."""
    if ID.fullmatch(learner) and not learner.endswith(".") and ".." not in learner and not DEVICE.fullmatch(learner):
        return ""
    return (
        f"'{learner[:80]}' cannot be a learner's id: use letters, digits and . _ @ -, starting with a letter or "
        "digit, at most 64 of them."
    )
