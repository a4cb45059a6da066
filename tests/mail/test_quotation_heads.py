"""What mail programs write above a quotation, in their languages, wherever they break it."""

from __future__ import annotations

import random
import textwrap
from collections import Counter
from collections.abc import Iterator

import pytest

from poc_tui.mail.message.quotes import split
from poc_tui.rules.text import words
from tests.helpers import quotations
from tests.helpers.raw_mail import html

NEW = "Neue Antwort.\n\nGruß"
OLD = "Alt.\n\nWar das so?"
MARKED = "> Alt.\n>\n> War das so?"
WIDTHS = (44, 60, 76)
ADDRESS = "<desk@firm.example>"


def broken(line: str) -> Iterator[str]:
    """The line, and as programs break it: at a width, before, in and behind the address."""
    yield line
    for width in WIDTHS:
        if len(line) > width:
            yield textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
    if ADDRESS in line:
        before, behind = line.split(ADDRESS)
        yield f"{before}<\ndesk@firm.example>{behind}"
        yield f"{before.rstrip()}\n{ADDRESS}{behind}"
        yield f"{before}<desk@firm.example\n>{behind}"


def left(text: str) -> str:
    """What of a text was written anew."""
    return split(text).text


@pytest.mark.parametrize("language", quotations.INTRODUCTIONS)
@pytest.mark.parametrize(
    "mail",
    [
        "{new}\n\n{head}\n\n{marked}",
        "{new}\n\n{head}\n{marked}\n",
        "{new}\n{head}\n{marked}",
        "{new}\n\n{head}\n\n{old}",
        "{new}\n{head}\n{old}",
        "{head}\n{marked}\n\n{new}",
        "{head}\n\n{marked}\n\n\n{new}\n",
        "{new}\n\n{head}",
    ],
    ids=[
        "marked",
        "close",
        "closer",
        "unmarked",
        "unmarked and closer",
        "below",
        "far below",
        "alone",
    ],
)
def test_an_introduction_is_known_however_it_is_broken(language: str, mail: str) -> None:
    heads = [head for line in quotations.INTRODUCTIONS[language] for head in broken(line)]
    got = {head: left(mail.format(new=NEW, head=head, marked=MARKED, old=OLD)) for head in heads}
    assert {head: text for head, text in got.items() if text != NEW} == {}


@pytest.mark.parametrize("head", quotations.WITHOUT_AN_ADDRESS)
def test_one_without_an_address_is_known_above_lines_with_marks(head: str) -> None:
    for shape in broken(head):
        assert left(f"{NEW}\n\n{shape}\n{MARKED}") == NEW
        assert left(f"{shape}\n{MARKED}\n\n{NEW}") == NEW


@pytest.mark.parametrize("head", quotations.WITHOUT_AN_ADDRESS[:8])
def test_without_marks_below_it_must_name_somebody_and_nothing_else(head: str) -> None:
    assert left(f"{NEW}\n\n{head}\n\n{OLD}") == NEW
    told = head.replace("Desk", "Herr Ott")
    assert left(f"{NEW}\n\n{told}\n\n{OLD}") == f"{NEW}\n\n{told}\n\n{OLD}"


@pytest.mark.parametrize("language", quotations.FIELDS)
@pytest.mark.parametrize("sender", ["Desk <desk@firm.example>", "Desk [mailto:desk@firm.example]",
                                    "Desk<mailto:desk@firm.example>", "Desk"])  # fmt: skip
def test_the_fields_of_a_header_are_known_in_any_order(language: str, sender: str) -> None:
    for spelling in ("{}: {}", "{} : {}", "{}：{}", "*{}:* {}", "**{}:** {}", "{}:\n{}", "{}:{}"):
        block = quotations.header(language, sender, spelling)
        for above in ("", "________________________________\n", "-----Original Message-----\n"):
            assert left(f"{NEW}\n\n{above}{block}\n\n{OLD}") == NEW, f"{above}{block}"


