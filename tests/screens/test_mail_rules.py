"""Going through what lies aside: why it does, what always becomes of somebody's mail, and on."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.rules.mail.message import MailAddress, Nature
from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM, WRITES_FIRST
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.dialogs.mail_rule import MailRuleDialog
from poc_tui.screens.mail import MailScreen
from poc_tui.screens.mail_reading import MailReadingScreen
from poc_tui.store import raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.reader import Reader
from poc_tui.store.writer import immediate
from poc_tui.widgets import mail_rows
from tests.helpers.desks import until
from tests.helpers.dialogs import HOSTILE, harmless
from tests.helpers.mail_desks import Post, bar, begun, drawn, shown, toasts, warnings

GLUE = MailAddress("Glue News", "news@glue.example")
WINNER = MailAddress("Win", "w@spam.example")
OTT = MailAddress("Ott", "ott@ott.example")


@pytest.fixture
def post(
    tmp_path: Path,
    path: str,
    clock: FixedClock,
    deadlines: Deadlines,
    monkeypatch: pytest.MonkeyPatch,
) -> Post:
    post = Post(tmp_path, path, clock, deadlines, "")
    monkeypatch.setenv("POC_CONFIG", str(post.folder / "config.toml"))
    return post


def lies(post: Post, why: str = "", **mail: Any) -> int:
    """A mail that lies aside, for that reason; a list's unless something else is said."""
    id = post.aside(**mail)
    with closing(connect(post.path)) as connection:
        raw_mail.lay_aside(connection, [id], why, shown=True)
    return id


def listed(post: Post, **which: Any) -> list[str]:
    """The subjects of what lies aside."""
    with closing(Reader(post.path)) as reader:
        return [row.subject for row in reading.aside(reader, **which)]


def rules(post: Post) -> str:
    """What the settings file says of senders."""
    return (post.folder / "config.toml").read_text(encoding="utf-8").partition("[mail.rules]")[2]


async def asked(pilot: Pilot[Any], app: PocApp) -> None:
    await pilot.press("R")
    await until(pilot, lambda: isinstance(app.screen, MailRuleDialog))
    await pilot.pause()


async def reads(pilot: Pilot[Any], app: PocApp, subject: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, MailReadingScreen) and subject in drawn(app))


# What the list shows


async def test_the_help_begins_with_the_keys_of_mail(post: Post) -> None:
    lies(post)
    app = post.open()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app)
        await pilot.press("question_mark")
        await until(pilot, lambda: "Among the mail: make" in drawn(app))


async def test_each_says_why_it_lies_aside_and_spam_stands_last(post: Post) -> None:
    lies(post, MARKED_AS_SPAM, subject="You won", nature=Nature.ORDINARY, sender=WINNER)
    lies(post, WRITES_FIRST, subject="My key", nature=Nature.ORDINARY, sender=OTT)
    lies(post, "by your rule for @glue.example", subject="Glue today")
    lies(post, subject="Glue tomorrow")
    app = post.open()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot, app)
        lines = [line.strip("│ ") for line in drawn(app).splitlines()]
        headings = [line for line in lines if line.startswith(("Aside", "Spam"))]
        assert headings == ["Aside · 3 (1 new writer, 1 list, 1 your rule)", "Spam · 1"]
        found = [row.subject for row in screen.lines.all() if isinstance(row, mail_rows.AsideLine)]
        assert found == ["My key", "Glue tomorrow", "Glue today", "You won"]
        assert any("new writer Ott" in line and "My key" in line for line in lines)
        assert "4 aside" in bar(app)
    app = post.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(pilot, app)
        assert "writes for the first time" in drawn(app)
        assert "by your rule for @glue.example" in drawn(app)
        assert "marked as spam by the provider" in drawn(app)


