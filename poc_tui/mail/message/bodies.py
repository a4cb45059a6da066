"""Which parts of a message are its text, and which are attached to it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from poc_tui.mail.message import charsets
from poc_tui.mail.message.containers import is_tnef, without_armour
from poc_tui.mail.message.structure import Entity, Structure
from poc_tui.mail.message.transfer import uu_files
from poc_tui.rules.mail.message import ENCRYPTED
from poc_tui.rules.text import plain

MAX_TEXT = 1_000_000
"""Characters of text that are kept."""

_MAX_ENCODED = 8_000_000
"""Bytes of one text part that are looked at; HTML may be long and say little."""

_HTML = ("text/html", "application/xhtml+xml")
_BODIES = ("text/plain", "text/enriched", "text/richtext", "text/markdown", *_HTML)
# RFC 2046, section 4.1.4: a subtype of text that nobody knows is shown as it stands. These are
# known, and are no words for a person.
_NO_WORDS = frozenset(
    f"text/{subtype}" for subtype in (
        "calendar", "css", "csv", "directory", "javascript", "rfc822-headers", "vcard",
        "watch-html", "x-amp-html", "x-vcard", "xml",
    )
)  # fmt: skip
# What programs put into the plain alternative that have only HTML to say.
_STUB = re.compile(
    r"\bhtml\b.{0,200}\b(?:view|display|support|show|read|anzeig\w{0,9}|darstell\w{0,9}"
    r"|unterstütz\w{0,9}|lesen|aktivier\w{0,9})|"
    r"\b(?:view|display|support|show|read|anzeig\w{0,9}|darstell\w{0,9}|unterstütz\w{0,9}"
    r"|browser)\b.{0,200}\bhtml\b",
    re.I | re.S,
)
_STUB_LENGTH = 400
_SHORT = 20_000
# Some servers turn the first into a multipart/mixed.
_PGP = ("multipart/encrypted", "application/pgp-encrypted")
_MAX_WRAPPED = 3


@dataclass(slots=True)
class Bodies:
    """The text of a message, and the leaves that are neither it nor another form of it."""

    text: str = ""
    html: bool = False
    """Whether there is a form of it in HTML."""
    attached: list[Entity] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


def bodies(structure: Structure) -> Bodies:
    """Tell the text of a message from what is attached to it.

    The plain form is preferred to HTML unless it says nothing or that it says nothing. Texts that
    follow each other are joined in order, an empty line between them.
    """
    found = Bodies()
    readable = read_as_text(structure)
    found.text = _joined(_texts(structure.root, readable), found.trouble)
    if not found.text:
        # Outlook says the same once more in its own form, beside what it says to everybody.
        wrapped = [
            text
            for leaf in structure.leaves
            if is_tnef(leaf.type, leaf.name)
            for text in leaf.children
        ]
        texts = [text for text in wrapped if text in readable]
        found.text = _joined(texts[:_MAX_WRAPPED], found.trouble)
    found.html = any(leaf.type in _HTML for leaf in readable)
    found.attached = [
        leaf for leaf in structure.leaves if not leaf.children and not readable.get(leaf)
    ]
    if "-----BEGIN" in found.text:
        found.text, sentences = without_armour(found.text)
        found.trouble += sentences
    if any(leaf.type in _PGP for leaf in _branches(structure.root)):
        found.trouble.append(ENCRYPTED)
    return found


def _joined(entities: Iterable[Entity], trouble: list[str]) -> str:
    room = MAX_TEXT
    said: list[str] = []
    for entity in entities:
        text = text_of(entity)
        if len(text) > room or entity.encoded_size() > _MAX_ENCODED:
            trouble.append("Its text is very long; only the beginning was read.")
        text = text[:room].strip("\n")
        if text.strip():
            said.append(text)
            room -= len(text)
        if room <= 0:
            break
    return plain("\n\n".join(said))


def read_as_text(structure: Structure) -> dict[Entity, bool]:
    """The leaves that are read as text; those of them that count as attached as well have False.

    A text that has a name is one where it is the whole message, a form of it, or the first text
    (RFC 2183, section 2.1: what is inline is displayed). Unless it was said to be inline, it may
    also be a file that somebody wants to have; so may a short one that is to be shown behind
    another text.
    """
    found: dict[Entity, bool] = {}
    for leaf in structure.leaves:
        if leaf.type.startswith("multipart/"):  # of unknown boundary or too deep
            found[leaf] = True
        elif not (_is_words(leaf.type) or _is_all(leaf, structure.root)):
            continue
        elif leaf.attached:
            if leaf is structure.root:  # nothing else could be the text
                found[leaf] = False
        elif not leaf.name or leaf is structure.root or leaf.is_form:
            found[leaf] = True
        elif leaf.type in _BODIES and not any(map(_says_anything, found)):
            found[leaf] = leaf.inline
        elif leaf.type in _BODIES and leaf.inline and leaf.encoded_size() <= _SHORT:
            found[leaf] = False
    return found


def _says_anything(text: Entity) -> bool:
    return bool(text.body(_STUB_LENGTH).strip())


def _is_all(leaf: Entity, root: Entity) -> bool:
    """Whether it is a text of whatever sort, but that and nothing else."""
    return leaf is root and leaf.type.startswith("text/") and leaf.type != "text/calendar"


def _is_words(type: str) -> bool:
    return type in _BODIES or (type.startswith("text/") and type not in _NO_WORDS)


def text_of(entity: Entity) -> str:
    r"""The words of one text part, files in uuencode cut out; line ends are `\n`."""
    data = entity.body(_MAX_ENCODED)
    if entity.type in ("text/plain", "text/html"):
        for file in reversed(uu_files(data)):
            data = data[: file.start] + data[file.end :]
    if entity.type in _HTML:
        return _of_html(charsets.decode(data, entity.charset or charsets.in_html(data)))
    if entity.type == "text/rtf":
        from poc_tui.mail.message import rtf

        words, is_html = rtf.to_text(data)
        return _of_html(words) if is_html else words
    text = charsets.decode(data[: 4 * MAX_TEXT], entity.charset)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if entity.type in ("text/enriched", "text/richtext"):
        from poc_tui.mail.message import html_text

        return html_text.stripped(text)
    if entity.parameters.get("format", "").lower() == "flowed":
        delete_space = entity.parameters.get("delsp", "").lower() == "yes"
        return _unflowed(text, delete_space=delete_space)
    return text


def _of_html(document: str) -> str:
    from poc_tui.mail.message import html_text

    return html_text.to_text(document)


def _branches(entity: Entity) -> list[Entity]:
    return [entity, *(inner for child in entity.children for inner in _branches(child))]


def _texts(entity: Entity, readable: Container[Entity]) -> list[Entity]:
    """The text parts that are to be read of a part; its depth is bounded by the structure."""
    if not entity.children:
        return [entity] if entity in readable else []
    if is_tnef(entity.type, entity.name):
        return []
    if entity.type == "multipart/alternative":
        return _best([_texts(child, readable) for child in entity.children])
    if entity.type in ("multipart/related", "multipart/report", "multipart/signed"):
        # RFC 2387, section 3.2; RFC 6522, section 3; RFC 1847, section 2.1: the first is the text.
        inside = sorted(entity.children, key=lambda child: not _begins(entity, child))
        return next((texts for child in inside if (texts := _texts(child, readable))), [])
    return [text for child in entity.children for text in _texts(child, readable)]


def _begins(related: Entity, child: Entity) -> bool:
    """Whether a part is named as the one that the others belong to (RFC 2387, section 3.2)."""
    start = related.parameters.get("start", "").strip(" <>")
    return bool(start) and child.fields.first("content-id").strip(" <>") == start


def _best(forms: list[list[Entity]]) -> list[Entity]:
    """Of several forms of the same text the plainest that says something."""
    forms = [form for form in forms if form]
    for form in forms:
        if all(text.type == "text/plain" for text in form) and _says_something(form):
            return form
    others = [form for form in forms if any(text.type != "text/plain" for text in form)]
    return others[0] if others else forms[0] if forms else []


def _says_something(form: list[Entity]) -> bool:
    words = "".join(text_of(text)[: 2 * _STUB_LENGTH] for text in form).strip()
    return bool(words) and not (len(words) < _STUB_LENGTH and _STUB.search(words))


def _unflowed(text: str, *, delete_space: bool) -> str:
    """`text` with each paragraph on one line; quoted ones keep a `>` for each level.

    `delete_space`: the space that marks a broken line was added and goes (DelSp=yes).
    """
    lines: list[str] = []
    open_at: int | None = None  # the quote depth of a paragraph that goes on
    pieces: list[str] = []
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")  # space-stuffing
        if open_at is not None and (open_at != depth or content == "-- "):
            lines.append("".join(pieces))
            open_at = None
        if open_at is None:
            pieces = ["> " if depth == 1 else f"{'>' * depth} " if depth else ""]
        flows = content.endswith(" ") and content != "-- "
        pieces.append(content[:-1] if flows and delete_space else content)
        open_at = depth if flows else None
        if not flows:
            lines.append("".join(pieces))
    if open_at is not None:
        lines.append("".join(pieces))
    return "\n".join(lines)
