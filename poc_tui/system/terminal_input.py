"""What the terminal sends, made fit for Textual's parser.

A byte that is no UTF-8, such as an umlaut from a Latin-1 terminal, must not end the desk. Escape
sequences that stand in pasted text would be taken for keys, so that a paste could press keys of
the desk; most terminals filter them out, not all. And Esc and a letter typed up to a tenth of a
second later, on a busy machine even longer, would be taken for one key, alt and the letter.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Collection

from poc_tui.rules.text import UNREADABLE

_ESCAPE = "\x1b"
_PASTE_BEGINS = "\x1b[200~"
_PASTE_ENDS = "\x1b[201~"

_ESC_KEY = "\x1b[27u"
"""The key Esc, as no terminal would write the beginning of another one."""

_GOES_ON = ("[", "O", "]")
"""What can follow an escape within a sequence, even where a slow line has torn them apart."""

_BEFORE_A_LETTER = re.compile(r"\x1b([^\x00-\x1f\x7f\\\[\]NOPX^_])")
"""An escape that begins no sequence: alt and a sign, or Esc and then the sign."""

_OF_THE_PARSER = frozenset("bf\r\n\t\x7f")
"""What stands behind an escape for moving by a word, and with alt where a keyboard has no sign."""

ESC_SECONDS = 0.02
"""What belongs to an escape comes with it; a person is not that quick."""


class TerminalInput:
    """Decodes what comes, piece by piece.

    What is no UTF-8, and an escape inside a bracketed paste, becomes U+FFFD.

    Args:
        more_soon: whether more comes within `ESC_SECONDS`. Then an escape that came alone is the
            key Esc beyond doubt, and so is one before a sign that means nothing with alt. None
            leaves every escape as it is.
        with_alt: signs that mean something with alt.
    """

    def __init__(
        self, more_soon: Callable[[], bool] | None = None, with_alt: Collection[str] = ()
    ) -> None:
        self._more_soon = more_soon
        self._with_alt = _OF_THE_PARSER.union(with_alt)
        self._alone = False
        """Whether the last piece ended in an escape that is held back."""
        self._utf8 = getincrementaldecoder("utf-8")("replace")
        self._pasting = False
        self._kept = ""
        """The last characters: outside a paste handed on already, inside held back."""

    @property
    def pasting(self) -> bool:
        """Whether a bracketed paste has begun that has not come to its end."""
        return self._pasting

    def decode(self, typed: bytes, final: bool = False) -> str:
        """The next piece of text; the end of a paste is never handed on in parts."""
        rest, ready = self._utf8.decode(typed, final), ""
        if self._alone and (rest or final):
            self._alone = False
            if rest.startswith(_GOES_ON) or rest[:1] in self._with_alt:
                rest = _ESCAPE + rest
            else:
                ready = _ESC_KEY
        while rest:
            piece, rest = self._pasted(rest) if self._pasting else self._keys(rest)
            ready += piece
        if final or self._pasting or self._more_soon is None or not ready.endswith(_ESCAPE):
            return ready
        ready, self._kept = ready[:-1], self._kept[:-1]
        self._alone = self._more_soon()
        return ready if self._alone else ready + _ESC_KEY

    def _keys(self, text: str) -> tuple[str, str]:
        """What can be handed on of text outside a paste, and the rest."""
        seen = self._kept + text
        at = seen.find(_PASTE_BEGINS)
        if at < 0:
            self._kept = seen[1 - len(_PASTE_BEGINS) :]
            return self._told_apart(text), ""
        end = at + len(_PASTE_BEGINS) - len(self._kept)
        self._kept, self._pasting = "", True
        return self._told_apart(text[:end]), text[end:]

    def _told_apart(self, keys: str) -> str:
        """The same keys, with Esc told from alt."""
        if self._more_soon is None:
            return keys
        return _BEFORE_A_LETTER.sub(self._with_its_letter, keys)

    def _with_its_letter(self, found: re.Match[str]) -> str:
        return found[0] if found[1] in self._with_alt else _ESC_KEY + found[1]

    def _pasted(self, text: str) -> tuple[str, str]:
        """The same inside one."""
        text, self._kept = self._kept + text, ""
        words, ends, rest = text.partition(_PASTE_ENDS)
        if ends:
            self._pasting = False
        else:
            at = words.rfind(_ESCAPE)
            if at >= 0 and _PASTE_ENDS.startswith(words[at:]):
                words, self._kept = words[:at], words[at:]
        return words.replace(_ESCAPE, UNREADABLE) + ends, rest
