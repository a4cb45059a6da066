"""What was half written: kept, shown where it waits, listed, and gone on with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS, DIALOGS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.log import NoteDialog
from poc_tui.screens.palette import HitList, Palette
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.system.kept_words import DraftSigns, HalfTyped, kept_drafts
from tests.helpers.desks import queue_of, until
from tests.helpers.dialogs import opened, rows
from tests.helpers.mail_desks import drawn


@pytest.fixture
def number(desk: Desk) -> int:
    return desk.do(drafts.Capture("Invoice 4711 is wrong")).numbers[0]


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


async def test_esc_and_k_keep_the_words_for_the_next_time(session: Session, number: int) -> None:
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("precious words")
        await on.press("escape", "k")
        assert on.shell.result is None
    async with opened(NoteDialog(session, rows(session, number))) as on:
        assert on.dialog.form.value("text") == "precious words"
        await on.press("enter")
        await on.done()
    async with opened(NoteDialog(session, rows(session, number))) as on:
        assert on.dialog.form.value("text") == ""


async def test_the_desk_shows_where_something_is_half_written_and_the_palette_leads_there(
    app: PocApp, number: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await until(pilot, lambda: app.session.drafts is not None)
        assert "✎" not in drawn(app)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AnswerDialog))
        await pilot.press(*"Dear", "escape", "k")
        await until(pilot, lambda: "✎ Invoice 4711 is wrong" in drawn(app))
        await until(pilot, lambda: "✎ half written: answer" in drawn(app))
        await pilot.press("colon", *"draft")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        hit = app.screen.query_one(HitList).highlighted_row
        assert hit is not None
        assert hit.words == f"answer #{number}, half written: Dear"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AnswerDialog))
        assert app.screen.query_one("#text").value == "Dear"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: "✎" not in drawn(app))


def test_what_is_half_written_is_listed_by_request(
    tmp_path: Path, path: str, clock: FixedClock
) -> None:
    def keep(dialog: str, numbers: list[int], **words: str) -> None:
        HalfTyped(str(tmp_path), path, dialog, numbers).write(words, clock.now())
        clock.advance(timedelta(minutes=1))

    keep("answer", [7], text="Dear customer", to="a@b.example")
    keep("note", [1, 2], text="both")
    keep("snooze", list(range(1, 10)), until="fri")
    keep("customer", [7], name="Meyer")
    keep("new", [], words="a call")
    found = kept_drafts(str(tmp_path), path, (*DIALOGS, "new"))
    assert [(each.dialog, each.numbers, each.more, each.text) for each in found] == [
        ("new", (), 0, "a call"),
        ("snooze", (1,), 8, "fri"),
        ("note", (1, 2), 0, "both"),
        ("answer", (7,), 0, "Dear customer"),
    ]
    signs = DraftSigns(str(tmp_path), path, DIALOGS)
    assert [list(signs.of(number)) for number in (1, 2, 7, 8)] == [
        ["note", "snooze"], ["note"], ["answer"], [],
    ]  # fmt: skip
    HalfTyped(str(tmp_path), path, "answer", [7]).forget()
    assert list(signs.of(7)) == []
