"""A small library of one's own, and a server that all tests ask which do it no harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from tests.helpers.cli import run
from tests.helpers.sounds import music
from tests.serve.player import Server, serving

ODD = ("no\nname.wav", os.fsdecode(b"caf\xe9 \xff.wav"), "a&b <c> \"d\" 'e'.wav", "☃ – 눈.wav")
SOUNDS = 9


def library_in(folder: Path) -> Path:
    """A home whose catalog ``mine`` holds made-up sounds; by an artist each, but for odd names."""
    (folder / "music").mkdir(parents=True)
    for number in range(SOUNDS):
        name = ODD[number] if number < len(ODD) else f"Band {number} - Tune {number}.wav"
        path = os.fsencode(folder / "music" / name)
        with soundfile.SoundFile(path, "w", 44_100, 1, format="WAV") as file:
            file.write(music(2.0, seed=number))
    shelf = folder / "home" / "catalogs"
    done = run("index", folder / "music", "--name", "mine", "--catalogs", shelf, "--workers", "1")
    assert done.returncode == 0, done
    return folder / "home"


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library_in(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="package")
def server(home: Path) -> Iterator[Server]:
    """It serves one's own music and what comes with the model."""
    with serving(home, "--catalog", "mine", "--catalog", "fma") as server:
        yield server
