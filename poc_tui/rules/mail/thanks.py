"""Whether a mail says thank you and nothing else, in English or German.

Strict: whatever is not in the table below is something else that was said, so a mail is rather
taken for a word of the customer's than overheard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from poc_tui.rules.text import fold, words

_MOST_WORDS = 25
_LONGEST = 600
"""Characters; 25 words are shorter, whatever stands between them."""
_MOST_OF_A_NAME = 3
"""Words behind `Dear`, behind a closing, or on one line below it."""
_MOST_LINES_BELOW = 3

# `(a|b)` stands for one of them, `(a|b|)` also for none; all as `rules.text.words` has them.
_GREETINGS = (
    "(hi|hello|hey|dear|hallo|moin|servus|liebe|lieber|gruezi|good morning|good afternoon"
    "|good evening|guten tag|guten morgen|guten abend|sehr geehrte|sehr geehrter|gruess gott)",
)
_ADDRESSED = frozenset((
    "all", "there", "team", "everyone", "everybody", "together", "zusammen", "alle", "mr", "mrs",
    "ms", "sir", "madam", "or", "and", "herr", "frau", "dr", "damen", "und", "herren", "kollegen",
    "liebes", "support",
))  # fmt: skip
"""Who may be greeted in small letters; a name begins with a capital."""

_THANKS = (
    "(|ok|okay) (thanks|thank you|thx|thank u) (|so much|very much|a lot|again|indeed|kindly)",
    "(many|much|big|a thousand) thanks (|again)",
    "(thanks|thank you|many thanks|thank you very much|thank you so much|thanks a lot|thx) (|again)"
    " for (the|your|all your|all the|this) (|very) (|quick|fast|prompt|swift|kind|great|good)"
    " (help|reply|answer|response|support|information|info|update|solution|effort|assistance)",
    "thank you for (helping|helping me|helping us|letting me know|letting us know)",
    "(|it is|that is|this is) (|very|much|really) appreciated",
    "(danke|dankeschoen|danke schoen|danke sehr|danke ihnen|danke dir|danke euch|merci)"
    " (|nochmal|nochmals|noch einmal)",
    "(ich|wir) (danke|danken) (ihnen|dir|euch) (|sehr|herzlich|vielmals)",
    "(vielen|herzlichen|besten|schoenen|lieben|tausend) (|lieben|herzlichen) dank"
    " (|nochmal|nochmals|noch einmal|auch)",
    "(danke|vielen dank|herzlichen dank|besten dank|danke schoen|danke sehr|vielen lieben dank)"
    " fuer (die|ihre|deine|eure|all ihre) (|sehr)"
    " (|schnelle|rasche|prompte|gute|tolle|nette|super|freundliche|umgehende)"
    " (hilfe|antwort|rueckmeldung|info|information|informationen|infos|unterstuetzung|loesung"
    "|auskunft|bearbeitung|nachricht|erledigung)",
    "(danke|vielen dank|herzlichen dank|besten dank) fuer (das|ihr|dein)"
    " (|schnelle|rasche|nette|gute) (feedback|update)",
    "(danke|vielen dank|herzlichen dank|besten dank) fuer (den|ihren) (|schnellen|guten|tollen)"
    " (service|support|hinweis|tipp)",
)
"""What says thank you; one of these there must be."""

_ALL_IS_WELL = (
    "(ok|okay|yes|ja|perfect|great|wonderful|excellent|brilliant|super|awesome|fantastic|lovely"
    "|perfekt|prima|toll|klasse|wunderbar|bestens|spitze|sehr gut|very good|very kind|sehr nett)",
    "(|and) (|now) (it|that|this|everything|all) (|now|all) (works|worked|is fine|is good"
    "|is perfect|is well|helped|helps|solved it|fixed it|did it|did the trick|was it|is solved"
    "|is fixed)"
    " (|now|again|fine|perfectly|great|a lot|very well)",
    "(|and) (it|that|this) (|has) (solved|fixed) (|it|the problem|my problem|our problem|the issue"
    "|my issue|our issue)",
    "(|the|my|our) (problem|issue) (solved|fixed|is solved|is fixed|has been solved)",
    "(|now|it) (works|worked|solved|fixed) (|now|again|fine|perfectly)",
    "all (good|fine|clear|is well|set)",
    "(|i) got it",
    "(das|es|alles) (|jetzt|nun|so) (passt|klappt|funktioniert|geht|laeuft|hat geklappt"
    "|hat funktioniert|hat geholfen|ist geloest|ist erledigt|war es|wars|stimmt)"
    " (|so|jetzt|nun|wieder|alles|perfekt|bestens|prima|super|gut)",
    "(|jetzt|nun|und|und jetzt|so) (passt|klappt|funktioniert|geht|laeuft) (|es|das|alles)"
    " (|so|jetzt|nun|wieder|alles|perfekt|bestens|prima|super|gut)",
    "(|das|es|alles) (hat|hats) (|alles|jetzt|sehr|uns|mir) (|sehr)"
    " (geklappt|funktioniert|geholfen)",
    "(|das|unser|mein) problem (|ist) (|damit|jetzt|nun) (geloest|behoben|erledigt)",
    "(|das|es) (|ist|hat sich|hat sich damit|ist damit) (geloest|erledigt)",
    "alles (klar|gut|bestens|in ordnung|ok|okay|prima|super|perfekt)",
    "(sie haben|du hast|ihr habt) (mir|uns) (sehr|wirklich) geholfen",
)

_CLOSINGS = (
    "(|with) (|best|kind|kindest|warm|many) (regards|wishes|greetings)",
    "(cheers|best|all the best|sincerely|yours|yours sincerely|yours faithfully|bye)",
    "have a (nice|good|great|lovely) (day|evening|weekend|week|one)",
    "(mfg|lg|vg|bg|gruss|gruesse|beste gruesse|viele gruesse|liebe gruesse|schoene gruesse"
    "|freundliche gruesse|herzliche gruesse|viele liebe gruesse|bis bald|tschuess)",
    "(mit|mit den|mit lieben) (|freundlichen|besten|herzlichen|vielen|lieben|schoenen)"
    " (|freundlichen) (gruessen|gruss)",
    "mit freundlichem gruss",
    "(|einen|ein|ich wuensche ihnen einen|ich wuensche ihnen ein)"
    " (schoenen|schoenes|guten|angenehmen) (tag|abend|wochenende|feierabend|woche) (|noch|ihnen)",
)

_OTHERWISE = frozenset((
    "but", "however", "although", "still", "not", "no", "never", "yet", "unfortunately", "sadly",
    "only", "except", "again", "broken", "wrong", "missing", "aber", "jedoch", "doch", "leider",
    "nicht", "noch", "kein", "keine", "nur", "trotzdem", "dennoch", "falsch", "kaputt", "fehlt",
))  # fmt: skip
"""What is no name, however it is written."""

_GLAD = frozenset("🙂😊😀😃😄😁👍🙏👌🎉✅☺❤♥")
"""Signs that say no more than thank you."""

# Nothing that is said hangs on these.
_BETWEEN = re.compile(r"[.,!;:…]+|\s[-–—]+\s|\n+")


def only_thanks(text: str) -> bool:
    """Whether a text says thank you, that all is well, and nothing more.

    A greeting, a closing and the name below it may stand around. Never with a question mark, a
    digit, a bracket (which may be a sad mouth), or more than 25 words.
    """
    if len(text) > _LONGEST or any(map(_says_something, text)):
        return False
    if len(words(text)) > _MOST_WORDS:
        return False
    pieces = [piece for piece in _BETWEEN.split(text) if words(piece)]
    if pieces and _is_greeting(pieces[0]):
        pieces = pieces[1:]
    thanked = False
    for at, piece in enumerate(pieces):
        if _is_closing(piece):
            below = pieces[at + 1 :]
            return thanked and len(below) <= _MOST_LINES_BELOW and all(map(_is_name, below))
        if not _made_of(piece, _THANKS + _ALL_IS_WELL):
            return False
        thanked = thanked or _has(piece, _THANKS)
    return thanked


def _says_something(char: str) -> bool:
    return (
        char in "?(/@"
        or char.isdigit()
        or (unicodedata.category(char) == "So" and char not in _GLAD)
    )


def _made_of(piece: str, phrases: tuple[str, ...]) -> bool:
    """Whether the words are phrases one after the other, and nothing between."""
    said = words(piece)
    reached = {0}
    for start in range(len(said)):
        if start in reached:
            ends = range(start + 1, len(said) + 1)
            reached.update(end for end in ends if _is_one(said[start:end], phrases))
    return len(said) in reached


def _has(piece: str, phrases: tuple[str, ...]) -> bool:
    said = words(piece)
    ends = range(1, len(said) + 1)
    return any(_is_one(said[start:end], phrases) for end in ends for start in range(end))


def _is_one(said: Sequence[str], phrases: tuple[str, ...]) -> bool:
    return _pattern(phrases).fullmatch("".join(f"{word} " for word in said)) is not None


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all of these phrases, each word with a space behind it."""
    return re.compile("|".join("".join(map(_part, _PARTS.findall(each))) for each in phrases))