async def test_of_two_thousand_those_of_people_are_among_the_ones_listed(post: Post) -> None:
    lies(post, WRITES_FIRST, subject="My key", nature=Nature.ORDINARY, sender=OTT)
    id = lies(post, subject="Glue today")
    with closing(connect(post.path)) as connection, immediate(connection):
        columns = [row[1] for row in connection.execute("PRAGMA table_info(mail_read)")]
        copied = ", ".join("m.id" if name == "mail_id" else f"r.{name}" for name in columns)
        connection.executemany(
            "INSERT INTO mail (sha256, source, came_at, raw) VALUES (?, 'test', 1, x'00')",
            ((str(number),) for number in range(2000)),
        )
        connection.execute(
            f"INSERT INTO mail_read SELECT {copied} FROM mail m, mail_read r"
            " WHERE r.mail_id = ? AND m.id > ?",
            (id, id),
        )
    app = post.open()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app)
        assert "Aside · the first 500 of 2,002 (499 list, 1 new writer)" in drawn(app)
        assert "My key" in drawn(app)
        assert "2002 aside" in bar(app)


async def test_an_empty_desk_says_that_mail_lies_aside(post: Post) -> None:
    lies(post, subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: "1 mail lies aside: O shows it." in drawn(app))
        lies(post, subject="Glue tomorrow")
        await until(pilot, lambda: "2 mails lie aside: O shows them." in drawn(app))


# Saying what always becomes of it


async def test_spam_goes_off_the_list_and_is_never_shown_again(post: Post) -> None:
    headers = (("list-id", "<news.glue.example>"),)
    lies(post, subject="Glue today", headers=headers)
    lies(post, subject="Glue of colleagues", sender=OTT, headers=headers)
    lies(post, subject="Bread today", sender=OTT)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("G", "g", "j")
        await asked(pilot, app)
        assert "◂ the list news.glue.example ▸" in drawn(app)
        await pilot.press("s", "enter")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        await until(pilot, lambda: "Glue" not in drawn(app))
        assert listed(post) == ["Bread today"]
        assert 'spam = ["list:news.glue.example"]' in rules(post)
        assert any("2 mails that lay aside: off the list" in said for said in toasts(app))


