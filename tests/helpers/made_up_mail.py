"""Mail as a desk gets it in a week, made up; and its threads, found without the desk's own code."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP, compat32
from email.utils import parsedate_to_datetime

DESK = "desk@poc.example"
BEGUN = datetime(2026, 11, 2, 7, tzinfo=UTC)
"""When the first of them was written: three weeks before the clock of the tests."""

_FIRMS = ("Meyer AG", "Bäckerei Ott", "Hotel Krone", "Glaserei Weiß", "Nord & Söhne", "Stadtwerke")
_SUBJECTS = ("Rechnung 4711 ist falsch", "Where is my order?", "Schlüsselkarte für Zimmer 12")
_WORDS = (
    "Guten Tag,\n\nauf der Rechnung stehen 12 Stück, geliefert wurden 10. Grüße aus Köln",
    "Hello,\n\nthe order of last Monday has not come yet. When can we expect it?",
    "Die Tür geht nicht auf. Können Sie bitte jemanden schicken?\n\nMit freundlichen Grüßen",
    "We need an offer for 40 pieces, delivered to Zürich, by Friday.",
)
_WITH_IDS = ("Message-ID", "In-Reply-To", "References")
_REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {desk}
Date: {date}
Message-ID: <bounce.{n}@mx.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B{n}"

--B{n}
Content-Type: text/plain; charset=us-ascii

<{recipient}>: 550 5.1.1 no such user

--B{n}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B{n}
Content-Type: text/rfc822-headers

Message-ID: <{returned}>
From: {desk}

--B{n}--
"""


def week(count: int, seed: int = 1) -> list[bytes]:
    """So many mails in the order in which they were written, three minutes apart.

    New requests and replies to mails before; German and English, plain, HTML or both, with
    attachments; now and then the same mail once more (to the byte, or by another way and so with
    other bytes), a note of absence, a bounce of somebody else's mail, a newsletter, and bytes
    that are no mail at all.
    """
    chance = random.Random(seed)
    made: list[bytes] = []
    mails: list[EmailMessage] = []
    for n in range(count):
        at = BEGUN + timedelta(minutes=3 * n)
        kind = chance.random()
        if mails and kind < 0.04:
            made.append(mails[chance.randrange(len(mails))].as_bytes())
        elif mails and kind < 0.06:
            again = mails[chance.randrange(len(mails))].as_bytes()
            made.append(b"Received: by other.example with ESMTP id %d\r\n" % n + again)
        elif kind < 0.09:
            made.append(bounce(n, f"nobody{n}@gone.example", f"{n}@not.ours.example", at))
        elif kind < 0.12:
            made.append(_newsletter(n, at).as_bytes())
        elif kind < 0.15:
            away = _a_mail(chance, n, at, mails if chance.random() < 0.5 else ())
            away["Auto-Submitted"] = "auto-replied"
            made.append(away.as_bytes())
        elif kind < 0.16:
            made.append(no_mail(n))
        else:
            a_mail = _a_mail(chance, n, at, mails if chance.random() < 0.5 else ())
            mails.append(a_mail)
            made.append(a_mail.as_bytes())
    return made


def no_mail(n: int) -> bytes:
    """Bytes that nothing can be read of."""
    return b"\r\n" + b"." * n + b"\r\n"


def bounce(n: int, recipient: str, returned: str, at: datetime = BEGUN) -> bytes:
    """That the mail with the id `returned` did not arrive."""
    date = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    said = _REPORT.format(n=n, desk=DESK, recipient=recipient, returned=returned, date=date)
    return said.replace("\n", "\r\n").encode("ascii")


