"""A desk on which nothing was ever done: it offers three questions, and asks none by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.dialogs.new import NewDialog
from poc_tui.screens.dialogs.password import PasswordDialog
from poc_tui.screens.dialogs.set_up_departments import SetUpDepartmentsDialog
from poc_tui.screens.dialogs.set_up_hours import SetUpHoursDialog
from poc_tui.screens.dialogs.set_up_mail import SetUpMailDialog
from poc_tui.screens.session import Session
from poc_tui.settings.days_off import DaysOff
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import load
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments
from poc_tui.store.queries.reader import Reader
from tests.helpers.desks import queue_of, until

SIZE = (120, 36)
OFFER = "three questions"
SHIPPED = "Accounting, Legal, Management, Marketing, Sales, Support, Technical"

Opened = Callable[[], PocApp]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home"), "TZ": "Europe/Berlin"}


@pytest.fixture
def file(environ: dict[str, str]) -> Path:
    return Path(environ["HOME"]) / ".config" / "poc" / "config.toml"


@pytest.fixture
def begun(path: str, clock: FixedClock, environ: dict[str, str], file: Path) -> Opened:
    """Opens a desk as it opens at the next start."""

    def begin(*, demo: bool = False) -> PocApp:
        settings = load(str(file), environ)
        session = Session(path, clock, settings, resolve(COMMANDS, {}), demo=demo, environ=environ)
        return PocApp(session)

    return begin


@pytest.fixture
def app(begun: Opened) -> PocApp:
    return begun()


def said(app: PocApp) -> str:
    return "\n".join(strip.text for strip in queue_of(app).render_lines(app.screen.region))


def toasts(app: PocApp) -> str:
    return "\n".join(note.message for note in app._notifications)


def names(reader: Reader) -> str:
    return ", ".join(row.name for row in departments.departments(reader))


async def at(app: PocApp, pilot: Pilot[None], screen: type[Any]) -> Any:
    await until(pilot, lambda: isinstance(app.screen, screen) and app.is_at_rest)
    return app.screen


def desk_of(app: PocApp) -> DeskScreen:
    assert isinstance(app.screen, DeskScreen)
    return app.screen


async def offered(app: PocApp, pilot: Pilot[None]) -> None:
    """Until it is painted: a key that was pressed before is not meant for it."""
    desk: Any = app.screen
    await until(
        pilot, lambda: app.is_at_rest and OFFER in said(app) and desk._opens.set_up._seen_at
    )


async def test_every_preselected_answer_is_taken_by_enter(
    app: PocApp, file: Path, reader: Reader
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        hours = await at(app, pilot, SetUpHoursDialog)
        assert hours.form.values() == {"country": "DE", "region": "", "open": "mon-fri 09:00-17:00"}
        await pilot.press("enter")
        await at(app, pilot, SetUpDepartmentsDialog)
        await pilot.press("enter")
        await at(app, pilot, SetUpMailDialog)
        await pilot.press("enter")
        await at(app, pilot, DeskScreen)
        assert OFFER not in said(app)
        assert "takes a request down" in said(app)
        days = app.session.settings.hours.holidays
        assert isinstance(days, DaysOff)
        assert days.country == "DE"
    given = [line for line in file.read_text().splitlines() if line and line[0] not in "#["]
    assert given == ['country = "DE"']
    assert not reader.holds_anything(), "nobody said anything of departments"


async def test_answers_go_into_the_settings_and_keep_what_stands_there(
    begun: Opened, file: Path
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('# mine\n[desk]\nname = "Front"  # desk\n')
    app = begun()
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        dialog = await at(app, pilot, SetUpHoursDialog)
        await pilot.press(*"Israel", "tab", "tab")
        assert dialog.form.value("open") == "sun-thu 09:00-17:00"
        await pilot.press("ctrl+u", *"sun-thu 8-16", "enter")
        await at(app, pilot, SetUpDepartmentsDialog)
        await pilot.press("escape")
        await at(app, pilot, SetUpMailDialog)
        await pilot.press("escape")
        await at(app, pilot, DeskScreen)
    text = file.read_text()
    assert '# mine\n[desk]\nname = "Front"  # desk\n' in text
    hours = load(str(file), {"TZ": "Europe/Berlin"}).hours
    assert [len(spans) for spans in hours.week] == [1, 1, 1, 1, 0, 0, 1]
    assert isinstance(hours.holidays, DaysOff)
    assert hours.holidays.country == "IL"


async def test_what_is_no_country_and_no_hours_is_said_in_its_field(app: PocApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        dialog = await at(app, pilot, SetUpHoursDialog)
        await pilot.press(*"Atlantis", "enter")
        await until(pilot, lambda: "is no country" in str(dialog.query_one("#status").render()))
        await pilot.press("ctrl+u", "tab", "tab", "ctrl+u", *"always", "enter")
        await until(pilot, lambda: "is no day" in str(dialog.query_one("#status").render()))
        assert app.focused is not None
        assert app.focused.id == "open"


async def test_departments_are_one_step_that_undo_takes_back(app: PocApp, reader: Reader) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        await at(app, pilot, SetUpHoursDialog)
        await pilot.press("escape")
        dialog = await at(app, pilot, SetUpDepartmentsDialog)
        assert dialog.form.value("names") == SHIPPED
        dialog.form.field("names").value = "Accounting, Support,Technical, Logistics, technical"
        await pilot.press("enter")
        await at(app, pilot, SetUpMailDialog)
        assert names(reader) == "Accounting, Logistics, Support, Technical"
        await pilot.press("escape")
        await at(app, pilot, DeskScreen)
        await pilot.press("u")
        await until(pilot, lambda: names(reader) == SHIPPED)
        assert isinstance(app.screen, DeskScreen), "it was made at this desk, so nobody asks"


async def test_a_retired_department_that_is_named_is_back(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    legal = departments.department(reader, "Legal")
    desk.do(drafts.EditDepartment(id=legal.id, retired=True))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.is_at_rest)
        desk_of(app).action_run("set_up")
        await at(app, pilot, SetUpHoursDialog)
        await pilot.press("escape")
        await at(app, pilot, SetUpDepartmentsDialog)
        await pilot.press(*", legal", "enter")
        await until(pilot, lambda: names(reader) == SHIPPED)


async def test_a_mail_account_is_tried_only_when_the_person_says_so(
    app: PocApp, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, user: None)
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        for question in (SetUpHoursDialog, SetUpDepartmentsDialog):
            await at(app, pilot, question)
            await pilot.press("escape")
        dialog = await at(app, pilot, SetUpMailDialog)
        await pilot.press(*"desk", "enter")
        await until(pilot, lambda: "mail address" in str(dialog.query_one("#status").render()))
        await pilot.press(*"@localhost", "tab", "ctrl+u", *"localhost", "tab", "ctrl+u", "enter")
        await at(app, pilot, ConfirmDialog)
        assert app.session.settings.mail.first.imap.account == "desk@localhost@localhost"
        assert not app.session.settings.mail.sends
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, PasswordDialog))
        await pilot.press("escape")
        await until(
            pilot, lambda: any("no password" in note.message for note in app._notifications)
        )
    mail = load(str(file), {}).mail
    assert (mail.first.address, mail.first.imap.host, mail.first.smtp.host) == (
        "desk@localhost",
        "localhost",
        "",
    )


async def test_servers_are_suggested_by_the_address_and_who_takes_no_password_is_told(
    begun: Opened, file: Path
) -> None:
    app = begun()
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("enter")
        for question in (SetUpHoursDialog, SetUpDepartmentsDialog):
            await at(app, pilot, question)
            await pilot.press("escape")
        dialog = await at(app, pilot, SetUpMailDialog)
        for typed, imap, smtp, said in (
            ("desk@firm.example", "imap.firm.example", "smtp.firm.example", "empty is later"),
            ("desk@GMX.de", "imap.gmx.net", "mail.gmx.net", "empty is later"),
            ("desk@outlook.com", "outlook.office365.com", "smtp-mail.outlook.com", "no password"),
        ):
            await pilot.press("ctrl+u", *typed)
            await pilot.pause()
            assert (dialog.form.value("imap"), dialog.form.value("smtp")) == (imap, smtp)
            assert said in str(dialog.query_one("#remark").render())
        await pilot.press("enter")
        await at(app, pilot, ConfirmDialog)
        await pilot.press("n")
        await until(
            pilot, lambda: any("`poc mail login`" in note.message for note in app._notifications)
        )
    assert load(str(file), {}).mail.first.smtp.host == "smtp-mail.outlook.com"


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_what_was_refused_or_skipped_is_offered_no_more_and_writes_no_settings(
    begun: Opened, file: Path, reader: Reader, key: str
) -> None:
    app = begun()
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press(key)
        if key == "enter":
            for question in (SetUpHoursDialog, SetUpDepartmentsDialog, SetUpMailDialog):
                await at(app, pilot, question)
                await pilot.press("escape")
        await at(app, pilot, DeskScreen)
        await until(pilot, lambda: OFFER not in said(app))
        await pilot.press("enter", "escape")
        assert isinstance(app.screen, DeskScreen)
    assert not file.exists()
    assert not reader.holds_anything()
    again = begun()
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "takes a request down" in said(again))
        assert OFFER not in said(again)
        await pilot.press("colon", *"set up", "enter")
        await at(again, pilot, SetUpHoursDialog)


async def test_a_desk_that_only_opens_and_closes_writes_nothing(
    app: PocApp, environ: dict[str, str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
    assert [file for _, _, files in os.walk(environ["HOME"]) for file in files] == []


async def test_n_takes_a_request_down_beside_the_offer(app: PocApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await offered(app, pilot)
        await pilot.press("n")
        await at(app, pilot, NewDialog)


async def test_nothing_is_offered_where_something_was_done_or_answered(
    begun: Opened, desk: Desk, file: Path
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('[hours]\ncountry = "AT"\n')
    app = begun()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "takes a request down" in said(app))
        assert OFFER not in said(app)
    file.unlink()
    desk.do(drafts.Capture("one"))
    desk.undo()
    app = begun()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "takes a request down" in said(app))
        assert OFFER not in said(app)


async def test_a_demo_is_never_asked(begun: Callable[..., PocApp], file: Path) -> None:
    app = begun(demo=True)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "takes a request down" in said(app))
        assert OFFER not in said(app)
        desk_of(app).action_run("set_up")
        await until(pilot, lambda: "demo" in toasts(app))
        assert isinstance(app.screen, DeskScreen)
    assert not file.exists()
