"""Makes the lessons' reference outputs anew: `python -m tests.lessons.refresh [slug …]`, all without a slug.

For when a lesson was meant to change. Then read the difference (`git diff tests/reference`): it is what learners
will see.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # pytest-notebook's, about the types in its own documentation
    from tests.lessons import reference


def main(wanted: list[str]) -> int:
    known = reference.slugs()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        print(f"There is no lesson called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for old in sorted(reference.FOLDER.glob("*.json")):
        if old.stem not in known:
            old.unlink()
            print(f"{old.stem}: removed, there is no such lesson any more")
    with tempfile.TemporaryDirectory() as folder:
        for slug in wanted or known:
            try:
                changed = reference.refresh(slug, Path(folder) / f"{slug}.ipynb")
            except RuntimeError as error:
                print(f"Left as it was: {error}", file=sys.stderr)
                return 1
            print(f"{slug}: {'changed' if changed else 'as before'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
