"""SQL stands in the store and in the quick lanes, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.project.named import ROOT

PACKAGE = ROOT / "poc_tui"
ROOMS_OF_SQL = ("store", "quick")

SQL = re.compile(
    r"\b(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s"
    r"|(?:CREATE|DROP|ALTER)\s+(?:UNIQUE\s+|VIRTUAL\s+|TEMP\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\b"
    r"|PRAGMA\s|BEGIN\s+\w|SAVEPOINT\s|VACUUM\b|ATTACH\s|WITH\s+\w+\s+AS\s|EXPLAIN\s|INDEXED\s+BY\s"
    r"|(?:LEFT\s+)?JOIN\s+\w+\s+\w|FROM\s+\w+\s+WHERE\s|WHERE\s+\w|(?:ORDER|GROUP)\s+BY\s)"
    r"|\A\s*(?:BEGIN|COMMIT|ROLLBACK|END)\s*;"
)
"""What only SQL says. Its words stand in capitals here, as everywhere in the store."""
RUNS_TEXT = frozenset(("execute", "executemany", "executescript", "exec_driver_sql"))
READS_TEXT = frozenset(("rows", "row", "value", "records"))
"""Methods of `store.queries.reader.Reader` that are handed SQL."""


def sql_in(tree: ast.Module) -> Iterator[str]:
    """The literals that are SQL, docstrings left out, and the calls that hand over any."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in said and SQL.search(node.value):
                yield f"line {node.lineno}: {' '.join(node.value.split())[:60]}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = ast.unparse(node.func.value).rpartition(".")[2].removesuffix("()")
            if node.func.attr in RUNS_TEXT or (
                node.func.attr in READS_TEXT and of.lstrip("_") == "reader"
            ):
                yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def found_in(paths: Iterable[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}, {found}"
        for path in sorted(paths)
        for found in sql_in(ast.parse(path.read_text("utf-8")))
    ]


def test_sql_stands_in_the_store_and_the_quick_lanes_alone() -> None:
    others = {path for path in PACKAGE.iterdir() if path.name not in ROOMS_OF_SQL}
    paths = [path for other in others for path in (*other.rglob("*.py"), other) if path.is_file()]
    assert not found_in(path for path in paths if path.suffix == ".py"), (
        "make it a function of poc_tui/store/queries/ with a typed result"
    )


def test_sql_is_known_when_it_is_seen() -> None:
    assert len(found_in((PACKAGE / "store" / "queries").glob("*.py"))) > 100


@pytest.mark.parametrize(
    "line",
    [
        'context.reader().value("SELECT max(id) FROM request")',
        'reader.rows(f"SELECT name FROM {table}")',
        "self._reader.row(words)",
        'connection.execute("insert into tally values (1)")',
        'ENDS = "COMMIT;"',
        'QUEUE = f"SELECT id FROM request {which}"',
        'rest = "ORDER BY a.id"',
    ],
)
def test_none_can_be_added_elsewhere(line: str) -> None:
    assert list(sql_in(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        '"""SELECT stands here to be read."""',
        'select = "select one FROM the list"',
        "is_strange(reader.rows, number, address)",
        'self.form.value("channel")',
        'component = "BEGIN:VEVENT"',
    ],
)
def test_words_and_readers_that_are_handed_on_are_none(line: str) -> None:
    assert not list(sql_in(ast.parse(line)))
