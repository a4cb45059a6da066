"""Whether a mail comes from where its sender says, as a server that is trusted found.

Authentication-Results (RFC 8601) say what the receiving server made of SPF (RFC 7208), DKIM
(RFC 6376) and DMARC (RFC 7489). Whoever sends a mail can write the same field into it, so only
those are believed which stand where the own server puts them: on top, in the name of a server that
the settings trust, with no other server in between. ARC (RFC 8617) is not looked at: it says what
servers further out found, and each of them would have to be trusted as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from poc_tui.rules.mail.address import ascii_domain, domain
from poc_tui.rules.mail.message import Mail

RESULTS, RECEIVED = "authentication-results", "received"
"""The fields that count; of the second the host that added it (`received_by`)."""

_LONGEST = 4000
_BY = re.compile(r"(?:^|\s)by\s+\[?([\w.:-]{1,255})", re.I)
_RESULT = re.compile(r"\s*([\w-]{1,40})(?:/\d{1,3})?\s*=\s*([\w-]{1,40})")
_PROPERTY = re.compile(r"\b((?:smtp|header|body|policy)\.[\w-]{1,40})\s*=\s*([^\s;]{1,400})")
_QUOTED_SIGNS = str.maketrans(" ;=()", "_____")
_NO_HOST_OF_THE_NET = (".internal", ".local", ".localdomain", ".lan", ".home.arpa", ".localhost")
"""Names that mean nothing outside a house (RFC 6762, RFC 8375 and use)."""


class Verdict(StrEnum):
    """What the trusted server found."""

    PROVED = "pass"
    """Who it says sent it did."""
    FORGED = "fail"
    """It may be forged, or its sender's domain is not set up well."""
    UNKNOWN = "none"
    """No trusted server says anything, or its domain proves nothing."""


class Authentication(NamedTuple):
    """What is known of where a mail comes from."""

    verdict: Verdict
    why: str = ""
    """Of a failure: in words, with who says so."""


class _Result(NamedTuple):
    method: str
    result: str
    properties: dict[str, str]


class _Results(NamedTuple):
    by: str
    """The id of the server; empty where it gives none, as Microsoft 365 does."""
    results: tuple[_Result, ...]


def authentication(
    header: Sequence[tuple[str, str]], sender: str, trusted: Sequence[str]
) -> Authentication:
    """What the servers of these names say about a mail from `sender`.

    `header` are the fields `RESULTS` and `RECEIVED` of the mail, the topmost first; others are
    passed over. A name stands for the server of that id (authserv-id) and those below it:
    `example.com` for `mx.example.com`. Without names nothing is believed.
    """
    found = list(_believed(header, trusted))
    if not found:
        return Authentication(Verdict.UNKNOWN)
    by = next((each.by for each in found if each.by), trusted[0])
    results = [result for each in found for result in each.results]
    why = _failure(results, ascii_domain(domain(sender)))
    if why is None:
        return Authentication(Verdict.UNKNOWN)
    return Authentication(Verdict.FORGED, f"{by} says that {why}") if why else _PASSED


_PASSED = Authentication(Verdict.PROVED)


def doubt_of(mail: Mail, trusted: Sequence[str], carriers: Iterable[str] = ()) -> str:
    """Why a mail may not come from where it says, by its header; empty where nothing says so.

    `carriers` are the domains of a group of ours that brought it. A group changes what it passes on
    and sends it itself, so what its writer's domain proved is lost; then it counts that the mail
    comes from the group, which has looked at it before.
    """
    if several := mail.fields("from"):
        return f"it says that it comes from {' and from '.join(several)}"
    if not trusted or mail.sender is None:
        return ""
    found = authentication(mail.headers, mail.sender.address, trusted)
    if found.verdict != Verdict.FORGED or _is_sent_by(carriers, mail, trusted):
        return ""
    return found.why


def _is_sent_by(domains: Iterable[str], mail: Mail, trusted: Sequence[str]) -> bool:
    """Whether a server of these names found, by SPF or DKIM, that one of the domains sent it."""
    passed = [
        _vouched(result)
        for each in _believed(mail.headers, trusted)
        for result in each.results
        if result.method in ("spf", "dkim") and result.result == "pass"
    ]
    return any(_aligned(vouched, domain) for domain in domains for vouched in passed)


