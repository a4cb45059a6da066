"""Whatever ends the desk, the terminal is as it was before, and half-typed words are kept.

Every byte is looked at: what was switched on is switched off, what was pushed is popped.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.proofs import proofs
from tests.helpers.terminal import PATIENCE, POC, Terminal, is_given_back

DEMO = (*POC, "demo")
SMALL = (80, 24)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "POC_DB": str(tmp_path / "poc.sqlite3"),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
    }


@pytest.fixture
def desk(environ: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(DEMO, environ, SMALL) as terminal:
        terminal.before = terminal.attributes()  # type: ignore[attr-defined]
        terminal.wait("poc demo", "forward")
        yield terminal


ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


@pytest.mark.parametrize("sent", ENDING, ids=lambda sent: sent.name)
def test_a_signal_ends_it_and_the_terminal_is_as_before(
    desk: Terminal, sent: signal.Signals
) -> None:
    before = desk.before  # type: ignore[attr-defined]
    assert desk.attributes() != before
    os.kill(desk.pid, sent)
    assert desk.ended() == -sent
    assert is_given_back(desk.written)
    assert desk.attributes() == before
    assert desk.screen.shows_cursor
    assert not desk.faults


def test_a_signal_that_was_ignored_before_stays_so(environ: dict[str, str]) -> None:
    ignoring = f"trap '' HUP; exec {sys.executable} -m poc_tui demo"
    with Terminal(["/bin/sh", "-c", ignoring], environ, SMALL) as desk:
        desk.wait("poc demo", "forward")
        os.kill(desk.pid, signal.SIGHUP)
        desk.press("?")
        desk.wait("─ Keys ")
        os.kill(desk.pid, signal.SIGTERM)
        assert desk.ended() == -signal.SIGTERM


@pytest.mark.parametrize("sent", proofs(ENDING, but=ENDING[:1]), ids=lambda sent: sent.name)
def test_words_typed_a_moment_ago_are_kept(
    environ: dict[str, str], tmp_path: Path, sent: signal.Signals
) -> None:
    words = "the pump leaks, they wait in the cellar"
    environ["POC_DB"] = str(tmp_path / "own.sqlite3")
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "? help")
        desk.press("n")
        desk.wait("New request")
        desk.settle()
        desk.press(words)
        desk.wait("the cellar")  # which is less than the pause after which words are written
        os.kill(desk.pid, sent)
        assert desk.ended() == -sent
        assert is_given_back(desk.written)
    kept = [file.read_text() for file in (tmp_path / "state").rglob("new*.json")]
    assert len(kept) == 1
    assert words in kept[0]
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "? help")
        desk.press("n")
        desk.wait("are back", words)


@pytest.mark.parametrize("sent", proofs(ENDING, but=ENDING[1:2]), ids=lambda sent: sent.name)
def test_words_that_wait_for_their_dialog_are_kept(
    environ: dict[str, str], tmp_path: Path, sent: signal.Signals
) -> None:
    environ["POC_DB"] = str(tmp_path / "own.sqlite3")
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "? help")
        desk.press("nthe pump leaks")  # the dialog is not open yet
        os.kill(desk.pid, sent)
        assert desk.ended() == -sent
    (kept,) = (tmp_path / "state").rglob("new*.json")
    assert "the pump leaks" in kept.read_text()


def test_words_that_are_being_saved_are_not_kept_as_well(
    environ: dict[str, str], tmp_path: Path
) -> None:
    environ["POC_DB"] = str(tmp_path / "own.sqlite3")
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "? help")
        with closing(sqlite3.connect(environ["POC_DB"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            desk.press("nthe pump leaks\r")
            desk.wait("saving")
            os.kill(desk.pid, signal.SIGTERM)
            desk.watch(0.2)
            other.execute("COMMIT")
            assert desk.ended() == -signal.SIGTERM
            assert other.execute("SELECT subject FROM request").fetchall() == [("the pump leaks",)]
    assert not list((tmp_path / "state").rglob("new*.json"))


def wait_for_its_end(desk: Terminal) -> None:
    """Without reading on."""
    end = time.monotonic() + PATIENCE
    while desk.code() is None:
        assert time.monotonic() < end, "it does not end"
        time.sleep(0.01)


def test_a_terminal_that_is_gone_ends_it(desk: Terminal) -> None:
    """Its window was closed: nothing can be written any more, and nobody types."""
    desk.press("n")
    desk.wait("New request")
    desk.hang_up()
    wait_for_its_end(desk)
    assert desk.code() == -signal.SIGHUP


def test_a_hangup_that_nobody_tells_of_ends_it(environ: dict[str, str]) -> None:
    """`nohup` has the signal ignored: the end of what is typed is the only sign."""
    ignoring = f"trap '' HUP; exec {sys.executable} -m poc_tui demo"
    with Terminal(["/bin/sh", "-c", ignoring], environ, SMALL) as desk:
        desk.wait("poc demo", "forward")
        desk.hang_up()
        wait_for_its_end(desk)


STUCK = """
import time
from poc_tui.app import PocApp
PocApp.action_help = lambda self: time.sleep(600)
from poc_tui.__main__ import main
import sys
sys.argv[1:] = ["demo"]
raise SystemExit(main())
"""


@pytest.mark.proof
def test_a_desk_that_hangs_is_ended_all_the_same(environ: dict[str, str]) -> None:
    with Terminal([sys.executable, "-c", STUCK], environ, SMALL) as desk:
        before = desk.attributes()
        desk.wait("poc demo", "forward")
        desk.press("?")
        desk.settle()
        os.kill(desk.pid, signal.SIGTERM)
        assert desk.ended() == 128 + signal.SIGTERM
        assert is_given_back(desk.written)
        assert desk.attributes() == before


@pytest.mark.proof
def test_a_terminal_that_takes_nothing_more_does_not_keep_it(environ: dict[str, str]) -> None:
    """As over a line that has broken: nobody reads what is written."""
    with Terminal(DEMO, environ, (200, 60)) as desk:
        desk.wait("poc demo", "forward")
        for _ in range(40):
            os.write(desk.keyboard, b"?\x1b")
            time.sleep(0.05)
        os.kill(desk.pid, signal.SIGTERM)
        wait_for_its_end(desk)
        assert desk.code() in (-signal.SIGTERM, 128 + signal.SIGTERM)


CRASHING = """
import sys
from poc_tui.app import PocApp

