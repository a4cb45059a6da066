"""What went out is copied to the folder of sent mail, once; what it answers is flagged so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poc_tui.mail.intake import IntakeReport
from poc_tui.mail.transport.imap_accounts import ImapAccounts
from poc_tui.mail.transport.open_source import configured
from poc_tui.mail.transport.passwords import Password
from poc_tui.rules.mail.retries import GIVE_UP_AFTER
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Account, Server
from poc_tui.store import drafts, outbox
from poc_tui.store.connection import connection
from poc_tui.store.queries import mail as reading
from tests.helpers.made_up_mail import a_mail, reply
from tests.helpers.mail_servers import PASSWORD, Dovecot, Smtp, dovecot, smtp_server
from tests.helpers.mail_setup import changed
from tests.helpers.post_office import Office, office

Make = Callable[..., Office]


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        yield running


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path, sent="Ausgang") as running:
        yield running


@pytest.fixture
def make(path: str, clock: FixedClock, deadlines: Deadlines, smtp: Smtp) -> Iterator[Make]:
    """Opens an office that reads from that server, with these settings of it."""
    with ExitStack() as opened:

        def made(imap: Dovecot, **settings: Any) -> Office:
            server = imap.settings(**settings)
            return opened.enter_context(office(path, clock, deadlines, server, smtp.settings()))

        yield made


def ask(here: Office, imap: Dovecot, name: str = "a", folder: str = "INBOX", to: str = "") -> int:
    """A customer's mail comes; gives its request."""
    mail = a_mail(name, f"info@{name}.example", "Frage", "Wie viele?", here.clock.now())
    if to:
        mail.replace_header("To", to)
    imap.deliver(mail.as_bytes(), folder=folder)
    (number,) = fetched(here).numbers
    return number


def answered(here: Office, imap: Dovecot) -> int:
    """A customer's mail comes, and the answer goes out; gives its request."""
    number = ask(here, imap)
    here.do(drafts.Answer("ten"), number)
    here.send()
    return number


def fetched(here: Office) -> IntakeReport:
    """Take in what all folders of the settings have."""
    with ImapAccounts() as accounts:
        found = configured(here.settings, lambda asked: Password(PASSWORD), here.clock, accounts)
        return here.fetch(*found)


def left(here: Office) -> int:
    """How many mails of ours are still to be copied, or what they answer to be flagged."""
    return int(here.value("SELECT count(*) FROM outbox WHERE copy_due OR flag_due"))


# The copy


def test_what_was_sent_lies_in_the_folder_of_sent_mail_to_the_byte(
    make: Make, imap: Dovecot, smtp: Smtp
) -> None:
    here = make(imap)
    number = ask(here, imap)
    here.do(drafts.Answer("Größe 10.\n.\n.. und mehr\n"), number)
    assert here.settle_sent() == ()
    assert imap.lying("Ausgang") == [], "nothing was sent yet"
    here.send()
    assert here.settle_sent() == ()
    assert imap.lying("Ausgang") == [mail.data for mail in smtp.received]
    assert imap.flags("Ausgang") == [(r"\Seen",)]
    here.settle_sent()
    assert len(imap.lying("Ausgang")) == 1
    assert left(here) == 0


