"""Notes of absence, by what programs and people write in them, in the languages of our customers.

A person may write about an absence too. So a word counts where it stands as only a note of absence
has it, and mostly together with what a program leaves in the header (`rules.mail.nature`).
"""

from __future__ import annotations

import re
from functools import cache

_LOOKED_AT = 3000
"""Characters of a text; a note of absence is shorter."""

_LONGEST_NOTE = 1500
_FIRST_SENTENCES = 4
"""Among which a note of absence says so, after a greeting and thanks."""

_HEADS = (
    r"auto(?:matic|mated)?[- ]?(?:reply|response|antwort)", "auto(?:responder|matische antwort)",
    "abwesenheits(?:notiz|nachricht|meldung|assistent|benachrichtigung)",
    r"out[- ]of[- ](?:the[- ])?office(?:[- ](?:auto[- ]?)?(?:reply|response|message))?"
    r"(?!\s(?-i:(?!re\b|from\b|auto)[a-z]))",
    "vacation (?:auto-?)?(?:reply|response|responder|message)",
    "réponse automatique", "(?:message|notification) d'absence",
    "automatische? (?:antwoord|reactie)", "automatisch antwoord", "afwezigheidsbericht",
    "risposta automatica", "avviso di assenza", "respuesta automática", "aviso de ausencia",
    "resposta automática", "aviso de ausência", "odpowiedź automatyczna",
    "automatyczna odpowiedź", "automatická odpověď", "automatisk svar", "automatiskt svar",
    "autosvar", "fraværsbesked", "frånvaromeddelande", "fraværsmelding",
    "automaattinen vastaus", "poissaoloviesti", "автоматический ответ", "автоответ",
    "otomatik (?:yanıt|cevap)", "自动(?:答复|回复)", "自動(?:回覆|回复|答覆|応答|返信)",
    "자동 ?(?:회신|응답|답장)", "automatikus válasz", "răspuns automat", "automatická odpoveď",
    "автоматична відповідь", "автоматичен отговор", "αυτόματη απάντηση", "automatski odgovor",
    "samodejni odgovor", "аутоматски одговор", "automaatvastus", "automātiskā atbilde",
    "automatinis atsakymas", "resposta automàtica", "תשובה אוטומטית", "رد تلقائي",
    "trả lời tự động", "balasan otomatis", "ตอบกลับอัตโนมัติ",
)  # fmt: skip
"""What programs put before our subject, or in its place."""

_BEHIND_HEADS = r"[^:：]{0,30}[:：]|\s{0,9}$|\s{1,9}(?:from|von|de|van|di|od|от|fra|från)\s"

_WORDS = (
    "(?:im )?urlaub", "abwesen(?:d|heit)", "nicht im (?:büro|haus|dienst)", "au(?:ß|ss)er haus",
    "betriebsferien", "elternzeit", "ooo", "out of office", "away", "(?:on )?vacation",
    "(?:on )?holidays?", "(?:on )?(?:annual|parental) leave", "absen(?:t|te|ce)",
    "(?:en )?congés?", "vacances", "afwezig", "vakantie", "met verlof", "assen(?:te|za)",
    "(?:in )?ferie", "fuori ufficio", "ausente", "ausencia", "vacaciones",
    "fuera de la oficina", "férias", "ausência", "fora do escritório", "urlop",
    r"nieobecn\w{1,4}", "dovolená", r"nepřítom\w{1,6}", r"fravær\w{0,6}", "på ferie",
    "semester", r"frånvaro\w{0,4}", "lomalla", "loma", "poissa", "(?:в )?отпуске?",
    r"отсутств\w{1,8}", r"izin\w{0,6}", r"tatil\w{0,4}", "休假", "外出", "不在办公室",
    "不在辦公室",
)  # fmt: skip
"""What a person puts before our subject when they set up such a note."""

_IS_AWAY = (
    r"\s{0,9}(?:auto:\s{0,3})?.{2,60}? (?:is|ist|est|è|está) (?:currently )?(?:out of (?:the )?"
    r"office|nicht im (?:büro|haus)|au(?:ß|ss)er haus|abwesend|absente?|assente|ausente)(?!\w)"
)
_THEN_OURS = r".{1,80}?[\s:](?:(?:re|aw|sv|antw|vs|odp|ynt|res|rif|r)\s{0,2}[:：]|\[#\d)"
_GAP = r"(?:(?!\b(?:wenn|falls|weil|if|because)\b)(?:[^.!?\n]|(?<=\d)\.)){0,90}?"
"""What stands between who is away and where; a condition is no absence."""

_BUT = r"\b(?:aber|jedoch|but|however|mais|maar|però|pero|mutta)\b|,\s(?:ma|mas|ale|men|но|ama)\b"
"""Behind it stands what is said besides."""

