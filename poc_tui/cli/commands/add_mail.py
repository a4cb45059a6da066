"""`poc add --mail`: one mail, from a file or as a mail program pipes it in."""

from __future__ import annotations

import secrets
import sqlite3
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from poc_tui.cli.output import mail_listings
from poc_tui.errors import (
    ConfigWrong,
    MailFailed,
    NotFound,
    NotUnderstood,
    PocError,
    Refused,
    StoreBusy,
    StoreUnreadable,
    TryLater,
)
from poc_tui.store.connection import connection

if TYPE_CHECKING:
    from poc_tui.cli.context import Context
    from poc_tui.mail.transport.source import MailSource
    from poc_tui.store.records import MailDetail

PATIENCE = 50
"""So often it is tried to file a mail while another poc takes mail in."""
PAUSE = 0.1
"""Seconds between two tries."""


def add_mail(context: Context, file: str) -> None:
    """Keep the mail for good, then file it; what fails after that is said, and is no failure.

    So exit code 0 means that the mail program may forget the mail, and anything else that it must
    not.

    Raises:
        NotUnderstood: standard input is closed.
        MailFailed: there is no mail, it is too large, or it cannot be read.
        TryLater: it cannot be stored now.
    """
    from poc_tui.store.queries.mail import id_of

    source = _source(file)
    raw = _only_mail(source)
    new = _keep(context, source.name, raw)
    id = id_of(context.reader(), raw)
    try:
        remarks = _file(context, file)
        row = _row(context, id)
    except (PocError, OSError, sqlite3.Error) as error:
        remarks, row = (f"it is kept, and `poc fetch` files it: {error}",), None
    _say(context, id, row, remarks, new=new)


def _keep(context: Context, source: str, raw: bytes) -> bool:
    """Keep the mail; returns whether it was not there yet."""
    from poc_tui.store import raw_mail

    try:
        context.reader()
        with connection(context.path) as opened:
            return bool(raw_mail.keep(opened, [raw], source, context.clock.now()).new)
    except (StoreBusy, StoreUnreadable, ConfigWrong) as error:
        raise TryLater(str(error)) from error


def _source(file: str) -> MailSource:
    from poc_tui.mail.transport.mail_files import MailFiles, StandardInput

    if file != "-":
        return MailFiles(file)
    if sys.stdin is None:
        raise NotUnderstood("standard input is closed, and --mail - reads the mail from it")
    return StandardInput(sys.stdin.buffer)


def _only_mail(source: MailSource) -> bytes:
    from poc_tui.store.raw_mail import Position

    with closing(source.batches(Position())) as batches:
        batch = next(batches, None)
    if batch is None:
        raise MailFailed("there is no such mail; give the file of one, or - for standard input")
    if batch.left:
        raise MailFailed(batch.left[0].why)
    if len(batch.mails) > 1:
        raise NotUnderstood("these are several mails; `poc import mail PATH` takes them in")
    return batch.mails[0]


def _file(context: Context, file: str) -> tuple[str, ...]:
    """Read and file what waits for it, this mail among it; what to know of that."""
    from poc_tui.mail.intake import Intake

    lists = context.settings.mail.lists == "requests"
    # Named by a person it is that person's step; piped in by a program it is nobody's.
    run = None if file == "-" else f"mail.{secrets.token_hex(8)}"
    intake = Intake(context.path, context.desk(), context.clock, lists=lists, run=run)
    tries = PATIENCE
    while True:
        try:
            return intake.take_in([]).remarks
        except Refused:
            tries -= 1
            if not tries:
                raise
            time.sleep(PAUSE)


def _row(context: Context, id: int) -> MailDetail:
    from poc_tui.store.queries.mail import mail

    try:
        return mail(context.reader(), id)
    except NotFound:
        raise PocError("another poc reads mail just now") from None


def _say(
    context: Context, id: int, row: MailDetail | None, remarks: tuple[str, ...], *, new: bool
) -> None:
    if not new:
        remarks = ("it was in already", *remarks)
    where = f"mail {id}" if row is None else _where(context, row)
    numbers = [] if row is None or row.number is None else [row.number]
    context.out.say(
        {"done": where, "mail": id, "new": new, "numbers": numbers, "remarks": remarks},
        where,
        *(f"  {remark}" for remark in remarks),
    )


def _where(context: Context, row: MailDetail) -> str:
    """The request that it is on, as `poc add` names one, or that it lies aside."""
    if row.number is None:
        what = ", ".join(filter(None, (row.subject or "no subject", mail_listings.nature(row))))
        return f"kept aside: {what}; `poc mail file {row.id}` makes it a request"
    from poc_tui.store.queries.queue import by_number

    (request,) = by_number(context.reader(), [row.number])
    return "  ".join(
        filter(None, (f"#{row.number}", request.customer, row.subject or request.subject))
    )
