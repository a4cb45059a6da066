"""The terminal's own cursor stands, visible, on what has the focus.

Screen readers, braille displays, input methods and tmux follow it, and nothing else.
`POC_STEPS=10000 pytest tests/screens/test_hardware_cursor.py` takes so many random steps
instead of a few.
The desk under test says, beside the terminal, what has the focus; where that is on the screen is
read from the screen.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.helpers.terminal import Terminal

STEPS = int(os.environ.get("POC_STEPS", "60"))
SETTLED = 0.15
"""Seconds without a byte after which a key has done what it does."""

SIZES = [(80, 24), (120, 36)]

TELLING = """
import json, os, sys
from textual.widgets import Input, TextArea
from poc_tui.app import PocApp
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.virtual_list import VirtualList

def told(app):
    screen, widget = app.screen, app.screen.focused
    if widget is None:
        return {"is": "nothing"}
    if getattr(screen, "_points", False):  # in the palette, among what it found
        widget = screen.query(VirtualList).first()
    if isinstance(widget, VirtualList):
        row = widget.highlighted_row
        if row is None:
            return {"is": "empty list", "top": widget.region.y, "bottom": widget.region.bottom}
        signs = 3 if widget.MARKS else 1
        runs = widget._draw(row, widget.content_size.width - signs)
        return {"is": "row", "text": "".join(text for text, _ in runs), "signs": signs}
    if isinstance(widget, Input):
        return {"is": "caret", "before": widget.value[:widget.cursor_position]}
    if isinstance(widget, TextArea):
        row, column = widget.selection.end
        return {"is": "caret", "before": widget.document.get_line(row)[:column]}
    if isinstance(widget, Choice):
        return {"is": "choice", "text": dict(widget._options)[widget.value]}
    region = widget.region.intersection(screen.region)
    return {"is": "pane", "top": region.y, "bottom": region.bottom}

def tell(app):
    if app._screen_stack:
        with open(os.environ["TOLD"] + ".new", "w") as file:
            json.dump(told(app), file)
        os.replace(file.name, os.environ["TOLD"])

