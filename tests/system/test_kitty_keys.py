"""What is typed arrives as it was meant, however much of it a terminal says.

The sequences are those of the kitty keyboard protocol and of its look-alikes: with and without
text, with alternates, with kinds of events, as kitty, foot, WezTerm, Ghostty, tmux and Windows
Terminal send them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events
from textual.keys import Keys

from poc_tui.system.keyboard import KeyParser
from tests.helpers.terminal import POC, Terminal

SHIFT, RELEASED = "\x1b[57441u", "\x1b[57441;1:3u"


def keys(typed: str) -> list[tuple[str, str | None]]:
    """Name and character of each key that reaches the desk."""
    parser = KeyParser()
    found = [event for event in parser.feed(typed) if isinstance(event, events.Key)]
    found += [event for event in parser.feed("") if isinstance(event, events.Key)]
    return [(event.key, event.character) for event in found if event.key != Keys.Ignore]


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("\x1b[32u", " "),
        ("\x1b[32;;32u", " "),
        ("\x1b[32;2u", " "),
        ("\x1b[32;2;32u", " "),
        ("\x1b[97u", "a"),
        ("\x1b[97;2u", "A"),
        ("\x1b[97:65;2u", "A"),
        ("\x1b[97:65;2;65u", "A"),
        ("\x1b[97;65u", "A"),  # Caps Lock
        ("\x1b[97;66u", "a"),  # Caps Lock and Shift
        ("\x1b[97;129u", "a"),  # Num Lock
        ("\x1b[97;1:2u", "a"),  # repeated
        ("\x1b[44u", ","),
        ("\x1b[49:33;2u", "!"),
        ("\x1b[55:47;2;47u", "/"),
        ("\x1b[223u", "ß"),
        ("\x1b[246;;246u", "ö"),
        ("\x1b[246;2u", "Ö"),
        ("\x1b[246:214;2u", "Ö"),
        ("ö", "ö"),
        # AltGr: as text alone, by the name of its key, or as Ctrl and Alt.
        ("\x1b[64u", "@"),
        ("\x1b[64;;64u", "@"),
        ("\x1b[113;;64u", "@"),
        ("\x1b[113;7;64u", "@"),
        ("\x1b[113;3;64u", "@"),
        ("\x1b[64;7u", "@"),
        ("\x1b[64;3u", "@"),
        ("\x1b[8364;7u", "€"),
        ("\x1b[55;;123u", "{"),
        ("\x1b[123;3u", "{"),
        ("\x1b[97;3;261u", "ą"),
        ("\x1b[261;3u", "ą"),
        # Dead keys and input methods send what they made, without a key or with the last one.
        ("\x1b[0;;226u", "â"),
        ("\x1b[97;;226u", "â"),
        ("\x1b[0;;94:120u", "^x"),
        ("\x1b[0;;26085:26412u", "日本"),
        # The block of digits.
        ("\x1b[57404;129u", "5"),
        ("\x1b[57404;129;53u", "5"),
        ("\x1b[57409;;44u", ","),
        ("\x1b[57409u", "."),
        ("\x1b[57413u", "+"),
    ],
)
def test_what_is_typed_is_what_was_meant(sent: str, typed: str) -> None:
    assert [character for _, character in keys(sent)] == list(typed)


@pytest.mark.parametrize(
    "sent",
    [
        *(f"\x1b[{code}u" for code in (*range(57358, 57364), *range(57428, 57455))),
        RELEASED,
        "\x1b[57441;2:1u",
        "\x1b[97;1:3u",
        "\x1b[97;5:3u",
        "\x1b[1;1:3A",
        "\x1b[0u",
        "\x1b[u",
        "\x1b[55296u",
        "\x1b[1114112u",
        "\x1b[99999999999999999999u",
        "\x1b[0;;7u",
        "\x1b[0;;8238u",  # turns the direction of writing
        "\x1b[?5u",
        "\x1b[?62;22c",
        "\x1b[>1;10;0c",
        "\x1b[99~",
        "\x1b[1;2X",
        "\x1b[12;34;56;78;90t",
    ],
)
def test_what_means_nothing_types_nothing(sent: str) -> None:
    assert keys(sent) == []


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[99;5u", "ctrl+c"),
        ("\x1b[99;5;99u", "ctrl+c"),
        ("\x1b[122;69u", "ctrl+z"),  # Caps Lock
        ("\x1b[1089::99;5u", "ctrl+c"),  # on a Russian keyboard
        ("\x1b[107;6u", "ctrl+shift+k"),
        ("\x1b[120;3u", "alt+x"),
        ("\x1b[120:88;4u", "alt+shift+x"),
        ("\x1b[13;3u", "alt+enter"),
        ("\x1b[13;2u", "shift+enter"),
        ("\x1b[27;2;13~", "shift+enter"),
        ("\x1b[27;5;112~", "ctrl+p"),
        ("\x1b[9;2u", "shift+tab"),
        ("\x1b[27u", "escape"),
        ("\x1b[57414u", "enter"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1b[1;2A", "shift+up"),
        ("\x1b[57423u", "home"),
        ("\x1b[63;;63u", "question_mark"),
        ("\x1b[47:63;2u", "question_mark"),
        # What a terminal without the protocol sends for both is the same here as well.
        ("\x1b[105;5u", "tab"),
        ("\x1b[109;5u", "enter"),
        ("\x1b[104;5u", "backspace"),
        ("\x1b[91;5u", "escape"),
        ("\x1b[13;5u", "enter"),
        ("\x1b[127;2u", "backspace"),
    ],
)
def test_what_commands_are_given_with_goes_on_doing_so(sent: str, key: str) -> None:
    assert [name for name, _ in keys(sent)] == [key]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[A", "up"),
        ("\x1bOA", "up"),
        ("\x1b[3~", "delete"),
        ("\x1b[15~", "f5"),
        ("\x1b[[A", "f1"),
        ("\x1b[Z", "shift+tab"),
        ("\x1bx", "alt+x"),
        ("\x03", "ctrl+c"),
        ("\x7f", "backspace"),
    ],
)
def test_a_terminal_without_the_protocol_is_read_as_ever(sent: str, key: str) -> None:
    assert [name for name, _ in keys(sent)] == [key]


def test_reports_of_the_mouse_and_of_modes_still_come_through() -> None:
    came = list(KeyParser().feed("\x1b[<0;5;6M\x1b[32;5;6M\x1b[?2026;2$yx"))
    assert [type(event).__name__ for event in came] == [
        "MouseDown",
        "TerminalSupportsSynchronizedOutput",
        "Key",
    ]


@pytest.mark.proof
def test_in_a_dialog_shift_costs_nothing_and_all_letters_come(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with Terminal([*POC, "demo"], environ, (80, 24)) as desk:
        desk.wait("poc demo", "forward")
        desk.settle(1.5)  # by then it has said what it has to say at the start
        desk.press("n")
        desk.wait("New request")
        desk.settle()
        # What opens with a dialog may come late on a busy machine; what a key does comes each time.
        written = []
        for _ in range(5):
            desk.press(f"{SHIFT}{RELEASED}" * 20)
            written.append(desk.rest(0.5))
        assert 0 in written
        desk.press(f"{SHIFT}\x1b[97:65;2u{RELEASED}\x1b[32u\x1b[113;7;64u\x1b[32;2u\x1b[0;;228uß")
        desk.wait("A @ äß")
        assert not desk.faults
