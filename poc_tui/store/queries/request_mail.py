"""The mail of one request: which activities mails made, and which went out by mail.

A request that has none costs one look at an index for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.rules.mail.address import compared, is_among
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import Reader, of
from poc_tui.store.records import ActivityMail, OutgoingRow

_APART = """(trim(r.{0}, ' \t\n') <> ''
    AND replace(a.text, trim(r.{0}, ' \t\n'), '') = a.text)"""
"""SQL: whether a part of a mail is none of the words of its activity `a`: see
`rules.mail.filing.words_of`."""

_QUOTED = f"CASE WHEN {_APART.format('quoted')} THEN r.quoted ELSE '' END"
_SIGNATURE = f"CASE WHEN {_APART.format('signature')} THEN r.signature ELSE '' END"

WRITER = "CASE WHEN r.writer <> '' THEN r.writer ELSE r.sender END"
WRITER_NAME = "CASE WHEN r.writer <> '' THEN r.writer_name ELSE r.sender_name END"
"""SQL: who wrote a mail, not the form or the group address that sent it for them."""

TOLD = """(SELECT max(a.id) FROM activity a
    WHERE a.request_id = o.request_id AND a.id > o.activity_id AND a.event = 'not-delivered'
        AND (a.forward_id = o.forward_id OR a.forward_id IS NULL AND o.forward_id IS NULL)
        AND substr(a.text, 1, length(o.recipient) + 1) = o.recipient || ':')"""
"""SQL: the last activity that says that the row `o` of the outbox did not arrive; NULL for none."""

_FAILURE = f"""CASE WHEN o.state <> 'failed' THEN ''
    WHEN EXISTS (SELECT 1 FROM mail_filed f WHERE f.activity_id = {TOLD}) THEN 'came-back'
    WHEN {TOLD} IS NOT NULL THEN 'refused' ELSE '' END"""
"""SQL: of a row `o` of the outbox, its `failure`: whether a mail that came made that activity."""

_OUTGOING = f"""
    SELECT o.id, o.request_id, o.activity_id, o.kind, o.recipient, o.subject, o.text, o.state,
           o.tries, o.queued_at, o.next_try_at, o.sent_at, o.why, o.sender, {_FAILURE},
           o.send_at, o.unless_answered, o.copies, o.files
    FROM outbox o
"""
"""SQL: rows for `outgoing_rows`."""

_LINES = (
    f"CASE WHEN {_APART.format('quoted')}"
    " THEN length(r.quoted) - length(replace(r.quoted, '\n', '')) + 1 ELSE 0 END"
)
"""SQL: how many lines are folded away. The text of a long history is not worth reading for that."""


def incoming_by_activity(
    reader: Reader, number: int, *, unfolded: bool = False, mine: Sequence[str] = ()
) -> dict[int, ActivityMail]:
    """The mails filed under a request, by the ids of the activities that they made.

    `unfolded`: with the text of what they quote and of their signatures. `mine`: our addresses,
    which are none of the others that got them; where none is known, the first is.
    """
    folded = f"{_SIGNATURE}, {_QUOTED}" if unfolded else "'', ''"
    rows = reader.rows(
        f"SELECT f.activity_id, r.mail_id, r.nature, {WRITER}, {WRITER_NAME},"
        f" {_LINES}, {_SIGNATURE} <> '', r.parts, r.trouble, {folded},"
        " r.recipients, f.doubt"
        " FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id"
        " JOIN activity a ON a.id = f.activity_id"
        " WHERE f.request_id = ? ORDER BY f.mail_id",
        (number,),
    )
    if not rows:
        return {}
    known = {compared(value) for value in _addresses(reader, number)}
    return {
        activity: ActivityMail(
            id,
            nature,
            sender,
            name,
            compared(sender) in known,
            lines,
            bool(signed),
            tuple((index, part, type, size) for index, part, type, size in listed(parts, 4)),
            tuple(listed(trouble)) if trouble != "[]" else (),
            "\n\n".join(filter(None, (signature, quoted))),
            _others(recipients, mine),
            doubt,
        )
        for activity, id, nature, sender, name, lines, signed, parts, trouble, signature, quoted,
        recipients, doubt in rows
    }  # fmt: skip


def _others(recipients: str, mine: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Who besides us got a mail, each once."""
    if recipients.count("@") < 2:
        return ()  # as most mails have it
    found: dict[str, tuple[str, str]] = {}
    for name, address in listed(recipients, 2)[0 if mine else 1 :]:
        if address and not is_among(address, mine):
            found.setdefault(compared(address), (name, address))
    return tuple(found.values())


