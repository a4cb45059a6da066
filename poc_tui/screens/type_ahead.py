"""Every key lands where the person was: each is handled to its end before the next is looked at.

Textual puts a key into the queue of the focused widget, and what it leads to (another focus, an
opened dialog, something saved) happens some turns of other queues later. A key that comes
meanwhile would go to where the person no longer is. So the app lets keys and pastes in one at a
time, in their order: the next only when every widget rests, no `KeyHold` is kept, and the
screen has been painted and has caught up. The mouse never waits, and no key waits for ever.

Where something is refused, what was typed before that could be seen was meant for what now does
not come; it must not act on what is there instead.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar, Token
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakSet

from textual import events
from textual._time import get_time
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

from poc_tui.screens.workers import begin_work, painted

if TYPE_CHECKING:
    from textual._queue import Queue

Node = TypeVar("Node", bound=DOMNode)
Given = ParamSpec("Given")
Result = TypeVar("Result")

TURNS = 50
"""So many looks at whether all rest follow each other at once; after them comes a pause between."""

PAUSE = 0.001
"""Seconds. Time is counted in such pauses, so that a busy machine gets more of it."""

PATIENCE = 5_000
"""Pauses after which a key no longer waits for widgets that do not come to rest."""

PATIENCE_WITH_HOLDS = 30_000
"""The same of what goes on out of sight: longer than another program may keep the store."""

IMPATIENCE = 20
"""Pauses that each further key waits, as long as what was too slow is not over."""

LOOKS = 3
"""So often, with `LOOK` seconds between, all is seen to rest before it is taken to be over: what
was typed a moment ago may still be on its way here."""

LOOK = 0.01

_current: ContextVar[KeyHold | None] = ContextVar("hold", default=None)


class KeyHold:
    """Keys wait while it is kept, since a key has set off what goes on out of sight.

    As a context manager it ends with the block. While the block waits for a screen
    (`push_screen_wait`), the keys are for that screen.

    Args:
        kept: those that are kept now; it puts itself among them.
    """

    def __init__(self, kept: set[KeyHold]) -> None:
        self._kept = kept
        self._over = False
        self._worker: Worker[Any] | None = None
        self._outer: Token[KeyHold | None] | None = None
        self.keep()

    @property
    def is_kept(self) -> bool:
        """Whether keys wait for it."""
        return self in self._kept

    def end_with(self, worker: Worker[Any]) -> None:
        """End with that worker at the latest, also if it is stopped before it has begun."""
        self._worker = worker

    @property
    def is_left(self) -> bool:
        """Whether nobody is there any more to end it."""
        return self._worker is not None and self._worker.is_finished

    def keep(self) -> None:
        """Let keys wait, unless it is over."""
        if not self._over:
            self._kept.add(self)

    def pause(self) -> None:
        """Let keys pass until it is kept again."""
        self._kept.discard(self)

    def end(self) -> None:
        """It is over."""
        self._over = True
        self.pause()

    def __enter__(self) -> KeyHold:
        self._outer = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._outer is not None:
            _current.reset(self._outer)
        self.end()


class TypeAheadApp(App[None]):
    """An app that lets keys in one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._let_in: set[events.Event] = set()
        self._holds: set[KeyHold] = set()
        self._feeding: asyncio.Task[None] | None = None
        self._impatient = False
        self._refused_at = 0.0
        self.typed_at = 0.0
        """When the key let in last was typed, by the time of events."""
        self.catches_up = False
        """Whether the key let in last was typed before something was refused."""
        self.said_in_passing = False
        """Whether what is told in a toast has been read by the next key."""
        self._painted: WeakSet[Screen[Any]] = WeakSet()
        self._to_be_painted: WeakSet[Screen[Any]] = WeakSet()

    def hold_keys(self) -> KeyHold:
        """Let keys wait until the hold ends."""
        return KeyHold(self._holds)

    @property
    def is_at_rest(self) -> bool:
        """Whether all that keys led to is done, as far as the screen does not lag behind."""
        typed = self._ahead or self._let_in or self._holds or not self._screen_stack
        return not typed and _rests(self) and all(map(_rests, self._registry))

    def forget_ahead(self) -> None:
        """Something was refused: of what was typed until now only words go on, into a field that
        has the focus, where they are seen and nothing comes of them."""
        self._refused_at = get_time()

    async def come_to_rest(self) -> None:
        """Until all that was typed so far has led to what it leads to."""
        rested = 0
        while rested < LOOKS:
            await asyncio.sleep(LOOK)
            rested = rested + 1 if self.is_at_rest else 0

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            if event in self._let_in:
                self._let_in.discard(event)
            elif self._ahead or not self._is_free() or not self._is_ready(event, besides=self):
                self._ahead.append(event)
                if self._feeding is None:
                    self._feeding = asyncio.create_task(self._feed(), name="keys typed ahead")
                return
            self.typed_at = event.time
            self.catches_up = event.time < self._refused_at
            if not self._screen_stack or (self.catches_up and not self._goes_on(event)):
                return  # nobody is there any more, or what it was typed for does not come
            self._uncover()
        await super().on_event(event)

    def _uncover(self) -> None:
        """Take away what was said in passing, where it covers more than the frame."""
        if self.said_in_passing and any(t.size.height > 1 for t in self.screen.query("Toast")):
            self.said_in_passing = False
            self.clear_notifications()

    async def _hush(self) -> None:
        """Take away what was said, before what opens takes its picture of the screen below."""
        if toasts := self.screen.query("Toast"):
            below = self.screen
            await toasts.remove()
            self.clear_notifications()
            await painted(below)

    async def push_screen_wait(
        self, screen: Screen[Result] | str, *, mode: str | None = None
    ) -> Result | Any:
        """What the screen gives back. Until then the keys are for it; then they wait again."""
        await self._hush()
        hold = _current.get()
        if hold is None or not hold.is_kept:
            return await super().push_screen_wait(screen, mode=mode)
        await self._flush_next_callbacks()
        closed: asyncio.Future[Any] = self.push_screen(screen, mode=mode, wait_for_dismiss=True)
        hold.pause()
        # Before who asked goes on, so that no key comes between.
        closed.add_done_callback(lambda _: hold.keep())
        return await asyncio.shield(closed)

    async def _feed(self) -> None:
        """Let in what was typed ahead."""
        try:
            while self._ahead and self._running:
                event = self._ahead[0]
                await self._until(lambda event=event: self._is_ready(event))  # type: ignore[misc]
                self._ahead.popleft()
                self._let_in.add(event)
                self.post_message(event)
        except Exception as error:  # a task has nobody else to tell it
            self._handle_exception(error)
        finally:
            self._feeding = None

    async def _until(self, is_ready: Callable[[], bool]) -> None:
        """Wait until it is, but not for ever."""
        turns = pauses = 0
        while self._running:
            if is_ready():
                self._impatient = False
                return
            patience = PATIENCE_WITH_HOLDS if self._holds else PATIENCE
            if pauses >= (IMPATIENCE if self._impatient else patience):
                self._impatient = True
                return
            if turns < TURNS:
                turns += 1
                await asyncio.sleep(0)
            else:
                pauses += 1
                await asyncio.sleep(PAUSE)

    def _goes_on(self, event: events.Key | events.Paste) -> bool:
        """Whether it is of use though what it was typed for has been refused."""
        from textual.widgets import Input, TextArea  # here: no first picture needs them

        is_words = isinstance(event, events.Paste) or event.is_printable
        on_text = bool(self._screen_stack) and isinstance(self.focused, (Input, TextArea))
        return is_words and on_text

    def _is_free(self) -> bool:
        """Whether nothing waits behind the event that the app itself handles just now."""
        return not (self._next_callbacks or self._pending_message or self._message_queue.qsize())

    def _is_ready(
        self, event: events.Key | events.Paste, *, besides: MessagePump | None = None
    ) -> bool:
        """Whether all that the keys before led to is done; `besides` is not asked."""
        for hold in [hold for hold in self._holds if hold.is_left]:
            hold.end()
        if self._holds or not self._screen_stack:
            return False
        if besides is not self and not _rests(self):
            return False
        if not all(map(_rests, self._registry)):
            return False
        screen = self.screen
        if screen not in self._painted:
            # Before that nobody knows how far anything on it can be scrolled.
            if screen not in self._to_be_painted:
                self._to_be_painted.add(screen)
                screen.call_after_refresh(self._painted.add, screen)
            return False
        if screen._layout_required or screen._callbacks:
            return False  # where the Tab key leads depends on where the fields stand
        # Of a screen that shows a moment later what keys led to, such as what a search finds.
        lags_behind: Callable[[events.Event], bool] | None = getattr(screen, "lags_behind", None)
        return lags_behind is None or not lags_behind(event)


