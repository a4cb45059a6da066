"""Whether what a dialog says goes out by mail, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Vertical
from textual.widget import Widget

from poc_tui.models.values import Channel
from poc_tui.rules.applicable import named
from poc_tui.rules.mail.address import address_in
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.settings.keymap import display_key
from poc_tui.store import copies
from poc_tui.store.recipients import STRANGE, UNREAD, Recipient, reachable, recipients
from poc_tui.widgets.choice import Choice

if TYPE_CHECKING:
    from poc_tui.screens.dialogs.base import Dialog
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import QueueRow

BY_MAIL, OTHERWISE = "mail", "otherwise"

_LONGEST, _ADDRESS, _DEPARTMENT = 51, 40, 12
"""Cells that have room in a dialog: of the line, and of an address or a department in it."""


class _ToWhom(Vertical):
    """The choice, and what to mind below it."""

    DEFAULT_CSS = """
    _ToWhom {
        width: 1fr; height: auto;
        & > FieldRemark { padding: 0 1; color: $text-warning; }
    }
    """


class MailChoice:
    """A line with a choice; where mail is not set up there is none, and drafts say nothing of it.

    Args:
        session: knows whether mail is set up.
        single: whether all that is said goes to one address, so that what is chosen holds for it;
            else the desk finds out for each request by itself.
    """

    def __init__(self, session: Session, *, single: bool = True) -> None:
        policy = session.mail_settings.policy
        self.mine: Sequence[str] = policy.mine
        self.is_set_up = policy.sends
        self._single = single
        self._departments = session.keymap.keys("departments")

    def fields(self) -> Iterable[Widget]:
        """The line; `offer` gives it its words."""
        if self.is_set_up:
            options = [(BY_MAIL, "by mail"), (OTHERWISE, "not by mail")]
            choice = Choice(options, id="by-mail", longest=_LONGEST)
            warning = FieldRemark(id="by-mail-warning", classes="-unused")
            yield Field("goes out", _ToWhom(choice, warning), id="by-mail-row")

    def show(self, dialog: Dialog, *, shown: bool) -> None:
        """Show the line, or hide it while nothing is said."""
        if self.is_set_up:
            dialog.query_one("#by-mail-row").set_class(not shown, "-unused")

    def offer(
        self,
        dialog: Dialog,
        to: str,
        why_not: str = "no mail address",
        *,
        warning: str = "",
        more: str = "",
    ) -> None:
        """By mail unless a person says otherwise; with nobody in `to` only otherwise.

        `warning` is what to mind before it goes there, and `more` who gets it besides.
        """
        if not self.is_set_up:
            return
        aside = dialog.query_one("#by-mail-warning", FieldRemark)
        aside.say(warning)
        aside.set_class(not warning, "-unused")
        choice = dialog.query_one("#by-mail", Choice)
        if to:
            by_mail = f"by mail to {_shown(to)}{more}"
            choice.offer([(BY_MAIL, by_mail), (OTHERWISE, "not by mail: told otherwise")])
            dialog.form.prefill("by-mail", BY_MAIL)
        else:
            dialog.form.prefill("by-mail", OTHERWISE)
            choice.offer([(OTHERWISE, f"not by mail: {why_not}")])

    def is_by_mail(self, dialog: Dialog) -> bool:
        """Whether it is to go out by mail as far as the line says."""
        return self.is_set_up and dialog.form.value("by-mail") == BY_MAIL

    def wanted(self, dialog: Dialog) -> bool | None:
        """What the draft says of it."""
        if not self.is_set_up:
            return None
        if dialog.form.value("by-mail") == OTHERWISE:
            return False
        return True if self._single else None

    def address(self, contact: str) -> str:
        """The address that stands in a contact such as `Workshop <w@x.example>`, else empty."""
        return reachable([address_in(contact) or ""], self.mine) or ""

    def not_to(self, department: str) -> str:
        """Why no mail goes to a department whose contact has no address, and how it gets one."""
        sets_it = f"; {display_key(self._departments[0])} sets it" if self._departments else ""
        return f"{one_line(department, _DEPARTMENT)} has no address{sets_it}"


class AnswerMailChoice(MailChoice):
    """The line of what is said to customers; it goes where they wrote from, by the channel email.

    Raises (when built) what reading the store raises.
    """

    def __init__(self, session: Session, requests: Sequence[QueueRow]) -> None:
        super().__init__(session, single=len(requests) == 1)
        self._requests = requests
        self._reached: dict[int, Recipient] = {}
        self.places = copies.AnswerRecipients((), copies.CopyRecipients((), ""), ())
        """Of a single request, where an answer can go by mail."""
        if self.is_set_up:
            session.read(self._look)

    def offer_by(
        self, dialog: Dialog, channel: str = "", *, chosen: str = "", mark: str = "", also: int = 0
    ) -> None:
        """By mail where the channel is email: this one, or each request's own. It goes to the
        address that a person has `chosen`, with what to mind of it, and `also` to so many."""
        if channel not in ("", Channel.EMAIL):
            self.offer(dialog, "", f"told by {channel}")
            return
        by_mail = [row for row in self._requests if (channel or row.channel) == Channel.EMAIL]
        reached = [self._reached[row.number] for row in by_mail if row.number in self._reached]
        if len(self._requests) > 1:
            to, why_not = some(len(reached), len(self._requests)), "to nobody of them"
        elif by_mail:
            to = "".join(each.address for each in reached)
            why_not = "the customer has no mail address"
        else:
            to, why_not = "", f"it came by {self._requests[0].channel}"
        if chosen and by_mail:
            self.offer(dialog, chosen, warning=f"({mark})" if mark else "")
            return
        more = f" and {also} more" if also and to else ""
        self.offer(dialog, to, why_not, warning=self._warning(by_mail), more=more)

    def _warning(self, by_mail: Sequence[QueueRow]) -> str:
        """What to mind of where answers would go."""
        marked = {
            row.number: self._reached[row.number].mark
            for row in by_mail
            if row.number in self._reached and self._reached[row.number].mark
        }
        if len(self._requests) == 1:
            return "".join(f"({mark})" for mark in marked.values())
        unread = [number for number, mark in marked.items() if mark == UNREAD]
        strange = [number for number, mark in marked.items() if mark != UNREAD]
        both = (STRANGE, strange), (UNREAD, unread)
        said = [f"{mark}: {named(numbers)}" for mark, numbers in both if numbers]
        return f"({'; '.join(said)})" if said else ""

    def _look(self, reader: Reader) -> None:
        """Look where answers would go."""
        if len(self._requests) == 1:
            self.places = copies.places(reader.rows, self._requests[0].number, self.mine)
            found = [self.places.recipients]
        else:
            found = [recipients(reader.rows, row.number, self.mine) for row in self._requests]
        reached = zip(self._requests, found, strict=True)
        self._reached = {row.number: places[0] for row, places in reached if places}


def _shown(to: str) -> str:
    """An address that is too long, cut so that one still sees whose it is."""
    name, at, host = to.rpartition("@")
    if cell_len(to) <= _ADDRESS or not at:
        return to
    return one_line(name, max(2, _ADDRESS - 1 - cell_len(host))) + at + host


def some(reached: int, of: int) -> str:
    """Of several requests, how many are reached: `3 of 5, where there is an address`."""
    if not reached:
        return ""
    return f"all {of}" if reached == of else f"{reached} of {of}, where there is an address"
