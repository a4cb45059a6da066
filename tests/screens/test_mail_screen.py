"""The screen of the mail: what waits, what is stuck, what lies aside, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.errors import ConfigWrong
from poc_tui.models.values import Resolution
from poc_tui.rules.mail.message import MailAddress, Nature, Part
from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.command_screen import CommandScreen
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.mail import MailScreen
from poc_tui.screens.mail_reading import MailReadingScreen
from poc_tui.screens.palette_hits import CommandHits
from poc_tui.screens.request import RequestScreen
from poc_tui.settings.keymap import resolve
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import Counts
from poc_tui.widgets import mail_rows
from poc_tui.widgets.top_bar import TopBar
from tests.helpers.desks import until
from tests.helpers.dialogs import HOSTILE, harmless
from tests.helpers.mail_desks import (
    MEYER,
    Post,
    bar,
    begun,
    drawn,
    idle,
    shown,
    through,
    toasts,
    warnings,
)
from tests.helpers.mail_servers import free_port, smtp_server

WHY = (
    "smtp.example.com refuses: 550 5.1.1 <info@meyer.example>: Recipient address rejected: User"
    " unknown in virtual mailbox table"
)

Compare = Callable[..., bool]


@pytest.fixture
def post(tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines) -> Post:
    """A desk that sends through a server that is not there, and fetches from a Maildir."""
    return Post(tmp_path, path, clock, deadlines, nobody_there())


def nobody_there() -> str:
    return (
        f'maildir = ["mail"]\nsend = "smtp"\nwait = "5 min"\n[mail.smtp]\nhost = "localhost"\n'
        f'security = "none"\nport = {free_port()}'
    )


def rows(screen: MailScreen) -> list[mail_rows.Row]:
    return list(screen.lines.all())


# What it shows


async def test_where_there_is_nothing_it_says_so_calmly(post: Post) -> None:
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        assert "Nothing waits to be sent." in drawn(app)
        assert "No mail lies aside." in drawn(app)
        assert "poc config edit" not in drawn(app)


async def test_where_mail_is_not_set_up_it_says_how(
    tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines
) -> None:
    app = Post(tmp_path, path, clock, deadlines, "").open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        assert '"mail.send"' in drawn(app)
        assert '"mail.imap.host"' in drawn(app)
        assert "`poc config edit`" in drawn(app)


async def test_each_mail_of_ours_says_how_it_stands_to_whom_and_why(post: Post) -> None:
    waits, failed = post.answered(), post.answered()
    post.stands(failed, "failed", WHY)
    app = post.open()
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app)
        lines = drawn(app).splitlines()
    (line,) = (line for line in lines if "waits" in line)
    assert "09:17" in line
    assert MEYER.address in line
    assert f"#{waits}" in line
    (line,) = (line for line in lines if "✗ failed" in line)
    assert f"#{failed}" in line
    reason = " ".join(line.strip("│ ") for line in lines)
    assert WHY in reason, "the whole of it, over several lines"


async def test_the_highlight_goes_from_mail_to_mail(post: Post) -> None:
    post.stands(post.answered(), "failed", WHY)
    post.aside(subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        screen = await shown(pilot, app)
        assert isinstance(screen.queue.highlighted_row, mail_rows.OutgoingLine)
        await pilot.press("j")
        assert isinstance(screen.queue.highlighted_row, mail_rows.AsideLine)
        await pilot.press("k")
        assert isinstance(screen.queue.highlighted_row, mail_rows.OutgoingLine)


async def test_what_is_written_elsewhere_shows(post: Post) -> None:
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        post.aside(subject="Glue today")
        await until(pilot, lambda: "Glue today" in drawn(app))


async def test_a_line_fits_whatever_is_in_it(post: Post, clock: FixedClock) -> None:
    number = post.answered()
    going = mail_rows.going(post.outgoing(number))._replace(
        recipient="漢" * 300, subject=HOSTILE * 9, why=HOSTILE * 40
    )
    lying = mail_rows.AsideLine(1, clock.now(), HOSTILE * 9, "漢" * 300, "list")
    for width in range(0, 160, 7):
        sections = [
            mail_rows.MailSection("Going out", "1", [going]),
            mail_rows.MailSection("Aside", "1", [lying]),
            mail_rows.MailSection("Fetched", "", [mail_rows.SourceLine(HOSTILE, HOSTILE * 40)]),
        ]
        for row in mail_rows.rows(sections, width):
            for text, _ in mail_rows.draw(row, width, clock.now(), clock.zone):
                harmless(text, row)
        if width >= 60:
            line = mail_rows.draw(lying, width, clock.now(), clock.zone)
            assert sum(cell_len(text) for text, _ in line) <= width


async def test_it_says_when_mail_was_fetched_and_what_is_wrong_with_a_source(post: Post) -> None:
    post.set('maildir = ["mail", "elsewhere"]')
    app = post.open()
    async with app.run_test(size=(160, 36)) as pilot:
        await shown(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: "elsewhere is no Maildir" in drawn(app).replace("fetched", ""))
        await until(pilot, lambda: "fetched 09:12" in drawn(app))
        post.aside(subject="Glue today")
        await until(pilot, lambda: "Glue today" in drawn(app))
        assert "09:12     /" in drawn(app)
        assert "is no Maildir" in drawn(app)


async def test_what_is_stuck_stands_above_what_waits(post: Post) -> None:
    waits, failed = post.answered(), post.answered()
    post.stands(failed, "failed", WHY)
    app = post.open()
    async with app.run_test() as pilot:
        screen = await shown(pilot, app)
        found = [row.number for row in rows(screen) if isinstance(row, mail_rows.OutgoingLine)]
    assert found == [failed, waits]


# Opening


async def test_enter_opens_the_request_of_a_mail_of_ours(post: Post) -> None:
    number = post.answered()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RequestScreen))
        assert isinstance(app.screen, RequestScreen)
        assert app.screen._number == number
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))


async def test_enter_reads_a_mail_that_lies_aside(post: Post) -> None:
    post.aside(
        subject="Glue today",
        text="Glue is dear.",
        quoted="> What of glue?",
        reply_to=MailAddress("", "orders@glue.example"),
        parts=(Part(1, "price list.pdf", "application/pdf", 12345),),
    )
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailReadingScreen))
        await pilot.pause()
        for words in (
            "Glue News <news@glue.example>",
            "reply to  orders@glue.example",
            "Glue today",
            "Glue is dear.",
            "> What of glue?",
            "price list.pdf",
        ):
            assert words in drawn(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))


async def test_a_mail_dated_at_the_end_of_time_is_listed_and_read(post: Post) -> None:
    post.aside(subject="Glue today", sent_at=datetime.max.replace(microsecond=0, tzinfo=UTC))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        assert "Glue today" in drawn(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailReadingScreen))
        await pilot.pause()
        assert "9999" in drawn(app)


async def test_a_hostile_mail_is_read_without_harm(post: Post) -> None:
    post.aside(
        subject=HOSTILE,
        text=HOSTILE * 20,
        quoted=HOSTILE,
        signature=HOSTILE,
        sender=MailAddress(HOSTILE, "x@y.example"),
        trouble=(HOSTILE,),
        parts=(Part(1, HOSTILE, HOSTILE, 1),),
    )
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        harmless(drawn(app), "list")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailReadingScreen))
        await pilot.pause()
        harmless(drawn(app), "mail")
        await pilot.press("escape", "n")
        await until(pilot, lambda: bool(toasts(app)))
        await pilot.pause()
        harmless(drawn(app), "list with toast")


async def test_a_long_mail_scrolls(post: Post) -> None:
    post.aside(text="\n".join(f"line {number}" for number in range(200)))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailReadingScreen))
        await pilot.pause()
        assert "line 199" not in drawn(app)
        await pilot.press("G")
        await until(pilot, lambda: "line 199" in drawn(app))
        await pilot.press("g")
        await until(pilot, lambda: "line 0" in drawn(app))


# What lies aside


async def test_n_makes_it_a_request_and_undo_lays_it_aside_again(post: Post) -> None:
    id = post.aside(subject="Glue today")
    post.do(drafts.Capture("Key card"))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("n")
        await until(pilot, lambda: bool(toasts(app)))
        assert "new #2" in toasts(app)[0]
        await until(pilot, lambda: "No mail lies aside." in drawn(app))
        assert post.value(f"SELECT request_id FROM mail_filed WHERE mail_id = {id}") == 2
        await pilot.press("u")
        await until(pilot, lambda: "Glue today" in drawn(app))
        assert len(app.screen_stack) == 2, "it was done here, so nothing is asked"
        assert post.value("SELECT subject FROM request") == "Key card", "which came before it"


async def test_n_while_reading_does_the_same(post: Post) -> None:
    post.aside(subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailReadingScreen))
        await pilot.press("n")
        await until(pilot, lambda: post.value("SELECT count(*) FROM request") == 1)
        await until(pilot, lambda: isinstance(app.screen, MailScreen))


async def test_x_takes_all_marked_off_the_list_and_keeps_them(post: Post) -> None:
    for number in range(3):
        post.aside(subject=f"Glue {number}", nature=Nature.AUTO_REPLY)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("space", "space", "x")
        await until(pilot, lambda: bool(toasts(app)))
        assert toasts(app) == ["2 mails off the list; what came is kept"]
        await until(pilot, lambda: "Glue 2" not in drawn(app))
        assert "Glue 0" in drawn(app)
        assert post.value("SELECT count(*) FROM mail") == 3


async def test_a_verb_of_requests_finds_none_in_what_lies_aside(post: Post) -> None:
    post.aside()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        assert "enter read  n make a request  x needs nothing" in drawn(app)
        await pilot.press("a")
        await until(pilot, lambda: bool(warnings(app)))
        assert "“Going out”" in warnings(app)[0]


# What goes out


async def test_what_may_have_gone_out_is_sent_again_only_on_a_yes(
    post: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        post.set(through(server))
        number = post.answered()
        post.stands(number, "unsure", "the line broke")
        app = post.open()
        async with app.run_test() as pilot:
            await shown(pilot, app)
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
            assert "twice" in drawn(app)
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, MailScreen))
            assert post.outgoing(number).state == "unsure"
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
            await pilot.press("y")
            await until(pilot, lambda: post.outgoing(number).state == "sent")
            await until(pilot, lambda: "Nothing waits to be sent." in drawn(app))
            await idle(pilot, app)
    assert len(server.received) == 1


async def test_r_sends_what_waits_without_waiting(
    post: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        post.set(through(server))
        number = post.answered()
        app = post.open()
        async with app.run_test() as pilot:
            await shown(pilot, app)
            await pilot.press("r")
            await until(pilot, lambda: post.outgoing(number).state == "sent")
            await until(pilot, lambda: any(said == "1 sent" for said in toasts(app)))
            await idle(pilot, app)


async def test_r_leaves_what_can_still_be_taken_back(
    post: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        post.set(through(server))
        wanted, other = post.answered(), post.answered()
        app = post.open()
        async with app.run_test() as pilot:
            await shown(pilot, app)
            await pilot.press("r")
            await until(pilot, lambda: post.outgoing(wanted).state == "sent")
            await idle(pilot, app)
            assert post.outgoing(other).state == "queued"
    assert len(server.received) == 1


async def test_r_says_why_nothing_could_be_sent(post: Post) -> None:
    number = post.answered()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("r")
        await until(pilot, lambda: bool(warnings(app)))
        assert "takes no connection" in warnings(app)[0]
        await idle(pilot, app)
        assert post.outgoing(number).state == "queued"
        await until(pilot, lambda: "↻ again" in drawn(app))


async def test_r_hands_over_again_where_mail_is_not_sent_from_here(post: Post) -> None:
    post.set('send = "clipboard"')
    number = post.answered()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("r")
        await until(pilot, lambda: post.outgoing(number).state == "handed")
        await until(pilot, lambda: any("on the clipboard" in said for said in toasts(app)))
        assert app.clipboard.startswith(f"To: {MEYER.address}")


async def test_a_person_says_that_it_went_out(post: Post) -> None:
    number = post.answered()
    post.stands(number, "unsure", WHY)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await until(pilot, lambda: "! 1 stuck" in bar(app))
        assert "r send again  x it went out" in drawn(app)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: post.outgoing(number).state == "sent")
        await until(pilot, lambda: "stuck" not in bar(app))


async def test_a_mail_that_failed_is_let_be_and_undo_brings_it_back(post: Post) -> None:
    number = post.answered()
    post.do(drafts.NotDelivered(post.outgoing(number).id, WHY))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await until(pilot, lambda: "! 1 stuck" in bar(app))
        assert "enter open  r send again  x let it be" in drawn(app)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        assert "yours already" in drawn(app)
        await pilot.press("y")
        await until(pilot, lambda: "Nothing waits to be sent." in drawn(app))
        await until(pilot, lambda: "stuck" not in bar(app))
        assert post.outgoing(number).state == "failed", "it was not sent, whatever is said of it"
        await pilot.press("u")
        await until(pilot, lambda: "! 1 stuck" in bar(app))


@pytest.mark.parametrize(
    ("draft", "settles"),
    [
        (drafts.Answer("Once more.", mail=False), True),
        (drafts.Resolve(Resolution.SOLVED), True),
        (drafts.Note("I rang them."), True),
        (drafts.ForwardDraft(1, "Right?", mail=False), False),
        (drafts.Snooze(datetime(2026, 12, 1, tzinfo=UTC)), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_that_failed_is_stuck_until_its_request_is_gone_on_with(
    post: Post, draft: drafts.Draft, settles: bool
) -> None:
    number = post.answered()
    id = post.outgoing(number).id
    post.do(drafts.Note("before it failed"), number)
    post.do(drafts.NotDelivered(id, WHY))
    with closing(Reader(post.path, busy_ms=10_000)) as reader:
        assert [row.id for row in reading.pending(reader)] == [id]
        post.do(draft, number)
        assert reading.counts(reader).stuck == (not settles)
        assert [row.id for row in reading.pending(reader)] == ([] if settles else [id])


async def test_what_waits_has_not_gone_out_yet(post: Post) -> None:
    number = post.answered()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("x")
        await until(pilot, lambda: bool(warnings(app)))
        assert post.outgoing(number).state == "queued"


async def test_undo_takes_an_answer_back_that_waits(post: Post) -> None:
    post.answered()
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: "Nothing waits to be sent." in drawn(app))
        assert post.value("SELECT count(*) FROM outbox") == 0


async def test_a_store_that_somebody_writes_to_is_shown_as_it_was(post: Post) -> None:
    post.aside(subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        screen = await shown(pilot, app)
        with closing(connect(post.path)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            post.clock.advance(timedelta(minutes=1))
            screen.look()
            await pilot.pause()
            assert "Glue today" in drawn(app)
            writer.execute("ROLLBACK")


async def test_the_palette_offers_the_keys_of_the_mail_only_there(post: Post) -> None:
    app = post.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        own = {"mail_again", "mail_done", "mail_request"}
        assert isinstance(app.screen, CommandScreen)
        offered = {hit.id for hit in CommandHits(app.screen, ()).all()}
        assert not own & offered
        assert {"fetch", "mail"} <= offered
        screen = await shown(pilot, app)
        assert own <= {hit.id for hit in CommandHits(screen, ()).all()}


def test_its_keys_stand_before_those_of_requests_and_never_before_those_that_move() -> None:
    keymap = resolve(COMMANDS, {"mail_again": ["f"]})
    assert keymap.keys("mail_again") == keymap.keys("forward") == ("f",)
    for taken in ("j", "x", "q"):
        with pytest.raises(ConfigWrong, match="is given to both"):
            resolve(COMMANDS, {"mail_again": [taken]})


# The first line


async def top(width: int, counts: Counts, **what: Any) -> str:
    """What the first line says in so many cells."""

    class Bar(App[None]):
        def compose(self) -> ComposeResult:
            yield TopBar(UTC, "poc")

    async with Bar().run_test(size=(width, 3)) as pilot:
        shown = pilot.app.query_one(TopBar)
        shown.counts, shown.now = counts, datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
        for name, value in what.items():
            setattr(shown, name, value)
        await pilot.pause()
        return shown.render().plain


async def test_the_mail_gives_way_before_the_counts_do() -> None:
    everything = {"to_send": 2, "stuck": 1, "fetching": True, "aside": 4}
    few, many = Counts(5, 1, 3, 0, 0, 0, 2, 0, 0), Counts(512, 641, 3205, 0, 0, 0, 214, 0, 0)
    said = "5 my turn · 1 with departments · 3 with customer · 2 late"
    short = "5 my turn · 1 dept · 3 cust · 2 late"
    assert (await top(120, few)).endswith(f" {said}")
    assert (await top(120, few, aside=4)).endswith(f" {said} · 4 aside")
    line = await top(120, few, **everything)
    assert line.endswith(f" fetching · 2 to send · ! 1 stuck · {short} · 4 aside")
    line = await top(80, few, **everything)
    assert line.endswith(f" 2 to send · ! 1 stuck · {short} · 4 aside")
    line = await top(80, many, **everything)
    assert line.endswith(" ! 1 stuck · 512 my turn · 641 dept · 3205 cust · 214 late · 4 aside")
    assert len(line) <= 78


async def test_the_first_line_has_short_words_where_the_date_would_have_no_room() -> None:
    counts = Counts(1, 6, 3, 0, 0, 0, 2, 0, 0)
    line = await top(120, counts)
    assert " Mon 23 Nov 2026 09:12 " in line
    assert line.endswith(" 1 my turn · 6 with departments · 3 with customer · 2 late")
    line = await top(80, counts, aside=4)
    assert " Mon 23 Nov 2026 09:12 " in line
    assert line.endswith(" 1 my turn · 6 dept · 3 cust · 2 late · 4 aside")
    assert " Mon 23 Nov 09:12 " in await top(72, counts, aside=4)


# How it looks


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}")
def test_the_screen(snap_compare: Compare, post: Post, size: tuple[int, int]) -> None:
    waits, again, failed, unsure = (post.answered() for _ in range(4))
    del waits
    post.stands(again, "queued", "smtp.example.com does not answer on port 465.")
    post.stands(failed, "failed", WHY)
    post.stands(unsure, "unsure", "smtp.example.com got the mail to its end, and did not say more.")
    post.aside(subject="This week in glue: prices, trade fairs and a word from the board")
    winner = post.aside(
        subject="You won", nature=Nature.ORDINARY, sender=MailAddress("Win", "w@spam.example")
    )
    with closing(connect(post.path)) as connection:
        raw_mail.lay_aside(connection, [winner], MARKED_AS_SPAM, shown=True)
    post.aside(
        subject="Automatic reply: Your order",
        nature=Nature.AUTO_REPLY,
        sender=MailAddress("Hotel Krone", "desk@krone.example"),
    )
    post.aside(
        subject="Undelivered Mail Returned to Sender",
        nature=Nature.BOUNCE,
        sender=MailAddress("Mail Delivery System", "mailer-daemon@mx.example"),
    )
    assert snap_compare(post.open(), terminal_size=size, run_before=_open)


async def _open(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, PocApp)
    await shown(pilot, pilot.app)
    await pilot.press("j")
    await pilot.pause()
