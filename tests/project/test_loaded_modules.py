"""Which modules are loaded before something is stored or printed, and before the desk is painted.

Each takes its time, whether it is needed or not. `loaded_modules.txt` lists them: a module that is
new there is loaded on purpose, or is to be imported where it is used. `make modules` writes it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

import poc_tui
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from tests.helpers.stores import new_store
from tests.helpers.terminal import Terminal

LIST = Path(__file__).with_name("loaded_modules.txt")
BERLIN = ZoneInfo("Europe/Berlin")
WORDS = "The reader blinks"

LIBRARIES = frozenset(
    """dateutil desktop_notifier holidays icalendar imap_tools inscriptis keyring lxml
    platformdirs pydantic rich sqlalchemy sqlmodel textual tomlkit typer""".split()  # noqa: SIM905
)
"""What takes long; what these load besides depends on the computer."""

_ADD = """
def loaded():
    sys.stderr.write(" ".join(sys.modules) + "\\n")

sys.argv[1:] = ["add", *sys.argv[1:], "via:phone"]
main()
loaded()
sys.argv += ["@Meyer", "due:tomorrow"]
main()
loaded()
"""
_COMMAND = """
main()
sys.stderr.write(" ".join(sys.modules))
"""
_DESK = """
from textual.app import App
from poc_tui.screens import desk_services

desk_services.PAINTED_SECONDS = 60.0  # a slow computer would go on before it has painted

words, written = sys.argv[1:]
del sys.argv[1:]
display = App._display

def display_and_leave(app, screen, renderable):
    display(app, screen, renderable)
    if any(words in strip.text for strip in screen._compositor.render_strips()):
        with open(written, "w") as file:
            file.write(" ".join(sys.modules))
        App._display = display
        app.exit()

App._display = display_and_leave
main()
"""


def loaded(folder: str) -> dict[str, list[str]]:
    """What each way in has loaded by then: our modules, then the libraries, in their order.

    `folder` is empty and absolute; a store is made in it.
    """
    path = new_store(str(Path(folder, "poc.sqlite3")))
    desk = Desk(
        path,
        FixedClock(datetime(2026, 11, 23, 8, 12, tzinfo=UTC), BERLIN),
        Deadlines(Hours.standard(BERLIN), starter()),
    )
    desk.do(Capture(WORDS))
    desk.wind()
    desk.close()
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TZ": "Europe/Berlin",
        "POC_DB": path,
        "PYTHONPATH": str(Path(poc_tui.__file__).parents[1]),
    }
    written = Path(folder, "modules")
    with Terminal(_python(_DESK, WORDS, str(written)), environ) as terminal:
        assert terminal.ended() == 0, terminal.plain
    commands = {
        f"poc {' '.join(command)}": _run(_python(_COMMAND, *command), environ)
        for command in (["list", "--json"], ["show", "1"], ["note", "1", "x"])
    }
    add, with_date = _run(_python(_ADD, WORDS), environ).splitlines()
    lanes = {
        "poc add": add,
        "poc add @Meyer due:tomorrow": with_date,
        **commands,
        "the desk's first paint": written.read_text("ascii"),
    }
    return {lane: _ours(names.split()) for lane, names in lanes.items()}


def _python(code: str, *arguments: str) -> list[str]:
    begin = "import sys\nfrom poc_tui.__main__ import main\n"
    return [sys.executable, "-c", begin + code, *arguments]


def _run(command: list[str], environ: dict[str, str]) -> str:
    ran = subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def _ours(names: list[str]) -> list[str]:
    ours = sorted(name for name in names if name.partition(".")[0] == "poc_tui")
    return [*ours, *sorted(LIBRARIES.intersection(names))]


def listed() -> dict[str, list[str]]:
    """What the list says, as `loaded` has it."""
    found: dict[str, list[str]] = {}
    for line in LIST.read_text("ascii").splitlines():
        if line.startswith("["):
            found[line[1:-1]] = []
        elif line and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


def write() -> None:
    """Write the list anew, with how many there are."""
    with TemporaryDirectory() as folder:
        lanes = loaded(folder)
    lines = [
        "# What is loaded by then; `make modules` writes it. A line more is time that is spent."
    ]
    for lane, names in lanes.items():
        lines += ["", f"[{lane}]", f"# {len(names)} modules", *names]
    LIST.write_text("\n".join(lines) + "\n", "ascii")


def test_nothing_is_loaded_that_the_list_does_not_have(tmp_path: Path) -> None:
    lanes = loaded(str(tmp_path))
    known = listed()
    new = _more(lanes, known)
    assert not new, (
        "New among what is loaded. Import it where it is used, if that is later; else"
        f" `make modules` puts it on the list:\n{new}"
    )
    gone = _more(known, lanes)
    assert not gone, f"Not loaded any more; `make modules` takes it off the list:\n{gone}"


def _more(lanes: dict[str, list[str]], others: dict[str, list[str]]) -> str:
    """What those have that the others lack, a line each."""
    return "\n".join(
        f"{lane}: {name}" for lane in lanes for name in lanes[lane] if name not in others[lane]
    )


@pytest.mark.parametrize("lane", ["poc add", "poc add @Meyer due:tomorrow", "poc list --json"])
def test_the_list_has_no_library_for_the_quick_lanes(lane: str) -> None:
    assert not LIBRARIES.intersection(listed()[lane])


def test_the_list_has_no_write_side_for_the_first_paint() -> None:
    heavy = {"pydantic", "sqlalchemy", "sqlmodel", "typer"}
    assert not heavy.intersection(listed()["the desk's first paint"])


@pytest.mark.parametrize("lane", ["poc show 1", "poc note 1 x"])
def test_the_list_has_no_tables_of_sqlmodel_for_what_is_looked_at_or_done(lane: str) -> None:
    heavy = {"pydantic", "sqlalchemy", "sqlmodel", "textual"}
    assert not heavy.intersection(listed()[lane])


def test_a_package_says_what_it_is_and_neither_imports_nor_defines() -> None:
    root = Path(poc_tui.__file__).parent
    found = {
        f"{file.relative_to(root)}: {ast.unparse(statement)}"
        for file in root.rglob("__init__.py")
        for statement in ast.parse(file.read_text("utf-8")).body[1:]
    }
    bare = [
        str(file.relative_to(root))
        for file in root.rglob("__init__.py")
        if ast.get_docstring(ast.parse(file.read_text("utf-8"))) is None
    ]
    assert found == {f"__init__.py: __version__ = {poc_tui.__version__!r}"}
    assert not bare


if __name__ == "__main__":
    write()
