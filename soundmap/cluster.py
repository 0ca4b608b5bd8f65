"""Connects to a Dask cluster and sends it what listening needs (the ``cluster`` extra).

The machines of the cluster need only SoundMap installed: sounds and the listening part of the
bundle are sent to them.  Anyone who can reach the scheduler can run programs on all its machines,
and results come back as pickles.  So all of them must be trusted: use a private network, or
``tls://`` with the certificates that Dask's settings name.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import logging
import multiprocessing
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.bundle.manifest import CLEAN_GRAPH, DEGRADED_GRAPH, MANIFEST
from soundmap.errors import BadBundle, BadSound, NotInstalled, SoundMapError
from soundmap.scratch import scratch

if TYPE_CHECKING:
    from distributed import Client

ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
"""The address of a scheduler."""
Parts = Mapping[str, bytes]
"""The files of a bundle that listening needs, by name."""

CONNECT_SECONDS = 10.0
GONE_SECONDS = 10.0
"""A cluster without scheduler or workers for this long counts as gone."""
LOOK_SECONDS = 1.0
MOST_MB = 256
_LISTENING = (MANIFEST, CLEAN_GRAPH, DEGRADED_GRAPH)
_MOST_LETTERS = 8
_folders: dict[str, Path] = {}


def connect(address: str, **how: Any) -> Client:
    """A client of the scheduler at ``address``; call ``look_for`` first.

    ``how`` are further options of ``distributed.Client``.
    """
    import dask
    from distributed import Client

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # we report it ourselves
    dask.config.set({"distributed.admin.large-graph-warning-threshold": MOST_MB << 21})
    return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, **how)


async def look_for(address: str) -> None:
    """Checks that a scheduler answers at ``address``.

    Raises NotInstalled ``needs_dask`` or SoundMapError ``no_cluster``.
    """
    try:
        from distributed import Security, rpc
    except ImportError as error:
        raise NotInstalled("needs_dask") from error
    how = Security().get_connection_args("client")
    try:
        async with rpc(address, connection_args=how) as scheduler:
            await asyncio.wait_for(scheduler.identity(), CONNECT_SECONDS)
    except Exception as error:  # another program may answer there
        raise SoundMapError("no_cluster", address=address) from error


def parts_of(bundle: Path) -> Parts:
    """The files of a bundle that listening needs.  Raises BadBundle ``missing_bundle``."""
    needed = [name for name in _LISTENING if name != DEGRADED_GRAPH or (bundle / name).is_file()]
    try:
        return {name: (bundle / name).read_bytes() for name in needed}
    except OSError as error:
        raise BadBundle("missing_bundle", path=bundle) from error


def parts_there(parts: Parts) -> Parts:
    """A task whose result all others take, so that each worker fetches the files only once."""
    return parts


def new_key(what: str) -> str:
    """A unique key for a task."""
    return f"soundmap-{what}-{uuid.uuid4().hex}"


def bytes_of(path: Path) -> bytes:
    """Content of a file to send.  Raises BadSound ``too_large`` or OSError."""
    if path.stat().st_size > MOST_MB << 20:
        raise BadSound("too_large", most_mb=MOST_MB)
    return path.read_bytes()


def ending_of(path: Path) -> str:
    """The file ending, with its dot; empty unless it is short and alphanumeric."""
    ending = path.suffix[1:]
    is_ordinary = ending.isascii() and ending.isalnum() and len(ending) <= _MOST_LETTERS
    return f".{ending}" if is_ordinary else ""


@contextmanager
def laid_down(data: bytes, ending: str) -> Iterator[Path]:
    """On a worker: a sound as a temporary file."""
    with tempfile.NamedTemporaryFile(dir=_own_folder(), suffix=ending) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def unpacked(parts: Parts) -> Path:
    """On a worker: a temporary folder with these files, one per process."""
    name = hashlib.sha256(b"".join(parts[name] for name in sorted(parts))).hexdigest()
    if name not in _folders:
        folder = Path(tempfile.mkdtemp(dir=_own_folder()))
        for part, data in parts.items():
            (folder / part).write_bytes(data)
        _folders[name] = folder
    return _folders[name]


@cache
def _own_folder() -> Path:
    """A folder for what this process is sent; should it be killed, the next one deletes it."""
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    return until_the_end.enter_context(scratch())


@cache
def allow_children() -> None:
    """On a worker: lets it start processes.

    Dask's nanny runs workers as daemonic processes, which may not have children, so that none
    outlives it.  Ours end with their worker anyway.
    """
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False
