"""A text in the person's own editor: what it saved counts, however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from poc_tui.errors import PocError
from poc_tui.system import editor
from tests.helpers.terminal import POC, Terminal


def script(folder: Path, body: str) -> str:
    """An editor that does what `body` says; the file is `$1`."""
    path = folder / "my editor"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return f"'{path}'"


def environ_with(folder: Path, body: str) -> dict[str, str]:
    return {
        "EDITOR": script(folder, body),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "POC_DB": str(folder / "poc.sqlite3"),
    }


SAVES = 'printf "saved words\\n" > "$1"'


@pytest.mark.parametrize(
    ("body", "text", "failure"),
    [
        (SAVES, "saved words", ""),
        (f"{SAVES}; exit 3", "saved words", "failed with exit code 3"),
        (f"{SAVES}; kill -SEGV $$", "saved words", "was ended by SIGSEGV"),
        (f"{SAVES}; kill -KILL $$", "saved words", "was ended by SIGKILL"),
        (": > $1", "", ""),
    ],
)
def test_what_was_saved_counts(tmp_path: Path, body: str, text: str, failure: str) -> None:
    edited = editor.edited("before", environ_with(tmp_path, body))
    assert edited.text == text
    assert edited.failure.endswith(failure)
    assert bool(edited.failure) == bool(failure)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("exit 1", "failed with exit code 1"),
        ("kill -TERM $$", "was ended by SIGTERM"),
        (': > "$1"; exit 1', "failed with exit code 1"),
        ('rm "$1"; exit 1', "cannot be read"),
    ],
)
def test_without_anything_saved_the_words_are_as_before(
    tmp_path: Path, body: str, said: str
) -> None:
    with pytest.raises(PocError, match=said) as refused:
        editor.edited("before", environ_with(tmp_path, body))
    assert "your words are as they were before" in str(refused.value)


def test_on_the_command_line_what_was_saved_is_kept_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(PocError, match="nothing was done with what it had saved") as refused:
        editor.edit("before", environ_with(tmp_path, f"{SAVES}; exit 3"))
    kept = Path(str(refused.value).rpartition(" ")[2])
    assert kept.parent == tmp_path
    assert kept.read_text(encoding="utf-8") == "saved words\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("poc-*")) == [kept]


@pytest.mark.parametrize(("how", "said"), [("exit 3", "exit code 3"), ("kill -SEGV $$", "SIGSEGV")])
def test_the_field_has_what_was_saved_before_the_editor_crashed(
    tmp_path: Path, how: str, said: str
) -> None:
    environ = environ_with(tmp_path, f"{SAVES}; {how}")
    with Terminal([*POC, "demo"], environ, (120, 36)) as desk:
        desk.wait("poc demo", "forward")
        desk.press("m")
        desk.wait("┄ note")
        desk.settle()
        desk.press("before\x05")
        desk.wait("saved words", said, "what it had saved is here")
        desk.press(" and more")
        desk.wait("saved words and more")
        assert not desk.faults


def test_a_signal_that_comes_while_the_editor_is_begun_ends_it_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ToldAtOnce(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **how: Any) -> None:
            super().__init__(*args, **how)
            signal.raise_signal(signal.SIGTERM)

    told: list[int] = []
    monkeypatch.setattr(subprocess, "Popen", ToldAtOnce)
    before = signal.signal(signal.SIGTERM, lambda signum, _: told.append(signum))
    try:
        with pytest.raises(PocError, match="was ended by SIGTERM"):
            editor.edited("before", environ_with(tmp_path, "sleep 2"))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == [signal.SIGTERM]


@pytest.mark.parametrize("text", ["before", "x" * 5_000_000], ids=["no room", "too long"])
def test_words_that_cannot_be_laid_before_it_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    if len(text) < 100:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(PocError, match="they are kept"):
        editor.edited(text, environ_with(tmp_path, "exit 0"))


def test_ctrl_c_in_the_editor_is_the_editors(tmp_path: Path) -> None:
    body = f"trap '{SAVES}' INT; echo editing; read -r line; exit 0"
    with Terminal([*POC, "demo"], environ_with(tmp_path, body), (120, 36)) as desk:
        desk.wait("poc demo", "forward")
        desk.press("m")
        desk.wait("┄ note")
        desk.settle()
        desk.press("\x05")
        desk.until(lambda: "editing" in desk.plain, "the editor")
        desk.press("\x03\r")
        desk.wait("┄ note", "saved words")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP], ids=lambda sent: sent.name)
def test_who_ends_the_desk_ends_its_editor_first(tmp_path: Path, sent: signal.Signals) -> None:
    body = f"trap '{SAVES}; exit 1' TERM HUP; echo editing; while :; do sleep 0.05; done"
    environ = environ_with(tmp_path, body) | {"XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal(POC, environ, (120, 36)) as desk:
        desk.wait("My turn", "? help")
        desk.press("n")
        desk.wait("New request")
        desk.settle()
        desk.press("first\t")
        desk.settle()
        desk.press("\x05")
        desk.until(lambda: "editing" in desk.plain, "the editor")
        os.kill(desk.pid, sent)
        assert desk.ended() == -sent
        assert desk.screen.shows_cursor
    kept = [file.read_text() for file in (tmp_path / "state").rglob("new*.json")]
    assert len(kept) == 1
    assert "saved words" in kept[0]
