"""What the terminal sends, made fit for Textual's parser.

A byte that is no UTF-8, such as an umlaut from a Latin-1 terminal, must not end the desk. And
escape sequences that stand in pasted text would be taken for keys, so that a paste could press
keys of the desk; most terminals filter them out, not all.
"""

from __future__ import annotations

from codecs import getincrementaldecoder

from poc_tui.rules.text import UNREADABLE

_ESCAPE = "\x1b"
_PASTE_BEGINS = "\x1b[200~"
_PASTE_ENDS = "\x1b[201~"


class TypedBytes:
    """Decodes what comes, piece by piece.

    What is no UTF-8, and an escape inside a bracketed paste, becomes U+FFFD.
    """

    def __init__(self) -> None:
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
        while rest:
            piece, rest = self._pasted(rest) if self._pasting else self._keys(rest)
            ready += piece
        return ready

    def _keys(self, text: str) -> tuple[str, str]:
        """What can be handed on of text outside a paste, and the rest."""
        seen = self._kept + text
        at = seen.find(_PASTE_BEGINS)
        if at < 0:
            self._kept = seen[1 - len(_PASTE_BEGINS) :]
            return text, ""
        end = at + len(_PASTE_BEGINS) - len(self._kept)
        self._kept, self._pasting = "", True
        return text[:end], text[end:]

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
