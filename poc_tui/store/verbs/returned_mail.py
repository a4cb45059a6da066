"""Which mail of ours a report is about, where the id that we gave it is not in the report.

Providers send our mails on under ids of their own. What is left of them is whom they were for, the
number in their subject, and what they answered; and a report comes within days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from poc_tui.models.values import OutgoingState
from poc_tui.rules.mail.address import is_among, known_as
from poc_tui.rules.mail.message import Nature
from poc_tui.rules.mail.subject import bare
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import marks, seconds
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.subject_numbers import named_in
from poc_tui.store.verbs.unfiled_mail import Unfiled

COLUMNS = "id, request_id, activity_id, forward_id, state, recipient, message_id"
"""Of a row of the outbox, as `MatchedOutgoing` has them."""

_TRIED_FOR = timedelta(days=7)
"""How long a server keeps trying, and a little more (RFC 5321, section 4.5.4.1)."""

_CLOCKS_APART = timedelta(days=1)
_MOST = 2000
"""Of our latest mails."""

_LATEST = f"""
    SELECT {COLUMNS}, subject, copies FROM outbox
    WHERE id > (SELECT max(id) FROM outbox) - {_MOST} AND state <> '{OutgoingState.QUEUED}'
    AND coalesce(sent_at, queued_at) BETWEEN ? AND ? ORDER BY id DESC
"""
_REQUESTS_OF = """
    SELECT o.request_id FROM outbox o WHERE o.message_id IN ({0})
    UNION SELECT f.request_id FROM mail_read r JOIN mail_filed f ON f.mail_id = r.mail_id
    WHERE r.mail_id IN (SELECT mail_id FROM mail_ref WHERE ref IN ({0}))
    AND r.message_id IN ({0})
"""


class MatchedOutgoing(NamedTuple):
    """A mail of ours that another one names."""

    id: int
    number: int
    """Of the request."""
    activity_id: int
    forward_id: int | None
    """Of what went to a department."""
    state: str
    recipient: str
    message_id: str


def told_of(work: UnitOfWork, unfiled: Unfiled) -> MatchedOutgoing | None:
    """The mail of ours that did not arrive, comes late or met with somebody who is away.

    A recipient whom a server names is enough; one who only stands in the text, or in the header
    that came back, takes the number or the thread of a request too.
    """
    mail = unfiled.mail
    if mail.nature not in (Nature.BOUNCE, Nature.AUTO_REPLY):
        return None
    sent_by = mail.fields("returned-from")
    mine = work.mail_policy.mine
    if sent_by and not any(is_among(each, mine) for each in sent_by):
        return None
    certain = mail.fields("final-recipient")
    numbers = _numbers(work, unfiled)
    named = [*certain, *mail.fields("returned-to")] if numbers else certain
    found = [
        row for row, _ in _sent_to(work, unfiled, named) if row.number in numbers or not numbers
    ]
    if not found and not named and mail.nature == Nature.AUTO_REPLY:
        away = _sent_to(work, unfiled, [unfiled.sender])
        found = [row for row, subject in away if len(subject) > 2 and subject in mail.subject]
    unknown = (row for row in found if row.state != OutgoingState.FAILED)
    return next(unknown, found[0] if found else None)


def _numbers(work: UnitOfWork, unfiled: Unfiled) -> set[int]:
    """The requests that what came back was about, by its subject and what it answered."""
    mail = unfiled.mail
    subjects = (*mail.fields("returned-subject"), mail.subject)
    numbers = {named.number for each in subjects if (named := named_in(work, each)) is not None}
    if ids := mail.fields("returned-ref"):
        sql = _REQUESTS_OF.format(marks(ids))
        numbers |= {number for (number,) in work.connection.execute(sql, ids * 3)}
    return numbers


def _sent_to(
    work: UnitOfWork, unfiled: Unfiled, recipients: Iterable[str]
) -> Iterator[tuple[MatchedOutgoing, str]]:
    """Our mails to one of these that were sent not long before, the latest first, and their bare
    subjects."""
    wanted = [each for each in recipients if each]
    if not wanted:
        return
    between = (unfiled.at - _TRIED_FOR, unfiled.at + _CLOCKS_APART)
    for *values, subject, copies in work.connection.execute(_LATEST, tuple(map(seconds, between))):
        row = MatchedOutgoing(*values)
        went_to = (row.recipient, *listed(copies))
        if any(known_as(each, *went_to) for each in wanted):
            yield row, bare(subject)
