"""Mail behind the open desk: fetched now and then, sent when its time has come.

What is due is seen whenever the desk looks at the store anew, and when the earliest mail that
waits is to go; nothing of `poc_tui.mail` is imported before there is something to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from poc_tui.errors import PocError, Refused
from poc_tui.rules.text import safe
from poc_tui.screens.workers import begin_work, later
from poc_tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from poc_tui.mail.transport.passwords import Ask
    from poc_tui.screens.session import Session
    from poc_tui.settings.mail import Server
    from poc_tui.store.queries.mail import MailCounts
    from poc_tui.store.records import OutgoingRow

TOAST_SECONDS = 8.0

PAUSE = timedelta(minutes=1)
"""Between two attempts to send of which the first got nothing sent."""

ELSEWHERE_SECONDS = 3.0
"""Until mail is looked for again that another poc was just taking in."""

LONGEST_SLEEP = 3600.0
"""Seconds: a timer does not notice when the computer's clock is set or the computer sleeps."""


class MailScheduler:
    """The mail of one desk. It lives on the screen's thread; the work itself is done apart."""

    def __init__(self, screen: Screen[None], session: Session) -> None:
        self._screen = screen
        self._session = session
        self._begun = self._fetching = self._sending = False
        self._post: MailCounts | None = None
        self._stuck: frozenset[int] | None = None
        self._not_before: datetime | None = None
        self._alarm: Timer | None = None
        self._notices = _Notifications(screen)
        self._wanted: list[int] = []
        """Mails of ours that a person wants to be sent while others are."""
        self._arrived: list[Server] = []
        """Accounts to which mail came while some was fetched."""

    @property
    def aside(self) -> int:
        """How many mails lie aside, as far as that is known yet."""
        return self._post.aside if self._post is not None else 0

    def begin(self) -> None:
        """From now on fetch as often as is set, send what is due and show what waits."""
        if self._begun:
            return
        self._begun = True
        settings = self._session.mail.settings
        if settings.fetches and settings.fetch_every is not None:
            self._screen.set_interval(settings.fetch_every.total_seconds(), self.fetch_quietly)
            self.fetch_quietly()
        self._begin(self._watch)
        self.look()

    async def _watch(self) -> None:
        """Have the servers tell of new mail."""
        first = self._session.keymap.first("fetch")
        nobody = _Nobody(f"New mail is not told of: {first} fetches it and asks for the password.")

        def tell(what: Callable[..., None], said: Server | str) -> None:
            with suppress(RuntimeError):  # the desk was left meanwhile
                self._screen.call_later(what, said)

        def trouble(sentence: str) -> None:
            self._notices.complain([sentence], nobody, asked=False)

        await self._session.mail.watch(nobody, partial(tell, self._came), partial(tell, trouble))

    def _came(self, account: Server) -> None:
        """Fetch what its server says is there."""
        if not self._fetching:
            self._fetching = True
            self._begin(partial(self._fetch, _Nobody(""), asked=False, account=account))
        elif account not in self._arrived:
            self._arrived.append(account)

    def look(self, told: Sequence[int] = ()) -> None:
        """Show what waits, tell what got stuck, send what is due; returns at once.

        Of the requests `told` it was said that a mail came back.
        """
        if not self._begun:
            return
        from poc_tui.store.queries import mail

        reader = self._session.reader
        try:
            post = mail.counts(reader)
            waiting = mail.pending(reader) if post.queued or post.stuck else ()
        except PocError:
            return  # it is looked at again soon; the desk complains of what does not pass
        self._post = post
        self.show()
        self._notice_stuck(waiting, told)
        if self._session.mail.settings.sends:
            self._send_in_time(waiting)
        self.tell()

    def show(self) -> None:
        """Let every top bar say how much waits and what is under way."""
        for screen in self._screen.app.screen_stack:
            for bar in screen.query(TopBar):
                if self._post is not None:
                    bar.to_send, bar.stuck, bar.aside = self._post
                bar.fetching = self._fetching

    def tell(self) -> None:
        """Tell what is to be told, unless a dialog is open: a toast would lie over it."""
        self._notices.tell()

    def fetch(self, files: Sequence[str] | None = None) -> None:
        """Fetch because a person said so, and say what came; a password may be asked for.

        With `files` take in the mails in these instead.
        """
        if files is None and not self._session.mail.settings.fetches:
            from poc_tui.words.mail_reports import NO_SOURCE

            self._notices.add(NO_SOURCE, calm=False)
        elif self._fetching:
            self._notices.add("Mail is being fetched already.")
        else:
            self._fetching = True
            self._begin(partial(self._fetch, self._notices.ask_person, asked=True, files=files))

    def fetch_quietly(self) -> None:
        """Fetch by the clock: nothing is asked, and said only what is new."""
        if not self._fetching:
            self._fetching = True
            hint = f"{self._session.keymap.first('fetch')} fetches mail and asks for the password."
            self._begin(partial(self._fetch, _Nobody(hint), asked=False))

    def check(self) -> None:
        """Try the account because a person said so, and say of each way whether it works."""

        async def check() -> None:
            try:
                for finding in await self._session.mail.check(self._notices.ask_person):
                    self._notices.add(finding.sentence, calm=finding.ok)
            except PocError as error:
                self._notices.add(str(error), calm=False)

        self._begin(check)

    def send(self, ids: Sequence[int]) -> None:
        """Send these now or again because a person said so; a password may be asked for."""
        if self._sending:
            self._wanted += ids
        else:
            # From this moment on, so that they are not sent quietly as soon as they are due.
            self._sending = True
            self._begin(partial(self._send_again, ids))

    def _begin(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        self.show()
        begin_work(self._screen, work, "mail")

    async def _fetch(
        self,
        ask: Ask,
        *,
        asked: bool,
        files: Sequence[str] | None = None,
        account: Server | None = None,
    ) -> None:
        """Take in what has come, to that `account` or anywhere, or the mails in `files`."""
        from poc_tui.words import mail_reports

        told: Sequence[int] = ()
        mail = self._session.mail
        try:
            came = await (mail.fetch(ask, account) if files is None else mail.take_in(files))
        except PocError as error:
            if account is not None and isinstance(error, Refused):
                # Another desk of the same store was told of it, too, and may have looked before.
                later(self._screen, ELSEWHERE_SECONDS, partial(self._came, account))
            else:
                self._notices.complain([str(error)], ask, asked=asked)
        else:
            report = came.report
            said = mail_reports.came(report, came.happened)
            if said and (asked or report.filed or report.aside):
                self._notices.add(said)
                told = [each.number for each in came.happened if each.event == "not-delivered"]
            self._notices.complain(report.trouble, ask, asked=asked)
        finally:
            self._fetching = False
        self.look(told)
        if asked:
            self._begin(self._watch)  # it may be the first look at an account that is new
        self._begin(self._settle)
        if self._arrived:
            self._came(self._arrived.pop())

    async def _settle(self) -> None:
        """Copy and flag on the servers what is left to do of what was sent."""
        try:
            trouble = await self._session.mail.settle_sent(_Nobody(""))
        except PocError as error:
            trouble = [str(error)]
        self._notices.complain(trouble, _Nobody(""), asked=False)

    def _send_in_time(self, waiting: Sequence[OutgoingRow]) -> None:
        """Send what is due, or wake up when the first of the rest is."""
        if self._alarm is not None:
            self._alarm.stop()
        now = self._session.clock.now()
        # One that is on its way while nobody here sends was broken off, or is sent elsewhere.
        times = [row.next_try_at or now for row in waiting if row.state in ("queued", "sending")]
        if not times or self._sending:
            return
        at = min(times)
        at = at if self._not_before is None else max(at, self._not_before)
        if at > now:
            seconds = min((at - now).total_seconds(), LONGEST_SLEEP)
            self._alarm = later(self._screen, seconds, self.look)
        else:
            self._sending = True
            first = self._session.keymap.first
            hint = (
                f"Mail waits to be sent: {first('mail')} shows it, {first('mail_again')}"
                " there sends it and asks for the password."
            )
            self._begin(partial(self._send, _Nobody(hint), asked=False))

    async def _send_again(self, ids: Sequence[int]) -> None:
        try:
            await self._session.mail.again(ids)
        except PocError as error:
            self._notices.complain([str(error)], self._notices.ask_person, asked=True)
        await self._send(self._notices.ask_person, asked=True)

    async def _send(self, ask: Ask, *, asked: bool) -> None:
        self._not_before = self._session.clock.now() + PAUSE
        try:
            report = await self._session.mail.send(ask)
        except PocError as error:
            self._notices.complain([str(error)], ask, asked=asked)
        else:
            if report.sent:
                self._not_before = None
                self._begin(self._settle)
            if asked:
                self._notices.add(report.sentence, calm=not report.waiting)
            self._notices.complain((), ask, asked=asked)
        finally:
            self._sending = False
        wanted, self._wanted = self._wanted, []
        if wanted:
            self.send(wanted)
        self.look()

    def _notice_stuck(self, waiting: Sequence[OutgoingRow], told: Sequence[int]) -> None:
        """Tell once of each mail that got stuck since the desk was opened.

        What comes back while mail is fetched is told with the rest that came.
        """
        from poc_tui.words import mail_reports

        stuck = [row for row in waiting if row.state in ("failed", "unsure")]
        if self._stuck is None:  # the bar says so
            self._stuck = frozenset(row.id for row in stuck)
        if self._fetching:
            stuck = [row for row in stuck if row.failure != "came-back" or row.id in self._stuck]
        before, self._stuck = self._stuck, frozenset(row.id for row in stuck)
        fresh = [
            row
            for row in stuck
            if row.id not in before and not (row.failure == "came-back" and row.number in told)
        ]
        if fresh:
            self._notices.add(
                mail_reports.stuck(fresh, self._session.keymap.first("mail")), calm=False
            )


class _Notifications:
    """Tells a person at the desk; it lives on the screen's thread."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._said: set[str] = set()
        self._untold: list[tuple[str, bool]] = []

    def tell(self) -> None:
        """Tell what is to be told, unless a dialog is open: a toast would lie over it."""
        if self._dialog_is_open():
            return
        untold, self._untold = self._untold, []
        for text, calm in untold:
            self._screen.app.notify(
                safe(text, newline=True),
                markup=False,
                severity="information" if calm else "warning",
                timeout=TOAST_SECONDS,
            )

    def add(self, text: str, *, calm: bool = True) -> None:
        """Tell this, as soon as it can be told."""
        self._untold.append((text, calm))
        self.tell()

    def complain(self, trouble: Sequence[str], ask: Ask, *, asked: bool) -> None:
        """Say what went wrong: to a person who waits for it always, else of everything once."""
        if isinstance(ask, _Nobody) and ask.was_asked:
            trouble = [ask.hint] if ask.hint else []
        for sentence in trouble:
            if asked or sentence not in self._said:
                self._said.add(sentence)
                self.add(sentence, calm=not asked)

    def ask_person(self, words: str) -> str:
        """Ask for a password; called on the thread that needs it."""
        # mypy takes the awaitable for what is given back.
        answer: str = self._screen.app.call_from_thread(self._asked, words)  # type: ignore[arg-type]
        return answer

    async def _asked(self, words: str) -> str:
        if self._dialog_is_open():
            return ""  # it would take the keys of somebody who writes something else
        from poc_tui.screens.dialogs.password import PasswordDialog

        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._screen.app.push_screen(PasswordDialog(words), answer.set_result)
        return await answer or ""

    def _dialog_is_open(self) -> bool:
        return isinstance(self._screen.app.screen, ModalScreen)


class _Nobody:
    """There is nobody to ask for a password, and it is kept in mind that it was asked for.

    `hint` says what the person can do to be asked; with "" nothing is said of it.
    """

    def __init__(self, hint: str) -> None:
        self.hint = hint
        self.was_asked = False

    def __call__(self, words: str) -> str:
        del words
        self.was_asked = True
        return ""
