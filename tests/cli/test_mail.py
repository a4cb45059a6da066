"""Mail on the command line: in from where it lies, out by what the settings say, and looked at."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from poc_tui.cli.commands import add_mail, mail as mail_commands
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import raw_mail as stored
from poc_tui.store.connection import connect
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import original, request
from poc_tui.system.process_lock import alone
from tests.helpers.command_line import Poc
from tests.helpers.imports import modules_after
from tests.helpers.keyrings import Memory
from tests.helpers.mail_servers import dovecot, free_port, smtp_server
from tests.helpers.oauth_provider import OAuthServer, oauth_provider
from tests.helpers.wrapped_mail import SIGNED, cms, of_type

Set = Callable[[str], None]

MEYER = "Meyer AG <info@meyer.example>"
LIST = "List-Id: <news.list.example>"
EX_TEMPFAIL = 75
"""By sysexits.h: to a mail program any other failure means that the mail goes back."""
PDF = b"%PDF-1.7 one page"


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """An empty Maildir."""
    place = tmp_path / "box"
    for name in ("new", "cur", "tmp"):
        (place / name).mkdir(parents=True)
    return place


@pytest.fixture
def configure(poc: Poc) -> Set:
    """Writes the settings file."""

    def write(toml: str) -> None:
        Path(poc.environ["POC_CONFIG"]).write_text(toml, encoding="utf-8")

    return write


def a_mail(
    id: str,
    sender: str = "Meyer AG <info@meyer.example>",
    subject: str = "Where is my order?",
    body: str = "It is not here yet.",
    *headers: str,
) -> bytes:
    """A mail of Friday, 20 November 2026, 10:00 in Berlin."""
    lines = (
        f"From: {sender}", "To: desk@example.com", f"Message-ID: <{id}>", f"Subject: {subject}",
        "Date: Fri, 20 Nov 2026 10:00:00 +0100", *headers, "", body, "",
    )  # fmt: skip
    return "\n".join(lines).encode()


def with_files(id: str, *names: str) -> bytes:
    """A mail with these files attached, and a quoted part."""
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"] = "Meyer AG <info@meyer.example>", "desk@example.com"
    mail["Subject"], mail["Message-ID"] = "The invoice", f"<{id}>"
    mail.set_content("Here it is.\n\nOn Friday the desk wrote:\n> Please send\n> the invoice.\n")
    for name in names:
        mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def deliver(box: Path, *mails: bytes) -> None:
    """Put mails into a Maildir."""
    for mail in mails:
        (box / "new" / f"{len(os.listdir(box / 'new')):04}.test").write_bytes(mail)


def fetching(box: Path) -> str:
    return f"[mail]\nmaildir = ['{box}']\n"


def answering(port: int, *more: str) -> str:
    """Settings of a desk that sends through a server on this computer."""
    return "\n".join(
        ("[mail]", 'address = "desk@example.com"', 'send = "smtp"', *more, "[mail.smtp]",
         'host = "localhost"', f"port = {port}", 'security = "none"', "")
    )  # fmt: skip


# In.


def test_fetch_says_what_came_and_where_it_went(
    poc: Poc, box: Path, configure: Set, reader: Reader
) -> None:
    configure(fetching(box))
    deliver(box, a_mail("a@m"), a_mail("b@o", "Ott <ott@ott.example>", "Bread"))
    assert poc.ok("fetch").lines == [
        "2 new mails: 2 new requests (#1, #2)",
        "  new customer “Meyer AG”",
        "  new customer “Ott”",
    ]
    deliver(
        box,
        a_mail("c@m", "Meyer AG <info@meyer.example>", "Re: order", "?", "In-Reply-To: <a@m>"),
        a_mail("d@l", "news@list.example", "News", "Buy!", LIST),
    )
    ran = poc.ok("fetch")
    assert ran.lines == ["2 new mails: more on 1 request you have (#1), 1 aside"]
    assert [row.event for row in request(reader, 1).activities] == ["received", "received"]
    assert poc.ok("fetch").lines == ["no new mail"]


def test_fetch_as_json_has_all_of_the_report(poc: Poc, box: Path, configure: Set) -> None:
    configure(fetching(box))
    deliver(box, a_mail("a@m"), a_mail("d@l", "news@list.example", "News", "Buy!", LIST))
    assert poc.ok("fetch", "--json").json == {
        "new": 2,
        "known": 0,
        "filed": 1,
        "aside": 1,
        "numbers": [1],
        "remarks": ["new customer “Meyer AG”"],
        "trouble": [],
    }


def test_fetch_makes_requests_of_lists_where_that_is_set(
    poc: Poc, box: Path, configure: Set
) -> None:
    configure(fetching(box) + 'lists = "requests"\n')
    deliver(box, a_mail("d@l", "news@list.example", "News", "Buy!", LIST))
    assert poc.ok("fetch", "--json").json["numbers"] == [1]


def test_a_source_that_fails_is_named_and_the_others_are_in(
    poc: Poc, box: Path, tmp_path: Path, configure: Set
) -> None:
    configure(f"[mail]\nmaildir = ['{tmp_path / 'gone'}', '{box}']\n")
    deliver(box, a_mail("a@m"))
    ran = poc("fetch")
    assert ran.code == 1
    assert ran.lines[0] == "1 new mail: 1 new request (#1)"
    assert f"{tmp_path / 'gone'} is no Maildir" in ran.err
    assert poc("fetch").lines == [], "whether there is new mail nobody knows"
    ran = poc("fetch", "--json")
    assert (ran.code, len(ran.json["trouble"]), ran.json["new"]) == (1, 1, 0)


def test_fetch_without_any_mailbox_says_how_one_is_set(poc: Poc) -> None:
    ran = poc("fetch")
    assert (ran.code, ran.out) == (2, "")
    assert "mail.imap.host" in ran.err
    assert "poc import mail PATH" in ran.err


def test_only_one_poc_takes_mail_in_at_a_time(
    poc: Poc, path: str, box: Path, configure: Set
) -> None:
    configure(fetching(box))
    deliver(box, a_mail("a@m"))
    with alone(path, "fetching"):
        ran = poc("fetch")
    assert (ran.code, ran.out) == (1, "")
    assert "another poc takes in mail" in ran.err
    assert poc.ok("fetch").lines[0] == "1 new mail: 1 new request (#1)"


def test_a_mailbox_is_imported_in_one_step_and_undone_in_one(
    poc: Poc, box: Path, reader: Reader
) -> None:
    deliver(box, *(a_mail(f"{n}@m", subject=f"Order {n}") for n in range(120)))
    ran = poc.ok("import", "mail", str(box))
    assert ran.lines[0].startswith("120 new mails: 120 new requests (#1, #2,")
    assert ran.lines[0].endswith("#10 and 110 more)")
    assert poc.ok("import", "mail", str(box)).lines == ["all 120 mails are in already"]
    assert "120 mails" in poc.ok("undo").lines[0]
    assert poc.ok("list", "--json").json == []
    assert poc.ok("import", "mail", str(box)).lines == [
        "all 120 mails are in already; 120 lie aside (`poc mail`)"
    ]
    assert "120 mails" in poc.ok("redo").lines[0]
    assert request(reader, 120).customer == "Meyer AG"


def test_lists_are_requests_in_an_import_unless_it_is_said_otherwise(poc: Poc, box: Path) -> None:
    deliver(box, a_mail("d@l", "news@list.example", "News", "Buy!", LIST))
    assert poc.ok("import", "mail", str(box), "--lists", "aside", "--json").json["aside"] == 1
    deliver(box, a_mail("e@l", "news@list.example", "More news", "Buy!", LIST))
    assert poc.ok("import", "mail", str(box), "--json").json["numbers"] == [1]
    assert poc("import", "mail", str(box), "--lists", "bin").code == 2


def test_an_mbox_and_single_mails_are_imported_too(
    poc: Poc, tmp_path: Path, reader: Reader
) -> None:
    mbox = tmp_path / "all.mbox"
    mbox.write_bytes(b"".join(
        b"From x@y Fri Nov 20 10:00:00 2026\n" + a_mail(f"{n}@m") + b"\n" for n in range(3)
    ))  # fmt: skip
    assert poc.ok("import", "mail", str(mbox), "--json").json["new"] == 3
    single = tmp_path / "single.eml"
    single.write_bytes(a_mail("z@m", subject="Alone"))
    assert poc.ok("import", "mail", str(single), "--json").json["new"] == 1
    assert request(reader, 4).subject == "Alone"
    assert original(reader, 4) == a_mail("z@m", subject="Alone")
    ran = poc("import", "mail", str(tmp_path / "nothing"))
    assert (ran.code, "There is nothing at" in ran.err) == (1, True)


def test_what_an_import_leaves_beside_the_mails_is_named(poc: Poc, tmp_path: Path) -> None:
    place = tmp_path / "old"
    for folder in ("Mail/cur", "below/Sent/new"):
        (place / folder).mkdir(parents=True)
    (place / "one.eml").write_bytes(a_mail("a@m"))
    (place / "box").write_bytes(b"From x@y Fri Nov 20 10:00:00 2026\n" + a_mail("b@m"))
    (place / "notes.txt").write_text("From: nobody")
    left = f"  left: Mail, {Path('below', 'Sent')}, box (name each by itself)"
    assert left in poc.ok("import", "mail", str(place)).lines
    assert poc.ok("import", "mail", str(place)).lines == ["the mail is in already", left]
    assert poc.ok("import", "mail", str(place / "one.eml")).lines == ["the mail is in already"]


@pytest.mark.parametrize("name", ["box", "all.mbox", "single.eml", "inbox"])
def test_import_of_what_is_mail_says_how_mail_is_taken_in(
    poc: Poc, tmp_path: Path, name: str
) -> None:
    place = tmp_path / name
    if name == "box":
        place.mkdir()
    else:
        place.write_bytes(b"From x@y Fri Nov 20 10:00:00 2026\n" + a_mail("a@m"))
    ran = poc("import", str(place))
    assert (ran.code, ran.out) == (2, "")
    assert f"`poc import mail {place}`" in ran.err


def test_an_import_that_is_stopped_goes_on_where_it_ended(
    poc: Poc, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(box, *(a_mail(f"{n}@m") for n in range(7)))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(stored, "keep_read", stop)
        ran = poc("import", "mail", str(box))
    assert ran.code == 130
    assert ran.lines == [
        f"stopped: what came is kept, 7 mails still to be filed; `poc import mail {box}` goes on"
    ]
    again = poc.ok("import", "mail", str(box))
    assert again.lines[0].startswith("no new mail, 7 kept before: 7 new requests")
    assert len(poc.ok("list", "--json").json) == 7


# One mail, piped in.


def test_a_piped_mail_is_a_request_or_goes_to_the_one_it_belongs_to(
    poc: Poc, reader: Reader
) -> None:
    raw = a_mail("a@m")
    ran = poc.ok("add", "--mail", "-", stdin=raw)
    assert ran.lines == ["#1  Meyer AG  Where is my order?", "  new customer “Meyer AG”"]
    assert original(reader, 1) == raw
    reply = a_mail("b@m", body="And?", subject="Re: Where is my order?") + b"\n"
    reply = reply.replace(b"Date:", b"References: <a@m>\nDate:")
    ran = poc.ok("add", "--mail", "-", "--json", stdin=reply)
    assert (ran.json["numbers"], ran.json["mail"], ran.json["new"]) == ([1], 2, True)
    ran = poc.ok("add", "--mail", "-", stdin=raw)
    assert ran.lines == ["#1  Meyer AG  Where is my order?", "  it was in already"]


def test_a_piped_mail_of_a_list_is_kept_aside_and_says_how_it_becomes_a_request(
    poc: Poc, reader: Reader
) -> None:
    raw = a_mail("d@l", "news@list.example", "News", "Buy!", LIST)
    assert poc.ok("add", "--mail", "-", stdin=raw).lines == [
        "kept aside: News, mailing list; `poc mail file 1` makes it a request"
    ]
    assert reading.raw(reader, 1) == raw


def test_what_is_to_be_known_of_a_mail_stands_below_it(poc: Poc) -> None:
    head, _, _ = a_mail("a@m").partition(b"\n\n")
    signed = of_type("application/pkcs7-mime", cms(SIGNED, b"\nIt is not here yet.\n")).encode()
    poc.ok("add", "--mail", "-", stdin=head + b"\n" + signed)
    assert "signature not checked (`poc mail show 1`)" in poc.ok("show", "1").out
    assert "It is signed; the signature was not checked." in poc.ok("mail", "show", "1").out


def test_what_is_thrown_away_in_an_imported_maildir_is_left_and_said(poc: Poc, box: Path) -> None:
    (box / "cur" / "1:2,S").write_bytes(a_mail("a@m"))
    (box / "cur" / "2:2,ST").write_bytes(a_mail("b@m"))
    ran = poc.ok("import", "mail", str(box))
    assert ran.lines[0].startswith("1 new mail")
    assert "left: 1 mail in the trash or not finished" in ran.out


def test_a_mail_in_a_file_is_added_by_its_name(poc: Poc, tmp_path: Path, reader: Reader) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(a_mail("a@m"))
    assert poc.ok("add", "--mail", str(file)).lines[0] == "#1  Meyer AG  Where is my order?"
    (tmp_path / "b.eml").write_bytes(a_mail("b@m"))
    assert poc("add", "--mail", str(tmp_path)).code == 2
    assert poc("add", "--mail", str(tmp_path / "gone.eml")).code == 1


def test_what_is_no_mail_is_refused_so_that_it_is_not_lost(poc: Poc, tmp_path: Path) -> None:
    for stdin in (b"", b" \n\n"):
        ran = poc("add", "--mail", "-", stdin=stdin)
        assert (ran.code, ran.out, "no mail on standard input" in ran.err) == (1, "", True)
    broken = tmp_path / "no store"
    broken.write_bytes(b"not a database, not at all, but long enough to be one" * 20)
    ran = poc("--db", str(broken), "add", "--mail", "-", stdin=a_mail("a@m"))
    assert (ran.code, ran.out) == (EX_TEMPFAIL, "")


def test_a_mail_is_kept_although_the_settings_are_wrong(poc: Poc, path: str) -> None:
    Path(f"{path}.toml").write_text("[desk]\nno_such_key = 1\n")
    assert "it is kept" in poc.ok("add", "--mail", "-", stdin=a_mail("a@m")).out
    Path(f"{path}.toml").unlink()
    assert poc.ok("fetch").code == 0


def test_a_mail_that_a_person_named_is_a_step_of_that_person(poc: Poc, tmp_path: Path) -> None:
    poc.ok("add", "call back")
    file = tmp_path / "a.eml"
    file.write_bytes(a_mail("a@m"))
    poc.ok("add", "--mail", str(file))
    assert "Meyer AG" in poc.ok("undo").out
    poc.ok("add", "--mail", "-", stdin=a_mail("b@m"))
    assert "new #1" in poc.ok("undo").out


def test_a_mail_says_it_all(poc: Poc) -> None:
    for more in (("word",), ("--customer", "Ott"), ("--due", "fri"), ("-e",), ("--", "word")):
        ran = poc("add", "--mail", "-", *more, stdin=a_mail("a@m"))
        assert (ran.code, ran.out) == (2, ""), more
    assert poc.ok("mail", "--json").json == []


def test_a_piped_mail_is_kept_while_another_poc_takes_mail_in(
    poc: Poc, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add_mail, "PATIENCE", 1)
    with alone(path, "fetching"):
        ran = poc.ok("add", "--mail", "-", stdin=a_mail("a@m"))
    assert ran.lines[0] == "mail 1"
    assert "it is kept" in ran.lines[1]
    assert poc.ok("add", "--mail", "-", stdin=a_mail("b@m")).lines[0].startswith("#2")
    assert poc.ok("list", "--json").json[0]["number"] == 1


# What came.


@pytest.fixture
def taken(poc: Poc, box: Path) -> Poc:
    """Mail 1 is on #1 with two files, mails 2 and 3 lie aside."""
    deliver(
        box,
        with_files("a@m", "../../etc/cron.d/x.pdf", "x.pdf"),
        a_mail("d@l", "news@list.example", "News", "Buy!", LIST),
        a_mail("e@l", "news@list.example", "More", "Buy!", LIST),
    )
    poc.ok("import", "mail", str(box), "--lists", "aside")
    return poc


