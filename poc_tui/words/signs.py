"""The signs of the desk: one cell each, and a word wherever there is room for one."""

from __future__ import annotations

from collections.abc import Mapping

from poc_tui.commands import EVENTS, Event

Run = tuple[str, str]
"""Text made safe, and its style as Textual writes it: `bold $text-error`; "" is the widget's."""

CHANNEL: Mapping[str, str] = {
    "email": "✉",
    "phone": "☎",
    "chat": "≡",
    "social": "@",
    "letter": "▤",
    "in-person": "☺",
    "web": "◇",
}

PRIORITY: Mapping[str, str] = {"critical": "‼", "high": "!", "normal": " ", "low": "↓"}

VIP = "★"

ESCALATED = EVENTS[Event.ESCALATED].sign
PROMISE = EVENTS[Event.PROMISED].sign
RECURRING = "↻"
DRAFT = "✎"
FOLDED, UNFOLDED = "▸", "▾"

LEGEND: tuple[tuple[str, str], ...] = (
    *((sign, name) for name, sign in CHANNEL.items()),
    (PRIORITY["critical"], "critical"),
    (PRIORITY["high"], "high priority"),
    (PRIORITY["low"], "low priority"),
    (VIP, "VIP"),
    ("late 2h", "the customer should have heard from us by now"),
    ("chase 2h", "a department is to be chased since then"),
    ("no reply 3d", "the customer has not replied for so long, and it is time to look"),
    ("untouched 6d", "nothing has happened for too long"),
    ("in / out", "what the customer said / was told"),
    ("→ / ←", "asked a department / its answer"),
    ("⇢", "chased a department that has not answered"),
    (ESCALATED + " / ▽", "escalated / taken back"),
    (PROMISE, "a promise; then ✓ kept or ✗ broken"),
    (RECURRING, "a reminder that comes again"),
    (DRAFT, "something is half written on it (poc drafts)"),
    ("auto", "a mail that a program wrote, or a mailing list brought"),
    ("!!", "a mail of ours that did not arrive"),
    (f"{FOLDED} / {UNFOLDED}", "what a mail quotes is folded away / shown"),
)
"""What the help screen explains."""
