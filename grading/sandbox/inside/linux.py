"""The Linux calls that the box is made of, through ctypes: namespaces, mounts, Landlock, seccomp, limits.

Standard library only, and nothing of the course: this runs inside the box. Each call raises OSError, naming
itself, when the system refuses it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND = 1, 2, 4, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 24, 36, 38

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
#: System calls by name: their numbers on x86-64 and on 64-bit ARM. Denied in the box: none is of use to a cell that
#: works on a table, and each has been a way out, or round a limit, somewhere.
_DENIED = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "move_mount": (429, 429),
    "open_tree": (428, 428), "mount_setattr": (442, 442), "setns": (308, 268), "unshare": (272, 97),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # memory that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "semget": (64, 190), "semop": (65, 193), "semtimedop": (220, 192), "semctl": (66, 191), "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # large parts of the kernel
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "bpf": (321, 280), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "fanotify_init": (300, 262), "personality": (135, 92),
    "lookup_dcookie": (212, 18),
    # the machine itself
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "vhangup": (153, 58), "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)
_CAPSET = (126, 91)
_MOUNT_SETATTR, _PIVOT_ROOT = (442, 442), (155, 41)
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4

_ARCH = {"x86_64": 0, "aarch64": 1}.get(platform.machine(), -1)


def known_machine() -> bool:
    """Whether the numbers of this machine's system calls are known here."""
    return _ARCH >= 0


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _syscall(name: str, number: int, *arguments: object) -> int:
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), name)


def _prctl(option: int, value: int = 0, more: int = 0) -> None:
    arguments = (ctypes.c_ulong(value), ctypes.c_ulong(more), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_libc.prctl(option, *arguments), f"prctl {option}")


# ---------------------------------------------------------------------------------------------------------------
# namespaces and mounts


def unshare(flags: int) -> None:
    """Leave the namespaces that are shared with the parent."""
    _checked(_libc.unshare(flags), "unshare")


def become_root_of_own_users() -> None:
    """Enter a new user namespace, as its root: rights over the namespaces made from here on, and over nothing else."""
    uid, gid = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """mount(2)."""
    words = [None if word is None else word.encode() for word in (source, target, kind, options)]
    result = _libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3])
    _checked(result, f"mount {target}")


def mounts_are_own() -> None:
    """From here on, what is mounted here is mounted nowhere else."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)


def bind(source: str, target: str, *, devices: bool = False) -> None:
    """Show `source` at `target` as well: read-only, and what is mounted below it too."""
    mount(source, target, None, MS_BIND | MS_REC)
    # devices are written to, but nothing else is to come of them
    flags = _MOUNT_ATTR_NOSUID if devices else _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV
    attributes = ctypes.create_string_buffer(struct.pack("=QQQQ", flags, 0, 0, 0))
    size = ctypes.c_size_t(32)
    path = target.encode()
    _syscall("mount_setattr", _MOUNT_SETATTR[_ARCH], _AT_FDCWD, path, _AT_RECURSIVE, attributes, size)


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root, and show the former root at `old`, below it."""
    _syscall("pivot_root", _PIVOT_ROOT[_ARCH], new.encode(), old.encode())


def unmount(path: str) -> None:
    """Take away what is mounted at `path`."""
    _checked(_libc.umount2(path.encode(), MNT_DETACH), f"umount {path}")


# ---------------------------------------------------------------------------------------------------------------
# processes and rights


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    _prctl(_PR_SET_PDEATHSIG, 9)


def be_reaper() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def be_opaque(opaque: bool = True) -> None:
    """Let no other process of the same user look into this one; or let them again."""
    _prctl(_PR_SET_DUMPABLE, int(not opaque))


def drop_rights(user: int | None) -> None:
    """Give up every right that root has, for good; and become `user`, where one is given."""
    for capability in range(64):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break  # past the last that this kernel knows
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header, nothing = struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", *[0] * 6)
    _syscall("capset", _CAPSET[_ARCH], header, nothing)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def limit(*, memory: int, cpu: int, processes: int, file_size: int) -> None:
    """Set the limits that the system keeps for each process."""
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


# ---------------------------------------------------------------------------------------------------------------
# Landlock: which files may be touched at all

