"""Makes a store of any size for measuring: `python -m bench.make_store PATH --requests 1000000`.

The rows are written in bulk: the triggers and indexes of the tables that grow are taken off
meanwhile and put back word for word, and the search index is filled by the triggers' own
expression. A finished store is kept under `bench/.stores/`, named after all that it depends on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from bench.rows import Batch, History, Size
from poc_tui.rules.time_source import SystemClock
from poc_tui.store.migrations.migrate import ensure

STORES = Path(__file__).parent / ".stores"

_GROWING = ("request", "turn", "forward", "activity", "reminder", "original", "journal")
_WHILE_MAKING = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -400000",
)


def kept(size: Size) -> Path:
    """The finished store of that size; made first if there is none. Copy it, do not write to it."""
    STORES.mkdir(mode=0o700, exist_ok=True)
    name = f"{size.requests}-{size.open}-{size.customers}"
    path = STORES / f"{name}-{_fingerprint(size)}.sqlite3"
    if not path.exists():
        for outdated in STORES.glob(f"{name}-*"):
            outdated.unlink()
        unfinished = path.with_suffix(".unfinished")
        make(unfinished, size, SystemClock().now())
        unfinished.replace(path)
    return path


def make(path: Path, size: Size, now: datetime) -> None:
    """Make a store of that size at `path`, which must not exist, as it would stand at `now`."""
    ensure(str(path), SystemClock())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _WHILE_MAKING:
            connection.execute(pragma)
        connection.execute("BEGIN")
        departments = [id for (id,) in connection.execute("SELECT id FROM department ORDER BY id")]
        history = History(size, now, departments)
        customers, addresses = zip(*history.customers(), strict=True)
        _insert(connection, "customer", customers)
        _insert(connection, "address", addresses)
        with _without_triggers_and_indexes(connection) as triggers:
            for batch in history.batches():
                _insert_batch(connection, batch)
            _fill_search(connection, triggers["activity_search_insert"])
        connection.execute(
            "UPDATE tally SET n = (SELECT count(*) FROM request WHERE state = 'resolved')"
            " WHERE name = 'resolved'"
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _without_triggers_and_indexes(connection: sqlite3.Connection) -> Iterator[Mapping[str, str]]:
    """Take them off the growing tables; gives each trigger's SQL by its name."""
    marks = ", ".join("?" * len(_GROWING))
    taken = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
        f" AND sql IS NOT NULL AND tbl_name IN ({marks}) ORDER BY rowid",
        _GROWING,
    ).fetchall()
    for kind, name, _ in taken:
        connection.execute(f"DROP {kind} {name}")
    yield {name: sql for kind, name, sql in taken if kind == "trigger"}
    for _, _, sql in taken:
        connection.execute(sql)


def _fill_search(connection: sqlite3.Connection, trigger: str) -> None:
    """Index every activity at once, with the words that the trigger on INSERT would give it."""
    found = re.search(
        r"BEGIN (INSERT .*) FROM request r WHERE r\.id = NEW\.request_id; END", trigger
    )
    if found is None:
        raise ValueError(f"the search trigger has changed, adapt the bench to it: {trigger}")
    one_row = found[1].replace("NEW.", "a.")
    connection.execute(
        f"{one_row} FROM activity a JOIN request r ON r.id = a.request_id ORDER BY a.id"
    )


def _insert_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    for table in fields(batch):
        _insert(connection, table.name, getattr(batch, table.name))


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        columns: tuple[str, ...] = rows[0]._fields  # type: ignore[attr-defined]
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _fingerprint(size: Size) -> str:
    """Changes with the seed, the schema and the code that makes the rows."""
    digest = hashlib.sha256(str(size.seed).encode())
    for name in ("make_store.py", "rows.py", "texts.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "empty.sqlite3")
        ensure(empty, SystemClock())
        with closing(sqlite3.connect(empty)) as connection:
            for row in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid"):
                digest.update(str(row).encode())
    return digest.hexdigest()[:12]


def main() -> None:
    """Make a store at the path given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.make_store", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, help="how many are not resolved (one in a hundred)")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.path.exists():
        parser.error(f"{given.path} exists already; name a new file")
    still_open = given.requests // 100 if given.open is None else given.open
    started = time.perf_counter()
    source = kept(Size(given.requests, still_open, given.customers, given.seed))
    shutil.copyfile(source, given.path)
    given.path.chmod(0o600)
    seconds = time.perf_counter() - started
    size = given.path.stat().st_size / 1e6
    print(f"{given.path}: {given.requests:,} requests, {size:,.0f} MB, {seconds:.1f} s")


if __name__ == "__main__":
    main()