def test_what_lies_aside_is_listed_newest_first(taken: Poc) -> None:
    assert [row["id"] for row in taken.ok("mail", "--json").json] == [3, 2]
    table = taken.ok("mail").lines
    assert table[0].split() == ["Id", "Came", "From", "Subject", "What"]
    assert "mailing list" in table[1]
    assert "More" in table[1]
    assert len(taken.ok("mail", "--limit", "1").lines) == 2


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(microsecond=0, tzinfo=UTC)]
)
def test_a_mail_dated_at_an_end_of_time_is_listed_and_shown(
    taken: Poc, path: str, moment: datetime
) -> None:
    sent_at = int(moment.timestamp())
    with closing(connect(path)) as connection, connection:
        connection.execute("UPDATE mail_read SET sent_at = ? WHERE mail_id = 2", (sent_at,))
    for command in (("mail",), ("mail", "show", "2"), ("mail", "of", "1")):
        taken.ok(*command)
        taken.ok("--json", *command)


def test_the_date_of_a_mail_that_no_zone_ahead_of_utc_can_show_is_none(
    poc: Poc, box: Path, configure: Set
) -> None:
    configure(fetching(box))
    raw = a_mail("a@m", "news@list.example", "News", "Buy!", LIST)
    deliver(
        box, raw.replace(b"Fri, 20 Nov 2026 10:00:00 +0100", b"Fri, 31 Dec 9999 23:59:59 +0000")
    )
    poc.ok("fetch")
    (row,) = poc.ok("--json", "mail").json
    assert (row["subject"], row["sent_at"]) == ("News", None)
    assert "News" in poc.ok("mail", "show", "1").out


