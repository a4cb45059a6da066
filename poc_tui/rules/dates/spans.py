"""A phrase that names two moments, "10:00-12:00" or "13. bis 15. Juli": refused, with both said."""

from __future__ import annotations

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.tokens import Token

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


_BETWEEN = frozenset(
    ("-", "bis", "to", "until", "till", "through", "thru", "und", "and", "or", "oder", "/")
)
_ENDINGS = frozenset(("uhr", "am", "pm", "h")) | w.PARTS.keys()
"""What stands behind the second of two times for both."""
_LONGEST = 14
"""Tokens; what is longer names no two moments but tells a story."""
_OPENERS = frozenset(("between", "zwischen", "von", "vom", "from", "in"))


def two_ends(
    phrase: list[Token],
    quoted: str,
    resolved: Callable[[list[Token]], datetime | None],
    say: Callable[[datetime], str],
) -> str:
    """The sentence that says both ends, empty if these tokens are not two moments."""
    if len(phrase) > _LONGEST:
        return ""
    for at, token in enumerate(phrase):
        if token.text not in _BETWEEN or not 0 < at < len(phrase) - 1:
            continue
        left = [one for one in phrase[:at] if one.text not in _OPENERS]
        right = phrase[at + 1 :]
        found = []
        for one, other in _completed(left, right):
            try:
                first, last = resolved(one), resolved(other)
            except NotUnderstood:
                continue
            if first is not None and last is not None and first != last:
                found.append((first > last, abs(last - first), first, last))
        if found:
            *_, first, last = min(found)
            return f"'{quoted}' names two times: {say(first)} and {say(last)}. Give one of them."
    return ""


def _completed(left: list[Token], right: list[Token]) -> list[tuple[list[Token], list[Token]]]:
    """Both ends, what one leaves out taken from the other: "fri 14 - 15 uhr", "13. - 15. Juli"."""
    pairs = [(left, right)]
    cuts = [cut for cut in range(1, len(left)) if left[cut - 1].text != ":"]
    pairs.extend((left, left[:cut] + right) for cut in cuts)
    pairs.extend((left + right[cut:], right) for cut in range(1, len(right)))
    ending = len(right) - 1
    if ending and right[ending].text in _ENDINGS:
        pairs.extend((left + right[ending:], left[:cut] + right) for cut in cuts)
    return pairs
