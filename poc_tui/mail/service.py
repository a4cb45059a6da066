"""What the desk does with mail, off the screen's thread."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import PocError, Refused
from poc_tui.store.schema import BUSY_MS
from poc_tui.system.background_threads import BackgroundThreads

if TYPE_CHECKING:
    from poc_tui.mail.hand_off import Copy
    from poc_tui.mail.intake import IntakeReport as Came
    from poc_tui.mail.outbox import SendReport as Sent
    from poc_tui.mail.transport.check import Finding
    from poc_tui.mail.transport.passwords import Ask
    from poc_tui.mail.transport.source import MailSource
    from poc_tui.rules.time_source import Clock
    from poc_tui.settings.mail import MailSettings, Server
    from poc_tui.store.desk import Desk
    from poc_tui.store.queries.mail import MailActivity
    from poc_tui.store.records import Done

CLOSING_SECONDS = 10.0
"""How long closing the desk waits for a mail that is on its way, and for what is being filed."""


class FetchResult(NamedTuple):
    """What came in, and what it brought about."""

    report: Came
    happened: Sequence[MailActivity]


class HandOffResult(NamedTuple):
    """What became of mails that were handed over, a sentence each."""

    said: tuple[str, ...]
    trouble: tuple[str, ...]
    """Why some could not be; those wait as before."""


class MailService:
    """Fetches and sends for one desk, and does what a person decides about mails.

    `desk` opens the write side; it is called on a thread. Every method may raise what the store
    raises: `StoreBusy`, `StoreUnreadable`.
    """

    def __init__(
        self,
        path: str,
        clock: Clock,
        settings: MailSettings,
        environ: Mapping[str, str],
        desk: Callable[[], Desk],
    ) -> None:
        from poc_tui.mail.entered_passwords import EnteredPasswords
        from poc_tui.mail.transport.imap_accounts import ImapAccounts

        self.settings = settings
        self._path = path
        self._clock = clock
        self._desk = desk
        self._passwords = EnteredPasswords(environ, clock)
        self._connections = ImapAccounts()
        self._threads = BackgroundThreads("poc-mail")
        self._closing = False

    def use(self, settings: MailSettings) -> None:
        """Go by these from now on. Where the accounts are others, what was typed for one is
        forgotten, and nobody waits for its mail until `watch` is called."""
        if (settings.accounts, settings.watch) != (self.settings.accounts, self.settings.watch):
            self._passwords.forget()
            self._connections.close()
        self.settings = settings

    async def watch(
        self, ask: Ask, came: Callable[[Server], None], trouble: Callable[[str], None]
    ) -> None:
        """Have every IMAP server that can tell of new mail in its first folder, by `came`.

        `trouble` gets the sentence where one cannot be reached, which is tried again. All three are
        called on threads of their own. What is watched already stays so.
        """
        connections = self._connections
        watched = [each.imap for each in self.settings.accounts if each.imap.host]

        def begin() -> None:
            # It takes a while to load, which nobody at the desk is to wait for.
            from poc_tui.mail.mail_watch import MailWatch

            watch = MailWatch(self._passwords.finder(ask), self._clock, came, trouble)
            for account in watched:
                kept = connections.of(account)
                if kept.tells and not (kept.waited_on or self._closing):
                    watch.begin(kept)

        if watched and self.settings.watch:
            await self._threads.run(begin)

    async def check(self, ask: Ask) -> Sequence[Finding]:
        """Try every way that is set; nothing is fetched or sent. `ask` is asked as by `fetch`."""

        def tried() -> Sequence[Finding]:
            from poc_tui.mail.transport.check import check

            return check(self.settings, self._passwords.finder(ask), self._clock)

        findings = await self._threads.run(tried)
        self._passwords.forget_wrong()
        return findings

    async def fetch(self, ask: Ask, account: Server | None = None) -> FetchResult:
        """Take in what has come; `ask` is asked, on a thread, for a password that is nowhere kept.

        With an `account` only what is in the folder of it that is watched.

        Raises:
            Refused: mail is fetched already, or the desk is closing.
        """

        def sources() -> Sequence[MailSource]:
            from poc_tui.mail.transport.open_source import configured

            find, connections = self._passwords.finder(ask), self._connections
            every = configured(self.settings, find, self._clock, connections)
            if account is None:
                return every
            return [each for each in every if each.name == account.source(account.folder)]

        came = await self._threads.run(partial(self._take_in, sources))
        self._passwords.forget_wrong()
        return came

    async def take_in(self, files: Sequence[str]) -> FetchResult:
        """Take in the mail in each of these files, as one step of the person who named them.

        Raises:
            Refused: mail is taken in already, or the desk is closing.
        """

        def sources() -> Sequence[MailSource]:
            from poc_tui.mail.transport.mail_files import MailFiles

            return [MailFiles(path) for path in files]

        run = f"mail{secrets.token_hex(8)}"
        return await self._threads.run(partial(self._take_in, sources, run))

    async def send(self, ask: Ask) -> Sent:
        """Send what is due; `ask` is asked as by `fetch`.

        Raises:
            StoreUnreadable: nobody can say whether another program is sending.
        """
        sent = await self._threads.run(partial(self._send, ask))
        self._passwords.forget_wrong()
        return sent

    async def settle_sent(self, ask: Ask) -> Sequence[str]:
        """Copy what was sent to the folder of sent mail, and flag what it answers, where that is
        left to do; returns why it cannot be done now. Never holds up what is sent meanwhile."""

        def settled() -> Sequence[str]:
            from poc_tui.mail.after_sending import settle_sent

            find, connections = self._passwords.finder(ask), self._connections
            with self._standing("mail that was sent cannot be copied: {}"):
                try:
                    return settle_sent(self._path, self._clock, self.settings, find, connections)
                finally:
                    connections.let_go()

        return await self._threads.run(settled)

    async def hand_over(self, ids: Sequence[int], copy: Copy) -> HandOffResult:
        """Give mails that wait to the person to send; `copy` is called on a thread."""
        return await self._threads.run(partial(self._hand_over, ids, copy))

    async def settle(self, ids: Sequence[int]) -> int:
        """A person says that these mails of ours went out; returns how many were in doubt."""
        from poc_tui.store import outbox

        now = self._clock.now()
        return await self._written(lambda opened: sum(outbox.settle(opened, id, now) for id in ids))

    async def again(self, ids: Sequence[int]) -> int:
        """A person says to send these, now or again; returns how many are not gone meanwhile."""
        from poc_tui.store import outbox

        now = self._clock.now()
        return await self._written(lambda opened: sum(outbox.again(opened, id, now) for id in ids))

    async def dismiss(self, ids: Sequence[int]) -> int:
        """Take mails off the list of what lies aside; returns how many were on it."""
        from poc_tui.store import raw_mail

        return await self._written(lambda connection: raw_mail.dismiss(connection, ids))

    async def make_requests(self, ids: Sequence[int]) -> Done:
        """File mails that lie aside; what belongs to no request becomes one."""
        from poc_tui.store.drafts import FileMails

        draft = FileMails(tuple(ids), wanted=True)
        # A run says that a person asked for it: that is what undo takes back.
        run = f"mail{secrets.token_hex(8)}"
        return await asyncio.to_thread(lambda: self._desk().do(draft, run=run))

    def close(self) -> None:
        """End what is under way: soon, cleanly, and after `CLOSING_SECONDS` in any case."""
        self._closing = True
        self._connections.close()
        self._threads.wait(CLOSING_SECONDS)

    def _take_in(
        self, sources: Callable[[], Sequence[MailSource]], run: str | None = None
    ) -> FetchResult:
        from poc_tui.mail.intake import Intake
        from poc_tui.store.queries.mail import activities_since, newest_activity
        from poc_tui.store.queries.reader import Reader

        intake = Intake(
            self._path,
            self._desk(),
            self._clock,
            lists=self.settings.lists == "requests",
            run=run,
            progress=self._go_on,
        )
        with closing(Reader(self._path, busy_ms=BUSY_MS)) as reader:
            before = newest_activity(reader)
            try:
                with self._standing("mail cannot be taken in: {}; what came is kept"):
                    report = intake.take_in(sources())
            except KeyboardInterrupt:
                raise Refused("the desk is closing; what came is kept") from None
            finally:
                self._connections.let_go()
            return FetchResult(report, activities_since(reader, before))

    def _send(self, ask: Ask) -> Sent:
        from poc_tui.mail.outbox import send

        with self._standing("mail cannot be sent: {}"):
            return send(
                self._path,
                self._clock,
                self.settings,
                self._passwords.finder(ask),
                self._desk,
                stopped=lambda: self._closing,
            )

    def _hand_over(self, ids: Sequence[int], copy: Copy) -> HandOffResult:
        from poc_tui.mail.hand_off import hand_over

        said: list[str] = []
        trouble: list[str] = []
        for id in ids:
            try:
                with self._standing("a mail could not be handed over: {}"):
                    said.append(hand_over(self._path, id, self._clock, self.settings, copy))
            except PocError as error:
                trouble.append(str(error))
        return HandOffResult(tuple(dict.fromkeys(said)), tuple(dict.fromkeys(trouble)))

    def _go_on(self, what: str, done: int, total: int) -> None:
        """Break off where nothing is lost by it, when the desk is closing."""
        del what, done, total
        if self._closing:
            raise KeyboardInterrupt

    async def _written(self, change: Callable[[sqlite3.Connection], int]) -> int:
        from poc_tui.store.connection import connection

        def work() -> int:
            with connection(self._path) as opened:
                return change(opened)

        return await asyncio.to_thread(work)

    @contextmanager
    def _standing(self, said: str) -> Iterator[None]:
        """Whatever a server somewhere brings about, the desk stands and says what it was."""
        try:
            yield
        except PocError:
            raise
        except Exception as error:
            # Not its own words, in which a password could stand.
            why = error.strerror if isinstance(error, OSError) else None
            raise PocError(said.format(why or type(error).__name__)) from error
