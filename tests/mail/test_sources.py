"""Where mail comes from: everything that is there is given, and nothing there is changed."""

from __future__ import annotations

import hashlib
import io
import mailbox
import os
import re
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import (
    connection,
    imap as imap_source,
    mail_files,
    mbox as mbox_source,
    source,
)
from poc_tui.mail.transport.imap import ImapSource
from poc_tui.mail.transport.imap_accounts import ImapAccounts
from poc_tui.mail.transport.mail_files import MailFiles, StandardInput
from poc_tui.mail.transport.maildir import Maildir
from poc_tui.mail.transport.mbox import Mbox
from poc_tui.mail.transport.open_source import configured, open_source
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.source import Batch, MailSource, source_name
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import MailSettings, Server
from poc_tui.store.raw_mail import Position
from tests.helpers.loopback import cut_after
from tests.helpers.mail_corpora import CORPORA
from tests.helpers.mail_servers import PASSWORD, Dovecot, dovecot
from tests.helpers.mail_setup import one_account

FOLDER = "Entwürfe/Käufer"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    """A dovecot whose certificate this computer trusts."""
    with dovecot(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate.authority))
        yield running


def mail(number: int, size: int = 0) -> bytes:
    """A mail that is unlike the others, of so many bytes at least."""
    head = f"From: Meyer AG <info@meyer.example>\r\nSubject: no. {number}\r\n\r\n".encode()
    return head + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (size // 72)


def mails(count: int, start: int = 0) -> list[bytes]:
    return [mail(number) for number in range(start, start + count)]


NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def account(server: Server, password: str = PASSWORD) -> ImapSource:
    return ImapSource(server, lambda asked: Password(password), FixedClock(NOW, UTC))


class Store:
    """What a caller keeps: mails by their digest and the position, both or neither."""

    def __init__(self) -> None:
        self.mails: dict[str, bytes] = {}
        self.position = Position()
        self.given = 0
        self.left: list[source.Skipped] = []

    def fetch(self, source: MailSource, stop_after: int | None = None) -> None:
        """Take in what is new; with `stop_after` batches this process dies before `taken`."""
        with closing(source.batches(self.position)) as batches:
            for number, batch in enumerate(batches, start=1):
                self.keep(batch)
                if number == stop_after:
                    return
                source.taken(batch)

    def keep(self, batch: Batch) -> None:
        self.mails |= {hashlib.sha256(raw).hexdigest(): raw for raw in batch.mails}
        self.given += len(batch.mails)
        self.left += batch.left
        self.position = batch.position

    @property
    def subjects(self) -> list[str]:
        found = (re.search(rb"^Subject: (.*?)\r?$", raw, re.M) for raw in self.mails.values())
        return [subject[1].decode("latin-1") for subject in found if subject]


def take(source: MailSource) -> Store:
    store = Store()
    store.fetch(source)
    return store


# An account on a server


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_all_mail_of_an_account_is_given_once_and_left_as_it_was(
    server: Dovecot, security: str
) -> None:
    sent = mails(600)
    server.deliver(*sent)
    store = take(account(server.settings(security=security)))
    assert list(store.mails.values()) == sent
    assert store.given == len(sent)
    assert server.flags() == [()] * 600


def test_for_other_mail_programs_it_is_as_if_nobody_had_looked(server: Dovecot) -> None:
    server.deliver(*mails(3), folder=FOLDER)
    assert len(take(account(server.settings(folder=FOLDER))).mails) == 3
    with server.box() as other:
        counted = other.folder.status(FOLDER, ["RECENT", "UNSEEN"])
    assert counted == {"RECENT": 3, "UNSEEN": 3}


@pytest.mark.parametrize("flag", [r"\Deleted", r"\Draft"])
def test_what_is_thrown_away_on_the_server_or_a_draft_did_not_come(
    server: Dovecot, flag: str
) -> None:
    server.deliver(*mails(2))
    with server.box() as other:
        other.flag("2", [flag], True)
    source = account(server.settings())
    store = take(source)
    assert store.subjects == ["no. 0"]
    server.deliver(*mails(2, start=2))
    with server.box() as other:
        other.flag("3", [flag], True)
    store.fetch(source)
    assert store.subjects == ["no. 0", "no. 3"]


def test_of_a_mail_without_a_date_the_server_says_when_it_came(server: Dovecot) -> None:
    came = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    dated = b"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n" + mail(2)
    with server.box() as other:
        for raw in (mail(1), dated):
            other.append(raw, "INBOX", dt=came)
    (batch,) = account(server.settings()).batches(Position())
    assert [getattr(each, "at", None) for each in batch.mails] == [came, None]
    assert list(batch.mails) == [mail(1), dated]


def test_later_only_what_is_new_is_given(server: Dovecot) -> None:
    server.deliver(*mails(3))
    source = account(server.settings())
    store = take(source)
    store.fetch(source)
    assert store.given == 3  # `n:*` would have given the last once more
    server.deliver(*mails(2, start=3))
    store.fetch(source)
    assert store.given == 5
    assert len(store.mails) == 5


def test_a_folder_that_was_numbered_anew_is_given_again(server: Dovecot) -> None:
    source = account(server.settings(folder=FOLDER))
    server.deliver(*mails(5), folder=FOLDER)
    store = take(source)
    before = store.position
    with server.box() as box:
        box.folder.delete(FOLDER)
    server.deliver(*mails(2, start=5), folder=FOLDER)
    store.fetch(source)
    assert store.position.uid_validity != before.uid_validity
    assert store.position.last_uid < before.last_uid
    assert len(store.mails) == 7


def append(server: Dovecot, number: int, days_ago: float, folder: str = "INBOX") -> None:
    """Put a mail into a folder that the server got so long ago."""
    with server.box() as box:
        if not box.folder.exists(folder):
            box.folder.create(folder)
        box.append(mail(number), folder, dt=NOW - timedelta(days=days_ago))


def test_a_full_folder_is_first_looked_at_as_far_back_as_is_set(server: Dovecot) -> None:
    source = account(server.settings(first_fetch=timedelta(days=7)))
    for number, days_ago in enumerate((400, 20, 6, 1)):
        append(server, number, days_ago)
    store = take(source)
    assert store.subjects == ["no. 2", "no. 3"]
    append(server, 4, 0)
    append(server, 5, 300)
    store.fetch(source)
    assert store.subjects == ["no. 2", "no. 3", "no. 4", "no. 5"]  # each of them is new here


def test_of_a_folder_that_was_numbered_anew_what_came_since_the_last_look_is_given_again(
    server: Dovecot,
) -> None:
    source = account(server.settings(folder=FOLDER, first_fetch=timedelta(days=7)))
    append(server, 0, 1, FOLDER)
    store = take(source)
    with server.box() as box:
        box.folder.delete(FOLDER)
    long_ago = int((NOW - timedelta(days=100)).timestamp())
    store.position = store.position._replace(at=long_ago)
    for number, days_ago in enumerate((300, 110, 105, 40), start=1):
        append(server, number, days_ago, FOLDER)
    store.fetch(source)
    assert store.subjects == ["no. 0", "no. 3", "no. 4"]


@pytest.mark.parametrize(
    ("after", "flags"),
    [("nothing", ()), ("seen", (r"\Seen",)), ("flagged", (r"\Flagged",))],
)
def test_mail_that_was_taken_is_marked_as_it_is_set(
    server: Dovecot, after: str, flags: tuple[str, ...]
) -> None:
    server.deliver(*mails(3), folder=FOLDER)
    store = take(account(server.settings(folder=FOLDER, after=after)))
    assert len(store.mails) == 3
    assert server.flags(FOLDER) == [flags] * 3


@pytest.mark.parametrize("after", ["seen", "flagged", "move"])
def test_mail_that_was_not_taken_is_not_touched(server: Dovecot, after: str) -> None:
    server.deliver(*mails(300))
    server.deliver(folder="Done")
    Store().fetch(account(server.settings(after=after, move_to="Done")), stop_after=1)
    assert server.flags() == [()] * 300


@pytest.mark.parametrize("after", ["nothing", "seen", "flagged", "move"])
def test_nothing_is_deleted_not_even_what_somebody_else_has_marked_for_it(
    server: Dovecot, after: str
) -> None:
    server.deliver(*mails(2))
    server.deliver(folder="Done")
    with server.box() as box:
        box.client.store("1", "+FLAGS", r"(\Deleted)")
    source = account(server.settings(after=after, move_to="Done"))
    store = take(source)
    store.fetch(source)
    assert len(server.flags()) + len(server.flags("Done")) == 2
    assert store.subjects == ["no. 1"]


def test_mail_that_was_taken_is_moved(server: Dovecot) -> None:
    server.deliver(*mails(300))
    server.deliver(folder=FOLDER)
    source = account(server.settings(after="move", move_to=FOLDER))
    store = take(source)
    assert len(store.mails) == 300
    assert server.flags() == []
    assert server.flags(FOLDER) == [()] * 300
    server.deliver(mail(300))
    store.fetch(source)
    assert len(store.mails) == 301


def test_a_server_that_can_move_only_by_deleting_is_refused_before_anything_is_fetched(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = connection.imap

    def without_move(*arguments: object) -> object:
        box = connect(*arguments)  # type: ignore[arg-type]
        box.client.capability = lambda: ("OK", [b"IMAP4rev1 IDLE"])  # type: ignore[method-assign]
        return box

    monkeypatch.setattr(connection, "imap", without_move)
    server.deliver(*mails(1))
    server.deliver(folder="Done")
    store = Store()
    with pytest.raises(MailFailed, match=r"cannot move mail without deleting.*mail\.imap\.after"):
        store.fetch(account(server.settings(after="move", move_to="Done")))
    assert not store.mails


@pytest.mark.parametrize(
    ("changes", "key", "near"),
    [
        ({"folder": "Entwürfe/Käufe"}, "mail.imap.folder", FOLDER),
        ({"folder": "inbx"}, "mail.imap.folder", "INBOX"),
        ({"folder": 'no "such" \\ folder'}, "mail.imap.folder", ""),
        ({"after": "move", "move_to": "Entwurf"}, "mail.imap.move_to", "Entwürfe"),
    ],
)
def test_a_folder_that_is_not_there_is_answered_with_the_nearest(
    server: Dovecot, changes: dict[str, str], key: str, near: str
) -> None:
    server.deliver(folder=FOLDER)
    server.deliver(folder="Entwürfe")
    with pytest.raises(MailFailed) as failed:
        take(account(server.settings(**changes)))
    assert "has no folder" in str(failed.value)
    assert f'"{key}"' in str(failed.value)
    assert f"The nearest is {near}" in str(failed.value)


def test_a_wrong_password_is_said(server: Dovecot) -> None:
    with pytest.raises(MailFailed) as failed:
        take(account(server.settings(), "falsch"))
    assert "localhost does not let desk@example.com in" in str(failed.value)
    assert "`poc mail password imap`" in str(failed.value)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_with_a_certificate_that_nobody_trusts_is_told_nothing(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailFailed, match="certificate of localhost cannot be trusted"):
        take(account(server.settings(security=security)))
    assert "method=PLAIN" not in server.log()


def test_a_certificate_for_another_name_is_not_trusted(server: Dovecot) -> None:
    with pytest.raises(MailFailed, match=r"certificate of 127\.0\.0\.1 cannot be trusted"):
        take(account(server.settings(security="tls", host="127.0.0.1")))


def test_a_server_killed_between_two_batches_loses_nothing(server: Dovecot) -> None:
    sent = mails(600)
    server.deliver(*sent)
    source, store = account(server.settings(after="seen")), Store()
    with closing(source.batches(store.position)) as batches:
        first = next(batches)
        store.keep(first)
        source.taken(first)
        server.kill()
        with pytest.raises(MailFailed, match=r"connection to localhost broke.* 250 mails are in"):
            next(batches)
    server.start()
    store.fetch(source)
    assert list(store.mails.values()) == sent
    assert store.given == len(sent)


def test_wherever_the_connection_is_cut_nothing_is_lost_or_given_twice(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BATCH_MAILS", 3)
    sent = [mail(number, size=400) for number in range(8)]
    server.deliver(*sent)
    store, size = Store(), 200
    while len(store.mails) < len(sent):
        with cut_after(server.port, size) as port, suppress(MailFailed):
            store.fetch(account(server.settings(port=port)))
        size += 97
    assert list(store.mails.values()) == sent
    assert store.given == len(sent)


def test_a_mail_that_is_too_large_is_left_with_its_headers_and_the_others_are_given(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_source, "LARGEST", 1000)
    server.deliver(mail(0), mail(1, size=5000), mail(2))
    store = take(account(server.settings(after="seen")))
    assert store.subjects == ["no. 0", "no. 2"]
    (left,) = store.left
    assert "too large" in left.why
    assert "UID 2" in left.why
    assert left.headers.startswith(b"From: Meyer AG")
    assert b"Subject: no. 1" in left.headers
    assert b"yyy" not in left.headers
    assert server.flags() == [(r"\Seen",), (), (r"\Seen",)]


def test_a_batch_holds_few_enough_bytes(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poc_tui.mail.transport.source.BATCH_BYTES", 2000)
    server.deliver(*(mail(number, size=number * 500) for number in range(6)))
    source = account(server.settings())
    with closing(source.batches(Position())) as batches:
        found = list(batches)
    sizes = [[len(raw) for raw in batch.mails] for batch in found]
    assert all(len(batch) == 1 or sum(batch) <= 2000 for batch in sizes)
    assert [len(batch) for batch in sizes] == [3, 1, 1, 1]


def test_a_mail_that_vanishes_while_it_is_fetched_is_passed_over(server: Dovecot) -> None:
    server.deliver(*mails(600))
    source, store = account(server.settings()), Store()
    with closing(source.batches(store.position)) as batches:
        store.keep(next(batches))
        with server.box() as other:
            other.delete(["300", "301", "600"])
        for batch in batches:
            store.keep(batch)
    assert len(store.mails) == 597
    assert not store.left


def test_an_account_is_known_by_user_host_and_folder(server: Dovecot) -> None:
    name = account(server.settings(folder=FOLDER)).name
    assert name == f"imap:desk@example.com@localhost/{FOLDER}"
    assert source_name(name) == f"desk@example.com at localhost, {FOLDER}"


# A server that is not there, or not what it is taken for


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"host": "no-such-host.invalid"}, "no server by the name of no-such-host.invalid"),
        ({"host": "a" * 300}, "no server by the name of"),
        ({"port": 1}, "takes no connection on port 1"),
    ],
)
def test_a_server_that_is_not_there_is_said(changes: dict[str, object], why: str) -> None:
    server = Server("imap", "localhost", 9, "none", "desk")._replace(**changes)  # type: ignore[arg-type]
    with pytest.raises(MailFailed, match=why):
        take(account(server))


