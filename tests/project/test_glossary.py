"""One word for one thing: the names of classes are held to the glossary of the architecture page.

A word that the glossary lists under "not" stands in no name of a class, and a name is made of words
that the glossary has, or of plain ones. So a new word is either one of these, or it is added to the
glossary, where others look it up. What stands in bold under "not" is said nowhere: in no name, and
in nothing that a person reads on the screen, on the command line, in a setting or a document.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from poc_tui.cli.command_groups import FORMER_NAMES as FORMER_COMMANDS
from poc_tui.commands import FORMER_IDS
from poc_tui.store.queries.views import FORMER_NAMES as FORMER_VIEWS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "poc_tui"

_PLAIN = """
access actions amount any app applied assessment attachment author background bad bar batch batches
binding bodies broken busy calendar cause cell change choice code column columns comparison config
confirm connection contents context copy country counts credentials csv cursor date dated default
delivered delivery device died done down driver earlier edit end ended ends entered entity error
facts failed fetch file filed files find finding fixed focus follower footer for format found
frozen given group half header heading help here highlighter hint hit hits hold imap immediate inks
input jumps kept keymap later lazy lean local loose mailbox maildir mark marked marks matcher mbox
message modal name narrowed narrower needs new not notifications number observance odd office on
open order output pages palette parser password passwords past pasted pending period poc position
preview process prompt prose put quiet raw read reader reading reason recipient recipients
recognised recurring ref refused rejected report restore result runner safe scheduler script search
seconds secret section seen send server servers session set shown signs skipped smtp sought special
stamp stand standard standing status store structure survey system tab table tabs terminal text to
token tokens told toml top trace try unavailable understood unfiled unfinished unfit unreachable
unreadable up utc uu value virtual watch wish wording words wrong wrote yes zone
"""
PLAIN = frozenset(_PLAIN.split())
"""Words of programs, and of the language: whoever reads one in a name knows what it means."""


class Glossary(NamedTuple):
    terms: frozenset[str]
    """Each word that has a meaning here."""
    banned: Mapping[str, tuple[str, ...]]
    """What stands under "not", and the terms of which one is to be used for it."""
    unsaid: frozenset[str]
    """Of these the ones that are said nowhere."""

    def strange(self, name: str) -> list[str]:
        """The words of a name that are neither in the glossary nor plain."""
        known = PLAIN.union(*map(forms_of, self.terms))
        return [word for word in words_of(name) if word not in known]

    def wrong(self, name: str) -> list[str]:
        """What is to be used in a name, for each word in it that the glossary rules out."""
        said = f" {' '.join(words_of(name))} "
        return [
            term
            for banned, terms in self.banned.items()
            for term in terms
            if any(f" {form} " in said for form in forms_of(banned))
        ]


def words_of(name: str) -> list[str]:
    """`SlaClocks`, `deadlines_of` or `mail policy` as words in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def forms_of(word: str) -> set[str]:
    """A word as it stands in names: `activities`, `forwarded`, `chased` and `filing` too."""
    silent, ending = word.removesuffix("e"), f"{word.removesuffix('y')}ies"
    return {word, f"{word}s", f"{word}es", f"{silent}ed", f"{silent}ing", ending}


def rows(page: str) -> Iterator[list[str]]:
    """The rows of the glossary's tables."""
    _, _, rest = page.partition("\n## Glossary\n")
    for line in rest.partition("\n## ")[0].splitlines():
        if line.startswith("|") and not line.startswith(("| word |", "| ---")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def glossary(page: str) -> Glossary:
    terms: set[str] = set()
    banned: dict[str, tuple[str, ...]] = {}
    unsaid: set[str] = set()
    for term, _, ruled_out in rows(page):
        terms.update(words_of(term))
        for listed in filter(None, ruled_out.split(", ")):
            word = listed.strip("*")
            banned[word] = (*banned.get(word, ()), term)
            if listed != word:
                unsaid.add(word)
    return Glossary(frozenset(terms), banned, frozenset(unsaid))


@pytest.fixture(scope="module")
def house() -> Glossary:
    return glossary((ROOT / "docs/architecture.md").read_text("utf-8"))


TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_bytes())
    for path in sorted(PACKAGE.rglob("*.py"))
}


SPELLED = "poc_tui/store/rows.py"
"""Its rows bear the names of the models from which they are spelled."""


def classes() -> dict[str, list[str]]:
    """The names of all classes of modules but private ones, with the modules that have them."""
    found = defaultdict(list)
    for path, tree in TREES.items():
        for node in () if path == SPELLED else tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path)
    return found


CLASSES = classes()


def names_in(tree: ast.Module) -> Iterable[str]:
    """What is named in a module: classes, functions, parameters, variables and fields."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name):
                yield name
            case ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name


ENGLISH = frozenset({"mine", "over"})
"""Said nowhere by themselves, as a label or a column says them; in a sentence they are English."""

KEPT = {
    "poc_tui/cli/command_groups.py": {"spoke"},
    "poc_tui/cli/output/serialize.py": {"mine"},
    "poc_tui/rules/mail/filing.py": {"mine"},
    "poc_tui/store/queries/views.py": {"mine"},
}
"""Former names that go on, a field of JSON, and whose mail it is."""


def said_in(text: str, unsaid: Iterable[str]) -> set[str]:
    """Which of these words a person reads in the text."""
    alone = text.strip(" ,;:·\n").lower()
    return {
        word
        for word in unsaid
        if (alone == word if word in ENGLISH else re.search(rf"(?i)(?<!\w){word}(?!\w)", text))
    }


def shown(tree: ast.Module) -> Iterator[str]:
    """The pieces of text of a module, but for those that document it."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documents:
            yield node.value if isinstance(node.value, str) else ""


