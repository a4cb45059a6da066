"""Being told of new mail: at once, by one connection, whatever the server or the line does."""

from __future__ import annotations

import imaplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from poc_tui.errors import MailFailed
from poc_tui.mail import mail_watch
from poc_tui.mail.mail_watch import MailWatch
from poc_tui.mail.transport import imap_line, watching
from poc_tui.mail.transport.imap import ImapSource
from poc_tui.mail.transport.imap_line import ImapLine
from poc_tui.mail.transport.kept_connection import KeptConnection
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.watching import NotTold
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Server
from poc_tui.store.raw_mail import Position
from tests.helpers.imap_told import Then, ToldServer, told_server
from tests.helpers.loopback import DEADLINE, wait_for
from tests.helpers.made_up_mail import week
from tests.helpers.mail_servers import PASSWORD, Dovecot, dovecot

MAILS = week(5)


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path) as running:
        yield running


@pytest.fixture
def odd() -> Iterator[ToldServer]:
    with told_server() as running:
        yield running


class Watched:
    """An account that is watched, and what was said of it."""

    def __init__(self, server: Server, clock: FixedClock) -> None:
        self.kept = KeptConnection(server)
        self.clock = clock
        self.came: list[Server] = []
        self.troubles: list[str] = []
        self._watch = MailWatch(
            lambda asked: Password(PASSWORD), clock, self.came.append, self.troubles.append
        )

    def begin(self) -> None:
        self._watch.begin(self.kept)

    def read(self) -> int:
        """Look through the folder as a fetch does; how many mails are in it."""
        source = ImapSource(
            self.kept.server._replace(first_fetch=None), lambda asked: Password(PASSWORD),
            self.clock, self.kept,
        )  # fmt: skip
        return sum(len(batch.mails) for batch in source.batches(Position()))

    def end(self) -> None:
        self.kept.close()
        wait_for(lambda: not self.kept.waited_on, "the watching to end")


Watch = Callable[[Server], Watched]


@pytest.fixture
def watch(clock: FixedClock) -> Iterator[Watch]:
    """Makes accounts that are watched until the test ends, once they have begun."""
    made: list[Watched] = []

    def make(server: Server) -> Watched:
        made.append(Watched(server, clock))
        return made[-1]

    yield make
    for each in made:
        each.end()


def signed_in(imap: Dovecot) -> int:
    """How often somebody has signed in there."""
    return imap.log().count("Login: user=<")


# What is told


def test_what_comes_is_told_at_once_and_read_over_the_same_connection(
    imap: Dovecot, watch: Watch
) -> None:
    imap.deliver(MAILS[0])
    account = watch(imap.settings())
    account.begin()
    wait_for(lambda: len(account.came) == 1, "what lay there before")
    assert account.read() == 1
    for count in (2, 3):
        wait_for(lambda: account.kept._wake is not None, "the server to be waited for")
        began = time.monotonic()
        imap.deliver(MAILS[count - 1])
        wait_for(lambda: len(account.came) == count, "the mail to be told of")  # noqa: B023
        assert time.monotonic() - began < 1
        assert account.read() == count
    assert signed_in(imap) == 1
    assert account.troubles == []


def test_nothing_is_told_of_what_was_read_already(imap: Dovecot, watch: Watch) -> None:
    imap.deliver(*MAILS[:2])
    account = watch(imap.settings())
    assert account.read() == 2
    account.begin()
    wait_for(lambda: account.kept._wake is not None, "the server to be waited for")
    assert account.came == []


def test_a_mail_that_comes_between_the_reading_and_the_waiting_is_told_of(
    imap: Dovecot, watch: Watch
) -> None:
    imap.deliver(MAILS[0])
    account = watch(imap.settings())
    assert account.read() == 1
    imap.deliver(MAILS[1])
    account.begin()
    wait_for(lambda: len(account.came) == 1, "what came meanwhile")


