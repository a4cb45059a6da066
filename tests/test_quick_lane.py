"""The quick lane of `poc add` does what the full command line does, in a fraction of the time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from poc_tui.capture import NotHereError, add
from poc_tui.models.values import Channel, Kind, Priority
from poc_tui.rules.clock import FixedClock
from poc_tui.rules.deadlines import Deadlines
from poc_tui.store import drafts, migrate
from poc_tui.store.backend import connect
from poc_tui.store.desk import Desk
from poc_tui.store.journal import KEYS
from poc_tui.store.reading import requests
from poc_tui.store.reading.reader import Reader

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def poc(path: str) -> Run:
    """Runs `poc` in a process of its own."""

    def run(*words: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "poc_tui", *words],
            input=stdin,
            env=os.environ | {"POC_DB": path, "TZ": "Europe/Berlin"},
            capture_output=True,
            check=False,
        )

    return run


def all_rows(path: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the store, times left out (the quick lane has no clock to hand in)."""
    connection = connect(path)
    rows = {}
    for table, keys in (KEYS | {"journal": ("id",)}).items():
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        kept = [n for n in names if n not in ("at", "since") and not n.endswith(("_at", "_since"))]
        rows[table] = connection.execute(
            f"SELECT {', '.join(kept)} FROM {table} ORDER BY {', '.join(keys)}"
        ).fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize(
    ("words", "draft"),
    [
        (["call", "back", "re", "offer"], drafts.Capture("call back re offer")),
        (
            [
                "Rechnung",
                "falsch",
                "@Bäckerei Ott",
                "+Eilt",
                "via:phone",
                "kind:compl",
                "prio:high",
            ],
            drafts.Capture(
                "Rechnung falsch",
                customer=drafts.CustomerName("Bäckerei Ott"),
                tags=("Eilt",),
                channel=Channel.PHONE,
                kind=Kind.COMPLAINT,
                priority=Priority.HIGH,
            ),
        ),
        (
            ["key card", "@info@krone.example"],
            drafts.Capture("key card", customer=drafts.CustomerName("info@krone.example")),
        ),
        (["x" * 300], drafts.Capture("x" * 300)),
    ],
)
def test_it_writes_the_rows_that_the_desk_writes(
    tmp_path: Path,
    clock: FixedClock,
    deadlines: Deadlines,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    draft: drafts.Capture,
) -> None:
    quick, full = str(tmp_path / "quick.sqlite3"), str(tmp_path / "full.sqlite3")
    for store in (quick, full):
        migrate.ensure(store, clock)
    monkeypatch.setenv("POC_DB", quick)
    assert add(words) == 0
    desk = Desk(full, clock, deadlines)
    desk.do(replace(draft, raw=" ".join(words).encode()))
    desk.close()
    assert all_rows(quick) == all_rows(full)


def test_it_names_number_customer_and_date_as_understood(poc: Run) -> None:
    said = poc("add", "Invoice", "@Meyer AG", "due:2060-11-26 14:00").stdout.decode()
    assert said.splitlines() == [
        "#1  Meyer AG  due Fri 26 Nov 2060 14:00",
        "  new customer “Meyer AG”",
    ]


def test_an_ambiguous_customer_is_named_and_left_open(poc: Run, reader: Reader) -> None:
    for name in ("@Meyer AG", "@Meyer GmbH"):
        poc("add", "first", name)
    said = poc("add", "second", "@meyer").stdout.decode()
    assert "could be Meyer AG (1), Meyer GmbH (2)" in said
    assert requests.request(reader, 3).customer is None


def test_standard_input_gives_the_subject_and_the_text(poc: Run, reader: Reader) -> None:
    came = "Rechnung über 12 Stück\r\n\r\nEs waren 10.\r\nbitte prüfen +not a tag".encode()
    assert poc("add", "-", "via:letter", stdin=came).returncode == 0
    request = requests.request(reader, 1)
    assert request.subject == "Rechnung über 12 Stück"
    assert request.text == "Es waren 10.\nbitte prüfen +not a tag"
    assert (request.channel, request.tags) == ("letter", ())
    assert requests.original(reader, 1) == came