def documents() -> dict[str, str]:
    """What a person reads besides the program, but for the glossary and the former names."""
    found = {}
    for pattern in ("README.md", "docs/*.md", "data/**/*.t*"):
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text("utf-8")
            before, _, glossary = text.partition("\n## Glossary\n")
            kept = before + glossary.partition("\n## ")[2]
            found[path.relative_to(ROOT).as_posix()] = "\n\n".join(
                part for part in kept.split("\n\n") if not part.startswith(FORMER)
            )
    return found


FORMER = "**Former names**"
"""So the one paragraph begins that says what was called otherwise."""


def test_what_is_said_nowhere_is_in_no_name(house: Glossary) -> None:
    names = {name for tree in TREES.values() for name in names_in(tree)}
    banned = {tuple(words_of(word)) for word in house.unsaid - ENGLISH}
    wrong = {
        name
        for name in names
        for word in banned
        if f" {' '.join(word)} " in f" {' '.join(words_of(name))} "
    }
    assert wrong == set()


def test_what_is_said_nowhere_is_not_shown(house: Glossary) -> None:
    wrong = {
        (path, word)
        for path, tree in TREES.items()
        for text in shown(tree)
        for word in said_in(text, house.unsaid) - KEPT.get(path, set())
    }
    assert wrong == set()


def test_what_is_said_nowhere_is_not_written(house: Glossary) -> None:
    wrong = {
        (path, word)
        for path, text in documents().items()
        for line in text.splitlines()
        for cell in re.split(r"[|`]", line)
        for word in said_in(cell, house.unsaid)
    }
    assert wrong == set()


def test_what_was_called_otherwise_is_documented_once() -> None:
    pages = [(ROOT / "README.md"), *(ROOT / "docs").glob("*.md")]
    (paragraph,) = [
        part
        for page in pages
        for part in page.read_text("utf-8").split("\n\n")
        if part.startswith(FORMER)
    ]
    quoted = {word for piece in re.findall(r"`([^`]+)`", paragraph) for word in piece.split()}
    assert quoted >= {word for names in RENAMED for pair in names.items() for word in pair}


RENAMED = (FORMER_IDS, FORMER_COMMANDS, FORMER_VIEWS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Burnt: mine 5min", {"burnt"}),
        (" over", {"over"}),
        ("mine", {"mine"}),
        ("the move is over, and mine", set()),
        ("burnt_minutes", set()),
        ("it was my move; speak to them", {"my move", "speak to"}),
        ("IDLE 6d", {"idle"}),
    ],
)
def test_what_is_said_nowhere_is_found(text: str, said: set[str]) -> None:
    assert said_in(text, {"burnt", "over", "mine", "my move", "speak to", "idle"}) == said


def test_no_class_is_called_what_the_glossary_rules_out(house: Glossary) -> None:
    wrong = {name: instead for name in CLASSES if (instead := house.wrong(name))}
    assert not wrong, "the glossary has another word for these"


def test_every_word_in_the_name_of_a_class_can_be_looked_up(house: Glossary) -> None:
    strange = {name: words for name in CLASSES if (words := house.strange(name))}
    assert not strange, "take a word of the glossary, or add the new one to it"


def test_every_word_of_the_glossary_is_in_use(house: Glossary) -> None:
    used = {word for tree in TREES.values() for name in names_in(tree) for word in words_of(name)}
    assert {term for term in house.terms if not forms_of(term) & used} == set()


def test_no_plain_word_is_left_over(house: Glossary) -> None:
    used = {word for name in CLASSES for word in words_of(name)}
    assert used >= PLAIN
    assert not PLAIN & house.terms


def test_no_two_modules_have_a_class_of_the_same_name() -> None:
    assert {name: paths for name, paths in CLASSES.items() if len(paths) > 1} == {}


def test_the_glossary_does_not_contradict_itself(house: Glossary) -> None:
    assert not house.terms & house.banned.keys()
    assert not PLAIN & house.banned.keys()


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("LetterRow", ["mail"]),
        ("TimelineEntries", ["activity", "field"]),
        ("PostedMail", ["outgoing mail"]),
        ("ClockTime", ["time of day"]),
    ],
)
def test_a_name_that_is_ruled_out_is_found(name: str, instead: list[str]) -> None:
    page = (
        "# A page\n## Glossary\n| word | means | not |\n| --- | --- | --- |\n"
        "| mail | what came | letter |\n| activity | what happened | entry |\n| field | | entry |\n"
        "| outgoing mail | what goes | post |\n| clock | | |\n| time of day | | clock time |\n"
        "## Something else\n| x | y | clock |\n"
    )
    assert glossary(page).wrong(name) == instead
    assert glossary(page).wrong("MailClock") == []
    assert glossary(page).strange("MailGizmo") == ["gizmo"]
