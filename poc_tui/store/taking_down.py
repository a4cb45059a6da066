"""The rows that a request begins with, whoever takes it down: a person, a mail, a file.

Standard library only, because the quick lane of `poc add` writes by it; that is also why the
words of `models.values` stand here as they are stored.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from poc_tui.store.writer import Writer


def new_request(
    subject: str,
    text: str,
    *,
    received_at: datetime,
    now: datetime,
    customer_id: int | None = None,
    kind: str | None = None,
    channel: str | None = None,
    priority: str | None = None,
    due_at: datetime | None = None,
) -> dict[str, object]:
    """The columns of a request that is taken down: mine to look at, at once.

    `due_at` is when the customer must hear from us, where a person gave a date; else there is none
    until the clocks are wound (`store.due_dates`).
    """
    return {
        "subject": subject,
        "text": text,
        "customer_id": customer_id,
        "kind": kind or "question",
        "channel": channel or "email",
        "priority": priority or "normal",
        "state": "new",
        "court": "me",
        "court_since": received_at,
        "received_at": received_at,
        "touched_at": now,
        "due_at": due_at,
        "due_for": None if due_at is None else "given",
        "next_at": received_at,
    }


def take_down(
    writer: Writer,
    actor: str,
    new: Mapping[str, object],
    raw: bytes | None = None,
    tags: Sequence[str] = (),
    *,
    became: Mapping[str, object] | None = None,
) -> tuple[int, int]:
    """Store a request of these columns, with the first activity on its timeline.

    `raw` are its words as they came, where they lie nowhere else; `tags` are cleaned ones;
    `became` are the columns that are otherwise by now, where it was handled elsewhere before.
    Returns its number, and the id of the activity.
    """
    number = writer.insert("request", {**new, **became} if became else new)
    if raw is not None:
        writer.insert("original", {"request_id": number, "raw": raw})
    for name in tags:
        add_tag(writer, number, name)
    received = {
        "request_id": number,
        "at": new["received_at"],
        "actor": actor,
        "event": "received",
        "text": new["text"] or new["subject"],
        "channel": new["channel"],
        "until": new["due_at"],
    }
    return number, writer.insert("activity", received)


def add_tag(writer: Writer, number: int, name: str) -> None:
    """Make the request carry one tag more; a new one is made."""
    found = writer.query("SELECT id FROM tag WHERE name = ?", (name,))
    id = found[0][0] if found else writer.insert("tag", {"name": name})
    writer.insert("request_tag", {"request_id": number, "tag_id": id})
