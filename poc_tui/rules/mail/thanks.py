"""Whether a mail says thank you and nothing else, in the languages of `thanks_words`.

Strict: whatever is not in those tables is something else that was said, so a mail is rather
taken for a word of the customer's than overheard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from poc_tui.rules.mail.thanks_words import (
    ADDRESSED,
    ALL_IS_WELL,
    CLOSINGS,
    GREETINGS,
    LIKED,
    OTHERWISE,
    REACTED,
    THANKS,
)
from poc_tui.rules.text import fold, words

_MOST_WORDS = 25
_LONGEST = 600
"""Characters; 25 words are shorter, whatever stands between them."""
_MOST_OF_A_NAME = 3
"""Words behind `Dear`, behind a closing, or on one line below it."""
_MOST_BELOW = 5
"""Names, roles and the like below a closing."""
_MOST_OF_AN_ADDRESSEE = 3
"""Words of a name that stands in the line that thanks."""

_GLAD = frozenset("🙂😊😀😃😄😁👍🙏👌🎉✅☺❤♥😆😍🥰😇🤗🥳🤩💪🙌👏💯✔☑🤝⭐🌟🎊💐🌹💚💙💜🧡💛🖤🤍😉")
"""Signs that say no more than thank you."""

_AS_GLAD = frozenset((
    "like", "liked", "heart", "love", "celebrate", "daumen", "hoch", "thumbs", "up", "gefaellt",
    "mir",
))  # fmt: skip
"""What stands for such a sign where a picture of it was sent."""

# Nothing that is said hangs on these.
_BETWEEN = re.compile(r"[.,!;:…，。！；：、]+|\s[-–—]+\s|\n+")
_THOUSAND = re.compile(r"\b1\.?000\b")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_CONTACT = re.compile(
    r"(?:tel|telefon|phone|fon|mobil|mobile|handy|fax|e-?mail|mail|web|www|https?|[tmfp])\b[.:/ ].*"
    r"|[+(]?[\d ()/+-]{6,30}|\S{1,64}@\S{1,64}",
    re.I,
)
_AND = frozenset(("und", "and", "et", "en", "e", "y", "i", "og", "och", "ja", "a", "и", "ve"))
_FROM_WHERE = frozenset(("aus", "von", "from", "de", "uit", "da"))
_FOR_A_FIRM = frozenset(("i", "a", "v", "p", "iA", "iV", "ppa"))
"""What stands before a name that signs for a firm: `i. A.`"""
_NAME = re.compile(
    r"[^\W\d_a-z](?:[^\W\d_]|['’])*[^\W\d_A-Z](?:[^\W\d_]|['’-])*|[^\W\d_a-z]{1,3}|GmbH"
)
"""A word of a name that stands alone: nobody shouts it."""
_IN_NAMES = frozenset((
    "von", "van", "de", "der", "den", "da", "del", "di", "la", "le", "du", "dos", "zu", "zum",
    "bin", "al",
))  # fmt: skip
"""Words of names that are written small."""

_LINK = re.compile(r"<?https?://[^\s<>]{1,500}>?")
_LIKED_WORDS = re.compile(r"(.{1,80}?)\s*[\"“„«‘].{0,400}[\"”“»’]\s*\.?", re.S)


_SAYS = (*THANKS, *ALL_IS_WELL)
_SLOTS = re.compile(r"\([^)]*\)|[^\s()]+")
_Slots = list[tuple[tuple[str, ...], ...]]
"""A phrase: of each of its places the words that may stand there."""


class _Piece(NamedTuple):
    """Words between two stops."""

    words: str
    begins_a_line: bool


def only_thanks(text: str, sender: str = "") -> bool:
    """Whether a text says thank you, that all is well, and nothing more; or that somebody liked
    what we wrote.

    A greeting, a closing and names may stand around. Never with a question mark, a digit, a
    bracket (which may be a sad mouth), or more than 25 words. `sender`: the name and the address
    of who wrote it, so that they may sign as they like.
    """
    if len(text) > _LONGEST:
        return False
    if _is_reaction(text):
        return True
    text = _without_contacts(_THOUSAND.sub("tausend", text))
    text = _DRAWN_OUT.sub(r"\1", text).replace(" / ", "\n")
    if any(map(_says_something, text)) or len(words(text)) > _MOST_WORDS:
        return False
    pieces = _pieces(text)
    if not pieces:
        return any(char in _GLAD for char in text)
    if _is_greeting(pieces[0].words):
        pieces = pieces[1:]
    return _thanks_and_ends(pieces, frozenset(words(sender)), glad=not _GLAD.isdisjoint(text))


def _thanks_and_ends(pieces: list[_Piece], own: frozenset[str], *, glad: bool) -> bool:
    """Whether it is said in these pieces, up to the name of the writer, who has these words."""
    thanked = glad
    for at, piece in enumerate(pieces):
        ends = _is_closing(piece.words) and (thanked or not _has(piece.words, THANKS))
        said = "" if ends else _said_first(piece.words)
        behind = piece.words.split()[len(said.split()) :]
        if said:
            thanked = thanked or _has(said, THANKS)
            ends = bool(behind) and _is_closing(" ".join(behind))
        if ends:
            below = pieces[at + 1 :]
            return (
                thanked
                and len(below) <= _MOST_BELOW
                and all(_is_name(each.words) or _is_closing(each.words) for each in below)
            )
        if said and not behind:
            continue
        if said:
            named = len(behind) <= _MOST_OF_AN_ADDRESSEE and _is_own_name(behind, own)
            if not (named and _has(said, THANKS)):
                return False
        elif not thanked or not _is_own_name(behind, own):
            return False
        elif piece.begins_a_line:
            below = pieces[at + 1 :]
            return len(below) < _MOST_BELOW and all(
                _is_own_name(each.words.split(), own) for each in below
            )
        elif len(behind) > _MOST_OF_AN_ADDRESSEE:
            return False
    return thanked


def _without_contacts(text: str) -> str:
    """`text` without the lines below a closing that say how the writer is reached."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if words(line) and _is_closing(line.strip(" .,!")):
            below = (each for each in lines[at + 1 :] if not _CONTACT.fullmatch(each.strip()))
            return "\n".join((*lines[: at + 1], *below))
    return text