_PARTS = re.compile(r"\([^)]*\)|\S+")


def _part(part: str) -> str:
    choices = part.strip("()").split("|")
    spelt = "|".join(f"{choice} " for choice in choices if choice)
    return f"(?:{spelt})" + "?" * ("" in choices)


def _is_greeting(piece: str) -> bool:
    """`Hallo Frau Ott`: the rest of the piece is whom it greets."""
    written = piece.split()
    return any(
        _is_one(words(" ".join(written[:length])), _GREETINGS)
        and len(written) - length <= _MOST_OF_A_NAME
        and all(_is_part_of_a_name(word) or fold(word) in _ADDRESSED for word in written[length:])
        for length in (1, 2)
    )


def _is_closing(piece: str) -> bool:
    """`Best regards` or `LG Anna`."""
    written = piece.split()
    return any(
        _made_of(" ".join(written[:length]), _CLOSINGS) and _is_name(" ".join(written[length:]))
        for length in range(1, len(written) + 1)
    )


def _is_name(piece: str) -> bool:
    """A name, a role or a firm; nothing at all is one too."""
    written = piece.split()
    return len(written) <= _MOST_OF_A_NAME and all(map(_is_part_of_a_name, written))


def _is_part_of_a_name(word: str) -> bool:
    return (word[:1].isupper() or not words(word)) and _OTHERWISE.isdisjoint(words(word))
