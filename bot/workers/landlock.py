"""Landlock, by which a process on Linux gives up rights for good, without being root.

Constants are from linux/landlock.h.  An older kernel forbids only what it knows; one without
Landlock forbids nothing.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_VERSION = 1  # a flag of the first call
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_FILES_BY_VERSION = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 5: 1 << 16}  # first unknown bit
_BIND_AND_CONNECT_TCP = 0b11  # from version 4 on
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6 on


def forbid(writing_but: str) -> bool:
    """Forbids this thread and its children to change, make or run files; returns whether it worked.

    They may still write to the existing file ``writing_but``.  TCP, and signaling, tracing or
    inspecting other processes are forbidden too.
    """
    version = _call(_CREATE_RULESET, None, 0, _VERSION) if sys.platform == "linux" else 0
    if version < 1:
        return False
    files = _files(version)
    rules = _ruleset(version, files)
    if rules < 0:
        return False
    try:
        _allow(rules, writing_but, files & (_WRITE_FILE | _TRUNCATE))
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return _call(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def _files(version: int) -> int:
    """All rights to files that a version can forbid, except reading."""
    known = max(bit for since, bit in _FILES_BY_VERSION.items() if since <= version)
    return (known - 1) & ~(_READ_FILE | _READ_FOLDER)


def _ruleset(version: int, files: int) -> int:
    network = _BIND_AND_CONNECT_TCP if version >= 4 else 0
    scope = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return _call(_CREATE_RULESET, struct.pack("=QQQ", files, network, scope)[:size], size, 0)


def _allow(rules: int, path: str, what: int) -> None:
    file = os.open(path, os.O_PATH)  # type: ignore[attr-defined,unused-ignore]
    try:
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", what, file), 0)
    finally:
        os.close(file)


def _call(number: int, *arguments: int | bytes | None) -> int:
    """Makes a system call; -1 if it fails.  Numbers are passed as full registers."""
    call = ctypes.CDLL(None).syscall
    call.restype = ctypes.c_long
    filled = (ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)
    return int(call(ctypes.c_long(number), *filled))