def test_a_mail_is_shown_with_its_quoted_part_and_its_files(taken: Poc) -> None:
    out = taken.ok("mail", "show", "1").out
    assert out.startswith("The invoice\nfrom Meyer AG <info@meyer.example>\n")
    assert "\nHere it is.\n\nQuoted\n" in out
    assert "  > Please send\n" in out
    assert f"application/pdf, {len(PDF)} B" in out
    fields = taken.ok("mail", "show", "1", "--json").json
    assert (fields["number"], fields["text"]) == (1, "Here it is.")
    assert "> the invoice." in fields["quoted"]
    assert [part["name"] for part in fields["parts"]] == ["../../etc/cron.d/x.pdf", "x.pdf"]
    assert taken("mail", "show", "99").code == 1
    assert taken("mail", "show", "x").code == 2


def test_the_original_comes_out_to_the_byte(taken: Poc, tmp_path: Path) -> None:
    raw = with_files_of(taken)
    out = tmp_path / "out.eml"
    assert taken("mail", "original", "1", "-o", str(out)).code == 0
    assert out.read_bytes() == raw
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert taken("mail", "original", "1", "-o", str(out)).code == 1
    assert out.read_bytes() == raw


def with_files_of(poc: Poc) -> bytes:
    from base64 import b64decode

    return b64decode(poc.ok("mail", "original", "1", "--json").json["original_base64"])


