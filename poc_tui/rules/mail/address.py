"""Mail addresses: found in free text, and told from one another.

Two addresses are taken for one when they differ in nothing but capitals. RFC 5321, section 2.4,
lets the part before the @ hang on them, but hardly a server does, and people write their address
now so, now so. Domains are compared as they are written on the way.

Nothing is an address that would be shown otherwise than it is, or whose domain the DNS would look
up as another one: who reads it must know where a mail goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from poc_tui.rules.text import safe

LONGEST = 320
"""Characters: 64 before the @ and 255 behind it (RFC 3696, section 3)."""

_LOOKED_AT = 10_000
"""Characters of a text; who writes more than that about a contact has named it by then."""

_ATOM = r"[^\s@<>()\[\],;:\"'\\\x00-\x1f\x7f]"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# A word that goes on before the match is too long to be an address, so nothing of it is one.
_FOUND = re.compile(
    rf"(?<!{_ATOM})(?:mailto:)?({_ATOM}(?:{_ATOM}|'){{0,63}}+)@((?:{_LABEL}\.){{0,20}}{_LABEL})"
    r"(?!\.*+\w|[@-])",
    re.IGNORECASE,
)
_A_LABEL = re.compile(r"\bxn--[a-z0-9-]{1,59}", re.IGNORECASE)
PROVIDERS = frozenset((
    "126.com", "163.com", "aol.com", "arcor.de", "bluewin.ch", "fastmail.com", "free.fr",
    "freenet.de", "gmail.com", "googlemail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
    "gmx.net", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.co.uk", "icloud.com",
    "laposte.net", "libero.it", "live.com", "live.de", "mac.com", "mail.com", "mail.de",
    "mail.ru", "mailbox.org", "me.com", "msn.com", "onet.pl", "orange.fr", "outlook.com",
    "outlook.de", "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com", "seznam.cz",
    "t-online.de", "tuta.com", "tutanota.com", "wanadoo.fr", "web.de", "wp.pl", "yahoo.co.uk",
    "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru", "ymail.com", "zoho.com",
))  # fmt: skip
"""Domains at which anybody has an address: two people at one have nothing to do with each other."""

_OF_ONE_SCRIPT = frozenset(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"))
_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуѵαικνορτυχ0123456789-")
"""Letters of other scripts that are taken for Latin ones, and what stands between letters."""

_ON_THE_WAY = re.compile(r"[a-z0-9.-]+")


def address_in(text: str) -> str | None:
    """The first mail address in a text such as `Workshop <w@x.example>, ext. 21`.

    One whose domain has no dot, such as `bob@intranet`, only where there is no other. Its domain is
    in small letters, the part before the @ as it was written. None if there is no address; one
    with a quoted part before the @ (RFC 5321, section 4.1.2) is not found.
    """
    found = _first(text)
    return None if found is None else f"{found[1]}@{found[2].lower()}"


def addresses_in(text: str, most: int) -> list[str]:
    """The mail addresses in a text, each once, at most `most`; written as in `address_in`."""
    found = dict.fromkeys(f"{each[1]}@{each[2].lower()}" for each in islice(_all(text), most))
    return list(found)


def name_beside(text: str) -> str:
    """What a text says before its mail address, which is who is there; all of it without one.

    Empty where the address comes first.
    """
    found = _first(text)
    return text if found is None else text[: found.start()].strip(" <(\"',;:")


def is_address(text: str) -> bool:
    """Whether a text is one mail address and nothing else."""
    if len(text) > LONGEST or ":" in text:
        return False
    found = _FOUND.fullmatch(text)
    return found is not None and _is_what_it_looks_like(found)


def domain(address: str) -> str:
    """What stands behind the @ of an address, in small letters; empty if there is no @."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def same(one: str, other: str) -> bool:
    """Whether two addresses reach the same mailbox; no address is the same as nothing."""
    return bool(one.strip()) and compared(one) == compared(other)


