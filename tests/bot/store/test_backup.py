"""Backups, also while votes come in."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store.backup import backup_file
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.helpers.store import Law, add_list, code_of, opened, query, votes


def test_a_backup_made_while_votes_come_in_is_whole(
    path: Path, tmp_path: Path, holds: Callable[[Law], None]
) -> None:
    target = tmp_path / "copy.db"

    async def law(store: Store) -> None:
        list_id = await add_list(store)
        await store.vote(list_id, 1, "early", 1)

        async def voting() -> None:
            for number in range(200):
                await add_list(store, f"{number}")
                await store.vote(list_id, 1, f"{number}", 1)

        voter = asyncio.ensure_future(voting())
        await store.vote(list_id, 2, "before", 1)
        await store.backup(target)
        await voter
        assert len(votes(path)) == 202

    holds(law)
    assert target.stat().st_mode & 0o777 == 0o600
    assert query(target, "PRAGMA integrity_check") == [("ok",)]
    assert query(target, "PRAGMA foreign_key_check") == []
    kept = votes(target)
    assert {"early", "before"} <= {person for _, _, person, _ in kept}
    assert query(
        target, "SELECT 3 * (SELECT count(*) FROM lists) - (SELECT count(*) FROM picks)"
    ) == [(0,)]
    assert not list(tmp_path.glob(".copy.db*"))


def test_a_backup_is_a_store(tmp_path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        first = await add_list(store)
        await store.backup(tmp_path / "copy.db")
        async with Store.open(tmp_path / "copy.db") as copy:
            assert await copy.kept_list(first) == await store.kept_list(first)
            assert await add_list(copy) > first

    holds(law)


@pytest.mark.process
def test_another_process_can_make_a_backup(
    path: Path, tmp_path: Path, holds: Callable[[Law], None]
) -> None:
    script = "import sys; from pathlib import Path; from bot.store.backup import backup_file; "
    script += "backup_file(Path(sys.argv[1]), Path(sys.argv[2]))"
    copy = tmp_path / "copy.db"

    async def law(store: Store) -> None:
        await add_list(store)
        command = [sys.executable, "-W", "error", "-c", script, str(path), str(copy)]
        subprocess.run(command, check=True)
        await add_list(store)

    holds(law)
    assert query(copy, "SELECT count(*) FROM lists") == [(1,)]


def test_a_backup_overwrites_nothing_and_invents_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with pytest.raises(StoreError) as error:
        backup_file(path, target)
    assert code_of(error) == "store_missing" and not path.exists()
    asyncio.run(opened(path))
    target.write_text("mine")
    with pytest.raises(StoreError) as error:
        backup_file(path, target)
    assert code_of(error) == "store_exists" and target.read_text() == "mine"
    with pytest.raises(StoreError) as error:
        backup_file(path, tmp_path / "nowhere" / "copy.db")
    assert code_of(error) == "store_unwritable"
    path.write_bytes(b"dear diary, " * 1000)
    with pytest.raises(StoreError) as error:
        backup_file(path, tmp_path / "new.db")
    assert code_of(error) == "store_broken"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "kept"]


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk that is only read once it is closed by ``remount``."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounting a disk needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="disks are mounted as on Linux")
@pytest.mark.parametrize("log_left", [False, True])
def test_a_database_on_a_disk_that_is_only_read_is_copied_with_its_log(
    path: Path, tmp_path: Path, holds: Callable[[Law], None], read_only: Path, log_left: bool
) -> None:
    async def law(store: Store) -> None:
        await store.vote(await add_list(store), 1, "one", 1)
        if log_left:  # as after a crash; the shared file is made anew when it is opened
            for name in (path.name, f"{path.name}-wal"):
                shutil.copy(path.with_name(name), read_only / name)

    holds(law)
    if not log_left:
        shutil.copy(path, read_only / path.name)
    subprocess.run(["mount", "-o", "remount,ro", read_only], check=True)
    backup_file(read_only / path.name, tmp_path / "copy.db")
    assert len(votes(tmp_path / "copy.db")) == 1
    assert query(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]
    assert {it.name for it in tmp_path.iterdir()} == {"copy.db", "disk", path.parent.name}


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="disks are mounted as on Linux")
def test_the_disk_that_is_full_is_the_one_that_is_named(
    path: Path, read_only: Path, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        await add_list(store)

    holds(law)
    subprocess.run(["mount", "-o", "remount,size=16k", read_only], check=True)
    with pytest.raises(StoreError) as error:
        backup_file(path, read_only / "copy.db")
    assert code_of(error) == "store_full" and error.value.facts["path"] == read_only / "copy.db"
    assert list(read_only.iterdir()) == []