def test_who_ends_between_the_copy_and_its_note_makes_no_second_one(
    make: Make, imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make(imap)
    answered(here, imap)

    class Killed(BaseException):
        pass

    def killed(*given: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(outbox, "copied", killed)
        with pytest.raises(Killed):
            here.settle_sent()
    assert (len(imap.lying("Ausgang")), left(here)) == (1, 1)
    assert here.settle_sent() == ()
    assert (len(imap.lying("Ausgang")), left(here)) == (1, 0)


def test_what_the_provider_copied_itself_is_not_copied_again(
    make: Make, imap: Dovecot, smtp: Smtp
) -> None:
    here = make(imap)
    answered(here, imap)
    imap.deliver(b"X-Provider: was here\r\n" + smtp.received[0].data, folder="Ausgang")
    assert here.settle_sent() == ()
    assert (len(imap.lying("Ausgang")), left(here)) == (1, 0)


@pytest.mark.parametrize("host", ["smtp.gmail.com", "smtp.office365.com", "smtp-mail.outlook.com"])
def test_at_a_provider_that_copies_by_itself_nothing_is_copied(
    host: str, make: Make, imap: Dovecot
) -> None:
    here = make(imap)
    answered(here, imap)
    there = here.settings.first.smtp._replace(host=host)
    here.settings = changed(here.settings, smtp=there)
    assert here.settle_sent() == ()
    assert (imap.lying("Ausgang"), left(here)) == ([], 0)


def test_a_folder_is_known_by_its_name_where_the_server_does_not_say_what_it_is_for(
    tmp_path: Path, make: Make
) -> None:
    with dovecot(tmp_path) as imap:
        here = make(imap)
        imap.deliver(folder="Gesendete Objekte")
        imap.deliver(folder="Projekte/Sent nowhere")
        answered(here, imap)
        assert here.settle_sent() == ()
        assert len(imap.lying("Gesendete Objekte")) == 1


def test_where_there_is_no_such_folder_none_is_made(tmp_path: Path, make: Make) -> None:
    with dovecot(tmp_path) as imap:
        here = make(imap)
        answered(here, imap)
        assert here.settle_sent() == ()
        with imap.box() as box:
            assert [folder.name for folder in box.folder.list()] == ["INBOX"]
    assert left(here) == 0


@pytest.mark.parametrize(("sent", "folder"), [("none", ""), ("Käufer/Fertig", "Käufer/Fertig")])
def test_the_settings_have_the_last_word(sent: str, folder: str, make: Make, imap: Dovecot) -> None:
    here = make(imap, sent=sent)
    if folder:
        imap.deliver(folder=folder)
    answered(here, imap)
    assert here.settle_sent() == ()
    assert (imap.lying("Ausgang"), left(here)) == ([], 0)
    assert not folder or len(imap.lying(folder)) == 1


def test_a_folder_that_is_not_there_is_said_and_the_copy_made_once_it_is(
    make: Make, imap: Dovecot
) -> None:
    here = make(imap, sent="Fertig")
    number = ask(here, imap)
    here.do(drafts.Answer("ten"), number)
    assert here.send().sentence == "1 sent", "it never holds up what is sent"
    (trouble,) = here.settle_sent()
    assert "has no folder Fertig" in trouble
    assert '"mail.imap.sent"' in trouble
    imap.deliver(folder="Fertig")
    assert here.settle_sent() == ()
    assert len(imap.lying("Fertig")) == 1


def test_offline_it_is_done_later_and_given_up_some_day(
    make: Make, imap: Dovecot, clock: FixedClock
) -> None:
    here = make(imap)
    first, second = ask(here, imap, "a"), ask(here, imap, "b")
    here.do(drafts.Answer("ten"), first)
    here.send()
    imap.kill()
    (trouble,) = here.settle_sent()
    assert "takes no connection" in trouble
    clock.advance(GIVE_UP_AFTER + timedelta(hours=1))
    here.do(drafts.Answer("eleven"), second)
    here.send()
    assert len(here.settle_sent()) == 1
    imap.start()
    assert here.settle_sent() == ()
    assert [b"eleven" in mail for mail in imap.lying("Ausgang")] == [True]
    assert left(here) == 0


def test_what_a_person_says_went_out_is_copied(make: Make, imap: Dovecot, smtp: Smtp) -> None:
    here = make(imap)
    number = ask(here, imap)
    here.do(drafts.Answer("ten"), number)
    smtp.drop = "after the dot"
    assert here.send().unsure == 1
    assert here.settle_sent() == ()
    assert imap.lying("Ausgang") == [], "nobody knows whether it went out"
    with connection(here.path) as opened:
        outbox.settle(opened, here.posted()[0].id, here.clock.now())
    assert here.settle_sent() == ()
    assert imap.lying("Ausgang") == [smtp.received[0].data]


def test_each_account_has_its_own_copies_and_flags(
    tmp_path: Path, make: Make, imap: Dovecot, smtp: Smtp
) -> None:
    (tmp_path / "sales").mkdir()
    with dovecot(tmp_path / "sales", sent="Sent") as other:
        here = make(imap, after="seen")
        sales = Account(
            "sales", "sales@poc.example", send="smtp",
            imap=other.settings(key="sales", after="seen", host="127.0.0.1"),
            smtp=smtp.settings(key="sales"),
        )  # fmt: skip
        here.settings = here.settings._replace(accounts=(*here.settings.accounts, sales))
        here.desk.use(here.desk._deadlines, here.settings.policy)
        for name, server, to in (("a", imap, ""), ("b", other, "sales@poc.example")):
            number = ask(here, server, name, to=to)
            here.do(drafts.Answer(f"to {name}"), number)
        here.send()
        assert here.settle_sent() == ()
        for server, folder, words in ((imap, "Ausgang", b"to a"), (other, "Sent", b"to b")):
            (copy,) = server.lying(folder)
            assert words in copy
            assert server.flags() == [(r"\Answered", r"\Seen")]


# The flag


@pytest.mark.parametrize(
    ("after", "flags"),
    [("nothing", ()), ("seen", (r"\Answered", r"\Seen")), ("flagged", (r"\Answered", r"\Flagged"))],
)
def test_what_was_answered_is_flagged_so_where_anything_may_be_changed(
    after: str, flags: tuple[str, ...], make: Make, imap: Dovecot
) -> None:
    here = make(imap, after=after)
    number = ask(here, imap)
    other = ask(here, imap, "b")
    here.do(drafts.Answer("ten"), number)
    assert here.settle_sent() == ()
    before = imap.flags()
    here.send()
    assert here.settle_sent() == ()
    assert imap.flags() == [flags, before[1]]
    assert left(here) == 0
    assert other


def test_where_nothing_is_to_be_changed_any_more_nothing_is(make: Make, imap: Dovecot) -> None:
    here = make(imap, after="seen")
    answered(here, imap)
    server = here.settings.first.imap._replace(after="nothing")
    here.settings = changed(here.settings, imap=server)
    assert here.settle_sent() == ()
    assert imap.flags() == [(r"\Seen",)]
    assert left(here) == 0


def test_it_is_found_where_it_was_moved_to(make: Make, imap: Dovecot) -> None:
    imap.deliver(folder="Done")
    here = make(imap, after="move", move_to="Done")
    answered(here, imap)
    assert here.settle_sent() == ()
    assert imap.flags("Done") == [(r"\Answered",)]


def test_what_is_not_there_any_more_is_let_be(make: Make, imap: Dovecot) -> None:
    here = make(imap, after="seen")
    number = ask(here, imap)
    with imap.box() as box:
        box.delete(box.uids())
    here.do(drafts.Answer("ten"), number)
    here.send()
    assert here.settle_sent() == ()
    assert left(here) == 0


# Several folders, and junk


def test_several_folders_of_an_account_are_read_over_one_connection(
    make: Make, imap: Dovecot
) -> None:
    here = make(imap, folders=("INBOX", "Verkauf/Käufer"))
    for name, folder in (("a", "INBOX"), ("b", "Verkauf/Käufer")):
        mail = a_mail(name, f"info@{name}.example", "Frage", "?", here.clock.now())
        imap.deliver(mail.as_bytes(), folder=folder)
    before = imap.log().count("Login: user=<")
    report = fetched(here)
    assert (report.new, report.filed, report.trouble) == (2, 2, ())
    assert imap.log().count("Login: user=<") == before + 1


def test_junk_lies_aside_and_never_becomes_a_request(make: Make, imap: Dovecot) -> None:
    here = make(imap, junk="Junk", after="flagged")
    for name in ("a", "b"):
        mail = a_mail(name, f"info@{name}.example", "Gewonnen", "!", here.clock.now())
        imap.deliver(mail.as_bytes(), folder="Junk")
    # What says that we wrote it ourselves is no better.
    mail = a_mail("c", here.settings.first.address, "Pay!", "Now.", here.clock.now())
    imap.deliver(mail.as_bytes(), folder="Junk")
    report = fetched(here)
    assert (report.new, report.filed, report.aside) == (3, 0, 3)
    assert here.value("SELECT count(*) FROM request") == 0
    assert here.value("SELECT count(*) FROM customer") == 0
    why = "SELECT count(*) FROM mail_read WHERE aside_why = 'marked as spam by the provider'"
    assert here.value(why) == 3
    assert imap.flags("Junk") == [()] * 3, "nothing is changed there"


def test_a_customers_reply_among_the_junk_finds_its_request(
    make: Make, imap: Dovecot, smtp: Smtp
) -> None:
    here = make(imap, junk="Junk")
    number = answered(here, imap)
    answer = reply(smtp.received[0].data, "r", "Und wann?", here.clock.now())
    imap.deliver(answer.as_bytes(), folder="Junk")
    report = fetched(here)
    assert (report.numbers, report.aside) == ((number,), 0)
    assert here.last(number) == ("received", "Und wann?")


def test_what_a_customer_wrote_stands_out_among_the_junk(make: Make, imap: Dovecot) -> None:
    here = make(imap, junk="Junk")
    ask(here, imap)
    for sender in ("info@a.example", "info@b.example"):
        mail = a_mail(sender, sender, "Noch etwas", "?", here.clock.now())
        imap.deliver(mail.as_bytes(), folder="Junk")
    assert fetched(here).aside == 2
    assert [(row.sender, row.aside_why) for row in reading.aside(here.reader)] == [
        ("info@a.example", "of somebody known, but in the folder of junk"),
        ("info@b.example", "marked as spam by the provider"),
    ]


def test_a_person_can_make_a_request_of_what_lay_among_the_junk(make: Make, imap: Dovecot) -> None:
    here = make(imap, junk="Junk")
    mail = a_mail("a", "info@a.example", "Frage", "?", here.clock.now())
    imap.deliver(mail.as_bytes(), folder="Junk")
    fetched(here)
    (id,) = here.kept()
    assert here.do(drafts.FileMails((id,), wanted=True)) == (1,)


def test_what_somebody_takes_out_of_the_junk_becomes_a_request(make: Make, imap: Dovecot) -> None:
    here = make(imap, junk="Junk")
    for name in ("a", "b"):
        mail = a_mail(name, f"info@{name}.example", "Frage", "?", here.clock.now())
        imap.deliver(mail.as_bytes(), folder="Junk")
    assert fetched(here).aside == 2
    with imap.box("Junk") as box:
        box.move(box.uids()[:1], "INBOX")
    report = fetched(here)
    assert (report.new, report.known, report.filed, report.numbers) == (0, 1, 1, (1,))
    assert here.value("SELECT name FROM customer") == "info@a.example"
    assert fetched(here)[:3] == (0, 0, 0)
    with imap.box() as box:
        box.move(box.uids(), "Junk")
    assert fetched(here).filed == 0
    assert here.value("SELECT count(*) FROM mail_filed") == 1, "it is a request, and stays one"


def test_the_folders_of_an_account() -> None:
    server = Server("imap", folders=("INBOX", "Sales"), junk="Spam", after="seen")
    assert [(each.folder, each.after) for each in server.looked_at] == [
        ("INBOX", "seen"), ("Sales", "seen"), ("Spam", "nothing"),
    ]  # fmt: skip
