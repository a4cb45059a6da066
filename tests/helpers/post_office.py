"""A desk that fetches and sends over real servers on loopback, and what its store then holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from poc_tui.mail import outbox
from poc_tui.mail.after_sending import settle_sent
from poc_tui.mail.intake import Intake, IntakeReport
from poc_tui.mail.transport.imap import ImapSource
from poc_tui.mail.transport.imap_accounts import ImapAccounts
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.source import MailSource
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Server
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.departments import department
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from poc_tui.store.records import OutgoingRow, RequestDetail
from tests.helpers.made_up_mail import DESK
from tests.helpers.mail_servers import PASSWORD
from tests.helpers.mail_setup import one_account

STATES = ("queued", "sending", "sent", "failed", "unsure", "handed")


class Office:
    """A store, its desk, and the way to two servers; each may be missing."""

    def __init__(
        self,
        path: str,
        clock: FixedClock,
        deadlines: Deadlines,
        imap: Server | None = None,
        smtp: Server | None = None,
        secret: Callable[[Server], Password] = lambda server: Password(PASSWORD),
    ) -> None:
        self.path, self.clock, self.secret = path, clock, secret
        self.settings = one_account(
            address=DESK,
            send="smtp" if smtp else "none",
            smtp=smtp or Server("smtp"),
            imap=imap or Server("imap"),
        )
        self.desk = Desk(path, clock, deadlines, mail_policy=self.settings.policy)
        self.reader = Reader(path)

    def close(self) -> None:
        self.reader.close()
        self.desk.close()

    def account(self, server: Server | None = None) -> ImapSource:
        """The mail on the server."""
        return ImapSource(server or self.settings.first.imap, self.secret, self.clock)

    def fetch(self, *sources: MailSource, **how: Any) -> IntakeReport:
        """Take in what these sources, or else the server, have."""
        how = {"rest": lambda seconds: None} | how
        intake = Intake(self.path, self.desk, self.clock, **how)
        return intake.take_in(sources or [self.account()])

    def send(self) -> outbox.SendReport:
        """Send all that waits."""
        return outbox.send(
            self.path,
            self.clock,
            self.settings,
            self.secret,
            lambda: self.desk,
            at_once=True,
        )

    def settle_sent(self) -> tuple[str, ...]:
        """Copy and flag on the server what is left to do."""
        with ImapAccounts() as accounts:
            return settle_sent(
                self.path, self.clock, self.settings, lambda asked: Password(PASSWORD), accounts
            )

    def do(self, draft: drafts.Draft, *numbers: int) -> tuple[int, ...]:
        """A verb; gives the requests it touched."""
        return self.desk.do(draft, numbers).numbers

    def contact(self, name: str, address: str) -> int:
        """Give a department an address; gives its id."""
        id = department(self.reader, name).id
        self.do(drafts.EditDepartment(id, contact=f"{name} <{address}>, ext. 21"))
        return id

    def request(self, number: int) -> RequestDetail:
        return request(self.reader, number)

    def last(self, number: int) -> tuple[str, str]:
        """The newest activity of a request: what it is, and its words."""
        activity = self.request(number).activities[-1]
        return activity.event, activity.text

    def posted(self) -> tuple[OutgoingRow, ...]:
        """All mails of ours, whatever became of them."""
        return reading.outbox(self.reader, STATES)

    def kept(self) -> dict[int, bytes]:
        """Every mail that was taken in, by its id."""
        return dict(self.reader.rows("SELECT id, raw FROM mail ORDER BY id"))

    def filed(self) -> dict[int, int]:
        """The request of every mail that is filed."""
        return dict(self.reader.rows("SELECT mail_id, request_id FROM mail_filed"))

    def value(self, sql: str, *values: object) -> Any:
        return self.reader.value(sql, values)

    def check_nothing_is_lost_or_twice(self, came: Sequence[bytes]) -> None:
        """Each mail that came is kept to the byte, once; each is on one request or lies aside."""
        kept = self.kept()
        assert sorted(kept.values()) == sorted(set(came))
        stored = dict(self.reader.rows("SELECT id, sha256 FROM mail"))
        assert stored == {id: hashlib.sha256(raw).hexdigest() for id, raw in kept.items()}
        filed = self.filed()
        aside = {row.id: row.nature for row in reading.aside(self.reader, len(kept))}
        assert set(filed) | set(aside) == set(kept)
        assert set(filed).isdisjoint(aside)
        assert set(aside.values()) <= {"list", "auto-reply", "bounce"}
        # An activity has one mail; only the same mail by another way shares that of the first.
        shared = self.reader.rows(
            "SELECT count(DISTINCT r.message_id), count(*) FROM mail_filed f"
            " JOIN mail_read r ON r.mail_id = f.mail_id GROUP BY f.activity_id HAVING count(*) > 1"
        )
        assert {ids for ids, _ in shared} <= {1}
        spoken = self.value("SELECT count(*) FROM activity WHERE event = 'received'")
        entries = self.value(
            "SELECT count(DISTINCT f.activity_id) FROM mail_filed f JOIN activity a"
            " ON a.id = f.activity_id WHERE a.event = 'received'"
        )
        assert spoken == entries


@contextmanager
def office(
    path: str,
    clock: FixedClock,
    deadlines: Deadlines,
    imap: Server | None = None,
    smtp: Server | None = None,
) -> Iterator[Office]:
    """An office over a store, closed at the end."""
    with closing(Office(path, clock, deadlines, imap, smtp)) as opened:
        yield opened


CONTENT = (
    "customer", "address", "request", "turn", "activity", "forward", "mail_filed", "mail",
    "mail_read", "mail_ref", "outbox",
)  # fmt: skip


def content(path: str) -> dict[str, list[tuple[Any, ...]]]:
    """What a store holds of requests and mail, to hold one store against another."""
    with closing(connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in CONTENT
        }
