"""Words for the values of a request, English and German: as typed, and as other desks export them.

`via:telefon` and a column that says `Anruf` mean the same channel. The words of Freshdesk, HubSpot,
Jira, OTRS and Znuny, osTicket, Salesforce, ServiceNow, Zammad, Zendesk and Help Scout are known.

Standard library only: the quick lane of `poc add` looks a mark up here.
"""

from __future__ import annotations

from poc_tui.rules.text import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST = 4
"""Letters that a beginning of a word needs where nobody looks at what was made of it."""


def _by_word(meanings: dict[str, str]) -> dict[str, str]:
    """Each word with the value that it means; they are written as `_normal` leaves them."""
    return {
        word.strip(): meaning for meaning, listed in meanings.items() for word in listed.split(",")
    }


CHANNEL = _by_word(
    {
        "email": "email, mail, e mail, mails, emails, per mail, email external, incoming email, "
        "outbound email, email message, inbound email, by email, by mail, elektronische post, e "
        "post",
        "phone": "phone, telephone, telefon, tel, fon, call, phone call, anruf, anrufe, "
        "telefonat, telefonisch, voice, voicemail, voice mail, mobile, mobil, handy, hotline, "
        "inbound call, outbound call, incoming call, rueckruf, anrufbeantworter",
        "chat": "chat, live chat, livechat, messaging, messenger, whatsapp, whats app, wa, sms, "
        "text message, signal, telegram, threema, teams, ms teams, slack, wechat, viber, "
        "imessage, facebook messenger, fb messenger, native messaging, web messenger, chatbot",
        "social": "social, social media, social web, social network, soziale medien, soziales "
        "netzwerk, socialmedia, facebook, fb, twitter, x, tweet, instagram, insta, linkedin, "
        "xing, tiktok, youtube, mastodon, bluesky, reddit, pinterest, facebook post, twitter dm, "
        "instagram dm",
        "letter": "letter, brief, briefe, post, postal, postal mail, post mail, per post, by "
        "post, mail post, snail mail, postkarte, postcard, einschreiben, fax, telefax, "
        "schriftlich",
        "in-person": "in person, inperson, persoenlich, person, personal, vor ort, vorort, "
        "besuch, visit, walk in, walkin, counter, schalter, theke, tresen, empfang, reception, on "
        "site, onsite, face to face, f2f, laden, filiale, store visit, meeting",
        "web": "web, webform, web form, web formular, webformular, form, formular, contact form, "
        "kontaktformular, online form, onlineformular, online formular, online, website, "
        "webseite, internet, homepage, portal, web portal, webportal, customer portal, "
        "kundenportal, self service, self service portal, selfservice, help center, help centre, "
        "helpcenter, widget, web widget, feedback widget, web service, api, app, mobile app, "
        "community, forum",
    }
)
KIND = _by_word(
    {
        "question": "question, questions, frage, fragen, rueckfrage, inquiry, enquiry, general "
        "inquiry, general enquiry, general question, anfrage, allgemeine anfrage, query, how to, "
        "howto, support question, question query",
        "complaint": "complaint, complaints, beschwerde, beschwerden, reklamation, reklamationen, "
        "rekla, maengelruege, claim, warranty claim, gewaehrleistung, garantiefall, problem, "
        "problems, incident, stoerung, bug, defect, defekt, fehler, fehlermeldung, mangel, "
        "schaden, report a problem, product issue, issue, aerger, kritik",
        "information": "information, info, infos, informationen, auskunft, auskuenfte, "
        "informationsanfrage, request for information, information request, rfi, unterlagen, "
        "datenauskunft",
        "feedback": "feedback, lob, praise, compliment, anregung, anregungen, vorschlag, "
        "vorschlaege, suggestion, suggestions, idea, idee, feature, feature request, "
        "verbesserungsvorschlag, verbesserung, improvement, rueckmeldung, customer feedback, "
        "kundenfeedback, dank, kompliment, review, bewertung, wunsch",
        "order": "order, orders, bestellung, bestellungen, auftrag, auftraege, order request, "
        "kauf, purchase, purchase order, nachbestellung, sales order, buchung, booking",
    }
)
PRIORITY = _by_word(
    {
        "low": "low, lowest, very low, niedrig, sehr niedrig, niedrigste, gering, sehr gering, "
        "minor, trivial, planning, unwichtig, nicht dringend, not urgent, low priority, p4, p5",
        "normal": "normal, medium, mittel, mittlere, moderate, middle, standard, default, "
        "regular, average, normal priority, medium priority, p3",
        "high": "high, hoch, major, wichtig, important, eilig, eilt, erhoeht, elevated, high "
        "priority, p2",
        "critical": "critical, kritisch, urgent, dringend, sehr dringend, dringlich, very high, "
        "sehr hoch, highest, hoechste, sehr wichtig, emergency, notfall, blocker, immediate, "
        "sofort, asap, top, p1, p0",
    }
)
STATE = _by_word(
    {
        "new": "new, neu, to do, todo, not started, nicht begonnen, backlog, zu erledigen, "
        "eingegangen, unassigned, nicht zugewiesen, received, submitted, selected for development",
        "open": "open, offen, opened, reopened, wiedereroeffnet, wieder geoeffnet, re opened, in "
        "progress, in process, in arbeit, in bearbeitung, bearbeitung, work in progress, working, "
        "active, aktiv, assigned, zugewiesen, accepted, angenommen, escalated, eskaliert, in "
        "review, under review, in pruefung, answered, beantwortet, overdue, ueberfaellig, "
        "pending, wartend, waiting, wartet, ausstehend, hold, on hold, onhold, gehalten, snoozed, "
        "wiedervorlage, zurueckgestellt, deferred, paused, blocked, waiting on us, waiting for "
        "support, waiting on customer, waiting for customer, waiting on contact, waiting on third "
        "party, waiting on 3rd party, awaiting reply, awaiting customer, awaiting user info, "
        "awaiting response, pending customer, waiting for approval, awaiting approval, in "
        "wartestellung, in klaerung, geparkt, unresolved, ungeloest, nicht erledigt, warten auf "
        "kunde, warten auf kunden, wartet auf kunde, warten auf dritte, warten auf rueckmeldung, "
        "pending reminder, warten auf erinnerung, pending auto close, pending auto, pending "
        "close, warten auf schliessen, warten auf erfolgreich schliessen, warten auf erfolglos "
        "schliessen",
        "resolved": "resolved, solved, closed, done, complete, completed, finished, fixed, "
        "erledigt, geloest, behoben, geschlossen, abgeschlossen, fertig, beendet, archived, "
        "archiviert, closed successful, erfolgreich geschlossen, closed complete, closed "
        "unsuccessful, erfolglos geschlossen, closed with workaround, geschlossen mit workaround, "
        "closed incomplete, auto closed, automatisch geschlossen",
    }
)
RESOLUTION = _by_word(
    {
        "solved": "solved, resolved, done, fixed, complete, completed, erledigt, geloest, "
        "behoben, successful, erfolgreich, closed successful, erfolgreich geschlossen, answered, "
        "beantwortet, solved permanently",
        "declined": "declined, rejected, abgelehnt, won t do, won t fix, wont do, wontfix, wont "
        "fix, refused, denied, verweigert, spam, junk, not possible, nicht moeglich",
        "duplicate": "duplicate, duplikat, dublette, dup, doppelt, merged, zusammengefasst, "
        "zusammengefuehrt",
        "withdrawn": "withdrawn, cancelled, canceled, storniert, abgebrochen, zurueckgezogen, "
        "zurueckgenommen, deleted, geloescht, removed, entfernt, obsolete, hinfaellig, no longer "
        "needed, nicht mehr noetig",
        "no-reply": "no reply, no response, no answer, keine antwort, keine rueckmeldung, not "
        "responding, customer not responding",
    }
)

