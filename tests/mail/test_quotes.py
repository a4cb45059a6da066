"""What was written anew, and what is quoted, forwarded or a signature."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.message import MailAddress
from tests.helpers.raw_mail import html, mixed, read, said

WROTE = (
    "Am 3. Nov 2026 um 10:11 schrieb Firma <desk@firm.example>:",
    "Am 03.11.26 um 10:11 schrieb Firma:",
    "Am Di., 3. Nov. 2026 um 10:11 Uhr schrieb Firma GmbH und Co <\ndesk@firm.example>:",
    "On Tue, Nov 3, 2026 at 10:11 AM The Firm\n<desk@firm.example> wrote:",
    "On 03/11/2026 10:11, Firm wrote:",
    "Firma schrieb am 03.11.2026 um 10:11:",
    "Firma schrieb:",
    "Zitat von Firma <desk@firm.example>:",
    "Le 3 nov. 2026 à 10:11, Firma <desk@firm.example> a écrit :",
    "El 3 nov 2026, a las 10:11, Firma <desk@firm.example> escribió:",
    "2026/11/3 Firma <desk@firm.example>",
    "-----Original Message-----",
)
BLOCKS = (
    "Von: Firma <desk@firm.example>\nGesendet: Dienstag, 3. November 2026 10:11\n"
    "An: Meyer AG\nBetreff: AW: Fehler",
    "________________________________\nVon: Firma <desk@firm.example>\nGesendet: Dienstag\n"
    "An: Meyer AG\nBetreff: AW: Fehler",
    "-----Ursprüngliche Nachricht-----\nVon: Firma [mailto:desk@firm.example]\n"
    "Gesendet: Dienstag\nAn: Meyer AG\nBetreff: AW: Fehler",
    'Gesendet: Dienstag, 03. November 2026 um 10:11 Uhr\nVon: "Firma" <desk@firm.example>\n'
    "An: info@meyer.example\nBetreff: Fehler",
    "From: Firm <desk@firm.example>\nSent: Tuesday, November 3, 2026 10:11 AM\n"
    "To: Meyer AG\nSubject: RE: Error",
    "*Von:* Firma <desk@firm.example>\n*Gesendet:* Dienstag\n*An:* Meyer AG\n*Betreff:* Fehler",
    "-------- Original-Nachricht --------\nBetreff: Fehler\nDatum: Tue, 3 Nov 2026\n"
    "Von: Firma <desk@firm.example>\nAn: info@meyer.example",
    "De : Firma <desk@firm.example>\nEnvoyé : mardi 3 novembre 2026\nÀ : Meyer AG\nObjet : x",
)


@pytest.mark.parametrize("introduction", WROTE)
def test_a_quotation_at_the_end_is_folded(introduction: str) -> None:
    got = said(f"Ja, noch da.\n\n{introduction}\n\n> Ist er noch da?\n>\n> Gruß\n")
    assert got.text == "Ja, noch da."
    assert got.quoted == f"{introduction}\n\n> Ist er noch da?\n>\n> Gruß"


@pytest.mark.parametrize("introduction", [*(one for one in WROTE[:5] if "@" in one), *BLOCKS])
def test_a_quotation_without_marks_is_folded(introduction: str) -> None:
    got = said(f"Ja, noch da.\n\n{introduction}\n\nIst er noch da?\nGruß\n")
    assert got.text == "Ja, noch da."
    assert got.quoted == f"{introduction}\n\nIst er noch da?\nGruß"


@pytest.mark.parametrize(
    "body",
    [
        "Am 3. Nov 2026 um 10:11 schrieb Firma <x@firm.example>:\n\n> Wann?\n\nMorgen.\n\n"
        "> Wo?\n\nHier.",
        "> Wann?\n\nMorgen.",
        "Der Kunde schrieb:\n> Es geht nicht.\n\nWas tun?",
    ],
)
def test_answers_between_quotations_stay_in_order(body: str) -> None:
    got = said(body)
    assert (got.text, got.quoted) == (body, "")


def test_what_stands_above_the_answer_is_folded() -> None:
    got = said("On 1 May 2026 10:00, Firm wrote:\n> Is it?\n> So?\n\nYes.\n-- \nMeyer AG")
    assert (got.text, got.signature) == ("Yes.", "Meyer AG")
    assert got.quoted == "On 1 May 2026 10:00, Firm wrote:\n> Is it?\n> So?"


def test_a_quotation_in_the_middle_is_folded() -> None:
    got = said("Ja.\n\nOn 1 May 2026 10:00, Firm wrote:\n> Is it?\n\nGruß, Karl")
    assert got.text == "Ja.\n\n\nGruß, Karl"
    assert got.quoted == "On 1 May 2026 10:00, Firm wrote:\n> Is it?"


def test_a_long_line_of_a_quotation_may_have_been_broken() -> None:
    long = "> Können Sie uns bitte sagen, wann die Pumpe bei Ihnen eintreffen wird und"
    got = said(f"Morgen.\n\nAm 30.11.26 um 10:11 schrieb Firma:\n{long}\nwer da ist?\n> Gruß\n")
    assert got.text == "Morgen."
    answered = f"Am 30.11.26 um 10:11 schrieb Firma:\n{long} wer?\nich\n> Gruß\n> Firma\n\nDanke."
    assert "ich" in said(answered).text


def test_the_footer_of_a_mailing_list_is_a_signature() -> None:
    footer = f"{'_' * 47}\nusers mailing list\nusers@lists.example\nhttps://lists.example/listinfo"
    got = said(f"Ja.\n\nOn 1 May 2026 10:00, Firm wrote:\n> Is it?\n\n{footer}\n")
    assert (got.text, got.signature) == ("Ja.", footer)


def test_what_is_indented_in_html_is_no_quotation() -> None:
    got = html(
        "<p>Die neue Lieferadresse ist:</p><blockquote style='margin:0 0 0 40px;border:none;"
        "padding:0'>Hauptstr. 5<br>12345 Ort</blockquote>"
    )
    assert "Hauptstr. 5\n" in got.text
    assert ">" not in got.text
    outlook = html(
        "<p>Ja.</p><blockquote style='border:none;border-left:solid #CCC 1.0pt'>Alt</blockquote>"
    )
    assert (outlook.text, outlook.quoted) == ("Ja.", "> Alt")


def test_a_rule_in_html_is_one_in_the_text() -> None:
    got = html(
        "<div>Ja.</div><hr><b>From:</b> desk@firm.example<br><b>Date:</b> 30 Nov 2026 10:11<br>"
        "<p>Ist er da?</p>"
    )
    assert got.text == "Ja."


def test_what_follows_the_last_answer_is_folded() -> None:
    got = said("> Wann?\n\nMorgen.\n\n> Wo?\n> Gruß\n")
    assert (got.text, got.quoted) == ("> Wann?\n\nMorgen.", "> Wo?\n> Gruß")


@pytest.mark.parametrize(
    "body",
    [
        "Der Kunde schrieb:\nes geht nicht.\nWas tun?",
        "Von: Frankfurt\nNach: Köln\nAn: jedem Tag\nGeht das?",
        "Name: Meyer AG\nVon: info@meyer.example\nBetreff: Fehler\nAn: Technik\nEs geht nicht.",
        "Am Montag um 10:00 war der Fahrer da.\nEr schrieb nichts auf.",
        "Subtotal\n________________________________\nTotal 5",
    ],
)
def test_words_that_look_like_a_quotation_are_kept(body: str) -> None:
    assert said(body).text == body


def test_quotations_in_html_are_folded() -> None:
    got = html(
        "<div>Ja, noch da.</div><div class='gmail_quote'><div class='gmail_attr'>Am Di., 3. Nov. "
        "2026 um 10:11&nbsp;Uhr schrieb Firma &lt;<a href='mailto:desk@firm.example'>"
        "desk@firm.example</a>&gt;:<br></div><blockquote class='gmail_quote'><p>Ist er noch da?</p>"
        "<blockquote>seit Montag</blockquote></blockquote></div>"
    )
    assert got.text == "Ja, noch da."
    assert "> Ist er noch da?" in got.quoted
    assert ">> seit Montag" in got.quoted


def test_answers_between_quotations_in_html_stay_in_order() -> None:
    got = html("<blockquote>Wann?</blockquote><p>Morgen.</p><blockquote>Wo?</blockquote><p>Hier.")
    words = [line for line in got.text.split("\n") if line.strip(" >")]
    assert words == ["> Wann?", "Morgen.", "> Wo?", "Hier."]
    assert got.quoted == ""


def test_outlook_in_html_is_folded() -> None:
    got = html(
        "<div class=WordSection1><p class=MsoNormal>Ja, noch da.</p><div><div style='border:none;"
        "border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> "
        "Firma &lt;desk@firm.example&gt; <br><b>Gesendet:</b> Dienstag, 3. November 2026<br>"
        "<b>An:</b> Meyer AG<br><b>Betreff:</b> AW: Fehler</p></div></div>"
        "<p class=MsoNormal>Ist er noch da?</p></div>"
    )
    assert got.text == "Ja, noch da."
    assert got.quoted.startswith("Von: Firma <desk@firm.example>")


@pytest.mark.parametrize(
    ("body", "text", "signature"),
    [
        ("Words\n-- \nMeyer AG\nKöln", "Words", "Meyer AG\nKöln"),
        ("Words\n--\nMeyer AG", "Words", "Meyer AG"),
        ("Words\n\nSent from my iPhone\n", "Words", "Sent from my iPhone"),
        ("Words\n\nVon meinem iPhone gesendet", "Words", "Von meinem iPhone gesendet"),
        ("Words\n-- \n" + "more\n" * 60, "Words\n-- \n" + "more\n" * 59 + "more", ""),
        ("Words -- and more", "Words -- and more", ""),
        ("-- \nMeyer AG", "Meyer AG", ""),
        ("Mit freundlichen Grüßen\nMeyer AG", "Mit freundlichen Grüßen\nMeyer AG", ""),
        ("Words\n\nSent from my iPhone\n\n-- \nAnna", "Words", "Sent from my iPhone\n\nAnna"),
        ("Words\n\n-Anna Meyer", "Words", "-Anna Meyer"),
        ("Words\n—\nAnna Meyer", "Words", "Anna Meyer"),
        ("Words\n\n_____", "Words", ""),
    ],
)
def test_signatures_are_folded(body: str, text: str, signature: str) -> None:
    got = said(body)
    assert (got.text, got.signature) == (text, signature)


def test_a_signature_above_the_quotation_is_folded() -> None:
    got = said("Ja.\n-- \nMeyer AG\n\nAm 3.11.2026 um 10:11 schrieb Firma:\n> Wann?\n")
    assert (got.text, got.signature) == ("Ja.", "Meyer AG")
    assert got.quoted.endswith("> Wann?")


def test_a_signature_below_the_quotation_is_folded() -> None:
    got = said("Ja.\n\nAm 3.11.2026 um 10:11 schrieb Firma:\n> Wann?\n\n-- \nMeyer AG\n")
    assert (got.text, got.signature) == ("Ja.", "Meyer AG")


FORWARDS = (
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Ott <ott@b.example>\nBetreff: Fehler\n"
    "Datum: 3. November 2026\nAn: info@meyer.example",
    "---------- Forwarded message ---------\nVon: Ott <ott@b.example>\nDate: Di., 3. Nov. 2026\n"
    "Subject: Fehler\nTo: <info@meyer.example>",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Fehler\nDatum: Tue, 3 Nov 2026\n"
    "Von: Ott <ott@b.example>\nAn: info@meyer.example",
    "-----Ursprüngliche Nachricht-----\nVon: Ott [mailto:ott@b.example]\nGesendet: Dienstag\n"
    "An: Meyer AG\nBetreff: Fehler",
    "Von: Ott <ott@b.example>\nGesendet: Dienstag\nAn: Meyer AG\nBetreff: Fehler",
    "Begin forwarded message:\n\nFrom: Ott <ott@b.example>\nSubject: Error\nDate: 3 November 2026\n"
    "To: Meyer AG",
)
FORWARD = "Subject: WG: Fehler\nContent-Type: text/plain; charset=utf-8"


@pytest.mark.parametrize("block", FORWARDS)
def test_a_forward_without_a_comment_says_what_was_forwarded(block: str) -> None:
    got = read(FORWARD, f"\n{block}\n\nEs geht nicht.\n")
    assert got.text == "Es geht nicht."
    assert got.quoted == f"{block}\n\nEs geht nicht."
    assert got.original == MailAddress("Ott", "ott@b.example")


@pytest.mark.parametrize("block", FORWARDS)
def test_a_forward_with_a_comment_keeps_both(block: str) -> None:
    got = read(FORWARD, f"Bitte übernehmen.\n\n{block}\n\nEs geht nicht.\n")
    assert got.text == "Bitte übernehmen."
    assert got.quoted.endswith("Es geht nicht.")
    assert got.original == MailAddress("Ott", "ott@b.example")


def test_an_answer_is_no_forward() -> None:
    assert said(f"Ja.\n\n{BLOCKS[0]}\n\nIst er noch da?\n").original is None


def test_a_mail_forwarded_as_an_attachment_is_read() -> None:
    inner = "From: Ott <ott@b.example>\nSubject: Fehler\n\nEs geht nicht."
    parts = ("Content-Type: text/plain\n\n{}", f"Content-Type: message/rfc822\n\n{inner}")
    silent = mixed(parts[0].format(""), parts[1], kind="mixed; boundary=x\nSubject: WG: Fehler")
    assert (silent.text, silent.original) == ("Es geht nicht.", MailAddress("Ott", "ott@b.example"))
    said_so = mixed(parts[0].format("Bitte."), parts[1], kind="mixed; boundary=x\nSubject: Fwd: x")
    assert (said_so.text, said_so.quoted) == ("Bitte.", "Es geht nicht.")
    assert said_so.original == MailAddress("Ott", "ott@b.example")
    assert [one.type for one in said_so.parts] == ["message/rfc822"]


def test_a_quotation_and_nothing_else_is_the_text() -> None:
    got = said("> Alles\n> zitiert\n")
    assert (got.text, got.quoted) == ("Alles\nzitiert", "> Alles\n> zitiert")
