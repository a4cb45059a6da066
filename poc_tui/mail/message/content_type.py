"""What a part says it is (RFC 2045, section 5), as programs really write it."""

from __future__ import annotations

import re

from poc_tui.mail.message.headers import one_line, with_parameters, words

_TOP = "text|multipart|message|application|image|audio|video|model|font"
_NAME = r"[a-z0-9!#$&^_.+-]{1,100}+"
_WELL_FORMED = re.compile(rf"[a-z0-9!#$&^_.+-]{{1,50}}/{_NAME}")
_BEGINS_WELL = re.compile(rf"\W*(({_TOP}|x-[a-z]{{1,20}})\s*[/\\]\s*({_NAME}))(\s*=)?", re.I)
_SWAPPED = re.compile(r"\W*(plain|html|calendar)\s*/\s*text\b", re.I)
_GLUED = re.compile(r"(.{2,}?)(charset|boundary|name|format|type|delsp)$", re.I)
_PARAMETER = re.compile(r"\b(charset|boundary|name|format|delsp|method)\s*=", re.I)
_COMMENT = re.compile(r"\([^()]{0,500}+\)")
_MEANT = {
    "text": "text/plain", "plain": "text/plain", "txt": "text/plain", "html": "text/html",
    "htm": "text/html", "calendar": "text/calendar", "multipart": "multipart/mixed",
    "mixed": "multipart/mixed", "alternative": "multipart/alternative",
    "related": "multipart/related", "pdf": "application/pdf", "plain/text": "text/plain",
    "html/text": "text/html", "text/htm": "text/html", "text/txt": "text/plain",
    "application/text": "text/plain", "application/html": "text/html",
}  # fmt: skip
_HTML = re.compile(rb"[\s\xef\xbb\xbf]{0,100}+<(?:!doctype html|html|head|body)\b", re.I)


def read(value: str, usual: str) -> tuple[str, dict[str, str]]:
    """The media type of a Content-Type field, in lower case, and its parameters.

    `usual` is what a part without the field is; "" comes back for a field that says nothing that
    could be a type, so that whoever has the body can look.
    """
    head, parameters = with_parameters(value)
    if _WELL_FORMED.fullmatch(head):
        return _MEANT.get(head, head), parameters
    if not value.strip():
        return usual, parameters
    return _mended(_COMMENT.sub(" ", words(value)) if "=?" in value or "(" in value else value)


def text_of(beginning: bytes) -> str:
    """Which text it is whose first bytes are these, where nobody says so."""
    return "text/html" if _HTML.match(beginning) else "text/plain"


def guessed(beginning: bytes, *, named: bool) -> str:
    """The type of a part whose field says none, by its first bytes: it is text (RFC 2045, 5.2),
    unless it has a name or is attached, or no text begins so."""
    if named or b"\0" in beginning or beginning.startswith((b"%PDF-", b"PK\3\4", b"\x89PNG")):
        return "application/octet-stream"
    return text_of(beginning)


def _mended(value: str) -> tuple[str, dict[str, str]]:
    """A field that is not well formed: without a semicolon, with a comma, of one word."""
    if found := _SWAPPED.match(value):
        type, rest = f"text/{found[1].lower()}", value[found.end() :]
    elif found := _BEGINS_WELL.match(value):
        subtype, end = found[3], found.end(3)
        if found[4] and (glued := _GLUED.match(subtype)):
            subtype, end = glued[1], found.start(3) + len(glued[1])
        type, rest = f"{found[2]}/{subtype}".lower(), value[end:]
    else:
        word = re.search(r"[a-z]+", value.partition(";")[0].lower())
        type = _MEANT.get(word[0], "") if word else ""
        rest = value
    where = _PARAMETER.search(rest)
    _, parameters = with_parameters(f";{rest[where.start() :]}" if where else "")
    return one_line(type), parameters
