"""What the desk says of mail that came in and of mail that does not go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.service.shown_date import moment
from poc_tui.rules.text import counted, one_line
from poc_tui.store.records import Done
from poc_tui.words import mail_states
from poc_tui.words.mail_states import BECAME, NOBODY

if TYPE_CHECKING:
    from poc_tui.mail.intake import IntakeReport
    from poc_tui.mail.sender_rules import RuleResult
    from poc_tui.store.queries.mail import MailActivity
    from poc_tui.store.records import OutgoingRow

MOST = 5
"""Requests that are named one by one; of more it is said how many."""

MOST_STUCK = 3
"""Mails that are; each has its reason beside it."""

MOST_WHOM = 3
"""Senders, domains and lists of a rule that are named."""

CELLS = 72
"""What one thing takes of a toast: two lines on a terminal of 80 columns."""

NO_SOURCE = (
    "No mail is fetched yet: set a server in [mail.imap], or a folder in [mail]."
    " `poc config edit` opens the settings, `poc mail test` checks them."
)


def came(report: IntakeReport, happened: Sequence[MailActivity]) -> str:
    """What came in: how much, then what happened, a line for each request.

    Empty where nothing came and a source failed: then nobody knows whether there is new mail.
    """
    if not (report.new or report.filed or report.aside):
        return "" if report.trouble else "no new mail"
    lead = counted(report.new, "new mail") if report.new else "mail that was kept before is filed"
    automatic = sum(each.event == "auto-replied" for each in happened)
    for count, what in ((report.aside, "aside"), (automatic, "automatic")):
        lead += f", {count:,} {what}" if count else ""
    lines = _lines(happened, report.remarks)
    more = [f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
    return "\n".join((lead, *lines[:MOST], *more))


def sorted_out(whom: Sequence[str], treatment: str | None, found: RuleResult, filed: Done) -> Done:
    """What a person said of these senders, and what became of what lay aside; `filed` says which
    requests it is on."""
    said = _some([one_line(mail_states.whom(who), CELLS) for who in whom], MOST_WHOM)
    label = (
        f"mail of {said} {mail_states.TREATED[treatment]}" if treatment else f"no rule for {said}"
    )
    remarks = [*filed.remarks]
    if filed.numbers:
        numbers = _some([f"#{number}" for number in filed.numbers], MOST)
        remarks.insert(0, f"what lay aside is on {numbers} now")
    if found.off:
        remarks.append(f"{counted(found.off, 'mail')} that lay aside: off the list")
    if found.customers and treatment != "requests":
        remarks.append(f"{counted(found.customers, 'customer')} of yours: their new mail, too")
    return Done(label, filed.numbers, filed.journal_id, tuple(remarks))


def _some(names: Sequence[str], most: int) -> str:
    """So many of these at the most, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


class _Line(NamedTuple):
    """What is said of one request."""

    who: str
    """The customer, where they wrote."""
    words: list[str]
    remarks: list[str]


def _lines(happened: Sequence[MailActivity], remarks: Sequence[str]) -> list[str]:
    """Each request once, with what is to be known of it; then what is on none of these."""
    about: dict[str, _Line] = {}
    for each in happened:
        if each.event == "auto-replied":
            continue
        who = f" {each.customer or NOBODY}" if each.event == "received" else ""
        line = about.get(f"#{each.number}")
        if line is None or (who and not line.who):
            line = _Line(who, *(line[1:] if line else ([], [])))
            about[f"#{each.number}"] = line
        line.words.append(_what(each))
    others = []
    for remark in remarks:
        number, _, rest = remark.partition(" ")
        line = about.get(number.rstrip(":"))
        if line is None:
            if remark.startswith(_OF_NEW):
                continue
            others.append(one_line(remark, 2 * CELLS))
        elif rest.startswith(_SAYS_ALL):
            line.words.clear()
            line.words.append(rest)
        elif _FAILED not in rest:
            line.remarks.append(rest)
    return [*(_joined(number, line) for number, line in about.items()), *others]


_SAYS_ALL = ("only thanks", "it is resolved")
"""Remarks (of `store.verbs.filing`) that say what happened better than the activity does."""

_OF_NEW = "new customer"
"""A remark that says no more than the new request and whose it is."""

_FAILED = " did not arrive: "
"""In a remark that gives the reason as well, which the request shows."""


def _what(each: MailActivity) -> str:
    if each.is_new:
        return f"new: {each.subject}"
    match each.event:
        case "received":
            return "has written again"
        case "logged":
            return f"{each.department or 'a department'} has answered"
        case "not-delivered":
            return "a mail of ours did not arrive"
        case "unverified":
            return ""  # its remark says so, and why
        case _:
            return "what you wrote elsewhere is noted"


def _joined(number: str, line: _Line) -> str:
    said = "; ".join(filter(None, dict.fromkeys((*line.words, *line.remarks))))
    return one_line(f"{number}{line.who}: {said}", 2 * CELLS if line.remarks else CELLS)


def goes_out(rows: Sequence[OutgoingRow], undo: str, now: datetime, zone: tzinfo) -> Iterator[str]:
    """Of mails that were just queued: when they go out; `undo` is the key that takes them back."""
    times = [row.next_try_at for row in rows if row.next_try_at is not None]
    if not times:
        return
    what = "mail goes out" if len(times) == 1 else f"{len(times):,} mails go out"
    back = f" ({undo} takes {'it' if len(times) == 1 else 'them'} back)" if undo else ""
    at = min(times)
    yield f"{what} {moment(at, now, zone)}{back}" if at > now else f"{what} now"


def stuck(rows: Sequence[OutgoingRow], key: str) -> str:
    """Of mails that got stuck: which, and why; `key` shows them all."""
    lines = [one_line(f"#{row.number}: {stuck_one(row)}", 4 * CELLS) for row in rows[:MOST_STUCK]]
    if len(rows) > MOST_STUCK:
        lines.append(f"and {len(rows) - MOST_STUCK:,} more; {key} shows them")
    return "\n".join(lines)


def stuck_one(row: OutgoingRow) -> str:
    """Whom it was for, what became of it, and why."""
    became = "may have been sent, or not"
    if row.state == "failed":
        became = BECAME.get(row.failure, "was not delivered")
    return f"the mail to {row.recipient} {became}" + (f": {row.why}" if row.why else "")
