"""The mails that are to be filed, as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.errors import NotFound, Refused
from poc_tui.rules.mail.correspondent import nature_to, writer
from poc_tui.rules.mail.message import Mail, MailAddress, Nature, Part
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import marks, moment, portions
from poc_tui.store.raw_mail import SENT, Recognised
from poc_tui.store.unit_of_work import UnitOfWork

_ARRIVALS = f"""
    SELECT r.mail_id, {SENT}, m.came_at, r.message_id, r.refs, r.sender, r.sender_name,
           r.reply_to, r.reply_to_name, r.recipients, r.cc, r.headers, r.html, r.subject,
           r.nature, r.text, r.quoted, r.signature, r.original, r.original_name, r.bounced,
           r.bounce_why, r.parts, r.trouble, m.source, f.request_id
    FROM mail_read r JOIN mail m ON m.id = r.mail_id LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
"""


class Unfiled(NamedTuple):
    """A mail that came, read and not filed."""

    id: int
    mail: Mail
    """Its nature is what it is to this desk."""
    at: datetime
    """When it was written: no later than it came, nor than now (aware UTC)."""
    writer: MailAddress | None
    """Who wrote it: its sender, or the person for whom a form or our group address sent it."""
    source: str
    """Where it was fetched from."""

    @property
    def sender(self) -> str:
        """The address of who wrote it; empty if there is none."""
        return self.writer.address if self.writer else ""

    def recognised(self) -> Recognised:
        """What the store is to know of it besides what was read."""
        is_sender = self.writer == self.mail.sender
        return Recognised(self.id, self.mail.nature, None if is_sender else self.writer)


def unfiled_mails(work: UnitOfWork, ids: Sequence[int]) -> list[Unfiled]:
    """The mails of these ids, in this order, each once.

    Raises:
        NotFound: there is no such mail, or nothing was read of it yet.
        Refused: one of them is filed.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[int, Unfiled] = {}
    for part in portions(wanted):
        for row in work.query(f"{_ARRIVALS} WHERE r.mail_id IN ({marks(part)})", part):
            if (number := row[-1]) is not None:
                raise Refused(
                    f"mail {row[0]} is filed under #{number} already;"
                    f" `poc mail file {row[0]} --to N` puts it elsewhere"
                )
            found[row[0]] = _arrival(row, work.now, work.mail_policy.mine)
    for id in wanted:
        if id not in found:
            raise NotFound(f"there is no mail {id} that was read; `poc mail` lists what lies aside")
    return [found[id] for id in wanted]


def read_mail(work: UnitOfWork, id: int) -> Unfiled:
    """The mail of that id, filed or not.

    Raises:
        NotFound: there is no such mail, or nothing was read of it yet.
    """
    rows = work.query(f"{_ARRIVALS} WHERE r.mail_id = ?", (id,))
    if not rows:
        raise NotFound(f"there is no mail {id} that was read")
    return _arrival(rows[0], work.now, work.mail_policy.mine)


def _arrival(row: tuple[Any, ...], now: datetime, ours: Sequence[str]) -> Unfiled:
    (
        id, sent_at, came_at, message_id, refs, sender, sender_name, reply_to, reply_to_name,
        recipients, cc, headers, html, subject, nature, text, quoted, signature, original,
        original_name, bounced, bounce_why, parts, trouble, source, _,
    ) = row  # fmt: skip
    mail = Mail(
        message_id=message_id,
        refs=tuple(listed(refs)),
        sender=MailAddress(sender_name, sender) if sender or sender_name else None,
        reply_to=MailAddress(reply_to_name, reply_to) if reply_to else None,
        recipients=tuple(MailAddress(*each) for each in listed(recipients, 2)),
        cc=tuple(MailAddress(*each) for each in listed(cc, 2)),
        headers=tuple((name, value) for name, value in listed(headers, 2)),
        html=bool(html),
        subject=subject,
        nature=Nature(nature),
        text=text,
        quoted=quoted,
        signature=signature,
        original=MailAddress(original_name, original) if original else None,
        bounced=tuple(listed(bounced)),
        bounce_why=bounce_why,
        parts=tuple(Part(*part) for part in listed(parts, 4)),
        trouble=tuple(listed(trouble)),
    )
    # A clock that stood before 1970 was wrong, and business time is not counted from there.
    seconds = sent_at if sent_at > 0 else came_at
    here = nature_to(mail, ours)
    if here != mail.nature:
        mail = replace(mail, nature=here)
    return Unfiled(id, mail, min(moment(seconds), now), writer(mail, ours), source)
