"""Accepting mails of which nobody could say who wrote them: they count as what they are then."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.values import Event
from poc_tui.rules.mail.filing import FilingWish
from poc_tui.store import drafts
from poc_tui.store.damage import present
from poc_tui.store.queries.reader import marks
from poc_tui.store.rows import Customer, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.filing import carry_out, what_becomes_of, writer_of
from poc_tui.store.verbs.matching import Match, Matcher
from poc_tui.store.verbs.senders import customer_of
from poc_tui.store.verbs.threads import Filed
from poc_tui.store.verbs.unfiled_mail import Unfiled, read_mail
from poc_tui.store.verbs.verb import Verb, requests

_LIES = "SELECT mail_id, request_id, activity_id, forward_id, doubt FROM mail_filed"
_SAID = "SELECT id FROM remark WHERE mail_id = ? AND seen_at IS NULL"
_FIRST = "SELECT min(id) FROM activity WHERE request_id = ?"
_AS_A_PERSON_SAYS = FilingWish(wanted=True)


def accept(draft: drafts.AcceptMails, work: UnitOfWork) -> list[int]:
    """File the mails as if nothing had been in doubt; returns the numbers of their requests.

    What the timeline said before stays there. A mail that began its request gives it its customer.

    Raises:
        NotUnderstood: there is no mail to accept.
        NotFound: one of them is on no request.
        Refused: nothing about one of them is in doubt.
    """
    ids = list(dict.fromkeys(draft.mail_ids))
    if not ids:
        raise NotUnderstood("say which mail is meant, by its number")
    found = work.query(f"{_LIES} WHERE mail_id IN ({marks(ids)})", ids)
    lie = {id: Filed(*lies) for id, *lies in found}
    for id in ids:
        if id not in lie:
            raise NotFound(f"mail {id} is on no request; `poc mail` lists what lies aside")
        if not lie[id].doubt:
            raise Refused(f"mail {id} on #{lie[id].number} is in no doubt; nothing was changed")
    return _accept(work, lie)


def accept_all(_: drafts.AcceptMails, work: UnitOfWork, request: Request) -> None:
    """The same of all mails on the request that are in doubt.

    Raises:
        Refused: there is none.
    """
    found = work.query(f"{_LIES} WHERE request_id = ? AND doubt <> ''", (request.id,))
    if not found:
        raise Refused(f"no mail on #{request.id} is in doubt; nothing was changed")
    _accept(work, {id: Filed(*lies) for id, *lies in found})


def _accept(work: UnitOfWork, lie: dict[int, Filed]) -> list[int]:
    """Of mails that were taken for one, the first is filed, and the others lie where it does."""
    numbers: dict[int, None] = {}
    now: dict[int, Filed] = {}
    for id, before in lie.items():
        unfiled = read_mail(work, id)
        if before.activity_id not in now:
            now[before.activity_id] = _filed_anew(work, unfiled, before)
        filed = now[before.activity_id]
        numbers[filed.number] = None
        work.update("mail_filed", unfiled.id, filed._replace(doubt="").row)
        for (remark,) in work.query(_SAID, (unfiled.id,)):
            work.update("remark", remark, {"seen_at": work.now})
    work.flush()
    return list(numbers)


def _filed_anew(work: UnitOfWork, unfiled: Unfiled, lies: Filed) -> Filed:
    request = work.request(lies.number)
    ((first,),) = work.query(_FIRST, (lies.number,))
    if first == lies.activity_id:
        _give_customer(work, request, unfiled)
        return lies
    match = Matcher(work).match(unfiled, lies.number)
    what, _ = what_becomes_of(unfiled, match, _AS_A_PERSON_SAYS, work)
    return present(carry_out(what, work, unfiled, match))


def _give_customer(work: UnitOfWork, request: Request, unfiled: Unfiled) -> None:
    """The request is of who wrote the mail, unless somebody has said whose it is."""
    if request.customer_id is not None:
        return
    what, _ = what_becomes_of(unfiled, Match(None), _AS_A_PERSON_SAYS, work)
    request.customer_id = customer_of(work, writer_of(what, unfiled), unfiled.at)
    if (customer := work.get(Customer, request.customer_id)) is not None:
        work.recount(request)
        changes = {"customer": [None, customer.name]}
        work.record(request, Event.TRIAGED, until=request.due_at, changes=changes)


def _label(draft: drafts.AcceptMails, numbers: Sequence[int], _work: UnitOfWork) -> str:
    count = len(set(draft.mail_ids))
    what = f"mail {draft.mail_ids[0]}" if count == 1 else f"{count} mails" if count else "mail"
    return f"accept {what} on {requests(numbers)}"


VERBS = (Verb("accept_mail", drafts.AcceptMails, _label, accept_all, accept),)
