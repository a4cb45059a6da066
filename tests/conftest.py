"""A store, a clock and a desk of their own for every test."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from poc_tui.commands import COMMANDS
from poc_tui.rules.mail.message import NO_MAIL, MailPolicy
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.levels_file import starter
from poc_tui.settings.load import Settings, load
from poc_tui.store.backups import making
from poc_tui.store.desk import Desk
from poc_tui.store.exchange.importing import ImportOptions, ImportReport, import_file
from poc_tui.store.queries.reader import Reader
from poc_tui.store.schema import BUSY_MS
from tests.helpers.stores import content, new_store

BERLIN = ZoneInfo("Europe/Berlin")

Take = Callable[..., ImportReport]
Write = Callable[[str, str | bytes], str]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: a desk under test waits for much of its time."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture(scope="session", autouse=True)
def heard_signals() -> None:
    """Programs that tests start hear every signal, also where whoever runs the tests ignores some.

    What runs in the background of a script ignores Ctrl+C, and hands that on to what it starts. A
    handler is not handed on; and one that does nothing changes nothing for whoever runs the tests.
    """
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
        signum = getattr(signal, name, None)
        if signum is not None and signal.getsignal(signum) == signal.SIG_IGN:
            signal.signal(signum, lambda *_: None)


@pytest.fixture(scope="session", autouse=True)
def new_store_made_before() -> None:
    """The store that tests copy is made before any of them changes how stores are made."""
    content()


@pytest.fixture(autouse=True)
def begins_no_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """No desk and no command in a test's own process has another program back its store up."""
    monkeypatch.setattr(making, "begin", lambda store, state: None)


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the files of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    for name in (
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "POC_DB",
        "POC_CONFIG",
        "POC_LEVELS",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("VISUAL", "EDITOR", "NO_COLOR", "COLUMNS", "POC_PAGER", "PAGER", "LESS"):
        monkeypatch.delenv(name, raising=False)
    # An import yields to others for the rest of its process, which here is the tests' own.
    monkeypatch.setattr(os, "nice", lambda _: 0, raising=False)


@pytest.fixture
def clock() -> FixedClock:
    """Monday, 23 November 2026, 09:12 in Berlin."""
    return FixedClock(datetime(2026, 11, 23, 8, 12, tzinfo=UTC), BERLIN)


@pytest.fixture
def settings() -> Settings:
    """What holds when nobody has set anything, in Berlin."""
    return load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"})


@pytest.fixture
def deadlines() -> Deadlines:
    """Monday to Friday, nine to five, in Berlin."""
    return Deadlines(Hours.standard(BERLIN), starter())


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A new store."""
    return new_store(str(tmp_path / "poc.sqlite3"))


@pytest.fixture
def mail_policy() -> MailPolicy:
    """How the desk writes and is written to: not at all."""
    return NO_MAIL


@pytest.fixture
def desk(
    path: str, clock: FixedClock, deadlines: Deadlines, mail_policy: MailPolicy
) -> Iterator[Desk]:
    """The write side of the store."""
    opened = Desk(path, clock, deadlines, mail_policy=mail_policy)
    yield opened
    opened.close()


@pytest.fixture
def take(path: str, clock: FixedClock, tmp_path: Path) -> Take:
    """Imports a file into the store, without resting."""

    def take(file: str, *, into: str = path, **options: Any) -> ImportReport:
        calls = {key: options.pop(key) for key in ("progress", "rest") if key in options}
        calls.setdefault("rest", lambda seconds: None)
        given = ImportOptions(str(tmp_path / "state"), **options)
        return import_file(file, into, clock, given, **calls)

    return take


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def write(name: str, content: str | bytes) -> str:
        target = tmp_path / name
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(target)

    return write


@pytest.fixture
def reader(path: str) -> Iterator[Reader]:
    """The read side of the store; it waits for who writes."""
    opened = Reader(path, busy_ms=BUSY_MS)
    yield opened
    opened.close()


@pytest.fixture
def rows_of(path: str) -> Callable[[], dict[str, list[tuple[object, ...]]]]:
    """Every row of every table but the journal, to hold one state of the store against another."""
    from contextlib import closing

    from poc_tui.store.connection import connect
    from poc_tui.store.writer import KEYS

    def read() -> dict[str, list[tuple[object, ...]]]:
        with closing(connect(path)) as connection:
            return {
                table: connection.execute(
                    f"SELECT * FROM {table} ORDER BY {', '.join(keys)}"
                ).fetchall()
                for table, keys in KEYS.items()
            }

    return read


@pytest.fixture
def session(path: str, clock: FixedClock, settings: Settings) -> Iterator[Session]:
    """What the screens of a desk over the store are handed."""
    opened = Session(path, clock, settings, resolve(COMMANDS, {}))
    yield opened
    opened.close()
