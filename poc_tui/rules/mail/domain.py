"""The domain of a mail address as it is written on the way."""

from __future__ import annotations

import unicodedata


def ascii_domain(domain: str) -> str:
    """A domain in the letters of the DNS: `bäckerei.example` is `xn--bckerei-5wa.example`.

    By IDNA 2008 (RFC 5891), in which `ß` and `ς` are letters of their own. The standard library's
    codec is IDNA 2003, which would send the mail for `straße.example` to `strasse.example`.
    """
    if domain.isascii():
        return domain.lower()
    labels = domain.replace("。", ".").split(".")
    return ".".join(map(_ascii_label, labels))


def ascii_address(address: str) -> str:
    """An address with its domain so written; the part before the @ is left as it is."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def _ascii_label(label: str) -> str:
    mapped = unicodedata.normalize("NFKC", label.lower()).lower()
    return mapped if mapped.isascii() else f"xn--{mapped.encode('punycode').decode()}"
