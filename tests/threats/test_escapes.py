"""Code that looks for what is not its own, or for a way out: it is not there, or it is denied."""

import os
from pathlib import Path

import pytest

from grading import sandbox
from grading.sandbox import walls

case = pytest.mark.case
REPOSITORY = Path(__file__).parents[2]

LOOK = """
import os
x = []
for path in {paths!r}:
    for what in (os.stat, os.listdir, lambda p: open(p).read(), os.readlink):
        try:
            what(path)
        except OSError:
            continue
        x.append(path)
"""


@case("the rubric, hidden tests, exercises/, the course's code, the gradebook, hand-ins", "not there")
def test_the_course_is_not_there(attack, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("grades")
    places = ["exercises", "grading/scoring.py", "simemr", "tests", "build", "course.toml", ".git"]
    paths = [str(REPOSITORY / place) for place in places] + [str(secret), str(tmp_path), str(REPOSITORY)]
    found = attack(LOOK.format(paths=paths)).cells["attack"].values["x"]
    # the course's folder may be on the way to Python's own; then it is there, and holds nothing else
    assert set(found) <= {str(REPOSITORY)}


@case("passwords, keys, logs, homes, services: /etc, /root, /home, /var, /run, /sys, /boot", "not there")
def test_the_machine_is_not_there(attack):
    paths = [
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hosts",
        "/home",
        "/root/.ssh",
        "/var",
        "/run",
        "/sys",
        "/boot",
        "/srv",
        "/mnt",
    ]
    assert attack(LOOK.format(paths=paths)).cells["attack"].values["x"] == []


@case("/proc of the grader, its own /proc, its parent's memory and environment", "there is no /proc")
def test_there_is_no_proc(attack):
    paths = [
        "/proc",
        f"/proc/{os.getpid()}/environ",
        "/proc/self/environ",
        "/proc/1/mem",
        "/proc/self/root",
        "/proc/self/fd",
    ]
    assert attack(LOOK.format(paths=paths)).cells["attack"].values["x"] == []


@case("secrets in the grader's environment", "not there")
def test_the_environment_is_not_the_graders(attack, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://grader:secret@db")
    monkeypatch.setenv("PYTHONPATH", "/tmp/evil")
    seen = attack("import os\nx = {**os.environ}").cells["attack"].values["x"]
    assert not {"COURSE_GRADEBOOK", "PYTHONPATH", "SSH_AUTH_SOCK", "USER", "VIRTUAL_ENV"} & set(seen)
    assert "secret" not in str(seen) and seen["HOME"] == walls.home()


@case("open files of the grader that were passed on by mistake", "none is")
def test_no_open_file_is_passed_on(attack, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("answers")
    handle = os.open(secret, os.O_RDONLY)
    os.set_inheritable(handle, True)
    try:
        source = """
import os, stat
x = []
for fd in range(256):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISREG(mode) or stat.S_ISSOCK(mode):
        x.append(fd)
"""
        assert attack(source).cells["attack"].values["x"] == []
    finally:
        os.close(handle)


@case("an earlier learner's files, variables and modules", "each run begins with nothing")
def test_nothing_of_another_run_is_there(attack):
    attack("open('mine', 'w').write('x')\nmine = 1\nimport sys\nsys.modules['mine'] = sys")
    found = attack(
        "import os, sys\nx = [os.path.exists('mine'), 'mine' in globals(), 'mine' in sys.modules]\n"
        "x += [name for name in os.listdir('.')]"
    )
    assert found.cells["attack"].values["x"] == [False, False, False]


OUTSIDE = [
    "open('/x', 'w')",
    "open('/usr/bin/x', 'w')",
    "open(pandas.__file__, 'a')",
    "os.mkdir('/usr/x')",
    "os.unlink(sys.executable)",
    "os.chmod('/', 0o777)",
    "os.chown('.', 0, 0)",
    "os.symlink('/', '/usr/x')",
    "os.link('/usr/bin/env', 'x')",
    "os.rename('/usr', '/usr2')",
    "os.mknod('disk', 0o60660, os.makedev(8, 0))",
    "open('/dev/sda', 'rb')",
    "open('/dev/mem', 'rb')",
    "open('/dev/kmsg', 'w')",
    "open('/dev/shm/x', 'w')",
    "os.truncate('/usr/bin/env', 0)",
]
EACH = """
import os, sys, socket, pandas
x = []
for source in {sources!r}:
    try:
        exec(source)
        x.append(source)
    except OSError:
        pass
"""


@case("writing, linking, renaming, changing owners outside its folder; devices, /dev/shm", "denied")
def test_nothing_can_be_written_outside(attack):
    assert attack(EACH.format(sources=OUTSIDE)).cells["attack"].values == {"x": []}


@case("a link from its own folder to what it must not see", "leads nowhere")
def test_a_link_leads_nowhere(attack):
    source = f"""
import os
x = []
targets = {str(REPOSITORY / "course.toml")!r}, "/etc/shadow", "/proc/1/environ", "../../../etc/passwd"
for number, target in enumerate(targets):
    os.symlink(target, f"link{{number}}")
    try:
        x.append(open(f"link{{number}}").read())
    except OSError:
        pass
"""
    assert attack(source).cells["attack"].values["x"] == []


CALLS = [
    "libc.unshare(0x10000000)",  # a user namespace, in which it would be root
    "libc.unshare(0x00020000)",
    "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
    "libc.umount2(b'/tmp', 2)",
    "libc.chroot(b'/tmp')",
    "libc.ptrace(16, 1, 0, 0)",
    "libc.ptrace(0, 0, 0, 0)",
    "libc.setuid(0)",
    "libc.setns(0, 0)",
    "libc.reboot(0)",
    "libc.swapon(b'/tmp/x', 0)",
    "libc.acct(b'/tmp/x')",
    "libc.sethostname(b'x', 1)",
    "libc.syscall(425, 8, ctypes.create_string_buffer(200))",  # io_uring_setup
    "libc.syscall(321, 0, 0, 0)",  # bpf
    "libc.syscall(298, ctypes.create_string_buffer(200), 0, -1, -1, 0)",  # perf_event_open
    "libc.syscall(323, 0)",  # userfaultfd
    "libc.syscall(250, 0, 0)",  # keyctl
    "libc.syscall(310, 1, 0, 0, 0, 0, 0)",  # process_vm_readv
    "libc.syscall(438, 0, 0, 0)",  # pidfd_getfd
    "libc.syscall(435, ctypes.create_string_buffer(88), 88)",  # clone3
    "libc.syscall(56, 0x10000011, 0, 0, 0, 0)",  # clone, into a user namespace
    "libc.syscall(304, -100, 0, 0)",  # open_by_handle_at
    "libc.syscall(428, -100, b'/', 0)",  # open_tree
    "libc.syscall(0x40000000 + 39)",  # x86's second set of numbers
]
ALL_CALLS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
x = []
for call in {calls!r}:
    ctypes.set_errno(0)
    result = eval(call)
    if result != -1 or ctypes.get_errno() not in (1, 13, 38):
        x.append([call, result, ctypes.get_errno()])
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of the calls are those of x86-64")
@case("namespaces, mounts, chroot, ptrace, root again, the kernel's large doors (bpf, io_uring, keyctl …)", "denied")
def test_calls_that_lead_out_are_denied(attack):
    assert attack(ALL_CALLS.format(calls=CALLS)).cells["attack"].values == {"x": []}


@case("set-uid programs: su, mount, newuidmap", "gain nothing")
def test_a_set_uid_program_gains_nothing(attack):
    source = """
import os, subprocess
open('mine', 'w').close()
os.chmod('mine', 0o4777)
uid = os.getuid()
x = [subprocess.run(['sh', '-c', 'id -u'], capture_output=True, text=True).stdout.strip() == str(uid)]
for program in ('su', 'mount'):
    x.append(subprocess.run([program, '-c', 'true'], capture_output=True).returncode != 0)
"""
    assert attack(source).cells["attack"].values["x"] == [True, True, True]


@case("killing its parent, the box's first process, everything", "it reaches none but its own")
def test_it_can_kill_nobody(attack):
    source = """
import os, signal
x = os.getppid()
for pid in (1, x, -1):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            pass
"""
    assert attack(source).cells["attack"].values["x"] == 1


@case("signals and pidfds to processes outside", "there are none that it could name")
def test_it_sees_no_process_outside(attack):
    source = f"""
import os
x = []
for pid in [{os.getpid()}, *range(3, 500)]:
    try:
        os.kill(pid, 0)
        x.append(pid)
    except OSError:
        pass
"""
    assert attack(source).cells["attack"].values["x"] == []


@case("typing into the grader's terminal (TIOCSTI)", "denied")
def test_it_can_not_type_into_a_terminal(attack):
    source = "import fcntl\nx = 0\nfor fd in range(3):\n  fcntl.ioctl(fd, 0x5412, b'x')\nx = 1"
    assert attack(source).cells["attack"].error.startswith(("PermissionError", "OSError"))


@case("a higher limit for itself", "denied")
def test_it_can_raise_no_limit(attack):
    source = """
import resource
x = []
for name in ("AS", "CPU", "NPROC", "FSIZE", "NOFILE", "CORE"):
    which = getattr(resource, f"RLIMIT_{name}")
    try:
        resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        x.append(name)
    except (OSError, ValueError):
        pass
"""
    assert attack(source).cells["attack"].values["x"] == []


@case("what is expected of the learner, anywhere in the memory of its process", "it never was there")
def test_nothing_that_is_expected_is_in_memory(beds, kind):
    """What is searched for is written backwards here, so that the search does not find itself."""
    source = """
import gc, sys
backwards = {"dekram-pag", "draw-yb", "yp.cirbur", "hcae pu deddA"}
held = [o for o in gc.get_objects() if isinstance(o, (dict, list, tuple, set))]
texts = (v for o in held for v in (o.values() if isinstance(o, dict) else o) if isinstance(v, str))
x = [text for text in texts if text[::-1] in backwards]
x += [name for name in sys.modules if name.startswith(("grading", "simemr", "nbgrader", "_exercise"))]
"""
    ran = sandbox.run(
        [sandbox.Cell("look", source, ("x",))], kind=kind, tables={"beds": {"columns": ["a"], "rows": [["1"]]}}
    )
    assert ran.cells["look"].values["x"] == []


@case("the course lies where the code could read it", "nothing is run, and it says why")
def test_a_course_in_a_readable_place_is_refused(kind):
    import sys

    with pytest.raises(sandbox.Unavailable, match="would be able to read"):
        sandbox.run([sandbox.Cell("a", "x = 1")], kind=kind, kept_out=[Path(sys.prefix) / "lib"])


@case("a machine without walls", "nothing is run: it waits for a person, with the reason")
def test_without_walls_nothing_is_run(beds, monkeypatch):
    from tests.threats.help import extras

    monkeypatch.setattr(walls, "command", lambda kind, kept_out: (_ for _ in ()).throw(sandbox.Unavailable("not here")))
    monkeypatch.setattr("grading.sandbox.box._templates", {})
    found = extras(beds)
    assert all(extra.points == 0 and "not here" in extra.waiting for extra in found.values())
    assert "A person has to look at this code" in found["total"].evidence
