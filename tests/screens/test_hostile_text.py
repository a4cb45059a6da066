"""Text from outside is harmless on every screen and in every printed line.

The stores here are made, and read, by the computer's own clock: the program under test is a
process of its own. Nothing depends on what it says.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from textual.events import Paste
from textual.widgets import Input
from textual.widgets._toast import Toast

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock, SystemClock
from poc_tui.screens.departments import DepartmentsScreen
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.levels_file import starter
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.system.terminal_input import TerminalInput
from poc_tui.widgets.conversation import Conversation
from poc_tui.widgets.customer_pane import CustomerPane
from poc_tui.widgets.framed import Framed
from tests.helpers.desks import until
from tests.helpers.hostile_text import LONG, MARKUP, SINK, TEXTS, as_argument, hostile_store, named
from tests.helpers.proofs import proofs
from tests.helpers.terminal import POC, Judge, Screen, Terminal, environ_of

WIDE, SMALL = (120, 36), (80, 24)
BERLIN = ZoneInfo("Europe/Berlin")
ESC, ENTER, TAB, BACK_TAB = "\x1b", "\r", "\t", "\x1b[Z"

DIALOGS = {
    "f": "┄ forward",
    "l": "┄ log answer",
    "a": "┄ answer to",
    "m": "┄ note",
    "r": "┄ resolve",
    "s": "┄ snooze",
    "t": "┄ triage",
    "d": "┄ reminder",
    "e": "┄ escalate",
    "p": "┄ promise",
    "C": "Customer · ",
    "n": "New request",
}
"""The key of each dialog on an open request, and what its heading begins with."""

Environ = Mapping[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store full of hostile text; to be copied, not to be worked in."""
    folder = tmp_path_factory.mktemp("hostile")
    clock = SystemClock(BERLIN)
    hostile_store(str(folder / "poc.sqlite3"), clock, Deadlines(Hours.standard(BERLIN), starter()))
    return folder


@pytest.fixture
def environ(made: Path, tmp_path: Path) -> Environ:
    """What a program needs that works on a copy of the hostile store."""
    (tmp_path / "poc.sqlite3").write_bytes((made / "poc.sqlite3").read_bytes())
    return environ_of(tmp_path)


# The judge itself


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("markup", "long")])
def test_the_judge_finds_fault_with_every_hostile_text_as_it_is(name: str) -> None:
    judge = Judge(Screen(*WIDE))
    judge.feed(TEXTS[name].encode("utf-8", "surrogatepass"), last=True)
    assert judge.faults or name == "marks"


def test_the_judge_finds_no_fault_with_what_is_safe() -> None:
    judge = Judge(Screen(*WIDE))
    judge.feed(
        "\x1b[?1049h\x1b[2;3H\x1b[1;38;2;1;2;3;48;5;9mÄ 漢 e\u0301\x1b[0m\r\n".encode(), last=True
    )
    assert not judge.faults
    assert "Ä 漢 e\u0301" in judge.screen.text


@given(
    st.lists(st.sampled_from(["\x1b", "\x1b[", "\x1b[200~", "\x1b[201~", "[201~", "ä", "q"])),
    st.integers(1, 7),
)
def test_an_escape_in_a_paste_is_no_key_however_the_bytes_come(parts: list[str], size: int) -> None:
    came = "".join(parts)
    sent, decoder = came.encode(), TerminalInput()
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    got = "".join(decoder.decode(piece) for piece in pieces)
    keys, pastes = [], []
    rest = came
    while rest:
        before, begins, rest = rest.partition("\x1b[200~")
        pasted, ends, rest = rest.partition("\x1b[201~")
        keys.append(before + begins)
        pastes.append(pasted.replace("\x1b", "\ufffd") + ends)
    wanted = "".join(key + paste for key, paste in zip(keys, pastes, strict=True))
    held = 0 if pastes and pastes[-1].endswith("\x1b[201~") else 5
    assert wanted.startswith(got)
    assert len(wanted) - len(got) <= held


# The desk in a terminal


def shown(terminal: Terminal) -> str | None:
    """The number in the title of the request pane."""
    found = re.search(r"─ (#\d+) ", terminal.screen.text)
    return found and found[1]


