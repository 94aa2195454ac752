"""Which walls there are on this machine: bubblewrap, or namespaces with Landlock; found out by trying them.

Gives the command that starts a template behind one kind of wall. Starts nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from grading.sandbox.inside import linux

INSIDE = Path(__file__).parent / "inside"
BUBBLEWRAP, LANDLOCK = "bubblewrap", "Landlock with namespaces"
KINDS = (BUBBLEWRAP, LANDLOCK)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
#: Imported before the first run, so that no run waits for it.
PRELOAD = (
    "numpy",
    "pandas",
    "pandas.core.computation.expressions",
    "IPython.core.interactiveshell",
    "ipykernel.kernelapp",
)


class Unavailable(RuntimeError):
    """Code can't be run safely on this machine; the text says why in a sentence."""


def readable() -> list[str]:
    """What Python needs to read, and all that is shown in the box."""
    wanted = [
        "/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime",
        sys.prefix, sys.base_prefix, str(INSIDE),
    ]  # fmt: skip
    paths: list[str] = []
    for path in sorted({os.path.normpath(path) for path in wanted if os.path.lexists(path)}):
        # below one that is there already
        if not any(path.startswith(f"{other}/") and not os.path.islink(other) for other in paths):
            paths.append(path)
    return paths


def home() -> str:
    """The one folder in the box that can be written to: /tmp, unless what Python reads lies below that."""
    return "/scratch" if any(path.startswith("/tmp/") for path in readable()) else "/tmp"


def command(kind: str, *, kept_out: Iterable[Path] = ()) -> list[str]:
    """The command that starts a template. Raises Unavailable where this kind of wall is not there.

    kept_out: folders that must not be seen in the box, such as the course's own.
    """
    if sys.platform != "linux":
        raise Unavailable(f"code cells are run on Linux only, and this is {sys.platform}")
    read = readable()
    for folder in kept_out:
        for path in read:
            if Path(folder).resolve().is_relative_to(Path(path).resolve()):
                raise Unavailable(f"{folder} lies in {path}, which the code would be able to read; move it")
    setup = {
        "make_view": kind == LANDLOCK,
        "landlock": kind == LANDLOCK or _has_landlock(),
        "read": read,
        "devices": [path for path in DEVICES if os.path.exists(path)],
        "real_root": os.geteuid() == 0 and _maps_everybody(),
        "number": os.getpid(),
        "preload": PRELOAD,
        "home": home(),
        "environment": _environment(),
    }
    python = [sys.executable, "-I", "-B", str(INSIDE), json.dumps(setup)]
    return [*_bubblewrap(setup), *python] if kind == BUBBLEWRAP else python


def _bubblewrap(setup: dict) -> list[str]:
    found = shutil.which("bwrap")
    if not found:
        raise Unavailable("bubblewrap is not installed")
    # The template keeps the rights over namespaces that it makes each run's box with; a run has none of them.
    rights = ["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"]
    options = [found, "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--cap-drop", "ALL"]
    if not setup["real_root"]:
        options += ["--unshare-user", "--uid", "0", "--gid", "0"]
    for right in rights:
        options += ["--cap-add", right]
    for path in setup["read"]:
        for above in reversed(Path(path).parents[:-1]):  # which bubblewrap would open to root alone
            options += ["--perms", "0755", "--dir", str(above)]
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        else:
            options += ["--ro-bind", path, path]
    options += ["--tmpfs", "/dev"]
    for path in setup["devices"]:
        options += ["--dev-bind", path, path]
    options += ["--remount-ro", "/dev", "--tmpfs", setup["home"], "--remount-ro", "/", "--chdir", "/"]
    return [*options, "--clearenv", "--"]


def _environment() -> dict[str, str]:
    """All of the environment that there is in the box; nothing of the grader's but what keeps arithmetic right."""
    kept = {name: value for name, value in os.environ.items() if name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    one = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")}
    return {
        "PATH": "/usr/bin:/bin", "HOME": home(), "TMPDIR": home(), "IPYTHONDIR": f"{home()}/.ipython",
        "LANG": "C.UTF-8", "TZ": "UTC", **one, **kept,
    }  # fmt: skip


def _maps_everybody() -> bool:
    """Whether this root may become any user, as it can't in a container without them."""
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return False
    return any(int(first) <= 2_000_000_000 and int(first) + int(count) > 2_001_000_000 for first, _, count in ranges)


def _has_landlock() -> bool:
    return linux.known_machine() and linux.landlock_version() >= 1