PocApp.post_display_hook = tell
from poc_tui.__main__ import main
raise SystemExit(main())
"""


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    environ = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TOLD": str(tmp_path / "told.json"),
    }
    size = getattr(request, "param", SIZES[0])
    with Terminal([sys.executable, "-c", TELLING, "demo"], environ, size) as terminal:
        terminal.wait("poc demo", "forward")
        terminal.settle(1.5)
        terminal.told = tmp_path / "told.json"  # type: ignore[attr-defined]
        yield terminal


def check(desk: Terminal) -> None:
    """The cursor is on what has the focus, as soon as all is written that is to be."""

    def holds() -> bool:
        try:
            look(desk)
        except (AssertionError, ValueError):
            return False
        return True

    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        desk.rest(0.05)
    look(desk)


def look(desk: Terminal) -> None:
    told = json.loads(desk.told.read_text())  # type: ignore[attr-defined]
    row, column = desk.screen.cursor
    cells = desk.screen.line(row)
    before, behind = "".join(cells[:column]), "".join(cells[column:])
    where = f"{told} at {row}, {column}\n{desk.screen.text}"
    assert desk.screen.shows_cursor == (told["is"] != "nothing"), where
    match told["is"]:
        case "row":
            assert behind.startswith("▸"), where
            # Behind the time, which goes on while this is looked at.
            words = behind[told["signs"] :]
            assert words.startswith(told["text"][12:30].rstrip(), 12), where
        case "caret":
            assert before.endswith(told["before"][-8:]), where
        case "choice":
            assert behind.strip().startswith(told["text"][:12].rstrip()), where
        case "pane" | "empty list":
            assert told["top"] <= row < told["bottom"], where


LOOKING = [
    *("j", "k", "j", "G", "g", "\t", "\t", "\x1b[Z", "\x1b[6~", "\x1b[5~", " ", "M", "\r", "z"),
    *("1", "2", "3", "4", "5", "6", "\x1b", "\x1b"),
]
OPENING = ["?", ":", "/", "A", "D", "O", "n", "f", "a", "m", "s", "t", "d", "r", "C", "p", "e", "l"]
TYPING = [
    *("a", "straße ", "日本", "x", " ", "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x7f", "\n"),
    *("\x1b[A", "\x1b[B", "\t", "\x1b[Z", "\x1b[32u", "\x1b", "n", "\x1b"),
]
LEAVING = ["\x1b[27u"] * 4
"""Esc, as a terminal sends it that leaves no doubt. A second one is a yes to the question whether
words are to be thrown away."""


def steps(seed: int, count: int) -> Iterator[Sequence[str]]:
    """Looking about, opening something, doing something in it, and out again."""
    rng = random.Random(seed)
    while count > 0:
        go = [rng.choice(LOOKING) for _ in range(rng.randrange(1, 6))]
        go += [rng.choice(OPENING)]
        go += [rng.choice(TYPING) for _ in range(rng.randrange(2, 8))]
        yield go
        count -= len(go)


@pytest.mark.proof
@pytest.mark.parametrize("desk", SIZES, ids=["80", "120"], indirect=True)
def test_it_stands_on_what_has_the_focus_at_each_step(desk: Terminal) -> None:
    for go in steps(desk.screen.columns, STEPS // len(SIZES)):
        for key in (*go, *LEAVING):
            desk.press(key)
            desk.settle(SETTLED)
            check(desk)
    assert not desk.faults


WALK = [
    ("the next row", "j"),
    ("the last row", "G"),
    ("the panes", "\t"),
    ("the customer", "\t"),
    ("the reminders", "\t"),
    ("back in the queue", "\x1b"),
    ("help", "?"),
    ("help, further down", "\x1b[6~"),
    ("out of help", "\x1b"),
    ("palette", ":"),
    ("palette, typed", "re"),
    ("palette, a command", "\x1b[B"),
    ("palette, the next", "\x1b[B"),
    ("palette, typed again", "m"),
    ("out of the palette", "\x1b"),
    ("agenda", "A"),
    ("agenda, the next", "j"),
    ("out of the agenda", "\x1b"),
    ("mail", "O"),
    ("mail, which has one pane", "\t"),
    ("out of the mail", "\x1b"),
    ("search", "/"),
    ("search, typed", "Meyer"),
    ("out of search", "\x1b"),
    ("new", "n"),
    ("new, a line longer than its field", "x" * 100),
    ("new, back to its begin", "\x1b[H"),
    ("new, it asks", "\x1b"),
    ("out of new", "\x1b"),
    ("escalate", "e"),
    ("escalate, the words it begins with", "\t"),
    ("out of escalate", "\x1b"),
    ("note", "m"),
    ("note, typed", "two"),
    ("note, a line more", "\n"),
    ("note, wide letters", "日本"),
    ("note, back", "\x1b[D"),
    ("note, it asks", "\x1b"),
    ("out of the note", "y"),
    ("resolve, the words", "r"),
    ("resolve, a choice", "\x1b[Z"),
    ("resolve, another", "\x1b[C"),
]


@pytest.mark.proof
@pytest.mark.parametrize("desk", SIZES[1:], ids=["120"], indirect=True)
def test_it_goes_with_the_focus_wherever_one_goes(desk: Terminal) -> None:
    for _, key in WALK:
        desk.press(key)
        desk.settle(SETTLED)
        check(desk)


@pytest.mark.proof
def test_nothing_is_written_while_nothing_changes(desk: Terminal) -> None:
    for place in ("", "n", "ma few words", ":", "?", "A", "O", "/"):
        desk.press(place)
        desk.settle(0.6)
        # A minute has an end: then the clock changes, and with it what is due.
        assert any(desk.rest(1.2) == 0 for _ in range(5)), place
        desk.press("".join(LEAVING))
        desk.settle()


def test_coming_and_going_of_the_focus_writes_nothing(desk: Terminal) -> None:
    used = desk.cpu_seconds
    written = []
    for _ in range(20):
        desk.press("\x1b[O")
        desk.press("\x1b[I")
        written.append(desk.rest(0.02))
    # A minute may end meanwhile: then the clock changes.
    assert sum(map(bool, written)) <= 1, written
    assert desk.cpu_seconds - used < 0.3
    check(desk)
