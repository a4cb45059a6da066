"""What a person says of senders on the command line, and what is said of mail that lies aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from tests.helpers.command_line import Poc

Add = Callable[..., None]

CASE = Path(__file__).parents[3] / "shared/cases/mail/18/a.eml"


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def add(poc: Poc) -> Add:
    """Takes a mail in."""

    def add(sender: str, *headers: str, subject: str = "Glue today") -> None:
        lines = (f"From: {sender}", "To: desk@poc.example", f"Subject: {subject}", *headers)
        head = "\n".join(lines)
        poc.ok("add", "--mail", "-", stdin=f"{head}\n\nGlue is dear.\n".encode())

    return add


def listed(poc: Poc, *options: str) -> list[tuple[str, str]]:
    """Sender and reason of each mail that lies aside."""
    return [(row["sender"], row["aside_why"]) for row in poc.ok("mail", "--json", *options).json]


def test_a_rule_is_kept_in_the_settings_and_holds_for_what_comes(poc: Poc, add: Add) -> None:
    ran = poc.ok("mail", "rule", "@glue.example", "--as", "spam")
    assert ran.lines == ["mail of everybody at glue.example is spam: kept, and never shown"]
    assert "[mail.rules]" in Path(poc.environ["POC_CONFIG"]).read_text()
    assert '\nspam = ["@glue.example"]\n' in Path(poc.environ["POC_CONFIG"]).read_text()
    add("Glue <news@glue.example>")
    assert listed(poc) == []
    assert listed(poc, "--dismissed") == [("news@glue.example", "by your rule for @glue.example")]


def test_rules_are_listed_and_taken_out(poc: Poc) -> None:
    assert "no rules" in poc.ok("mail", "rule").out
    poc.ok("mail", "rule", "list:news.glue.example", "anna@glue.example", "--as", "aside")
    poc.ok("mail", "rule", "@ott.example", "--as", "requests")
    assert poc.ok("mail", "rule", "--json").json == [
        {"who": "@ott.example", "as": "requests"},
        {"who": "list:news.glue.example", "as": "aside"},
        {"who": "anna@glue.example", "as": "aside"},
    ]
    assert "the list news.glue.example" in poc.ok("mail", "rule").out
    assert poc.ok("mail", "rule", "@OTT.example", "--remove").lines == [
        "no rule for everybody at OTT.example"
    ]
    assert len(poc.ok("mail", "rule", "--json").json) == 2


def test_saying_something_else_replaces_the_rule(poc: Poc) -> None:
    poc.ok("mail", "rule", "@Glue.example", "--as", "spam")
    poc.ok("mail", "rule", "@glue.EXAMPLE", "--as", "aside")
    assert poc.ok("mail", "rule", "--json").json == [{"who": "@glue.EXAMPLE", "as": "aside"}]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("glue", "--as", "spam"), "“glue” is nobody"),
        (("@glue.example", "--as", "rubbish"), "requests, aside, spam"),
        (("@glue.example",), "--as requests|aside|spam or --remove"),
        (("@glue.example", "--as", "spam", "--remove"), "either"),
        (("--as", "spam"), "say whose mail is meant"),
        (("@glue.example", "--remove"), "no rule names any of these"),
    ],
)
def test_what_is_no_rule_is_not_kept(poc: Poc, words: tuple[str, ...], sentence: str) -> None:
    ran = poc("mail", "rule", *words)
    assert ran.code in (1, 2)
    assert sentence in ran.err
    assert not Path(poc.environ["POC_CONFIG"]).exists()


def test_what_lies_aside_already_becomes_requests_and_undo_lays_it_back(poc: Poc, add: Add) -> None:
    add("Glue <news@glue.example>", "List-Id: <news.glue.example>")
    add("Ott <ott@ott.example>", "X-Spam-Flag: YES")
    add("Ott <bread@ott.example>", "X-Spam-Flag: YES", subject="Bread")
    before = listed(poc)
    assert len(before) == 3
    ran = poc.ok("mail", "rule", "@ott.example", "--as", "requests")
    assert "what lay aside is on #1, #2 now" in ran.out
    assert [sender for sender, _ in listed(poc)] == ["news@glue.example"]
    poc.ok("undo")
    assert listed(poc) == before
    assert poc.ok("mail", "rule", "--json").json, "what was said stays said"


def test_what_lies_aside_already_goes_off_the_list_as_spam(poc: Poc, add: Add) -> None:
    add("Glue <news@glue.example>", "List-Id: <news.glue.example>")
    add("Ott <ott@ott.example>", "List-Id: <bread.ott.example>")
    ran = poc.ok("mail", "rule", "list:news.glue.example", "--as", "spam")
    assert "1 mail that lay aside: off the list" in ran.out
    assert [sender for sender, _ in listed(poc)] == ["ott@ott.example"]


def test_customers_whose_mail_is_kept_off_are_counted(poc: Poc, add: Add) -> None:
    for sender in ("Ott <ott@ott.example>", "Shop <x@shop.ott.example>", "Otto <o@lott.example>"):
        add(sender)
    said = poc.ok("mail", "rule", "@ott.example", "--as", "aside").out
    assert "2 customers of yours: their new mail, too" in said
    assert "1 customer of yours" in poc.ok("mail", "rule", "OTT@ott.example", "--as", "spam").out
    assert "customer" not in poc.ok("mail", "rule", "@ott.example", "--as", "requests").out
    assert "customer" not in poc.ok("mail", "rule", "list:ott.example", "--as", "spam").out


def test_settings_that_cannot_be_used_stay_as_they_are(poc: Poc) -> None:
    file = Path(poc.environ["POC_CONFIG"])
    file.write_text('[mail.rules]\nspam = ["@glue.example"]\naside = ["@GLUE.example"]\n')
    ran = poc("mail", "rule", "@ott.example", "--as", "spam")
    assert ran.code != 0
    assert '"mail.rules.spam" has "@glue.example", and so has "mail.rules.aside"' in ran.err
    assert "ott" not in file.read_text()


@pytest.mark.parametrize("entry", ['"glue"', '"list:"', "1", '""', '"a@b.example\\u001b[1m"'])
def test_a_rule_in_the_settings_names_somebody(poc: Poc, entry: str) -> None:
    Path(poc.environ["POC_CONFIG"]).write_text(f"[mail.rules]\nspam = [{entry}]\n")
    ran = poc("mail", "rule")
    assert ran.code != 0
    assert '"mail.rules.spam" must be a list such as' in ran.err


# What lies aside is said


def test_an_empty_desk_says_that_mail_lies_aside(poc: Poc, add: Add) -> None:
    for sender in ("Glue <news@glue.example>", "Ott <ott@ott.example>"):
        add(sender, "List-Id: <news.example>")
    assert "2 mails lie aside; `poc mail` lists them" in poc.ok("agenda").lines
    assert "Nothing has been taken down here yet. Start with" in poc.ok("agenda").lines
    assert poc.ok("agenda", "--json").json["aside"] == 2
    assert poc.ok("list").lines == ["no requests in open; 2 mails lie aside (`poc mail`)"]
    assert poc.ok("list", "--json").json == []


def test_a_desk_with_requests_says_so_below_its_agenda(poc: Poc, add: Add) -> None:
    poc.ok("add", "Invoice 4711 is wrong", "due:tomorrow")
    assert "aside" not in poc.ok("agenda").out
    add("Glue <news@glue.example>", "List-Id: <news.example>")
    add("Win <w@spam.example>", "X-Spam-Flag: YES")
    last = "2 mails lie aside, 1 of them marked as spam; `poc mail` lists them"
    assert poc.ok("agenda").lines[-1] == last


def test_due_tells_once_of_mail_that_lies_aside(poc: Poc, add: Add) -> None:
    assert poc("due").code == 3
    add("Glue <news@glue.example>", "List-Id: <news.example>")
    line = "09:12  1 mail lies aside — `poc mail` lists all of it"
    assert poc.ok("due").lines == [line]
    assert (poc("due").code, poc("due").out) == (3, "")
    assert poc.ok("due", "--all").lines == [line]
    add("Glue <news@glue.example>", "List-Id: <news.example>", subject="Glue tomorrow")
    (told,) = poc.ok("due", "--json").json
    assert (told["what"], told["text"]) == ("aside", "2 mails lie aside")
    assert poc("due").code == 3


def test_spam_alone_is_told_by_nobody_but_counted(poc: Poc, add: Add) -> None:
    add("Win <w@spam.example>", "X-Spam-Flag: YES")
    assert poc("due").code == 3
    assert "1 mail lies aside, marked as spam; `poc mail` lists it" in poc.ok("agenda").lines


@pytest.mark.skipif(not CASE.is_file(), reason="../shared with the cases is not here")
def test_what_a_provider_marked_makes_neither_request_nor_customer(poc: Poc) -> None:
    ran = poc.ok("add", "--mail", str(CASE))
    assert "marked as spam by the provider" in ran.out
    assert poc.ok("list", "--json").json == []
    assert poc.ok("customers", "--json").json == []


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        (
            "You won",
            ("X-Spam-Flag: NO", "X-Spam-Status: Yes, score=9.1 required=5.0\n tests=BAYES"),
        ),
        ("You won", ("X-MS-Exchange-Organization-SCL: 6",)),
        ("You won", ("X-Forefront-Antispam-Report:\n CIP:1.2.3.4;CTRY:;LANG:en;SCL:5;SFV:SPM;",)),
        ("You won", ("X-Rspamd-Action: add header",)),
        ("=?utf-8?q?=5BSPAM=5D_You_won?=", ("X-Spam-Score: 8.2",)),
    ],
)
def test_a_mark_is_read_from_the_mail_as_it_came(
    poc: Poc, add: Add, subject: str, headers: tuple[str, ...]
) -> None:
    add("Win <w@spam.example>", *headers, subject=subject)
    assert listed(poc) == [("w@spam.example", "marked as spam by the provider")]
