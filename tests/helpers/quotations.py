"""What mail programs write above a quotation, in the languages of Europe's and Asia's customers.

Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Proton, Zoho, GMX, Samsung and QQ, as they write it
on 30 November 2026 about a mail of `Desk <desk@firm.example>`.
"""

from __future__ import annotations

INTRODUCTIONS = {
    "en": (
        "On Mon, Nov 30, 2026 at 10:11 AM Desk <desk@firm.example> wrote:",
        "On Mon, 30 Nov 2026 at 10:11, Desk <desk@firm.example> wrote:",
        "On Nov 30, 2026, at 10:11 AM, Desk <desk@firm.example> wrote:",
        "On 30 Nov 2026, at 10:11, Desk <desk@firm.example> wrote:",
        "On 11/30/2026 10:11 AM, Desk <desk@firm.example> wrote:",
        "On 30/11/2026 10:11, Desk via Firm Service <desk@firm.example> wrote:",
        "On Monday, November 30, 2026, 10:11:00 AM GMT+1, Desk <desk@firm.example> wrote:",
        "On Monday, November 30th, 2026 at 10:11 AM, Desk <desk@firm.example> wrote:",
        "---- On Mon, 30 Nov 2026 10:11:00 +0100 Desk <desk@firm.example> wrote ----",
        "--- On Mon, 11/30/26, Desk <desk@firm.example> wrote:",
        "2026-11-30 10:11 GMT+01:00 Desk <desk@firm.example>:",
        "2026/11/30 Desk <desk@firm.example>",
        "Desk <desk@firm.example> wrote on 30.11.2026 10:11:",
        "Desk wrote on 11/30/2026 10:11 AM (desk@firm.example):",
    ),
    "de": (
        "Am Mo., 30. Nov. 2026 um 10:11 Uhr schrieb Desk <desk@firm.example>:",
        "Desk <desk@firm.example> schrieb am Mo., 30. Nov. 2026, 10:11:",
        "Am 30.11.2026 um 10:11 schrieb Desk <desk@firm.example>:",
        "Am 30.11.26 um 10:11 schrieb Desk <desk@firm.example>:",
        "Am 30. November 2026 10:11:00 MEZ schrieb Desk <desk@firm.example>:",
        "Am Montag, 30. November 2026 um 10:11:00 MEZ hat Desk <desk@firm.example> Folgendes"
        " geschrieben:",
        "Am Montag, 30. November 2026 um 10:11, Desk <desk@firm.example> schrieb:",
        "Am Montag, den 30.11.2026, 10:11 +0100 schrieb Desk <desk@firm.example>:",
        'Am 30.11.2026 10:11 schrieb "Desk" <desk@firm.example>:',
        "Zitat von Desk <desk@firm.example>:",
        "---- Am Mo, 30 Nov 2026 10:11:00 +0100 Desk <desk@firm.example> schrieb ----",
    ),
    "fr": (
        "Le lun. 30 nov. 2026 à 10:11, Desk <desk@firm.example> a écrit :",
        "Le 30 nov. 2026 à 10:11, Desk <desk@firm.example> a écrit :",
        "Le 30/11/2026 à 10:11, Desk <desk@firm.example> a écrit :",
        "Le lundi 30 novembre 2026 à 10:11:00 UTC+1, Desk <desk@firm.example> a écrit :",
        "Le lundi 30 novembre 2026 10h11, Desk <desk@firm.example> a écrit\u202f:",
        "Desk <desk@firm.example> a écrit :",
    ),
    "nl": (
        "Op ma 30 nov 2026 om 10:11 schreef Desk <desk@firm.example>:",
        "Op 30 nov. 2026 om 10:11 heeft Desk <desk@firm.example> het volgende geschreven:",
        "Op 30-11-2026 om 10:11 schreef Desk <desk@firm.example>:",
        "Op maandag 30 november 2026 10:11:00 CET schreef Desk <desk@firm.example>:",
        "Desk <desk@firm.example> schreef op 30-11-2026 10:11:",
    ),
    "it": (
        "Il giorno lun 30 nov 2026 alle ore 10:11 Desk <desk@firm.example> ha scritto:",
        "Il giorno 30 nov 2026, alle ore 10:11, Desk <desk@firm.example> ha scritto:",
        "Il 30/11/2026 10:11, Desk <desk@firm.example> ha scritto:",
        "Il lun 30 nov 2026, 10:11 Desk <desk@firm.example> ha scritto:",
        "Il lunedì 30 novembre 2026 alle ore 10:11:00 CET, Desk <desk@firm.example> ha scritto:",
        'In data 30 novembre 2026 10:11:00 "Desk" <desk@firm.example> ha scritto:',
    ),
    "es": (
        "El lun, 30 nov 2026 a las 10:11, Desk (<desk@firm.example>) escribió:",
        "El 30 nov 2026, a las 10:11, Desk <desk@firm.example> escribió:",
        "El 30/11/2026 a las 10:11, Desk <desk@firm.example> escribió:",
        "En lunes, 30 de noviembre de 2026, 10:11:00 CET, Desk <desk@firm.example> escribió:",
        "El lunes, 30 de noviembre de 2026, Desk <desk@firm.example> escribió:",
    ),
    "pt": (
        "Em seg., 30 de nov. de 2026 às 10:11, Desk <desk@firm.example> escreveu:",
        "Desk <desk@firm.example> escreveu (segunda, 30/11/2026 à(s) 10:11):",
        "Em 30 de nov. de 2026, à(s) 10:11, Desk <desk@firm.example> escreveu:",
        "No dia 30/11/2026, às 10:11, Desk <desk@firm.example> escreveu:",
        "Em 30/11/2026 10:11, Desk <desk@firm.example> escreveu:",
        "Às 10:11 de 30/11/2026, Desk <desk@firm.example> escreveu:",
        "Em segunda-feira, 30 de novembro de 2026 às 10:11:00 BRT, Desk <desk@firm.example>"
        " escreveu:",
    ),
    "pl": (
        "pon., 30 lis 2026 o 10:11 Desk <desk@firm.example> napisał(a):",
        "W dniu 30.11.2026 o 10:11, Desk <desk@firm.example> pisze:",
        "Wiadomość napisana przez Desk <desk@firm.example> w dniu 30 lis 2026, o godz. 10:11:",
        "W dniu 30 listopada 2026 10:11 użytkownik Desk <desk@firm.example> napisał:",
        "Dnia 30 listopada 2026 10:11 Desk <desk@firm.example> napisał(a):",
        "30 lis 2026 10:11 „Desk” <desk@firm.example> napisał(a):",
    ),
    "cs": (
        "po 30. 11. 2026 v 10:11 odesílatel Desk <desk@firm.example> napsal:",
        "Dne 30. 11. 2026 v 10:11 Desk <desk@firm.example> napsal(a):",
        "30. 11. 2026 v 10:11, Desk <desk@firm.example>:",
        "Dne 30.11.2026 v 10:11 Desk <desk@firm.example> napsal(a):",
        "po 30. 11. 2026 v 10:11 Desk <desk@firm.example> napsala:",
    ),
    "da": (
        "Den man. 30. nov. 2026 kl. 10.11 skrev Desk <desk@firm.example>:",
        "Den 30. nov. 2026 kl. 10.11 skrev Desk <desk@firm.example>:",
        "Den 30-11-2026 kl. 10:11 skrev Desk <desk@firm.example>:",
        "man. 30. nov. 2026 10.11 skrev Desk <desk@firm.example>:",
    ),
    "no": (
        "man. 30. nov. 2026 kl. 10:11 skrev Desk <desk@firm.example>:",
        "30. nov. 2026 kl. 10:11 skrev Desk <desk@firm.example>:",
        "Den 30.11.2026 10:11, skrev Desk <desk@firm.example>:",
        "På man. 30. nov. 2026 kl. 10:11 skrev Desk <desk@firm.example>:",
    ),
    "sv": (
        "Den mån 30 nov. 2026 kl 10:11 skrev Desk <desk@firm.example>:",
        "30 nov. 2026 kl. 10:11 skrev Desk <desk@firm.example>:",
        "Den 2026-11-30 kl. 10:11, skrev Desk <desk@firm.example>:",
        "mån 30 nov. 2026 kl. 10:11 skrev Desk <desk@firm.example>:",
    ),
    "fi": (
        "ma 30. marrask. 2026 klo 10.11 Desk (desk@firm.example) kirjoitti:",
        "Desk <desk@firm.example> kirjoitti 30.11.2026 kello 10.11:",
        "30.11.2026 10.11, Desk <desk@firm.example> kirjoitti:",
        "maanantai 30. marraskuuta 2026 klo 10.11.00 UTC+2, Desk <desk@firm.example> kirjoitti:",
    ),
    "ru": (
        "пн, 30 нояб. 2026 г. в 10:11, Desk <desk@firm.example>:",
        "30 нояб. 2026 г., в 10:11, Desk <desk@firm.example> написал(а):",
        "30.11.2026 10:11, Desk <desk@firm.example> пишет:",
        "Понедельник, 30 ноября 2026, 10:11 +03:00 от Desk <desk@firm.example>:",
        '30.11.2026, 10:11, "Desk" <desk@firm.example>:',
        '30 ноября 2026 г. 10:11 пользователь "Desk" <desk@firm.example> написал:',
    ),
    "tr": (
        "Desk <desk@firm.example>, 30 Kas 2026 Pzt, 10:11 tarihinde şunu yazdı:",
        "30 Kas 2026 tarihinde 10:11 saatinde, Desk <desk@firm.example> şunları yazdı:",
        "30.11.2026 10:11 tarihinde Desk <desk@firm.example> yazdı:",
        "On 30 Kasım 2026 Pazartesi 10:11:00 GMT+3, Desk <desk@firm.example> yazdı:",
    ),
    "zh": (
        "Desk <desk@firm.example> 于2026年11月30日周一 10:11写道：",
        "Desk <desk@firm.example> 於 2026年11月30日 週一 上午10:11寫道：",
        "在 2026年11月30日，10:11，Desk <desk@firm.example> 写道：",
        "2026年11月30日 10:11，Desk <desk@firm.example> 写道：",
        "在 2026/11/30 10:11, Desk <desk@firm.example> 写道:",
    ),
}
"""Lines that say who wrote and when, each with the address."""

