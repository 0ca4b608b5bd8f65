from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundmap.catalog.licenses import UNKNOWN, short_license
from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import read_table, read_tiles

TILES = np.zeros((2, 128, 9), np.uint8)
IDS = np.arange(2)


def save(path: Path, **arrays: object) -> Path:
    np.savez(path / "a.npz", **arrays)  # type: ignore[arg-type]
    return path / "a.npz"


@pytest.mark.parametrize(
    ("arrays", "code"),
    [
        ({"track_id": IDS}, "missing_arrays"),
        ({"track_id": IDS, "tile": TILES}, "missing_arrays"),
        ({"track_id": IDS, "tile": TILES / 255, "genre": ["a", "b"]}, "bad_tiles"),
        ({"track_id": IDS, "tile": TILES[0], "genre": ["a", "b"]}, "bad_tiles"),
        ({"track_id": IDS[:0], "tile": TILES[:0], "genre": []}, "bad_tiles"),
        ({"track_id": [1], "tile": TILES, "genre": ["a", "b"]}, "bad_track_ids"),
        ({"track_id": [0.5, 1.5], "tile": TILES, "genre": ["a", "b"]}, "bad_track_ids"),
        ({"track_id": IDS, "tile": TILES, "genre": ["a"]}, "bad_genres"),
        (
            {"track_id": IDS, "tile": TILES, "genre": np.array(["a", "b"], object)},
            "unreadable_dataset",
        ),
    ],
)
def test_bad_tile_files_have_their_codes(
    tmp_path: Path, arrays: dict[str, object], code: str
) -> None:
    with pytest.raises(BadDataset) as caught:
        read_tiles(save(tmp_path, **arrays))
    assert caught.value.code == code
    assert "a.npz" in str(caught.value)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"\x80\x04K\x01."])
def test_what_is_no_tile_file_is_said_to_be_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadDataset) as caught:
        read_tiles(path)
    assert caught.value.code == "unreadable_dataset"


def test_genres_come_from_the_file_or_else_from_the_table(tmp_path: Path) -> None:
    path = save(tmp_path, track_id=IDS, tile=TILES, genre=["Folk", "Rock"])
    assert read_tiles(path, {0: "x", 1: "x"}).genres == ("Folk", "Rock")
    path = save(tmp_path, track_id=IDS, tile=TILES)
    assert read_tiles(path, {0: "Pop", 1: "Jazz"}).genres == ("Pop", "Jazz")
    with pytest.raises(BadDataset, match="track 1 has no genre"):
        read_tiles(path, {0: "Pop"})


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00track_id"])
def test_bad_tables_are_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(BadDataset):
        read_table(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Attribution-Noncommercial-Share Alike 3.0 Germany", "CC BY-NC-SA 3.0 Germany"),
        ("Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0", "CC BY-NC-ND 3.0"),
        ("Attribution-No Derivative Works 3.0 United States", "CC BY-ND 3.0 United States"),
        ("Attribution-ShareAlike 3.0 International", "CC BY-SA 3.0"),
        ("Creative Commons Attribution", "CC BY"),
        ("CC0 1.0 Universal", "CC0 1.0 Universal"),
        ("Public Domain", "Public Domain"),
        ("", UNKNOWN),
    ],
)
def test_licenses_have_their_short_names(name: str, short: str) -> None:
    assert short_license(name) == short
