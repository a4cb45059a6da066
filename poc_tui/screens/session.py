"""What every screen is handed: the store to read, the desk to act, the clock and the settings."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, TypeVar

from poc_tui.commands import DIALOGS
from poc_tui.errors import Refused, StoreBusy
from poc_tui.rules.dates.format import say
from poc_tui.settings.mail import MailSettings
from poc_tui.store.queries.reader import Reader
from poc_tui.store.schema import BUSY_MS
from poc_tui.system import locations

if TYPE_CHECKING:
    from datetime import datetime

    from poc_tui.mail.service import MailService
    from poc_tui.rules.service.deadlines import Deadlines
    from poc_tui.rules.service.stagnation import Cutoffs
    from poc_tui.rules.time_source import Clock
    from poc_tui.settings.keymap import Keymap
    from poc_tui.settings.load import Settings
    from poc_tui.store.desk import Desk
    from poc_tui.store.drafts import Draft
    from poc_tui.store.queries.happened import SeenActivities
    from poc_tui.store.queries.journal import AppliedLevels
    from poc_tui.store.records import Done, JournalRow, RequestDetail
    from poc_tui.system.kept_words import DraftSigns
    from poc_tui.widgets.request_facts import RequestAssessment

T = TypeVar("T")

PATIENCE_MS = 250
"""The screen stands still meanwhile; the store was readable a moment ago, see `readable`."""


class Session:
    """One open desk.

    Reading is quick and happens on the spot; verbs are carried out off the screen's thread, which
    imports the write side with the first of them.
    """

    def __init__(
        self,
        path: str,
        clock: Clock,
        settings: Settings,
        keymap: Keymap,
        *,
        demo: bool = False,
        backs_up: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.clock = clock
        self.settings = settings
        self.keymap = keymap
        self.demo = demo
        self.backs_up = backs_up
        """Whether the store is backed up at the first start of a day."""
        self.looked_at: dict[int, datetime] = {}
        """The requests that were opened or gone to at this desk, and when last."""
        self.environ = os.environ if environ is None else environ
        # Nothing is on the screen yet that would stand still.
        self.reader = Reader(path, opening_ms=BUSY_MS)
        self.drafts: DraftSigns | None = None
        """Which requests have something half typed; known when the levels are."""
        self.saved_to = ""
        """The folder into which files were saved last; empty at first."""
        self.mail_settings = MailSettings() if demo else settings.mail
        """Nobody gets any mail from a demo, or sends any to it."""
        self._desk: Desk | None = None
        self._mail: MailService | None = None
        self._opening = threading.Lock()
        self._closed = False
        self._here = ExitStack()
        self.knows_levels = False
        """Whether the service levels in force are known; `know_levels` sees to it."""
        self._deadlines: Deadlines | None = None
        self._in_force: AppliedLevels | None = None
        self._untouched: tuple[datetime, Cutoffs] | None = None

    @property
    def deadlines(self) -> Deadlines:
        """How long things may take, by the service levels in force; from any thread."""
        if self._deadlines is None:
            from poc_tui.settings.active_levels import deadlines

            with closing(self.patient_reader()) as reader:
                self._deadlines = deadlines(reader, self.settings.hours, self.environ)
        return self._deadlines

    async def know_levels(self) -> None:
        """Read the service levels in force; what shows time left and what is untouched needs them.

        Apart from the first paint, since reading them takes a tenth as long as all of that, and
        loading the holidays of a country, which is done on a thread, as long again.

        Raises:
            ConfigWrong: the settings name holidays that there are not.
        """
        from poc_tui.settings.days_off import check

        await asyncio.to_thread(check, self.settings.hours.holidays)
        from poc_tui.system.kept_words import FOLDER, DraftSigns

        self.drafts = DraftSigns(os.path.join(self.memory_dir, FOLDER), self.path, DIALOGS)
        self.follow_levels()
        self.knows_levels = bool(self.deadlines)

    def untouched_since(self) -> Cutoffs:
        """For every priority since when nothing may have happened; empty until levels are known."""
        if not self.knows_levels:
            return {}
        now = self.clock.now().replace(second=0)
        if self._untouched is None or self._untouched[0] != now:
            from poc_tui.rules.service.stagnation import cutoffs

            self._untouched = now, cutoffs(self.deadlines.levels, self.deadlines.hours, now)
        return self._untouched[1]

    def weigh(self, detail: RequestDetail) -> RequestAssessment | None:
        """How a request stands with time, and what speaks for escalating it.

        None until the levels are known.
        """
        if not self.knows_levels:
            return None
        from poc_tui.rules.service.sla_clocks import sla_clocks
        from poc_tui.store.queries.requests import reasons_for
        from poc_tui.widgets.request_facts import RequestAssessment

        now, deadlines = self.clock.now(), self.deadlines
        suggesting = deadlines.levels.suggesting
        reasons = reasons_for(detail, suggesting, now)
        begun = () if self.drafts is None else tuple(self.drafts.of(detail.number))
        return RequestAssessment(sla_clocks(detail, deadlines.hours, now), reasons, begun)

    @property
    def mail(self) -> MailService:
        """What the desk does with mail; nobody gets any from a demo."""
        if self._mail is None:
            from poc_tui.mail.service import MailService

            self._mail = MailService(
                self.path, self.clock, self.mail_settings, self.environ, self._open_desk
            )
        return self._mail

    def be_here(self) -> None:
        """Until it is closed, keep the store from being replaced by a backup.

        Raises:
            StoreUnreadable: its folder cannot be written.
        """
        from poc_tui.system.process_lock import among_others

        if not self._closed:
            self._here.enter_context(among_others(self.path, "open"))

    async def do(
        self,
        draft: Draft,
        numbers: Sequence[int] = (),
        seen: SeenActivities | None = None,
        *,
        run: str | None = None,
    ) -> Done:
        """Carry out a draft; takes and raises what `Desk.do` does."""
        return await asyncio.to_thread(
            lambda: self._open_desk().do(draft, numbers, run=run, seen=seen)
        )

    async def next_undo(self) -> JournalRow | None:
        """The step that undo would take back; raises what `last_done` raises."""
        from poc_tui.store.undo import next_step

        def find() -> JournalRow | None:
            with closing(self.patient_reader()) as reader:
                return next_step.next_undo(reader, self.settings.name)

        return await asyncio.to_thread(find)

    async def acts(self, act: Callable[[Desk], Done]) -> Done:
        """What no draft says, such as taking a step back; raises what `act` raises."""
        return await asyncio.to_thread(lambda: act(self._open_desk()))

    async def apply_levels(self, progress: Callable[[int, int], None]) -> Done:
        """Put the file of the service levels in force; `progress` is called on a thread.

        Raises:
            ConfigWrong: the file cannot be used; the old levels stay in force.
        """
        from poc_tui.rules.service.deadlines import Deadlines
        from poc_tui.settings import active_levels

        hours = self.settings.hours
        source = active_levels.file_now(self.environ)
        wanted = Deadlines(hours, active_levels.check(source, self.environ))
        spelled = active_levels.spelled(hours)
        done = await asyncio.to_thread(
            lambda: self._open_desk().apply_levels(wanted, source, spelled, progress)
        )
        self.follow_levels()
        return done

    def follow_levels(self, settings: Settings | None = None) -> None:
        """Act by the levels that were put in force since the last look, here or elsewhere; by
        these settings, too, where they were changed."""
        from poc_tui.settings.active_levels import deadlines
        from poc_tui.store.queries.journal import applied_levels

        in_force = applied_levels(self.reader)
        if settings is not None:
            self.settings, self.mail_settings = settings, settings.mail
            if self._mail is not None:
                self._mail.use(settings.mail)
        elif in_force == self._in_force:
            return
        # Read here, where a busy store is tried again: what draws a line must not have to.
        self._deadlines = deadlines(self.reader, self.settings.hours, self.environ)
        self._in_force, self._untouched = in_force, None
        if self._desk is not None:
            self._desk.use(self.deadlines, self.mail_settings.policy)

    @property
    def memory_dir(self) -> str:
        """Where what outlives a closed window lies: beside a demo's store, else with the person's
        own files."""
        return os.path.dirname(self.path) if self.demo else locations.state_dir(self.environ)

    async def readable(self) -> None:
        """Wait, off the screen's thread, until no writer holds the file.

        Raises:
            StoreBusy: one held it for longer than `BUSY_MS` milliseconds.
            StoreUnreadable: the file is damaged or gone.
        """
        try:
            self.reader.data_version()
            self.reader.holds_anything()
        except StoreBusy:
            await asyncio.to_thread(lambda: self.patient_reader().close())

    def read(self, reading: Callable[[Reader], T]) -> T:
        """Read for a dialog that opens: at once, or with patience while another process writes.

        Raises what reading raises.
        """
        try:
            return reading(self.reader)
        except StoreBusy:
            with closing(self.patient_reader(PATIENCE_MS)) as reader:
                return reading(reader)

    def say(self, at: datetime) -> str:
        """A moment in the words for a date, as short as now and the zone allow."""
        return say(at, self.clock.now(), self.clock.zone)

    def patient_reader(self, busy_ms: int = BUSY_MS) -> Reader:
        """A connection of its own for a thread that may wait, such as a search."""
        return Reader(self.path, busy_ms=busy_ms)

    def close(self) -> None:
        """Let the file go."""
        self._closed = True
        self.reader.close()
        self._here.close()

        def close_desk() -> None:
            if self._mail is not None:
                self._mail.close()
            with self._opening:
                if self._desk is not None:
                    self._desk.close()
                    self._desk = None

        # Off the screen's thread: what is under way is waited for, not cut off.
        threading.Thread(target=close_desk, name="poc-close").start()

    def _open_desk(self) -> Desk:
        with self._opening:
            if self._closed:
                raise Refused("the desk is closing; nothing was stored")
            if self._desk is None:
                from poc_tui.store.desk import Desk

                self._desk = Desk(
                    self.path,
                    self.clock,
                    self.deadlines,
                    actor=self.settings.name,
                    mail_policy=self.mail_settings.policy,
                )
            return self._desk
