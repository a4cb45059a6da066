"""The second question to a new desk: which departments there are."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from textual.widget import Widget

from poc_tui.rules.text import fold, plain
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.set_up import SetUpDialog
from poc_tui.store.drafts import EditDepartment
from poc_tui.store.queries.departments import departments
from poc_tui.store.records import DepartmentRow, Done
from poc_tui.widgets.text_fields import TextField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

_ASKED = "take away who is not there, add who is; a comma between"


class _Changes(NamedTuple):
    """What the names mean for the departments that there are."""

    gone: Sequence[DepartmentRow]
    back: Sequence[DepartmentRow]
    """Retired ones that are named."""
    new: Sequence[str]

    @property
    def said(self) -> str:
        lists = (
            ("goes", [row.name for row in self.gone]),
            ("is back", [row.name for row in self.back]),
            ("is new", list(self.new)),
        )
        return " · ".join(f"{', '.join(names)} {what}" for what, names in lists if names)

    @property
    def drafts(self) -> Sequence[EditDepartment]:
        return [
            *(EditDepartment(id=row.id, retired=True) for row in self.gone),
            *(EditDepartment(id=row.id, retired=False) for row in self.back),
            *(EditDepartment(name=name) for name in self.new),
        ]


class SetUpDepartmentsDialog(SetUpDialog):
    """Their names in one text; what is done about all of them is one step for undo."""

    NAME, MAIN, CLOSES_UNCHANGED = "set-up-departments", "names", True

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self._departments = self._there()

    def fields(self) -> Iterable[Widget]:
        names = ", ".join(row.name for row in self._departments if row.retired_at is None)
        yield Field("departments", TextField(names, rows=3, id="names"))
        yield Field("", FieldRemark(_ASKED, id="echo"))

    def on_fields_changed(self) -> None:
        """Say what becomes of whom."""
        self.query_one("#echo", FieldRemark).say(self._changes().said or _ASKED)

    def act(self) -> Callable[[], Awaitable[Done]]:
        return partial(self._edit, self._changes())

    async def _edit(self, changes: _Changes) -> Done:
        run = token_hex(8)
        done = Done(changes.said or "the departments are as they were", (), None)
        try:
            for draft in changes.drafts:
                step = await self.session.do(draft, run=run)
                done = done._replace(journal_id=step.journal_id)
        finally:
            self._departments = self._there()
        return done

    def _there(self) -> Sequence[DepartmentRow]:
        return self.session.read(lambda reader: departments(reader, retired=True))

    def _changes(self) -> _Changes:
        words = re.split(r"[,;\n]", plain(self.form.value("names")))
        wanted = {fold(name): name for name in map(str.strip, words) if fold(name)}
        known = {fold(row.name): row for row in self._departments}
        rows = known.items()
        return _Changes(
            [row for name, row in rows if row.retired_at is None and name not in wanted],
            [row for name, row in rows if row.retired_at is not None and name in wanted],
            [name for folded, name in wanted.items() if folded not in known],
        )
