"""Mail as it was read, filed at a desk, and what can be seen of it afterwards."""

from __future__ import annotations

from itertools import count
from typing import Any

from poc_tui.rules.mail.message import Mail, MailAddress
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, mail as mails, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.raw_mail import keep, keep_read
from poc_tui.store.records import Done, RequestDetail
from tests.helpers.subjects import token_of

MEYER = MailAddress("Meyer AG", "info@meyer.example")
OTT = MailAddress("Bäckerei Ott", "ott@baeckerei.example")
WORKSHOP = "workshop@firm.example"


class Box:
    """Mail that comes to the desk, and what can be seen of it afterwards."""

    def __init__(self, desk: Desk, reader: Reader, path: str, clock: FixedClock) -> None:
        self.desk = desk
        self.reader = reader
        self.clock = clock
        self.connection = connect(path)
        self._ids = count(1)

    def read(self, mail: Mail) -> int:
        """Store a mail and what was read of it; returns its id."""
        raw = f"raw mail {next(self._ids)}\r\n".encode()
        ((id), *_) = keep(self.connection, [raw], "test", self.clock.now()).new
        keep_read(self.connection, [(id, mail)])
        return id

    def came(self, *mails: Mail, run: str | None = None, **how: Any) -> Done:
        """Read the mails and file them as one step; with a `run` somebody asked for it."""
        return self.desk.do(drafts.FileMails(tuple(map(self.read, mails)), **how), run=run)

    def request(self, number: int) -> RequestDetail:
        return requests.request(self.reader, number)

    def events(self, number: int) -> list[str]:
        return [activity.event for activity in self.request(number).activities]

    def token(self, number: int) -> str:
        """What our mails about the request carry in their subjects."""
        return token_of(self.connection, number)

    def aside(self) -> list[str]:
        return [row.subject for row in mails.aside(self.reader)]

    def execute(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def posted(
        self, number: int, message_id: str, recipient: str, state: str = "sent",
        forward: int | None = None,
    ) -> int:  # fmt: skip
        """Put a mail of ours about the request into the outbox; returns its id."""
        ((entry,),) = self.execute("SELECT max(id) FROM activity WHERE request_id = ?", number)
        now = int(self.clock.now().timestamp())
        ((id,),) = self.execute(
            "INSERT INTO outbox (request_id, activity_id, forward_id, kind, recipient, subject,"
            " text, message_id, refs, enclosed, queued_at, state, sent_at, next_try_at)"
            " VALUES (?, ?, ?, ?, ?, 'subject', 'text', ?, '[]', '[]', ?, ?, ?, ?) RETURNING id",
            number, entry, forward, "answer" if forward is None else "forward", recipient,
            message_id, now, state, now if state in ("sent", "handed") else None,
            now if state == "queued" else None,
        )  # fmt: skip
        return int(id)

    def state_of(self, outbox_id: int) -> tuple[str, str]:
        ((state, why),) = self.execute("SELECT state, why FROM outbox WHERE id = ?", outbox_id)
        return state, why

    def department(self, name: str, contact: str) -> int:
        """Give a department somebody who can be written to; returns its id."""
        id = departments.department(self.reader, name).id
        self.desk.do(drafts.EditDepartment(id, contact=contact))
        return id

    def forward(self, number: int, department: int, question: str = "how many?") -> int:
        """Ask the department; returns the id of the forward."""
        self.desk.do(drafts.ForwardDraft(department, question), [number])
        return self.request(number).forwards[-1].id

    def answered(self, number: int, message_id: str = "our-answer", to: str = "") -> int:
        """Answer the customer; returns the id in the outbox."""
        self.desk.do(drafts.Answer("ten units"), [number])
        return self.posted(number, message_id, to or MEYER.address)


def a_mail(
    text: str = "Where is my order?", sender: MailAddress | None = MEYER, **rest: Any
) -> Mail:  # fmt: skip
    return Mail(**{"sender": sender, "subject": "Order 4711", "text": text, **rest})
