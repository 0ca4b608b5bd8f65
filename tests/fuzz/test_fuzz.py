from __future__ import annotations

import asyncio
import tempfile
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest

from soundmap.audio.decode import decode
from tests.fuzz.__main__ import Report, listen_to
from tests.fuzz.absurd import absurd
from tests.fuzz.mutants import CHANGES, mutants, originals
from tests.helpers.sounds import lag, music

SEED = 4


def test_the_corpus_is_the_same_each_time_and_no_name_comes_twice() -> None:
    size = len(CHANGES) * len(originals())
    once, again = (list(chain(absurd(), islice(mutants(SEED), size))) for _ in range(2))
    assert once == again
    assert len({mutant.name for mutant in once}) == len(once) > 240


@pytest.mark.timeout(300)
def test_whatever_a_file_holds_is_heard_or_refused_in_time_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    report = Report()
    size = len(CHANGES) * len(originals())
    asyncio.run(listen_to(chain(absurd(), islice(mutants(SEED), size)), report))
    assert [(mutant.name, trouble) for mutant, trouble in report.broken] == []
    assert report.outcomes["heard"] > 50
    assert report.outcomes["damaged"] > 20
    assert not list(tmp_path.iterdir())


def test_a_sound_in_eight_channels_is_heard_as_in_one(tmp_path: Path) -> None:
    (tmp_path / "sound").write_bytes(originals()["surround.m4a"])
    heard, sound = decode(tmp_path / "sound").samples, music(4, 44_100)
    late = lag(sound, heard)
    assert np.corrcoef(sound[: 2 * 44_100], heard[late : late + 2 * 44_100])[0, 1] > 0.95
