from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from PIL import Image

from bot.types import Heard
from bot.workers.job import listen
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.draw.answer import HEIGHT, MOST_BARS, WIDTH, draw, plot_box, shown_genres
from soundmap.features.tiles import OVERVIEW, SLICES, TileSpec, tiles_of
from soundmap.types import Analysis, Clip, Floats, Traits
from tests.helpers.sounds import music

RATE = 44_100
LABELS = ("Electronic", "Folk", "Hip-Hop", "Pop", "Rock")
LEFT, _, RIGHT, _ = plot_box(1)
BARS_FROM = LEFT + 160  # right of every genre's name, at the left end of its bar
BACKGROUNDS = {"dark": (49, 51, 56), "light": (255, 255, 255)}


def answer(*shares: float, labels: tuple[str, ...] = LABELS) -> Analysis:
    probabilities = np.array(shares or (1.0,), np.float32)
    traits = Traits(0, 0, 0, 0, 0)
    names = labels[: len(probabilities)]
    embedding = np.zeros(40, np.float32)
    return Analysis("test", "", 30.0, names, probabilities, embedding, traits, sure=True)


def noise(n_columns: int = 128) -> Floats:
    return np.random.default_rng(0).random((128, n_columns), dtype=np.float32)


def seen(png: bytes) -> npt.NDArray[np.float64]:
    """Luminance 0..1, (height, width), on black."""
    picture = Image.open(BytesIO(png)).convert("RGBA")
    rgb = np.asarray(picture, np.float64)[..., :3] / 255
    return np.asarray(rgb @ (0.2126, 0.7152, 0.0722))


def plot(png: bytes, n_bars: int = 1) -> npt.NDArray[np.float64]:
    """Luminance of the plot, lowest line of pixels first."""
    left, top, right, bottom = plot_box(n_bars)
    return seen(png)[top:bottom, left:right][::-1]


def drawn_width(tile: Floats) -> int:
    """Columns of the plot in which a full-scale tile differs from no sound at all."""
    return int((plot(draw(answer(), np.ones_like(tile))).mean(axis=0) > 0.5).sum())


def bar_lengths(png: bytes, n_bars: int) -> list[int]:
    """Pixels of accent in each row of bars, top row first."""
    picture = np.asarray(Image.open(BytesIO(png)).convert("RGBA"), int)
    below = picture[plot_box(n_bars)[3] + 40 : HEIGHT - 24, BARS_FROM:]
    accent = (below[..., 0] - below[..., 2] > 50).sum(axis=1)
    starts = np.flatnonzero(np.diff(np.concatenate([[0], accent > 0]).astype(int)) == 1)
    return [int(accent[start + 11]) for start in starts]


def test_it_is_a_small_png_of_the_stated_size() -> None:
    png = draw(answer(0.6, 0.4), noise())
    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) < 120_000
    assert len(draw(answer(), noise(1280), SLICES)) < 120_000


def test_the_same_answer_gives_the_same_picture_and_stays_as_it_was() -> None:
    analysis, tile = answer(0.3, 0.6, 0.1), noise()
    probabilities, before = analysis.probabilities.copy(), tile.copy()
    assert draw(analysis, tile) == draw(analysis, tile)
    np.testing.assert_array_equal(analysis.probabilities, probabilities)
    np.testing.assert_array_equal(tile, before)


@pytest.mark.parametrize("hz", [100, 1_000, 5_000, 12_000])
def test_a_tone_is_brightest_at_its_pitch(hz: int) -> None:
    t = np.arange(30 * RATE) / RATE
    clip = Clip(np.sin(2 * np.pi * hz * t).astype(np.float32), RATE)
    tile = tiles_of(clip, OVERVIEW)[0][0]
    lines = plot(draw(answer(), tile)).mean(axis=1)
    band = tile.mean(axis=1).argmax()
    assert lines.argmax() / len(lines) * 128 == pytest.approx(band, abs=1)


