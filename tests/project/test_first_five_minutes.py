"""The ten steps of README's first five minutes lead where it says that they lead.

They are taken on the desk and at the command line, in their order, on one store; the keys are those
that README names, so a step that is written anew is taken anew here.
"""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.agenda import AgendaScreen
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.set_up_hours import SetUpHoursDialog
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import load
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from tests.helpers.command_line import Poc
from tests.helpers.desks import point_at, press, queue_of, until

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = re.search(r"^## The first five minutes\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
KEY = re.compile(r"`(\w|enter|esc|(?:shift\+)?tab|:)`")


def section() -> str:
    assert SECTION is not None
    return SECTION[1]


def steps() -> dict[int, list[str]]:
    """The keys that each numbered step names, in their order."""
    found = re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |^$)", section(), re.MULTILINE | re.DOTALL)
    return {int(number): KEY.findall(words) for number, words in found}


def commands() -> list[list[str]]:
    """The command lines below the steps, as the shell gives them."""
    (block,) = re.findall(r"^```sh\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    return [shlex.split(line)[1:] for line in block.splitlines()]


class Person:
    """Somebody who takes the steps at a desk, and presses what README names and nothing else."""

    def __init__(self, app: PocApp, pilot: Pilot[None]) -> None:
        self._app, self._pilot = app, pilot
        self._named: list[str] = []

    async def begin(self, step: int) -> None:
        """Take that step; all that the one before names must have been pressed."""
        assert not self._named, f"{self._named}, which step {step - 1} names, was not pressed"
        self._named = steps()[step]
        await until(self._pilot, lambda: isinstance(self._app.screen, DeskScreen))

    async def press(self, *keys: str) -> None:
        """Keys that the step names."""
        for key in keys:
            assert key in self._named, f"{key} is not named there, only {self._named}"
            self._named.remove(key)
            await self.type({"esc": "escape", ":": "colon"}.get(key, key))

    async def type(self, *keys: str) -> None:
        """Keys that go without saying."""
        await press(self._pilot, self._app, *keys)

    async def write(self, words: str) -> None:
        """Words and Enter."""
        self._app.post_message(events.Paste(words))  # as good as typed, and much quicker
        await until(self._pilot, lambda: self._app.is_at_rest)
        await self.type("enter")
        await until(self._pilot, lambda: isinstance(self._app.screen, DeskScreen))

    def end(self) -> None:
        """All that the last step names was pressed."""
        assert not self._named


def test_there_are_ten_steps() -> None:
    assert list(steps()) == list(range(1, 11))


async def test_the_ten_steps_lead_where_they_say(
    path: str, clock: FixedClock, reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    poc = Poc(path, clock, capsys)
    environ = poc.environ
    app = PocApp(Session(path, clock, load("", environ), resolve(COMMANDS, {}), environ=environ))

    def standing(number: int) -> tuple[str, str | None]:
        request = requests.request(reader, number)
        return request.state, request.court

    async with app.run_test(size=(120, 36)) as pilot:
        person = Person(app, pilot)
        desk: Any = app.screen
        await until(pilot, lambda: app.is_at_rest and desk._opens.set_up._seen_at)

        await person.begin(1)
        await person.press("enter")
        assert isinstance(app.screen, SetUpHoursDialog)
        await person.press("enter", "esc")
        await person.type("escape")
        assert Path(environ["POC_CONFIG"]).exists(), "the country was suggested and taken"
        await person.press(":")
        await person.type(*"set", "space", *"up", "enter")
        assert isinstance(app.screen, SetUpHoursDialog)
        await person.type("escape", "escape", "escape")

        await person.begin(2)
        for argv in commands():
            poc.ok(*argv)
        await until(pilot, lambda: queue_of(app).row_count == 2)
        await person.press("n")
        await person.type("escape")
        assert requests.request(reader, 1).customer == "Meyer AG"

        await person.begin(3)
        await point_at(pilot, app, 1)
        await person.press("t", "tab", "enter")
        assert standing(1) == ("open", "me")
        await person.press("k")

        await person.begin(4)
        await point_at(pilot, app, 1)
        await person.press("f", "shift+tab")
        await person.type(*"acc")
        await person.press("tab")
        await person.write("Is the delivery note right?")
        assert standing(1) == ("open", "department")
        assert queue_of(app).row_count == 1

        await person.begin(5)
        await person.press("2", "l")
        await person.write("10 units")
        assert standing(1) == ("open", "me")
        await person.press("1")
        assert queue_of(app).row_count == 2

        await person.begin(6)
        await point_at(pilot, app, 1)
        await person.press("a")
        await person.write("You are right")
        assert standing(1) == ("open", "customer")

        await person.begin(7)
        await person.press("3", "r")
        await person.type("enter")
        assert standing(1) == ("resolved", None)

        await person.begin(8)
        await person.press("u")
        await until(pilot, lambda: standing(1) == ("open", "customer"))
        await person.press("U")
        await until(pilot, lambda: standing(1) == ("resolved", None))

        await person.begin(9)
        poc.ok("triage", "2")
        poc.ok("forward", "2", "Sales", "Where is it?")
        clock.advance(timedelta(days=3))
        await person.type("2")
        await point_at(pilot, app, 2)
        await person.press("c")
        await person.type("enter")
        await person.press("e")
        await person.write("they wait for three days")
        await person.press("p")
        await person.write("an answer")
        events = [activity.event for activity in requests.request(reader, 2).activities]
        assert events[-3:] == ["chased", "escalated", "promised"]

        await person.begin(10)
        await person.press("A")
        await until(pilot, lambda: isinstance(app.screen, AgendaScreen))
        person.end()
