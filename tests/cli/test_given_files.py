"""Whatever lies where a person names a file: a sentence and an exit code, soon; nothing stored."""

from __future__ import annotations

import ast
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest

import poc_tui
from poc_tui.errors import ConfigWrong, NotUnderstood
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.load import load
from poc_tui.settings.toml_values import parse_toml
from poc_tui.store.queries.reader import Reader
from poc_tui.system.files import MOST_WRITTEN, UnfitFileError, open_file, read_file, read_text
from poc_tui.system.kept_words import HalfTyped
from poc_tui.system.streams import LONGEST_TEXT, standard_input
from tests.helpers.command_line import Poc

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")

TIMES_OUT = 20
"""Seconds; far more than any of it takes, far less than for ever."""


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """What waits for a pipe that nobody writes to fails, instead of holding everything up."""

    def too_late(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(TIMES_OUT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as made:
        made.bind(str(path))


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "it is a pipe"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "it is a device"),
    "empty device": (lambda path: path.symlink_to("/dev/null"), "it is a device"),
    "socket": (_socket, "it is a socket"),
    "folder": (Path.mkdir, "Is a directory"),
    "loop": (lambda path: path.symlink_to(path.name), "symbolic links"),
}


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """A path at which something odd lies, and what is said of it."""
    make, said = ODD[request.param]
    folder = tmp_path / "odd"
    folder.mkdir()
    make(folder / "it")
    return str(folder / "it"), said


class TestTheOneWay:
    def test_what_is_no_file_is_refused(self, odd: tuple[str, str]) -> None:
        path, said = odd
        with pytest.raises(OSError, match=said):
            read_file(path, 10)

    def test_a_name_that_no_file_can_have(self) -> None:
        for path in ("a\0b", "\ud800"):
            with pytest.raises(OSError):  # noqa: PT011 - of whatever kind
                open_file(path)

    def test_what_is_too_large_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "large"
        with open(path, "wb") as file:
            file.truncate(1 << 40)  # a terabyte of nothing
        with pytest.raises(UnfitFileError, match="larger than 1 kB"):
            read_file(path, 1000)
        path.write_bytes(b"x" * 1000)
        assert len(read_file(path, 1000)) == 1000

    def test_a_file_that_grows_while_it_is_read_is_cut_off(self, tmp_path: Path) -> None:
        path, over = tmp_path / "growing", threading.Event()

        def grow() -> None:
            with open(path, "ab", buffering=0) as file:
                while not over.is_set():
                    file.write(b"x" * 100_000)

        path.touch()
        writer = threading.Thread(target=grow)
        writer.start()
        try:
            while path.stat().st_size <= 1_000_000:
                pass
            with pytest.raises(UnfitFileError, match="larger than 1 MB"):
                read_file(path, 1_000_000)
        finally:
            over.set()
            writer.join()

    def test_text(self, tmp_path: Path) -> None:
        path = tmp_path / "text"
        path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree")
        assert read_text(path, 100) == "one\ntwo\nthree"
        path.write_bytes(b"one\ntw\xf6")
        with pytest.raises(UnfitFileError, match="line 2 is not UTF-8"):
            read_text(path, 100)


COMMANDS: dict[str, tuple[str, ...]] = {
    "import": ("import", "{}"),
    "import mail": ("import", "mail", "{}"),
    "one mail": ("add", "--mail", "{}"),
    "restore": ("restore", "{}"),
    "levels": ("levels", "check", "{}"),
}


