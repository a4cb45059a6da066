"""The views of the queue: which requests each holds, and in which order.

Apart from what reads them, so that `poc list --json` need not load the records of the screen.
"""

from __future__ import annotations

from poc_tui.errors import NotUnderstood


def by(index: str) -> str:
    """SQL behind a table: by which index it is read. SQLite's own; other engines take no such word.

    Without it SQLite, which counts no rows of a store that was never analysed, may choose another.
    """
    return f"INDEXED BY {index}"


AWAKE = "(snoozed_until IS NULL OR snoozed_until <= :now)"
OVERDUE = (
    f"SELECT request_id FROM forward {by('forward_to_chase')}"
    " WHERE answered_at IS NULL AND withdrawn_at IS NULL AND next_at < :now"
)
"""The requests of which a department was asked and is to be chased by now, whoever's move it is:
such a question stands open until it is chased, answered or withdrawn."""
WITH_DEPARTMENT = f"(court = 'department' AND {AWAKE})"
ASKED = f"({WITH_DEPARTMENT} OR id IN ({OVERDUE}))"
"""What lies with departments: the move is theirs, or a question is overdue there."""
LATE_ITSELF = "(due_at < :now OR resolve_by < :now OR (court <> 'me' AND next_at < :now))"
LATE = f"({LATE_ITSELF} OR id IN ({OVERDUE}))"
"""A date that was given to somebody has passed: the customer should have heard from us, or been
helped for good, or a department or the customer is to be reminded. My own moves have no other date
than the customer's: one that became mine a minute ago is not late."""


UNWOUND = "state <> 'resolved' AND court <> 'customer' AND due_since IS NULL"
"""Only taken down: nobody has counted yet when it is due."""
ANY_UNWOUND = f"SELECT 1 FROM request {by('request_unwound')} WHERE {UNWOUND} LIMIT 1"


class View:
    """A view of the queue: its rows and their order. `by` is the index that gives it.

    `order` are two columns that together put every row in one place, both in one direction. The
    first is the date that a row of the view shows.
    """

    def __init__(
        self, name: str, where: str, order: tuple[str, str], newest_first: bool, by: str
    ) -> None:
        self.name = name
        self.where = where
        self.order = order
        self.newest_first = newest_first
        self.by = by


def _open(name: str, where: str = "", *, first: str = "sort_at", by: str = "request_open") -> View:
    where = f"state <> 'resolved' AND {where}" if where else "state <> 'resolved'"
    return View(name, where, (first, "id"), newest_first=False, by=by)


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        _open("my-turn", f"court = 'me' AND {AWAKE}", by="request_by_court"),
        _open("with-departments", ASKED),
        _open("with-customer", f"court = 'customer' AND {AWAKE}", by="request_by_court"),
        _open("snoozed", "snoozed_until > :now", first="snoozed_until", by="request_snoozed"),
        _open("open"),
        View("resolved", "state = 'resolved'", ("resolved_at", "id"), True, "request_resolved"),
        _open("late", LATE),
        _open("escalated", "escalated_at IS NOT NULL"),
        _open("new", "state = 'new'"),
    )
}
"""By name; the first six are the keys 1 to 6 of the desk."""

TO_CHASE = _open("to-chase", f"id IN ({OVERDUE})")
"""What a department is to be chased for by now."""

FORMER_NAMES = {
    "mine": "my-turn",
    "departments": "with-departments",
    "customers": "with-customer",
}
"""What views were called, as scripts go on to ask for them."""


SORTS = ("due", "received", "customer", "priority", "untouched")
"""The orders of a view: its own, the newest first, by name, the weightiest first, and what was
left alone longest first. An index serves the first alone; `narrowing` makes the others."""


def named(name: str) -> View:
    """The view of that name, or that was called so.

    Raises:
        NotUnderstood: there is none; the sentence lists them.
    """
    try:
        return VIEWS[FORMER_NAMES.get(name, name)]
    except KeyError:
        raise NotUnderstood(f"there is no view “{name}”; choose from {', '.join(VIEWS)}") from None
