"""What holds for every verb of the table; and that one more touches at most five files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from rich.console import Console

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS, EVENTS, Command, Event
from poc_tui.models.values import Resolution
from poc_tui.screens.command_screen import CommandScreen
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.help import _keys
from poc_tui.screens.palette_hits import CommandHits
from poc_tui.screens.request_actions import dialog_of
from poc_tui.screens.session import Session
from poc_tui.store import drafts
from poc_tui.store.desk import VERBS, Desk
from poc_tui.store.queries.departments import departments
from poc_tui.words.activities import _FACTS
from tests.helpers.desks import queue_of, until

ROOT = Path(__file__).parents[2]
MOST_FILES = 5
"""Files of the package that a verb touches."""

WITH_A_DIALOG = [command for command in COMMANDS if command.dialog]
ON_THE_COMMAND_LINE = [command for command in COMMANDS if command.cli]


@pytest.mark.parametrize("verb", WITH_A_DIALOG, ids=lambda verb: verb.id)
def test_the_dialog_that_a_verb_names_asks_about_requests(verb: Command) -> None:
    dialog = dialog_of(verb.id)
    assert issubclass(dialog, RequestDialog)
    assert {"NAME", "MAIN", "VERB"} <= set(dir(dialog))


@pytest.mark.parametrize("verb", ON_THE_COMMAND_LINE, ids=lambda verb: verb.id)
def test_the_function_that_a_verb_names_is_its_command(verb: Command) -> None:
    module, _, name = verb.cli.partition(":")
    function = getattr(import_module(f"poc_tui.cli.commands.{module}"), name)
    assert f"Example: poc {verb.id}" in function.__doc__


def test_what_a_verb_decides_is_carried_out_under_its_id() -> None:
    steps = {verb.id for verb in VERBS.values()}
    assert {verb.id for verb in (*WITH_A_DIALOG, *ON_THE_COMMAND_LINE)} <= steps


def test_every_draft_is_carried_out() -> None:
    kinds = [kind for kind in vars(drafts).values() if isinstance(kind, type)]
    of_drafts = {kind for kind in kinds if issubclass(kind, drafts.Draft)}
    assert of_drafts - {drafts.Draft, drafts.RequestDraft} == set(VERBS)


def test_every_event_is_told_by_facts_that_there_are() -> None:
    assert set(EVENTS) == set(Event)
    for words in EVENTS.values():
        for piece in (*(text for text, _ in words.shown), *words.printed):
            named = {fact for _, fact, _, _ in Formatter().parse(piece) if fact is not None}
            assert {fact for fact in named if not fact.startswith(("was_", "now_"))} <= set(_FACTS)


async def test_help_and_palette_list_every_verb(session: Session, desk: Desk) -> None:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(_keys(session.keymap, "Requests"))
    help = " ".join(capture.get().split())
    number = desk.do(drafts.Capture("Invoice 4711 is wrong")).numbers[0]
    department = departments(session.reader)[0].id
    desk.do(drafts.ForwardDraft(department, "why?"), [number])
    desk.do(drafts.Snooze(session.clock.now() + timedelta(days=1)), [number])
    desk.do(drafts.Remind(session.clock.now() + timedelta(hours=1), "call"), [number])
    desk.do(drafts.Resolve(Resolution.SOLVED), desk.do(drafts.Capture("another")).numbers)
    app, offered = PocApp(session), set()
    async with app.run_test() as pilot:
        for view in ("5", "6"):
            await pilot.press(view)
            await until(pilot, lambda: queue_of(app).row_count == 1)
            await until(pilot, lambda: queue_of(app).highlighted_row is not None)
            assert isinstance(app.screen, CommandScreen)
            app.screen.footer.follow()
            offered |= {hit.id for hit in CommandHits(app.screen, ()).all()}
    for verb in (*WITH_A_DIALOG, *ON_THE_COMMAND_LINE):
        assert f"{session.keymap.display(verb.id)} {verb.label} {verb.help}" in help
        assert verb.id in offered


def test_a_verb_is_added_as_the_documentation_says(tmp_path: Path) -> None:
    for name in ("poc_tui", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("data", "docs", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    touched = [_applied(path, code, tmp_path) for path, code in _steps()]
    assert len([path for path in touched if path.startswith("poc_tui/")]) <= MOST_FILES
    (its_test,) = (path for path in touched if path.startswith("tests/"))
    this = Path(__file__).relative_to(ROOT)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "not documentation", its_test, this],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout


def _steps() -> Iterator[tuple[str, str]]:
    """The files of the worked example, each with what is written there."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    section = text.partition("\n## Adding a verb\n")[2].partition("\n## ")[0]
    parts = section.split("```")
    for prose, block in zip(parts[::2], parts[1::2], strict=False):
        path = re.search(r"`((?:poc_tui|tests)/\S+\.py)`", prose.rstrip().rpartition("\n\n")[2])
        assert path is not None, prose
        yield path[1], block


def _applied(path: str, block: str, root: Path) -> str:
    """Write what a block of the documentation says: a whole file, or pieces of one.

    In a piece a line that begins with a blank is there already, once; one with a plus comes to it.
    """
    language, _, code = block.partition("\n")
    file = root / path
    if language == "python":
        assert not file.exists()
        file.write_text(code, "utf-8")
        return path
    text = file.read_text("utf-8")
    for piece in code.split("@@\n"):
        lines = piece.splitlines(keepends=True)
        there = "".join(line[1:] for line in lines if line.startswith(" "))
        assert text.count(there) == 1, f"{path}: {there}"
        text = text.replace(there, "".join(line[1:] for line in lines))
    file.write_text(text, "utf-8")
    return path
