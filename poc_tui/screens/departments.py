"""The departments: who inside can answer, and how much lies there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from poc_tui.commands import run_action
from poc_tui.errors import PocError
from poc_tui.rules.service.business_time import say_work
from poc_tui.rules.text import one_line, safe
from poc_tui.screens.command_screen import LEAVE, CommandScreen
from poc_tui.screens.dialogs.confirm import agreed_to
from poc_tui.screens.dialogs.department import DepartmentDialog
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.screens.type_ahead import holds_keys
from poc_tui.store.drafts import EditDepartment
from poc_tui.store.queries.departments import departments
from poc_tui.store.records import DepartmentRow
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.key_bar import KeyHint
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

NAME_WIDTH = 20
WITHIN_WIDTH = 10
OPEN_WIDTH = 8


class DepartmentsScreen(CommandScreen[None]):
    """All departments, the retired ones last; added, changed, retired and brought back."""

    DEFAULT_CSS = """
    DepartmentsScreen {
        & #heads { height: 1; padding: 0 4; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """  # noqa: E501

    def __init__(self, session: Session) -> None:
        super().__init__(session, "list", "desk")
        self.leaves_by("escape")
        # Added: a person may have chosen the key for what works elsewhere only.
        self._bindings.bind("x", "retire")
        self.commands |= PaneMoves(self, "#departments").commands
        self._list = VirtualList[DepartmentRow](
            key_of=lambda row: row.id,
            draw=department_line,
            empty=Content("There is no department yet."),
            id="departments",
        )
        self.commands |= {"leave": self.dismiss, "open": self._list.action_choose}
        self.commands |= {"new": partial(self._edit, None)}

    def compose(self) -> ComposeResult:
        self._list.entitle("Departments")
        heads = (("department", NAME_WIDTH), ("answers in", WITHIN_WIDTH), ("open", OPEN_WIDTH))
        columns = " ".join(f"{head:<{width}}" for head, width in heads)
        yield Static(f"{columns} remit", markup=False, id="heads")
        yield self._list
        yield self.footer.bar(self._keys)

    def on_mount(self) -> None:
        self._list.focus()
        self._load()

    @on(VirtualList.Highlighted)
    def _another(self) -> None:
        self.footer.follow()

    def _keys(self, of_table: Sequence[KeyHint]) -> Sequence[KeyHint]:
        row = self._list.highlighted_row
        if row is None:
            return (LEAVE, *of_table)
        retire = "retire" if row.retired_at is None else "bring back"
        change = KeyHint("enter", "change", run_action("open"))
        return (LEAVE, change, KeyHint("x", retire, "retire"), *of_table)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Show what another screen has changed."""
        self._load()

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen[DepartmentRow]) -> None:
        self._edit(event.row)

    @holds_keys
    async def action_retire(self) -> None:
        """Retire the highlighted department, or bring it back; ask where questions are open."""
        row = self._list.highlighted_row
        if row is None:
            return
        retires = row.retired_at is None
        if retires and row.open_forwards:
            count = row.open_forwards
            wait = "1 question waits" if count == 1 else f"{count} questions wait"
            name = one_line(row.name, NAME_WIDTH)
            question = f"{wait} for {name}'s answer and can still be answered. Retire {name}?"
            if not await agreed_to(self, question, "retire it"):
                return
        try:
            await self.session.do(EditDepartment(id=row.id, retired=retires))
        except PocError as error:
            self.notify(safe(str(error)), severity="error", markup=False)
        self._load()

    @holds_keys
    async def _edit(self, row: DepartmentRow | None) -> None:
        await self.app.push_screen_wait(DepartmentDialog(self.session, row))
        self._load()

    def _load(self) -> None:
        try:
            rows = departments(self.session.reader, retired=True)
        except PocError as error:
            self.notify(safe(str(error)), severity="error", markup=False)
            return
        self._list.set_source(ListSource(rows, lambda row: row.id))


def department_line(row: DepartmentRow, width: int) -> Runs:
    """One department in `width` cells: name, answer-within, open questions, remit."""
    within = say_work(timedelta(minutes=row.answer_within))
    waiting = "retired" if row.retired_at is not None else ""
    if row.open_forwards:
        waiting = f"{row.open_forwards} open"
    rest = max(0, width - NAME_WIDTH - WITHIN_WIDTH - OPEN_WIDTH - 3)
    return (
        (padded(row.name, NAME_WIDTH) + " ", ""),
        (padded(within, WITHIN_WIDTH) + " ", "dim"),
        (padded(waiting, OPEN_WIDTH) + " ", "$text-accent"),
        (one_line(row.remit, rest), "dim"),
    )
