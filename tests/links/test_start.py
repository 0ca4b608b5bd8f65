"""A link may say where in a song to begin; a signature never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.links.start import start_in

YOUTUBE = "https://www.youtube.com/watch?v=abc"
DAY = 24 * 3600


@pytest.mark.parametrize(
    ("link", "seconds"),
    [
        (f"{YOUTUBE}&t=90", 90),
        (f"{YOUTUBE}&t=90s", 90),
        (f"{YOUTUBE}&t=1m30s", 90),
        (f"{YOUTUBE}&t=1M30S", 90),
        (f"{YOUTUBE}&t=2m", 120),
        (f"{YOUTUBE}&t=1h", 3600),
        (f"{YOUTUBE}&t=1h2m3s", 3723),
        (f"{YOUTUBE}&t=1h3s", 3603),
        (f"{YOUTUBE}#t=90", 90),
        (f"{YOUTUBE}#t=1:30", 90),
        (f"{YOUTUBE}&t=10#t=1:02:03", 3723),
        ("https://youtu.be/abc?t=90&si=x", 90),
        ("https://www.youtube.com/embed/abc?start=90&end=120", 90),
        (f"{YOUTUBE}&time_continue=90", 90),
        ("https://soundcloud.com/a/b#t=1%3A30", 90),
        ("https://vimeo.com/1#t=1m30.5s", 90.5),
        ("https://vimeo.com/1#at&t=7", 7),
        ("https://x.org/a.mp3#t=10.5,20", 10.5),
        ("https://x.org/a.mp3#t=npt:10,20", 10),
        ("https://x.org/a.mp3?t=junk&start=5", 5),
        (f"https://x.org/a.mp3?t={DAY}", DAY),
    ],
)
def test_a_link_says_where_to_begin(link: str, seconds: float) -> None:
    assert start_in(link) == seconds


@pytest.mark.parametrize(
    "link",
    [
        YOUTUBE,
        f"{YOUTUBE}&t=",
        f"{YOUTUBE}&t",
        f"{YOUTUBE}&t=s",
        f"{YOUTUBE}&t=-5",
        f"{YOUTUBE}&t=1m30x",
        f"{YOUTUBE}&t=٩٠",
        f"{YOUTUBE}&t=1e3",
        f"{YOUTUBE}&t=nan",
        f"{YOUTUBE}#t=,20",
        "https://x.org/t=90/a.mp3",
        "https://x.org/a.mp3?at=90&list=3",
        "https://x.org/a.mp3?t=1700000000&s=ab12",
        "https://x.org/a.mp3?t=1700000000000",
        "https://x.org/a.mp3?t=8a9fc1",
        "https://x.org/a.mp3?t=eyJhbGciOiJIUzI1NiJ9",
        f"https://x.org/a.mp3?t={DAY + 1}",
        f"https://x.org/a.mp3?t={'9' * 9000}",
        "https://[x/?t=90",
        "",
    ],
)
def test_another_link_does_not(link: str) -> None:
    assert start_in(link) is None


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.sampled_from("?&#"))
def test_every_way_to_write_a_time_is_the_same_time(h: int, m: int, s: int, mark: str) -> None:
    total = 3600 * h + 60 * m + s
    for written in (total, f"{total}s", f"{h}h{m}m{s}s", f"{h}:{m:02}:{s:02}", f"{60 * h + m}:{s}"):
        link = f"{'https://x.org/a' if mark == '?' else YOUTUBE}{mark}t={written}"
        assert start_in(link) == (total or None)  # from 0 on is all of it


@given(st.text() | st.text("t=:?#&0123456789hms[]%,.", max_size=40).map("https://x/?t={}".format))
def test_any_text_has_a_start_within_a_day_or_none(text: str) -> None:
    start = start_in(text)
    assert start is None or 0 <= start <= DAY
