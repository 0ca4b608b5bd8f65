"""The layers, or floors: a file imports from floors above its own or from its own package."""

from __future__ import annotations

LIBRARY = """
types files clock scratch
wording
errors
audio search
features links catalog
engines map recommendation
paths
mix
bundle
taste cluster
library
draw playlists
__init__
lab serve
cli
__main__
"""
LAB = """
__init__
bootstrap
datasets
network
evaluation simulation
training
ladder bench
"""
BOT = """
__init__
types config people wording_mix
wording_ko
wording
store workers
core
chat health
discord console slack
app
command
__main__
"""


def floors_of(plan: str, place: str) -> dict[str, int]:
    """The floor of each room, by path; a room like ``soundmap/audio`` is a package or a module."""
    floors = plan.split("\n")
    return {
        f"{place}/{room}": floor for floor, rooms in enumerate(floors) for room in rooms.split()
    }


FLOORS = {
    **floors_of(LIBRARY, "soundmap"),
    **floors_of(LAB, "soundmap/lab"),
    **floors_of(BOT, "bot"),
}


def room_of(file: str, place: str) -> str:
    """The room of a file below ``place``: ``soundmap/audio`` for ``soundmap/audio/decode.py``."""
    inner = file.removeprefix(f"{place}/").split("/")[0].removesuffix(".py")
    return f"{place}/{inner}"


def may_import(importer: str, imported: str) -> bool:
    """Whether one file may import another, both given by path."""
    house, other = importer.split("/")[0], imported.split("/")[0]
    if house == "cogs":
        return imported.startswith("soundmap/") or other in ("bot", "cogs")
    if house != other:
        return house == "bot" and other == "soundmap"
    return _above(importer, imported, house)


def _above(importer: str, imported: str, place: str) -> bool:
    mine, theirs = room_of(importer, place), room_of(imported, place)
    if mine == theirs:
        return _above(importer, imported, mine) if mine == "soundmap/lab" else True
    return FLOORS[theirs] < FLOORS[mine]
