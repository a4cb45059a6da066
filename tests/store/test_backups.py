"""Backups: one a day, checked, while others go on working; and back again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import poc_tui
from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.errors import PocError, StoreBusy, StoreUnreadable
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens import desk_services
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import restoring
from poc_tui.store.backups import copying, making
from poc_tui.store.backups.copying import check, copy_to, held_in
from poc_tui.store.backups.making import make, make_due
from poc_tui.store.backups.retention import (
    BEGUN,
    Backup,
    BackupCause,
    backups,
    has_day,
    name_for,
    outdated,
)
from poc_tui.store.connection import connect, open_file
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.migrations import migrate
from poc_tui.system.process_lock import alone
from poc_tui.system.unfinished import clear
from tests.helpers.command_line import Poc
from tests.helpers.desks import until

HERE = Path(poc_tui.__file__).parent.parent
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def filled(path: str, desk: Desk) -> str:
    """A store with something in it."""
    for n in range(5):
        desk.do(Capture(f"number {n}", text="some words " * 50))
    return path


def folder(store: str) -> Path:
    return Path(store).parent / "backups"


def names(store: str) -> list[str]:
    """Of all files in the folder of backups, hidden ones too."""
    return sorted(os.listdir(folder(store))) if folder(store).exists() else []


def days_of(store: str, clock: FixedClock, count: int) -> None:
    """Put a backup there for each of so many days before today."""
    folder(store).mkdir()
    for day in range(1, count + 1):
        Path(name_for(store, clock.now() - timedelta(days=day), BackupCause.DAY, 0)).write_bytes(
            b"x"
        )


def made(days_ago: float, cause: BackupCause = BackupCause.DAY) -> Backup:
    at = NOON - timedelta(days=days_ago)
    return Backup(f"/{at:%Y-%m-%d %H:%M}", at, cause, 1)


def list_as_a_person_would(store: str, **environ: str) -> None:
    """Run `poc list` as a program of its own."""
    subprocess.run(
        [sys.executable, "-m", "poc_tui", "list"],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "POC_DB": store, **environ},
        check=True,
        capture_output=True,
        cwd=HERE,
    )


@pytest.fixture(autouse=True)
def begins_no_backup() -> None:
    """Here backups are begun as ever."""


class TestWhichAreKept:
    def test_seven_days_and_four_weeks_before_them(self) -> None:
        every_day = [made(n) for n in range(100)]
        gone = {one.path for one in outdated(every_day, NOON, BERLIN)}
        kept = [one.at.date().isoformat() for one in every_day if one.path not in gone]
        assert kept == [
            "2026-11-23", "2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19", "2026-11-18",
            "2026-11-17", "2026-11-15", "2026-11-08", "2026-11-01", "2026-10-25",
        ]  # fmt: skip

    def test_day_by_day_there_are_never_more_nor_fewer(self) -> None:
        found: list[Backup] = []
        for day in range(200):
            now = NOON + timedelta(days=day)
            found.append(made(-day))
            gone = outdated(found, now, BERLIN)
            found = [one for one in found if one not in gone]
            if day > 50:
                assert len(found) == 11
                assert found[0].at < now - timedelta(days=27)
                assert [one.at for one in found[-7:]] == [
                    now - timedelta(days=n) for n in range(6, -1, -1)
                ]

    def test_after_a_long_absence_none_goes_for_its_age(self) -> None:
        old = [made(400 + n) for n in range(6)]
        assert outdated([made(0), *old], NOON, BERLIN) == []

    def test_of_one_day_the_last_is_kept(self) -> None:
        assert outdated([made(0), made(0.1), made(0.2)], NOON, BERLIN) == [made(0.1), made(0.2)]

    def test_what_a_person_asked_for_and_what_came_before_a_migration_stays(self) -> None:
        others = [
            made(n, cause)
            for n in range(50)
            for cause in (BackupCause.ASKED, BackupCause.MIGRATION)
        ]
        assert outdated([made(0), *others], NOON, BERLIN) == []

    def test_what_a_wrong_clock_made_in_the_future_counts_for_nothing(self) -> None:
        ahead = [made(-400 - n) for n in range(20)]
        today = [made(n) for n in range(7)]
        assert outdated([*ahead, *today], NOON, BERLIN) == []
        assert not has_day(ahead, NOON, BERLIN)

    def test_a_day_is_one_of_the_person(self) -> None:
        late = made(0)._replace(at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
        assert has_day([late], NOON, BERLIN)
        assert not has_day([late], NOON, UTC)


class TestTheOneOfTheDay:
    def test_is_the_store_as_it_is_and_private(
        self, filled: str, clock: FixedClock, rows_of: Rows
    ) -> None:
        (before, found) = rows_of(), make_due(filled, clock)
        assert found is not None
        assert backups(filled) == [found]
        assert stat.S_IMODE(os.stat(found.path).st_mode) == 0o600
        assert stat.S_IMODE(folder(filled).stat().st_mode) == 0o700
        assert rows_of() == before
        with closing(connect(found.path)) as copy, closing(connect(filled)) as store:
            assert list(copy.iterdump()) == list(store.iterdump())

    def test_is_made_once(self, filled: str, clock: FixedClock) -> None:
        assert make_due(filled, clock)
        clock.advance(timedelta(hours=10))
        assert make_due(filled, clock) is None
        clock.advance(timedelta(hours=10))
        assert make_due(filled, clock)
        assert len(names(filled)) == 2

    def test_takes_away_those_that_need_not_be_kept(self, filled: str, clock: FixedClock) -> None:
        days_of(filled, clock, 60)
        make_due(filled, clock)
        assert len(names(filled)) == 11

    def test_is_not_made_of_nothing(self, path: str, clock: FixedClock) -> None:
        assert make_due(path, clock) is None
        assert names(path) == []

    def test_is_made_by_one_of_many_that_start_at_once(self, filled: str) -> None:
        command = [sys.executable, "-m", "poc_tui.store.backups.making", filled]
        running = [subprocess.Popen(command, cwd=HERE) for _ in range(4)]
        assert [process.wait(60) for process in running] == [0] * 4
        assert len(names(filled)) == 1

    def test_waits_for_one_that_is_being_made_where_it_must_be_first(
        self, filled: str, clock: FixedClock
    ) -> None:
        waited: list[float] = []
        with alone(filled, "backing-up") as granted:
            assert granted
            assert make_due(filled, clock) is None
            make_due(filled, clock, pause=waited.append)
        assert len(waited) == making.WAIT_SECONDS

    @pytest.mark.parametrize("named", ["", "beside", "elsewhere"])
    def test_what_a_killed_one_has_left_is_private_and_goes_with_the_next(
        self, filled: str, clock: FixedClock, tmp_path: Path, named: str
    ) -> None:
        code = (
            "import sys, time\n"
            "from poc_tui.store.backups.copying import copied\n"
            "with copied(sys.argv[1], sys.argv[2]):\n"
            "    print('half', flush=True)\n"
            "    time.sleep(60)\n"
        )
        place = {"beside": Path(filled).parent, "elsewhere": tmp_path / "stick"}.get(named)
        place = place or folder(filled)
        place.mkdir(mode=0o700, exist_ok=True)
        there = set(place.iterdir())
        target = str(place / "mine") if named else name_for(filled, clock.now(), BackupCause.DAY, 0)
        with subprocess.Popen(
            [sys.executable, "-c", code, target, filled],
            cwd=HERE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout
            process.stdout.readline()
            (left,) = set(place.iterdir()) - there
            assert stat.S_IMODE(left.stat().st_mode) == 0o600
            assert backups(filled) == []
            clear(str(place / BEGUN))
            assert left.exists()  # its maker is alive
            process.send_signal(signal.SIGKILL)
        if named == "elsewhere":
            copy_to(target, filled)
            assert not left.exists()
        begun = making.begin(filled, "")
        assert not left.exists()
        assert begun is not None
        begun.communicate()
        assert len(backups(filled)) == 1

    def test_where_there_is_no_room_none_is_begun_and_it_is_said(
        self, filled: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = shutil.disk_usage(filled)._replace(free=1000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        with pytest.raises(PocError, match="no room for a backup"):
            make_due(filled, clock)
        assert names(filled) == []

    def test_of_a_damaged_store_none_is_made_and_the_others_stay(
        self, filled: str, clock: FixedClock, desk: Desk
    ) -> None:
        days_of(filled, clock, 60)
        desk.close()
        before = names(filled)
        with open(filled, "r+b") as file:
            file.seek(8 * 4096)
            file.write(os.urandom(20 * 4096))
        with pytest.raises(StoreUnreadable, match=r"damaged|not a readable"):
            make_due(filled, clock)
        assert names(filled) == before

    def test_a_folder_that_cannot_be_made_is_said(self, filled: str, clock: FixedClock) -> None:
        folder(filled).write_text("in the way")
        with pytest.raises(PocError, match="is a file"):
            make_due(filled, clock)


class TestBesideWriters:
    @pytest.fixture
    def disturbed(self, filled: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Somebody who writes after each step, where they get in; two rows in a transaction."""
        monkeypatch.setattr(copying, "STEP_PAGES", 10)
        step, written = copying._Copy._step, [0]

        def disturb(self: copying._Copy, status: int, left: int, total: int) -> None:
            step(self, status, left, total)
            with closing(connect(filled, busy_ms=0)) as other, suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
                for name in (f"a{written[0]}", f"b{written[0]}"):
                    other.execute("INSERT INTO tag (name) VALUES (?)", (name,))
                other.execute("COMMIT")
                written[0] += 1

        monkeypatch.setattr(copying._Copy, "_step", disturb)
        return written

    @pytest.mark.proof
    @pytest.mark.parametrize("gentle", [False, True])
    def test_who_never_rest_it_is_still_of_one_moment(
        self,
        filled: str,
        disturbed: list[int],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        gentle: bool,
    ) -> None:
        monkeypatch.setattr(copying, "_REST", 0.0)
        copy_to(str(tmp_path / "copy"), filled, gentle=gentle)
        assert disturbed[0] >= copying.PASSES
        check(str(tmp_path / "copy"), "copy")
        with closing(connect(str(tmp_path / "copy"))) as copy:
            found = dict(copy.execute("SELECT substr(name, 1, 1), count(*) FROM tag GROUP BY 1"))
        assert found["a"] == found["b"] >= copying.PASSES

    def test_who_would_have_to_wait_too_long_it_gives_way(
        self, filled: str, disturbed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copying, "LONGEST_HOLD", 0.0)
        with pytest.raises(StoreBusy, match="all the time; no backup was made"):
            copy_to(str(tmp_path / "copy"), filled)
        assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == []

    @pytest.mark.proof
    def test_readers_go_on_while_writers_wait(
        self, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copying, "PASSES", 0)
        monkeypatch.setattr(copying, "LONGEST_HOLD", 1.0)
        seen: list[int] = []
        held = copying._Copy._pass

        def meanwhile(self: object, pages: int) -> None:
            with closing(connect(filled, busy_ms=0)) as other:
                seen.append(other.execute("SELECT count(*) FROM request").fetchone()[0])
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("BEGIN IMMEDIATE")
            held(self, pages)  # type: ignore[arg-type]

        monkeypatch.setattr(copying._Copy, "_pass", meanwhile)
        copy_to(str(tmp_path / "copy"), filled)
        assert seen == [5]

    def test_one_that_nobody_waits_for_tries_again(
        self, filled: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rests: list[float] = []
        busy = StoreBusy("others write all the time")
        answers = iter([busy, busy, None])

        def try_it(*_: object, **__: object) -> None:
            if answer := next(answers):
                raise answer

        monkeypatch.setattr(making, "make_due", try_it)
        making.patiently(filled, clock, rests.append)
        assert rests == [making.TRY_AGAIN] * 2
        answers = iter([busy] * 100)
        with pytest.raises(StoreBusy):
            making.patiently(filled, clock, rests.append)


class TestFromTheCommandLine:
    def test_the_first_command_of_a_day_has_it_made(self, filled: str) -> None:
        list_as_a_person_would(filled)
        until = time.monotonic() + 60
        while not backups(filled):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert [one.cause for one in backups(filled)] == [BackupCause.DAY]

    def test_none_where_the_settings_say_so(self, filled: str, tmp_path: Path) -> None:
        config = tmp_path / "config.toml"
        config.write_text("[desk]\ndaily_backup = false\n")
        list_as_a_person_would(filled, POC_CONFIG=str(config))
        assert not os.path.exists(f"{filled}.backing-up")

    def test_an_import_has_it_first(self, poc: Poc, filled: str, tmp_path: Path) -> None:
        (tmp_path / "in.csv").write_text("text\nhello\n")
        poc.ok("import", str(tmp_path / "in.csv"))
        (found,) = backups(filled)
        assert held_in(found.path).requests == 5
        assert held_in(filled).requests == 6

    def test_an_import_goes_on_without_it_and_says_so(
        self, poc: Poc, filled: str, tmp_path: Path
    ) -> None:
        folder(filled).write_text("in the way")
        (tmp_path / "in.csv").write_text("text\nhello\n")
        ran = poc("import", str(tmp_path / "in.csv"))
        assert ran.code == 0
        assert "no backup was made first" in ran.err
        assert held_in(filled).requests == 6

    def test_one_that_is_asked_for(self, poc: Poc, filled: str, tmp_path: Path) -> None:
        poc.ok("backup")
        (found,) = backups(filled)
        assert found.cause == BackupCause.ASKED
        stick = tmp_path / "stick"
        stick.mkdir()
        poc.ok("backup", str(stick))
        (there,) = stick.iterdir()
        assert held_in(str(there)) == held_in(filled)
        file = poc.ok("--json", "backup", str(tmp_path / "mine.sqlite3")).json["file"]
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600

    def test_nothing_is_written_over(self, poc: Poc, filled: str, tmp_path: Path) -> None:
        mine = tmp_path / "mine"
        mine.write_text("mine")
        ran = poc("backup", str(mine))
        assert ran.code == 1
        assert "stays as it is" in ran.err
        assert mine.read_text() == "mine"

    def test_of_no_store(self, poc: Poc, tmp_path: Path) -> None:
        ran = poc("--db", str(tmp_path / "none"), "backup")
        assert ran.code == 1
        assert "no store" in ran.err
        assert not (tmp_path / "none").exists()

    def test_locate_names_them(self, poc: Poc, filled: str, clock: FixedClock) -> None:
        assert make_due(filled, clock)
        poc.ok("backup")
        found = poc.ok("--json", "locate").json
        there = [one for one in found if one["what"] == "backup"]
        assert [one["path"] for one in there] == [one.path for one in backups(filled)]
        assert all(one["size"] > 0 for one in there)
        assert there[0]["path"] in poc.ok("locate").out

    def test_locate_says_when_in_the_zone_of_the_settings(
        self, poc: Poc, filled: str, tmp_path: Path
    ) -> None:
        poc.ok("backup")
        poc.ok("config", "set", "desk.timezone", "Asia/Tokyo")
        (found,) = [one for one in poc.ok("--json", "locate").json if one["what"] == "backup"]
        assert found["at"].endswith("+09:00")
        Path(poc.environ["POC_CONFIG"]).write_text("wrong", encoding="utf-8")
        assert found["path"] in poc.ok("locate").out


class TestAtTheDesk:
    @pytest.fixture
    def app(
        self, filled: str, clock: FixedClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> PocApp:
        monkeypatch.setattr(desk_services, "BACKUP_SECONDS", 0.01)
        keymap = resolve(COMMANDS, {})
        return PocApp(Session(filled, clock, settings, keymap, backs_up=True))

    async def test_the_day_has_it_while_the_desk_is_open(self, app: PocApp, filled: str) -> None:
        async with app.run_test() as pilot:
            await until(pilot, lambda: bool(backups(filled)))
        (found,) = backups(filled)
        assert held_in(found.path) == held_in(filled)

    async def test_what_hinders_it_is_said(self, app: PocApp, filled: str) -> None:
        folder(filled).write_text("in the way")
        async with app.run_test() as pilot:
            await until(pilot, lambda: bool(app._notifications))
            assert "backups is a file" in next(iter(app._notifications)).message

    async def test_leaving_does_not_wait_for_it(
        self, app: PocApp, filled: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            stderr=subprocess.PIPE,
            text=True,
        ) as endless:
            began: list[str] = []

            def begin(store: str, _: str) -> subprocess.Popen[str]:
                began.append(store)
                return endless

            monkeypatch.setattr(making, "begin", begin)
            async with app.run_test() as pilot:
                await until(pilot, lambda: bool(began))
                assert endless.poll() is None
            assert endless.poll() is None
            endless.kill()

    async def test_a_demo_has_none(self, app: PocApp, filled: str) -> None:
        app.session.backs_up = False
        async with app.run_test() as pilot:
            await pilot.pause(0.2)
        assert not os.path.exists(f"{filled}.backing-up")


class TestRestore:
    @pytest.fixture
    def old(self, filled: str, clock: FixedClock, desk: Desk) -> str:
        """A backup, after which two requests came."""
        found = make(filled, clock, BackupCause.DAY).path
        clock.advance(timedelta(hours=2))
        desk.do(Capture("later"))
        desk.do(Capture("later still"))
        desk.close()
        return found

    def test_puts_the_backup_in_the_place_of_the_store_which_stays_beside_it(
        self, poc: Poc, filled: str, old: str, rows_of: Rows
    ) -> None:
        was = held_in(filled)
        ran = poc.ok("--json", "restore", old, "--yes")
        assert held_in(filled) == held_in(old)
        kept = ran.json["kept"]
        assert os.path.dirname(kept) == os.path.dirname(filled)
        assert held_in(kept) == was
        for file in (kept, filled):
            assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        assert [one["number"] for one in poc.ok("list", "--json").json] == [1, 2, 3, 4, 5]
        poc.ok("--json", "restore", kept, "--yes")
        assert held_in(filled) == was

    def test_says_first_what_would_change_and_asks(self, poc: Poc, filled: str, old: str) -> None:
        was = Path(filled).read_bytes()
        ran = poc("restore", old)
        assert ran.code == 1
        now, then = ran.lines[1:3]
        assert now.split()[:6] == ["the", "store", "now", "7", "0", "7"]
        assert then.split()[:5] == ["the", "backup", "5", "0", "5"]
        assert "2 steps fewer" in ran.err
        assert "--yes" in ran.err
        assert Path(filled).read_bytes() == was
        asked = poc("--json", "restore", old)
        assert (asked.code, asked.json["restored"]) == (1, False)

    def test_is_refused_while_a_desk_is_open(
        self, poc: Poc, filled: str, old: str, session: Session
    ) -> None:
        session.be_here()
        ran = poc("restore", old, "--yes")
        assert ran.code == 1
        assert "a desk is open" in ran.err
        assert held_in(filled).requests == 7
        session.close()
        poc.ok("restore", old, "--yes")

    def test_waits_for_one_who_writes(
        self, poc: Poc, filled: str, old: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        impatient = partial(open_file, busy_ms=10)
        monkeypatch.setattr(restoring, "open_file", impatient)
        with closing(connect(filled)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE request SET subject = 'being written'")
            ran = poc("restore", old, "--yes")
            writer.execute("COMMIT")
        assert ran.code == 1
        assert "another program is writing" in ran.err
        assert held_in(filled).requests == 7
        assert not [one for one in os.listdir(Path(filled).parent) if "restore" in one]

    def test_of_a_damaged_store(self, poc: Poc, filled: str, old: str) -> None:
        Path(filled).write_bytes(b"no store any more" * 1000)
        ran = poc.ok("--json", "restore", old, "--yes")
        assert held_in(filled).requests == 5
        assert ran.json["damage"]
        assert Path(ran.json["kept"]).read_bytes().startswith(b"no store any more")

    def test_of_a_store_that_is_gone(self, poc: Poc, filled: str, old: str) -> None:
        os.unlink(filled)
        assert poc.ok("--json", "restore", old, "--yes").json["kept"] is None
        assert held_in(filled).requests == 5

    def test_a_store_behind_a_link_stays_behind_it(
        self, poc: Poc, filled: str, old: str, tmp_path: Path
    ) -> None:
        link = tmp_path / "link.sqlite3"
        link.symlink_to(filled)
        poc.ok("--db", str(link), "restore", old, "--yes")
        assert link.is_symlink()
        assert held_in(filled).requests == 5

    def test_what_a_killed_writer_left_is_not_carried_out_on_the_backup(
        self, poc: Poc, filled: str, old: str
    ) -> None:
        code = (
            "import os, signal, sqlite3, sys\n"
            "store = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "store.execute('PRAGMA cache_size = 1')\n"
            "store.execute('BEGIN IMMEDIATE')\n"
            "store.execute('UPDATE request SET subject = hex(randomblob(20000))')\n"
            "os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        subprocess.run([sys.executable, "-c", code, filled], check=False)
        assert os.path.getsize(f"{filled}-journal") > 0
        poc.ok("restore", old, "--yes")
        assert not os.path.exists(f"{filled}-journal")
        check(filled, "the store")
        assert held_in(filled).requests == 5

    @pytest.mark.parametrize(
        ("content", "said", "code"),
        [
            (b"", "is no backup", 2),
            (b"hello", "is no backup", 2),
            (b'{"poc": 1, "schema": 3}\n', "an export goes into a new store", 2),
            (b"SQLite format 3\0" + b"\xff" * 5000, "damaged", 1),
        ],
    )
    def test_of_what_is_no_backup(
        self, poc: Poc, filled: str, tmp_path: Path, content: bytes, said: str, code: int
    ) -> None:
        (tmp_path / "it").write_bytes(content)
        ran = poc("restore", str(tmp_path / "it"), "--yes")
        assert ran.code == code
        assert said in ran.err
        assert held_in(filled).requests == 5

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("PRAGMA user_version = 0", "it has no version"),
            ("DROP TABLE activity", "column actor of activity is missing"),
            ("ALTER TABLE request DROP COLUMN text", "column text of request is missing"),
            (
                "CREATE TRIGGER odd AFTER INSERT ON request BEGIN DELETE FROM request; END",
                "trigger odd is none of poc's",
            ),
            ("DELETE FROM request", "points to one of request that is not there"),
        ],
    )
    def test_of_what_the_desk_could_not_work_on(
        self, poc: Poc, filled: str, old: str, change: str, said: str
    ) -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            connection.execute(change)
        ran = poc("restore", old, "--yes")
        assert (ran.code, ran.out) == (1, "")
        assert f"no whole store: {said}" in ran.err or said in ran.err
        assert held_in(filled).requests == 7

    def test_its_times_are_those_of_the_desk(self, poc: Poc, filled: str, old: str) -> None:
        said = poc("--json", "restore", old, "--yes").json
        assert said["backup"]["last_step"][-6:] in ("+01:00", "+02:00")

    def test_of_a_half_copied_backup(self, poc: Poc, filled: str, old: str) -> None:
        os.truncate(old, os.path.getsize(old) // 2)
        ran = poc("restore", old, "--yes")
        assert ran.code == 1
        assert "damaged" in ran.err
        assert held_in(filled).requests == 7

    def test_of_the_store_itself_and_of_another_programs(
        self, poc: Poc, filled: str, tmp_path: Path
    ) -> None:
        assert "the store itself" in poc("restore", filled, "--yes").err
        with closing(sqlite3.connect(tmp_path / "other")) as other:
            other.execute("CREATE TABLE t (x)")
        assert "not a store of poc" in poc("restore", str(tmp_path / "other"), "--yes").err

    def test_of_an_older_version_goes_on_as_one(
        self, poc: Poc, filled: str, tmp_path: Path
    ) -> None:
        from tests.helpers import version_1

        version_1.make(str(tmp_path / "old"))
        poc.ok("restore", str(tmp_path / "old"), "--yes")
        assert poc.ok("list", "--json").json
        assert any(one.cause == BackupCause.MIGRATION for one in backups(filled))


class TestMigrations:
    @pytest.fixture
    def old(self, tmp_path: Path) -> str:
        from tests.helpers import version_1

        store = str(tmp_path / "old.sqlite3")
        version_1.make(store)
        return store

    def test_one_that_fails_leaves_no_empty_backup_and_only_one(
        self, old: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise StoreUnreadable("it fails")

        monkeypatch.setattr(migrate, "_check_nothing_lost", fail)
        for _ in range(3):
            clock.advance(timedelta(minutes=1))
            with pytest.raises(StoreUnreadable, match="it fails"):
                migrate.ensure(old, clock)
        (name,) = names(old)
        check(str(folder(old) / name), name)

    def test_none_begins_where_no_backup_can_be_made(
        self, old: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = shutil.disk_usage(old)._replace(free=1000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        was = Path(old).read_bytes()
        with pytest.raises(PocError, match="no room"):
            migrate.ensure(old, clock)
        assert Path(old).read_bytes() == was
        assert names(old) == []
