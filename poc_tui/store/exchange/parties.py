"""Which customer a row is from: recognised, else made. Plain SQL in the batch's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from poc_tui.models.values import AddressKind
from poc_tui.rules.text import fold
from poc_tui.store.damage import present
from poc_tui.store.exchange.imported_request import ImportedCustomer
from poc_tui.store.queries.reader import seconds
from poc_tui.store.recognise import address_kind, candidates
from poc_tui.store.writer import Change

_MOST_REMEMBERED = 10_000


class ImportedCustomers:
    """The customers met in one import, so that each is looked up once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[ImportedCustomer, int | None] = {}
        self.doubts: dict[str, None] = {}
        """Sentences about names that could mean several customers."""

    def forget(self) -> None:
        """Look up anew: somebody else has written, or the transaction was rolled back."""
        self._known.clear()

    def customer(self, party: ImportedCustomer, now: datetime, changes: list[Change]) -> int | None:
        """The id of the customer, None where nobody can tell who it is.

        An address that a customer has decides; without one the name does, unless that customer
        has another address of the same kind: two people may share a name. A row that is written
        is added to `changes`.
        """
        if party in self._known:
            return self._known[party]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[party] = found = self._look_up(party, now, changes)
        return found

    def _look_up(self, party: ImportedCustomer, now: datetime, changes: list[Change]) -> int | None:
        addresses = [
            (kind, value)
            for kind, value in ((AddressKind.EMAIL, party.email), (AddressKind.PHONE, party.phone))
            if value
        ]
        for _, value in addresses:
            owners = self._rows(
                "SELECT DISTINCT customer_id FROM address WHERE value_folded = ? LIMIT 2",
                (fold(value),),
            )
            if len(owners) == 1:
                return int(owners[0][0])
        name = party.name or (party.organisation if not addresses else "")
        fits = candidates(self._rows, name) if name else []
        if len(fits) > 1 and not addresses:
            could = ", ".join(f"{fit} ({id})" for id, fit in fits)
            self.doubts[f"customer open: “{name}” could be {could}"] = None
            return None
        if len(fits) == 1 and not self._has_other(fits[0][0], addresses):
            id = fits[0][0]
        else:
            id = self._create(name or addresses[0][1], party.organisation, now, changes)
            if not addresses and (kind := address_kind(name)):
                addresses = [(AddressKind(kind), name)]
        for kind, value in addresses:
            self._insert(
                "address", ("customer_id", "kind", "value", "value_folded"),
                (id, kind.value, value, fold(value)), changes,
            )  # fmt: skip
        return id

    def _has_other(self, id: int, addresses: Sequence[tuple[AddressKind, str]]) -> bool:
        has = {
            kind for (kind,) in self._rows("SELECT kind FROM address WHERE customer_id = ?", (id,))
        }
        return any(kind in has for kind, _ in addresses)

    def _create(self, name: str, organisation: str, now: datetime, changes: list[Change]) -> int:
        return self._insert(
            "customer",
            ("name", "name_folded", "organisation", "since"),
            (name, fold(name), organisation if organisation != name else "", seconds(now)),
            changes,
        )

    def _insert(
        self, table: str, columns: Sequence[str], values: Sequence[Any], changes: list[Change]
    ) -> int:
        cursor = self._connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(values))})",
            values,
        )
        id = present(cursor.lastrowid)
        changes.append([table, id, None])
        return id

    def _rows(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()
