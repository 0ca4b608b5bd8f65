from __future__ import annotations

from pathlib import Path

import pytest

from soundmap.audio.demo import write_demo
from tests.conftest import SHARED


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real clip where there is one beside this checkout, else the sound that we make."""
    clip = SHARED / "clips" / "000002.mp3"
    if clip.exists():
        return clip
    path = tmp_path_factory.mktemp("demo") / "demo.wav"
    write_demo(path)
    return path
