"""The record of a verb in the store: which draft it carries out, by which function, and its label.

Each module of this package has the records of its own verbs in `VERBS`; the desk reads them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import plain
from poc_tui.store.drafts import Draft
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork

D = TypeVar("D", bound=Draft)


class Verb(NamedTuple, Generic[D]):
    """What carries out the drafts of one type.

    `id` is the step that the journal keeps, as a rule the id of the command. `label` says what
    was done, as it stands behind "undo:" and in the toast: of the draft, the numbers of the
    requests that were touched, and the transaction. `on_request` is carried out on every request
    that was chosen; `alone`, where none is, finds out for itself what it touches and returns the
    numbers of those requests, if there are any. `by_itself`: it happens while nobody asks for it.
    """

    id: str
    draft: type[D]
    label: Callable[[D, Sequence[int], UnitOfWork], str]
    on_request: Callable[[D, UnitOfWork, Request], None] | None = None
    alone: Callable[[D, UnitOfWork], Sequence[int] | None] | None = None
    by_itself: bool = False

    def carry_out(self, draft: D, numbers: Sequence[int], work: UnitOfWork) -> Sequence[int]:
        """Do it, on these requests where it acts on requests; returns the numbers of those touched.

        Raises:
            NotUnderstood: it acts on requests, and there are no numbers.
            NotFound: there is no request of such a number.
        """
        if self.on_request is None or (self.alone is not None and not numbers):
            return (self.alone and self.alone(draft, work)) or []
        if not numbers:
            raise NotUnderstood("say which request is meant, by its number")
        chosen = list(dict.fromkeys(numbers))
        for number in chosen:
            self.on_request(draft, work, work.request(number))
        work.flush()
        return chosen


def on(words: str) -> Callable[[Draft, Sequence[int], UnitOfWork], str]:
    """A label that names the requests behind these words: "note on #1042 and 3 more"."""
    return lambda draft, numbers, work: f"{words} {requests(numbers)}"


def requests(numbers: Sequence[int]) -> str:
    """`#1042`, or `#1042 and 3 more`."""
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return f"#{numbers[0]}{more}"


def short(text: str) -> str:
    """The text as a label has room for it."""
    words = " ".join(plain(text).split())
    return words if len(words) <= 40 else words[:39] + "…"
