"""Days at the desk that are kept as ledgers: every verb, taken back and done again.

The ledgers in `tests/store/golden_journal.json` were written by the program of version 4 of the
store, which wrote through an ORM. `python -m tests.helpers.golden_days FILE` writes them anew, for
whoever changes on purpose what a verb writes.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.quick import add
from poc_tui.rules.mail.message import Mail, MailAddress, MailPolicy, Nature, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import parse, starter
from poc_tui.store import connection, drafts, outbox, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.exchange.export import export_file
from poc_tui.store.exchange.importing import ImportOptions, import_file
from poc_tui.store.records import Done
from poc_tui.store.schema import PRAGMAS
from tests.helpers.ledger import Ledger, spelled
from tests.helpers.mail_setup import account_policy
from tests.helpers.stores import new_store
from tests.helpers.subjects import token_of

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 23 November 2026, 09:12 in Berlin."""

TECHNICAL, SUPPORT, LEGAL = 1, 2, 6

OURS = "desk@poc.example"
MEYER = MailAddress("Meyer AG", "info@meyer.example")
WORKSHOP = "workshop@inside.example"

LEVELS = b"""
[first_answer]
phone = "2h"
email = "4h"
[resolution]
phone = "1d"
[[ladder]]
name = "ask early"
at = "50%"
to = "lead"
template = "lead"
"""

ROWS = """Betreff,Text,Kunde,Tags,Status,Eingang,Erledigt,Notiz
Tor klemmt,Seit gestern,Hotel Krone,"tor, eilt",offen,20.11.2026 10:00,,angerufen
Rechnung 12,,Bäckerei Ott,,erledigt,18.11.2026 09:00,19.11.2026 15:00,
Frage zum Angebot,,neu@krone.example,angebot,neu,23.11.2026 08:00,,
"""


