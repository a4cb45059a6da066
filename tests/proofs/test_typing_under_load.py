"""Every key lands where the person was, typed through a real terminal beside two busy programs.

A dozen dialogs or so are typed. `POC_DIALOGS=200 pytest tests/proofs/test_typing_under_load.py`
types that many for each pause between the keys, which takes some minutes.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from poc_tui.system.terminal_input import TerminalInput
from tests.helpers.terminal import PATIENCE, POC, Terminal, environ_of
from tests.helpers.typed_dialogs import DIALOGS, ESC, Typed, astray, desk_to_type_at, typed

pytestmark = pytest.mark.proof

SIZE = (120, 36)

FEW = len(DIALOGS)
"""How many dialogs are typed altogether, unless POC_DIALOGS says how many for each pause."""

PAUSES = (0.0, 0.02, 0.05)

ESC_AT_ONCE = "\x1b[27u"
"""The same bytes could be Esc and a letter or alt and a letter where both come at the same time,
so terminals with the newer keyboard protocol send this instead."""

BUSY = "import os; mine = os.getppid()\nwhile os.getppid() == mine: pass"


@contextmanager
def busy_programs(count: int = 2) -> Iterator[None]:
    """So many programs beside that each want a core for themselves."""
    programs = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def until_stored(terminal: Terminal, path: str, dialogs: Sequence[Typed]) -> list[str]:
    """What is astray when all is stored, or when nothing comes any more."""
    least, end = len(dialogs) ** 2, time.monotonic() + PATIENCE
    while (found := astray(path, dialogs)) and time.monotonic() < end:
        if len(found) < least:
            least, end = len(found), time.monotonic() + PATIENCE
        terminal.watch(0.5)
    return found


@pytest.mark.parametrize("between", PAUSES)
def test_every_letter_of_every_dialog_is_stored_where_it_was_typed(
    tmp_path: Path, between: float
) -> None:
    wanted = int(os.environ.get("POC_DIALOGS", "0"))
    environ, path = environ_of(tmp_path), str(tmp_path / "poc.sqlite3")
    requests = desk_to_type_at(path, wanted or FEW)
    dialogs = list(typed(requests, escape=ESC if between else ESC_AT_ONCE))
    if not wanted:  # together the pauses take all dialogs once
        dialogs = dialogs[PAUSES.index(between) :: len(PAUSES)]
    with busy_programs(), Terminal(POC, environ, SIZE) as desk:
        desk.wait("My turn")
        for dialog in dialogs:
            desk.type(dialog.keys, between)
        found = until_stored(desk, path, dialogs)
        assert not found, f"{len(found)} of {len(dialogs)}:\n" + "\n".join(found[:20])


@pytest.mark.parametrize("key", ["T", "t\r", "axyz\r", "r\r"], ids=repr)
def test_a_key_again_and_again_meets_one_request_after_the_other(tmp_path: Path, key: str) -> None:
    path = str(tmp_path / "poc.sqlite3")
    requests = desk_to_type_at(path, 6)
    with busy_programs(), Terminal(POC, environ_of(tmp_path), SIZE) as desk:
        desk.wait(requests[-1].found_by)
        desk.press("g" + key * len(requests))
        desk.until(lambda: _met(path) == [1] * len(requests), f"each met once: {_met(path)}")


def _met(path: str) -> list[int]:
    """How many steps each request has met that was met at all."""
    with closing(sqlite3.connect(path)) as store:
        rows = store.execute(
            "SELECT count(*) FROM activity WHERE event IN ('triaged', 'answered', 'resolved')"
            " GROUP BY request_id"
        ).fetchall()
    return [count for (count,) in rows]


def at_rest(desk: Terminal) -> float:
    """How much of a core it needs while nothing happens, once it has come to rest."""
    end, used = time.monotonic() + PATIENCE, 1.0
    while used > 0.1 and time.monotonic() < end:
        before = desk.cpu_seconds
        desk.watch(1.0)
        used = desk.cpu_seconds - before
    return used


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_dialog_whose_fields_follow_each_other_comes_to_rest(tmp_path: Path) -> None:
    (request,) = desk_to_type_at(str(tmp_path / "poc.sqlite3"), 1)
    with Terminal(POC, environ_of(tmp_path), SIZE) as desk:
        desk.wait(request.found_by)
        for marks in ("prio:low", "kind:order", "via:social kind:order prio:high", "due:fri14"):
            desk.press(f"nx {marks}")
            desk.wait(marks)
            assert at_rest(desk) <= 0.1, marks
            desk.press(f"{ESC_AT_ONCE}y")
            desk.wait(gone=marks)


@pytest.mark.parametrize(
    ("pieces", "keys"),
    [
        ([b"\x1b", b"n"], "<esc>n"),  # in two pieces: Esc, and soon after it a letter
        ([b"\x1bn"], "<esc>n"),  # in one piece, and alt+n means nothing
        ([b"\x1bx"], "\x1bx"),  # as a person has set it
        ([b"\x1bb\x1bf"], "\x1bb\x1bf"),  # by a word
        ([b"\x1b[A\x1bOP"], "\x1b[A\x1bOP"),
        ([b"\x1b", b"[A"], "\x1b[A"),  # a cursor key that a slow line has torn apart
        ([b"\x1b\r"], "\x1b\r"),
        ([b"\x1b", b"b"], "\x1bb"),  # byte by byte, as the desk reads
        ([b"\x1b", b"x"], "\x1bx"),
        ([b"\x1b", b"\r"], "\x1b\r"),
        ([b"\x1b", b"\x7f"], "\x1b\x7f"),
        ([b"\x1b", b"[", b"A"], "\x1b[A"),
        ([b"\x1b", b"\x1b", b"n"], "<esc><esc>n"),
        ([b"\x1b[200~a\x1bn\x1b[201~"], "\x1b[200~a\ufffdn\x1b[201~"),
    ],
)
def test_esc_and_a_letter_are_two_keys(pieces: Sequence[bytes], keys: str) -> None:
    decoder = TerminalInput(lambda: True, with_alt="x")
    came = "".join(map(decoder.decode, pieces))
    assert came.replace(ESC_AT_ONCE, "<esc>") == keys


def test_an_escape_behind_which_nothing_comes_is_the_key_at_once() -> None:
    assert TerminalInput(lambda: False).decode(ESC.encode()) == ESC_AT_ONCE


def activities(path: str) -> list[tuple[str, str]]:
    """What was done in a store, the latest first."""
    with closing(sqlite3.connect(path)) as store:
        return store.execute("SELECT event, text FROM activity ORDER BY id DESC").fetchall()


def test_words_for_a_dialog_that_does_not_open_press_nothing_on_the_desk(tmp_path: Path) -> None:
    path = str(tmp_path / "poc.sqlite3")
    desk_to_type_at(path, 1)
    with Terminal(POC, environ_of(tmp_path), SIZE) as desk:
        desk.wait("My turn")
        desk.press("nno customer here\r/no customer\r")
        desk.wait("1 found")
        before = activities(path)
        desk.press("CMeyer AG\r")  # `e` would escalate, with `yer AG` for a reason
        desk.wait("has no customer yet")
        desk.settle()
        assert "Escalate" not in desk.screen.text
        assert activities(path) == before
        desk.press("mstill here\r")
        desk.until(lambda: activities(path)[0] == ("noted", "still here"), "the note")


def test_enter_typed_before_a_refusal_is_seen_does_not_agree_to_it(tmp_path: Path) -> None:
    environ, path = environ_of(tmp_path), str(tmp_path / "poc.sqlite3")
    (request,) = desk_to_type_at(path, 1)
    with Terminal(POC, environ, SIZE) as desk:
        desk.wait(request.found_by)
        desk.press("a")
        desk.wait("answer to")
        told = [*POC, "answer", str(request.number), "other words"]
        subprocess.run(told, env={**os.environ, **environ}, check=True, capture_output=True)
        desk.press("my words\r\rand more\t\r")
        desk.wait("again saves", "my wordsand more")  # no letter is lost
        desk.settle()
        assert activities(path)[0] == ("answered", "other words")
        desk.press("\r")
        desk.until(lambda: activities(path)[0] == ("answered", "my wordsand more"), "the answer")


def test_keys_that_mean_nothing_do_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "poc.sqlite3")
    desk_to_type_at(path, 2)
    with Terminal(POC, environ_of(tmp_path), SIZE) as desk:
        desk.wait("My turn")
        before = activities(path)
        for screen in ("", "A", "O", "D", "\r"):
            desk.press(f"{ESC_AT_ONCE * 2}{screen}j")
            desk.press('"$%()+-.;=BEPQWYZ[\\]^_`bh{|}~äß€')
        desk.press(f"{ESC_AT_ONCE * 2}?")
        desk.wait("Keys")  # the desk lives
        assert activities(path) == before


def test_a_click_beside_the_screen_leaves_the_focus_where_it_is(tmp_path: Path) -> None:
    path = str(tmp_path / "poc.sqlite3")
    desk_to_type_at(path, 1)
    with Terminal(POC, environ_of(tmp_path), SIZE) as desk:
        desk.wait("My turn")
        desk.press("none")
        desk.wait("one")
        desk.settle()
        desk.press("\x1b[<0;500;5M\x1b[<0;500;5m\x1b[<0;5;500M\x1b[<0;5;500m two\r")
        desk.until(lambda: len(activities(path)) > 1, "the request")
        with closing(sqlite3.connect(path)) as store:
            (last,) = store.execute("SELECT subject FROM request ORDER BY id DESC LIMIT 1")
        assert last == ("one two",)
