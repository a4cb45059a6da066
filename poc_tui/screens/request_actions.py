"""What can be done to requests, on every screen that shows some.

A command: guard -> dialog -> the verb, in the dialog -> say what was done -> reload what changed.
The dialogs are imported when the first one opens, or by `Session.warm_up`, whichever is earlier:
importing them takes a sixth of the time to the first paint.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial, wraps
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar

from textual import on
from textual.screen import Screen

from poc_tui.commands import COMMANDS
from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.screens.quiet_focus import QuietFocus
from poc_tui.screens.type_ahead import forget_ahead, holds_keys, keys_wait
from poc_tui.store.queries import request_mail, requests
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from poc_tui.widgets.timeline import RequestPane

if TYPE_CHECKING:
    from poc_tui.screens.dialogs.request_dialog import RequestDialog
    from poc_tui.screens.session import Session
    from poc_tui.store.drafts import Draft
    from poc_tui.store.records import Done, JournalRow, QueueRow, ReminderRow


S = TypeVar("S", bound="RequestActionsScreen")
Given = ParamSpec("Given")


def opens_dialog(
    ask: Callable[Concatenate[S, Given], Awaitable[None]],
) -> Callable[Concatenate[S, Given], None]:
    """An action that asks something, in a worker; what hinders it is said."""

    @holds_keys
    @wraps(ask)
    async def action(screen: S, /, *args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            await screen.session.readable()
            await ask(screen, *args, **kwargs)
        except PocError as error:
            screen.warn(str(error))

    return action


def dialog_of(verb: str) -> type[RequestDialog]:
    """The dialog that `COMMANDS` names for the verb of that id."""
    named = next(command.dialog for command in COMMANDS if command.id == verb)
    module, _, name = named.partition(":")
    dialog: type[RequestDialog] = getattr(import_module(f"poc_tui.screens.dialogs.{module}"), name)
    return dialog


class RequestActionsScreen(QuietFocus, Screen[None]):
    """A screen on which requests are chosen and acted on."""

    NOTHING_CHOSEN: ClassVar[str] = "No request is highlighted; n takes one down."
    """What is said to somebody who acts on no request."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._made: set[int] = set()
        """Steps of this desk, which undo takes back without asking."""

    def key_bar(self, *before: KeyHint) -> KeyBar:
        """The line of keys at the bottom, made from the table of commands."""
        shown = self.session.keymap.bindings()
        wanted = [KeyHint(key.shown, key.label, key.action) for key in shown if key.footer]
        here = [key for key in wanted if self.check_action(key.action.partition("(")[0], ())]
        return KeyBar([*before, *here])

    @on(KeyBar.Chosen)
    async def _key_chosen(self, event: KeyBar.Chosen) -> None:
        node = self.app if event.action == "help" else self
        await self.app.run_action(event.action, node)

    def chosen(self) -> Sequence[QueueRow]:
        """The requests that a verb acts on: the marked ones, else the highlighted one."""
        raise NotImplementedError

    def reminder_at_hand(self) -> ReminderRow | None:
        """The reminder that is highlighted, where reminders have the focus."""
        return None

    def reload(self) -> None:
        """Show the store as it is now."""
        raise NotImplementedError

    def point_at(self, numbers: Sequence[int]) -> None:
        """Lead the eye to the requests that were touched, where the screen shows them."""

    def acted(self) -> None:
        """A verb was carried out on what was chosen."""

    @opens_dialog
    async def action_act(self, verb: str) -> None:
        """Open the dialog of a verb for what is chosen, unless it makes no sense there."""
        dialog = dialog_of(verb)
        rows = list(self.chosen())
        if not rows and not dialog.ALSO_ALONE:
            self.warn(self.NOTHING_CHOSEN)
            return
        if why := dialog.refuse(rows):
            self.warn(why)
            return
        done = await self.app.push_screen_wait(dialog(self.session, rows))
        if self._tell(done) and rows and not dialog.KEEPS_MARKS:
            self.acted()

    @opens_dialog
    async def action_customer(self) -> None:
        """See and change the customer of the request."""
        from poc_tui.screens.dialogs.customer import CustomerDialog

        rows = self.chosen()
        if not rows:
            self.warn("No request is highlighted.")
            return
        detail = requests.request(self.session.reader, rows[0].number)
        if detail.customer_id is None:
            self.warn(f"#{detail.number} has no customer yet; triage names one.")
            return
        self._tell(
            await self.app.push_screen_wait(CustomerDialog(self.session, detail.customer_id))
        )

    @opens_dialog
    async def action_done(self) -> None:
        """Mark the reminder at hand as done, or those of the chosen requests.

        How a promise ended is asked, each by itself.
        """
        reminders = self._reminders_at_hand()
        if not reminders:
            self.warn("There is no open reminder here.")
            return
        promises = [reminder for reminder in reminders if reminder.kind == "promise"]
        others = [reminder for reminder in reminders if reminder.kind != "promise"]
        if others and not await self._mark_done(others):
            return
        for promise in promises:
            if not await self._end_promise(promise):
                return

    def action_unfold(self) -> None:
        """Show what the mails of the request quote, or fold it away again."""
        panes = self.query(RequestPane)
        if not panes:
            self.warn("Open the request first; its mails unfold there.")
        elif panes.first().unfold():
            self.reload()
        else:
            self.warn("There is nothing folded away here.")

    @opens_dialog
    async def action_save(self) -> None:
        """Save what came with the mails of the request."""
        from poc_tui.screens.dialogs.save import SaveDialog

        rows = self.chosen()
        pieces = [
            piece
            for row in rows
            for piece in request_mail.saveables(self.session.reader, row.number)
        ]
        if not pieces:
            self.warn("There is no mail here." if rows else "No request is highlighted.")
            return
        self._tell(await self.app.push_screen_wait(SaveDialog(self.session, rows, pieces)))

    @opens_dialog
    async def action_undo(self) -> None:
        """Take the last step back; asks if it was not made at this desk."""
        last = await self.session.next_undo()
        if last is not None and last.id not in self._made and not await self._agreed(last):
            return
        expected = None if last is None else last.id
        await self._turn(partial(self.session.undo, expected), "undo")

    @opens_dialog
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        await self._turn(self.session.redo, "redo")

    def action_copy_number(self) -> None:
        """Copy the numbers of the chosen requests."""
        try:
            numbers = " ".join(f"#{row.number}" for row in self.chosen())
        except PocError as error:
            self.warn(str(error))
            return
        if numbers:
            self.app.copy_to_clipboard(numbers)
            self.say(f"copied {numbers}")

    def _reminders_at_hand(self) -> list[ReminderRow]:
        """The highlighted reminder, else the open ones of the chosen requests."""
        at_hand = self.reminder_at_hand()
        if at_hand is not None:
            return [at_hand]
        now = self.session.clock.now()
        return [
            reminder
            for row in self.chosen()
            for reminder in requests.request(self.session.reader, row.number).reminders
            if reminder.is_at_hand(now)
        ]

    async def _mark_done(self, reminders: list[ReminderRow]) -> bool:
        """Mark what is no promise as done; False if the person would rather not."""
        from poc_tui.screens.dialogs.confirm import ConfirmDialog
        from poc_tui.screens.dialogs.recurring import RecurringDialog
        from poc_tui.store.drafts import MarkDone

        count = len(reminders)
        if count == 1 and reminders[0].every:
            recurring = RecurringDialog(self.session, reminders[0])
            return self._tell(await self.app.push_screen_wait(recurring))
        if count > 1:
            confirm = ConfirmDialog(f"Mark {count} reminders done?", "mark done")
            if not await self.app.push_screen_wait(confirm):
                return False
        return await self._carry_out(MarkDone(tuple(row.id for row in reminders)))

    async def _carry_out(self, draft: Draft) -> bool:
        return self._tell(await self.session.do(draft))

    async def _end_promise(self, promise: ReminderRow) -> bool:
        """Ask how the promise ended; False if the person would not say."""
        from poc_tui.screens.dialogs.promise import EndPromiseDialog

        dialog = EndPromiseDialog(self.session, promise)
        return self._tell(await self.app.push_screen_wait(dialog))

    async def _turn(self, turn: Callable[[], Awaitable[Done]], word: str) -> None:
        done = await turn()
        self.say("\n".join((f"{word}: {done.label}", *done.remarks)))
        self._hand_over(done)
        self.reload()
        self.point_at(done.numbers)

    async def _agreed(self, step: JournalRow) -> bool:
        from poc_tui.screens.dialogs.confirm import ConfirmDialog

        question = f"The last step was not made at this desk: {step.label}. Take it back?"
        dialog = ConfirmDialog(question, "take it back")
        return await self.app.push_screen_wait(dialog)

    def _tell(self, done: Done | None) -> bool:
        """Say what was done, if anything was."""
        if done is None:
            return False
        if done.journal_id is not None:
            self._made.add(done.journal_id)
        self.say("\n".join((done.label, *done.remarks, *self._goes_out(done))))
        self._hand_over(done)
        self.reload()
        return True

    def _goes_out(self, done: Done) -> Iterator[str]:
        """When the mail goes out that a step queued, where poc sends it itself."""
        if done.journal_id is None or not self.session.mail.settings.sends:
            return
        from poc_tui.store.queries import mail
        from poc_tui.words.mail_reports import goes_out

        with suppress(PocError):  # it was done; what is only told besides can be left out
            ids = mail.queued_by(self.session.reader, done.journal_id)
            rows = [mail.outgoing(self.session.reader, id) for id in ids]
            undo = self.session.keymap.display("undo").partition(" ")[0]
            clock = self.session.clock
            yield from goes_out(rows, undo, clock.now(), clock.zone)

    def _hand_over(self, done: Done) -> None:
        """Give the person the mails that a step queued, where poc does not send them itself."""
        if done.journal_id is not None and self.session.mail.hands_over:
            from poc_tui.screens.mail_hand_off import hand_over_of

            self.run_worker(hand_over_of(self, done, done.journal_id), group="mail")

    def say(self, sentence: str) -> None:
        """Say what was done."""
        self.app.clear_notifications()
        self.app.notify(safe(sentence, newline=True), markup=False, timeout=3)

    def warn(self, sentence: str) -> None:
        """Say why something was not done."""
        if keys_wait():  # a dialog that did not open must not have its words pressed on the desk
            forget_ahead(self.app)
        self.app.clear_notifications()
        self.app.notify(safe(sentence, newline=True), markup=False, severity="warning", timeout=5)
