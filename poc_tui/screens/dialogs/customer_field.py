"""A customer by name, with the known ones offered as one types."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.widgets import Input

from poc_tui.errors import NotUnderstood, StoreBusy
from poc_tui.rules.text import fold, one_line, safe
from poc_tui.screens.dialogs.fields import SoughtField, stepped
from poc_tui.store.drafts import CustomerName, CustomerNumber, CustomerRef
from poc_tui.store.queries.customers import customers, recognised
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import CustomerRow

OFFERED = 5
"""More names than this nobody steps through; writing on is quicker."""

NAME_WIDTH = 24
"""Cells of a name among others."""

OFFER_WIDTH = 40


class CustomerField(SoughtField):
    """A name, and below it who that is: known, new, or one of several.

    Right takes the name offered, up and down step through the known ones.

    Args:
        reader: where customers are looked up.
        value: the name to start with.
        customer_id: whose name that is, if it is known.
        empty: shown while there is no name.
        unknown: said of a name that no customer has.
        offer: what up and down give first, before the known ones, such as an address.
        offered_for: why that could be right, said as long as nothing was typed.
    """

    def __init__(
        self,
        reader: Reader,
        value: str = "",
        *,
        customer_id: int | None = None,
        empty: str = "nobody yet",
        unknown: str = "new customer",
        offer: str = "",
        offered_for: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(value, id)
        self._reader = reader
        self._empty = empty
        self._unknown = unknown
        self._offer = offer
        self._offered_for = offered_for
        self._first = self._line.value
        self._picked = None if customer_id is None else (customer_id, self._line.value)
        self._sought = value
        self._found: tuple[str, Sequence[CustomerRow]] = ("", ())

    @property
    def ref(self) -> CustomerRef | None:
        """The customer meant, None where no name is given.

        Raises:
            NotUnderstood: several could be meant.
            StoreBusy: another process writes; ask again.
        """
        name = self._line.value.strip()
        if not name:
            return None
        if (picked := self._picked_id()) is not None:
            return CustomerNumber(picked)
        fits = recognised(self._reader, name)
        if len(fits) > 1:
            raise NotUnderstood(f"{_could_be(fits)}; choose with ↓, or write more of the name")
        return CustomerNumber(fits[0][0]) if fits else CustomerName(name)

    def is_vip(self) -> bool:
        """Whether the customer meant is known and a VIP."""
        row = self._known()
        return row is not None and row.vip

    def offered(self, words: str) -> list[str]:
        """The names of known customers that these words could begin."""
        return [row.name for row in self._rows(words)]

    def on_key(self, event: events.Key) -> None:
        by = {"down": 1, "up": -1}.get(event.key)
        if by is None:
            return
        event.stop()
        event.prevent_default()
        rows: list[tuple[int | None, str]] = [
            *([(None, self._offer)] if self._offer else []),
            *((row.id, row.name) for row in self._rows(self._sought)),
        ]
        if not rows:
            return
        ids = [id for id, _ in rows]
        current = self._picked_id()
        id, name = rows[0 if self._is_to_be_offered else stepped(ids, current, by)]
        self._line.put(name)
        self._picked = None if id is None else (id, self._line.value)
        self._show_echo()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._picked_id() is None and self._line.value != self._offer:
            self._picked = None
            self._sought = self._line.value
        self._line.suggest(self._completion(self._line.value))
        self._show_echo()

    @property
    def _is_to_be_offered(self) -> bool:
        return bool(self._offer) and self._line.value == self._first

    def _completion(self, words: str) -> str:
        """The first known name that these words begin, empty where there is none."""
        for name in self.offered(words):
            # It is drawn as it is, so only what is harmless can be offered.
            if name.casefold().startswith(words.casefold()) and safe(name) == name:
                return name
        return ""

    def _picked_id(self) -> int | None:
        """Who was picked, as long as the name stands as it was picked."""
        if self._picked is not None and self._picked[1] == self._line.value:
            return self._picked[0]
        return None

    def _rows(self, words: str) -> Sequence[CustomerRow]:
        """The known customers for these words; one key asks several times, the store once."""
        if self._found[0] != words:
            try:
                rows = customers(self._reader, words, limit=OFFERED) if words.strip() else ()
            except StoreBusy:
                return ()
            self._found = words, rows
        return self._found[1]

    def _known(self) -> CustomerRow | None:
        try:
            ref = self.ref
        except (NotUnderstood, StoreBusy):
            return None
        if not isinstance(ref, CustomerNumber):
            return None
        return next((row for row in self._rows(self._line.value) if row.id == ref.id), None)

    def _said(self) -> str:
        if self._is_to_be_offered:
            return f"↓ {one_line(self._offer, OFFER_WIDTH)}{self._offered_for}"
        if not self._line.value.strip():
            return self._empty
        try:
            ref = self.ref
        except NotUnderstood as error:
            return safe(str(error))
        if isinstance(ref, CustomerNumber):
            row = self._known()
            return "known" if row is None else _known(row)
        near = [one_line(name, NAME_WIDTH) for name in self.offered(self._line.value)]
        return f"{self._unknown}; or ↓ {', '.join(near)}" if near else self._unknown


def _known(row: CustomerRow) -> str:
    parts = [f"known: {one_line(row.name, NAME_WIDTH)}"]
    if row.prefers:
        parts.append(f"prefers {row.prefers}")
    if row.vip:
        parts.append("VIP")
    if row.open_count:
        parts.append(f"{row.open_count} open")
    if row.organisation and fold(row.organisation) != fold(row.name):
        parts.append(one_line(row.organisation, NAME_WIDTH))
    return " · ".join(parts)


def _could_be(fits: Sequence[tuple[int, str]]) -> str:
    names = ", ".join(f"{one_line(name, NAME_WIDTH)} ({id})" for id, name in fits)
    return f"could be {names}"
