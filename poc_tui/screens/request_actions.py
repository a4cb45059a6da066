"""What can be done to requests, on every screen that shows some.

A command: guard -> dialog -> the verb, in the dialog -> say what was done -> show what changed.
A dialog is imported when it opens for the first time: the first paint needs none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from poc_tui.commands import COMMANDS, NEEDS
from poc_tui.errors import PocError
from poc_tui.rules.applicable import refusal, skipped, sorted_out
from poc_tui.screens.request_mail_actions import RequestMailActions
from poc_tui.screens.workers import begin_work

if TYPE_CHECKING:
    from textual.screen import Screen

    from poc_tui.commands import Need
    from poc_tui.screens.command_screen import RequestsScreen
    from poc_tui.screens.dialogs.request_dialog import RequestDialog
    from poc_tui.screens.next_request import NextRequest
    from poc_tui.screens.session import Session
    from poc_tui.store.drafts import Draft
    from poc_tui.store.records import Done, QueueRow, ReminderRow

FEW = 20
"""Requests that are looked at to tell what could be done; of more, nobody waits for all."""

MOST_REMARKS = 3
"""Lines about what was done, behind the one that says it; of more, the number is told."""


def dialog_of(verb: str) -> type[RequestDialog]:
    """The dialog that `COMMANDS` names for the verb of that id."""
    named = next(command.dialog for command in COMMANDS if command.id == verb)
    module, _, name = named.partition(":")
    dialog: type[RequestDialog] = getattr(import_module(f"poc_tui.screens.dialogs.{module}"), name)
    return dialog


class RequestActions:
    """The commands that act on the requests which `screen` says are chosen; they lead on to
    another by `next_request`, where the screen has a queue."""

    def __init__(self, screen: RequestsScreen, next_request: NextRequest | None = None) -> None:
        self._screen = screen
        self._next = next_request
        self._session = screen.session
        self._made: set[int] = set()
        """Steps made at this screen, which undo takes back without asking."""
        self.commands: dict[str, Callable[..., object]] = {
            "take_guesses": self._take_guesses,
            "customer": self.customer,
            "done": self.done,
            "wake": partial(self._without_asking, "wake", "Wake"),
            "seen": partial(self._without_asking, "seen", "Seen"),
            "accept_mail": partial(self._without_asking, "accept_mail", "AcceptMails"),
            **RequestMailActions(screen, self.tell, self.open).commands,
            "undo": self._undo,
            "redo": self._redo,
            "copy_number": self._copy_number,
            "refresh": screen.reload,
        }
        self.commands |= {
            command.id: partial(self._act, command.id) for command in COMMANDS if command.dialog
        }
        screen.in_vain.append(self._in_vain)

    def _in_vain(self) -> Collection[str]:
        """The commands that would find nothing to do now."""
        from poc_tui.store.queries import request_mail
        from poc_tui.store.undo.next_step import first_undone

        vain: dict[str, bool] = {}
        with suppress(PocError):  # of a store that cannot be read just now nothing is told
            rows, reader = self._screen.chosen()[:FEW], self._session.reader
            vain["done"] = not self._reminders_at_hand(rows)
            vain["save"] = not any(request_mail.saveables(reader, row.number) for row in rows)
            vain["accept_mail"] = not any(request_mail.in_doubt(reader, row.number) for row in rows)
            vain["redo"] = first_undone(reader.rows, self._session.settings.name) is None
        return [id for id, is_vain in vain.items() if is_vain]

    async def _act(
        self,
        verb: str,
        given: Draft | Mapping[str, str] | None = None,
        rows: Sequence[QueueRow] = (),
        need: Need = "",
    ) -> None:
        """Open the dialog of a verb for those of the chosen requests that it makes sense for.

        Args:
            verb: its id.
            given: words that its dialog begins with; or all that a person decided, which is then
                done without asking.
            rows: the requests, where they are not those that are chosen.
            need: what they must be, where that is not what the verb needs.
        """
        dialog, need = dialog_of(verb), need or NEEDS[verb]
        chosen = rows or self._screen.chosen()
        if not chosen and not dialog.ALSO_ALONE:
            self._screen.warn(self._screen.NOTHING_CHOSEN)
            return
        rows, left = sorted_out(chosen, need, self._session.clock.now())
        others = [row.number for row in left]
        if others and not rows:
            self._screen.warn(refusal(need, others))
            return
        lead_on = None if self._next is None else self._next.after(rows)
        remark = skipped(need, others)
        if given is not None and not isinstance(given, Mapping):
            done = await self.carry_out(given, [row.number for row in rows], remark)
        else:
            asking = dialog(self._session, rows, skipped=len(others))
            asking.begin_with = given or {}
            done = await self.open(asking, remark)
        if done and rows and not dialog.KEEPS_MARKS:
            self._screen.acted()
        if done and dialog.LEADS_ON and lead_on is not None:
            await lead_on()

    async def _take_guesses(self) -> None:
        """Triage what is new among the chosen as it is guessed."""
        from poc_tui.store.drafts import GuessedTriage

        await self._act("triage", GuessedTriage(), need=NEEDS["take_guesses"])

    async def customer(self) -> None:
        """See and change the customer of the request."""
        from poc_tui.screens.dialogs.customer import CustomerDialog
        from poc_tui.store.queries import requests

        rows = self._screen.chosen()
        if not rows:
            self._screen.warn("No request is highlighted.")
            return
        detail = requests.request(self._session.reader, rows[0].number)
        if detail.customer_id is None:
            self._screen.warn(f"#{detail.number} has no customer yet; triage names one.")
            return
        await self.open(CustomerDialog(self._session, detail.customer_id))

    async def done(self) -> None:
        """Mark the reminder at hand as done, or those of the chosen requests.

        How a promise ended is asked, each by itself.
        """
        reminders = self._reminders_at_hand(self._screen.chosen())
        if not reminders:
            self._screen.warn("There is no open reminder here.")
            return
        promises = [reminder for reminder in reminders if reminder.kind == "promise"]
        others = [reminder for reminder in reminders if reminder.kind != "promise"]
        if others and not await self._mark_done(others):
            return
        for promise in promises:
            from poc_tui.screens.dialogs.promise import EndPromiseDialog

            if not await self.open(EndPromiseDialog(self._session, promise)):
                return

    async def _without_asking(self, verb: str, draft: str) -> None:
        """Do what needs no dialog to those of the chosen requests that it makes sense for."""
        from poc_tui.store import drafts

        chosen = self._screen.chosen()
        if not chosen:
            self._screen.warn(self._screen.NOTHING_CHOSEN)
            return
        need = NEEDS[verb]
        rows, left = sorted_out(chosen, need, self._session.clock.now())
        others = [row.number for row in left]
        if not rows:
            self._screen.warn(refusal(need, others))
            return
        numbers = [row.number for row in rows]
        if await self.carry_out(getattr(drafts, draft)(), numbers, skipped(need, others)):
            self._screen.acted()

    async def _undo(self) -> None:
        """Take the last step back; asks if it was not made at this desk."""
        last = await self._session.next_undo()
        if last is not None and last.id not in self._made:
            question = f"The last step was not made at this desk: {last.label}. Take it back?"
            if not await self._agreed_to(question, "take it back"):
                return
        expected = None if last is None else last.id
        await self._turn(partial(self._session.acts, lambda desk: desk.undo(expected)), "undo")

    async def _redo(self) -> None:
        await self._turn(partial(self._session.acts, lambda desk: desk.redo()), "redo")

    def _copy_number(self) -> None:
        try:
            numbers = " ".join(f"#{row.number}" for row in self._screen.chosen())
        except PocError as error:
            self._screen.warn(str(error))
            return
        if numbers:
            self._screen.app.copy_to_clipboard(numbers)
            self._screen.say(f"copied {numbers}")

    def _reminders_at_hand(self, rows: Sequence[QueueRow]) -> list[ReminderRow]:
        """The highlighted reminder, else the open ones of these requests."""
        from poc_tui.store.queries import requests

        at_hand = self._screen.reminder_at_hand()
        if at_hand is not None:
            return [at_hand]
        now = self._session.clock.now()
        return [
            reminder
            for row in rows
            for reminder in requests.request(self._session.reader, row.number).reminders
            if reminder.is_at_hand(now)
        ]

    async def _mark_done(self, reminders: list[ReminderRow]) -> bool:
        """Mark what is no promise as done; False if the person would rather not."""
        from poc_tui.store.drafts import MarkDone

        count = len(reminders)
        if count == 1 and reminders[0].every:
            from poc_tui.screens.dialogs.waiting import RecurringDialog

            return await self.open(RecurringDialog(self._session, reminders[0]))
        if count > 1 and not await self._agreed_to(f"Mark {count} reminders done?", "mark done"):
            return False
        return await self.carry_out(MarkDone(tuple(row.id for row in reminders)))

    async def _agreed_to(self, question: str, yes: str) -> bool:
        from poc_tui.screens.dialogs.confirm import agreed_to

        return await agreed_to(self._screen, question, yes)

    async def open(self, dialog: Screen[Done | None], remark: str = "") -> bool:
        """Open a dialog and say what was done in it; False if it was left."""
        from poc_tui.screens.dialogs.base import Dialog
        from poc_tui.widgets.virtual_list import VirtualList

        bring_up = self._screen.bring_up
        if bring_up is not None and isinstance(dialog, Dialog) and len(dialog.numbers) == 1:
            await bring_up(dialog.numbers[0])
        done = await self._screen.app.push_screen_wait(dialog)
        if isinstance(dialog, Dialog) and dialog.kept_some:
            # A sign says whether something is half written there.
            for rows in self._screen.query(VirtualList):
                rows.redraw()
            self._screen.reload()
        return self.tell(done, remark)

    async def carry_out(self, draft: Draft, numbers: Sequence[int] = (), remark: str = "") -> bool:
        """Do what needs no dialog, and say so."""
        return self.tell(await self._session.do(draft, numbers), remark)

    async def _turn(self, turn: Callable[[], Awaitable[Done]], word: str) -> None:
        done = await turn()
        self._screen.say("\n".join((f"{word}: {done.label}", *done.remarks)))
        self._hand_over(done)
        self._screen.look()
        self._screen.point_at(done.numbers)

    def tell(self, done: Done | None, remark: str = "") -> bool:
        """Say what was done, if anything was; behind it the remark."""
        if done is None:
            return False
        if done.journal_id is not None:
            self._made.add(done.journal_id)
        did = "; ".join(filter(None, (_did(done, self._session, self._next), remark)))
        remarks = done.remarks[:MOST_REMARKS]
        if more := len(done.remarks) - len(remarks):
            remarks = (*remarks, f"and {more} more of this sort")
        self._screen.say("\n".join((did, *remarks, *_goes_out(done, self._session))))
        self._hand_over(done)
        self._screen.look()
        return True

    def _hand_over(self, done: Done) -> None:
        """Give the person the mails that a step queued, where poc does not send them itself."""
        if done.journal_id is not None and self._session.mail.settings.hands_over:
            from poc_tui.screens.mail_hand_off import hand_over_of

            give = partial(hand_over_of, self._screen, done, done.journal_id)
            begin_work(self._screen, give, "mail")


def _did(done: Done, session: Session, next_request: NextRequest | None) -> str:
    """What was done, and where the requests are now."""
    from poc_tui.store.queries import queue, requests
    from poc_tui.words.done import what_was_done

    reader, clock = session.reader, session.clock
    with suppress(PocError):  # it was done; where it went can be left out
        rows = queue.by_number(reader, done.numbers)
        if rows:
            made = requests.made_by(reader, done.journal_id)
            place = "" if next_request is None else next_request.place_of(rows)
            return what_was_done(done, rows, made, place, clock.now(), clock.zone)
    return done.label


def _goes_out(done: Done, session: Session) -> Iterator[str]:
    """When the mail goes out that a step queued, where poc sends it itself."""
    if done.journal_id is None or not session.mail.settings.sends:
        return
    from poc_tui.store.queries import mail
    from poc_tui.words.mail_reports import goes_out

    with suppress(PocError):  # it was done; what is only told besides can be left out
        rows = mail.queued_by(session.reader, done.journal_id)
        undo = session.keymap.display("undo").partition(" ")[0]
        clock = session.clock
        yield from goes_out(rows, undo, clock.now(), clock.zone)
