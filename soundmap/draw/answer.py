"""The picture of an answer: a spectrogram of the sound, and a bar for each genre.

The page is an 8-bit palette image, which is small and quick to draw.  Palette indices run from
accent through panel to ink, and an index between two of them is a color between theirs.  Pillow's
antialiasing blends indices, so edges come out smooth in color too.  The spectrogram has its own
ramp at the low indices.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from soundmap.audio.windows import WINDOW_SECONDS
from soundmap.clock import clock_of
from soundmap.draw.canvas import ACCENT, INK, MAGMA, PANEL, fitted, font_of, rounded
from soundmap.features.mel import mel_centers_hz
from soundmap.features.tiles import OVERVIEW, TileSpec
from soundmap.map.atlas import rgb_of
from soundmap.types import Analysis, Floats, Window
from soundmap.wording import heard_lead, likely_genres

WIDTH, HEIGHT = 800, 640
MOST_BARS = 5
Box = tuple[int, int, int, int]

# Sizes in pixels, readable when the picture is scaled to 350 pixels wide, as on a phone.
_MARGIN, _CORNER, _GAP = 28, 28, 12
_TITLE_SIZE, _TEXT_SIZE, _TICK_SIZE = 42, 32, 26
_ROW, _BAR, _NAME_WIDTH, _PERCENT_WIDTH, _SCALE_WIDTH = 44, 22, 204, 96, 52
_STRIP = 4
_THIRDS = (0.0, 1 / 3, 2 / 3, 1.0)
_TICKS_HZ = {1_000: "1k", 4_000: "4k", 10_000: "10k"}

# Palette indices.  From 0 to _CLEAR the panel goes from transparent to opaque: round corners.
_CLEAR, _HEAT, _ACCENT, _SOFT, _PANEL, _SLOT, _MUTED, _INK = 15, 16, 176, 186, 207, 211, 237, 255
_COLORS = {_CLEAR: PANEL, _ACCENT: ACCENT, _PANEL: PANEL, _INK: INK}


def draw(
    analysis: Analysis,
    tile: Floats,
    spec: TileSpec = OVERVIEW,
    sample_rate_hz: int | None = None,
) -> bytes:
    """Draws a PNG of ``WIDTH`` x ``HEIGHT`` pixels; equal arguments give equal bytes.

    ``tile`` is float32 (n_mels, n_columns) in 0..1, lowest band first: one tile cut by ``spec``,
    or several side by side.  ``sample_rate_hz`` is the rate it was cut at, by default the spec's.
    """
    genres = shown_genres(analysis)
    page = Image.new("L", (WIDTH, HEIGHT), _PANEL)
    _title(page, analysis.sure, *genres[0])
    box = plot_box(len(genres))
    whole_s = _plot(page, box, tile, spec, sample_rate_hz or spec.sample_rate_hz)
    if analysis.is_of_part:
        _where(page, box, analysis)
        _ticks(page, box, [clock_of(_moment(analysis.windows, share)) for share in _THIRDS])
    else:
        _ticks(page, box, [f"{whole_s * share:.0f} s" for share in _THIRDS])
    for row, (genre, share) in enumerate(reversed(genres), start=1):
        _bar(page, HEIGHT - _MARGIN + 4 - row * _ROW, genre, share, best=row == len(genres))
    return _png(page)


def shown_genres(analysis: Analysis) -> list[tuple[str, float]]:
    """(genre, share 0..1) of each bar, most likely first; from 1 to ``MOST_BARS`` of them."""
    return likely_genres(analysis)[:MOST_BARS] or analysis.genres[:1]


def plot_box(n_bars: int) -> Box:
    """Left, top, right and bottom of the plot: the height that ``n_bars`` bars leave free."""
    top = _MARGIN + _TITLE_SIZE + _GAP + 4
    bottom = HEIGHT - _MARGIN - n_bars * _ROW - _TICK_SIZE - 2 * _GAP
    return _MARGIN + _SCALE_WIDTH, top, WIDTH - _MARGIN, bottom


def _title(page: Image.Image, sure: bool, genre: str, share: float) -> None:
    lead, percent = heard_lead(sure), f" {share:.0%}"
    pen, font = ImageDraw.Draw(page), font_of(_TITLE_SIZE)
    left = _MARGIN + font.getlength(lead)
    genre = fitted(genre, font, WIDTH - _MARGIN - left - font.getlength(percent))
    baseline = _MARGIN + _TITLE_SIZE * 3 // 4
    pen.text((_MARGIN, baseline), lead, _MUTED, font, anchor="ls")
    pen.text((left, baseline), genre + percent, _INK, font, anchor="ls")


def _plot(page: Image.Image, box: Box, tile: Floats, spec: TileSpec, rate_hz: int) -> float:
    """Draws the spectrogram and its frequencies; returns how many seconds fill the width: 30 at
    least, of which a shorter sound leaves the rest empty.
    """
    tile_seconds = spec.span_frames(rate_hz) * spec.hop_length / rate_hz
    seconds = tile.shape[1] / spec.n_columns * tile_seconds
    whole_seconds = float(max(WINDOW_SECONDS, seconds))
    left, top, right, bottom = box
    width = max(1, round(seconds / whole_seconds * (right - left)))
    page.paste(_SLOT, box)
    page.paste(_heat(tile, width, bottom - top), (left, top))
    _hertz(page, box, mel_centers_hz(rate_hz, len(tile)))
    return whole_seconds


def _heat(tile: Floats, width: int, height: int) -> Image.Image:
    """The tile as palette indices, lowest band at the bottom, each cell a plain rectangle."""
    steps = np.rint(255 * np.clip(np.nan_to_num(tile[::-1]), 0, 1)).astype(np.uint8)
    numbers = [_HEAT + step * (_ACCENT - _HEAT - 1) // 255 for step in range(256)]
    return Image.fromarray(steps).resize((width, height), Image.Resampling.BOX).point(numbers)


def _hertz(page: Image.Image, box: Box, centers_hz: Floats) -> None:
    left, top, _, bottom = box
    pen, font = ImageDraw.Draw(page), font_of(_TICK_SIZE)
    pen.text((left - _GAP, top), "Hz", _MUTED, font, anchor="rt")
    for hz, label in _TICKS_HZ.items():
        band = float(np.interp(hz, centers_hz, np.arange(len(centers_hz))))
        y = bottom - (bottom - top) * (band + 0.5) / len(centers_hz)
        if y - top > _TICK_SIZE * 3 // 2:  # clear of the unit
            pen.text((left - _GAP, y), label, _MUTED, font, anchor="rm")


def _moment(windows: tuple[Window, ...], share: float) -> float:
    """The time in the sound, in seconds, of a share 0..1 of what was heard of it."""
    left_s = share * sum(window.seconds for window in windows)
    for window in windows[:-1]:
        if left_s < window.seconds:
            return window.start_s + left_s
        left_s -= window.seconds
    return windows[-1].start_s + left_s


def _where(page: Image.Image, box: Box, analysis: Analysis) -> None:
    """Draws the whole sound as a strip below the plot, the windows that were heard set off."""
    left, _, right, bottom = box
    pen, scale = ImageDraw.Draw(page), (right - left) / analysis.duration_s
    top, end = bottom + _STRIP, bottom + 2 * _STRIP
    page.paste(_SLOT, (left, top, right, end))
    for window in analysis.windows:
        x, x_end = (round(left + scale * at) for at in (window.start_s, window.end_s))
        pen.rectangle((x, top, min(max(x, x_end - 2), right - 1), end - 1), fill=_ACCENT)


def _ticks(page: Image.Image, box: Box, labels: list[str]) -> None:
    """Writes a label at each of ``_THIRDS`` of the width."""
    left, _, right, bottom = box
    pen, font = ImageDraw.Draw(page), font_of(_TICK_SIZE)
    for share, label, anchor in zip(_THIRDS, labels, ("lt", "mt", "mt", "rt"), strict=True):
        pen.text((left + (right - left) * share, bottom + _GAP), label, _MUTED, font, anchor=anchor)


def _bar(page: Image.Image, top: int, genre: str, share: float, best: bool) -> None:
    """Draws one row: the genre, a groove filled up to its share, and the percentage."""
    pen, font = ImageDraw.Draw(page), font_of(_TEXT_SIZE)
    ink, fill = (_INK, _ACCENT) if best else (_MUTED, _SOFT)
    baseline, groove_top = top + _ROW * 3 // 4, top + (_ROW - _BAR) // 2
    pen.text((_MARGIN, baseline), fitted(genre, font, _NAME_WIDTH), ink, font, anchor="ls")
    pen.text((WIDTH - _MARGIN, baseline), f"{share:.0%}", ink, font, anchor="rs")
    left, right = _MARGIN + _NAME_WIDTH + _GAP, WIDTH - _MARGIN - _PERCENT_WIDTH
    groove = Image.fromarray(rounded(right - left, _BAR, _BAR / 2))
    page.paste(_SLOT, (left, groove_top), groove)
    filled = groove.crop((0, 0, round(share * (right - left)), _BAR))
    page.paste(fill, (left, groove_top), filled)


def _png(page: Image.Image) -> bytes:
    """Encodes the page with its palette and round corners."""
    cover = rounded(WIDTH, HEIGHT, _CORNER)
    numbers = np.where(cover < 255, cover // (255 // _CLEAR), np.asarray(page)).astype(np.uint8)
    picture, file = Image.fromarray(numbers), BytesIO()
    picture.putpalette(_palette())
    picture.save(file, "PNG", transparency=bytes(range(0, 256, 255 // _CLEAR)))
    return file.getvalue()


@lru_cache(maxsize=1)
def _palette() -> bytes:
    """256 colors, three bytes each: linear ramps between the named ones."""
    heat = np.linspace(_HEAT, _ACCENT - 1, len(MAGMA)).tolist()
    stops = {**_COLORS, **dict(zip(heat, MAGMA, strict=True))}
    numbers = sorted(stops)
    colors = np.array([rgb_of(stops[number]) for number in numbers])
    ramps = [np.interp(np.arange(256), numbers, channel) for channel in colors.T]
    return bytes(np.rint(np.stack(ramps, axis=1)).astype(np.uint8))