class TestEveryCommand:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_that_names_a_file(
        self, poc: Poc, reader: Reader, odd: tuple[str, str], command: str
    ) -> None:
        path, said = odd
        ran = poc(*(word.format(path) for word in COMMANDS[command]))
        assert ran.code in (1, 2)
        assert ran.err.startswith("poc: ")
        assert "Traceback" not in ran.err
        if os.path.isdir(path) or (command, "loop" in said) == ("import", True):
            return  # it is said in other words what a folder is good for
        assert said in ran.err or "there is no file" in ran.err
        assert reader.value("SELECT count(*) FROM request") == 0

    @pytest.mark.parametrize("name", ["POC_CONFIG", "POC_LEVELS"])
    def test_by_the_settings_it_reads(self, poc: Poc, odd: tuple[str, str], name: str) -> None:
        path, said = odd
        poc.environ[name] = path
        ran = poc("levels", "check") if name == "POC_LEVELS" else poc("list")
        assert ran.code == 1
        assert f"{path} cannot be read: " in ran.err
        assert said in ran.err

    def test_by_a_text_of_the_ladder(self, poc: Poc, odd: tuple[str, str]) -> None:
        path, said = odd
        folder = Path(poc.environ["POC_CONFIG"]).parent / "templates"
        folder.mkdir()
        (folder / "remind.txt").symlink_to(path)
        ran = poc("levels", "check")
        assert ran.code == 1
        assert said in ran.err

    def test_by_a_calendar_of_holidays(self, poc: Poc, odd: tuple[str, str]) -> None:
        path, said = odd
        Path(poc.environ["POC_CONFIG"]).write_text(f'[hours]\ncalendar = "{path}"\n')
        ran = poc("config", "set", "hours.country", "DE")
        assert ran.code == 1
        assert said in ran.err

    def test_by_a_mailbox_in_the_settings(self, poc: Poc, odd: tuple[str, str]) -> None:
        path, said = odd
        Path(poc.environ["POC_CONFIG"]).write_text(f'[mail]\nmbox = ["{path}"]\n')
        ran = poc("fetch")
        assert ran.code == 1
        assert said in ran.err

    def test_the_quick_lane_hands_it_on(self, path: str, odd: tuple[str, str]) -> None:
        file, said = odd
        ran = _real(["add", "hello"], {"POC_DB": path, "POC_CONFIG": file})
        assert ran.returncode == 1
        assert said in ran.stderr

    def test_as_the_store(self, odd: tuple[str, str], tmp_path: Path) -> None:
        file, _ = odd
        for argv in (["add", "hello"], ["list"], ["backup"], ["export"]):
            ran = _real(argv, {"POC_DB": file, "POC_CONFIG": str(tmp_path / "none")})
            assert ran.returncode == 1
            assert ran.stderr.startswith("poc: ")
            assert "Traceback" not in ran.stderr


def test_half_typed_words_are_looked_for_in_files_only(
    odd: tuple[str, str], tmp_path: Path, path: str
) -> None:
    words = HalfTyped(str(tmp_path / "state"), path, "note", [1])
    os.makedirs(os.path.dirname(words.path))
    os.symlink(odd[0], words.path)
    assert words.read() is None
    os.unlink(words.path)
    Path(words.path).write_text('{"at": ' + "[" * 100_000)
    assert words.read() is None


DEEP = {
    "lists": "a = " + "[" * 50_000,
    "tables": "a = " + "{a=" * 50_000,
    "digits": "a = " + "9" * 5_000,
    "dots": "a." * 100_000 + "a = 1",
    "quoted dots": '"a" . ' * 40_000 + "a = 1",
    "header": "[" + "a." * 100_000 + "a]",
    "deep enough to be read": "a = " + "[" * 200 + "]" * 200,
}