WITHOUT_AN_ADDRESS = (
    "On 30/11/2026 10:11, Desk wrote:",
    "Am 30.11.26 um 10:11 schrieb Desk:",
    "Le 30/11/2026 à 10:11, Desk a écrit :",
    "Op 30-11-2026 om 10:11 schreef Desk:",
    "Il 30/11/2026 10:11, Desk ha scritto:",
    "El 30/11/26 a las 10:11, Desk escribió:",
    "Em 30/11/2026 10:11, Desk escreveu:",
    "W dniu 30.11.2026 o 10:11, Desk pisze:",
    "Dne 30. 11. 26 v 10:11 Desk napsal(a):",
    "Den 30-11-2026 kl. 10:11 skrev Desk:",
    "30.11.2026 10.11, Desk kirjoitti:",
    "30.11.2026 10:11, Desk пишет:",
    "30.11.2026 10:11 tarihinde Desk yazdı:",
    "在 2026/11/30 10:11, Desk 写道:",
)
"""Lines of Thunderbird, which puts marks before what follows them."""

FIELDS = {
    "en": (("From", "Sent", "To", "Subject"), "Monday, November 30, 2026 10:11 AM"),
    "en, Apple": (("From", "Subject", "Date", "To"), "30 November 2026 at 10:11:00 CET"),
    "en, Mac": (("From", "Date", "To", "Subject"), "Monday, 30 November 2026 at 10:11"),
    "de": (("Von", "Gesendet", "An", "Betreff"), "Montag, 30. November 2026 10:11"),
    "de, GMX": (("Gesendet", "Von", "An", "Betreff"), "Montag, 30. November 2026 um 10:11 Uhr"),
    "de, Apple": (("Von", "Betreff", "Datum", "An"), "30. November 2026 um 10:11:00 MEZ"),
    "de, mac": (("Von", "Datum", "An", "Betreff"), "Montag, 30. November 2026 um 10:11"),
    "fr": (("De", "Envoyé", "À", "Objet"), "lundi 30 novembre 2026 10:11"),
    "fr, web": (("De", "Envoyé le", "À", "Objet"), "lundi 30 novembre 2026 10:11"),
    "fr, Apple": (("De", "Objet", "Date", "À"), "30 novembre 2026 à 10:11:00 UTC+1"),
    "nl": (("Van", "Verzonden", "Aan", "Onderwerp"), "maandag 30 november 2026 10:11"),
    "nl, mac": (("Van", "Datum", "Aan", "Onderwerp"), "maandag, 30 november 2026 om 10:11"),
    "it": (("Da", "Inviato", "A", "Oggetto"), "lunedì 30 novembre 2026 10:11"),
    "it, Apple": (("Da", "Oggetto", "Data", "A"), "30 novembre 2026 10:11:00 CET"),
    "es": (("De", "Enviado el", "Para", "Asunto"), "lunes, 30 de noviembre de 2026 10:11"),
    "es, web": (("De", "Enviado", "Para", "Asunto"), "lunes, 30 de noviembre de 2026 10:11"),
    "es, Apple": (("De", "Asunto", "Fecha", "Para"), "30 de noviembre de 2026, 10:11:00 CET"),
    "pt": (("De", "Enviada em", "Para", "Assunto"), "segunda-feira, 30 de novembro de 2026 10:11"),
    "pt, web": (("De", "Enviado", "Para", "Assunto"), "30 de novembro de 2026 10:11"),
    "pl": (("Od", "Wysłano", "Do", "Temat"), "poniedziałek, 30 listopada 2026 10:11"),
    "pl, web": (("Od", "Wysłane", "Do", "Temat"), "30 listopada 2026 10:11"),
    "cs": (("Od", "Odesláno", "Komu", "Předmět"), "pondělí 30. listopadu 2026 10:11"),
    "cs, mac": (("Od", "Datum", "Komu", "Předmět"), "pondělí 30. listopadu 2026 10:11"),
    "da": (("Fra", "Sendt", "Til", "Emne"), "30. november 2026 10:11"),
    "no": (("Fra", "Sendt", "Til", "Emne"), "mandag 30. november 2026 10:11"),
    "no, mac": (("Fra", "Dato", "Til", "Emne"), "mandag 30. november 2026 10:11"),
    "sv": (("Från", "Skickat", "Till", "Ämne"), "den 30 november 2026 10:11"),
    "sv, mac": (("Från", "Datum", "Till", "Ämne"), "måndag 30 november 2026 10:11"),
    "fi": (("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"), "30. marraskuuta 2026 10:11"),
    "fi, mac": (("Lähettäjä", "Päivämäärä", "Vastaanottaja", "Aihe"), "30. marraskuuta 2026 10:11"),
    "ru": (("От", "Отправлено", "Кому", "Тема"), "30 ноября 2026 г. 10:11"),
    "ru, mac": (("От", "Дата", "Кому", "Тема"), "понедельник, 30 ноября 2026 г., 10:11"),
    "tr": (("Kimden", "Gönderildi", "Kime", "Konu"), "30 Kasım 2026 Pazartesi 10:11"),
    "tr, mac": (("Kimden", "Tarih", "Kime", "Konu"), "30 Kasım 2026 Pazartesi 10:11"),
    "tr, web": (("Gönderen", "Gönderildi", "Kime", "Konu"), "30 Kasım 2026 Pazartesi 10:11"),
    "zh": (("发件人", "发送时间", "收件人", "主题"), "2026年11月30日 10:11"),
    "zh, mac": (("发件人", "日期", "收件人", "主题"), "2026年11月30日 星期一 10:11"),
    "zh, Taiwan": (("寄件者", "寄件日期", "收件者", "主旨"), "2026年11月30日 上午 10:11"),
    "ja": (("差出人", "送信日時", "宛先", "件名"), "2026年11月30日 10:11"),
}
"""The fields above a quotation of Outlook, Apple Mail's forwards, GMX and others, and a date."""

