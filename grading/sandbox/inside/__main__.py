"""The template: a Python with everything slow already imported, which makes a box for each run and starts it there.

`python -I inside`, with its orders on a socket that is its standard input. It runs nothing of a learner's itself.
Each run gets namespaces of its own (processes, network, mounts, IPC), an empty folder of its own to write to, limits,
and no rights; it ends when the first process of its namespace ends, and with it every process that it started.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any

import linux
import view

ORDERS = 0
#: User ids that nobody has; each run of a template gets its own, so that processes are counted for it alone.
FIRST_USER = 2_000_000_000


def main() -> None:
    setup = json.loads(sys.argv[1])
    linux.be_reaper()
    if setup["make_view"]:
        view.enter(setup["read"], setup["devices"], setup["home"])
    os.chdir("/")
    os.environ.clear()
    os.environ.update(setup["environment"])
    shell = _preload(setup["preload"])
    linux.be_opaque()
    gc.freeze()
    orders = socket.socket(fileno=ORDERS)
    orders.sendall(b"ready")
    number = 0
    while True:
        try:
            text, handles, _, _ = socket.recv_fds(orders, 65536, 4)
        except ConnectionError:
            text = b""
        if not text:
            return  # whoever gave the orders is gone
        number += 1
        child = os.fork()
        if child == 0:
            _start(json.loads(text), handles, orders, shell, setup, number)
        for handle in handles:
            os.close(handle)
        os.waitpid(child, 0)
        _bury()


def _preload(names: list[str]) -> Any:
    import importlib

    import work

    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return work.make_shell()


def _bury() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _start(order: dict, handles: list[int], orders: socket.socket, shell: Any, setup: dict, number: int) -> None:
    """Make the box's namespaces, start its first process in them, and hand over what it is known by."""
    try:
        linux.unshare(
            linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
        )
        linux.mounts_are_own()
        ready, go = os.pipe()
        first = os.fork()
        if first == 0:
            os.close(go)
            orders.close()
            _first(order, handles, shell, setup, number, ready)
        held = os.pidfd_open(first)
        socket.send_fds(orders, [b"{}"], [held])
        os.close(go)  # the box is known to whoever ordered it: it may begin
    except OSError as error:
        orders.sendall(json.dumps({"error": str(error)}).encode())
    finally:
        os._exit(0)


def _first(order: dict, handles: list[int], shell: Any, setup: dict, number: int, ready: int) -> None:
    """The first process of the box: builds its walls, starts the learner's process, and ends the box in time."""
    job, output, result, fate = handles
    try:
        os.setsid()
        os.read(ready, 1)
        os.close(ready)
        limits = order["limits"]
        options = f"mode=777,size={limits['written']},nr_inodes={limits['files']}"
        linux.mount("tmpfs", setup["home"], "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)
        os.chdir(setup["home"])
        user = None
        if os.geteuid() == 0 and setup["real_root"]:
            user = FIRST_USER + (setup["number"] * 1024 + number) % 1_000_000
        linux.limit(
            memory=limits["memory"], cpu=limits["cpu"], processes=limits["processes"], file_size=limits["written"]
        )
        linux.drop_rights(user)
        linux.be_opaque()
        if setup["landlock"]:
            sockets = order["kind"] == "kernel"
            linux.landlock(read=setup["read"], write=[setup["home"]], devices=setup["devices"], sockets=sockets)
        linux.seccomp(sockets=order["kind"] == "kernel")
        worker = os.fork()
        if worker == 0:
            os.close(fate)
            _worker(order, job, output, result, shell)
        for handle in (job, output, result):
            os.close(handle)
        os.write(fate, json.dumps(_wait(worker, limits["wall"], fate)).encode())
    except BaseException as error:
        os.write(fate, json.dumps({"end": "walls", "why": f"{type(error).__name__}: {error}"}).encode())
    finally:
        os._exit(0)  # the kernel ends every other process of the namespace


def _wait(worker: int, wall: float | None, fate: int) -> dict[str, Any]:
    """Wait for the learner's process, at most `wall` seconds, and say how it ended.

    Nobody waits for a box whose grader was killed, so it ends too.
    """
    listener = select.poll()
    listener.register(fate, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    end = time.monotonic() + wall if wall else None
    while True:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if pid == worker:
            cpu = round(used.ru_utime + used.ru_stime, 2)
            if os.WIFSIGNALED(status):
                return {"end": "signal", "signal": os.WTERMSIG(status), "cpu": cpu}
            return {"end": "exit", "code": os.WEXITSTATUS(status), "cpu": cpu}
        if pid:
            continue
        left = end - time.monotonic() if end else 3600.0
        if left <= 0 or listener.poll(0):
            return {"end": "wall"}
        signal.sigtimedwait({signal.SIGCHLD}, min(left, 1.0))


def _worker(order: dict, job: int, output: int, result: int, shell: Any) -> None:
    """The learner's process."""
    try:
        nothing = os.open("/dev/null", os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        with open(job, "rb") as file:
            told = json.load(file)
        if order["kind"] == "kernel":
            import kernel

            linux.be_opaque(False)  # whoever started the kernel reaches its sockets through /proc
            kernel.serve(told)
        else:
            import work

            work.run(shell, told, result)
    except BaseException:  # anything at all: it is the learner's process
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