def test_files_are_saved_under_safe_names_and_never_over_another(
    taken: Poc, tmp_path: Path
) -> None:
    to = tmp_path / "saved"
    to.mkdir()
    ran = taken.ok("mail", "save", "1", "--to", str(to), "--json")
    assert [Path(file).parent for file in ran.json["files"]] == [to, to]
    assert taken.ok("mail", "save", "1", "2", "--to", str(to)).lines == [
        f"saved {to / 'x (2).pdf'}"
    ]
    assert len(os.listdir(to)) == 3
    for file in to.iterdir():
        assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (PDF, 0o600)
    assert taken("mail", "save", "1", "9").code == 2
    assert taken("mail", "save", "2").code == 1
    ran = taken("mail", "save", "1", "--to", str(tmp_path / "gone"))
    assert (ran.code, "cannot be written" in ran.err) == (1, True)


def test_what_lies_aside_becomes_a_request_or_goes_to_one_and_that_is_undone_first(
    taken: Poc, reader: Reader
) -> None:
    assert taken.ok("mail", "file", "2").lines[0].endswith("new #2")
    assert request(reader, 2).subject == "News"
    taken.ok("mail", "file", "3", "--to", "#1")
    assert [row.id for row in reading.of_request(reader, 1)] == [1, 3]
    assert taken("mail", "file", "3", "--to", "1").code == 1
    taken.ok("undo")
    assert [row.id for row in reading.aside(reader)] == [3]
    assert taken("mail", "file", "3", "--to", "77").code == 1


def test_a_mail_on_the_wrong_request_is_put_elsewhere_and_that_is_one_step(
    poc: Poc, clock: FixedClock, reader: Reader
) -> None:
    for id, sender in (("a@m", "Meyer AG <info@meyer.example>"), ("b@o", "Ott <ott@ott.example>")):
        poc.ok("add", "--mail", "-", stdin=a_mail(id, sender))
    clock.advance(timedelta(minutes=7))
    reply = a_mail("c@m", body="Our other order?", subject="Re: order")
    poc.ok("add", "--mail", "-", stdin=reply.replace(b"Date:", b"References: <a@m>\nDate:"))
    poc.ok("note", "2", "careful")
    assert [row.id for row in reading.of_request(reader, 1)] == [1, 3]

    refused = poc("mail", "file", "3", "--to", "1")
    assert (refused.code, refused.err) == (1, "poc: mail 3 is on #1 already\n")
    refused = poc("mail", "file", "3")
    assert (refused.code, "belongs there by what it answers" in refused.err) == (1, True)
    refused = poc("mail", "file", "2")
    assert (refused.code, "on #2 already, which it began" in refused.err) == (1, True)
    assert poc("mail", "file", "3", "--to", "77").code == 1
    assert [row.id for row in reading.of_request(reader, 1)] == [1, 3]
    assert reading.aside(reader) == ()

    assert poc.ok("mail", "file", "3", "--to", "2").lines[0] == "mail from Meyer AG: on #2"
    assert [row.id for row in reading.of_request(reader, 1)] == [1]
    assert [row.id for row in reading.of_request(reader, 2)] == [2, 3]
    poc.ok("undo")
    assert [row.id for row in reading.of_request(reader, 1)] == [1, 3]
    assert "note on #2" in poc.ok("undo").out
    clock.advance(timedelta(minutes=7))
    poc.ok("note", "1", "they wrote")
    refused = poc("mail", "file", "3", "--to", "2")
    assert (refused.code, "“note on #1” came since" in refused.err) == (1, True)


def test_a_mail_that_began_a_request_is_put_to_another(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "call back")
    poc.ok("add", "--mail", "-", stdin=a_mail("a@m"))
    poc.ok("add", "meanwhile")
    ran = poc.ok("mail", "file", "1", "--to", "1")
    assert "  #2, which it had made, is gone" in ran.lines
    assert [row.id for row in reading.of_request(reader, 1)] == [1]
    assert [row["number"] for row in poc.ok("list", "--json").json] == [1, 3]