_SENDERS = "From Von De Van Da Od Fra Från Lähettäjä От Kimden Gönderen 发件人 寄件者 差出人"
_RECIPIENTS = "To An À Aan A Para Do Komu Til Till Vastaanottaja Кому Kime 收件人 收件者 宛先"
_SUBJECTS = (
    "Subject Betreff Objet Onderwerp Oggetto Asunto Assunto Temat Předmět Emne Ämne Aihe Тема Konu"
    " 主题 主旨 件名"
)


def header(language: str, sender: str, spelling: str) -> str:
    """The fields of that language, each spelt so, about a mail of that sender."""
    names, date = FIELDS[language]
    said = {
        **dict.fromkeys(names, date),
        **dict.fromkeys(_SENDERS.split(), sender),
        **dict.fromkeys(_RECIPIENTS.split(), "k@huber.example"),
        **dict.fromkeys(_SUBJECTS.split(), "Re: Pumpe"),
    }
    return "\n".join(spelling.format(name, said[name]) for name in names)


SEPARATORS = (
    "-----Original Message-----",
    "------- Original Message -------",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "-----Ursprüngliche Nachricht-----",
    "-------- Original-Nachricht --------",
    "-------- Originalnachricht --------",
    "-------- Ursprüngliche Nachricht --------",
    "-----Message d'origine-----",
    "-----Message d’origine-----",
    "-------- Message original --------",
    "-----Oorspronkelijk bericht-----",
    "-------- Origineel bericht --------",
    "-----Messaggio originale-----",
    "-------- Messaggio originale --------",
    "-----Mensaje original-----",
    "-------- Mensaje original --------",
    "-----Mensagem original-----",
    "-------- Mensagem original --------",
    "-----Wiadomość oryginalna-----",
    "-------- Oryginalna wiadomość --------",
    "-----Původní zpráva-----",
    "---------- Původní e-mail ----------",
    "-----Oprindelig meddelelse-----",
    "-------- Oprindelig besked --------",
    "-----Opprinnelig melding-----",
    "-------- Opprinnelig melding --------",
    "-----Ursprungligt meddelande-----",
    "-------- Originalmeddelande --------",
    "-----Alkuperäinen viesti-----",
    "-------- Alkuperäinen viesti --------",
    "-----Исходное сообщение-----",
    "-------- Исходное сообщение --------",
    "-----Özgün İleti-----",
    "-------- Orijinal mesaj --------",
    "-----邮件原件-----",
    "------------------ 原始邮件 ------------------",
    "________________________________",
)

