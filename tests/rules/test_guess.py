"""First guesses from the words of a request: kind, priority, department."""

from __future__ import annotations

import pytest

from poc_tui.rules.guess import department_of, kind_of, priority_of

ACCOUNTING, LEGAL, SALES, SUPPORT, TECHNICAL = 1, 2, 3, 4, 5
DEPARTMENTS = (
    (ACCOUNTING, "Accounting", "Invoices, payments, reminders to pay, bank details, VAT"),
    (LEGAL, "Legal", "Terms, data protection, liability, complaints that name a lawyer"),
    (SALES, "Sales", "Offers, prices, orders, availability, contracts about to be made"),
    (SUPPORT, "Support", "Using the product, accounts and access, opening hours, returns"),
    (TECHNICAL, "Technical", "How the product works, faults, delivery of parts, installation"),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Invoice 4711 is wrong", "complaint"),
        ("The pump does not work", "complaint"),
        ("Thank you, but the display is broken", "complaint"),
        ("Die Rechnung ist falsch", "complaint"),
        ("Die Heizung geht nicht", "complaint"),
        ("Ich möchte mich beschweren", "complaint"),
        ("We want to order 20 units", "order"),
        ("Wir möchten bestellen: 3 Kisten", "order"),
        ("Please send me your price list", "information"),
        ("Bitte schicken Sie mir Ihren Prospekt", "information"),
        ("Great service, thank you", "feedback"),
        ("Ein Lob an Ihr Team", "feedback"),
        ("Where is my order?", "question"),
        ("Wo bleibt meine Bestellung?", "question"),
        ("How do I reset it", "question"),
        ("call back re offer", "question"),
        ("", "question"),
    ],
)
def test_the_kind_is_guessed_from_cue_words(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "vip", "priority"),
    [
        ("Where is my order?", False, "normal"),
        ("Where is my order?", True, "high"),
        ("This is urgent", False, "high"),
        ("Bitte dringend zurückrufen", False, "high"),
        ("Stromschlag an der Maschine", False, "critical"),
        ("Somebody was injured, urgent", True, "critical"),
        ("No hurry, whenever you like", False, "low"),
        ("It is not urgent", False, "low"),
        ("Eilt nicht", True, "high"),
    ],
)
def test_the_priority_is_guessed_and_a_vip_is_at_least_high(
    text: str, vip: bool, priority: str
) -> None:
    assert priority_of(text, vip) == priority


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("Invoice 4711 is wrong", ACCOUNTING),
        ("Meine Rechnung stimmt nicht", ACCOUNTING),
        ("A question on data protection", LEGAL),
        ("Auskunft nach DSGVO", LEGAL),
        ("We would like an offer for 20 pieces", SALES),
        ("Bitte um ein Angebot", SALES),
        ("I cannot access my account", SUPPORT),
        ("Passwort vergessen", SUPPORT),
        ("There is a fault in the installation", TECHNICAL),
        ("Ersatzteile sind nicht angekommen", TECHNICAL),
        ("is this something for technical?", TECHNICAL),
        ("hello", None),
        ("", None),
    ],
)
def test_the_department_is_the_one_whose_remit_shares_most_words(
    text: str, department: int | None
) -> None:
    assert department_of(text, DEPARTMENTS, ()) == department


def test_what_was_forwarded_before_decides_where_no_remit_does() -> None:
    past = ((TECHNICAL, "key card for room 12"), (SALES, "a booth at the fair"))
    assert department_of("Key card for room 7", DEPARTMENTS, past) == TECHNICAL


def test_a_word_that_went_everywhere_does_not_decide() -> None:
    past = ((TECHNICAL, "room 1"), (SALES, "room 2"), (SALES, "key card"))
    assert department_of("room key", DEPARTMENTS, past) == SALES


def test_a_department_that_is_gone_is_never_guessed() -> None:
    assert department_of("key card", DEPARTMENTS, ((99, "key card"),)) is None


def test_a_very_long_text_is_guessed_by_its_beginning() -> None:
    text = "Invoice 4711 is wrong. " + "lorem " * 50_000
    assert kind_of(text) == "complaint"
    assert department_of(text, DEPARTMENTS, ()) == ACCOUNTING
