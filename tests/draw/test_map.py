"""The map as a picture: what is marked can be seen where it lies, on any ground, at phone width."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.core.maps import Maps
from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.draw.canvas import ACCENT, INK, PANEL
from soundmap.draw.cloud import draw_cloud
from soundmap.draw.map import HEIGHT, LARGE, MOST_BYTES, WHOLE_HEIGHT, WIDTH, draw_map
from soundmap.draw.marks import Marks
from soundmap.draw.on_map import draw_liking, draw_list, draw_path
from soundmap.draw.pen import spread
from soundmap.errors import BadBundle
from soundmap.map.atlas import Atlas, rgb_of
from soundmap.paths.find import End, find_path
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request
from soundmap.taste.liking import liking_of
from soundmap.taste.taste import Signal, taste_of
from soundmap.types import Floats
from tests.helpers.pictures import Seen, seen


@pytest.fixture(scope="session")
def atlas(listener: Listener) -> Atlas:
    """The shipped tracks by their genre, around as many places: no figure of the layout counts."""
    catalog = listener.catalog
    genres = sorted(set(catalog.columns["genre"]))
    turn = np.array([genres.index(it) for it in catalog.columns["genre"]]) * 2 * np.pi / len(genres)
    scatter = np.random.default_rng(0).normal(size=(len(catalog), 2)) / 12
    places = 0.7 * np.stack([np.cos(turn), np.sin(turn)], axis=1) + scatter
    return Atlas(catalog, np.clip(places, -1, 1).astype(np.float32))


def middle_of(picture: Seen, color: str) -> tuple[float, float]:
    """The middle of the pixels of a color below the title, in shares of width and height."""
    near = (np.abs(picture[..., :3] - rgb_of(color)).sum(axis=-1) < 40) & (picture[..., 3] == 255)
    near[: len(picture) // 8] = False
    rows, columns = np.nonzero(near)
    return float(np.median(columns)) / near.shape[1], float(np.median(rows)) / near.shape[0]


def test_a_list_around_its_sound_is_small_and_of_the_stated_size(
    atlas: Atlas, listener: Listener
) -> None:
    catalog, manifest = atlas.catalog, listener.manifest
    analysis = manifest.analysis_of(catalog, 99)
    found = recommend(analysis, catalog, Request(count=10))
    png = draw_list(atlas, found, catalog)
    assert seen(png).shape[:2] == (HEIGHT, WIDTH) and len(png) < MOST_BYTES
    assert draw_list(atlas, found, catalog) == png
    large = draw_list(atlas, found, catalog, whole=True)
    assert seen(large).shape[:2] == (round(WHOLE_HEIGHT * LARGE), round(WIDTH * LARGE))
    assert len(large) < MOST_BYTES


def test_the_star_is_where_the_sound_lies(atlas: Atlas) -> None:
    seen_at = [
        middle_of(seen(draw_map(atlas, Marks(star=place, whole=True))), ACCENT)
        for place in ((-0.8, 0.8), (0.8, 0.8), (0.0, 0.0), (-0.8, -0.8))
    ]
    (left, top), (right, also_top), (middle, center), (also_left, bottom) = seen_at
    assert left == pytest.approx(also_left, abs=0.01) and top == pytest.approx(also_top, abs=0.01)
    assert left < middle < right and top < center < bottom
    assert middle == pytest.approx((left + right) / 2, abs=0.01)
    assert center == pytest.approx((top + bottom) / 2, abs=0.01)


def test_a_far_pick_is_still_in_the_picture(atlas: Atlas) -> None:
    near = seen(draw_map(atlas, Marks(star=(0.0, 0.0), picks=[(0.05, 0.0)])))
    far = seen(draw_map(atlas, Marks(star=(-0.9, -0.9), picks=[(0.9, 0.9)])))
    x, y = middle_of(far, ACCENT)
    assert 0.02 < x < 0.5 < y < 0.95
    assert middle_of(near, ACCENT)[0] == pytest.approx(0.47, abs=0.05)


@pytest.mark.parametrize(("axis", "side"), [(0, 1), (0, -1), (1, 1), (1, -1)])
def test_at_the_edge_of_the_map_nothing_beyond_it_is_shown(
    atlas: Atlas, axis: int, side: int
) -> None:
    outermost = atlas.layout[(side * atlas.layout[:, axis]).argmax()]
    star = (float(outermost[0]), float(outermost[1]))
    where = middle_of(seen(draw_map(atlas, Marks(star=star))), ACCENT)[axis]
    toward = where if side * (1, -1)[axis] > 0 else 1 - where
    assert toward > (0.9, 0.7)[axis]  # title and genres take their part of the height


def test_numbers_make_room_for_one_another_and_stay_inside() -> None:
    for size, n in (((800, 400), 11), ((300, 300), 5)):
        places = np.tile((size[0] - 3.0, 2.0), (n, 1))
        moved = spread(places, [22.0] * n, size)
        gaps = np.hypot(*np.moveaxis(moved[:, None] - moved, -1, 0))
        assert gaps[~np.eye(n, dtype=bool)].min() > 35
        assert (moved >= 22).all() and (moved <= np.array(size) - 22).all()
        inside = spread(places, [22.0] * n, size, edge=9)
        assert (inside >= 31).all() and (inside <= np.array(size) - 31).all()
    lonely = np.array([[50.0, 60.0], [200.0, 60.0]])
    np.testing.assert_allclose(spread(lonely, [20.0, 20.0], (300, 100)), lonely, atol=0.01)


def test_no_number_is_cut_off_at_the_edge(atlas: Atlas) -> None:
    left = atlas.layout[atlas.layout[:, 0].argmin()].tolist()
    crowd = [(left[0], left[1])] * 10
    for marks in (Marks(star=crowd[0], picks=crowd), Marks(star=crowd[0], picks=crowd, whole=True)):
        sides = seen(draw_map(atlas, marks))[100:-100][:, [*range(6), *range(-6, 0)], :3]
        assert not (np.abs(sides.astype(int) - rgb_of(INK)).max(axis=2) < 12).any()


@pytest.mark.parametrize("ground", [(49, 51, 56), (255, 255, 255)], ids=["dark", "light"])
def test_it_brings_its_own_ground_with_round_corners(atlas: Atlas, ground: Sequence[int]) -> None:
    picture = seen(draw_map(atlas, Marks(star=(0.0, 0.0))))
    assert picture[0, 0, 3] == picture[-1, -1, 3] == 0
    assert (picture[..., 3] < 255).mean() < 0.005
    opacity = picture[..., 3:] / 255
    shown = picture[..., :3] * opacity + np.array(ground) * (1 - opacity)
    assert np.median(shown.sum(axis=-1)) < 100


def test_words_and_numbers_can_be_read_at_the_width_of_a_phone(atlas: Atlas) -> None:
    png = draw_map(atlas, Marks(star=(0.0, 0.0), picks=[(0.4, 0.0)]))
    phone = (
        Image.open(BytesIO(png))
        .convert("RGBA")
        .convert("L")
        .resize((360, 270), Image.Resampling.LANCZOS)
    )
    title = np.asarray(phone)[:32]
    lines = np.flatnonzero((title > 150).any(axis=1))
    assert lines.max() - lines.min() >= 11  # pixels that a word is high
    numbers = np.asarray(phone)[32:230]
    assert ((numbers > 225).sum(axis=1) > 8).sum() >= 12  # pixels that a number's disc is high


def test_genres_have_their_colors_where_they_lie(atlas: Atlas) -> None:
    picture = seen(draw_map(atlas, Marks(whole=True)))
    for genre in atlas.genres:
        rows = atlas.catalog.where("genre", genre)
        x, y = np.median(atlas.layout[rows], axis=0)
        low, high = atlas.layout.min(axis=0), atlas.layout.max(axis=0)
        left = round(WIDTH * (0.5 + 0.5 * (x - (low + high)[0] / 2) / ((high - low)[0] / 2)))
        near = picture[64:, max(0, left - 60) : left + 60, :3].reshape(-1, 3)
        wanted = np.array(rgb_of(atlas.genres[genre])) / 255
        ours = (near - rgb_of(PANEL)) / 255
        assert (ours @ wanted / max(1e-9, float(wanted @ wanted))).max() > 0.3, genre
        assert -1 <= y <= 1


def test_every_disc_of_a_cloud_is_where_its_point_is() -> None:
    points = np.array([[10, 10], [50, 20], [-30, 5], [60, 39.5], [1e6, -1e6]], np.float32)
    colors, opacity = np.full((5, 3), 255, np.float32), np.full(5, 9, np.float32)
    picture = draw_cloud(points, colors, opacity, (60, 40), np.zeros(3, np.float32))
    assert picture.shape == (40, 60, 3)
    assert picture[10, 10].min() > 250 and picture[20, 50].min() > 250
    assert picture[39, 59].min() > 200  # a disc at the edge, in part
    assert picture[5, 3].max() == picture[30, 30].max() == 0


def test_a_map_of_a_hundred_thousand_points_is_small_too(listener: Listener) -> None:
    rng, copies = np.random.default_rng(0), 100_000 // len(listener.catalog) + 1
    columns = {name: values * copies for name, values in listener.catalog.columns.items()}
    tiled = np.tile(listener.catalog.probabilities, (copies, 1))
    many = Catalog(np.zeros((len(tiled), 4), np.float32), tiled, columns)
    layout = np.clip(rng.normal(size=(len(many), 2)) / 3, -1, 1).astype(np.float32)
    png = draw_map(Atlas(many, layout), Marks(star=(0, 0), whole=True))
    assert len(png) <= MOST_BYTES


def test_a_path_is_drawn_from_a_to_b(atlas: Atlas, listener: Listener) -> None:
    catalog, manifest = atlas.catalog, listener.manifest
    start, end = (End(manifest.analysis_of(catalog, row), catalog.track(row)) for row in (5, 4_000))
    path = find_path(start, end, catalog, Request(count=8))
    png = draw_path(atlas, path, catalog)
    assert len(png) <= MOST_BYTES
    without = draw_map(atlas, Marks(star=atlas.place(start.analysis.embedding)))
    bright = [int((seen(it)[64:480, :, :3].min(axis=-1) > 235).sum()) for it in (png, without)]
    assert bright[0] > bright[1] + 2_000  # the line and the numbers


def test_what_is_liked_is_warm_and_what_is_not_is_cool(atlas: Atlas) -> None:
    catalog = atlas.catalog
    folk, rock = (np.flatnonzero(catalog.where("genre", it)) for it in ("Folk", "Rock"))
    votes = [Signal(int(catalog.track_ids[row]), 1) for row in folk[::150]]
    votes += [Signal(int(catalog.track_ids[row]), -1) for row in rock[::150]]
    taste = taste_of(votes, catalog)
    liking = liking_of(taste, catalog)
    assert liking[folk].mean() > 0.1 > -0.02 > liking[rock].mean()
    assert liking.min() >= -1 and liking.max() <= 1
    picture = seen(draw_liking(atlas, taste))
    assert len(draw_liking(atlas, taste)) < MOST_BYTES
    assert warmth(picture, atlas.layout[folk]) > 0 > warmth(picture, atlas.layout[rock])


def warmth(picture: Seen, layout: Floats) -> float:
    """Red less blue around the middle of some tracks."""
    x, y = np.median(layout, axis=0)
    side = min(picture.shape[:2]) / 2
    column, row = picture.shape[1] / 2 + x * side * 0.9, picture.shape[0] / 2 - y * side * 0.9
    box = picture[int(row) - 90 : int(row) + 90, int(column) - 90 : int(column) + 90]
    return float((box[..., 0] - box[..., 2]).mean())


def test_who_voted_for_nothing_sees_a_map_without_marks(atlas: Atlas) -> None:
    taste = taste_of((), atlas.catalog)
    assert not liking_of(taste, atlas.catalog).any()
    assert len(draw_liking(atlas, taste)) < MOST_BYTES


@pytest.mark.process
def test_drawing_a_map_loads_no_decoder() -> None:
    code = "import sys, soundmap.draw.on_map; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    tops = {name.split(".")[0] for name in loaded}
    assert not tops & {
        "soundfile",
        "soxr",
        "av",
        "MNN",
        "onnxruntime",
        "torch",
        "sklearn",
        "matplotlib",
    }


def test_without_a_map_lists_come_without_a_picture_of_it(
    listener: Listener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def asked() -> None:
        maps = Maps(tmp_path, listener.catalog, in_answers=True)
        analysis = listener.manifest.analysis_of(listener.catalog, 7)
        found = recommend(analysis, listener.catalog, Request())
        assert await maps.around(found, listener.catalog) is None  # that fails, and is said
        await maps.warm()
        assert await maps.around(found, listener.catalog) is None
        with pytest.raises(BadBundle):
            await maps.whole(found, listener.catalog)

    asyncio.run(asked())
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "map layout" in caplog.text