def go_down(terminal: Terminal, lines: int) -> None:
    for _ in range(lines):
        before = shown(terminal)
        terminal.press("j")
        terminal.until(
            lambda before=before: shown(terminal) != before,  # type: ignore[misc]
            f"the request below {before}",
        )


def look_into_the_request(terminal: Terminal) -> None:
    terminal.press(ENTER)
    terminal.wait("esc back")
    terminal.press(f"Ggj{ESC}")
    terminal.wait(gone="esc back")


def in_and_out(terminal: Terminal, key: str, title: str) -> None:
    terminal.press(key)
    terminal.wait(title)
    terminal.press(ESC)
    terminal.wait(gone=title)


def throw_away(terminal: Terminal, gone: str) -> None:
    """Leave a dialog with words in it, and see what is then gone."""
    terminal.press(ESC)
    terminal.wait("Throw the words away?")
    terminal.press("y")
    terminal.wait(gone=gone)


def test_looking_at_everything_writes_nothing_harmful(environ: Environ) -> None:
    with Terminal(POC, environ, WIDE) as desk:
        desk.wait("My turn", "is-sink")
        for place, view in enumerate(
            ("My turn", "With departments", "With customer", "Snoozed", "Open"), 1
        ):
            desk.press(str(place))
            desk.wait(f"─ {view} ", "is-")
        desk.press("1g")
        desk.wait("─ My turn ", "─ #1 ")
        go_down(desk, len(TEXTS) - 1)
        desk.press("g")
        desk.wait("─ #1 ")
        for key in (TAB, "j", TAB, "j", TAB, "jk", BACK_TAB, BACK_TAB, TAB):
            desk.press(key)
            desk.wait_for_more()
        desk.press("1g")
        desk.wait("─ #1 ")
        look_into_the_request(desk)
        for key, title in DIALOGS.items():
            in_and_out(desk, key, title)
        desk.press("6g")
        desk.wait("─ Resolved ")
        in_and_out(desk, "o", "┄ reopen")
        in_and_out(desk, "?", "─ Keys ")
        desk.press("Dg")
        desk.wait("retire", "is-")
        in_and_out(desk, ENTER, "Department · ")
        desk.press(ESC)
        desk.wait("─ Resolved ")
        desk.press("q")
        assert desk.ended() == 0
    assert not desk.faults
    assert "Traceback" not in desk.plain


def test_a_small_screen_is_no_less_safe(environ: Environ) -> None:
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "is-sink")
        desk.press("1g")
        desk.wait("─ My turn ", "─ #1 ")
        go_down(desk, 1)
        look_into_the_request(desk)
        for key, title in DIALOGS.items():
            in_and_out(desk, key, title)
        desk.press("q")
        assert desk.ended() == 0
    assert not desk.faults
    assert "Traceback" not in desk.plain


def test_typing_pasting_and_saving_write_nothing_harmful(environ: Environ) -> None:
    with Terminal(POC, environ, WIDE) as desk:
        desk.wait("My turn", "is-sink")
        desk.press("1g")
        desk.wait("─ #1 ")
        for key, title in DIALOGS.items():
            desk.press(key)
            desk.wait(title)
            desk.paste(f"{SINK} {named('bidi')}\n{named('lines')}")
            desk.wait("52;c" if key == "p" else "seven")  # a line shows how its words begin
            throw_away(desk, title)
        for key in ("6", "1"):
            desk.press(key)
            desk.wait("─ My turn " if key == "1" else "─ Resolved ")
            desk.paste("\x1b]q\x1b[4242mq \x07\rno key is pressed by a paste")
            desk.wait("New request", "no key is pressed by a paste")
            throw_away(desk, "New request")
        desk.press("gm")
        desk.wait("┄ note")
        desk.paste(f"kept {SINK} {named('wide')}")
        desk.wait("kept")
        desk.press(ENTER)
        desk.wait("note on #1")
        desk.press("u")
        desk.wait("undo: note on #1")
        desk.press("U")
        desk.wait("redo: note on #1")
        desk.press("   ")
        desk.wait("3 marked")
        desk.press("f")
        desk.wait("Forward 3 requests", "(choose)")
        desk.press("\x1b[C\t")
        desk.paste(named("clipboard"))
        desk.press(ENTER)
        desk.wait("forwarded 3 requests to")
        desk.press("D")
        desk.wait("retire")
        desk.press("n")
        desk.wait("New department")
        desk.paste(f"new {SINK}")
        desk.press(ENTER)
        desk.wait(gone="New department")
        desk.press(ESC)
        desk.wait(gone="retire")
        desk.press("C")
        desk.wait("Customer · ")
        desk.paste(named("unended"))
        desk.press(ENTER)
        desk.wait("customer is-", gone="Customer · ")
        desk.press("u")
        desk.wait("undo: customer is-")
        for start, words in ((":", "a command; or"), ("/", "esc leaves the search")):
            desk.press(start)
            desk.wait(words)
            desk.paste(f"nowhere {SINK} {named('unknown')}\n\n")
            desk.wait("nothing is called so" if start == ":" else "Nothing matches")
            desk.press(ESC)
            desk.wait(gone="nowhere")
        desk.press("q")
        assert desk.ended() == 0
    assert not desk.faults
    assert "Traceback" not in desk.plain


