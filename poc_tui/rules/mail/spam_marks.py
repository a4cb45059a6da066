"""Whether the provider has marked a mail as spam, in the header fields that programs put there.

A sender can write such fields too, but harms nobody but himself by a mark; so each that says yes
counts, and none that says no takes it back.
"""

from __future__ import annotations

import re

from poc_tui.rules.mail.message import Mail

_YES = r"\s{0,9}(?:yes|true)\b"
# Put together only where they are needed: every verb loads this module, and few mails have any.
_MARKS = {
    "x-barracuda-spam-flag": _YES,
    "x-barracuda-spam-status": _YES,
    "x-bogosity": r"\s{0,9}(?:spam|yes)\b",
    "x-dspam-result": r"\s{0,9}spam\b",
    # Microsoft: the spam confidence level from 5 on, and verdicts of the filter or a rule.
    "x-forefront-antispam-report": r"(?:^|.*?[;\s])(?:SFV:(?:SPM|SKS|SKB)|SCL:[5-9])\b",
    "x-gmx-antispam": r"\s{0,9}[1-9]",
    "x-mailscanner-spamcheck": r"\s{0,9}spam\b",
    "x-ms-exchange-organization-scl": r"\s{0,9}[5-9]\b",
    "x-proofpoint-spam-details": r".{0,80}?\brule=spam\b",
    "x-rspamd-action": r"\s{0,9}(?:add header|rewrite subject|reject)\b",
    "x-spam": r"\s{0,9}(?:yes|true|spam|probable)\b",
    "x-spam-flag": _YES,
    "x-spam-status": _YES,
    "x-spamd-result": r"[^:]{0,80}:\s{0,9}true\b",
    "x-ui-filterresults": r"\s{0,9}junk\b",
    "x-vr-spamstate": r"\s{0,9}spam\b",
    "x-yandex-spam": r"\s{0,9}4\b",
}
"""What each of these fields says of spam, from its beginning on."""

FIELDS = tuple(_MARKS)
"""The fields that are looked at, all of them among those that are kept."""

_LOOKED_AT = frozenset((*FIELDS, "x-spam-level", "x-spam-score"))
_NO = r"\s{0,9}(?:no|false|ham|notjunk)\b"
_IN_SUBJECT = (
    r"\s{0,9}[*\[({<_]{1,9}\s{0,9}(?:possible |probable |suspected )?(?:spam|junk)[\w -]{0,12}\??"
    r"[*\])}>_]{1,9}"
)


def marked_as_spam(mail: Mail) -> bool:
    """Whether a field says so; or the subject begins with such as `[SPAM]`, and a filter has
    looked at the mail and nowhere says that it is none."""
    looked = [each for each in mail.headers if each[0] in _LOOKED_AT]
    if not looked:
        return False
    if any(field in _MARKS and _says(_MARKS[field], value) for field, value in looked):
        return True
    return _says(_IN_SUBJECT, mail.subject) and not any(_says(_NO, value) for _, value in looked)


def _says(sign: str, value: str) -> bool:
    return re.match(sign, value, re.IGNORECASE) is not None
