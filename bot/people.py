"""Keys for people: data about a person is stored under a keyed hash of their account."""

from __future__ import annotations

import hashlib
import hmac
import logging
from pathlib import Path

from soundmap.files import is_there, kept_secret

_log = logging.getLogger(__name__)


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
    file = database.with_name(f"{database.name}.key")
    if is_there(database) and not is_there(file):
        _log.warning("%s is not there, so earlier votes are nobody's; a new one is made", file)
    return People(kept_secret(file).encode())
