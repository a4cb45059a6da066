"""Which pasted words are the paths of files that somebody dropped on the terminal."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from poc_tui.system.dropped_files import dropped, words_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "the bill's (1) Müller.txt"
    path.write_text("Invoice 4711\nit shows 12 units\n")
    return path


def escaped(path: str) -> str:
    return "".join(char if char.isalnum() or char in "/._-" else f"\\{char}" for char in path)


@pytest.mark.parametrize(
    "written",
    [str, shlex.quote, escaped, lambda path: f'"{path}"', lambda path: f"file://{quote(path)}",
     lambda path: f" {path} \n"],
    ids=["bare", "quoted", "backslashes", "double", "uri", "spaces-around"],
)  # fmt: skip
def test_a_dropped_file_is_known_however_the_terminal_writes_its_path(
    written: Callable[[str], str], file: Path
) -> None:
    assert dropped(written(str(file))) == (str(file),)


@pytest.mark.parametrize("between", [" ", "\n", "\r\n"])
def test_so_are_several(between: str, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF\0")
    pasted = between.join(map(shlex.quote, (str(file), str(other), str(file))))
    assert dropped(pasted) == (str(file), str(other))


def test_words_are_words_though_a_file_is_among_them(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "invoice").touch()
    for pasted in (
        f"look at {file}",
        f"{shlex.quote(str(file))} is wrong",
        "invoice",
        str(tmp_path),
        f"{file}.gone",
        "/",
        "~",
        "'",
        "file://[",
        f"{file}\0",
        "/\udcff",
        "/dev/null",
        "/x" * 500_000,
    ):
        assert dropped(pasted) == (), pasted[:80]


def test_a_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.txt").touch()
    assert dropped("~/a.txt") == (str(tmp_path / "a.txt"),)


def test_a_text_file_gives_its_words_and_any_other_its_path(file: Path, tmp_path: Path) -> None:
    odd = {"scan.pdf": b"%PDF\0\xff", "large.txt": b"x" * 1_000_000, "empty.txt": b"\n"}
    for name, content in odd.items():
        (tmp_path / name).write_bytes(content)
        assert words_of([str(tmp_path / name)]) == str(tmp_path / name)
    assert words_of([str(file)]) == "Invoice 4711\nit shows 12 units\n"
    both = words_of([str(file), str(tmp_path / "scan.pdf")])
    assert both == f"{file.name}:\nInvoice 4711\nit shows 12 units\n\n{tmp_path / 'scan.pdf'}"