def test_a_mail_in_doubt_is_named_and_accepted(
    poc: Poc, clock: FixedClock, reader: Reader, configure: Set
) -> None:
    configure('[mail]\ntrusted = ["mx.example.com"]\n')
    forged = "Authentication-Results: mx.example.com; dmarc=fail header.from=meyer.example"
    poc.ok("add", "--mail", "-", stdin=a_mail("a@m"))
    clock.advance(timedelta(minutes=7))
    reply = ("Send it elsewhere.", "References: <a@m>")
    came = poc.ok("add", "--mail", "-", stdin=a_mail("b@m", MEYER, "Re: order", *reply, forged))
    assert "mail 2 is not verified (v or `poc mail accept 2` accepts it)" in came.out
    assert "mx.example.com says that it does not come from meyer.example" in came.out
    assert "#1 Meyer AG: a mail is not verified" in poc.ok("due").out
    assert "a mail is not verified" in poc.ok("agenda").out
    shown = poc.ok("show", "1")
    assert "not verified" in shown.out
    assert "`poc mail accept 2` accepts it" in " ".join(shown.out.split())
    assert "DMARC failed" in poc.ok("mail", "show", "2", "--json").json["doubt"]
    assert request(reader, 1).activities[-1].event == "unverified"

    assert poc.ok("mail", "accept", "#1").lines[0] == "accept mail 2 on #1"
    assert request(reader, 1).activities[-1].event == "received"
    poc.ok("undo")
    assert poc.ok("mail", "accept", "2").lines[0] == "accept mail 2 on #1"
    again = poc("mail", "accept", "2")
    assert (again.code, "mail 2 on #1 is in no doubt" in again.err) == (1, True)
    again = poc("mail", "accept", "#1")
    assert (again.code, "no mail on #1 is in doubt" in again.err) == (1, True)


def test_what_is_dismissed_is_kept_and_can_still_be_filed(taken: Poc, reader: Reader) -> None:
    assert taken.ok("mail", "dismiss", "2", "3").lines == ["2 mails dismissed"]
    assert taken.ok("mail").lines == ["no mail lies aside"]
    assert taken("mail", "dismiss", "2").code == 1
    assert "on no request, dismissed" in taken.ok("mail", "show", "2").out
    assert taken("mail", "dismiss", "2", "x").code == 2
    assert taken("mail", "dismiss", "99").code == 1
    taken.ok("mail", "file", "2")
    assert request(reader, 2).subject == "News"


def test_a_request_shows_that_its_words_came_by_mail(taken: Poc) -> None:
    out = taken.ok("show", "1").out
    assert "mail 1 from Meyer AG <info@meyer.example>" in out
    assert f"2 attachments: ../../etc/cron.d/x.pdf ({len(PDF)} B), x.pdf ({len(PDF)} B)" in out
    assert "> the invoice." in out, "what the mail that opens a request quotes is new to the desk"
    assert "folded" not in out
    (activity,) = taken.ok("show", "1", "--json").json["activities"]
    assert activity["mail"]["id"] == 1
    assert activity["mail"]["quoted_lines"] == 0
    assert [part["part"] for part in activity["mail"]["parts"]] == [1, 2]
    assert activity["outgoing"] is None
    assert taken.ok("mail", "of", "1", "--json").json["mails"][0]["id"] == 1


# Out.


@pytest.fixture
def asked(poc: Poc) -> Poc:
    """Meyer AG wrote #1 by mail; Technical has a mail address."""
    poc.ok("add", "--mail", "-", stdin=a_mail("a@m"))
    poc.ok("departments", "edit", "technical", "--contact", "workshop <w@shop.example>")
    return poc


def test_an_answer_to_an_address_that_is_not_the_customers_says_so(
    asked: Poc, configure: Set
) -> None:
    configure(answering(1, 'wait = "1 h"'))
    elsewhere = "Reply-To: purchasing@meyer.example"
    asked.ok("add", "--mail", "-", stdin=a_mail("b@m", MEYER, "Another", "Well?", elsewhere))
    assert (
        asked.ok("answer", "1", "yes")
        .lines[1]
        .startswith("  #1 goes out by mail to info@meyer.example; ")
    )
    assert (
        asked.ok("answer", "2", "yes")
        .lines[1]
        .startswith(
            "  #2 goes out by mail to purchasing@meyer.example (not an address of the customer); "
        )
    )


def test_a_mail_says_where_answers_are_to_go_if_not_to_its_sender(poc: Poc) -> None:
    for id, where in (("a@m", "purchasing@meyer.example"), ("b@m", "Info@Meyer.example")):
        poc.ok("add", "--mail", "-", stdin=a_mail(id, MEYER, id, "?", f"Reply-To: {where}"))
    assert "\nreply to purchasing@meyer.example\n" in poc.ok("mail", "show", "1").out
    assert "reply to" not in poc.ok("mail", "show", "2").out


def test_an_answer_says_that_it_goes_out_and_is_sent_at_once(
    asked: Poc, configure: Set, tmp_path: Path, reader: Reader
) -> None:
    with smtp_server(tmp_path) as server:
        configure(answering(server.port, 'wait = "1 h"'))
        ran = asked.ok("answer", "1", "It left today.")
        assert ran.lines[1] == ("  #1 goes out by mail to info@meyer.example; `poc send` sends it")
        waits = "waits, goes out today 10:12"
        assert f"mail to info@meyer.example: {waits}" in asked.ok("show", "1").out
        headings, line = asked.ok("outbox").lines
        assert headings.split() == ["Id", "Request", "What", "To", "Subject", "State"]
        assert line.endswith(waits)
        assert waits in asked.ok("outbox", "show", "1").lines
        assert [row["state"] for row in asked.ok("outbox", "--json").json] == ["queued"]
        assert asked.ok("send").lines == ["1 sent"]
        assert [mail.recipients for mail in server.received] == [("info@meyer.example",)]
        assert b"It left today." in server.received[0].data
        assert asked.ok("send", "--json").json["sent"] == 0
    assert asked.ok("outbox").lines == ["no mail waits to go out"]
    assert asked.ok("outbox", "--all", "--json").json[0]["sent_at"] == "2026-11-23T09:12:00+01:00"
    assert "mail to info@meyer.example: sent today 09:12" in asked.ok("show", "1").out
    posted = asked.ok("show", "1", "--json").json["activities"][-1]["outgoing"]
    assert (posted["id"], posted["state"], posted["why"]) == (1, "sent", None)
    undone = asked("undo")
    assert (undone.code, "cannot be taken back" in undone.err) == (1, True)


