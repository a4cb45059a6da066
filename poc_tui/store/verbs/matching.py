"""Which request a mail belongs to, and whose word it is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from poc_tui.models.values import State
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.mail.address import known_as, same
from poc_tui.rules.mail.filing import MailAuthor
from poc_tui.rules.mail.message import Mail, Nature, Part
from poc_tui.rules.mail.same_mail import MailContents, same as same_mail
from poc_tui.rules.mail.subject import number_in
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import marks, portions
from poc_tui.store.queries.request_mail import WRITER
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.known import is_the_customer, where_known
from poc_tui.store.verbs.threads import Filed, MailThread, MailThreads
from poc_tui.store.verbs.unfiled_mail import Unfiled
from poc_tui.store.verbs.verb import requests

_OURS = (
    "SELECT id, request_id, activity_id, forward_id, state, recipient, message_id"
    " FROM outbox WHERE message_id IN ({})"
)
_FORWARDS = (
    "SELECT f.id, f.department_id, f.answered_at IS NULL AND f.withdrawn_at IS NULL AS waits,"
    " d.contact, d.deputy, d.lead FROM forward f JOIN department d ON d.id = f.department_id"
    " WHERE f.request_id = ? ORDER BY waits DESC, f.id DESC"
)
_FILED_AS = (
    "SELECT f.forward_id FROM mail_ref n JOIN mail_read r ON r.mail_id = n.mail_id"
    " JOIN mail_filed f ON f.mail_id = r.mail_id WHERE n.ref = ? AND r.message_id = n.ref LIMIT 1"
)
_LIES_ON = (
    "SELECT f.request_id FROM mail_ref n JOIN mail_read r ON r.mail_id = n.mail_id"
    " JOIN mail_filed f ON f.mail_id = r.mail_id WHERE n.ref = ? AND r.message_id = n.ref LIMIT 1"
)
_SAME_WORDS = """
    SELECT f.request_id, f.activity_id, f.forward_id
    FROM mail_read n JOIN mail_read r ON r.mail_id BETWEEN n.mail_id - ?1 AND n.mail_id + ?1
     AND r.sent_at = n.sent_at AND r.message_id = n.message_id AND r.sender = n.sender
     AND r.subject = n.subject AND r.text = n.text AND r.parts = n.parts
    JOIN mail_filed f ON f.mail_id = r.mail_id
    WHERE n.mail_id = ?2 AND n.mail_id <> r.mail_id ORDER BY r.mail_id LIMIT 1
