"""Code that takes too much: it is stopped at its limit, says so, and leaves nothing behind."""

import time
from pathlib import Path

import pytest

from grading import sandbox
from grading.sandbox import box

case = pytest.mark.case
MIB = 2**20


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import signal\nfor s in (2, 14, 15, 24, 25): signal.signal(s, lambda *a: None)\n"
        "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
        "import time\ntime.sleep(1000)",
        "x = 7 ** (7 ** 12)",
        "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
        "import threading\nthreading.Event().wait()",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "import sys\nsys.settrace(lambda *a: (lambda *b: None))\nwhile True: pass",
    ],
)
@case("an endless loop, one that ignores every signal, a sleep, a stopped process, a sum without end", "ended in time")
def test_an_endless_loop_is_ended(attack, source):
    start = time.monotonic()
    ran = attack(source, wall=2, cpu=2)
    assert ran.timed_out and ran.cells == {} and "longer than 2 seconds" in ran.stopped
    # it ends at most 2 s after its limit; what comes on top is for a machine that does many things at once
    assert time.monotonic() - start < 2 + 2 + 6


@case("processor time used up in many child processes or threads", "ended, all of them together")
def test_processor_time_is_that_of_all(attack):
    source = "import os\nfor _ in range(4):\n  if os.fork() == 0:\n    while True: pass\nimport time\ntime.sleep(60)"
    ran = attack(source, wall=20, cpu=2)
    assert ran.stopped == "it computed for longer than 2 seconds" and ran.timed_out


@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(8 * 2**30)",
        "x = []\nwhile True: x.append(bytearray(2**24))",
        "import mmap\nkept = []\nwhile True:\n  m = mmap.mmap(-1, 2**25)\n  m.write(b'x' * 2**25)\n  kept.append(m)",
        "import numpy\nx = numpy.ones(2**30)",
        "x = 'a' * 2**33",
    ],
)
@case("8 GB of memory, at once or bit by bit, with mmap, numpy or text", "MemoryError at the limit, or ended")
def test_memory_is_limited(attack, source):
    ran = attack(source, wall=30, cpu=30)
    left = ran.cells.get("attack")
    assert left is not None and "Memory" in left.error or "memory" in ran.stopped
    assert "x" not in (left.values if left else {})


@case("memory spread over many processes", "ended: it is counted together")
def test_memory_of_all_processes_is_counted_together(attack):
    source = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = b"x" * (100 * 2**20)
        time.sleep(60)
time.sleep(60)
"""
    assert attack(source, wall=30).stopped == "it used more than 256 MiB of memory"


@case("memory that no limit counts: memfd, shared memory, message queues, locked pages", "not there")
def test_memory_beside_the_limits(attack):
    source = """
import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
x = []
for call in ("os.memfd_create('x')", "mmap.mmap(os.open('/dev/shm/x', os.O_CREAT | os.O_RDWR), 4096)"):
    try:
        eval(call)
        x.append(call)
    except OSError:
        pass
calls = "libc.shmget(0, 2**20, 0o1600)", "libc.msgget(0, 0o1600)", "libc.semget(0, 1, 0o1600)", "libc.mlockall(3)"
for call in calls:
    if eval(call) != -1:
        x.append(call)
try:
    import multiprocessing.shared_memory
    multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    x.append("SharedMemory")
except OSError:
    pass
"""
    assert attack(source).cells["attack"].values == {"x": []}


@case("a fork bomb", "stopped at its number of processes, and all of them ended")
def test_a_fork_bomb(attack):
    source = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    ran = attack(source, wall=3, cpu=3, processes=32)
    assert ran.stopped and ran.cells == {}


@case("more processes or threads than allowed", "refused")
def test_processes_are_limited(attack):
    source = """
import os, threading, time
x = 0
try:
    while x < 200:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        x += 1
except OSError:
    pass
"""
    assert 8 <= attack(source, processes=16).cells["attack"].values["x"] <= 16


@pytest.mark.parametrize(
    "source",
    [
        "import os, time\nif os.fork() == 0:\n  time.sleep(1000)\nx = 1",
        "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(99)\n  os._exit(0)\nx = 1",
        "import subprocess\nsubprocess.Popen(['setsid', 'nohup', 'sleep', '1000'], start_new_session=True)\nx = 1",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\nx = 1",
        "import os, signal, time\nif os.fork() == 0:\n  for s in range(1, 65):\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n  time.sleep(1000)\nx = 1",
        "import os, time\nif os.fork() == 0:\n  os.close(1); os.close(2)\n  time.sleep(1000)\nx = 1",
    ],
    ids=["a child", "a daemon", "nohup", "a thread", "a child that ignores signals", "a child without its output"],
)
@case("a left-over child, a daemon of its own session, a thread that goes on", "ended with the box; the work counts")
def test_nothing_survives(attack, source):
    start = time.monotonic()
    assert attack(source, wall=60).cells["attack"].values == {"x": 1}
    assert time.monotonic() - start < 30, "nobody waits for it"


@case("a child that goes on writing results after the cell has ended", "too late")
def test_a_child_that_writes_later(attack):
    source = """
import os, time
if os.fork() == 0:
    for _ in range(1000):
        for fd in range(3, 64):
            try: os.write(fd, b'{"cell": "attack", "error": "", "values": {"x": 99}, "faults": {}}\\n')
            except OSError: pass
        time.sleep(0.001)
