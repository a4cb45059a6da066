"""How a whole column of dates is to be read: 03/04/2026 is in April or in March for all of it.

Every value is noted before one is read. What no value proves is taken from what a person said,
or refused with both readings; it is never guessed row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.format import date_label
from poc_tui.rules.dates.stamps import Stamp, StampForm, read, whole_year
from poc_tui.rules.text import safe

CLEAR = 2
"""How many times as many values must prove one order as prove another, for it to be the
column's; the others are slips then, and refused."""


class DateOrder(StrEnum):
    """Which number comes first."""

    DAY = "day first"
    MONTH = "month first"
    YEAR = "year first"


_OTHER = {
    DateOrder.DAY: "--month-first",
    DateOrder.MONTH: "--day-first",
    DateOrder.YEAR: "--day-first",
}


@dataclass(slots=True)
class _Seen:
    """Values that can be read in the same orders: how many, and the first of them."""

    line: int
    words: str
    readings: dict[DateOrder, date]
    count: int = 0


class DateColumn:
    """What the dates under one name are, value after value; then `decide_all`."""

    def __init__(self, name: str) -> None:
        self.name = safe(name)
        self.seen: dict[frozenset[DateOrder], _Seen] = {}
        self.signs: set[str] = set()
        self.forms: dict[StampForm, _Seen] = {}

    def note(self, words: str, line: int) -> None:
        """Take a value into account; one that is no date proves nothing."""
        try:
            stamp = read(words)
        except NotUnderstood:
            return
        self.forms.setdefault(stamp.form, _Seen(line, safe(words), {})).count += 1
        if stamp.form != StampForm.NUMBERS:
            return
        readings = _readings(stamp)
        if len(set(readings.values())) > 1 or len(readings) == 1:
            self.signs.add(stamp.sign)
            found = self.seen.setdefault(frozenset(readings), _Seen(line, safe(words), readings))
            found.count += 1


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the values of one column as was decided for all of it."""

    order: DateOrder | None = DateOrder.DAY
    """None where the column is ISO 8601, and what can be read in two ways contradicts it."""
    form: StampForm | None = None
    """The one form of a column of numbers; None where there are dates among them."""
    why: str = ""
    """By what it was decided, as it is said."""

    def moment(self, words: str, zone: tzinfo, without_time: time) -> datetime:
        """The moment, aware UTC; one without a zone is meant in `zone`.

        Raises:
            NotUnderstood: it is no date, does not exist, or contradicts its column.
        """
        stamp = read(words)
        try:
            return stamp.at(self._day(stamp, words), zone, without_time)
        except OverflowError as error:
            raise NotUnderstood(f"“{safe(words)}” is too far off") from error

    def _day(self, stamp: Stamp, words: str) -> date:
        if stamp.form in (StampForm.UNIX, StampForm.DAY_NUMBER) and self.form != stamp.form:
            raise NotUnderstood(f"“{safe(words)}” is a mere number among dates")
        if stamp.day is not None:
            return stamp.day
        readings = _readings(stamp)
        if not readings:
            raise NotUnderstood(f"“{safe(words)}” does not exist")
        if len(set(readings.values())) == 1 and self.order is None:
            return next(iter(readings.values()))
        if self.order in readings:
            return readings[self.order]
        if self.order is None:
            raise NotUnderstood(
                f"“{safe(words)}” can be {_either(readings)}, and its column is ISO 8601"
            )
        raise NotUnderstood(
            f"“{safe(words)}” contradicts its column, which is {self.order}{self.why}"
        )


def decide_all(
    columns: Sequence[DateColumn], said: DateOrder | None, usual: DateOrder | None
) -> tuple[list[DateReader], list[str]]:
    """How each column is to be read, in the order given, and the sentences that say so.

    `said` is what a person said for this file and goes before all; then what a column proves;
    then what the other columns of the file prove, where they agree and are written with the same
    signs; then `usual`, what the settings say. Where nothing does and most of a column is
    ISO 8601, it is that, and what can be read in two ways contradicts it.

    Raises:
        NotUnderstood: a column proves two orders, or can be read in two and nothing says which.
    """
    proved = [(column, order) for column in columns if (order := _proved(column))]
    readers: list[DateReader] = []
    sentences: list[str] = []
    for column in columns:
        numbers = _only_number(column)
        if numbers:
            readers.append(DateReader(form=numbers))
            sentences.append(_said_of_numbers(column, numbers))
        elif not column.seen:
            readers.append(DateReader())
        else:
            order, why = _order(column, said, usual, proved)
            readers.append(DateReader(order, why=why))
            sentences.append(_sentence(column, order, why, asked=said is not None))
    return readers, sentences


def _readings(stamp: Stamp) -> dict[DateOrder, date]:
    """What the numbers are in each order in which they are a date."""
    one, two, three = stamp.numbers
    tries = {DateOrder.DAY: (three, two, one), DateOrder.MONTH: (three, one, two)}
    if three < 100 and stamp.sign == "-":
        tries[DateOrder.YEAR] = (one, two, three)
    found = {}
    for order, (year, month, day) in tries.items():
        try:
            found[order] = date(whole_year(year), month, day)
        except ValueError:
            continue
    on_that_day = {o: day for o, day in found.items() if day.weekday() == stamp.weekday}
    return on_that_day or found


def _coverage(column: DateColumn, order: DateOrder) -> int:
    return sum(seen.count for orders, seen in column.seen.items() if order in orders)


def _proved(column: DateColumn) -> DateOrder | None:
    """The order that the column's own values prove, None where they prove none or two."""
    best, second = sorted(DateOrder, key=lambda order: -_coverage(column, order))[:2]
    for_it = sum(seen.count for seen in _only(column, best, second))
    against = sum(seen.count for seen in _only(column, second, best))
    return best if for_it and for_it >= CLEAR * against else None


