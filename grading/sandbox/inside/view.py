"""The box's files where bubblewrap is not there to make them: a new root that holds what Python reads, and no more.

Standard library only: this runs inside the box, once, before anything of a learner's.
"""

from __future__ import annotations

import os
from pathlib import Path

import linux


def enter(read: list[str], devices: list[str], home: str) -> None:
    """Leave the machine's files behind but for `read` and `devices`, and an empty `home`. Raises OSError."""
    if os.geteuid() != 0:
        linux.become_root_of_own_users()
    linux.unshare(linux.CLONE_NEWNS)
    linux.mounts_are_own()
    # The old root is put below the new one for a moment, so that /tmp itself can be among the paths.
    linux.mount("tmpfs", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755")
    os.mkdir("/tmp/old")
    linux.pivot_root("/tmp", "/tmp/old")
    os.chdir("/")
    for path in sorted(read):
        _show(path)
    for path in sorted(devices):
        _show(path, devices=True)
    os.makedirs(home, exist_ok=True)
    linux.mount("tmpfs", home, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=16m")
    linux.unmount("/old")
    os.rmdir("/old")
    linux.mount(
        "none", "/", None, linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV
    )


def _show(path: str, *, devices: bool = False) -> None:
    old = f"/old{path}"
    if os.path.islink(old):  # such as /lib, which is /usr/lib
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(os.readlink(old), path)
        return
    if os.path.isdir(old):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).touch()
    linux.bind(old, path, devices=devices)
