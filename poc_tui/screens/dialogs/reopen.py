"""A resolved request lives again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.records import QueueRow
from poc_tui.widgets.text_fields import LineField


class ReopenDialog(RequestDialog):
    """Asks why; Enter alone reopens without a reason."""

    NAME, MAIN, VERB = "reopen", "why", "Reopen"

    @classmethod
    def refuse(cls, requests: Sequence[QueueRow]) -> str | None:
        """What is not resolved cannot be reopened."""
        for request in requests:
            if request.state != "resolved":
                return f"#{request.number} is not resolved, so it cannot be reopened"
        return None if requests else "there is no request here to reopen"

    def fields(self) -> Iterable[Widget]:
        yield Field("why", LineField(placeholder="optional", id="why"))

    def draft(self) -> drafts.Reopen:
        return drafts.Reopen(self.form.value("why"))
