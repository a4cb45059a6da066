"""Fields for what a mail needs: addresses, and files that go with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.content import Content
from textual.widgets import Input

from poc_tui.errors import NotUnderstood
from poc_tui.mail import own_files
from poc_tui.rules.mail.address import address_in, same
from poc_tui.rules.text import one_line, safe
from poc_tui.screens.dialogs.fields import SoughtField, stepped
from poc_tui.system.dropped_files import dropped
from poc_tui.widgets.text_fields import LineField

_ADDRESS = 40
"""Cells of an address in a line below the field."""


class _WithEcho(SoughtField):
    """A line of words, and below it what to know of them, if there is anything."""

    DEFAULT_CSS = "_WithEcho { height: auto; }"

    def _show_echo(self) -> None:
        said = self._said()
        self._echo.display = bool(said)
        self._echo.update(Content(said))


class AddressField(_WithEcho):
    """A mail address, or several parted by commas, and below that what to know of them.

    Right takes the address offered, up and down step through the known ones.

    Args:
        value: what it holds at first.
        known: what is offered.
        about: gives what is said of the addresses in it.
        several: whether it takes more than one.
        empty: shown while there is none.
    """

    def __init__(
        self,
        value: str,
        known: Sequence[str],
        about: Callable[[Sequence[str]], str],
        *,
        id: str,
        several: bool = False,
        empty: str = "",
    ) -> None:
        super().__init__(value, id)
        self._line.placeholder = empty
        self._known = [each for each in known if safe(each) == each]
        self._about = about
        self._several = several

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses in it, each once.

        Raises:
            NotUnderstood: something in it is none, or there are several where one is meant.
        """
        found: list[str] = []
        for words in filter(None, map(str.strip, self._parts())):
            address = address_in(words)
            if address is None:
                raise NotUnderstood(f"“{one_line(words, _ADDRESS)}” is no mail address")
            if not any(same(address, each) for each in found):
                found.append(address)
        if len(found) > 1 and not self._several:
            raise NotUnderstood("it goes to one; who else gets it stands in the copies")
        return tuple(found)

    def on_key(self, event: events.Key) -> None:
        by = {"down": 1, "up": -1}.get(event.key)
        if by is None or not self._known:
            return
        event.stop()
        event.prevent_default()
        *before, last = self._parts()
        at = next((each for each in self._known if same(each, last.strip())), "")
        chosen = self._known[stepped(self._known, at, by)]
        self._line.put(", ".join((*map(str.strip, before), chosen)))

    @on(Input.Changed)
    def _typed(self) -> None:
        last = self._parts()[-1]
        begun = last.strip().casefold()
        fits = (each for each in self._known if begun and each.casefold().startswith(begun))
        on = next(fits, "")[len(begun) :]
        self._line.suggest(self._line.value + on if on else "")
        self._show_echo()

    def _parts(self) -> list[str]:
        return self.value.split(",") if self._several else [self.value]

    def _said(self) -> str:
        try:
            return safe(self._about(self.addresses))
        except NotUnderstood as error:
            return safe(str(error))


class _PathLine(LineField):
    """A line of paths, into which files can be dropped."""

    def _on_paste(self, event: events.Paste) -> None:
        if not (files := dropped(event.text)):
            super()._on_paste(event)
            return
        event.stop()
        event.prevent_default()
        quoted = [f'"{path}"' if "," in path else path for path in files]
        self.put(", ".join(filter(None, (self.value.strip().rstrip(","), *quoted))))


class FilesField(_WithEcho):
    """Paths of files, parted by commas, and below them how many and how large they are.

    Right goes on with the path as far as the disk leaves no doubt.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__("", id)
        self._line = _PathLine(placeholder="paths, parted by commas; right completes one")

    @property
    def paths(self) -> list[str]:
        """The paths of the files.

        Raises:
            NotUnderstood: one of them cannot go with a mail, or all of them together.
        """
        paths = own_files.paths_in(self.value)
        own_files.sizes(paths)
        return paths

    @property
    def in_words(self) -> str:
        """The names of the files, and how large they are."""
        if not self.value.strip():
            return ""
        try:
            return f"{own_files.names(self.paths)} ({own_files.told(self.paths)})"
        except NotUnderstood as error:
            return f"{self.value} ({error})"

    @on(Input.Changed)
    def _typed(self) -> None:
        self._line.suggest(own_files.completed(self._line.value))
        self._show_echo()

    def _said(self) -> str:
        try:
            return safe(own_files.told(self.paths))
        except NotUnderstood as error:
            return safe(str(error))
