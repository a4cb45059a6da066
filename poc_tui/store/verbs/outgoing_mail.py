"""What a verb says goes out as mail: it is queued in the verb's own transaction.

Whom it goes to, which mail it replies to and what is in it are decided here, once. An answer is
made of the words of the person at the desk and of the customer's own mail; whatever a department
wrote, and whatever was noted, is never read for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from poc_tui.errors import Refused
from poc_tui.models.values import Channel, Event, OutgoingKind, OutgoingState
from poc_tui.rules.mail import outgoing_text
from poc_tui.rules.mail.address import address_in, ascii_domain, domain, is_address, is_among
from poc_tui.rules.mail.message import APPOINTMENT, AccountPolicy
from poc_tui.rules.service.chase import closing
from poc_tui.store.delivery import LARGEST_FILES, Attachment, Delivery
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import moment
from poc_tui.store.queries.request_mail import WRITER, WRITER_NAME
from poc_tui.store.recipients import (
    CUSTOMERS_MAIL,
    CustomersMail,
    addresses,
    called,
    candidates,
    last_mail,
    reachable,
)
from poc_tui.store.rows import Activity, Customer, Department, Forward, OutgoingMail, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.mail_choices import (
    check_moment,
    copies_of,
    language_at,
    language_in,
    unless_answered,
    wording_in,
)
from poc_tui.store.verbs.mail_files import LARGEST_ENCLOSURES, enclosures, kept_files
from poc_tui.store.verbs.subject_numbers import token_of

MOST_REFS = 30
"""Ids that a mail names of the thread that it goes on; the first and the last ones are kept."""

_WORDS_REPEATED = 3
"""Of the customer's messages, the last ones are put before a department."""

_NOT_SET_UP = (
    'mail is not set up, so nothing can be sent; set "mail.address" and "mail.send", or say it'
    " without mail"
)


class _Thread(NamedTuple):
    """What a mail replies to."""

    in_reply_to: str = ""
    refs: tuple[str, ...] = ()


def queue_answer(
    work: UnitOfWork,
    request: Request,
    activity: Activity,
    text: str,
    wanted: bool | None,
    delivery: Delivery | None = None,
) -> None:
    """Queue what the customer was told, unless it was told otherwise than by mail.

    `wanted` None: where mail is set up, the channel is email and an address is known; without an
    address a remark says so. True: else refused. False: never. So for the other two.

    Raises:
        Refused: it was wanted, and mail is not set up or there is no address; or it is to go out
            later, and that moment has passed, or mail is handed over rather than sent.
    """
    if not _goes_out(work, wanted):
        return
    if wanted is None and (activity.channel or request.channel) != Channel.EMAIL:
        return
    customer = work.get(Customer, request.customer_id)
    known = addresses(work.query, request.customer_id)
    last = last_mail(work.query, activity.request_id, known, work.mail_policy.mine)
    name = customer.name if customer else "the customer"
    decided = delivery or Delivery()
    account = _account(work, request, last)
    check_moment(work, request, decided, account)
    places = [each.address for each in candidates(last, known, work.mail_policy.mine)]
    asked = [decided.to] if decided.to else [*places, *known]
    recipient = _recipient(work, request, asked, name, wanted)
    if recipient is None:
        return
    thread = _of_mail(work, request, last) or _of_our_last(work, request, recipient)
    language = "" if last is None else language_in(last.text, last.declared)
    quoted = None
    if work.mail_policy.quote and last is not None and last.text.strip():
        quoted = outgoing_text.Quotation(last.sender_name or last.sender, last.sent_at, last.text)
    _queue(
        work,
        activity,
        OutgoingKind.ANSWER,
        recipient,
        outgoing_text.subject(
            _subject(work, request),
            token_of(work, activity.request_id),
            reply=thread != _Thread(),
        ),
        outgoing_text.answer(
            text,
            account.signed_in(language),
            quoted,
            work.deadlines.hours.zone,
            wording_in(work, language),
        ),
        thread,
        account,
        copies=copies_of(work, request, decided, last, recipient),
        files=kept_files(work, decided.files),
        html=work.mail_policy.html_like_theirs and last is not None and last.html,
        answers_mail_id=None if last is None else last.id,
        send_at=decided.send_at,
        unless_answered=unless_answered(request, decided),
    )