def test_low_is_below_high_and_early_is_left_of_late() -> None:
    tile = np.zeros((128, 128), np.float32)
    tile[:64, :64] = 1
    picture = plot(draw(answer(), tile))
    height, width = picture.shape
    assert picture[: height // 2, : width // 2].min() > 0.9
    assert picture[height // 2 + 2 :].max() < 0.1 > picture[:, width // 2 + 2 :].max()


def test_louder_is_brighter() -> None:
    levels = np.linspace(0, 1, 128, dtype=np.float32)
    line = plot(draw(answer(), np.tile(levels, (128, 1))))[5]
    assert (np.diff(line) >= -1e-6).all()
    assert line[0] < 0.01 and line[-1] > 0.9


@pytest.mark.parametrize("n_columns", [64, 32, 13, 2])
def test_a_shorter_clip_takes_less_width(n_columns: int) -> None:
    assert drawn_width(noise(128)) == RIGHT - LEFT
    assert drawn_width(noise(n_columns)) == pytest.approx((RIGHT - LEFT) * n_columns / 128, abs=1)


@pytest.mark.parametrize("spec", [OVERVIEW, SLICES], ids=lambda spec: spec.name)
def test_fifteen_seconds_take_half_the_width_with_every_spec(spec: TileSpec) -> None:
    tiles, rate = tiles_of(Clip(music(15, RATE), RATE), spec)
    ones = np.ones_like(np.hstack(list(tiles)))
    width = int((plot(draw(answer(), ones, spec, rate)).mean(axis=0) > 0.5).sum())
    assert width / (RIGHT - LEFT) == pytest.approx(0.5, abs=0.01)


def test_the_longest_bar_is_on_top_and_lengths_are_shares() -> None:
    analysis = answer(0.2, 0.1, 0.4, 0.05, 0.25)
    assert [genre for genre, _ in shown_genres(analysis)][:2] == ["Hip-Hop", "Rock"]
    lengths = bar_lengths(draw(analysis, noise()), 5)
    assert len(lengths) == 5
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] / lengths[2] == pytest.approx(0.4 / 0.2, rel=0.05)
    assert lengths[0] / lengths[4] == pytest.approx(0.4 / 0.05, rel=0.1)


def test_at_most_five_bars_and_none_below_three_percent() -> None:
    few = shown_genres(answer(0.9, 0.05, 0.02, 0.02, 0.01))
    assert [genre for genre, _ in few] == ["Electronic", "Folk"]
    many = answer(*[1 / 60] * 60, labels=tuple(map(str, range(60))))
    assert [genre for genre, _ in shown_genres(many)] == ["0"]
    assert len(shown_genres(answer(*[1 / 8] * 8, labels=tuple("abcdefgh")))) == MOST_BARS


def test_it_looks_different_when_it_is_not_sure() -> None:
    sure = answer(0.6, 0.4)
    assert draw(sure, noise()) != draw(replace(sure, sure=False), noise())


@pytest.mark.parametrize("background", BACKGROUNDS.values(), ids=BACKGROUNDS)
def test_the_panel_is_opaque_but_for_its_round_corners(background: tuple[int, int, int]) -> None:
    picture = Image.open(BytesIO(draw(answer(), noise()))).convert("RGBA")
    alpha = np.asarray(picture)[..., 3]
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert (alpha < 255).mean() < 0.002
    chat = Image.new("RGB", picture.size, background)
    chat.paste(picture, mask=picture)
    assert chat.getpixel((0, 0)) == background
    assert sum(map(int, np.asarray(chat)[10, WIDTH // 2])) < 90


@pytest.mark.parametrize(
    "name", ["", " ", "한국 음악", "Rock " * 50, "x" * 10_000, "a\nb", "\ud800\x00\u202e", "🎵é…"]
)
@pytest.mark.parametrize("shares", [(1.0,), (0.5, 0.5)], ids=len)
def test_any_name_can_be_drawn(name: str, shares: tuple[float, ...]) -> None:
    png = draw(replace(answer(*shares), labels=(name, name)[: len(shares)], sure=False), noise())
    assert Image.open(BytesIO(png)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "tile",
    [
        np.zeros((128, 1), np.float32),
        np.ones((1, 1), np.float32),
        np.full((128, 128), np.nan, np.float32),
        np.full((128, 5), -np.inf, np.float32),
        np.full((64, 300), 7, np.float32),
    ],
    ids=lambda tile: f"{tile.shape}",
)
def test_odd_tiles_can_be_drawn(tile: Floats) -> None:
    assert Image.open(BytesIO(draw(answer(), tile))).size == (WIDTH, HEIGHT)


def test_listening_and_drawing_hears_what_listening_hears(
    listener: Listener, demo: Path, tmp_path: Path
) -> None:
    samples, rate_hz = soundfile.read(demo, frames=16 * 44_100)
    half = tmp_path / "half.wav"
    soundfile.write(half, samples, rate_hz)
    worked = listen(DEFAULT_BUNDLE, half)
    assert isinstance(worked, Heard) and worked.picture
    analysis, png = worked.analysis, worked.picture
    alone = listener.listen(half)
    for field in fields(Analysis):
        np.testing.assert_equal(getattr(analysis, field.name), getattr(alone, field.name))
    heard = listener.hear(half)
    assert png == draw(alone, heard.spectrogram, listener.manifest.spec, heard.rate_hz)
    shown = plot(png, len(shown_genres(analysis)))
    end = round(shown.shape[1] * analysis.seconds / 30)
    assert shown[:, : end - 6].std() > 0.1 and shown[:, end + 6 :].std() < 1e-6


@pytest.mark.process
def test_who_wants_no_picture_pays_for_none() -> None:
    code = "import sys, soundmap.bundle.listener, soundmap.cli.main; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
