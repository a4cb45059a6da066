"""What our mails say: their subjects, and the few fixed words around what a person wrote.

An answer is put together from the words of the person at the desk and those of the customer, and
from nothing else; so nothing that was said inside can be in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from poc_tui.rules.dates.format import MONTH_LABELS, WEEKDAY_LABELS
from poc_tui.rules.mail.subject import bare
from poc_tui.rules.text import one_line, safe

LONGEST_SUBJECT = 150
"""Cells of a subject without its token and prefix."""

MOST_QUOTED = 200
"""Lines of anybody's words that are repeated."""

_TELLING = 100
"""Cells of a subject by which a line is known to repeat it."""

_LONGEST_QUOTE = 40_000
_LONGEST_NAME = 120
_LEFT_OUT = "[...]"


class Quotation(NamedTuple):
    """What the customer said, and when (aware UTC)."""

    who: str
    """Empty where nobody knows."""
    at: datetime
    text: str


def subject(words: str, token: str, *, reply: bool) -> str:
    """One line with the `token` of a request (`rules.mail.subject`), by which a reply is known;
    `Re:` once at most.

    No control character is in it, whatever was in `words`.
    """
    about = one_line(bare(one_line(words, 2 * LONGEST_SUBJECT)), LONGEST_SUBJECT)
    return " ".join(filter(None, ("Re:" if reply else "", about, token)))


class Wording(NamedTuple):
    """The fixed words around what a person wrote, in one language."""

    weekdays: tuple[str, ...]
    """From Monday on."""
    day: str
    """A day of a year that is known."""
    wrote: str
    someone: str
    needed: str
    whose: str
    please: str
    question: str

    def day_of(self, day: date) -> str:
        """The day as it is written, such as `Mon 23 Nov` or `Mo 23.11.` in German."""
        weekday, month = self.weekdays[day.weekday()], MONTH_LABELS[day.month - 1]
        return self.day.format(weekday=weekday, day=day, month=month)


ENGLISH = Wording(
    weekdays=WEEKDAY_LABELS,
    day="{weekday} {day.day} {month}",
    wrote="On {day} {at.year} at {at:%H:%M}, {who} wrote:",
    someone="the customer",
    needed="An answer{whose} is needed by {day} {at:%H:%M}.",
    whose=" for {name}",
    please="Please reply to this mail; your answer then reaches request {token}.",
    question="The question was:",
)
GERMAN = Wording(
    weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    day="{weekday} {day.day}.{day.month}.",
    wrote="Am {day}{at.year} um {at:%H:%M} schrieb {who}:",
    someone="der Kunde",
    needed="Eine Antwort{whose} wird bis {day} {at:%H:%M} Uhr gebraucht.",
    whose=" für {name}",
    please="Bitte antworten Sie auf diese Mail; Ihre Antwort kommt dann zu Vorgang {token}.",
    question="Die Frage war:",
)
WORDINGS: Mapping[str, Wording] = {"en": ENGLISH, "de": GERMAN}
"""By the codes of the languages."""


def answer(
    text: str, signature: str, quoted: Quotation | None, zone: tzinfo, wording: Wording = ENGLISH
) -> str:
    """What the customer is told, with their own last words below it."""
    return _joined(_signed(text, signature), quoted and _repeated(quoted, zone, wording))


def forward(
    question: str,
    token: str,
    customer: str,
    due_at: datetime,
    words: Sequence[Quotation],
    signature: str,
    zone: tzinfo,
    wording: Wording = ENGLISH,
) -> str:
    """A question to a department: by when, for whom, and what the customer said of it.

    `words` are in the order in which they were said; what the question itself says is left out.
    """
    name = one_line(customer, _LONGEST_NAME)
    whose = wording.whose.format(name=name) if name else ""
    by = due_at.astimezone(zone)
    needed = wording.needed.format(whose=whose, day=wording.day_of(by), at=by)
    asked = question.strip()
    said = (_repeated(each, zone, wording) for each in words if each.text.strip() != asked)
    please = wording.please.format(token=token)
    return _signed(_joined(asked, needed, *said, please), signature)


def chase(
    words: str,
    number: int,
    token: str,
    about: str,
    question: str,
    closing: str,
    signature: str,
    wording: Wording = ENGLISH,
) -> str:
    """A reminder in these words, with the question below where they do not say it.

    A first line with the number and `about`, the subject of the request, is left out: the mail's
    own subject says so. So is the last line where it is `closing` and a signature follows.
    """
    lines = words.strip("\n").split("\n")
    said = one_line(about, _TELLING).removesuffix("…")
    if len(lines) > 1 and f"#{number}" in lines[0] and said in lines[0]:
        lines = lines[1:]
    if len(lines) > 1 and signature.strip() and lines[-1].strip() == closing:
        lines = lines[:-1]
    again = "" if question.strip() in words else f"{wording.question}\n{_quoted(question)}"
    please = wording.please.format(token=token)
    return _signed(_joined("\n".join(lines), again, please), signature)


def _signed(text: str, signature: str) -> str:
    """With the line that parts a signature from the text (RFC 3676, section 4.3)."""
    lines = signature.strip("\n")
    if not lines.strip():
        return text.strip("\n")
    if lines.partition("\n")[0].rstrip() != "--":
        lines = f"-- \n{lines}"
    return _joined(text, lines)


def _repeated(said: Quotation, zone: tzinfo, wording: Wording) -> str:
    who = one_line(said.who, _LONGEST_NAME) or wording.someone
    at = said.at.astimezone(zone)
    head = wording.wrote.format(day=wording.day_of(at), at=at, who=who)
    return f"{head}\n{_quoted(said.text)}"


def _quoted(text: str) -> str:
    """Each line behind a sign, made safe: it goes to somebody else than it came from."""
    lines = safe(text[:_LONGEST_QUOTE], newline=True).strip("\n").split("\n")
    if len(lines) > MOST_QUOTED or len(text) > _LONGEST_QUOTE:
        lines = [*lines[:MOST_QUOTED], _LEFT_OUT]
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def _joined(*paragraphs: str | None) -> str:
    return "\n\n".join(each.strip("\n") for each in paragraphs if each)