def test_a_byte_that_is_no_utf_8_does_not_end_the_desk(environ: Environ) -> None:
    with Terminal(POC, environ, SMALL) as desk:
        desk.wait("My turn", "is-sink")
        desk.press("m")
        desk.wait("┄ note")
        desk.paste("broken \udcff\udc9b4242m words")
        desk.wait("broken", "words")
        throw_away(desk, "Throw")
        desk.press("q")
        assert desk.ended() == 0
    assert not desk.faults


def test_what_others_write_meanwhile_writes_nothing_harmful(environ: Environ) -> None:
    with Terminal(POC, environ, WIDE) as desk:
        desk.wait("My turn", "is-sink")
        came = b"came-later \x1b]52;c;TUFSS0VS\x07\0\xff\xc2\x9b4242m\n" + b"y" * LONG
        added = subprocess.run(
            [*POC, "add", "-"], env=dict(environ), input=came, check=True, capture_output=True
        )
        desk.wait("came-later")
        desk.press("g")
        desk.wait(f"─ {added.stdout.decode().strip()} ")
        desk.press("q")
        assert desk.ended() == 0
    assert not desk.faults


# The command line in a terminal

CALLS = """
import json, sys
from poc_tui.cli.main import run
for argv in json.load(open(sys.argv[1])):
    print("»", run(argv), flush=True)
"""
"""Runs one command line after another, so that not each pays for starting Python."""


def carried_out(calls: Sequence[Sequence[str]], folder: Path, environ: Environ) -> Terminal:
    """The terminal after these calls."""
    given = folder / "calls.json"
    given.write_text(json.dumps([[as_argument(word) for word in call] for call in calls]))
    with Terminal([sys.executable, "-c", CALLS, str(given)], environ, SMALL) as terminal:
        assert terminal.ended() == 0, terminal.plain[-2000:]
    codes = re.findall(r"» (\d+)", terminal.plain)
    assert len(codes) == len(calls)
    assert set(codes) <= {"0", "1", "2"}
    assert "Traceback" not in terminal.plain
    return terminal


def both(*argv: str) -> list[list[str]]:
    """A command line as it is for people, and for scripts."""
    return [[*argv], [*argv, "--json"]]


SHOWN = (
    *(f"list {view}".split() for view in ("my-turn", "with-departments", "resolved", "late")),
    *(["show", str(number)] for number in (1, 2, 3, 4, 5, 6)),
    *([word] for word in ("customers", "departments", "reminders", "agenda", "keys")),
    *([word] for word in ("undo", "redo", "undo")),
    *(["show", "1", "--original"], ["customers", "show", "1"], ["departments", "show", "is-sink"]),
    *(["search", "is"], ["search", "is-sink"]),
)


def test_everything_that_is_listed_and_shown_is_harmless(environ: Environ, tmp_path: Path) -> None:
    calls = [call for argv in SHOWN for call in both(*argv)]
    terminal = carried_out([*calls, ["export"]], tmp_path, environ)
    assert not terminal.faults
    assert "is-sink" in terminal.plain
    assert "is-bidi" in terminal.plain


