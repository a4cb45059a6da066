"""Who a mail is from, whatever carried it to us, and where its answer goes.

A web form writes in its own name, a group address in its own or ours; the person stands in Reply-To
(RFC 5322, section 3.6.2) or in what the group kept of the first header. Nothing here is proof:
whoever writes a mail writes its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from poc_tui.rules.mail.address import (
    PROVIDERS,
    ascii_domain,
    domain,
    is_address,
    is_among,
    of_one_house,
    readable_address,
)
from poc_tui.rules.mail.automatic_senders import (
    is_a_role,
    is_no_reply,
    is_program,
    names_a_form,
)
from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.rules.mail.nature import is_bulk
from poc_tui.rules.text import words

_LIST_FIELDS = ("list-post", "mailing-list", "x-mailing-list", "x-beenthere")
_ATOM = r"[^\s<>@,;:\"'()\[\]]{1,64}+"
_ADDRESS = re.compile(rf"{_ATOM}(?:(?<=\w)'(?=\w){_ATOM}){{0,3}}+@[\w.-]{{1,255}}")
_NAMED = re.compile(rf"([^<>,;]{{0,200}}<)?\s{{0,9}}({_ADDRESS.pattern})")
_VIA = re.compile(
    r"\W{0,3}(\w[^<>]{0,199}?)['\"’”)\]]{0,2}\s{1,9}\(?"
    r"(?:via|über|ueber|par|vía|por|tramite|przez|genom|gennem|kautta|prostřednictvím|через)"
    r"\s{1,9}\S"
)
_LOOKED_AT = 10_000
"""Characters of a text among which its only address is looked for."""

_AROUND_NAMES = " ,;<'\"‘’“”"


def writer(mail: Mail, ours: Sequence[str]) -> MailAddress | None:
    """Who wrote it: its sender, or the person for whom a form or a group address sent it.

    `ours` are the desk's own addresses. Where nothing says who the person is, it is the sender.
    """
    sender = mail.sender
    if sender is None or not (_was_rewritten(mail, sender, ours) or is_form(mail, ours)):
        return sender
    carriers = [*list_addresses(mail), sender.address]
    for person in _persons(mail, sender):
        if _is_persons(person.address, ours) and not is_among(person.address, carriers):
            name = person.name if "@" not in person.name else ""
            return MailAddress(name or _name_before_via(sender.name), person.address)
    return sender


def nature_to(mail: Mail, ours: Sequence[str]) -> Nature:
    """What sort of mail it is to a desk that has these addresses: what comes by a group address
    of its own is as if it had come without."""
    if mail.nature != Nature.LIST or not came_by_our_group(mail, ours):
        return mail.nature
    said = dict(reversed(mail.headers))
    said |= {"from": f"{mail.sender.name} <{mail.sender.address}>"} if mail.sender else {}
    said |= {"references": ""} if mail.refs else {}
    return Nature.LIST if is_bulk(said) else Nature.ORDINARY


def came_by_our_group(mail: Mail, ours: Sequence[str]) -> bool:
    """Whether every list that it came by is an address of the desk, as one of Google Groups,
    Microsoft 365 or Mailman is that brings it the mail of its customers.

    A list at our own domain is one too where the mail names us and somebody else wrote it.
    """
    posts, ids = list_addresses(mail), _list_ids(mail)
    if not (posts or ids):
        groups = [*named_in(mail, "sender"), *(mail.recipients if _is_of_google(mail) else ())]
        return any(is_among(each.address, ours) for each in groups)
    strange = [each for each in posts if not is_among(each, ours)]
    strange += [id for id in ids if not any(_is_list_of(id, each) for each in ours)]
    if not strange:
        return True
    houses = tuple(f"{sign}{house}" for house in our_domains(ours) for sign in ".@")
    return (
        bool(houses)
        and all(ascii_domain(each).endswith(houses) for each in strange)
        and not is_colleague(mail.sender, ours)
        and any(is_among(each.address, ours) for each in mail.recipients)
    )


def asked_for(mail: Mail) -> tuple[MailAddress, ...]:
    """Where its writer wants the answers (Reply-To); a list that it came by asks for itself, and
    an address that nobody reads does not count."""
    first = (mail.reply_to,) if mail.reply_to else ()
    found: list[MailAddress] = []
    lists = list_addresses(mail)
    for each in (*first, *named_in(mail, "reply-to")):
        if is_among(each.address, [*(one.address for one in found), *lists]):
            continue
        if is_address(each.address) and not is_no_reply(each.address):
            found.append(each)
    return tuple(found)


def somebody_in(text: str, besides: Sequence[str]) -> str | None:
    """The one address of a person that a text names, at the domain of none of these others; None
    where it names none or several."""
    named = (each.rstrip(".") for each in _ADDRESS.findall(text[:_LOOKED_AT]))
    persons = [
        each
        for each in {each.lower(): each for each in named}.values()
        if _is_persons(each, besides) and not any(of_one_house(each, other) for other in besides)
    ]
    return persons[0] if len(persons) == 1 else None


def is_form(mail: Mail, ours: Sequence[str]) -> bool:
    """Whether a program sent it, for the person whom Reply-To names: a form of a web site, a shop.

    By what its address or its name says, or the header; else where it is to be answered elsewhere
    and comes from our own domain, as what the form of our own site sends, or from an address of a
    firm, to somebody of another name. What bears one of our
    very addresses may be written by ourselves.
    """
    sender = mail.sender
    if sender is None or is_among(sender.address, ours):
        return False
    if is_program(sender.address):
        return True
    elsewhere = [each for each in asked_for(mail) if not of_one_house(each.address, sender.address)]
    if not elsewhere or mail.refs:  # no form replies
        return False
    submitted = "".join(mail.fields("auto-submitted")[:1]).lower()
    return (
        names_a_form(sender.name)
        or submitted.startswith("auto-generated")
        or any("phpmailer" in each.lower() for each in mail.fields("x-mailer"))
        or bool(mail.fields("x-php-originating-script") or mail.fields("x-wpcf7-content-type"))
        or (is_colleague(sender, ours) and not is_colleague(elsewhere[0], ours))
        or (is_a_role(sender.address) and _are_two(sender.name, elsewhere[0].name))
    )


def is_colleague(somebody: MailAddress | None, ours: Sequence[str]) -> bool:
    """Whether an address is at the domain of one of ours, which is no mail provider's."""
    return somebody is not None and ascii_domain(domain(somebody.address)) in our_domains(ours)


