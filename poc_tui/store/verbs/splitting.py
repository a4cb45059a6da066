"""Splitting a mail off: what it says about another matter becomes a request of its own.

At any time: what was done on the request since stays there.
"""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import Refused
from poc_tui.models.values import Event
from poc_tui.store import drafts
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.filing import take_down_mail
from poc_tui.store.verbs.known import is_the_customer
from poc_tui.store.verbs.senders import customer_of
from poc_tui.store.verbs.unfiled_mail import read_mail
from poc_tui.store.verbs.verb import Verb, short

_LIES = (
    "SELECT f.request_id, f.forward_id, a.id = (SELECT min(id) FROM activity"
    " WHERE request_id = f.request_id) FROM mail_filed f JOIN activity a ON a.id = f.activity_id"
    " WHERE f.mail_id = ?"
)


def check_split(work: UnitOfWork, mail_id: int) -> int:
    """The number of the request from which the mail can be split off.

    Raises:
        Refused: it is on none, its request began with it, or it is a department's answer.
    """
    found = work.query(_LIES, (mail_id,))
    if not found:
        raise Refused(f"mail {mail_id} is on no request; `poc mail file {mail_id}` makes it one")
    number, forward_id, began = found[0]
    if began:
        raise Refused(f"#{number} began with mail {mail_id}, so there is nothing to split off")
    if forward_id is not None:
        raise Refused(f"mail {mail_id} answers a question on #{number}; it stays there")
    return int(number)


def split(draft: drafts.SplitMail, work: UnitOfWork) -> list[int]:
    """Make a new request of the mail, of the same customer if they wrote it; both say so.

    Raises:
        NotFound: there is no such mail, or nothing was read of it yet.
        Refused: as `check_split` does.
    """
    unfiled = read_mail(work, draft.mail_id)
    old = work.request(check_split(work, draft.mail_id))
    is_theirs = is_the_customer(work.connection, unfiled.sender, old.id)
    customer_id = old.customer_id if is_theirs else customer_of(work, unfiled.writer, unfiled.at)
    new = take_down_mail(work, unfiled, customer_id, opens=False)
    work.update("mail_filed", unfiled.id, new.row)
    work.enter(new.number, Event.NOTED, f"Split off from #{old.id}")
    work.record(old, Event.NOTED, f"A mail was split off: it is #{new.number} now")
    return [old.id, new.number]


def _label(_draft: drafts.SplitMail, numbers: Sequence[int], work: UnitOfWork) -> str:
    old, new = numbers
    ((subject,),) = work.query("SELECT subject FROM request WHERE id = ?", (new,))
    return f"split #{new} off from #{old}: {short(subject)}"


VERBS = (Verb("split", drafts.SplitMail, _label, alone=split),)
