"""What README and the docs show can be typed as it stands there, and what there is, they name."""

from __future__ import annotations

import ast
import gzip
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.load import OPTIONS
from tests.helpers.command_line import Poc
from tests.project.named import exists
from tests.surface import LETTER, ROWS, leaves, meant

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

NOT_RUN = {
    "git": "it would work on this checkout",
    "make": "it is what runs this; that there is such a target is looked at below",
    "pipx": "it installs",
    "pre-commit": "it installs",
    "uvx": "it installs",
    "systemctl": "nobody's session is here",
    "POC_": "a proof by so many steps takes its time",
    "poc mail login": "it asks a person, in a browser",
    "poc mail password": "it asks a person, in a terminal",
    "poc mail test": "it calls the provider's servers",
    "poc fetch": "it calls the provider's servers",
    "poc send": "it calls the provider's servers",
}
"""Beginnings of lines that are not carried out here, and why."""

ENDS = {"poc due": (0, 3), "poc restore": (1,)}
"""Exit codes of what may end otherwise than with 0: nothing may be due, nobody agrees."""

STANDS_FOR = {"/media/stick": "stick", "FILE": "stick/kept.sqlite3"}
"""What a reader puts their own in place of, and what it is here, below the home."""

READ_BY_OTHERS = ("crontab", "muttrc", "procmail", "text")

EXAMPLE = re.compile(r"^## Adding a verb\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
"""A section on what is not there yet; `test_verbs.py` carries it out in a copy of the program."""


def written(page: Path) -> str:
    return re.sub(EXAMPLE, "", page.read_text("utf-8"))


class Block(NamedTuple):
    """A block of code on a page, with what it is in."""

    language: str
    code: str


def blocks(page: Path) -> list[Block]:
    found = re.findall(r"^```(\S*)\n(.*?)^```$", written(page), re.MULTILINE | re.DOTALL)
    return [Block(*block) for block in found]


def spans(page: Path) -> list[str]:
    """What is set as code within a sentence."""
    text = re.sub(r"^```.*?^```$", "", written(page), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the files that the pages speak of, as the working directory."""
    for folder in ("stick", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Maildir/new/1").write_bytes(LETTER)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "phrases.txt").write_text("halb drei\nmorgen\n")
    (tmp_path / "questions.csv").write_bytes(ROWS.replace(b"status", b"category"))
    (tmp_path / "questions.csv.gz").write_bytes(gzip.compress(ROWS.replace(b"Where", b"When")))
    (tmp_path / "tickets.csv").write_bytes(ROWS.replace(b"open", b"parked"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_can_be_typed(
    page: Path, home: Path, path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    poc = Poc(path, clock, capsys)
    poc.environ |= {"HOME": str(home), "VISUAL": "true"}
    poc.ok("backup", str(home / STANDS_FOR["FILE"]))
    for block in blocks(page):
        match block.language:
            case "sh":
                for line in block.code.splitlines():
                    if line.strip() and not line.startswith(tuple(NOT_RUN)):
                        carry_out(line, poc, home)
            case "python":
                ast.parse(block.code)
            case "toml":
                tomllib.loads(block.code)
            case language:
                assert language in READ_BY_OTHERS, (
                    f"a block of {page.name} says not in what it is: {block.code}"
                )


def carry_out(line: str, poc: Poc, home: Path) -> None:
    """Type a line: `poc` within this process, all else through a shell."""
    for name, stands_for in STANDS_FOR.items():
        line = re.sub(rf"(?<!\S){name}(?!\S)", str(home / stands_for), line)
    first, _, piped = line.partition(" | ")
    if not piped and line.startswith("poc"):
        call, _, file = line.partition(" < ")
        stdin = (home / shlex.split(file, comments=True)[0]).read_bytes() if file else b""
    else:
        call = piped
        stdin = subprocess.run(["sh", "-c", first], check=True, capture_output=True).stdout
    if not call:
        return
    argv = [re.sub(r"^~", str(home), word) for word in shlex.split(call, comments=True)]
    assert argv[0] == "poc", line
    stdin = LETTER if "--mail" in argv else stdin
    ran = poc(*argv[1:], stdin=stdin)
    wanted = next((codes for start, codes in ENDS.items() if line.startswith(start)), (0,))
    assert ran.code in wanted, (line, ran)


def shown() -> Iterator[tuple[str, str]]:
    """Every `poc ...` that a page shows as code, with the page."""
    for page in PAGES:
        code = [line for block in blocks(page) for line in block.code.splitlines()]
        code = [re.sub(r"\s#\s.*", "", line) for line in code]
        for line in (*spans(page), *code):
            for call in re.findall(r"(?<![\w/.-])poc(?: [^#|<>;]*|$)", line):
                yield page.name, call.strip()


def hold(call: str, where: str) -> None:
    """Refuse a line that calls no command, or one with an option that it does not have."""
    path = meant(call)
    words = call.removeprefix("poc").split()
    assert path != "poc" or not words or words[0].startswith("-"), f"{where}: `{call}` is none"
    params = leaves()[path].params
    known = {name for param in params for name in (*param.opts, *param.secondary_opts)}
    for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", call):
        assert option in known | {"--help"}, f"{where}: `{call}` has no {option}"


def test_every_command_on_the_pages_is_one() -> None:
    for page, call in shown():
        hold(call, page)


def test_the_help_of_every_command_has_an_example_of_it() -> None:
    for path, command in leaves().items():
        (example,) = re.findall(r"Example: (poc.*)", command.help)
        hold(example, f"{path} --help")
        assert path == "poc" or meant(example) == path, f"{path} --help shows `{example}`"


def test_every_command_and_what_holds_for_all_of_them_is_on_a_page() -> None:
    calls = [call for _, call in shown()]
    assert set(leaves()) - {meant(call) for call in calls} == set(), "a command is on no page"
    code = " ".join([*calls, *(span for page in PAGES for span in spans(page))])
    for param in leaves()["poc"].params:
        assert param.opts[0] in code, f"{param.opts[0]} is on no page"


def test_what_the_pages_refer_to_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in PAGES:
        text = written(page)
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"
        for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE):
            assert target in targets, f"{page.name}: there is no `make {target}`"
        for file in re.findall(r"\b(?:tests|bench|docs|data|poc_tui)/[\w./-]+\w", text):
            assert (ROOT / file).exists(), f"{page.name} names {file}"
        for key in re.findall(r"`((?:desk|hours|mail)\.[a-z_.]+)", text):
            tables = {name.rpartition(".")[0] for name in OPTIONS}
            there = key in OPTIONS or key in tables or exists(f"poc_tui.{key.rstrip('.')}")
            assert there, f"{page.name}: there is no setting {key}"