def queue_forward(
    work: UnitOfWork,
    request: Request,
    activity: Activity,
    forward: Forward,
    department: Department,
    wanted: bool | None,
    files: Sequence[Attachment],
) -> None:
    """Queue a question to a department, with the customer's words and what they enclosed, and
    with `files` of the person's own.

    Raises:
        Refused: it was wanted, and mail is not set up or the contact has no address.
    """
    if not _goes_out(work, wanted):
        return
    contact = [address_in(department.contact) or ""]
    recipient = _recipient(work, request, contact, department.name, wanted)
    if recipient is None:
        return
    customer = work.get(Customer, request.customer_id)
    name = customer.name if customer else ""
    account = _account(work, request, _last(work, request))
    language = language_at(work, department.id)
    token = token_of(work, activity.request_id)
    _queue(
        work,
        activity,
        OutgoingKind.FORWARD,
        recipient,
        outgoing_text.subject(request.subject, token, reply=False),
        outgoing_text.forward(
            forward.question,
            token,
            name,
            forward.due_at,
            _words(work, request, name),
            account.signed_in(language),
            work.deadlines.hours.zone,
            wording_in(work, language),
        ),
        _Thread(),
        account,
        enclosed=enclosures(work, request, min(LARGEST_ENCLOSURES, LARGEST_FILES - _size(files))),
        files=kept_files(work, files),
    )


def queue_chase(
    work: UnitOfWork,
    request: Request,
    activity: Activity,
    forward: Forward,
    person: str,
    wanted: bool | None,
    *,
    automatic: bool,
) -> None:
    """Queue the words of a step for the `person` whom it addresses, in the thread of the forward.

    `automatic` says that they are the template's, and nobody's own.

    Raises:
        Refused: it was wanted, and mail is not set up or the person has no address.
    """
    if not _goes_out(work, wanted):
        return
    recipient = _recipient(work, request, [address_in(person) or ""], person, wanted)
    if recipient is None:
        return
    asked = work.query(
        "SELECT message_id FROM outbox WHERE forward_id = ? AND kind = ? AND state <> ?"
        " ORDER BY id LIMIT 1",
        (forward.id, OutgoingKind.FORWARD, OutgoingState.FAILED),
    )
    thread = _Thread(asked[0][0], (asked[0][0],)) if asked else _Thread()
    account = _account(work, request, _last(work, request))
    language = language_at(work, forward.department_id)
    token = token_of(work, activity.request_id)
    _queue(
        work,
        activity,
        OutgoingKind.CHASE,
        recipient,
        outgoing_text.subject(request.subject, token, reply=thread != _Thread()),
        outgoing_text.chase(
            activity.text,
            activity.request_id,
            token,
            request.subject,
            forward.question,
            closing(work.actor),
            account.signed_in(language),
            wording_in(work, language),
        ),
        thread,
        account,
        automatic=automatic,
    )


def _last(work: UnitOfWork, request: Request) -> CustomersMail | None:
    known = addresses(work.query, request.customer_id)
    return last_mail(work.query, request.id, known, work.mail_policy.mine)


def _account(work: UnitOfWork, request: Request, last: CustomersMail | None) -> AccountPolicy:
    """The account that writes on the request: that to which the customer wrote `last`, else that
    from which we wrote last."""
    if last is not None:
        return work.mail_policy.account(last.source, last.recipients)
    wrote = work.query(
        "SELECT sender FROM outbox WHERE request_id = ? ORDER BY id DESC LIMIT 1", (request.id,)
    )
    return work.mail_policy.account("", [sender for (sender,) in wrote])


def _subject(work: UnitOfWork, request: Request) -> str:
    """That of the first mail of the customer on the request: a later one may be about something
    else, and by this one they know the matter again."""
    rows = work.query(
        f"SELECT r.subject {CUSTOMERS_MAIL} AND r.subject <> '' ORDER BY a.id LIMIT 1",
        (request.id,),
    )
    return str(rows[0][0]) if rows else request.subject


def _goes_out(work: UnitOfWork, wanted: bool | None) -> bool:
    if wanted and not work.mail_policy.sends:
        raise Refused(_NOT_SET_UP)
    return wanted is not False and work.mail_policy.sends


def _recipient(
    work: UnitOfWork, request: Request, candidates: Sequence[str], name: str, wanted: bool | None
) -> str | None:
    """Whom it goes to; with nobody a remark says so, or it is refused where it was wanted."""
    found = reachable(candidates, work.mail_policy.mine)
    if found is None:
        ours = any(is_address(address) for address in candidates)
        why = f"the mail address of {name} is ours" if ours else f"{name} has no mail address"
        if wanted:
            raise Refused(f"#{request.id}: {why}, so nothing can be sent; say it without mail")
        work.remarks.append(f"#{request.id} not sent: {why}")
    return found


