"""Taking mail in: kept to the byte, then read, then filed.

Each of the three is a pass of its own, and each says in the store how far it came. So whatever
breaks off, the next call goes on where this one ended, also with what another program left.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import KW_ONLY, dataclass
from typing import NamedTuple

from poc_tui.errors import MailFailed, NotFound, PocError, Refused, StoreBusy, StoreUnreadable
from poc_tui.mail.transport.source import MailSource, Skipped, source_name
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.message import Mail
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.store import raw_mail as store
from poc_tui.store.connection import connection
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import FileMails
from poc_tui.store.writer import pause_after
from poc_tui.system.process_lock import alone

Progress = Callable[[str, int, int], None]
"""What is being done, how many mails are done, and of how many (0: nobody knows)."""

_READ_AT_ONCE = 50
_FILED_AT_ONCE = 100
_FEW = 20
"""So many mails are a step each, which can be taken back by itself."""


class IntakeReport(NamedTuple):
    """What came in."""

    new: int = 0
    """Mails that were not there yet."""
    known: int = 0
    """Mails that were there already."""
    filed: int = 0
    """Mails that are on a request now, those an earlier call left behind among them."""
    aside: int = 0
    """Mails that belong to no request."""
    numbers: tuple[int, ...] = ()
    """The requests that they are on, each once, in the order of the mails."""
    remarks: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    """Why a source could not be read to its end."""


@dataclass
class Intake:
    """Takes mail into one store, by one desk. From one thread at a time.

    `lists` says that what comes by mailing lists is written by people. Steps of one `run` are
    taken back together, as one step that a person made; without it a person's own last step is
    taken back first. `rest` is called with the seconds to leave the file to others.
    """

    path: str
    desk: Desk
    clock: Clock
    _: KW_ONLY
    lists: bool = False
    run: str | None = None
    progress: Progress = lambda what, done, total: None
    rest: Callable[[float], None] = time.sleep

    def take_in(self, sources: Sequence[MailSource]) -> IntakeReport:
        """Take in what is new in these sources, then read and file all that waits for it.

        A source that fails is said in the report, and the others are read. A `KeyboardInterrupt`
        passes through; what was kept by then is read and filed by the next call.

        Raises:
            Refused: another program takes mail into this store just now.
            StoreBusy, StoreUnreadable: the store cannot be written.
        """
        with alone(self.path, "fetching") as granted, connection(self.path) as opened:
            if not granted:
                raise Refused("another poc takes in mail just now; wait for it to end")
            taken_out: list[int] = []
            came = [self._keep(opened, source, taken_out) for source in sources]
            self._read(opened)
            filed = self._file(opened)
            for id in taken_out:
                filed = self._file_wanted(id, filed)
        return filed._replace(
            new=sum(report.new for report in came),
            known=sum(report.known for report in came),
            trouble=tuple(why for report in came for why in report.trouble),
        )

    def _keep(
        self, connection: sqlite3.Connection, source: MailSource, taken_out: list[int]
    ) -> IntakeReport:
        """Keep what is new there; `taken_out` gets what somebody took out of a folder of junk."""
        new = known = 0
        try:
            since = store.position(connection, source.name)
            with closing(source.batches(since)) as batches:
                for batch in batches:
                    raws = (*batch.mails, *map(_stand_in, batch.left))
                    now = self.clock.now()
                    kept = store.keep(connection, raws, source.name, now, batch.position)
                    new += len(kept.new)
                    known += kept.known
                    if kept.known and batch.beside:
                        taken_out += store.lie_aside_from(connection, batch.mails, batch.beside)
                    source.taken(batch)
                    self.progress("keeping", new + known, 0)
        except MailFailed as error:
            return self._broke(connection, source, str(error), IntakeReport(new, known))
        except (PocError, sqlite3.Error):
            raise
        except Exception as error:
            # What a strange server brings about must not keep the other sources out.
            name = safe(source_name(source.name))
            why = f"{name} cannot be read ({type(error).__name__}); look at it by hand"
            return self._broke(connection, source, why, IntakeReport(new, known))
        store.fetched(connection, source.name, self.clock.now())
        return IntakeReport(new, known)

    def _broke(
        self, connection: sqlite3.Connection, source: MailSource, why: str, so_far: IntakeReport
    ) -> IntakeReport:
        store.fetched(connection, source.name, self.clock.now(), why)
        return so_far._replace(trouble=(why,))

    def _read(self, connection: sqlite3.Connection) -> None:
        total = store.how_many_unread(connection)
        if not total:
            return
        read: list[tuple[int, Mail]] = []
        done = 0
        with MailReader(zone=self.clock.zone) as reader:
            for id, mail in reader.read_ahead(_unread(connection)):
                read.append((id, mail))
                if len(read) == _READ_AT_ONCE:
                    store.keep_read(connection, read)
                    done += len(read)
                    read = []
                    self.progress("reading", done, total)
            if read:
                store.keep_read(connection, read)
                self.progress("reading", done + len(read), total)

    def _file(self, connection: sqlite3.Connection) -> IntakeReport:
        ids = store.to_file(connection)
        at_once = 1 if self.run is None and len(ids) <= _FEW else _FILED_AT_ONCE
        numbers: dict[int, None] = {}
        remarks: dict[str, None] = {}
        for start in range(0, len(ids), at_once):
            began = time.monotonic()
            done = self._filed(connection, ids[start : start + at_once])
            for touched, said in done:
                numbers.update(dict.fromkeys(touched))
                remarks.update(dict.fromkeys(said))
            self.progress("filing", min(start + at_once, len(ids)), len(ids))
            if start + at_once < len(ids):
                self.rest(pause_after(time.monotonic() - began))
        filed, aside = store.where_they_lie(connection, ids)
        return IntakeReport(
            filed=filed, aside=aside, numbers=tuple(numbers), remarks=tuple(remarks)
        )

    def _file_wanted(self, id: int, so_far: IntakeReport) -> IntakeReport:
        """File what lay aside as one that a person wants to be on a request."""
        try:
            done = self.desk.do(FileMails((id,), wanted=True), run=self.run)
        except (NotFound, Refused):
            return so_far  # a person was faster
        return so_far._replace(
            filed=so_far.filed + 1,
            numbers=tuple(dict.fromkeys((*so_far.numbers, *done.numbers))),
            remarks=(*so_far.remarks, *done.remarks),
        )

    def _filed(
        self, connection: sqlite3.Connection, ids: Sequence[int]
    ) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
        """File these in one step; one that cannot be filed must not keep the others out."""
        try:
            done = self.desk.do(FileMails(tuple(ids), lists=self.lists), run=self.run)
        except Exception as error:
            if isinstance(error, StoreBusy | StoreUnreadable) and not _is_about_a_mail(error):
                raise
            if len(ids) > 1:
                return [done for id in ids for done in self._filed(connection, [id])]
            if ids[0] not in store.to_file(connection):
                return []  # a person has put it on a request meanwhile
            why = str(error) if isinstance(error, PocError) else type(error).__name__
            store.could_not_be_filed(connection, ids[0], f"It could not be filed: {why}.")
            done = self.desk.do(FileMails(tuple(ids)), run=self.run)
        return [(done.numbers, done.remarks)]


def _is_about_a_mail(error: Exception) -> bool:
    """Whether the store can be written, and only does not take what was read of a mail."""
    cause = getattr(error.__cause__, "orig", error.__cause__)
    return isinstance(cause, sqlite3.IntegrityError | sqlite3.DataError)


def _unread(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    last = 0
    while portion := store.unread(connection, last, _READ_AT_ONCE):
        yield from portion
        last = portion[-1][0]


def _stand_in(left: Skipped) -> bytes:
    """A mail that says why another one stayed where it is, under that one's header."""
    header = left.headers.strip(b"\r\n")
    kept = b"\n".join(
        line for line in header.splitlines() if not line.lower().startswith(b"content-")
    )
    return b"\n".join((*((kept,) if kept else ()), _TEXT, b"", left.why.encode("utf-8"), b""))


_TEXT = b"Content-Type: text/plain; charset=utf-8"
