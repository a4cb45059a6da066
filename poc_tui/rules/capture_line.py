"""The words of `poc add`: what of them is text and what is a mark.

    poc add Invoice 4711 is wrong @"Meyer AG" +urgent due:fri14 via:phone kind:complaint

Standard library only and cheap to import (`typing` alone takes 6 ms of the quick lane's 18).
"""

from __future__ import annotations

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import plain, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYS = ("due", "via", "kind", "prio", "to")
"""The only words before a colon that make a mark; any other colon is text."""

_FIELDS = {"via": "channel", "kind": "kind", "prio": "priority"}
"""Marks of which the values are counted, by the name under which `value_words` has them."""

SUBJECT_LIMIT = 200
"""Characters; a longer first line stays whole in the text."""


class CaptureLine:
    """What was found in the words. Marks are given as typed, None where there was none.

    `via`, `kind` and `prio` are given as the value that the word means. `left`: marks whose word
    means none; they stand in the subject as they were typed.
    `stdin`: a lone `-` stood among the words, the text comes from standard input.
    """

    __slots__ = ("customer", "due", "kind", "left", "prio", "stdin", "subject", "tags", "to", "via")

    def __init__(
        self, subject: str, customer: str | None = None, tags: tuple[str, ...] = (), *,
        due: str | None = None, via: str | None = None, kind: str | None = None,
        prio: str | None = None, to: str | None = None, left: tuple[str, ...] = (),
        stdin: bool = False,
    ) -> None:  # fmt: skip
        self.subject, self.customer, self.tags = subject, customer, tags
        self.due, self.via, self.kind, self.prio, self.to = due, via, kind, prio, to
        self.left, self.stdin = left, stdin

    def replace(self, **changes: object) -> CaptureLine:
        """The same line with other values for these marks."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return CaptureLine(**(values | changes))


def parse(arguments: Sequence[str]) -> CaptureLine:
    """Tell marks from text in the arguments of a command line.

    An argument that starts with `@` is the customer, spaces and all; so is the value of a mark
    that is an argument of its own (`due:"fri 14:00"`). Within one quoted line a mark ends at the
    next space, or at its closing quote. `--` ends the marks; within a line it is a dash, unless
    a mark follows it there.

    Raises:
        NotUnderstood: a mark was given twice.
    """
    found = _Found()
    for index, argument in enumerate(arguments):
        if argument == "--":
            found.text.extend(arguments[index + 1 :])
            break
        if argument == "-":
            found.stdin = True
        elif argument[:1] == "@" and len(argument) > 1:
            found.mark("@", argument[1:])
        elif not (len(arguments) > 1 and _key_of(argument) and found.valued(argument)):
            found.words(_words(argument))
    return found.line()


def parse_line(line: str) -> CaptureLine:
    """The same for one typed line, as in the dialog for a new request."""
    found = _Found()
    found.words(_words(line))
    return found.line()


def said_of_left(line: CaptureLine) -> list[str]:
    """A sentence for each mark that stayed in the words because its value is not known."""
    if not line.left:
        return []
    from poc_tui.rules.value_words import FIELDS

    said = []
    for typed in line.left:
        field = _FIELDS[typed.partition(":")[0].lower()]
        known = ", ".join(dict.fromkeys(FIELDS[field].values()))
        said.append(f"“{safe(typed)}” stays in the words: that is no {field} ({known})")
    return said


def subject_and_text(subject: str, text: str) -> tuple[str, str]:
    """What is stored: a subject of one line and bearable length, and the words that follow.

    A subject that had to be cut is kept whole in the text.
    """
    words = " ".join(plain(subject).split())
    body = plain(text).strip("\n")
    if len(words) <= SUBJECT_LIMIT:
        return words, body
    whole = plain(subject).strip()
    return words[: SUBJECT_LIMIT - 1].rstrip() + "…", f"{whole}\n\n{body}" if body else whole


def is_blank(words: str) -> bool:
    """Whether nothing of these words would be seen: zero-width signs are no name and no subject."""
    first = words[:1]
    return not (first.isascii() and first.isalnum()) and not safe(words).strip()


def first_and_rest(text: str) -> tuple[str, str]:
    """The first line that is not blank, and what follows it; both empty if all of it is blank."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        line = text[start:] if end < 0 else text[start:end]
        start += len(line) + 1
        if not is_blank(line):
            return line, text[start:]
    return "", ""


