"""From a request that was acted on to the next one: where it went, and which needs a person now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.worker import WorkerError

from poc_tui.rules.applicable import meets
from poc_tui.rules.court import CUSTOMER, DEPARTMENT, ME
from poc_tui.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from datetime import datetime

    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.store.records import QueueRow

LOOKED_AT = 100
"""Rows below the one acted on, and from the top, that are asked whose move they are."""

TRIES = 3
"""So often the desk is read again where another program writes without a pause."""

_BY_COURT = {
    ME: "my-turn",
    DEPARTMENT: "with-departments",
    CUSTOMER: "with-customer",
    None: "resolved",
}
"""The view in which a request is that is not snoozed, by whose move it is."""


def view_of(row: QueueRow, now: datetime) -> str:
    """The view that a request is in at `now`."""
    return "snoozed" if meets(row, "snoozed", now) else _BY_COURT[row.court]


class NextRequest:
    """Leads on in the queue of `screen`, below its line of views."""

    def __init__(self, screen: QueueScreen) -> None:
        self._screen = screen

    def after(self, acted_on: Sequence[QueueRow]) -> Callable[[], Awaitable[None]]:
        """Called before a verb is carried out on these; what it gives, awaited after that, waits
        for the screen and highlights the next one, unless a person would rather not be led on.

        That is the one that now stands where the highlighted one stood, if that has left the view;
        else the next one down, or from the top, whose move is mine. By the requests that stand
        there now, not by the place: what comes in meanwhile moves it. Where the highlight is on
        none of these, it stays there. Awaiting raises what reading raises.
        """
        queue, done_with = self._screen.queue, {row.number for row in acted_on}
        here: QueueRow | None = queue.highlighted_row
        number = None if here is None else here.number
        below = queue.rows_from_highlight(LOOKED_AT) if number in done_with else ()
        then = [row for row in below if row.number not in done_with]

        async def lead_on() -> None:
            caught_up = await self._is_caught_up()
            if number in done_with and caught_up and self._screen.session.settings.highlight_next:
                stays = queue.has_key(number)
                queue.highlight_key(*(row.number for row in then if not stays or row.court == ME))

        return lead_on

    async def _is_caught_up(self) -> bool:
        """Wait until the screen shows what was done: keys typed behind it are meant for that.

        False where it could not be read again. Raises what reading raises.
        """
        screen = self._screen
        for _ in range(TRIES):
            seeking = [worker for worker in screen.workers if worker.group == "search"]
            if seeking:
                with suppress(WorkerError):  # another one took its place
                    await screen.workers.wait_for_complete(seeking)
            if not (screen.store_watch.is_missing or screen.queue.is_behind):
                return True
            await screen.session.readable()
            screen.reload()
        return False

    def place_of(self, rows: Sequence[QueueRow]) -> str:
        """The view that these requests are in, with its key; empty where that is the one shown,
        or they are in several."""
        tabs, now = self._screen.query_one(ViewTabs), self._screen.session.clock.now()
        places = {view_of(row, now) for row in rows}
        names = {tab.view: f"{tab.key} {tab.name}" for tab in tabs.tabs}
        view = places.pop() if len(places) == 1 else tabs.current
        return "" if view == tabs.current else names[view]
