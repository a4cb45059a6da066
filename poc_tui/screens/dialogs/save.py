"""What came with the mails of a request, saved as files. Nothing is opened: strangers sent it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.widget import Widget

from poc_tui.errors import NotUnderstood, PocError
from poc_tui.rules.text import one_line, safe, size
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import title_of
from poc_tui.settings.keymap import display_key
from poc_tui.store.queries import mail
from poc_tui.store.queries.request_mail import Saveable
from poc_tui.store.records import Done, QueueRow
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.text_fields import LineField
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path

    from poc_tui.screens.session import Session

MOST_LINES = 10
"""Lines of the list; the rest is scrolled to."""

_SIZE, _TYPE, _END = 7, 22, 10
"""Cells: of a size, of a type, and of the end of a name that is too long for its column."""

Row = tuple[int, Saveable]
"""What can be saved, and its place among all."""


class SaveDialog(Dialog):
    """Saves what is marked, else what is highlighted, into a folder; no file is written over.

    Args:
        session: where the mails are.
        requests: whose mails they are.
        pieces: what there is to save; one at least.
    """

    NAME, MAIN = "save", "folder"

    DEFAULT_CSS = """
    SaveDialog #pieces { background: $surface; padding: 0 1 0 0; }
    """

    KEEPS_WORDS = False  # a folder is no words

    _LIST_KEYS: ClassVar = {
        "mark": "toggle_mark",
        "cursor_down": "cursor_down",
        "cursor_up": "cursor_up",
        "first": "first",
        "last": "last",
    }
    """What a command of the table does in the list."""

    def __init__(
        self, session: Session, requests: Sequence[QueueRow], pieces: Sequence[Saveable]
    ) -> None:
        numbers = [request.number for request in requests]
        super().__init__(session, title_of("Save from", requests), numbers)
        self._rows: Sequence[Row] = tuple(enumerate(pieces))
        self._list = VirtualList[Row](key_of=lambda row: row[0], draw=saveable_line, id="pieces")

    def fields(self) -> Iterable[Widget]:
        self._list.styles.height = min(MOST_LINES, len(self._rows))
        self._list.set_source(ListSource(self._rows, lambda row: row[0]))
        yield self._list
        yield Field("folder", LineField(self._usual_folder(), id="folder"), classes="gap")

    def go_in(self) -> None:
        """Give the keys to the list."""
        self._list.focus()

    def hints(self) -> Iterator[tuple[str, str]]:
        """Key and meaning, for the last line."""
        if keys := self.session.keymap.keys("mark"):
            yield display_key(keys[0]), "choose several"
        yield from (("tab", "folder"), ("enter", "save"), ("esc", "cancel"))

    def on_key(self, event: events.Key) -> None:
        """Move and mark by the keys that a person has chosen for that."""
        if self.focused is not self._list:
            return
        for command, action in self._LIST_KEYS.items():
            if event.key in self.session.keymap.keys(command):
                event.stop()
                event.prevent_default()
                getattr(self._list, f"action_{action}")()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_save()

    def act(self) -> Callable[[], Awaitable[Done]]:
        """Writing the files."""
        typed = self.form.value("folder").strip()
        folder = os.path.abspath(os.path.expanduser(typed or "~"))
        with self.form.at("folder"):
            if not os.path.isdir(folder):
                raise NotUnderstood(f"there is no folder {typed}; make it, or name another")
        rows = [row for row in self._rows if row[0] in self._list.marked]
        if not rows and self._list.highlighted_row is not None:
            rows = [self._list.highlighted_row]
        return partial(self._save_files, rows, folder, typed or "~")

    async def _save_files(self, rows: Sequence[Row], folder: str, called: str) -> Done:
        saved: list[str] = []
        try:
            await asyncio.to_thread(
                _write, self.session, [piece for _, piece in rows], folder, saved
            )
        except PocError as error:
            # What is saved already is not to be saved again with the next try.
            self._list.marked -= {place for place, _ in rows[: len(saved)]}
            self._list.refresh()
            before = f"{len(saved)} saved; then: " if saved else ""
            raise PocError(f"{before}{error}") from error
        self.session.saved_to = called
        what = saved[0] if len(saved) == 1 else f"{len(saved)} files"
        return Done(f"saved {what} in {called}", self.numbers, None)

    def _usual_folder(self) -> str:
        if self.session.saved_to:
            return self.session.saved_to
        return "~/Downloads" if os.path.isdir(os.path.expanduser("~/Downloads")) else "~"


def saveable_line(row: Row, width: int) -> Runs:
    """One piece in `width` cells: its name, how large it is, of which sort."""
    _, piece = row
    room = max(_END + 2, width - _SIZE - _TYPE - 2)
    if piece.part is None:
        name, sort = f"mail: {piece.name}", "the whole, as it came"
    else:
        name, sort = piece.name, piece.type
    shown = _both_ends(name, room) or "without a name"
    return (
        (padded(shown, room) + " ", ""),
        (f"{size(piece.size):>{_SIZE}} ", ""),
        (one_line(sort, _TYPE), "dim"),
    )


def _both_ends(name: str, width: int) -> str:
    """A name cut so that its end is seen: what a file is hangs on that."""
    whole = " ".join(safe(name).split())
    if cell_len(whole) <= width:
        return whole
    end = one_line(whole[-_END:], _END)
    return one_line(whole, width - cell_len(end)) + end


def _write(session: Session, pieces: Sequence[Saveable], folder: str, saved: list[str]) -> None:
    """Write the files, off the screen's thread; `saved` gets the name of each that was written.

    Raises:
        PocError: a mail cannot be read, or a file not be written.
    """
    from poc_tui.mail.worker.reader import MailReader

    with closing(session.patient_reader()) as reader, MailReader() as mails:
        for piece in pieces:
            raw = mail.raw(reader, piece.mail_id)
            data = raw if piece.part is None else mails.part(raw, piece.part)
            try:
                saved.append(_write_one(folder, piece, data).name)
            except OSError as error:
                raise PocError(f"{folder}: {error.strerror}; nothing more was saved") from error


def _write_one(folder: str, piece: Saveable, data: bytes) -> Path:
    """A new file of these bytes; its path."""
    from mimetypes import guess_extension

    from poc_tui.mail.saved_files import free_path, safe_name, write_private

    if piece.part is None:
        name = safe_name(f"{piece.name}.eml", "mail.eml")
    else:
        name = safe_name(piece.name, f"attachment{guess_extension(piece.type) or ''}")
    while True:
        path = free_path(folder, name)
        try:
            write_private(path, data)
        except FileExistsError:  # somebody was quicker; the next name is free
            continue
        return path
