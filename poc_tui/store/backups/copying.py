"""Copying a store that others are writing to, and making sure that the copy can be used."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from poc_tui.errors import PocError, StoreBusy, StoreUnreadable
from poc_tui.rules.text import safe, size
from poc_tui.store.backups.retention import BEGUN
from poc_tui.store.connection import check_ours, is_busy, translated
from poc_tui.store.schema import BUSY_MS
from poc_tui.store.writer import immediate
from poc_tui.system.unfinished import UnfinishedFile, clear, unfinished

STEP_PAGES = 512
"""Copied at once: 2 MB, some 5 ms, for which a writer is kept out."""

PASSES = 5
"""A write of somebody else has the copy begin anew; this often, before writers are made to wait."""

LONGEST_HOLD = 5.0
"""Seconds that writers may be made to wait; they give up after twice as long."""

SYNC_BYTES = 32 * 1024 * 1024
"""Brought to the disk at once, so that the disk is not busy for long when a writer needs it."""

_SPARE = 64 * 1024 * 1024
"""Bytes of the disk that a backup leaves to others."""

_REST = 0.01
"""Seconds between two steps of a gentle copy."""

_NICE = 10

_MAPPED = 1 << 40
"""Bytes of the store that are read without a copy; copying takes two thirds of the time so."""


class StoreContents(NamedTuple):
    """What a store holds, to hold one against another."""

    requests: int
    steps: int
    """Steps of the journal that were not undone."""
    last_step: int | None
    """When the last was done, in seconds since 1970."""
    mails: int


def copy_to(
    target: str, store: str, *, gentle: bool = False, pause: Callable[[float], None] = time.sleep
) -> int:
    """Make the file `target` a copy of the store as of one moment, or nothing; returns its size.

    It has mode 0600, is checked and on the disk before it gets its name; what has that name is
    replaced. Readers are never kept out, writers for a few milliseconds at a time; only where they
    never leave it alone, once for `LONGEST_HOLD` seconds at the most. `gentle` is for a
    process of its own that nobody waits for: it leaves processor and disk to others. `pause` waits.

    Raises:
        StoreBusy: others wrote all the time, and it would take longer than that.
        StoreUnreadable: the store is damaged, or no store of ours.
        PocError: the copy cannot be written.
    """
    with copied(target, store, gentle=gentle, pause=pause) as made:
        made.finish(target)
    return os.path.getsize(target)


@contextmanager
def copied(
    target: str, store: str, *, gentle: bool = False, pause: Callable[[float], None] = time.sleep
) -> Iterator[UnfinishedFile]:
    """The same copy, checked, for the caller to give it the name `target` with `finish`."""
    folder = os.path.dirname(target)
    _refuse_without_room(folder, store)
    try:
        begun = os.path.join(folder, BEGUN)
        clear(begun)
        with unfinished(begun) as made:
            with _failing(store, folder), closing(opened(store)) as source:
                _Copy(source, store, made, pause, gentle=gentle).run()
            made.sync()
            if gentle and sys.platform != "win32":
                os.nice(_NICE)  # not before: while it copies, a writer may have to wait for it
            check(made.path, f"what was copied from {store}")
            yield made
    except OSError as error:
        raise PocError(f"{target} cannot be written: {error.strerror}") from error


def check(path: str, name: str) -> None:
    """Make sure that a file is a store of ours, of this version or older, and whole.

    `name` is what the sentence calls it.

    Raises:
        StoreUnreadable: it is damaged, no store of ours, or of a newer version.
    """
    try:
        with closing(opened(path)) as connection:
            check_ours(connection, name)
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            contents(connection)
    except sqlite3.Error as error:
        raise StoreUnreadable(f"{name} is damaged: {error}") from error
    if found != "ok":
        raise StoreUnreadable(f"{name} is damaged: {safe(found)}")


def held_in(path: str) -> StoreContents:
    """What the store at `path` holds, of any version up to this one.

    Raises:
        StoreBusy, StoreUnreadable: it cannot be read.
    """
    try:
        with closing(opened(path)) as connection:
            check_ours(connection, path)
            return contents(connection)
    except sqlite3.Error as error:
        raise translated(error, path) from error


def contents(connection: sqlite3.Connection) -> StoreContents:
    """The same over an open connection."""

    def value(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0] or 0)

    has_mail = value("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'mail'")
    last = connection.execute("SELECT max(at) FROM journal WHERE undone = 0").fetchone()[0]
    return StoreContents(
        requests=value("SELECT count(*) FROM request"),
        steps=value("SELECT count(*) FROM journal WHERE undone = 0"),
        last_step=None if last is None else int(last),
        mails=value("SELECT count(*) FROM mail") if has_mail else 0,
    )


class _WrittenMeanwhile(Exception):
    """What was copied up to now is of a moment that is past."""


class _Copy:
    """One copy, in as many passes as it takes."""

    def __init__(
        self,
        source: sqlite3.Connection,
        store: str,
        made: UnfinishedFile,
        pause: Callable[[float], None],
        *,
        gentle: bool,
    ) -> None:
        self._source = source
        self._store = store
        self._made = made
        self._gentle = gentle
        self._pause = pause
        self._page_size = int(source.execute("PRAGMA page_size").fetchone()[0])
        self._pages = self._worked = 0.0
        self._left = self._unsynced = 0
        self._since = 0.0

    def run(self) -> None:
        if self._gentle:
            self._source.execute(f"PRAGMA mmap_size = {_MAPPED}")
        for _ in range(PASSES):
            try:
                self._pass(STEP_PAGES)
                return
            except _WrittenMeanwhile:
                # The shorter a pass is, the likelier it is that nobody writes in it.
                self._gentle = False
        pages = int(self._source.execute("PRAGMA page_count").fetchone()[0])
        if self._worked * pages > LONGEST_HOLD * self._pages:
            raise StoreBusy(
                f"other programs write to {self._store} all the time; no backup was made"
            )
        with closing(opened(self._store)) as holder, immediate(holder):
            # Readers go on under this lock, which a transaction that only reads would not let
            # them: a writer that waits for its end keeps new readers out.
            self._pass(-1)

    def _pass(self, pages: int) -> None:
        """Copy from the first page to the last."""
        os.truncate(self._made.path, 0)
        self._left, self._unsynced = sys.maxsize, 0
        with closing(sqlite3.connect(self._made.path)) as copy:
            # Until it has its name a half copy is worth nothing, and is written by one alone.
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            self._since = time.monotonic()
            self._source.backup(copy, pages=pages, progress=self._step, sleep=0.01)

    def _step(self, status: int, left: int, total: int) -> None:
        """After each step: bring it to the disk, and let others have the file."""
        took = time.monotonic() - self._since
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if took > BUSY_MS / 1000:
                raise _kept_out(self._store)
            return
        if left >= self._left:
            raise _WrittenMeanwhile
        done = min(self._left, total) - left
        self._left = left
        self._pages += done
        self._worked += took
        self._unsynced += done * self._page_size
        if self._gentle:
            if self._unsynced >= SYNC_BYTES:
                self._made.sync()
                self._unsynced = 0
            self._pause(_REST)
        self._since = time.monotonic()


def opened(path: str) -> sqlite3.Connection:
    """A connection for reading a file that must be there."""
    return sqlite3.connect(
        f"{Path(os.path.abspath(path)).as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
    )


def _kept_out(store: str) -> StoreBusy:
    return StoreBusy(
        f"another program is writing to {store} and did not finish in time; no backup was made"
    )


@contextmanager
def _failing(store: str, folder: str) -> Iterator[None]:
    """What a failure of SQLite while copying means: to the store, or to the folder of the copy."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if is_busy(error):
            raise _kept_out(store) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreUnreadable(
                f"{store} is damaged ({error}); no backup was made of it, and those that are there"
                " stay. `poc locate` names them"
            ) from error
        raise PocError(f"no backup of {store} could be made in {folder}: {error}") from error


def _refuse_without_room(folder: str, store: str) -> None:
    try:
        needed, free = os.path.getsize(store), shutil.disk_usage(folder).free
    except OSError:
        return  # said where it is written
    if free < needed + _SPARE:
        raise PocError(
            f"there is no room for a backup in {folder}: it takes {size(needed)}, and"
            f" {size(free)} are free; make room, or take old backups away"
        )
