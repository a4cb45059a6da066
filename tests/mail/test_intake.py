"""Taking mail in, one thing at a time: whatever fails in between, the next call goes on from there.

No servers here: what comes is handed over by a source of the test's own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from poc_tui.errors import MailFailed, Refused, StoreBusy
from poc_tui.mail import intake
from poc_tui.mail.intake import IntakeReport
from poc_tui.mail.transport.maildir import Maildir
from poc_tui.mail.transport.mbox import Mbox
from poc_tui.mail.transport.source import Batch, MailSource, Skipped
from poc_tui.rules.mail.message import Mail
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts, raw_mail
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.mail import aside, raw
from poc_tui.store.queries.requests import original
from poc_tui.store.raw_mail import Position
from poc_tui.system.process_lock import alone
from tests.helpers.desks import fixed_clock
from tests.helpers.made_up_mail import a_mail, week
from tests.helpers.post_office import Office, content, office

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def here(path: str, clock: FixedClock, deadlines: Deadlines) -> Iterator[Office]:
    with office(path, clock, deadlines) as opened:
        yield opened


class Given:
    """A source that has these batches of mails; with `fails`, none after so many."""

    def __init__(
        self,
        *batches: Sequence[bytes],
        name: str = "given",
        fails: int | None = None,
        left: Sequence[Skipped] = (),
    ) -> None:
        self.name = name
        self._batches = [
            Batch(tuple(mails), Position(1, number), tuple(left))
            for number, mails in enumerate(batches, start=1)
        ]
        self._fails = fails
        self.since: list[Position] = []
        self.taken_at: list[int] = []

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        self.since.append(since)
        for number, batch in enumerate(self._batches):
            if number == self._fails:
                raise MailFailed("mail.example does not answer any more.")
            if batch.position.last_uid > (since.last_uid or 0):
                yield batch

    def taken(self, batch: Batch) -> None:
        self.taken_at.append(batch.position.last_uid)


def mails(count: int, start: int = 0) -> list[bytes]:
    """Mails of as many customers, of which none belongs to another."""
    return [
        a_mail(n, f"info@firma{n}.example", f"Frage {n}", f"Wie viele, {n}?").as_bytes()
        for n in range(start, start + count)
    ]


# A source


def test_all_of_a_source_is_filed_and_where_it_ended_is_remembered(here: Office) -> None:
    source = Given(mails(3), mails(2, 3))
    assert here.fetch(source) == IntakeReport(
        5,
        0,
        5,
        0,
        (1, 2, 3, 4, 5),
        tuple(f"new customer “info@firma{n}.example”" for n in range(5)),
    )
    assert source.taken_at == [1, 2]
    assert here.fetch(source) == IntakeReport()
    assert [since[:2] for since in source.since] == [(0, 0), (1, 2)]


def test_a_source_that_fails_in_the_middle_is_said_and_the_others_are_read(here: Office) -> None:
    broken, whole = Given(mails(3), mails(3, 3), fails=1), Given(mails(2, 10), name="another")
    report = here.fetch(broken, whole)
    assert report.trouble == ("mail.example does not answer any more.",)
    assert (report.new, report.filed) == (5, 5)
    assert here.value("SELECT trouble FROM mailbox WHERE name = 'given'") == report.trouble[0]
    broken._fails = None
    assert here.fetch(broken, whole)[:3] == (3, 0, 3)
    assert broken.since[-1][:2] == (1, 1)
    assert here.value("SELECT trouble FROM mailbox WHERE name = 'given'") == ""
    here.check_nothing_is_lost_or_twice([*mails(6), *mails(2, 10)])


def test_what_was_kept_is_in_even_if_it_cannot_be_marked_on_the_server(here: Office) -> None:
    source = Given(mails(3), mails(3, 3))

    def refused(batch: Batch) -> None:
        raise MailFailed("mail.example does not let mail be marked. The mail itself is in.")

    source.taken = refused  # type: ignore[method-assign]
    report = here.fetch(source)
    assert report.trouble == ("mail.example does not let mail be marked. The mail itself is in.",)
    assert (report.new, report.filed) == (3, 3)


def test_a_source_that_failed_the_first_time_or_was_empty_is_read_the_next_time(
    here: Office, tmp_path: Path
) -> None:
    box, file = tmp_path / "box", tmp_path / "mbox"
    sources: list[MailSource] = [Maildir(str(box), here.clock), Mbox(str(file), here.clock)]
    assert len(here.fetch(*sources).trouble) == 2
    (box / "new").mkdir(parents=True)
    file.write_bytes(b"")
    here.fetch(*sources)
    (box / "new" / "1").write_bytes(mails(1)[0])
    file.write_bytes(b"From x@y.example Mon Nov 23 09:12:00 2026\n" + mails(2)[1] + b"\n")
    here.clock.advance(timedelta(days=3650))  # so that the files are old
    report = here.fetch(*sources)
    assert (report.new, report.trouble) == (2, ())


def test_the_same_mail_twice_is_one(here: Office) -> None:
    twice = mails(2)
    assert here.fetch(Given([*twice, twice[0]], twice))[:3] == (2, 3, 2)
    here.check_nothing_is_lost_or_twice(twice)


def test_a_mail_that_stays_where_it_is_becomes_a_request_that_says_why(here: Office) -> None:
    why = "A mail in /srv/mail/new/1 is too large to be taken in, 120 MB; it is still there."
    header = (
        b"From: Meyer AG <info@meyer.example>\r\nSubject: Der Plan\r\nMessage-ID: <big@m.example>\r"
        b"\nContent-Type: multipart/mixed; boundary=x\r\nContent-Transfer-Encoding: base64\r\n"
    )
    first = Given(
        [], left=[Skipped(why, header), Skipped("A mail in /srv/2 cannot be read: no rights.")]
    )
    report = here.fetch(first)
    assert (report.new, report.filed) == (2, 2)
    found = [here.request(number) for number in report.numbers]
    assert {(one.subject, one.customer, one.text) for one in found} == {
        ("Der Plan", "Meyer AG", why),
        (
            "A mail in /srv/2 cannot be read: no rights.",
            None,
            "A mail in /srv/2 cannot be read: no rights.",
        ),
    }
    # It is left there the next time as well, and nothing is said twice.
    assert here.fetch(Given([], [], left=first._batches[0].left))[:3] == (0, 2, 0)


def test_every_mail_of_a_source_is_there_to_the_byte(here: Office) -> None:
    strange = [
        b"", b"\x00", b"\r\n", b"From x\n", b"\xff\xfe" * 100, b"Subject: a\x00b\n\n\x00\x1b[2J",
        b"a: b\r\n" * 5_000, b"Content-Type: multipart/mixed; boundary=a\n\n--a\n--a--\n",
    ]  # fmt: skip
    here.fetch(Given(strange))
    here.check_nothing_is_lost_or_twice(strange)
    for id, number in here.filed().items():
        assert raw(here.reader, id) == here.kept()[id]
        assert original(here.reader, number) == here.kept()[id]
        assert here.request(number).subject.strip()


# A mail that cannot be filed


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A mail of which something is read that the store does not take, whatever is done with it."""
    from poc_tui.rules.mail import filing

    bad = a_mail("bad", "bad@firma.example", "Bad", "This one breaks what files it.").as_bytes()
    kept = filing.words_of

    def words_of(mail: Mail, *, opens: bool = False) -> str:
        if "breaks what files it" in mail.text:
            raise sqlite3.IntegrityError("CHECK constraint failed")
        return kept(mail, opens=opens)

    monkeypatch.setattr(filing, "words_of", words_of)
    return bad


