"""Which request a mail belongs to, and whose word it is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from poc_tui.models.values import State
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.mail.address import is_among, known_as
from poc_tui.rules.mail.correspondent import asked_for, came_by_our_group, our_domains
from poc_tui.rules.mail.filing import MailAuthor
from poc_tui.rules.mail.message import Mail, Nature, Part
from poc_tui.rules.mail.same_mail import MailContents, same as same_mail
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import marks, portions
from poc_tui.store.queries.request_mail import WRITER
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.known import is_the_customer, where_known
from poc_tui.store.verbs.returned_mail import COLUMNS, MatchedOutgoing, told_of
from poc_tui.store.verbs.subject_numbers import named_in
from poc_tui.store.verbs.threads import Filed, MailThread, MailThreads
from poc_tui.store.verbs.unfiled_mail import Unfiled
from poc_tui.store.verbs.verb import requests

_OURS = f"SELECT {COLUMNS} FROM outbox WHERE message_id IN ({{}})"
_FORWARDS = (
    "SELECT f.id, f.department_id, f.answered_at IS NULL AND f.withdrawn_at IS NULL AS waits,"
    " d.contact, d.deputy, d.lead FROM forward f JOIN department d ON d.id = f.department_id"
    " WHERE f.request_id = ? ORDER BY waits DESC, f.id DESC"
)
_LIES_ON = (
    "SELECT f.request_id, f.forward_id FROM mail_ref n JOIN mail_read r ON r.mail_id = n.mail_id"
    " JOIN mail_filed f ON f.mail_id = r.mail_id WHERE n.ref = ? AND r.message_id = n.ref LIMIT 1"
)
_SAME_WORDS = """
    SELECT f.request_id, f.activity_id, f.forward_id, f.doubt
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
    doubt: str = ""
    """Why nobody can say that its sender wrote it."""

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