time.sleep(0.3)
x = 1
"""
    assert attack(source).cells.get("attack", sandbox.Left()).values.get("x") != 1


@pytest.mark.parametrize(
    "stream", ["print('x' * 5000)", "sys.stderr.write('x' * 5000)", "os.write(1, b'\\xff' * 5000)"]
)
@case("50 MB of output", "cut at the limit, the work counts")
def test_output_is_cut(attack, stream):
    ran = attack(f"import os, sys\nfor _ in range(10_000): {stream}\nx = 1", wall=30, output=MIB)
    assert (ran.cells["attack"].values, ran.cut) == ({"x": 1}, True) and len(ran.output) <= MIB


@case("output without end", "ended in time, what was printed first is kept")
def test_output_without_end(attack):
    ran = attack("while True: print('x' * 1000)", wall=2, cpu=2)
    assert ran.timed_out and ran.cut and ran.output.startswith("xxx")


@case("a file of 10 GB, written or as a hole, in one piece or in many", "stopped at the quota")
def test_files_are_limited(attack):
    source = """
import os
x = []
try:
    with open("big", "wb") as f:
        while True: f.write(b"x" * 2**20)
except OSError as error:
    x.append(os.path.getsize("big") <= 9 * 2**20)
try:
    os.truncate("big", 10 * 2**30)
except OSError:
    x.append(True)
try:
    for number in range(100):
        with open(f"piece{number}", "wb") as f: f.write(b"x" * 2**20)
except OSError:
    x.append(number < 9)
"""
    assert attack(source, written=8 * MIB).cells["attack"].values["x"] == [True, True, True]


@case("100,000 small files, or folders 10,000 deep", "stopped at the quota")
def test_the_number_of_files_is_limited(attack):
    source = """
import os
x = 0
try:
    while True:
        open(f"f{x}", "w").close()
        x += 1
except OSError:
    pass
try:
    while True:
        os.mkdir("d")
        os.chdir("d")
        x += 1
except OSError:
    pass
"""
    assert attack(source, files=500).cells["attack"].values["x"] <= 500


@case("every file descriptor", "stopped at 256")
def test_open_files_are_limited(attack):
    fill = "import os\nkept = []\ntry:\n  while True: kept.append(os.pipe())\nexcept OSError: pass\n"
    source = f"{fill}x = len(kept)\nfor a, b in kept: os.close(a); os.close(b)"
    assert attack(source).cells["attack"].values["x"] < 128


@case("no end of recursion, of code that makes code, of nested lists", "an error, or ended; never the grader's")
def test_deep_things(attack):
    for source in (
        "f = lambda: f()\nf()",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return f(n + 1)\nf(0)",
        "x = []\nfor _ in range(100_000): x = [x]",
        "eval('(' * 500 + ')' * 500)",
        "x = {}\nx['x'] = x",
    ):
        ran = attack(source, wall=5, cpu=5)
        assert "x" not in ran.cells.get("attack", sandbox.Left()).values


@case("half of the box's memory as files and half as data, again and again", "each run begins with nothing")
def test_nothing_adds_up_over_runs(attack):
    for _ in range(5):
        ran = attack("open('big', 'wb').write(b'x' * 6 * 2**20)\nx = 1", written=8 * MIB)
        assert ran.cells["attack"].values == {"x": 1}


@case("the grader is killed while code is running", "the code ends too")
def test_the_code_ends_with_the_grader(kind, tmp_path):
    import subprocess
    import sys

    program = (
        "from grading import sandbox\n"
        f"sandbox.run([sandbox.Cell('a', 'x = 1')], kind={kind!r})\nprint('ready', flush=True)\n"
        "long = sandbox.Cell('a', 'import time; time.sleep(1000)')\n"
        f"sandbox.run([long], limits=sandbox.Limits(wall=900), kind={kind!r})"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "ready\n"
    deadline = time.monotonic() + 30
    while len(family := box.family_of(grader.pid)) < (5 if kind == "bubblewrap" else 4) and time.monotonic() < deadline:
        time.sleep(0.05)
    grader.kill()
    grader.wait()
    while (left := [pid for pid in family if _runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@case("many hand-ins at once, each in a thread, some of them hostile", "each gets its own outcome")
def test_many_at_once(kind):
    from concurrent.futures import ThreadPoolExecutor

    def one(number):
        source = "import os\nos._exit(1)" if number % 3 == 0 else f"import time\ntime.sleep(0.1)\nx = {number}"
        ran = sandbox.run([sandbox.Cell("a", source, ("x",))], kind=kind)
        return ran.cells["a"].values["x"] if "a" in ran.cells else None

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(one, range(18)))
    assert found == [None if number % 3 == 0 else number for number in range(18)]


@case("the template itself is killed", "the next run starts another")
def test_a_template_that_was_killed_is_replaced(kind):
    sandbox.run([sandbox.Cell("a", "x = 1", ("x",))], kind=kind)
    box._templates[kind, ()]._process.kill()
    box._templates[kind, ()]._process.wait()
    assert sandbox.run([sandbox.Cell("a", "x = 1", ("x",))], kind=kind).cells["a"].values == {"x": 1}