class Day:
    """A desk or two over a store, a clock that moves on by itself, and a ledger of it all."""

    def __init__(self, path: str, clock: FixedClock, mail_policy: MailPolicy) -> None:
        self.path, self.clock = path, clock
        self.deadlines = Deadlines(Hours.standard(BERLIN), starter())
        self.desks = {
            actor: Desk(self.path, self.clock, self.deadlines, actor=actor, mail_policy=mail_policy)
            for actor in ("me", "Alex")
        }
        self.desk = self.desks["me"]
        self.connection = connect(self.path)
        self.ledger = Ledger(self.path)
        self.drafts: set[type[drafts.Draft]] = set()

    def close(self) -> None:
        self.ledger.close()
        self.connection.close()
        for desk in self.desks.values():
            desk.close()

    def at(self, **later: float) -> datetime:
        """A moment that is so much later than it is now."""
        return self.clock.now() + timedelta(**later)

    def do(
        self, draft: drafts.Draft, *numbers: int, by: str = "me", run: str | None = None
    ) -> Done | None:
        """Somebody does something, seven minutes and a second after what was before."""
        self.drafts.add(type(draft))
        return self.step(lambda: self.desks[by].do(draft, numbers, run=run), type(draft).__name__)

    def step(self, act: Callable[[], Any], what: str) -> Done | None:
        """Do it and keep what it made of the store; what was refused is kept with the sentence."""
        self.clock.advance(timedelta(minutes=7, seconds=1))
        try:
            result = act()
        except (NotFound, NotUnderstood, Refused) as error:
            self.ledger.keep(f"{what}, refused: {error}")
            return None
        done = result if isinstance(result, Done) else None
        self.ledger.keep(f"{what}: {done.label}" if done else what, done)
        return done

    def undo(self, steps: int = 1, by: str = "me") -> None:
        for _ in range(steps):
            self.step(self.desks[by].undo, "undo")

    def redo(self, steps: int = 1, by: str = "me") -> None:
        for _ in range(steps):
            self.step(self.desks[by].redo, "redo")

    def undo_all(self) -> list[str]:
        """Back as far as it goes, whoever did it; gives the labels."""
        return self._all(lambda desk: desk.undo(), "undone = 0 ORDER BY id DESC")

    def redo_all(self) -> list[str]:
        """On again as far as it goes; gives the labels."""
        return self._all(lambda desk: desk.redo(), "undone = 1 ORDER BY id")

    def _all(self, turn: Callable[[Desk], Done], which: str) -> list[str]:
        labels = []
        with contextlib.suppress(Refused):
            while rows := self.connection.execute(
                f"SELECT actor FROM journal WHERE {which} LIMIT 1"
            ).fetchall():
                labels.append(turn(self.desks[rows[0][0]]).label)
        return labels

    def there_and_back(self) -> None:
        """All is undone and done again; of that the ledger has what is another than before."""
        before = self.ledger.present
        self.ledger.keep(f"all undone: {', '.join(self.undo_all())}")
        self.ledger.keep(f"all redone: {', '.join(self.redo_all())}", since=before)

    def quickly(self, *words: str) -> None:
        """`poc add`, beside the open desks."""
        told = SimpleNamespace(now=lambda zone: self.clock.now().astimezone(zone))

        def added() -> None:
            with (
                mock.patch.object(add, "datetime", told),
                mock.patch("poc_tui.rules.time_source.SystemZone", return_value=BERLIN),
                mock.patch.dict(os.environ, {"POC_DB": self.path}),
                contextlib.redirect_stdout(io.StringIO()),
            ):
                assert add.add(list(words)) == 0

        self.step(added, f"poc add {list(words)!a}")

    def take_in(self, rows: str) -> None:
        """`poc import` of a file."""
        folder = Path(self.path).parent
        file = folder / "rows.csv"
        file.write_text(rows, encoding="utf-8")
        options = ImportOptions(str(folder / "state"))

        def imported() -> None:
            import_file(str(file), self.path, self.clock, options, rest=lambda seconds: None)

        self.step(imported, "import")

    def apply(self, levels: bytes) -> None:
        """Put service levels in force."""
        changed = Deadlines(self.deadlines.hours, parse(levels, "/nonexistent/levels.toml"))
        self.step(lambda: self.desk.apply_levels(changed, levels, "Mon-Fri 9-17"), "levels")

    def comes(self, text: str, sender: MailAddress | None = MEYER, **rest: Any) -> int:
        """A mail came and was read; gives its id, by which it is named as well."""
        self.clock.advance(timedelta(minutes=7))
        id = 1 + self.value("SELECT coalesce(max(id), 0) FROM mail")
        fields = {
            "message_id": f"{id}@mail.example",
            "sender": sender,
            "subject": "Order 4711",
            "sent_at": self.at(minutes=-5),
        }
        raw = f"raw mail {id}: \xff".encode("latin-1")
        (kept,) = raw_mail.keep(self.connection, [raw], "test", self.clock.now()).new
        raw_mail.keep_read(self.connection, [(kept, Mail(text=text, **(fields | rest)))])
        assert kept == id
        return id

    def filed(self, text: str, sender: MailAddress | None = MEYER, **rest: Any) -> int:
        """A mail comes and is filed by itself."""
        id = self.comes(text, sender, **rest)
        self.do(drafts.FileMails((id,)))
        return id

    def value(self, sql: str) -> int:
        """The number that a query gives."""
        return int(self.connection.execute(sql).fetchone()[0])

    def last_outgoing(self) -> tuple[int, str]:
        """The id and the message id of our newest mail."""
        row = self.connection.execute(
            "SELECT id, message_id FROM outbox ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return int(row[0]), str(row[1])

    def sends(self) -> str:
        """Our newest mail goes out; gives its message id."""
        id, message_id = self.last_outgoing()
        self.step(lambda: outbox.begin(self.connection, id), f"mail {id} is being sent")
        self.step(lambda: outbox.sent(self.connection, id, self.clock.now()), f"mail {id} was sent")
        return message_id


def requests_come_and_go(day: Day) -> None:
    """Every verb but those of mail, all of which can be taken back."""
    meyer = drafts.CustomerName("Meyer AG")
    day.do(
        drafts.Capture(
            "Möbel, blau", "Bitte um Rückruf.", raw=b"M\xf6bel", customer=meyer,
            kind=Kind.COMPLAINT, channel=Channel.PHONE, priority=Priority.HIGH,
            tags=("+Eilt", "möbel"), due_at=day.at(days=2), received_at=day.at(hours=-1),
        )
    )  # fmt: skip
    day.do(drafts.Capture("second\nwith text"))
    day.do(drafts.Capture("Key card", customer=drafts.CustomerNumber(1), to=TECHNICAL))
    day.do(drafts.Capture("asks", customer=drafts.CustomerName("info@krone.example")))
    day.quickly("Rechnung", "falsch", '@"Bäckerei Ott"', "+Eilt", "via:phone", "due:fri14")
    day.quickly("call back", "@ott@baeckerei.example", "+neu", "prio:high", "kind:order")
    day.quickly("\udcff", "and", "no", "marks")
    day.step(day.desk.wind, "wind")
    day.step(day.desk.wind, "wind, where all clocks run")
    day.do(drafts.EditCustomer(name="Meyer GmbH"))
    day.do(drafts.Capture("which of them?", customer=drafts.CustomerName("Meyer")))
    day.do(
        drafts.Triage(
            customer=drafts.CustomerName("Hotel Krone"), subject="Möbel, grün",
            kind=Kind.ORDER, channel=Channel.EMAIL, priority=Priority.CRITICAL,
            due_at=day.at(days=1), tags=("möbel", "grün"),
        ),
        1,
    )  # fmt: skip
    day.do(drafts.Triage(), 2, 4)
    day.do(drafts.Triage(priority=Priority.LOW, tags=()), 5)
    day.do(drafts.Triage(tags=("one", "two", "three", "four", "five", "eilt")), 8)
    day.do(drafts.Triage(tags=("five",)), 8)
    day.do(drafts.ForwardDraft(TECHNICAL, "how many?"), 1)
    day.do(drafts.ForwardDraft(LEGAL, "may we?", due_at=day.at(days=3)), 1, 2)
    day.do(drafts.LogAnswer("10 units"), 1)
    day.do(drafts.LogAnswer("10 units", forward_id=2), 1)
    day.do(drafts.LogAnswer("yes"), 1)
    day.do(drafts.Answer("ten", channel=Channel.PHONE), 1)
    day.do(drafts.CustomerWrote("well?", Channel.CHAT), 1)
    day.do(drafts.Answer("look again then", check_back_at=day.at(days=4)), 1)
    day.do(drafts.Answer("we are on it", still_working=True), 2)
    day.do(drafts.Answer("still", still_working=True, next_update_at=day.at(days=1)), 2, 4)
    day.do(drafts.Note("careful"), 1, 2, 4)
    day.do(drafts.Note("for nobody"), 99)
    day.do(drafts.Snooze(day.at(days=5), "the fair"), 4)
    day.do(drafts.CustomerWrote("it cannot wait"), 4)
    day.do(drafts.Snooze(day.at(days=1)), 2, 3)
    day.do(drafts.Snooze(day.at(days=1)), 6, 7)
    day.do(drafts.Answer("awake"), 6)
    day.do(drafts.ForwardDraft(SUPPORT, "and you?"), 7)
    day.do(drafts.Snooze(day.at(hours=1)), 7)
    day.do(drafts.LogAnswer("awake"), 7)
    day.do(drafts.Remind(day.at(days=2), "call"), 1, 2)
    day.do(drafts.Remind(day.at(days=2), "speak", customer_id=1))
    day.do(drafts.Remind(day.at(hours=1), "stock", every="FREQ=WEEKLY;BYDAY=MO"))
    recurring = day.value("SELECT max(id) FROM reminder")
    day.do(drafts.MarkDone((recurring,)))
    day.do(drafts.MarkDone((recurring,), end_series=True))
    day.do(drafts.MarkDone((recurring - 1, recurring - 2)))
    day.do(drafts.Promise(day.at(days=1), "the offer"), 1, 2)
    day.do(drafts.Promise(day.at(days=1), "a visit", customer_id=1, whom="the head of sales"))
    promised = day.value("SELECT max(id) FROM reminder")
    day.do(drafts.EndPromise(promised - 2, kept=True))
    day.do(drafts.EndPromise(promised, kept=False, why="the snow"))
    day.do(drafts.EditDepartment(TECHNICAL, deputy="shift lead", lead="head of plant"))
    for _ in range(4):
        day.do(drafts.Chase(early=True), 3)
    day.do(drafts.Chase(4, "in my own words", early=True), 2)
    day.do(drafts.Chase(), 2)
    day.do(drafts.StandDown("it was seen"), 3)
    day.do(drafts.Escalate("management", "it is late"), 1, 2)
    day.do(drafts.Escalate("the board", "it is later"), 1)
    day.do(
        drafts.EditCustomer(
            name="Café Süd", organisation="Süd", prefers=Channel.CHAT, preferences="mornings",
            vip=True, notes="two floors", rhythm="FREQ=WEEKLY;INTERVAL=6",
            addresses=(
                drafts.AddressDraft(AddressKind.EMAIL, "hallo@süd.example"),
                drafts.AddressDraft(AddressKind.PHONE, "+49 30 1"),
            ),
        )
    )  # fmt: skip
    krone, sued = (
        day.value(f"SELECT id FROM customer WHERE name = '{name}'")
        for name in ("Hotel Krone", "Café Süd")
    )
    day.do(
        drafts.EditCustomer(
            sued, prefers_nothing=True, rhythm="",
            addresses=(
                drafts.AddressDraft(AddressKind.PHONE, "+49 30 1"),
                drafts.AddressDraft(AddressKind.HANDLE, "@sued"),
            ),
        )
    )  # fmt: skip
    day.do(drafts.EditCustomer(krone, vip=True))
    day.do(drafts.EditCustomer(krone, name="Hotel zur Krone", notes="asks twice"))
    day.do(drafts.EditCustomer(krone, vip=True))
    ott = day.value("SELECT customer_id FROM request WHERE id = 6")
    day.do(drafts.CustomerWrote("so?"), 6)
    day.do(drafts.Triage(priority=Priority.NORMAL), 6)
    for vip in (True, False):
        day.do(drafts.EditCustomer(ott, vip=vip))
    day.do(drafts.Contact(sued, "all is well"))
    day.do(drafts.Contact(sued))
    day.do(drafts.EditDepartment(name="Purchasing", remit="what we buy", contact="buy@x.example"))
    day.do(drafts.EditDepartment(SUPPORT, name="Help", answer_within_minutes=60))
    day.do(drafts.EditDepartment(SUPPORT, retired=True))
    day.do(drafts.EditDepartment(SUPPORT, retired=False))
    day.do(drafts.Resolve(Resolution.SOLVED), 1)
    day.do(
        drafts.Resolve(
            Resolution.SOLVED, "done", withdraw_forwards=True, reminders_done=True,
            promises_kept=False,
        ),
        1, 2,
    )  # fmt: skip
    day.do(drafts.Reopen("again"), 1)
    day.do(drafts.Answer("now really", resolve_as=Resolution.DECLINED, reminders_done=False), 1)
    day.do(drafts.CustomerWrote("no!"), 1)
    day.do(drafts.Remind(day.at(days=9), "was it paid?"), 4)
    day.do(drafts.Resolve(Resolution.NO_REPLY, reminders_done=False), 4)
    day.do(drafts.Remind(day.at(days=9), "once more"), 4)
    day.do(drafts.Reopen(), 4)
    day.take_in(ROWS)
    day.step(day.desk.wind, "wind")
    day.apply(LEVELS)
    day.apply(b"")


def others_work_too(day: Day) -> None:
    """Two persons over one store; what is taken back keeps its numbers free."""
    day.do(drafts.Capture("mine", customer=drafts.CustomerName("Glue Ltd"), tags=("glue",)))
    mine = day.value("SELECT max(id) FROM request")
    day.do(drafts.Remind(day.at(days=1), "call"), mine)
    day.do(drafts.ForwardDraft(TECHNICAL), mine)
    day.undo(3)
    day.do(
        drafts.Capture("of Alex", customer=drafts.CustomerName("Paper Ltd"), tags=("paper",)),
        by="Alex",
    )
    day.do(drafts.ForwardDraft(LEGAL), mine + 1, by="Alex")
    day.do(drafts.Remind(day.at(days=1), "of Alex"), by="Alex")
    day.redo(3)
    day.do(drafts.Note("a word of mine"), mine + 1)
    day.undo(by="Alex")
    day.undo(by="Alex")
    day.redo(by="Alex")
    day.undo(2)
    day.redo(1)
    day.do(drafts.Note("so that nothing more can be redone"), mine)
    day.redo(1)


def mail_comes_and_goes(day: Day) -> None:
    """Mail that finds its request or makes one, and what goes out; what was sent stays."""
    token_of(day.connection, 1)  # and so the secret by which they are made is the same each time
    day.do(drafts.EditDepartment(TECHNICAL, contact=f"Workshop <{WORKSHOP}>", lead="l@x.example"))
    drawing = (Part(1, "drawing.pdf", "application/pdf", 900), Part(2, "", "image/png", 0))
    first = day.filed("The invoice shows 12 units.", parts=drawing)
    now = day.clock.now()
    day.step(lambda: raw_mail.fetched(day.connection, "test", now), "fetched")
    day.step(lambda: raw_mail.fetched(day.connection, "test", now, "no net"), "not fetched")
    day.filed("And when?", message_id="reply@mail.example", refs=(f"{first}@mail.example",))
    day.do(drafts.ForwardDraft(TECHNICAL, "how many?"), 1)
    asked = day.sends()
    day.do(drafts.Chase(early=True), 1)
    day.do(drafts.Chase(text="in my own words", early=True), 1)
    workshop = MailAddress("Workshop", WORKSHOP)
    day.filed("ten units", workshop, refs=(asked,))
    day.filed("or eleven", workshop, refs=(asked,))
    day.do(drafts.Answer("ten units, you are right"), 1)
    answered = day.sends()
    day.filed("Danke!", refs=(answered,))
    day.do(drafts.Answer("by phone only", mail=False), 1)
    day.do(drafts.Answer("to be resolved", resolve_as=Resolution.SOLVED), 1)
    last, named = day.last_outgoing()
    day.step(lambda: outbox.begin(day.connection, last), "the end is on its way")
    day.step(lambda: outbox.unsure(day.connection, last, "it broke"), "nobody knows")
    day.step(lambda: outbox.settle(day.connection, last, day.clock.now()), "it did go out")
    day.filed("Vielen Dank!", refs=(named,))
    day.clock.advance(timedelta(days=1))
    day.filed("It is not solved.", refs=(named,))
    bounced: dict[str, Any] = {
        "sender": MailAddress("Mail Delivery", "mailer-daemon@mx.example"),
        "nature": Nature.BOUNCE,
        "subject": "Undelivered",
    }
    day.filed("", bounced=(named,), bounce_why="550 no such user", **bounced)
    day.filed("", bounced=(named,), bounce_why="once more", **bounced)
    day.filed("I am away.", nature=Nature.AUTO_REPLY, refs=(answered,))
    day.filed("", None, nature=Nature.UNREADABLE, trouble=("nothing of it could be read",))
    mine = MailAddress("Me", OURS)
    day.filed("please look", mine, original=MEYER, quoted="Our door is stuck.", subject="Fwd: door")
    day.filed("I told them by phone", mine, refs=(f"{first}@mail.example",))
    for words in ("never, they say", "or never"):
        day.filed(words, workshop, subject="Re: Order 4711 [#1]")
    doubted = day.value("SELECT max(mail_id) FROM mail_filed WHERE doubt <> ''")
    day.do(drafts.AcceptMails((doubted,)))
    day.do(drafts.AcceptMails(), 1)
    day.do(drafts.AcceptMails(), 1)
    day.undo()
    day.redo()
    both = (("from", MEYER.address), ("from", "x@x.example"))
    doubted = day.filed("a refund, please", headers=both)
    day.do(drafts.AcceptMails((doubted,)))
    day.undo()
    day.filed("our own", mine, message_id=answered)
    news = MailAddress("Glue News", "news@glue.example")
    letter = day.filed("Buy glue.", news, nature=Nature.LIST)
    day.do(drafts.FileMails((letter,), wanted=True))
    day.step(lambda: day.desk.unfile(letter), "unfile")
    day.undo()
    day.redo()
    day.step(lambda: raw_mail.dismiss(day.connection, [letter]), "dismiss")
    ids = tuple(
        day.comes(f"mail {n}", MailAddress(f"Customer {n}", f"{n}@x.example")) for n in range(3)
    )
    day.do(drafts.FileMails(ids), run="a fetch")
    placed = day.comes("to be placed", MailAddress("", "somebody@x.example"))
    day.do(drafts.FileMails((placed,), to=1))
    day.do(drafts.Seen(), 1)
    day.undo()
    day.do(drafts.SplitMail(placed))
    day.undo()
    day.step(lambda: day.desk.unfile(placed), "unfile")
    day.do(drafts.FileMails((placed,)))
    day.clock.advance(timedelta(days=1))
    day.do(drafts.Resolve(Resolution.SOLVED, "the end", promises_kept=True), 1)
    late, _ = day.last_outgoing()
    day.step(lambda: outbox.begin(day.connection, late), "the end is on its way")
    day.step(lambda: outbox.broken_off(day.connection, "it ended"), "the sender ended")
    day.step(lambda: outbox.again(day.connection, late, day.clock.now()), "once more")
    day.do(drafts.NotDelivered(late, "the server said no"))
    day.do(drafts.NotDelivered(late, "twice"))
    day.do(drafts.Resolve(Resolution.SOLVED), 1)
    day.clock.advance(timedelta(days=20))
    day.filed("it is broken again", refs=(named,))
    day.do(drafts.Answer("it will be mended"), 1)
    newest = day.value("SELECT max(id) FROM request")
    day.do(drafts.Answer("it will be mended"), newest)
    queued, _ = day.last_outgoing()
    day.step(
        lambda: outbox.try_later(day.connection, queued, "greylisted", day.at(hours=1)), "put off"
    )
    day.step(
        lambda: outbox.wait_for_server(day.connection, [queued], "no net", day.at(hours=1)),
        "no server",
    )
    day.step(lambda: outbox.handed(day.connection, queued, day.clock.now()), "handed over")


def what_sleeps_is_woken(day: Day) -> None:
    """Before its date; the reminder that was to come with it goes, and others stay."""
    for subject in ("asked", "mine", "awake"):
        day.do(drafts.Capture(subject))
    day.do(drafts.ForwardDraft(TECHNICAL, "is it?"), 1)
    day.do(drafts.Remind(day.at(days=2), "call"), 2)
    day.do(drafts.Snooze(day.at(days=5), "the fair"), 1, 2)
    day.do(drafts.Wake(), 1, 2)
    day.do(drafts.Wake(), 3)
    day.there_and_back()


def guesses_and_duplicates(day: Day) -> None:
    """What words point to is taken as it is; and one request repeats another."""
    day.do(drafts.Capture("It is broken, urgent!"))
    day.do(drafts.Capture("Where is my order?"))
    day.do(drafts.GuessedTriage(), 1, 2)
    day.do(drafts.GuessedTriage(), 1)
    day.do(drafts.Resolve(Resolution.DUPLICATE, duplicate_of=1), 2)
    day.do(drafts.Resolve(Resolution.DUPLICATE, duplicate_of=2), 1)
    day.do(drafts.Answer("so", resolve_as=Resolution.DUPLICATE, duplicate_of=1), 1)
    day.there_and_back()


def _worked(day: Day) -> None:
    requests_come_and_go(day)
    others_work_too(day)
    day.there_and_back()


def _posted(day: Day) -> None:
    mail_comes_and_goes(day)
    day.there_and_back()


MAIL_POLICY = account_policy(
    sends=True, address=OURS, mine=(OURS, "me@poc.example"), signature="Your desk"
)

DAYS: dict[str, tuple[Callable[[Day], None], MailPolicy]] = {
    "requests": (_worked, MailPolicy()),
    "mail": (_posted, MAIL_POLICY),
    "woken": (what_sleeps_is_woken, MailPolicy()),
    "guessed": (guesses_and_duplicates, MailPolicy()),
}


class FineClock(FixedClock):
    """A clock that tells parts of a second as well."""

    def now(self) -> datetime:
        """The moment at which it stands, aware UTC, but for a millionth of a second the next."""
        return super().now().replace(microsecond=999_999)


@contextmanager
def begun(path: str, clock: FixedClock, mail_policy: MailPolicy = MAIL_POLICY) -> Iterator[Day]:
    """A day over the store on which nothing is left to chance: what is random is counted.

    No power fails on it, and so nothing waits for the disk.
    """
    counted = itertools.count(int(clock.at.timestamp()))

    def token_hex(nbytes: int = 32) -> str:
        return f"{next(counted):0{2 * nbytes}x}"

    with (
        mock.patch.object(secrets, "token_hex", token_hex),
        mock.patch.object(connection, "PRAGMAS", (*PRAGMAS, "PRAGMA synchronous = OFF")),
        closing(Day(path, clock, mail_policy)) as day,
    ):
        yield day


def kept(name: str, folder: Path, clock: type[FixedClock] = FixedClock) -> Day:
    """The day of that name, lived in a store in that folder; what it has is its ledger."""
    lived, mail_policy = DAYS[name]
    path = new_store(str(folder / f"{name}.sqlite3"))
    with begun(path, clock(START, BERLIN), mail_policy) as day:
        lived(day)
    return day


def export(folder: Path) -> None:
    """Live all days in that folder, and export each."""
    for name in DAYS:
        export_file(str(folder / f"{name}.jsonl"), kept(name, folder).path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as stores:
        ledgers = {name: kept(name, Path(stores)).ledger.entries for name in DAYS}
    Path(sys.argv[1]).write_text(spelled(ledgers), encoding="utf-8")