_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_READ_FILE, _WRITE_FILE = 1 << 2, 1 << 1
_OF_A_FILE = 1 << 0 | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_NO_DEVICES = ~(1 << 6 | 1 << 11)  # make a character or a block device
_MAKE_SOCKET = 1 << 9


def landlock_version() -> int:
    """The version of the kernel's Landlock; 0 where it has none."""
    try:
        return _syscall("landlock", _LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


def landlock(*, read: list[str], write: list[str], devices: list[str], sockets: bool) -> None:
    """From here on open nothing but what lies below these paths; connect to nothing; signal nobody outside."""
    version = landlock_version()
    if version < 1:
        raise OSError(95, "landlock: this kernel has none")
    everything = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        everything |= (version >= since) << bit
    parts = [everything]
    if version >= 4:
        parts.append(0b11)  # bind and connect TCP
    if version >= 6:
        parts.append(0b11)  # abstract sockets and signals
    attributes = ctypes.create_string_buffer(struct.pack(f"={len(parts)}Q", *parts), 8 * len(parts))
    rules = _syscall(
        "landlock_create_ruleset", _LANDLOCK_CREATE, attributes, ctypes.c_size_t(8 * len(parts)), ctypes.c_uint32(0)
    )
    own = everything & _NO_DEVICES
    if not sockets:
        own &= ~_MAKE_SOCKET
    for paths, allowed in ((read, _READ), (write, own), (devices, _READ_FILE | _WRITE_FILE)):
        for path in paths:
            _allow(rules, path, allowed & everything)
    _syscall("landlock_restrict_self", _LANDLOCK_RESTRICT, rules, ctypes.c_uint32(0))
    os.close(rules)


def _allow(rules: int, path: str, allowed: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            allowed &= _OF_A_FILE
        rule = struct.pack("=Qi", allowed, handle)
        _syscall("landlock_add_rule", _LANDLOCK_ADD, rules, ctypes.c_int(1), rule, ctypes.c_uint32(0))
    finally:
        os.close(handle)


# ---------------------------------------------------------------------------------------------------------------
# seccomp: which system calls there are

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS, _EACCES = 1, 38, 13
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_AF_UNIX = 1


def seccomp(*, sockets: bool) -> None:
    """Take away the system calls that nobody needs in the box; `sockets` leaves local ones (AF_UNIX)."""
    program: list[tuple[int, int, int, int]] = []

    def load(offset: int) -> None:
        program.append((0x20, 0, 0, offset))

    def equals(value: int, yes: int, no: int) -> None:
        program.append((0x15, yes, no, value))

    def ret(value: int) -> None:
        program.append((0x06, 0, 0, value))

    load(4)  # the architecture: another one has other numbers
    equals(_AUDIT_ARCH[platform.machine()], 1, 0)
    ret(_ERRNO | _ENOSYS)
    load(0)  # the call's number
    program.append((0x35, 0, 1, 0x40000000))  # x86's second set of numbers
    ret(_ERRNO | _ENOSYS)
    for numbers in _DENIED.values():
        if numbers[_ARCH] is not None:
            equals(numbers[_ARCH], 0, 1)
            ret(_ERRNO | _EPERM)
    # its flags can't be seen from here; libc then uses clone
    equals(_CLONE3[_ARCH], 0, 1)
    ret(_ERRNO | _ENOSYS)
    equals(_CLONE[_ARCH], 0, 4)
    load(16)
    program.append((0x45, 0, 1, _NAMESPACES))
    ret(_ERRNO | _EPERM)
    ret(_ALLOW)
    equals(_SOCKET[_ARCH], 0, 4 if sockets else 1)
    if sockets:
        load(16)
        equals(_AF_UNIX, 1, 0)
        ret(_ERRNO | _EACCES)
        ret(_ALLOW)
    else:
        ret(_ERRNO | _EACCES)
    equals(_IOCTL[_ARCH], 0, 4)
    load(24)  # what is asked: never to type into a terminal
    equals(_TIOCSTI, 1, 0)
    equals(_TIOCLINUX, 0, 1)
    ret(_ERRNO | _EPERM)
    ret(_ALLOW)

    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    held = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(held)))
    _prctl(_PR_SET_SECCOMP, 2, ctypes.addressof(head))