def told(text: str, bare: str) -> list[list[str]]:
    """Every command that takes words, with these."""
    return [
        ["add", "x", "--customer", text, "--tag", bare, "--text", text, "--to", "technical"],
        ["departments", "add", text, "--remit", text, "--contact", text],
        ["departments", "show", text],
        ["customers", "add", f"one {text}"],
        ["customers", text],
        ["triage", "1", "--customer", f"two {text}"],
        ["forward", "1", text[:20], text],
        ["log", "1", text],
        ["answer", "1", text],
        ["snooze", "1", "tomorrow", text],
        ["remind", "1", "tomorrow", text],
        ["remind", "tomorrow", text],
        ["reminders"],
        ["search", text],
        ["resolve", "1", text, "--as", "declined", "--withdraw", "--reminders", "keep"],
        ["reopen", "1", text],
        ["undo"],
        ["redo"],
        ["list"],
    ]


def test_words_given_to_a_command_are_harmless_in_what_it_says(tmp_path: Path) -> None:
    calls = []
    for number, name in enumerate(TEXTS, 1):
        text = named(name)
        calls += [
            ["add", text, f"@{text}", f"+{text}"],
            ["note", str(number), text, "--json"],
            ["show", str(number)],
            ["customers", "show", str(number)],
        ]
    for argv in told(named("sink"), TEXTS["sink"]):
        calls += both(*argv)
    for name in ("surrogates", "lines"):
        calls += told(named(name), TEXTS[name])
    terminal = carried_out(calls, tmp_path, environ_of(tmp_path))
    assert not terminal.faults
    for name in TEXTS:
        assert f"is-{name}" in terminal.plain


def refused(bare: str) -> list[list[str]]:
    """Commands that cannot be understood or carried out."""
    return [
        [bare],
        [f"--{bare}"],
        ["show", bare],
        ["show", "1", bare],
        ["list", bare],
        ["list", f"--{bare}"],
        ["list", "--limit", f"-{bare}"],
        ["list", "--customer", bare],
        ["add", "x", f"due:{bare}"],
        ["add", "x", "--kind", bare],
        ["add", "x", "--via", bare],
        ["add", "x", "--to", bare],
        ["forward", "1", bare, "x"],
        ["resolve", "1", "--as", bare],
        ["snooze", "1", bare],
        ["remind", bare, bare],
        ["done", bare],
        ["done", "--reminder", bare],
        ["log", bare, "x"],
        ["customers", "show", bare],
        ["departments", "show", bare],
        ["config", bare],
        ["config", "set", bare, bare],
        ["config", "set", "keys.forward", bare],
        ["import", bare],
        ["import", bare, "--map", bare],
        ["export", "-o", f"no/{bare}"],
        ["--db", f"/dev/null/{bare[:99]}", "list"],
    ]


def test_refusals_repeat_nothing_harmful(tmp_path: Path) -> None:
    names = ("sink", "markup", "surrogates", "lines", "long")
    calls = [call for name in names for call in refused(TEXTS[name])]
    calls += refused("9" * 30)
    terminal = carried_out(calls, tmp_path, environ_of(tmp_path))
    assert not terminal.faults
    assert set(re.findall(r"» (\d)", terminal.plain)) == {"1", "2"}


