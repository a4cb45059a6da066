"""Mail as it is seen on a request, saved from there, and said of in the dialogs."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.mail import saved_files
from poc_tui.mail.message.parse import parse
from poc_tui.models.values import AddressKind, Channel
from poc_tui.rules.mail.message import Mail, MailAddress, Nature, Part
from poc_tui.rules.text import size
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.chase import ChaseDialog
from poc_tui.screens.dialogs.ending import ResolveDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.dialogs.save import SaveDialog
from poc_tui.screens.dialogs.triage import TriageDialog
from poc_tui.screens.request import RequestScreen
from poc_tui.screens.session import Session
from poc_tui.settings.load import Settings
from poc_tui.settings.mail import MailSettings
from poc_tui.store import drafts, outbox, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.queries import customers, request_mail, requests
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.records import Done, OutgoingRow
from poc_tui.widgets import timeline
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.customer_pane import CustomerPane
from poc_tui.widgets.virtual_list import VirtualList
from tests.helpers.desks import until
from tests.helpers.dialogs import HOSTILE, Open, department, desk_of, detail, harmless, opened, rows
from tests.helpers.mail_setup import one_account

DESK = "desk@poc.example"
MEYER = MailAddress("Meyer AG", "info@meyer.example")
ASSISTANT = MailAddress("Assistance", "assistance@meyer.example")
HISTORY = "\n".join(f"> line {number}" for number in range(34))


@pytest.fixture
def mail_settings() -> MailSettings:
    """A desk that sends its mail."""
    return one_account(address=DESK, own=("me@poc.example",), send="smtp")


@pytest.fixture
def settings(settings: Settings, mail_settings: MailSettings) -> Settings:
    return settings._replace(mail=mail_settings)


@pytest.fixture
def comes(session: Session) -> Callable[..., Done]:
    """A mail comes in and is filed; with bytes it is read from them."""
    names = count(1)

    def come(raw: bytes = b"", to: int | None = None, **fields: Any) -> Done:
        number = next(names)
        made: dict[str, Any] = {"message_id": f"{number}@meyer.example", "sender": MEYER}
        made |= {"subject": "Invoice 4711 is wrong", "text": "It shows 12 units."} | fields
        read = parse(raw) if raw else Mail(**made)
        with closing(connect(session.path)) as connection:
            kept = raw_mail.keep(
                connection, [raw or f"Subject: {number}\n".encode()], "test", session.clock.now()
            )
            raw_mail.keep_read(connection, [(kept.new[0], read)])
        return desk_of(session).do(drafts.FileMails(kept.new, to=to))

    return come


@pytest.fixture
def a_mail(comes: Callable[..., Done]) -> Callable[..., int]:
    """The customer writes; gives the number of the request."""

    def come(**fields: Any) -> int:
        return comes(**fields).numbers[0]

    return come


@pytest.fixture
def a_reply(comes: Callable[..., Done]) -> Callable[..., int]:
    """The customer writes, and then once more; gives the number of the request."""

    def come(**fields: Any) -> int:
        (number,) = comes(sender=fields.get("sender", MEYER), text="We ask again.").numbers
        comes(to=number, **fields)
        return number

    return come


def whole(session: Session, number: int, size: tuple[int, int] = (80, 24)) -> Any:
    return opened(RequestScreen(session, number), size)


def sent(session: Session, number: int) -> tuple[OutgoingRow, ...]:
    return outgoing_of_request(session.reader, number)


def goes_out(on: Open) -> str:
    """What the line of a dialog says."""
    return str(on.dialog.query_one("#by-mail", Choice).render())


def staff(session: Session, name: str, contact: str, deputy: str = "") -> int:
    id = department(session, name).id
    desk_of(session).do(drafts.EditDepartment(id, contact=contact, deputy=deputy))
    return id


# On the timeline


async def test_what_a_mail_brings_besides_its_words_stands_below_them_in_one_line(
    session: Session, a_reply: Callable[..., int]
) -> None:
    parts = (
        Part(1, "invoice.pdf", "application/pdf", 12_300),
        Part(2, "photo.png", "image/png", 1_000_000),
    )
    number = a_reply(quoted=HISTORY, signature="Meyer AG\nMain road 1", parts=parts)
    line = "34 quoted lines · signature · 2 attachments: invoice.pdf 12 kB, photo.png 1 MB"
    async with whole(session, number, (120, 36)) as on:
        assert f"▸ {line}" in on.drawn
        assert "line 12" not in on.drawn
        assert "Main road" not in on.drawn
    async with whole(session, number) as on:
        assert "▸ 34 quoted lines · signature · 2 attachments: invoice.pdf" in on.drawn
        assert "photo.png" not in on.drawn, "it is cut, and takes no second line"


async def test_a_letter_without_anything_besides_has_no_such_line(
    session: Session, a_mail: Callable[..., int]
) -> None:
    async with whole(session, a_mail()) as on:
        assert "▸" not in on.drawn


async def test_who_wrote_is_said_unless_it_is_simply_the_customer(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail()
    comes(to=number, sender=ASSISTANT, text="For my colleague.")
    async with whole(session, number, (120, 36)) as on:
        assert "✉ It shows 12 units." in on.drawn
        assert "✉ Assistance <assistance@meyer.example>: For my colleague." in on.drawn


async def test_whoever_answers_for_a_department_is_named_beside_it(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail()
    id = staff(session, "Technical", "Workshop <w@workshop.example>")
    desk_of(session).do(drafts.ForwardDraft(id, "Is it so?"), [number])
    asked = session.reader.value("SELECT message_id FROM outbox")
    comes(sender=MailAddress("Night shift", "n@workshop.example"), refs=(asked,), text="It is.")
    async with whole(session, number, (120, 36)) as on:
        assert "Technical (Night shift <n@workshop.example>): It is." in on.drawn


async def test_a_mail_in_doubt_says_so_until_one_key_accepts_it(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("We look into it."), [number])
    before = detail(session, number)
    comes(text="Send it elsewhere.", subject=f"Re: Invoice [#{number}]")
    assert detail(session, number).court == before.court
    async with whole(session, number, (120, 36)) as on:
        assert "??   not verified: Send it elsewhere." in on.drawn
        assert f"not verified: only #{number} in its subject leads here" in on.drawn
        assert "! mail 2 is not verified" in on.drawn
        await on.pilot.press("v")
        await until(on.pilot, lambda: detail(session, number).court == "me")
        await until(on.pilot, lambda: "(v: accept)" not in on.drawn)
        assert "✉ Send it elsewhere." in on.drawn


async def test_an_automatic_reply_and_a_mail_that_did_not_arrive_are_said_in_words(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("We look into it."), [number])
    ours = sent(session, number)[0]
    comes(to=number, nature=Nature.AUTO_REPLY, text="Out of office.")
    desk_of(session).do(drafts.NotDelivered(ours.id, "550 no such mailbox"))
    async with whole(session, number, (120, 36)) as on:
        assert "auto automatic reply: Out of office." in on.drawn
        assert "!!   not delivered: info@meyer.example: 550 no such mailbox" in on.drawn
        assert "my turn: a mail of ours did not arrive" in on.drawn


def queued(connection: Any, id: int, clock: FixedClock) -> None:
    """It waits."""


def overdue(connection: Any, id: int, clock: FixedClock) -> None:
    clock.at += timedelta(minutes=5)


def tried(connection: Any, id: int, clock: FixedClock) -> None:
    at = clock.now() + timedelta(minutes=48)
    outbox.try_later(connection, id, "the server cannot be reached", at)


def was_sent(connection: Any, id: int, clock: FixedClock) -> None:
    outbox.begin(connection, id)
    outbox.sent(connection, id, clock.now())


def broke(connection: Any, id: int, clock: FixedClock) -> None:
    outbox.begin(connection, id)
    outbox.unsure(connection, id, "the connection broke")


def given(connection: Any, id: int, clock: FixedClock) -> None:
    outbox.handed(connection, id, clock.now())


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (queued, "waits, goes out 09:13"),
        (overdue, "waits to be sent"),
        (tried, "not sent yet: the server cannot be reached; tried again 10:00"),
        (was_sent, "sent 09:12"),
        (broke, "nobody knows whether it was sent"),
        (given, "handed to you to send 09:12"),
    ],
)
async def test_how_far_an_answer_has_come_stands_below_it(
    session: Session,
    a_mail: Callable[..., int],
    clock: FixedClock,
    happens: Callable[..., None],
    said: str,
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("We look into it."), [number])
    with closing(connect(session.path)) as connection:
        happens(connection, sent(session, number)[0].id, clock)
    async with whole(session, number, (120, 36)) as on:
        assert f"mail to info@meyer.example: {said}" in on.drawn


async def test_a_mail_that_is_sent_meanwhile_is_seen_to_be(
    session: Session, a_mail: Callable[..., int], clock: FixedClock
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("We look into it."), [number])
    async with whole(session, number) as on:
        assert "waits, goes out 09:13" in on.drawn
        with closing(connect(session.path)) as connection:
            was_sent(connection, sent(session, number)[0].id, clock)
        await until(on.pilot, lambda: "sent 09:12" in on.drawn)


def test_a_request_without_mail_looks_for_some_by_index_only(session: Session) -> None:
    number = desk_of(session).do(drafts.Capture("Where is my order?")).numbers[0]
    asked: list[str] = []
    session.reader._connection.set_trace_callback(asked.append)
    requests.request(session.reader, number)
    session.reader._connection.set_trace_callback(None)
    of_mail = [sql for sql in asked if "outbox" in sql or "mail_filed" in sql]
    assert len(of_mail) == 2
    for sql in of_mail:
        plan = [row[3] for row in session.reader.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert not any(step.startswith("SCAN") for step in plan), plan


# Unfolding


async def test_a_key_shows_what_the_mails_quote_and_folds_it_away_again(
    session: Session, a_reply: Callable[..., int]
) -> None:
    a_reply(quoted="> You wrote\n> so", signature="Meyer AG\nMain road 1")
    app = PocApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        assert "Main road" not in drawn(app)
        await pilot.press("z")
        await until(pilot, lambda: "│ Main road 1" in drawn(app))
        assert "▾ 2 quoted lines · signature" in drawn(app)
        assert "│ > so" in drawn(app)
        await pilot.press("z")
        await until(pilot, lambda: "Main road" not in drawn(app))


async def test_unfolded_every_attachment_is_named_as_that_of_a_file_in_no_folder(
    session: Session, a_mail: Callable[..., int]
) -> None:
    parts = (*(Part(n, f"page {n}.pdf", "x/y", n) for n in range(9)), Part(9, "../../x.sh", "x", 1))
    async with whole(session, a_mail(parts=parts)) as on:
        assert "x.sh" not in on.drawn
        await on.press("z")
        await until(on.pilot, lambda: "▾ 10 attachments" in on.drawn)
        assert "page 8.pdf 8 B, x.sh 1 B" in " ".join(on.drawn.split())


async def test_what_a_mail_that_came_back_tells_programs_is_no_attachment(
    session: Session,
    a_mail: Callable[..., int],
    comes: Callable[..., Done],
    clock: FixedClock,
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("We look into it."), [number])
    asked = session.reader.value("SELECT message_id FROM outbox")
    with closing(connect(session.path)) as connection:
        was_sent(connection, sent(session, number)[0].id, clock)
    comes(
        nature=Nature.BOUNCE,
        bounced=(asked,),
        bounce_why="550 no such mailbox",
        parts=(Part(1, "", "message/delivery-status", 9), Part(2, "", "message/rfc822", 9)),
    )
    async with whole(session, number, (120, 36)) as on:
        assert "attachment" not in on.drawn
        assert "mail to info@meyer.example: did not arrive: 550 no such mailbox" in on.drawn


async def test_another_request_is_folded_when_it_is_come_to(
    session: Session, a_reply: Callable[..., int]
) -> None:
    a_reply(quoted="> of the one", sender=MEYER)
    a_reply(quoted="> of the other", sender=ASSISTANT)
    app = PocApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "│ > of the" in drawn(app))
        await pilot.press("j")
        await at_rest(pilot)
        assert "│ > of the" not in drawn(app)
        await pilot.press("k")
        await at_rest(pilot)
        assert "│ > of the" not in drawn(app)


async def test_a_mail_that_comes_while_others_are_unfolded_is_unfolded_too(
    session: Session, a_reply: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_reply(quoted="> first")
    async with whole(session, number, (120, 36)) as on:
        await on.press("z")
        assert "│ > first" in on.drawn
        comes(to=number, quoted="> second", text="And this.")
        await until(on.pilot, lambda: "│ > second" in on.drawn)


async def test_where_nothing_is_folded_away_the_key_says_so(
    session: Session, a_mail: Callable[..., int]
) -> None:
    async with whole(session, a_mail()) as on:
        await on.press("z")
        assert [note.message for note in on.shell._notifications] == [
            "There is nothing folded away here."
        ]


async def test_of_the_mail_that_opens_a_request_nothing_is_folded(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(text="See below", quoted="The key is broken", signature="Meyer AG")
    async with whole(session, number) as on:
        assert on.drawn.count("The key is broken") == 1
        assert on.drawn.count("Meyer AG") >= 1
        await on.press("z")
        assert "quoted line" not in on.drawn
        assert on.drawn.count("The key is broken") == 1


async def test_what_was_passed_on_is_part_of_the_words_and_not_folded(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(text="See below", quoted="The key is broken", original=ASSISTANT)
    async with whole(session, number) as on:
        await on.press("z")
        assert on.drawn.count("The key is broken") == 1
        assert "quoted line" not in on.drawn


def test_the_history_is_read_only_when_it_is_to_be_seen(
    session: Session, a_reply: Callable[..., int]
) -> None:
    number = a_reply(quoted=HISTORY)
    _, folded = request_mail.incoming_by_activity(session.reader, number).values()
    _, shown = request_mail.incoming_by_activity(session.reader, number, unfolded=True).values()
    assert (folded.quoted_lines, folded.folded) == (34, "")
    assert shown.folded == HISTORY


async def test_of_a_long_thread_the_pane_shows_the_end_and_counts_the_rest(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail(text="first of all\n" * 60)
    for _ in range(5):
        comes(to=number, text="in between\n" * 60)
    comes(to=number, text="last of all")
    app = PocApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        assert "last of all" in drawn(app)
        app.screen.query_one("#request").scroll_home(animate=False)
        await until(pilot, lambda: "2 earlier entries: Enter shows all" in drawn(app))
        await pilot.press("enter", "g")
        await until(pilot, lambda: "first of all" in drawn(app))


# Hostile mail


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: str(size[0]))
async def test_no_mail_does_anything_to_the_screen(
    session: Session, a_reply: Callable[..., int], size: tuple[int, int]
) -> None:
    parts = (Part(1, HOSTILE * 20, HOSTILE, 3), Part(2, "../../x\0", "text/x", 10**18))
    a_reply(
        sender=MailAddress(HOSTILE, f"a{HOSTILE}@x.example"),
        subject=HOSTILE,
        text=HOSTILE,
        quoted=f"{HOSTILE}\n{'W' * 500}\n{HOSTILE}",
        signature=HOSTILE,
        parts=parts,
        trouble=(HOSTILE,),
    )
    app = PocApp(session)
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        for key, shown in (
            ("z", "[/red]"),
            ("J", "│ [/red][@click=app.quit]x"),
            ("S", "[/red]"),
            ("escape", "│ [/red]"),
            ("enter", "[@click=app.quit]x"),
            ("z", "│ [/red][@click=app.quit]x"),
            ("S", "mail: [/red][@click=app.quit]x"),
        ):
            await pilot.press(key)
            await until(pilot, lambda shown=shown: shown in drawn(app))  # type: ignore[misc]
            harmless(drawn(app), key)


def test_every_line_about_a_mail_fits(session: Session, a_reply: Callable[..., int]) -> None:
    parts = tuple(Part(n, "数字" * 40, "x/y", n) for n in range(400))
    number = a_reply(quoted="数" * 3_000, signature="x", parts=parts, trouble=("a",))
    _, came = request_mail.incoming_by_activity(session.reader, number, unfolded=True).values()
    for width in range(10, 100):
        (line,) = timeline.beside(came, width)
        assert line.cell_length <= width
        whole = timeline.beside(came, width, whole=True)
        assert max(line.cell_length for line in whole) <= width
        lines = timeline.unfolded(came, width, 4_000)
        assert max(line.cell_length for line in lines) <= width


@pytest.mark.parametrize(
    ("bytes", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (12_345, "12 kB"),
        (999_400, "999 kB"),
        (999_999, "1 MB"),
        (1_440_000, "1.4 MB"),
        (52_428_800, "52.4 MB"),
    ],
)
def test_a_size_is_said_as_people_say_it(bytes: int, said: str) -> None:
    assert size(bytes) == said


# Saving


def with_attachments(*names: str) -> bytes:
    """A mail from Meyer AG with files of these names; in each its number."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Meyer AG <info@meyer.example>", "Files ../../etc"
    message["Message-ID"] = "<files@meyer.example>"
    message.set_content("Here they are.")
    for number, name in enumerate(names):
        data = f"file {number}".encode()
        message.add_attachment(data, "application", "octet-stream", filename=name)
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "saved"
    made.mkdir()
    return made


