"""What the dialogs that act on requests have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from poc_tui.commands import COMMANDS
from poc_tui.rules.applicable import meets, refusal
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.store.queries.happened import seen
from poc_tui.store.records import QueueRow

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class RequestDialog(Dialog):
    """A dialog on one request, or the same on several."""

    VERB: ClassVar[str]
    """Begins the title, such as `Forward`."""
    HEEDS_OTHERS: ClassVar[bool] = True
    """Whether it stops once where somebody did something to a request since it opened; what only
    adds to it need not."""
    ALSO_ALONE: ClassVar[bool] = False
    """Whether it makes sense without a request."""
    KEEPS_MARKS: ClassVar[bool] = False
    """Whether the requests that were marked for it stay so."""

    def __init__(self, session: Session, requests: Sequence[QueueRow] = ()) -> None:
        super().__init__(
            session, title_of(self.VERB, requests), [request.number for request in requests]
        )
        self.requests = tuple(requests)
        if len(requests) == 1:
            self.heading = self.VERB.lower()  # the request stands above it
        if self.HEEDS_OTHERS:
            self._seen = session.read(lambda reader: seen(reader.rows, self.numbers))
        self.prepare()

    def prepare(self) -> None:
        """Read what the fields need. Raises what reading raises."""

    @classmethod
    def refuse(cls, requests: Sequence[QueueRow]) -> str | None:
        """Why the verb makes no sense for these requests, in a sentence; None if it does.

        `COMMANDS` has what the verb needs.
        """
        if not requests:
            return None if cls.ALSO_ALONE else "there is no request here"
        need = next(command.needs for command in COMMANDS if command.id == cls.NAME)
        amiss = [request.number for request in requests if not meets(request, need)]
        return refusal(need, amiss) if amiss else None

    @property
    def only(self) -> QueueRow | None:
        """The request, if it is a single one."""
        return self.requests[0] if len(self.requests) == 1 else None


def title_of(verb: str, requests: Sequence[QueueRow]) -> str:
    """`Forward #1042 · Invoice 4711 is wrong`, or `Forward 4 requests`."""
    if not requests:
        return verb
    if len(requests) > 1:
        return f"{verb} {len(requests)} requests"
    return f"{verb} #{requests[0].number} · {requests[0].subject}"
