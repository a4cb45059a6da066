"""Mails as customers send them, made up: for taking in many of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from bench.texts import Texts

_FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
_DESK = "desk@poc.example"
_REPLIES = 0.4
"""How many of them answer a mail before."""
_ATTACHED = bytes(range(256)) * 80


def maildir(folder: Path, count: int) -> Path:
    """A Maildir of `count` mails in `folder`; the same each time. Returns its path."""
    target = folder / f"maildir-{count}"
    for name in ("cur", "new", "tmp"):
        (target / name).mkdir(parents=True)
    for n, raw in enumerate(mails(count)):
        (target / "cur" / f"{1_700_000_000 + n}.{n}.bench:2,").write_bytes(raw)
    return target


def mails(count: int, seed: int = 1) -> Iterator[bytes]:
    """Plain ones, ones with HTML, ones with an attachment, German and English, many in threads."""
    chance = random.Random(seed)
    texts = Texts(seed)
    last: list[tuple[str, str, str]] = []
    for n in range(count):
        mail = EmailMessage(policy=SMTP)
        mail["Message-ID"] = f"<{n}.{chance.randrange(1 << 40):x}@mail.example>"
        mail["Date"] = _FIRST + timedelta(minutes=7 * n)
        quoted = ""
        if last and chance.random() < _REPLIES:
            sender, subject, answered = last.pop(chance.randrange(len(last)))
            mail["Subject"] = subject if subject.startswith("AW: ") else f"AW: {subject}"
            mail["In-Reply-To"] = mail["References"] = answered
            words = texts.message().splitlines() or [""]
            quoted = "\n\nAm 05.01.2026 um 09:00 schrieb " + _DESK + ":\n"
            quoted += "\n".join(f"> {line}" for line in words)
        else:
            address = f"info{chance.randrange(4000)}@firm{chance.randrange(900)}.example"
            sender = f'"{texts.firm()}" <{address}>'
            mail["Subject"] = texts.subject()
        mail["From"], mail["To"] = sender, _DESK
        for name in ("X-Mailer", "Received", "DKIM-Signature", "Received"):
            mail[name] = f"by mx{chance.randrange(9)}.example with ESMTPS id {chance.random()}"
        text = texts.message() or texts.subject()
        firm = sender.split('"')[1]
        mail.set_content(f"{text}{quoted}\n\n-- \n{firm}\nTel. 0821 4711\n")
        kind = chance.random()
        if kind < 0.4:
            html = "".join(f"<p>{line}</p>" for line in (text + quoted).splitlines())
            mail.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
        if kind < 0.15:
            mail.add_attachment(
                _ATTACHED, maintype="application", subtype="pdf", filename="Rechnung größer.pdf"
            )
        last.append((sender, str(mail["Subject"]), str(mail["Message-ID"])))
        del last[:-50]
        yield mail.as_bytes()
