"""Text from outside at its worst, and a store in which it stands in every field."""

from __future__ import annotations

import dataclasses
import os
from datetime import timedelta

from poc_tui.models.values import AddressKind, Channel, Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import Clock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import AddressDraft, CustomerName, EditCustomer, EditDepartment
from poc_tui.store.migrations import migrate
from poc_tui.store.queries import customers, departments
from poc_tui.store.queries.reader import Reader

MARKUP = (
    "[/]",
    "[bold",
    "[Bold]x[/Bold]",
    "[@click=app.quit]leave[/]",
    "[link=https://a.example]b[/link]",
    "[on red $x]",
    "\\[",
    "\\[b]\\",
    "[[[b]",
    "{x!r} %s $y",
)
"""Whatever Textual's and Rich's markup could be led astray by."""

SINK = "\x1b]52;c;TUFSS0VS\x07\x9b4242m\u202e[/][@click=app.quit]\0\udc9b\x1b[4242m漢e\u0301\\"
"""Something of every sort, in few cells, so that it is not cut off where there is little room."""

LONG = 100_000
"""Characters of one line."""

TEXTS = {
    "sink": SINK,
    "markup": " ".join(MARKUP),
    "styles": "\x1b[4242m\x1b[31;4242mred\x1b[0;4242m",
    "cursor": "\x1b[4242;4242H\x1b[2J\x1b[4242A\x1b7\x1b8\x1bc\x1bM\x1b[!p",
    "modes": "\x1b[?1049l\x1b[?4242h\x1b[>4242u\x1b[5n\x1b[6n\x1b[c",
    "links": "\x1b]8;;https://a.example\x1b\\here\x1b]8;;\x1b\\ \x1b]8;;file:///x\x07y",
    "clipboard": "\x1b]52;c;TUFSS0VS\x07 \x1b]52;p;TUFSS0VS\x1b\\",
    "title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b]22;no\x07\x1b]1337;File=x\x07",
    "unended": "\x1b]52;c;TUFSS0VS and no end \x1b[4242",
    "strings": "\x1bP$q m\x1b\\ \x1b_apc\x1b\\ \x1b^pm\x1b\\ \x1bXsos\x1b\\ \x1b\x1b[\x1b",
    "c1": "\x9b4242m \x9d52;c;TUFSS0VS\x9c \x90x\x9c \x85 \x84 \x8d \x9e\x9f\x80",
    "c0": "a\0b\x07c\x08\x08d\x7fe\x0ef\x0fg\x05h\x1ci",
    "bidi": "\u202ertl\u202c \u2066x\u2069 \u200f\u200e\u061c \u202a\u202b\u2067\u2068",
    "surrogates": "\ud800 \udfff \udc1b[31m \udc9b4242m \ud83d\ude00",
    "lines": "one\rtwo\r\nthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight\teight",
    "wide": "漢字カナ한글 👩‍👩‍👧‍👦 🇩🇪 ✌🏽 ﷽ \U0001f3f4\U000e0067\U000e0062\U000e007f ｆｕｌｌ ☎️",
    "marks": f"Z{chr(0x301) * 300}a\u0489\u20e3 {chr(0x300) * 40}x \u0e33\u0e33",
    "unknown": "\ue000\uf8ff\U0003ffff\ufdd0\ufeff\u00ad\u200b\u200d\u2060\u3164\u2800",
    "long": "x" * LONG,
    "long-wide": "漢" * (LONG // 2) + "\x1b[4242m" * 50,
}
"""The worst that came to mind, by what it tries; `4242` and `TUFSS0VS` are nobody else's."""

OFTEN = ("sink", "markup", "marks", "long-wide")
"""Those that stand in every view."""


def named(name: str) -> str:
    """The text of that name behind words that are safe, so that it can be found on a screen."""
    return f"is-{name} {TEXTS[name]}"


def as_argument(text: str) -> str:
    """`text` as a program finds it among its arguments: without NUL, broken UTF-8 byte by byte."""
    return os.fsdecode(text.replace("\0", "").encode("utf-8", "surrogatepass"))


def hostile_store(path: str, clock: Clock, deadlines: Deadlines) -> None:
    """Make a store in which each of `TEXTS` stands in every field that takes words.

    Each text has one request that waits for me, due in the order of `TEXTS`; those of `OFTEN` have
    others that wait for a department or for the customer, are snoozed or are resolved.
    """
    migrate.ensure(path, clock)
    desk, reader = Desk(path, clock, deadlines), Reader(path)
    try:
        for place, name in enumerate(TEXTS, 1):
            _everywhere(desk, reader, clock, name, timedelta(minutes=10 * place))
    finally:
        reader.close()
        desk.close()


def _everywhere(desk: Desk, reader: Reader, clock: Clock, name: str, due: timedelta) -> None:
    text, now = named(name), clock.now()
    came = drafts.Capture(
        text,
        text=text,
        customer=CustomerName(text),
        channel=Channel.PHONE,
        tags=(text[:60],),
        due_at=now + due,
    )
    desk.do(
        EditDepartment(
            name=text, remit=text, contact=text, deputy=text, lead=text, answer_within_minutes=60
        )
    )
    department = departments.department(reader, f"is-{name} ").id
    (number,) = desk.do(came).numbers
    customer = customers.find(reader, text).id
    steps: tuple[drafts.Draft, ...] = (
        drafts.ForwardDraft(department, text),
        drafts.LogAnswer(text),
        drafts.Answer(text),
        drafts.Note(text),
        drafts.Remind(now + due, text),
        drafts.Snooze(now + due, text),
        drafts.CustomerWrote(text),
    )
    for step in steps:
        desk.do(step, [number])
    desk.do(
        EditCustomer(
            id=customer,
            organisation=text,
            preferences=text,
            notes=text,
            addresses=(
                AddressDraft(AddressKind.HANDLE, text),
                AddressDraft(AddressKind.EMAIL, text),
            ),
        )
    )
    desk.do(drafts.Remind(now + due, text, customer))
    ways: tuple[drafts.Draft, ...] = (
        drafts.ForwardDraft(department, text),
        drafts.Answer(text),
        drafts.Snooze(now + timedelta(days=2), text),
        drafts.Resolve(Resolution.DECLINED, text),
    )
    for way in ways if name in OFTEN else ():
        (number,) = desk.do(dataclasses.replace(came, text="")).numbers
        desk.do(way, [number])
