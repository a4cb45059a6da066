"""The table [mail] of the settings: what it may say, and what will not do together."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import tomlkit

from poc_tui.errors import ConfigWrong
from poc_tui.settings.edit import listing, set_value
from poc_tui.settings.load import load, parse_values, settings_from
from poc_tui.settings.mail import Account, MailSettings, Server, SignIn, is_loopback
from tests.helpers.mail_setup import one_account


def read(text: str, path: str = "/etc/desk/desk.toml") -> MailSettings:
    return settings_from(parse_values(text.encode(), path), path, {}).mail


def refusal(text: str) -> str:
    with pytest.raises(ConfigWrong) as refused:
        read(text)
    return str(refused.value)


def test_without_a_file_no_mail_comes_and_none_goes() -> None:
    mail = read("")
    assert not mail.sends
    assert not mail.fetches
    assert mail.mine == ()


def test_everything_about_mail_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    mail = read(
        '''
        [mail]
        address = "desk@example.com"
        name = "Kundendienst, Bäckerei Ott"
        own = ["info@example.com", "ott@example.com"]
        signature = """
        Bäckerei Ott
        Customer desk
        """
        quote = false
        send = "smtp"
        eml_folder = "out"
        wait = "2 Minuten"
        fetch_every = "1 h 30 min"
        reopen_within = "3 weeks"
        lists = "requests"
        maildir = ["~/Mail", "/srv/mail"]
        mbox = ["archive.mbox"]
        [mail.imap]
        host = "imap.example.com"
        port = 1993
        user = "desk"
        password_command = "pass show desk"
        folder = "Entwürfe/Käufer"
        first_fetch = "2 weeks"
        after = "move"
        move_to = "Done"
        [mail.smtp]
        host = "smtp.example.com"
        security = "starttls"
        user = "desk@example.com"
        '''
    )
    assert mail == one_account(
        address="desk@example.com",
        name="Kundendienst, Bäckerei Ott",
        own=("info@example.com", "ott@example.com"),
        signature="        Bäckerei Ott\n        Customer desk\n        ",
        quote=False,
        send="smtp",
        eml_folder="/etc/desk/out",
        wait=timedelta(minutes=2),
        fetch_every=timedelta(minutes=90),
        reopen_within=timedelta(days=21),
        lists="requests",
        maildir=("/home/desk/Mail", "/srv/mail"),
        mbox=("/etc/desk/archive.mbox",),
        imap=Server(
            "imap",
            host="imap.example.com",
            port=1993,
            user="desk",
            password_command="pass show desk",  # noqa: S106
            folder="Entwürfe/Käufer",
            after="move",
            move_to="Done",
            first_fetch=timedelta(weeks=2),
        ),
        smtp=Server(
            "smtp",
            host="smtp.example.com",
            port=587,
            security="starttls",
            user="desk@example.com",
        ),
    )
    assert mail.sends
    assert mail.fetches
    assert mail.mine == ("desk@example.com", "info@example.com", "ott@example.com")


@pytest.mark.parametrize(
    ("way", "security", "port"),
    [
        ("imap", "tls", 993),
        ("imap", "starttls", 143),
        ("imap", "none", 143),
        ("smtp", "tls", 465),
        ("smtp", "starttls", 587),
        ("smtp", "none", 25),
    ],
)
def test_the_port_follows_the_security_unless_it_is_given(
    way: str, security: str, port: int
) -> None:
    table = f"[mail.{way}]\nsecurity = '{security}'\n"
    for given, expected in (("", port), ("port = 0", port), ("port = 4711", 4711)):
        mail = read(f"{table}{given}")
        assert {"imap": mail.first.imap, "smtp": mail.first.smtp}[way].port == expected


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("[mail]\naddress = 'desk'", "mail.address", "one mail address"),
        ("[mail]\naddress = 'a@x.example, b@x.example'", "mail.address", "one mail address"),
        ("[mail]\naddress = 'Desk <desk@x.example>'", "mail.address", "one mail address"),
        ('[mail]\naddress = "a@x.example\\nBcc: b@x.example"', "mail.address", "one mail address"),
        ("[mail]\naddress = 'desk@-x.example'", "mail.address", "one mail address"),
        ("[mail]\nown = 'info@x.example'", "mail.own", "a list of addresses"),
        ("[mail]\nown = ['info']", "mail.own", "a list of addresses"),
        ('[mail]\nname = "a\\nb"', "mail.name", "a name in one line"),
        ('[mail]\nsignature = "a\\u001b[2J"', "mail.signature", "printable lines"),
        ("[mail]\nquote = 'yes'", "mail.quote", "true or false"),
        ("[mail]\nsend = 'sendmail'", "mail.send", '"smtp", "mailto"'),
        ("[mail]\nwait = 1", "mail.wait", '"1 min"'),
        ("[mail]\nwait = '90 s'", "mail.wait", '"1 min"'),
        ("[mail]\nwait = '8 days'", "mail.wait", "up to 7 days"),
        (f"[mail]\nwait = '{'99999w' * 1600}'", "mail.wait", "up to 7 days"),
        ("[mail]\nfetch_every = 'often'", "mail.fetch_every", '"" for never'),
        ("[mail]\nreopen_within = '14'", "mail.reopen_within", '"14 days"'),
        ("[mail]\nreopen_within = '99999 days'", "mail.reopen_within", '"14 days"'),
        ("[mail]\nlists = 'never'", "mail.lists", '"aside" or "requests"'),
        ("[mail]\nmaildir = '~/Mail'", "mail.maildir", "a list of paths"),
        ("[mail]\nmbox = ['']", "mail.mbox", "a list of paths"),
        ("[mail.imap]\nhost = 'imap example'", "mail.imap.host", "the name of a server"),
        ("[mail.imap]\nhost = 'imap.example.com:993'", "mail.imap.host", "the name of a server"),
        ("[mail.imap]\nport = 65536", "mail.imap.port", "1 to 65535"),
        ("[mail.imap]\nport = '993'", "mail.imap.port", "1 to 65535"),
        ("[mail.imap]\nport = true", "mail.imap.port", "1 to 65535"),
        ("[mail.imap]\nsecurity = 'ssl'", "mail.imap.security", '"tls", "starttls" or "none"'),
        ("[mail.imap]\nfolder = ''", "mail.imap.folder", "the name of a folder"),
        ("[mail.imap]\nafter = 'delete'", "mail.imap.after", '"flagged" or "move"'),
        ('[mail.smtp]\nuser = "a\\r\\nb"', "mail.smtp.user", "a name in one line"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(text: str, key: str, expected: str) -> None:
    said = refusal(text)
    assert said.startswith(f'/etc/desk/desk.toml: "{key}" must be ')
    assert expected in said
    assert said.isprintable()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[mail]\nsend = 'smtp'", ('"mail.smtp.host"', '"mail.address"')),
        ("[mail]\nsend = 'smtp'\naddress = 'd@x.example'", ('"mail.smtp.host"',)),
        ("[mail]\nsend = 'smtp'\n[mail.smtp]\nhost = 'x.example'", ('"mail.address"',)),
        ("[mail]\nsend = 'eml'", ('"mail.eml_folder"', '"mail.address"')),
        ("[mail.imap]\nafter = 'move'", ('"mail.imap.after"', '"mail.imap.move_to"')),
        ("[mail.imap]\nmove_to = 'Inbox'", ('"mail.imap.move_to"', '"mail.imap.folder"')),
        ("[mail.imap]\nfolder = 'A'\nmove_to = 'A'", ('"mail.imap.move_to"', "mail.imap.folder")),
    ],
)
def test_what_will_not_do_together_is_refused_with_both_keys(
    text: str, named: tuple[str, ...]
) -> None:
    said = refusal(text)
    assert said.startswith("/etc/desk/desk.toml: ")
    assert all(key in said for key in named)


@pytest.mark.parametrize(
    ("host", "stays"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("127.0.0.1.example.com", False),
        ("127.example.com", False),
        ("128.0.0.1", False),
        ("127.0.0.256", False),
        ("localhost.example.com", False),
        ("mail.example.com", False),
        ("::2", False),
    ],
)
def test_without_encryption_a_password_never_leaves_this_computer(host: str, stays: bool) -> None:
    assert is_loopback(host) == stays
    for way in ("imap", "smtp"):
        text = f"[mail.{way}]\nhost = '{host}'\nsecurity = 'none'"
        if stays:
            read(text)
        else:
            said = refusal(text)
            assert f'"mail.{way}.security"' in said
            assert f'"mail.{way}.host"' in said


def account(text: str) -> Account:
    return read(text).first


SIGN_IN = """
[mail.imap]
host = "outlook.office365.com"
auth = "oauth2"
[mail.imap.oauth]
provider = "microsoft"
client_id = "poc"
tenant = "firm.example"
scopes = ["IMAP.AccessAsUser.All  SMTP.Send", "offline_access"]
"""


def test_who_signs_in_by_oauth2_says_it_once_for_both_ways() -> None:
    mail = account(f'{SIGN_IN}[mail.smtp]\nhost = "smtp.office365.com"\nauth = "oauth2"')
    assert mail.imap.auth == mail.smtp.auth == "oauth2"
    assert mail.smtp.oauth == mail.imap.oauth == SignIn(
        provider="microsoft",
        client_id="poc",
        tenant="firm.example",
        scopes=("IMAP.AccessAsUser.All", "SMTP.Send", "offline_access"),
    )  # fmt: skip
    apart = '[mail.smtp]\nhost = "x.example"\nauth = "oauth2"\ntoken_command = "oama access desk"'
    mail = account(f"{SIGN_IN}{apart}")
    assert (mail.smtp.token_command, mail.smtp.oauth) == ("oama access desk", SignIn())
    assert account(f'{SIGN_IN}[mail.smtp]\nhost = "x.example"').smtp.oauth == SignIn()


def test_whoever_is_neither_microsoft_nor_google_is_known_by_addresses() -> None:
    own = """
    [mail.smtp]
    host = "smtp.firm.example"
    auth = "oauth2"
    [mail.smtp.oauth]
    client_id = "poc"
    authorization_url = "https://id.firm.example/realms/firm/auth"
    token_url = "https://id.firm.example:8443/realms/firm/token"
    redirect_url = "http://127.0.0.1:8753/back"
    """
    oauth = account(own).smtp.oauth
    assert urlsplit(oauth.token_url).port == 8443
    assert oauth.redirect_url == "http://127.0.0.1:8753/back"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("auth = 'oauth2'", '"mail.imap.auth" is "oauth2" and needs "mail.imap.oauth.client_id"'),
        ("auth = 'oauth2'\noauth.provider = 'google'", '"mail.imap.token_command"'),
        ("auth = 'oauth2'\noauth.client_id = 'x'", '"mail.imap.oauth.provider"'),
        ("auth = 'token'", '"mail.imap.auth" must be "password" or "oauth2"'),
        ("oauth.provider = 'yahoo'", '"mail.imap.oauth.provider" must be "", "microsoft" or'),
        ("oauth.token_url = 'http://id.firm.example/token'", '"https://login.example.com/token"'),
        ("oauth.device_url = 'https://desk:pass@id.example/x'", '"mail.imap.oauth.device_url"'),
        ("oauth.redirect_url = 'http://firm.example/'", "on this computer"),
        ("oauth.tenant = 'a/b'", '"mail.imap.oauth.tenant"'),
        ("oauth.scopes = 'mail'", '"mail.imap.oauth.scopes" must be a list'),
    ],
)
def test_a_sign_in_that_will_not_do_is_refused(text: str, said: str) -> None:
    assert said in refusal(f"[mail.imap]\nhost = 'imap.example.com'\n{text}")


@pytest.mark.parametrize("name", ["client_secret", "refresh_token", "access_token"])
def test_a_secret_in_the_settings_is_refused_and_not_repeated(name: str) -> None:
    said = refusal(f"[mail.imap.oauth]\n{name} = 'mellon'")
    assert f'"mail.imap.oauth.{name}" is no setting: `poc mail login`' in said
    assert "mellon" not in said


def test_a_password_in_the_settings_is_refused_and_not_repeated() -> None:
    said = refusal("[mail.imap]\npassword = 'mellon'")
    assert '"mail.imap.password" is no setting' in said
    assert "`poc mail password`" in said
    assert "mellon" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mail.imap]\nhots = 'x'", '"mail.imap.host"'),
        ("[mail.pop]\nhost = 'x'", '"mail.'),
        ("[mail]\nimap = 'x'", '"mail.imap" is a table: write [mail.imap]'),
        ("mail = 'x'", '"mail" is a table: write [mail]'),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize(
    "before", [None, "", "[mail]\nname = 'x'\n", "[desk]\nbell = true\n[mail.imap]\nport = 1\n"]
)
def test_the_settings_of_mail_are_set_one_at_a_time(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "config.toml"
    if before is not None:
        path.write_text(before)
    for key, value in (
        ("mail.imap.host", "imap.example.com"),
        ("mail.imap.user", "desk"),
        ("mail.smtp.host", "smtp.example.com"),
        ("mail.address", "desk@example.com"),
        ("mail.own", ["info@example.com"]),
        ("mail.send", "smtp"),
    ):
        set_value(str(path), key, value, {})
    mail = load(str(path), {}).mail
    imap = mail.first.imap
    assert (imap.host, imap.user) == ("imap.example.com", "desk")
    assert mail.first.smtp.host == "smtp.example.com"
    assert mail.mine == ("desk@example.com", "info@example.com")
    assert mail.sends
    given = {line.key: line.value for line in listing(str(path)) if line.given}
    assert given["mail.imap.host"] == '"imap.example.com"'


SALES = "[mail.accounts.sales]\naddress = 'a@b.example'\n"


@pytest.mark.parametrize(
    ("table", "before"),
    [
        ("mail.imap", ""),
        ("mail.imap", "[mail.imap]\nport = 1\n[mail.smtp]\nport = 2\n"),
        ("mail.imap", "[mail]\nname = 'x'\nimap.port = 1\nquote = false\n"),
        ("mail.imap", "mail.imap.port = 1\n"),
        ("mail.imap", "mail = { imap = { port = 1 } }\n"),
        ("mail.imap", SALES),
        ("mail.accounts.sales.imap", f"{SALES}imap.port = 1\n[desk]\nbell = true\n"),
        ("mail.accounts.sales.imap", f"[mail.imap]\nport = 1\n{SALES}"),
        ("mail.accounts.sales.imap", "[mail.accounts]\nsales = { address = 'a@b.example' }"),
        ("mail.accounts.sales.imap", "[mail]\naccounts.sales.address = 'a@b.example'"),
    ],
)
def test_a_sign_in_is_set_whatever_the_file_looks_like(
    tmp_path: Path, table: str, before: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    given = parse_values(before.encode(), str(path))
    sign_in = {"provider": "google", "client_id": "x", "scopes": ["a"]}
    wanted = {f"{table}.oauth.{name}": value for name, value in sign_in.items()}
    for key, value in wanted.items():
        set_value(str(path), key, value, {})
    assert parse_values(path.read_bytes(), str(path)) == {**given, **wanted}
    load(str(path), {})


def test_a_file_that_would_say_something_else_afterwards_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SALES)
    monkeypatch.setattr(tomlkit, "dumps", lambda document: "[mail.imap]\nport = 1\n")
    with pytest.raises(ConfigWrong, match=r'"mail\.imap\.port" finds no place there'):
        set_value(str(path), "mail.imap.port", 2, {})
    assert path.read_text() == SALES


def test_a_setting_takes_the_place_of_its_line_in_the_starter(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    set_value(str(path), "mail.smtp.host", "smtp.example.com", {})
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index('host = "smtp.example.com"')
    assert lines.index("[mail.smtp]") < at < lines.index("[keys]")


def test_nothing_of_mail_is_imported_by_reading_the_settings() -> None:
    code = (
        "import sys, json, poc_tui.settings.load as c; c.load('/nonexistent/poc.toml', {});"
        "print(json.dumps(sorted(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(json.loads(ran.stdout))
    assert not {"email", "smtplib", "imaplib", "ssl", "keyring", "imap_tools"} & loaded
    assert not {name for name in loaded if name.startswith("poc_tui.mail.")}


TWO = """
[mail]
address = "desk@poc.example"
signature = "The desk"
[mail.accounts.sales]
address = "sales@poc.example"
own = ["offers@poc.example"]
send = "smtp"
imap = { host = "imap.poc.example", user = "sales", first_fetch = "" }
smtp = { host = "smtp.poc.example", security = "starttls" }
signatures = { de = "Ihr Verkauf", fr = "Le service" }
"""


class TestSeveralAccounts:
    def test_each_has_its_own_of_everything(self) -> None:
        first, sales = read(TWO).accounts
        assert (first.key, first.address, first.signature) == ("", "desk@poc.example", "The desk")
        assert (first.sends, first.fetches) == (False, False)
        assert (sales.key, sales.name, sales.signature) == ("sales", "", "")
        assert sales.mine == ("sales@poc.example", "offers@poc.example")
        assert (sales.imap.host, sales.imap.port, sales.imap.first_fetch) == (
            "imap.poc.example", 993, None,
        )  # fmt: skip
        assert (sales.smtp.host, sales.smtp.port) == ("smtp.poc.example", 587)
        assert sales.sends
        assert (sales.table, sales.imap.table) == (
            "mail.accounts.sales",
            "mail.accounts.sales.imap",
        )

    def test_all_of_them_are_mine(self) -> None:
        assert read(TWO).mine == ("desk@poc.example", "sales@poc.example", "offers@poc.example")

    def test_a_signature_is_that_of_the_language_else_that_for_all(self) -> None:
        first, sales = read(TWO).policy.accounts
        assert (first.signed_in("de"), sales.signed_in("de")) == ("The desk", "Ihr Verkauf")
        assert (sales.signed_in("fr"), sales.signed_in("en")) == ("Le service", "")

    @pytest.mark.parametrize(
        ("source", "went_to", "account"),
        [
            ("imap:sales@imap.poc.example/INBOX", ["desk@poc.example"], "sales@poc.example"),
            ("maildir:/home/mail", ["Offers@POC.example"], "sales@poc.example"),
            ("", ["nobody@poc.example"], "sales@poc.example"),
        ],
    )
    def test_an_answer_goes_out_by_that_to_which_the_mail_came_or_one_that_sends(
        self, source: str, went_to: list[str], account: str
    ) -> None:
        assert read(TWO).policy.account(source, went_to).address == account

    @pytest.mark.parametrize(
        ("went_to", "account"),
        [
            (["sales@poc.example"], "sales@poc.example"),
            (["sales@poc.example", "desk@poc.example"], "desk@poc.example"),
            (["hidden@poc.example"], "desk@poc.example"),
        ],
    )
    def test_what_was_brought_to_the_folder_of_another_goes_out_by_that_to_which_it_went(
        self, went_to: list[str], account: str
    ) -> None:
        desk = """
