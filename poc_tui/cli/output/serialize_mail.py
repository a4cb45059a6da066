"""Mail as JSON; the names do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.store.records import (
        ActivityMail,
        ActivityOutgoing,
        MailDetail,
        MailRow,
        OutgoingRow,
    )


def mail_row(row: MailRow | MailDetail, times: LocalTimes) -> dict[str, Any]:
    """A mail that came, as a list prints it: all but its words, which `poc mail show` has.

    `number` is the request that it belongs to.
    """
    return {
        "id": row.id,
        "number": row.number,
        "came_at": times.of(row.came_at),
        "sent_at": times.of(row.sent_at),
        "sender": row.sender,
        "sender_name": row.sender_name,
        "subject": row.subject,
        "nature": row.nature,
        "parts": _parts(row.parts),
        "source": row.source,
    }


def mail(row: MailDetail, times: LocalTimes) -> dict[str, Any]:
    """A mail that came, whole."""
    return mail_row(row, times) | {
        "text": row.text,
        "quoted": row.quoted,
        "signature": row.signature,
        "reply_to": row.reply_to or None,
        "dismissed": row.dismissed,
        "original_sender": row.original or None,
        "original_sender_name": row.original_name or None,
        "trouble": list(row.trouble),
    }


def outgoing_row(row: OutgoingRow, times: LocalTimes) -> dict[str, Any]:
    """A mail of ours, as the outbox lists it."""
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "recipient": row.recipient,
        "subject": row.subject,
        "state": row.state,
        "tries": row.tries,
        "queued_at": times.of(row.queued_at),
        "next_try_at": times.of(row.next_try_at),
        "sent_at": times.of(row.sent_at),
        "why": row.why or None,
    }


def outgoing(row: OutgoingRow, times: LocalTimes) -> dict[str, Any]:
    """A mail of ours, whole."""
    return outgoing_row(row, times) | {"text": row.text}


def activity_mail(row: ActivityMail | None) -> dict[str, Any] | None:
    """The mail that made an activity; its text is the activity's."""
    if row is None:
        return None
    return {
        "id": row.id,
        "sender": row.sender,
        "sender_name": row.sender_name,
        "nature": row.nature,
        "parts": _parts(row.parts),
        "quoted_lines": row.quoted_lines,
    }


def activity_outgoing(row: ActivityOutgoing | None, times: LocalTimes) -> dict[str, Any] | None:
    """The mail of ours that carries an activity's words."""
    if row is None:
        return None
    return {
        "id": row.id,
        "recipient": row.recipient,
        "state": row.state,
        "tries": row.tries,
        "next_try_at": times.of(row.next_try_at),
        "sent_at": times.of(row.sent_at),
        "why": row.why or None,
    }


def _parts(parts: Sequence[tuple[int, str, str, int]]) -> list[dict[str, Any]]:
    return [
        {"part": index, "name": name, "type": type, "size": size}
        for index, name, type, size in parts
    ]
