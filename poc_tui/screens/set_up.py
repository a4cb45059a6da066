"""A desk on which nothing was ever done: its first steps, and three questions that it can ask.

Nothing is asked by itself. The empty desk offers to ask, once; the palette does so at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual._time import get_time

from poc_tui.screens.type_ahead import typing_at
from poc_tui.settings.keymap import display_key
from poc_tui.store.records import Done
from poc_tui.system.background_threads import in_background

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import RequestsScreen
    from poc_tui.screens.desk_memory import DeskMemory
    from poc_tui.screens.dialogs.base import Dialog
    from poc_tui.screens.request_actions import RequestActions
    from poc_tui.screens.services.mail_scheduler import MailScheduler

_SETTLED, _OFFER = "settled_offers", "set_up"
"""In the desk's memory: of what was offered that which was taken or refused."""


class SetUp:
    """Asks for country and hours, for the departments and for the mail account."""

    def __init__(
        self,
        screen: RequestsScreen,
        actions: RequestActions,
        mailing: MailScheduler,
        memory: DeskMemory,
    ) -> None:
        self._screen = screen
        self._session = screen.session
        self._actions = actions
        self._mailing = mailing
        self._memory = memory
        self._seen_at: float | None = None
        """Since when the offer is on the screen: who pressed a key before that did not mean it."""

    @property
    def is_offered(self) -> bool:
        """Whether nothing was ever done here, and nobody has said yet how things stand."""
        session = self._session
        own_days_only = isinstance(session.settings.hours.holidays, frozenset)
        return not (
            session.demo
            or session.settings.mail.mine
            or not own_days_only
            or session.reader.holds_anything()
            or _OFFER in self._memory.names(_SETTLED)
        )

    def first_steps(self) -> str:
        """What stands in the queue of a desk without a request."""
        return "\n".join(self._first_steps())

    def accept(self) -> bool:
        """Begin to ask, where the person sees that it is offered; False where nobody does."""
        if not self._is_seen():
            return False
        self._screen.ask(self.ask)
        return True

    def refuse(self) -> bool:
        """Offer it no more; False where it is not offered."""
        if not self._is_seen():
            return False
        self._memory.keep(_SETTLED, [_OFFER])
        return True

    async def ask(self) -> None:
        """Put the questions one after the other; each can be skipped."""
        session, screen = self._session, self._screen
        if session.demo:
            screen.warn("The demo has no settings of its own; `poc` opens your desk.")
            return
        self._memory.keep(_SETTLED, [_OFFER])
        answers = [
            await screen.app.push_screen_wait(question()) for question in await self._questions()
        ]
        mail = session.settings.mail
        if answers[-1] is not None and (mail.fetches or mail.sends):
            from poc_tui.screens.dialogs.confirm import agreed_to

            first = mail.first
            hosts = " and ".join(dict.fromkeys(filter(None, (first.imap.host, first.smtp.host))))
            question = f"Try the account now? {hosts}: nothing is fetched and nothing sent."
            if await agreed_to(screen, question, "try it"):
                self._mailing.check()
        given = [done for done in answers if done is not None]
        if given:
            steps = [done.journal_id for done in given if done.journal_id is not None]
            said = "\n".join(done.label for done in given)
            self._actions.tell(Done(said, (), steps[-1] if steps else None))
        screen.reload()

    async def _questions(self) -> list[Callable[[], Dialog]]:
        """What opens each; what takes a while to load is loaded on a thread."""
        session = self._session

        def load() -> str:
            from poc_tui.settings.days_off import country
            from poc_tui.system.country import country_here

            country("DE")
            return country_here(session.environ, session.clock.zone)

        here = await in_background(load, "poc-set-up")
        from poc_tui.screens.dialogs.set_up_departments import SetUpDepartmentsDialog
        from poc_tui.screens.dialogs.set_up_hours import SetUpHoursDialog
        from poc_tui.screens.dialogs.set_up_mail import SetUpMailDialog

        return [
            partial(SetUpHoursDialog, session, "Set up · 1 of 3 · country and hours", here),
            partial(SetUpDepartmentsDialog, session, "Set up · 2 of 3 · departments"),
            partial(SetUpMailDialog, session, "Set up · 3 of 3 · mail"),
        ]

    def _is_seen(self) -> bool:
        typed_at = typing_at(self._screen).typed_at
        return self._seen_at is not None and typed_at >= self._seen_at and self.is_offered

    def _first_steps(self) -> Iterator[str]:
        first = self._session.keymap.first
        yield "This desk is empty."
        if aside := self._mailing.aside:
            from poc_tui.rules.mail.set_aside import lie_aside

            shows = f"{first('mail')} shows {'it' if aside == 1 else 'them'}"
            yield f"{lie_aside(aside)}: {shows}."
        if self.is_offered:
            yield f"{first('open')} sets it up in three questions; esc does without."
            if self._seen_at is None:
                self._screen.call_after_refresh(self._see)
        yield f"{first('new')} takes a request down, as `poc add` does in any terminal."
        yield "`poc import FILE` brings in many, `poc demo` shows a desk at work."
        yield f"{display_key('question_mark')} shows every key."

    def _see(self) -> None:
        self._seen_at = self._seen_at or get_time()