def test_nothing_is_changed_by_waiting(imap: Dovecot, watch: Watch) -> None:
    imap.deliver(*MAILS[:2])
    account = watch(imap.settings())
    account.begin()
    wait_for(lambda: len(account.came) == 1, "what lay there")
    account.read()
    wait_for(lambda: account.kept._wake is not None, "the server to be waited for")
    imap.deliver(MAILS[2])
    wait_for(lambda: len(account.came) == 2, "the next")
    assert imap.flags() == [()] * 3


def test_over_a_secret_line_it_is_the_same(
    imap: Dovecot, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate.authority))
    for count, security in enumerate(("tls", "starttls")):
        imap.deliver(MAILS[count])
        account = watch(imap.settings(security=security))
        account.begin()
        wait_for(lambda: len(account.came) == 1, "the folder")  # noqa: B023
        account.read()
        wait_for(lambda: account.kept._wake is not None, "the server to be waited for")  # noqa: B023
        imap.deliver(MAILS[count + 2])
        wait_for(lambda: len(account.came) == 2, "the mail to be told of")  # noqa: B023
        assert account.read() == 2 * count + 2


def test_many_at_once_are_told_of_together(odd: ToldServer, watch: Watch) -> None:
    account = watch(odd.settings())
    account.begin()
    wait_for(lambda: len(account.came) == 1, "the folder")
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    with account.kept.box(lambda asked: Password("")):
        pass
    wait_for(lambda: bool(odd.waiting), "the server to be waited for")
    odd.arrives(*(f"* {count} EXISTS" for count in range(4, 104)))
    wait_for(lambda: len(account.came) == 2, "the mails to be told of")
    odd.mails = 103
    account.kept.looked_through("INBOX", 1, 104)
    with account.kept.box(lambda asked: Password("")):
        pass
    wait_for(lambda: bool(odd.waiting), "the server to be waited for again")
    assert len(account.came) == 2


def test_what_is_told_before_the_waiting_begins_is_heard(odd: ToldServer, watch: Watch) -> None:
    odd.then = "tells before it begins"
    account = watch(odd.settings())
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    account.begin()
    wait_for(lambda: len(account.came) == 1, "the mail to be told of")


@pytest.mark.parametrize(
    "lines",
    [["* OK still here"], ["* 2 FETCH (FLAGS (\\Seen))"], ["* 1 EXPUNGE", "* 2 EXISTS"],
     ["* 3 EXISTS", "* 0 RECENT"]],
)  # fmt: skip
def test_what_is_no_new_mail_is_none(lines: list[str], odd: ToldServer, watch: Watch) -> None:
    account = watch(odd.settings())
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    account.begin()
    wait_for(lambda: bool(odd.waiting), "the server to be waited for")
    before = odd.asked
    odd.arrives(*lines)
    with account.kept.box(lambda asked: Password("")):
        pass  # all that was said is read by then
    assert odd.asked == before
    assert account.came == []


def test_where_one_went_and_one_came_there_is_new_mail(odd: ToldServer, watch: Watch) -> None:
    account = watch(odd.settings())
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    account.begin()
    wait_for(lambda: bool(odd.waiting), "the server to be waited for")
    odd.arrives("* 1 EXPUNGE", "* 3 EXISTS")
    wait_for(lambda: len(account.came) == 1, "the mail to be told of")


# Whose turn it is


def test_whoever_reads_does_not_wait_for_who_waits(imap: Dovecot, watch: Watch) -> None:
    account = watch(imap.settings())
    account.begin()
    for _ in range(3):
        wait_for(lambda: account.kept._wake is not None, "the server to be waited for")
        began = time.monotonic()
        assert account.read() == 0
        assert time.monotonic() - began < 1
    assert signed_in(imap) == 1


