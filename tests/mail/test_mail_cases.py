"""Mails that were once read wrong, beside the repository; each stands for a kind."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from tests.helpers.mail_corpora import case, with_cases

pytestmark = with_cases


def read(name: str) -> Mail:
    return parse(case(name), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("05/in.eml", "Die Rechnung 4711 ist falsch, bitte korrigieren."),
        ("mail/09/a.eml", "Bitte liefern Sie 3 Dichtungen."),
        ("06/in.eml", "Text nur im TNEF: Bitte Rechnung pruefen."),
        ("07/a-nosemicolon.eml", "Inhalt lesbar"),
        ("07/b-plain.eml", "Inhalt lesbar"),
        ("07/c-comma.eml", "Inhalt lesbar"),
        ("08/a-only-part.eml", "Das ist der eigentliche Text."),
        ("12/in.eml", "Die Donaudampfschifffahrt hat Verspätung. Kundennummer."),
        ("19/in.eml",
         "Lieferung am ~~5.12.~~ 7.12. an ~~Ort A~~ Ort B, Menge ~~100~~ 200"),
    ],
)  # fmt: skip
def test_the_words_are_read(name: str, words: str) -> None:
    assert read(name).text == words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("05/in.eml", []),
        ("06/in.eml", ["rechnung.pdf"]),
        ("07/a-nosemicolon.eml", []),
        ("mail/10/a.eml", ["AUTHORS", "README"]),
        ("21/in.eml", ["Auftrag 4711 Verzug.eml"]),
        ("mail/22/a.eml", ["Angebot 33.eml"]),
    ],
)
def test_what_is_attached_has_a_name(name: str, parts: list[str]) -> None:
    assert [part.name for part in read(name).parts] == parts


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("13/in.eml", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("14/in.eml", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("14/bad.eml", datetime(2026, 11, 20, 10, tzinfo=UTC)),
    ],
)
def test_it_was_sent_when_our_server_says_so(name: str, day: datetime) -> None:
    assert read(name).sent_at == day


def test_a_comma_within_an_encoded_word_divides_no_address() -> None:
    assert read("mail/04/a.eml").sender == MailAddress("Böhm, Ute", "ute@firma.example")


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("25/in.eml", "When: Thu 3 Dec 2026, 14:00 to 15:00 (Europe/Berlin)\nWhere: Raum 3\n"),
        ("mail/11/a.eml",
         "When: Thu 3 Dec 2026, 10:00 to 11:00 (Europe/Berlin)\nWhere: Baustelle Nord\n"),
    ],
)  # fmt: skip
def test_an_invitation_has_words(name: str, when: str) -> None:
    got = read(name)
    assert when in got.text
    assert got.nature is Nature.ORDINARY


def test_the_answer_to_an_invitation_is_no_request() -> None:
    got = read("mail/11/b.eml")
    assert got.nature is Nature.AUTO_REPLY
    assert got.refs == read("mail/11/a.eml").refs
