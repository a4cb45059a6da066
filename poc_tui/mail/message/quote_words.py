"""What mail programs write around a quotation, by language: a table, and how it is looked up.

The words are those of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Proton, Zoho, GMX, web.de,
QQ, mail.ru and Yandex, as they stand in mails.
"""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """The words of one language, each in all its forms, `|` between them."""

    leads: str
    """What an introduction may begin with, before the date."""
    wrote: str
    sender: str
    """The field of the header of a quotation that says who wrote it; so for the next three."""
    date: str
    others: str
    subject: str
    original: str
    """What stands between dashes above a quotation."""
    forwarded: str
    """What stands between dashes, or before a colon, above what was passed on."""
    sent: str
    """What a line begins with that names the telephone or the program."""


LANGUAGES = {
    "en": Language(
        "on|at",
        "wrote|writes|has written|sent",
        "from|sender",
        "sent|date|sent on|sent at|date sent",
        "to|cc|bcc|reply-to|reply to|importance|priority|organization|organisation|message-id"
        "|recipient|recipients",
        "subject|re",
        "original message|original mail|original e-mail|original email|original appointment"
        "|reply message|previous message|message history|in reply to",
        "forwarded message|begin forwarded message|forwarded e-mail|forwarded email"
        "|start of forwarded message",
        "sent from|sent via|sent with|sent by|sent using|written from|typed on|written on"
        "|composed on|posted from|mailed from|this message was sent from|this email was sent from",
    ),
    "de": Language(
        "am|vom",
        "schrieb|schrieben|schreibt|geschrieben",
        "von|absender",
        "gesendet|gesendet am|datum|verschickt|verschickt am|gesendet um",
        "an|kopie|antwort an|antworten an|wichtigkeit|priorität|organisation|empfänger|blindkopie",
        "betreff|betr.",
        "original-nachricht|originalnachricht|original nachricht|ursprüngliche nachricht"
        "|ursprungliche nachricht|ursprüngliche mail|ursprüngliche e-mail|original-mail"
        "|originalmail|ursprünglicher termin|originaltermin|ursprungsnachricht"
        "|vorherige nachricht",
        "weitergeleitete nachricht|weitergeleitete e-mail|weitergeleitete email"
        "|weitergeleitete mail|anfang der weitergeleiteten nachricht"
        "|anfang der weitergeleiteten e-mail|anfang der weitergeleiteten mail"
        "|beginn der weitergeleiteten nachricht",
        "gesendet von|gesendet mit|gesendet aus|gesendet über|gesendet via|versendet von"
        "|versendet mit|verschickt mit|geschickt von|geschrieben auf|diese nachricht wurde von"
        "|diese nachricht wurde mit|diese e-mail wurde von|diese mail wurde von",
    ),
    "fr": Language(
        "le",
        "a écrit|écrit|écrivait|écrivit|a envoyé",
        "de|expéditeur|de la part de",
        "envoyé|envoyé le|envoyée|envoyé à|date|message du|date d'envoi|envoyé par",
        "à|a|pour|copie|copie à|cci|répondre à|destinataire|importance",
        "objet|sujet",
        "message d'origine|message original|message initial|courriel original|courrier original"
        "|rendez-vous d'origine|e-mail d'origine|mail d'origine|mail original",
        "message transféré|courriel transféré|début du message réexpédié"
        "|début du message transféré|message réexpédié|e-mail transféré|mail transféré",
        "envoyé de|envoyé depuis|envoyé à partir de|envoyé avec|envoyé via|envoyé par"
        "|provenance|envoyé d'un",
    ),
    "nl": Language(
        "op",
        "schreef|geschreven|schrijft",
        "van|afzender",
        "verzonden|datum|verstuurd|verzonden op|verzonden om",
        "aan|kopie|beantwoorden|antwoord aan|prioriteit|urgentie",
        "onderwerp|betreft",
        "oorspronkelijk bericht|origineel bericht|oorspronkelijke e-mail|oorspronkelijke afspraak"
        "|oorspronkelijke mail",
        "doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurde e-mail",
        "verzonden met|verzonden vanaf|verzonden vanuit|verzonden via|verstuurd vanaf|verstuurd met"
        "|verstuurd via|verstuurd vanuit",
    ),
    "it": Language(
        "il|il giorno|in data|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
        "ha scritto|scritto|scrive|scriveva|scrisse",
        "da|mittente",
        "inviato|data|inviato il|inviata|data di invio",
        "a|per|copia|rispondi a|risposta|priorità|importanza|destinatario|ccn",
        "oggetto|ogg.",
        "messaggio originale|messaggio originario|messaggio di origine|e-mail originale"
        "|email originale|appuntamento originale",
        "messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato"
        "|e-mail inoltrata|messaggio rispedito",
        "inviato da|inviato dal|inviato con|inviato tramite|inviato dalla|inviata da|inviato via",
    ),
    "es": Language(
        "el|en|el día|a",
        "escribió|escribio|escribe|ha escrito|escribía",
        "de|desde|remitente",
        "enviado|enviado el|fecha|enviado en|fecha de envío|enviados",
        "para|a|copia|responder a|prioridad|importancia|cco|destinatario",
        "asunto|tema",
        "mensaje original|correo original|mensaje de origen|cita original",
        "mensaje reenviado|inicio del mensaje reenviado|inicio de mensaje reenviado"
        "|correo reenviado|mensaje enviado",
        "enviado desde|enviado de|enviado con|enviado por|enviado mediante|enviado vía"
        "|enviado a través de|enviado desde mi",
    ),
    "pt": Language(
        "em|no dia|na|no|a|às|aos",
        "escreveu|escreve|enviou|escrevia",
        "de|remetente",
        "enviado|enviada|enviado em|enviada em|data|enviado a|data de envio|enviado às",
        "para|cópia|responder a|responder para|prioridade|importância|destinatário",
        "assunto",
        "mensagem original|mensagem de origem|e-mail original|compromisso original",
        "mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada"
        "|início da mensagem reencaminhada|início de mensagem reencaminhada|e-mail encaminhado",
        "enviado do|enviado da|enviado a partir|enviado pelo|enviado via|enviado com|enviado de"
        "|enviada do",
    ),
    "pl": Language(
        "w dniu|dnia|wiadomość napisana przez|w|użytkownik",
        "napisał(a)|napisał|napisała|pisze|pisał(a)|pisał|pisała|napisana przez|napisano",
        "od|nadawca",
        "wysłano|wysłane|wysłana|wysłany|data|data wysłania|wysłano dnia|wysłane dnia",
        "do|dw|kopia|udw|adresat|odpowiedz do|odbiorca|ważność|priorytet",
        "temat",
        "wiadomość oryginalna|oryginalna wiadomość|oryginalny e-mail|pierwotna wiadomość"
        "|treść oryginalnej wiadomości|wiadomość pierwotna|oryginalny list|oryginalne spotkanie",
        "wiadomość przekazana|przekazana wiadomość|początek przekazywanej wiadomości"
        "|przesyłana wiadomość|wiadomość przesłana dalej|początek przekazanej wiadomości",
        "wysłano z|wysłane z|wysłano za pomocą|wysłane za pomocą|wysłano przez|wysłane przez"
        "|wysłana z|wiadomość wysłana z",
    ),
    "cs": Language(
        "dne|v|ve",
        "napsal(a)|napsal|napsala|píše|napsali|psal(a)",
        "od|odesílatel|odesilatel",
        "odesláno|datum|odesláno dne|odesláno v",
        "komu|kopie|pro|skrytá|důležitost|priorita|odpovědět",
        "předmět|věc",
        "původní zpráva|původní e-mail|původní email|původní mail|původní událost|původní schůzka",
        "přeposlaná zpráva|přeposílaná zpráva|předaná zpráva|začátek přeposílané zprávy"
        "|přesměrovaná zpráva|přeposlaný e-mail|začátek přeposlané zprávy",
        "odesláno z|odesláno přes|odesláno pomocí|odesláno ze|posláno z|posláno přes|odesláno mého",
    ),
    "sk": Language(
        "dňa|v",
        "napísal(a)|napísal|napísala|píše|napísal/a",
        "od|odosielateľ",
        "odoslané|dátum|odoslaná",
        "komu|kópia|pre",
        "predmet",
        "pôvodná správa|pôvodný e-mail|originálna správa",
        "preposlaná správa|začiatok preposlanej správy",
        "odoslané z|odoslané cez|odoslané pomocou|poslané z",
    ),
    "da": Language(
        "den|d.|på",
        "skrev|skriver|har skrevet",
        "fra|afsender",
        "sendt|dato|sendt den|afsendt",
        "til|kopi|svar til|prioritet|vigtighed|modtager",
        "emne|vedr.",
        "oprindelig meddelelse|original meddelelse|oprindelig besked|oprindelig mail"
        "|original besked|oprindelig aftale|den oprindelige besked|oprindelig e-mail",
        "videresendt meddelelse|videresendt besked|start på videresendt besked|videresendt mail"
        "|start på videresendt meddelelse|begynd videresendt besked",
        "sendt fra|sendt via|sendt med|sendt ved hjælp af|sendt af",
    ),
    "no": Language(
        "den|på",
        "skrev|skreiv|skriver",
        "fra|frå|avsender",
        "sendt|dato|sendt den",
        "til|kopi|svar til|prioritet|viktighet",
        "emne",
        "opprinnelig melding|original melding|opprinnelig e-post|opprinnelig avtale"
        "|originalmelding|den opprinnelige meldingen",
        "videresendt melding|start på videresendt melding|videresendt e-post"
        "|begynnelse på videresendt melding|vidaresendt melding",
        "sendt fra|sendt via|sendt med|sendt ved hjelp av",
    ),
    "sv": Language(
        "den|på",
        "skrev|skriver|har skrivit",
        "från|avsändare",
        "skickat|datum|skickat den|sänt|skickades",
        "till|kopia|svara till|prioritet|svar till|mottagare",
        "ämne|angående",
        "ursprungligt meddelande|originalmeddelande|ursprungligt mail|ursprungligt mejl"
        "|originalmejl|ursprunglig avtalad tid|ursprungsmeddelande|ursprungligt e-postmeddelande",
        "vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat mail"
        "|vidarebefordrat brev|början på vidarebefordrat meddelande"
        "|börja vidarebefordrat meddelande|start på vidarebefordrat meddelande",
        "skickat från|skickat med|skickat via|skickades från|sänt från",
    ),
    "fi": Language(
        "",
        "kirjoitti|kirjoittaa|kirjoitit",
        "lähettäjä|keneltä",
        "lähetetty|päivämäärä|päiväys|pvm|lähetysaika|lähetyspäivä",
        "vastaanottaja|vastaanottajat|kopio|vastausosoite|kenelle|saaja|tärkeys",
        "aihe|otsikko",
        "alkuperäinen viesti|alkuperäinen sähköposti|alkuperäinen tapaaminen|alkup. viesti",
        "välitetty viesti|edelleenlähetetty viesti|alkaa välitetty viesti"
        "|välitetty viesti alkaa|lähetetty edelleen",
        "lähetetty|lähetetty käyttäen",
    ),
    "ru": Language(
        "в|на",
        "написал(а)|написал|написала|пишет|писал(а)|писал|писала|написал (а)",
        "от|от кого|отправитель",
        "отправлено|дата|отправлен|отправлена|дата отправки|послано",
        "кому|копия|ответить|важность|получатель|скрытая копия",
        "тема|предмет",
        "исходное сообщение|оригинальное сообщение|первоначальное сообщение|исходное письмо"
        "|оригинал сообщения|исходная встреча|исходящее сообщение",
        "пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения"
        "|перенаправленное сообщение|начало пересылаемого сообщения|пересылаемое письмо"
        "|переадресованное сообщение|конец переадресованного сообщения",
        "отправлено с|отправлено из|отправлено через|отправлено от|послано с|отправлено",
    ),
    "uk": Language(
        "у|в",
        "пише|написав|написала|написав(ла)|написав(-ла)",
        "від|відправник",
        "надіслано|дата|відправлено",
        "кому|копія",
        "тема",
        "вихідне повідомлення|оригінальне повідомлення|початкове повідомлення",
        "переслане повідомлення|початок пересланого повідомлення",
        "надіслано з|відправлено з",
    ),
    "tr": Language(
        "",
        "yazdı|şunu yazdı|şunları yazdı|yazmış|yazdi",
        "kimden|gönderen|gonderen",
        "gönderme tarihi|gönderildi|tarih|gönderilme tarihi|gönderim tarihi|gönderme zamanı"
        "|gönderilen",
        "kime|alıcı|bilgi|kopya|önem|yanıt adresi",
        "konu",
        "orijinal ileti|orijinal mesaj|özgün ileti|asıl mesaj|özgün mesaj|orijinal e-posta"
        "|asıl ileti|orijinal randevu",
        "iletilen ileti|yönlendirilen ileti|iletilmiş mesaj|yönlendirilmiş ileti|iletilen mesaj"
        "|yönlendirilen mesaj|iletilen ileti başlangıcı|ileti iletme başlangıcı",
        "",
    ),
    "zh": Language(
        "于|於|在",
        "写道|寫道|写了|寫了|写到|編寫|撰寫|撰写",
        "发件人|發件人|寄件者|寄件人|发信人|來自|来自",
        "发送时间|发送日期|发送|寄件日期|傳送時間|傳送日期|寄件時間|日期|时间|時間|已发送|發送時間"
        "|日 期|傳送",
        "收件人|收件者|抄送|副本|收信人|抄 送|密送|重要性|回复|回覆",
        "主题|主題|主旨|主 题|标题",
        "原始邮件|原始郵件|邮件原件|原邮件|原始信件|回复的原邮件|原始訊息|原始消息|原文",
        "转发的邮件|轉寄的郵件|转发邮件|被转发的邮件|转发的信件|转发邮件信息|轉寄郵件|已轉寄郵件"
        "|以下是转发的邮件|以下是轉寄的郵件",
        "发自|發自|发自我的|發自我的|来自|來自",
    ),
    "ja": Language(
        "",
        "書きました|のメール|のメッセージ",
        "差出人|送信者|送信元",
        "送信日時|日付|日時|送信日|送信",
        "宛先|返信先|受信者",
        "件名",
        "元のメッセージ|元のメール|オリジナルメッセージ",
        "転送メッセージ|転送されたメッセージ|転送されたメール|転送メール",
        "",
    ),
    "ko": Language(
        "",
        "작성|님이 작성|썼습니다",
        "보낸 사람|보낸사람|발신",
        "보낸 날짜|보낸 시간|날짜|보낸날짜",
        "받는 사람|받는사람|참조|수신",
        "제목",
        "원본 메시지|원본 이메일|원본메시지",
        "전달된 메시지|전달된 메일",
        "",
    ),
    "others": Language(  # of southern, eastern and northern Europe, and Vietnamese
        "dana|în|la|vào|vào lúc|στις|dne",
        "írta|ezt írta|a scris|scris|έγραψε|napisao je|je napisao|napisao|napisala|je napisal"
        "|va escriure|đã viết|viết|написа|kirjutas|rašė|rakstīja|menulis",
        "feladó|de la|από|šalje|từ|от:|saatja|nuo|no",
        "elküldve|küldve|dátum|trimis|data|στάλθηκε|ημερομηνία|poslano|datum|ngày|đã gửi|saadetud"
        "|küldés dátuma|enviat",
        "címzett|másolatot kap|másolat|către|catre|προς|κοιν.|za|prima|đến|per a",
        "tárgy|subiect|θέμα|predmet|zadeva|chủ đề|teema|assumpte",
        "eredeti üzenet|mesaj original|mesaj inițial|αρχικό μήνυμα|izvorna poruka|izvirno sporočilo"
        "|thư gốc|missatge original",
        "továbbított üzenet|mesaj redirecționat|προωθημένο μήνυμα|proslijeđena poruka",
        "elküldve|trimis de pe|trimis din|στάλθηκε από|poslano s|poslano z|küldve|enviat des",
    ),
}  # fmt: skip

DASHES = "-‐‑‒–—―_=*~#+·"
"""Of what programs draw lines with."""

JOINED = "\u2e80"
"""From here on letters are written without spaces between words."""

_LEFT_OUT = {"\u0307": "", "\u200b": "", "\u200e": "", "\u200f": "", "\ufeff": ""}
_ALIKE = str.maketrans(
    _LEFT_OUT | dict.fromkeys("’‘´`", "'") | dict.fromkeys("‐‑‒–—―", "-") | {"\xa0": " "}
)


def alike(text: str) -> str:
    """`text` as it is looked up: in small letters, one kind of hyphen, apostrophe and space."""
    return " ".join(text.lower().translate(_ALIKE).split())


def all_words(*fields: str) -> frozenset[str]:
    """Each word that some language has in one of these fields of `Language`, as `alike` has it."""
    return frozenset(
        alike(word)
        for language in LANGUAGES.values()
        for field in fields
        for word in getattr(language, field).split("|")
        if word
    )
