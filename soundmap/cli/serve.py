"""``soundmap serve``: serves catalogs to music players."""

from __future__ import annotations

import ipaddress
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from soundmap.catalog.shelf import SHIPPED, Shelf
from soundmap.cli.common import listener_of, tell
from soundmap.cli.options import Commands, add_command, add_shelf, whole_number
from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled
from soundmap.errors import NotInstalled, SoundMapError
from soundmap.files import data_folder, kept_secret
from soundmap.serve.asking import USER
from soundmap.serve.songs import Folder, songs_of
from soundmap.wording import said

PORT = 4711
TOKEN_FILE = "serve.token"
LEAST_LETTERS = 16
_CATALOG = "serve these tracks: soundmap catalogs lists (default {shipped}); may be given again"
_TOKEN = (
    "file with the token, {least} letters or more, made if it is not there (default: {file} in your"
    " data folder)"
)
_EXAMPLES = """
soundmap serve --catalog mine                   your own music, to players on this machine
soundmap serve --catalog mine --catalog fma     a music folder for each
soundmap serve --catalog mine --port 8080 --token ~/player.token
"""


def serve(options: Namespace) -> int:
    """``soundmap serve``: runs until it is told to end."""
    try:
        from soundmap.serve.app import app_of
        from soundmap.serve.running import listening_at, run
    except ImportError as error:
        raise NotInstalled("needs_serve") from error

    listener, path = listener_of(options.bundle), _token_file(options.token)
    shelf = Shelf(options.catalogs)
    songs = songs_of(listener.manifest, lambda: listener.catalog, shelf, options.catalog)
    token = _token(path)
    with listening_at(options.host, options.port) as listening:
        facts = _facts(songs.folders, options.host, listening.getsockname()[1], path)
        tell(options, facts, lambda: _show(facts))
        sys.stdout.flush()
        run(app_of(songs, token, language()), listening)
    return 0


def _token_file(path: Path | None) -> Path:
    """The file of the token.  Raises SoundMapError ``bad_token`` for a user without a home."""
    if path:
        return path.expanduser()
    if home := data_folder():
        return home / TOKEN_FILE
    raise SoundMapError("bad_token", path=TOKEN_FILE, reason="there is no home to keep it in")


def _token(path: Path) -> str:
    """The token, made if there is no file.  Raises SoundMapError ``bad_token``, ``weak_token``."""
    try:
        token = kept_secret(path)
    except OSError as error:
        raise SoundMapError("bad_token", path=path, reason=error) from error
    if len(token) < LEAST_LETTERS:
        raise SoundMapError("weak_token", path=path, least=LEAST_LETTERS)
    return token


def _facts(folders: Mapping[str, Folder], host: str, port: int, path: Path) -> dict[str, Any]:
    """What is served, where and to whom, as a JSON document."""
    named = f"[{host}]" if ":" in host else host
    return {
        "url": f"http://{named}:{port}",
        "host": host,
        "loopback": _is_loopback(host),
        "user": USER,
        "token_file": str(path),
        "catalogs": [{"name": it.name, "tracks": len(it.catalog)} for it in folders.values()],
    }


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):  # a name
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _show(facts: dict[str, Any]) -> None:
    screen, spoken, catalogs = Screen(), language(), facts["catalogs"]
    served = {"tracks": sum(it["tracks"] for it in catalogs), "url": facts["url"]}
    named = ", ".join(it["name"] for it in catalogs)
    screen.tell(said("serving", spoken, **served, catalogs=named))
    screen.tell(said("serving_as", spoken, user=facts["user"], path=facts["token_file"]))
    if not facts["loopback"]:
        screen.tell(said("serving_open", spoken, host=facts["host"]))


def add(commands: Commands) -> None:
    """Adds ``serve`` to a parser's commands."""
    text = "Serve catalogs to music players that speak OpenSubsonic."
    parser = add_command(commands, "serve", text, _EXAMPLES)
    parser.add_argument(
        "--catalog",
        action="append",
        default=[],
        metavar="NAME",
        help=filled(_CATALOG, shipped=SHIPPED),
    )
    add_shelf(parser)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen (default 127.0.0.1: this machine only)",
    )
    parser.add_argument(
        "--port",
        type=whole_number(0, 65_535),
        default=PORT,
        help="port to listen on, 0: any that is free (default %(default)s)",
    )
    parser.add_argument(
        "--token",
        type=Path,
        metavar="FILE",
        help=filled(_TOKEN, least=LEAST_LETTERS, file=TOKEN_FILE),
    )
    parser.set_defaults(call=serve)
