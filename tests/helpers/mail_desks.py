"""Open desks with mail: what comes lies in a Maildir, what goes out stands in the outbox."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.mail import MailScreen
from poc_tui.screens.services.mail_scheduler import MailScheduler
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings, load
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.records import OutgoingRow
from poc_tui.widgets.top_bar import TopBar
from tests.helpers.desks import until
from tests.helpers.mail_servers import Smtp

DESK = "desk@poc.example"
MEYER = MailAddress("Meyer AG", "info@meyer.example")


class Post:
    """A store whose desk sends and is written to, and the desks that are opened over it.

    `settings` is what stands in the table [mail] of the settings file.
    """

    def __init__(
        self, folder: Path, path: str, clock: FixedClock, deadlines: Deadlines, settings: str
    ) -> None:
        self.path, self.clock = path, clock
        self.folder, self.maildir = folder, folder / "mail"
        for name in ("cur", "new", "tmp"):
            (self.maildir / name).mkdir(parents=True, exist_ok=True)
        self._deadlines = deadlines
        self._numbers = count(1)
        self.set(settings)

    def set(self, mail_settings: str) -> None:
        """Write the settings file anew, for the desks that are opened from now on."""
        file = self.folder / "config.toml"
        file.write_text(f'[mail]\naddress = "{DESK}"\n{mail_settings}\n', encoding="utf-8")
        self.settings: Settings = load(str(file), {"TZ": "Europe/Berlin"})

    def open(self, *, demo: bool = False) -> PocApp:
        """A desk over the store."""
        keymap = resolve(COMMANDS, {})
        return PocApp(Session(self.path, self.clock, self.settings, keymap, demo=demo))

    def comes(self, headers: str = "", body: str = "The invoice shows 12 units.") -> None:
        """A mail is delivered to the Maildir."""
        number = next(self._numbers)
        name, address = MEYER
        lines = (
            f"From: {name} <{address}>\nMessage-ID: <{number}@meyer.example>\n{headers}".strip(),
            "",
            body,
        )
        (self.maildir / "new" / f"{number}.eml").write_text("\n".join(lines), encoding="utf-8")

    def do(self, draft: drafts.Draft, *numbers: int) -> tuple[int, ...]:
        """A verb of somebody else's; gives the requests it touched."""
        desk = Desk(self.path, self.clock, self._deadlines, mail_policy=self.settings.mail.policy)
        with closing(desk):
            return desk.do(draft, numbers).numbers

    def a_mail(self, **rest: Any) -> int:
        """A mail that came and is filed; gives the request."""
        return self.do(drafts.FileMails((self.read(**rest),)))[0]

    def aside(self, **rest: Any) -> int:
        """A mail that came and lies aside; gives its id."""
        fields = {
            "nature": Nature.LIST,
            "sender": MailAddress("Glue News", "news@glue.example"),
        } | rest
        id = self.read(**fields)
        with closing(connect(self.path)) as connection, connection:
            recognised = raw_mail.Recognised(id, fields["nature"], None)
            raw_mail.take(connection, [recognised], self.clock.now())
        return id

    def read(self, **rest: Any) -> int:
        """A mail that came and was read, and nothing more; gives its id."""
        number = next(self._numbers)
        fields: dict[str, Any] = {
            "message_id": f"{number}@elsewhere.example",
            "sender": MEYER,
            "subject": "Invoice 4711",
            "text": "The invoice shows 12 units.",
            "sent_at": self.clock.now(),
        }
        with closing(connect(self.path)) as connection:
            raw = f"Subject: {number}\n\n".encode()
            (id,) = raw_mail.keep(connection, [raw], "test", self.clock.now()).new
            raw_mail.keep_read(connection, [(id, Mail(**(fields | rest)))])
        return id

    def answered(self, *, to: MailAddress = MEYER) -> int:
        """A request whose answer waits to be sent; gives the request."""
        number = self.a_mail(sender=to)
        self.do(drafts.Answer("10 units, you are right."), number)
        return number

    def stands(self, number: int, state: str, why: str = "") -> OutgoingRow:
        """Put the mail of a request into a state, as the sender would have left it."""
        with closing(connect(self.path)) as connection:
            connection.execute(
                "UPDATE outbox SET state = ?, why = ?, next_try_at = CASE WHEN ? = 'queued' THEN"
                " next_try_at END WHERE request_id = ?",
                (state, why, state, number),
            )
        return self.outgoing(number)

    def stands_sent(self, number: int) -> None:
        """The mails of a request are sent."""
        with closing(connect(self.path)) as connection:
            connection.execute(
                "UPDATE outbox SET state = 'sent', next_try_at = NULL, sent_at = queued_at"
                " WHERE request_id = ?",
                (number,),
            )

    def outgoing(self, number: int) -> OutgoingRow:
        """The only mail of ours on a request."""
        with closing(Reader(self.path, busy_ms=10_000)) as reader:
            (row,) = outgoing_of_request(reader, number)
        return row

    def value(self, sql: str) -> Any:
        """The first value that a query gives."""
        with closing(Reader(self.path, busy_ms=10_000)) as reader:
            return reader.value(sql)


def mailing(app: PocApp) -> MailScheduler:
    """The mail of an open desk."""
    desk = app.screen_stack[0]
    assert isinstance(desk, DeskScreen)
    return desk.services.mail


async def begun(pilot: Pilot[Any], app: PocApp) -> MailScheduler:
    """The mail of a desk that has begun with it, which it does a second after its first paint."""
    await pilot.pause()
    found = mailing(app)
    found.begin()
    await until(pilot, lambda: found._post is not None)
    return found


async def shown(pilot: Pilot[Any], app: PocApp) -> MailScreen:
    """The screen of the mail, opened by its key and read."""
    await begun(pilot, app)
    await pilot.press("O")
    await until(
        pilot, lambda: isinstance(app.screen, MailScreen) and app.screen.store_watch.has_read
    )
    await pilot.pause()
    assert isinstance(app.screen, MailScreen)
    return app.screen


async def idle(pilot: Pilot[Any], app: PocApp) -> None:
    """Wait until nothing is being fetched or sent."""
    found = mailing(app)
    await until(pilot, lambda: not (found._fetching or found._sending))
    await pilot.pause()


def toasts(app: PocApp) -> list[str]:
    """What is said, the oldest first."""
    return [toast.message for toast in app._notifications]


def warnings(app: PocApp) -> list[str]:
    """What is said of it because something is wrong."""
    return [toast.message for toast in app._notifications if toast.severity == "warning"]


def bar(app: PocApp) -> str:
    """What the first line says."""
    return app.screen.query_one(TopBar).render().plain


def drawn(app: PocApp) -> str:
    """The screen as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def through(server: Smtp, user: str = "") -> str:
    """Settings that send through this server."""
    return through_port(server.port, user)


def through_port(port: int, user: str = "") -> str:
    """Settings that send through a server at this port of this computer."""
    return (
        'send = "smtp"\n[mail.smtp]\nhost = "localhost"\nsecurity = "none"\n'
        f'port = {port}\nuser = "{user}"'
    )
