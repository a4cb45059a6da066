"""What is pasted on the desk while no field has the focus, and files that are dropped on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from poc_tui.app import PocApp
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.dialogs.new import NewDialog
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from tests.helpers.desks import desk_over, until
from tests.helpers.raw_mail import mail

MAIL = "From: Anna <anna@meyer.example>\nTo: us\nSubject: Invoice 4711\n\n10 units, not 12\n"
SIZE = (120, 36)


@pytest.fixture
def app(path: str) -> PocApp:
    return desk_over(path, demo=False)


def values(app: PocApp) -> dict[str, str]:
    assert isinstance(app.screen, NewDialog)
    return app.screen.form.values()


async def paste(app: PocApp, pilot: Pilot[None], words: str) -> None:
    """Paste, and wait for the dialog that takes it."""
    await until(pilot, lambda: app.is_at_rest)
    app.post_message(events.Paste(words))
    await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
    await until(pilot, lambda: app.is_at_rest)


async def saved(app: PocApp, pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, DeskScreen))


async def test_what_is_pasted_opens_new_with_its_words_and_is_kept_as_it_came(
    app: PocApp, reader: Reader
) -> None:
    pasted = "Invoice 4711 is wrong\r\nit shows 12 units\r\n"
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, pasted)
        assert values(app)["words"] == "Invoice 4711 is wrong"
        await saved(app, pilot)
    taken = requests.request(reader, 1)
    assert (taken.subject, taken.text) == ("Invoice 4711 is wrong", "it shows 12 units")
    assert requests.original(reader, 1) == pasted.encode()


async def test_a_pasted_mail_says_who_wrote_it(app: PocApp, reader: Reader) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, MAIL)
        found = values(app)
        assert (found["customer"], found["channel"]) == ("anna@meyer.example", "email")
        await pilot.press(*"!")
        await saved(app, pilot)
    assert requests.request(reader, 1).subject == "Invoice 4711!"
    original = requests.original(reader, 1) or b""
    assert original.endswith(MAIL.encode()), "words that were added hide it"


async def test_it_goes_behind_words_that_were_half_typed(app: PocApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, "one\ntwo")
        app.keep_words()
    async with desk_over(app.session.path, demo=False).run_test(size=SIZE) as pilot:
        again = pilot.app
        assert isinstance(again, PocApp)
        await paste(again, pilot, "three\nfour")
        found = values(again)
        assert (found["words"], found["text"]) == ("one", "two\nthree\nfour")
        await pilot.press("escape")
        await until(pilot, lambda: "Throw the words away?" in str(status(again)))


def status(app: PocApp) -> object:
    return app.screen.query_one("#status").render()


async def test_a_field_that_has_the_focus_takes_it_as_ever(app: PocApp, desk: Desk) -> None:
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        await until(pilot, lambda: app.is_at_rest)
        app.post_message(events.Paste("one"))
        await until(pilot, lambda: app.is_at_rest)
        assert isinstance(app.screen, DeskScreen)
        assert app.screen.query_one("#find", Input).value == "one"


async def test_a_blank_paste_is_nothing(app: PocApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.is_at_rest)
        app.post_message(events.Paste(" \r\n"))
        await until(pilot, lambda: app.is_at_rest)
        assert isinstance(app.screen, DeskScreen)


async def test_a_megabyte_of_anything_is_taken_whole(app: PocApp, reader: Reader) -> None:
    pasted = "first\r\x1b[2J\0\u202e" + "some words in a line\r" * 50_000
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, pasted)
        await saved(app, pilot)
    assert requests.request(reader, 1).text.count("some words in a line\n") == 49_999
    assert requests.original(reader, 1) == pasted.encode()


async def test_keys_typed_behind_a_paste_go_into_the_dialog(app: PocApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.is_at_rest)
        app.post_message(events.Paste("one"))
        await pilot.press(*" and q")
        await until(pilot, lambda: isinstance(app.screen, NewDialog) and app.is_at_rest)
        assert values(app)["words"] == "one and q"


async def test_the_words_of_a_dropped_text_file_are_offered(app: PocApp, tmp_path: Path) -> None:
    file = tmp_path / "a complaint.txt"
    file.write_text("Invoice 4711\nis wrong\n")
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, f"'{file}' ")
        found = values(app)
        assert (found["words"], found["text"]) == ("Invoice 4711", "is wrong")


async def test_a_dropped_mail_is_taken_in_once_the_person_agrees(
    app: PocApp, reader: Reader, tmp_path: Path
) -> None:
    file = tmp_path / "bill.eml"
    file.write_bytes(mail("Subject: Invoice 4711", "10 units, not 12"))
    count = "SELECT count(*) FROM request"
    async with app.run_test(size=SIZE) as pilot:
        await paste(app, pilot, str(file))
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen) and app.is_at_rest)
        assert reader.value(count) == 0
        await paste(app, pilot, str(file))
        await pilot.press("y")
        await until(pilot, lambda: reader.value(count) == 1)
        assert requests.request(reader, 1).subject == "Invoice 4711"
        await until(pilot, lambda: any("1 new mail" in note.message for note in app._notifications))
