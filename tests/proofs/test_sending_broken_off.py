"""The server, the line or poc itself breaks off while mail goes out: each mail goes out once, or a
person sees that nobody knows whether it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from poc_tui.mail.transport import connection
from poc_tui.models.values import AddressKind
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.outbox import again
from poc_tui.store.queries.mail import OPEN_STATES, counts, outbox
from tests.helpers.killing import killed_at_every_step
from tests.helpers.loopback import cut_after
from tests.helpers.mail_servers import Smtp, smtp_server
from tests.helpers.mail_setup import changed
from tests.helpers.post_office import Office, office

pytestmark = pytest.mark.proof


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        yield running


@pytest.fixture
def sender(path: str, clock: FixedClock, deadlines: Deadlines, smtp: Smtp) -> Iterator[Office]:
    with office(path, clock, deadlines, smtp=smtp.settings()) as opened:
        yield opened


def _queue(here: Office, count: int) -> None:
    """Answer so many requests by mail."""
    for n in range(count):
        address = drafts.AddressDraft(AddressKind.EMAIL, f"info@firma{n}.example")
        here.do(drafts.EditCustomer(name=f"Firma {n}", addresses=(address,)))
        capture = drafts.Capture(f"Frage {n}", customer=drafts.CustomerName(f"Firma {n}"))
        here.do(drafts.Answer(f".{n} Stück\n.\nGruß"), *here.do(capture))


def _check_sent_once(here: Office, smtp: Smtp) -> Counter[str]:
    """Each mail is at the server once, or a person sees that nobody knows; gives the states."""
    rows = here.reader.rows("SELECT message_id, state, why FROM outbox")
    for id, state, why in rows:
        times = sum(f"Message-ID: <{id}>".encode() in mail.data for mail in smtp.received)
        assert times <= 1, f"{id} is {state}, and arrived {times} times"
        assert (times == 1) == (state == "sent") or state == "unsure"
        assert state != "sending"
        assert (why == "") == (state == "sent")
    states = Counter(state for _, state, _ in rows)
    assert counts(here.reader)[:2] == (states["queued"], states["unsure"])
    shown = [row.state for row in outbox(here.reader, OPEN_STATES)]
    assert len(shown) == len(rows) - states["sent"]
    return states


def test_a_line_to_the_server_that_is_cut_sends_nothing_twice(
    sender: Office, smtp: Smtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(sender, 2)
    seen: Counter[str] = Counter()
    at_first = set()
    for size in range(0, 240, 15):
        _anew(sender.path, size)
        smtp.received.clear()
        with cut_after(smtp.port, size) as port, monkeypatch.context() as impatient:
            impatient.setattr(connection, "TIMEOUT", 0.2)  # a second line finds nobody
            cut = changed(sender.settings, smtp=smtp.settings(port=port))
            sender.settings, kept = cut, sender.settings
            at_first.add(sender.send().sent)
        sender.settings = kept
        sender.send()
        seen += _check_sent_once(sender, smtp)
        assert sender.send().sent == 0
    assert at_first == {0, 1}
    assert set(seen) == {"sent", "unsure"}


def _anew(path: str, run: int) -> None:
    """Let the mails wait again, under ids of their own."""
    with closing(connect(path)) as connection:
        connection.execute(
            "UPDATE outbox SET state = 'queued', tries = 0, sent_at = NULL, why = '',"
            " next_try_at = queued_at, message_id = ? || '.' || id || '@poc.example'",
            (str(run),),
        )


def test_a_server_that_breaks_off_in_every_way_gets_each_mail_once(
    sender: Office, smtp: Smtp
) -> None:
    _queue(sender, 5)
    smtp.stop()
    assert "takes no connection" in sender.send().sentence
    smtp.start()
    # The end of a short mail is on its way before it shows that nobody is there any more.
    smtp.drop = "before the dot"
    assert sender.send().unsure == 5
    assert _check_sent_once(sender, smtp) == {"unsure": 5}
    assert smtp.received == []
    with closing(connect(sender.path)) as connection:
        assert all(again(connection, row.id, sender.clock.now()) for row in sender.posted())
    smtp.drop, smtp.reply = "never", "451 4.3.0 not now"
    assert sender.send().waiting == 5
    smtp.reply = None
    smtp.refuse["info@firma0.example"] = "450 4.2.1 not now"
    smtp.drop = "after the dot"
    assert sender.send().unsure == 4
    smtp.drop = "never"
    smtp.refuse.clear()
    assert sender.send().sent == 1
    assert _check_sent_once(sender, smtp) == {"sent": 1, "unsure": 4}
    assert len(smtp.received) == 5


# poc itself

SENDING = """
import smtplib
import sqlite3
from poc_tui.mail import outbox as sending
from poc_tui.mail.transport.passwords import Password
from poc_tui.settings.mail import Account, MailSettings, Server
from poc_tui.store import outbox

queued, folder, port, moment = sys.argv[1:]
clock = FixedClock(datetime.fromtimestamp(int(moment), UTC))
smtp = Server("smtp", "localhost", int(port), "none")
mail = MailSettings((Account(address="desk@poc.example", send="smtp", smtp=smtp),))


def send(path, at):
    mortal(smtplib.SMTP, "send", at)
    mortal_transactions(outbox, at)
    sending.send(path, clock, mail, Password, None, at_once=True)


def prepared(at):
    path = shutil.copy(queued, f"{folder}/{at}.sqlite3")
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE outbox SET message_id = ? || '.' || message_id", (at,))
    connection.close()
    return path


killed_at_every_step(send, prepared)
"""


def test_a_process_that_is_killed_at_any_step_of_sending_sends_nothing_twice(
    sender: Office, smtp: Smtp, tmp_path: Path, clock: FixedClock, deadlines: Deadlines
) -> None:
    _queue(sender, 2)
    moment = str(int(clock.now().timestamp()))
    runs = tmp_path / "runs"
    runs.mkdir()
    ended = killed_at_every_step(SENDING, sender.path, str(runs), str(smtp.port), moment)
    seen: Counter[str] = Counter()
    for at in range(1, len(ended) + 1):
        path = str(runs / f"{at}.sqlite3")
        with office(path, clock, deadlines, smtp=smtp.settings()) as opened:
            states = _check_sent_once(opened, smtp)
            assert states["unsure"] <= 1
            assert opened.send().sent == 0
        seen += states
    assert set(seen) == {"sent", "unsure"}
