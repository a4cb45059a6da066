"""The end of a request, and its coming back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.widget import Widget

from poc_tui.errors import PocError
from poc_tui.models.values import Resolution
from poc_tui.screens.dialogs.duplicate_field import ask_of_which, duplicate_fields, duplicate_of
from poc_tui.screens.dialogs.fields import Field, choice_of
from poc_tui.screens.dialogs.loose_ends import loose_ends
from poc_tui.screens.dialogs.mail_choice import AnswerMailChoice
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.widgets.text_fields import LineField, TextField


class ResolveDialog(RequestDialog):
    """As solved, unless said otherwise; an open question is withdrawn only on an explicit yes,
    and of a promise nobody guesses whether it was kept."""

    NAME, MAIN, VERB = "resolve", "text", "Resolve"
    LEADS_ON = True

    def prepare(self) -> None:
        self._loose = loose_ends(self)
        self._by_mail = AnswerMailChoice(self.session, self.requests)

    def fields(self) -> Iterable[Widget]:
        yield Field("as", choice_of(Resolution, Resolution.SOLVED, "resolution"))
        yield from duplicate_fields(self)
        # Where a person types first is where the keys are: no letter says how it ends.
        last = TextField(rows=4, placeholder="the last answer, if there is one", id="text")
        yield Field("last answer", last, classes="gap -whole")
        yield from self._loose.fields()
        yield from self._by_mail.fields()

    def on_fields_changed(self) -> None:
        """What stays is not asked about further; without a last answer nothing goes out."""
        ask_of_which(self, self.form.value("resolution"))
        self._loose.show(self)
        self._by_mail.offer_by(self, also=len(self._by_mail.places.others.unasked))
        self._by_mail.show(self, shown=bool(self.form.value("text").strip()))

    def hints(self) -> Iterator[tuple[str, str]]:
        """With the way to how it ends."""
        save, *others = super().hints()
        yield from (save, ("shift+tab", "how it ends"), *others)

    def at_fault(self, error: PocError) -> str | None:
        """A question that is still open asks for its yes."""
        return self._loose.at_fault(error) or super().at_fault(error)

    def draft(self) -> drafts.Resolve:
        resolution = Resolution(self.form.value("resolution"))
        return drafts.Resolve(
            resolution,
            self.form.value("text"),
            duplicate_of=duplicate_of(self, resolution),
            withdraw_forwards=self._loose.withdraw(self),
            reminders_done=self._loose.reminders_done(self),
            promises_kept=self._loose.promises_kept(self),
            mail=self._by_mail.wanted(self) if self.form.value("text").strip() else None,
        )


class ReopenDialog(RequestDialog):
    """Asks why; Enter alone reopens without a reason."""

    NAME, MAIN, VERB = "reopen", "why", "Reopen"

    def fields(self) -> Iterable[Widget]:
        yield Field("why", LineField(placeholder="optional", id="why"))

    def draft(self) -> drafts.Reopen:
        return drafts.Reopen(self.form.value("why"))
