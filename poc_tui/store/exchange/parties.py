"""Which customer a row is from: recognised, else made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from poc_tui.models.values import AddressKind
from poc_tui.rules.mail.address import spellings
from poc_tui.rules.text import fold
from poc_tui.store.exchange.imported_request import ImportedCustomer
from poc_tui.store.queries.reader import marks
from poc_tui.store.recognise import add_address, candidates, could_be, new_customer
from poc_tui.store.writer import Writer

_MOST_REMEMBERED = 10_000


class ImportedCustomers:
    """The customers met in one import, so that each is looked up once."""

    def __init__(self) -> None:
        self._known: dict[ImportedCustomer, int | None] = {}
        self.doubts: dict[str, None] = {}
        """Sentences about names that could mean several customers."""

    def forget(self) -> None:
        """Look up anew: somebody else has written, or the transaction was rolled back."""
        self._known.clear()

    def customer(self, party: ImportedCustomer, writer: Writer, now: datetime) -> int | None:
        """The id of the customer, None where nobody can tell who it is.

        An address that a customer has decides; without one the name does, unless that customer
        has another address of the same kind: two people may share a name.
        """
        if party in self._known:
            return self._known[party]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[party] = found = self._look_up(party, writer, now)
        return found

    def _look_up(self, party: ImportedCustomer, writer: Writer, now: datetime) -> int | None:
        given = ((AddressKind.EMAIL, party.email), (AddressKind.PHONE, party.phone))
        addresses = [(kind, value) for kind, value in given if value]
        for _, value in addresses:
            written = [fold(each) for each in spellings(value)]
            owners = writer.query(
                "SELECT DISTINCT customer_id FROM address"
                f" WHERE value_folded IN ({marks(written)}) LIMIT 2",
                written,
            )
            if len(owners) == 1:
                return int(owners[0][0])
        name = party.name or (party.organisation if not addresses else "")
        fits = candidates(writer.query, name) if name else []
        if len(fits) > 1 and not addresses:
            self.doubts[could_be(name, fits)] = None
            return None
        if len(fits) == 1 and not _has_other(writer, fits[0][0], addresses):
            id = fits[0][0]
            for kind, value in addresses:
                add_address(writer, id, kind, value)
            return id
        name = name or addresses[0][1]
        organisation = party.organisation if party.organisation != name else ""
        return new_customer(writer, name, now, organisation, addresses)


def _has_other(writer: Writer, id: int, addresses: Sequence[tuple[AddressKind, str]]) -> bool:
    has = writer.query("SELECT kind FROM address WHERE customer_id = ?", (id,))
    return any((kind,) in has for kind, _ in addresses)