def _rests(pump: MessagePump) -> bool:
    """Whether it waits for a message, and has none; also if it never began or has ended."""
    task = pump._task
    if task.done() if task is not None else not pump._running:
        return True
    queue: Queue[Message | None] = pump._message_queue
    if pump._next_callbacks or not queue.empty():
        return False
    # Nobody but the pump takes from its queue: while it handles a message, nobody waits there.
    return len(queue.ready_event._waiters) > 0


def holds_keys(
    work: Callable[Concatenate[Node, Given], Awaitable[None]],
) -> Callable[Concatenate[Node, Given], None]:
    """A method that goes on in a worker; a further one of the same node stops it.

    What is typed meanwhile is for the screens it waits for, and then for what comes after it.
    """

    @wraps(work)
    def begin(node: Node, /, *args: Given.args, **kwargs: Given.kwargs) -> None:
        hold = typing_at(node).hold_keys()

        async def run() -> None:
            with hold:
                await work(node, *args, **kwargs)

        hold.end_with(begin_work(node, run, "verb", exclusive=True))

    return begin


def typing_at(node: DOMNode) -> TypeAheadApp:
    """The app of a node, which lets in what is typed.

    Raises:
        TypeError: it is an app that does not.
    """
    if isinstance(app := node.app, TypeAheadApp):
        return app
    raise TypeError(f"{app} does not let keys in one at a time")


def keys_wait() -> bool:
    """Whether keys wait for what is done here, as it was set off by one."""
    hold = _current.get()
    return hold is not None and hold.is_kept