_AWAY = {
    r"\b(?:ich bin|bin ich|wir sind|sind wir|ich befinde mich|ich werde)\b": (
        "nicht (?:im (?:büro|haus|dienst|office)|erreichbar|da|am (?:arbeits)?platz|anwesend)",
        "abwesend", r"i[mn] (?:\w+ )?urlaub", "au(?:ß|ss)er haus",
        r"auf (?:\w+ )?(?:dienst|geschäfts)?reisen?", "auf (?:fortbildung|messe)",
        "in (?:elternzeit|mutterschutz|den ferien)", "erst (?:wieder )?(?:am|ab|nach)",
    ),
    r"\b(?:unser büro|unsere firma|unser betrieb)\b": ("geschlossen",),
    r"\b(?:i am|i['’]m|i will be|i['’]ll be|we are|our office is)\b": (
        "out of (?:the )?office", "away", r"on (?:\w+ )?(?:leave|vacation|holidays?|pto)",
        "unavailable", "not (?:available|in the office)", "travell?ing", "closed", "out until",
    ),
    r"\bje (?:suis|serai)\b": (
        "absente?", "en (?:congés?|vacances|déplacement|formation)", "hors du bureau",
    ),
    r"\bik ben\b": (
        "afwezig", "niet (?:aanwezig|op kantoor|bereikbaar)", "(?:met|op) (?:vakantie|verlof)",
    ),
    r"\b(?:sono|sarò)\b": ("assente", "in (?:ferie|vacanza|trasferta)", "fuori (?:ufficio|sede)"),
    r"\b(?:estoy|estaré|me encuentro)\b": (
        "fuera de la oficina", "de vacaciones", "ausente", "de viaje",
    ),
    r"\b(?:estou|estarei|encontro-me)\b": (
        "fora do escritório", "(?:de|em) férias", "ausente",
    ),
    r"\b(?:jestem|będę|przebywam)\b": ("nieobecn[ya]", "na urlopie", "poza biurem"),
    r"\b(?:jsem|budu)\b": ("nepřítom(?:en|na)", "na dovolené", "mimo kancelář"),
    r"\bjeg er\b": (
        "fraværende", "på ferie", "ikke på kontoret", "bortrejst", "bortreist",
    ),
    r"\bjag (?:är|har)\b": (
        "semester", "inte på kontoret", "bortrest", "frånvarande", "ledig",
    ),
    r"\bolen\b": ("lomalla", "poissa", "vapaalla", "matkoilla"),
    r"\b(?:нахожусь|буду|я|сейчас)\b": (
        "в отпуске", "вне офиса", r"отсутств\w+", "в командировке",
    ),
}  # fmt: skip
"""Who is away, and the words for that."""

_SAYS_BY_ITSELF = (
    r"\bwir haben betriebsferien\b", r"\bnos bureaux (?:sont|seront) fermés\b",
    r"\bnie ma mnie w biurze\b", r"\bčerpám dovolenou\b", r"\bjeg (?:holder|har) ferie\b",
    r"\bотсутствую\b", r"\bofis dışında", r"\bizinde", r"\btatilde", r"\bofiste değilim\b",
    "不在办公室", "不在辦公室", "正在休假", "休假中", "正在度假", "度假中", "出差",
)  # fmt: skip
_BESIDES = (
    "dringend", "notf[aä]ll", "vertret", "kolleg", "wenden sie sich", "zurück", "erreichbar",
    "wieder", "weitergeleitet", "gelesen", "rückkehr", "kehre", "urgent", "emergency",
    "colleague", "contact", "return", "back", "forwarded", "limited access", "collègue",
    "retour", "répond", "collega", "terug", "urgen", "rientr", "regres", "vuelv", "volt",
    "piln", "wracam", "wrócę", "naléhav", "vrátím", "haster", "tilbage", "tilbake",
    "brådskande", "tillbaka", "kiireell", "palaan", "срочн", "вернусь", "acil", "döneceğim",
)  # fmt: skip
"""What else such a note is about: until when, who has read it, whom to ask."""

