"""What a list is as JSON, in ASCII, so that no text from outside can carry a raw escape."""

from __future__ import annotations

import sys
from datetime import date, timezone
from itertools import islice

try:
    from _json import encode_basestring_ascii
except ImportError:  # an interpreter without the part of `json` that is written in C
    from json.encoder import encode_basestring_ascii

from poc_tui.store.queries.reader import moment

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timedelta, tzinfo
    from typing import Any

_AT_ONCE = 500
"""Things written in one go."""


def print_array(texts: Iterable[str]) -> None:
    """Print these JSON texts as one array, a line each."""
    remaining = iter(texts)
    before = "[\n"
    while portion := list(islice(remaining, _AT_ONCE)):
        sys.stdout.write(before + ",\n".join(portion))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


_DAY = 86_400
_SPAN = 3 * _DAY
"""No zone ever changed its clocks there and back in less: Freetown did in four days, in 1939."""
_EPOCH = date(1970, 1, 1).toordinal()


class LocalTimes:
    """Moments as ISO 8601 in one zone, with offset, such as `2026-11-27T14:00:00+01:00`.

    Without a zone it is that of this computer, with its rules for every date.

    Three days between which the clocks did not change have one offset, asked for once, and the
    rest is put together from parts: making each of thirty thousand moments into a datetime and
    asking the zone about it takes longer than reading them from the store.
    """

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._spans: dict[int, tuple[int, tuple[str, ...]] | None] = {}
        self._edges: dict[int, timedelta | None] = {}
        self._ends: dict[timedelta, tuple[str, ...]] = {}
        self._dates: dict[int, str] = {}

    def of(self, at: datetime | None) -> str | None:
        """The aware moment, in the zone."""
        return None if at is None else at.astimezone(self._zone).isoformat()

    def of_seconds(self, seconds: int) -> str:
        """The moment that many seconds after the start of 1970, UTC."""
        return self.quoted(seconds)[1:-1]

    def quoted(self, seconds: int) -> str:
        """The moment that many seconds after the start of 1970, UTC, as JSON has it: in quotes."""
        span = seconds // _SPAN
        try:
            found = self._spans[span]
        except KeyError:
            found = self._spans[span] = self._span(span)
        if found is None:
            return f'"{self.of(moment(seconds))}"'
        ahead, ends = found
        day, second = divmod(seconds + ahead, _DAY)
        try:
            day_words = self._dates[day]
        except KeyError:
            day_words = self._dates[day] = f'"{date.fromordinal(_EPOCH + day)}'
        return f"{day_words}{_MINUTES[second // 60]}{ends[second % 60]}"

    def _span(self, span: int) -> tuple[int, tuple[str, ...]] | None:
        """The offset of those days in seconds, and how each second of a minute ends by it.

        None if the clocks change meanwhile, or not every zone can show it.
        """
        first = self._edge(span)
        if first is None or first != self._edge(span + 1):
            return None
        if first not in self._ends:
            words = moment(0).astimezone(timezone(first)).isoformat()[len("1970-01-01T00:00:00") :]
            self._ends[first] = tuple(f'{second:02}{words}"' for second in range(60))
        return int(first.total_seconds()), self._ends[first]

    def _edge(self, span: int) -> timedelta | None:
        """The offset as that span begins, None where that is no moment of every zone."""
        if span not in self._edges:
            start = moment(span * _SPAN)
            shown = start.timestamp() == span * _SPAN
            self._edges[span] = start.astimezone(self._zone).utcoffset() if shown else None
        return self._edges[span]


_MINUTES = tuple(f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))


class _Quoted(dict[str | None, str]):
    """Words as JSON, each made once: kinds and departments come again and again."""

    def __missing__(self, words: str | None) -> str:
        self[words] = quoted = "null" if words is None else encode_basestring_ascii(words)
        return quoted


def requests(rows: Iterable[Sequence[Any]], times: LocalTimes) -> Iterator[str]:
    """Requests as a list prints them, of `listing.listed`, each as the text of a JSON object.

    Put together by hand: an encoder that is told nothing about the rows takes four times as long.
    """
    quoted, quote, of = _Quoted(), encode_basestring_ascii, times.quoted
    for row in rows:
        # Taking the row apart at once is quicker than naming its parts one by one.
        (number, subject, text, customer, state, court, channel, kind, priority, received, due,
         next_, answered, resolved, ending, department, tags) = row  # fmt: skip
        yield (
            f'{{"number": {number}, "subject": {quote(subject)}, "text": {quote(text)},'
            f' "customer": {"null" if customer is None else quote(customer)},'
            f' "department": {quoted[department]}, "state": {quoted[state]},'
            f' "court": {quoted[court]}, "channel": {quoted[channel]}, "kind": {quoted[kind]},'
            f' "priority": {quoted[priority]},'
            f' "tags": [{", ".join([quoted[tag] for tag in tags]) if tags else ""}],'
            f' "received_at": {of(received)}, "due_at": {"null" if due is None else of(due)},'
            f' "next_at": {"null" if next_ is None else of(next_)},'
            f' "first_answered_at": {"null" if answered is None else of(answered)},'
            f' "resolved_at": {"null" if resolved is None else of(resolved)},'
            f' "resolution": {quoted[ending]}}}'
        )
