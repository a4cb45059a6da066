"""Mail that was told wrongly, from its arrival to what the desk shows, finds and sends."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from tests.helpers.command_line import Poc
from tests.helpers.mail_corpora import case, with_cases

pytestmark = with_cases


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Where mails that go out lie."""
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str], sent: Path) -> Poc:
    """A desk on the day after the cases; it sends from desk@example.com."""
    clock.advance(timedelta(days=8))
    poc = Poc(path, clock, capsys)
    Path(poc.environ["POC_CONFIG"]).write_text(
        '[mail]\naddress = "desk@example.com"\nown = ["desk@spoc.example"]\n'
        f'send = "eml"\neml_folder = "{sent}"\n',
        encoding="utf-8",
    )
    return poc


def came(poc: Poc, name: str, answers: str = "") -> None:
    """Takes the mail of a case in; it answers the mail of that id."""
    poc.ok("add", "--mail", "-", stdin=case(name).replace(b"{MID}", answers.encode()))


def went_out(poc: Poc, sent: Path) -> EmailMessage:
    """The one mail that goes out now."""
    poc.ok("send")
    (path,) = sent.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def found(poc: Poc, words: str) -> list[int]:
    return [row["number"] for row in poc.ok("search", words, "--json").json]


@pytest.mark.parametrize(
    ("name", "words", "sought"),
    [
        ("03/in.eml", "Hauptstr. 5", "Hauptstr"),
        ("04/in.eml", "Die Palette 12", "Palette"),
        ("05/in.eml", "Die Rechnung 4711 ist falsch", "Rechnung"),
        ("06/in.eml", "Bitte Rechnung", "Rechnung"),
        ("08/a-only-part.eml", "Das ist der eigentliche Text.", "eigentliche"),
        ("12/in.eml", "Kundennummer", "Donaudampfschifffahrt"),
        ("25/in.eml", "14:00", "Lieferplan"),
    ],
)
def test_a_department_is_told_all_that_a_first_mail_says_and_search_finds_it(
    poc: Poc, sent: Path, name: str, words: str, sought: str
) -> None:
    poc.ok("departments", "add", "Stores", "--contact", "stores@firm.example")
    came(poc, name)
    assert found(poc, sought) == [1]
    poc.ok("forward", "1", "Stores", "Please look")
    body = went_out(poc, sent).get_body(("plain",))
    assert body is not None
    assert words in body.get_content()


def test_a_mail_that_was_attached_goes_on_under_its_subject(poc: Poc, sent: Path) -> None:
    poc.ok("departments", "add", "Stores", "--contact", "stores@firm.example")
    came(poc, "21/in.eml")
    poc.ok("forward", "1", "Stores", "Please look")
    names = [part.get_filename() for part in went_out(poc, sent).iter_attachments()]
    assert names == ["Auftrag 4711 Verzug.eml"]


@pytest.mark.parametrize(
    ("name", "received_at"),
    [
        ("13/in.eml", "2026-11-27T11:00:00+01:00"),
        ("14/in.eml", "2026-11-20T11:00:00+01:00"),
        ("14/bad.eml", "2026-11-20T11:00:00+01:00"),
    ],
)
def test_a_request_counts_from_when_our_own_server_had_the_mail(
    poc: Poc, name: str, received_at: str
) -> None:
    came(poc, name)
    (row,) = poc.ok("list", "--json").json
    assert row["received_at"] == received_at


def test_what_is_thrown_away_or_a_draft_did_not_come(poc: Poc, tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    (tmp_path / "box/cur/1.x:2,ST").write_bytes(case("22/trashed"))
    (tmp_path / "box/cur/2.x:2,DS").write_bytes(case("22/draft"))
    assert "2 mails in the trash or not finished" in poc.ok("import", "mail", f"{tmp_path}/box").out
    assert poc.ok("list", "--json").json == []


@pytest.mark.parametrize(
    ("first", "name", "subject"),
    [
        ("24/a.eml", "24/b.eml", "STORNO Auftrag 4711"),
        ("24/a.eml", "24/c.eml", "Ganz anderes Thema: Adressaenderung"),
        ("mail/12/a.eml", "mail/12/b.eml", "Rechnung 55 doppelt"),
    ],
)
def test_a_new_subject_in_an_old_thread_is_shown_and_found_and_not_answered(
    poc: Poc, first: str, name: str, subject: str
) -> None:
    came(poc, first)
    came(poc, name, answers="12@n")
    assert f"Subject: {subject}" in poc.ok("show", "1").out
    assert found(poc, subject) == [1]
    poc.ok("answer", "1", "We see to it.")
    (row,) = poc.ok("outbox", "--json").json
    assert subject not in row["subject"]


def test_a_new_matter_can_be_split_off_after_an_answer(poc: Poc) -> None:
    came(poc, "mail/12/a.eml")
    came(poc, "mail/12/b.eml", answers="12@n")
    poc.ok("answer", "1", "We see to it.")
    poc.ok("mail", "split", "2")
    assert [row["subject"] for row in poc.ok("list", "--json").json] == [
        "Rechnung 55 doppelt",
        "Pumpe",
    ]


@pytest.mark.parametrize("folder", ["06", "07"])
def test_who_only_says_thank_you_is_not_waited_for_again(poc: Poc, sent: Path, folder: str) -> None:
    came(poc, f"mail/{folder}/a.eml")
    poc.ok("answer", "1", "It has gone out.", "--resolve", "solved")
    ours = str(went_out(poc, sent)["Message-ID"]).strip("<>")
    came(poc, f"mail/{folder}/b.eml", answers=ours)
    (row,) = poc.ok("list", "resolved", "--json").json
    assert row["number"] == 1
