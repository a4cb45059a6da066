"""Mail as it comes over the wire to a desk that answers and asks, and what it does there."""

from __future__ import annotations

import sqlite3
from itertools import count

from poc_tui.mail.message.parse import parse
from poc_tui.models.values import OutgoingState
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, mail as mails, request_mail, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.raw_mail import keep, keep_read
from poc_tui.store.records import Done, RequestDetail
from tests.helpers.subjects import token_of

DESK = "desk@poc.example"
CUSTOMER, WORKSHOP = "k@meyer.example", "workshop@firm.example"


class Letters:
    """A store, its desk, and what is written to it."""

    def __init__(self, path: str, desk: Desk, reader: Reader, clock: FixedClock) -> None:
        self.desk, self.reader, self.clock = desk, reader, clock
        self.connection: sqlite3.Connection = connect(path)
        self._ids = count(1)

    def came(self, sender: str, subject: str, text: str = "ten", *fields: str) -> Done:
        """Take a mail in as one step, with these fields above the others of its header."""
        header = (*fields, f"From: {sender}", f"To: {DESK}", f"Subject: {subject}")
        if not any(field.startswith("Message-ID") for field in fields):
            header = (*header, f"Message-ID: <{next(self._ids)}@net.example>")
        return self.bytes_came(
            "\r\n".join((*header, "Content-Type: text/plain; charset=utf-8", "", text)).encode()
        )

    def bytes_came(self, raw: bytes) -> Done:
        """The same of a whole message."""
        (id,) = keep(self.connection, [raw], "test", self.clock.now()).new
        keep_read(self.connection, [(id, parse(raw))])
        return self.desk.do(drafts.FileMails((id,)))

    def asked(self) -> RequestDetail:
        """Request 1 of the customer, about which the workshop was asked."""
        technical = self.department(WORKSHOP)
        self.came(CUSTOMER, "Filter", "Which one?")
        self.desk.do(drafts.ForwardDraft(technical, "which one?"), [1])
        return self.request()

    def department(self, contact: str) -> int:
        """The id of a department that is reached there."""
        technical = departments.department(self.reader, "Technical").id
        self.desk.do(drafts.EditDepartment(technical, contact=contact))
        return technical

    def answered(self) -> None:
        self.desk.do(drafts.Answer("the blue one"), [1])

    def sent(self) -> None:
        """All that waits goes out."""
        now = int(self.clock.now().timestamp())
        self.connection.execute(
            "UPDATE outbox SET state = ?, sent_at = ?, next_try_at = NULL WHERE state = 'queued'",
            (OutgoingState.SENT, now),
        )

    def aside(self) -> list[str]:
        return [row.subject for row in mails.aside(self.reader)]

    def request(self, number: int = 1) -> RequestDetail:
        return requests.request(self.reader, number)

    def events(self, number: int = 1) -> list[str]:
        return [activity.event for activity in self.request(number).activities]

    def ours(self, kind: str) -> str:
        """The id of our mail of that kind."""
        return str(
            self.connection.execute(
                "SELECT message_id FROM outbox WHERE kind = ? ORDER BY id DESC", (kind,)
            ).fetchone()[0]
        )

    def token(self, number: int = 1) -> str:
        return token_of(self.connection, number)

    def in_doubt(self, number: int = 1) -> tuple[int, ...]:
        return request_mail.in_doubt(self.reader, number)