def is_a_providers(domain: str) -> bool:
    """Whether anybody has an address at that domain."""
    return ascii_domain(domain) in PROVIDERS


def our_domains(ours: Sequence[str]) -> frozenset[str]:
    """The domains of these addresses, as they are on the way, but those of mail providers."""
    return frozenset(ascii_domain(domain(each)) for each in ours) - PROVIDERS - {""}


def named_in(mail: Mail, field: str) -> Iterator[MailAddress]:
    """The addresses that the header fields of that name hold, with the names before them."""
    for text in mail.fields(field):
        found = list(_NAMED.finditer(text))
        for each in found:
            # A comma of a name is only told from one between addresses where there is but one.
            name = text[: each.start(2)] if len(found) == 1 else each[1] or ""
            yield MailAddress(name.strip(_AROUND_NAMES), readable_address(each[2]))


def list_addresses(mail: Mail) -> tuple[str, ...]:
    """The addresses of the lists that it came by: where one writes to them (RFC 2369)."""
    found = (_ADDRESS.search(each) for name in _LIST_FIELDS for each in mail.fields(name))
    return tuple(dict.fromkeys(each[0] for each in found if each))


def _list_ids(mail: Mail) -> list[str]:
    """The names of these lists: such as `support.example.com` (RFC 2919)."""
    said = (each.rpartition("<")[2].partition(">")[0] for each in mail.fields("list-id"))
    return [id for each in said if (id := each.strip().lower())]


def _is_list_of(id: str, address: str) -> bool:
    """Whether a list of that name writes to that address: `support.lists.example.com` is one of
    `support@example.com`, too."""
    local, at, host = address.lower().rpartition("@")
    return bool(at) and id.startswith(f"{local}.") and id.endswith(f".{ascii_domain(host)}")


def _is_of_google(mail: Mail) -> bool:
    return bool(mail.fields("x-google-group-id"))


def _was_rewritten(mail: Mail, sender: MailAddress, ours: Sequence[str]) -> bool:
    """Whether its From is the address of what carried it: a list's, since the policy of the
    writer's domain lets nobody else send for it (DMARC), or our own."""
    if is_among(sender.address, list_addresses(mail)) or any(
        _is_list_of(id, sender.address) for id in _list_ids(mail)
    ):
        return True
    if not is_among(sender.address, ours):
        return False
    if mail.fields("x-original-from") or _name_before_via(sender.name):
        return True
    # Else I wrote it and want the answers elsewhere, unless it begins something and is to us.
    begins = mail.original is None and not mail.refs
    return begins and any(is_among(each.address, ours) for each in mail.recipients)


def _persons(mail: Mail, sender: MailAddress) -> Iterator[MailAddress]:
    """Who can have written what a program sent, the best sign first."""
    yield from named_in(mail, "x-original-from")
    yield from asked_for(mail)
    yield from named_in(mail, "x-original-sender")
    name = _name_before_via(sender.name)
    # Mailman puts the writer there where answers are to go to the list.
    yield from (each for each in mail.cc if name and each.name == name)
    yield from (MailAddress("", found) for found in _ADDRESS.findall(sender.name))
    if mail.original is not None:  # Mailman can put the whole mail into one of its own
        yield mail.original
    yield from named_in(mail, "x-mailfrom")
    yield from named_in(mail, "sender")


def _are_two(one: str, other: str) -> bool:
    """Whether two names have no word in common, and both are there."""
    first, second = ({word for word in words(name) if len(word) > 2} for name in (one, other))
    return bool(first and second) and first.isdisjoint(second)


def _is_persons(address: str, ours: Sequence[str]) -> bool:
    return is_address(address) and not is_program(address) and not is_among(address, ours)


def _name_before_via(name: str) -> str:
    """`Anna Neu` of `'Anna Neu' via Support`; empty where no name is so put."""
    found = _VIA.match(name)
    return found[1].strip(_AROUND_NAMES) if found and "@" not in found[1] else ""
