"""Keys for people: data about a person is stored under a keyed hash of their account."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

_KEY_BYTES = 32


class People:
    """Makes the keys.  Without the secret ``key``, nobody can tell whose key it is."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person(self, platform: str, account: str | int) -> str:
        """The key of an account: HMAC-SHA256 (RFC 2104), 32 hex digits."""
        name = f"{platform}:{account}".encode()
        return hmac.new(self._key, name, hashlib.sha256).hexdigest()[:32]


def people_of(person_key: str, database: Path) -> People:
    """People with the given secret, or with the one stored beside the database.

    Raises OSError if that file can be neither read nor created.
    """
    if person_key:
        return People(person_key.encode())
    path = database.with_name(f"{database.name}.key")
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
    if not (key := path.read_text(encoding="ascii").strip()):
        raise OSError(f"{path} is empty; restore it from a backup, or delete it to begin anew")
    return People(key.encode())