@pytest.mark.parametrize("run", [None, "import"])
@pytest.mark.parametrize("count", [4, 30])
def test_a_mail_that_cannot_be_filed_is_a_request_and_holds_up_no_other(
    count: int, run: str | None, here: Office, hostile: bytes
) -> None:
    came = mails(count)
    came.insert(2, hostile)
    report = here.fetch(Given(came), run=run)
    assert (report.new, report.filed, report.aside) == (count + 1, count + 1, 0)
    here.check_nothing_is_lost_or_twice(came)
    (id,) = (id for id, bytes_ in here.kept().items() if bytes_ == hostile)
    shown = here.request(here.filed()[id])
    assert shown.subject == "A mail that could not be read"
    assert "It could not be filed" in shown.text
    assert shown.text.endswith("The original is kept.")
    assert original(here.reader, shown.number) == hostile
    assert here.fetch(Given()) == IntakeReport()


def test_a_store_that_is_busy_makes_no_mail_unreadable(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, times = here.desk.do, iter(range(100))

    def busy(*given: object, **rest: object) -> object:
        if next(times) == 1:
            raise StoreBusy("another program is writing")
        return do(*given, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(here.desk, "do", busy)
    with pytest.raises(StoreBusy):
        here.fetch(Given(mails(4)))
    assert here.fetch(Given())[:3] == (0, 0, 3)
    here.check_nothing_is_lost_or_twice(mails(4))
    assert here.value("SELECT count(*) FROM mail_read WHERE nature = 'unreadable'") == 0


def test_what_a_person_files_by_hand_meanwhile_is_left_where_they_put_it(
    here: Office,
) -> None:
    def by_hand(what: str, done: int, total: int) -> None:
        if what == "filing" and done == 1:
            here.do(drafts.FileMails((3,), to=1))

    report = here.fetch(Given(mails(5)), progress=by_hand)
    assert report.new == 5
    here.check_nothing_is_lost_or_twice(mails(5))
    assert here.filed()[3] == 1
    assert here.value("SELECT count(*) FROM mail_read WHERE nature = 'unreadable'") == 0


# It is broken off


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty mails are read and filed in three steps each."""
    monkeypatch.setattr(intake, "_READ_AT_ONCE", 20)
    monkeypatch.setattr(intake, "_FILED_AT_ONCE", 20)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that sixty mails were taken into without a break."""
    path, clock = str(tmp_path_factory.mktemp("whole") / "poc.sqlite3"), fixed_clock()
    migrate.ensure(path, clock)
    with office(path, clock, Deadlines(Hours.standard(clock.zone), starter())) as opened:
        opened.fetch(Given(week(60)))
    return path


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("what", ["keeping", "reading", "filing"])
@pytest.mark.parametrize("time", [1, 2])
def test_after_ctrl_c_in_any_phase_the_next_call_goes_on(
    what: str, time: int, here: Office, undisturbed: str
) -> None:
    sent, seen = week(60), []

    def interrupted(phase: str, done: int, total: int) -> None:
        seen.append(phase)
        if seen.count(what) == time:
            raise KeyboardInterrupt

    source = Given(sent[:30], sent[30:])
    with pytest.raises(KeyboardInterrupt):
        here.fetch(source, progress=interrupted)
    assert here.fetch(source).trouble == ()
    assert content(here.path) == content(undisturbed)
    here.check_nothing_is_lost_or_twice(sent)


def test_what_another_program_left_behind_is_filed_by_the_next(here: Office) -> None:
    connection = sqlite3.connect(here.path)
    raw_mail.keep(connection, mails(2), "elsewhere", here.clock.now())
    connection.close()
    assert here.fetch(Given(mails(1, 2)))[:3] == (1, 0, 3)


def test_while_another_one_fetches_nothing_is_done(here: Office) -> None:
    source = Given(mails(2))
    with alone(here.path, "fetching"), pytest.raises(Refused, match="another poc takes in mail"):
        here.fetch(source)
    assert source.since == []
    assert here.kept() == {}
    assert here.fetch(source).filed == 2


# What is told


@pytest.mark.usefixtures("small_steps")
def test_progress_rises_to_its_end_and_never_above_it(here: Office) -> None:
    told: list[tuple[str, int, int]] = []
    here.fetch(
        Given(week(30), week(60)[30:]), progress=lambda *said: told.append(said), run="import"
    )
    phases = list(dict.fromkeys(phase for phase, _, _ in told))
    assert phases == ["keeping", "reading", "filing"]
    for phase in phases:
        counted = [done for name, done, _ in told if name == phase]
        assert counted == sorted(set(counted))
        assert len(counted) > 1
    assert all(done <= total for phase, done, total in told if phase != "keeping")
    new = len(here.kept())
    ends = {phase: (done, total) for phase, done, total in told}
    assert ends == {"keeping": (60, 0), "reading": (new, new), "filing": (new, new)}


@pytest.mark.usefixtures("small_steps")
def test_between_two_steps_the_file_is_left_to_others(here: Office) -> None:
    rested: list[float] = []
    here.fetch(Given(mails(50)), run="import", rest=rested.append)
    steps = here.value("SELECT count(*) FROM journal")
    assert len(rested) == steps - 1 > 0
    assert all(seconds > 0 for seconds in rested)


# Taking it back


def test_few_mails_are_a_step_each_and_a_persons_own_step_is_taken_back_first(
    here: Office, rows_of: Rows
) -> None:
    here.do(drafts.Capture("on the phone"))
    before = rows_of()
    here.do(drafts.Capture("my own mistake"))
    here.fetch(Given(mails(3)))
    steps = here.reader.rows("SELECT step, run FROM journal ORDER BY id")
    assert steps == [("new", None)] * 2 + [("mail", None)] * 3
    undone = here.desk.undo()
    assert undone.numbers == (2,)
    assert here.value("SELECT count(*) FROM mail_filed") == 3
    for table in ("request", "activity"):
        assert rows_of()[table][: len(before[table])] == before[table]


def test_a_mail_that_adds_to_a_step_is_taken_back_before_it(here: Office) -> None:
    asked, answer = mails(1)[0], a_mail("b", "info@firma0.example", "AW: Frage 0", "Noch etwas.")
    answer["In-Reply-To"] = "<0@elsewhere.example>"
    here.fetch(Given([asked]))
    here.do(drafts.Note("looked at it"), 1)
    here.do(drafts.Answer("ten"), 1)
    here.fetch(Given([answer.as_bytes()], name="later"))
    assert here.request(1).court == "me"
    here.desk.undo()
    assert here.request(1).court == "customer"
    assert [row.subject for row in aside(here.reader)] == ["AW: Frage 0"]
    here.desk.undo()
    assert here.last(1) == ("noted", "looked at it")


@pytest.mark.usefixtures("small_steps")
def test_an_import_is_taken_back_as_one_lies_aside_and_does_not_come_again(
    here: Office, rows_of: Rows
) -> None:
    here.do(drafts.Capture("on the phone"))
    before, sent = rows_of(), week(60)
    here.fetch(Given(sent), run="import")
    after = rows_of()
    filed = here.filed()
    assert here.value("SELECT count(*) FROM journal WHERE run = 'import'") > 1
    here.desk.undo()
    assert rows_of() == before
    lies = {row.id for row in aside(here.reader, 1000)}
    assert set(filed) <= lies
    assert lies == set(here.kept())
    here.fetch(Given(sent))
    assert rows_of() == before
    here.desk.redo()
    assert rows_of() == after
    assert here.filed() == filed
    assert {row.id for row in aside(here.reader, 1000)} == set(here.kept()) - set(filed)


def test_a_few_that_were_asked_for_are_one_step_too(here: Office, rows_of: Rows) -> None:
    before = rows_of()
    here.fetch(Given(mails(3)), run="import")
    assert here.value("SELECT count(*) FROM journal") == 1
    here.desk.undo()
    assert rows_of() == before


def test_mail_of_lists_is_filed_where_somebody_said_so(here: Office) -> None:
    news = a_mail("n", "news@shop.example", "Offers", "Buy!", List_Id="<news.shop.example>")
    assert here.fetch(Given([news.as_bytes()]))[2:5] == (0, 1, ())
    other = a_mail("o", "news@shop.example", "More", "Buy!", List_Id="<news.shop.example>")
    assert here.fetch(Given([other.as_bytes()], name="later"), lists=True)[2:5] == (1, 0, (1,))


# Mail that does not say when it was sent


def test_it_was_sent_when_its_file_came_into_the_maildir(here: Office, tmp_path: Path) -> None:
    now = here.clock.now()
    came = {
        b"Subject: 1": now - timedelta(days=3),
        b"Date: Fri, 20 Nov 2026 10:00:00 +0000\nSubject: 2": now - timedelta(days=9),
        b"Subject: 3": now + timedelta(days=3),
        b"Subject: 4": datetime(1969, 1, 1, tzinfo=UTC),
    }
    for number, (header, at) in enumerate(came.items()):
        file = tmp_path / "box" / "new" / str(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"From: anna@huber.example\n" + header + b"\n\nWords\n")
        os.utime(file, (at.timestamp(), at.timestamp()))
    here.fetch(Maildir(str(tmp_path / "box"), here.clock))
    rows = here.reader.rows("SELECT id FROM request")
    received = {(one := here.request(id)).subject: one.received_at for (id,) in rows}
    assert received == {
        "1": now - timedelta(days=3),
        "2": datetime(2026, 11, 20, 10, tzinfo=UTC),
        "3": now,
        "4": now,
    }
