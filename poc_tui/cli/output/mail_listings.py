"""Mail in words: what lies aside, what a mail says, what waits to go out, what just came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.cli.output.layout import Block, Line, Prose, Table
from poc_tui.models.values import OutgoingState
from poc_tui.rules.mail.address import same
from poc_tui.rules.text import counted, size
from poc_tui.words.mail_states import (
    NAMELESS,
    NO_PERSONS,
    NOT_SENT,
    STUCK,
    TREATED,
    also_to,
    person,
    troubles,
    unless_answered,
    whom,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from poc_tui.cli.output.printing import OutputContext
    from poc_tui.mail.intake import IntakeReport
    from poc_tui.mail.transport.check import Finding
    from poc_tui.store.records import ActivityRow, MailDetail, MailRow, OutgoingRow

MOST_NUMBERS = 10
"""Requests that are named one by one; of more it is said how many."""

MOST_REMARKS = 20


def came_in(report: IntakeReport, newest: int) -> Iterator[str]:
    """What came in, and what to know of it; `newest` is the highest number there was before.

    Where a source could not be read, nobody knows that there is no new mail, and it is not said.
    """
    made = [number for number in report.numbers if number > newest]
    touched = [number for number in report.numbers if number <= newest]
    parts = []
    if made:
        parts.append(f"{counted(len(made), 'new request')} ({_named(made)})")
    if touched:
        parts.append(f"more on {counted(len(touched), 'request')} you have ({_named(touched)})")
    if report.aside:
        parts.append(f"{report.aside:,} aside")
    lead = counted(report.new, "new mail") if report.new else "no new mail"
    earlier = report.filed + report.aside - report.new
    if earlier > 0:
        lead += f", {earlier:,} kept before"
    if parts or report.new or not report.trouble:
        yield f"{lead}: {', '.join(parts)}" if parts else lead
    yield from remarks(report)


def remarks(report: IntakeReport) -> Iterator[str]:
    """What to know of what came in, a line each."""
    yield from (f"  {remark}" for remark in report.remarks[:MOST_REMARKS])
    if (more := len(report.remarks) - MOST_REMARKS) > 0:
        yield f"  and {counted(more, 'remark')} more; `--json` prints them all"


def mails(rows: Iterable[MailRow], context: OutputContext, empty: str) -> Table:
    """Mails that came, a line each; their ids are what `poc mail` takes."""
    cells = (
        {
            "Id": str(row.id),
            "Came": context.say(row.came_at),
            "From": row.sender_name or row.sender,
            "Subject": row.subject,
            "What": nature(row),
            "Attached": str(len(row.parts) or ""),
        }
        for row in rows
    )
    return Table(cells, empty, "Subject", {"From": 32}, right=("Id", "Attached"))


def mail(row: MailDetail, context: OutputContext) -> Iterator[Block]:
    """A mail whole: who wrote it when, its words, what it quotes, what is attached."""
    yield Line(row.subject or "(no subject)", strong=True)
    yield Line(f"from {person(row.sender_name, row.sender)}")
    if row.carrier:
        yield Line(f"sent by {row.carrier}")
    if row.reply_to and not same(row.reply_to, row.sender):
        yield Line(f"reply to {row.reply_to}")
    if row.original:
        yield Line(f"first written by {person(row.original_name, row.original)}")
    yield Line(" · ".join(_facts(row, context)))
    for sentence in row.trouble:
        yield Line(sentence)
    if row.text:
        yield Line()
        yield Prose(row.text, indent=0)
    for heading, words in (("Signature", row.signature), ("Quoted", row.quoted)):
        if words:
            yield Line()
            yield Line(heading, strong=True)
            yield Prose(words)
    if row.parts:
        yield Line()
        yield Line("Attached", strong=True)
        for index, name, type, bytes in row.parts:
            yield Line(f"  {index}  {name or NAMELESS}  {type}, {size(bytes)}")
        yield Line(f"  `poc mail save {row.id}` saves them")


def nature(row: MailRow | MailDetail) -> str:
    """What a mail is, where no person wrote it for us alone; of one on no request why that is so.
    Empty where there is nothing to say."""
    why = row.aside_why if row.number is None else ""
    return why or NO_PERSONS.get(row.nature, row.nature)


def rules(given: Sequence[tuple[str, str]]) -> Table:
    """Whose mail is treated how, a line each."""
    cells = ({"Mail of": whom(who), "": TREATED[what], "Rule": who} for who, what in given)
    return Table(cells, "no rules; `poc mail rule @firm.example --as spam` makes one")


def _facts(row: MailDetail, context: OutputContext) -> Iterator[str]:
    if row.sent_at is not None:
        yield f"sent {context.say(row.sent_at)}"
    yield f"came {context.say(row.came_at)}"
    if what := nature(row):
        yield what
    if row.number is not None:
        yield f"on #{row.number}"
        if row.doubt:
            yield f"not verified: {row.doubt}"
    else:
        yield "on no request, dismissed" if row.dismissed else "on no request"


def outbox(rows: Iterable[OutgoingRow], context: OutputContext, empty: str) -> Table:
    """Mails of ours, a line each; their ids are what `poc outbox` takes."""
    cells = (
        {
            "Id": str(row.id),
            "Request": f"#{row.number}",
            "What": row.kind,
            "To": f"{row.recipient} +{len(row.copies)}" if row.copies else row.recipient,
            "Subject": row.subject,
            "State": stands(row, context),
        }
        for row in rows
    )
    return Table(cells, empty, "State", {"To": 32, "Subject": 32}, right=("Id", "Request"))


def outgoing(row: OutgoingRow, context: OutputContext) -> Iterator[Block]:
    """A mail of ours whole."""
    yield Line(row.subject, strong=True)
    yield Line(f"{row.kind} to {recipients_of(row)} · #{row.number}")
    yield Line(stands(row, context))
    if row.state in STUCK:
        yield Line(
            f"`poc outbox again {row.id}` sends it again; `poc outbox sent {row.id}` says that it"
            " went out"
        )
    yield Line()
    yield Prose(row.text, indent=0)


def stands(row: OutgoingRow, context: OutputContext) -> str:
    """How far a mail of ours has come, and why no further."""
    why = f": {row.why}" if row.why else ""
    match row.state:
        case OutgoingState.SENT | OutgoingState.HANDED if row.sent_at is not None:
            how = "sent" if row.state == OutgoingState.SENT else "handed over"
            missed = f", but no copy for {row.why}" if row.why else ""
            return f"{how} {context.say(row.sent_at)}{missed}"
        case OutgoingState.SENDING:
            return "on its way"
        case OutgoingState.UNSURE:
            return f"may have gone out{why}"
        case OutgoingState.WITHDRAWN:
            return NOT_SENT
        case OutgoingState.FAILED:
            return f"failed{why}"
    tried = f", tried {counted(row.tries, 'time')}" if row.tries else ""
    if row.next_try_at is None or (row.next_try_at <= context.clock.now() and not why):
        return f"waits to be sent{tried}{why}"
    at = context.say(row.next_try_at)
    if why:
        return f"waits{tried}, again {at}{why}"
    return f"waits{tried}, goes out {at}{unless_answered(row)}"


def beside(activity: ActivityRow, context: OutputContext) -> Iterator[str]:
    """What stands below an activity that was a mail, theirs or ours."""
    if (came := activity.mail) is not None:
        if came.doubt:
            yield f"not verified: {came.doubt}; `poc mail accept {came.id}` accepts it"
        yield f"mail {came.id} from {person(came.sender_name, came.sender)}"
        if also := also_to(came, whole=True):
            yield also
        if known := troubles(came):
            yield f"{', '.join(known)} (`poc mail show {came.id}`)"
        if came.parts:
            names = ", ".join(
                f"{name or NAMELESS} ({size(bytes)})" for _, name, _, bytes in came.parts
            )
            yield f"{counted(len(came.parts), 'attachment')}: {names}"
        if came.quoted_lines:
            yield f"{counted(came.quoted_lines, 'quoted line')} folded (`poc mail show {came.id}`)"
    if (outgoing := activity.outgoing) is not None:
        yield f"mail to {recipients_of(outgoing)}: {stands(outgoing, context)}"


def recipients_of(row: OutgoingRow) -> str:
    """Who gets it, and what goes with it: `k@huber.example, copy to chef@huber.example`."""
    copies = f", copy to {', '.join(row.copies)}" if row.copies else ""
    files = f", with {', '.join(row.files)}" if row.files else ""
    return f"{row.recipient}{copies}{files}"


def findings(found: Sequence[Finding]) -> Table:
    """What `poc mail test` found, a line each; where there are several accounts, of which."""
    what = "What was found"
    first = "first" if any(one.account for one in found) else ""
    cells = (
        {
            "Account": one.account or first,
            "Way": one.way,
            "": "ok" if one.ok else "failed",
            what: one.sentence,
        }
        for one in found
    )
    return Table(cells, wraps=what)


def _named(numbers: Sequence[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:MOST_NUMBERS])
    more = len(numbers) - MOST_NUMBERS
    return f"{named} and {more:,} more" if more > 0 else named
