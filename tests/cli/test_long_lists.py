"""What is long is listed in part or page by page, and never has to be held whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from poc_tui.cli.output import layout
from poc_tui.cli.output.layout import Table, table_lines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store.queries import listing
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import VIEWS
from poc_tui.system.pager import pager
from tests.helpers.command_line import Poc
from tests.helpers.terminal import Terminal, environ_of


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def resolved(poc: Poc, monkeypatch: pytest.MonkeyPatch) -> Poc:
    """Four that are resolved, of which two are shown when nobody says how many."""
    monkeypatch.setattr("poc_tui.cli.commands.listing.NEWEST", 2)
    for number, customer in enumerate(("Ott", "Meyer", "Ott", "Ott"), 1):
        poc.ok("add", f"subject {number}", "--customer", customer, "--tag", customer)
        poc.ok("resolve", str(number), "Done.")
    return poc


def numbers(lines: list[str]) -> list[int]:
    return [int(line.split()[0].removeprefix("#")) for line in lines[1:]]


@pytest.mark.parametrize(
    ("options", "shown", "below"),
    [
        ([], [4, 3], "2 of 4; --all shows the rest"),
        (["--tag", "ott"], [4, 3], "2 of 3; --all shows the rest"),
        (["--customer", "ott"], [4, 3], "2 of 3; --all shows the rest"),
        (["--customer", "meyer"], [2], ""),
        (["--limit", "1"], [4], ""),
        (["--limit", "3"], [4, 3, 2], ""),
        (["--all"], [4, 3, 2, 1], ""),
    ],
)
def test_of_what_is_resolved_the_newest_are_listed_unless_all_are_wanted(
    resolved: Poc, options: list[str], shown: list[int], below: str
) -> None:
    lines = resolved.ok("list", "resolved", *options).lines
    if below:
        assert lines.pop() == below
    assert numbers(lines) == shown


def test_json_leaves_nothing_out_that_was_not_asked_to_be(resolved: Poc) -> None:
    assert [one["number"] for one in resolved.ok("list", "resolved", "--json").json] == [4, 3, 2, 1]
    limited = resolved.ok("list", "resolved", "--json", "--limit", "3").json
    assert [one["number"] for one in limited] == [4, 3, 2]


def test_what_is_open_is_listed_whole(resolved: Poc) -> None:
    for number in range(5, 9):
        resolved.ok("add", f"subject {number}")
    assert len(resolved.ok("list").lines) == 5


def test_all_of_them_and_so_many_of_them_exclude_each_other(resolved: Poc) -> None:
    ran = resolved("list", "resolved", "--all", "--limit", "3")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("limit", [None, 1, 2, 3, 4])
def test_numbers_read_in_portions_are_those_read_at_once(
    resolved: Poc, reader: Reader, clock: FixedClock, view: str, limit: int | None
) -> None:
    for number in range(5, 9):
        resolved.ok("add", f"subject {number}", "--customer", "Ott")
    read = partial(listing.numbers, reader, VIEWS[view], clock.now(), customer_id=1, limit=limit)
    whole = [*read()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "_NUMBERS_AT_ONCE", 2)
        assert [*read()] == whole


def test_the_beginning_of_a_long_table_does_not_wait_for_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "PORTION", 2)
    read: list[int] = []

    def rows() -> Iterator[dict[str, str]]:
        for number, subject in enumerate(("a", "bb", "ccccc", "dddd", "e")):
            read.append(number)
            yield {"No.": f"#{number}", "Subject": subject, "Kind": "late" if number > 2 else ""}

    lines = table_lines(Table(rows(), below="and more"), None)
    assert next(lines).text == "No.  Subject  Kind"
    assert read == [0, 1]
    assert [line.text for line in lines] == [
        "#0   a",
        "#1   bb",
        "#2   ccccc",
        "#3   dddd     late",
        "#4   e        late",
        "and more",
    ]


def test_columns_of_a_long_table_grow_where_they_must_and_never_shrink(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "PORTION", 2)
    subjects = ("a", "b", "c" * 9, "d", "e")
    table = Table({"Subject": subject, "Kind": "question"} for subject in subjects)
    places = [line.text.find("question") for line in table_lines(table, None)]
    assert places == [-1, 9, 9, 11, 11, 11]


@pytest.mark.parametrize(
    ("width", "rooms"),
    [
        (120, [20, 90]),
        (80, [20, 51]),
        (50, [17, 24]),
        (44, [11, 24]),
        (36, [10, 17]),
        (20, [10, 8]),
    ],
)
def test_a_subject_stays_readable_as_long_as_others_can_give_way(
    width: int, rooms: list[int]
) -> None:
    row = {"No.": "#1042", "Customer": "C" * 30, "Subject": "S" * 90}
    *_, line = table_lines(Table([row], "", "Subject", {"Customer": 20}), width)
    _, *cells = line.text.split("  ")
    assert [len(cell) for cell in cells] == rooms


@pytest.mark.parametrize(
    ("named", "command"),
    [
        ({}, ["less", "-FRX"]),
        ({"PAGER": "less -S"}, ["less", "-S"]),
        ({"PAGER": "less", "POC_PAGER": "more"}, ["more"]),
        ({"PAGER": "less", "POC_PAGER": ""}, []),
        ({"PAGER": "cat"}, []),
        ({"PAGER": ""}, []),
        ({"PAGER": "no-such-program"}, []),
        ({"PAGER": "less '"}, []),
        ({"TERM": "dumb"}, []),
        ({"PATH": ""}, []),
    ],
)
def test_the_pager_is_the_one_that_is_named(
    tmp_path: Path, named: dict[str, str], command: list[str]
) -> None:
    for name in ("less", "more"):
        (tmp_path / name).touch(0o755)
    environ = {"PATH": str(tmp_path), "TERM": "xterm"} | named
    assert [*pager(environ)] == command


@pytest.fixture
def listed(resolved: Poc, tmp_path: Path) -> dict[str, str]:
    """The environment of a terminal with the usual pager, over four that are resolved."""
    environ = environ_of(tmp_path)
    del environ["POC_PAGER"]
    return environ


def on_terminal(environ: dict[str, str], *argv: str) -> Terminal:
    return Terminal([sys.executable, "-m", "poc_tui", *argv], environ, size=(80, 24))


@pytest.mark.parametrize("argv", [["list", "resolved"], ["show", "1"], ["agenda"], ["customers"]])
def test_what_may_be_long_goes_through_the_pager_on_a_terminal(
    listed: dict[str, str], argv: list[str]
) -> None:
    listed["POC_PAGER"] = "sed s/^/paged:/"
    with on_terminal(listed, *argv) as terminal:
        assert terminal.ended() == 0
        assert all(line.startswith("paged:") for line in terminal.plain.splitlines() if line)
    with on_terminal(listed, *argv, "--no-pager") as terminal:
        assert terminal.ended() == 0
        assert "paged:" not in terminal.plain


@pytest.mark.parametrize("argv", [["list", "resolved", "--json"], ["note", "1", "x"], ["undo"]])
def test_what_is_for_scripts_or_short_does_not(listed: dict[str, str], argv: list[str]) -> None:
    listed["POC_PAGER"] = "sed s/^/paged:/"
    with on_terminal(listed, *argv) as terminal:
        assert terminal.ended() == 0
        assert "paged:" not in terminal.plain


def test_without_a_terminal_there_is_no_pager(listed: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "poc_tui", "list", "resolved"],
        env={**listed, "TERM": "xterm", "POC_PAGER": "sed s/^/paged:/"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert numbers(ran.stdout.splitlines()) == [4, 3, 2, 1]


def test_a_pager_that_cannot_be_started_is_done_without(
    listed: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.touch(0o755)
    with on_terminal({**listed, "POC_PAGER": str(broken)}, "list", "resolved") as terminal:
        assert terminal.ended() == 0
        assert "subject 1" in terminal.plain


def test_who_leaves_the_pager_has_had_enough(
    resolved: Poc, listed: dict[str, str], tmp_path: Path
) -> None:
    text = tmp_path / "text"
    text.write_text("It beeps.\n" * 50_000, "ascii")  # more than a pipe holds
    resolved.ok("add", "-", stdin=text.read_bytes())
    with on_terminal({**listed, "POC_PAGER": "true"}, "show", "5", "--original") as terminal:
        assert terminal.ended() == 0
        assert terminal.plain == ""


@pytest.mark.skipif(shutil.which("less") is None, reason="there is no less")
def test_less_shows_page_after_page_and_is_left_with_q(
    resolved: Poc, listed: dict[str, str]
) -> None:
    resolved.ok("add", "-", stdin=b"".join(b"line %d\n" % n for n in range(50_000)))

    def turned_to_the_second_page() -> bool:
        terminal.press(" ")  # again, as Ctrl+C throws away what is typed and not yet read
        return "line 40" in terminal.plain

    with on_terminal(listed, "show", "5", "--original") as terminal:
        terminal.until(lambda: "line 20" in terminal.plain, "the first page")
        terminal.press("\x03")
        terminal.until(turned_to_the_second_page, "the second page")
        terminal.press("q")
        assert terminal.ended() == 0
        assert "line 49999" not in terminal.plain
        assert "stopped" not in terminal.plain


def test_less_is_gone_at_once_where_all_fits_on_the_screen(listed: dict[str, str]) -> None:
    with on_terminal(listed, "list", "resolved") as terminal:
        assert terminal.ended() == 0
        assert "subject 1" in terminal.plain
