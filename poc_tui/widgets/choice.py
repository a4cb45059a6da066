"""One of a few values, chosen in one line of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from poc_tui.rules.text import fold, one_line

LONGEST_LABEL = 40
"""Cells."""


class Choice(Widget, can_focus=True):
    """`◂ complaint ▸`: arrows change it, letters find it, a click takes the next one.

    While it has the focus, what else there is stands beside it.

    Args:
        options: (value, label) each; the labels may come from outside.
        value: the one chosen at first; the first option if it is not among them.
        longest: cells of a label; a longer one is cut.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Choice {
        height: 1; width: 1fr; padding: 0 1; pointer: pointer;
        &:focus { background: $boost; background-tint: $foreground 8%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,down,space", "next", "Next", show=False),
        Binding("left,up", "previous", "Previous", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
    ]

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another value was chosen."""

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str = "",
        *,
        id: str | None = None,
        longest: int = LONGEST_LABEL,
    ) -> None:
        super().__init__(id=id)
        self._longest = longest
        self._options = self._cut(options)
        self._typed = ""
        self.chosen: str | None = None
        """What a person chose last; a guess may change only what nobody chose."""
        self.set_reactive(Choice.value, self.validate_value(value))

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the chosen value begins."""
        return self.content_region.offset + Offset(2, 0)

    @property
    def in_words(self) -> str:
        """What is chosen, as it is shown."""
        return dict(self._options)[self.value]

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Have others to choose from; the value stays if it is among them, else the first is."""
        self._options = self._cut(options)
        self.value = self.validate_value(self.value)
        self.refresh()

    def _cut(self, options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(key, one_line(label, self._longest) or "?") for key, label in options]

    def validate_value(self, value: str) -> str:
        """Keep to the options."""
        values = [key for key, _ in self._options]
        return value if value in values else values[0]

    def watch_value(self) -> None:
        self.post_message(self.Changed())

    def render(self) -> Content:
        label = self.in_words
        if not self.has_focus:
            return Content.assemble(("◂ ", "dim"), label, (" ▸", "dim"))
        chosen = Content.assemble(("◂ ", "$accent"), (label, "bold"), (" ▸", "$accent"))
        rest = " · ".join(other for key, other in self._options if key != self.value)
        room = self.size.width - cell_len(label) - 8
        if room < 8 or not rest:
            return chosen
        return Content.assemble(chosen, "   ", (one_line(rest, room), "dim"))

    def on_key(self, event: events.Key) -> None:
        """Be done at Enter; find an option by the letters it begins with."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
            return
        if not event.character or not event.is_printable:
            return
        letter = fold(event.character)
        if letter == " " and not self._goes_on_with(letter):
            return  # to the binding: the next value
        event.stop()
        event.prevent_default()
        self._find(letter)

    def on_blur(self) -> None:
        """Letters typed later begin another word."""
        self._typed = ""

    def on_click(self) -> None:
        self.action_next()

    def action_next(self) -> None:
        """Take the next value, after the last the first."""
        self._go(self._index + 1)

    def action_previous(self) -> None:
        self._go(self._index - 1)

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        self._go(-1)

    @property
    def _index(self) -> int:
        return [key for key, _ in self._options].index(self.value)

    def _go(self, index: int) -> None:
        self._typed = ""
        self._take(index % len(self._options))

    def _take(self, index: int) -> None:
        self.chosen = self.value = self._options[index][0]

    def _goes_on_with(self, letter: str) -> bool:
        labels = (fold(label) for _, label in self._options)
        return bool(self._typed) and any(label.startswith(self._typed + letter) for label in labels)

    def _find(self, letter: str) -> None:
        """Letters in a row spell a beginning; the same letter again goes on to the next."""
        labels = [fold(label) for _, label in self._options]
        for typed in (self._typed + letter, letter):
            after = self._index + (len(typed) == 1)
            order = [(after + step) % len(labels) for step in range(len(labels))]
            fits = [index for index in order if labels[index].startswith(typed)]
            if fits:
                self._typed = typed
                self._take(fits[0])
                return
        self._typed = ""
