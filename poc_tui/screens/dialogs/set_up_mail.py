"""The third question to a new desk: which mail account it has, if any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.mail.address import domain, is_address
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.set_up import SetUpDialog
from poc_tui.store.records import Done
from poc_tui.widgets.text_fields import LineField

_REMARK = "empty is later; no server is asked before you say so"
_OF_MICROSOFT = "Microsoft takes no password: set [mail.imap.oauth], then `poc mail login`"

_MICROSOFT = ("office365.com", "outlook.com")
_HOSTS = {
    "googlemail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "gmx.at": ("imap.gmx.net", "mail.gmx.net"),
    "gmx.ch": ("imap.gmx.net", "mail.gmx.net"),
    "gmx.de": ("imap.gmx.net", "mail.gmx.net"),
    "gmx.net": ("imap.gmx.net", "mail.gmx.net"),
    "hotmail.com": ("outlook.office365.com", "smtp-mail.outlook.com"),
    "icloud.com": ("imap.mail.me.com", "smtp.mail.me.com"),
    "live.com": ("outlook.office365.com", "smtp-mail.outlook.com"),
    "outlook.com": ("outlook.office365.com", "smtp-mail.outlook.com"),
    "t-online.de": ("secureimap.t-online.de", "securesmtp.t-online.de"),
    "yahoo.com": ("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
}
"""By the domain of an address the two servers, where they are called otherwise than with most."""


class SetUpMailDialog(SetUpDialog):
    """Address and the two servers of an account; they go into the settings, no password does."""

    NAME, MAIN, CLOSES_UNCHANGED = "set-up-mail", "address", True

    def fields(self) -> Iterable[Widget]:
        mail = self.session.settings.mail.first
        address = LineField(mail.address, placeholder="desk@example.com", id="address")
        yield Field("address", address)
        yield Field("fetch from", LineField(mail.imap.host, id="imap"))
        yield Field("send by", LineField(mail.smtp.host, id="smtp"))
        yield Field("", FieldRemark(_REMARK, id="remark"))

    def on_fields_changed(self) -> None:
        """Suggest the servers that most providers have, until somebody names others."""
        mail, address = self.session.settings.mail.first, self.form.value("address").strip()
        at = domain(address) if is_address(address) else ""
        usual = _HOSTS.get(at.lower(), (f"imap.{at}", f"smtp.{at}") if at else ("", ""))
        for server, host in zip((mail.imap, mail.smtp), usual, strict=True):
            if not server.host:
                self.form.prefill(server.way, host)
        remark = _OF_MICROSOFT if self._is_microsofts() else _REMARK
        self.query_one("#remark", FieldRemark).say(remark)

    def _is_microsofts(self) -> bool:
        hosts = (self.form.value(way).strip().lower() for way in ("imap", "smtp"))
        return any(host.endswith(_MICROSOFT) for host in hosts)

    def act(self) -> Callable[[], Awaitable[Done]]:
        mail, address = self.session.settings.mail.first, self.form.value("address").strip()
        with self.form.at("address"):
            if not is_address(address):
                raise NotUnderstood("write one mail address such as desk@example.com; esc is later")
        values: dict[str, object] = {"mail.address": address}
        for server in (mail.imap, mail.smtp):
            host = self.form.value(server.way).strip()
            own = server.user not in ("", mail.address)  # some providers call users otherwise
            user = server.user if own else address
            table = f"mail.{server.way}"
            values |= {f"{table}.host": host, f"{table}.user": user if host else ""}
        if self.form.value("smtp").strip():
            values["mail.send"] = "smtp"
        elif mail.sends:
            values["mail.send"] = "none"
        kept = [
            f"`poc mail password {way}`" for way in ("imap", "smtp") if values[f"mail.{way}.host"]
        ]
        keeps = ""
        if self._is_microsofts():
            keeps = f"; {_OF_MICROSOFT}"
        elif kept:
            verb = "keep its passwords" if len(kept) > 1 else "keeps its password"
            keeps = f"; {' and '.join(kept)} in a terminal {verb}"
        return partial(self.set, values, f"mail is set up for {address}{keeps}")
