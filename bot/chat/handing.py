"""A list as a file for a player, handed to the person who asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.types import PathAnswer
from bot.wording import say
from soundmap.playlists.entries import Playlist
from soundmap.playlists.m3u import written_m3u
from soundmap.playlists.picks import playlist_of
from soundmap.playlists.writing import pages_note
from soundmap.types import Pick

FILE_NAME = "soundmap-list.m3u8"
WAY, WAY_CREDITS = (rf"sm:{what}:([a-z0-9_-]*):([\d.]+)" for what in ("way", "waycredits"))


def way_ids(answer: PathAnswer, most: int) -> tuple[str, ...]:
    """The ids of a path's buttons, Playlist and Credits.  A path is not stored: they hold its
    catalog and tracks.  None without tracks, or if one takes more than ``most`` letters.
    """
    tracks = ".".join(str(pick.track.track_id) for pick in answer.path.picks)
    made = tuple(f"sm:{what}:{answer.catalog}:{tracks}" for what in ("way", "waycredits"))
    return made if tracks and max(map(len, made)) <= most else ()


def tracks_in(button_id: str) -> tuple[str, list[int]]:
    """The catalog and the tracks that the id of such a button names."""
    _, _, catalog, tracks = button_id.split(":")
    return catalog, [int(it) for it in tracks.split(".") if it]


def list_file(picks: Sequence[Pick], language: str) -> bytes:
    """The picks of a list as m3u8; paths begin at the folder of the music."""
    playlist = _playlist(picks, language)
    return written_m3u(playlist, pages_note(playlist, language), None).encode()


def about_file(code: str, picks: Sequence[Pick], language: str) -> str:
    """What is said beside the file: the sentence of ``code``, and what in the file is a page."""
    note = pages_note(_playlist(picks, language), language)
    files = any(pick.track.file for pick in picks)
    root = say("list_file_root", language) if files else ""
    return " ".join(filter(None, (say(code, language), note, root)))


def _playlist(picks: Sequence[Pick], language: str) -> Playlist:
    return playlist_of(picks, say("list_file_title", language))
