"""A remark for ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.records import QueueRow
from poc_tui.widgets.text_fields import TextField


class NoteDialog(RequestDialog):
    """Adds a note, also to what is resolved."""

    NAME, MAIN, VERB = "note", "text", "Note on"
    HEEDS_OTHERS = False

    @classmethod
    def refuse(cls, requests: Sequence[QueueRow]) -> str | None:
        """Only without a request there is nothing to note."""
        return None if requests else "there is no request here to note something on"

    def fields(self) -> Iterable[Widget]:
        yield Field(
            "note", TextField(rows=6, placeholder="The customer never sees this", id="text")
        )

    def draft(self) -> drafts.Note:
        return drafts.Note(self.form.value("text"))