def test_a_server_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(connection, "TIMEOUT", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        for security in ("none", "tls", "starttls"):
            settings = Server("imap", "localhost", port, "none", "desk")
            with pytest.raises(MailFailed, match=f"does not answer on port {port}"):
                take(account(settings._replace(security=security)))


def test_tls_with_a_server_that_begins_in_the_clear_is_said(server: Dovecot) -> None:
    settings = server.settings(security="tls", port=server.port)
    with pytest.raises(MailFailed, match=r"does not speak TLS on port .*starttls"):
        take(account(settings._replace(port=server.port)))


# Maildir


def maildir(path: Path, *raws: bytes, folder: str = "new") -> Path:
    (path / folder).mkdir(parents=True, exist_ok=True)
    there = sum(1 for _ in path.rglob("*") if _.is_file())
    for number, raw in enumerate(raws, start=there):
        (path / folder / f"{number:06}.M1.host").write_bytes(raw)
    return path


def snapshot(path: Path) -> dict[str, tuple[bytes, float, int]]:
    return {
        str(file): (file.read_bytes(), file.stat().st_mtime, file.stat().st_mode)
        for file in [path, *path.rglob("*")]
        if file.is_file()
    }


def test_a_maildir_is_read_from_new_and_cur_and_left_as_it_is(
    tmp_path: Path, clock: FixedClock
) -> None:
    box = maildir(tmp_path / "box", *mails(3))
    maildir(box, *mails(2, start=3), folder="cur")
    maildir(box, b"half a ma", folder="tmp")
    (box / "new" / ".hidden").write_bytes(b"x")
    os.mkfifo(box / "cur" / "pipe")
    before = snapshot(tmp_path / "box" / "new")
    store = take(Maildir(str(box), clock))
    assert sorted(store.mails.values()) == sorted(mails(5))
    assert snapshot(tmp_path / "box" / "new") == before


def test_what_is_trashed_or_a_draft_in_a_maildir_did_not_come(
    tmp_path: Path, clock: FixedClock
) -> None:
    box = maildir(tmp_path / "box", *mails(1))
    for number, flags in enumerate((":2,S", ":2,ST", ":2,DS", "!2,T", ":2,"), start=1):
        (box / "cur").mkdir(exist_ok=True)
        (box / "cur" / f"{number:06}.TD.host{flags}").write_bytes(mail(number))
    source = Maildir(str(box), clock)
    assert take(source).subjects == ["no. 0", "no. 1", "no. 5"]
    assert source.left == 3


def test_a_maildir_gives_what_changed_since_and_nothing_is_lost_when_it_breaks_off(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = maildir(tmp_path / "box", *mails(600))
    source, store = Maildir(str(box), clock), Store()
    clock.advance(timedelta(days=3650))  # so that the files are old
    store.fetch(source, stop_after=1)
    assert store.given == 250
    assert store.position == Position()
    store.fetch(source)
    assert len(store.mails) == 600
    assert store.given == 850  # the first 250 came again, because the end was not reached
    maildir(box, mail(600))
    os.utime(box / "new" / "000600.M1.host", (0, 0))  # as a program that keeps the old date does
    store.fetch(source)
    assert len(store.mails) == 601


def test_a_maildir_that_nothing_came_to_is_not_read_again_a_day_later(
    tmp_path: Path, clock: FixedClock
) -> None:
    box = maildir(tmp_path / "box", *mails(3))
    written = (box / "new" / "000000.M1.host").stat().st_ctime
    clock.advance(timedelta(days=3650))
    later = Position(0, int(written) + 2 * 24 * 3600)
    assert not list(Maildir(str(box), clock).batches(later))
    before = Position(0, int(written) + 12 * 3600)
    assert len(list(Maildir(str(box), clock).batches(before))) == 1


def test_a_position_in_the_future_is_not_trusted(tmp_path: Path, clock: FixedClock) -> None:
    box = maildir(tmp_path / "box", *mails(3))
    ahead = Position(0, int((clock.now() + timedelta(days=2)).timestamp()))
    assert sum(len(batch.mails) for batch in Maildir(str(box), clock).batches(ahead)) == 3


def test_the_maildir_of_a_mailing_list_is_read_whole(clock: FixedClock) -> None:
    if not CORPORA.is_dir():
        pytest.skip("the corpora are not beside this checkout")
    store = take(open_source(str(CORPORA / "lkml"), clock))
    expected = {file.read_bytes() for file in (CORPORA / "lkml" / "cur").iterdir()}
    assert set(store.mails.values()) == expected
    assert store.given == 210


def test_a_directory_that_is_no_maildir_is_said(tmp_path: Path, clock: FixedClock) -> None:
    with pytest.raises(MailFailed, match="is no Maildir"):
        take(Maildir(str(tmp_path), clock))


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_given(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_files, "LARGEST", 1000)
    box = maildir(tmp_path / "box", mail(0), mail(1, size=5000), mail(2))
    store = take(Maildir(str(box), clock))
    assert store.subjects == ["no. 0", "no. 2"]
    (left,) = store.left
    assert str(box / "new" / "000001.M1.host") in left.why
    assert left.headers == mail(1).partition(b"\r\n\r\n")[0] + b"\n"


# mbox


def written(*raws: bytes, end: bytes = b"\n") -> bytes:
    """An mbox file of these mails, quoted as mboxrd does."""
    envelope = b"From info@meyer.example Mon Nov 23 09:12:00 2026" + end
    quoted = (re.sub(rb"(?m)^(>*From )", rb">\1", raw) for raw in raws)
    return b"".join(envelope + raw + end for raw in quoted)


def lines(*raws: bytes) -> list[bytes]:
    """The mails with the line ends that mbox files have."""
    return [raw.replace(b"\r\n", b"\n") for raw in raws]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(written(*lines(*mails(3))))
    return path


def test_an_mbox_gives_its_mails_and_later_only_what_is_new(spool: Path, clock: FixedClock) -> None:
    clock.advance(timedelta(days=3650))
    source = Mbox(str(spool), clock)
    before = snapshot(spool)
    store = take(source)
    assert list(store.mails.values()) == lines(*mails(3))
    store.fetch(source)
    assert store.given == 3
    assert snapshot(spool) == before
    with spool.open("ab") as file:
        file.write(written(*lines(*mails(2, start=3))))
    store.fetch(source)
    assert store.given == 5
    assert list(store.mails.values()) == lines(*mails(5))


def test_an_mbox_with_the_line_ends_of_windows_is_read_to_the_byte(spool: Path) -> None:
    spool.write_bytes(written(*mails(3), end=b"\r\n"))
    assert list(take(Mbox(str(spool), None)).mails.values()) == mails(3)


def test_one_level_of_the_quoting_of_from_is_undone(spool: Path) -> None:
    raw = b"Subject: x\n\nFrom now on\n>From then on\n>>From there\n> From here\nFromage\n"
    spool.write_bytes(written(raw, raw + b"\nmore\n"))
    assert list(take(Mbox(str(spool), None)).mails.values()) == [raw, raw + b"\nmore\n"]


@pytest.mark.parametrize(
    ("line", "splits"),
    [
        (b"From - Mon Nov 23 09:12:00 2026", True),
        (b"From 1234@xxx Mon Nov 23 09:12:00 +0000 2026", True),
        (b"From ", True),
        (b"From info@meyer.example", True),
        (b"From now on we close at 12:30.", False),
        (b"From Monday on", False),
        (b"From what I see", False),
    ],
)
def test_only_the_line_before_a_mail_divides_an_mbox(
    spool: Path, line: bytes, splits: bool
) -> None:
    first, second = b"Subject: a\n\ntext\n", b"Subject: b\n\ntext\n"
    spool.write_bytes(written(first) + line + b"\n" + second)
    found = list(take(Mbox(str(spool), None)).mails.values())
    assert found == ([first, second] if splits else [first + b"\n" + line + b"\n" + second])


def test_an_mbox_that_was_rewritten_is_given_again(spool: Path, clock: FixedClock) -> None:
    clock.advance(timedelta(days=3650))
    long = [mail(number, size=3000) for number in range(10)]
    spool.write_bytes(written(*lines(*long[:3])))
    source = Mbox(str(spool), clock)
    store = take(source)
    # One mail is deleted, and one of the same length comes: the file is as long as before.
    spool.write_bytes(written(*lines(long[0], long[2], long[9])))
    store.fetch(source)
    assert store.subjects == ["no. 0", "no. 1", "no. 2", "no. 9"]


def test_what_a_mail_program_notes_in_an_mbox_makes_no_new_mail(
    spool: Path, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=3650))
    source = Mbox(str(spool), clock)
    store = take(source)
    noted = b"Status: RO\nX-Mozilla-Keys: a\n b\nSubject: no. 1"
    spool.write_bytes(spool.read_bytes().replace(b"Subject: no. 1", noted))
    store.fetch(source)
    assert store.given > 3
    assert len(store.mails) == 3


@pytest.mark.parametrize(
    "noted", [b"X-Status: AD", b"X-Status: T", b"X-Mozilla-Status: 0009", b"X-Mozilla-Status: 001b"]
)
def test_what_is_thrown_away_in_an_mbox_or_a_draft_did_not_come(
    spool: Path, clock: FixedClock, noted: bytes
) -> None:
    clock.advance(timedelta(days=3650))
    kept = b"X-Status: AF\nX-Mozilla-Status: 0011\nSubject: no. 0"
    raw = spool.read_bytes().replace(b"Subject: no. 0", kept)
    spool.write_bytes(raw.replace(b"Subject: no. 1", noted + b"\nSubject: no. 1"))
    assert take(Mbox(str(spool), clock)).subjects == ["no. 0", "no. 2"]


@pytest.mark.parametrize(
    ("envelope", "at"),
    [
        (
            b"From anna@huber.example Fri Nov 20 09:30:00 2026",
            datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        ),
        (b"From - Fri Nov  6 09:30:00 2026", datetime(2026, 11, 6, 9, 30, tzinfo=UTC)),
        (b"From anna@huber.example Fri Foo 20 09:30:00 2026", None),
    ],
)
def test_of_a_mail_without_a_date_the_line_before_it_says_when_it_came(
    spool: Path, envelope: bytes, at: datetime | None
) -> None:
    spool.write_bytes(envelope + b"\n" + mail(1) + b"\n")
    (batch,) = Mbox(str(spool), None).batches(Position())
    assert [getattr(each, "at", None) for each in batch.mails] == [at]


def test_the_last_mail_of_an_mbox_that_is_written_to_waits(spool: Path, clock: FixedClock) -> None:
    now = clock.now().timestamp()
    os.utime(spool, (now, now - 1))
    source = Mbox(str(spool), clock)
    store = take(source)
    assert store.subjects == ["no. 0", "no. 1"]
    clock.advance(timedelta(seconds=2))
    store.fetch(source)
    assert store.subjects == ["no. 0", "no. 1", "no. 2"]
    assert store.given == 3


def test_a_mail_that_was_half_written_is_given_whole_the_next_time(
    spool: Path, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=3650))
    whole = spool.read_bytes()
    spool.write_bytes(whole[:-30])
    source = Mbox(str(spool), clock)
    store = take(source)
    spool.write_bytes(whole)
    store.fetch(source)
    assert set(lines(*mails(3))) <= set(store.mails.values())


