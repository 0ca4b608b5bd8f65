"""The face of the library: what ``import soundmap`` offers, and that its page says so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import soundmap
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
FACE = Path(soundmap.__file__).read_text(encoding="utf-8")


def test_the_names_are_sorted_and_of_one_home_each() -> None:
    assert soundmap.__all__ == sorted(soundmap.__all__, key=_as_ruff_sorts)
    assert sorted(soundmap.__all__) == sorted(soundmap._HOME_OF)
    assert sum(map(len, soundmap._HOMES.values())) == len(soundmap._HOME_OF)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_type_checkers_are_told_the_same_homes() -> None:
    told = {
        name.name: node.module
        for node in ast.walk(ast.parse(FACE))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("soundmap.")
        for name in node.names
    }
    assert told == soundmap._HOME_OF


@pytest.mark.parametrize("name", soundmap.__all__)
def test_every_name_is_there_explains_itself_and_stands_on_the_page(name: str) -> None:
    value = getattr(soundmap, name)
    assert name in dir(soundmap) and f"`{name}" in PAGE
    assert name.isupper() or value.__doc__


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_that"):
        soundmap.nothing_like_that  # noqa: B018


def test_importing_it_loads_not_even_numpy() -> None:
    code = "import sys, soundmap; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("song.wav", "a.wav", "b.wav"):
        soundmap.write_demo(tmp_path / name)
    clip = soundmap.decode(tmp_path / "b.wav")
    half = soundmap.Clip(clip.samples[: len(clip.samples) // 3], clip.sample_rate_hz)
    _write(tmp_path / "b.wav", half)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) >= 3
    scope: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), scope)


def _write(path: Path, clip: soundmap.Clip) -> None:
    import soundfile

    soundfile.write(path, clip.samples, clip.sample_rate_hz)


def test_a_sound_may_be_a_text_a_path_or_a_clip(listener: soundmap.Listener, demo: Path) -> None:
    by_path, by_text = listener.listen(demo), listener.listen(str(demo))
    by_clip = listener.listen(soundmap.decode(demo))
    for other in (by_text, by_clip):
        np.testing.assert_array_equal(by_path.embedding, other.embedding)
    assert by_text.clip_sha256 == by_path.clip_sha256 != by_clip.clip_sha256 == ""


def test_lists_are_the_same_from_a_file_an_analysis_and_a_request(
    listener: soundmap.Listener, demo: Path
) -> None:
    wished = listener.recommend(str(demo), count=10, license="permissive")
    asked = soundmap.Request(count=10, license="permissive")
    assert listener.recommend(listener.listen(demo), asked).picks == wished.picks
    assert list(wished) == list(wished.picks) and len(wished.picks) == 10


def test_a_wish_that_nobody_can_grant_is_refused_before_listening(
    listener: soundmap.Listener,
) -> None:
    with pytest.raises(soundmap.BadRequest):
        listener.recommend("no such file.mp3", count=0)
    with pytest.raises(soundmap.BadSound):
        listener.recommend("no such file.mp3", count=1)


def test_a_path_leads_from_a_file_to_a_track(listener: soundmap.Listener, demo: Path) -> None:
    found = listener.path(demo, "2", between=3)
    assert found.end.track and found.end.track.track_id == 2
    assert len(found.picks) == 3
    with pytest.raises(soundmap.BadRequest):
        listener.path(demo, "no track of that name at all")
    with pytest.raises(TypeError):
        listener.path(demo, "2", between=3, count=9)  # type: ignore[call-arg]


def test_results_refuse_to_be_written_to(listener: soundmap.Listener, demo: Path) -> None:
    heard = listener.listen(demo)
    tiles = soundmap.mel_tiles(soundmap.decode(demo), soundmap.OVERVIEW)
    samples, cut = soundmap.decode(demo).samples, listener.hear(demo).tiles
    for array in (heard.embedding, heard.probabilities, tiles, samples, cut):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
