"""What a mail of ours takes from what a person decided of it, and from who gets it: its copies, its
moment, its language."""

from __future__ import annotations

from poc_tui.errors import Refused
from poc_tui.models.values import Court
from poc_tui.rules.dates.format import say
from poc_tui.rules.mail import outgoing_text
from poc_tui.rules.mail.address import is_among
from poc_tui.rules.mail.message import AccountPolicy
from poc_tui.store.copies import others
from poc_tui.store.delivery import Delivery
from poc_tui.store.recipients import CustomersMail
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork

_LATELY = 1_000
"""Forwards, the newest of all, among which a department's last answer is looked for."""


def check_moment(
    work: UnitOfWork, request: Request, delivery: Delivery, account: AccountPolicy
) -> None:
    """Say whether what is to go out later still can, and will be late.

    Raises:
        Refused: the moment has passed, or nothing here goes out by itself.
    """
    if delivery.send_at is None:
        return
    if delivery.send_at <= work.began:
        raise Refused(f"#{request.id}: the moment to send it has passed; give a later one")
    if account.hands_over:
        raise Refused(
            f"#{request.id}: mails are handed over here and not sent, so none can go out later;"
            ' set "mail.send" to "smtp", or a reminder'
        )
    if request.due_at is not None and request.due_at < delivery.send_at:
        zone = work.deadlines.hours.zone
        due, at = (say(each, work.began, zone) for each in (request.due_at, delivery.send_at))
        work.remarks.append(f"#{request.id} is due {due}, and this goes out {at}: that is late")


def unless_answered(request: Request, delivery: Delivery) -> bool:
    """Whether it stays unsent if they write first, as what follows up our own words does."""
    if delivery.send_at is None:
        return False
    if delivery.unless_answered is None:
        return request.court == Court.CUSTOMER
    return delivery.unless_answered


def copies_of(
    work: UnitOfWork,
    request: Request,
    delivery: Delivery,
    last: CustomersMail | None,
    to: str,
) -> list[str]:
    """Who gets a copy of an answer: whom the customer wrote to as well, and who was named."""
    got = others(work.query, last, to, work.mail_policy.mine)
    everybody = not got.doubt if delivery.everybody is None else delivery.everybody
    if got.doubt and delivery.everybody is None:
        work.remarks.append(
            f"#{request.id} goes to {to} alone, not to the others of their mail: {got.doubt}"
        )
    copies: list[str] = []
    for address in (*(got.addresses if everybody else ()), *delivery.copies):
        if not is_among(address, (to, *copies)):
            copies.append(address)
    return copies


def language_at(work: UnitOfWork, department_id: int) -> str:
    """The language of the last mail in which a department answered, of those that were asked
    lately; empty where there is none."""
    rows = work.query(
        "SELECT r.text FROM forward w"
        " JOIN mail_filed f ON f.request_id = w.request_id AND f.forward_id = w.id"
        " JOIN mail_read r ON r.mail_id = f.mail_id"
        f" WHERE w.id > (SELECT max(id) FROM forward) - {_LATELY} AND w.department_id = ?"
        " ORDER BY w.id DESC, f.mail_id DESC LIMIT 1",
        (department_id,),
    )
    return language_in(rows[0][0]) if rows else ""


def language_in(text: str, declared: str = "") -> str:
    """The language of a text, as `rules.mail.language` has it, which is loaded with the first."""
    from poc_tui.rules.mail.language import language_of

    return language_of(text, declared)


def wording_in(work: UnitOfWork, language: str) -> outgoing_text.Wording:
    """The fixed words for who reads this language; as the desk has them where nobody knows."""
    wordings = outgoing_text.WORDINGS
    return wordings.get(language) or wordings[work.mail_policy.language]