def test_the_data_of_a_folder_that_stands_as_its_first_mail_is_no_mail(spool: Path) -> None:
    internal = b"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nText\n"
    spool.write_bytes(written(internal, *lines(mail(1))))
    assert take(Mbox(str(spool), None)).subjects == ["no. 1"]


def test_a_mail_too_large_in_an_mbox_is_named_and_the_others_are_given(
    spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbox_source, "LARGEST", 1000)
    spool.write_bytes(written(*lines(mail(0), mail(1, size=5000), mail(2))))
    store = take(Mbox(str(spool), None))
    assert store.subjects == ["no. 0", "no. 2"]
    (left,) = store.left
    assert str(spool) in left.why
    assert b"Subject: no. 1" in left.headers


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_mbox_has_no_mail(spool: Path, clock: FixedClock, content: bytes) -> None:
    spool.write_bytes(content)
    assert not take(Mbox(str(spool), clock)).mails


def test_what_is_no_mbox_is_said(tmp_path: Path, clock: FixedClock) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear sirs,\n")
    with pytest.raises(MailFailed, match="is no mbox file"):
        take(Mbox(str(other), clock))
    for path, why in ((tmp_path / "no", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(MailFailed, match=why):
            take(Mbox(str(path), clock))


def test_long_lines_that_could_divide_an_mbox_are_not_looked_at_for_ever(spool: Path) -> None:
    """Tried in all ways, each of these would take seconds."""
    raw = b"Subject: x\n\n" + b"\n".join(b"\nFrom " + b"Mon " * 16_000 for _ in range(100))
    spool.write_bytes(b"From a@m.example Mon Nov 23 09:00:00 2026\n" + raw + b"\n\n")
    batches = Mbox(str(spool), None).batches(Position())
    assert [each for batch in batches for each in batch.mails] == [raw + b"\n"]


def test_a_mail_of_short_lines_in_an_mbox_takes_little_more_than_its_bytes(spool: Path) -> None:
    raw = b"Subject: x\n\n" + b"\n" * 500_000
    spool.write_bytes(written(raw))
    tracemalloc.start()
    try:
        found = [
            each for batch in Mbox(str(spool), None).batches(Position()) for each in batch.mails
        ]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [raw]
    assert most < 4 * len(raw)


TEXT = st.binary(max_size=200).map(lambda raw: b"Subject: x\n\n" + raw.replace(b"\r", b"") + b"\n")


@given(st.lists(TEXT, max_size=6))
def test_whatever_mails_an_mbox_is_made_of_come_out_of_it(
    tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("mbox") / "spool"
    path.write_bytes(written(*raws))
    found = [raw for batch in Mbox(str(path), None).batches(Position()) for raw in batch.mails]
    assert found == raws


def test_the_mbox_that_the_standard_library_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    with closing(mailbox.mbox(path)) as box:
        for raw in lines(*mails(5)):
            box.add(raw)
        box.flush()
    assert list(take(Mbox(str(path), None)).mails.values()) == lines(*mails(5))


# Files and standard input


def test_a_directory_of_mails_gives_those_in_it_and_below(
    tmp_path: Path, clock: FixedClock
) -> None:
    (tmp_path / "below").mkdir()
    for name, raw in (("b.eml", mail(1)), ("a.EML", mail(0)), ("below/c.eml", mail(2))):
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "notes.txt").write_text("not a mail")
    (tmp_path / "empty.eml").touch()
    source = open_source(str(tmp_path), clock)
    assert isinstance(source, MailFiles)
    assert take(source).subjects == ["no. 0", "no. 1", "no. 2"]


def test_one_mail_comes_on_standard_input_without_the_line_of_a_delivery_agent() -> None:
    for start in (b"", b"From info@meyer.example Mon Nov 23 09:12:00 2026\n"):
        store = take(StandardInput(io.BytesIO(start + mail(1))))
        assert list(store.mails.values()) == [mail(1)]


def test_standard_input_with_no_mail_or_too_large_a_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(MailFailed, match="no mail on standard input"):
        take(StandardInput(io.BytesIO(b" \n")))
    monkeypatch.setattr(mail_files, "LARGEST", 50)
    with pytest.raises(MailFailed, match="larger than"):
        take(StandardInput(io.BytesIO(mail(1))))


def test_what_lies_at_a_path_is_told_apart(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "spool").write_bytes(written(b"Subject: x\n\ny\n"))
    (tmp_path / "mail").write_bytes(mail(1))
    (tmp_path / "odd.eml").write_bytes(b"\xff\xfe no header at all")
    (tmp_path / "renamed.eml").write_bytes(written(b"Subject: x\n\ny\n"))
    maildir(tmp_path / "box", folder="cur")
    for name, kind in (
        ("spool", Mbox),
        ("renamed.eml", Mbox),
        ("mail", MailFiles),
        ("odd.eml", MailFiles),
        ("box", Maildir),
    ):
        assert isinstance(open_source(str(tmp_path / name), clock), kind)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "There is nothing at"),
        (lambda path: path.touch(), "There is no mail in"),
        (lambda path: path.write_text("Dear sirs,\n\nwe"), "There is no mail in"),
        (lambda path: path.mkdir(), "There is no mail in the directory"),
        (os.mkfifo, "it is a pipe"),
    ],
)
def test_what_is_no_mail_is_said(
    tmp_path: Path, clock: FixedClock, make: Callable[[Path], object], why: str
) -> None:
    path = tmp_path / "some\x1b]52;c;x\x07thing"
    make(path)
    with pytest.raises(MailFailed, match=why) as failed:
        open_source(str(path), clock)
    assert str(failed.value).isprintable()


def test_the_settings_name_the_sources(tmp_path: Path, clock: FixedClock) -> None:
    settings = one_account(
        imap=Server("imap", "mail.example.com", 993, "tls", "desk"),
        maildir=("/srv/a", "/srv/b"),
        mbox=("/var/mail/desk",),
    )

    def never(server: Server) -> Password:
        raise AssertionError("nobody is asked before the account is opened")

    names = [source.name for source in configured(settings, never, clock, ImapAccounts())]
    assert names == [
        "imap:desk@mail.example.com/INBOX",
        "maildir:/srv/a",
        "maildir:/srv/b",
        "mbox:/var/mail/desk",
    ]
    assert configured(MailSettings(), never, clock, ImapAccounts()) == ()