def test_captured_by_the_quick_lane_and_kept_to_the_byte(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    subprocess.run([*POC, "list"], env=environ, check=True, capture_output=True)
    words = [
        f"is-{name} ".encode() + TEXTS[name].encode("utf-8", "surrogatepass")
        for name in ("sink", "surrogates", "wide")
    ]
    argv = [part.replace(b"\0", b"") for part in words] + [
        b"\xff\x9b4242m",
        b"@Meyer \xfe\x1b[4242m",
    ]
    came = b"\n".join([*words, b"\xff\0" + b"z" * LONG])
    for arguments, stdin in ((argv, None), (["-"], came)):
        with Terminal([*POC, "add", *arguments], environ, SMALL, stdin=stdin) as terminal:
            assert terminal.ended() == 0
        assert not terminal.faults
    for number, raw in ((1, b" ".join(argv)), (2, came)):
        shown = subprocess.run(
            [*POC, "show", str(number), "--original"], env=environ, check=True, capture_output=True
        )
        assert shown.stdout == raw


def test_a_file_that_is_taken_in_is_harmless_by_name_and_content(tmp_path: Path) -> None:
    columns = ["subject", "text", "customer", TEXTS["sink"].replace("\0", "")]
    rows = [[named(name)] * 3 + ["\x1b[4242m"] for name in ("sink", "bidi", "links")]
    lines = [",".join(f'"{cell}"' for cell in row).replace("\0", "") for row in [columns, *rows]]
    source = tmp_path / "a\x1b[4242m\u202e[bold\n.csv"
    source.write_bytes("\n".join([*lines, '"","",""']).encode("utf-8", "surrogateescape"))
    calls = [["import", str(source)], ["list"], ["import", str(source), "--json"], ["undo"]]
    terminal = carried_out(calls, tmp_path, environ_of(tmp_path))
    assert not terminal.faults
    assert "is-sink" in terminal.plain


@pytest.mark.parametrize(
    "setting", ['theme = "{}"', 'name = "{}"', '"{}" = 1'], ids=["theme", "name", "unknown"]
)
def test_a_hostile_settings_file_is_harmless(setting: str, tmp_path: Path) -> None:
    words = SINK.replace("\0", "").replace("\udc9b", "").replace("\\", "")
    escaped = json.dumps(words, ensure_ascii=True)[1:-1].replace("\\u009b", "\\u009B")
    file = tmp_path / "poc.toml"
    file.write_text(f"[desk]\n{setting.format(escaped)}\n")
    environ = environ_of(tmp_path, POC_CONFIG=str(file))
    calls = [*both("config"), ["add", "x"], ["note", "1", "y"], *both("show", "1"), ["keys"]]
    terminal = carried_out(calls, tmp_path, environ)
    assert not terminal.faults
    with Terminal(POC, environ, SMALL) as desk:
        assert desk.ended() == 1
    assert not desk.faults


# Markup


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


def title_of(app: PocApp, kind: type[Framed]) -> str:
    """The words in the frame of that pane; empty while it is not there."""
    return "".join(pane.title for pane in app.screen.query(kind))


def toasts(app: PocApp) -> list[str]:
    """What is said in a corner of the screen."""
    return [str(toast.render()) for toast in app.screen.query(Toast)]


TYPED_MARKUP = tuple(zip(MARKUP, cycle(("fl", "aC", "td", "ms"))))


@pytest.mark.parametrize(("text", "keys"), proofs(TYPED_MARKUP, but=TYPED_MARKUP[2:4]))
async def test_markup_is_shown_as_it_is_and_never_carried_out(
    app: PocApp, desk: Desk, clock: FixedClock, text: str, keys: str
) -> None:
    desk.do(drafts.Capture(text, text=text, customer=drafts.CustomerName(text), tags=(text,)))
    desk.do(drafts.Note(text), [1])
    desk.do(drafts.Remind(clock.now(), text), [1])
    desk.do(drafts.EditDepartment(name=text, remit=text, contact=text))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: title_of(app, Conversation).startswith(f"#1 {text} · "))
        await until(pilot, lambda: title_of(app, CustomerPane) == text)
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, Dialog))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("slash", *"[/]", "escape", "D")
        await until(pilot, lambda: isinstance(app.screen, DepartmentsScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DepartmentsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: f"undo: department {text}" in toasts(app))


async def test_a_click_on_markup_runs_nothing(app: PocApp, desk: Desk) -> None:
    text = "[@click=app.quit]leave[/] " * 20
    desk.do(drafts.Capture(text, text=text, customer=drafts.CustomerName(text)))
    desk.do(drafts.Note(text), [1])
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: title_of(app, CustomerPane) != "")
        for y in (3, 4, 8, 9, 10, 20, 21):
            for x in (30, 70):
                await pilot.click(offset=(x, y))
        assert app.is_running
        assert app.return_code is None
        assert isinstance(app.screen, DeskScreen)


async def test_pasted_lines_are_joined_and_none_is_lost(app: PocApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("slash")
        field = app.screen.query_one("#find", Input)
        field.post_message(Paste("one\x0btwo\u2028three\r\nfour\x85five"))
        await until(pilot, lambda: field.value != "")
        assert field.value == "one two three four five"
