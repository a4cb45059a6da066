"""`poc fetch` and `poc send`: mail in and out, for a person, cron or a timer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from poc_tui.cli import mail_intake
from poc_tui.cli.context import Context
from poc_tui.cli.output import mail_listings
from poc_tui.cli.output.layout import Line, Prose
from poc_tui.errors import NotUnderstood, PocError
from poc_tui.models.values import OutgoingState
from poc_tui.system.streams import say_failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.mail.transport.imap_accounts import ImapAccounts


def fetch(ctx: typer.Context) -> None:
    """Take in new mail from everywhere that the settings name.

    Each mail is kept to the byte before it is read; it goes to the request that it belongs to, or
    becomes a new one. Exit code 1 when some mail could not be fetched: what came is in, and the
    next call goes on.

    Example: poc fetch
    """
    from poc_tui.mail.transport.imap_accounts import ImapAccounts
    from poc_tui.mail.transport.open_source import configured
    from poc_tui.store.queries import listing, mail as reading

    context = Context.of(ctx)
    mail = context.settings.mail
    newest = listing.newest(context.reader())
    if not mail.fetches and not reading.waits_for_intake(context.reader()):
        raise NotUnderstood(
            "no mailbox is set to fetch from; set mail.imap.host, mail.maildir or mail.mbox with"
            " `poc config edit`, or take one in once with `poc import mail PATH`"
        )
    with ImapAccounts() as connections:
        report = mail_intake.take_in(
            context,
            configured(mail, context.password, context.clock, connections),
            lists=mail.lists == "requests",
            again="poc fetch",
        )
        _settle(context, connections)
    mail_intake.say(context, report, [*mail_listings.came_in(report, newest)])


def send(ctx: typer.Context) -> None:
    """Send all mail that waits, at once; or hand it over, where the settings say so.

    With mail.send = "smtp" each mail goes to the server; with "mailto" it is opened in your mail
    program, with "clipboard" printed, with "eml" written as a file. What cannot be sent waits, and
    exit code 1 says so; `poc outbox` shows why.

    Example: poc send
    """
    context = Context.of(ctx)
    context.reader()
    mail = context.settings.mail
    if not mail.policy.sends:
        raise NotUnderstood(
            "no way for mail to go out is set; set mail.address and mail.send with"
            " `poc config edit`"
        )
    if mail.hands_over:
        _hand_over(context)
    if mail.sends:
        _send(context)


def _settle(context: Context, connections: ImapAccounts) -> None:
    """Copy and flag on the server what is left to do of what was sent; a hint where it cannot be,
    since it is tried again."""
    from poc_tui.mail.after_sending import settle_sent

    mail = context.settings.mail
    try:
        found = settle_sent(context.path, context.clock, mail, context.password, connections)
    except PocError as error:
        found = (str(error),)
    for trouble in found:
        say_failure(trouble, 0)


def _send(context: Context) -> None:
    from poc_tui.mail import outbox
    from poc_tui.mail.transport.imap_accounts import ImapAccounts

    report = outbox.send(
        context.path,
        context.clock,
        context.settings.mail,
        context.password,
        context.desk,
        at_once=True,
    )
    with ImapAccounts() as connections:
        _settle(context, connections)
    if not (report.waiting or report.failed or report.unsure):
        context.out.say(report._asdict(), report.sentence)
        return
    if context.json:
        context.out.page(list, report._asdict)
    say_failure(f"{report.sentence} (`poc outbox` says more)", 1)
    raise typer.Exit(1)


def _hand_over(context: Context) -> None:
    """Hand over what waits, the oldest first, until that cannot be done."""
    from poc_tui.mail.hand_off import hand_over
    from poc_tui.store.queries.mail import outbox

    done: list[tuple[int, str, str]] = []
    trouble = ""
    mail = context.settings.mail
    for row in outbox(context.reader(), (OutgoingState.QUEUED,)):
        is_later = row.send_at is not None and row.send_at > context.clock.now()
        if is_later or not mail.account_of(row.sender).hands_over:
            continue
        texts: list[str] = []

        def copy(text: str, texts: list[str] = texts) -> str:
            texts.append(text)
            return "printed below"

        try:
            said = hand_over(context.path, row.id, context.clock, mail, copy)
        except PocError as error:
            trouble = str(error)
            break
        done.append((row.id, said, "".join(texts)))
    _say(context, done, trouble)


def _say(context: Context, done: Sequence[tuple[int, str, str]], trouble: str) -> None:
    blocks: list[Line | Prose] = []
    for _, said, text in done:
        blocks += [Line(said), *((Line(), Prose(text, indent=0)) if text else ())]
    if not (done or trouble):
        blocks = [Line("no mail waits to be sent")]
    context.out.page(
        lambda: blocks,
        lambda: {
            "handed": [{"id": id, "done": said, "text": text or None} for id, said, text in done],
            "trouble": trouble or None,
        },
    )
    if trouble:
        sys.stdout.flush()
        say_failure(trouble, 1)
        raise typer.Exit(1)