[mail]
address = "desk@poc.example"
send = "smtp"
imap = { host = "imap.poc.example", user = "desk" }
smtp = { host = "smtp.poc.example", user = "desk" }
"""
        sales = TWO.partition('signature = "The desk"')[2].replace("imap = ", "# ")
        policy = read(desk + sales).policy
        source = "imap:desk@imap.poc.example/INBOX"
        assert policy.account(source, went_to).address == account

    @pytest.mark.parametrize(
        ("rest", "said"),
        [
            ("[mail.accounts.sales]\nname = 'x'", '"mail.accounts.sales.address" is missing'),
            (
                "[mail]\naddress = 'a@x.example'\n[mail.accounts.b]\naddress = 'A@x.example'",
                "that of another account",
            ),
            (
                "[mail.accounts.b]\naddress = 'a@x.example'\nsend = 'smtp'",
                '"mail.accounts.b.send" is "smtp" and needs "mail.accounts.b.smtp.host"',
            ),
            (
                "[mail.accounts.b]\nadress = 'a@x.example'",
                '"mail.accounts.b.adress". The nearest is "mail.accounts.b.address".',
            ),
            ("[mail.accounts.b]\nfolders = 'A'", 'nearest is "mail.accounts.b.imap.folders"'),
            ("[mail.accounts.Sales]\naddress = 'a@x.example'", '"Sales" names no account'),
            ("[mail.accounts.'a b'.imap]\nhost = 'x'", '"a b" names no account'),
            ("[mail.accounts]\nsales = 5", '"sales" names no account'),
            ("[mail.accounts.b.imap]\nport = 'x'", '"mail.accounts.b.imap.port" must be'),
            (
                "[mail.accounts.b.smtp]\nhost = 'x.example'\nsecurity = 'none'",
                '"mail.accounts.b.smtp.security" is "none"',
            ),
        ],
    )
    def test_what_will_not_do_is_named_by_its_key(self, rest: str, said: str) -> None:
        with pytest.raises(ConfigWrong, match=re.escape(said)):
            read(rest)
