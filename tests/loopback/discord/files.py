"""Uploaded files and their temporary addresses."""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from tests.loopback.discord.model import Clock, Json, Settings, StoredFile

_TYPES = {
    ".wav": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".opus": "audio/opus",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}


class Shelf:
    """All files by number."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock, self._settings = clock, settings
        self._secret = secrets.token_bytes(16)
        self.base = ""  # known once the server listens
        self.files: dict[str, StoredFile] = {}

    def __getitem__(self, number: str) -> StoredFile:
        return self.files[number]

    def store(
        self,
        name: str,
        data: bytes,
        channel: str,
        content_type: str | None,
        description: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """Stores a file; returns its number."""
        number, name = self._clock.number(), clean(name)
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        path = f"/{folder}/{channel}/{number}/{name}"
        made = StoredFile(number, name, data, path, content_type, description, ephemeral)
        self.files[number] = made
        return number

    def shown(self, number: str) -> Json:
        """A file as it appears in a message."""
        file = self.files[number]
        url = self.address(file)
        shown: Json = {"id": number, "filename": file.filename, "size": len(file.data)}
        shown |= {"url": url, "proxy_url": url}
        for key in ("content_type", "description"):
            if (value := getattr(file, key)) is not None:
                shown[key] = value
        return shown | ({"ephemeral": True} if file.ephemeral else {})

    def address(self, file: StoredFile) -> str:
        """A new address for a file, good until it expires."""
        issued, expires = time.time(), time.time() + self._settings.url_lifetime_s
        query = f"ex={int(expires):x}&is={int(issued):x}"
        return f"{self.base}{file.path}?{query}&hm={self._signed(file.path, query)}&"

    def found(self, number: str, path: str, query: Mapping[str, str]) -> StoredFile | None:
        """The file at an address, if the address has not expired."""
        file = self.files.get(number)
        expires, issued = query.get("ex", "0"), query.get("is", "0")
        signed = self._signed(path, f"ex={expires}&is={issued}")
        if file is None or path != file.path or query.get("hm") != signed:
            return None
        return file if int(expires, 16) >= time.time() else None

    def _signed(self, path: str, query: str) -> str:
        return hmac.new(self._secret, f"{path}?{query}".encode(), hashlib.sha256).hexdigest()


def clean(name: str) -> str:
    """A file's name as Discord cleans it."""
    plain = (
        unicodedata.normalize("NFKD", name.rpartition("/")[2]).encode("ascii", "ignore").decode()
    )
    kept = re.sub(r"[^A-Za-z0-9_.-]", "", plain.replace(" ", "_"))
    return f"unknown{kept}" if not kept or kept.startswith(".") else kept


def type_of(name: str) -> str | None:
    """The content type that Discord derives from a file's name."""
    return _TYPES.get(PurePosixPath(name).suffix.lower()) or mimetypes.guess_type(name)[0]
