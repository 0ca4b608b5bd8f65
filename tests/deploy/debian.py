"""A fresh Debian in a folder, and processes inside it, as a container would run them.

Whatever is mounted is so only for the process that asked for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.source import ROOT

MIRROR = "http://deb.debian.org/debian"
TOOLS = ("debootstrap", "unshare", "chroot", "mount")
HOME = "var/lib/soundmap"
_PIP = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_DEFAULT_TIMEOUT")


def debian(folder: Path, suite: str) -> Path:
    """A new minimal Debian.  Skips the test where there can be none."""
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("a Debian of its own needs root on Linux")
    if lacking := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"a Debian of its own needs {', '.join(lacking)}")
    made = _apart(f"debootstrap --variant=minbase {suite} {folder} {MIRROR}")
    if made.returncode:
        pytest.skip(f"debootstrap: {(made.stdout.splitlines() or ['it failed'])[-1]}")
    return folder


def installed_from_clone(root: Path) -> str:
    """Runs the steps of the image, from this clone, which is mounted read-only; what they say."""
    for name in ("src", "redirect"):
        (root / name).mkdir(exist_ok=True)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    settings = {name: os.environ[name] for name in _PIP if name in os.environ}
    if authorities := os.environ.get("PIP_CERT"):  # whom this machine trusts
        shutil.copy(authorities, root / "authorities.pem")
        settings["PIP_CERT"] = "/authorities.pem"
    done = _apart(
        f"mount --bind {ROOT} {root}/src\n"
        f"mount -o remount,bind,ro {root}/src\n"
        f"mount -t proc proc {root}/proc\n"
        f"exec chroot {root} /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin {_words(settings)}"
        " sh /src/deploy/install.sh"
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def as_container(root: Path, kept: Path, command: list[str], env: Mapping[str, str]) -> list[str]:
    """The command line that runs one inside: read-only, as its own user, without any right.

    ``kept`` is the volume, and what ``env`` has is its whole environment.
    """
    chosen = _words({"PATH": "/usr/bin:/bin", "HOME": f"/{HOME}", **env})
    script = (
        f"mount --bind {root} {root}\n"
        f"mount --bind {kept} {root}/{HOME}\n"
        f"mount --bind {ROOT}/tests/loopback/redirect {root}/redirect\n"
        f"mount -o remount,bind,ro {root}\n"
        f"mount -t tmpfs tmpfs {root}/tmp\n"
        f"mount -t proc proc {root}/proc\n"
        f"mount --bind /dev {root}/dev\n"
        f"mount -t tmpfs tmpfs {root}/dev/shm\n"
        f"cd {root}/{HOME}\n"
        f"exec chroot {root} /usr/bin/setpriv --reuid=soundmap --regid=soundmap --clear-groups"
        f" --no-new-privs --bounding-set=-all /usr/bin/env -i -C /{HOME} {chosen}"
        f" {' '.join(command)}"
    )
    return [*("unshare", "--mount", "--propagation", "private", "sh", "-euc"), script]


def _apart(script: str) -> subprocess.CompletedProcess[str]:
    command = [*("unshare", "--mount", "--propagation", "private", "sh", "-euc"), script]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _words(env: Mapping[str, str]) -> str:
    return " ".join(f"'{name}={value}'" for name, value in env.items())