"""
_OF_SAME_ID = (
    "SELECT r.mail_id, r.sent_at = (SELECT sent_at FROM mail_read WHERE mail_id = ?),"
    " r.subject, r.text, r.parts FROM mail_ref n JOIN mail_read r ON r.mail_id = n.mail_id"
    f" WHERE n.ref = ? AND r.message_id = n.ref AND {WRITER} = ?"
)
_BESIDE = 1000
"""Mails that came before it, and after it, among which one without an id is looked for."""


class MatchedOutgoing(NamedTuple):
    """A mail of ours that another one names."""

    id: int
    number: int
    """Of the request."""
    activity_id: int
    forward_id: int | None
    """Of what went to a department."""
    state: str
    recipient: str
    message_id: str


class MatchedForward(NamedTuple):
    """A forward that a mail comes from."""

    id: int
    department_id: int
    waits: bool
    """Whether it still has no answer."""


class Match(Frozen):
    """Where a mail belongs."""

    request: Request | None
    """None: to none that is known."""
    ours: tuple[MatchedOutgoing, ...] = ()
    """The mails of ours that it names, the one it answers or returns first."""
    asked: MatchedForward | None = None
    whose: MailAuthor = MailAuthor.CUSTOMER
    known: bool = False
    """Whether its sender is known to the request."""
    copy_of: Filed | None = None
    """Where the same mail lies that came before, in other bytes."""
    remark: str = ""
    """What to say once it is filed there."""

    def is_our_copy(self, mail: Mail) -> bool:
        """Whether the mail is one of ours that came back: it bears its id, and our address."""
        return self.whose == MailAuthor.MINE and any(
            row.message_id == mail.message_id for row in self.ours
        )

    def proved(self, mail: Mail) -> list[MatchedOutgoing]:
        """The mails of ours that were sent, as this one shows: it answers them, or is a copy.

        What else it names can stand there because a later one of ours named it.
        """
        shown = (mail.message_id,) if self.whose == MailAuthor.MINE else mail.refs[:1]
        return [row for row in self.ours if row.message_id in shown]


class Matcher:
    """Finds the places of mails that are filed together."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._threads = MailThreads(work)
        self._firm = MailThreads(work, firm=True)
        self._requests: dict[int, Request] = {}

    def match(self, unfiled: Unfiled, to: int | None, *, apart: bool = False) -> Match:
        """Where the mail belongs; the request of the number `to` where that is given, none where
        it is to stand `apart`.

        Raises:
            NotFound: there is no request of that number.
        """
        ours = self._named(unfiled)
        thread = self._threads.of(unfiled.id)
        request, remark = None, ""
        if to is not None:
            request = self._request(to)
        elif unfiled.mail.nature != Nature.UNREADABLE and not apart:
            if copy := self._copy_of(unfiled, thread):
                return Match(self._request(copy.number), ours, copy_of=copy)
            request, remark = self._find(unfiled, ours, thread)
        if request is None:
            return Match(None, ours, whose=self._mine(unfiled), remark=remark)
        ours = tuple(row for row in ours if row.number == request.id)
        asked = self._asked(request, unfiled, ours)
        number = request.id
        whose = self._mine(unfiled)
        if whose != MailAuthor.MINE and asked:
            is_theirs = is_the_customer(self._work.connection, unfiled.sender, number)
            whose = MailAuthor.CUSTOMER if is_theirs else MailAuthor.DEPARTMENT
        known = bool(self._known(unfiled.sender, {number}))
        return Match(request, ours, asked, whose, known, remark=remark)

    def lies(self, unfiled: Unfiled, filed: Filed) -> None:
        """Remember where a mail was filed, for those that follow."""
        thread = self._threads.of(unfiled.id)
        thread.filed[unfiled.id] = filed
        if len(thread.mails) > 1:
            self._firm.of(unfiled.id).filed[unfiled.id] = filed

    def _find(
        self, unfiled: Unfiled, ours: Sequence[MatchedOutgoing], thread: MailThread
    ) -> tuple[Request | None, str]:
        """The request that a mail belongs to, and what to say about that."""
        if ours:
            return self._request(ours[0].number), ""
        near, apart = self._led_to(unfiled, thread)
        if near:
            nearest = self._nearest(unfiled, near) if len(near) > 1 else ()
            return self._of_thread(near, nearest)
        number = number_in(unfiled.mail.subject)
        if number is not None:
            request = self._work.get(Request, number)
            if request is not None and self._known(unfiled.sender, {number}):
                return request, ""
        who = unfiled.sender or "its sender"
        if apart:
            return None, f"its thread also leads to {requests(apart)}, where {who} is not known"
        if number is not None:
            return None, f"its subject names #{number}, where {who} is not known"
        return None, ""

    def _led_to(self, unfiled: Unfiled, thread: MailThread) -> tuple[set[int], list[int]]:
        """The requests to which its thread leads, and those to which it only seems to.

        An id that no mail here has can stand in the replies of people who have nothing to do with
        each other, as where one mail went out to many. It leads only to where the sender is known;
        but what comes by a list is one conversation, whoever writes.
        """
        near = {filed.number for filed in thread.filed.values()}
        if not near or unfiled.mail.nature == Nature.LIST:
            return near, []
        firm = {filed.number for filed in self._firm.of(unfiled.id).filed.values()}
        known = self._known(unfiled.sender, near - firm)
        return firm | known, sorted(near - firm - known)

    def _nearest(self, unfiled: Unfiled, numbers: set[int]) -> list[int]:
        """Those of the requests on which mails lie that this one names, the nearest first."""
        return [
            number
            for id in _nearest_first(unfiled)
            for (number,) in self._look(_LIES_ON, (id,))
            if number in numbers
        ]

    def _of_thread(self, numbers: set[int], nearest: Sequence[int]) -> tuple[Request, str]:
        """Of several the nearest that is open, else the one that was resolved last."""
        by_nearness = dict.fromkeys((*nearest, *sorted(numbers)))
        found = [self._request(number) for number in by_nearness]
        still_open = [request for request in found if request.state != State.RESOLVED]
        chosen = still_open[0] if still_open else max(found, key=_resolved)
        others = ", ".join(f"#{request.id}" for request in found if request is not chosen)
        return chosen, f"the mail also belongs to {others}" if others else ""

    def _named(self, unfiled: Unfiled) -> tuple[MatchedOutgoing, ...]:
        """The mails of ours that it returns, answers or names, in this order, or is a copy of."""
        own = unfiled.mail.message_id
        ids = list(dict.fromkeys(filter(None, (*_nearest_first(unfiled), own))))
        found = {
            row[-1]: MatchedOutgoing(*row)
            for part in portions(ids)
            for row in self._look(_OURS.format(marks(part)), part)
        }
        return tuple(found[id] for id in ids if id in found)

    def _asked(
        self, request: Request, unfiled: Unfiled, ours: Sequence[MatchedOutgoing]
    ) -> MatchedForward | None:
        """The forward that a mail comes from: what it answers went to the department or came from
        there, else its sender is the department's; what still waits and what is newer first."""
        forwards = self._forwards(request)
        answered = self._answered(unfiled, ours) if forwards else None
        for asked, _ in forwards:
            if asked.id == answered:
                return asked
        for asked, contacts in forwards:
            if known_as(unfiled.sender, *contacts):
                return asked
        return None

    def _forwards(self, request: Request) -> list[tuple[MatchedForward, list[str]]]:
        """The forwards of the request, with those who can answer for the department."""
        return [
            (MatchedForward(id, department_id, bool(waits)), contacts)
            for id, department_id, waits, *contacts in self._look(_FORWARDS, (request.id,))
        ]

    def _answered(self, unfiled: Unfiled, ours: Sequence[MatchedOutgoing]) -> int | None:
        """The forward of the nearest mail that this one names, be it ours or one that is filed."""
        of_ours = {row.message_id: row.forward_id for row in ours}
        for id in _nearest_first(unfiled):
            if id in of_ours:
                return of_ours[id]
            for (forward_id,) in self._look(_FILED_AS, (id,)):
                return None if forward_id is None else int(forward_id)
        return None

    def _known(self, address: str, numbers: set[int]) -> set[int]:
        """Those of these requests to which an address is known; mine is known to each."""
        if self._is_mine(address):
            return numbers
        return where_known(self._work.connection, address, numbers)

    def _is_mine(self, address: str) -> bool:
        return any(same(address, mine) for mine in self._work.mail_policy.mine)

    def _mine(self, unfiled: Unfiled) -> MailAuthor:
        return MailAuthor.MINE if self._is_mine(unfiled.sender) else MailAuthor.CUSTOMER

    def _copy_of(self, unfiled: Unfiled, thread: MailThread) -> Filed | None:
        """Where the same mail lies: of the same id, from the same sender, with the same words
        and attachments, but for what was changed on the way.

        A mail that came by two ways, or was stored with other line ends, has other bytes. One
        without an id is known by its sender, subject, parts and words, and the second in which
        it was sent.
        """
        mail = unfiled.mail
        if not mail.message_id:
            found = self._look(_SAME_WORDS, (_BESIDE, unfiled.id))
            return Filed(*found[0]) if found else None
        if not thread.filed:
            return None
        contents = MailContents(mail.subject, mail.text, mail.parts)
        for id, at_once, subject, text, parts in self._look(
            _OF_SAME_ID, (unfiled.id, mail.message_id, unfiled.sender)
        ):
            other = MailContents(subject, text, tuple(Part(*part) for part in listed(parts, 4)))
            if id in thread.filed and same_mail(contents, other, at_once=bool(at_once)):
                return thread.filed[id]
        return None

    def _look(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """What the store says; of a request that was moved just now, how it stood before.

        `UnitOfWork.query` would write every move by itself.
        """
        return self._work.connection.execute(sql, tuple(values)).fetchall()

    def _request(self, number: int) -> Request:
        if number not in self._requests:
            self._requests[number] = self._work.request(number)
        return self._requests[number]


def _nearest_first(unfiled: Unfiled) -> list[str]:
    """The ids that a mail names: what it returns, what it replies to, then back to the root."""
    mail = unfiled.mail
    return [*mail.bounced, *mail.refs[:1], *reversed(mail.refs[1:])]


def _resolved(request: Request) -> tuple[float, int]:
    at = request.resolved_at
    return (0.0 if at is None else at.timestamp(), request.id or 0)
