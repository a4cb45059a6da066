"""The number of a request in the subject of a mail, proved by what this store alone knows."""

from __future__ import annotations

from poc_tui.rules.mail.subject import RequestNumber, has_number, number_in, token
from poc_tui.store.unit_of_work import UnitOfWork

KEY = "subject"
"""The name of the secret in the store."""

_MADE = "INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"


def token_of(work: UnitOfWork, number: int) -> str:
    """What a mail about the request of that number carries in its subject."""
    return token(number, _key(work))


def named_in(work: UnitOfWork, subject: str) -> RequestNumber | None:
    """The number that a subject names, and whether it is proved; None if it names none."""
    return number_in(subject, _key(work)) if has_number(subject) else None


def _key(work: UnitOfWork) -> str:
    """Made when it is needed for the first time: nobody decided it, so there is nothing to undo,
    and what was sent with it stays sent."""
    # Not by `UnitOfWork.query`, which would write every change so far by itself.
    found = work.connection.execute("SELECT value FROM secret WHERE name = ?", (KEY,)).fetchone()
    if found is not None:
        return str(found[0])
    from secrets import token_hex

    made = token_hex(32)
    work.connection.execute(_MADE, (KEY, made))
    return made
