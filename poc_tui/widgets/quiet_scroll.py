"""Scrolling, and changing the focus, at little cost to the rest of the screen."""

from __future__ import annotations

from textual import events
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class QuietScroll(ScrollView):
    """Lines drawn one by one; how many there are concerns nothing but its own scrollbar."""

    def set_line_count(self, lines: int) -> None:
        """Say how many lines there are to scroll through.

        Textual lays out the whole screen when a `virtual_size` changes, which takes longer than
        painting it. Nothing moves here, unless the scrollbar comes or goes: that asks for a layout
        of its own.
        """
        size = Size(0, lines)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`, straight from `render_line` where there is nothing around them.

        Textual keeps lines by their place on the screen, so that scrolling draws border, padding
        and background of each anew: as much work again as the lines themselves.
        """
        if self.styles.gutter.totals != (0, 0):
            return super().render_lines(crop)
        fill = self.visual_style.rich_style
        background = self.background_colors[1]
        filters = self.get_line_filters()
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip.crop_extend(crop.x, crop.right, fill))
        return strips


class QuietFocus:
    """For a screen, before Textual's own class: its widgets paint themselves.

    Textual's screens paint all of themselves whenever another widget takes the focus.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _was_shown = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style nothing again that was made a moment ago."""
        event.refresh_styles = event.refresh_styles and self._was_shown
        self._was_shown = True