async def test_one_key_says_that_a_sender_is_spam(post: Post) -> None:
    for subject in ("You won", "You won again"):
        lies(post, WRITES_FIRST, subject=subject, nature=Nature.ORDINARY, sender=WINNER)
    lies(post, subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("!")
        await until(pilot, lambda: listed(post) == ["Glue today"])
        assert 'spam = ["w@spam.example"]' in rules(post)
        await pilot.pause()
        await pilot.press("enter")
        await reads(pilot, app, "Glue today")
        await pilot.press("!")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        assert not listed(post)


async def test_the_open_desk_goes_by_a_rule_at_once(post: Post) -> None:
    post.set('maildir = ["mail"]')
    lies(post, subject="Glue today", sender=MailAddress("Meyer AG", "info@meyer.example"))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await asked(pilot, app)
        await pilot.press("s", "enter")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        post.comes("Subject: Bread")
        await pilot.press("F")
        await until(pilot, lambda: listed(post, dismissed=True) == ["Bread", "Glue today"])
        assert not listed(post)


async def test_always_a_request_makes_one_of_what_lies_there_and_undo_lays_it_back(
    post: Post,
) -> None:
    for subject in ("Bread today", "Bread tomorrow"):
        lies(post, WRITES_FIRST, subject=subject, nature=Nature.ORDINARY, sender=OTT)
    lies(post, subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await asked(pilot, app)
        await pilot.press("tab", "e", "shift+tab", "r", "enter")
        await until(pilot, lambda: listed(post) == ["Glue today"])
        assert 'requests = ["@ott.example"]' in rules(post)
        await until(pilot, lambda: any("is on #1, #2 now" in said for said in toasts(app)))
        await pilot.press("u")
        await until(pilot, lambda: len(listed(post)) == 3)
        assert 'requests = ["@ott.example"]' in rules(post), "what was said stays said"


async def test_a_rule_for_all_marked_names_each_sender(post: Post) -> None:
    lies(post, subject="Glue today")
    lies(post, subject="Bread today", sender=OTT)
    lies(post, subject="Paper today", sender=MailAddress("", "news@paper.example"))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("space", "space")
        await asked(pilot, app)
        assert "◂ these 2 senders ▸" in drawn(app)
        await pilot.press("s", "enter")
        await until(pilot, lambda: listed(post) == ["Glue today"])
        assert "news@paper.example" in rules(post)
        assert "ott@ott.example" in rules(post)


async def test_a_rule_is_taken_out_again(post: Post) -> None:
    post.set('rules.aside = ["news@glue.example", "@ott.example"]')
    lies(post, "by your rule for news@glue.example", subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await asked(pilot, app)
        await pilot.press("n", "enter")
        await until(pilot, lambda: any("no rule for" in said for said in toasts(app)))
        file = (post.folder / "config.toml").read_text(encoding="utf-8")
        assert 'rules.aside = ["@ott.example"]' in file


async def test_everybody_at_a_mail_provider_is_not_offered(post: Post) -> None:
    lies(post, subject="Hello", nature=Nature.ORDINARY, sender=MailAddress("", "ann@gmail.com"))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await asked(pilot, app)
        assert "◂ ann@gmail.com ▸" in drawn(app)
        assert "everybody" not in drawn(app)


async def test_where_nobody_is_named_there_is_no_rule(post: Post) -> None:
    lies(post, subject="Hello", sender=None)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("R")
        await until(pilot, lambda: warnings(app) == ["Nobody is named who wrote it."])


async def test_a_settings_file_that_cannot_be_used_is_said_in_the_dialog(post: Post) -> None:
    lies(post, subject="Glue today")
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        (post.folder / "config.toml").write_text("[mail\n", encoding="utf-8")
        await asked(pilot, app)
        await pilot.press("s", "enter")
        await until(pilot, lambda: "TOML" in drawn(app))
        assert isinstance(app.screen, MailRuleDialog)
        assert listed(post) == ["Glue today"]


async def test_hostile_names_do_no_harm_in_the_dialog(post: Post) -> None:
    sender = MailAddress(HOSTILE, f"{HOSTILE}@x.example")
    lies(post, HOSTILE, subject=HOSTILE, sender=sender, headers=(("list-id", f"<{HOSTILE}>"),))
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await asked(pilot, app)
        harmless(drawn(app), "dialog")


# Reading one after the other


async def test_after_a_decision_the_next_mail_is_read(post: Post) -> None:
    for subject in ("Fourth", "Third", "Second", "First"):
        sender = MailAddress("", f"{subject.lower()}@{subject.lower()}.example")
        lies(post, subject=subject, sender=sender)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await reads(pilot, app, "First")
        await pilot.press("x")
        await reads(pilot, app, "Second")
        await pilot.press("enter")
        await reads(pilot, app, "Third")
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, MailRuleDialog))
        await pilot.press("escape")
        await reads(pilot, app, "Third")
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, MailRuleDialog))
        await pilot.press("a", "enter")
        await reads(pilot, app, "Fourth")
        assert "enter next" not in drawn(app)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
    assert listed(post) == ["Second", "Third"]


async def test_keys_in_a_burst_decide_on_one_mail_each(post: Post) -> None:
    for subject in ("Fourth", "Third", "Second", "First"):
        lies(post, subject=subject)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter", "x", "enter", "n", "x")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
    assert listed(post) == ["Second"]


async def test_what_a_rule_took_off_is_not_read_any_more(post: Post) -> None:
    for subject, sender in (("Other", OTT), ("Glue tomorrow", GLUE), ("Glue today", GLUE)):
        lies(post, subject=subject, sender=sender)
    app = post.open()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("enter")
        await reads(pilot, app, "Glue today")
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, MailRuleDialog))
        await pilot.press("s", "enter")
        await reads(pilot, app, "Other")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
    assert listed(post) == ["Other"]


async def test_a_demo_goes_by_a_rule_and_writes_no_settings(post: Post) -> None:
    lies(post, subject="Glue today")
    app = post.open(demo=True)
    before = (post.folder / "config.toml").read_bytes()
    async with app.run_test() as pilot:
        await shown(pilot, app)
        await pilot.press("!")
        await until(pilot, lambda: not listed(post))
        await pilot.pause()
    assert (post.folder / "config.toml").read_bytes() == before