def _size(files: Sequence[Attachment]) -> int:
    return sum(len(file.raw) for file in files)


def _of_mail(work: UnitOfWork, request: Request, last: CustomersMail | None) -> _Thread | None:
    """The thread that this mail is the last of (RFC 5322, section 3.6.4)."""
    if last is None or not last.message_id:
        return None
    inside = {
        id
        for (id,) in work.query(
            "SELECT message_id FROM outbox WHERE request_id = ?"
            f" AND kind <> '{OutgoingKind.ANSWER}'"
            " UNION SELECT r.message_id FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id"
            " WHERE f.request_id = ? AND f.forward_id IS NOT NULL",
            (request.id, request.id),
        )
    }
    # What it replies to stands first among its refs, and belongs last.
    refs = dict.fromkeys((*last.refs[1:], *last.refs[:1], last.message_id))
    named = [ref for ref in refs if ref not in inside and not ref.startswith(APPOINTMENT)]
    return _thread(last.message_id, named)


def _of_our_last(work: UnitOfWork, request: Request, recipient: str) -> _Thread:
    """The thread of what we told them last, where they never wrote."""
    rows = work.query(
        "SELECT message_id, refs FROM outbox WHERE request_id = ? AND kind = ? AND recipient = ?"
        " AND state <> ? ORDER BY id DESC LIMIT 1",
        (request.id, OutgoingKind.ANSWER, recipient, OutgoingState.FAILED),
    )
    if not rows:
        return _Thread()
    return _thread(rows[0][0], [*listed(rows[0][1]), rows[0][0]])


def _thread(in_reply_to: str, refs: Sequence[str]) -> _Thread:
    few = refs if len(refs) <= MOST_REFS else [refs[0], *refs[1 - MOST_REFS :]]
    return _Thread(in_reply_to, tuple(few))


def _words(work: UnitOfWork, request: Request, name: str) -> list[outgoing_text.Quotation]:
    """What was said last for the customer, who has this name, in the order in which it was."""
    rows = work.query(
        f"SELECT a.text, a.at, {WRITER}, {WRITER_NAME}, r.original FROM activity a"
        " LEFT JOIN mail_read r"
        " ON r.mail_id = (SELECT min(f.mail_id) FROM mail_filed f WHERE f.activity_id = a.id)"
        f" WHERE a.request_id = ? AND a.event = '{Event.RECEIVED}'"
        f" ORDER BY a.id DESC LIMIT {_WORDS_REPEATED}",
        (request.id,),
    )
    known = addresses(work.query, request.customer_id)
    words = []
    for text, at, sender, sender_name, original in rows[::-1]:
        wrote_first = is_among(original or "", known)
        who = called(sender, sender_name, name, known) if sender and not wrote_first else name
        words.append(outgoing_text.Quotation(who, moment(at), text))
    return words


def _queue(
    work: UnitOfWork,
    activity: Activity,
    kind: OutgoingKind,
    recipient: str,
    subject: str,
    text: str,
    thread: _Thread,
    account: AccountPolicy,
    *,
    enclosed: Sequence[list[int]] = (),
    copies: Sequence[str] = (),
    files: Sequence[list[object]] = (),
    automatic: bool = False,
    html: bool = False,
    answers_mail_id: int | None = None,
    send_at: datetime | None = None,
    unless_answered: bool = False,
) -> None:
    from secrets import token_hex

    ours = ascii_domain(domain(account.address))
    work.add(
        OutgoingMail(
            request_id=activity.request_id,
            activity_id=activity.id,
            forward_id=activity.forward_id,
            kind=kind,
            recipient=recipient,
            subject=subject,
            text=text,
            message_id=f"poc.{activity.request_id}.{token_hex(12)}@{ours}",
            in_reply_to=thread.in_reply_to,
            refs=list(thread.refs),
            enclosed=list(enclosed),
            sender=account.address,
            copies=list(copies),
            files=list(files),
            html=html,
            answers_mail_id=answers_mail_id,
            send_at=send_at,
            unless_answered=unless_answered,
            automatic=automatic,
            queued_at=work.began,
            next_try_at=max(work.began + work.mail_policy.wait, send_at or work.began),
        )
    )
