"""In which language somebody wrote, and what our mails say in it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from poc_tui.rules.mail import outgoing_text
from poc_tui.rules.mail.language import language_of
from poc_tui.rules.mail.outgoing_text import GERMAN, Quotation

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Rechnung zeigt 12 Stück, wir haben aber nur 10 bekommen.", "de"),
        ("Die Rechnung zeigt 12 Stück.", "de"),
        ("Hyvää päivää, missä pakettini viipyy?", ""),
        ("Vielen Dank", "de"),
        ("Wann kommt ihr?", "de"),
        ("The invoice shows 12 units.", "en"),
        ("Thanks!", "en"),
        ("any news", "en"),
        ("Bonjour, où est mon colis ? Merci", "fr"),
        ("Hoi, wanneer komt het pakket? Ik wacht al een week.", "nl"),
        ("Buongiorno, quando arriva il pacco?", "it"),
        ("Hola, cuando llega mi pedido?", "es"),
        ("Dzień dobry, kiedy dotrze paczka? I nic", ""),
        ("Leck.", ""),
        ("Rechnung 4711 / Invoice 4711", ""),
        ("", ""),
    ],
)
def test_a_language_is_known_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_a_program_says_of_the_language_counts_only_where_the_words_do_not_say() -> None:
    assert language_of("Leck.", "de-DE") == "de"
    assert language_of("Die Rechnung ist falsch.", "en-US") == "de"
    assert language_of("Leck.", "fr, en") == "fr"
    assert language_of("Leck.", "12345") == ""


def test_the_fixed_words_are_those_of_the_language() -> None:
    said = Quotation("Meyer AG", MONDAY, "12 Stück?")
    assert outgoing_text.answer("Es waren 10.", "", said, BERLIN, GERMAN) == (
        "Es waren 10.\n\nAm Mo 23.11.2026 um 09:12 schrieb Meyer AG:\n> 12 Stück?"
    )
    asked = outgoing_text.forward("Stimmt das?", "[#7-k7f3]", "Ott", MONDAY, [], "", BERLIN, GERMAN)
    assert asked == (
        "Stimmt das?\n\nEine Antwort für Ott wird bis Mo 23.11. 09:12 Uhr gebraucht.\n\n"
        "Bitte antworten Sie auf diese Mail; Ihre Antwort kommt dann zu Vorgang [#7-k7f3]."
    )
    chased = outgoing_text.chase(
        "Gibt es etwas?", 7, "[#7-k7f3]", "Leim", "Stimmt das?", "Ich", "", GERMAN
    )
    assert "Die Frage war:\n> Stimmt das?" in chased
