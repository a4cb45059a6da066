"""The days on which nobody works: own ones, public holidays, and those of a calendar file.

The public holidays are those that the `holidays` package knows for a country and its region. It
takes long to import, as does what reads a calendar, and most commands never ask about a day: so
nothing is read before the first question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import ConfigWrong, NotUnderstood
from poc_tui.rules.text import fold, safe

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from poc_tui.settings.holiday_file import HolidayFile


@dataclass(frozen=True, eq=False)
class DaysOff:
    """The days off of one place, asked as `day in days_off` with a local `date`.

    `own` are days of the place itself, `country` is an ISO 3166-1 code such as "DE", `region` the
    package's code of a subdivision such as "BY", `calendar` the path of an .ics file. Of the
    package's days only public holidays count, of the file's all-day events only those that are not
    cancelled. In a year that the package does not know there are no public holidays.

    Two are equal when their days come out the same: the file counts by what it holds, not by its
    path. Asking, `check`, `spec` and comparing raise ConfigWrong, with what can be done, for a
    country or region that there is not and for a file that cannot be used, each time anew.
    """

    own: frozenset[date]
    country: str | None = None
    region: str | None = None
    calendar: str | None = None
    _years: dict[int, frozenset[date]] = field(default_factory=dict, init=False, repr=False)

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if day in self.own:
            return True
        # Two threads that ask at once work the same year out twice, which does no harm.
        if day.year not in self._years:
            self._years[day.year] = self._days_of(day.year)
        return day in self._years[day.year]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DaysOff) and self.spec == other.spec

    def __hash__(self) -> int:
        return hash((self.own, self.country, self.region))

    @property
    def spec(self) -> str:
        """A fingerprint of the days in one line, made without working them out."""
        calendar = self._file and self._file.fingerprint
        named = {"country": self.country, "region": self.region, "calendar": calendar}
        given = (f"{name}={value}" for name, value in named.items() if value)
        return " ".join((_own_spec(self.own), *given))

    def check(self) -> None:
        """Find out now whether these days off can be known; takes about 0.2 s.

        Raises:
            ConfigWrong: country, region or file cannot be used.
        """
        if self.country:
            _public_holidays(self.country, self.region, None)
        if self._file:
            self._file.check()

    def _days_of(self, year: int) -> frozenset[date]:
        days: frozenset[date] = frozenset()
        if self.country:
            days |= _public_holidays(self.country, self.region, year)
        if self._file:
            days |= self._file.days_of(year)
        return days

    @cached_property
    def _file(self) -> HolidayFile | None:
        if not self.calendar:
            return None
        from poc_tui.settings.holiday_file import HolidayFile

        return HolidayFile(self.calendar)


def check(days: Container[date]) -> None:
    """Find out whether these days off, of any kind that `Hours` takes, can be known.

    Raises:
        ConfigWrong: they cannot.
    """
    if isinstance(days, DaysOff):
        days.check()


def hint(days: Container[date], year: int) -> str:
    """What is missing where a country is named, but neither region nor a file of days off.

    It is worth a sentence where each of its regions has more public holidays in that year than
    all have in common, as in Switzerland or Great Britain; else empty. Takes up to a second;
    raises nothing for what `check` lets pass.
    """
    if not isinstance(days, DaysOff) or not days.country or days.region or days.calendar:
        return ""
    import holidays

    entity = getattr(holidays, days.country).get_entity()
    common = _public_holidays(days.country, None, year)
    more = [
        len(_public_holidays(days.country, region, year) - common) for region in entity.subdivisions
    ]
    if not more or not min(more):
        return ""
    fewest, most = min(more), max(more)
    count = str(most) if fewest == most else f"{fewest} to {most}"
    example = entity.subdivisions[0]
    named = next(
        (f" ({name})" for name, code in entity.subdivisions_aliases.items() if code == example), ""
    )
    return (
        f"Only the {len(common)} public holidays of {year} that all of {days.country} has in common"
        f" are days off now; each region has {count} more."
        f" Name yours with hours.region, such as {example}{named}."
    )


class Country(NamedTuple):
    """A country of which public holidays are known.

    `code` is that of ISO 3166-1, `regions` are those that have days of their own, as (code, name);
    `weekend` are the days that are off every week, 0 is Monday.
    """

    code: str
    name: str
    regions: tuple[tuple[str, str], ...]
    weekend: frozenset[int]

    def days(self, region: str, year: int) -> int:
        """How many public holidays it has in that year, there or everywhere."""
        return len(_public_holidays(self.code, region or None, year))


def country(words: str) -> Country:
    """The country that a person means by its code, or by its English name or the start of that.

    Raises:
        NotUnderstood: there is none; it names those that are most like it.
    """
    import holidays
    from holidays.registry import COUNTRIES

    names = {codes[1]: module.replace("_", " ").title() for module, codes in COUNTRIES.items()}
    wanted = fold(words).strip()
    code = wanted.upper()
    if code not in names:
        fits = [code for code, name in names.items() if wanted and fold(name).startswith(wanted)]
        if len(fits) != 1:
            near = _nearest(words.strip() or " ", {code: [name] for code, name in names.items()})
            raise NotUnderstood(f"“{safe(words)}” is no country; like it are {near}")
        (code,) = fits
    entity = getattr(holidays, code)
    aliases = entity.get_subdivision_aliases()
    regions = tuple((region, " ".join([region, *aliases[region][-1:]])) for region in aliases)
    return Country(code, names[code], regions, frozenset(entity().weekend))


def spec_of(days: Container[date]) -> str:
    """The fingerprint of `DaysOff` or of a plain set of days: the same text, the same days.

    Raises:
        ConfigWrong: a file cannot be read.
        TypeError: it is any other container.
    """
    if isinstance(days, DaysOff):
        return days.spec
    if isinstance(days, (frozenset, set)):
        return _own_spec(days)
    raise TypeError(f"{type(days).__name__} has no fingerprint")


def _own_spec(days: Iterable[date]) -> str:
    return f"own={','.join(sorted(map(str, days)))}"


def _public_holidays(country: str, region: str | None, year: int | None) -> frozenset[date]:
    """The public holidays of that year; of no year, none, but country and region are checked."""
    import holidays
    from holidays.registry import COUNTRIES

    # By code, since the package's own look-up takes stock exchanges for countries as well.
    named = {code: names[0] for names in COUNTRIES.values() for code in names[1:]}
    if country not in named:
        codes = {names[1]: [names[0]] for names in COUNTRIES.values()}
        raise ConfigWrong(
            f'"hours.country": no holidays are known for "{country}".'
            f" The nearest are {_nearest(country, codes)}."
        )
    entity = getattr(holidays, country).get_entity()
    if region and region not in entity.subdivisions and region not in entity.subdivisions_aliases:
        if not entity.subdivisions:
            raise ConfigWrong(
                f'"hours.region": no regions are known for {country}. Take the region away.'
            )
        raise ConfigWrong(
            f'"hours.region": {country} has no region "{region}".'
            f" The nearest are {_nearest(region, entity.get_subdivision_aliases())}."
        )
    return frozenset(entity(subdiv=region, years=year, expand=False))


def _nearest(word: str, names_of: dict[str, list[str]]) -> str:
    """The three codes that are most like `word`, each with a name where it has one."""
    from difflib import SequenceMatcher

    def likeness(written: str) -> tuple[bool, float]:
        # Of codes as short as these the first letter tells most.
        known, meant = written.casefold(), word.casefold()
        return known[0] == meant[0], SequenceMatcher(None, meant, known).ratio()

    best = {code: max(map(likeness, [code, *names])) for code, names in names_of.items()}
    nearest = sorted(best, key=lambda code: best[code], reverse=True)[:3]
    return ", ".join(
        " ".join([code, *(f"({name})" for name in names_of[code][:1])]) for code in nearest
    )
