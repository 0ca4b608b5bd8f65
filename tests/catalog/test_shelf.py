"""Where catalogs are kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from soundmap.catalog.shelf import Shelf, default_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere XDG is no custom")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def test_catalogs_are_where_the_user_wants_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_folder() == home / ".local" / "share" / "soundmap" / "catalogs"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "wanted"))
    assert default_folder() == Shelf().folder == tmp_path / "wanted" / "soundmap" / "catalogs"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert default_folder() == home / ".local" / "share" / "soundmap" / "catalogs"


@pytest.mark.usefixtures("home")
def test_nobody_loses_a_catalog_by_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = default_folder()
    earlier.mkdir(parents=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "wanted"))
    assert default_folder() == earlier
    wanted = tmp_path / "wanted" / "soundmap" / "catalogs"
    wanted.mkdir(parents=True)
    assert default_folder() == wanted


def test_without_a_home_the_wanted_folder_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # as for a user with a number only
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "soundmap" / "catalogs"
    monkeypatch.delenv("XDG_DATA_HOME")
    with pytest.raises(RuntimeError, match="home"):
        default_folder()
