"""Putting a backup in the place of the store; the store that was there stays beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from poc_tui.errors import NotFound, NotUnderstood, Refused, StoreUnreadable
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.store.backups.copying import StoreContents, check, copied, held_in, opened
from poc_tui.store.connection import open_file, translated
from poc_tui.store.migrations.migrate import what_is_amiss
from poc_tui.system import locations
from poc_tui.system.files import open_file as open_regular
from poc_tui.system.process_lock import alone
from poc_tui.system.unfinished import clear

_MAGIC = b"SQLite format 3\0"


class RestorePreview(NamedTuple):
    """What a restore would put in the place of what."""

    there: StoreContents
    """What the backup holds."""
    present: StoreContents | None
    """What the store holds; None where there is none, or it cannot be read."""
    damage: str
    """Why the store cannot be read; empty where it can, or there is none."""


def compare(file: str, store: str) -> RestorePreview:
    """Check the backup `file` and hold it against the store at path `store`; changes nothing.

    Raises:
        NotFound, NotUnderstood, Refused: there is no such file, it is no backup, or the store.
        StoreUnreadable: it is damaged, or newer than this program.
    """
    _refuse_other(file, store)
    _check_for_use(file)
    there = held_in(file)
    if not os.path.exists(store):
        return RestorePreview(there, None, "")
    try:
        return RestorePreview(there, held_in(store), "")
    except StoreUnreadable as error:
        return RestorePreview(there, None, str(error))


def restore(file: str, store: str, clock: Clock) -> str | None:
    """Put the backup `file`, checked by `compare`, in the place of the store; all or nothing.

    Returns the path under which the store that was there is kept; None where there was none.

    Raises:
        Refused: a desk is open on the store.
        StoreBusy, StoreUnreadable, PocError: it cannot be done; the store is as it was.
    """
    target = os.path.realpath(store)
    folder = os.path.dirname(target)
    locations.private_dir(folder)
    with alone(target, "open") as granted:
        if not granted:
            raise Refused(
                f"a desk is open on {store}, and what it shows would not be there any more;"
                " close it and try again"
            )
        clear(target)
        with copied(target, file) as made, _nobody_writes(target):
            kept = _set_aside(target, clock)
            try:
                made.finish(target)
            except BaseException:
                if kept and not os.path.exists(target):
                    os.rename(kept, target)
                raise
            return kept


def _check_for_use(file: str) -> None:
    """Refuse what is damaged, and what the desk could not work on: its tables are there, and no
    row lacks another."""
    check(file, file)
    try:
        with closing(opened(file)) as connection:
            amiss = what_is_amiss(connection)
    except sqlite3.Error as error:
        raise StoreUnreadable(f"{file} is damaged: {error}") from error
    if amiss:
        raise StoreUnreadable(f"{file} is no whole store: {safe(amiss)}")


def _refuse_other(file: str, store: str) -> None:
    """Refuse what is no backup, with a word on what it may be."""
    try:
        with open_regular(file) as stream:
            head = stream.read(len(_MAGIC))
        if os.path.exists(store) and os.path.samefile(file, store):
            raise Refused(f"{file} is the store itself; `poc locate` names its backups")
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {file}; `poc locate` names the backups") from error
    except OSError as error:
        raise NotUnderstood(f"{file} cannot be read: {error.strerror}") from error
    if head.startswith(b"{"):
        raise NotUnderstood(
            f"{file} is no backup; an export goes into a new store:"
            " poc --db NEW.sqlite3 import FILE"
        )
    if head != _MAGIC:
        raise NotUnderstood(f"{file} is no backup; `poc locate` names them")


@contextmanager
def _nobody_writes(store: str) -> Iterator[None]:
    """Until the block ends no program reads or writes the store, and it is whole on the disk."""
    if not os.path.exists(store):
        yield
        return
    try:
        connection = open_file(store)
    except StoreUnreadable:  # damaged; so nobody can write to it
        yield
        return
    with closing(connection):
        try:
            # What a program that died has left half written is put right by this, and a journal
            # that stayed would be carried out on the file that comes.
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            failure = translated(error, store)
            if not isinstance(failure, StoreUnreadable):
                raise failure from error
        yield


def _set_aside(store: str, clock: Clock) -> str | None:
    """Give the store, and a journal that belongs to it, a second name beside it."""
    if not os.path.exists(store):
        return None
    stem, ending = os.path.splitext(store)
    stem = f"{stem}-before-restore-{clock.now():%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{number}{ending}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    kept = next(name for name in names if not os.path.lexists(name))
    journal = f"{store}-journal"
    if os.path.exists(journal):
        os.replace(journal, f"{kept}-journal")
    try:
        os.link(store, kept)
    except OSError:  # not every file system knows two names for a file
        os.rename(store, kept)
    return kept
