"""The line of keys: what makes sense for what is highlighted or marked, and nothing that fails."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from textual.content import Content

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.models.values import Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.agenda import AgendaScreen
from poc_tui.screens.departments import DepartmentsScreen
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.palette import Palette
from poc_tui.screens.request import RequestScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from tests.helpers.desks import queue_of, until

WIDE, NARROW = (160, 40), (80, 24)
GENERAL = "n new  / search  u undo  : more  q quit  ? help"


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


def footer(app: PocApp) -> str:
    bar = app.screen.query_one(KeyBar)
    return "".join(strip.text for strip in bar.render_lines(bar.region.reset_offset)).strip()


def taken_down(desk: Desk, subject: str = "Invoice 4711 is wrong") -> int:
    return desk.do(drafts.Capture(subject)).numbers[0]


def forwarded(desk: Desk, reader: Reader) -> None:
    """A request about which a department is asked."""
    desk.do(drafts.ForwardDraft(departments(reader)[0].id, "why?"), [taken_down(desk)])


async def test_an_empty_desk_has_new_and_help(app: PocApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert footer(app) == "n new  : more  q quit  ? help"


async def test_it_follows_what_becomes_of_a_request(
    app: PocApp, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = taken_down(desk)
    department = departments(reader)[0].id
    mine = "t triage  f forward  a answer  r resolve  s snooze  "
    asked = "l log answer  c chase  f forward  a answer  r resolve  s snooze  "
    customers = "l log answer  f forward  a answer  r resolve  s snooze  "
    steps = (
        (None, "1", mine),
        (drafts.Triage(), "1", mine),
        (drafts.ForwardDraft(department, "why?"), "2", asked),
        (drafts.LogAnswer("so"), "1", mine),
        (drafts.Answer("it is so"), "3", customers),
        (drafts.Resolve(Resolution.SOLVED), "6", "o reopen  "),
        (drafts.Reopen(), "1", mine),
    )
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        for draft, view, verbs in steps:
            if draft is not None:
                desk.do(draft, [number])
            await pilot.press(view, "ctrl+r")
            await until(pilot, lambda: queue_of(app).highlighted_row is not None)
            await pilot.pause()
            assert footer(app) == verbs + GENERAL, draft


async def test_beside_a_program_that_writes_it_is_there_and_so_is_the_palette(
    app: PocApp, desk: Desk, path: str
) -> None:
    taken_down(desk)
    with closing(connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        async with app.run_test(size=WIDE) as pilot:
            await pilot.pause()
            assert footer(app) == GENERAL
            await pilot.press("colon")
            await until(pilot, lambda: isinstance(app.screen, Palette))
            await pilot.press("escape")
            other.execute("ROLLBACK")
            await until(pilot, lambda: isinstance(app.screen, DeskScreen))
            await until(pilot, lambda: footer(app).startswith("t triage"))


async def test_what_is_snoozed_is_woken_by_its_key(
    app: PocApp, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = taken_down(desk)
    desk.do(drafts.Snooze(clock.now() + timedelta(days=1)), [number])
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await until(pilot, lambda: footer(app).startswith("w wake  t triage  f forward"))
        await pilot.press("w")
        await until(pilot, lambda: request(reader, number).snoozed_until is None)
        await pilot.press("1")
        await until(pilot, lambda: footer(app).startswith("t triage  f forward"))


async def test_where_a_view_is_empty_nothing_is_offered_that_needs_a_request(
    app: PocApp, desk: Desk
) -> None:
    taken_down(desk)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("6")
        await until(pilot, lambda: footer(app) == GENERAL)


async def test_of_several_marked_it_shows_what_applies_to_all_or_some(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    forwarded(desk, reader)
    taken_down(desk)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("5", "space", "space")
        await until(pilot, lambda: len(queue_of(app).marked) == 2)
        await pilot.pause()
        both = "t triage  l log answer  c chase  f forward  a answer  r resolve  s snooze  "
        assert footer(app) == both + GENERAL


@pytest.mark.parametrize(
    ("key", "enters"),
    [
        ("slash", "go there"),
        ("ampersand", "go there"),
        ("number_sign", "go there"),
        ("ctrl+s", "save by this number and name"),
    ],
)
async def test_where_letters_are_words_it_has_the_keys_that_end_them(
    app: PocApp, desk: Desk, key: str, enters: str
) -> None:
    taken_down(desk)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: footer(app).startswith("t triage"))
        await pilot.press(key, "1")
        await until(pilot, lambda: footer(app) == f"enter {enters}  esc leave")
        await pilot.click(KeyBar, offset=(10 + len(enters), 0))
        await until(pilot, lambda: footer(app).startswith("t triage"))


async def test_where_an_answer_is_late_it_has_the_key_that_chases_all(
    app: PocApp, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    forwarded(desk, reader)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: footer(app).startswith("l log answer  c chase  f forward"))
        clock.advance(timedelta(days=7))
        await pilot.press("1", "2")
        late = "l log answer  c chase  H chase late  f forward"
        await until(pilot, lambda: footer(app).startswith(late))


async def test_at_80_columns_it_is_one_line_that_ends_with_help(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    forwarded(desk, reader)
    taken_down(desk)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        for view, shown in (
            ("1", "t triage  f forward  a answer  r resolve  s snooze  n new  / search  ? help"),
            ("2", "l log answer  c chase  f forward  a answer  r resolve  s snooze  n new  ? help"),
        ):
            await pilot.press(view)
            await until(pilot, lambda shown=shown: footer(app) == shown)  # type: ignore[misc]


async def test_it_is_painted_when_it_changes_and_not_at_every_step(
    app: PocApp, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = taken_down(desk, "asked")
    for subject in ("new", "another"):
        taken_down(desk, subject)
    painted: list[tuple[KeyHint, ...]] = []
    render = KeyBar.render

    def noted(bar: KeyBar) -> Content:
        painted.append(bar.keys)
        return render(bar)

    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: queue_of(app).highlighted == 0)
        await pilot.pause()
        monkeypatch.setattr(KeyBar, "render", noted)
        await pilot.press("j")
        await until(pilot, lambda: queue_of(app).highlighted == 1)
        await pilot.pause()
        assert not painted
        desk.do(drafts.Resolve(Resolution.SOLVED), [asked])
        await pilot.press("6")
        await until(pilot, lambda: footer(app).startswith("o reopen"))
        assert painted


async def test_a_request_on_its_own_screen_has_the_keys_of_its_state(
    app: PocApp, desk: Desk
) -> None:
    number = taken_down(desk)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RequestScreen))
        await until(pilot, lambda: footer(app).startswith("esc back  t triage  f forward"))
        desk.do(drafts.Resolve(Resolution.SOLVED), [number])
        await pilot.press("ctrl+r")
        await until(pilot, lambda: footer(app) == "esc back  o reopen  u undo  : more  ? help")


async def test_the_agenda_has_the_keys_of_its_line(
    app: PocApp, desk: Desk, clock: FixedClock
) -> None:
    desk.do(drafts.Triage(due_at=clock.now() + timedelta(hours=1)), [taken_down(desk)])
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, AgendaScreen))
        await until(pilot, lambda: footer(app).startswith("esc back  tab by whom  t triage  f for"))
        assert footer(app).endswith("? help")


async def test_a_department_in_use_is_retired_and_a_retired_one_brought_back(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DepartmentsScreen))
        await until(pilot, lambda: "x retire" in footer(app))
        first = departments(reader)[0].name
        await pilot.press("x")
        await until(pilot, lambda: first not in [row.name for row in departments(reader)])
        await pilot.press("G")
        await until(pilot, lambda: "x bring back" in footer(app))