FIELDS: Mapping[str, Mapping[str, str]] = {
    "channel": CHANNEL,
    "kind": KIND,
    "priority": PRIORITY,
    "state": STATE,
    "resolution": RESOLUTION,
}
"""The words by the field whose values they mean; a state may also be a word of `resolution`."""

_ABSENT = frozenset(
    {
        "null", "none", "nan", "n a", "na", "nil", "k a", "keine", "keiner", "kein", "not set",
        "unset", "unspecified", "undefined", "unknown", "unbekannt", "keine angabe",
        "0000 00 00", "00 00 0000", "0000 00 00 00 00 00",
        "not available", "not applicable", "leer", "empty",
    }
)  # fmt: skip
_SAYS_MORE = (
    "wait", "wart", "hold", "await", "pending ", "unsuccessful", "erfolglos", "workaround",
    "incomplete", "snoozed", "blocked", "escalated", "eskaliert",
)  # fmt: skip


def meaning(field: str, given: str, *, shortest: int = 1) -> str | None:
    """The value of `field` that the words mean, None if that is not known.

    Case, accents and punctuation do not count. A number before the word is its rank on some
    scale and does not count either (`3 normal`), and alone says nothing: 1 is the lowest here and
    the highest there. A beginning of at least `shortest` letters will do where all values and
    words that begin so mean the same (`compl`, `beschw`).
    """
    table = FIELDS[field]
    wanted = _normal(given)
    if wanted in table:
        return table[wanted]
    rank, _, rest = wanted.partition(" ")
    if rest and rank.removeprefix("p").isdecimal():
        return table.get(rest)
    if not wanted or len(wanted) < shortest:
        return None
    for known in (sorted(set(table.values())), table if len(wanted) >= SHORTEST else ()):
        meant = {table.get(word, word) for word in known if word.startswith(wanted)}
        if meant:
            return meant.pop() if len(meant) == 1 else None
    return None


def is_absent(given: str) -> bool:
    """Whether a program wrote this for a value that is not there: `null`, `-`, `n/a`."""
    if "1" <= given[:1] <= "9":  # as nearly every date begins
        return False
    wanted = _normal(given)
    return not wanted or wanted in _ABSENT


def says_more(given: str) -> bool:
    """Whether a state says more than the value that it means: for whom it waits, how it ended."""
    wanted = _normal(given)
    return any(part in wanted for part in _SAYS_MORE)


def _normal(given: str) -> str:
    return " ".join(words(given))
