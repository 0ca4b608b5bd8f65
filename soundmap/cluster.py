"""What crosses to the machines of a Dask cluster, and how to reach one (the ``cluster`` extra).

Nothing is expected to lie there but SoundMap itself: the sound travels, and so does the part of
the bundle that listens.  Whoever may talk to a cluster's scheduler may run programs on all of its
machines, and their answers are pickles: all of them must be trusted, on a network of their own or
by ``tls://``, whose certificates Dask's own settings name.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import logging
import multiprocessing
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.bundle.manifest import MANIFEST
from soundmap.errors import BadBundle, BadSound, NotInstalled, SoundMapError

if TYPE_CHECKING:
    from distributed import Client

ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
"""What a scheduler's looks like."""
Parts = Mapping[str, bytes]
"""The files of a bundle that listening needs, by name."""

CONNECT_SECONDS = 10.0
GONE_SECONDS = 10.0
"""A cluster without a scheduler or without workers for so long is taken to be gone."""
LOOK_SECONDS = 1.0
MOST_MB = 256
_LISTENING = (MANIFEST, "model.onnx")
_MOST_LETTERS = 8
_folders: dict[str, Path] = {}


def connect(address: str, **how: Any) -> Client:
    """A client of the scheduler at ``tcp://host:port``, which has been looked for; ``how`` is
    Dask's.
    """
    import dask
    from distributed import Client

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # all of it is said by us
    dask.config.set({"distributed.admin.large-graph-warning-threshold": MOST_MB << 21})
    return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, **how)


async def look_for(address: str) -> None:
    """Returns if a scheduler answers.  Raises NotInstalled ``needs_dask`` or SoundMapError
    ``no_cluster``.
    """
    try:
        from distributed import Security, rpc
    except ImportError as error:
        raise NotInstalled("needs_dask") from error
    how = Security().get_connection_args("client")
    try:
        async with rpc(address, connection_args=how) as scheduler:
            await asyncio.wait_for(scheduler.identity(), CONNECT_SECONDS)
    except Exception as error:  # something else may be there, and answer anything
        raise SoundMapError("no_cluster", address=address) from error


def parts_of(bundle: Path) -> Parts:
    """What listening needs of a bundle.  Raises BadBundle ``missing_bundle``."""
    try:
        return {name: (bundle / name).read_bytes() for name in _LISTENING}
    except OSError as error:
        raise BadBundle("missing_bundle", path=bundle) from error


def parts_there(parts: Parts) -> Parts:
    """The task whose result every other one is given: a worker fetches it once, and who joins
    later or comes back does, too.
    """
    return parts


def new_key(what: str) -> str:
    """A name for a task that no other one has."""
    return f"soundmap-{what}-{uuid.uuid4().hex}"


def bytes_of(path: Path) -> bytes:
    """A file to be sent.  Raises BadSound ``too_large`` or OSError."""
    if path.stat().st_size > MOST_MB << 20:
        raise BadSound("too_large", most_mb=MOST_MB)
    return path.read_bytes()


def ending_of(path: Path) -> str:
    """The ending of a name, as far as it is an ordinary one."""
    ending = path.suffix[1:]
    is_ordinary = ending.isascii() and ending.isalnum() and len(ending) <= _MOST_LETTERS
    return f".{ending}" if is_ordinary else ""


@contextmanager
def laid_down(data: bytes, ending: str) -> Iterator[Path]:
    """On another machine: a sound as a file, while it is needed."""
    with tempfile.NamedTemporaryFile(prefix="soundmap-", suffix=ending) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def unpacked(parts: Parts) -> Path:
    """On another machine: a folder with these files, one for each process."""
    name = hashlib.sha256(b"".join(parts[name] for name in sorted(parts))).hexdigest()
    if name not in _folders:
        folder = Path(tempfile.mkdtemp(prefix="soundmap-bundle-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for part, data in parts.items():
            (folder / part).write_bytes(data)
        _folders[name] = folder
    return _folders[name]


@cache
def allow_children() -> None:
    """On another machine: Dask's nanny forbids its workers to have processes of their own, but
    only so that they end with it; ours end with theirs anyway.
    """
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False