def save_dialog(session: Session, number: int) -> SaveDialog:
    found = request_mail.saveables(session.reader, number)
    return SaveDialog(session, rows(session, number), found)


async def test_the_first_attachment_is_saved_by_enter(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    number = comes(with_attachments("invoice.pdf", "photo.png")).numbers[0]
    async with opened(save_dialog(session, number)) as on:
        on.dialog.form.field("folder").value = str(folder)
        await on.press("enter")
        done = await on.done()
    assert done.label == f"saved invoice.pdf in {folder}"
    (path,) = folder.iterdir()
    assert (path.name, path.read_bytes()) == ("invoice.pdf", b"file 0")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_several_are_chosen_with_space_and_the_whole_mail_is_to_the_byte(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    raw = with_attachments("invoice.pdf", "photo.png")
    number = comes(raw).numbers[0]
    async with opened(save_dialog(session, number)) as on:
        on.dialog.form.field("folder").value = str(folder)
        await on.press("space", "j", "space", "enter")
        done = await on.done()
    assert done.label == f"saved 2 files in {folder}"
    assert sorted(path.name for path in folder.iterdir()) == ["Files .._.._etc.eml", "invoice.pdf"]
    assert (folder / "Files .._.._etc.eml").read_bytes() == raw


async def test_no_name_leaves_the_folder_and_no_file_is_written_over(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    names = ("../../x", "/etc/passwd", "a\\b", "n" * 300 + ".pdf", "CON", "..", "x\u202egnp.exe")
    number = comes(with_attachments(*names, "mine.txt", "mine.txt")).numbers[0]
    (folder / "mine.txt").write_text("mine")
    before = set(folder.parent.iterdir())
    async with opened(save_dialog(session, number)) as on:
        harmless(on.drawn, "save")
        on.dialog.form.field("folder").value = str(folder)
        await on.press(*["space"] * 9, "enter")
        await on.done()
    assert set(folder.parent.iterdir()) == before
    saved = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert saved.pop("mine.txt") == b"mine"
    assert sorted(saved.values()) == [f"file {number}".encode() for number in range(9)]
    assert {"mine (2).txt", "mine (3).txt"} <= saved.keys()
    assert all(len(name.encode()) <= 150 and name.isprintable() for name in saved)


async def test_a_folder_that_is_not_there_keeps_the_dialog_with_what_was_chosen(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    number = comes(with_attachments("invoice.pdf")).numbers[0]
    async with opened(save_dialog(session, number)) as on:
        on.dialog.form.field("folder").value = str(folder / "nowhere")
        await on.press("space", "enter")
        assert "there is no folder" in on.status
        assert on.dialog.query_one("#pieces", VirtualList).marked == {0}
        on.dialog.form.field("folder").value = str(folder)
        await on.press("enter")
        await on.done()
    assert [path.name for path in folder.iterdir()] == ["invoice.pdf"]


async def test_a_disk_that_refuses_keeps_the_dialog_and_what_is_left_to_save(
    session: Session,
    comes: Callable[..., Done],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = comes(with_attachments("one.txt", "two.txt")).numbers[0]
    write, full = saved_files.write_private, [True]

    def on_a_full_disk(path: Path, data: bytes) -> None:
        if data == b"file 1" and full.pop():
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(saved_files, "write_private", on_a_full_disk)
    async with opened(save_dialog(session, number)) as on:
        on.dialog.form.field("folder").value = str(folder)
        await on.press("space", "space", "enter")
        await until(on.pilot, lambda: "No space left" in on.status)
        assert "1 saved" in on.status
        full.append(False)
        await on.press("enter")
        await on.done()
    assert sorted(path.name for path in folder.iterdir()) == ["one.txt", "two.txt"]


async def test_the_folder_is_downloads_at_first_and_then_the_one_used_last(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    number = comes(with_attachments("one.txt")).numbers[0]
    assert save_dialog(session, number)._usual_folder() == "~"
    Path("~/Downloads").expanduser().mkdir()
    async with opened(save_dialog(session, number)) as on:
        assert on.dialog.form.value("folder") == "~/Downloads"
        on.dialog.form.field("folder").value = str(folder)
        await on.press("enter")
        await on.done()
    async with opened(save_dialog(session, number)) as on:
        assert on.dialog.form.value("folder") == str(folder)
        await on.press("escape")
        assert on.shell.result is None, "a folder is left without asking"


async def test_the_key_saves_from_the_desk_and_says_where_there_is_no_mail(
    session: Session, comes: Callable[..., Done], folder: Path
) -> None:
    comes(with_attachments("one.txt"))
    session.saved_to = str(folder)
    app = PocApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, SaveDialog))
        await pilot.press("enter")
        await until(pilot, lambda: any("saved one.txt" in n.message for n in app._notifications))
        desk_of(session).do(drafts.Capture("Where is my order?"))
        await until(pilot, lambda: "Where is my order?" in drawn(app))
        await pilot.press("G", "g", "k")
        while app.screen.queue.highlighted_row.number != 2:  # type: ignore[attr-defined]
            await pilot.press("j")
        await pilot.press("S")
        await until(
            pilot, lambda: any("There is no mail here" in n.message for n in app._notifications)
        )
    assert [path.name for path in folder.iterdir()] == ["one.txt"]


# In the dialogs


async def test_an_answer_says_to_whom_it_goes_and_goes_there(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(reply_to=ASSISTANT)
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        assert "by mail to assistance@meyer.example" in on.drawn
        await on.type("It is corrected")
        await on.press("enter")
        await on.done()
    (row,) = sent(session, number)
    assert row.recipient == ASSISTANT.address


STRANGE = "(not an address of the customer"


async def test_an_answer_to_an_address_that_is_not_the_customers_says_so(
    session: Session, a_mail: Callable[..., int]
) -> None:
    known, strange = a_mail(), a_mail(reply_to=ASSISTANT)
    for dialog in (AnswerDialog, ResolveDialog):
        async with opened(dialog(session, rows(session, strange))) as on:
            await on.go("text")
            await on.type("It is corrected")
            assert f"{STRANGE})" in on.drawn
        async with opened(dialog(session, rows(session, known))) as on:
            await on.go("text")
            await on.type("It is corrected")
            assert "by mail to info@meyer.example" in on.drawn
            assert STRANGE not in on.drawn
        async with opened(dialog(session, rows(session, known, strange))) as on:
            await on.go("text")
            await on.type("It is corrected")
            assert f"{STRANGE}: #{strange})" in on.drawn
    async with opened(AnswerDialog(session, rows(session, strange))) as on:
        await on.go("channel")
        await on.type("ph")
        assert STRANGE not in on.drawn


async def test_an_answer_that_is_wanted_in_another_house_names_both_addresses(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(reply_to=MailAddress("", "boss@private.example"))
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        assert "by mail to boss@private.example" in on.drawn
        assert "(not to info@meyer.example, who wrote)" in on.drawn


async def test_one_key_says_that_it_was_told_otherwise(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("It is corrected")
        assert on.dialog.draft().mail is True
        await on.go("by-mail")
        await on.press("right")
        assert "not by mail: told otherwise" in on.drawn
        assert on.dialog.draft().mail is False
        await on.press("enter")
        await on.done()
    assert not sent(session, number)


async def test_the_line_follows_the_channel(session: Session, a_mail: Callable[..., int]) -> None:
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("It is corrected")
        await on.go("channel")
        await on.type("ph")
        assert "not by mail: told by phone" in goes_out(on)
        assert on.dialog.draft().mail is False
        await on.go("channel")
        await on.type("em")
        assert "by mail to info@meyer.example" in goes_out(on)
        assert on.dialog.draft().mail is True


async def test_a_customer_without_an_address_is_told_otherwise(session: Session) -> None:
    draft = drafts.Capture("Where is it?", channel=Channel.EMAIL)
    number = desk_of(session).do(draft).numbers[0]
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        assert "not by mail: the customer has no mail address" in on.drawn
        await on.type("On its way")
        await on.press("enter")
        done = await on.done()
    assert not done.remarks, "what the dialog said needs no saying again"


async def test_of_several_it_says_how_many_are_reached(
    session: Session, a_mail: Callable[..., int]
) -> None:
    one, other = a_mail(), a_mail(sender=ASSISTANT, subject="Another")
    called = desk_of(session).do(drafts.Capture("By phone", channel=Channel.PHONE)).numbers[0]
    async with opened(AnswerDialog(session, rows(session, one, other, called))) as on:
        assert "by mail to 2 of 3, where there is an address" in on.drawn
        await on.type("We are closed today")
        assert on.dialog.draft().mail is None
        await on.press("enter")
        await on.done()
    assert [len(sent(session, number)) for number in (one, other, called)] == [1, 1, 0]


@pytest.mark.parametrize("mail_settings", [MailSettings()])
async def test_where_no_mail_is_set_up_nothing_is_said_of_it(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.ForwardDraft(department(session, "Technical").id), [number])
    for dialog in (AnswerDialog, ForwardDialog, ChaseDialog, ResolveDialog):
        async with opened(dialog(session, rows(session, number))) as on:
            assert not on.dialog.query("#by-mail")
            if on.dialog.query("#text"):
                on.dialog.form.field("text").value = "Words"
            assert on.dialog.draft().mail is None


async def test_the_line_of_a_forward_follows_the_department(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    staff(session, "Accounting", "Office <office@ours.example>, ext. 3")
    staff(session, "Technical", "ext. 21")
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.go("department")
        await on.type("tec")
        assert "not by mail: Technical has no address; D sets it" in goes_out(on)
        assert on.dialog.draft().mail is False
        await on.type("acc")
        assert "by mail to office@ours.example" in goes_out(on)
        await on.press("enter")
        await on.done()
    assert [row.recipient for row in sent(session, number)] == ["office@ours.example"]


async def test_our_own_address_is_nobody_to_write_to(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    staff(session, "Accounting", f"me <{DESK.upper()}>")
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.go("department")
        await on.type("acc")
        assert "not by mail" in goes_out(on)


async def test_a_chase_goes_to_whom_its_step_turns_to_and_needs_no_clipboard(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    id = staff(session, "Technical", "Workshop <w@ours.example>")
    desk_of(session).do(drafts.ForwardDraft(id, "Is it so?", mail=False), [number])
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        assert "by mail to w@ours.example" in on.drawn
        await on.press("enter")
        done = await on.done()
        assert not on.shell.clipboard
    assert not any("clipboard" in remark for remark in done.remarks)
    assert [(row.kind, row.recipient) for row in sent(session, number)] == [
        ("chase", "w@ours.example")
    ]


async def test_a_chase_that_goes_out_otherwise_is_on_the_clipboard(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    id = staff(session, "Technical", "Workshop <w@ours.example>")
    desk_of(session).do(drafts.ForwardDraft(id, "Is it so?", mail=False), [number])
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        await on.go("by-mail")
        await on.press("right", "enter")
        await on.done()
        assert "Is it so?" in on.shell.clipboard
    assert not sent(session, number)


async def test_of_several_chases_those_without_an_address_are_on_the_clipboard(
    session: Session, a_mail: Callable[..., int]
) -> None:
    one, other = a_mail(), a_mail(sender=ASSISTANT, subject="Another")
    for number, name, contact in ((one, "Technical", "w@ours.example"), (other, "Legal", "ext. 4")):
        id = staff(session, name, contact)
        desk_of(session).do(drafts.ForwardDraft(id, f"Is it so, {name}?", mail=False), [number])
    async with opened(ChaseDialog(session, rows(session, one, other))) as on:
        assert "by mail to 1 of 2, where there is an address" in on.drawn
        await on.press("enter")
        await on.done()
        assert "Is it so, Legal?" in on.shell.clipboard
        assert "Is it so, Technical?" not in on.shell.clipboard
    assert [len(sent(session, number)) for number in (one, other)] == [1, 0]


async def test_the_last_answer_goes_out_by_mail_and_without_one_nothing_does(
    session: Session, a_mail: Callable[..., int]
) -> None:
    silent, told = a_mail(), a_mail(sender=ASSISTANT, subject="Another")
    async with opened(ResolveDialog(session, rows(session, silent))) as on:
        assert "goes out" not in on.drawn
        await on.press("enter")
        await on.done()
    async with opened(ResolveDialog(session, rows(session, told))) as on:
        await on.go("text")
        await on.type("It is done")
        assert "by mail to assistance@meyer.example" in on.drawn
        await on.press("enter")
        await on.done()
    assert [len(sent(session, number)) for number in (silent, told)] == [0, 1]


@pytest.mark.parametrize("dialog", [AnswerDialog, ForwardDialog, ChaseDialog])
async def test_the_line_is_seen_at_80_by_24(
    session: Session, a_mail: Callable[..., int], dialog: Any
) -> None:
    number = a_mail(reply_to=ASSISTANT)
    long = f"{'x' * 40}@workshop.example"
    id = staff(session, "Technical", f"Workshop <{long}>")
    for text in ("One", "Two", "Three"):
        desk_of(session).do(drafts.Answer(text, still_working=True, mail=False), [number])
    desk_of(session).do(drafts.ForwardDraft(id, "So?", mail=False), [number])
    async with opened(dialog(session, rows(session, number))) as on:
        if dialog is ForwardDialog:
            on.dialog.form.field("department").value = str(id)
            await on.settle()
        assert "goes out" in on.drawn
        assert "@meyer.example ▸" in on.drawn or "…@workshop.example ▸" in on.drawn
        assert (STRANGE in on.drawn) is (dialog is AnswerDialog)
        assert "esc cancel" in on.drawn


# Who wrote first


async def test_one_key_takes_the_first_writer_of_a_forwarded_mail_for_the_customer(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(sender=ASSISTANT, original=MailAddress("Hotel Krone", "krone@hotel.example"))
    async with opened(TriageDialog(session, rows(session, number))) as on:
        assert "↓ krone@hotel.example wrote the mail that was forwarded" in on.drawn
        await on.press("down")
        assert "new customer" in on.drawn
        await on.press("enter")
        await on.done()
    id = detail(session, number).customer_id
    assert id is not None
    addresses = customers.customer(session.reader, id).addresses
    assert [(row.kind, row.value) for row in addresses] == [
        (AddressKind.EMAIL, "krone@hotel.example")
    ]


async def test_a_first_writer_who_is_known_is_recognised(
    session: Session, a_mail: Callable[..., int]
) -> None:
    address = drafts.AddressDraft(AddressKind.EMAIL, "krone@hotel.example")
    desk_of(session).do(drafts.EditCustomer(name="Hotel Krone", addresses=(address,)))
    number = a_mail(sender=ASSISTANT, original=MailAddress("", "krone@hotel.example"))
    async with opened(TriageDialog(session, rows(session, number))) as on:
        await on.press("down")
        assert "known: Hotel Krone" in on.drawn
        await on.press("enter")
        await on.done()
    assert detail(session, number).customer == "Hotel Krone"


async def test_the_customer_stays_who_it_was_unless_the_key_is_pressed(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(sender=ASSISTANT, original=MailAddress("", "krone@hotel.example"))
    before = detail(session, number).customer_id
    async with opened(TriageDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    assert detail(session, number).customer_id == before


async def test_one_key_takes_whom_the_text_of_a_form_names_for_the_customer(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(
        sender=MailAddress("Shop", "no-reply@shop.example"),
        text="Name: Krone\nE-Mail: krone@hotel.example\n\nWhere is it?",
    )
    assert detail(session, number).customer_id is None
    async with opened(TriageDialog(session, rows(session, number))) as on:
        assert "↓ krone@hotel.example stands in what the form sent" in on.drawn
        await on.press("down", "enter")
        await on.done()
    assert detail(session, number).customer == "krone@hotel.example"


# Thanks


async def test_thanks_on_an_open_request_points_to_the_key_that_ends_it(
    session: Session, a_mail: Callable[..., int], comes: Callable[..., Done]
) -> None:
    number = a_mail()
    desk_of(session).do(drafts.Answer("It is corrected."), [number])
    comes(to=number, text="Thank you very much!")
    async with whole(session, number) as on:
        assert "only thanks (r resolves)" in on.drawn


async def at_rest(pilot: Pilot[None]) -> None:
    """Let the panes follow the highlight."""
    await until(
        pilot,
        lambda: (
            isinstance(screen := pilot.app.screen, DeskScreen)
            and screen.settled
            and bool(screen.query_one(CustomerPane))
        ),
    )
    await pilot.pause()


def drawn(app: PocApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
