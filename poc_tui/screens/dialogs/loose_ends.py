"""What still hangs on requests that are about to be resolved, and the fields that ask about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from poc_tui.errors import NeedsYes, NotUnderstood, PocError
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.promise import KEPT, outcome_choice
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.reminders import of_request
from poc_tui.store.queries.requests import forwards
from poc_tui.widgets.choice import Choice

NAMES_WIDTH = 28
"""Cells for the names of departments in a choice."""

STAYS = "stays"


class LooseEnds(NamedTuple):
    """The departments that have not answered, the reminders that nobody marked done, and the
    promises that nobody has kept or broken."""

    departments: Sequence[str]
    reminders: Sequence[str]
    promises: Sequence[str]

    def fields(self) -> Iterator[Field]:
        """One field for each sort of loose end that there is."""
        if self.departments:
            names = one_line(", ".join(self.departments), NAMES_WIDTH)
            options = (("no", "no, keep it open"), ("yes", f"yes, withdraw from {names}"))
            yield Field("withdraw", Choice(options, "no", id="withdraw"), id="withdraw-field")
        if self.reminders:
            count = len(self.reminders)
            which = "it is" if count == 1 else f"all {count} are"
            stays = "it stays" if count == 1 and not self.promises else "they stay"
            also = ", the promise too" if self.promises else ""
            options = (("done", f"{which} done"), ("keep", f"{stays}{also}"))
            yield Field(
                "reminder", Choice(options, "done", id="reminders-done"), id="reminders-field"
            )
        if self.promises:
            # With reminders it is their field that says whether all of it stays.
            also_open = [] if self.reminders else [(STAYS, "stays open")]
            label = "promise" if len(self.promises) == 1 else f"{len(self.promises)} promises"
            yield Field(label, outcome_choice(*also_open), id="promises-field")

    def show(self, dialog: RequestDialog, *, resolves: bool = True) -> None:
        """Ask only what the way on and the other answers leave open."""
        for field in dialog.query("#withdraw-field, #reminders-field"):
            field.set_class(not resolves, "-unused")
        for field in dialog.query("#promises-field"):
            field.set_class(not resolves or self._all_stay(dialog), "-unused")

    def withdraw(self, dialog: RequestDialog) -> bool:
        """Whether the person said that the open questions are to be withdrawn."""
        return bool(self.departments) and dialog.form.value("withdraw") == "yes"

    def at_fault(self, error: PocError) -> str | None:
        """The id of the field that has to say yes, if that is what is missing."""
        return "withdraw" if isinstance(error, NeedsYes) and self.departments else None

    def reminders_done(self, dialog: RequestDialog) -> bool | None:
        """Whether the reminders are done and the promises over (True) or all of them stay; None
        where there are none."""
        if not self.reminders and not self.promises:
            return None
        return not self._all_stay(dialog)

    def promises_kept(self, dialog: RequestDialog) -> bool | None:
        """Whether the promises were kept; None where there are none, or they stay.

        Raises:
            NotUnderstood: nobody has said it yet.
        """
        if not self.promises or self._all_stay(dialog):
            return None
        outcome = dialog.form.value("outcome")
        if not outcome:
            with dialog.form.at("outcome"):
                text = one_line(self.promises[0], NAMES_WIDTH)
                raise NotUnderstood(f"the promise “{text}” is open; say whether it was kept")
        return outcome == KEPT

    def _all_stay(self, dialog: RequestDialog) -> bool:
        if self.reminders:
            return dialog.form.value("reminders-done") == "keep"
        return bool(self.promises) and dialog.form.value("outcome") == STAYS


def loose_ends(dialog: RequestDialog) -> LooseEnds:
    """What hangs on the requests of the dialog. Raises what reading raises."""

    def reading(reader: Reader) -> LooseEnds:
        asked = [row for number in dialog.numbers for row in forwards(reader, number)]
        noted = [
            row
            for number in dialog.numbers
            for row in of_request(reader, number)
            if row.done_at is None and not row.stays
        ]
        return LooseEnds(
            tuple(dict.fromkeys(row.department for row in asked if row.is_open)),
            tuple(row.text for row in noted if row.kind != "promise"),
            tuple(row.text for row in noted if row.kind == "promise"),
        )

    return dialog.session.read(reading)
