"""Mail that came and mail that goes out, as lists and screens show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.errors import NotFound
from poc_tui.rules.mail import sender_rules
from poc_tui.rules.mail.message import Mail, MailAddress, Nature, SenderRule
from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM
from poc_tui.store.json_values import listed
from poc_tui.store.queries.journal import changed
from poc_tui.store.queries.reader import Reader, marks, of
from poc_tui.store.queries.request_mail import TOLD, WRITER, WRITER_NAME, outgoing_rows
from poc_tui.store.records import MailDetail, MailRow, OutgoingRow

LAST_READ = "(SELECT coalesce(max(mail_id), 0) FROM mail_read)"
"""The last mail of which something was read, in SQL: all above it are to be read, and none below,
since they are read in the order of their ids. One look, however many there are."""

_LINE = f"""r.mail_id, m.came_at, r.sent_at, {WRITER}, {WRITER_NAME}, r.subject, r.nature,
    f.request_id, f.activity_id, r.parts, m.source, r.aside_why, coalesce(f.doubt, '')"""
_WHOLE = f"""{_LINE}, r.text, r.quoted, r.signature,
    CASE WHEN r.writer <> '' THEN r.sender ELSE '' END, r.reply_to, r.original, r.original_name,
    f.request_id IS NULL AND r.taken_at IS NOT NULL AND NOT r.aside, r.trouble"""
_SENDER = "sender, writer, headers FROM mail_read"
_CAME = """
    FROM mail_read r JOIN mail m ON m.id = r.mail_id LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
"""
_PEOPLE_FIRST = f"""CASE WHEN r.aside_why = '{MARKED_AS_SPAM}' THEN 2
    WHEN r.nature IN ('letter', 'unreadable') THEN 0 ELSE 1 END, r.mail_id DESC"""
OPEN_STATES = ("queued", "sending", "failed", "unsure")
"""Of a mail of ours that is not gone yet."""

_SEEN_TO = f"""(o.state = 'failed' AND EXISTS (
    SELECT 1 FROM activity a
    WHERE a.request_id = o.request_id AND a.id > coalesce({TOLD}, o.activity_id)
    AND (a.event IN ('noted', 'resolved') OR CASE o.kind WHEN 'answer' THEN a.event = 'answered'
        ELSE a.event IN ('forwarded', 'chased', 'logged', 'withdrawn') END)))"""
"""SQL: of a row `o` of the outbox, whether it failed and its request was gone on with since.

