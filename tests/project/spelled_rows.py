"""`poc_tui/store/rows.py` as the models have it: `make rows` writes it."""

from __future__ import annotations

import json
import types
import typing
from datetime import datetime
from pathlib import Path

from poc_tui.models import tables
from poc_tui.models.columns import StoreTable
from poc_tui.store.writer import COMPUTED, KEYS

ROWS = Path(tables.__file__).parents[1] / "store" / "rows.py"

_HEAD = '''"""The rows that verbs write, spelled from `models.tables`; a test compares.

Made by `make rows`; change the models instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import dataclass_transform

from poc_tui.store.row import Row, given


@dataclass_transform(kw_only_default=True, field_specifiers=(given,))
class _Spelled(Row, table=""):
    pass
'''


def models() -> list[type[StoreTable]]:
    """The models of the tables that a step may write, as they follow each other."""
    return [model for model in StoreTable.__subclasses__() if model.__tablename__ in KEYS]


def spelled() -> str:
    """The whole module."""
    return "\n\n".join([_HEAD, *(_class(model) for model in models())])


def _class(model: type[StoreTable]) -> str:
    table = model.__table__  # type: ignore[attr-defined]
    lines = [f'class {model.__name__}(_Spelled, table="{table.name}"):']
    for name, field in model.model_fields.items():
        if name == COMPUTED.get(table.name):
            continue
        if name == "id":
            lines.append("    id: int = given(init=False)")
        elif field.is_required():
            lines.append(f"    {name}: {_words(field.annotation)}")
        else:
            lines.append(f"    {name}: {_words(field.annotation)} = {_quoted(field.default)}")
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _words(annotation: object) -> str:
    if isinstance(annotation, types.UnionType):
        return " | ".join(_words(one) for one in typing.get_args(annotation))
    if annotation is type(None):
        return "None"
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return "datetime" if annotation is datetime else annotation.__name__
    return str(annotation)


if __name__ == "__main__":
    ROWS.write_text(spelled(), "utf-8")
