"""What every command is handed: where the store is, what time it is, how to print."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from poc_tui.errors import NeedsYes, PocError, Refused, StoreUnreadable
from poc_tui.rules.time_source import Clock, SystemClock
from poc_tui.store.schema import BUSY_MS
from poc_tui.system import locations

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typer

    from poc_tui.cli.output.printing import Output
    from poc_tui.mail.transport.credentials import Credentials
    from poc_tui.mail.transport.passwords import Ask, Password
    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.rules.service.deadlines import Deadlines
    from poc_tui.settings.load import Settings
    from poc_tui.settings.mail import Server
    from poc_tui.store.desk import Desk
    from poc_tui.store.queries.reader import Reader


class Context:
    """One call of the command line.

    Everything is made when it is first asked for, so that a command pays only for what it uses:
    reading never imports SQLModel. `clock` stands in for the computer's own.
    """

    def __init__(self, environ: Mapping[str, str], *, clock: Clock | None = None) -> None:
        self.environ = environ
        self.json = False
        self.pages = True
        self._given_clock = clock
        self._reader: Reader | None = None
        self._desk: Desk | None = None

    @classmethod
    def of(cls, ctx: typer.Context) -> Context:
        """The context of the call that Typer's `ctx` belongs to."""
        return cast("Context", ctx.obj)

    def use_store(self, path: str) -> None:
        """Work on the store at `path` (`--db`) instead of the one the environment names."""
        self.environ = {**self.environ, "POC_DB": path}

    @property
    def path(self) -> str:
        """Where the store is."""
        return locations.store_path(self.environ)

    @property
    def config_path(self) -> str:
        """Where the settings file is, or would be."""
        return locations.config_path(self.environ)

    @cached_property
    def settings(self) -> Settings:
        """What the settings file says.

        Raises:
            ConfigWrong: it cannot be used.
        """
        from poc_tui.settings.load import load

        return load(self.config_path, self.environ)

    @cached_property
    def clock(self) -> Clock:
        """The present moment, and the zone in which the person reads and types times."""
        return self._given_clock or SystemClock(self.settings.zone)

    @cached_property
    def out(self) -> Output:
        """Where results are printed, for people or as JSON; ask after the options are read."""
        from poc_tui.cli.output.printing import Output

        return Output(self.environ, json=self.json, pages=self.pages)

    def reader(self) -> Reader:
        """The store to read; made where there is none, brought up to date where it is older.

        Raises:
            StoreUnreadable: not a store of ours, newer than this program, or damaged.
        """
        if self._reader is None:
            from poc_tui.store.queries.reader import Reader

            try:
                self._reader = Reader(self.path, busy_ms=BUSY_MS)
            except StoreUnreadable:
                from poc_tui.store.migrations.migrate import ensure

                ensure(self.path, self.clock)
                self._reader = Reader(self.path, busy_ms=BUSY_MS)
        return self._reader

    @cached_property
    def deadlines(self) -> Deadlines:
        """How long things may take, by the service levels in force."""
        from poc_tui.settings.active_levels import deadlines

        return deadlines(self.reader(), self.settings.hours, self.environ)

    def desk(self) -> Desk:
        """The store to act on. Raises as `reader` does."""
        if self._desk is None:
            self.reader()
            from poc_tui.store.desk import Desk

            self._desk = Desk(
                self.path,
                self.clock,
                self.deadlines,
                actor=self.settings.name,
                mail_policy=self.settings.mail.policy,
            )
            self._desk.wind()
        return self._desk

    def password(self, server: Server) -> Password:
        """What signs in at a mail server, be it a password or a token.

        Raises:
            MailFailed: no way gives it.
        """
        return self._credentials.of(server, ask_in_terminal())

    @cached_property
    def _credentials(self) -> Credentials:
        from poc_tui.mail.transport.credentials import Credentials

        return Credentials(self.environ, self.clock)

    def wind(self) -> None:
        """Count when what was only taken down is due, before that is read."""
        from poc_tui.store.queries.listing import is_unwound

        if is_unwound(self.reader()):
            from poc_tui.store.due_dates import wind_clocks

            wind_clocks(self.path, self.deadlines)

    def begin_backup(self) -> None:
        """Have the day's backup made, if this call opened a store that has something in it.

        It never fails: what cannot be read was said by what has read it.
        """
        with suppress(PocError):
            if self._reader is None or not self.settings.daily_backup:
                return
            from poc_tui.store.backups.making import begin

            if self._reader.holds_anything():
                begin(self.path, locations.state_dir(self.environ))

    @property
    def has_acted(self) -> bool:
        """Whether the store was opened to act on; every command that does so acts at once."""
        return self._desk is not None

    @cached_property
    def times(self) -> LocalTimes:
        """Moments as JSON has them, in the person's zone."""
        from poc_tui.quick.json_text import LocalTimes

        return LocalTimes(self.clock.zone)

    def date(self, words: str, *, begins: bool = False) -> datetime:
        """The moment ahead that `words` mean, aware UTC.

        Without a time it is the end of business, by which something is due; with `begins` the
        start of it, at which something is to be on the desk again.

        Raises:
            NotUnderstood: it is no date, does not exist, can mean two, or is past.
        """
        from poc_tui.rules.dates.human_dates import understand
        from poc_tui.rules.service.office_hours import OfficeHours

        return understand(
            words,
            self.clock.now(),
            self.clock.zone,
            day_first=self.settings.day_first,
            office=OfficeHours(self.settings.hours, begins=begins),
        )

    def say(self, moment: datetime) -> str:
        """The moment in the person's zone, short and without doubt: "Fri 27 Nov 14:00"."""
        from poc_tui.rules.dates.format import say

        return say(moment, self.clock.now(), self.clock.zone)

    def close(self) -> None:
        """Let the store go."""
        for held in (self._reader, self._desk):
            if held is not None:
                held.close()
        self._reader = self._desk = None


def ask_in_terminal() -> Ask | None:
    """How a person is asked for a password that is not shown; None where there is nobody."""
    return _hidden if sys.stdin.isatty() else None


def _hidden(prompt: str) -> str:
    from getpass import getpass

    try:
        return getpass(prompt)
    except EOFError:
        return ""


def agree(question: str, *, yes: bool) -> None:
    """Go on if the person agrees, on a terminal, or has done so with `--yes`.

    Raises:
        NeedsYes: nobody can be asked.
        Refused: the person does not agree.
    """
    if yes:
        return
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NeedsYes(f"{question} (--yes does it)")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
        raise Refused("nothing was changed")
