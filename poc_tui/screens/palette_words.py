"""What the palette makes of words behind a command: `snooze fri`, `forward tech`, `1042`, `@meyer`.

Each hit says what it will do. What a hit says whole is done at once; all else opens the dialog with
these words in it, where Enter saves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from poc_tui.commands import DIALOGS, NEEDS
from poc_tui.errors import NotUnderstood, PocError
from poc_tui.rules.applicable import meets, refusal
from poc_tui.rules.dates.format import ago
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.recurrence import series
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.rules.text import fold
from poc_tui.screens.palette_hits import CommandHits, Hit
from poc_tui.screens.request import RequestScreen
from poc_tui.store.queries.customers import customers
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.queue import by_number
from poc_tui.widgets.date_field import first_sentence

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App

    from poc_tui.screens.command_screen import CommandScreen
    from poc_tui.store.records import QueueRow

_NUMBER = re.compile(r"#?\s*(\d{1,18})")
_FIRST_NUMBER = re.compile(r"#(\d{1,18})\b\s*")

MOST_OFFERED = 8
"""Customers or departments for words that several begin with."""

_LEAST = 3
"""Letters of "drafts" that ask for them."""

LONGEST_DATE = 6
"""Words of a date: “every second friday at 9 am”."""

_TEXTS = {
    "answer": "answer {which}",
    "log": "log an answer on {which}",
    "note": "note on {which}",
    "escalate": "escalate {which}, to",
}
"""Of verbs that take any words: what they are shown as."""

Reading = Callable[[str], tuple["datetime", str]]
"""What reads a date: its moment, and the words for it."""


class PaletteWords:
    """Reads what stands behind the name of a command.

    Args:
        screen: the one below the palette.
        commands: those that work there.
    """

    def __init__(self, screen: CommandScreen[Any], commands: CommandHits) -> None:
        self._screen = screen
        self._session = screen.session
        self._commands = commands
        self._takes: dict[str, Callable[[str, Sequence[QueueRow]], Iterator[Hit]]] = {
            "snooze": self._snooze,
            "remind": partial(self._dated, "remind", "at", "remind of"),
            "promise": partial(self._dated, "promise", "by", "promise on"),
            "triage": self._triage,
            "forward": self._forward,
            "resolve": self._resolve,
            "new": self._new,
            "search": self._search,
            "theme": self._theme,
            **{id: partial(self._text, id) for id in _TEXTS},
        }

    def find(self, typed: str) -> list[Hit]:
        """What these words lead to; nothing where they are no more than the name of a command."""
        try:
            return list(self._find(typed.lstrip()))
        except PocError as error:  # the store cannot be read just now
            return [Hit("", first_sentence(str(error)))]

    def _find(self, typed: str) -> Iterator[Hit]:
        words = typed.strip()
        if found := _NUMBER.fullmatch(words):
            yield self._number(int(found[1]))
            return
        if words.startswith("@"):
            yield from self._customers(words[1:].strip())
            return
        if len(words) >= _LEAST and "drafts".startswith(fold(words)):
            yield from self._drafts()
        name, blank, rest = typed.partition(" ")
        id = self._commands.by_name(name, tuple(self._takes)) if blank else None
        if id is None:
            return
        rest, rows = rest.strip(), self._screen.footer.at_hand
        if found := _FIRST_NUMBER.match(rest):
            rest, rows = rest[found.end() :], by_number(self._session.reader, [int(found[1])])
            if not rows:
                yield Hit(id, f"there is no request #{found[1]}")
                return
        need = NEEDS[id]
        able = [row for row in rows if meets(row, need)]
        if rows and not able:
            yield Hit(id, refusal(need, [row.number for row in rows]))
        elif need not in ("", "requests") and not able:
            yield Hit(id, f"{name}: no request is highlighted")
        else:
            yield from self._takes[id](rest, able)

    def _drafts(self) -> Iterator[Hit]:
        """What is half written, to be gone on with."""
        from poc_tui.system.kept_words import FOLDER, kept_drafts

        folder = os.path.join(self._session.memory_dir, FOLDER)
        found = kept_drafts(folder, self._session.path, DIALOGS)
        for draft in found[:MOST_OFFERED]:
            rows = by_number(self._session.reader, draft.numbers)
            if len(rows) == len(draft.numbers) and not draft.more:
                said = f"{draft.dialog} {_which(rows)}, half written{_behind(draft.text)}"
                when = ago(draft.at, self._session.clock.now())
                yield Hit(draft.dialog, said, when, act=self._opens(draft.dialog, {}, rows))
        if not found:
            yield Hit("", "nothing is half written")

    def _number(self, number: int) -> Hit:
        rows = by_number(self._session.reader, [number])
        if not rows:
            return Hit("go_to_number", f"there is no request #{number}")
        row = rows[0]
        whose = " · ".join(filter(None, (row.customer, row.state)))
        go = partial(self._go_to, number)
        return Hit("go_to_number", f"go to #{number} {row.subject}", whose, act=go)

    def _go_to(self, number: int) -> None:
        screen = self._screen
        if screen.go_to is not None:
            screen.go_to(f"#{number}")
        else:
            screen.app.push_screen(RequestScreen(self._session, number))

    def _customers(self, words: str) -> Iterator[Hit]:
        go_to = self._screen.go_to
        if go_to is None:
            yield Hit(
                "go_to_customer", "the requests of a customer are shown on the desk; esc first"
            )
            return
        if not words:
            yield Hit("go_to_customer", "whose requests? Such as @meyer")
            return
        rows = customers(self._session.reader, words, limit=MOST_OFFERED)
        for row in rows:
            counts = f"{row.open_count} open, {row.resolved_count} resolved"
            act = partial(go_to, f"@{row.name}")
            yield Hit("go_to_customer", f"show the requests of {row.name}", counts, act=act)
        if not rows:
            yield Hit("go_to_customer", f"no customer is called “{words}”")

    def _snooze(self, rest: str, rows: Sequence[QueueRow]) -> Iterator[Hit]:
        if not rest:
            ask = self._opens("snooze", {}, rows)
            yield Hit("snooze", f"snooze {_which(rows)} until …", "such as fri 9:00", act=ask)
            return
        try:
            until, _, said, why = self._date(rest, self._once)
        except NotUnderstood as error:
            yield Hit("snooze", f"snooze {_which(rows)}: {first_sentence(str(error))}")
            return
        from poc_tui.store.drafts import Snooze

        act = partial(self._screen.action_run, "snooze", Snooze(until, why), rows)
        yield Hit("snooze", f"snooze {_which(rows)} until {said}{_behind(why)}", act=act)

    def _dated(
        self, id: str, field: str, shown: str, rest: str, rows: Sequence[QueueRow]
    ) -> Iterator[Hit]:
        """A date and words, in this order; the one or the other may be left for the dialog."""
        which = f" {_which(rows)}" if rows else ""
        if not rest:
            ask = self._opens(id, {}, rows)
            yield Hit(id, f"{shown}{which} …", "such as fri 9:00 call back", act=ask)
            return
        try:
            _, date, said, text = self._date(
                # What is promised by a day is by its end of business.
                rest,
                partial(self._once, begins=False) if id == "promise" else self._once_or_again,
            )
        except NotUnderstood as error:
            yield Hit(id, f"{shown}{which}: {rest}", first_sentence(str(error)),
                      act=self._opens(id, {"text": rest}, rows))  # fmt: skip
            return
        act = self._opens(id, {field: date, "text": text}, rows)
        yield Hit(id, f"{shown}{which}, {said}{_behind(text)}", act=act)

    def _text(self, id: str, rest: str, rows: Sequence[QueueRow]) -> Iterator[Hit]:
        shown = _TEXTS[id].format(which=_which(rows))
        if not rest:
            return
        words = {"text": rest}
        if id == "escalate":
            # Of what is escalated already the dialog asks whether that is to be taken back.
            anew = {"way": "anew"} if all(row.escalated for row in rows) else {}
            words = {"to": rest} | anew
        yield Hit(id, f"{shown}: {rest}", act=self._opens(id, words, rows))

    def _triage(self, rest: str, rows: Sequence[QueueRow]) -> Iterator[Hit]:
        """Values of what triage asks, in any order, and at the end the customer."""
        from poc_tui.models.values import Channel, Kind, Priority

        values, _, customer = rest.partition("@")
        words = {"customer": customer.strip()} if customer.strip() else {}
        for name in values.split():
            fits = [
                (field, value.value)
                for field, kind in (("kind", Kind), ("priority", Priority), ("channel", Channel))
                for value in kind
                if value.startswith(name.lower())
            ]
            if len(fits) != 1:
                could = " or ".join(value for _, value in fits)
                what = f"could be {could}" if could else "is no kind, priority or channel"
                yield Hit("triage", f"triage {_which(rows)}: “{name}” {what}")
                return
            words |= dict(fits)
        if words:
            said = ", ".join(f"{field} {value}" for field, value in words.items())
            act = self._opens("triage", words, rows)
            yield Hit("triage", f"triage {_which(rows)}: {said}", act=act)

    def _forward(self, rest: str, rows: Sequence[QueueRow]) -> Iterator[Hit]:
        known = departments(self._session.reader)
        name, question = _first_word(rest)
        whole = [row for row in known if fold(rest).startswith(fold(row.name))]
        fits = whole or [row for row in known if fold(row.name).startswith(fold(name))]
        for row in fits[:MOST_OFFERED]:
            asked = rest[len(row.name) :].strip() if whole else question
            act = self._opens("forward", {"department": str(row.id), "question": asked}, rows)
            said = f"forward {_which(rows)} to {row.name}{_behind(asked)}"
            yield Hit("forward", said, row.remit, act=act)
        if not fits:
            names = ", ".join(row.name for row in known)
            yield Hit("forward", f"no department is called “{name}”; there are {names}")

    def _resolve(self, rest: str, rows: Sequence[QueueRow]) -> Iterator[Hit]:
        from poc_tui.models.values import Resolution

        name, text = _first_word(rest)
        fits = [ending for ending in Resolution if ending.startswith(name.lower())]
        for ending in fits:
            act = self._opens("resolve", {"resolution": ending.value, "text": text}, rows)
            yield Hit("resolve", f"resolve {_which(rows)} as {ending}{_behind(text)}", act=act)
        if not fits:
            yield Hit("resolve", f"resolve as {', '.join(Resolution)}; not as “{name}”")

    def _new(self, rest: str, _: Sequence[QueueRow]) -> Iterator[Hit]:
        if rest:
            act = partial(self._screen.action_run, "new", rest)
            yield Hit("new", f"take down a new request: {rest}", act=act)

    def _search(self, rest: str, _: Sequence[QueueRow]) -> Iterator[Hit]:
        if rest and self._screen.go_to is not None:
            yield Hit("search", f"search for {rest}", act=partial(self._screen.go_to, rest))

    def _theme(self, rest: str, _: Sequence[QueueRow]) -> Iterator[Hit]:
        app = self._screen.app
        fits = [name for name in sorted(app.available_themes) if rest.lower() in name]
        for name in fits:
            now = "as it is now" if name == app.theme else ""
            yield Hit("theme", f"use the colours {name}", now, act=partial(_use_theme, app, name))
        if not fits:
            yield Hit("theme", f"there are no colours called “{rest}”")

    def _opens(
        self, id: str, words: dict[str, str], rows: Sequence[QueueRow]
    ) -> Callable[[], object]:
        """What opens a dialog with these words; a field without any stays as it is."""
        given = {field: said for field, said in words.items() if said}
        return partial(self._screen.action_run, id, given, rows)

    def _date(self, rest: str, read: Reading) -> tuple[datetime, str, str, str]:
        """The longest date that the words begin with: its moment, its words, how it was
        understood, and the words behind it.

        Raises:
            NotUnderstood: they begin with none.
        """
        words = rest.split()
        error = None
        for end in range(min(len(words), LONGEST_DATE), 0, -1):
            date = " ".join(words[:end])
            try:
                moment, said = read(date)
            except NotUnderstood as why:
                error = why
                continue
            return moment, date, said, " ".join(words[end:])
        raise error or NotUnderstood("a date is missing")

    def _once(self, words: str, *, begins: bool = True) -> tuple[datetime, str]:
        clock, settings = self._session.clock, self._session.settings
        office = OfficeHours(settings.hours, begins=begins)
        day_first = settings.day_first
        moment = understand(words, clock.now(), clock.zone, day_first=day_first, office=office)
        return moment, self._session.say(moment)

    def _once_or_again(self, words: str) -> tuple[datetime, str]:
        clock, settings = self._session.clock, self._session.settings
        office = OfficeHours(settings.hours, begins=True)
        now, zone, day_first = clock.now(), clock.zone, settings.day_first
        found = series.understand(words, now, zone, day_first=day_first, office=office)
        if found is None:
            return self._once(words)
        return found.first, series.said(found.first, found.rule, now, zone)


def _which(rows: Sequence[QueueRow]) -> str:
    return f"#{rows[0].number}" if len(rows) == 1 else f"{len(rows)} requests"


def _behind(words: str) -> str:
    return f": {words}" if words else ""


def _first_word(words: str) -> tuple[str, str]:
    first, _, others = words.partition(" ")
    return first, others.strip()


def _use_theme(app: App[Any], name: str) -> None:
    app.theme = name
