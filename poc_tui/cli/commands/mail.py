"""`poc mail`: the mails that came, what is attached to them, and whether mail works."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context, ask_in_terminal
from poc_tui.cli.output import listings, mail_listings, serialize
from poc_tui.cli.output.layout import Line, Table
from poc_tui.cli.output.printing import print_original
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.errors import MailFailed, NotUnderstood, PocError, Refused
from poc_tui.rules.text import counted, safe
from poc_tui.store import drafts
from poc_tui.store.connection import connection
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.reader import EVERY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from poc_tui.settings.load import Settings
    from poc_tui.settings.mail import Account, Server
    from poc_tui.store.records import Done, MailDetail

app = typer.Typer(
    cls=DefaultGroup, help="Mail that came: what lies aside, attachments, originals; test it."
)

MailId = Annotated[str, args.argument("ID", "The number of the mail, as lists and `show` give it.")]
Way = Annotated[str, args.argument("imap|smtp", "In or out.", completion.ways)]
AccountOption = Annotated[
    str, args.option("--account NAME", "An account that has a table of its own.")
]
MailIds = Annotated[list[str], args.argument("ID...", "The numbers of mails, such as 12 13.")]


@app.command("list", cls=LeanCommand)
def list_(
    ctx: typer.Context,
    limit: args.LimitOption = None,
    dismissed: Annotated[
        bool, args.flag("--dismissed", "Instead those that were dismissed, or are spam by a rule.")
    ] = False,
) -> None:
    """List the mails that lie aside, since they belong to no request: what people wrote first, what
    the provider calls spam last.

    With --json, of each all but its words: `poc mail show ID` has those.

    Example: poc mail
    """
    context = Context.of(ctx)
    rows = reading.aside(context.reader(), limit or EVERY, dismissed=dismissed)
    none = "no mail was dismissed" if dismissed else "no mail lies aside"
    context.out.table(
        lambda: mail_listings.mails(rows, context, none),
        (serialize.mail_row(row, context.times) for row in rows),
    )


@app.command("of", cls=LeanCommand)
def of(ctx: typer.Context, n: args.OneNumber) -> None:
    """List the mails of a request: those that came, then ours.

    Example: poc mail of 1042
    """
    from poc_tui.store.queries.request_mail import outgoing_of_request
    from poc_tui.store.queries.requests import request

    context = Context.of(ctx)
    number = request(context.reader(), args.number(n)).number
    came = reading.of_request(context.reader(), number)
    went = outgoing_of_request(context.reader(), number)

    def tables() -> Sequence[Table | Line]:
        ours = mail_listings.outbox(went, context, "")
        theirs = mail_listings.mails(came, context, f"no mail came for #{number}")
        return (theirs, Line(), Line("Ours", strong=True), ours) if went else (theirs,)

    context.out.page(
        tables,
        lambda: {
            "number": number,
            "mails": [serialize.mail_row(row, context.times) for row in came],
            "outgoing": [serialize.outgoing_row(row, context.times) for row in went],
        },
    )


@app.command("show", cls=LeanCommand)
def show(ctx: typer.Context, id: MailId) -> None:
    """Show a mail whole, with what it quotes and what is attached.

    Example: poc mail show 12
    """
    context = Context.of(ctx)
    row = reading.mail(context.reader(), args.mail_id(id))
    context.out.page(
        lambda: mail_listings.mail(row, context),
        lambda: serialize.mail(row, context.times),
        long=True,
    )


@app.command("original", cls=LeanCommand)
def original(ctx: typer.Context, id: MailId, output: args.OutputOption = "-") -> None:
    """Print a mail as it came, to the byte; a terminal is shown what cannot harm it.

    Example: poc mail original 12 -o meyer.eml
    """
    context = Context.of(ctx)
    number = args.mail_id(id)
    raw = reading.raw(context.reader(), number)
    if output != "-":
        from poc_tui.mail.saved_files import write_private

        try:
            write_private(output, raw)
        except FileExistsError as error:
            raise Refused(f"{output} is there already and stays as it is; name another") from error
        context.out.say({"id": number, "file": output}, f"saved {output}")
    else:
        print_original(context.out, raw, {"id": number}, json=context.json)


@app.command("save", cls=LeanCommand)
def save(
    ctx: typer.Context,
    id: MailId,
    part: Annotated[
        str | None, args.argument("PART", "Its number in `poc mail show`; else all of them.")
    ] = None,
    to: Annotated[str, args.option("--to FOLDER", "Where to; else the working directory.")] = ".",
) -> None:
    """Save what is attached to a mail, under names that are safe; no file is written over.

    Example: poc mail save 12 --to ~/Downloads
    """
    context = Context.of(ctx)
    row = reading.mail(context.reader(), args.mail_id(id))
    chosen = row.parts if part is None else [each for each in row.parts if str(each[0]) == part]
    if not row.parts:
        raise Refused(
            f"nothing is attached to mail {row.id}; `poc mail original {row.id}` prints it whole"
        )
    if not chosen:
        raise NotUnderstood(
            f"“{safe(part or '')}” is no part of mail {row.id}; see `poc mail show`"
        )
    saved = [str(path) for path in _saved(context, row, chosen, to)]
    context.out.say({"id": row.id, "files": saved}, *(f"saved {path}" for path in saved))


@app.command("file", cls=LeanCommand)
def file(
    ctx: typer.Context,
    id: MailId,
    to: Annotated[
        str | None, args.option("--to N", "The request that it belongs to; else a new one.")
    ] = None,
) -> None:
    """Make a mail that lies aside a request, or put it to one; take it off a wrong one first.

    What filing it did on the wrong request is put back, unless something was done there since.

    Example: poc mail file 12 --to 1042
    """
    from secrets import token_hex

    context = Context.of(ctx)
    row = reading.mail(context.reader(), args.mail_id(id))
    draft = drafts.FileMails((row.id,), wanted=True, to=None if to is None else args.number(to))
    # With a run it is a step that a person made, and the one that `poc undo` takes back first.
    run = token_hex(8)
    if row.number is None:
        done = context.desk().do(draft, run=run)
    else:
        done = _file_elsewhere(context, row, draft, run)
    context.out.done(done, listings.standings(context, done.numbers))


@app.command("split", cls=LeanCommand)
def split(ctx: typer.Context, id: MailId) -> None:
    """Make a mail that is on a request one of its own, whatever was done there since.

    Example: poc mail split 12
    """
    from secrets import token_hex

    context = Context.of(ctx)
    done = context.desk().split(args.mail_id(id), token_hex(8))
    context.out.done(done, listings.standings(context, done.numbers))


@app.command("accept", cls=LeanCommand)
def accept(ctx: typer.Context, ids: MailIds) -> None:
    """Let mails count of which nobody could say who wrote them: they are from who they say.

    With a request, such as #1042, all of its mails that are in doubt.

    Example: poc mail accept 12
    """
    from poc_tui.store.queries.request_mail import in_doubt

    context = Context.of(ctx)
    wanted: list[int] = []
    for id in ids:
        if not id.startswith("#"):
            wanted.append(args.mail_id(id))
            continue
        found = in_doubt(context.reader(), args.number(id))
        if not found:
            raise Refused(f"no mail on {safe(id)} is in doubt; nothing was changed")
        wanted += found
    done = context.desk().do(drafts.AcceptMails(tuple(wanted)))
    context.out.done(done, listings.standings(context, done.numbers))


@app.command("dismiss", cls=LeanCommand)
def dismiss(ctx: typer.Context, ids: MailIds) -> None:
    """Take mails off the list of what lies aside. They are kept, and can still be filed.

    Example: poc mail dismiss 12 13
    """
    from poc_tui.store.raw_mail import dismiss as take_off

    context = Context.of(ctx)
    numbers = list(dict.fromkeys(map(args.mail_id, ids)))
    for number in numbers:
        reading.mail(context.reader(), number)
    with connection(context.path) as opened:
        count = take_off(opened, numbers)
    if not count:
        raise Refused("none of these lies aside; `poc mail` lists what does")
    sentence = f"{counted(count, 'mail')} dismissed"
    context.out.say({"done": sentence, "dismissed": count}, sentence)


@app.command("rule", cls=LeanCommand)
def rule(
    ctx: typer.Context,
    whom: Annotated[
        list[str] | None,
        args.argument("WHOM...", "anna@firm.example, @firm.example, list:news.example.com."),
    ] = None,
    becomes: Annotated[
        str | None,
        args.option("--as requests|aside|spam", "What becomes of their mail.", completion.treated),
    ] = None,
    remove: Annotated[bool, args.flag("--remove", "Take out the rules that name them.")] = False,
) -> None:
    """Say what always becomes of somebody's mail, also of what lies aside already; or list that.

    Spam is kept and never shown. The most exact rule holds: the sender's, then the domain's, then
    the list's. They stand in the settings, under mail.rules.

    Example: poc mail rule @firm.example --as requests
    """
    from poc_tui.settings.sender_rules import TREATMENTS, lay_down

    context = Context.of(ctx)
    if not whom:
        if becomes or remove:
            raise NotUnderstood("say whose mail is meant, such as anna@firm.example")
        rules = context.settings.mail.rules
        context.out.table(
            lambda: mail_listings.rules(rules), ({"who": who, "as": what} for who, what in rules)
        )
        return
    if remove == (becomes is not None):
        raise NotUnderstood(f"say either --as {'|'.join(TREATMENTS)} or --remove")
    treatment = next((each for each in TREATMENTS if each == becomes), None)
    if treatment is None and not remove:
        raise NotUnderstood(f"“{safe(becomes or '')}” is none of {', '.join(TREATMENTS)}")
    before = context.settings.mail
    settings = lay_down(context.config_path, whom, treatment, context.environ)
    if remove and settings.mail.rules == before.rules:
        raise Refused("no rule names any of these; `poc mail rule` lists them all")
    context.out.done(_sorted_out(context, settings, whom, treatment))


@app.command("test", cls=LeanCommand)
def test(ctx: typer.Context) -> None:
    """Try everything that the settings say about mail, in and out; nothing is taken or sent.

    Exit code 1 when something is wrong.

    Example: poc mail test
    """
    from poc_tui.mail.transport.check import check

    context = Context.of(ctx)
    findings = check(context.settings.mail, context.password, context.clock)
    context.out.table(
        lambda: mail_listings.findings(findings), (finding._asdict() for finding in findings)
    )
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command("password", cls=LeanCommand)
def password(
    ctx: typer.Context,
    way: Way,
    account: AccountOption = "",
) -> None:
    """Keep a password in this computer's keyring; it is asked for twice, and not shown.

    Example: poc mail password imap
    """
    from poc_tui.mail.transport.passwords import Password, has_keyring, keep, no_keyring

    context = Context.of(ctx)
    server = _server(context, way, account)
    if server.auth == "oauth2":
        raise Refused(
            f'{server.table}.auth is "oauth2"; `poc mail login {server.argument}` signs in'
        )
    ask = ask_in_terminal()
    if ask is None:
        raise NotUnderstood(
            "a password is typed in a terminal; without one, set"
            f" {server.table}.password_command to a command that prints it"
        )
    if not has_keyring():
        raise no_keyring(server)
    first, second = (
        ask(f"{lead} of {safe(server.user)} at {safe(server.host)}: ")
        for lead in ("Password", "Once more, the password")
    )
    if first != second:
        raise Refused("these were not the same; nothing was kept")
    if not first:
        raise Refused("no password was typed; nothing was kept")
    keep(server, Password(first))
    sentence = f"the keyring has the password of {server.user} at {server.host}"
    context.out.say({"done": sentence}, sentence)


@app.command("login", cls=LeanCommand)
def login(
    ctx: typer.Context,
    way: Way = "imap",
    account: AccountOption = "",
    device: Annotated[
        bool, args.flag("--device", "By a code that is typed on another device.")
    ] = False,
) -> None:
    """Sign in by OAuth2, in the browser; the keyring keeps what renews it by itself.

    One sign-in is for both ways where both are set to the same.

    Example: poc mail login imap
    """
    from time import sleep

    from poc_tui.mail.hand_off import open_with_system
    from poc_tui.mail.transport import credentials, sign_in
    from poc_tui.mail.transport.passwords import has_keyring

    context = Context.of(ctx)
    server = _server(context, way, account)
    if server.auth != "oauth2":
        keeps = f'`poc mail password {server.argument}` keeps one; to sign in set it to "oauth2"'
        raise Refused(f'{server.table}.auth is "password"; {keeps}')
    if server.token_command:
        raise Refused(f"the command in {server.table}.token_command signs in, not poc; run it")
    if not has_keyring():  # said before somebody has signed in for nothing
        raise credentials.no_keyring(server)

    def tell(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    def browse(url: str) -> None:
        tell(f"Sign in as {safe(server.user)} in the browser of this computer, at\n{safe(url)}")
        with suppress(MailFailed):  # then the person opens it
            open_with_system(url)

    provider = credentials.provider_of(server, context.environ, ask_in_terminal())
    if device:
        tokens = sign_in.by_device(provider, tell, sleep)
    else:
        tokens = sign_in.by_browser(provider, browse)
    credentials.keep_sign_in(server, tokens)
    sentence = (
        f"{safe(server.user)} is signed in at {safe(provider.host)}; `poc mail test` tries it"
    )
    context.out.say({"done": sentence}, sentence)


def _account(context: Context, key: str) -> Account:
    """The account with that name in the settings.

    Raises:
        NotUnderstood: there is none.
    """
    accounts = context.settings.mail.accounts
    found = next((account for account in accounts if account.key == key), None)
    if found is None:
        names = ", ".join(account.key for account in accounts if account.key)
        known = f"the settings have {names}" if names else "the settings name none"
        raise NotUnderstood(f"there is no account “{safe(key)}”; {known}")
    return found


def _sorted_out(
    context: Context, settings: Settings, whom: Sequence[str], treatment: str | None
) -> Done:
    """Have what lies aside go by the new rules; returns what was said and done, in words."""
    from secrets import token_hex

    from poc_tui.mail.sender_rules import sort_out
    from poc_tui.store.records import Done
    from poc_tui.words.mail_reports import sorted_out

    context.settings = settings
    context.reader()
    found = sort_out(context.path, settings.mail, whom)
    filed = Done("", (), None)
    if found.to_file:
        filed = context.desk().do(drafts.FileMails(found.to_file), run=token_hex(8))
    return sorted_out(whom, treatment, found, filed)


def _server(context: Context, way: str, account: str) -> Server:
    """The server of that way, which has a host and a user.

    Raises:
        NotUnderstood: there is none.
    """
    if way not in ("imap", "smtp"):
        raise NotUnderstood(f"“{safe(way)}” is no way of mail; say imap or smtp")
    server: Server = getattr(_account(context, account), way)
    if not (server.host and server.user):
        table = server.table
        raise NotUnderstood(f"set {table}.host and {table}.user first (`poc config edit`)")
    return server


def _file_elsewhere(context: Context, row: MailDetail, draft: drafts.FileMails, run: str) -> Done:
    """Take the mail off its request and file it anew, as one step; or nothing when it raises.

    Raises:
        NotFound: there is no request of that number.
        Refused: the mail cannot be taken off, or would lie where it lies.
    """
    there = f"mail {row.id} is on #{row.number} already"
    if draft.to == row.number:
        raise Refused(there)
    elsewhere = f"`poc mail file {row.id} --to N` puts it elsewhere"
    if draft.to is None and reading.began_its_request(context.reader(), row.id):
        raise Refused(f"{there}, which it began; {elsewhere}")
    desk = context.desk()
    done = desk.refile(draft, run)
    if done.numbers == (row.number,):
        desk.undo(done.journal_id)
        raise Refused(f"{there}, and belongs there by what it answers; {elsewhere}")
    return done


def _saved(
    context: Context, row: MailDetail, parts: Sequence[tuple[int, str, str, int]], folder: str
) -> list[Path]:
    """Save these parts; returns where each is.

    Raises:
        PocError: a part cannot be taken out of the mail, or the folder does not take it; what was
            saved before stays.
    """
    from poc_tui.mail.saved_files import free_path, safe_name, write_private
    from poc_tui.mail.worker.reader import MailReader

    folder = os.path.expanduser(folder)
    raw = reading.raw(context.reader(), row.id)
    saved = []
    with MailReader() as reader:
        for index, name, _, _ in parts:
            content = reader.part(raw, index)
            path = free_path(folder, safe_name(name, f"mail-{row.id}-part-{index}"))
            try:
                write_private(path, content)
            except OSError as error:
                raise PocError(f"{path} cannot be written: {error.strerror}") from error
            saved.append(path)
    return saved
