"""The second line of the desk: the views with their counts; a click goes there.

What is asked for in one line takes their place, so that nothing moves on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from poc_tui.widgets.key_bar import KeyHint

if TYPE_CHECKING:
    from textual import events

    from poc_tui.widgets.find_line import FindLine

SHORT_NAMES = {"with-departments": "Dept", "with-customer": "Customer"}
"""What views are called where their names have no room."""


class ViewTab(NamedTuple):
    """One view: its id, the key that shows it, and its name."""

    view: str
    key: str
    name: str


class LinePrompt(NamedTuple):
    """What is asked for in one line.

    `sign` stands before the words, `hint` in their place while there are none. `entered` is called
    with the words when Enter was pressed.
    """

    sign: str
    hint: str
    entered: Callable[[str], object]
    typed: Callable[[str], object] | None = None
    """Called with the words at every change, where the list shows what they find; that is left
    together with the line."""
    enters: str = "go there"
    """What Enter does, for the line of keys."""


class ViewTabs(Widget):
    """`1 My turn 5   2 With departments 6 ...`, in own short names where there is no room."""

    DEFAULT_CSS = """
    ViewTabs { height: 1; padding: 0 1; color: $text-muted; }
    ViewTabs > * { margin-left: 2; }
    """

    counts: reactive[dict[str, int]] = reactive(dict)
    current: reactive[str] = reactive("")
    tabs: reactive[Sequence[ViewTab]] = reactive(())
    prompt: reactive[LinePrompt | None] = reactive(None)
    """What is asked for in their place; None while the views are shown."""

    class Chosen(Message):
        """A view was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self, tabs: Sequence[ViewTab]) -> None:
        super().__init__()
        self.set_reactive(ViewTabs.tabs, tabs)
        self._spans: list[tuple[int, int, str]] = []
        self._line: FindLine | None = None

    def ask(self, prompt: LinePrompt, words: str = "") -> None:
        """Ask for something in one line, beginning with these words."""
        if self._line is None:
            from poc_tui.widgets.find_line import FindLine

            self._line = FindLine(self._typed, self._entered, self.close)
            self.mount(self._line)
        self.prompt = prompt
        self._line.ask(prompt.hint, words)
        self._line.display = True
        self._line.focus()

    def offer(self, names: Sequence[str]) -> None:
        """Names to which the words in the line can be completed."""
        if self._line is not None:
            self._line.offer(names)

    def keys(self, usual: Sequence[KeyHint]) -> Sequence[KeyHint]:
        """The keys that mean something now: while one types in the line, those that end it."""
        asked = self.prompt
        if asked is None or self._line is None or self.screen.focused is not self._line:
            return usual
        return (
            KeyHint("enter", asked.enters, "app.simulate_key('enter')"),
            KeyHint("esc", "leave", "app.simulate_key('escape')"),
        )

    def close(self) -> None:
        """Show the views again."""
        if self._line is not None:
            self.prompt = None
            self._line.display = False

    def _typed(self, words: str) -> None:
        if self.prompt is not None and self.prompt.typed is not None:
            self.prompt.typed(words)

    def _entered(self, words: str) -> None:
        if self.prompt is not None:
            self.prompt.entered(words)

    def render(self) -> Content:
        if self.prompt is not None:
            return Content.styled(self.prompt.sign, "bold $text-primary")
        width = self.content_size.width
        for gap, short, say in _FORMS:
            parts, length = self._parts(gap, say, short=short)
            if length <= width:
                break
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        if self.prompt is not None:
            return
        x = event.get_content_offset_capture(self).x
        for start, end, view in self._spans:
            if start <= x < end:
                self.post_message(self.Chosen(view))

    def _parts(
        self, gap: int, say: Callable[[int], str], *, short: bool
    ) -> tuple[list[tuple[str, str]], int]:
        parts: list[tuple[str, str]] = []
        self._spans = []
        at = 0
        for tab in self.tabs:
            chosen = tab.view == self.current
            name = SHORT_NAMES.get(tab.view, tab.name) if short else tab.name
            count = self.counts.get(tab.view)
            words = f"{tab.key} {name}" + ("" if count is None else say(count))
            parts.append((words, "bold underline $text-primary" if chosen else ""))
            parts.append((" " * gap, ""))
            self._spans.append((at, at + len(words), tab.view))
            at += len(words) + gap
        return parts, at - gap


def _whole(count: int) -> str:
    return f" {count:,}"


def _rounded(count: int) -> str:
    """A count in thousands or millions, rounded down: ` 999`, ` 1.9k`, ` 12k`, ` 1M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            tenths = count * 10 // size
            return f" {tenths / 10 if tenths < 100 else tenths // 10:g}{unit}"
    return f" {count}"


def _unsaid(_count: int) -> str:
    return ""


_FORMS: tuple[tuple[int, bool, Callable[[int], str]], ...] = (
    (3, False, _whole),
    (2, False, _whole),
    (1, False, _whole),
    (2, True, _whole),
    (1, True, _whole),
    (1, True, _rounded),
    (1, True, _unsaid),
)
"""The cells between two views, whether names are the short ones, and how counts are said; the first
that has room is taken."""
