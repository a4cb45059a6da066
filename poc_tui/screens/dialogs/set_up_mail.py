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


class SetUpMailDialog(SetUpDialog):
    """Address and the two servers of an account; they go into the settings, no password does."""

    NAME, MAIN, CLOSES_UNCHANGED = "set-up-mail", "address", True

    def fields(self) -> Iterable[Widget]:
        mail = self.session.settings.mail.first
        address = LineField(mail.address, placeholder="desk@example.com", id="address")
        yield Field("address", address)
        yield Field("fetch from", LineField(mail.imap.host, id="imap"))
        yield Field("send by", LineField(mail.smtp.host, id="smtp"))
        yield Field("", FieldRemark(_REMARK))

    def on_fields_changed(self) -> None:
        """Suggest the servers that most providers have, until somebody names others."""
        mail, address = self.session.settings.mail.first, self.form.value("address").strip()
        for way, now in (("imap", mail.imap.host), ("smtp", mail.smtp.host)):
            if not now:
                self.form.prefill(way, f"{way}.{domain(address)}" if is_address(address) else "")

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
        keeps = f"; {' and '.join(kept)} in a terminal keeps its password" if kept else ""
        return partial(self.set, values, f"mail is set up for {address}{keeps}")
