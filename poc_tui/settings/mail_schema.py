"""The table [mail] of the settings: what it may say, and what will not do together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, get_args

from poc_tui.rules.dates.words import DAY, HOUR, MINUTE, WEEK
from poc_tui.rules.service.business_time import counted
from poc_tui.settings.mail import (
    ACCOUNTS,
    AUTO,
    INBOX,
    USUAL_PORTS,
    Account,
    After,
    Auth,
    FirstWriters,
    Html,
    Language,
    Lists,
    MailSettings,
    ProviderName,
    Security,
    Send,
    SenderTreatment,
    Server,
    SignIn,
    Way,
    is_loopback,
    same_folder,
    table_of,
)
from poc_tui.settings.schema import (
    YES_NO,
    Given,
    Setting,
    entries,
    filled,
    flag,
    line,
    nearest,
    shortened,
    text,
)

LONGEST = timedelta(days=3653)
"""Ten years: what is longer is a slip of the finger."""

LONGEST_WAIT = timedelta(days=7)
"""Of a mail before it goes out, and between two fetches."""

_MINUTES = {MINUTE: 1, HOUR: 60, DAY: 24 * 60, WEEK: 7 * 24 * 60}


def mail_settings(given: Given) -> MailSettings:
    """What a settings file says about mail.

    Raises:
        ConfigWrong: a value will not do, or not with another; it names file and key.
    """
    accounts = tuple(_account(given, key) for key in ("", *account_keys(given.values)))
    taken: set[str] = set()
    for account in accounts:
        if account.address and account.address.lower() in taken:
            raise given.wrong(
                f'"{account.table}.address" is that of another account, too. Each account has an'
                ' address of its own; "own" takes further ones.'
            )
        taken.add(account.address.lower())
    mail = MailSettings(accounts, rules=_rules(given), **given.table(MAIL))
    return mail._replace(fetch_every=mail.fetch_every or None)


def account_keys(values: Iterable[str]) -> list[str]:
    """The names of the accounts that have a table of their own, as they follow each other."""
    return [*dict.fromkeys(found[1] for key in values if (found := _OF_ACCOUNT.match(key)))]


def account_setting(key: str) -> Setting | None:
    """The setting of an account with that dotted key, such as `mail.accounts.sales.address`, or of
    the account in [mail] itself; None if there is none."""
    found = _OF_ACCOUNT.match(key)
    rest = f"mail.{key[found.end() :]}" if found else key
    if (language := _SIGNATURE.fullmatch(rest)) is not None:
        return Setting(key, "", _lines, f"a text of printable lines for “{language[1]}”")
    own = found and next((each for each in ACCOUNT if each.key == rest), None)
    return own._replace(key=key) if own else None


def unknown_of_account(key: str) -> str:
    """What is said of a key of an account that sets nothing."""
    found = _OF_ACCOUNT.match(key)
    if found is None:
        name = shortened(key.removeprefix(ACCOUNTS).partition(".")[0])
        return (
            f'"{name}" names no account: write a table such as [mail.accounts.sales], with a name'
            " of small letters and digits, and what belongs to it below."
        )
    near = nearest(
        shortened(key[found.end() :]), (each.key.removeprefix("mail.") for each in ACCOUNT)
    )
    return f'there is no setting "{shortened(key)}". The nearest is "{found[0]}{near}".'


def _account(given: Given, name: str) -> Account:
    def of(settings: Iterable[Setting]) -> Iterator[Setting]:
        return (each._replace(key=each.key.replace("mail", table, 1)) for each in settings)

    table = table_of(name)
    imap = _server(given, "imap", name, of(IMAP))
    smtp = _server(given, "smtp", name, of(SMTP))
    if smtp.auth == "oauth2" and not smtp.token_command and smtp.oauth == SignIn():
        smtp = smtp._replace(token_command=imap.token_command, oauth=imap.oauth)
    for server in (imap, smtp):
        _check_oauth(given, server)
    languages = {
        language: given.get(setting)
        for key in given.values
        if key.startswith(f"{table}.signatures.") and (setting := account_setting(key))
        for language in [key.rpartition(".")[2]]
    }
    account = Account(name, imap=imap, smtp=smtp, signatures=languages, **given.table(of(IDENTITY)))
    goes = {"smtp": ("smtp.host", smtp.host), "eml": ("eml_folder", account.eml_folder)}
    needed = (goes[account.send], ("address", account.address)) if account.send in goes else ()
    missing = [f'"{table}.{key}"' for key, value in needed if not value]
    if missing:
        raise given.wrong(
            f'"{table}.send" is "{account.send}" and needs {" and ".join(missing)}. Set that first.'
        )
    if name and not account.address:
        raise given.wrong(
            f'"{table}.address" is missing: by it answers know which account they go out from.'
        )
    if imap.after == "move" and not imap.move_to:
        raise given.wrong(
            f'"{imap.table}.after" is "move" and needs "{imap.table}.move_to". Name the folder'
            " first."
        )
    for each in imap.looked_at:
        if same_folder(each.folder, imap.move_to):
            raise given.wrong(
                f'"{imap.table}.move_to" is "{imap.move_to}", the folder that mail is fetched from.'
                f' Name another one than "{imap.table}.folder".'
            )
    if any(same_folder(each, imap.junk) for each in imap.folders or (imap.folder,)):
        raise given.wrong(
            f'"{imap.table}.junk" is "{imap.junk}", a folder whose mails become requests. Name'
            " another one, or take it from the others."
        )
    return account._replace(
        eml_folder=given.beside(account.eml_folder),
        maildir=tuple(map(given.beside, account.maildir)),
        mbox=tuple(map(given.beside, account.mbox)),
    )


def _server(given: Given, way: Way, key: str, settings: Iterable[Setting]) -> Server:
    sign_in: list[Setting] = []
    own: list[Setting] = []
    for setting in settings:
        (sign_in if ".oauth." in setting.key else own).append(setting)
    server = Server(way, key=key, **given.table(own), oauth=SignIn(**given.table(sign_in)))
    if server.host and server.security == "none" and not is_loopback(server.host):
        raise given.wrong(
            f'"{server.table}.security" is "none", so the password and all mail would go to'
            f' {server.host} for everybody on the way to read. Use "tls" or "starttls"; "none" is'
            f' for "{server.table}.host" on this computer, such as "localhost".'
        )
    return server._replace(
        port=server.port or USUAL_PORTS[way][server.security],
        first_fetch=server.first_fetch or None,
        folder=(*server.folders, server.folder)[0],
    )


def _rules(given: Given) -> tuple[tuple[str, SenderTreatment], ...]:
    """Whom something is said of, and what, each once."""
    rules: dict[str, tuple[str, SenderTreatment]] = {}
    for treatment, setting in zip(get_args(SenderTreatment), RULES, strict=True):
        for name, who in given.get(setting).items():
            if name in rules:
                raise given.wrong(
                    f'"{setting.key}" has "{who}", and so has "mail.rules.{rules[name][1]}".'
                    " Take it out of one of them."
                )
            rules[name] = who, treatment
    return tuple(rules.values())


def _whom(value: object) -> dict[str, str]:
    """Whom rules hold for: as it is compared, and as it is written."""
    named = [filled(entry) for entry in entries(value)]
    if not named:
        return {}
    from poc_tui.rules.mail.sender_rules import read

    return {read(who): who for who in named}


def _check_oauth(given: Given, server: Server) -> None:
    table = server.table
    if not server.host or server.auth != "oauth2" or server.token_command or server.oauth.is_set:
        return
    raise given.wrong(
        f'"{table}.auth" is "oauth2" and needs "{table}.oauth.client_id" with'
        f' "{table}.oauth.provider" (or the addresses of another one), or "{table}.token_command",'
        " which prints a token. Set that first."
    )


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


def _folders(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filled(entry) for entry in entries(value)))


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


def _hosts(value: object) -> tuple[str, ...]:
    return tuple(host for entry in entries(value) if (host := _host(entry)))


def _port(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if not 0 <= value <= 65535:
        raise ValueError
    return value


def _time(value: object, longest: timedelta = LONGEST) -> timedelta:
    """Calendar time such as "5 min", "1 day 12 h"; "" is none at all."""
    words = text(value).strip()
    minutes = counted(words, _MINUTES) if words else 0
    if minutes is None or minutes > longest // timedelta(minutes=1):
        raise ValueError
    return timedelta(minutes=minutes)


def _short_time(value: object) -> timedelta:
    return _time(value, LONGEST_WAIT)


def _one_of(literal: Any) -> tuple[Callable[[object], Any], str]:
    """How one of the words of that `Literal` is read, and what it must be."""
    words = get_args(literal)
    *most, last = (f'"{word}"' for word in words)
    return lambda value: words[words.index(value)], f"{', '.join(most)} or {last}"


def _https(value: object) -> str:
    """An address that a secret may be sent to (RFC 6749, section 3.2)."""
    address = line(value)
    if address and not re.fullmatch(r"https://[\w.:\[\]-]+(/[!-~]*)?", address):
        raise ValueError
    return address


def _loopback(value: object) -> str:
    """An address on this computer, to which the browser comes back (RFC 8252, section 7.3)."""
    address = line(value)
    found = re.fullmatch(r"http://([\w.-]+)(:\d{1,5})?(/[!-~]*)?", address)
    if address and not (found and is_loopback(found[1])):
        raise ValueError
    return address


def _scopes(value: object) -> tuple[str, ...]:
    return tuple(word for entry in entries(value) for word in filled(entry).split())


def _of_a_server(table: str) -> tuple[Setting, ...]:
    """What is set about either server."""
    return (
        Setting(f"{table}.host", "", _host, _HOST),
        Setting(f"{table}.port", 0, _port, "a port from 1 to 65535, or 0 for the usual one"),
        Setting(f"{table}.security", "tls", *_one_of(Security)),
        Setting(f"{table}.user", "", line, _NAME),
        Setting(f"{table}.password_command", "", line, _COMMAND),
        Setting(f"{table}.auth", "password", *_one_of(Auth)),
        Setting(f"{table}.token_command", "", line, _COMMAND),
    )


def _of_a_sign_in(table: str) -> tuple[Setting, ...]:
    """What is set about how a server's account is signed in to by OAuth 2."""
    return (
        Setting(f"{table}.oauth.provider", "", *_one_of(ProviderName)),
        Setting(f"{table}.oauth.client_id", "", line, _NAME),
        Setting(f"{table}.oauth.client_secret_command", "", line, _COMMAND),
        Setting(f"{table}.oauth.tenant", "", _host, 'a tenant such as "example.com", or ""'),
        Setting(f"{table}.oauth.authorization_url", "", _https, _URL),
        Setting(f"{table}.oauth.token_url", "", _https, _URL),
        Setting(f"{table}.oauth.device_url", "", _https, _URL),
        Setting(f"{table}.oauth.redirect_url", "", _loopback, _HERE),
        Setting(f"{table}.oauth.scopes", [], _scopes, _SCOPES),
    )