def test_what_is_not_to_go_out_does_not_and_what_must_is_refused_where_it_cannot(
    asked: Poc, configure: Set
) -> None:
    assert asked("answer", "1", "yes", "--mail").code == 1
    assert "by mail" not in asked.ok("answer", "1", "yes").out
    configure(answering(free_port()))
    asked.ok("answer", "1", "on the phone", "--no-mail")
    asked.ok("forward", "1", "technical", "where is it?", "--no-mail")
    asked.ok("chase", "1", "--early", "--no-mail")
    assert asked.ok("outbox", "--json").json == []
    refused = asked("forward", "1", "legal", "may we?", "--mail")
    assert (refused.code, "no mail address" in refused.err) == (1, True)


def test_forwards_and_chases_go_to_the_department(asked: Poc, configure: Set) -> None:
    configure(answering(free_port()))
    goes = "goes out by mail to w@shop.example"
    assert goes in asked.ok("forward", "1", "technical", "where is it?").out
    assert goes in asked.ok("chase", "1", "--early").out
    assert goes in " ".join(asked.ok("chase", "1", "--early", "--json").json["remarks"])
    assert [row["kind"] for row in asked.ok("outbox", "--json").json] == [
        "forward", "chase", "chase",
    ]  # fmt: skip
    assert goes in asked.ok("add", "another", "--customer", "Ott", "--to", "technical").out


def test_a_last_answer_goes_out_unless_it_is_said_otherwise(asked: Poc, configure: Set) -> None:
    configure(answering(free_port()))
    asked.ok("add", "--mail", "-", stdin=a_mail("b@m", subject="Another"))
    asked.ok("resolve", "1", "It is there.", "--no-mail")
    assert asked.ok("outbox").lines == ["no mail waits to go out"]
    assert "goes out by mail to info@meyer.example" in asked.ok("resolve", "2", "It is there.").out


def test_a_contact_that_no_mail_reaches_is_pointed_out(asked: Poc) -> None:
    edit = ("departments", "edit", "technical")
    (_, remark) = asked.ok(*edit, "--lead", "Accounting <books@>").lines
    assert "“Accounting <books@>” has no mail address in it" in remark
    assert len(asked.ok(*edit, "--contact", "books@example.com", "--deputy", "ext. 21").lines) == 1


def test_offline_is_normal(asked: Poc, configure: Set) -> None:
    configure(answering(free_port()))
    asked.ok("answer", "1", "It left today.")
    ran = asked("send")
    assert (ran.code, ran.out) == (1, "")
    assert "1 waiting" in ran.err
    (row,) = asked.ok("outbox", "--json").json
    assert (row["state"], row["tries"], bool(row["why"])) == ("queued", 0, True)
    assert f"waits, again today 09:13: {row['why']}" in asked.ok("outbox").out
    ran = asked("send", "--json")
    assert (ran.code, ran.json["waiting"]) == (1, 1)


def test_only_one_poc_sends_at_a_time(asked: Poc, path: str, configure: Set) -> None:
    configure(answering(free_port()))
    asked.ok("answer", "1", "It left today.")
    with alone(path, "sending"):
        ran = asked("send")
    assert (ran.code, "another poc is sending" in ran.err) == (1, True)


def test_a_mail_in_doubt_is_settled_by_a_person(
    asked: Poc, configure: Set, tmp_path: Path, reader: Reader
) -> None:
    with smtp_server(tmp_path) as server:
        configure(answering(server.port))
        server.drop = "after the dot"
        asked.ok("answer", "1", "It left today.")
        asked.ok("answer", "1", "Truly.")
        assert asked("send").code == 1
        states = [row["state"] for row in asked.ok("outbox", "--json").json]
        assert states == ["unsure", "unsure"]
        assert "may have gone out" in asked.ok("outbox").out
        shown = asked.ok("outbox", "show", "1").out
        assert "`poc outbox again 1`" in shown
        assert "It left today." in shown
        assert asked.ok("outbox", "sent", "1").lines == ["mail 1 to info@meyer.example went out"]
        assert asked("outbox", "sent", "1").code == 1
        server.drop, taken = "never", len(server.received)
        assert asked.ok("outbox", "again", "2", "--json").json["state"] == "queued"
        asked.ok("send")
        assert len(server.received) == taken + 1
    refused = asked("outbox", "again", "2")
    assert (refused.code, "sent already" in refused.err) == (1, True)
    assert asked("outbox", "show", "77").code == 1
    assert asked("outbox", "again", "x").code == 2


def test_what_was_handed_over_can_be_had_again(asked: Poc, configure: Set) -> None:
    configure('[mail]\naddress = "desk@poc.example"\nsend = "clipboard"\n')
    asked.ok("answer", "1", "It left today.")
    assert "It left today." in asked.ok("send").out
    assert asked.ok("send").lines == ["no mail waits to be sent"]
    ran = asked.ok("outbox", "again", "1")
    assert ran.lines == ["mail 1 to info@meyer.example waits to go out with `poc send`"]
    assert "It left today." in asked.ok("send").out


def test_a_refused_mail_is_my_move_again(
    asked: Poc, configure: Set, tmp_path: Path, reader: Reader
) -> None:
    with smtp_server(tmp_path) as server:
        configure(answering(server.port))
        server.refuse["info@meyer.example"] = "550 5.1.1 no such user"
        asked.ok("answer", "1", "It left today.")
        ran = asked("send")
    assert (ran.code, "no such user" in ran.err) == (1, True)
    assert request(reader, 1).court == "me"
    assert "!!   not delivered\n" in asked.ok("show", "1").out
    assert "failed: " in asked.ok("show", "1").out