def _pieces(text: str) -> list[_Piece]:
    found = []
    place, begins = 0, True
    for stop in [*_BETWEEN.finditer(text), None]:
        piece = text[place : stop.start() if stop else len(text)]
        if words(piece):
            found.append(_Piece(" ".join(piece.split()), begins))
            begins = False
        if stop:
            begins = begins or "\n" in stop[0] or "\n" in piece
            place = stop.end()
    return found


def _said_first(piece: str) -> str:
    """The longest beginning that is phrases one after the other, and nothing between."""
    written = piece.split()
    reached = _reached(words(piece), _SAYS)
    for length in range(len(written), 0, -1):
        beginning = " ".join(written[:length])
        if (said := len(words(beginning))) and said in reached:
            return beginning
    return ""


def _is_reaction(text: str) -> bool:
    """Whether a mail program says that somebody reacted, and gladly."""
    if (liked := _LIKED_WORDS.fullmatch(text.strip())) and _names_and_then(liked[1], (LIKED,)):
        return True
    text = _LINK.sub("", text)
    signs = [char for char in text if unicodedata.category(char) == "So"]
    if not _GLAD.issuperset(signs):
        return False
    lines = [line for line in text.split("\n") if words(line)]
    for at, line in enumerate(lines):
        said, _, shown = line.partition(":")
        if not _names_and_then(said.partition("<")[0], REACTED):
            continue
        rest = {word for each in (shown, *lines[:at], *lines[at + 1 :]) for word in words(each)}
        liking = _has(said, (LIKED,)) or not rest.isdisjoint(_AS_GLAD)
        return rest <= _AS_GLAD and bool(signs or liking)
    return False


def _names_and_then(line: str, phrases: tuple[str, ...]) -> bool:
    """Whether a line is a name, which may be empty, and one of these phrases behind it."""
    said = words(line)
    return len(said) <= _MOST_WORDS and any(
        _is_one(said[start:], phrases) for start in range(min(len(said), 6))
    )