def _only(column: DateColumn, order: DateOrder, other: DateOrder) -> list[_Seen]:
    """What can be read in one order and not in the other."""
    return [seen for orders, seen in column.seen.items() if order in orders and other not in orders]


def _order(
    column: DateColumn,
    said: DateOrder | None,
    usual: DateOrder | None,
    proved: Sequence[tuple[DateColumn, DateOrder]],
) -> tuple[DateOrder | None, str]:
    if said is not None:
        return said, ", as was asked for"
    own = [order for proving, order in proved if proving is column]
    if own:
        order = own[0]
        other = DateOrder.MONTH if order == DateOrder.DAY else DateOrder.DAY
        proof = min(_only(column, order, other), key=lambda seen: seen.line)
        return order, f" ({proof.words} on line {proof.line:,})"
    _refuse_contradiction(column)
    if column.signs == {"."}:
        return DateOrder.DAY, ", as dates with dots are"
    alike = {order: other.name for other, order in proved if other.signs == column.signs}
    if len(alike) == 1:
        ((order, name),) = alike.items()
        if order in _common(column):
            return order, f", as “{name}” is"
    if usual in _common(column) and DateOrder.YEAR not in _common(column):
        return usual, ", as desk.day_first in the settings says"
    seen = _doubtful(column)
    named = column.forms.get(StampForm.NAMED)
    if named and named.count >= CLEAR * sum(each.count for each in column.seen.values()):
        return None, ""
    raise NotUnderstood(
        f"“{seen.words}” under “{column.name}” (line {seen.line:,}) can be "
        f"{_either(seen.readings)}, and no row "
        "says which; say --day-first or --month-first, or set desk.day_first in the settings"
    )


def _common(column: DateColumn) -> frozenset[DateOrder]:
    """The orders in which every value can be read."""
    return frozenset.intersection(*column.seen)


def _refuse_contradiction(column: DateColumn) -> None:
    if _common(column):
        return
    proofs = " and ".join(
        f"{order} on line {seen.line:,} ({seen.words})"
        for order in DateOrder
        if (seen := column.seen.get(frozenset((order,))))
    )
    raise NotUnderstood(
        f"the dates under “{column.name}” contradict each other: {proofs}; say --day-first or "
        "--month-first, and the rows that are not so are kept aside"
    )


def _doubtful(column: DateColumn) -> _Seen:
    """The first value that can be read in more than one order."""
    several = [seen for orders, seen in column.seen.items() if len(orders) > 1]
    return min(several, key=lambda seen: seen.line)


def _either(readings: Mapping[DateOrder, date]) -> str:
    return " or ".join(map(date_label, sorted(set(readings.values()))))


def _only_number(column: DateColumn) -> StampForm | None:
    for form in (StampForm.UNIX, StampForm.DAY_NUMBER):
        if set(column.forms) == {form}:
            return form
    return None


def _sentence(column: DateColumn, order: DateOrder | None, why: str, *, asked: bool) -> str:
    if order is None:
        seen = _doubtful(column)
        return (
            f"dates under “{column.name}” are ISO 8601; what can be read in two ways is kept aside "
            f"(the first is {seen.words} on line {seen.line:,}): --day-first or --month-first "
            "reads it"
        )
    sentence = f"dates under “{column.name}” are read {order}{why}"
    if why.startswith(" (") or max(map(len, column.seen)) < 2:
        return sentence
    seen = _doubtful(column)
    if order in seen.readings:
        sentence += f": {seen.words} on line {seen.line:,} is {date_label(seen.readings[order])}"
    return sentence if asked else f"{sentence}; {_OTHER[order]} reads them the other way"


def _said_of_numbers(column: DateColumn, form: StampForm) -> str:
    seen = column.forms[form]
    stamp = read(seen.words)
    what = "Unix time" if form == StampForm.UNIX else "day numbers of a spreadsheet"
    day = f": {seen.words} on line {seen.line:,} is {date_label(stamp.day)}" if stamp.day else ""
    return f"dates under “{column.name}” are read as {what}{day}"
