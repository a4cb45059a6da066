"""Replies that others collected: what was written anew is found word by word."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail import filing

SHARED = Path(__file__).parents[3] / "shared"
CORPORA = SHARED / "corpora/replies"
CASES = SHARED / "cases"


class Reply(NamedTuple):
    """A reply of a corpus: the words that are to be found, and those that were."""

    name: str
    expected: list[str]
    found: list[str]

    @property
    def common(self) -> int:
        return sum((Counter(self.expected) & Counter(self.found)).values())

    @property
    def recall(self) -> float:
        return self.common / len(self.expected) if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.common / len(self.found) if self.found else 1.0


@pytest.fixture(scope="module")
def replies() -> list[Reply]:
    """All of the corpora that lie beside the repository."""
    if not CORPORA.is_dir():
        pytest.skip(
            "the replies lie beside the repository, in ../shared/corpora/replies, or nowhere"
        )
    found = []
    for corpus in sorted(CORPORA.glob("*.jsonl")):
        for line in corpus.read_text("utf-8").splitlines():
            one = json.loads(line)
            text = parse(one["mail"].encode("utf-8", "surrogateescape")).text
            name = f"{corpus.stem}/{one['name']}"
            found.append(Reply(name, one["expected"].split(), text.split()))
    return found


def test_what_was_written_anew_is_found_to_the_word(replies: list[Reply]) -> None:
    wrong = [reply.name for reply in replies if reply.found != reply.expected]
    assert 1 - len(wrong) / len(replies) >= 0.9, wrong


def test_next_to_nothing_of_it_is_folded_away(replies: list[Reply]) -> None:
    """Both for the mean reply and over all words."""
    worst = sorted(replies, key=lambda reply: reply.recall)[:5]
    assert sum(reply.recall for reply in replies) / len(replies) >= 0.985, worst
    words = sum(len(reply.expected) for reply in replies)
    assert sum(reply.common for reply in replies) / words >= 0.985, worst


def test_little_besides_it_is_shown(replies: list[Reply]) -> None:
    """Both for the mean reply and over all words."""
    worst = sorted(replies, key=lambda reply: reply.precision)[:5]
    assert sum(reply.precision for reply in replies) / len(replies) >= 0.94, worst
    shown = sum(len(reply.found) for reply in replies)
    assert sum(reply.common for reply in replies) / shown >= 0.94, worst


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the repository, or nowhere")
@pytest.mark.parametrize(
    ("files", "text"),
    [
        ("23-*/*.eml", "Neue Antwort."),
        ("mail/14/a.eml", "Geht leider nicht."),
        ("mail/16-0[01]/a.eml", "Nowe."),
        ("mail/16-02/a.eml", "Nové."),
        ("mail/16-03/a.eml", "Nyt."),
        ("mail/16-07/a.eml", "Neu."),
        ("mail/16-08/a.eml", "Nouveau."),
        ("mail/16-09/a.eml", "New."),
        ("mail/17/a.eml", "Neu."),
    ],
)
def test_the_cases_of_other_programs_are_read(files: str, text: str) -> None:
    found = {str(path): parse(path.read_bytes()).text for path in sorted(CASES.glob(files))}
    assert found
    assert set(found.values()) == {text}, found


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the repository, or nowhere")
@pytest.mark.parametrize(("case", "words"), [("03-*", "Hauptstr. 5"), ("04-*", "Die Palette 12")])
def test_of_a_first_mail_nothing_is_folded_away(case: str, words: str) -> None:
    (path,) = CASES.glob(f"{case}/in.eml")
    assert words in filing.words_of(parse(path.read_bytes()), opens=True)


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the repository, or nowhere")
@pytest.mark.parametrize("case", ["06", "07"])
def test_thanks_and_thumbs_say_no_more(case: str) -> None:
    assert filing.thanks_only(parse((CASES / "mail" / case / "b.eml").read_bytes()))
    assert not filing.thanks_only(parse((CASES / "mail" / case / "a.eml").read_bytes()))