def crash(self):
    words = "what the customer told in confidence"
    raise KeyError("no such \\x1b]0;evil\\x07 thing")

async def crash_later(self):
    crash(self)

PocApp.action_help = {action}
from poc_tui.__main__ import main
raise SystemExit(main())
"""


@pytest.mark.parametrize(
    "action",
    [
        "crash",
        "lambda self: self.run_worker(crash_later(self))",
        "lambda self: self.set_timer(0.01, lambda: crash(self))",
        "lambda self: self.run_worker(lambda: crash(self), thread=True)",
    ],
    ids=["action", "worker", "timer", "thread"],
)
def test_a_fault_is_told_when_the_terminal_is_given_back(
    environ: dict[str, str], action: str
) -> None:
    with Terminal([sys.executable, "-c", CRASHING.format(action=action)], environ, SMALL) as desk:
        before = desk.attributes()
        desk.wait("My turn", "? help")
        desk.press("?")
        assert desk.ended() == 1
        assert is_given_back(desk.written)
        assert desk.attributes() == before
        told = desk.written.rpartition(b"\x1b[?1049l")[2].decode()
        assert "KeyError" in told
        assert "open the desk again" in told.replace("\r\n", " ")
        assert "in confidence" not in told
        assert not desk.faults


def test_a_fault_keeps_the_words_of_the_dialog(environ: dict[str, str], tmp_path: Path) -> None:
    crashing = CRASHING.format(action="crash").replace("action_help", "action_focus_next")
    with Terminal([sys.executable, "-c", crashing], environ, SMALL) as desk:
        desk.wait("My turn", "? help")
        desk.press("n")
        desk.wait("New request")
        desk.settle()
        desk.press("half a sentence")
        desk.wait("half a sentence")
        desk.press("\t")
        assert desk.ended() == 1
    kept = [file.read_text() for file in (tmp_path / "state").rglob("new*.json")]
    assert len(kept) == 1
    assert "half a sentence" in kept[0]


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/null", "2>faults"])
def test_the_desk_is_drawn_wherever_errors_go(environ: dict[str, str], errors: str) -> None:
    command = f"cd $HOME; exec {sys.executable} -m poc_tui demo {errors}"
    with Terminal(["/bin/sh", "-c", command], environ, SMALL) as desk:
        desk.wait("poc demo", "forward")
        desk.press("q")
        assert desk.ended() == 0
        assert is_given_back(desk.written)
