"""A dialog alone on a screen, over a store of its own: what tests of dialogs have in common."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from poc_tui.screens.session import Session
from poc_tui.screens.type_ahead import TypeAheadApp
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, queue, requests
from poc_tui.store.records import DepartmentRow, Done, QueueRow, RequestDetail
from poc_tui.widgets.text_fields import LineField, TextField

BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = "[/red]\x1b[31m[@click=app.quit]x\x1b]52;c;AAAA\x07\u202e\x9b2J [b"


class Shell(TypeAheadApp):
    """An app that shows one screen and keeps what it gives back."""

    result: object = "open"

    def show(self, screen: Screen[Any]) -> None:
        def keep(result: object) -> None:
            self.result = result

        self.push_screen(screen, keep)


class Open:
    """A dialog on the screen, and what can be done with it."""

    def __init__(self, shell: Shell, pilot: Pilot[None]) -> None:
        self.shell, self.pilot = shell, pilot

    @property
    def dialog(self) -> Any:
        return self.shell.screen

    @property
    def status(self) -> str:
        return str(self.dialog.query_one("#status").render())

    @property
    def drawn(self) -> str:
        lines = self.shell.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in lines)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def go(self, id: str) -> None:
        self.dialog.query_one(f"#{id}").focus()
        await self.settle()

    async def type(self, words: str) -> None:
        if isinstance(self.shell.focused, LineField | TextField) and len(words) > 2:
            self.shell.post_message(events.Paste(words))  # as good as typed, and much quicker
            await self.settle()
        else:
            await self.press(*("space" if char == " " else char for char in words))

    async def settle(self) -> None:
        saving = [worker for worker in self.shell.workers if worker.group in ("save", "words")]
        if saving:  # waiting for none would be waiting for all, also for who waits for a dialog
            await self.shell.workers.wait_for_complete(saving)
        await self.pilot.pause()

    async def done(self) -> Done:
        for _ in range(250):
            await self.settle()
            if self.shell.result != "open":
                break
            await self.pilot.pause(0.02)
        assert isinstance(self.shell.result, Done), self.status
        return self.shell.result


def desk_of(session: Session) -> Desk:
    return session._open_desk()


def rows(session: Session, *numbers: int) -> list[QueueRow]:
    return queue.by_number(session.reader, numbers)


def detail(session: Session, number: int) -> RequestDetail:
    return requests.request(session.reader, number)


def department(session: Session, name: str) -> DepartmentRow:
    return departments.department(session.reader, name, retired=True)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def steps(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def opened(
    screen: Screen[Any],
    size: tuple[int, int] = (80, 24),
    hear: Callable[[Message], None] | None = None,
) -> AbstractAsyncContextManager[Open]:
    """The screen, shown; `hear` is told every message that arrives anywhere."""

    @asynccontextmanager
    async def run() -> Any:
        shell = Shell()
        async with shell.run_test(size=size, message_hook=hear) as pilot:
            shell.show(screen)
            await pilot.pause()
            yield Open(shell, pilot)

    return run()


def harmless(drawn: str, where: object) -> None:
    bad = {char for char in drawn if (not char.isprintable() and char not in "\n\u200b")}
    assert not bad, f"{bad} in {where}"