def test_without_a_server_mail_is_printed_or_written_to_be_sent_by_hand(
    asked: Poc, configure: Set, tmp_path: Path
) -> None:
    assert asked("send").code == 2
    configure('[mail]\naddress = "desk@example.com"\nsend = "clipboard"\n')
    assert "copies it" in asked.ok("answer", "1", "It left today.").out
    out = asked.ok("send").out
    assert out.startswith("the mail to info@meyer.example is printed below\n")
    assert "To: info@meyer.example\nSubject: Re: Where is my order?" in out
    assert "It left today." in out
    assert asked.ok("send").lines == ["no mail waits to be sent"]
    assert asked.ok("outbox", "--all", "--json").json[0]["state"] == "handed"
    folder = tmp_path / "out"
    configure(f"[mail]\naddress = 'desk@example.com'\nsend = 'eml'\neml_folder = '{folder}'\n")
    assert "writes it as a file" in asked.ok("answer", "1", "It came back.").out
    (handed,) = asked.ok("send", "--json").json["handed"]
    (file,) = folder.iterdir()
    assert str(file) in handed["done"]
    assert b"It came back." in file.read_bytes()


def test_what_cannot_be_handed_over_waits(asked: Poc, configure: Set, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    configure(
        f"[mail]\naddress = 'd@example.com'\nsend = 'eml'\neml_folder = '{tmp_path / 'file'}'\n"
    )
    asked.ok("answer", "1", "It left today.")
    ran = asked("send")
    assert (ran.code, "cannot be written" in ran.err) == (1, True)
    assert [row["state"] for row in asked.ok("outbox", "--json").json] == ["queued"]


# Whether it works, and who signs in.


def test_both_ways_are_tried_and_a_failure_is_said_in_a_sentence(
    poc: Poc, box: Path, configure: Set, tmp_path: Path
) -> None:
    with smtp_server(tmp_path) as server:
        configure(answering(server.port, f"maildir = ['{box}']"))
        ran = poc.ok("mail", "test")
        assert [line.split()[:2] for line in ran.lines[1:]] == [["maildir", "ok"], ["smtp", "ok"]]
    ran = poc("mail", "test", "--json")
    assert ran.code == 1
    assert [(one["way"], one["ok"]) for one in ran.json] == [("maildir", True), ("smtp", False)]
    assert server.received == []


@pytest.fixture
def ring() -> Iterator[Memory]:
    """A keyring of the test's own."""
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_a_password_goes_from_the_terminal_to_the_keyring_and_nowhere_else(
    poc: Poc, path: str, configure: Set, ring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure('[mail.imap]\nhost = "imap.example.com"\nuser = "desk"\n')
    assert poc("mail", "password", "imap").code == 2, "nobody is there to type it"
    typed = iter(("mellon", "melon", "", "", "mellon", "mellon"))
    monkeypatch.setattr(mail_commands, "ask_in_terminal", lambda: lambda prompt: next(typed))
    differ = poc("mail", "password", "imap")
    assert (differ.code, "not the same" in differ.err) == (1, True)
    assert poc("mail", "password", "imap").code == 1
    assert ring.kept == {}
    ran = poc.ok("mail", "password", "imap")
    assert list(ring.kept.values()) == ["mellon"]
    assert "mellon" not in ran.out + Path(poc.environ["POC_CONFIG"]).read_text(encoding="utf-8")
    assert b"mellon" not in Path(path).read_bytes()
    assert poc("mail", "password", "smtp").code == 2
    assert poc("mail", "password", "pop").code == 2


def test_where_no_keyring_is_nobody_types_a_password_or_signs_in_for_nothing(
    poc: Poc, configure: Set, ring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = 'host = "imap.example.com"\nuser = "desk"\n'
    configure(f"[mail.imap]\n{server}")
    asked: list[str] = []
    monkeypatch.setattr(mail_commands, "ask_in_terminal", lambda: asked.append)
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    ran = poc("mail", "password", "imap")
    assert (ran.code, "no keyring" in ran.err, "password_command" in ran.err) == (1, True, True)
    configure(
        f'[mail.imap]\n{server}auth = "oauth2"\n'
        '[mail.imap.oauth]\nprovider = "google"\nclient_id = "poc"\n'
    )
    ran = poc("mail", "login", "imap")
    assert (ran.code, "no keyring" in ran.err, "token_command" in ran.err) == (1, True, True)
    assert asked == []


@pytest.fixture
def microsoft(
    poc: Poc, configure: Set, ring: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OAuthServer]:
    """Two servers that take tokens only, set up, and who gives them out."""
    with (
        oauth_provider(tmp_path) as provider,
        dovecot(tmp_path, provider, "xoauth2") as imap,
        smtp_server(tmp_path, user=imap.user, provider=provider, mechanisms=("XOAUTH2",)) as smtp,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate.authority))
        server = f'host = "localhost"\nsecurity = "none"\nuser = "{imap.user}"\nauth = "oauth2"\n'
        configure(
            f'[mail]\naddress = "{imap.user}"\nsend = "smtp"\n[mail.imap]\nport = {imap.port}\n'
            f"{server}{provider.toml()}[mail.smtp]\nport = {smtp.port}\n{server}"
        )
        yield provider


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens URLs by itself")
def test_a_person_signs_in_once_in_the_browser_and_mail_comes_and_goes(
    poc: Poc, microsoft: OAuthServer, ring: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = poc("mail", "test")
    assert (before.code, before.out.count("`poc mail login imap`")) == (1, 1)
    assert "`poc mail login smtp`" in before.out
    browser = "import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=20).close()"
    for name in ("open", "xdg-open"):
        (tmp_path / name).write_text(f"#!/bin/sh\nexec {sys.executable} -c '{browser}' \"$@\"\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ran = poc("mail", "login", "imap")
    assert (ran.code, ran.lines) == (
        0, ["desk@example.com is signed in at localhost; `poc mail test` tries it"],
    )  # fmt: skip
    assert "code_challenge=" in ran.err
    out = poc.ok("mail", "test").out
    assert out.count("lets desk@example.com in by OAuth2") == 2
    for token in (*microsoft.tokens, *microsoft.refresh_tokens):
        assert token[:20] not in ran.out + ran.err + out
    microsoft.revoke()
    assert "has ended the sign-in of desk@example.com" in poc("fetch").err


def test_a_person_signs_in_by_a_code_where_there_is_no_browser(
    poc: Poc, microsoft: OAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    microsoft.says = ["authorization_pending", "slow_down"]
    ran = poc("mail", "login", "smtp", "--device")
    assert (ran.code, "type WDJB-MJHT there" in ran.err) == (0, True)
    assert poc("mail", "test").code == 0
    microsoft.says = ["access_denied"]
    ran = poc("mail", "login", "--device")
    assert (ran.code, "did not agree" in ran.err) == (1, True)


def test_who_signs_in_by_password_or_by_a_command_has_no_sign_in_to_make(
    poc: Poc, configure: Set, ring: Memory
) -> None:
    server = '[mail.imap]\nhost = "imap.example.com"\nuser = "desk"\n'
    configure(server)
    ran = poc("mail", "login", "imap")
    assert (ran.code, "`poc mail password imap`" in ran.err) == (1, True)
    configure(f'{server}auth = "oauth2"\ntoken_command = "oama access desk"\n')
    ran = poc("mail", "login", "imap")
    assert (ran.code, "mail.imap.token_command" in ran.err) == (1, True)
    ran = poc("mail", "password", "imap")
    assert (ran.code, "`poc mail login imap`" in ran.err) == (1, True)
    assert poc("mail", "login", "smtp").code == 2
    assert ring.kept == {}


def test_an_account_is_fetched_with_the_password_that_the_keyring_has(
    poc: Poc,
    configure: Set,
    ring: Memory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with dovecot(tmp_path) as server:
        configure(
            f'[mail.imap]\nhost = "localhost"\nport = {server.port}\nsecurity = "none"\n'
            f'user = "{server.user}"\n'
        )
        server.deliver(a_mail("a@m"))
        ran = poc("fetch")
        assert (ran.code, "`poc mail password imap`" in ran.err) == (1, True)
        with monkeypatch.context() as patched:
            patched.setattr(
                mail_commands, "ask_in_terminal", lambda: lambda prompt: server.password
            )
            poc.ok("mail", "password", "imap")
        assert "1 mails, 1 of them unread" in poc.ok("mail", "test").out
        assert poc.ok("fetch").lines[0] == "1 new mail: 1 new request (#1)"
        assert poc.ok("fetch").lines == ["no new mail"]
        assert server.flags() == [()]


def test_what_is_sent_is_copied_to_the_folder_of_sent_mail(
    asked: Poc, configure: Set, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    with dovecot(tmp_path, sent="Sent") as imap, smtp_server(tmp_path) as smtp:
        secret.write_text(imap.password, encoding="utf-8")
        configure(
            answering(smtp.port)
            + f'[mail.imap]\nhost = "localhost"\nport = {imap.port}\nsecurity = "none"\n'
            f'user = "{imap.user}"\npassword_command = "cat {secret}"\n'
        )
        asked.ok("answer", "1", "It left today.")
        assert asked.ok("send").lines == ["1 sent"]
        assert imap.lying("Sent") == [mail.data for mail in smtp.received]
        imap.kill()
        asked.ok("answer", "1", "Truly.")
        ran = asked("send")
        assert (ran.code, ran.lines) == (0, ["1 sent"])
        assert "takes no connection" in ran.err, "it is said, and tried again"
        imap.start()
        asked.ok("fetch")
        assert imap.lying("Sent") == [mail.data for mail in smtp.received]


def test_mail_of_the_last_days_stands_in_an_mbox_that_is_fetched(
    poc: Poc, tmp_path: Path, configure: Set
) -> None:
    mbox = tmp_path / "inbox"
    mbox.write_bytes(b"From x@y Fri Nov 20 10:00:00 2026\n" + a_mail("a@m"))
    friday = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
    os.utime(mbox, (friday, friday))
    configure(f"[mail]\nmbox = ['{mbox}']\n")
    assert poc.ok("fetch").lines[0] == "1 new mail: 1 new request (#1)"
    assert poc.ok("fetch").lines == ["no new mail"]


# As mail programs and shells call it.


def test_a_mail_program_pipes_a_mail_in_and_gets_it_back_to_the_byte(poc: Poc) -> None:
    environ, command = {**os.environ, **poc.environ}, [sys.executable, "-m", "poc_tui"]
    raw = a_mail("a@m", body="caf\N{LATIN SMALL LETTER E WITH ACUTE}\r\nmixed\nline ends\r")
    piped = subprocess.run(
        [*command, "add", "--mail", "-"], input=raw, env=environ, capture_output=True, check=True
    )
    assert (piped.stdout.splitlines()[0], piped.stderr) == (
        b"#1  Meyer AG  Where is my order?",
        b"",
    )
    back = subprocess.run(
        [*command, "mail", "original", "1"], env=environ, capture_output=True, check=True
    )
    assert back.stdout == raw


def test_what_is_called_often_loads_nothing_of_mail(poc: Poc, path: str) -> None:
    poc.ok("add", "case")
    calls = [["list"], ["add", "--prio", "high", "x"], ["show", "1"]]
    loaded = modules_after(
        "from poc_tui.cli.main import run\n"
        f"for argv in {calls!r}: assert run(['--db', {path!r}, *argv]) == 0"
    )
    heavy = {"imap_tools", "inscriptis", "keyring", "lxml", "smtplib", "imaplib"}
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith("poc_tui.mail.")}
