"""`poc drafts`: what was begun at the desk and waits to be gone on with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from poc_tui.cli.context import Context
from poc_tui.cli.output.layout import Table
from poc_tui.commands import DIALOGS
from poc_tui.rules.dates.format import ago
from poc_tui.system import locations
from poc_tui.system.kept_words import FOLDER, kept_drafts

if TYPE_CHECKING:
    from poc_tui.system.kept_words import KeptDraft


def drafts(ctx: typer.Context) -> None:
    """List what is half written at the desk: on which request, what it is to be, its words.

    The desk goes on with one when its key is pressed on the request again.

    Example: poc drafts
    """
    context = Context.of(ctx)
    context.reader()
    now = context.clock.now()
    folder = os.path.join(locations.state_dir(context.environ), FOLDER)
    found = kept_drafts(folder, context.path, (*DIALOGS, "new"))
    cells = (
        {
            "Request": _which(draft),
            "What": draft.dialog,
            "Words": draft.text,
            "Since": ago(draft.at, now),
        }
        for draft in found
    )
    context.out.table(
        lambda: Table(cells, "nothing is half written", "Words", right=("Request",)),
        (
            {
                "numbers": draft.numbers,
                "more": draft.more,
                "what": draft.dialog,
                "text": draft.text,
                "at": context.times.of(draft.at),
            }
            for draft in found
        ),
    )


def _which(draft: KeptDraft) -> str:
    named = ", ".join(f"#{number}" for number in draft.numbers)
    return f"{named} and {draft.more} more" if draft.more else named or "new"
