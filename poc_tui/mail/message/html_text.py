"""HTML to text: what a person reads, with the targets of links; nothing is ever fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element  # type: ignore[import-untyped]

MAX_BYTES = 8_000_000
"""Of a longer document only the first part is read."""

MAX_ELEMENTS = 15_000
"""Above this, and above `MAX_WORDS`, only the tags are taken out: laying out would take long."""

MAX_WORDS = 300_000
"""Characters."""

MAX_ATTRIBUTES = 300
"""Of one tag; libxml2 compares each with all before it (HTMLparser.c, htmlParseStartElement)."""

# libxml2 stops at 256 and drops what is deeper (HTMLparser.c, htmlMaxNameDepth); inscriptis
# calls itself once for each level.
_MAX_DEPTH = 200
_STYLES = 100_000
_CELL = 200
_ROWS = 200
_DROPPED = {"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg"}
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all", re.I)
_STRUCK = ("s", "strike", "del")
_MAY_BE_STRUCK = re.compile(r"<(?:s|strike|del)\b|line-through", re.I)
_LINE_THROUGH = re.compile(
    r"text-decoration(?:-line)?\s{0,9}:\s{0,9}(?:[^;:{}]{0,99}?(line-through)|none)", re.I
)
_STRUCK_CLASS = re.compile(
    r"\.([\w-]{1,99}+)\s{0,9}\{[^{}]{0,999}?text-decoration(?:-line)?\s{0,9}:[^;:{}]{0,99}?line-through",
    re.I,
)
_BLOCKS = frozenset(
    ("p", "div", "br", "tr", "td", "th", "li", "ul", "ol", "table", "blockquote", "pre", "hr",
     "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
# In a document without a layout only the words right within such a tag are known to be struck out.
_STRUCK_WORDS = re.compile(
    r"(?><([a-z]{1,9})\b[^<>]{0,500}?line-through)[^<>]{0,500}+>([^<>]{1,2000}+)</\1>", re.I
)
_STRUCK_TAG = re.compile(r"</?(?:s|strike|del)\b[^<>]*+>", re.I)
# What the button for indenting makes in Gmail and Outlook; a quotation has a border or a class.
_INDENTED = re.compile(r"\bborder\s{0,9}:\s{0,9}(?:none|0)(?!.{0,2000}border-left)", re.I | re.S)
_RULE = "_" * 32
"""Stands for a horizontal rule, as Outlook writes it in plain text."""
_SHOWN_LINK = re.compile(r"(?:https?://|mailto:|tel:|ftp://)\S", re.I)
# Private characters that mark where a quotation begins and ends; they are not in what comes in.
_BEGIN, _END = "\ue000", "\ue001"
_MARKS = str.maketrans("", "", _BEGIN + _END)

_INVISIBLE = ("script", "style", "head", "title", "template")
_INVISIBLE_BEGINS = re.compile(rf"<(?:!--|({'|'.join(_INVISIBLE)})\b)", re.I | re.A)
_INVISIBLE_ENDS = {
    "": re.compile("-->"),
    **{name: re.compile(rf"</{name}[^<>]*+>?", re.I | re.A) for name in _INVISIBLE},
}
_TAG_END = re.compile(">")
_LONGEST_TAG = 2000
_BREAK = re.compile(r"<(?:br|/?(?:p|div|tr|li|ul|ol|table|h[1-6]|blockquote|pre))\b[^<>]*+>", re.I)
_LINK_OR_IMAGE = re.compile(r"<a\b([^<>]*+)>|<img\b([^<>]*+)>|</a\s*+>", re.I)
_ALT = re.compile(r"\balt\s{0,9}=\s{0,9}(?:\"([^\"]{1,2000}+)|'([^']{1,2000}+))", re.I)
_HREF = re.compile(r"\bhref\s{0,9}=\s{0,9}[\"']?([^\"'\s]{1,2000}+)", re.I)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*+>?")
# No character has 20 digits, and of more than 4,300 Python makes no number.
_NO_CHARACTER = re.compile(r"&#[0-9]{20,}+;?")
_BLANK_LINES = re.compile(r"\n{3,}")
# A quote that has no partner is a character like any other.
_START_TAG = re.compile(r"<[a-zA-Z](?:[^\"'>]++|\"[^\"]*+\"|'[^']*+'|[\"'])*+")


def to_text(document: str) -> str:
    """The words of an HTML document. Never raises on account of the document.

    A link whose words do not say its target is followed by ` <target>`, an image is its
    alternative text in brackets, a quotation has `> ` before each line, what is struck out stands
    between `~~`, scripts, styles and hidden elements are left out. A document of absurd size or
    depth loses its layout only.
    """
    document = document[:MAX_BYTES].replace("\0", "").translate(_MARKS)
    if not document.strip():
        return ""
    try:
        text = _laid_out(document)
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
        text = None
    return _tidy(stripped(document) if text is None else text)


def stripped(document: str) -> str:
    """The words of a document with every tag taken out, lines broken at blocks; in linear time."""
    document = _with_targets(_without(document))
    if "<pre" not in document:
        document = " ".join(document.split())
    if _MAY_BE_STRUCK.search(document):
        document = _STRUCK_TAG.sub("~~", _STRUCK_WORDS.sub(r"~~\2~~", document))
    words = _NO_CHARACTER.sub("\ufffd", _TAG.sub("", _BREAK.sub("\n", document)))
    return html.unescape(words).replace(_BEGIN, "<").replace(_END, ">")


def _with_targets(document: str) -> str:
    """`document` with the target of each link behind it, between the private marks, and with the
    words of each image."""
    target = ""

    def shown(tag: re.Match[str]) -> str:
        nonlocal target
        if tag[2] is not None:
            alt = _ALT.search(tag[2])
            return f"[{alt[1] or alt[2]}] " if alt else ""
        if tag[1] is None:
            found, target = target, ""
            return f" {_BEGIN}{found}{_END}" if found else ""
        href = _HREF.search(tag[1])
        target = href[1] if href and _SHOWN_LINK.match(href[1]) else ""
        return ""

    return _LINK_OR_IMAGE.sub(shown, document)


def _without(document: str) -> str:
    """`document` without comments, scripts and the like."""
    kept: list[str] = []
    place = look_from = 0
    tag_ends = _Next(_TAG_END, document)
    ends = {name: _Next(end, document) for name, end in _INVISIBLE_ENDS.items()}
    while begin := _INVISIBLE_BEGINS.search(document, look_from):
        inside = begin.end()
        if begin[1]:
            tag_end = tag_ends.end_from(inside)
            if tag_end is None or tag_end - inside > _LONGEST_TAG:
                look_from = inside
                continue
            inside = tag_end
        kept.append(document[place : begin.start()])
        end = ends[(begin[1] or "").lower()].end_from(inside)
        # Without an end it would hide all that follows.
        place = look_from = inside if end is None else end
    kept.append(document[place:])
    return "".join(kept)


class _Next:
    """Where a mark comes next in a document. No stretch of it is searched twice, however often and
    from wherever it is asked, as long as the places go up."""

    def __init__(self, mark: re.Pattern[str], document: str) -> None:
        self._mark = mark
        self._document = document
        self._begin = -1
        self._end: int | None = None

    def end_from(self, place: int) -> int | None:
        """Where the first mark that begins at `place` or later ends; None when there is none."""
        if self._begin < place:
            found = self._mark.search(self._document, place)
            self._begin, self._end = found.span() if found else (len(self._document), None)
        return self._end


def _laid_out(document: str) -> str | None:
    """The document as inscriptis lays it out, None if that would be too much."""
    from inscriptis.css_profiles import STRICT_CSS_PROFILE  # type: ignore[import-untyped]
    from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
    from lxml import etree  # type: ignore[import-untyped]

    if any(_has_many_attributes(tag[0]) for tag in _START_TAG.finditer(document)):
        return None
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    tree: Element | None = etree.fromstring(document.encode("utf-8", "replace"), parser)
    if tree is None or not _can_be_laid_out(tree):
        return None
    if _MAY_BE_STRUCK.search(document):
        _mark_struck(tree, frozenset(_STRUCK_CLASS.findall(document[:_STYLES])))
    for element in list(tree.iter(etree.Element)):
        _prepare(element)
    text: str = Inscriptis(tree, ParserConfig(STRICT_CSS_PROFILE, display_images=True)).get_text()
    return _quoted(text)


def _has_many_attributes(tag: str) -> bool:
    """Whether a start tag can have more than `MAX_ATTRIBUTES`: blanks or quotes divide them."""
    if len(tag) <= 2 * MAX_ATTRIBUTES:
        return False
    quoted = tag.count('"') // 2 + tag.count("'") // 2
    return max(quoted, len(tag.split())) > MAX_ATTRIBUTES


def _can_be_laid_out(tree: Element) -> bool:
    size = depth = elements = 0
    from lxml import etree

    for event, element in etree.iterwalk(tree, ("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if element.tag not in _DROPPED:
            size += len(element.text or "") + len(element.tail or "")
        if depth > _MAX_DEPTH or elements > MAX_ELEMENTS or size > MAX_WORDS:
            return False
    return True


def _prepare(element: Element) -> None:
    """Make one element fit for inscriptis: it believes any margin and pads any table."""
    tag, style = element.tag, element.attrib.pop("style", "")
    element.attrib.pop("align", "")
    element.attrib.pop("valign", "")
    if tag in _DROPPED or (style and _HIDDEN.search(style)):
        tail = element.tail
        element.clear()
        element.tag, element.tail = "span", tail
    elif tag == "a":
        _show_target(element)
    elif tag == "hr":
        element.tag, element.text = "div", _RULE
    elif tag == "blockquote" and _INDENTED.search(style) and not element.get("type"):
        pass
    elif tag == "blockquote" or "gmail_quote" in element.get("class", ""):
        _mark_quotation(element)
    elif tag == "table":
        _keep_or_flatten(element)


def _mark_struck(tree: Element, classes: Container[str]) -> None:
    """Put `~~` around what is struck out, by each line of its own."""
    from lxml import etree

    struck: list[Element] = []  # those that one is in
    first: tuple[Element, str] | None = None
    last: tuple[Element, str] | None = None

    def say(element: Element, place: str) -> None:
        nonlocal first, last
        if struck and (getattr(element, place) or "").strip():
            first, last = first or (element, place), (element, place)

    def close() -> None:
        nonlocal first, last
        if first is not None and last is not None:
            element, place = last
            words = getattr(element, place)
            end = len(words.rstrip())
            setattr(element, place, f"{words[:end]}~~{words[end:]}")
            element, place = first
            words = getattr(element, place)
            begin = len(words) - len(words.lstrip())
            setattr(element, place, f"{words[:begin]}~~{words[begin:]}")
        first = last = None

    for event, element in etree.iterwalk(tree, ("start", "end")):
        if element.tag in _BLOCKS:
            close()
        if event == "start":
            if _is_struck(element, classes):
                struck.append(element)
            if element.tag not in _DROPPED:
                say(element, "text")
            continue
        if struck and struck[-1] is element:
            struck.pop()
            if not struck:
                close()
        say(element, "tail")


def _is_struck(element: Element, classes: Container[str]) -> bool:
    said = _LINE_THROUGH.search(element.get("style", ""))
    if said is not None:
        return said[1] is not None
    return element.tag in _STRUCK or any(
        name in classes for name in element.get("class", "").split()
    )


def _show_target(link: Element) -> None:
    target = "".join(link.get("href", "").split())[:2000]
    if not _SHOWN_LINK.match(target):
        return
    words = " ".join("".join(link.itertext()).split()).strip("~")
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    said = {bare, bare.rstrip("/"), bare.partition("://")[2].rstrip("/"), bare.partition("?")[0]}
    if not words or words not in said:
        shown = words or any(image.get("alt") for image in link.iter("img"))
        link.tail = f"{' ' if shown else ''}<{bare}>{link.tail or ''}"


def _mark_quotation(element: Element) -> None:
    """Put the marks on lines of their own into the element, unless another one holds it."""
    if element.tag != "blockquote" and element.find(".//blockquote") is not None:
        return
    for mark, place in ((_BEGIN, 0), (_END, len(element) + 1)):
        line = element.makeelement("div")
        line.text = mark
        element.insert(place, line)
        if place == 0:
            line.tail, element.text = element.text, None


def _keep_or_flatten(table: Element) -> None:
    """A table of data stays a table; one that lays out a page becomes paragraphs."""
    cells = [cell for cell in table.iter("td", "th", "table") if cell is not table]
    rows = sum(1 for _ in table.iter("tr"))
    small = rows <= _ROWS and len(cells) > rows > 1
    if small and not any(
        cell.tag == "table"
        or len("".join(cell.itertext())) > _CELL
        or any(len(link.get("href", "")) > _CELL for link in cell.iter("a"))
        for cell in cells
    ):
        return
    for element in list(table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th")):
        element.tag = "div"


def _quoted(text: str) -> str:
    """`text` with `> ` before the lines between the marks, once for each level."""
    if _BEGIN not in text:
        return text
    level = 0
    lines: list[str] = []
    for line in text.split("\n"):
        level += line.count(_BEGIN)
        words = line.translate(_MARKS)
        if words.strip() or words == line:
            lines.append(f"{'>' * min(level, 20)} {words}" if level > 0 else words)
        level = max(0, level - line.count(_END))
    return "\n".join(lines)


def _tidy(text: str) -> str:
    text = text.replace("\xa0", " ").translate(_MARKS)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")