FORWARDED = (
    "---------- Forwarded message ---------",
    "-------- Forwarded Message --------",
    "Begin forwarded message:",
    "-------- Weitergeleitete Nachricht --------",
    "Anfang der weitergeleiteten Nachricht:",
    "-------- Message transféré --------",
    "Début du message réexpédié :",
    "-------- Doorgestuurd bericht --------",
    "Begin doorgestuurd bericht:",
    "-------- Messaggio inoltrato --------",
    "Inizio messaggio inoltrato:",
    "-------- Mensaje reenviado --------",
    "Inicio del mensaje reenviado:",
    "---------- Mensagem encaminhada ---------",
    "Início da mensagem reencaminhada:",
    "-------- Wiadomość przekazana --------",
    "-------- Přeposlaná zpráva --------",
    "-------- Videresendt meddelelse --------",
    "Start på videresendt besked:",
    "-------- Videresendt melding --------",
    "-------- Vidarebefordrat meddelande --------",
    "-------- Välitetty viesti --------",
    "-------- Пересылаемое сообщение --------",
    "Начало переадресованного сообщения:",
    "-------- İletilmiş Mesaj --------",
    "-------- 转发的邮件 --------",
)

DEVICES = (
    "Sent from my iPhone",
    "Sent from my Galaxy",
    "Sent from Outlook for Android",
    "Get Outlook for iOS",
    "Sent with Proton Mail secure email.",
    "Sent from Yahoo Mail for iPhone",
    "Sent from Mail for Windows",
    "Von meinem iPhone gesendet",
    "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Gesendet von meinem Handy",
    "Gesendet von Outlook für Android",
    "Gesendet mit der mobilen Mail App",
    "Gesendet mit der WEB.DE Mail App",
    "Diese Nachricht wurde von meinem Android-Gerät mit GMX Mail gesendet.",
    "Holen Sie sich Outlook für iOS",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon appareil Galaxy",
    "Télécharger Outlook pour Android",
    "Verzonden vanaf mijn iPhone",
    "Verstuurd vanaf mijn Samsung",
    "Inviato da iPhone",
    "Inviato dal mio telefono",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Wysłane z iPhone'a",
    "Wysłano z telefonu",
    "Odesláno z iPhonu",
    "Sendt fra min iPad",
    "Skickat från min iPhone",
    "Lähetetty iPhonesta",
    "Отправлено с iPhone",
    "iPhone'umdan gönderildi",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
)

