"""Who gets the mail that carries an answer, what goes with it, and when it goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.mail import own_files
from poc_tui.models.values import Court
from poc_tui.rules.mail.address import same
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import fields_came, remembers
from poc_tui.screens.dialogs.fields import Field, LazyFields
from poc_tui.screens.dialogs.mail_fields import AddressField, FilesField
from poc_tui.store.delivery import Delivery
from poc_tui.store.recipients import STRANGE, RecipientReason
from poc_tui.widgets.choice import Choice

if TYPE_CHECKING:
    from poc_tui.screens.dialogs.base import Dialog
    from poc_tui.screens.session import Session
    from poc_tui.store import copies
    from poc_tui.store.delivery import Attachment
    from poc_tui.store.records import Done, QueueRow

ALL = "ctrl+o"
"""The key that answers all, or none but the one."""

_FIELDS = frozenset(("to", "copies", "files", "send-at", "unless"))
_UNLESS, _ANYWAY = "unless", "anyway"
_WHY = {
    RecipientReason.ASKED_FOR: "they ask for answers here",
    RecipientReason.WROTE: "they wrote from here",
    RecipientReason.KEPT: "an address that is kept of them",
}
_NAMED = 30
"""Cells of a name or an address."""


class _ToField(Field):
    """Of whom it goes to, in words only what to mind: to whom is said beside it already."""

    mark = ""

    def in_words(self) -> str:
        return self.mark


class FilesRow:
    """A line for files that go with the mail; where mail is not set up there is none."""

    def __init__(self, *, shown: bool) -> None:
        self._is_there = shown

    def fields(self) -> Iterable[Widget]:
        """The line."""
        if self._is_there:
            yield Field("files", FilesField(id="files"), id="files-row")

    def show(self, dialog: Dialog, *, shown: bool) -> None:
        """Show the line while something goes out by mail, or something stands in it."""
        if self._is_there:
            has_words = bool(dialog.form.value("files").strip())
            dialog.query_one("#files-row").set_class(not (shown or has_words), "-unused")

    def paths(self, dialog: Dialog) -> Sequence[str]:
        """What is to go with the mail.

        Raises:
            NotUnderstood: it cannot.
        """
        if not self._is_there:
            return ()
        with dialog.form.at("files"):
            return dialog.query_one("#files", FilesField).paths


class DeliveryFields:
    """Lines with who gets an answer, what goes with it and when; of several requests the first
    is decided for each by itself. Where mail is not set up there are none.

    `places`: of a single request, where the answer can go.
    """

    def __init__(
        self, session: Session, requests: Sequence[QueueRow], places: copies.AnswerRecipients
    ) -> None:
        policy = session.mail_settings.policy
        self._is_set_up = policy.sends
        self._by_itself = any(each.sends and not each.hands_over for each in policy.accounts)
        self._files = FilesRow(shown=self._is_set_up)
        self._follows_up = all(row.court == Court.CUSTOMER for row in requests)
        self._places = places
        self._single = len(requests) == 1 and self._is_set_up
        self._late: LazyFields | None = None
        self._is_there = self._goes_out = False

    @property
    def has_others(self) -> bool:
        """Whether somebody else got the mail that is answered."""
        return bool(self._places.others.addresses)

    def fields(self, dialog: Dialog) -> Iterator[Widget]:
        """The lines; at the foot of a conversation they come when somebody goes there."""
        if not self._is_set_up:
            return
        if dialog.has_class("-at-foot") and not remembers(dialog, _FIELDS):
            self._late = LazyFields(
                partial(self._made, dialog), self._in_words, partial(fields_came, dialog)
            )
            yield self._late
        else:
            yield from self._made(dialog)

    def _made(self, dialog: Dialog) -> Iterator[Widget]:
        self._is_there = True
        if self._single:
            known = self._places.known
            yield _ToField(
                "to", AddressField(self._usual, known, self._of_to, id="to"), id="to-row"
            )
            field = AddressField(
                self._unasked, known, lambda _: "", id="copies", several=True, empty=self._others
            )
            yield Field("copies", field, id="copies-row")
        yield from self._files.fields()
        if self._by_itself:
            later = dialog.form.date_field("send-at", begins=True, remark="at once, unless a date")
            yield Field("send", later, id="send-row")
            options = [(_UNLESS, "unless they write first"), (_ANYWAY, "even if they write first")]
            first = _UNLESS if self._follows_up else _ANYWAY
            yield Field("goes", Choice(options, first, id="unless"), id="unless-row")

    def follow(self, dialog: Dialog, *, by_mail: bool) -> None:
        """Show what belongs to a mail while it is one."""
        self._goes_out = by_mail
        if not self._is_there:
            return
        self._files.show(dialog, shown=by_mail)
        for name in ("to", "copies", "send"):
            for row in dialog.query(f"#{name}-row"):
                row.set_class(not by_mail, "-unused")
        for row in dialog.query("#to-row").results(_ToField):
            mark = self.mark(self.to(dialog))
            row.mark = f"({mark})" if mark else ""
        for row in dialog.query("#unless-row"):
            row.set_class(not (by_mail and dialog.form.value("send-at").strip()), "-unused")

    def to(self, dialog: Dialog) -> str:
        """The address that it goes to, as far as it is one; empty for the usual one."""
        if not (self._single and self._is_there):
            return ""
        try:
            addresses = dialog.query_one("#to", AddressField).addresses
        except NotUnderstood:
            return ""
        return addresses[0] if addresses and addresses[0] != self._usual else ""

    def mark(self, address: str) -> str:
        """What to mind before a mail goes to the address, or to the usual one where it is empty."""
        for each in self._places.recipients:
            if not address or same(each.address, address):
                return each.mark
        return STRANGE if address else ""

    def answer_all(self, dialog: Dialog) -> None:
        """Let all get a copy who got the mail that is answered, or nobody."""

        def change() -> None:
            field = dialog.query_one("#copies", AddressField)
            field.value = "" if field.value.strip() else ", ".join(self._places.others.addresses)

        if self._late is None:
            change()
        else:
            self._late.fill(change)

    def delivery(self, dialog: Dialog, *, by_mail: bool) -> Delivery | None:
        """What the lines say, but for the files; None where it is all as usual.

        Raises:
            NotUnderstood: something is no address or no date, or belongs to a mail that is none.
        """
        if not self._is_there:
            if not (self._single and by_mail):
                return None
            return Delivery(everybody=False, copies=self._places.others.unasked)
        paths = self._files.paths(dialog)
        if not by_mail:
            if paths:
                with dialog.form.at("by-mail"):
                    raise NotUnderstood("files are for a mail; say it by mail, or take them out")
            return None
        decided = Delivery()
        if self._single:
            with dialog.form.at("to"):
                (to,) = dialog.query_one("#to", AddressField).addresses or ("",)
            with dialog.form.at("copies"):
                addresses = dialog.query_one("#copies", AddressField).addresses
            decided = Delivery("" if to == self._usual else to, everybody=False, copies=addresses)
        if self._by_itself and (send_at := dialog.form.date("send-at")) is not None:
            unless = dialog.form.value("unless") == _UNLESS
            decided = replace(decided, send_at=send_at, unless_answered=unless)
        return None if decided == Delivery() and not paths else decided

    def with_files(
        self, dialog: Dialog, act: Callable[[tuple[Attachment, ...]], Awaitable[Done]]
    ) -> Callable[[], Awaitable[Done]]:
        """What is done with the files, once they are read, apart from the screen's thread.

        Raises:
            NotUnderstood: one cannot be read.
        """
        return reading(self._files.paths(dialog) if self._is_there else (), act)

    def _in_words(self) -> str:
        """What is to be minded, and who gets a copy, while the fields are not there."""
        mark = f"({mark})" if (mark := self.mark("")) else ""
        copies = f"copies {self._unasked}" if self._unasked else ""
        return " · ".join(filter(None, (mark, copies))) if self._goes_out else ""

    @property
    def _unasked(self) -> str:
        """Who gets a copy unless somebody says otherwise."""
        return ", ".join(self._places.others.unasked)

    @property
    def _usual(self) -> str:
        return self._places.recipients[0].address if self._places.recipients else ""

    def _of_to(self, addresses: Sequence[str]) -> str:
        if not addresses:
            return "nobody yet; ↓ steps through who is known" if self._places.known else "nobody"
        found = (each for each in self._places.recipients if same(each.address, addresses[0]))
        known = next(found, None)
        rest = (each for each in self._places.known if not same(each, addresses[0]))
        said = (_WHY[known.why] if known else "", *(f"↓ {one_line(each, _NAMED)}" for each in rest))
        return "; ".join(filter(None, said[:2]))

    @property
    def _others(self) -> str:
        """What is said while nobody gets a copy."""
        others = self._places.others
        if not (count := len(others.addresses)):
            return "nobody else got their mail"
        also = one_line(others.addresses[0], _NAMED) if count == 1 else f"the {count} others"
        doubt = f"{others.doubt}; " if others.doubt else ""
        return f"{doubt}{ALL} adds {also}"


def reading(
    paths: Sequence[str], act: Callable[[tuple[Attachment, ...]], Awaitable[Done]]
) -> Callable[[], Awaitable[Done]]:
    """Read the files apart from the screen's thread, and do it with them."""

    async def read() -> Done:
        return await act(await asyncio.to_thread(own_files.read, paths) if paths else ())

    return read
