"""Taking back and doing again while mail comes by itself, and putting a mail elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from poc_tui.errors import Refused
from poc_tui.rules.mail.message import Mail, MailAddress, MailPolicy, Nature
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, outbox
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.exchange.export import export_file
from poc_tui.store.exchange.importing import ImportOptions, import_file
from poc_tui.store.migrations.migrate import ensure
from poc_tui.store.queries import departments, mail as mails, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.raw_mail import keep, keep_read
from poc_tui.store.records import Done
from poc_tui.store.undo.next_step import next_undo
from tests.helpers import standing
from tests.helpers.mail_setup import account_policy

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]

MEYER = MailAddress("Meyer AG", "info@meyer.example")
OTT = MailAddress("Bäckerei Ott", "ott@baeckerei.example")


@pytest.fixture
def mail_policy() -> MailPolicy:
    """A desk that sends."""
    return account_policy(sends=True, address="desk@poc.example", mine=("desk@poc.example",))


class Box:
    """Mail that comes to a desk while a person works there."""

    def __init__(self, desk: Desk, reader: Reader, clock: FixedClock, path: str) -> None:
        self.desk, self.reader, self.clock = desk, reader, clock
        self.connection = connect(path)
        self._ids = count(1)

    def read(self, text: str, sender: MailAddress = MEYER, **rest: Any) -> int:
        """A mail came and was read; gives its id."""
        id = next(self._ids)
        self.clock.advance(timedelta(minutes=7))
        raw = f"raw mail {id}".encode()
        (kept,) = keep(self.connection, [raw], "test", self.clock.now()).new
        fields = {"message_id": f"{id}@mail", "sender": sender, "subject": "Order 4711"} | rest
        keep_read(self.connection, [(kept, Mail(text=text, **fields))])
        return kept

    def comes(self, text: str = "Where is it?", sender: MailAddress = MEYER, **rest: Any) -> Done:
        """A mail comes and is filed by itself."""
        return self.desk.do(drafts.FileMails((self.read(text, sender, **rest),)))

    def do(self, draft: drafts.Draft, *numbers: int, run: str | None = None) -> Done:
        """A person does something."""
        self.clock.advance(timedelta(minutes=7))
        return self.desk.do(draft, numbers, run=run)

    def events(self, number: int) -> list[str]:
        return [entry.event for entry in requests.request(self.reader, number).activities]

    def filed(self, number: int) -> list[int]:
        """The mails that are on a request."""
        return [row.id for row in mails.of_request(self.reader, number)]

    def undo_said_before(self) -> str:
        """Undo, of which the desk said beforehand what it would take back; gives its label."""
        said = next_undo(self.reader, "me")
        done = self.desk.undo()
        assert said is not None
        assert (said.id, said.label) == (done.journal_id, done.label.partition(" (a part")[0])
        return done.label


@pytest.fixture
def box(desk: Desk, reader: Reader, clock: FixedClock, path: str) -> Iterator[Box]:
    opened = Box(desk, reader, clock, path)
    yield opened
    broken = standing.broken_now(opened.connection)
    opened.connection.close()
    assert broken == []


# What builds on a step goes first.


def test_a_mail_of_a_customer_whom_my_step_made_goes_first(box: Box, rows_of: Rows) -> None:
    before = rows_of()
    box.do(drafts.Capture("called", customer=drafts.CustomerName("Meyer AG")))
    mail = box.comes()
    assert requests.request(box.reader, 2).customer == "Meyer AG"
    assert box.undo_said_before() == mail.label
    assert box.undo_said_before() == "new #1"
    assert rows_of() == before
    assert [box.desk.redo().label, box.desk.redo().label] == ["new #1", mail.label]


def test_an_automatic_reply_to_the_request_that_my_step_made_goes_first(box: Box) -> None:
    box.do(drafts.Capture("called"))
    id = box.read("I am away.", nature=Nature.AUTO_REPLY)
    away = box.desk.do(drafts.FileMails((id,), to=1))
    assert box.events(1) == ["received", "auto-replied"]
    assert box.undo_said_before() == away.label
    assert box.undo_said_before() == "new #1"


def test_an_automatic_reply_of_a_department_to_my_question_goes_first(box: Box) -> None:
    workshop = departments.department(box.reader, "Technical").id
    box.do(drafts.EditDepartment(workshop, contact="w@workshop.example"))
    box.do(drafts.Capture("called"))
    forward = box.do(drafts.ForwardDraft(workshop, "how many?"), 1)
    ((asked,),) = box.reader.rows("SELECT message_id FROM outbox")
    sender = MailAddress("", "w@workshop.example")
    away = box.comes("away", sender, nature=Nature.AUTO_REPLY, refs=(asked,))
    assert box.events(1)[-1] == "auto-replied"
    assert box.undo_said_before() == away.label
    assert box.undo_said_before() == forward.label


def test_what_only_concerns_the_same_request_stays(box: Box) -> None:
    box.do(drafts.Capture("called"))
    box.do(drafts.Note("careful"), 1)
    box.desk.do(drafts.FileMails((box.read("away", nature=Nature.AUTO_REPLY),), to=1))
    assert box.undo_said_before() == "note on #1"
    assert box.events(1) == ["received", "auto-replied"]


def test_mail_on_mail_on_my_step_goes_one_by_one(box: Box) -> None:
    box.do(drafts.Capture("called", customer=drafts.CustomerName("Meyer AG")))
    first = box.comes()
    second = box.comes("And?", refs=("1@mail",))
    apart = box.comes("Another thing", OTT)
    assert [box.undo_said_before() for _ in range(3)] == [second.label, first.label, "new #1"]
    assert box.events(apart.numbers[0]) == ["received"]


def test_a_mail_that_builds_on_an_import_goes_before_all_its_batches(
    box: Box, path: str, tmp_path: Path, clock: FixedClock, rows_of: Rows
) -> None:
    box.do(drafts.Capture("before"))
    before = rows_of()
    file = tmp_path / "requests.csv"
    lines = [f"call {n},{'Meyer AG' if n == 1 else 'Hotel Krone'}\n" for n in range(1, 1201)]
    file.write_text("subject,customer\n" + "".join(lines), encoding="utf-8")
    options = ImportOptions(str(tmp_path))
    import_file(str(file), path, clock, options, rest=lambda seconds: None)
    assert box.reader.value("SELECT count(*) FROM journal WHERE run IS NOT NULL") == 3
    mail = box.comes()
    assert requests.request(box.reader, mail.numbers[0]).customer == "Meyer AG"
    assert box.undo_said_before() == mail.label
    label = box.undo_said_before()
    assert "(a part" not in label
    assert rows_of() == before


# Doing again, after mail has come by itself.


def test_mail_that_comes_meanwhile_does_not_end_redo(box: Box, rows_of: Rows) -> None:
    box.comes("on its own", OTT)
    box.do(drafts.Capture("called", customer=drafts.CustomerName("Hotel Krone")))
    box.do(drafts.Note("careful"), 2)
    before = rows_of()
    assert [box.desk.undo().label, box.desk.undo().label] == ["note on #2", "new #2"]
    box.comes("And?", OTT, refs=("1@mail",))
    box.comes("Hello")
    between = rows_of()
    assert [box.desk.redo().label, box.desk.redo().label] == ["new #2", "note on #2"]
    after = rows_of()
    for table, rows in before.items():
        assert {row for row in rows if row[0] != 1 or table != "request"} <= set(after[table])
    assert [box.desk.undo().label, box.desk.undo().label] == ["note on #2", "new #2"]
    assert rows_of() == between


def test_something_that_a_person_does_ends_redo_as_ever(box: Box) -> None:
    box.do(drafts.Capture("called"))
    box.do(drafts.Note("careful"), 1)
    box.desk.undo()
    box.desk.do(drafts.FileMails((box.read("asked for"),)), run="import")
    with pytest.raises(Refused, match="nothing to redo"):
        box.desk.redo()


def test_what_mail_was_filed_over_is_not_done_again(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.do(drafts.Note("careful"), 1)
    box.desk.undo()
    mail = box.comes("And?", refs=("1@mail",))
    there = rows_of()
    with pytest.raises(Refused, match=f"note on #1: .*over what came since: {mail.label}"):
        box.desk.redo()
    assert rows_of() == there
    assert box.events(1) == ["received", "received"]


def test_what_cannot_be_done_again_is_no_part_of_what_was(box: Box) -> None:
    box.comes()
    box.do(drafts.Capture("called"))
    box.do(drafts.Note("careful"), 1)
    box.desk.undo()
    box.desk.undo()
    box.comes("And?", refs=("1@mail",))
    assert box.desk.redo().label == "new #2"
    with pytest.raises(Refused, match="note on #1: it cannot be done again"):
        box.desk.redo()


def test_a_number_that_a_mail_has_by_now_is_never_written_over(
    box: Box, rows_of: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poc_tui.store.row_images._LOOKED_AT", 0)
    box.comes()
    box.do(drafts.Note("careful"), 1)
    box.desk.undo()
    box.comes("on its own", OTT)
    there = rows_of()
    with pytest.raises(Refused, match="over what came since"):
        box.desk.redo()
    assert rows_of() == there


def test_a_failure_of_our_mail_does_not_end_redo(box: Box) -> None:
    box.comes()
    box.do(drafts.Answer("ten units"), 1)
    box.do(drafts.Capture("called"))
    box.do(drafts.Note("careful"), 2)
    box.desk.undo()
    box.desk.do(drafts.NotDelivered(1, "no such user"))
    assert box.desk.redo().label == "note on #2"


def test_of_two_ways_on_only_the_last_is_gone_again(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.do(drafts.Answer("ten units"), 1)
    box.comes("And?", refs=("1@mail",))
    box.desk.undo()
    second = box.comes("Well?", refs=("1@mail",))
    there = rows_of()
    assert box.desk.undo().label == second.label
    assert box.desk.redo().label == second.label
    assert rows_of() == there
    with pytest.raises(Refused, match="nothing to redo"):
        box.desk.redo()


def test_steps_of_one_run_are_done_again_all_or_none(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.do(drafts.Capture("called"), run="together")
    box.do(drafts.Note("careful"), 1, run="together")
    assert box.desk.undo().numbers == (1, 2)
    box.comes("And?", refs=("1@mail",))
    there = rows_of()
    with pytest.raises(Refused, match="over what came since: mail from Meyer AG: on #1"):
        box.desk.redo()
    assert rows_of() == there


# Elsewhere.


def test_a_mail_is_taken_off_what_it_made_although_i_worked_on(box: Box, rows_of: Rows) -> None:
    box.comes()
    before = rows_of()
    box.comes("wrong", OTT)
    box.do(drafts.Note("careful"), 1)
    box.do(drafts.Capture("called"))
    standing_ = rows_of()
    done = box.desk.unfile(2)
    assert (done.label, done.numbers) == ("take mail 2 off #2", ())
    assert done.remarks == ("#2, which it had made, is gone",)
    assert [row.id for row in mails.aside(box.reader)] == [2]
    assert box.events(1) == ["received", "noted"]
    assert rows_of()["customer"] == before["customer"]
    assert box.undo_said_before() == done.label
    assert rows_of() == standing_
    assert box.desk.redo().label == done.label
    assert [box.desk.undo().label for _ in range(3)] == [done.label, "new #3", "note on #1"]


def test_a_mail_is_taken_off_the_request_that_it_moved(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.do(drafts.Answer("ten units"), 1)
    before = rows_of()
    mail = box.comes("And?", refs=("1@mail",))
    box.do(drafts.Capture("called"))
    assert requests.request(box.reader, 1).court == "me"
    assert box.desk.unfile(2).numbers == (1,)
    assert rows_of()["request"][0] == before["request"][0]
    assert rows_of()["turn"] == before["turn"]
    box.do(drafts.FileMails((2,), to=2))
    assert box.filed(2) == [2]
    assert [box.undo_said_before() for _ in range(4)] == [
        "mail from Meyer AG: on #2", "take mail 2 off #1", "new #2", mail.label,
    ]  # fmt: skip
    assert rows_of() == before


def test_it_is_taken_off_where_it_lies_now_and_ends_what_could_be_redone(box: Box) -> None:
    box.comes()
    box.do(drafts.Capture("called"))
    box.do(drafts.Capture("called again"))
    box.desk.undo()
    box.comes("wrong", OTT)
    assert box.desk.unfile(2).label == "take mail 2 off #4"
    with pytest.raises(Refused, match="nothing to redo"):
        box.desk.redo()
    box.do(drafts.FileMails((2,), to=2))
    assert box.desk.unfile(2).label == "take mail 2 off #2"
    assert [row.id for row in mails.aside(box.reader)] == [2]


def test_what_was_done_on_it_since_is_not_lost(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.comes("And?", refs=("1@mail",))
    box.do(drafts.Note("careful"), 1)
    there = rows_of()
    with pytest.raises(
        Refused,
        match=r"mail 2 cannot be taken off #1: “note on #1” came since .* undo back to it, or",
    ):
        box.desk.unfile(2)
    assert rows_of() == there


def test_neither_is_what_only_points_to_it(box: Box, rows_of: Rows) -> None:
    box.comes()
    box.comes("another thing")
    there = rows_of()
    assert requests.request(box.reader, 2).customer == "Meyer AG"
    with pytest.raises(
        Refused, match="mail 1 cannot be taken off #1: what came since builds on it"
    ):
        box.desk.unfile(1)
    assert rows_of() == there


def test_what_was_filed_with_others_or_lies_aside_says_so(box: Box, rows_of: Rows) -> None:
    box.desk.do(drafts.FileMails((box.read("one"), box.read("two", OTT))))
    box.read("not filed", OTT)
    there = rows_of()
    with pytest.raises(Refused, match="filed in one step with 1 more; undo that step, or note on"):
        box.desk.unfile(1)
    with pytest.raises(Refused, match="mail 3 is on no request"):
        box.desk.unfile(3)
    assert rows_of() == there


# What goes out.


def test_a_mail_that_is_taken_back_while_it_is_sent_is_taken_for_no_other(box: Box) -> None:
    box.comes()
    box.comes("Hello", OTT)
    box.do(drafts.Answer("to the wrong one"), 1)
    ((id,),) = box.reader.rows("SELECT id FROM outbox")
    assert outbox.queued_mail(box.connection, id) is not None
    box.desk.undo()
    box.do(drafts.Answer("ten units"), 2)
    waiting = box.reader.rows("SELECT * FROM outbox")
    assert outbox.begin(box.connection, id) is False
    outbox.sent(box.connection, id, box.clock.now())
    assert box.reader.rows("SELECT * FROM outbox") == waiting


def test_neither_redo_nor_a_number_is_lost_by_a_whole_export(
    box: Box, path: str, tmp_path: Path, clock: FixedClock, deadlines: Deadlines
) -> None:
    box.comes()
    box.do(drafts.Answer("ten units"), 1)
    box.desk.undo()
    box.comes("Hello", OTT)
    file, copy = str(tmp_path / "all.jsonl"), str(tmp_path / "copy.sqlite3")
    export_file(file, path)
    ensure(copy, clock)
    import_file(file, copy, clock, ImportOptions(str(tmp_path)))
    mail_policy = account_policy(sends=True, address="desk@poc.example")
    with closing(Desk(copy, clock, deadlines, mail_policy=mail_policy)) as desk:
        assert desk.redo().label == "answer #1"
        desk.undo()
        desk.do(drafts.Answer("twelve units"), [1])
    with closing(Reader(copy)) as reader:
        assert reader.rows("SELECT id FROM outbox") == [(2,)]


def test_what_was_handed_over_can_be_had_again(box: Box) -> None:
    box.comes()
    box.do(drafts.Answer("ten units"), 1)
    now = box.clock.now()
    assert outbox.handed(box.connection, 1, now)
    assert outbox.queued_mail(box.connection, 1) is None
    assert outbox.again(box.connection, 1, now)
    outgoing = outbox.queued_mail(box.connection, 1)
    assert outgoing is not None
    assert outgoing.text.startswith("ten units")
    assert outbox.handed(box.connection, 1, now)
    assert outbox.again(box.connection, 1, now)
    assert outbox.begin(box.connection, 1)
    outbox.sent(box.connection, 1, now)
    assert not outbox.again(box.connection, 1, now)


def test_a_reply_to_what_was_sent_stays_for_the_step_below_cannot_be_taken_back(
    box: Box, rows_of: Rows
) -> None:
    number = box.comes().numbers[0]
    box.do(drafts.Answer("It left today."), number)
    (row,) = outgoing_of_request(box.reader, number)
    outbox.begin(box.connection, row.id)
    outbox.sent(box.connection, row.id, box.clock.now())
    box.comes("Thank you, but where is the rest?", refs=(_message_id(box, row.id),))
    before = rows_of()
    with pytest.raises(Refused, match="was sent and"):
        box.desk.undo()
    assert rows_of() == before


def _message_id(box: Box, id: int) -> str:
    ((message_id,),) = box.connection.execute("SELECT message_id FROM outbox WHERE id = ?", (id,))
    return str(message_id)
