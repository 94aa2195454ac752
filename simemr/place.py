"""Where this session runs: facts the learner's side needs to save and to hand in, and nothing else.

The exercise page sets these before the first cell runs. Elsewhere they keep their defaults.
"""

import sys

#: Address of the course's site with a slash at its end, e.g. ``https://course.hospital.example/``; None in a
#: Jupyter that the page did not start.
site_root: str | None = None

#: Whether the course's server is there and knows the learner.
server: bool = False

#: The learner's id where the course's server knows it, else "".
learner: str = ""

#: Where a file written here ends up: "disk" (an ordinary file system), "browser" (this browser's storage, each
#: write there before it returns), "page" (memory, copied into the browser's storage by the page a moment
#: later) or "none" (memory only: gone when the page is closed).
storage: str = "disk"

#: Where leaving the exercise leads (an address for a link with target="_top"); None outside the exercise page.
home: str | None = None


def in_browser() -> bool:
    """Tell whether Python itself runs in the learner's browser."""
    return sys.platform == "emscripten"
