"""Where the bot keeps things."""

from __future__ import annotations

from pathlib import Path

from soundmap.catalog import shelf
from soundmap.files import data_folder, is_file, is_there

DATABASE = "soundmap.db"


def database_in(home: Path | None) -> Path | None:
    """The database, where no setting names it; None for a user without a home.

    It is in ``home``, if one is named.  Else one in the current folder, where earlier versions
    kept it, goes on being used; a new one is made in the user's data folder.
    """
    if home is None and is_file(here := Path(DATABASE).absolute()):
        return here
    folder = home or data_folder()
    return folder / DATABASE if folder else None


def catalogs_in(home: Path | None) -> Path | None:
    """The folder of catalogs, where no setting names it; None for a user without a home."""
    folder = home or data_folder()
    return folder / shelf.FOLDER if folder else None


def left_behind(database: Path) -> Path | None:
    """The database of earlier versions in the current folder, where a new one is made elsewhere."""
    here = Path(DATABASE).absolute()
    return here if is_file(here) and not is_there(database) else None
