"""Files: their hashes, how one takes the place of another, where the user's own are kept."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OUT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN)
"""What a machine has too few of: open files, memory, processes."""
HOME = "SOUNDMAP_HOME"
"""The setting that names one folder for all that SoundMap keeps."""
_EARLIER_DATA = {
    "darwin": "~/Library/Application Support/soundmap",
    "win32": "~/AppData/Local/soundmap",
}
_SECRET_BYTES = 32
_ABANDONED_S = 3600.0
"""A part that has not changed for this long belongs to a process that was killed."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_there(path: str | Path) -> bool:
    """Whether something lies at a path."""
    try:
        return bool(str(path)) and Path(path).exists()  # an empty text would be the folder here
    except (OSError, ValueError):  # no name that a file could have
        return False


def is_file(path: Path) -> bool:
    """Whether a file lies at a path."""
    return is_there(path) and path.is_file()


def is_folder(path: Path) -> bool:
    """Whether a folder lies at a path."""
    return is_there(path) and path.is_dir()


def named_home() -> Path | None:
    """The folder that ``SOUNDMAP_HOME`` names for all that SoundMap keeps; None without it."""
    text = os.environ.get(HOME, "").strip()
    with suppress(RuntimeError):  # there is no such user
        return Path(text).expanduser().absolute() if text else None
    return Path(text).absolute()


def data_folder() -> Path | None:
    """Folder of what is kept: the bot's database with its key, and catalogs.

    ``SOUNDMAP_HOME``, or else this system's usual folder for a user's data.  None for a user
    without a home.
    """
    from platformdirs import user_data_path

    earlier = _EARLIER_DATA.get(sys.platform, "~/.local/share/soundmap")
    return named_home() or _usual(lambda: user_data_path("soundmap", appauthor=False), earlier)


def cache_folder() -> Path | None:
    """Folder of what can be made again, which may not exist yet; None for a user without a home."""
    from platformdirs import user_cache_path

    if home := named_home():
        return home / "cache"
    return _usual(lambda: user_cache_path("soundmap", appauthor=False), "~/.cache/soundmap")


def _usual(usual: Callable[[], Path], earlier: str) -> Path | None:
    """The ``usual`` folder of this system, by the XDG settings if any.

    The one that ``earlier`` versions used, which begins with ``~``, is still the one if it is there
    and the usual one is not.  None for a user without a home.
    """
    place = None
    with suppress(RuntimeError):  # there is no home
        place = usual()
        known = Path(earlier).expanduser()
        return known if is_folder(known) and not is_folder(place) else place
    return place


def kept_secret(path: Path) -> str:
    """The secret that is kept in a file; one of 64 hex digits is made if there is no file.

    Only its owner may read a file that is made.  Raises OSError if it can be neither read nor made,
    or holds no text.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_SECRET_BYTES))
        except OSError as error:  # the disk is full
            path.unlink()
            raise OSError(error.errno, error.strerror, str(path)) from error
    with suppress(UnicodeDecodeError):
        if secret := path.read_text(encoding="utf-8").strip():
            return secret
    raise OSError(f"{path} holds no text; restore it from a backup, or delete it to begin anew")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a new path beside ``path`` to write to; what is written there replaces ``path`` when
    the block ends, so that a reader finds the old file or the new one, whole.

    After an error the old file is left as it was and nothing lies beside it.  Two writers never
    share a part: the last to finish wins.  A link stays, and the file it leads to is replaced; a
    device or a pipe is written to directly.  An OSError names ``path``, not the part.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    _remove_abandoned(target)
    part = target.with_name(f"{_prefix(target)}{secrets.token_hex(4)}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        if error.filename in (None, str(part)):
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def parts_of(path: Path) -> list[Path]:
    """What writers of ``path`` have not finished yet, and what killed ones left behind."""
    target = path.resolve()
    name = re.compile(re.escape(_prefix(target)) + r"[0-9a-f]{8}\.part")
    with suppress(OSError):
        return [file for file in target.parent.iterdir() if name.fullmatch(file.name)]
    return []


def _prefix(target: Path) -> str:
    """What the names of its parts begin with: a name may have 255 bytes, of which 14 follow."""
    return f".{os.fsencode(target.name)[:200].decode('utf-8', 'ignore')}."


def _remove_abandoned(target: Path) -> None:
    for part in parts_of(target):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()