class _Place(NamedTuple):
    """Where a mail belongs, as far as what it names goes."""

    request: Request | None
    remark: str = ""
    doubt: str = ""


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
        request, remark, doubt = None, "", ""
        if to is not None:
            request = self._request(to)
        elif unfiled.mail.nature != Nature.UNREADABLE and not apart:
            forged = self._forged(unfiled.mail)
            copy = self._copy_of(unfiled, thread)
            if copy and (forged or not copy.doubt):
                return Match(self._request(copy.number), ours, copy_of=copy)
            if not ours and (told := told_of(self._work, unfiled)):
                ours = (told,)
            request, remark, doubt = self._find(unfiled, ours, thread)
            doubt = forged or doubt
        if request is None:
            return Match(None, ours, whose=self._mine(unfiled), remark=remark, doubt=doubt)
        ours = tuple(row for row in ours if row.number == request.id)
        number = request.id
        known = bool(self._known(unfiled.sender, {number}))
        asked = self._asked(request, unfiled, ours, known=known)
        whose = self._mine(unfiled)
        if whose != MailAuthor.MINE and asked:
            is_theirs = is_the_customer(self._work.connection, unfiled.sender, number)
            whose = MailAuthor.CUSTOMER if is_theirs else MailAuthor.DEPARTMENT
        return Match(request, ours, asked, whose, known, remark=remark, doubt=doubt)

    def lies(self, unfiled: Unfiled, filed: Filed) -> None:
        """Remember where a mail was filed, for those that follow."""
        thread = self._threads.of(unfiled.id)
        thread.filed[unfiled.id] = filed
        if len(thread.mails) > 1:
            self._firm.of(unfiled.id).filed[unfiled.id] = filed

    def _find(
        self, unfiled: Unfiled, ours: Sequence[MatchedOutgoing], thread: MailThread
    ) -> _Place:
        """The request that a mail belongs to, and what to say about that."""
        if ours:
            return _Place(self._request(ours[0].number))
        near, apart = self._led_to(unfiled, thread)
        if near:
            nearest = self._nearest(unfiled, near) if len(near) > 1 else ()
            return self._of_thread(near, nearest, thread)
        named, who = self._by_number(unfiled), unfiled.sender or "its sender"
        if named.request is not None:
            return named
        if apart and (beside := self._beside_a_department(unfiled, apart)):
            return beside
        if apart:
            led = f"its thread also leads to {requests(apart)}, where {who} is not known"
            return _Place(None, led)
        return named

    def _by_number(self, unfiled: Unfiled) -> _Place:
        """The request whose number its subject names: proved, and by somebody known there, it
        leads to it; one of the two leaves it in doubt who wrote it, and neither leads anywhere."""
        named = named_in(self._work, unfiled.mail.subject)
        if named is None:
            return _Place(None)
        number, proved = named
        who = unfiled.sender or "its sender"
        request = self._work.get(Request, number)
        if request is not None:
            known = bool(self._known(unfiled.sender, {number}))
            if known:
                guessed = f"only #{number} in its subject leads here, which anybody can write"
                return _Place(
                    request,
                    doubt=_claimed(unfiled, self._work.mail_policy.mine) if proved else guessed,
                )
            if beside := self._beside_a_department(unfiled, [number]):
                return beside
            if proved:
                return _Place(
                    request,
                    doubt=f"only the number in its subject leads here, where {who} is not known",
                )
        return _Place(None, f"its subject names #{number}, where {who} is not known")

    def _beside_a_department(self, unfiled: Unfiled, numbers: Sequence[int]) -> _Place | None:
        """That of these requests on which a department was asked to whom the mail went as well: it
        asked whoever writes, who can answer for it once somebody has looked at it."""
        who = unfiled.sender or "its sender"
        for number in numbers:
            request = self._request(number)
            if _beside(self._forwards(request), unfiled) is not None:
                return _Place(
                    request,
                    doubt=f"{who} is not known here, but writes to a department that was asked as"
                    " well, so it may be its answer",
                )
        return None

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
            for number, _ in self._look(_LIES_ON, (id,))
            if number in numbers
        ]

    def _of_thread(self, numbers: set[int], nearest: Sequence[int], thread: MailThread) -> _Place:
        """Of several the nearest that is open, else the one that was resolved last. What only a
        mail in doubt leads to is in doubt itself."""
        sure = {filed.number for filed in thread.filed.values() if not filed.doubt}
        numbers = numbers & sure or numbers
        by_nearness = dict.fromkeys((*nearest, *sorted(numbers)))
        found = [self._request(number) for number in by_nearness if number in numbers]
        still_open = [request for request in found if request.state != State.RESOLVED]
        chosen = still_open[0] if still_open else max(found, key=_resolved)
        others = ", ".join(f"#{request.id}" for request in found if request is not chosen)
        return _Place(
            chosen,
            f"the mail also belongs to {others}" if others else "",
            ""
            if chosen.id in sure
            else "it goes on from a mail of which nobody knows who wrote it",
        )

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
        self, request: Request, unfiled: Unfiled, ours: Sequence[MatchedOutgoing], *, known: bool
    ) -> MatchedForward | None:
        """The forward that a mail comes from: what it answers went to the department or came from
        there, else its sender is the department's, or a stranger (not `known`) whom it lets answer;
        what still waits and what is newer first."""
        forwards = self._forwards(request)
        answered = self._answered(unfiled, ours) if forwards else None
        for asked, _ in forwards:
            if asked.id == answered:
                return asked
        for asked, contacts in forwards:
            if known_as(unfiled.sender, *contacts):
                return asked
        return None if known else _beside(forwards, unfiled)

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
            for _, forward_id in self._look(_LIES_ON, (id,)):
                return None if forward_id is None else int(forward_id)
        return None

    def _forged(self, mail: Mail) -> str:
        """Why a mail may not come from where it says, by its header; "" where nothing says so."""
        from poc_tui.rules.mail.authentication import doubt_of  # no other verb needs it

        trusted, mine = self._work.mail_policy.trusted, self._work.mail_policy.mine
        carriers = our_domains(mine) if trusted and came_by_our_group(mail, mine) else ()
        return doubt_of(mail, trusted, carriers)

    def _known(self, address: str, numbers: set[int]) -> set[int]:
        """Those of these requests to which an address is known; mine is known to each."""
        if self._is_mine(address):
            return numbers
        return where_known(self._work.connection, address, numbers)

    def _is_mine(self, address: str) -> bool:
        return is_among(address, self._work.mail_policy.mine)

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


def _beside(
    forwards: Sequence[tuple[MatchedForward, list[str]]], unfiled: Unfiled
) -> MatchedForward | None:
    """The forward to a department to which a mail went as well as to us."""
    mail = unfiled.mail
    to = [each.address for each in (*mail.recipients, *asked_for(mail))]
    for asked, contacts in forwards:
        if any(known_as(address, *contacts) for address in to):
            return asked
    return None


def _claimed(unfiled: Unfiled, mine: Sequence[str]) -> str:
    """Why only its header says who wrote a mail that a program sent, as a form does for whoever
    fills it in; "" where its sender wrote it, or our own group carried it."""
    sender = unfiled.mail.sender
    if sender is None or sender == unfiled.writer:
        return ""
    if is_among(sender.address, mine) and came_by_our_group(unfiled.mail, mine):
        return ""
    return f"{sender.address} sent it, and only says that {unfiled.sender} wrote it"


def _nearest_first(unfiled: Unfiled) -> list[str]:
    """The ids that a mail names: what it returns, what it replies to, then back to the root."""
    mail = unfiled.mail
    return [*mail.bounced, *mail.refs[:1], *reversed(mail.refs[1:])]


def _resolved(request: Request) -> tuple[float, int]:
    at = request.resolved_at
    return (0.0 if at is None else at.timestamp(), request.id or 0)
