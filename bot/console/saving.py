"""``/save``: the last list or path as a file for a player."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.console.session import Session
from bot.console.typed import path_of
from bot.console.yours import is_done
from bot.types import Refusal
from soundmap.cli.playlists import tell_kept, written_list
from soundmap.files import is_there

USUAL = "list.m3u8"


async def save(session: Session, where: str) -> None:
    """``/save FILE`` writes a new file, in the format of its ending; without one ``list.m3u8``."""
    path, playlist = Path(path_of(where or USUAL)), session.playlist
    if playlist is None:
        session.refuse(Refusal("no_list"))
    elif is_there(path):
        session.refuse(Refusal("export_exists", {"path": path}))
    elif is_done(session, partial(written_list, path, playlist)):
        tell_kept(path, playlist)
