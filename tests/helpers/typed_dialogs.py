"""Whole dialogs as somebody types them who does not look, and what must then be in the store."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple
from zoneinfo import ZoneInfo

from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import SystemClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.departments import department
from poc_tui.store.queries.reader import Reader

BERLIN = ZoneInfo("Europe/Berlin")

ENTER, TAB, BACK_TAB, NEW_LINE, END, PALETTE = "\r", "\t", "\x1b[Z", "\n", "\x1b[F", "\x10"
ESC = "\x1b"

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"


class Wanted(NamedTuple):
    """One value that must stand in the store, as a query with one row and one column."""

    query: str
    values: tuple[object, ...]
    value: object


class Typed(NamedTuple):
    """The keys of a dialog, each as the terminal sends it, and what they must lead to."""

    name: str
    keys: tuple[str, ...]
    wanted: tuple[Wanted, ...]


class Request(NamedTuple):
    """A request to act on, the word by which a search finds it, and words to type."""

    number: int
    found_by: str
    customer: str
    words: Callable[[], str]


def typist(seed: int) -> Callable[[], str]:
    """Gives words to type, other ones each time; no department or customer is called so."""
    chance = random.Random(seed)

    def words() -> str:
        lengths = [chance.randint(2, 7) for _ in range(chance.randint(2, 4))]
        return " ".join("x" + "".join(chance.choices(LETTERS, k=length)) for length in lengths)

    return words


def _said(request: Request, event: str, text: str, column: str = "text") -> Wanted:
    return Wanted(
        f"SELECT {column} FROM activity WHERE request_id = ? AND event = ? AND text = ?",
        (request.number, event, text),
        text if column == "text" else "",
    )


def _of(request: Request, column: str, value: object) -> Wanted:
    return Wanted(f"SELECT {column} FROM request WHERE id = ?", (request.number,), value)


def _of_new(subject: str, column: str, value: object) -> Wanted:
    return Wanted(
        f"SELECT {column} FROM request LEFT JOIN customer ON customer.id = customer_id"
        " WHERE subject = ?",
        (subject,),
        value,
    )


def _count(request: Request, event: str, count: int) -> Wanted:
    return Wanted(
        "SELECT count(*) FROM activity WHERE request_id = ? AND event = ?",
        (request.number, event),
        count,
    )


Dialog = Callable[[Request], tuple[Sequence[str], Sequence[Wanted]]]
"""Keys behind the search for the request, words as strings of letters; and what they lead to."""


def note(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, more = on.words(), on.words()
    return ["m", words, NEW_LINE, more, ENTER], [_said(on, "noted", f"{words}\n{more}")]


def note_after_staying(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, more = on.words(), on.words()
    return ["m", words, ESC, "n", more, ENTER], [_said(on, "noted", words + more)]


def note_after_leaving(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    keys = ["m", on.words(), ESC, "y", "m", words, ENTER]
    return keys, [_said(on, "noted", words), _count(on, "noted", 1)]


def note_by_palette(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return [PALETTE, "note", ENTER, words, ENTER], [_said(on, "noted", words)]


def snooze_by_palette(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, note = on.words(), on.words()
    keys = [":", f"snooze fri 14:00 {words}", ENTER, "/", on.found_by, ENTER, "m", note, ENTER]
    asleep = Wanted("SELECT snoozed_until % 3600 FROM request WHERE id = ?", (on.number,), 0)
    return keys, [_said(on, "snoozed", words), asleep, _said(on, "noted", note)]


def forward_by_palette(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, more = on.words(), on.words()
    asked = (
        "SELECT name FROM forward JOIN department ON department.id = department_id"
        " WHERE question = ? AND request_id = ?"
    )
    keys = [":", f"forward leg {words}", ENTER, f" {more}", ENTER]
    return keys, [Wanted(asked, (f"{words} {more}", on.number), "Legal")]


def resolve_by_palette(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return [":", f"resolve decl {words}", ENTER, ENTER], [
        _of(on, "resolution", "declined"),
        _said(on, "resolved", words),
    ]


def new_by_palette(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    subject = on.words()
    keys = [":", f"add {subject} kind:complaint", ENTER, ENTER]
    return keys, [_of_new(subject, "kind", "complaint")]


def note_behind_help(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["?", ESC, "m", words, ENTER], [_said(on, "noted", words)]


def note_on_its_own_screen(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return [ENTER, "m", words, ENTER, ESC], [_said(on, "noted", words)]


def note_behind_the_agenda(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["A", ESC, "m", words, ENTER], [_said(on, "noted", words)]


def note_taken_back(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    keys = ["m", on.words(), ENTER, "u", "m", words, ENTER]
    return keys, [_said(on, "noted", words), _count(on, "noted", 1)]


def note_refused_at_first(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["m", ENTER, words, ENTER], [_said(on, "noted", words)]


def log_of_the_customer(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["l", BACK_TAB, "th", TAB, words, ENTER], [
        Wanted(
            "SELECT text FROM activity WHERE request_id = ? AND text = ?",
            (on.number, words),
            words,
        )
    ]


def log_of_a_department(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["l", BACK_TAB, "leg", TAB, words, ENTER], [
        Wanted(
            "SELECT answer FROM forward JOIN department ON department.id = department_id"
            " WHERE request_id = ? AND name = 'Legal'",
            (on.number,),
            words,
        )
    ]


def forward(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    asked = (
        "SELECT {} FROM forward JOIN department ON department.id = department_id WHERE question = ?"
    )
    keys = ["f", "leg", TAB, words, TAB, "fri 14:00", ENTER]  # no word points to a department
    return keys, [
        Wanted(asked.format("request_id"), (words,), on.number),
        Wanted(asked.format("name"), (words,), "Legal"),
        # 14:00 in Berlin is a whole hour everywhere; the usual time would be the end of business.
        Wanted(asked.format("due_at % 3600"), (words,), 0),
    ]


def answer(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["a", words, TAB, "so", ENTER], [
        _said(on, "answered", words),
        Wanted(
            "SELECT channel FROM activity WHERE request_id = ? AND event = 'answered'",
            (on.number,),
            "social",
        ),
        _of(on, "court", "customer"),
    ]


def answer_that_resolves(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    # What it is a duplicate of is any other request: the one before it, or the second.
    other = on.number - 1 or 2
    return ["a", words, TAB, TAB, "resolve as dup", TAB, str(other), ENTER], [
        _of(on, "resolution", "duplicate"),
        Wanted(
            "SELECT changes ->> '$.duplicate_of[1]' FROM activity"
            " WHERE request_id = ? AND event = 'resolved'",
            (on.number,),
            other,
        ),
        Wanted(
            "SELECT text FROM activity WHERE request_id = ? AND text = ?",
            (on.number, words),
            words,
        ),
    ]


def resolve(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["r", BACK_TAB, "de", TAB, words, ENTER], [
        _of(on, "resolution", "declined"),
        _said(on, "resolved", words),
    ]


def reopen(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, why = on.words(), on.words()
    return ["r", words, ENTER, "/", on.found_by, ENTER, "o", why, ENTER], [
        _of(on, "state", "open"),
        _said(on, "reopened", why),
    ]


def snooze(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    keys = ["s", "in 3 days", TAB, words, BACK_TAB, "mon 9:00", ENTER]
    return keys, [_said(on, "snoozed", words)]


def remind(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["d", words, TAB, "every monday 9:00", ENTER], [
        Wanted("SELECT request_id FROM reminder WHERE text = ?", (words,), on.number),
        Wanted("SELECT every != '' FROM reminder WHERE text = ?", (words,), 1),
    ]


def promise(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words, whom = on.words(), on.words()
    return ["p", words, TAB, whom, TAB, "in 3 days", BACK_TAB, TAB, ENTER], [
        Wanted("SELECT whom FROM reminder WHERE text = ?", (words,), whom),
        Wanted("SELECT kind FROM reminder WHERE text = ?", (words,), "promise"),
    ]


def escalate(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    to, why = on.words(), on.words()
    return ["e", BACK_TAB, to, TAB, why, ENTER], [
        _of(on, "escalated_to", to),
        _of(on, f"substr(escalated_why, -{len(why)})", why),
    ]


def chase(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    words = on.words()
    return ["c", BACK_TAB, "leg", TAB, words, ENTER], [
        Wanted(
            f"SELECT substr(text, 1, {len(words)}) FROM activity"
            " WHERE request_id = ? AND event = 'chased'",
            (on.number,),
            words,
        )
    ]


def customer(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    name, organisation, likes = on.words(), on.words(), on.words()
    return ["C", name, TAB, organisation, TAB, "ph", TAB, likes, ENTER], [
        Wanted(f"SELECT {column} FROM customer WHERE name = ?", (name,), value)
        for column, value in (
            ("organisation", organisation),
            ("prefers", "phone"),
            ("preferences", likes),
        )
    ]


def triage(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    name = on.words()
    return ["t", name, TAB, "com", TAB, "h", TAB, "so", ENTER], [
        _of(on, "kind", "complaint"),
        _of(on, "priority", "high"),
        _of(on, "channel", "social"),
        Wanted(
            "SELECT name FROM customer JOIN request ON customer.id = customer_id"
            " WHERE request.id = ?",
            (on.number,),
            name,
        ),
    ]


def new(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    subject, text, whom = on.words(), on.words(), on.words()
    keys = ["n", subject, TAB, text, TAB, whom, TAB, "le", TAB, "f", TAB, "l", TAB, "fri 14:00"]
    return [*keys, BACK_TAB, "h", ENTER], [
        _of_new(subject, "request.text", text),
        _of_new(subject, "customer.name", whom),
        _of_new(subject, "channel", "letter"),
        _of_new(subject, "kind", "feedback"),
        _of_new(subject, "priority", "high"),
    ]


def new_with_marks(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    subject, text, more = on.words(), on.words(), on.words()
    marks = " prio:low kind:order via:social"
    keys = ["n", subject, marks, TAB, text, BACK_TAB, END, f" {more}", ENTER]
    return keys, [
        _of_new(f"{subject} {more}", "request.text", text),
        _of_new(f"{subject} {more}", "channel", "social"),
        _of_new(f"{subject} {more}", "kind", "order"),
        _of_new(f"{subject} {more}", "priority", "low"),
    ]


def new_for_a_known_customer(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    subject, right = on.words(), "\x1b[C"
    keys = ["n", subject, TAB, TAB, on.customer[:-3], right, ENTER]
    return keys, [_of_new(subject, "customer.name", on.customer)]


def a_department(on: Request) -> tuple[Sequence[str], Sequence[Wanted]]:
    name, remit = on.words(), on.words()
    return ["D", "n", name, TAB, remit, ENTER, ESC], [
        Wanted("SELECT remit FROM department WHERE name = ?", (name,), remit)
    ]


DIALOGS: Sequence[Dialog] = (
    note, new, log_of_the_customer, forward, answer, snooze, new_with_marks, remind, triage,
    resolve, customer, promise, note_after_staying, escalate, note_after_leaving, chase,
    note_by_palette, log_of_a_department, note_behind_help, answer_that_resolves,
    note_on_its_own_screen, reopen, note_behind_the_agenda, new_for_a_known_customer,
    note_taken_back, a_department, note_refused_at_first, snooze_by_palette, forward_by_palette,
    resolve_by_palette, new_by_palette,
)  # fmt: skip


def desk_to_type_at(path: str, count: int) -> list[Request]:
    """A store with so many requests, each of a customer and with two departments."""
    clock = SystemClock(BERLIN)
    migrate.ensure(path, clock)
    chance = random.Random(count)
    requests = []
    with closing(Desk(path, clock, Deadlines(Hours.standard(BERLIN), starter()))) as desk:
        with closing(Reader(path)) as reader:
            asked = [department(reader, name).id for name in ("Technical", "Legal")]
        for index in range(count):
            found_by = "q" + "".join(chance.choices(LETTERS[:26], k=8))
            name = "Kunde " + "".join(chance.choices(LETTERS[:26], k=8))
            done = desk.do(drafts.Capture(found_by, customer=drafts.CustomerName(name)))
            (number,) = done.numbers
            dialog = DIALOGS[index % len(DIALOGS)]
            if dialog in (chase, log_of_a_department):
                for id in asked:
                    desk.do(drafts.ForwardDraft(id, "who did it?"), [number])
            requests.append(Request(number, found_by, name, typist(index)))
    return requests


def typed(requests: Sequence[Request], *, escape: str = ESC) -> Iterator[Typed]:
    """A dialog for each request, in turn; `escape` is what the terminal sends for that key.

    The request is searched for, gone to by its number or its customer, or what is left of a view.
    """
    for index, request in enumerate(requests):
        dialog = DIALOGS[index % len(DIALOGS)]
        parts, wanted = dialog(request)
        ways = (
            f"/{request.found_by}",
            f"#{request.number}",
            f"5&{request.found_by}",
            f"@{request.customer}",
        )
        keys: list[str] = []
        for part in (ways[index % len(ways)], ENTER, *parts):
            keys += [escape] if part == ESC else [part] if part.startswith(ESC) else part
        yield Typed(dialog.__name__, tuple(keys), tuple(wanted))


def astray(path: str, dialogs: Sequence[Typed]) -> list[str]:
    """What is not in the store to the letter, as sentences."""
    found = []
    with closing(sqlite3.connect(path)) as connection:
        for index, dialog in enumerate(dialogs):
            for wanted in dialog.wanted:
                rows = connection.execute(wanted.query, wanted.values).fetchall()
                if rows != [(wanted.value,)]:
                    found.append(f"{index} {dialog.name}: {wanted.value!r} became {rows!r}")
    return found
