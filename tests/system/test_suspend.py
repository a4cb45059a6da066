"""Ctrl+Z goes back to the shell, and `fg` comes back to the desk: with a real shell between."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from poc_tui.system.terminal import DeskDriver
from tests.helpers.terminal import Terminal, is_given_back

DESK = f"{sys.executable} -m poc_tui demo"
SMALL = (80, 24)
SUSPEND = "\x1a"
TAKEN = "\x1b[?1049h"
LEFT = "\x1b[?1049l"
MODES = (TAKEN, "\x1b[?1000h", "\x1b[?1003h", "\x1b[?1006h", "\x1b[?2004h", "\x1b[>5u")


def environ_in(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PS1": "the shell> ",
        "INPUTRC": "/dev/null",
    }


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return environ_in(tmp_path)


@pytest.fixture
def shell(environ: dict[str, str]) -> Iterator[Terminal]:
    """A shell with job control; the desk runs in it, in front."""
    with Terminal(["bash", "--norc", "-i"], environ, SMALL) as terminal:
        terminal.until(lambda: "the shell> " in terminal.plain, "a prompt")
        terminal.press(f"{DESK}\r")
        terminal.wait("poc demo", "? help")
        terminal.settle(1.5)
        terminal.forget()
        yield terminal


def until_written(terminal: Terminal, sequence: str, times: int = 1) -> None:
    terminal.until(lambda: terminal.written.count(sequence.encode()) >= times, repr(sequence))


def until_said(terminal: Terminal, words: str) -> None:
    terminal.until(lambda: words in terminal.written.decode(errors="replace"), words)


def job(terminal: Terminal) -> int:
    """The process of the desk."""
    children = Path(f"/proc/{terminal.pid}/task/{terminal.pid}/children").read_text().split()
    return int(children[0])


def test_fg_comes_back_whole(shell: Terminal) -> None:
    before = shell.screen.text
    shell.press(SUSPEND)
    until_said(shell, "Stopped")
    left = shell.written.partition(b"Stopped")[0]
    assert is_given_back("".join(MODES).encode() + b"\x1b[?1015h" + left)
    shell.forget()
    shell.press("fg\r")
    shell.wait("poc demo", "? help", "Meyer AG")
    shell.settle()
    assert [mode for mode in MODES if mode.encode() not in shell.written] == []
    assert without_clock(shell.screen.text) == without_clock(before)
    assert shell.screen.shows_cursor
    shell.press("j")
    shell.settle()
    assert without_clock(shell.screen.text) != without_clock(before)


def test_a_signal_to_go_on_that_another_thread_takes_still_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is told of a moment after the desk runs again, and was then said to have no shell."""
    driver = DeskDriver.__new__(DeskDriver)
    driver._taken = False

    def stop(_signum: int) -> None:
        threading.Timer(0.02, driver._sigcont_application).start()

    monkeypatch.setattr(signal, "raise_signal", stop)
    assert driver._stopped_by(signal.SIGTSTP)
    monkeypatch.setattr(signal, "raise_signal", lambda _: None)
    assert not driver._stopped_by(signal.SIGTSTP)


def without_clock(text: str) -> str:
    return re.sub(r"\d\d:\d\d|\d+[mhd]\b|\d+ min", "", text)


@pytest.mark.proof
@pytest.mark.parametrize("burst", [True, False], ids=["in one burst", "one by one"])
def test_what_is_typed_behind_it_is_the_shells(shell: Terminal, burst: bool) -> None:
    """`fg` is not a forward, and the Enter behind it opens nothing."""
    typed = f"{SUSPEND}echo $((6 * 7))x\rfg\r"
    for piece in [typed] if burst else typed:
        shell.press(piece)
    until_said(shell, "42x")
    until_written(shell, TAKEN)
    shell.wait("poc demo", "? help")
    shell.settle()
    assert "┄ forward" not in shell.screen.text
    assert "esc back" not in shell.screen.text


@pytest.mark.proof
def test_from_a_dialog_the_words_stay(shell: Terminal) -> None:
    shell.press("n")
    shell.wait("New request")
    shell.settle()
    shell.press(f"the pump {SUSPEND}")
    until_said(shell, "Stopped")
    shell.press("fg\r")
    shell.wait("New request", "the pump")
    shell.settle()
    shell.press("leaks")
    shell.wait("the pump leaks")


