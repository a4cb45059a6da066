"""Our mail in HTML: the plain text as it reads, and nothing that anybody could act on."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, strategies as st

from poc_tui.mail.message.html_text import to_text
from poc_tui.rules.mail.outgoing_html import to_html

TEXT = (
    "Dear Mr Meyer,\n\nit was 10; see https://poc.example/a?b=1&c=2.\nRegards\n\n-- \nService\n\n"
    "On Mon 23 Nov 2026 at 09:12, Meyer AG wrote:\n> 12 <b>units</b>?\n>> 10, I said\n> Regards"
)


class Seen(HTMLParser):
    """What a mail program would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_paragraphs_quotations_and_links_are_what_they_are() -> None:
    html = to_html(TEXT)
    assert "<p>it was 10; see " in html
    assert Seen(html).links == ["https://poc.example/a?b=1&c=2"]
    assert html.count("<blockquote") == html.count("</blockquote>") == 2
    assert "12 &lt;b&gt;units&lt;/b&gt;?" in html


def test_a_reader_gets_the_same_words_back() -> None:
    words = " ".join(to_text(to_html(TEXT)).split())
    for said in ("it was 10; see https://poc.example/a?b=1&c=2.", "12 <b>units</b>?", "Regards"):
        assert said in words


@given(st.text(st.sampled_from("a <>&\"'\n\t:/.hts>!-=")) | st.text(max_size=200))
def test_no_text_becomes_markup_or_fetches_anything(text: str) -> None:
    seen = Seen(to_html(text))
    assert seen.tags <= {"html", "body", "p", "br", "blockquote", "a"}
    assert all(link is not None and link.startswith("http") for link in seen.links)
    said = "".join(line.lstrip(">") for line in text.split("\n"))
    # Newer Pythons read a NUL as U+FFFD, as browsers do.
    shown = "".join(seen.text.split()).replace("\0", "\ufffd")
    assert shown == "".join(said.split()).replace("\0", "\ufffd")
