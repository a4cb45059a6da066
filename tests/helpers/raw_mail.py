"""Mails written by hand, as programs really send them."""

from __future__ import annotations

from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail.message import Mail

FROM = "From: Meyer AG <info@meyer.example>"


def mail(headers: str = "", body: str | bytes = "", *, charset: str = "utf-8") -> bytes:
    """A mail from Meyer AG with these header lines and this body."""
    raw = body if isinstance(body, bytes) else body.encode(charset)
    return f"{FROM}\n{headers.strip()}\n".replace("\n\n", "\n").encode("utf-8") + b"\n" + raw


def read(headers: str = "", body: str | bytes = "", *, charset: str = "utf-8") -> Mail:
    """What is read of such a mail."""
    return parse(mail(headers, body, charset=charset))


def said(body: str) -> Mail:
    """What is read of a mail in plain UTF-8."""
    return read("Content-Type: text/plain; charset=utf-8", body)


def html(body: str) -> Mail:
    """What is read of a mail in HTML."""
    return read("Content-Type: text/html; charset=utf-8", body)


def mixed(*parts: str, kind: str = "mixed; boundary=x") -> Mail:
    """What is read of a mail of these parts, each with its own header."""
    inside = "".join(f"--x\n{part}\n" for part in parts)
    return read(f"Content-Type: multipart/{kind}", f"{inside}--x--\n")
