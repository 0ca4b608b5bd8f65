"""No import cycles among files or among rooms, and no import from a floor below."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from tests.house.layers import FLOORS, may_import, room_of
from tests.house.source import PRODUCT, files_of, name_of

Node = TypeVar("Node", bound=Hashable)
ARROWS = {
    name_of(path): {name_of(other) for other in files_of(path) if other != path} for path in PRODUCT
}


def circles(arrows: Mapping[Node, Iterable[Node]]) -> set[tuple[Node, Node]]:
    """The arrows of circles, and of paths between two circles.

    Repeatedly removes nodes without an arrow in or out, and returns the arrows that remain.
    """
    left = {(node, end) for node, ends in arrows.items() for end in ends}
    while True:
        starts, ends = {start for start, _ in left}, {end for _, end in left}
        kept = {(start, end) for start, end in left if start in ends and end in starts}
        if kept == left:
            return left
        left = kept


def rooms(file: str) -> str:
    """The room of a file: a package of the library, the bot or the lab, or a module beside them."""
    place = file.split("/")[0]
    room = room_of(file, place)
    return room_of(file, room) if room == "soundmap/lab" else room


def test_a_circle_is_seen() -> None:
    assert circles({1: [2], 2: [3], 3: [2], 4: [1]}) == {(2, 3), (3, 2)}
    assert not circles({1: [2, 3], 2: [3], 3: []})


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert circles(ARROWS) == set()


def test_no_room_imports_itself_by_way_of_others() -> None:
    found: dict[str, set[str]] = {}
    for file, others in ARROWS.items():
        found.setdefault(rooms(file), set()).update(map(rooms, others))
    assert circles({room: ends - {room} for room, ends in found.items()}) == set()


def test_files_import_from_floors_above_their_own() -> None:
    pairs = [(file, other) for file, others in ARROWS.items() for other in others]
    assert [pair for pair in pairs if not may_import(*pair)] == []


def test_every_file_has_its_floor() -> None:
    found = {rooms(file) for file in ARROWS if not file.startswith("cogs/")}
    assert found == set(FLOORS) - {"soundmap/lab"}
