"""What is typed in the very burst that opens the desk arrives, and is stored."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.terminal import POC, Terminal, environ_of
from tests.helpers.typed_dialogs import desk_to_type_at

NOTE = "mcalled them twice\r"
TAKEN = b"\x1b[?1049h"


def noted(path: str) -> int:
    with closing(sqlite3.connect(path)) as store:
        found = "SELECT count(*) FROM activity WHERE event = 'noted' AND text = 'called them twice'"
        return int(store.execute(found).fetchone()[0])


def a_desk(folder: Path) -> tuple[dict[str, str], str]:
    """The environment and the store of a desk with one request that waits."""
    path = str(folder / "poc.sqlite3")
    desk_to_type_at(path, 1)
    return environ_of(folder), path


def test_a_verb_typed_in_one_go_with_the_command_is_stored(tmp_path: Path) -> None:
    environ, path = a_desk(tmp_path)
    environ |= {"PS1": "the shell> ", "INPUTRC": "/dev/null"}
    with Terminal(["bash", "--norc", "-i"], environ) as shell:
        shell.until(lambda: "the shell> " in shell.plain, "a prompt")
        shell.press(f"{' '.join(POC)}\r{NOTE}")
        shell.until(lambda: noted(path) == 1, "the note in the store")


def test_a_verb_typed_before_the_first_picture_is_stored(tmp_path: Path) -> None:
    environ, path = a_desk(tmp_path)
    with Terminal(POC, environ) as desk:
        desk.until(lambda: TAKEN in desk.written, "a screen of its own")
        desk.press(NOTE + NOTE)
        desk.until(lambda: noted(path) == 2, "both notes in the store")


def test_a_verb_typed_before_the_terminal_is_taken_is_stored(tmp_path: Path) -> None:
    environ, path = a_desk(tmp_path)
    with Terminal(POC, environ) as desk:
        desk.press(NOTE)
        desk.until(lambda: noted(path) == 1, "the note in the store")


@pytest.mark.parametrize(("typed", "seen"), [("n", "New request"), ("\r", "three questions")])
def test_an_empty_desk_asks_nothing_of_keys_that_were_typed_before_it_was_seen(
    typed: str, seen: str, tmp_path: Path
) -> None:
    with Terminal(POC, environ_of(tmp_path)) as desk:
        desk.press(typed)
        desk.wait(seen)
        desk.settle()
        assert "Set up" not in desk.screen.text
        desk.press("\x1b" if typed == "n" else "")
        desk.wait("three questions", gone="New request")
        desk.press("\r")
        desk.wait("Set up · 1 of 3")


def test_the_desk_opens_while_another_program_writes_again_and_again(tmp_path: Path) -> None:
    environ, path = a_desk(tmp_path)
    over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as other:
            while not over.is_set():
                other.execute("BEGIN EXCLUSIVE")
                over.wait(0.3)
                other.execute("ROLLBACK")
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Terminal(POC, environ) as desk:
            desk.wait("My turn")
    finally:
        over.set()
        writer.join()
