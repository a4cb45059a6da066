"""Whose move it is after each verb, and when.

The one place that decides a request's court and next date, once it is taken down: then it is my
turn to look at it, at once (`store.taking_down`). An open request always has both.

Two points the words of the design leave open, decided here: logging one of several answers does
not take the move from me when it is my turn (the customer wrote meanwhile), and an interim word to
the customer while a department still works leaves the move with the department, because a
department's wait never stops the customer's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

ME, DEPARTMENT, CUSTOMER = "me", "department", "customer"


def whose_move(court: str | None, department: str = "departments") -> str:
    """Whose move it is: `my turn`, `with Technical`, `with customer`; empty for nobody's."""
    said = {ME: "my turn", DEPARTMENT: f"with {department}", CUSTOMER: "with customer"}
    return said[court] if court else ""


class Move(NamedTuple):
    """Whose move it is, and the date of it (aware UTC)."""

    court: str
    next_at: datetime


def triaged(now: datetime, due_at: datetime | None) -> Move:
    """Looked at and still my turn: to be done by the date the customer must hear from us."""
    return Move(ME, due_at or now)


def forwarded(open_next: Sequence[datetime]) -> Move:
    """With a department, until the first of its forwards is to be chased."""
    return Move(DEPARTMENT, min(open_next))


def logged(court: str, now: datetime, open_next: Sequence[datetime]) -> Move:
    """A department answered: my turn once no forward is open, or if it was so anyway."""
    if open_next and court == DEPARTMENT:
        return forwarded(open_next)
    return Move(ME, now)


def customer_wrote(now: datetime) -> Move:
    """The customer's word always comes to me, even while departments work."""
    return Move(ME, now)


def answered(check_back_at: datetime) -> Move:
    """The customer is to move; we look again at the check-back date."""
    return Move(CUSTOMER, check_back_at)


def interim(open_next: Sequence[datetime], next_update_at: datetime) -> Move:
    """An interim word: whoever works on it goes on."""
    return forwarded(open_next) if open_next else Move(ME, next_update_at)


def reopened(now: datetime) -> Move:
    """A resolved request that lives again: my turn, now."""
    return Move(ME, now)


def snoozed(court: str, until: datetime, open_next: Sequence[datetime]) -> Move:
    """A snooze moves my date, not the court; a department is chased when it was to be."""
    return forwarded(open_next) if court == DEPARTMENT and open_next else Move(court, until)
