"""Framed lines: that only what has changed goes to the terminal, in few words, and all of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region

from poc_tui.widgets.inks import joined
from poc_tui.widgets.reading_pane import ReadingPane

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 40, 10
RED, BLUE = Style.parse("red on black"), Style.parse("blue on black")


class WatchedPane(ReadingPane):
    """Knows which of its lines were to be painted, counted from the upper side of the frame."""

    def __init__(self) -> None:
        self.painted: set[int] = set()
        self.with_side: set[int] = set()
        """Of which of them the right side of the frame was to be painted as well."""
        super().__init__()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        for region in regions or [Region(0, -1, WIDTH - 1, HEIGHT)]:
            lines = range(region.y + 1, region.bottom + 1)
            self.painted.update(lines)
            if region.right == WIDTH - 1:
                self.with_side.update(lines)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def say(self, *lines: str, head: Sequence[Content] = ()) -> set[int]:
        """Show this; gives the lines that are painted for it."""
        self.painted.clear()
        self.with_side.clear()
        pieces = [[Content(line)] for line in lines]
        self.show(lambda _width: (head, pieces), newest=False)
        return set(self.painted)


class PaneApp(App[None]):
    """A pane that fills the screen."""

    def compose(self) -> ComposeResult:
        yield WatchedPane()

    def on_mount(self) -> None:
        self.query_one(WatchedPane).styles.height = HEIGHT


class TestWhatIsPainted:
    async def test_only_the_line_that_says_something_else(self) -> None:
        async with PaneApp().run_test(size=(WIDTH, HEIGHT)) as pilot:
            pane = pilot.app.query_one(WatchedPane)
            pane.say("one", "two", "three")
            await pilot.pause()
            assert pane.say("one", "2", "three") == {2}
            assert pane.with_side == set(), "the side is not sent, which is as it was"
            await pilot.pause()
            assert pane.say("one", "2", "three") == set()

    async def test_a_line_in_other_colours_is_another_line(self) -> None:
        async with PaneApp().run_test(size=(WIDTH, HEIGHT)) as pilot:
            pane = pilot.app.query_one(WatchedPane)
            pane.say("words", head=[Content("by 14:00")])
            await pilot.pause()
            assert pane.say("words", head=[Content.styled("by 14:00", "bold")]) == {1}

    async def test_another_head_paints_below_it_only_what_has_moved(self) -> None:
        async with PaneApp().run_test(size=(WIDTH, HEIGHT)) as pilot:
            pane = pilot.app.query_one(WatchedPane)
            pane.say("words", head=[Content("one")])
            await pilot.pause()
            assert pane.say("words", head=[Content("one"), Content("two")]) == {2, 3}

    async def test_where_one_is_in_a_long_text_is_painted_in_the_frame_as_one_reads(self) -> None:
        async with PaneApp().run_test(size=(WIDTH, HEIGHT)) as pilot:
            pane = pilot.app.query_one(WatchedPane)
            pane.say(*["the same words"] * 100)
            pane.focus()
            await pilot.pause()
            pane.painted.clear()
            pane.with_side.clear()
            await pilot.press("end")
            assert pane.painted == pane.with_side == {1, HEIGHT - 2}, (
                "the sign has left the top and is at the end"
            )

    async def test_what_is_painted_for_one_change_stays_whole(self) -> None:
        async with PaneApp().run_test(size=(WIDTH, HEIGHT)) as pilot:
            pane = pilot.app.query_one(WatchedPane)
            pane.say("one", "two", "three")
            await pilot.pause()
            pane.entitle("Title")
            await pilot.pause()
            strips = pilot.app.screen._compositor.render_strips()
            shown = [strip.text for strip in strips]
            assert shown[0].startswith("╭─ Title ─")
            assert [line[2:8].strip() for line in shown[1:4]] == ["one", "two", "three"]
            assert {len(line) for line in shown} == {WIDTH}


class TestAsFewSegmentsAsLookTheSame:
    def test_neighbours_of_one_ink_are_one(self) -> None:
        assert joined([Segment("a", RED), Segment("b", RED)]) == [Segment("ab", RED)]

    def test_letters_keep_their_ink(self) -> None:
        line = [Segment("a", RED), Segment("b", BLUE), Segment("c", RED)]
        assert joined(line) == line

    @pytest.mark.parametrize("at", [0, 1])
    def test_spaces_take_on_the_ink_beside_them(self, at: int) -> None:
        line = [Segment("a", RED)]
        line.insert(at, Segment("  ", BLUE))
        assert joined(line) == [Segment("  a" if at == 0 else "a  ", RED)]

    @pytest.mark.parametrize("seen", ["underline", "strike", "reverse", "on blue"])
    @pytest.mark.parametrize("of_space", [True, False])
    def test_spaces_in_which_there_is_something_to_see_stay(
        self, seen: str, *, of_space: bool
    ) -> None:
        marked = RED + Style.parse(seen)
        letter, space = (BLUE, marked) if of_space else (marked, RED)
        line = [Segment("a", letter), Segment(" ", space)]
        assert joined(line) == line
