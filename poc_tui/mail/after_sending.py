"""What is left to do on the IMAP server once a mail of ours was sent.

Its copy in the folder of sent mail, and the flag of the mail that it answers. Either is noted in
the store when it is done; whatever breaks off before that, the copy is looked for by its Message-ID
before it is made again, and a flag that is set twice is one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from poc_tui.errors import MailFailed, PocError
from poc_tui.mail.enclosures import enclosures
from poc_tui.mail.message import compose
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.retries import GIVE_UP_AFTER
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Account, MailSettings, Server
from poc_tui.store import outbox
from poc_tui.store.connection import connection
from poc_tui.store.outbox import MailDue
from poc_tui.system.process_lock import alone

if TYPE_CHECKING:
    from poc_tui.mail.transport.imap_accounts import ImapAccounts
    from poc_tui.mail.transport.imap_line import ImapMailbox


def settle_sent(
    path: str,
    clock: Clock,
    mail: MailSettings,
    password: Callable[[Server], Password],
    connections: ImapAccounts,
) -> tuple[str, ...]:
    """Do what is left to do; returns a sentence for each account where it could not be done.

    That is tried again by the next call. To be called from a thread of its own while screens are
    open.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be written.
    """
    with connection(path) as opened:
        if not outbox.to_settle(opened):
            return ()
        with alone(path, "copying") as granted, MailReader() as reader:
            if not granted:
                return ()
            due = outbox.to_settle(opened)
            settling = _Settling(opened, clock, reader, mail)
            for row in due:
                settling.leave_what_nobody_wants(row)
            return tuple(
                trouble
                for account in mail.accounts
                if account.imap.host
                and (trouble := settling.at(account, due, password, connections))
            )


@dataclass(frozen=True, slots=True)
class _Settling:
    connection: sqlite3.Connection
    clock: Clock
    reader: MailReader
    mail: MailSettings

    def leave_what_nobody_wants(self, row: MailDue) -> None:
        """Note that there is nothing to do where the settings, or the time, say so."""
        # A server that takes no copy for as long as a mail is tried to be sent never will.
        late = self.clock.now() - row.sent_at > GIVE_UP_AFTER
        if late or not self.mail.account_of(row.sender).imap.host:
            outbox.copied(self.connection, row.id)
        if late or not any(_flags(account, row) for account in self.mail.accounts):
            outbox.flagged(self.connection, row.id)

    def at(
        self,
        account: Account,
        due: Sequence[MailDue],
        password: Callable[[Server], Password],
        connections: ImapAccounts,
    ) -> str:
        """Do it at one account; returns why it cannot be done there, "" if it can."""
        from poc_tui.mail.transport.connection import broken
        from poc_tui.mail.transport.failures import failed

        copies = [row for row in due if row.copy_due and self._copies(account, row)]
        flags = [row for row in due if _flags(account, row)]
        if not (copies or flags):
            return ""
        try:
            with connections.of(account.imap).box(password) as (box, secret):
                try:
                    self._flag(box, account, flags)
                    return self._copy(box, account, copies)
                except broken() as error:
                    raise failed(error, account.imap, secret) from None
        except MailFailed as error:
            return str(error)

    def _copies(self, account: Account, row: MailDue) -> bool:
        return self.mail.account_of(row.sender) == account

    def _copy(self, box: ImapMailbox, account: Account, rows: Sequence[MailDue]) -> str:
        from poc_tui.mail.transport.sent_folder import sent_folder, uids_with_id

        folder = sent_folder(box, account) if rows else None
        if folder is not None:
            box.folder.set(folder, readonly=True)
        trouble = ""
        for row in rows:
            if folder is not None and not uids_with_id(box, row.message_id):
                try:
                    message = self._message(row, account)
                except PocError as error:
                    trouble = str(error)
                    continue
                box.append(message, folder, dt=row.sent_at, flag_set=r"\Seen")
            outbox.copied(self.connection, row.id)
        return trouble

    def _message(self, row: MailDue, account: Account) -> bytes:
        """What was sent, to the byte: a mail is composed alike each time."""
        sent = outbox.queued_mail(self.connection, row.id, "sent")
        if sent is None:
            raise MailFailed("A mail that was sent is not in the outbox any more.")
        enclosed = enclosures(self.connection, self.reader, sent)
        return compose.message(sent, account, self.clock.zone, enclosed)

    def _flag(self, box: ImapMailbox, account: Account, rows: Iterable[MailDue]) -> None:
        from poc_tui.mail.transport.imap import existing
        from poc_tui.mail.transport.sent_folder import uids_with_id

        for row in rows:
            for folder in _may_lie_in(account.imap, row):
                if existing(box, folder) is None:
                    continue
                box.folder.set(folder)
                if uids := uids_with_id(box, row.answered_id):
                    box.client.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Answered)")
                    break
            outbox.flagged(self.connection, row.id)


def _flags(account: Account, row: MailDue) -> bool:
    """Whether the mail that this one answers came to the account, and may be changed there."""
    came_here = bool(account.imap.host) and row.answered_source.startswith(account.imap.source(""))
    return bool(row.answered_id) and came_here and account.imap.after != "nothing"


def _may_lie_in(server: Server, row: MailDue) -> Iterable[str]:
    """The folders in which the mail can be that was answered: where it came, or was moved to."""
    folder = row.answered_source.removeprefix(server.source(""))
    return dict.fromkeys((folder, *filter(None, (server.move_to,)), *server.folders))
