"""What of a text its sender wrote anew, and what is quoted, forwarded or a signature.

Where a quotation begins is known to `quote_heads` and `introductions`, in which words to
`quote_words`, and where the signature begins to `signatures`. Where in doubt, words are shown
rather than folded away.
"""

from __future__ import annotations

from typing import NamedTuple

from poc_tui.mail.message.addresses import addresses
from poc_tui.mail.message.introductions import author_in
from poc_tui.mail.message.quote_heads import Heads, Separator, sender_in, separator_in
from poc_tui.mail.message.signatures import without_signature
from poc_tui.rules.mail.message import MailAddress

_MAX_HEAD = 20
"""Lines above a quotation with marks in which what introduces it begins."""

_MAX_BLOCK = 40
_LONG_LINE = 60
"""Characters; of a longer line with a mark the end may stand in a line without one."""


class SplitText(NamedTuple):
    """A text taken apart; `text` is never empty if there were words anywhere."""

    text: str
    quoted: str
    signature: str


def split(text: str, *, forwarded: bool = False) -> SplitText:
    """What was written anew, the quotation, and the signature.

    Answers between the lines of a quotation stay in `text` together with them, in order. If
    nothing was written anew, `text` is what was forwarded or quoted, without its marks.

    `forwarded`: it is known that the mail passes another one on, which is then part of what is
    quoted. Otherwise that one was said anew, if there are words above it.
    """
    lines = text.split("\n")
    heads = _broken_before_introductions(lines)
    cut = _where_the_rest_is_quoted(lines, heads, forwarded=forwarded)
    new, rest = lines[:cut], lines[cut:]
    new, signature = without_signature(new)
    new, marked = _without_marked_quotation(new)
    if marked or signature:  # another one may stand above what is gone
        new, above = without_signature(new)
        signature = [*above, *signature]
    quoted = [*marked, *rest]
    parts = SplitText(*("\n".join(part).strip("\n") for part in (new, quoted, signature)))
    if parts.text.strip():
        return parts
    words = "\n".join(_words_quoted(marked or rest)).strip("\n")
    if words.strip():
        return parts._replace(text=words)
    if parts.quoted.strip():
        return SplitText(parts.quoted, "", parts.signature)
    return SplitText(parts.signature, "", "")


def original_sender(text: str, *, forwarded: bool) -> MailAddress | None:
    """Who wrote first what is forwarded in `text`, if its address is given.

    `forwarded`: it is known that something is; otherwise the text must say so itself.
    """
    lines = text.split("\n")
    if not forwarded and not any(map(_passes_on, lines)):
        return None
    cut = _where_the_rest_is_quoted(lines, Heads(lines), forwarded=True)
    passed_on = lines[cut:] or _without_marked_quotation(lines)[1]
    block = [line.lstrip("> ") for line in passed_on[:_MAX_BLOCK]]
    if not forwarded and not any(map(_passes_on, block[:2])):
        return None
    for line in block:
        if (said := sender_in(line)) and (found := addresses(said, 1)):
            return found[0]
    heads = Heads(block)
    end = heads.end(heads.next_with_words(0), certain=True)
    return next(iter(addresses(author_in(" ".join(block[:end])), 1)), None) if end else None


def _passes_on(line: str) -> bool:
    return separator_in(line.strip()) is Separator.FORWARDED


def _broken_before_introductions(lines: list[str]) -> Heads:
    """Put what introduces a quotation on a line of its own, in the lines themselves."""
    heads = Heads(lines)
    inside = [(at, column) for at in heads.places if (column := heads.inside(at)) is not None]
    for at, column in reversed(inside):
        bare = lines[at].strip()
        lines[at : at + 1] = bare[:column].rstrip(" -"), bare[column:]
    return Heads(lines) if inside else heads


def _where_the_rest_is_quoted(lines: list[str], heads: Heads, *, forwarded: bool) -> int:
    """The first line from which on nothing is new, since the quotation bears no marks."""
    for at in heads.places:
        end = heads.end(at, certain=True)
        if end is None:
            continue
        passes_on = not forwarded and heads.separator(at) is Separator.FORWARDED
        if passes_on and any(map(str.strip, lines[:at])):
            break
        following = heads.next_with_words(end)
        if following == len(lines) or not _is_marked(lines[following]):
            return at
    return len(lines)


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without_marked_quotation(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines, and the quotation with marks that ends them, its introduction included.

    If there is only one, and it says when it was written or by which address, it may also stand
    above what was written anew, or in between.
    """
    blocks = _marked_blocks(lines)
    if not blocks:
        return lines, []
    start, end = blocks[-1]
    trails = not any(map(str.strip, lines[end:]))
    if not trails and len(blocks) > 1:
        return lines, []
    first = max(0, start - _MAX_HEAD)
    heads = Heads(lines[first : start + 2])
    for at in heads.places:
        above = heads.end(at, certain=False)
        if above is None or heads.next_with_words(above) < start - first:
            continue
        if trails or heads.says_when_or_who(at, above):
            behind = [line for line in lines[end:] if line.strip("> ") or not _is_marked(line)]
            return [*lines[: first + at], *behind], lines[first + at : end]
    return (lines[:start], lines[start:]) if trails else (lines, [])


def _marked_blocks(lines: list[str]) -> list[tuple[int, int]]:
    """Where lines with marks begin and end, without those that have nothing but marks."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    end = 0
    worded = wraps = False
    for at, line in enumerate(lines):
        goes_on = start is not None and not _is_marked(line) and _goes_on(lines, at, wraps=wraps)
        wraps = wraps or goes_on
        if goes_on or _is_marked(line):
            start = at if start is None else start
            end = at + 1
            worded = worded or bool(line.strip("> \t"))
        elif line.strip() and start is not None:
            if worded:
                blocks.append((start, end))
            start, worded = None, False
    if start is not None and worded:
        blocks.append((start, end))
    return blocks


def _goes_on(lines: list[str], at: int, *, wraps: bool) -> bool:
    """Whether a line without a mark is the end of a long one above it that has one.

    `wraps`: another one was.
    """
    before, bare = lines[at - 1].rstrip(), lines[at].strip()
    if not bare or not _is_marked(before) or not any(map(_is_marked, lines[at + 1 : at + 2])):
        return False
    broken = len(before) >= _LONG_LINE and (wraps or before[-1] not in ".?!:")
    return (broken and bare[0].islower()) or (bare[-1] == ">" and "<" not in bare)


def _words_quoted(lines: list[str]) -> list[str]:
    """The lines of a quotation without marks and without what stands above it."""
    bare = [line.lstrip("> ") if _is_marked(line) else line for line in lines]
    heads = Heads(bare)
    at = heads.next_with_words(0)
    while (end := heads.end(at, certain=False)) is not None:
        at = heads.next_with_words(end)
    return bare[at:]