Nobody has to say that of the mail itself: the customer was told once more, the department was asked
once more or has answered, or the request was noted on or resolved, after the activity which
says that the mail did not arrive. When that is undone, the mail asks for a look again.
"""


class MailCounts(NamedTuple):
    """How much mail asks for a look."""

    queued: int
    """Waits to be sent."""
    stuck: int
    """Failed, and its request was not gone on with since; or nobody knows whether it was sent."""
    aside: int
    """Came in, and belongs to no request."""


class MailActivity(NamedTuple):
    """What a mail that was filed brought about."""

    number: int
    """The request that it lies under."""
    customer: str | None
    subject: str
    """Of the request."""
    event: str
    """A value of `models.values.Event`."""
    department: str | None
    is_new: bool
    """Whether the mail made the request."""


class SourceState(NamedTuple):
    """Where mail is fetched from."""

    name: str
    """Such as `imap:desk@mail.example.com/INBOX`."""
    fetched_at: datetime
    trouble: str
    """Why it could not be read the last time; empty if it could."""


def sources(reader: Reader) -> tuple[SourceState, ...]:
    """Where mail was fetched from, and how that went the last time."""
    return reader.records(
        SourceState, "SELECT name, fetched_at, trouble FROM mailbox ORDER BY name"
    )


def counts(reader: Reader) -> MailCounts:
    """How much waits, is stuck and lies aside; a look at small indexes."""
    (found,) = reader.records(
        MailCounts,
        "SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')),"
        f" count(*) FILTER (WHERE state IN ('failed', 'unsure') AND NOT {_SEEN_TO}),"
        " (SELECT count(*) FROM mail_read WHERE aside)"
        " FROM outbox o WHERE state IN ('queued', 'sending', 'failed', 'unsure')",
    )
    return found


def waits_for_intake(reader: Reader) -> bool:
    """Whether a mail was kept and not dealt with yet, as after an intake that was broken off."""
    return bool(
        reader.value(
            "SELECT EXISTS (SELECT 1 FROM mail_read WHERE taken_at IS NULL)"
            f" OR EXISTS (SELECT 1 FROM mail WHERE id > {LAST_READ})"
        )
    )


def newest_activity(reader: Reader) -> int:
    """The id of the last activity of all, 0 for none; to be given to `activities_since`."""
    return int(reader.value("SELECT coalesce(max(id), 0) FROM activity"))


def activities_since(reader: Reader, activity: int) -> tuple[MailActivity, ...]:
    """What mails brought about after that activity, the oldest first."""
    return reader.records(
        MailActivity,
        "SELECT a.request_id, c.name, r.subject, a.event, d.name,"
        " a.id = (SELECT min(id) FROM activity WHERE request_id = a.request_id)"
        " FROM (SELECT DISTINCT activity_id AS id FROM mail_filed WHERE activity_id > ?) f"
        " JOIN activity a ON a.id = f.id JOIN request r ON r.id = a.request_id"
        " LEFT JOIN customer c ON c.id = r.customer_id"
        " LEFT JOIN department d ON d.id = a.department_id ORDER BY a.id",
        (activity,),
    )


def of_request(reader: Reader, number: int) -> tuple[MailRow, ...]:
    """The mails filed under a request, in the order in which they came in."""
    return _lines(reader, "WHERE f.request_id = ? ORDER BY r.mail_id", (number,))


def aside(
    reader: Reader, limit: int = 500, *, dismissed: bool = False, spam: bool | None = None
) -> tuple[MailRow, ...]:
    """The mails that belong to no request: what people wrote, then the rest, then what the provider
    calls spam, each the newest first. With `dismissed` those that are not on that list any more, or
    never were since a rule says that they are spam. `spam`: only that, or none of it."""
    which = (
        "r.taken_at IS NOT NULL AND NOT r.aside AND f.mail_id IS NULL" if dismissed else "r.aside"
    )
    if spam is not None:
        which += f" AND r.aside_why {'=' if spam else '<>'} '{MARKED_AS_SPAM}'"
    return _lines(reader, f"WHERE {which} ORDER BY {_PEOPLE_FIRST} LIMIT ?", (limit,))


class AsideCounts(NamedTuple):
    """What lies aside."""

    mails: int
    spam: int
    """Those of them that the provider calls spam."""


def aside_counts(reader: Reader) -> AsideCounts:
    """How many mails lie aside."""
    (found,) = reader.records(
        AsideCounts,
        "SELECT count(*), count(*) FILTER (WHERE aside_why = ?) FROM mail_read WHERE aside",
        (MARKED_AS_SPAM,),
    )
    return found


def names_of_senders(reader: Reader, ids: Sequence[int]) -> list[list[str]]:
    """Whom a rule for one of these mails can name (`rules.mail.sender_rules`), the most exact
    first, if it can be written down; a list only where it is not our own group address."""
    found = (
        row
        for id in ids
        if (row := reader.row(f"SELECT nature, {_SENDER} WHERE mail_id = ?", (id,))) is not None
    )
    return [
        [
            name
            for name in sender_rules.names(*_sent(*row))
            if (nature == Nature.LIST or sender_rules.kind_of(name) != "list")
            and sender_rules.can_be_read(name)
        ]
        for nature, *row in found
    ]


def aside_by_rules(
    reader: Reader, rules: Mapping[str, SenderRule], named: Collection[str]
) -> list[int]:
    """The mails aside for which, of these rules, one holds that is `named`; the oldest first."""
    wanted = {rules[name] for name in named if name in rules}
    lying = reader.rows(f"SELECT mail_id, {_SENDER} WHERE aside ORDER BY mail_id")
    return [id for id, *row in lying if sender_rules.rule_for(*_sent(*row), rules) in wanted]


def mail(reader: Reader, id: int) -> MailDetail:
    """One mail, with its words.

    Raises:
        NotFound: there is none of that number, or it was not read yet.
    """
    row = reader.row(f"SELECT {_WHOLE} {_CAME} WHERE r.mail_id = ?", (id,))
    if row is None:
        raise NotFound(f"there is no mail {id}; `poc mail` lists what lies aside")
    return of(MailDetail, _with_parts(row[:-1]), tuple(listed(row[-1])))


def began_its_request(reader: Reader, id: int) -> bool:
    """Whether the mail is filed as the first words of its request."""
    return bool(
        reader.value(
            "SELECT f.activity_id = (SELECT min(id) FROM activity WHERE request_id = f.request_id)"
            " FROM mail_filed f WHERE f.mail_id = ?",
            (id,),
        )
    )


def id_of(reader: Reader, raw: bytes) -> int:
    """The id of the mail of these bytes.

    Raises:
        NotFound: it is not kept here.
    """
    from hashlib import sha256

    value = reader.value("SELECT id FROM mail WHERE sha256 = ?", (sha256(raw).hexdigest(),))
    if value is None:
        raise NotFound("there is no such mail here; `poc import mail PATH` takes one in")
    return int(value)


def raw(reader: Reader, id: int) -> bytes:
    """A mail to the byte.

    Raises:
        NotFound: there is none of that number.
    """
    value = reader.value("SELECT raw FROM mail WHERE id = ?", (id,))
    if value is None:
        raise NotFound(f"there is no mail {id}; `poc mail` lists what lies aside")
    return bytes(value)


def pending(reader: Reader) -> tuple[OutgoingRow, ...]:
    """The mails of ours that are not gone and still ask for something, the oldest first.

    One that failed does no more when its request was gone on with since.
    """
    rest = f"WHERE o.state IN ({marks(OPEN_STATES)}) AND NOT {_SEEN_TO} ORDER BY o.id"
    return outgoing_rows(reader, rest, OPEN_STATES)


def outbox(reader: Reader, states: Sequence[str]) -> tuple[OutgoingRow, ...]:
    """The mails of ours in these states, the oldest first."""
    return outgoing_rows(reader, f"WHERE o.state IN ({marks(states)}) ORDER BY o.id", states)


def outgoing(reader: Reader, id: int) -> OutgoingRow:
    """One mail of ours.

    Raises:
        NotFound: there is none of that number.
    """
    found = outgoing_rows(reader, "WHERE o.id = ?", (id,))
    if not found:
        raise NotFound(f"there is no mail {id} in the outbox; `poc outbox` lists what waits")
    return found[0]


def queued_by(reader: Reader, step: int | None) -> tuple[OutgoingRow, ...]:
    """The mails of ours that a step of the journal queued and that still wait."""
    ids = changed(reader, step, "outbox")
    found = (outgoing_rows(reader, "WHERE o.id = ? AND o.state = 'queued'", (id,)) for id in ids)
    return tuple(row for rows in found for row in rows)


def _sent(sender: str, writer: str, headers: str) -> tuple[Mail, str]:
    """What rules about senders look at."""
    fields = tuple((name, value) for name, value in listed(headers, 2))
    return Mail(sender=MailAddress("", sender), headers=fields), writer


def _lines(reader: Reader, rest: str, parameters: Sequence[Any]) -> tuple[MailRow, ...]:
    rows = reader.rows(f"SELECT {_LINE} {_CAME} {rest}", tuple(parameters))
    return tuple(of(MailRow, _with_parts(row)) for row in rows)


def _with_parts(row: Sequence[Any]) -> tuple[Any, ...]:
    """The values of a row that begins as `_LINE` does, its parts as the records hold them."""
    return (*row[:9], tuple(map(tuple, listed(row[9], 4))), *row[10:])