@pytest.mark.parametrize("separator", quotations.SEPARATORS)
def test_a_line_between_dashes_is_known(separator: str) -> None:
    header = "From: Desk <desk@firm.example>\nDate: 30 Nov 2026 10:11\nTo: k@huber.example"
    assert left(f"{NEW}\n\n{separator}\n{header}\n\n{OLD}") == NEW
    assert left(f"{NEW}\n\n{separator}\n{header}\n\n{MARKED}") == NEW
    assert left(f"{separator}\n{header}\n\n{MARKED}\n\n{NEW}") == NEW


def test_of_several_separators_the_first_counts() -> None:
    mail = NEW
    for separator in quotations.SEPARATORS[:6]:
        mail += f"\n\n{separator}\nFrom: a@b.example\nSent: 30 Nov 2026 10:11\nTo: x\n\n{OLD}"
    assert left(mail) == NEW


@pytest.mark.parametrize("separator", quotations.FORWARDED)
def test_what_is_passed_on_in_a_reply_is_said_anew(separator: str) -> None:
    header = "From: Ott <ott@b.example>\nDate: 30 Nov 2026 10:11\nSubject: Pump\nTo: desk@x.example"
    mail = f"{NEW}\n\n{separator}\n{header}\n\n{OLD}"
    assert left(mail) == mail
    assert split(mail, forwarded=True)[:2] == (NEW, mail.removeprefix(f"{NEW}\n\n"))


@pytest.mark.parametrize("device", quotations.DEVICES)
def test_the_name_of_a_telephone_is_a_signature(device: str) -> None:
    assert split(f"{NEW}\n\n{device}\n") == (NEW, "", device)
    assert left(f"{NEW}\n\n{device}\n\nOn 30/11/2026 10:11, Desk wrote:\n{MARKED}") == NEW


@pytest.mark.parametrize("sentence", quotations.SENTENCES)
def test_a_sentence_that_begins_as_such_a_line_is_none(sentence: str) -> None:
    assert left(f"{NEW}\n\n{sentence}") == f"{NEW}\n\n{sentence}"


@pytest.mark.parametrize("own", ["Geht leider nicht.", "reply", "bla-bla - bla ---"])
@pytest.mark.parametrize("language", quotations.INTRODUCTIONS)
def test_words_on_the_line_of_an_introduction_are_kept(language: str, own: str) -> None:
    with_a_lead = [
        line
        for line in quotations.INTRODUCTIONS[language]
        if line.startswith(
            ("On ", "Am ", "Le ", "Op ", "Il ", "El ", "Em ", "W dniu ", "Dne ", "Den ")
        )
    ]
    for line in with_a_lead:
        assert left(f"{own} {line}\n{MARKED}") == own.rstrip(" -"), line
        assert left(f"{own} {line}\n\n{OLD}") == own.rstrip(" -"), line


@pytest.mark.parametrize("text", quotations.NONE)
def test_words_that_look_like_the_head_of_a_quotation_are_kept(text: str) -> None:
    assert left(text) == text


@pytest.mark.parametrize("program", quotations.HTML)
def test_what_programs_write_in_html_is_known(program: str) -> None:
    assert html(quotations.HTML[program]).text == "Neu."


def test_of_no_text_a_word_is_lost() -> None:
    """It is in one of the three parts, whatever lines stand in whatever order."""
    lines = [
        *(line for lines in quotations.INTRODUCTIONS.values() for line in lines),
        *quotations.SEPARATORS, *quotations.FORWARDED, *quotations.DEVICES, *quotations.SENTENCES,
        *(quotations.header(name, "Desk", "{}: {}") for name in quotations.FIELDS),
        *("", ">", "> x", ">> y", "<", ">:", "-- ", "--", "—", "-Anna Meyer", "> wrote:", "z") * 20,
    ]  # fmt: skip
    chance = random.Random(12)
    for _ in range(1500):
        text = "\n".join(chance.choices(lines, k=chance.randrange(1, 12)))
        parts = split(text, forwarded=chance.random() < 0.3)
        left_out = Counter(words(text)) - Counter(words("\n".join(parts)))
        assert not left_out, (text, parts)
        assert parts.text.strip() or not words(text), (text, parts)
