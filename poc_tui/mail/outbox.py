"""Sending what the verbs queued: each mail once, or a person is told that nobody knows.

A row is `sending` from just before its final dot until the server's reply is written down. So a
row that is `sending` while nobody sends was broken off there, and is never tried again by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import NotFound, PocError, StoreBusy, StoreUnreadable
from poc_tui.mail.enclosures import EnclosureUnavailable, enclosures
from poc_tui.mail.message import compose
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.smtp import DeliveryInDoubt, PutOff, SmtpConnection, Unreachable
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.address import ascii_address
from poc_tui.rules.mail.retries import next_try, until_reachable
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import NO_FOLDER, Account, MailSettings, Server
from poc_tui.store import outbox
from poc_tui.store.connection import connection
from poc_tui.store.drafts import NotDelivered
from poc_tui.system.process_lock import alone

if TYPE_CHECKING:
    from poc_tui.store.desk import Desk

BROKEN_OFF = (
    "poc ended while this mail was on its way, so nobody knows whether it went out. Look whether it"
    " arrived before it is sent again."
)
_HANDED_OVER = '"mail.send" is not "smtp", so nothing is sent from here'
_PATIENCE_MS = 60_000
"""For another writer: a mail that the server has must be noted as sent, or it is in doubt."""


class SendReport(NamedTuple):
    """What became of the outbox in one go."""

    sent: int
    waiting: int
    """All that wait now, whether they were tried or not, but for what is to go out later."""
    failed: int
    """Refused for good or given up in this go; their requests are mine now."""
    unsure: int
    """Found or left in doubt in this go."""
    sentence: str


def send(
    path: str,
    clock: Clock,
    mail: MailSettings,
    password: Callable[[Server], Password],
    desk: Callable[[], Desk],
    *,
    at_once: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> SendReport:
    """Send what is due, or with `at_once` all that waits, the oldest first.

    `password` is asked when the settings name a user of the server; a `MailFailed` of it is in the
    report. `desk` is asked for when a mail failed for good. `stopped` is asked between two mails.
    To be called from a thread of its own while screens are open: a reply may take minutes.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be written; a mail that was on its way then is
            in doubt the next time.
        StoreUnreadable: this computer cannot say whether another poc is sending.
    """
    with (
        alone(path, "sending") as granted,
        connection(path, busy_ms=_PATIENCE_MS) as opened,
        MailReader() as reader,
    ):
        sender = _Sender(opened, clock, mail, desk, reader)
        if not granted:
            return sender.report("another poc is sending just now")
        sender.note_broken_off()
        if mail.sends:
            with ExitStack() as servers:
                sender.send_all(Servers(servers, password), at_once, stopped)
        return sender.report("" if mail.sends else _HANDED_OVER)


class Servers:
    """The way to each account's server, opened when its first mail goes out."""

    def __init__(self, opened: ExitStack, password: Callable[[Server], Password]) -> None:
        self._opened = opened
        self._password = password
        self._by_account: dict[str, SmtpConnection] = {}

    def of(self, account: Account) -> SmtpConnection:
        """The way to the server of that account."""
        if account.key not in self._by_account:
            way = SmtpConnection(account.smtp, self._password)
            self._by_account[account.key] = self._opened.enter_context(way)
        return self._by_account[account.key]


