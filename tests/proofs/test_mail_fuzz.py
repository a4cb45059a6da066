"""Bytes that nobody thought of: whatever comes, a mail is read and stays within its bounds.

`POC_FUZZ=200000 pytest tests/proofs/test_mail_fuzz.py` tries so many instead of a few.
"""

from __future__ import annotations

import os
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from poc_tui.errors import NotFound
from poc_tui.mail.message.bodies import MAX_TEXT
from poc_tui.mail.message.bounces import MAX_REASON
from poc_tui.mail.message.headers import MAX_LINE
from poc_tui.mail.message.parse import MAX_RECIPIENTS, MAX_REFS, parse
from poc_tui.mail.message.parts import part
from poc_tui.mail.message.structure import MAX_PARTS
from poc_tui.mail.worker.wire import from_json, to_json
from poc_tui.rules.mail.message import Mail, MailAddress
from poc_tui.rules.text import plain
from tests.helpers.damaged_mail import damaged

pytestmark = pytest.mark.proof

EXAMPLES = int(os.environ.get("POC_FUZZ", "200"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(damaged() | st.binary(max_size=300))
def test_anything_is_read(raw: bytes) -> None:
    mail = parse(raw)
    assert from_json(to_json(mail)) == mail
    _is_plain(mail)
    _is_within_bounds(mail)
    assert not any("could not be read; the original" in sentence for sentence in mail.trouble)
    for one in mail.parts:
        described, data = part(raw, one.index)
        assert described == one
        assert len(data) == one.size
    try:
        part(raw, len(mail.parts) + MAX_PARTS * 2)
    except NotFound:
        return
    raise AssertionError("a part that is not there was found")


def _is_plain(mail: Mail) -> None:
    one_line = [mail.subject, mail.message_id, mail.bounce_why, *mail.refs, *mail.bounced]
    for somebody in (mail.sender, mail.reply_to, mail.original, *mail.recipients):
        if somebody is not None:
            assert isinstance(somebody, MailAddress)
            assert "@" in somebody.address
            one_line += somebody
    one_line += [text for one in mail.parts for text in (one.name, one.type)] + list(mail.trouble)
    for text in one_line:
        assert text == plain(text)
        assert text == " ".join(text.split())
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in text)
    for text in (mail.text, mail.quoted, mail.signature):
        assert text == plain(text)
    if mail.quoted.strip() or mail.signature.strip():
        assert mail.text.strip()
    if mail.sent_at is not None:
        assert mail.sent_at.tzinfo is UTC
        assert mail.sent_at.microsecond == 0


def _is_within_bounds(mail: Mail) -> None:
    assert len(mail.recipients) <= MAX_RECIPIENTS
    assert len(mail.refs) <= MAX_REFS
    assert len(mail.parts) <= 2 * MAX_PARTS
    assert len(mail.subject) <= MAX_LINE
    assert len(mail.bounce_why) <= MAX_REASON
    assert len(mail.text) <= MAX_TEXT