def _says_something(char: str) -> bool:
    return (
        char in "?？(（/@"
        or char.isdigit()
        or (unicodedata.category(char) == "So" and char not in _GLAD)
    )


def _made_of(piece: str, phrases: tuple[str, ...]) -> bool:
    """Whether the words are phrases one after the other, and nothing between."""
    said = words(piece)
    return len(said) in _reached(said, phrases)


def _reached(said: Sequence[str], phrases: tuple[str, ...]) -> set[int]:
    """How many of the words from the first on are phrases one after the other."""
    reached = {0}
    for start in range(len(said)):
        if start in reached:
            reached |= _ends(said, start, phrases)
    return reached


def _has(piece: str, phrases: tuple[str, ...]) -> bool:
    said = words(piece)
    return any(_ends(said, start, phrases) for start in range(len(said)))


def _is_one(said: Sequence[str], phrases: tuple[str, ...]) -> bool:
    return len(said) in _ends(said, 0, phrases)


def _ends(said: Sequence[str], start: int, phrases: tuple[str, ...]) -> set[int]:
    """Behind each of the phrases that begins at word `start`."""
    found: set[int] = set()
    for slots in _by_first_word(phrases).get(said[start], ()) if start < len(said) else ():
        places = {start}
        for slot in slots:
            places = {
                place + len(choice)
                for place in places
                for choice in slot
                if tuple(said[place : place + len(choice)]) == choice
            }
        found |= places
    return found - {start}


@cache
def _by_first_word(phrases: tuple[str, ...]) -> dict[str, list[_Slots]]:
    """The phrases, each a slot after the other, by every word that they may begin with."""
    found: dict[str, list[_Slots]] = {}
    for phrase in phrases:
        slots = [
            tuple(tuple(choice.split()) for choice in slot.strip("()").split("|"))
            for slot in _SLOTS.findall(phrase)
        ]
        first: set[str] = set()
        for slot in slots:
            first.update(choice[0] for choice in slot if choice)
            if () not in slot:
                break
        for word in first:
            found.setdefault(word, []).append(slots)
    return found


def _is_greeting(piece: str) -> bool:
    """`Hallo Frau Ott`: the rest of the piece is whom it greets."""
    written = piece.split()
    return any(
        _is_one(words(" ".join(written[:length])), GREETINGS)
        and len(written) - length <= _MOST_OF_A_NAME
        and all(_is_part_of_a_name(word) or fold(word) in ADDRESSED for word in written[length:])
        for length in (1, 2)
    )


def _is_closing(piece: str) -> bool:
    """`Best regards` or `& LG Anna`."""
    written = piece.split()
    if len(written) > 1 and (not words(written[0]) or fold(written[0]) in _AND):
        written = written[1:]
    return any(
        _made_of(" ".join(written[:length]), CLOSINGS)
        and (
            _is_name(" ".join(written[length:]))
            or (written[length] in _FROM_WHERE and _is_name(" ".join(written[length + 1 :])))
        )
        for length in range(1, len(written) + 1)
    )


def _is_name(piece: str) -> bool:
    """A name, a role or a firm; nothing at all is one too."""
    written = piece.split()
    return len(written) <= _MOST_OF_A_NAME and all(map(_is_part_of_a_name, written))


def _is_part_of_a_name(word: str) -> bool:
    if word in _FOR_A_FIRM:
        return True
    return (word[:1].isupper() or not words(word)) and OTHERWISE.isdisjoint(words(word))


def _is_own_name(written: Sequence[str], own: frozenset[str]) -> bool:
    """Whether these words are a name where no closing says so: their own, or written as one is."""
    said = [word for word in written if words(word)]
    if _IN_NAMES.issuperset(said):
        return False
    if not 0 < len(said) <= _MOST_OF_A_NAME + 1 or not OTHERWISE.isdisjoint(words(" ".join(said))):
        return False
    return all(
        (word[0].isupper() and _NAME.fullmatch(word))
        or word in _IN_NAMES
        or fold(word) in ADDRESSED
        or not own.isdisjoint(words(word))
        for word in said
    )