def is_among(address: str, addresses: Iterable[str]) -> bool:
    """Whether an address is the same as one of these."""
    wanted = compared(address)
    return bool(wanted) and any(compared(each) == wanted for each in addresses)


def known_as(address: str, *texts: str) -> bool:
    """Whether one of these texts, such as a department's contact, names this address."""
    return is_among(address, (f"{found[1]}@{found[2]}" for text in texts for found in _all(text)))


def of_one_house(one: str, other: str) -> bool:
    """Whether two addresses are at one domain, or one at a domain below the other's, and it is not
    that of a mail provider; or are the same."""
    first, second = (ascii_domain(domain(each)) for each in (one, other))
    if not first or not second or {first, second} & PROVIDERS:
        return same(one, other)
    return f".{first}".endswith(f".{second}") or f".{second}".endswith(f".{first}")


def _first(text: str) -> re.Match[str] | None:
    first = None
    for found in _all(text):
        if "." in found[2]:
            return found
        first = first or found
    return first


def _all(text: str) -> Iterator[re.Match[str]]:
    return filter(_is_what_it_looks_like, _FOUND.finditer(text[:_LOOKED_AT]))


def _is_what_it_looks_like(found: re.Match[str]) -> bool:
    """Whether it is shown as it is, and its domain is looked up as it is shown.

    The DNS holds no letter that stands for others (RFC 5892, section 2.2): `a⑴.example` would be
    asked for as `a(1).example`. No last label is a number (RFC 3696, section 2).
    """
    domain = found[2]
    if found[0].isascii():
        on_the_way = domain.lower()
    elif safe(found[0]) != found[0] or unicodedata.normalize(
        "NFKC", domain
    ) != unicodedata.normalize("NFC", domain):
        return False
    else:
        on_the_way = ascii_domain(domain)
    is_number = on_the_way.rpartition(".")[2].isdigit()
    return _ON_THE_WAY.fullmatch(on_the_way) is not None and not is_number


@lru_cache(maxsize=1000)
def compared(address: str) -> str:
    """An address in the one form of all that reach its mailbox. Not by `casefold`, to which `ß`
    and `ss` are one."""
    local, at, domain = address.strip().rpartition("@")
    if not at or len(domain) > LONGEST:
        return address.strip().lower()
    return f"{local.lower()}@{ascii_domain(domain)}"


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


def readable_address(address: str) -> str:
    """An address with its domain in the letters that people write (RFC 5890):
    `info@bäckerei.example` for `info@xn--bckerei-5wa.example`.

    A name that mixes scripts, or is made of letters that look like Latin ones, stays as it is on
    the way: it could pass for another (Unicode Technical Standard 39).
    """
    local, _, domain = address.rpartition("@")
    if "xn--" not in domain.lower():
        return address
    readable = f"{local}@{'.'.join(map(_readable_label, domain.split('.')))}"
    return readable if is_address(readable) else address


def readable_domains(text: str) -> str:
    """A text with each name of the DNS in it in the letters that people write."""
    if "xn--" not in text.lower():
        return text
    return _A_LABEL.sub(lambda label: _readable_label(label[0]), text)


def spellings(address: str) -> tuple[str, ...]:
    """An address as it is given, as people write its domain and as the DNS has it, each once: so
    one can be kept."""
    return tuple(dict.fromkeys((address, readable_address(address), ascii_address(address))))


def _readable_label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        readable = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    scripts = {
        unicodedata.name(letter, "").partition(" ")[0] for letter in readable if letter.isalpha()
    }
    # Names are written in Chinese characters and one of the scripts of Japanese at once.
    is_mixed = len(scripts - _OF_ONE_SCRIPT) + bool(scripts & _OF_ONE_SCRIPT) != 1
    if is_mixed or _LIKE_LATIN.issuperset(readable) or _ascii_label(readable) != label.lower():
        return label
    return readable


def _ascii_label(label: str) -> str:
    mapped = unicodedata.normalize("NFKC", label.lower()).lower()
    return mapped if mapped.isascii() else f"xn--{mapped.encode('punycode').decode()}"