def test_bytes_that_are_no_text_are_kept_as_they_came(poc: Run, reader: Reader) -> None:
    assert poc("add", b"Gr\xfc\xdfe aus K\xf6ln").returncode == 0
    assert requests.original(reader, 1) == b"Gr\xfc\xdfe aus K\xf6ln"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["Invoice", "due:sometime"], "sometime"),
        (["Invoice", "due:1999-01-01"], "past"),
        (["Invoice", "via:pigeon"], "pigeon"),
        (["Invoice", "prio:very"], "very"),
        (["Invoice", "due:fri", "due:mon"], "twice"),
        (["@Meyer AG"], ""),
        ([], ""),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_stored(
    poc: Run, reader: Reader, words: list[str], says: str
) -> None:
    ended = poc("add", *words)
    assert ended.returncode == 2
    assert says in ended.stderr.decode()
    assert reader.value("SELECT count(*) FROM request") == 0
    assert reader.value("SELECT count(*) FROM customer") == 0


@pytest.mark.parametrize(
    "words",
    [["x", "--due", "fri"], ["x", "to:technical"], ["--help"], ["-e"], ["x", "due:a", "due:b"], []],
)
def test_what_it_does_not_know_goes_to_the_full_command_line(
    path: str, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("POC_DB", path)
    with pytest.raises(NotHereError):
        add(words)


def test_no_store_yet_another_version_or_settings_go_to_the_full_command_line(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POC_DB", str(tmp_path / "none.sqlite3"))
    with pytest.raises(NotHereError):
        add(["x"])
    monkeypatch.setenv("POC_DB", path)
    config = tmp_path / "poc.toml"
    config.write_text('[desk]\nname = "front desk"\n')
    monkeypatch.setenv("POC_CONFIG", str(config))
    with pytest.raises(NotHereError):
        add(["x"])
    monkeypatch.delenv("POC_CONFIG")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(NotHereError):
        add(["x"])


def test_twenty_at_once_are_all_kept(path: str, reader: Reader) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "poc_tui", "add", f"call {i}"],
            env=os.environ | {"POC_DB": path},
            stdout=subprocess.PIPE,
        )
        for i in range(20)
    ]
    ended = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * 20
    assert len({said.split()[0] for said in ended}) == 20
    subjects = {row[0] for row in reader.rows("SELECT subject FROM request")}
    assert subjects == {f"call {i}" for i in range(20)}


def test_a_store_that_is_written_to_for_too_long_keeps_nothing_and_says_so(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("poc_tui.capture.BUSY_MS", 50)
    monkeypatch.setenv("POC_DB", path)
    other = connect(path)
    other.execute("BEGIN IMMEDIATE")
    assert add(["x"]) == 1
    other.execute("ROLLBACK")
    assert "another program is writing" in capsys.readouterr().err
    assert other.execute("SELECT count(*) FROM request").fetchone() == (0,)
    other.close()


def test_a_list_for_scripts_is_the_list_of_the_full_command_line(poc: Run, path: str) -> None:
    for words in (["one", "@Meyer AG", "+a", "+b"], ["zwei \x1b[31m", "due:2060-11-26"], ["three"]):
        poc("add", *words)
    poc("forward", "3", "technical", "why?")
    environ = {k: v for k, v in os.environ.items() if k != "TZ"} | {"POC_DB": path}
    for view in ([], ["mine"], ["departments"], ["resolved"]):
        said = [
            subprocess.run(
                [sys.executable, "-m", "poc_tui", *words],
                env=environ,
                capture_output=True,
                check=True,
            ).stdout
            for words in (["list", *view, "--json"], ["--json", "list", *view])
        ]
        assert said[0] == said[1]
        assert said[0].startswith(b"[")
