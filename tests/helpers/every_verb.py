"""Every verb that there is, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments
from poc_tui.store.queries.reader import Reader


def a_day_at_the_desk(desk: Desk, reader: Reader, clock: FixedClock) -> list[Callable[[], object]]:
    """Every verb there is, in an order that makes sense."""
    technical = departments.department(reader, "Technical").id
    later = clock.now() + timedelta(days=2)

    def do(draft: drafts.Draft, *numbers: int) -> Callable[[], object]:
        def step() -> object:
            clock.advance(timedelta(minutes=7))
            return desk.do(draft, numbers)

        return step

    return [
        do(drafts.Capture("Möbel", customer=drafts.CustomerName("Meyer AG"), tags=("+a", "b"))),
        do(drafts.Capture("second", raw=b"\xff\x00", to=technical)),
        do(
            drafts.Triage(
                customer=drafts.CustomerName("Bäckerei Ott"),
                subject="Möbel, blau",
                kind=Kind.COMPLAINT,
                priority=Priority.CRITICAL,
                tags=("b", "c"),
            ),
            1,
        ),
        do(drafts.EditCustomer(1, name="Meier AG", vip=True, prefers=Channel.PHONE)),
        do(
            drafts.EditCustomer(
                1, addresses=(drafts.AddressDraft(AddressKind.EMAIL, "info@meier.example"),)
            )
        ),
        do(drafts.EditCustomer(1, addresses=())),
        do(drafts.EditDepartment(technical, remit="machines", answer_within_minutes=60)),
        do(drafts.EditDepartment(name="Purchasing")),
        do(drafts.ForwardDraft(technical, "how many?"), 1, 2),
        do(drafts.LogAnswer("10 units"), 1),
        do(drafts.CustomerWrote("well?"), 2),
        do(drafts.Answer("soon", still_working=True), 2),
        do(drafts.Note("careful"), 1, 2),
        do(drafts.Snooze(later, "the fair"), 1),
        do(drafts.Remind(later, "call"), 1, 2),
        do(drafts.Remind(later, "on its own")),
        do(drafts.MarkDone((1,))),
        do(drafts.Snooze(later), 2),
        do(drafts.Wake(), 2),
        do(
            drafts.Resolve(Resolution.SOLVED, "done", withdraw_forwards=True, reminders_done=False),
            1,
            2,
        ),
        do(drafts.Reopen("again"), 1),
        do(drafts.Answer("now really", resolve_as=Resolution.SOLVED, reminders_done=True), 1),
    ]
