"""Everything with a date: what the agenda lists, what falls due, what goes into a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from poc_tui.rules.agenda import WEEK, Agenda, AgendaItem, agenda, end
from poc_tui.rules.recurrence.rule import after
from poc_tui.store.queries.customers import LAST_CONTACT
from poc_tui.store.queries.reader import Reader, moment, seconds
from poc_tui.store.queries.views import VIEWS, by

FOREVER = 1 << 40
"""Seconds; a moment after every other."""

_OPEN = f"request {by('request_open')} WHERE state <> 'resolved'"
# First what has a value of every type: by the first the types of the others are known.
_ITEMS = f"""
    SELECT kind AS what, id AS of, at, request_id AS number, customer_id, whom AS who, text
    FROM reminder WHERE done_at IS NULL AND at <= :until
    UNION ALL
    SELECT CASE WHEN due_for = 'first-answer' OR due_for = 'given' AND first_answered_at IS NULL
           THEN 'answer' ELSE 'update' END, id, due_at, id, NULL, '', ''
    FROM {_OPEN} AND due_at <= :until
    UNION ALL
    SELECT 'resolve', id, resolve_by, id, NULL, '', '' FROM {_OPEN} AND resolve_by <= :until
    UNION ALL
    SELECT 'check-back', id, next_at, id, NULL, '', ''
    FROM {_OPEN} AND court = 'customer' AND next_at <= :until
    UNION ALL
    SELECT 'chase', f.id, f.next_at, f.request_id, NULL, d.name, f.question
    FROM forward f {by("forward_to_chase")} JOIN department d ON d.id = f.department_id
    WHERE f.answered_at IS NULL AND f.withdrawn_at IS NULL AND f.next_at <= :until
"""
_WITH_NAMES = f"""
    SELECT i.what, i.of, i.at, i.number, r.subject, coalesce(i.customer_id, r.customer_id), c.name,
           i.who, i.text
    FROM ({_ITEMS}) i
    LEFT JOIN request r ON r.id = i.number
    LEFT JOIN customer c ON c.id = coalesce(i.customer_id, r.customer_id)
"""
_NOT_TOLD = """
    WHERE NOT EXISTS (SELECT 1 FROM notice n
                      WHERE n.teller IN (:teller, :anybody) AND n.what = i.what AND n.of = i.of
                      AND n.at = i.at)
"""


def items(
    reader: Reader, zone: tzinfo, *, until: datetime | None = None, aside: bool = False
) -> tuple[AgendaItem, ...]:
    """What falls due until then, or ever; the earliest first.

    A customer's contact rhythm counts in days of `zone`. With `aside` the mail that lies aside, as
    one thing, is among it, and each that is not verified.
    """
    limit = FOREVER if until is None else seconds(until)
    found = reader.records(AgendaItem, _WITH_NAMES, {"until": limit})
    mails = [*_aside(reader), *_unverified(reader)] if aside else []
    return _sorted([*found, *_contacts(reader, zone, limit), *mails])


def untold(
    reader: Reader, zone: tzinfo, now: datetime, teller: str, *, aside: bool = False
) -> tuple[AgendaItem, ...]:
    """What is due by `now` and was not yet told by that teller; the earliest first. `aside` as for
    `items`: that is told again when more comes."""
    limit = seconds(now)
    # The second is the name of notices that were told before it was kept to whom.
    names = {"teller": teller, "anybody": teller.partition(":")[0]}
    found = reader.records(AgendaItem, _WITH_NAMES + _NOT_TOLD, {"until": limit, **names})
    told = set(
        reader.rows(
            "SELECT what, of, at FROM notice WHERE teller IN (:teller, :anybody)"
            " AND what IN ('contact', 'aside', 'unverified')",
            names,
        )
    )
    mails = [*_aside(reader), *_unverified(reader)] if aside else []
    more = [*_contacts(reader, zone, limit), *mails]
    return _sorted([*found, *(i for i in more if (i.what, i.of, seconds(i.at)) not in told)])


def _contacts(reader: Reader, zone: tzinfo, limit: int) -> Iterator[AgendaItem]:
    """Customers who want to be talked to every so often, when the last time is too long ago."""
    for id, name, rhythm, last in reader.rows(
        f"SELECT c.id, c.name, c.rhythm, {LAST_CONTACT}"
        f" FROM customer c {by('customer_with_rhythm')} WHERE c.rhythm <> ''"
    ):
        at = after(rhythm, moment(last), zone)
        if seconds(at) <= limit:
            yield AgendaItem("contact", id, at, None, None, id, name, "", rhythm)


def _aside(reader: Reader) -> Iterator[AgendaItem]:
    """What lies aside, since the newest mail came there; spam alone asks for nothing."""
    from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM, lie_aside
    from poc_tui.store.queries.mail import aside_counts

    newest = reader.row(
        "SELECT r.mail_id, m.came_at FROM mail_read r JOIN mail m ON m.id = r.mail_id"
        " WHERE r.aside AND r.aside_why <> ? ORDER BY r.mail_id DESC LIMIT 1",
        (MARKED_AS_SPAM,),
    )
    if newest is not None:
        id, came_at = newest
        said = lie_aside(*aside_counts(reader))
        yield AgendaItem("aside", id, moment(came_at), None, None, None, None, "", said)


def _unverified(reader: Reader) -> tuple[AgendaItem, ...]:
    """The mails of which nobody can say who wrote them, until somebody has seen them."""
    return reader.records(
        AgendaItem,
        "SELECT 'unverified', f.mail_id, m.at, f.request_id, r.subject, r.customer_id, c.name,"
        f" '', f.doubt FROM remark m {by('remark_unseen')}"
        " JOIN mail_filed f ON f.mail_id = m.mail_id JOIN request r ON r.id = f.request_id"
        " LEFT JOIN customer c ON c.id = r.customer_id"
        " WHERE m.seen_at IS NULL AND f.doubt <> '' AND m.id = (SELECT min(id) FROM remark"
        "  WHERE request_id = m.request_id AND mail_id = m.mail_id AND seen_at IS NULL)",
    )


def _sorted(found: list[AgendaItem]) -> tuple[AgendaItem, ...]:
    return tuple(sorted(found, key=lambda item: (item.at, item.number or 0, item.what)))


_NEW = f"""
    SELECT 'new', r.id,
           CASE WHEN coalesce(r.due_at, r.resolve_by) IS NULL THEN :now ELSE r.sort_at END,
           r.id, r.subject, r.customer_id, c.name, '', ''
    FROM (SELECT * FROM request {by(VIEWS["new"].by)} WHERE {VIEWS["new"].where}) r
    LEFT JOIN customer c ON c.id = r.customer_id
"""


def read_agenda(reader: Reader, now: datetime, zone: tzinfo, days: int = WEEK) -> Agenda:
    """The agenda at `now` (aware UTC) of so many days of `zone`, today included.

    A new request comes as an item `new` of its own, at the first date it has; one without any,
    which a busy store left so, at `now`.
    """
    new = reader.records(AgendaItem, _NEW, {"now": seconds(now)})
    dated = items(reader, zone, until=end(now, zone, days))
    return agenda([*dated, *_unverified(reader)], new, now, zone, days)