def outgoing_rows(reader: Reader, rest: str, parameters: Sequence[Any]) -> tuple[OutgoingRow, ...]:
    """The mails of ours, by `_OUTGOING` and the `rest` of the query."""
    rows = reader.rows(f"{_OUTGOING} {rest}", tuple(parameters))
    return tuple(
        of(
            OutgoingRow,
            row[:-2],
            tuple(listed(row[-2])),
            tuple(name for _, name, _ in listed(row[-1], 3)),
        )
        for row in rows
    )


def in_doubt(reader: Reader, number: int) -> tuple[int, ...]:
    """The mails on a request of which nobody can say who wrote them, by their ids."""
    rows = reader.rows(
        "SELECT mail_id FROM mail_filed WHERE request_id = ? AND doubt <> '' ORDER BY mail_id",
        (number,),
    )
    return tuple(id for (id,) in rows)


def outgoing_of_request(reader: Reader, number: int) -> tuple[OutgoingRow, ...]:
    """The mails that a request made us send, the oldest first."""
    return outgoing_rows(reader, "WHERE o.request_id = ? ORDER BY o.id", (number,))


class Saveable(NamedTuple):
    """What can be saved of a mail: the whole of it as it came, or one thing attached."""

    mail_id: int
    part: int | None
    """The index among its parts; None is the whole."""
    name: str
    """As its sender called it: not to be shown, nor used for a file, as it is. The whole is
    called by its subject."""
    type: str
    size: int
    """In bytes."""
    sender: str


def saveables(reader: Reader, number: int) -> tuple[Saveable, ...]:
    """What can be saved of the mails of a request: of the newest first, the whole of each last."""
    rows = reader.rows(
        f"SELECT r.mail_id, r.subject, {WRITER}, r.parts, length(m.raw)"
        " FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id"
        " JOIN mail m ON m.id = f.mail_id WHERE f.request_id = ? ORDER BY f.mail_id DESC",
        (number,),
    )
    found: list[Saveable] = []
    for id, subject, sender, parts, size in rows:
        found += (
            Saveable(id, index, name, type, part_size, sender)
            for index, name, type, part_size in listed(parts, 4)
        )
        found.append(Saveable(id, None, subject, "message/rfc822", size, sender))
    return tuple(found)


class LaterMail(NamedTuple):
    """A mail that can become a request of its own."""

    mail_id: int
    at: datetime
    """When it came on the timeline."""
    subject: str


def splittable(reader: Reader, number: int) -> LaterMail | None:
    """The mail that is split off a request: the newest one that brought a new subject, else the
    newest; not one that it began with, nor a department's. None if there is none."""
    from poc_tui.rules.mail.filing import SUBJECT_LEAD  # nothing else here needs it

    found = reader.records(
        LaterMail,
        "SELECT f.mail_id, a.at, r.subject"
        " FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id"
        " JOIN activity a ON a.id = f.activity_id WHERE f.request_id = ? AND f.forward_id IS NULL"
        " AND a.id > (SELECT min(id) FROM activity WHERE request_id = f.request_id)"
        " ORDER BY substr(a.text, 1, length(?)) = ? DESC, a.id DESC LIMIT 1",
        (number, SUBJECT_LEAD, SUBJECT_LEAD),
    )
    return found[0] if found else None


def first_written_by(reader: Reader, number: int) -> str:
    """The address of who wrote the newest mail of a request that somebody forwarded to us.

    Empty where none was forwarded.
    """
    return str(
        reader.value(
            "SELECT r.original FROM mail_filed f"
            " JOIN mail_read r ON r.mail_id = f.mail_id"
            " WHERE f.request_id = ? AND r.original <> '' AND r.original <> r.sender"
            " ORDER BY f.mail_id DESC LIMIT 1",
            (number,),
        )
        or ""
    )


def named_in_form(reader: Reader, number: int, mine: Sequence[str]) -> str:
    """The only address that stands in the text of the newest mail of a request, where a form sent
    it that does not say whom to answer; else empty. `mine` are ours."""
    from poc_tui.rules.mail.automatic_senders import is_program
    from poc_tui.rules.mail.correspondent import somebody_in

    rows = reader.rows(
        "SELECT r.sender, r.text, r.quoted FROM mail_filed f JOIN mail_read r"
        " ON r.mail_id = f.mail_id WHERE f.request_id = ? AND r.writer = ''"
        " ORDER BY f.mail_id DESC LIMIT 1",
        (number,),
    )
    if not rows or not is_program(rows[0][0]):
        return ""
    sender, text, quoted = rows[0]
    return somebody_in(f"{text}\n{quoted}", (sender, *mine)) or ""


def _addresses(reader: Reader, number: int) -> list[str]:
    rows = reader.rows(
        "SELECT a.value FROM request q JOIN address a ON a.customer_id = q.customer_id"
        " WHERE q.id = ? AND a.kind = 'email'",
        (number,),
    )
    return [value for (value,) in rows]
