"""Addresses and names of programs: forms of web sites, shops, what sends notices.

By the words that people give such addresses in the languages of Europe, letters of their own
folded (RFC 2142 names none of them).
"""

from __future__ import annotations

import re
from functools import lru_cache

from poc_tui.rules.text import fold

# Put together only where they are needed: every verb loads this module, and few ask it.
_NO_REPLY = (
    "noreply|donotreply|dontreply|notreply|nicht(?:be)?antworten|keineantwort|nepasrepondre"
    "|pasdereponse|sansreponse|norespond|nocontest|nonrispondere|senzarisposta|naoresponda"
    "|naoresponder|semresposta|nietantwoorden|nietbeantwoorden|geenantwoord|nieodpowiada"
    "|bezodpowiedzi|neodpovid|svar(?:a)?(?:ikke|inte|ej)|ikkesvar|ingensvar|alavastaa|eivastaus"
    "|nevalaszol|neotvech|yanitlamay|cevaplamay|noresponse|noanswer|unmonitored"
)
_PROGRAM = (
    "(?:web|contact|kontakt|anfrage|bestell|mail)?form(?:s|ular|ulare|ulaire|ulario|ularz|ulier"
    "|ulaer|submissions?|responses?|mail|mailer)?|submissions?"
    "|wordpress|wp|typo3|joomla|drupal|jimdo|wix|squarespace|webflow|shopify|typeform|jotform"
    "|woocommerce|prestashop|shopware|magento|(?:php|auto)?mailer|www(?:run|data)?|apache|nginx"
    "|httpd|nobody|web(?:site|server|seite)|notif(?:ication|ications|y|ier|icaciones|iche)"
    "|benachrichtigung(?:en)?|meldungen|powiadomieni[ae]|notificacoes|automail|(?:mail)?(?:ro)?bot"
    "|daemon|mailerdaemon|bounces?|alerts?|lomake|skjema"
)
_ROLE = (
    "info|[kc]onta[kc]t|web(?:master)?|postmaster|shop|(?:kunden)?service|office|e?mail|post|admin"
    "|administrator|support|hello|hallo|anfragen?|[ei]nquir(?:y|ies)|sales|vertrieb|verkauf"
    "|bestellung(?:en)?|orders?|system|site|root|team|hotline|leads?|buchung(?:en)?|bookings?"
    "|reserv(?:ierung|ation)(?:en|s)?"
)
_TO_MANY = (
    "(?:e?news|mail)?letters?|news|nl|mailings?|marketing|promo(?:s|tions?|cion(?:es)?)?|offers?"
    "|ofertas?|angebote|updates?|digest|campaigns?|kampagnen?|rundbrief|rundschreiben|infolettre"
    "|infobrief|boletin|nieuwsbrief|nyhetsbrev|nyhedsbrev|uutiskirje|zpravodaj|bulten|bulletin"
)
_SHORTEST = 5
_REMEMBERED = 500
"""Addresses: most mails come from few."""

_LETTERS = re.compile(r"[^a-z]+")
_FORM_NAME = (
    r"\b(?:\w{0,20}formular\w{0,4}|(?:contact|web|order|enquiry|inquiry)[- ]?form\w?|formulaire"
    r"|formulario|formularz|\w{0,15}formulier|modulo (?:di )?contatt[oi]|website|webseite|homepage"
    r"|(?:web|online)[- ]?shop|wordpress|no-?reply|kontaktanfrage|lomake|kontaktskjema)\b"
)


def is_no_reply(address: str) -> bool:
    """Whether an address says of itself that nobody reads what is sent there."""
    return re.search(_NO_REPLY, _LETTERS.sub("", _local(address))) is not None


@lru_cache(_REMEMBERED)
def is_program(address: str) -> bool:
    """Whether no person has this address, as its part before the @ says: a form's, or one that
    sends and is not written to."""
    local = _local(address)
    whole = _LETTERS.sub("", local)
    return re.search(_NO_REPLY, whole) is not None or any(
        re.fullmatch(_PROGRAM, word) for word in (whole, *_words(local))
    )


def writes_to_many(address: str) -> bool:
    """Whether an address is one that a newsletter comes from, as its part before the @ says."""
    local = _local(address)
    return any(re.fullmatch(_TO_MANY, word) for word in (_LETTERS.sub("", local), *_words(local)))


def is_a_role(address: str) -> bool:
    """Whether an address is that of a firm and of nobody in it, such as `info@firm.example`."""
    return re.fullmatch(_ROLE, _LETTERS.sub("", _local(address))) is not None


def names_a_form(name: str) -> bool:
    """Whether a display name is that of a form or a shop, such as `Kontaktformular`."""
    words = fold(name).strip()
    return words == "shop" or re.search(_FORM_NAME, words) is not None


def _words(local: str) -> list[str]:
    """The parts of it; shorter ones are names of people too."""
    return [word for word in _LETTERS.split(local) if len(word) >= _SHORTEST]


def _local(address: str) -> str:
    return fold(address.rpartition("@")[0].partition("+")[0])
