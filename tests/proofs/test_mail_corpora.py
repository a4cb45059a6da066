"""Every message that others collected is read: none is lost, none breaks anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.mail.message.parts import part
from poc_tui.mail.worker.wire import from_json, to_json
from poc_tui.rules.mail.message import Mail, Nature
from tests.helpers.mail_corpora import CORPORA, beside, cpython

pytestmark = pytest.mark.proof


EMPTY = {
    "malformed/000.eml",  # five boundaries with nothing between them
    "malformed/005.eml",  # a boundary that is the end of another
    "msg_18.txt",  # a header and nothing else, without a subject
}
"""Messages that say nothing at all."""

SPOILT = 34
"""The message of an old program that was spoilt before it was sent: two charsets too many."""


def _files(folder: str, pattern: str) -> list[Path]:
    return sorted((CORPORA / folder).rglob(pattern))


def _read(path: Path) -> Mail:
    """What is read of a message; each part that is listed can be taken out as it was listed."""
    raw = path.read_bytes()
    mail = parse(raw)
    assert from_json(to_json(mail)) == mail
    for one in mail.parts:
        described, data = part(raw, one.index)
        assert described == one
        assert len(data) == one.size
    if path.name not in EMPTY and f"{path.parent.name}/{path.name}" not in EMPTY:
        assert mail.text.strip() or mail.subject or mail.parts
    return mail


@beside
def test_every_message_of_the_mailing_list_is_read_without_trouble() -> None:
    mails = [_read(path) for path in _files("lkml", "*:2,*")]
    assert len(mails) == 210
    assert [mail.trouble for mail in mails if mail.trouble] == []
    assert {mail.nature for mail in mails} == {Nature.LIST}
    for mail in mails:
        assert mail.message_id
        assert mail.sender
        assert mail.recipients
        assert mail.subject
        assert mail.sent_at
        assert mail.text


@beside
def test_every_strange_message_is_read() -> None:
    paths = _files("stalwart", "*.eml")
    mails = [_read(path) for path in paths]
    assert len(mails) == 107
    assert Nature.UNREADABLE not in {mail.nature for mail in mails}
    troubled = {
        f"{path.parent.name}/{path.name}"
        for path, mail in zip(paths, mails, strict=True)
        if mail.trouble
    }
    assert troubled == {"malformed/019.eml", "rfc/001.eml", "rfc/004.eml", "thirdparty/007.eml"}


@pytest.mark.skipif(not cpython(), reason="this Python comes without the data of its own tests")
def test_every_message_of_cpython_is_read() -> None:
    mails = [_read(path) for path in cpython()]
    assert len(mails) > 40
    assert Nature.UNREADABLE not in {mail.nature for mail in mails}


@beside
@pytest.mark.parametrize("number", [number for number in range(54) if number != SPOILT])
def test_what_old_programs_sent_is_read_with_its_umlauts(number: int) -> None:
    mail = _read(CORPORA / f"stalwart/legacy/{number:03}.eml")
    assert mail.sender
    assert mail.sender.address.endswith("example.com")
    assert mail.sent_at
    assert mail.sent_at.replace(day=17, hour=0, minute=0, second=0) == datetime(
        2000, 5, 17, tzinfo=UTC
    )
    if mail.subject.startswith("Die Hasen") and mail.text:
        assert "Die Hasen und die Frösche" in mail.text
        assert "mißliche Lage" in mail.text
    assert "\ufffd" not in mail.text + mail.subject


@beside
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("malformed/021.eml", "áóúäöüß"),
        ("thirdparty/003.eml", "Move ♚ to ♛'s ♝"),
        ("thirdparty/005.eml", "『世界人権宣言』"),
        ("thirdparty/010.eml", "人権の無視及"),
        ("thirdparty/016.eml", "Search for höhö"),
        ("rfc/002.eml", "Fire up Air Force One!"),
    ],
)
def test_other_scripts_are_read(name: str, words: str) -> None:
    assert words in _read(CORPORA / "stalwart" / name).text


@pytest.mark.skipif(not cpython(), reason="this Python comes without the data of its own tests")
def test_the_bounces_among_them_are_known() -> None:
    bounces = {path.name for path in cpython() if parse(path.read_bytes()).nature == "bounce"}
    assert {"msg_05.txt", "msg_16.txt", "msg_43.txt"} <= bounces
