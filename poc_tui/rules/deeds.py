"""What was done to a request, in words that follow the name of whoever did it."""

from __future__ import annotations

NAMELESS = "me"
"""The name of a desk that was given none."""

_DEEDS = {
    "received": "wrote down the customer's words on",
    "triaged": "triaged",
    "forwarded": "forwarded",
    "logged": "logged an answer on",
    "withdrawn": "withdrew a question on",
    "answered": "answered",
    "noted": "made a note on",
    "resolved": "resolved",
    "reopened": "reopened",
    "snoozed": "snoozed",
    "reminded": "set a reminder on",
    "done": "marked a reminder done on",
    "chased": "chased the answer to",
    "escalated": "escalated",
    "stood-down": "took back the escalation of",
    "promised": "noted a promise on",
    "kept": "said that a promise was kept on",
    "broken": "said that a promise was broken on",
}
_CAME = {
    "received": "the customer's mail came in on",
    "logged": "a department's answer came in on",
    "not-delivered": "a mail was not delivered, on",
}


def deed(actor: str, event: str, of: str, own: str, *, came: bool = False) -> str:
    """Such as `Accounting desk answered #1042`.

    `event` is a value of `models.values.Event`, `of` names the request, `own` is the name of who
    reads it: their own deed was done at another desk of theirs. `came`: mail did it.
    """
    if came or event not in _DEEDS:
        return f"{_CAME.get(event, 'a mail came in on')} {of}"
    if actor == own:
        return f"you {_DEEDS[event]} {of} at another desk"
    return f"{named(actor)} {_DEEDS[event]} {of}"


def named(actor: str) -> str:
    """The name within a sentence; that of somebody who gave none is no word of it."""
    return f"“{actor}”" if actor == NAMELESS else actor
