"""What did not arrive, and why: out of a delivery status (RFC 3464) or the words of a daemon.

Providers write our mails anew on their way, with ids of their own. So all is read by which one of
ours can be known again: the header that came back, and whom it did not reach.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from poc_tui.mail.message.addresses import ids
from poc_tui.mail.message.headers import HeaderFields, one_line, words
from poc_tui.mail.message.structure import Entity, Structure
from poc_tui.rules.mail.address import addresses_in

MAX_REASON = 300
"""Characters."""

_MAX_BYTES = 100_000
_MAX_WORDS = 4000
"""Characters of a text in which it is looked for who did not get a mail."""

_MAX_GROUPS = 50
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_RECEIPT = ("message/disposition-notification", "message/global-disposition-notification")
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_MOST_IDS, _MOST_RECIPIENTS = 20, 20
_ANSWERED = ("in-reply-to", "references", "x-ms-exchange-parent-message-id")
_SHOWN = (*_ANSWERED, "from", "to", "subject")
_RECIPIENTS = ("original-recipient", "final-recipient", "x-failed-recipients", "x-actual-recipient")
_NAMED_LINE = re.compile(
    r"^[>| \t]{0,20}(?:the (?=subject))?([a-z-]{0,40}message-id|in-reply-to|references|from|to"
    r"|subject|(?:original|final)-recipient)(?: of the message is)?:[ \t]{0,20}"
    r"(.{1,2000}(?:\n[ \t]+<.{1,998})*)",
    re.I | re.M,
)
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
    """What the delivery status among the parts says of the first one it failed for; of one that
    did not fail, `why` says what became of it."""
    report = next((leaf for leaf in leaves if leaf.type in _STATUS), None)
    if report is None:
        return DeliveryStatus("", "")
    groups = _groups(report.body(_MAX_BYTES))
    actions = {action: fields for fields in reversed(groups) if (action := _action(fields))}
    action = "failed" if "failed" in actions else next(iter(actions), "")
    why = _why(actions[action]) if action else ""
    return DeliveryStatus(action, why if action in ("", "failed") else f"{action}: {why}")


class MailReport(NamedTuple):
    """What a report tells of the mail that it is about."""

    ids: tuple[str, ...] = ()
    """By which it may be known: of what came back, else named in the text."""
    fields: tuple[tuple[str, str], ...] = ()
    """`rules.mail.message.RETURNED_FIELDS`, those that it has."""


def returned(report: Structure, text: str) -> MailReport:
    """The mail that a report with this text is about: by the header that came back, or that stands
    in the text; and whom it was for."""
    leaves, header = report.leaves, report.root.fields
    about: dict[str, list[str]] = {}
    told = next((leaf for leaf in leaves if leaf.type in _RETURNED), None)
    if told is not None:
        data = told.body(_MAX_BYTES)
        fields = HeaderFields(data, 0, len(data))
        about = {name: fields.all(name) for name in fields if _is_of_use(name)}
    said: dict[str, list[str]] = {}
    for name, value in _NAMED_LINE.findall(text[:_MAX_BYTES]):
        said.setdefault(name.lower(), []).append(value.replace("\n", " "))
    own_ids = _ids(about) or _ids(said)
    about = about or said
    receipts = [leaf for leaf in leaves if leaf.type in (*_STATUS, *_RECEIPT)]
    groups = [group for leaf in receipts[:2] for group in _groups(leaf.body(_MAX_BYTES))]
    for group in groups:
        own_ids += [id for value in group.all("original-message-id") for id in ids(value)]
    missed = [header, *(group for group in groups if _action(group) != "delivered")]
    recipients = [
        address
        for fields in missed
        for name in _RECIPIENTS
        for value in fields.all(name)
        for address in addresses_in(_TYPE.sub("", value, count=1), _MOST_RECIPIENTS)
    ]
    named = [address for value in about.get("to", ()) for address in addresses_in(value, 9)]
    named += addresses_in(text[:_MAX_WORDS], _MOST_RECIPIENTS)
    pairs = [
        *(("final-recipient", address) for address in recipients),
        *(("returned-to", address) for address in named),
        *(("returned-ref", id) for name in _ANSWERED for value in about.get(name, ())
          for id in ids(value)[-_MOST_IDS:]),
        *(("returned-from", address) for value in about.get("from", ())[:1]
          for address in addresses_in(words(value), 1)),
        *(("returned-subject", one_line(words(value))) for value in about.get("subject", ())[:1]),
    ]  # fmt: skip
    return MailReport(tuple(dict.fromkeys(own_ids))[:_MOST_IDS], tuple(dict.fromkeys(pairs))[:100])


def _is_of_use(name: str) -> bool:
    return name in _SHOWN or name.endswith("message-id")


def _ids(about: dict[str, list[str]]) -> list[str]:
    """Its id, and those by which a provider knows it that gave it another."""
    names = [name for name in about if name.endswith("message-id") and "parent" not in name]
    names.sort(key=lambda name: name != "message-id")
    return [id for name in names for value in about[name] for id in ids(value)]


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
