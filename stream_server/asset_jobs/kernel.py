"""The few kernel calls that Python has no names for: Landlock, seccomp, namespaces, capabilities (Linux only).

Each function does one thing to the calling process (single-threaded at that moment), which it and all its children
keep for good. Each raises OSError where the kernel, or the container around us, does not allow it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000

_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _PR_SET_SECCOMP = 38, 24, 22
_SECCOMP_MODE_FILTER = 2
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same number on every architecture
_LANDLOCK_VERSION = 1
_RULE_PATH_BENEATH = 1

# linux/landlock.h: rights on files, by the version of the interface that knows them
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_ALL_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)
_SCOPES = 0b11
"""Since version 6: no abstract unix sockets and no signals to processes outside."""
_READ = _EXECUTE | _READ_FILE | _READ_DIR

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _call(name: str, *arguments: object) -> int:
    if _libc is None:
        raise OSError(38, "only on Linux")
    result = int(getattr(_libc, name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def no_new_privileges() -> None:
    """No program started from here gains rights (setuid bits mean nothing); Landlock and seccomp ask for it."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def leave_network() -> None:
    """A network of our own, with nothing in it. Without root by way of a user namespace, where that is allowed."""
    try:
        _call("unshare", CLONE_NEWNET | CLONE_NEWIPC)
    except PermissionError:
        _call("unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC)


def drop_capabilities() -> None:
    """None of root's powers, now and after any exec; root's own files stay reachable (see Landlock for those)."""
    for capability in range(64):
        try:
            _call("prctl", _PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            break  # the last one this kernel has, or not ours to drop
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, ourselves
    _call("capset", header, bytes(24))


def restrict_files(read: Iterable[Path], write: Iterable[Path]) -> int:
    """Only these paths exist from now on, for reading and executing, or for everything. Returns Landlock's version.

    Paths that are not there are passed over.
    """
    version = _call("syscall", _LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    everything = _ALL_OF_VERSION[min(version, max(_ALL_OF_VERSION))]
    network = 0b11 if version >= 4 else 0  # bind and connect of TCP, with no exception
    attributes = struct.pack("QQQ", everything, network, _SCOPES if version >= 6 else 0)
    attributes = attributes[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = _call("syscall", _LANDLOCK_CREATE, attributes, len(attributes), 0)
    try:
        for rights, paths in ((_READ, read), (everything, write)):
            for path in paths:
                _allow(rules, path, rights & everything)
        _call("syscall", _LANDLOCK_RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not path.is_dir():
            rights &= _FILE_ONLY
        _call("syscall", _LANDLOCK_ADD, rules, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)


# seccomp: classic BPF over struct seccomp_data (number at 0, architecture at 4, first argument at 16)
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # errno 1 is EPERM
_AF_UNIX = 1
_X32 = 0x40000000
# audit architecture, number of socket(2), and of calls that no converter of models needs
_ARCHITECTURES = {
    "x86_64": (
        0xC000003E,
        41,
        # ptrace, mount, umount2, swapon, swapoff, reboot, init_module, delete_module, kexec_load, add_key, request_key,
        # keyctl, unshare, perf_event_open, open_by_handle_at, setns, process_vm_readv, process_vm_writev, finit_module,
        # kexec_file_load, bpf, userfaultfd, io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount,
        # fsopen, fsmount, pidfd_getfd, mount_setattr
        [101, 165, 166, 167, 168, 169, 175, 176, 246, 248, 249, 250, 272, 298, 304, 308, 310, 311, 313, 320, 321, 323]
        + [425, 426, 427, 428, 429, 430, 432, 438, 442],
    ),
    "aarch64": (
        0xC00000B7,
        198,
        [117, 40, 39, 224, 225, 142, 105, 106, 104, 217, 218, 219, 97, 241, 265, 268, 270, 271, 273, 294, 280, 282]
        + [425, 426, 427, 428, 429, 430, 432, 438, 442],
    ),
}


def refuse_calls() -> None:
    """No sockets but unix ones, and none of the calls that only debuggers, containers and exploits need."""
    if platform.machine() not in _ARCHITECTURES:
        raise OSError(38, f"no list of calls for {platform.machine()}")
    architecture, socket, refused = _ARCHITECTURES[platform.machine()]
    program = _filter(architecture, socket, refused)
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code)
    _call(
        "prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    )


def _filter(architecture: int, socket: int, refused: list[int]) -> list[tuple[int, int, int, int]]:
    """(code, jump if true, jump if false, value) each; the last three instructions are the verdicts."""
    tests = len(refused)
    # distances count from the instruction after the jump; `left` is how many tests still follow
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUALS, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, tests + 3, 0, _X32),  # the other calling convention of the same processor
    ]
    for done, number in enumerate(refused):
        program.append((_EQUALS, tests - done + 2, 0, number))
    program += [
        (_EQUALS, 0, 3, socket),
        (_LOAD, 0, 0, 16),
        (_EQUALS, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return program
