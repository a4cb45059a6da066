"""What makes sense for a request as it stands.

Said once, for the dialogs, which refuse what does not; for the footer, which shows what does; and
for the palette, which offers it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from poc_tui.rules.court import ME

NEW, RESOLVED = "new", "resolved"


class Standing(Protocol):
    """As much of a request as decides what can be done to it; a row of the queue has it."""

    @property
    def state(self) -> str:
        """New, open or resolved."""
        ...

    @property
    def court(self) -> str | None:
        """Whose move it is."""
        ...

    @property
    def customer(self) -> str | None:
        """Their name, if anybody knows it."""
        ...

    @property
    def waiting_for(self) -> str | None:
        """The department whose answer is to come first."""
        ...

    @property
    def chase_at(self) -> datetime | None:
        """When that department is to be chased next (aware UTC)."""
        ...

    @property
    def snoozed_until(self) -> datetime | None:
        """When it is on the desk again, or was (aware UTC)."""
        ...


S = TypeVar("S", bound=Standing)


def meets(request: Standing, need: str, now: datetime | None = None) -> bool:
    """Whether a request meets a need of a command, one of `commands.Need`, at `now` (aware).

    Without `now` a snooze counts as one that runs, and an answer to come as one that is late.
    """
    if need == "snoozed":
        until = request.snoozed_until
        return until is not None and (now is None or until > now)
    if need == "overdue":
        at = request.chase_at
        return at is not None and (now is None or at < now)
    return _MEETS[need](request)


def sorted_out(requests: Iterable[S], need: str, now: datetime) -> tuple[list[S], list[S]]:
    """The requests that meet a need at `now` (aware), and the others; each in their order."""
    able: list[S] = []
    others: list[S] = []
    for request in requests:
        (able if meets(request, need, now) else others).append(request)
    return able, others


_MEETS: Mapping[str, Callable[[Standing], bool]] = {
    "": lambda _: True,
    "requests": lambda _: True,
    "request": lambda _: True,
    "customer": lambda request: request.customer is not None,
    "unresolved": lambda request: request.state != RESOLVED,
    "resolved": lambda request: request.state == RESOLVED,
    "asked": lambda request: request.waiting_for is not None,
    "my-turn": lambda request: request.court == ME and request.waiting_for is None,
    "awaited": lambda request: (
        request.state != RESOLVED and (request.court != ME or request.waiting_for is not None)
    ),
    "new": lambda request: request.state == NEW,
}

_OTHERWISE: Mapping[str, str] = {
    "resolved": "not resolved",
    "asked": "asks no department",
    "snoozed": "not snoozed",
    "new": "not new",
}
"""What a request is that does not meet a need; else it is resolved."""

_NAMED = 2
"""Requests that are named where there are several."""


def refusal(need: str, numbers: Sequence[int]) -> str:
    """Why a command with that need makes no sense for the requests of these numbers, of which none
    meets it: a sentence without its stop."""
    several = len(numbers) > 1
    which = f"#{numbers[0]} and {len(numbers) - 1} more" if several else f"#{numbers[0]}"
    are, they, wait = ("are", "they", "wait") if several else ("is", "it", "waits")
    if need == "resolved":
        return f"{which} {are} not resolved, so {they} cannot be reopened"
    if need == "asked":
        return f"{which} {wait} for no department, so there is nobody to chase"
    if need == "snoozed":
        return f"{which} {are} not snoozed"
    if need == "new":
        return f"{which} {are} not new, so there is nothing to guess; triage (t) looks again"
    return f"{which} {are} resolved; reopen (o) first"


def skipped(need: str, numbers: Sequence[int]) -> str:
    """Which requests a command with that need left out, and why: `skipped #1039 (resolved)`; empty
    where it left out none."""
    if not numbers:
        return ""
    return f"skipped {named(numbers)} ({_OTHERWISE.get(need, RESOLVED)})"


def named(numbers: Sequence[int]) -> str:
    """The first of these requests by their numbers: `#1039, #1040 and 3 more`."""
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(f"#{number}" for number in numbers[:_NAMED]) + more
