"""What every dialog has: the box, its fields, saving, leaving, and words that are not lost."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, TextArea

from poc_tui.errors import MovedOn, PocError
from poc_tui.rules.dates.format import ago
from poc_tui.screens.dialogs.dialog_box import DialogBox
from poc_tui.screens.dialogs.form import Form, grow, put
from poc_tui.screens.dialogs.status import Status
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.screens.half_typed import HalfTypedWords
from poc_tui.screens.type_ahead import typing_at
from poc_tui.screens.workers import begin_work
from poc_tui.settings.keymap import display_key
from poc_tui.store.records import Done
from poc_tui.system import editor
from poc_tui.system.kept_words import FOLDER, HalfTyped
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import TextField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.drafts import Draft
    from poc_tui.store.queries.happened import SeenActivities


class Dialog(FrozenModal[Done | None]):
    """A dialog that fills one draft; gives what was done, or None when it was left.

    A subclass says what it is called, yields its fields, and makes a draft of them. Enter in any
    field saves. Esc leaves, and asks before it throws typed words away.

    Raises (when built) what reading the store raises.
    """

    words: HalfTypedWords

    NAME: ClassVar[str]
    """Names its half-typed words on disk."""
    MAIN: ClassVar[str]
    """The id of the field that the dialog is about."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # the main field takes it, with what was half typed

    DEFAULT_CSS = "Dialog.-at-foot { align: left bottom; background: transparent; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", show=False),
        Binding("enter", "save", "Save", show=False),
        Binding("tab", "app.focus_next", "Next field", show=False),
        Binding("shift+tab", "app.focus_previous", "Field before", show=False),
    ]

    CLOSES_UNCHANGED: ClassVar[bool] = False
    """Whether Enter on fields that nobody changed simply closes it, as there is nothing to do."""
    KEEPS_WORDS: ClassVar[bool] = True
    """Whether what is typed is worth asking about and keeping."""

    def __init__(
        self,
        session: Session,
        title: str,
        numbers: Sequence[int] = (),
        about: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self.numbers = tuple(numbers)
        self.form = Form(self, session)
        self.main = self.MAIN
        """The id of the field that has the focus at first."""
        self.begin_with: Mapping[str, str] = {}
        """Words that a person has typed for its fields already, by the ids of these."""
        self._title = self.heading = title
        self._seen: SeenActivities | None = None
        self.kept_some = False
        """Whether it was left with words that are kept, or had such when it was opened."""
        self._status = Status()
        self._ending = False  # saving, or on the way out: nothing may begin that a second time
        self._kept = HalfTyped(
            os.path.join(session.memory_dir, FOLDER),
            session.path,
            self.NAME,
            self.numbers if about is None else about,
        )
        self.words = HalfTypedWords(
            self, self._kept, self._half_typed, session.clock.now, self._status.complain
        )

    def fields(self) -> Iterable[Widget]:
        """The fields, from above to below."""
        raise NotImplementedError

    def draft(self) -> Draft:
        """What the fields say.

        Raises:
            NotUnderstood: they make no sense yet.
        """
        raise NotImplementedError

    def act(self) -> Callable[[], Awaitable[Done]]:
        """What is done when the person is done: as a rule the desk carries out the draft.

        Raises:
            NotUnderstood: the fields make no sense yet.
        """
        return partial(self.session.do, self.draft(), self.numbers, self._seen)

    def saved(self) -> Iterable[str]:
        """The draft was carried out; gives what else to tell the person about it."""
        return ()

    def on_fields_changed(self) -> None:
        """Something was typed or chosen; fields that depend on others may follow.

        May raise what reading the store raises. What is set here counts as set by the program: it
        calls this no second time.
        """

    def hints(self) -> Iterator[tuple[str, str]]:
        """Key and meaning, for the last line."""
        yield "enter", "save"
        if self.query(TextField):
            yield "ctrl+j", "new line"
            if keys := self.session.keymap.keys("editor"):
                yield display_key(keys[0]), "editor"
        yield "esc", "cancel"

    def compose(self) -> ComposeResult:
        yield DialogBox(self.fields, self._status, lambda: (self._title, self.heading), self.hints)

    def on_mount(self) -> None:
        """Go into the first field, with the words that were half typed before."""
        self.query_one(DialogBox).place()
        self.form.begin()
        if (kept := self._kept.read()) is not None:
            self.kept_some = True
            for field in self.form.all():
                if (words := kept.words.get(field.id or "")) is not None:
                    field.value = words
            when = ago(kept.at, self.session.clock.now())
            self._status.say(f"your words from {when} are back")
        put(self.form, self.begin_with)
        if self.main in self.begin_with:
            self.main = self.MAIN
        self.form.follow(self.on_fields_changed, self._status.complain)
        self.go_in()

    def go_in(self) -> None:
        """Give the keys to the main field."""
        self.form.go_to(self.main)

    def at_fault(self, error: PocError) -> str | None:
        """The id of the field in which the person can put `error` right, if it is one."""
        return self.form.fault

    def on_resize(self) -> None:
        """Stand where there is room now, once what is below is laid out."""
        self.call_after_refresh(self.query_one(DialogBox).place)

    @on(Input.Submitted)
    @on(TextField.Submitted)
    @on(Choice.Submitted)
    def action_save(self) -> None:
        """Have the draft carried out, unless that is under way."""
        if self._ending:
            return
        self.form.fault = None
        self._status.came_from = self.focused
        if self.CLOSES_UNCHANGED and self.form.is_untouched:
            self._end()
            return
        try:
            act = self.act()
        except PocError as error:
            self._refused(error)
            return
        self._status.say("saving…")
        self._status.hold()
        self._end(act)

    def action_leave(self) -> None:
        """Leave; with typed words, ask first."""
        if self._ending:
            return
        if self._half_typed():
            self._status.came_from = self.focused
            self._status.ask("Throw the words away? y / n / k keeps them")
        else:
            self._end()

    def on_key(self, event: events.Key) -> None:
        """Open the editor on the key that a person has chosen for it."""
        field = self.focused
        if event.key in self.session.keymap.keys("editor") and isinstance(field, TextField):
            event.stop()
            event.prevent_default()
            _edit(field, self._status)

    @on(Status.Answered)
    def _answered(self, event: Status.Answered) -> None:
        if event.yes:
            self._end()
            return
        if event.keeps:
            self._ending = True
            self.words.write_now()
            self.kept_some = True
            self.dismiss(None)
            return
        self._status.say()
        if self.focused in (None, self._status) and not self._status.give_back():
            self.go_in()
        self._status.release()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        if not self.form.has_news:
            return
        if self._status.has_class("-wrong") and not typing_at(self).catches_up:
            self._status.say()  # who goes on typing has read it
        self.form.follow(self.on_fields_changed, self._status.complain)
        self.words.typed()

    def _end(self, act: Callable[[], Awaitable[Done]] | None = None) -> None:
        """Do what the person is done with, if anything; then the words are needed no more."""
        self._ending = True
        hold = typing_at(self).hold_keys()

        async def end() -> None:
            with hold:
                try:
                    done = None if act is None else await act()
                except PocError as error:
                    self._ending = False
                    self._refused(error)
                    return
                await self.words.forget()
                if done is not None:
                    done = done._replace(remarks=(*done.remarks, *self.saved()))
                self.dismiss(done)

        begin_work(self, end, "save", exclusive=True)

    def _half_typed(self) -> dict[str, str]:
        return self.form.half_typed() if self.KEEPS_WORDS and self.form.is_begun else {}

    def _refused(self, error: PocError) -> None:
        typing_at(self).forget_ahead()  # an Enter pressed before this is read does not agree to it
        if isinstance(error, MovedOn):
            self._seen = error.seen  # shown once; the next Enter goes through
        self._status.complain(str(error))
        if (id := self.at_fault(error)) is not None:
            self._status.release()
            self.form.go_to(id)
        elif not self._status.give_back():
            self.go_in()


def remembers(dialog: Dialog, ids: Collection[str]) -> bool:
    """Whether a field of one of these ids holds words that somebody has typed before."""
    kept = dialog._kept.read()
    return any(id in ids for id in (*dialog.begin_with, *(kept.words if kept else ())))


def fields_came(dialog: Dialog) -> None:
    """Fields were made that were not there at first; those that are follow."""
    grow(dialog.form)
    dialog.form.follow(dialog.on_fields_changed, dialog._status.complain)


def _edit(field: TextField, status: Status) -> None:
    """Have the text changed in the person's editor."""
    from textual.app import SuspendNotSupported

    trouble = remark = ""
    try:
        with field.app.suspend():
            # Nothing may be raised in here: Textual would not take the terminal back.
            try:
                field.value, failure = editor.edited(field.value, os.environ)
                remark = f"{failure}; what it had saved is here" if failure else ""
            except PocError as error:
                trouble = str(error)
    except SuspendNotSupported:
        trouble = "this terminal cannot be lent to an editor"
    if trouble:
        status.complain(trouble)
    else:
        status.say(remark)
    field.app.refresh(layout=True)
