"""Songs that the servers of these tests have."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.sounds import encode, music


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    return encode(path, music(12), 44_100, "mp3", "mp3").read_bytes()


@pytest.fixture(scope="module")
def long_song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """160 s at 320 kbit/s of a tone that rises: 200 Hz, and 8 more a second."""
    path = tmp_path_factory.mktemp("song") / "long.mp3"
    t = np.arange(44_100 * 160) / 44_100
    rising = 0.5 * np.sin(2 * np.pi * (200 * t + 4 * t * t))
    return encode(path, rising.astype(np.float32), 44_100, "mp3", "mp3", 320_000).read_bytes()