def a_mail(
    number: object, sender: str, subject: str, text: str, at: datetime = BEGUN, **fields: str
) -> EmailMessage:
    """A mail to the desk; `fields` are further header fields (`in_reply_to` is In-Reply-To)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, DESK, subject
    mail["Date"] = at
    mail["Message-ID"] = f"<{number}@elsewhere.example>"
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def reply(
    to: Message | bytes, number: object, text: str, at: datetime, sender: str = "", **fields: str
) -> EmailMessage:
    """An answer to a mail, as a mail program makes it: from whom that went to, unless given."""
    asked = message_from_bytes(to, policy=SMTP) if isinstance(to, bytes) else to
    refs = f"{asked.get('References', '')} {asked['Message-ID']}".split()
    return a_mail(
        number,
        sender or str(asked["To"]),
        f"AW: {str(asked['Subject']).removeprefix('Re: ')}",
        f"{text}\n\nAm 23.11.2026 um 09:12 schrieb {asked['From']}:\n> what was said\n",
        at,
        **({"In-Reply-To": str(asked["Message-ID"]), "References": " ".join(refs)} | fields),
    )


def threads(raws: Mapping[int, bytes]) -> list[set[int]]:
    """The keys of mails that share an id they have or name, transitively; each key is in one set.

    By the standard library's oldest parser and a union-find, without a line of the desk's code.
    """
    return _joined({key: ids_of(raw) for key, raw in raws.items()})


def firm_threads(raws: Mapping[int, bytes]) -> list[set[int]]:
    """The same by those ids only that one of the mails has as its own."""
    had = {id for raw in raws.values() for id in ids_of(raw, ["Message-ID"])}
    return _joined({key: ids_of(raw) & had for key, raw in raws.items()})


def _joined(ids_by_key: Mapping[int, set[str]]) -> list[set[int]]:
    parents: dict[object, object] = {}

    def root(node: object) -> object:
        while parents.setdefault(node, node) != node:
            node = parents[node]
        return node

    for key, ids in ids_by_key.items():
        root(key)
        for id in ids:
            parents[root(id)] = root(key)
    together: dict[object, set[int]] = {}
    for key in ids_by_key:
        together.setdefault(root(key), set()).add(key)
    return list(together.values())


def ids_of(raw: bytes, names: Sequence[str] = _WITH_IDS) -> set[str]:
    """The ids in the header fields of these names: those that a mail has and names."""
    mail = message_from_bytes(raw, policy=compat32)
    fields: list[object] = []
    for name in names:
        found = mail.get_all(name, [])
        fields += found[:1] if name == "Message-ID" else found
    return {id for field in fields for id in re.findall(r"<([^<>\s]+)>", str(field))}


def sender_of(raw: bytes) -> str:
    """The address of who wrote a mail, without a name."""
    return str(message_from_bytes(raw, policy=compat32)["From"])


def sent_at(raw: bytes) -> datetime:
    """When a mail says that it was written."""
    return parsedate_to_datetime(str(message_from_bytes(raw, policy=compat32)["Date"]))


def partition(where: Mapping[int, int]) -> set[frozenset[int]]:
    """The keys that lie in the same place, together."""
    lying: dict[int, set[int]] = {}
    for key, place in where.items():
        lying.setdefault(place, set()).add(key)
    return set(map(frozenset, lying.values()))


def shuffled(mails: Iterable[bytes], seed: int) -> list[bytes]:
    """The mails in an order that has nothing to do with when they were written."""
    order = list(mails)
    random.Random(seed).shuffle(order)
    return order


def _a_mail(
    chance: random.Random, n: int, at: datetime, mails: Sequence[EmailMessage]
) -> EmailMessage:
    text = chance.choice(_WORDS)
    if mails:
        # Mostly a mail of late, so that threads grow long.
        before = mails[-1 - min(int(chance.expovariate(0.2)), len(mails) - 1)]
        mail = reply(before, f"{n}.letter", text, at, sender=str(before["From"]))
        if chance.random() < 0.3:  # many programs give only one of the two
            del mail["References" if chance.random() < 0.5 else "In-Reply-To"]
    else:
        number = chance.randrange(80)
        sender = f'"{_FIRMS[number % len(_FIRMS)]} {number}" <info{number}@firm{number}.example>'
        mail = a_mail(f"{n}.letter", sender, chance.choice(_SUBJECTS), text, at)
    form = chance.random()
    if form < 0.3:
        mail.add_alternative(f"<html><body><p>{text}</p><br>-- <br></body></html>", subtype="html")
    elif form < 0.4:
        mail.set_content(f"<p>{text} <a href='https://firm.example/{n}'>hier</a>", subtype="html")
    elif form < 0.5:
        mail.set_content(text, charset="iso-8859-1", cte="quoted-printable")
    if 0.1 < form < 0.2:
        mail.add_attachment(bytes(range(256)) * 8, "application", "pdf", filename="Größe.pdf")
    for depth, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"={n}.{depth}")  # else by chance, and a week is never the same
    return mail


def _newsletter(n: int, at: datetime) -> EmailMessage:
    return a_mail(
        f"{n}.news", "News <news@shop.example>", f"Offers of week {n}", "Buy now!", at,
        List_Id="<news.shop.example>", Precedence="bulk",
    )  # fmt: skip