_ADDRESS = 'one mail address such as "desk@example.com", or "" for none'
_COMMAND = 'a command in one line such as "pass show mail", or "" for none'
_FIRST = 'a time such as "7 days", or "" for all there is'
_FOLDER = "the name of a folder in one line"
_FOLDERS = 'a list of folders such as ["INBOX", "Sales"]'
_HERE = 'an address on this computer such as "http://localhost", or "" for the usual one'
_HOST = 'the name of a server such as "mail.example.com", or "" for none'
_NAME = 'a name in one line, or "" for none'
_OUTGOING = 'a directory such as "~/outgoing", or "" for none'
_OWN = 'a list of addresses such as ["info@example.com"]'
_PATHS = 'a list of paths such as ["~/Mail/inbox"]'
_REOPEN = 'a time such as "14 days" or "2 weeks", or "" for never'
_SENDERS = 'a list such as ["anna@x.example", "@firm.example", "list:news.example.com"]'
_SCOPES = 'a list of scopes such as ["https://mail.google.com/"]'
_SERVERS = 'a list of names of servers such as ["mx.example.com"]'
_SHORT_TIME = 'a time up to 7 days such as "1 min" or "2 h"'
_URL = 'an address such as "https://login.example.com/token", or "" for the provider\'s own'

IDENTITY = (
    Setting("mail.address", "", _address, _ADDRESS),
    Setting("mail.name", "", line, _NAME),
    Setting("mail.own", [], _addresses, _OWN),
    Setting("mail.signature", "", _lines, 'a text of printable lines, or "" for none'),
    Setting("mail.send", "none", *_one_of(Send)),
    Setting("mail.eml_folder", "", line, _OUTGOING),
    Setting("mail.maildir", [], _paths, _PATHS),
    Setting("mail.mbox", [], _paths, _PATHS),
)
MAIL = (
    Setting("mail.quote", True, flag, YES_NO),
    Setting("mail.wait", "1 min", _short_time, f'{_SHORT_TIME}, or "" for no wait'),
    Setting("mail.watch", True, flag, YES_NO),
    Setting("mail.fetch_every", "", _short_time, f'{_SHORT_TIME}, or "" for never'),
    Setting("mail.reopen_within", "14 days", _time, _REOPEN),
    Setting("mail.lists", "aside", *_one_of(Lists)),
    Setting("mail.html", "never", *_one_of(Html)),
    Setting("mail.language", "en", *_one_of(Language)),
    Setting("mail.first_writers", "requests", *_one_of(FirstWriters)),
    Setting("mail.trusted", [], _hosts, _SERVERS),
)
RULES = tuple(
    Setting(f"mail.rules.{treatment}", [], _whom, _SENDERS)
    for treatment in get_args(SenderTreatment)
)
IMAP = (
    *_of_a_server("mail.imap"),
    Setting("mail.imap.folder", INBOX, filled, _FOLDER),
    Setting("mail.imap.folders", [], _folders, _FOLDERS),
    Setting("mail.imap.junk", "", line, f'{_FOLDER}, or "" for none'),
    Setting("mail.imap.first_fetch", "7 days", _time, _FIRST),
    Setting("mail.imap.after", "nothing", *_one_of(After)),
    Setting("mail.imap.move_to", "", line, f'{_FOLDER}, or "" for none'),
    Setting("mail.imap.sent", AUTO, filled, f'"auto", "none" or {_FOLDER}'),
    *_of_a_sign_in("mail.imap"),
)
SMTP = (*_of_a_server("mail.smtp"), *_of_a_sign_in("mail.smtp"))
ACCOUNT = (*IDENTITY, *IMAP, *SMTP)
"""What can be set about an account, spelled for the one that stands in [mail] itself."""

_OF_ACCOUNT = re.compile(r"mail\.accounts\.([a-z0-9_-]{1,40})\.")
_SIGNATURE = re.compile(r"mail\.signatures\.([a-z]{2,3})")
