"""A customer: seen and changed, or added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import AddressKind, Channel, one_of
from poc_tui.rules.recurrence.rule import say as say_rule
from poc_tui.rules.recurrence.series import rhythm as understood
from poc_tui.rules.service.shown_date import past
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field, choice_of
from poc_tui.store.drafts import AddressDraft, Contact, EditCustomer
from poc_tui.store.queries.customers import customer
from poc_tui.store.recognise import address_kind
from poc_tui.store.records import CustomerDetail
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField, TextField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


TALKED = "talked"
FIELDS = (
    "name", "organisation", "prefers", "preferences", "rhythm", "vip", "addresses", "notes",
)  # fmt: skip
"""What makes up a customer."""


class CustomerDialog(Dialog):
    """What nobody changed stays as it is in the store, whoever changed it meanwhile.

    Args:
        session: the open desk.
        customer_id: whom to change; None adds one.
    """

    NAME, MAIN, CLOSES_UNCHANGED = "customer", "name", True

    def __init__(self, session: Session, customer_id: int | None = None) -> None:
        self._known = None
        title = "New customer"
        if customer_id is not None:
            self._known = session.read(lambda reader: customer(reader, customer_id, history=0))
            title = f"Customer · {self._known.name}"
        about = () if customer_id is None else (customer_id,)
        super().__init__(session, title, about=about)

    def fields(self) -> Iterable[Widget]:
        known = self._known
        yield Field("name", LineField(known.name if known else "", id="name"))
        organisation = known.organisation if known else ""
        yield Field("organisation", LineField(organisation, id="organisation"))
        prefers = (known.prefers or "") if known else ""
        yield Field("prefers", choice_of(Channel, prefers, "prefers", ("", "no channel")))
        yield Field("preferences", LineField(known.preferences if known else "", id="preferences"))
        rhythm = say_rule(known.rhythm) if known and known.rhythm else ""
        hint = "no matter how often; or such as every 6 weeks"
        yield Field("talk", LineField(rhythm, placeholder=hint, id="rhythm"))
        if known is not None:
            yield Field("talked to", Choice(self._contact(known), id="talked"))
        vip = "yes" if known and known.vip else "no"
        yield Field("VIP", Choice((("no", "no"), ("yes", "yes")), vip, id="vip"))
        hint = "one a line: email a@b.example, phone +49 30 1234, handle @name"
        addresses = "\n".join(f"{a.kind} {a.value}" for a in known.addresses) if known else ""
        yield Field(
            "addresses",
            TextField(addresses, rows=3, placeholder=hint, id="addresses"),
            classes="gap",
        )
        yield Field(
            "notes", TextField(known.notes if known else "", rows=3, id="notes"), classes="gap"
        )

    def draft(self) -> EditCustomer | Contact:
        """What was changed, or that they were talked to.

        One step is one thing: who has changed something saves that first.
        """
        if self._known is not None and self.form.value("talked") == TALKED:
            if any(self.form.is_changed(id) for id in FIELDS):
                with self.form.at("talked"):
                    raise NotUnderstood("save the changes first; then say that you talked to them")
            return Contact(self._known.id)
        prefers = self.form.changed("prefers")
        with self.form.at("addresses"):
            addresses = self.form.changed("addresses")
            lines = filter(None, map(str.strip, (addresses or "").splitlines()))
            drafts = None if addresses is None else tuple(map(_address, lines))
        vip = self.form.changed("vip")
        with self.form.at("rhythm"):
            words = self.form.changed("rhythm")
            rhythm = words and (understood(words) if words.strip() else "")
        with self.form.at("name"):
            return EditCustomer(
                id=self._known.id if self._known else None,
                name=self.form.changed("name"),
                organisation=self.form.changed("organisation"),
                prefers=Channel(prefers) if prefers else None,
                prefers_nothing=prefers == "",
                preferences=self.form.changed("preferences"),
                vip=None if vip is None else vip == "yes",
                notes=self.form.changed("notes"),
                addresses=drafts,
                rhythm=rhythm,
            )

    def _contact(self, known: CustomerDetail) -> tuple[tuple[str, str], ...]:
        """When they last were, and that they are now."""
        clock = self.session.clock
        last = past(known.last_contact, clock.now(), clock.zone)
        return ("", f"last {last}"), (TALKED, "just now")


def _address(line: str) -> AddressDraft:
    """`email a@b.example`, or an address that shows by itself what it is."""
    kind, _, value = line.partition(" ")
    try:
        return AddressDraft(one_of(AddressKind, kind, "address"), value)
    except NotUnderstood:
        if (guessed := address_kind(line)) is None:
            raise NotUnderstood(
                f"“{line}” does not say what it is; write email, phone or handle before it"
            ) from None
        return AddressDraft(AddressKind(guessed), line)
