"""Work that goes on while the desk is open, and ends with the screen that began it."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode
from textual.timer import Timer
from textual.worker import Worker


def begin_work(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, None]],
    group: str,
    *,
    exclusive: bool = False,
) -> Worker[None]:
    """Begin `work`; with `exclusive` it stops what goes on in the same group of this node.

    It is asked for its coroutine when it begins: work that is stopped before that would leave a
    coroutine that nobody awaits.
    """
    begun = cast("Callable[[], None]", work)
    return node.run_worker(begun, group=group, exclusive=exclusive)


async def painted(node: DOMNode) -> None:
    """Until `node` is laid out and painted as it is now."""
    done = Event()
    node.call_after_refresh(done.set)
    await done.wait()


def later(node: DOMNode, seconds: float, act: Callable[[], object]) -> Timer:
    """Do something on `node` after a while, unless it is being taken down by then: what a screen
    is made of is gone before the screen is."""
    return node.set_timer(seconds, lambda: act() if node.display else None)