_POLITE = (
    "sehr geehrte", "guten (?:tag|morgen)", "hallo", r"hi\b", "hello", r"dear\b", "liebe", "moin",
    "bonjour", "beste", "geachte", "gentile", "buongiorno", "estimad", "hola", "olá",
    "dzień dobry", "szanown", "dobrý den", r"he[ij]\b", "здравствуйте", "добрый день",
    "merhaba", "sayın", "您好", "你好",
    "(?:vielen|herzlichen) dank", r"danke\b", r"thanks?\b", "merci", "bedankt", "dank u", "grazie",
    "gracias", "obrigad", "dziękuj", "děkuj", "tak for", "tack för", "takk for", "kiitos",
    "спасибо", "благодар", "teşekkür", "谢谢", "感谢",
)  # fmt: skip
_CLOSINGS = (
    "mit freundlichen", "freundliche", "viele grüße", "(?:kind |best |many )?regards",
    "cordialement", "met vriendelijke", "cordiali", "saludos", "atenciosamente", "pozdrawiam",
    "s pozdravem", "(?:med )?venlig", "(?:med )?vänlig", "(?:med )?vennlig", "ystävällisin",
    "с уважением", "saygılarımla", "此致",
)  # fmt: skip
_CLOSED = "|".join(_CLOSINGS)
_WORDS_OF_A_NAME = 12
"""And of whose it is, below the words that close a note."""

_MONTHS = "jan|feb|mär|mar|apr|mai|may|maj|jun|jul|aug|sep|o[kc]t|nov|de[zc]"
_SENTENCE = re.compile(rf"(?<=[.!?])\s+(?!(?i:{_MONTHS})|[a-zß-ÿа-я])|(?<=[。！？])|\n+")
_AND = re.compile(r"\s(?:and|und|et|en|y|og|och|ja|и|ve)\s(?=\S+\s\S+\s)", re.IGNORECASE)
"""Between what is said and what is said besides."""

_REACHED_BY = re.compile(r"[^\s@]@[^\s@]|(?:\+|\b0)[\d ()/.-]{5}|\b\d{1,2}[./:]\s?\d{1,2}\b")


# Put together here and compiled only once one is needed: most mails are none of this.
_IS_HEADED = rf"\s{{0,9}}(?:{'|'.join(_HEADS)})(?!\w)(?:{_BEHIND_HEADS})"
_IS_NAMED = rf"(?<!\w)(?:{'|'.join(_HEADS)}|abwesenheit|abwesend)(?!\w)"
_IS_BEGUN = rf"\s{{0,9}}(?:{'|'.join(_WORDS)})(?!\w)"
_SAYS = "|".join((
    *(rf"{who}{_GAP}\b(?:{'|'.join(where)})\b" for who, where in _AWAY.items()), *_SAYS_BY_ITSELF,
))  # fmt: skip
_IS_POLITE = "|".join(_POLITE)
_IS_BESIDES = rf"(?<!\w)(?:{'|'.join(_BESIDES)})"


def headed_as_absence(subject: str) -> bool:
    """Whether a subject begins with the words that only programs put there."""
    return _compiled(_IS_HEADED).match(subject) is not None


def names_absence(subject: str) -> bool:
    """Whether a subject has such words anywhere."""
    return _compiled(_IS_NAMED).search(subject) is not None


def begins_with_absence(subject: str) -> bool:
    """Whether a subject begins with a word that a person may put there too, such as `Urlaub`."""
    return _compiled(_IS_BEGUN).match(subject) is not None


def in_place_of_ours(subject: str) -> bool:
    """Whether such a word stands in front of our subject, as in `Urlaub Re: Invoice`, or somebody
    is said to be away, as Notes does."""
    if begins_with_absence(subject) and _compiled(_THEN_OURS).match(subject):
        return True
    return _compiled(_IS_AWAY).match(subject) is not None


def says_absent(text: str) -> bool:
    """Whether a text says in its first sentences that its writer is away, and asks nothing."""
    if "?" in text or "？" in text:
        return False
    said = [each for each in _sentences(text) if _says(each) or not _is_polite(each)]
    return any(map(_says, said[:_FIRST_SENTENCES]))


def only_absent(text: str) -> bool:
    """Whether a text says that its writer is away, until when, whom to ask, and nothing more."""
    if len(text) > _LONGEST_NOTE or not says_absent(text):
        return False
    said = _sentences(text)
    ends = (place for place, each in enumerate(said) if _compiled(_CLOSED).match(each))
    closed = next(ends, len(said))
    below = " ".join(said[closed + 1 :])
    clauses = [each for one in said[:closed] for each in _AND.split(one)]
    return all(map(_belongs_to_it, clauses)) and len(below.split()) <= _WORDS_OF_A_NAME


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.split(text[:_LOOKED_AT]) if each.strip()]


def _says(sentence: str) -> bool:
    return _compiled(_SAYS).search(sentence) is not None


def _is_polite(sentence: str) -> bool:
    return _compiled(_IS_POLITE).match(sentence) is not None


def _belongs_to_it(sentence: str) -> bool:
    if _compiled(_BUT).search(sentence):
        return False
    if _says(sentence) or _is_polite(sentence) or _REACHED_BY.search(sentence):
        return True
    return _compiled(_IS_BESIDES).search(sentence) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
