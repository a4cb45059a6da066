"""Outside text cannot touch the terminal, keeps its words, and is found in either spelling."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from poc_tui.rules.text import MARKS_PER_LETTER, fold, one_line, plain, safe, words

ANY_TEXT = st.text(st.characters(categories=None), max_size=200)  # lone surrogates too
HOSTILE_PARTS = (
    *("\x1b", "[", "]", "31m", "\x9b", "\x9d", "\x9c", "\x07", "\\", "P", "0;", "52;c;", "a", "ä"),
    *("\u0301", "\u202e", "\u200d", "\ud800", "\n", "\r", "\t", "\0", "\u2028", " ", "漢"),
)
HOSTILE = st.lists(st.sampled_from(HOSTILE_PARTS), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Invoice 4711 is wrong", "Invoice 4711 is wrong"),
        ("Bäckerei Ott", "Bäckerei Ott"),
        ("[/] [@click=app.quit]x", "[/] [@click=app.quit]x"),
        # terminal sequences vanish whole
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b[?1049h\x1b[2Jx", "x"),
        ("a\x1b]8;;http://x\x07link\x1b]8;;\x1b\\b", "alinkb"),
        ("\x1b]52;c;aGk=\x07x", "x"),
        ("\x9d52;c;aGk=\x9cx", "x"),
        ("\x1bPq#0\x1b\\x\x1b_apc\x1b\\y\x1b^pm\x1b\\", "xy"),
        ("\x1bcreset", "reset"),
        ("\x1b(0lqk", "lqk"),
        # one that never ends takes nothing with it but its opening
        ("\x1b]0;title and all", "0;title and all"),
        ("\x1b\x1b[0m[31mx", "\ufffd[31mx"),
        ("\x1b", "\ufffd"),
        # controls
        ("a\0b\x07c\x7fd\x80e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("a\tb", "a b"),
        ("a\nb", "a b"),
        ("a\r\n\r\n\nb\n", "a b "),
        ("safe\rspoof", "safe spoof"),
        ("a\vb\fc\x85d\u2028e\u2029f", "a b c d e f"),
        # what reorders or hides text
        ("gpj\u202e\u2066\u200f\u061cx", "gpjx"),
        ("pay\u200bpal\ufeff\u2060\u00ad", "paypal"),
        ("x\U000e0041\U000e007f", "x"),
        ("\u3164\u2800\u115fx", "x"),
        # what nobody can show
        ("\ud800", "\ufffd"),
        ("\ue000\ufdd0\U0010ffff\u0378", "\ufffd" * 4),
        # what terminals do not agree how to measure
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("❤\ufe0f", "❤"),
        ("👍\U0001f3fd", "👍"),
        ("\U0001f1e9\U0001f1ea", "DE"),
        ("a\xa0b\u3000c", "a b c"),
        # combining marks
        ("e\u0301", "e\u0301"),
        ("\u0301x", "x"),
        ("e" + "\u0301" * 100 + "x", "e" + "\u0301" * MARKS_PER_LETTER + "x"),
        ("ก" + "\u0e47" * 100, "ก" + "\u0e47" * MARKS_PER_LETTER),
    ],
)
def test_outside_text_is_shown_without_harm(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_line_ends_stay_where_they_are_wanted() -> None:
    assert safe("a\r\nb\rc\n\nd\u2028e", newline=True) == "a\nb\nc\n\nd\ne"


@given(text=ANY_TEXT | HOSTILE, newline=st.booleans())
def test_nothing_gets_through_to_the_terminal(text: str, newline: bool) -> None:
    shown = safe(text, newline=newline)
    allowed = "\n" if newline else ""
    assert all(char.isprintable() or char in allowed for char in shown)
    assert safe(shown, newline=newline) == shown
    assert sum(map(cell_len, shown.replace("\n", ""))) == cell_len(shown.replace("\n", ""))
    shown.encode()


@given(text=st.text("abcxyzäöüß0123456789 .,:;!?[]()/-_@+#'\"€漢字éè", max_size=200))
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "nasty",
    ["\x1b", "\x1b]", "\x9b0", "\x1b[0;", "\x9d", "\x1bP0", "e\u0301\u0301", "\n", "\x1b( "],
)
def test_a_long_hostile_line_is_read_once(nasty: str) -> None:
    # A quadratic reading of 1 MB would take hours, so that ending at all is the test.
    assert "\x1b" not in safe(nasty * (1_000_000 // len(nasty)))


@pytest.mark.parametrize(
    ("text", "width", "line"),
    [
        ("short", 10, "short"),
        ("exactly10!", 10, "exactly10!"),
        ("exactly 11!", 10, "exactly 1…"),
        ("two words", 5, "two…"),
        ("  a \n\n b\t\tc ", 10, "a b c"),
        ("漢字漢字", 8, "漢字漢字"),
        ("漢字漢字", 7, "漢字漢…"),
        ("漢字漢字", 6, "漢字…"),
        ("e\u0301" * 5, 5, "e\u0301" * 5),
        ("e\u0301" * 6, 5, "e\u0301" * 4 + "…"),
        ("\x1b[31mred", 3, "red"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("", 5, ""),
        ("x" * 100_000, 4, "xxx…"),
        (" " * 100_000 + "x", 4, "…"),
    ],
)
def test_a_line_fits_its_column(text: str, width: int, line: str) -> None:
    assert one_line(text, width) == line


@given(text=ANY_TEXT | HOSTILE, width=st.integers(-1, 30))
def test_no_line_is_wider_than_its_column(text: str, width: int) -> None:
    line = one_line(text, width)
    assert cell_len(line) <= max(width, 0)
    assert "\n" not in line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "MUELLER"),
        ("Mu\u0308ller", "mueller"),
        ("Straße", "strasse"),
        ("STRAẞE", "Strasse"),
        ("Café", "cafe"),
        ("Ångström", "angstroem"),
        ("İstanbul", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_both_spellings_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_are_split_where_the_index_splits() -> None:
    assert words("Rechnung Nr. 4711/a: für Café-Ott, e.V.") == (
        ["rechnung", "nr", "4711", "a", "fuer", "cafe", "ott", "e", "v"]
    )
    assert words(" -- ") == []
    assert words("") == []


def letters() -> list[str]:
    """Assigned characters of the scripts of Europe, of CJK and of symbols, from before Unicode 6.1.

    Left out are U+01E0 and U+01E1, which the index leaves their accents, and U+0345, a mark that
    becomes a letter when folded.
    """
    blocks = (range(0x20, 0x37F), range(0x384, 0x528), range(0x1E00, 0x2000), range(0x4E00, 0x4E80))
    codes = {code for block in blocks for code in block} - {0x1E0, 0x1E1, 0x345}
    return [chr(code) for code in sorted(codes) if unicodedata.category(chr(code)) != "Cn"]


def test_words_are_those_of_the_search_index() -> None:
    pairs = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss", "ẞ": "ss"}
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")
    texts = [f"x{letter}y" for letter in letters()]
    for number, text in enumerate(texts):
        stored = plain(text)
        for umlaut, pair in pairs.items():
            stored = stored.replace(umlaut, pair)
        db.execute("INSERT INTO f(rowid, x) VALUES (?, ?)", (number, stored))
    indexed: dict[int, list[str]] = {}
    for term, number in db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        indexed.setdefault(number, []).append(term)
    db.close()
    assert {text: words(text) for text in texts} == {
        text: indexed[number] for number, text in enumerate(texts)
    }


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("u\u0308", "ü"),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b\udcff", "a\ufffdb\ufffd"),
        ("\x1b[31m\tstays", "\x1b[31m\tstays"),
    ],
)
def test_text_is_stored_plain(text: str, stored: str) -> None:
    assert plain(text) == stored


@given(text=ANY_TEXT | HOSTILE)
def test_what_is_stored_can_be_encoded_and_stays(text: str) -> None:
    stored = plain(text)
    assert "\r" not in stored
    assert "\0" not in stored
    assert stored.encode().decode() == stored
    assert plain(stored) == stored
    assert words(stored) == words(text)


def test_the_quick_lane_pays_little_for_text() -> None:
    heavy = ["re", "typing", "dataclasses", "enum", "rich"]
    code = (
        "import sys; before = set(sys.modules);"
        "from poc_tui.rules.text import *; safe('Bäckerei'); fold('Bäckerei'); plain('Bäckerei');"
        f"words('Bäckerei'); print(sorted(set({heavy}) & (set(sys.modules) - before)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Gar\u00adan\u00adtie", "Garantie"),
        ("Kunden\u200bnummer", "Kundennummer"),
        ("a\u200d\u200c\u2060\ufeffb", "ab"),
        ("\u202a+49 89 1234\u202c", "+49 89 1234"),
        ("订\u200b单", "订单"),
    ],
)
def test_signs_that_nobody_sees_are_neither_kept_nor_compared(text: str, kept: str) -> None:
    assert plain(text) == kept
    assert fold(text) == fold(kept)
    assert words(text) == words(kept)


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क्\u200dष", "שלום\u200f!", "ไทย\u200bไทย", "👨\u200d👩\u200d👧"]
)
def test_signs_that_shape_what_stands_beside_them_are_kept(text: str) -> None:
    assert plain(text) == text
