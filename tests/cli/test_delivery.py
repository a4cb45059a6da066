"""On the command line: who gets an answer by mail, with what, when; and what is half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.system.kept_words import FOLDER, HalfTyped
from tests.helpers.command_line import Poc

COPIED = Path(__file__).parents[3] / "shared/cases/mail/13/a.eml"


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Poc:
    """Mail that is sent from desk@example.com."""
    poc = Poc(path, clock, capsys)
    Path(poc.environ["POC_CONFIG"]).write_text(
        '[mail]\naddress = "desk@example.com"\nsend = "smtp"\n'
        '[mail.smtp]\nhost = "localhost"\nsecurity = "none"\n',
        encoding="utf-8",
    )
    return poc


MAIL = b"""From: K <k@huber.example>
To: desk@example.com
Cc: Paul <paul@huber.example>
Subject: Pumpe
Message-ID: <13@n>

Leck.
"""


@pytest.fixture
def asked(poc: Poc) -> Poc:
    poc.ok("add", "--mail", "-", stdin=MAIL)
    return poc


@pytest.mark.skipif(not COPIED.is_file(), reason="../shared with the cases of mail is not here")
def test_who_was_copied_is_shown_and_answered(poc: Poc) -> None:
    poc.ok("add", "--mail", str(COPIED))
    assert "also to: Paul <paul@huber.example>" in poc.ok("show", "1").out
    said = poc.ok("answer", "1", "We come tomorrow.").out
    assert "to k@huber.example, with a copy to paul@huber.example" in said
    (row,) = poc.ok("--json", "outbox").json
    assert (row["recipient"], row["copies"]) == ("k@huber.example", ["paul@huber.example"])


def test_an_answer_goes_to_whom_one_says(asked: Poc) -> None:
    asked.ok("answer", "1", "one", "--alone")
    asked.ok("answer", "1", "two", "--to", "Chef <chef@huber.example>", "--cc", "x@y.example")
    asked.ok("answer", "1", "three", "--all", "--cc", "x@y.example")
    assert [(row["recipient"], row["copies"]) for row in asked.ok("--json", "outbox").json] == [
        ("k@huber.example", []),
        ("chef@huber.example", ["paul@huber.example", "x@y.example"]),
        ("k@huber.example", ["paul@huber.example", "x@y.example"]),
    ]
    (_, *_, activity) = asked.ok("--json", "show", "1").json["activities"]
    assert activity["outgoing"]["copies"] == ["paul@huber.example", "x@y.example"]
    assert asked.ok("--json", "show", "1").json["activities"][0]["mail"]["also_to"] == [
        {"name": "Paul", "address": "paul@huber.example"}
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--to", "nobody"], "“nobody” is no mail address"),
        (["--no-mail", "--cc", "a@b.example"], "are for a mail"),
        (["--unless-they-write"], "say when"),
        (["--later", "yesterday"], "is past"),
        (["--attach", "nowhere.pdf"], "“nowhere.pdf” cannot be read"),
        (["--attach", "."], "is a folder"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    asked: Poc, options: list[str], sentence: str
) -> None:
    ran = asked("answer", "1", "yes", *options)
    assert ran.code == 2
    assert sentence in ran.err
    assert asked.ok("--json", "outbox", "list", "--all").json == []


def test_addresses_are_for_one_request(asked: Poc) -> None:
    asked.ok("add", "another")
    assert "are for one request" in asked("answer", "1,2", "yes", "--to", "a@b.example").err


def test_files_go_with_an_answer_and_with_a_forward(asked: Poc, tmp_path: Path) -> None:
    for name in ("plan one.pdf", "list.csv"):
        (tmp_path / name).write_bytes(b"x")
    files = ["--attach", str(tmp_path / "plan one.pdf"), "--attach", str(tmp_path / "list.csv")]
    said = asked.ok("answer", "1", "See there.", "--alone", *files).out
    assert "to k@huber.example, with plan one.pdf, list.csv" in said
    asked.ok("departments", "edit", "technical", "--contact", "w@shop.example")
    asked.ok("forward", "1", "technical", "right?", *files[:2])
    answer, forward = asked.ok("--json", "outbox").json
    assert (answer["files"], forward["files"]) == (["plan one.pdf", "list.csv"], ["plan one.pdf"])
    assert "with plan one.pdf" in asked.ok("show", "1").out


def test_what_goes_out_later_says_when_and_is_no_failure_of_sending(asked: Poc) -> None:
    said = asked.ok("answer", "1", "Did it help?", "--later", "fri 14:00", "--unless-they-write")
    assert (
        "goes out by mail Fri 27 Nov 14:00 unless they write first to k@huber.example" in said.out
    )
    assert "goes out Fri 27 Nov 14:00 unless they write first" in asked.ok("outbox").out
    assert asked.ok("send").out.strip() == "1 to go out later"
    assert "goes out Fri 27 Nov 14:00, not before" in asked.ok("outbox", "again", "1").out
    asked.ok("log", "1", "It did.", "--from", "customer")
    assert asked.ok("send").out.strip() == "no mail waits to be sent"
    assert "not sent, as they wrote first" in asked.ok("show", "1").out
    assert asked("outbox", "again", "1").code == 1


def test_what_is_half_written_is_listed(poc: Poc, path: str, clock: FixedClock) -> None:
    assert "nothing is half written" in poc.ok("drafts").out
    folder = Path(poc.environ["HOME"], ".local/state/poc", FOLDER)
    HalfTyped(str(folder), path, "answer", [7]).write({"text": "Dear \x1b[31m"}, clock.now())
    said = poc.ok("drafts").out
    assert "#7" in said
    assert "answer" in said
    assert "\x1b" not in said
    (row,) = poc.ok("--json", "drafts").json
    assert (row["numbers"], row["what"], row["text"]) == ([7], "answer", "Dear \x1b[31m")