def test_who_needs_it_while_it_is_used_gets_a_connection_of_their_own(
    imap: Dovecot, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poc_tui.mail.transport.kept_connection.HANDED_OVER_SECONDS", 0.05)
    account = watch(imap.settings())
    imap.deliver(MAILS[0])
    with account.kept.box(lambda asked: Password(PASSWORD)):
        assert account.read() == 1
    assert signed_in(imap) == 2


def test_a_desk_that_is_left_does_not_wait_and_is_signed_out(imap: Dovecot, watch: Watch) -> None:
    account = watch(imap.settings())
    account.begin()
    wait_for(lambda: account.kept._wake is not None, "the server to be waited for")
    began = time.monotonic()
    account.kept.close()
    assert time.monotonic() - began < 0.1
    wait_for(lambda: "Logged out" in imap.log(), "the account to be signed out of")


# What goes wrong


def test_a_server_that_tells_nobody_is_left_alone(odd: ToldServer, watch: Watch) -> None:
    odd.can_tell = False
    account = watch(odd.settings())
    account.begin()
    wait_for(lambda: not account.kept.waited_on, "the watching to end")
    assert (account.came, account.troubles, odd.asked) == ([], [], 0)
    with pytest.raises(NotTold, match="localhost does not tell of new mail by itself"):
        account.kept.wait_for_mail(lambda asked: Password(""), account.clock)


@pytest.mark.parametrize("then", ["says bye", "hangs up"])
def test_a_server_that_ends_it_each_time_is_asked_less_and_less(
    then: Then, odd: ToldServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def rest(kept: KeptConnection, seconds: float, since: int | None = None) -> None:
        pauses.append(seconds)
        if len(pauses) == 6:
            kept.close()

    monkeypatch.setattr(KeptConnection, "rest", rest)
    odd.then = then
    account = watch(odd.settings())
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    account.begin()
    wait_for(lambda: not account.kept.waited_on, "six tries")
    assert pauses == [*mail_watch.PAUSES[1:], 600.0, 600.0]
    assert odd.asked == 6
    assert set(account.troubles) == {
        "The connection to localhost broke in the middle. Try again later."
    }
    assert "desk" not in account.troubles[0]


def test_a_line_that_is_cut_is_made_again_and_what_came_meanwhile_is_told_of(
    odd: ToldServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watch, "HELD_SECONDS", 0.0)
    account = watch(odd.settings())
    account.kept.looked_through("INBOX", 1, odd.mails + 1)
    account.begin()
    wait_for(lambda: bool(odd.waiting), "the server to be waited for")
    odd.mails += 1
    odd.hang_up()
    wait_for(lambda: len(account.came) == 1, "what came meanwhile")
    assert odd.connected == 2
    assert account.troubles == [], "a line that held may break"


def test_a_line_that_is_dead_is_noticed_when_it_is_renewed(
    odd: ToldServer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "RENEWED_SECONDS", 0.05)
    monkeypatch.setattr(watching, "PATIENCE", 0.2)
    odd.then = "is deaf"
    kept = KeptConnection(odd.settings())
    kept.looked_through("INBOX", 1, odd.mails + 1)
    with pytest.raises(MailFailed, match="localhost does not answer on port"):
        kept.wait_for_mail(lambda asked: Password(""), clock)
    assert kept._kept is None, "it is not used again"


def test_a_quiet_line_is_renewed_over_the_same_connection(
    odd: ToldServer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "RENEWED_SECONDS", 0.02)
    kept = KeptConnection(odd.settings())
    kept.looked_through("INBOX", 1, odd.mails + 1)
    for _ in range(3):
        assert kept.wait_for_mail(lambda asked: Password(""), clock) is False
    assert (odd.connected, odd.asked) == (1, 3)
    kept.close()


def test_it_is_renewed_before_the_server_or_a_router_ends_it() -> None:
    assert watching.RENEWED_SECONDS + watching.SLICE_SECONDS + watching.PATIENCE < 29 * 60
    assert watching.RENEWED_SECONDS < 10 * 60


def test_a_computer_that_slept_asks_whether_the_line_is_still_there(
    odd: ToldServer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SLICE_SECONDS", 0.05)

    class Slept(FixedClock):
        def now(self) -> datetime:
            self.advance(timedelta(hours=1))
            return super().now()

    kept = KeptConnection(odd.settings())
    kept.looked_through("INBOX", 1, odd.mails + 1)
    began = time.monotonic()
    assert kept.wait_for_mail(lambda asked: Password(""), Slept(clock.now())) is False
    assert time.monotonic() - began < DEADLINE
    kept.close()


def test_who_cannot_sign_in_tries_again_as_soon_as_somebody_can(
    imap: Dovecot, clock: FixedClock
) -> None:
    known: list[str] = []
    asked: list[Server] = []
    troubles: list[str] = []
    kept = KeptConnection(imap.settings())

    def password(server: Server) -> Password:
        asked.append(server)
        if not known:
            raise MailFailed("There is no password.")
        return Password(known[0])

    MailWatch(password, clock, lambda account: None, troubles.append).begin(kept)
    wait_for(lambda: bool(asked), "the first try")
    known.append(PASSWORD)
    with kept.box(password):
        pass
    wait_for(lambda: kept._wake is not None, "the server to be waited for")
    kept.close()
    wait_for(lambda: not kept.waited_on, "the watching to end")
    assert troubles == [], "it is said by who fetches"


def test_who_is_not_let_in_does_not_try_again_by_itself(
    imap: Dovecot, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watch, "PAUSES", (0.0,) * 5)
    passwords, troubles = ["wrong", PASSWORD], list[str]()
    kept = KeptConnection(imap.settings())
    watch = MailWatch(
        lambda server: Password(passwords.pop(0)), clock, lambda account: None, troubles.append
    )
    watch.begin(kept)
    wait_for(lambda: len(troubles) == 1, "the password to be refused")
    with pytest.raises(MailFailed, match="does not let"), kept.box(lambda asked: Password("no")):
        pass  # nobody else is let in either
    with kept.box(lambda asked: Password(PASSWORD)):
        pass
    wait_for(lambda: kept._wake is not None, "the server to be waited for")
    kept.close()
    wait_for(lambda: not kept.waited_on, "the watching to end")
    assert passwords == [PASSWORD], "once more it was not asked for"
    (said,) = troubles
    assert "does not let" in said
    assert "wrong" not in said


# The line itself


@contextmanager
def a_line(*pieces: bytes) -> Iterator[tuple[ImapLine, Callable[[], None]]]:
    """A connection to a server that greets, and what lets it send the next of these pieces."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        go_on = threading.Semaphore(0)

        def talk() -> None:
            near, _ = listening.accept()
            with near, suppress(OSError):
                near.sendall(b"* OK here\r\n")
                tag = near.recv(1000).split()[0]
                near.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
                for piece in pieces:
                    go_on.acquire(timeout=DEADLINE)
                    near.sendall(piece)
                near.recv(1000)

        talking = threading.Thread(target=talk)
        talking.start()
        line = ImapLine("127.0.0.1", listening.getsockname()[1], timeout=DEADLINE)
        try:
            yield line, go_on.release
        finally:
            line.shutdown()
            talking.join()


def test_a_wait_that_ends_loses_nothing_of_a_line_that_is_half_there() -> None:
    with a_line(b"* 4 EXI", b"STS\r\n* 5 EXISTS\r\n* 6") as (line, go_on):
        go_on()
        assert line.line_within(0.1) is None
        go_on()
        assert line.line_within(DEADLINE) == b"* 4 EXISTS"
        assert line.line_within(0) == b"* 5 EXISTS", "what came with it is there at once"
        assert line.line_within(0.01) is None


def test_what_came_early_is_read_by_the_next_command_too() -> None:
    with a_line(b"* 4 EXISTS\r\n{3", b"}\r\nabc rest\r\n") as (line, go_on):
        go_on()
        assert line.line_within(DEADLINE) == b"* 4 EXISTS"
        go_on()
        assert line.readline() == b"{3}\r\n"
        assert line.read(3) == b"abc"
        assert line.readline() == b" rest\r\n"


def test_a_line_without_an_end_is_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_line, "LONGEST_LINE", 1000)
    for waits in (True, False):
        with a_line(b"x" * 5000) as (line, go_on):
            go_on()
            with pytest.raises(imaplib.IMAP4.error, match="more than 1000 bytes"):
                line.line_within(DEADLINE) if waits else line.readline()