class TestToml:
    @pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
    def test_that_goes_too_deep_is_refused_at_once(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_text(text[: MOST_WRITTEN - 1])
        with pytest.raises(ConfigWrong, match=r"Take that out|Correct that line"):
            load(str(path), {})

    def test_ordinary_words_with_many_dots_are_taken(self) -> None:
        own = ", ".join(f'"first.last{n}@mail.example.com"' for n in range(100))
        dots = "." * 500
        text = f'signature = """\n{dots}\nv1.2.3.4.5.6.7.8.9 ... and so on. No.\n"""\nown = [{own}]'
        assert parse_toml(text.encode(), "x").values["signature"].startswith(dots)

    def test_a_sentence_is_no_longer_than_one_reads(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        for text in (f"[desk]\ntheme = {'9' * 4000}", f"{'x' * 200_000} = 1"):
            path.write_text(text)
            with pytest.raises(ConfigWrong) as refused:
                load(str(path), {})
            assert len(str(refused.value)) < 1000

    def test_words_for_one_setting(self, poc: Poc) -> None:
        for words in ("[" * 50_000, "9" * 5_000, '"""'):
            ran = poc("config", "set", "hours.mon", words)
            assert (ran.code, ran.out) == (1, "")
            assert ran.err.startswith("poc: ")


class TestStandardInput:
    def test_a_text_that_is_too_long_is_refused(self, poc: Poc, reader: Reader) -> None:
        for argv in (("add", "-"), ("add", "a", "subject", "-", "--tag", "x")):
            ran = poc(*argv, stdin=b"x" * (LONGEST_TEXT + 1))
            assert ran.code == 2
            assert "longer than 4 MB" in ran.err
        assert reader.value("SELECT count(*) FROM request") == 0

    @pytest.mark.parametrize("argv", [["add", "-"], ["add", "--mail", "-"], ["note", "1", "-"]])
    def test_that_never_ends(self, path: str, poc: Poc, argv: list[str]) -> None:
        poc.ok("add", "one")
        with open("/dev/zero", "rb") as endless:
            ran = _real(argv, {"POC_DB": path}, stdin=endless)
        assert ran.returncode in (1, 2)
        assert "MB" in ran.stderr
        assert len(poc.ok("list", "--json").json) == 1

    def test_the_longest_text_is_taken(self, poc: Poc, reader: Reader) -> None:
        poc.ok("add", "-", stdin=b"subject\n" + b"x" * (LONGEST_TEXT - 8))
        assert reader.value("SELECT length(text) FROM request") == LONGEST_TEXT - 8

    def test_an_import_reads_it_as_any_file(self, poc: Poc, reader: Reader, tmp_path: Path) -> None:
        poc.environ["XDG_STATE_HOME"] = str(tmp_path / "state")
        rows = b"subject,text\none,first\ntwo,second\n"
        assert "imported 2 requests" in poc.ok("import", "-", stdin=rows).out
        assert reader.value("SELECT count(*) FROM request") == 2
        assert not list((tmp_path / "state").rglob("*.unfinished"))
        assert "import standard input" in poc.ok("undo").out
        poc.ok("redo")
        again = poc("import", "-", stdin=rows)
        assert again.code == 1
        assert "in already" in again.err

    @pytest.mark.parametrize("argv", [["list"], ["import", "-"]])
    def test_what_a_killed_one_has_left_is_taken_away(
        self, poc: Poc, path: str, tmp_path: Path, argv: list[str]
    ) -> None:
        poc.ok("add", "one")
        left = tmp_path / "state" / "poc" / ".standard-input.abc.unfinished"
        left.parent.mkdir(parents=True)
        left.write_text("text\nof a customer\n")
        with open(os.devnull, "rb") as nothing:
            _real(argv, {"POC_DB": path, "XDG_STATE_HOME": str(tmp_path / "state")}, nothing)
        assert not left.exists()

    def test_a_pipe_is_refused_with_the_way_to_go(self, poc: Poc, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        ran = poc("import", str(tmp_path / "pipe"))
        assert ran.code == 2
        assert "poc import -" in ran.err

    def test_a_closed_one_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(NotUnderstood, match="closed"):
            standard_input()


JSON_LINES = {
    "deep": b'{"text": ' + b"[" * 100_000,
    "digits": b'{"text": ' + b"9" * 5_000 + b"}",
    "not utf-8": b'{"text": "\xff"}',
    "cut off": b'{"text": "a',
    "no object": b"[1, 2]",
    "two": b'{"text": "a"} {"text": "b"}',
}
TAKEN = {
    "surrogate": b'{"text": "a \\ud800 b"}',
    "zero byte": b'{"text": "a \\u0000 b"}',
    "escape": b'{"text": "a \\u001b[2J b"}',
}


@pytest.mark.parametrize("row", JSON_LINES.values(), ids=JSON_LINES)
def test_a_line_that_is_no_json_is_put_aside_with_its_reason(
    poc: Poc, tmp_path: Path, row: bytes
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"text": "before"}\n' + row + b'\n{"text": "behind"}\n')
    ran = poc.ok("import", str(file))
    assert "imported 2 requests · refused 1" in ran.out


@pytest.mark.parametrize("row", TAKEN.values(), ids=TAKEN)
def test_odd_signs_in_json_harm_nothing(poc: Poc, tmp_path: Path, row: bytes) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(row + b"\n")
    poc.ok("import", str(file))
    assert "\x1b" not in poc.ok("show", "1").out
    poc.ok("export", "-o", str(tmp_path / "out.jsonl"))


def test_what_is_said_of_very_many_or_very_long_columns_is_short(poc: Poc, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    names = ",".join(f"column {number} {'x' * 500}" for number in range(500))
    file.write_text(f"{names}\n{',' * 499}\n", encoding="utf-8")
    assert len(poc("import", str(file)).err) < 3_000
    file.write_text(f"subject,{names}\nA{',' * 500}\n", encoding="utf-8")
    assert len(poc.ok("import", str(file)).out) < 3_000


@pytest.mark.parametrize("piped", [b"\x00\x01\x02\x03" * 99, b"[{}]", b" "])
def test_what_is_piped_in_is_called_standard_input(poc: Poc, piped: bytes) -> None:
    ran = poc("import", "-", stdin=piped)
    assert ran.err.startswith("poc: standard input is "), ran.err


def test_reasons_of_refused_rows_carry_no_escape(poc: Poc, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(b"text,received_at\nhello,\x1b]52;c;x\x07 yesterday\x9b2J\n")
    ran = poc("import", str(file))
    assert ran.code == 1
    refused = (tmp_path / "in.refused.csv").read_text("utf-8").split("\n")[1]
    line, reason, row = refused.split(",", 2)
    assert line == "2"
    assert reason.isprintable()
    assert row


class TestADirectoryOfMails:
    @pytest.fixture
    def many(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("poc_tui.mail.transport.open_source.MOST_LOOKED_AT", 20)
        folder = tmp_path / "many"
        for n in range(30):
            (folder / f"{n:02}").mkdir(parents=True)
            (folder / f"{n:02}" / f"{n}.eml").write_text(f"Subject: mail {n}\n\nhello {n}\n")
        return folder

    def test_that_holds_very_much_is_asked_about(
        self, poc: Poc, reader: Reader, many: Path
    ) -> None:
        ran = poc("import", "mail", str(many))
        assert ran.code == 1
        assert "holds very much" in ran.err
        assert "--yes" in ran.err
        assert reader.value("SELECT count(*) FROM mail") == 0

    def test_is_taken_in_on_a_yes(self, poc: Poc, reader: Reader, many: Path) -> None:
        poc.ok("import", "mail", str(many), "--yes")
        assert reader.value("SELECT count(*) FROM mail") == 30

    def test_the_whole_disk(self, poc: Poc, reader: Reader) -> None:
        ran = poc("import", "mail", "/")
        assert ran.code == 1
        assert reader.value("SELECT count(*) FROM mail") == 0


READS_BY_ITSELF = {
    "system/locations.py": "makes and writes files",
    "system/streams.py": "the null device",
    "quick/settings_scan.py": "looks at what lies there first; the quick lane loads nothing for it",
    "demo.py": "ships with the program",
    "settings/own_files.py": "the starter, which ships with the program",
    "store/migrations/migrate.py": "ships with the program",
    "system/editor.py": "makes the file",
    "mail/saved_files.py": "makes the file",
    "store/exchange/refused_rows.py": "makes the file",
    "store/exchange/export.py": "writes to a pipe or a device that a person names for that",
    "system/files.py": "the one way",
    "system/process_lock.py": "its own empty file",
    "system/unfinished.py": "its own files",
    "system/pager.py": "its own pipe",
    "system/piped_input.py": "its own file",
}


def test_no_other_place_opens_files_by_itself() -> None:
    package = Path(poc_tui.__file__).parent
    found = {
        str(module.relative_to(package))
        for module in package.rglob("*.py")
        for call in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(call, ast.Call) and _opens(call.func)
    }
    assert found == READS_BY_ITSELF.keys()


def _opens(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    if not isinstance(called, ast.Attribute):
        return False
    of_os = isinstance(called.value, ast.Name) and called.value.id in ("os", "io", "codecs")
    return called.attr in ("read_text", "read_bytes") or (called.attr == "open" and of_os)


def _real(
    argv: list[str], environ: dict[str, str], stdin: int | IO[bytes] = subprocess.DEVNULL
) -> subprocess.CompletedProcess[str]:
    """The program as a person runs it, quick lanes and all."""
    return subprocess.run(
        [sys.executable, "-m", "poc_tui", *argv],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environ},
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=TIMES_OUT,
        check=False,
        cwd=Path(poc_tui.__file__).parent.parent,
    )