@dataclass
class _Sender:
    """One go."""

    connection: sqlite3.Connection
    clock: Clock
    mail: MailSettings
    desk: Callable[[], Desk]
    reader: MailReader
    trouble: str = ""
    sent: int = 0
    failed: int = 0
    unsure: int = 0

    def note_broken_off(self) -> None:
        self.unsure += len(outbox.broken_off(self.connection, BROKEN_OFF))

    def send_all(self, servers: Servers, at_once: bool, stopped: Callable[[], bool]) -> None:
        due = [
            queued
            for id in outbox.waiting(self.connection, self.clock.now(), at_once=at_once)
            if (queued := outbox.queued_mail(self.connection, id)) is not None
        ]
        unreachable: set[str] = set()
        for place, queued in enumerate(due):
            if stopped():
                return
            account = self._account(queued)
            if account.key in unreachable or not account.sends:
                continue
            try:
                self._send(queued, account, servers.of(account))
            except Unreachable as error:
                unreachable.add(account.key)
                self.trouble = str(error)
                at = self.clock.now() + until_reachable(self._waited(queued))
                waits = [each.id for each in due[place:] if self._account(each) == account]
                outbox.wait_for_server(self.connection, waits, str(error), at)

    def _account(self, queued: outbox.QueuedMail) -> Account:
        return self.mail.account_of(queued.sender)

    def report(self, why: str) -> SendReport:
        waiting, later = outbox.count_waiting(self.connection, self.clock.now())
        counts = (
            (self.sent, "sent"),
            (self.failed, "not delivered"),
            (self.unsure, "in doubt"),
            (waiting, "waiting"),
            (later, "to go out later"),
        )
        said = ", ".join(f"{count} {what}" for count, what in counts if count)
        sentence = said or "no mail waits to be sent"
        trouble = why or self.trouble
        if trouble:
            sentence = f"{sentence}: {trouble}"
        return SendReport(self.sent, waiting, self.failed, self.unsure, sentence)

    def _send(self, queued: outbox.QueuedMail, account: Account, server: SmtpConnection) -> None:
        try:
            if outbox.queued_mail(self.connection, queued.id) is None:
                return  # taken back meanwhile
            enclosed = enclosures(self.connection, self.reader, queued)
            message = compose.message(queued, account, self.clock.zone, enclosed)
            delivered = server.deliver(
                message,
                ascii_address(account.address),
                ascii_address(queued.recipient),
                lambda: self._begin(queued, account),
                [ascii_address(copy) for copy in queued.copies],
                patient=not queued.tries,
            )
        except (Unreachable, StoreBusy, StoreUnreadable):
            raise
        except (PutOff, EnclosureUnavailable) as error:
            self._try_later(queued, str(error))
        except DeliveryInDoubt as error:
            self._in_doubt(queued, str(error))
        except PocError as error:
            self._give_up(queued, str(error))
        except BaseException:
            outbox.unsure(self.connection, queued.id, BROKEN_OFF)
            raise
        else:
            if delivered:
                missed = "; ".join(f"{copy}: {why}" for copy, why in server.no_copy.items())
                outbox.sent(self.connection, queued.id, self.clock.now(), missed)
                self.sent += 1
                for copy, why in server.no_copy.items():
                    self.trouble = f"no copy for {copy}: {why}"
                    self.desk().do(NotDelivered(queued.id, why, copy))

    def _begin(self, queued: outbox.QueuedMail, account: Account) -> bool:
        afterwards = outbox.DueMarks(
            copy=bool(account.imap.host) and account.imap.sent != NO_FOLDER,
            flag=any(each.imap.after != "nothing" for each in self.mail.accounts),
        )
        return outbox.begin(self.connection, queued.id, afterwards)

    def _try_later(self, queued: outbox.QueuedMail, why: str) -> None:
        pause = next_try(queued.tries + 1, self._waited(queued))
        if pause is None:
            self._give_up(queued, f"given up after {queued.tries + 1} tries: {why}")
            return
        self.trouble = why
        outbox.try_later(self.connection, queued.id, why, self.clock.now() + pause)

    def _in_doubt(self, queued: outbox.QueuedMail, why: str) -> None:
        outbox.unsure(self.connection, queued.id, why)
        self.unsure += 1
        self.trouble = why

    def _give_up(self, queued: outbox.QueuedMail, why: str) -> None:
        try:
            self.desk().do(NotDelivered(queued.id, why))
        except NotFound:
            return  # taken back while it was refused
        self.failed += 1
        self.trouble = why

    def _waited(self, queued: outbox.QueuedMail) -> timedelta:
        since = queued.send_at or queued.queued_at
        return self.clock.now() - datetime.fromtimestamp(since, UTC)