@pytest.mark.proof
def test_the_kitty_protocol_stops_it_as_well(shell: Terminal) -> None:
    shell.press("\x1b[122;5u")
    until_said(shell, "Stopped")


@pytest.mark.proof
def test_bg_leaves_it_stopped(shell: Terminal) -> None:
    shell.press(SUSPEND)
    until_said(shell, "Stopped")
    shell.forget()
    shell.press("bg\r")
    shell.settle()
    shell.press("\recho $((6 * 7))x\r")
    until_said(shell, "42x")
    assert TAKEN.encode() not in shell.written
    shell.forget()
    shell.press("fg\r")
    until_written(shell, TAKEN)
    shell.wait("poc demo", "? help")
    shell.press("?")
    shell.wait("─ Keys ")


@pytest.mark.proof
def test_a_stop_from_outside_gives_the_terminal_back_too(shell: Terminal) -> None:
    os.kill(job(shell), signal.SIGTSTP)
    until_said(shell, "Stopped")
    assert LEFT.encode() in shell.written
    shell.press("fg\r")
    shell.wait("poc demo", "? help")


@pytest.mark.proof
def test_after_a_stop_without_asking_the_screen_is_painted_anew(shell: Terminal) -> None:
    os.kill(job(shell), signal.SIGSTOP)
    until_said(shell, "Stopped")
    shell.forget()
    shell.press("fg\r")
    until_written(shell, TAKEN)
    shell.wait("poc demo", "? help")
    shell.settle()
    shell.press("?")  # read once, by one reader
    shell.wait("─ Keys ")


@pytest.mark.proof
def test_it_can_be_ended_while_it_is_stopped(shell: Terminal) -> None:
    shell.press(SUSPEND)
    until_said(shell, "Stopped")
    shell.forget()
    shell.press("kill %1; wait; echo $((6 * 7))x\r")
    until_said(shell, "42x")
    assert TAKEN.encode() not in shell.written


@pytest.mark.proof
def test_what_was_started_with_it_is_stopped_with_it(environ: dict[str, str]) -> None:
    """As by `make run`: the shell waits for the one in between."""
    with Terminal(["bash", "--norc", "-i"], environ, SMALL) as shell:
        shell.until(lambda: "the shell> " in shell.plain, "a prompt")
        shell.press(f"sh -c '{DESK}; true'\r")
        shell.wait("poc demo", "? help")
        shell.press(SUSPEND)
        until_said(shell, "Stopped")
        shell.press("fg\r")
        shell.wait("poc demo", "? help")
        shell.press("q")
        until_said(shell, "demo desk is gone")


def test_without_a_shell_it_says_so_and_goes_on(environ: dict[str, str]) -> None:
    with Terminal([*DESK.split()], environ, SMALL) as desk:
        desk.wait("poc demo", "? help")
        desk.press(SUSPEND)
        desk.wait("There is no shell here")
        desk.press("?")
        desk.wait("─ Keys ")


def test_another_key_can_be_chosen(tmp_path: Path) -> None:
    environ = environ_in(tmp_path)
    settings = tmp_path / "config" / "poc" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[keys]\nsuspend = "f9"\nquit = "Q"\n')
    environ["POC_CONFIG"] = str(settings)
    environ["POC_DB"] = str(tmp_path / "own.sqlite3")
    with Terminal(["bash", "--norc", "-i"], environ, SMALL) as shell:
        shell.until(lambda: "the shell> " in shell.plain, "a prompt")
        shell.press(f"{sys.executable} -m poc_tui\r")
        shell.wait("My turn", "? help")
        shell.press("\x03")
        shell.wait("Q leaves the desk")
        shell.press("\x1b[20~fg\r")
        until_said(shell, "Stopped")
        shell.wait("My turn", "? help")


@pytest.mark.proof
def test_ctrl_c_names_the_way_out_of_a_dialog(shell: Terminal) -> None:
    shell.press("?")
    shell.wait("─ Keys ")
    shell.press("\x03")
    shell.wait("esc closes this", "the desk.")
