"""Screens whose commands are carried out by objects that they have.

A key, the palette and a click ask a screen for one action, `run`, with the id of a command; the
screen looks up in `commands` who does it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.dom import DOMNode
from textual.screen import Screen, ScreenResultType

from poc_tui.commands import run_action
from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.screens.footer import Footer
from poc_tui.screens.type_ahead import holds_keys, keys_wait, typing_at
from poc_tui.settings.keymap import display_key
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from poc_tui.widgets.marks import MOST_MARKED
from poc_tui.widgets.quiet_focus import QuietFocus
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.commands import Scope
    from poc_tui.screens.services.store_watch import StoreWatch
    from poc_tui.screens.session import Session
    from poc_tui.settings.keymap import Keymap
    from poc_tui.store.records import QueueRow, ReminderRow

MANY_MARKS = 50
"""With more marks than that the line of keys stays as it is: it would wait for all to be read."""

LEAVE = KeyHint("esc", "back", run_action("leave"))


def bind(node: DOMNode, keymap: Keymap, *scopes: Scope) -> None:
    """Bind the commands of these scopes on `node`, in place of what Textual bound to their keys.

    A class's BINDINGS are fixed when it is made; a person's own keys are known only at run time.
    """
    for binding in keymap.bindings(*scopes):
        for key in binding.keys.split(","):
            node._bindings.key_to_bindings.pop(key, None)
        node._bindings.bind(
            binding.keys,
            binding.action,
            binding.label,
            show=bool(binding.footer),
            key_display=binding.shown,
        )


class CommandScreen(QuietFocus, Screen[ScreenResultType]):
    """A screen on which the commands of some scopes work, as far as `commands` has them."""

    KEYS_FIRST = "Requests"
    """The group of commands whose keys the help shows first."""

    go_to: Callable[[str], object] | None = None
    """Goes to the request of a number (`#1042`) or a customer (`@meyer`), or searches for words,
    where there is a queue that can show it."""

    def __init__(self, session: Session, *scopes: Scope) -> None:
        super().__init__()
        self.session = session
        self.in_vain: list[Callable[[], Iterable[str]]] = []
        """Each tells which commands would find nothing to do now, as far as that is quick."""
        self.commands: dict[str, Callable[..., object]] = {}
        """What carries out each command, by its id. One that is a coroutine function asks
        something: it goes on in a worker, and keys wait for the dialogs that it opens."""
        self.footer = Footer(session, self.commands, self.chosen)
        bind(self, session.keymap, *scopes)

    def chosen(self) -> Sequence[QueueRow]:
        """The requests that a verb acts on: the marked ones, else the highlighted one."""
        return ()

    def leaves_by(self, *keys: str) -> None:
        """Let these keys lead back to where one came from, whatever else they are bound to."""
        for key in keys:
            self._bindings.key_to_bindings.pop(key, None)
            self._bindings.bind(key, LEAVE.action, LEAVE.label, key_display=display_key(key))

    def action_run(self, id: str, *given: object) -> None:
        """Carry out a command, with what a person has said already of what it would ask."""
        command = partial(self.commands[id], *given)
        if iscoroutinefunction(command):
            self.ask(command)
        else:
            command()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Not every command has a meaning on every screen."""
        return action != "run" or parameters[0] in self.commands

    @holds_keys
    async def ask(self, asking: Callable[[], Awaitable[None]]) -> None:
        """Do what asks something; what hinders it is said."""
        try:
            await self.session.readable()
            await asking()
        except PocError as error:
            self.warn(str(error))

    @on(KeyBar.Chosen)
    async def _key_chosen(self, event: KeyBar.Chosen) -> None:
        if self.is_active:  # not a second click, seen when the first has opened a dialog
            node = self.app if event.action == "help" else self
            await self.app.run_action(event.action, node)

    def say(self, sentence: str) -> None:
        """Say what was done."""
        typing_at(self).said_in_passing = True
        self.app.clear_notifications()
        self.app.notify(safe(sentence, newline=True), markup=False, timeout=3)

    def warn(self, sentence: str) -> None:
        """Say why something was not done."""
        if keys_wait():  # a dialog that did not open must not have its words pressed on the desk
            typing_at(self).forget_ahead()
        typing_at(self).said_in_passing = True
        self.app.clear_notifications()
        self.app.notify(safe(sentence, newline=True), markup=False, severity="warning", timeout=5)


class RequestsScreen(CommandScreen[None]):
    """A screen on which requests are chosen and acted on."""

    NOTHING_CHOSEN: ClassVar[str] = "No request is highlighted; n takes one down."
    """What is said to somebody who acts on no request."""

    bring_up: Callable[[int], Awaitable[object]] | None = None
    """Shows a request where the screen has a pane for one, since a dialog is about it."""

    store_watch: StoreWatch
    """Has it reload when there is something new."""

    def reminder_at_hand(self) -> ReminderRow | None:
        """The reminder that is highlighted, where reminders have the focus."""
        return None

    def reload(self) -> None:
        """Show the store as it is now."""
        raise NotImplementedError

    def look(self) -> None:
        """Reload, unless what is shown is as new as the store."""
        if self.store_watch.is_behind():
            self.reload()

    def point_at(self, numbers: Sequence[int]) -> None:
        """Lead the eye to the requests that were touched, where the screen shows them."""

    def acted(self) -> None:
        """A verb was carried out on what was chosen."""

    def open_screen(self, screen: Screen[None]) -> None:
        """Open another screen; what is changed there is seen here afterwards."""
        self.app.push_screen(screen, lambda _: self.look())


class QueueScreen(RequestsScreen):
    """A screen with a list whose lines are chosen from and marked, below a top bar."""

    def __init__(self, session: Session, *scopes: Scope) -> None:
        super().__init__(session, *scopes)

        def mark() -> None:
            self.queue.action_toggle_mark()

        def mark_range() -> None:
            self.queue.action_mark_range()

        async def mark_all(*, invert: bool) -> None:
            self.queue.marks.mark_all(invert=invert)

        self.commands |= {
            "mark": mark,
            "mark_range": mark_range,
            "mark_all": partial(mark_all, invert=False),
            "mark_invert": partial(mark_all, invert=True),
            "mark_none": self.acted,
        }
        self.in_vain.append(lambda: () if self.queue.marked else ("mark_none",))

    @property
    def queue(self) -> VirtualList[Any]:
        """The list."""
        raise NotImplementedError

    def acted(self) -> None:
        self.queue.action_mark_clear()

    def trouble(self, error: PocError) -> None:
        """The store cannot be read: say so once, keep what is shown, and go on trying."""
        sentence = safe(str(error))
        bar = self.query_one(TopBar)
        if bar.trouble != sentence:
            bar.trouble = sentence
            self.warn(sentence)

    @on(VirtualList.MarksChanged)
    def _marks_changed(self, event: VirtualList.MarksChanged[Any]) -> None:
        if event.control is self.queue:
            bar = self.query_one(TopBar)
            bar.marked, bar.marks_range = event.count, event.ranging
            if event.refused:
                narrow = self.session.keymap.first("filter")
                self.warn(
                    f"{event.refused:,} lines are too many: at most {MOST_MARKED:,} are marked at"
                    f" once. {narrow} narrows a view first."
                )
            if event.count <= MANY_MARKS:
                self.footer.follow()

    @on(VirtualList.Highlighted)
    @on(events.DescendantFocus)
    def _highlighted_another(self) -> None:
        if not self.queue.marked:  # those are meant, wherever the highlight goes
            self.footer.follow()
