"""Notes of absence are told from what people write, about an absence too."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail import absence
from poc_tui.rules.mail.message import Nature
from poc_tui.rules.mail.nature import FIELDS, nature

ORDINARY, AUTO = Nature.ORDINARY, Nature.AUTO_REPLY
ANSWERS = {"in-reply-to": "<ours@desk.example>"}
BULK = {"precedence": "bulk"} | ANSWERS
NOBODY = {"return-path": "<>"} | ANSWERS


@pytest.mark.parametrize(
    "subject",
    [
        "Automatische Antwort: Re: Filter [#1-k7f3]",
        "Abwesenheitsnotiz: Filter",
        "Abwesenheitsnotiz",
        "Automatic reply: Filter",
        "Out of Office: Filter",
        "Out of Office AutoReply: Filter",
        "Autoreply: Filter",
        "Auto Response: Filter",
        "Réponse automatique : Filtre",
        "Message d'absence : Filtre",
        "Automatisch antwoord: Filter",
        "Risposta automatica: Filtro",
        "Respuesta automática: Filtro",
        "Resposta automática: Filtro",
        "Odpowiedź automatyczna: Filtr",
        "Automatická odpověď: Filtr",
        "Automatisk svar: Filter",
        "Automatiskt svar: Filter",
        "Autosvar: Filter",
        "Automaattinen vastaus: Suodatin",
        "Автоматический ответ: Фильтр",
        "Otomatik yanıt: Filtre",
        "自动答复: 过滤器",
        "自動回覆：過濾器",
        "自動応答: フィルター",
        "자동 회신: 필터",
        "Automatikus válasz: Szűrő",
        "Răspuns automat: Filtru",
        "Automatická odpoveď: Filter",
        "Автоматична відповідь: Фільтр",
        "Αυτόματη απάντηση: Φίλτρο",
        "Automatski odgovor: Filtar",
        "Trả lời Tự động: Bộ lọc",
    ],
)
def test_the_words_that_programs_put_before_our_subject(subject: str) -> None:
    assert nature({"subject": subject}) is AUTO


NOTES = [
    "Ich bin im Urlaub.",
    "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 7.12.2026 nicht im Büro. Ihre"
    " E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Frau Ott,"
    " ott@firm.example, Tel. 0228 12345.\n\nMit freundlichen Grüßen\nT. Huber",
    "Ich werde ab 23.12.2026 nicht im Büro sein. Ich kehre zurück am 07.01.2027.",
    "Wir haben Betriebsferien bis zum 6. Januar. Danach sind wir wieder erreichbar.",
    "Ich befinde mich derzeit in Elternzeit. Meine Vertretung ist Frau Ott.",
    "Hello,\n\nThank you for your e-mail. I am out of the office until 7 December with limited"
    " access to e-mail. For urgent matters please contact Ann (ann@firm.example).\n\nBest regards",
    "I’m on annual leave and will be back on Monday.",
    "I will be out of the office starting 12/23/2026 and will not return until 01/07/2027.",
    "Bonjour,\nJe suis absente du bureau jusqu'au 7/12. Pour toute urgence, contactez ma collègue.",
    "Ik ben afwezig tot 7 december. Voor dringende zaken: collega@firm.example",
    "Sono in ferie fino al 7.12. Per urgenze: collega@firm.example",
    "Estoy fuera de la oficina hasta el 7/12. Para asuntos urgentes: x@firm.example",
    "Estou de férias até 7/12. Volto na segunda-feira.",
    "Jestem na urlopie do 7.12. W pilnych sprawach: x@firm.example",
    "Dobrý den, jsem na dovolené do 7.12. V naléhavých případech: x@firm.example",
    "Jeg er på ferie til den 7.12. Hvis det haster: x@firm.example",
    "Jag är på semester till den 7.12. Jag är tillbaka på måndag.",
    "Olen lomalla 7.12. asti. Palaan maanantaina.",
    "Я нахожусь в отпуске до 7.12. По срочным вопросам: x@firm.example",
    "7.12. tarihine kadar yıllık izindeyim. Acil: x@firm.example",
    "我正在休假，12月7日返回。",
]


@pytest.mark.parametrize("text", NOTES)
@pytest.mark.parametrize("header", [BULK, NOBODY])
def test_a_note_of_absence_that_a_program_sent(text: str, header: dict[str, str]) -> None:
    assert nature({"subject": "Re: Filter"} | header, text=text) is AUTO


@pytest.mark.parametrize("text", NOTES)
def test_the_same_words_without_a_sign_of_a_program_are_a_person_s(text: str) -> None:
    assert nature({"subject": "Re: Filter"} | ANSWERS, text=text) is ORDINARY
    assert absence.only_absent(text), "but they are no answer"


@pytest.mark.parametrize(
    "subject",
    [
        "Urlaub bis 7.12. Re: Filter",
        "Im Urlaub AW: Filter",
        "Abwesend Re: Filter",
        "Vacances Re: Filtre",
        "Ferie R: Filtro",
        "Отпуск Re: Фильтр",
        "AUTO: Max Huber is out of the office (returning 07.12.2026)",
        "Max Huber ist außer Haus.",
    ],
)
def test_a_subject_in_front_of_ours_with_the_words_of_a_note(subject: str) -> None:
    assert nature({"subject": subject}, text="Ich bin im Urlaub.") is AUTO
    assert nature({"subject": subject}, text="Bitte liefern Sie danach.") is ORDINARY


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ({"subject": "Urlaub bis 7.12."}, "Ich bin bis 7.12. im Urlaub, bitte liefern Sie danach."),
        ({"subject": "Abwesenheit im Mai"}, "Wer kann meine Post annehmen?"),
        ({"subject": "Re: Filter"} | ANSWERS, "Ich bin bis Freitag nicht da. Der Druck ist 4 bar."),
        ({"subject": "Re: Filter"} | BULK, "Am Freitag bin ich nicht da. Wo ist mein Filter?"),
        ({"subject": "Re: Filter"} | NOBODY, "Der Druck ist 4 bar."),
        ({"subject": "Vacation rentals"}, "We are away in May and look for a house."),
        ({"subject": "Re: Filter", "x-auto-response-suppress": "All"}, NOTES[0]),
        ({"subject": "Read: the manual"}, "I read it, and it does not help."),
        ({"subject": "Please confirm your message"}, "Did you get it?"),
        ({"subject": "Undeliverable: my parcel"}, "It came back."),
        ({"subject": "Automatic reply does not work"}, "When I am away nothing is sent."),
    ],
)
def test_a_customer_who_writes_about_an_absence_is_a_customer(
    header: dict[str, str], text: str
) -> None:
    told = nature(header, text=text)
    assert told is not AUTO
    assert told is not Nature.BOUNCE


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin bis Freitag nicht im Büro. Die Pumpe hat 4 bar.",
        "I am out of the office, but the answer is yes: ten units.",
        "Ich bin im Urlaub. Können Sie das bitte Frau Ott fragen?",
        "Wenn ich im Urlaub bin, macht das Frau Ott.",
        "Ten units.",
        "I am on vacation in Spain and need to change my order.",
        "Ich bin ab morgen im Urlaub und der Druck ist 4 bar.",
        "The blue one. I am on leave from tomorrow.",
        "I am on leave from tomorrow.\nYes",
        "Ich bin ab morgen im Urlaub. Danke. Der Druck ist 4 bar.",
        "Back to you: it fits.",
        "",
        "x" * 100_000,
    ],
)
def test_an_answer_that_also_says_who_is_away_is_one(text: str) -> None:
    assert not absence.only_absent(text)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ({"x-ms-exchange-generated-message-source": "Mailbox Rules Agent"}, "Away."),
        ({"x-zarafa-vacation": "autorespond"}, "Away."),
        ({"subject": "Please confirm your message"} | NOBODY, "Click here."),
        ({"subject": "Bitte bestätigen Sie Ihre E-Mail"} | BULK, "Klicken Sie hier."),
        ({"subject": "Gelesen: Filter"}, "Ihre Nachricht\n\nAn: T\n\nwurde am 30.11. gelesen."),
        ({"subject": "Read: Filter"}, "Your message\n\nTo: T\n\nwas read on Monday."),
        ({"subject": "Not read: Filter"}, "Your message to T was deleted without being read."),
        ({"subject": "Lu : Filtre"}, "Votre message a été lu le 30/11."),
    ],
)
def test_other_words_of_programs(header: dict[str, str], text: str) -> None:
    assert nature(header, text=text) is AUTO
    assert header.keys() <= set(FIELDS)


@pytest.mark.parametrize(
    "piece", ["ich bin ", "Re: ", "urlaub ", "?", ".\n", "im ", "x ist ", "a@"]
)
def test_a_note_without_end_is_looked_through(piece: str) -> None:
    """What is quadratic in its length would take minutes."""
    text = piece * 200_000
    absence.only_absent(text)
    absence.says_absent(text)
    nature({"subject": text, "precedence": "bulk"} | ANSWERS, text=text)