SENTENCES = (
    "Sent with the parcel was a broken cable.",
    "Sent from our warehouse on Monday, it has not arrived.",
    "Sent by DHL yesterday.",
    "Sent you the phone on Monday.",
    "Sent: the phone, on Monday",
    "Sent from my phone yesterday was the photo of the pump.",
    "Gesendet mit DHL, Paket 123456.",
    "Von meinem Handy aus kann ich das nicht öffnen.",
    "Gesendet am 3.11. mit dem Handy.",
    "Envoyé par la poste hier.",
    "Outlook for Mac crashes when I open it.",
    "I called from my mobile, nobody answered.",
)
"""Sentences that begin as such a line does."""

NONE = (
    "Sie schrieben am 3.11.2026 um 10:11:\nBitte neu starten.\nDas geht nicht.",
    "On Nov 3, 2026 at 10:11 you wrote:\nPlease restart.\nThat fails.",
    "Herr Ott (ott@b.example) schrieb uns:\nes geht nicht\nWas tun?",
    "Am 30.11.2026 um 10:11 hat der Fahrer geschrieben:\nEmpfänger nicht da.\nDas stimmt nicht.",
    "Von: Frankfurt\nAn: München\nDatum: 3.12.2026\nGeht das?",
    "To: be done\nFrom: now on\nDate: open",
    "Invitation:\n\nDate: Wednesday 3, October 2026\nTime: 7 : 00am\nAddress: 130 Fox St",
    "Summe:\n-----\n5 Euro\n-----\nDanke",
    "Hallo\n\n***\n\nAbsatz zwei\n\n***\n\nAbsatz drei",
    "Absatz eins.\n—\nAbsatz zwei.",
    "Original Message: war das falsch?",
    "At 10:11 on 30.11.2026 Mr Ott wrote to info@firm.example that it is broken, and this:\n1 pump",
    "Der Kunde Meyer <info@meyer.example> schrieb gestern, dass er dies braucht:\n1 Pumpe",
    "Ihre Rechnung vom 30.11.2026 10:11 an Karl <karl@meyer.example>:\nfalsch",
    "Wir brauchen:\n\n-Schwarze Schrauben",
    "Unsere Adresse ab 1.1.2027:\nHauptstr. 5\n12345 Ort",
    "On this day\n\nI wrote something\n\nwhich was very interesting:\na book",
    "> Wann?\n\nMorgen.",
)
"""Texts of which nothing is quoted by a mail program."""

