"""The file of the store: its rights, its versions, others that hold it, no room for it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import migrations
from bot.store.errors import StoreError
from bot.store.store import Store
from soundmap.recommendation.request import Request
from tests.helpers.store import (
    ANN,
    Law,
    add_list,
    cells,
    child,
    code_of,
    keep_list,
    opened,
    query,
    raw_bytes,
    votes,
)


def test_only_its_owner_may_read_it(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        await add_list(store)
        files = list(path.parent.glob("store.db*"))
        assert len(files) == 3
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}

    holds(law)
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]
    path.chmod(0o644)
    holds(law)


@pytest.mark.parametrize("version", range(len(migrations.scripts())))
def test_every_older_version_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old)) as connection:
        for script in migrations.scripts()[:version]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    asyncio.run(opened(old))
    asyncio.run(opened(new))
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    assert query(old, schema) == query(new, schema)
    assert query(old, "PRAGMA user_version") == [(len(migrations.scripts()),)]
    assert query(old, "PRAGMA journal_mode") == [("wal",)]


def test_migrations_are_numbered_without_gaps() -> None:
    folder = Path(migrations.__file__).parent
    numbers = sorted(int(file.name.split("_")[0]) for file in folder.glob("*.sql"))
    assert numbers == list(range(1, len(migrations.scripts()) + 1))


def test_a_migration_is_done_as_a_whole_or_not_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        await add_list(store)

    holds(law)
    before = list(cells(path))
    bad = "CREATE TABLE moods (mood TEXT);\nDELETE FROM lists;\nINSERT INTO nowhere VALUES (1);\n"
    known = migrations.scripts()
    monkeypatch.setattr(migrations, "scripts", lambda: [*known, bad])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        asyncio.run(opened(path))
    assert list(cells(path)) == before
    good = "CREATE TABLE moods (\n  mood TEXT -- a comment; with a semicolon\n);\n"
    good += "ALTER TABLE lists ADD COLUMN mood TEXT;\n-- the end\n"
    monkeypatch.setattr(migrations, "scripts", lambda: [*known, good])
    asyncio.run(opened(path))
    assert query(path, "PRAGMA user_version") == [(len(known) + 1,)]
    assert query(path, "SELECT person, mood FROM lists") == [(ANN, None)]
    monkeypatch.undo()
    with pytest.raises(StoreError) as error:
        asyncio.run(opened(path))
    assert code_of(error) == "store_newer"
    assert error.value.facts["version"] == len(known) + 1


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other, cut = (tmp_path / name for name in ("text.db", "other.db", "cut.db"))
    text.write_bytes(b"dear diary, " * 1000)
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript("CREATE TABLE t (x); PRAGMA user_version = 9000;")
    asyncio.run(opened(cut))
    cut.write_bytes(cut.read_bytes()[:6000])
    for path in (text, other, cut):
        before = path.read_bytes(), path.stat().st_mode
        with pytest.raises(StoreError) as error:
            asyncio.run(opened(path))
        assert code_of(error) == "store_broken"
        assert (path.read_bytes(), path.stat().st_mode) == before


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "store.db"):
        with pytest.raises(StoreError) as error:
            asyncio.run(opened(path))
        assert code_of(error) == "store_unwritable"


def test_many_may_open_a_new_store_at_once(path: Path) -> None:
    async def law() -> None:
        await asyncio.gather(*[opened(path, 20.0) for _ in range(8)])

    asyncio.run(law())
    assert query(path, "SELECT count(*) FROM pulse") == [(1,)]


HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


@pytest.mark.process
def test_a_short_hold_is_waited_out(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        with child(HOLD, path, 0.5):
            assert await store.vote(list_id, 1, ANN, 1)
        assert votes(path) == [(list_id, 1, ANN, 1)]

    holds(law)


@pytest.mark.alone
def test_a_long_hold_is_an_error_and_later_votes_count(path: Path) -> None:
    async def law() -> None:
        async with Store.open(path, busy_timeout_s=0.2) as store:
            list_id = await add_list(store)
            with child(HOLD, path, 60):
                assert await store.kept_list(list_id)  # reading goes on
                begun = time.monotonic()
                tries = [store.vote(list_id, 1, str(n), 1) for n in range(30)]
                errors = await asyncio.gather(*tries, return_exceptions=True)
                assert {getattr(e, "code", e) for e in errors} == {"store_locked"}
                assert time.monotonic() - begun < 3  # not 30 times the wait
                assert not await store.healthy()
            assert await store.healthy()
            assert await store.vote(list_id, 1, ANN, 1)
            assert votes(path) == [(list_id, 1, ANN, 1)]

    asyncio.run(law())


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for one megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            try:
                yield folder
            finally:
                subprocess.run(["umount", str(folder)], check=True)
            return
    pytest.skip("no small disk can be mounted here")


async def _fill(store: Store) -> int:
    """Adds lists until there is no room; returns how many there are."""
    with pytest.raises(StoreError) as error:
        for count in range(100_000):
            await keep_list(store, ANN, "b1", f"{count}", None, Request(), range(100))
    assert code_of(error) == "store_full"
    return count


async def _whole(path: Path, lists: int) -> None:
    assert query(path, "SELECT count(*) FROM lists") == [(lists,)]
    assert query(path, "SELECT count(*) FROM picks") == [(100 * lists,)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_full_disk_loses_nothing_and_is_got_over(tiny: Path) -> None:
    async def law() -> None:
        ballast, path = tiny / "ballast", tiny / "store.db"
        ballast.write_bytes(bytes(400_000))
        async with Store.open(path) as store:
            lists = await _fill(store)
            with (tiny / "rest").open("wb", buffering=0) as rest, contextlib.suppress(OSError):
                while rest.write(bytes(512)):
                    pass
            with pytest.raises(StoreError) as error:
                await store.backup(tiny / "copy.db")
            assert code_of(error) == "store_full"
            assert sorted(file.name for file in tiny.iterdir())[:2] == ["ballast", "rest"]
            first = query(path, "SELECT min(id) FROM lists")[0][0]
            kept = await store.kept_list(first)
            assert kept and len(kept.track_ids) == 100
            ballast.unlink()
            await _whole(path, lists)
            assert await store.healthy()
            assert await store.vote(first, 1, ANN, 1)
            assert await add_list(store) > first
            await store.forget(ANN)
            assert ANN.encode() not in raw_bytes(path)

    asyncio.run(law())


def test_a_full_store_keeps_no_half_of_a_list(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        inner = store._database._connection
        await inner.execute_fetchall("PRAGMA max_page_count = 60")
        lists = await _fill(store)
        assert not inner.in_transaction
        await _whole(path, lists)
        await inner.execute_fetchall("PRAGMA max_page_count = 100000")
        await keep_list(store, ANN, "b1", "more", None, Request(), range(100))
        await _whole(path, lists + 1)

    holds(law)


def test_a_store_is_healthy_while_it_can_be_written(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        assert await store.healthy()
        await store._database._connection.execute_fetchall("PRAGMA query_only = ON")
        assert not await store.healthy()
        with pytest.raises(StoreError) as error:
            await add_list(store)
        assert code_of(error) == "store_unwritable"
        await store._database._connection.execute_fetchall("PRAGMA query_only = OFF")
        assert await store.healthy()

    holds(law)


def test_what_was_taken_away_meanwhile_is_noticed_and_kept_beside_it(
    path: Path, holds: Callable[[Law], None], caplog: pytest.LogCaptureFixture
) -> None:
    for take_away in (
        Path.unlink,
        lambda it: it.rename(it.with_suffix(".old")),
        lambda it: it.with_suffix(".other").replace(it),
    ):
        path.parent.mkdir(exist_ok=True)
        path.with_suffix(".other").touch()

        async def law(store: Store) -> None:
            number = await add_list(store)
            assert await store.healthy()
            take_away(path)  # noqa: B023
            assert not await store.healthy()
            with pytest.raises(StoreError) as error:
                await store.vote(number, 0, ANN, 1)
            assert code_of(error) == "store_replaced"
            [copy] = path.parent.glob("*.rescued-*")
            assert query(copy, "SELECT person FROM lists") == [(ANN,)]
            assert copy.stat().st_mode & 0o777 == 0o600

        holds(law)
        for left in path.parent.iterdir():
            left.unlink()
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3


def test_what_cannot_be_kept_beside_it_is_not_said_to_be(
    path: Path, holds: Callable[[Law], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def law(store: Store) -> None:
        await add_list(store)
        path.parent.rename(path.parent.with_suffix(".away"))
        for _ in range(2):
            with pytest.raises(StoreError) as error:
                await add_list(store)
            assert code_of(error) == "store_replaced"

    holds(law)
    [said] = [record.getMessage() for record in caplog.records]
    assert "cannot be copied" in said and "is copied" not in said


def test_a_file_that_is_put_back_is_used_again(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        path.rename(path.with_suffix(".away"))
        assert not await store.healthy()
        path.with_suffix(".away").rename(path)
        assert await store.healthy()
        await add_list(store)

    holds(law)