def without_dash(arguments: Sequence[str]) -> list[str]:
    """The arguments but for the `-` that stood for standard input."""
    words = list(arguments)
    words.remove("-")
    return words


def tag_name(words: str) -> str:
    """A tag as it is stored: lower case, one word, without the sign before it, NFC.

    Empty if nothing of it would be seen.
    """
    # Lower case before NFC: a J with a caron stays two characters, a small one becomes one.
    name = "-".join(plain(words.lower()).lstrip("+#").split())
    return "" if is_blank(name) else name


class _Found:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.marks: dict[str, str] = {}
        self.tags: list[str] = []
        self.left: list[str] = []
        self.stdin = False

    def words(self, words: Iterator[str]) -> None:
        for word in words:
            if word == "--":
                rest = list(words)
                if not any(map(_is_mark, rest)):
                    self.text.append(word)
                self.text.extend(rest)
                return
            self.word(word)

    def word(self, word: str) -> None:
        if word[:1] == "@" and len(word) > 1:
            self.mark("@", _unquoted(word[1:]))
        elif _is_tag(word):
            self.tags.append(word[1:])
        elif _key_of(word):
            if not self.valued(word):
                self.text.append(word)
                self.left.append(word)
        else:
            self.text.append(word)

    def valued(self, typed: str) -> bool:
        """Take a mark with a value; False where it is one of several and the word means none."""
        key, _, value = typed.partition(":")
        key, value = key.lower(), _unquoted(value)
        if key in _FIELDS:
            from poc_tui.rules.value_words import meaning

            meant = meaning(_FIELDS[key], value)
            if meant is None:
                return False
            value = meant
        self.mark(key, value)
        return True

    def mark(self, key: str, value: str) -> None:
        if key in self.marks:
            sign = "@" if key == "@" else f"{key}:"
            raise NotUnderstood(
                f"{sign} was given twice, as “{self.marks[key]}” and “{value}”; "
                "give it once, or put -- before what is text"
            )
        self.marks[key] = value

    def line(self) -> CaptureLine:
        marks = {key: self.marks.get(key) for key in KEYS}
        return CaptureLine(
            " ".join(self.text),
            self.marks.get("@"),
            tuple(dict.fromkeys(self.tags)),
            left=tuple(dict.fromkeys(self.left)),
            stdin=self.stdin,
            **marks,
        )


def _key_of(word: str) -> bool:
    key, colon, value = word.partition(":")
    return bool(colon) and bool(value.strip()) and key.lower() in KEYS


def _is_mark(word: str) -> bool:
    return (word[:1] == "@" and len(word) > 1) or _is_tag(word) or _key_of(word)


def _is_tag(word: str) -> bool:
    return word[:1] == "+" and word[1:2].isalpha()


def _words(line: str) -> Iterator[str]:
    """The words of a line; a quote opened right after a mark's sign holds spaces together."""
    line = line.strip()
    at, end = 0, len(line)
    while at < end:
        opened = _quote_at(line, at)
        closed = line.find(line[opened], opened + 1) if opened else -1
        if closed > 0 and line[closed + 1 : closed + 2] in ("", " ", "\t", "\n"):
            after = closed + 1
        else:
            space = line.find(" ", at)
            after = end if space < 0 else space
        yield line[at:after]
        at = after
        while at < end and line[at].isspace():
            at += 1


def _quote_at(line: str, at: int) -> int:
    """Where the quote of a mark that begins there opens, 0 if none does."""
    text = line[at : at + 6]
    if text[:2] in ('@"', "@'"):
        return at + 1
    key, colon, value = text.partition(":")
    return at + len(key) + 1 if colon and key.lower() in KEYS and value[:1] in ('"', "'") else 0


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