def received_by(received: str) -> str:
    """The host that added a Received field, or "" where it does not say."""
    found = _BY.search(_bare(received[:_LONGEST]))
    return found[1].lower().rstrip(".") if found else ""


def _believed(header: Iterable[tuple[str, str]], names: Iterable[str]) -> Iterator[_Results]:
    """What servers of these names say at the last hop; none of it once another one had the mail.

    A server writes above what it got, and its own Received field above or below its results.
    """
    trusted = [name.lower().strip(".") for name in names if name]
    if not trusted:
        return
    fields = [field for field in header if field[0] in (RESULTS, RECEIVED)]
    said = False
    for place, (name, value) in enumerate(fields):
        if name == RECEIVED:
            if said or _is_foreign(value, trusted):
                return
            continue
        results = _parsed(value)
        host = results.by or next((by for name, by in fields[place:] if name == RECEIVED), "")
        if not _is_below(host, trusted):
            return
        said = True
        yield results


def _is_below(host: str, names: Iterable[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def _is_foreign(host: str, trusted: Iterable[str]) -> bool:
    """Whether a host of that name is on the net and belongs to none of these."""
    if "." not in host or host.endswith(_NO_HOST_OF_THE_NET) or not re.search(r"[a-z]", host):
        return False  # a name in the house, or an address
    if ":" in host:
        return False
    return not any(_organisation(host) == _organisation(name) for name in trusted)


def _organisation(host: str) -> str:
    """About what was registered: `example.com`, `example.co.uk`."""
    labels = host.split(".")
    most = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-most:])


def _parsed(value: str) -> _Results:
    head, *rest = _bare(value[:_LONGEST]).split(";")
    by = ""
    if "=" in head:
        rest = [head, *rest]
    else:
        by = (head.split() or [""])[0].lower().strip(".")
    results = []
    for each in rest:
        if found := _RESULT.match(each):
            properties = {name.lower(): said.lower() for name, said in _PROPERTY.findall(each)}
            results.append(_Result(found[1].lower(), found[2].lower(), properties))
    return _Results(by, tuple(results))


def _bare(value: str) -> str:
    """A structured field without its comments; in what was quoted no sign means anything."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in value:
        if escaped:
            escaped = False
            if not depth:
                kept.append(sign.translate(_QUOTED_SIGNS))
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = sign != '"'
            kept.append(sign.translate(_QUOTED_SIGNS) if quoted else "")
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            kept.append(" ")
        elif not depth:
            quoted = sign == '"'
            kept.append("" if quoted else sign)
    return "".join(kept)


def _failure(results: Sequence[_Result], sender: str) -> str | None:
    """What speaks against a mail from that domain; "" where it is proved, None where nothing is."""
    dmarc = next((each for each in results if each.method == "dmarc"), None)
    if dmarc is not None:
        about = _domain(dmarc.properties.get("header.from", ""))
        if about and not _aligned(about, sender):
            return f"it comes from {about}, not from {sender}"
        if dmarc.result == "fail":
            return f"it does not come from {sender}: DMARC failed"
        if dmarc.result == "pass":
            return ""
    spf = [each for each in results if each.method == "spf"]
    dkim = [each for each in results if each.method == "dkim"]
    if any(each.result == "pass" and _aligned(_vouched(each), sender) for each in (*spf, *dkim)):
        return ""
    forbidden = any(each.result in ("fail", "hardfail") for each in spf)
    broken = any(each.result == "fail" for each in dkim)
    if broken and not any(each.result == "pass" for each in (*spf, *dkim)):
        return f"it does not come from {sender}: DKIM failed" + (" and SPF" if forbidden else "")
    return f"it does not come from {sender}: SPF failed" if forbidden else None


def _vouched(result: _Result) -> str:
    """The domain of which SPF or DKIM speaks."""
    names = ("smtp.mailfrom",) if result.method == "spf" else ("header.d", "header.i")
    return next(
        (_domain(result.properties[name]) for name in names if name in result.properties), ""
    )


def _domain(said: str) -> str:
    return ascii_domain(said.rpartition("@")[2].strip("<>\"'."))


def _aligned(one: str, other: str) -> bool:
    """Whether two domains are one organisation's: the same, or one below the other.

    Without the list of public suffixes two that stand side by side are not taken for one.
    """
    if "." not in one or "." not in other:
        return bool(one) and one == other
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
