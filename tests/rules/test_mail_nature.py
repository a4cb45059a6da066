"""Ordinary mail, automatic reply, bounce or list."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.message import Nature
from poc_tui.rules.mail.nature import FIELDS, nature

ORDINARY, AUTO, BOUNCE, LIST = Nature.ORDINARY, Nature.AUTO_REPLY, Nature.BOUNCE, Nature.LIST
REPORT = "multipart/report; report-type={}; boundary=x"
DAEMON = {"from": "Mail Delivery System <MAILER-DAEMON@mx.example>", "return-path": "<>"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ORDINARY),
        ({"from": "info@meyer.example", "subject": "Out of paper"}, ORDINARY),
        ({"auto-submitted": "no"}, ORDINARY),
        ({"auto-submitted": "auto-replied"}, AUTO),
        ({"auto-submitted": "Auto-Generated; owner=x"}, AUTO),
        ({"auto-submitted": "no (written by hand)"}, ORDINARY),
        ({"x-autoreply": "yes"}, AUTO),
        ({"x-autoreply": "no"}, ORDINARY),
        ({"x-autorespond": "Gone fishing"}, AUTO),
        ({"x-auto-response-suppress": "DR, OOF, AutoReply"}, ORDINARY),
        ({"x-auto-response-suppress": "All", "subject": "AW: Abwesenheit im Mai"}, AUTO),
        ({"subject": "AW: Abwesenheit im Mai"}, ORDINARY),
        ({"precedence": "auto_reply"}, AUTO),
        ({"precedence": "Bulk"}, LIST),
        ({"precedence": "list"}, LIST),
        ({"precedence": "junk"}, LIST),
        ({"precedence": "first-class"}, ORDINARY),
        ({"list-id": "<news.meyer.example>"}, LIST),
        ({"list-unsubscribe": "<mailto:off@meyer.example>"}, ORDINARY),
        ({"list-id": "<x.example>", "auto-submitted": "auto-replied"}, AUTO),
        ({"precedence": "bulk", "subject": "Automatic reply: Your order"}, AUTO),
        ({"subject": "Automatische Antwort: Ihre Bestellung"}, AUTO),
        ({"subject": "Automatic reply: Your order"}, AUTO),
        ({"subject": "Out of Office"}, AUTO),
        ({"subject": "Out of Office: back on Monday"}, AUTO),
        ({"subject": "Out of office chairs, when will there be more?"}, ORDINARY),
        ({"subject": "Abwesenheitsnotiz"}, AUTO),
        ({"subject": "AW: Automatische Antwort: Ihre Bestellung"}, ORDINARY),
        ({"content-type": REPORT.format("delivery-status")}, BOUNCE),
        ({"content-type": REPORT.format('"disposition-notification"')}, AUTO),
        ({"content-type": REPORT.format("feedback-report")}, AUTO),
        ({"content-type": "multipart/mixed; report-type=delivery-status"}, ORDINARY),
        (DAEMON, BOUNCE),
        ({"from": "MAILER-DAEMON@mx.example"}, BOUNCE),
        ({"from": "MAILER-DAEMON@mx.example", "return-path": "<x@mx.example>"}, ORDINARY),
        ({"from": "postmaster@mx.example", "return-path": "<>"}, BOUNCE),
        ({"from": "Postmaster <postmaster@mx.example>"}, ORDINARY),
        ({"from": "info@meyer.example", "return-path": "<>"}, ORDINARY),
        ({"x-failed-recipients": "x@meyer.example"}, BOUNCE),
        (DAEMON | {"subject": "Warning: message 1x delayed 24 hours"}, AUTO),
        (DAEMON | {"auto-submitted": "auto-replied", "list-id": "<x.example>"}, BOUNCE),
    ],
)
def test_the_header_says_what_it_is(headers: dict[str, str], expected: Nature) -> None:
    assert nature(headers) is expected
    assert headers.keys() <= set(FIELDS)


@pytest.mark.parametrize(
    ("action", "expected"), [("failed", BOUNCE), ("", BOUNCE), ("delayed", AUTO), ("relayed", AUTO)]
)
def test_only_a_delivery_that_failed_is_a_bounce(action: str, expected: Nature) -> None:
    assert nature({"content-type": REPORT.format("delivery-status")}, action) is expected


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office furniture: 3 desks", "Please send an offer."),
        ("Gelesen: Ihr Angebot", "Ich habe Ihre Nachricht gelesen und bestelle 3 Lampen."),
        ("Read: your offer", "I have got your message, and read it: we order 3 lamps."),
    ],
)
def test_who_writes_a_subject_like_those_of_programs_is_a_person(subject: str, text: str) -> None:
    assert nature({"subject": subject}, text=text) is Nature.ORDINARY
