"""Customers: added, changed, talked to."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from poc_tui.models.values import Channel
from poc_tui.store import drafts
from tests.proofs.state_machine import given
from tests.proofs.state_machine.machine import DeskMachine
from tests.proofs.state_machine.passages import CLOCKS


class People(DeskMachine):
    """The card of a customer."""

    @rule(
        pick=st.none() | given.PICK,
        name=st.sampled_from(("Meyer AG", "Hotel Krone", "\u200b", None)),
        words=st.none() | given.WORDS,
        prefers=given.CHANNELS,
        nothing=given.YES,
        vip=given.PERHAPS,
        addresses=given.ADDRESSES,
        rhythm=st.none() | given.EVERY,
    )
    def edit_customer(
        self,
        pick: int | None,
        name: str | None,
        words: str | None,
        prefers: Channel | None,
        nothing: bool,
        vip: bool | None,
        addresses: tuple[drafts.AddressDraft, ...] | None,
        rhythm: str | None,
    ) -> None:
        """No request changes with the card of its customer."""
        before = self.table("request")
        customer = None if pick is None else self.pick("customer", pick)
        self.do(
            drafts.EditCustomer,
            id=customer,
            name=name,
            organisation=words,
            preferences=words,
            notes=words,
            prefers=prefers,
            prefers_nothing=nothing,
            vip=vip,
            addresses=addresses,
            rhythm=rhythm,
        )
        for key, row in self.table("request").items():
            moved = {field for field in row if row[field] != before[key][field]}
            served = customer is not None and row["customer_id"] == customer
            assert not moved or (served and moved <= CLOCKS - {"next_at"}), moved

    @rule(pick=given.PICK, text=given.WORDS)
    def contact(self, pick: int, text: str) -> None:
        """They were talked to now, apart from any request."""
        before, customer = self.table("request"), self.pick("customer", pick)
        steps = len(self.done)
        self.do(drafts.Contact, customer_id=customer, text=text)
        assert self.table("request") == before
        if len(self.done) > steps:
            assert self.table("customer")[(customer,)]["contacted_at"] == self.seconds()