HTML = {
    "an introduction above a quotation": (
        "Neu. <div> On 11-Apr-2011, at 6:54 PM, Bob &lt;bob@example.com&gt; wrote: </div>"
        " <blockquote><div>Test</div></blockquote>"
    ),
    "an introduction in a quotation": (
        "Neu.<blockquote><div>"
        "On 11-Apr-2011, at 6:54 PM, Bob &lt;bob@example.com&gt; wrote: </div><div>Test</div>"
        "</blockquote>"
    ),
    "an introduction and no quotation": (
        "Neu.<div>On 11-Apr-2011, at 6:54 PM, Bob &lt;bob@example.com&gt; wrote:</div><div>"
        "Test</div>"
    ),
    "a rule, and the date first": (
        "Neu.<br/><div> <hr/> Date: Fri, 23 Mar 2012 12:35:31 -0600<br/>"
        " To: <a href='mailto:bob@example.com'>bob@example.com</a><br/>"
        " From: <a href='mailto:rob@example.com'>rob@example.com</a><br/>"
        " Subject: You Have New Mail From Mary!<br/><br/> text </div>"
    ),
    "a rule and a copy": (
        "Neu.<br/><div><hr/> From: <a href='mailto:bob@example.com'>bob@example.com</a><br/>"
        " Date: Fri, 23 Mar 2012 12:35:31 -0600<br/> CC: x@y.example<br/>"
        " Subject: You Have New Mail From Mary!<br/><br/> text </div>"
    ),
    "all in one element": (
        "<body><div>Neu.<br><br><hr>Date: Tue, 22 May 2012 18:29:16 -0600<br>"
        "To: xx@hotmail.ca<br>From: quickemail@x.example<br>"
        "Subject: You just received a mail<br><br>text</div></body>"
    ),
    "Outlook": (
        "<p class=MsoNormal>Neu.<o:p></o:p></p>"
        "<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        "<p class=MsoNormal><b><span>From:</span></b><span> Bob [mailto:bob@x.example] <br>"
        "<b>Sent:</b> Monday, April 02, 2012 5:44 PM<br><b>To:</b> rob@x.example<br><b>"
        "Subject:</b> Test<o:p></o:p></span></p></div><p>Hello</p>"
    ),
    "Outlook in Portuguese": (
        "<p>Neu.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>De:</b>"
        " Bob &lt;bob@x.example&gt; <br><b>Enviada em:</b>"
        " segunda-feira, 30 de novembro de 2026 10:11<br><b>Para:</b> rob<br><b>Assunto:</b>"
        " Test</p></div><p>Hello</p>"
    ),
    "Outlook on the web": (
        "<div>Neu.</div><div id='appendonsend'></div>"
        "<hr style='display:inline-block;width:98%' tabindex='-1'>"
        "<div id='divRplyFwdMsg' dir='ltr'><font><b>Von:</b>"
        " Desk &lt;desk@firm.example&gt;<br><b>Gesendet:</b>"
        " Montag, 30. November 2026 10:11<br><b>An:</b>"
        " k@huber.example &lt;k@huber.example&gt;<br><b>Betreff:</b> Re: Pumpe</font><div>"
        "&nbsp;</div></div><div>Alt</div>"
    ),
    "Outlook on Android": (
        "<div>Neu.</div><div id='ms-outlook-mobile-signature'>"
        "Outlook für <a href='https://aka.ms/AAb9ysg'>Android</a> beziehen</div>"
        "<div id='mail-editor-reference-message-container'><hr><div id='divRplyFwdMsg'>"
        "<strong>Von:</strong> Desk &lt;desk@firm.example&gt;<br><strong>Gesendet:</strong>"
        " Montag, November 30, 2026 10:11:00 AM<br><strong>An:</strong> K<br><strong>"
        "Betreff:</strong> x<br></div><br>Alt</div>"
    ),
    "Outlook on iOS": (
        "<div>Neu.</div><div>Get <a href='https://aka.ms/o0ukef'>Outlook for iOS</a></div>"
        "<hr><div><b>From:</b> Desk &lt;desk@firm.example&gt;<br><b>Sent:</b>"
        " Monday, November 30, 2026 10:11:00 AM<br><b>To:</b> K<br><b>Subject:</b> x<br>"
        "</div>Alt"
    ),
    "Zimbra": (
        "<div>Neu.</div><hr id='zwchr'><div style='color:#000'><b>From: </b>"
        "desk@firm.example<br><b>To: </b>k@x.example<br><b>Sent: </b>"
        "Monday, April 2, 2012 6:26:00 PM<br><b>Subject: </b>Test<br><div><br></div>Alt</div>"
    ),
    "Yahoo": (
        "<div>Neu.</div><div><br></div><div class='yahoo_quoted'><div>"
        "Am Montag, 30. November 2026 um 10:11:00 MEZ hat Desk &lt;desk@firm.example&gt;"
        " Folgendes geschrieben: </div>"
        "<div><br></div><div>Alt</div></div>"
    ),
    "Yahoo of old": (
        "<div>Neu.</div><div class='yahoo_quoted'><hr size='1'><font><b><span>From:</span>"
        "</b> Desk &lt;desk@firm.example&gt;<br><b><span>To:</span></b>"
        " K &lt;k@x.example&gt;<br><b><span>Sent:</span></b>"
        " Monday, April 2, 2012 6:26 PM<br><b><span>Subject:</span></b> Test<br></font><br>"
        "Alt</div>"
    ),
    "GMX": (
        "<div>Neu.</div>"
        "<div name='quote' style='margin:10px 5px 5px 10px;border-left:2px solid #C3D9E5'>"
        "<div><b>Gesendet:</b>&nbsp;Montag, 30. November 2026 um 10:11 Uhr<br/><b>Von:</b>"
        "&nbsp;&quot;Desk&quot; &lt;desk@firm.example&gt;<br/><b>An:</b>"
        "&nbsp;k@x.example<br/><b>Betreff:</b>&nbsp;Re: Pumpe</div><div>Alt</div></div>"
    ),
    "Proton": (
        "<div>Neu.</div><div class='protonmail_quote'>"
        "Am Montag, 30. November 2026 um 10:11 AM, Desk &lt;desk@firm.example&gt;"
        " schrieb:<br>"
        "<blockquote class='protonmail_quote' type='cite'>Alt</blockquote></div>"
    ),
    "Proton of old": (
        "<div>Neu.</div><div class='protonmail_quote'>------- Original Message -------<br>"
        " On Monday, November 30th, 2026 at 10:11 AM, Desk &lt;desk@firm.example&gt;"
        " wrote:<br>"
        "<br><blockquote class='protonmail_quote' type='cite'>Alt</blockquote></div>"
    ),
    "Zoho": (
        "<div>Neu.</div><div class='zmail_extra'><br>"
        "---- On Mon, 30 Nov 2026 10:11:00 +0100 <b>Desk &lt;desk@firm.example&gt;</b>"
        " wrote ---<br><br><blockquote>Alt</blockquote></div>"
    ),
    "Apple Mail": (
        "<div>Neu.</div><div><br><blockquote type='cite'><div>"
        "Am 30.11.2026 um 10:11 schrieb Desk &lt;desk@firm.example&gt;:</div><br><div>"
        "Alt</div></blockquote></div>"
    ),
    "Apple Mail on iOS": (
        "Neu.<br><br><div dir='ltr'>Von meinem iPhone gesendet</div><div dir='ltr'><br>"
        "<blockquote type='cite'>"
        "Am 30.11.2026 um 10:11 schrieb Desk &lt;desk@firm.example&gt;:<br><br></blockquote>"
        "</div><blockquote type='cite'><div>Alt</div></blockquote>"
    ),
    "Thunderbird": (
        "<p>Neu.</p><div class='moz-cite-prefix'>Am 30.11.26 um 10:11 schrieb Desk:<br></div>"
        "<blockquote type='cite' cite='mid:x@y'>Alt</blockquote><div class='moz-signature'>"
        "-- <br>Karl</div>"
    ),
    "Thunderbird, the answer below": (
        "<div class='moz-cite-prefix'>Am 30.11.26 um 10:11 schrieb Desk:<br></div>"
        "<blockquote type='cite'><p>Alt</p><p>alt</p></blockquote><p>Neu.</p>"
    ),
    "Gmail in Russian": (
        "<div dir='ltr'>Neu.</div><br><div class='gmail_quote'>"
        "<div dir='ltr' class='gmail_attr'>"
        "пн, 30 нояб. 2026 г. в 10:11, Desk &lt;<a href='mailto:desk@firm.example'>"
        "desk@firm.example</a>&gt;:<br></div>"
        "<blockquote class='gmail_quote' style='margin:0px 0px 0px 0.8ex;border-left:1px"
        " solid rgb(204,204,204)'>"
        "Alt</blockquote></div>"
    ),
    "Gmail on Android": (
        "<div dir='auto'>Neu.</div><br><div class='gmail_quote gmail_quote_container'>"
        "<div dir='ltr' class='gmail_attr'>Desk &lt;<a href='mailto:desk@firm.example'>"
        "desk@firm.example</a>&gt; schrieb am Mo., 30. Nov. 2026, 10:11:<br></div>"
        "<blockquote class='gmail_quote' style='border-left:1px #ccc solid'>Alt</blockquote>"
        "</div>"
    ),
    "Samsung": (
        "<div>Neu.</div><div>Von meinem/meiner Galaxy gesendet</div><div>"
        "-------- Ursprüngliche Nachricht --------</div><div>"
        "Von: Desk &lt;desk@firm.example&gt;</div><div>"
        "Datum: 30.11.26 10:11 (GMT+01:00)</div><div>An: k@x.example</div><div>"
        "Betreff: Re: Pumpe</div><div><br></div>Alt"
    ),
    "Outlook on a Mac": (
        "<div>Neu.</div><span id='OLK_SRC_BODY_SECTION'><div><span>From: </span>"
        "Bob &lt;<a href='mailto:bob@x.example'>bob@x.example</a>&gt;<br><span>Date: </span>"
        "Tue, 01 Nov 2011 18:54:39 -0700<br><span>To: </span>Rob<br><span>Subject: </span>"
        "Test<br></div><div>Alt</div></span>"
    ),
    "fields in a table": (
        "<div>Neu.</div><table><tr><td><b>From:</b></td><td>"
        "Desk &lt;desk@firm.example&gt;</td></tr><tr><td><b>To:</b></td><td>K</td></tr><tr>"
        "<td><b>Date:</b></td><td>30.11.2026 10:11</td></tr><tr><td><b>Subject:</b></td><td>"
        "Test</td></tr></table><div>Alt</div>"
    ),
    "QQ": (
        "<div>Neu.</div><div style='font-size:12px'>"
        "------------------&nbsp;原始邮件&nbsp;------------------</div>"
        "<div style='background:#efefef'><div><b>发件人:</b>"
        '&nbsp;"Desk"&lt;desk@firm.example&gt;;</div><div><b>发送时间:</b>'
        "&nbsp;2026年11月30日(星期一) 上午10:11</div><div><b>收件人:</b>"
        '&nbsp;"K"&lt;k@x.example&gt;;</div><div><b>主题:</b>&nbsp;x</div></div><div>Alt</div>'
    ),
    "Hotmail": (
        "<div dir='ltr'>Neu.<div><div id='SkyDrivePlaceholder'></div><hr id='stopSpelling'>"
        "Date: Mon, 2 Apr 2012 17:44:22 +0400<br>Subject: Test<br>From: bob@xxx.example<br>"
        "To: bob@yyy.example<br><br><pre>Alt</pre></div></div>"
    ),
    "Sparrow": (
        "<p>Neu.</p><p style='color: #A0A0A8;'>"
        "On Monday, April 2, 2012 at 6:26 PM, Megan One wrote:</p>"
        "<blockquote type='cite' style='border-left-style:solid;border-width:1px;'><span>"
        "Alt</span></blockquote>"
    ),
    "AOL": (
        "<div>Neu.</div><div>-----Original Message-----<br>"
        "From: Desk &lt;desk@firm.example&gt;<br>To: k &lt;k@x.example&gt;<br>"
        "Sent: Mon, Nov 30, 2026 10:11 am<br>Subject: Re: Pumpe<br><br><div>Alt</div></div>"
    ),
    "web.de": (
        "<div>Neu.</div><div>--<br>"
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail"
        " gesendet.</div>"
        "<div class='gmail_quote'>"
        "Am 30.11.26, 10:11 schrieb Desk &lt;desk@firm.example&gt;:<blockquote"
        " class='gmail_quote'>"
        "Alt</blockquote></div>"
    ),
}
"""What programs write in HTML around a quotation, below the word `Neu.`; some of them above it."""
