"""Going to a request by its number, to a customer by name, and back to what was looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.screens.next_request import view_of
from poc_tui.screens.services.finder import QueueContents
from poc_tui.store.queries import queue, views
from poc_tui.widgets.view_tabs import LinePrompt

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.queue_views import QueueViews

_NUMBER = re.compile(r"\s*#?\s*([0-9]{1,18})\s*")


class Jumps:
    """The commands that lead to a request or a customer, wherever they are."""

    def __init__(self, screen: QueueScreen, shown: QueueViews) -> None:
        self._screen = screen
        self._views = shown
        self.commands: dict[str, Callable[[], object]] = {
            "go_to_number": self._ask_number,
            "go_to_customer": self._ask_customer,
            "recent": self._recent,
        }

    def go_to(self, words: str) -> None:
        """Go to the request of a number (`#1042`, `1042`), or to a customer (`@meyer`).

        Any other words are searched for. What there is not is said.
        """
        if found := _NUMBER.fullmatch(words):
            self._screen.ask(partial(self._go_to_number, int(found[1])))
        elif words.startswith("@"):
            self._views.want(self._of_customer(words[1:]))
        else:
            what = QueueContents(self._views.contents.view, words=words, what="search")
            self._views.want(what)

    def pasted(self, words: str) -> bool:
        """Go to the request whose number, with its sign, was pasted; False if it is none."""
        is_number = words.lstrip().startswith("#") and _NUMBER.fullmatch(words) is not None
        if is_number:
            self.go_to(words)
        return is_number

    def _ask_number(self) -> None:
        def entered(words: str) -> None:
            if _NUMBER.fullmatch(words):
                self.go_to(words)
            elif words.strip(" #"):
                self._screen.warn(f"“{words}” is no number of a request.")
            else:
                self._screen.set_focus(self._screen.queue)

        hint = "number of a request; enter goes there, esc stays here"
        self._views.tabs.ask(LinePrompt("#", hint, entered))

    def _ask_customer(self) -> None:
        def wanted(words: str) -> QueueContents:
            return self._of_customer(words) if words.strip("@ ") else self._views.bare()

        hint = "name of a customer; → completes, ↓ takes the next, enter goes there"
        self._views.ask("@", hint, wanted)

    def _of_customer(self, name: str) -> QueueContents:
        """What shows a customer's requests; `name` may be begun with the sign of a customer."""
        bare = self._views.bare()
        return bare._replace(words=name.strip().removeprefix("@"), what="customer")

    def _recent(self) -> None:
        """Show what was looked at or done something to, the latest first."""
        self._views.want(self._views.bare()._replace(what="recent", sort="due"))

    async def _go_to_number(self, number: int) -> None:
        """Highlight the request where it is shown, else in the view that it is in."""
        session, shown = self._screen.session, self._screen.queue
        rows = queue.by_number(session.reader, [number])
        if not rows:
            self._screen.warn(f"There is no request #{number}.")
            return
        session.looked_at[number] = session.clock.now()
        self._screen.set_focus(shown)
        if not shown.highlight_key(number):
            view = views.VIEWS[view_of(rows[0], session.clock.now())]
            self._views.want(QueueContents(view), goal=number)
