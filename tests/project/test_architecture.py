"""The architecture page names what there is: it is read instead of the code, so it must not rot."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from tests.project.named import ROOT, exists

PAGE = re.sub(
    r"^## Adding a verb\n.*?(?=^## )",  # carried out by `test_verbs.py`: its verb is none of ours
    "",
    (ROOT / "docs" / "architecture.md").read_text("utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)
PACKAGE = ROOT / "poc_tui"
ROOMS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}

CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PATH = re.compile(r"\.?[\w-]+(?:/[\w.-]+)*(?:/|\.(?:py|toml|md|txt))")
DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")
ROW = re.compile(r"^\| `([\w/]+)/` \| ([^|]+) \|", re.MULTILINE)


def named(form: re.Pattern[str]) -> set[str]:
    """What stands in backticks on the page, and is of that form."""
    return {name for name in CODE.findall(PAGE) if form.fullmatch(name)}


def test_every_path_on_the_page_is_there() -> None:
    paths = named(PATH)
    assert len(paths) > 50, "the page is written in another way than this test reads it"
    assert not [path for path in paths if not ((PACKAGE / path).exists() or (ROOT / path).exists())]


def test_every_name_on_the_page_is_there() -> None:
    names = {name for name in named(DOTTED) - named(PATH) if name.partition(".")[0] in MODULES}
    assert len(names) > 50, "the page is written in another way than this test reads it"
    assert not [name for name in names if not exists(f"poc_tui.{name}")]


def test_every_room_stands_on_the_map_with_its_own_sentence() -> None:
    on_the_map = dict(ROW.findall(PAGE))
    assert on_the_map == {
        str(path.parent.relative_to(PACKAGE)): sentence_of(path)
        for path in PACKAGE.glob("*/**/__init__.py")
    }


def test_what_stands_at_the_root_is_on_the_map() -> None:
    assert {path.name for path in PACKAGE.glob("[!_]*.py")} <= named(PATH)


def test_the_rooms_know_each_other_as_import_linter_holds_it() -> None:
    (block,) = re.findall(r"```text\n(__main__.*?)```", PAGE, re.DOTALL)
    shown = [re.split(r"\s{2,}", line)[0].split(", ") for line in block.splitlines()]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (held,) = (c["layers"] for c in contracts["contracts"] if c.get("containers") == ["poc_tui"])
    assert shown == [layer.split(" | ") for layer in held]


def sentence_of(module: Path) -> str:
    """The first paragraph of its docstring, in one line."""
    words = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(words.partition("\n\n")[0].split())


MODULES = ROOMS | {path.stem for path in PACKAGE.glob("*.py")}
"""What a dotted name on the page begins with."""
