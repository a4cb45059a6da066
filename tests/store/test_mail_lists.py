"""Lists of mails: what they hold, and that the words of the mails are not among it."""

from __future__ import annotations

import tracemalloc
from contextlib import closing

import pytest

from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, raw_mail as stored
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.reader import Reader

LONG = 1_000_000
"""Characters of each text of a newsletter."""
COUNT = 10


@pytest.fixture
def newsletters(path: str, clock: FixedClock) -> list[int]:
    """The ids of some long ones that wait to be filed."""
    with closing(connect(path)) as connection:
        raws = [b"Subject: %d\n\n" % number for number in range(COUNT)]
        ids = list(stored.keep(connection, raws, "test", clock.now()).new)
        read = Mail(
            sender=MailAddress("Glue News", "news@glue.example"),
            reply_to=MailAddress("", "answers@glue.example"),
            subject="Glue today",
            nature=Nature.LIST,
            text="x" * LONG,
            quoted="y" * LONG,
            signature="z" * LONG,
            trouble=("A part could not be read.",),
        )
        stored.keep_read(connection, [(id, read) for id in ids])
    return ids


def test_a_list_of_long_mails_takes_little_memory(
    path: str, clock: FixedClock, reader: Reader, newsletters: list[int]
) -> None:
    with closing(connect(path)) as connection, connection:
        taken = [stored.Recognised(id, Nature.LIST, None) for id in newsletters]
        stored.take(connection, taken, clock.now())
    tracemalloc.start()
    try:
        rows = reading.aside(reader)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [row.id for row in rows] == newsletters[::-1]
    assert most < LONG


def test_the_mails_of_a_request_take_little_memory(
    desk: Desk, reader: Reader, newsletters: list[int]
) -> None:
    numbers = desk.do(drafts.FileMails(tuple(newsletters), wanted=True)).numbers
    tracemalloc.start()
    try:
        rows = [row for number in numbers for row in reading.of_request(reader, number)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {row.id for row in rows} == {*newsletters}
    assert most < LONG


def test_one_mail_is_read_whole(reader: Reader, newsletters: list[int]) -> None:
    row = reading.mail(reader, newsletters[0])
    assert (row.sender, row.reply_to) == ("news@glue.example", "answers@glue.example")
    assert (len(row.text), len(row.quoted), len(row.signature)) == (LONG, LONG, LONG)
    assert row.trouble == ("A part could not be read.",)
