"""What did not arrive, and why: out of a delivery status (RFC 3464) or the words of a daemon."""

from __future__ import annotations

import re
from typing import NamedTuple

from poc_tui.mail.message.addresses import ids
from poc_tui.mail.message.headers import HeaderFields, one_line, words
from poc_tui.mail.message.structure import Entity

MAX_REASON = 300
"""Characters."""

_MAX_BYTES = 100_000
_MAX_GROUPS = 50
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_ID_LINE = re.compile(r"^[>|\s]{0,20}message-id:\s{0,20}(<[^<>\s]{1,998}+>)", re.I | re.M)
_REASON_LINE = re.compile(
    r"\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b|user unknown|unknown user|no such user|mailbox"
    r"|quota|does not exist|not found|rejected|unbekannt|existiert nicht|postfach",
    re.I,
)
_TYPE = re.compile(r"(?:smtp|x-[\w-]{1,40}|dns|rfc822|utf-8)\s{0,9};\s{0,9}", re.I)


class DeliveryStatus(NamedTuple):
    """What a report says of a delivery; all is empty if there is no report."""

    action: str
    """`failed` if it failed for anybody, else `delayed`, `delivered` and such."""
    why: str
    """One line."""


def delivery_status(leaves: list[Entity]) -> DeliveryStatus:
    """What the delivery status among the parts says of the first one it failed for."""
    report = next((leaf for leaf in leaves if leaf.type in _STATUS), None)
    if report is None:
        return DeliveryStatus("", "")
    groups = _groups(report.body(_MAX_BYTES))
    actions = {action: fields for fields in reversed(groups) if (action := _action(fields))}
    action = "failed" if "failed" in actions else next(iter(actions), "")
    return DeliveryStatus(action, _why(actions[action]) if action else "")


def returned_ids(leaves: list[Entity], text: str) -> tuple[str, ...]:
    """The ids of the mails that came back: from what was returned, else named in the text."""
    for leaf in leaves:
        if leaf.type in _RETURNED:
            data = leaf.body(_MAX_BYTES)
            found = ids(HeaderFields(data, 0, len(data)).first("message-id"))
            if found:
                return tuple(found[:1])
    return tuple(dict.fromkeys(id for line in _ID_LINE.findall(text) for id in ids(line)))[:20]


def reason_in(text: str) -> str:
    """The line of a text without structure that says best why it did not arrive."""
    lines = [line.strip() for line in text[:_MAX_BYTES].split("\n") if line.strip()]
    telling = next((line for line in lines if _REASON_LINE.search(line[:1000])), "")
    return one_line(telling or next(iter(lines), ""), MAX_REASON)


def _groups(report: bytes) -> list[HeaderFields]:
    """The groups of fields of a report, one for the message and one for each recipient."""
    groups: list[HeaderFields] = []
    place = 0
    while place < len(report) and len(groups) < _MAX_GROUPS:
        fields = HeaderFields(report, place, len(report))
        if fields.body <= place:
            break
        if fields:
            groups.append(fields)
        place = fields.body
    return groups


def _action(fields: HeaderFields) -> str:
    return one_line(fields.first("action").partition("(")[0].partition(";")[0].lower(), 20)


def _why(fields: HeaderFields) -> str:
    reason = _TYPE.sub("", fields.first("diagnostic-code"), count=1)
    reason = reason or fields.first("status")
    recipient = _TYPE.sub("", fields.first("final-recipient"), count=1).strip(" <>")
    if recipient and recipient not in reason:
        reason = f"{recipient}: {reason}"
    return one_line(words(reason), MAX_REASON)
