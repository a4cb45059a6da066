"""What the dialogs that act on requests have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from poc_tui.screens.dialogs.base import Dialog
from poc_tui.store.queries.happened import seen
from poc_tui.store.records import QueueRow

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class RequestDialog(Dialog):
    """A dialog on one request, or the same on several.

    Args:
        session: the open desk.
        requests: what it acts on.
        skipped: how many were chosen besides that the verb makes no sense for.
    """

    VERB: ClassVar[str]
    """Begins the title, such as `Forward`."""
    HEEDS_OTHERS: ClassVar[bool] = True
    """Whether it stops once where somebody did something to a request since it opened; what only
    adds to it need not."""
    ALSO_ALONE: ClassVar[bool] = False
    """Whether it makes sense without a request."""
    LEADS_ON: ClassVar[bool] = False
    """Whether one is done with a request for now, and goes on to the next."""
    KEEPS_MARKS: ClassVar[bool] = False
    """Whether the requests that were marked for it stay so."""

    def __init__(
        self, session: Session, requests: Sequence[QueueRow] = (), *, skipped: int = 0
    ) -> None:
        title = title_of(self.VERB, requests, skipped)
        super().__init__(session, title, [request.number for request in requests])
        self.requests = tuple(requests)
        if len(requests) == 1:
            # The request stands above it.
            self.heading = f"{self.VERB.lower()}{_besides(skipped)}"
        if self.HEEDS_OTHERS:
            self._seen = session.read(lambda reader: seen(reader.rows, self.numbers))
        self.prepare()

    def prepare(self) -> None:
        """Read what the fields need. Raises what reading raises."""

    @property
    def only(self) -> QueueRow | None:
        """The request, if it is a single one."""
        return self.requests[0] if len(self.requests) == 1 else None


def title_of(verb: str, requests: Sequence[QueueRow], skipped: int = 0) -> str:
    """`Forward #1042 · Invoice 4711 is wrong`, or `Forward 4 requests (1 skipped)`."""
    if not requests:
        return verb
    if len(requests) > 1:
        return f"{verb} {len(requests)} requests{_besides(skipped)}"
    return f"{verb} #{requests[0].number}{_besides(skipped)} · {requests[0].subject}"


def _besides(skipped: int) -> str:
    return f" ({skipped} skipped)" if skipped else ""
