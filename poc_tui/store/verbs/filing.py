"""Filing mail: each mail finds its request, or makes one, or is set aside.

`verbs.matching` says where a mail belongs, `rules.mail.filing` what is done with it; this carries
it out. Nothing is written twice by it: the bytes of a mail lie in the store before it comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Channel, Court, Event, JournalStep, State
from poc_tui.rules import court
from poc_tui.rules.capture_line import subject_and_text
from poc_tui.rules.dates.format import MONTH_LABELS
from poc_tui.rules.mail import filing, message
from poc_tui.rules.mail.automatic_senders import is_program
from poc_tui.rules.mail.correspondent import somebody_in
from poc_tui.rules.mail.filing import Filing, MailAuthor
from poc_tui.rules.mail.message import Nature
from poc_tui.rules.mail.sender_rules import makes_a_letter, rule_for
from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM
from poc_tui.rules.mail.subject import is_forward
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.damage import present
from poc_tui.store.raw_mail import say_why_aside, take, take_off
from poc_tui.store.rows import Department, Request
from poc_tui.store.taking_down import new_request, take_down
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.ending import reopen
from poc_tui.store.verbs.filing_label import label
from poc_tui.store.verbs.forwards import log_answer
from poc_tui.store.verbs.kept_aside import decided, is_marked
from poc_tui.store.verbs.known import is_of_our_house
from poc_tui.store.verbs.matching import Match, MatchedForward, Matcher
from poc_tui.store.verbs.senders import customer_of
from poc_tui.store.verbs.threads import Filed
from poc_tui.store.verbs.undelivered import (
    copy_did_not_arrive,
    copy_in,
    did_not_arrive,
    is_news,
    is_proved_sent,
    they_wrote_first,
)
from poc_tui.store.verbs.unfiled_mail import Unfiled, unfiled_mails
from poc_tui.store.verbs.verb import Verb


def file_mails(draft: drafts.FileMails, work: UnitOfWork) -> list[int]:
    """File the mails in the order given; returns the numbers of the requests they lie under.

    Raises:
        NotUnderstood: there is no mail to file.
        NotFound: there is no such mail, nothing was read of it yet, or there is no request `to`.
        Refused: one of them is filed already.
    """
    if not draft.mail_ids:
        raise NotUnderstood("say which mail is meant, by its number")
    came = unfiled_mails(work, draft.mail_ids)
    placed = draft.to is not None
    wish = filing.FilingWish(draft.lists, draft.wanted or placed, placed)
    matching = Matcher(work)
    numbers: dict[int, None] = {}
    whys: dict[int, str] = {}
    unseen: list[int] = []
    for unfiled in came:
        match = matching.match(unfiled, draft.to, apart=draft.apart)
        work.turn_to(match.request)
        what, why = what_becomes_of(unfiled, match, wish, work)
        filed = match.copy_of or carry_out(what, work, unfiled, match)
        if filed is None:
            whys[unfiled.id] = why
            if what in (Filing.OUR_COPY, Filing.SPAM):
                unseen.append(unfiled.id)
            continue
        if match.remark:
            work.remark(filed.number, match.remark, unfiled.id)
        if not wish.wanted and is_marked(work, unfiled, match):
            work.remark(filed.number, MARKED_AS_SPAM, unfiled.id)
        matching.lies(unfiled, filed)
        work.insert("mail_filed", {"mail_id": unfiled.id, **filed.row})
        numbers[filed.number] = None
    work.flush()
    take(work.connection, (unfiled.recognised() for unfiled in came), work.began)
    say_why_aside(work.connection, whys)
    take_off(work.connection, unseen)
    return list(numbers)


def what_becomes_of(
    unfiled: Unfiled, match: Match, wish: filing.FilingWish, work: UnitOfWork
) -> tuple[Filing, str]:
    """What is done with the mail, and why it lies aside where its nature does not say so."""
    rule = rule_for(unfiled.mail, unfiled.sender, work.mail_policy.rules)
    in_doubt = bool(match.doubt) and not wish.wanted
    if makes_a_letter(rule, unfiled.mail):
        wish = wish._replace(wanted=True)
    request, nature = match.request, unfiled.mail.nature
    standing = None
    if request is not None:
        standing = filing.RequestStanding(
            request.resolved_at, match.asked is not None and match.asked.waits
        )
    seen = filing.MailFacts(
        nature,
        unfiled.at,
        match.whose,
        standing,
        our_copy=match.is_our_copy(unfiled.mail),
        passed_on=unfiled.mail.original is not None,
        colleague=request is None
        and (unfiled.mail.original is not None or is_forward(unfiled.mail.subject))
        and is_of_our_house(work, unfiled.sender),
        undelivered=nature == Nature.BOUNCE
        and bool(match.ours)
        and is_news(work, match.ours[0])
        and (not match.doubt or match.ours[0].message_id in unfiled.mail.bounced),
        known=match.known,
        thanks=request is not None
        and request.state == State.RESOLVED
        and _only_thanks(work, request, unfiled),
        in_doubt=in_doubt,
        absent=match.whose == MailAuthor.DEPARTMENT and _only_absent(unfiled),
    )
    what = filing.decide(seen, wish, work.mail_policy.reopen_within)
    if wish.wanted:
        return what, ""
    return decided(work, what, unfiled, match, writer_of(what, unfiled), rule)


def _only_absent(unfiled: Unfiled) -> bool:
    from poc_tui.rules.mail.absence import only_absent  # no other verb needs it

    return only_absent(unfiled.mail.text)


def _only_thanks(work: UnitOfWork, request: Request, unfiled: Unfiled) -> bool:
    return filing.thanks_only(unfiled.mail) and not _new_subject(work, request, unfiled)


def carry_out(what: Filing, work: UnitOfWork, unfiled: Unfiled, match: Match) -> Filed | None:
    """Do it; returns where the mail lies then, None if it belongs to no request."""
    if unfiled.mail.nature != Nature.BOUNCE:
        for row in match.proved(unfiled.mail):
            by_a_person = unfiled.mail.nature != Nature.AUTO_REPLY
            is_proved_sent(work, row, by_a_person=by_a_person)
    if what in (Filing.OUR_COPY, Filing.SET_ASIDE, Filing.SPAM):
        return None
    if match.request is None:
        filed = _new(work, unfiled, writer_of(what, unfiled))
        doubtful = bool(match.doubt) and what == Filing.NEW_OF_NOBODY
        return _in_doubt(work, unfiled, filed, match.doubt) if doubtful else filed
    filed = _ON_A_REQUEST[what](work, match.request, unfiled, match)
    if what in _SOMEBODYS_WORDS and not match.known:
        who = unfiled.sender or "somebody without an address"
        work.remark(filed.number, f"written by {who}, who is not known there", unfiled.id)
    return filed


def _in_doubt(work: UnitOfWork, unfiled: Unfiled, filed: Filed, doubt: str) -> Filed:
    """Say that nobody knows who wrote the mail, until somebody has seen it."""
    how = f"v or `poc mail accept {unfiled.id}` accepts it"
    work.remark(filed.number, f"mail {unfiled.id} is not verified ({how}): {doubt}", unfiled.id)
    return filed._replace(doubt=doubt)


def writer_of(what: Filing, unfiled: Unfiled) -> message.MailAddress | None:
    """Whose request it is."""
    if what == Filing.NEW_OF_FIRST_WRITER:
        return unfiled.mail.original
    return None if what == Filing.NEW_OF_NOBODY else unfiled.writer


def _new(work: UnitOfWork, unfiled: Unfiled, writer: message.MailAddress | None) -> Filed:
    filed = take_down_mail(work, unfiled, customer_of(work, writer, unfiled.at))
    if writer is not None and is_program(writer.address):
        ours = (writer.address, *work.mail_policy.mine)
        if person := somebody_in(f"{unfiled.mail.text}\n{unfiled.mail.quoted}", ours):
            work.remark(filed.number, f"its text names {person}; t offers them", unfiled.id)
    first = unfiled.mail.original
    if first is None and writer is None and is_forward(unfiled.mail.subject):
        who = unfiled.sender or "somebody"
        work.remark(filed.number, f"passed on by {who}; t names who wrote first", unfiled.id)
    if first is not None and first != writer:
        who = f"{first.name} <{first.address}>" if first.name else first.address
        open_customer = "; t offers them" if writer is None else ""
        work.remark(filed.number, f"first written by {plain(who)}{open_customer}", unfiled.id)
    return filed


def take_down_mail(
    work: UnitOfWork, unfiled: Unfiled, customer_id: int | None, *, opens: bool = True
) -> Filed:
    """Take down the request that a mail makes; returns where the mail lies then.

    It `opens` a conversation unless what it quotes lies on another request.
    """
    words = filing.words_of(unfiled.mail, opens=opens)
    subject, text = subject_and_text(filing.subject_of(unfiled.mail, words), words)
    new = new_request(
        subject,
        text,
        received_at=unfiled.at,
        now=work.now,
        customer_id=customer_id,
        channel=Channel.EMAIL,
    )
    return Filed(*take_down(work, work.actor, new))


def _follow(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    """A new request of the same customer, and a note that says what it follows."""
    resolved_at = present(request.resolved_at)
    customer_id = request.customer_id
    if customer_id is None:
        customer_id = customer_of(work, unfiled.writer, unfiled.at)
    filed = take_down_mail(work, unfiled, customer_id, opens=False)
    old = f"#{request.id}, which was resolved on {_day(work, resolved_at)}"
    work.enter(filed.number, Event.NOTED, f"Follows {old}")
    work.remarks.append(f"#{filed.number} follows {old}")
    return filed


def _wrote(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    """The customer's word: my turn, as in `conversation.customer_wrote`, but since they wrote it.

    It may be fetched much later; no earlier, though, than the request came to whose move it was.
    A request that nobody has looked at yet stays so: it is my turn already.
    """
    since = max(filter(None, (unfiled.at, request.court_since, request.resolved_at)))
    they_wrote_first(work, request, unfiled.id)
    if request.court == Court.CUSTOMER and _only_thanks(work, request, unfiled):
        work.remarks.append(f"#{request.id}: only thanks; r resolves it")
    if request.state == State.RESOLVED:
        reopen(drafts.Reopen("the customer wrote again"), work, request, since)
    if request.state != State.NEW:
        request.snoozed_until = None
        work.move(request, court.customer_wrote(since), since)
    return _received(work, request, unfiled)


def _thanked(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    they_wrote_first(work, request, unfiled.id)
    work.remarks.append(f"#{request.id}: only thanks; it stays resolved (o reopens it)")
    return _received(work, request, unfiled)


def _received(work: UnitOfWork, request: Request, unfiled: Unfiled) -> Filed:
    return _say(work, request, Event.RECEIVED, unfiled, channel=Channel.EMAIL, until=request.due_at)


def _answered(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    asked = present(match.asked)
    words = _words(work, request, unfiled)
    log_answer(drafts.LogAnswer(words, asked.id), work, request)
    ((activity,),) = work.query("SELECT max(id) FROM activity WHERE request_id = ?", (request.id,))
    return Filed(request.id, activity, asked.id)


def _added(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    """A department writes once more: my turn to look at it, unless it is all over."""
    asked = present(match.asked)
    if request.state == State.RESOLVED:
        department = present(work.get(Department, asked.department_id))
        work.remark(
            request.id, f"it is resolved; {department.name} wrote on it all the same", unfiled.id
        )
    else:
        request.snoozed_until = None
        work.move(request, filing.back_to_me(work.now))
    return _say(work, request, Event.LOGGED, unfiled, asked)


def _unverified(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    words = _words(work, request, unfiled)
    filed = _enter(work, request, Event.UNVERIFIED, words, unfiled)
    return _in_doubt(work, unfiled, filed, match.doubt)


def _noted(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    return _say(work, request, Event.NOTED, unfiled)


def _say(
    work: UnitOfWork,
    request: Request,
    what: Event,
    unfiled: Unfiled,
    asked: MatchedForward | None = None,
    **rest: Any,
) -> Filed:
    """Put the words of the mail on the timeline, with the moment at which they were written."""
    request.touched_at = work.now
    return _enter(work, request, what, _words(work, request, unfiled), unfiled, asked, **rest)


def _words(work: UnitOfWork, request: Request, unfiled: Unfiled) -> str:
    """What the mail says on a request that was there before it."""
    return filing.words_on(unfiled.mail, _new_subject(work, request, unfiled))


def _new_subject(work: UnitOfWork, request: Request, unfiled: Unfiled) -> str:
    """The subject of the mail, where neither the request nor a mail on it had that before."""
    return filing.new_subject(unfiled.mail, _subjects(work, request))


def _subjects(work: UnitOfWork, request: Request) -> Iterator[str]:
    yield request.subject
    earlier = work.connection.execute(
        "SELECT r.subject FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id"
        " WHERE f.request_id = ? ORDER BY f.mail_id DESC LIMIT ?",
        (request.id, _SUBJECTS_LOOKED_AT),
    )
    yield from (subject for (subject,) in earlier)


_SUBJECTS_LOOKED_AT = 50
"""Mails of a request, the latest ones, whose subjects are known."""


def _auto_replied(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    words = plain(unfiled.mail.bounce_why).strip() or filing.words_of(unfiled.mail)
    return _enter(work, request, Event.AUTO_REPLIED, words, unfiled, match.asked)


def _enter(
    work: UnitOfWork,
    request: Request,
    what: Event,
    words: str,
    unfiled: Unfiled,
    asked: MatchedForward | None = None,
    **rest: Any,
) -> Filed:
    number = request.id
    if asked is not None:
        rest |= {"department_id": asked.department_id, "forward_id": asked.id}
    activity = work.enter(number, what, words, at=unfiled.at, **rest)
    return Filed(number, activity, None if asked is None else asked.id)


def _not_delivered(work: UnitOfWork, request: Request, unfiled: Unfiled, match: Match) -> Filed:
    row, mail = match.ours[0], unfiled.mail
    refused = " ".join(mail.fields("x-failed-recipients"))
    if copy := copy_in(work, row, mail.bounce_why, refused, mail.text):
        return copy_did_not_arrive(work, row, copy, mail.bounce_why)
    return did_not_arrive(work, request, row, mail.bounce_why)


_ON_A_REQUEST: dict[Filing, Callable[[UnitOfWork, Request, Unfiled, Match], Filed]] = {
    Filing.FOLLOWS: _follow,
    Filing.NOTED: _noted,
    Filing.AUTO_REPLIED: _auto_replied,
    Filing.NOT_DELIVERED: _not_delivered,
    Filing.ANSWERED: _answered,
    Filing.ADDED: _added,
    Filing.UNVERIFIED: _unverified,
    Filing.WROTE: _wrote,
    Filing.THANKED: _thanked,
}

_SOMEBODYS_WORDS = frozenset(
    {Filing.FOLLOWS, Filing.ANSWERED, Filing.ADDED, Filing.WROTE, Filing.THANKED}
)


def _day(work: UnitOfWork, moment: datetime) -> str:
    """Such as `3 Mar 2026`, where the person sits."""
    day = moment.astimezone(work.deadlines.hours.zone)
    return f"{day.day} {MONTH_LABELS[day.month - 1]} {day.year}"


VERBS = (Verb(JournalStep.MAIL, drafts.FileMails, label, alone=file_mails, by_itself=True),)
