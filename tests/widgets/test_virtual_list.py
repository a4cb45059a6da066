"""The virtual list: what is shown, where the highlight is, and how little is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.content import Content

from poc_tui.errors import StoreBusy
from poc_tui.widgets.marks import MOST_MARKED
from poc_tui.widgets.pages import Pages
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual.pilot import Pilot

MILLION = 1_000_000
WIDTH, HEIGHT = 40, 10


@dataclass(frozen=True)
class Row:
    key: int
    text: str


@dataclass(eq=False)
class FakeSource:
    """Rows in memory; counts what is read and can be made busy."""

    keys: Sequence[int]
    texts: dict[int, str] = field(default_factory=dict)
    busy: bool = False
    reads: list[tuple[int, int]] = field(default_factory=list)

    def count(self) -> int:
        self._refuse_if_busy()
        return len(self.keys)

    def page(self, offset: int, limit: int) -> list[Row]:
        self._refuse_if_busy()
        self.reads.append((offset, limit))
        return [
            Row(key, self.texts.get(key, f"row {key}"))
            for key in self.keys[offset : offset + limit]
        ]

    def position(self, key: int) -> int | None:
        self._refuse_if_busy()
        return self.keys.index(key) if key in self.keys else None

    def _refuse_if_busy(self) -> None:
        if self.busy:
            raise StoreBusy("Another process is writing.")


class ListApp(App[None]):
    """One list that fills the screen, and all it said."""

    CSS = "Screen { overflow: hidden; }"

    def __init__(self, source: FakeSource) -> None:
        super().__init__()
        self.source = source
        self.list: VirtualList[Row] = VirtualList(
            key_of=lambda row: row.key, draw=lambda row, _width: ((row.text, ""),)
        )
        self.told: list[tuple[Row | None, int | None]] = []
        self.chosen: list[Row] = []
        self.counts: list[int] = []
        self.refused: list[int] = []

    def compose(self) -> ComposeResult:
        self.list.set_source(self.source)
        yield self.list

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted[Row]) -> None:
        self.told.append((event.row, event.index))

    def on_virtual_list_chosen(self, event: VirtualList.Chosen[Row]) -> None:
        self.chosen.append(event.row)

    def on_virtual_list_marks_changed(self, event: VirtualList.MarksChanged[Row]) -> None:
        self.counts.append(event.count)
        self.refused.append(event.refused)

    @property
    def lines(self) -> list[str]:
        """What the terminal shows within the frame."""
        shown = [strip.text for strip in self.screen._compositor.render_strips()]
        return [line[1:-1] for line in shown[1:-1]]

    @property
    def highlighted_key(self) -> int | None:
        row = self.list.highlighted_row
        return None if row is None else row.key

    @property
    def highlighted_line(self) -> int:
        """The one line of the screen that has the highlight's sign."""
        (line,) = (y for y, text in enumerate(self.lines) if text.startswith("▸"))
        return line


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app go on until this holds."""
    for _ in range(300):
        if holds():
            return
        await pilot.pause(0.01)
    pytest.fail("It never came to hold.")


def running(source: FakeSource) -> tuple[ListApp, VirtualList[Row]]:
    app = ListApp(source)
    return app, app.list


def style_at(app: ListApp, line: int, column: int = 4) -> Style | None:
    """The style of a cell, without what only Textual reads."""
    strip = app.screen._compositor.render_strips()[line]
    style = next(segment.style for segment in strip.crop(column, column + 1))
    return style and style.clear_meta_and_links()


SIZE = (WIDTH + 2, HEIGHT + 2)


class TestAMillionRows:
    async def test_the_first_screen_reads_one_page(self) -> None:
        app, _ = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert app.lines[0].startswith("▸  row 0 ")
            assert app.lines[9].startswith("   row 9 ")
            assert app.source.reads == [(0, 100)]
            assert app.told == [(Row(0, "row 0"), 0)]

    async def test_end_shows_the_last_rows_and_reads_one_page(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("end")
            await pilot.pause()
            assert app.lines[9].startswith("▸  row 999999")
            assert app.lines[0].startswith("   row 999990")
            assert widget.highlighted == MILLION - 1
            assert app.source.reads == [(0, 100), (999_900, 100)]
            await pilot.press("home")
            await pilot.pause()
            assert app.lines[0].startswith("▸  row 0 ")
            assert len(app.source.reads) == 2

    async def test_moving_within_a_page_reads_nothing(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press(*["down"] * 30, "up")
            await pilot.pause()
            assert widget.highlighted == 29
            assert app.told[-1] == (Row(29, "row 29"), 29)
            assert app.lines[app.highlighted_line].startswith("▸  row 29")
            assert app.source.reads == [(0, 100)]

    async def test_page_down_keeps_the_line_of_the_highlight(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down", "down", "pagedown")
            await pilot.pause()
            assert (widget.highlighted, app.highlighted_line) == (12, 2)
            await pilot.press("pageup")
            await pilot.pause()
            assert (widget.highlighted, app.highlighted_line) == (2, 2)
            await pilot.press("pageup")
            assert widget.highlighted == 0

    async def test_page_down_across_pages_reads_at_most_the_two_in_view(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            widget.highlighted = 500_094
            await pilot.pause()
            app.source.reads.clear()
            await pilot.press("pagedown")
            await pilot.pause()
            assert widget.highlighted == 500_104
            assert app.source.reads == [(500_100, 100)]

    async def test_dragging_the_scrollbar_reads_only_what_comes_into_view(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            widget.scroll_to(y=700_000, animate=False, force=True)
            await pilot.pause()
            assert app.lines[0].startswith("   row 700000")
            assert widget.highlighted == 0
            assert app.source.reads == [(0, 100), (700_000, 100)]

    async def test_a_key_after_scrolling_away_comes_back_to_the_highlight(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            widget.scroll_to(y=700_000, animate=False, force=True)
            await pilot.press("home")
            await pilot.pause()
            assert app.highlighted_line == 0


def test_few_pages_are_kept_however_far_one_scrolls() -> None:
    source = FakeSource(range(MILLION))
    pages = Pages(source, size=10, keep=3)
    for index in (0, 10, 20, 5, 30):
        pages.row(index)
    assert [pages.holds(index) for index in (0, 10, 20, 30)] == [True, False, True, True]
    assert pages.row(MILLION) is None
    assert pages.row(-1) is None


class TestRowsComeAndGo:
    async def test_the_highlight_stays_on_its_row_and_line_when_rows_come_in_above(self) -> None:
        app, widget = running(FakeSource(list(range(1000))))
        async with app.run_test(size=SIZE) as pilot:
            widget.highlighted = 503
            await pilot.press("up", "up")
            line = app.highlighted_line
            app.source.keys = [*range(5000, 5020), *app.source.keys]
            app.source.reads.clear()
            told = len(app.told)
            widget.refresh_rows()
            await pilot.pause()
            assert (app.highlighted_key, widget.highlighted) == (501, 521)
            assert app.highlighted_line == line
            assert app.lines[line].startswith("▸  row 501")
            assert app.source.reads == [(500, 100)]
            assert len(app.told) == told, "the same row with the same content is no news"

    async def test_the_highlight_follows_a_row_that_moves(self) -> None:
        app, widget = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down")
            app.source.keys = [0, *range(2, 300), 1]
            widget.refresh_rows()
            await pilot.pause()
            assert (app.highlighted_key, widget.highlighted) == (1, 299)
            assert app.lines[app.highlighted_line].startswith("▸  row 1 ")

    async def test_when_the_row_is_gone_the_one_in_its_place_is_highlighted(self) -> None:
        app, widget = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down", "down")
            app.source.keys = [key for key in range(300) if key != 2]
            widget.refresh_rows()
            await pilot.pause()
            assert (app.highlighted_key, widget.highlighted, app.highlighted_line) == (3, 2, 2)
            assert app.told[-1] == (Row(3, "row 3"), 2)

    async def test_when_the_last_row_is_gone_the_new_last_is_highlighted(self) -> None:
        app, widget = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("end")
            app.source.keys = list(range(250))
            widget.refresh_rows()
            await pilot.pause()
            assert (app.highlighted_key, app.highlighted_line) == (249, HEIGHT - 1)

    async def test_changed_content_of_the_highlighted_row_is_told_and_shown(self) -> None:
        app, widget = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            app.source.texts[0] = "answered"
            widget.refresh_rows()
            await pilot.pause()
            assert app.told == [(Row(0, "row 0"), 0), (Row(0, "answered"), 0)]
            assert app.lines[0].startswith("▸  answered")

    async def test_what_one_has_scrolled_to_stays_in_view(self) -> None:
        app, widget = running(FakeSource(list(range(1000))))
        async with app.run_test(size=SIZE) as pilot:
            widget.scroll_to(y=400, animate=False, force=True)
            await pilot.pause()
            app.source.keys = [5000, 5001, *app.source.keys]
            widget.refresh_rows()
            await pilot.pause()
            assert app.lines[0].startswith("   row 400")
            assert app.highlighted_key == 0

    async def test_a_list_that_shrank_unnoticed_shows_no_row_twice(self) -> None:
        app, _ = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            app.source.keys = list(range(295))
            await pilot.press("end")
            await pilot.pause()
            assert app.lines[4].startswith("   row 294")
            assert app.lines[9].startswith("▸  …")
            app.list.refresh_rows()
            await pilot.pause()
            assert app.lines[9].startswith("▸  row 294")


class TestAnotherSource:
    async def test_the_highlight_stays_on_its_row_if_the_other_view_has_it(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down", "down", "down")
            widget.set_source(FakeSource(range(0, MILLION, 3)))
            await pilot.pause()
            assert (app.highlighted_key, widget.highlighted) == (3, 1)
            widget.set_source(FakeSource([8, 9]))
            await pilot.pause()
            assert (app.highlighted_key, widget.highlighted) == (8, 0)
            assert [line[3:8].strip() for line in app.lines[:3]] == ["row 8", "row 9", ""]

    async def test_a_row_that_was_scrolled_out_of_view_is_in_view_in_the_other(self) -> None:
        app, widget = running(FakeSource(range(1000)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down")
            widget.scroll_to(y=400, animate=False, force=True)
            widget.set_source(FakeSource([*range(500, 600), 1, *range(600, 700)]))
            await pilot.pause()
            assert app.highlighted_key == 1
            assert app.lines[app.highlighted_line].startswith("▸  row 1 ")

    async def test_without_keeping_it_starts_at_the_first_row(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("end")
            widget.set_source(FakeSource(range(200)), keep=False)
            await pilot.pause()
            assert (widget.highlighted, app.highlighted_line) == (0, 0)

    async def test_the_row_is_found_again_after_an_empty_view(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("end")
            widget.set_source(FakeSource([]))
            await pilot.pause()
            assert app.told[-1] == (None, None)
            widget.set_source(app.source)
            await pilot.pause()
            assert (app.highlighted_key, app.highlighted_line) == (99, HEIGHT - 1)


class TestBusySource:
    async def test_unknown_rows_are_dots_until_the_source_answers(self) -> None:
        app, widget = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            app.source.busy = True
            await pilot.press("end")
            await pilot.pause()
            assert [line[3:].strip(" ▁▂▃▄▅▆▇█") for line in app.lines] == ["…"] * HEIGHT
            assert widget.highlighted_row is None
            app.source.busy = False
            await until(pilot, lambda: widget.highlighted_row is not None)
            await pilot.pause()
            assert app.lines[9].startswith("▸  row 999999")
            assert app.told[-1] == (Row(999_999, "row 999999"), 999_999)

    async def test_a_refresh_leaves_what_is_shown_until_the_source_answers(self) -> None:
        app, widget = running(FakeSource(list(range(300))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            before = app.lines
            app.source.keys = [900, *range(300)]
            app.source.busy = True
            widget.refresh_rows()
            await pilot.pause()
            assert app.lines == before
            app.source.busy = False
            await until(pilot, lambda: widget.highlighted == 1)
            assert app.highlighted_key == 0

    async def test_the_newest_wish_wins_when_several_views_were_asked_for(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            first, second = FakeSource([500], busy=True), FakeSource([600], busy=True)
            widget.set_source(first)
            widget.set_source(second)
            widget.refresh_rows()
            first.busy = second.busy = False
            await until(pilot, lambda: app.highlighted_key == 600)
            assert not first.reads

    async def test_busy_from_the_start_is_not_shown_as_empty(self) -> None:
        app, widget = running(FakeSource(range(100), busy=True))
        async with app.run_test(size=SIZE) as pilot:
            widget.set_empty(Content("Nothing to do."))
            await pilot.pause()
            assert not any(line.strip() for line in app.lines)
            app.source.busy = False
            await until(pilot, lambda: app.highlighted_key == 0)


class TestMarks:
    async def test_a_mark_is_a_sign_and_the_highlight_goes_on(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            for _ in range(2):
                widget.action_toggle_mark()
            await pilot.pause()
            assert widget.marked == {0, 1}
            assert [line[:3] for line in app.lines[:3]] == [" ● ", " ● ", "▸  "]
            await pilot.press("up")
            widget.action_toggle_mark()
            await pilot.pause()
            assert widget.marked == {0}
            widget.action_mark_clear()
            await pilot.pause()
            assert [line[:3] for line in app.lines[:3]] == ["   ", "   ", "▸  "]
            assert app.counts == [1, 2, 1, 0]

    async def test_marks_stay_on_their_rows_when_others_come_in(self) -> None:
        app, widget = running(FakeSource(list(range(100))))
        async with app.run_test(size=SIZE) as pilot:
            widget.action_toggle_mark()
            app.source.keys = [0, 700, *range(1, 100)]
            widget.refresh_rows()
            await pilot.pause()
            assert [line[:8] for line in app.lines[:3]] == [" ● row 0", "   row 7", "▸  row 1"]
            widget.scroll_to(y=0, animate=False, force=True)
            await pilot.pause()
            assert [line[:8] for line in app.lines[:3]] == [" ● row 0", "   row 7", "▸  row 1"]


class TestMouse:
    async def test_a_click_highlights_and_a_double_click_chooses(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.click(VirtualList, offset=(11, 5))
            await pilot.pause()
            assert (widget.highlighted, app.chosen) == (4, [])
            await pilot.click(VirtualList, offset=(11, 7), times=2)
            await pilot.pause()
            assert app.chosen == [Row(6, "row 6")]

    async def test_a_click_on_the_signs_marks_and_leaves_the_highlight(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.click(VirtualList, offset=(2, 5))
            await pilot.pause()
            assert (widget.marked, widget.highlighted) == ({4}, 0)
            assert app.lines[4].startswith(" ● row 4")

    async def test_a_click_below_the_last_row_does_nothing(self) -> None:
        app, widget = running(FakeSource(range(2)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.click(VirtualList, offset=(11, 6))
            await pilot.click(VirtualList, offset=(2, 6))
            assert (widget.highlighted, widget.marked) == (0, set())

    async def test_the_wheel_scrolls_and_leaves_the_highlight(self) -> None:
        app, widget = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            widget.post_message(
                events.MouseScrollDown(widget, 5, 5, 0, 1, 0, shift=False, meta=False, ctrl=False)
            )
            await until(pilot, lambda: widget.scroll_offset.y > 0)
            await pilot.pause()
            assert not app.lines[0].startswith("▸")
            assert widget.highlighted == 0


async def test_enter_chooses_the_highlighted_row() -> None:
    app, _ = running(FakeSource(range(100)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "enter")
        assert app.chosen == [Row(1, "row 1")]


class TestEmpty:
    async def test_an_empty_list_says_so_and_takes_every_key(self) -> None:
        app, widget = running(FakeSource([]))
        widget.set_empty(Content("Nothing to do.\nPress n for a new request."))
        async with app.run_test(size=SIZE) as pilot:
            keys = ("up", "down", "pageup", "pagedown", "home", "end", "enter")
            await pilot.press(*keys)
            widget.action_toggle_mark()
            await pilot.pause()
            assert [line.strip() for line in app.lines[:4]] == [
                "",
                "Nothing to do.",
                "Press n for a new request.",
                "",
            ]
            assert app.lines[1].index("Nothing") == 13
            assert (widget.highlighted, widget.highlighted_row, app.told) == (None, None, [])

    async def test_the_first_row_to_come_in_is_highlighted(self) -> None:
        app, widget = running(FakeSource([]))
        async with app.run_test(size=SIZE) as pilot:
            app.source.keys = [7]
            widget.refresh_rows()
            await pilot.pause()
            assert app.told == [(Row(7, "row 7"), 0)]


class TestDrawing:
    @pytest.mark.parametrize(
        "text", ["漢" * 60, "a" + "漢" * 60, "👩‍💻" * 40, "é" * 80, "a\tb" * 30]
    )
    async def test_wide_rows_do_not_shift_the_frame(self, text: str) -> None:
        app, _ = running(FakeSource(range(100), {1: text}))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            widths = {cell_len(strip.text) for strip in app.screen._compositor.render_strips()}
            assert widths == {WIDTH + 2}
            assert cell_len(app.lines[1].rstrip()) >= WIDTH - 4

    async def test_the_drawer_gets_the_width_that_is_left(self) -> None:
        app, widget = running(FakeSource(range(100)))
        widget._draw = lambda _row, width: (("x" * width, ""),)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            assert app.lines[1].count("x") == widget.scrollable_content_region.width - 3
            assert "…" not in app.lines[1]

    async def test_without_colour_and_focus_the_highlight_is_a_sign(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app, _ = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("down")
            app.set_focus(None)
            await pilot.pause()
            assert app.highlighted_line == 1

    async def test_the_highlight_is_calmer_without_focus(self) -> None:
        app, _ = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            styles = [style_at(app, 0)]
            app.set_focus(None)
            await pilot.pause()
            styles.append(style_at(app, 0))
            assert styles[0] != styles[1]
            assert style_at(app, 1) not in styles
            assert style_at(app, 0, column=30) == styles[1], "it reaches across the line"

    async def test_a_smaller_terminal_keeps_the_highlight_in_view(self) -> None:
        app, _ = running(FakeSource(range(MILLION)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("end")
            await pilot.resize_terminal(WIDTH - 10, HEIGHT - 4)
            await pilot.pause()
            assert app.lines[3].startswith("▸  row 999999")

    async def test_another_theme_redraws_the_lines(self) -> None:
        app, _ = running(FakeSource(range(100)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            before = style_at(app, 3)
            app.theme = "textual-light"
            await pilot.pause()
            assert style_at(app, 3) != before


async def test_rows_that_are_as_they_were_are_not_drawn_again() -> None:
    app, widget = running(FakeSource(list(range(100))))
    drawn: list[int] = []

    def draw(row: Row, _width: int) -> tuple[tuple[str, str]]:
        drawn.append(row.key)
        return ((row.text, ""),)

    widget._draw = draw
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.source.texts[3] = "answered"
        drawn.clear()
        widget.refresh_rows()
        await pilot.pause()
        assert app.lines[3].startswith("   answered")
        assert drawn == [3]
        widget.redraw()
        await pilot.pause()
        assert set(drawn[1:]) == set(range(HEIGHT))


# Marking many


async def test_all_rows_are_marked_where_there_are_not_too_many() -> None:
    app, rows = running(FakeSource(range(MOST_MARKED)))
    async with app.run_test(size=(WIDTH, HEIGHT)):
        rows.marks.mark_all()
        assert rows.marked == set(range(MOST_MARKED))
        rows.marked.discard(3)
        rows.marks.mark_all(invert=True)
        assert rows.marked == {3}


async def test_of_a_million_rows_none_is_marked_and_none_is_read_for_it() -> None:
    source = FakeSource(range(MILLION))
    app, rows = running(source)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        before = len(source.reads)
        rows.marks.mark_all()
        rows.marks.mark_all(invert=True)
        await until(pilot, lambda: app.refused == [MILLION, MILLION])
        assert not rows.marked
        assert len(source.reads) == before


async def test_a_range_reaches_as_far_as_may_be_marked_and_back_again() -> None:
    source = FakeSource(range(MILLION))
    app, rows = running(source)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        rows.action_mark_range()
        rows.action_cursor_down()
        assert rows.marked == {0, 1}
        rows.action_last()
        assert rows.marked == {0, 1}
        rows.action_first()
        rows.action_page_down()
        await until(pilot, lambda: len(rows.marked) > 2)
        assert rows.marked == set(range(rows.highlighted_row.key + 1))  # type: ignore[union-attr]
        rows.action_cursor_down()
        await until(pilot, lambda: [line[1] for line in app.lines[:3]] == ["●", "●", " "])


async def test_a_range_begins_at_its_row_wherever_that_goes() -> None:
    source = FakeSource([1, 2, 3, 4])
    app, rows = running(source)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        rows.action_cursor_down()
        rows.action_mark_range()
        source.keys = [9, 8, 1, 2, 3, 4]
        rows.refresh_rows()
        rows.action_cursor_down()
        assert rows.marked == {2, 3}
        source.keys = [9, 8, 1, 3, 4]
        rows.refresh_rows()
        rows.action_cursor_down()
        await until(pilot, lambda: rows.marks.range_from is None)
        assert rows.marked == {2, 3}
