"""One step of the chase ladder: whom it turns to, and in which words."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol

from poc_tui.rules.dates.format import day_label, short_span
from poc_tui.rules.mail.address import name_beside
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.template import fill
from poc_tui.rules.text import one_line

NOBODY = "me"
"""The name of whoever acts where the settings give none; no way to sign."""

_LONGEST_SUBJECT = 120


class AnyDepartment(Protocol):
    """A department, as a record or a row; `deputy` and `lead` are empty where nobody is."""

    @property
    def name(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def deputy(self) -> str: ...
    @property
    def lead(self) -> str: ...


class AnyForward(Protocol):
    """A forward, as a record or a row. All moments are aware UTC; `chased` counts the steps, and
    the next one is due at `next_at`."""

    @property
    def question(self) -> str: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def chased(self) -> int: ...
    @property
    def next_at(self) -> datetime: ...


class ChasedForward(NamedTuple):
    """A forward that waits, with what a reminder says of it."""

    number: int
    subject: str
    customer: str | None
    department: AnyDepartment
    forward: AnyForward


class ChaseStep(NamedTuple):
    """What is done next about it."""

    name: str
    """Of the rung: "remind", "ask the deputy"."""
    person: str
    """Who is addressed."""
    words: str
    escalates: bool
    remark: str
    """What to know besides; empty mostly."""
    following: str
    """The name of the rung after this one."""
    following_at: datetime
    """When that one is due."""


def chase_step(deadlines: Deadlines, asked: ChasedForward, now: datetime, me: str) -> ChaseStep:
    """The next step for that forward, in the words of its template.

    Where the department has no deputy it turns to the contact again, and without a lead to whom
    the levels escalate; it says so.
    """
    department, forward = asked.department, asked.forward
    rung = deadlines.rung(department.name, forward.chased)
    named = {"contact": department.contact, "deputy": department.deputy, "lead": department.lead}[
        rung.to
    ]
    above = deadlines.levels.suggesting.to if rung.to == "lead" else ""
    person = named or above or department.contact or department.name
    remark = ""
    if not named and rung.to != "contact":
        remark = f"{department.name} has no {rung.to}; this goes to {person}"
    zone = deadlines.hours.zone
    over = now - forward.due_at
    words = fill(
        rung.words,
        {
            "me": closing(me),
            "department": one_line(department.name, _LONGEST_SUBJECT),
            "person": one_line(name_beside(person) or department.name, _LONGEST_SUBJECT),
            "number": f"#{asked.number}",
            "subject": one_line(asked.subject, _LONGEST_SUBJECT),
            "customer": one_line(asked.customer or "", _LONGEST_SUBJECT) or "a customer",
            "question": forward.question,
            "asked": _date(forward.asked_at, zone),
            "due": _date(forward.due_at, zone),
            "late": short_span(over) if over.total_seconds() > 0 else "not yet",
            "times": str(forward.chased),
        },
    )
    chased = forward.chased + 1
    at = deadlines.next_chase(department.name, chased, forward.asked_at, forward.due_at, now)
    return ChaseStep(
        rung.name,
        person,
        words,
        rung.to == "lead",
        remark,
        deadlines.rung(department.name, chased).name,
        # A step taken early leaves the department no less time than it had.
        max(forward.next_at, at),
    )


def closing(me: str) -> str:
    """What stands for that person below the words of a step."""
    return me if me != NOBODY else "The point of contact"


def _date(at: datetime, zone: tzinfo) -> str:
    """`Fri 20 Nov 15:00`: what is sent is read on another day, so there is no "today" in it."""
    local = at.astimezone(zone)
    return f"{day_label(local)} {local:%H:%M}"
