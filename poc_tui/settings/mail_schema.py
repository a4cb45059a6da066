"""The table [mail] of the settings: what it may say, and what will not do together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, get_args

from poc_tui.rules.dates.words import DAY, HOUR, MINUTE, UNITS, WEEK
from poc_tui.rules.text import fold
from poc_tui.settings.mail import (
    INBOX,
    USUAL_PORTS,
    After,
    Lists,
    MailSettings,
    Security,
    Send,
    Server,
    Way,
    is_loopback,
)
from poc_tui.settings.schema import YES_NO, Given, Setting, entries, filled, flag, line, text

W = TypeVar("W", bound=str)

LONGEST = timedelta(days=3653)
"""Ten years: what is longer is a slip of the finger."""

LONGEST_WAIT = timedelta(days=7)
"""Of a mail before it goes out, and between two fetches."""

_UNITS = {
    MINUTE: timedelta(minutes=1),
    HOUR: timedelta(hours=1),
    DAY: timedelta(days=1),
    WEEK: timedelta(weeks=1),
}


def mail_settings(given: Given) -> MailSettings:
    """What a settings file says about mail.

    Raises:
        ConfigWrong: a value will not do, or not with another; it names file and key.
    """
    smtp = _server(given, "smtp")
    return MailSettings(
        address=given.get(ADDRESS),
        name=given.get(SENDER),
        own=given.get(OWN),
        signature=given.get(SIGNATURE),
        quote=given.get(QUOTE),
        send=_send(given, smtp),
        eml_folder=given.beside(given.get(EML_FOLDER)),
        wait=given.get(WAIT),
        fetch_every=given.get(FETCH_EVERY) or None,
        reopen_within=given.get(REOPEN_WITHIN),
        lists=given.get(LISTS),
        maildir=tuple(map(given.beside, given.get(MAILDIR))),
        mbox=tuple(map(given.beside, given.get(MBOX))),
        imap=_imap(given),
        smtp=smtp,
    )


def _send(given: Given, smtp: Server) -> Send:
    send: Send = given.get(SEND)
    needed = {
        "smtp": (("mail.smtp.host", smtp.host), (ADDRESS.key, given.get(ADDRESS))),
        "eml": ((EML_FOLDER.key, given.get(EML_FOLDER)), (ADDRESS.key, given.get(ADDRESS))),
    }.get(send, ())
    missing = [f'"{key}"' for key, value in needed if not value]
    if missing:
        raise given.wrong(
            f'"mail.send" is "{send}" and needs {" and ".join(missing)}. Set that first.'
        )
    return send


def _imap(given: Given) -> Server:
    folder, after, move_to = given.get(FOLDER), given.get(AFTER), given.get(MOVE_TO)
    if after == "move" and not move_to:
        raise given.wrong(
            '"mail.imap.after" is "move" and needs "mail.imap.move_to". Name the folder first.'
        )
    if _same_folder(folder, move_to):
        raise given.wrong(
            f'"mail.imap.move_to" is "{move_to}", the folder that mail is fetched from.'
            ' Name another one than "mail.imap.folder".'
        )
    return _server(given, "imap")._replace(
        folder=folder, after=after, move_to=move_to, first_fetch=given.get(FIRST_FETCH) or None
    )


def _same_folder(one: str, other: str) -> bool:
    return one == other or one.upper() == other.upper() == INBOX


def _server(given: Given, way: Way) -> Server:
    options = _SERVERS[way]
    host, security = given.get(options.host), given.get(options.security)
    if host and security == "none" and not is_loopback(host):
        raise given.wrong(
            f'"{options.security.key}" is "none", so the password and all mail would go to {host}'
            ' for everybody on the way to read. Use "tls" or "starttls"; "none" is for'
            f' "{options.host.key}" on this computer, such as "localhost".'
        )
    return Server(
        way,
        host=host,
        port=given.get(options.port) or USUAL_PORTS[way][security],
        security=security,
        user=given.get(options.user),
        password_command=given.get(options.password_command),
    )


def _one_of(words: tuple[W, ...]) -> Callable[[object], W]:
    def read(value: object) -> W:
        for word in words:
            if value == word:
                return word
        raise ValueError

    return read


def _words(words: tuple[str, ...]) -> str:
    *most, last = (f'"{word}"' for word in words)
    return f"{', '.join(most)} or {last}"


def _address(value: object) -> str:
    address = line(value)
    if address:
        from poc_tui.rules.mail.address import is_address

        if not is_address(address):
            raise ValueError
    return address


def _addresses(value: object) -> tuple[str, ...]:
    return tuple(address for entry in entries(value) if (address := _address(entry)))


def _paths(value: object) -> tuple[str, ...]:
    return tuple(filled(entry) for entry in entries(value))


def _lines(value: object) -> str:
    """A text of any number of lines, without the blank ones around it."""
    words = text(value).replace("\r\n", "\n").strip("\n")
    if not words.replace("\n", "").replace("\t", "").isprintable():
        raise ValueError
    return words


def _host(value: object) -> str:
    host = line(value).strip("[]")
    if host and not re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]+(%[\w.-]+)?", host):
        raise ValueError
    return host


def _port(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 0 <= value <= 65535:
        raise ValueError
    return value


def _time(value: object) -> timedelta:
    """Calendar time such as "5 min", "1 day 12 h"; "" is none at all."""
    folded = fold(text(value).strip())
    if not re.fullmatch(r"(?:[0-9]{1,5} ?[a-z]+ ?)*", folded):
        raise ValueError
    span = timedelta(0)
    for number, word in re.findall(r"([0-9]{1,5}) ?([a-z]+)", folded):
        if UNITS.get(word) not in _UNITS:
            raise ValueError
        span += int(number) * _UNITS[UNITS[word]]
    if span > LONGEST:
        raise ValueError
    return span


def _short_time(value: object) -> timedelta:
    span = _time(value)
    if span > LONGEST_WAIT:
        raise ValueError
    return span


_AN_ADDRESS = 'one mail address such as "desk@example.com", or "" for none'
_PATHS = 'a list of paths such as ["~/Mail/inbox"]'
_PORT = "a port from 1 to 65535, or 0 for the usual one"
_HOST = 'the name of a server such as "mail.example.com", or "" for none'
_SHORT_TIME = 'a time up to 7 days such as "1 min" or "2 h"'

ADDRESS = Setting("mail.address", "", _address, _AN_ADDRESS)
SENDER = Setting("mail.name", "", line, 'a name in one line, or "" for none')
OWN = Setting("mail.own", [], _addresses, 'a list of addresses such as ["info@example.com"]')
SIGNATURE = Setting("mail.signature", "", _lines, 'a text of printable lines, or "" for none')
QUOTE = Setting("mail.quote", True, flag, YES_NO)
SEND = Setting("mail.send", "none", _one_of(get_args(Send)), _words(get_args(Send)))
EML_FOLDER = Setting(
    "mail.eml_folder", "", line, 'a directory such as "~/outgoing", or "" for none'
)
WAIT = Setting("mail.wait", "1 min", _short_time, f'{_SHORT_TIME}, or "" for no wait')
FETCH_EVERY = Setting("mail.fetch_every", "", _short_time, f'{_SHORT_TIME}, or "" for never')
REOPEN_WITHIN = Setting(
    "mail.reopen_within", "14 days", _time, 'a time such as "14 days" or "2 weeks", or "" for never'
)
LISTS = Setting("mail.lists", "aside", _one_of(get_args(Lists)), _words(get_args(Lists)))
MAILDIR = Setting("mail.maildir", [], _paths, _PATHS)
MBOX = Setting("mail.mbox", [], _paths, _PATHS)


class _ServerOptions:
    """The options that both servers have, in the table of one of them."""

    def __init__(self, way: Way) -> None:
        table = f"mail.{way}"
        self.host = Setting(f"{table}.host", "", _host, _HOST)
        self.port = Setting(f"{table}.port", 0, _port, _PORT)
        words: tuple[Security, ...] = get_args(Security)
        self.security = Setting(f"{table}.security", "tls", _one_of(words), _words(words))
        self.user = Setting(f"{table}.user", "", line, 'a name in one line, or "" for none')
        self.password_command = Setting(
            f"{table}.password_command",
            "",
            line,
            'a command in one line such as "pass show mail", or "" for none',
        )

    def all(self) -> tuple[Setting[object], ...]:
        return (self.host, self.port, self.security, self.user, self.password_command)


_SERVERS: dict[Way, _ServerOptions] = {
    "imap": _ServerOptions("imap"),
    "smtp": _ServerOptions("smtp"),
}
_FOLDER = "the name of a folder in one line"
FOLDER = Setting("mail.imap.folder", INBOX, filled, _FOLDER)
AFTER = Setting("mail.imap.after", "nothing", _one_of(get_args(After)), _words(get_args(After)))
MOVE_TO = Setting("mail.imap.move_to", "", line, f'{_FOLDER}, or "" for none')
FIRST_FETCH = Setting(
    "mail.imap.first_fetch", "7 days", _time, 'a time such as "7 days", or "" for all there is'
)

MAIL_OPTIONS: tuple[Setting[object], ...] = (
    ADDRESS,
    SENDER,
    OWN,
    SIGNATURE,
    QUOTE,
    SEND,
    EML_FOLDER,
    WAIT,
    FETCH_EVERY,
    REOPEN_WITHIN,
    LISTS,
    MAILDIR,
    MBOX,
    *_SERVERS["imap"].all(),
    FOLDER,
    FIRST_FETCH,
    AFTER,
    MOVE_TO,
    *_SERVERS["smtp"].all(),
)
"""Everything that can be set about mail, in the order of the starter file."""
