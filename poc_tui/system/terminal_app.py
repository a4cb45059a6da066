"""An app that is at home in its terminal: stops and ends as the shell expects, and points at
what has the focus with the terminal's own cursor.
"""

from __future__ import annotations

import asyncio
import atexit
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.geometry import Offset
from textual.worker import WorkerFailed

from poc_tui.errors import Broken, ToldToEnd
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.driver import Driver

OWN_CURSOR = "-own-cursor"
"""A class of the app: the terminal shows its cursor, so nobody else draws one."""

LAST_SECONDS = 3.0
"""How long what was typed and what is being saved may take, once the desk is told to end."""

_SHOW, _HIDE = "\x1b[?25h", "\x1b[?25l"


class TerminalApp(App[None]):
    """Screen readers, braille displays, input methods and tmux follow the terminal's cursor.

    It stands where the screen's `cursor_screen_offset` says, else that of the widget with the
    focus, else on that widget's first line; without a focus it is hidden.
    """

    suspend_keys: Collection[str] = ()
    """The keys that go back to the shell."""
    keys_with_alt: Collection[str] = ()
    """Signs that mean something with alt; with any other, Esc was pressed before it."""

    _drawn_cursor = Offset(0, 0)
    _fault: Exception | None = None
    _ending: asyncio.Task[None] | None = None

    # The cursor

    @property
    def cursor_position(self) -> Offset:
        """Where the cursor of the terminal is put with everything that is painted."""
        return self.cursor_place() or self._drawn_cursor

    @cursor_position.setter
    def cursor_position(self, offset: Offset) -> None:
        """Fields of Textual say where theirs is, one too far behind the last letter of a line."""
        self._drawn_cursor = offset

    def cursor_place(self) -> Offset | None:
        """Where the terminal's cursor belongs, counted from the top left; None to hide it."""
        if not self._screen_stack:
            return None
        for pointing in (self.screen, self.screen.focused):
            if (place := getattr(pointing, "cursor_screen_offset", None)) is not None:
                return self._seen(place)
        focused = self.screen.focused
        return None if focused is None else self._seen(focused.content_region.offset)

    def _seen(self, place: Offset) -> Offset | None:
        return place if self.screen.region.contains_point(place) else None

    def _begin_update(self) -> None:
        super()._begin_update()
        if not self._sync_available and self._driver is not None:
            self._driver.write(_HIDE)  # it would be seen to run over the screen

    def _end_update(self) -> None:
        if self._driver is not None:
            self._driver.write(_HIDE if self.cursor_place() is None else _SHOW)
        super()._end_update()

    def _build_driver(self, headless: bool, *rest: Any, **how: Any) -> Driver:
        if not headless:
            self.set_class(True, OWN_CURSOR, update=False)
        return super()._build_driver(headless, *rest, **how)

    def repaint(self) -> None:
        """Paint all of the screen: somebody else had the terminal."""
        self.refresh(layout=True)

    # Stopping and going on

    def action_suspend(self) -> None:
        """Go back to the shell, until it has the desk go on."""
        self.suspend_to_shell(whole_job=True)

    def suspend_to_shell(self, *, whole_job: bool) -> None:
        """The same; with `whole_job` also what was started together with the desk."""
        stop = getattr(self._driver, "stop_process", None)
        stopped = stop is not None and stop(whole_job=whole_job)
        self.repaint()
        if not stopped:
            self.notify("There is no shell here to go back to.", markup=False)

    # Ending

    def keep_words(self) -> None:
        """Write down what is half typed."""

    async def come_to_rest(self) -> None:
        """Until all that was typed so far has led to what it leads to."""

    def end(self) -> None:
        """End as a signal asks for: with the words kept, also those typed a moment ago, and not
        both kept and saved."""
        self._keep_words_if_possible()
        self._ending = asyncio.create_task(self._end_at_rest(), name="ending")

    def end_as_told(self) -> None:
        """What is left to do once the desk has ended.

        Raises:
            ToldToEnd: a signal ended it; the process ends by that signal when all is tidied up.
            Broken: a fault ended it.
        """
        give_back = getattr(self._driver, "give_back_at_once", None)
        if give_back is not None:
            give_back()
        if ended_by := getattr(self._driver, "ended_by", 0):
            atexit.register(end_by, ended_by)
            raise ToldToEnd(ended_by)
        if (fault := self._fault) is not None:
            raise Broken(
                f"a fault in poc has ended the desk ({type(fault).__name__}). What was saved is"
                " saved, and half-typed words come back in their dialog: open the desk again."
                " If it ends there again, report the lines above; they may hold words of customers."
            ) from fault

    async def _end_at_rest(self) -> None:
        with suppress(Exception):  # it takes too long, or cannot be known
            await asyncio.wait_for(self.come_to_rest(), LAST_SECONDS)
        self._keep_words_if_possible()
        self.exit()

    def _keep_words_if_possible(self) -> None:
        with suppress(Exception):  # on the way out: nothing must keep it from ending
            self.keep_words()

    def _handle_exception(self, error: Exception) -> None:
        # What fails in a worker comes wrapped, and would be shown in Textual's own way.
        fault = error.error if isinstance(error, WorkerFailed) else error
        if self._fault is None and isinstance(fault, Exception):
            self._fault = fault
            self._keep_words_if_possible()
        super()._handle_exception(self._fault or error)

    def _fatal_error(self) -> None:
        """Without the values of variables, which Textual prints: they are customers' words."""
        from traceback import format_exception

        from rich.text import Text

        if self._fault is not None:
            lines = safe("".join(format_exception(self._fault)), newline=True)
            self._exit_renderables.append(Text(lines.rstrip(), no_wrap=True, overflow="ignore"))
        self._close_messages_no_wait()


def end_by(signum: int) -> None:
    """End by that signal, as whoever sent it and the shell expect to see.

    For `atexit`: by then all that was under way in threads is done.
    """
    signal.signal(signum, signal.SIG_DFL)
    signal.raise_signal(signum)
