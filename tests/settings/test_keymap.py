"""The table of commands, and a person's own keys laid over it."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.binding import Binding
from textual.events import Key
from textual.keys import Keys, _character_to_key

from poc_tui.commands import COMMANDS, Command
from poc_tui.errors import ConfigWrong
from poc_tui.settings.keymap import display_key, key_name, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "poc_tui"

# The keys that the design promises.
PROMISED = {
    "cursor_down": ("j", "down"),
    "cursor_up": ("k", "up"),
    "first": ("g", "home"),
    "last": ("G", "end"),
    "view_my_turn": ("1",),
    "view_with_departments": ("2",),
    "view_with_customer": ("3",),
    "view_snoozed": ("4",),
    "view_open": ("5",),
    "view_resolved": ("6",),
    "open": ("enter",),
    "next_pane": ("tab",),
    "new": ("n",),
    "triage": ("t",),
    "forward": ("f",),
    "log": ("l",),
    "chase": ("c",),
    "escalate": ("e",),
    "promise": ("p",),
    "agenda": ("A",),
    "answer": ("a",),
    "note": ("m",),
    "resolve": ("r",),
    "reopen": ("o",),
    "snooze": ("s",),
    "remind": ("d",),
    "undo": ("u",),
    "redo": ("U",),
    "mark": ("space",),
    "search": ("slash",),
    "palette": ("colon", "ctrl+p"),
    "help": ("question_mark", "f1"),
    "editor": ("ctrl+e",),
    "quit": ("q",),
}


@pytest.mark.parametrize(("command", "keys"), PROMISED.items())
def test_the_table_gives_the_keys_of_the_design(command: str, keys: tuple[str, ...]) -> None:
    assert resolve(COMMANDS, {}).keys(command) == keys


def test_each_id_stands_once_and_every_text_is_there() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))
    for command in COMMANDS:
        assert command.id.isidentifier()
        assert command.label
        assert command.help[0].isupper()
        assert command.help.endswith(".")


def _sent_by_terminals() -> Iterator[str]:
    """Every key that Textual makes of what a terminal without a special protocol sends."""
    sequences = [
        *ANSI_SEQUENCES_KEYS,
        *string.printable,
        *(f"\x1b{letter}" for letter in string.ascii_letters),
        *(f"\x1b[1;{modifier}{end}" for modifier in range(2, 7) for end in "ABCDHF"),
        *(f"\x1b[{number};{modifier}~" for number in range(1, 7) for modifier in range(2, 7)),
    ]
    for sequence in sequences:
        parser = XTermParser()
        for event in [*parser.feed(sequence), *parser.feed("")]:
            if isinstance(event, Key):
                yield event.key


def test_every_default_key_is_one_that_terminals_send() -> None:
    sent = set(_sent_by_terminals())
    assert {key for command in COMMANDS for key in command.keys} <= sent


def test_a_key_with_modifiers_is_taken_only_if_terminals_send_it() -> None:
    sent = set(_sent_by_terminals())
    named = "up left home end pageup insert delete tab enter space backspace slash f1 f12 f13"
    bases = [*string.ascii_lowercase, *string.digits, *named.split()]
    same_to_a_terminal = {"ctrl+h", "ctrl+i", "ctrl+m"}
    for modifiers in ("", "ctrl+", "alt+", "shift+", "ctrl+shift+", "alt+shift+", "super+"):
        for base in bases:
            try:
                name = key_name(modifiers + base)
            except ConfigWrong:
                continue
            assert name in sent | same_to_a_terminal


@pytest.mark.parametrize("sign", [*string.punctuation, *"aZ1äß€§²", " "])
def test_a_sign_gets_the_name_that_textual_gives_it(sign: str) -> None:
    assert key_name(sign) == _character_to_key(sign)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("slash", "slash"),
        ("solidus", "slash"),
        ("question_mark", "question_mark"),
        ("minus", "minus"),
        ("comma", "comma"),
        (",", "comma"),
        ("+", "plus"),
        ("space", "space"),
        ("Ctrl+X", "ctrl+x"),
        ("ctrl + x", "ctrl+x"),
        ("shift+g", "G"),
        ("shift+tab", "shift+tab"),
        ("shift+ctrl+home", "ctrl+shift+home"),
        ("alt+x", "alt+x"),
        ("alt+X", "alt+shift+x"),
        ("PageDown", "pagedown"),
        ("pgdn", "pagedown"),
        ("esc", "escape"),
        ("del", "delete"),
        ("F2", "f2"),
        ("↓", "down"),
    ],
)
def test_a_key_may_be_written_in_several_ways(written: str, name: str) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize(
    "written",
    ["", "ctrl+", "ctrl+1", "ctrl+shift+x", "super+x", "shift+1", "hello", "f99", "\t", "x y"],
)
def test_a_key_that_terminals_do_not_send_is_refused(written: str) -> None:
    with pytest.raises(ConfigWrong, match="not a key that every terminal sends"):
        key_name(written)


def test_a_misspelt_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigWrong, match='Did you mean "pagedown"'):
        key_name("pagedwn")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("question_mark", "?"),
        ("slash", "/"),
        ("minus", "-"),
        ("at", "@"),
        ("euro_sign", "€"),
        ("down", "↓"),
        ("pagedown", "pgdn"),
        ("ctrl+p", "ctrl+p"),
        ("G", "G"),
        ("tab", "tab"),
        ("delete", "delete"),
        ("space", "space"),
    ],
)
def test_a_key_is_shown_as_a_person_knows_it(name: str, shown: str) -> None:
    assert display_key(name) == shown


@pytest.mark.parametrize("key", sorted({key for command in COMMANDS for key in command.keys}))
def test_a_key_as_shown_can_be_written_into_the_settings(key: str) -> None:
    assert key_name(display_key(key)) == key


def test_own_keys_replace_those_of_the_command_and_leave_the_others() -> None:
    keymap = resolve(COMMANDS, {"forward": ["W", "ctrl+t"], "search": ["ctrl+g"]})
    assert keymap.keys("forward") == ("W", "ctrl+t")
    assert keymap.keys("search") == ("ctrl+g",)
    assert keymap.keys("answer") == ("a",)
    assert keymap.display("cursor_down") == "j ↓"


def test_a_command_is_known_by_the_id_that_it_had_before() -> None:
    keymap = resolve(COMMANDS, {"view_mine": ["7"], "view_departments": [], "view_customers": [""]})
    assert keymap.keys("view_my_turn") == ("7",)
    assert keymap.keys("view_with_departments") == keymap.keys("view_with_customer") == ()


def test_two_commands_may_swap_their_keys() -> None:
    keymap = resolve(COMMANDS, {"answer": ["l"], "log": ["a"]})
    assert (keymap.keys("answer"), keymap.keys("log")) == (("l",), ("a",))


@pytest.mark.parametrize("none", [[], [""]])
def test_a_command_without_a_key_is_not_bound(none: list[str]) -> None:
    keymap = resolve(COMMANDS, {"copy_number": none})
    assert keymap.keys("copy_number") == ()
    assert keymap.display("copy_number") == ""
    assert "copy_number" not in {binding.command for binding in keymap.bindings()}


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigWrong, match=r'no command "foward".*nearest is "forward"'):
        resolve(COMMANDS, {"foward": ["F"]})


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"forward": ["n"]}, ["forward", "new", '"n"']),
        ({"note": ["/"]}, ["note", "search", '"/"']),
        ({"quit": ["ctrl+x"], "undo": ["ctrl+x"]}, ["quit", "undo", '"ctrl+x"']),
        ({"editor": ["ctrl+p"]}, ["editor", "palette", '"ctrl+p"']),
        ({"cursor_down": ["enter"]}, ["cursor_down", "open", '"enter"']),
    ],
)
def test_a_key_with_two_meanings_is_refused_and_both_are_named(
    overrides: dict[str, list[str]], named: list[str]
) -> None:
    with pytest.raises(ConfigWrong) as refused:
        resolve(COMMANDS, overrides)
    for word in named:
        assert word in str(refused.value)


def test_a_key_may_mean_one_thing_in_a_text_field_and_another_in_the_list() -> None:
    keymap = resolve(COMMANDS, {"editor": ["ctrl+f"]})
    assert keymap.keys("editor") == ("ctrl+f",)
    assert "ctrl+f" in keymap.keys("page_down")


@pytest.mark.parametrize(
    ("command", "key", "reason"),
    [
        ("forward", "escape", "it leaves a dialog"),
        ("forward", "ctrl+c", "copies the selected text"),
        ("forward", "ctrl+q", "always quits"),
        ("forward", "ctrl+i", 'the same for it as for "tab"'),
        ("forward", "ctrl+m", 'the same for it as for "enter"'),
        ("forward", "ctrl+h", 'the same for it as for "backspace"'),
        ("editor", "e", "needed for typing"),
        ("editor", "enter", "needed for typing"),
        ("editor", "shift+left", "needed for typing"),
    ],
)
def test_a_key_with_a_fixed_meaning_is_refused_with_the_reason(
    command: str, key: str, reason: str
) -> None:
    with pytest.raises(ConfigWrong, match=reason):
        resolve(COMMANDS, {command: [key]})


def test_a_key_of_ones_own_goes_before_the_one_that_a_later_command_brings() -> None:
    keymap = resolve(COMMANDS, {"note": ["V"], "view_mine": ["7"], "sort": ["Z"]})
    assert keymap.keys("note") == ("V",)
    assert keymap.keys("mark_range") == ()
    assert keymap.keys("view_7") == ()
    assert keymap.keys("sort") == ("Z",)
    with pytest.raises(ConfigWrong, match="given to both"):
        resolve(COMMANDS, {"note": ["Z"], "sort": ["Z"]})


def test_bindings_come_by_scope_and_make_textual_bindings() -> None:
    keymap = resolve(COMMANDS, {"cursor_down": [",", "down"]})
    everywhere = {binding.command for binding in keymap.bindings("app")}
    assert {"palette", "help", "quit"} <= everywhere
    assert not everywhere & {"forward", "cursor_down"}
    (down,) = (b for b in keymap.bindings("list") if b.command == "cursor_down")
    made = list(Binding.make_bindings([Binding(down.keys, down.command, down.label)]))
    assert [binding.key for binding in made] == ["comma", "down"]
    assert down.shown == ","


def test_the_clash_check_reads_scopes_not_the_order_of_the_table() -> None:
    text = Command("a", ("ctrl+x",), "a", "A.", "text", "Program")
    desk = Command("b", ("ctrl+x",), "b", "B.", "desk", "Desk")
    app = Command("c", ("ctrl+x",), "c", "C.", "app", "Program")
    resolve([text, desk], {})
    for pair in ([text, app], [app, text], [desk, app], [desk, desk]):
        with pytest.raises(ConfigWrong, match="given to both"):
            resolve(pair, {})


def test_nothing_is_called_like_a_handler_of_a_key_by_chance() -> None:
    """Textual calls what a widget has as `key_NAME` or `_key_NAME` when that key is pressed."""
    keys = {
        _character_to_key(char) for char in map(chr, range(sys.maxunicode)) if char.isprintable()
    }
    keys |= {key.value for key in Keys}
    names = re.compile(r"\b_?key_([a-z_0-9]+)")
    found = {
        (file.name, match[0])
        for file in sorted(PACKAGE.rglob("*.py"))
        for match in names.finditer(file.read_text(encoding="utf-8"))
        if match[1] in keys
    }
    assert found == {("desk.py", "key_escape")}
