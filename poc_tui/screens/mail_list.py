"""The lines of the screen of the mail, and what is chosen among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from poc_tui.rules.service import shown_date
from poc_tui.rules.text import safe
from poc_tui.screens.list_screen import ListLines
from poc_tui.store.queries import mail
from poc_tui.widgets import mail_rows
from poc_tui.widgets.mail_rows import AsideLine, MailSection, OutgoingLine, Row, SourceLine
from poc_tui.widgets.row_lines import GUTTER

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.settings.mail import MailSettings
    from poc_tui.store.queries.reader import Reader

NOTHING_GOES = "Nothing waits to be sent."
NOTHING_LIES = "No mail lies aside."
_NOT_SENT = 'Mail is not sent from here: set "mail.address" and "mail.send".'
_NOT_FETCHED = 'Mail is not fetched yet: set "mail.imap.host", or "mail.maildir".'
_HOW = "`poc config edit` opens the settings."


class MailListing(NamedTuple):
    """What the store holds of mail that a person may want to look at."""

    going: Sequence[OutgoingLine]
    """The stuck ones first."""
    lying: Sequence[AsideLine]
    """What people wrote first."""
    spam: Sequence[AsideLine]
    aside: mail.AsideCounts
    """How many lie aside, also where not all of them are listed."""
    sources: Sequence[mail.SourceState]


class MailList(ListLines[MailListing, Row]):
    """The list of the mails, `#mails`."""

    heading = "Mail"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "mails", mail_rows.key_of, mail_rows.draw)
        self._settings = session.mail.settings
        self._found = MailListing((), (), (), mail.AsideCounts(0, 0), ())
        self._width = 0

    def going(self) -> list[OutgoingLine]:
        """The chosen mails of ours: the marked ones, else the highlighted one."""
        return [row for row in self.chosen() if isinstance(row, OutgoingLine)]

    def lying(self) -> list[AsideLine]:
        """The chosen ones among the mails that came."""
        return [row for row in self.chosen() if isinstance(row, AsideLine)]

    def from_highlight(self) -> list[int]:
        """The ids of the mails that came, from the highlighted one on downwards."""
        here = self.highlighted
        rows = [] if here is None else self.all()[here:]
        return [row.id for row in rows if isinstance(row, AsideLine)]

    def find(self, reader: Reader, now: datetime) -> MailListing:
        del now
        going = sorted(map(mail_rows.going, mail.pending(reader)), key=lambda row: not row.is_stuck)
        lying, spam = (
            tuple(map(mail_rows.lying, mail.aside(reader, spam=spam))) for spam in (False, True)
        )
        ours = _names(self._settings)
        sources = [source for source in mail.sources(reader) if source.name in ours]
        return MailListing(going, lying, spam, mail.aside_counts(reader), sources)

    def show(self, found: MailListing, now: datetime) -> None:
        self._found, self._now = found, now
        self._width = 0
        self.lay_out()

    def lay_out(self) -> None:
        """Break the reasons anew if the width is another."""
        width = self.scrollable_content_region.width - GUTTER
        if width == self._width:
            return
        self._width = width
        going, lying, spam, aside, _ = self._found
        noted = [self._noted(source) for source in self._found.sources]
        self.set_empty(Content("\n".join(_nothing(self._settings, noted))))
        of = mail_rows.loads(lying, aside.mails - aside.spam)
        sections = [
            MailSection("Going out", str(len(going) or ""), going, NOTHING_GOES),
            MailSection("Aside", of, lying, NOTHING_LIES),
            *([MailSection("Spam", mail_rows.loads(spam, aside.spam), spam)] if spam else []),
            *([MailSection("Fetched", "", noted)] if noted else []),
        ]
        self.rows.show(list(mail_rows.rows(sections, width)) if going or lying or spam else [])
        self.refresh_rows()

    def _noted(self, source: mail.SourceState) -> SourceLine:
        from poc_tui.mail.transport.source import source_name

        at = shown_date.past(source.fetched_at, self._now, self._session.clock.zone)
        return SourceLine(f"{at:<{shown_date.WIDTH}} {source_name(source.name)}", source.trouble)


def _names(settings: MailSettings) -> set[str]:
    """What the sources of the settings are called in the store."""
    names: set[str] = set()
    for account in settings.accounts:
        names |= {f"maildir:{path}" for path in account.maildir}
        names |= {f"mbox:{path}" for path in account.mbox}
        names.add(account.imap.source(account.imap.folder))
    return names


def _nothing(settings: MailSettings, noted: Sequence[SourceLine]) -> list[str]:
    """What is said where there is nothing at all, and how mail is set up where it is not."""
    lines = [NOTHING_GOES, NOTHING_LIES]
    missing = [] if settings.policy.sends else [_NOT_SENT]
    missing += [] if settings.fetches else [_NOT_FETCHED]
    if missing:
        lines += ["", *missing, _HOW]
    for text, why in noted:
        lines += ["", f"fetched {safe(text)}", *([safe(why)] if why else [])]
    return lines
