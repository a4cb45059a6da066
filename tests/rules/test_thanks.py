"""Which mails say thank you and nothing else."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.thanks import only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you",
        "THANK YOU",
        "ok thx",
        "Thank you very much, that solved it.",
        "Thanks a lot for your quick help.",
        "Thank you for your reply. That fixed the issue.",
        "Great, it works now. Many thanks!",
        "Got it, thanks again",
        "Much appreciated!",
        "Perfect - thank you",
        "Thanks 🙂",
        "Hi Anna, thanks!",
        "Dear all,\n\nthanks a lot for your quick help.\n\nBest regards\nHotel Krone",
        "Okay, got it. Thank you!\n\nCheers",
        "Thank you so much!\nHave a nice day",
        "Danke",
        "Danke, passt.",
        "Perfekt, danke!",
        "Vielen Dank, hat geklappt!",
        "Alles klar, vielen Dank",
        "Danke schön, alles bestens.",
        "Danke, das hat geholfen. LG Anna",
        "Super, vielen Dank für Ihre schnelle Antwort. Schönes Wochenende!",
        "Besten Dank!\n\nFreundliche Grüße\nBäckerei Ott",
        "Ich danke Ihnen sehr!",
        "Hallo Frau Ott,\n\nvielen Dank für die schnelle Hilfe! Jetzt funktioniert alles wieder."
        "\n\nMit freundlichen Grüßen\nMeyer AG\nEinkauf",
        "Guten Tag Herr Doktor,\r\n\r\ndanke, erledigt.\r\n\r\nMfG\r\nHotel Krone, Empfang",
    ],
)
def test_thanks_and_nothing_else(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "----",
        "Best regards\nMeyer AG",
        "It works",
        "OK",
        "Perfekt, passt.",
        "Thanks, but it still fails",
        "Thank you, however the second one is missing",
        "Thanks, it is not fixed",
        "Thanks, not solved",
        "Thanks, problem again",
        "Thanks, that is not it",
        "Thanks, and the other one",
        "Thanks for nothing",
        "Thank you for your order 4711",
        "Thank you for your order",
        "Thank you for waiting",
        "Thanks in advance",
        "Thanks! When will it arrive?",
        "Thanks. Please send the invoice again.",
        "Thanks, call me on 0151 123",
        "Thanks :-(",
        "Thanks 👎",
        "Thanks https://meyer.example/broken",
        "No thanks",
        "No, thank you",
        "Hello it still fails,\nthanks",
        "Hello,\nit still fails\nThanks,\nAnna",
        "THANKS\nBEST\nSTILL BROKEN",
        "Thanks\nBest regards\nwhere is my parcel",
        "Danke, aber der Drucker geht nicht",
        "Danke, aber",
        "Danke, leider nein",
        "Danke, passt nicht",
        "Danke, geht noch nicht",
        "Danke. Noch etwas: die Tür klemmt",
        "Danke im Voraus",
        "Vielen Dank für Ihre Bestellung",
        "Vielen Dank für Ihre Anfrage. Wir melden uns.",
        "Nein danke",
        "Danke, kein Bedarf",
        "Danke, bitte noch die Rechnung",
        "Danke\n\nViele Grüße\nder Fehler ist noch da",
        "Mit freundlichen Grüßen\n\nDanke für gar nichts",
        "Die Rechnung ist falsch. Danke",
        "Danke " * 26,
    ],
)
def test_whatever_else_is_said_is_a_word_of_its_own(text: str) -> None:
    assert not only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks " * 100_000,
        "now works " * 12,
        "danke\n" * 24,
        "thanks, " + "x" * 1_000_000,
        "," * 600,
    ],
)
def test_long_and_repeated_words_are_no_trap(text: str) -> None:
    """A pattern that goes back over them would not end."""
    only_thanks(text)
