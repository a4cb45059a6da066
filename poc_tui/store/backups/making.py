"""Making backups: the one of the day, one that is asked for, one before a migration.

`python -m poc_tui.store.backups.making STORE` makes the one of the day, for those who do not wait
for it: apart, with little of the processor, and resting so that the desk and writers come first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from poc_tui.store.backups.retention import (
    BEGUN,
    Backup,
    BackupCause,
    backups,
    has_day,
    name_for,
    outdated,
    stem,
)
from poc_tui.system import locations
from poc_tui.system.locations import PIPED

if TYPE_CHECKING:
    import subprocess

    from poc_tui.rules.time_source import Clock

AGAIN_SECONDS = 3600
"""After a try that failed the next one is made this much later."""

TRY_AGAIN, MOST_TRIES = 60.0, 30
"""Seconds between two tries of one that nobody waits for, and how many it makes."""

WAIT_SECONDS = 120
"""How long is waited for another program that makes the one of the day just now."""


def make(store: str, clock: Clock, cause: BackupCause, *, gentle: bool = False) -> Backup:
    """Back the store up into its own folder.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be read.
        PocError: the copy cannot be written.
    """
    from poc_tui.store.backups.copying import copy_to
    from poc_tui.store.connection import open_file, version

    now = clock.now()
    with closing(open_file(store)) as connection:
        found = version(connection)
    path = name_for(store, now, cause, found)
    locations.private_dir(os.path.dirname(path))
    return Backup(path, now, cause, copy_to(path, store, gentle=gentle))


def make_due(
    store: str, clock: Clock, *, gentle: bool = False, pause: Callable[[float], None] | None = None
) -> Backup | None:
    """Make the backup of the day, and take away those that need not be kept any longer.

    None where the day has one, there is nothing in the store, or another program is making it;
    with `pause`, that is waited for. Raises as `make`.
    """
    from poc_tui.system.process_lock import alone

    waited = 0
    while True:
        with alone(store, "backing-up") as granted:
            if granted:
                return _make_due(store, clock, gentle=gentle)
        if pause is None or waited >= WAIT_SECONDS:
            return None
        pause(1.0)
        waited += 1


def patiently(store: str, clock: Clock, pause: Callable[[float], None]) -> None:
    """Make the backup of the day as one that nobody waits for; try again where others write much.

    Raises as `make`.
    """
    from poc_tui.errors import StoreBusy

    for tries_left in reversed(range(MOST_TRIES)):
        try:
            make_due(store, clock, gentle=True)
            return
        except StoreBusy:
            if not tries_left:
                raise
            pause(TRY_AGAIN)


def begin(store: str, state: str) -> subprocess.Popen[str] | None:
    """Have a program of its own make the backup of the day; None where there is nothing to do.

    It goes on when this one ends. What went wrong it says on its standard error, in a sentence.
    Takes away first what killed programs have left, in the folder `state` as well.
    """
    import subprocess

    import poc_tui
    from poc_tui.rules.time_source import SystemZone
    from poc_tui.system.process_lock import tried_at

    _clear(store, state)
    now = datetime.now(UTC)
    if has_day(backups(store), now, SystemZone()):
        return None
    if 0 <= now.timestamp() - tried_at(store, "backing-up") < AGAIN_SECONDS:
        return None
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "poc_tui.store.backups.making", os.path.abspath(store)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            # Ctrl+C in the terminal and closing it go to the whole session.
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.path.dirname(os.path.dirname(poc_tui.__file__))},
        )
    return None


def _make_due(store: str, clock: Clock, *, gentle: bool) -> Backup | None:
    from poc_tui.store.backups.copying import held_in

    if has_day(backups(store), clock.now(), clock.zone):
        return None
    held = held_in(store)
    if not (held.requests or held.steps or held.mails):
        return None
    made = make(store, clock, BackupCause.DAY, gentle=gentle)
    for old in outdated(backups(store), clock.now(), clock.zone):
        with suppress(OSError):
            os.unlink(old.path)
    return made


def _clear(store: str, state: str) -> None:
    """Take away half copies of a killed backup, restore, export or import."""
    whole = os.path.abspath(store)
    folder, backups_folder = os.path.dirname(whole), locations.backups_dir(whole)
    begun = (
        (folder, os.path.basename(whole)),
        (folder, "poc-export"),
        (folder, BEGUN),
        (backups_folder, BEGUN),
        (backups_folder, f"{stem(store)}-"),
        (state, PIPED),
    )
    for place, name in begun:
        with suppress(OSError):
            if any(entry.startswith(f".{name}") for entry in os.listdir(place)):
                from poc_tui.system.unfinished import clear

                clear(os.path.join(place, name))


def main() -> int:
    """Make the backup of the day of the store that the first argument names."""
    from time import sleep

    from poc_tui.errors import PocError
    from poc_tui.rules.time_source import SystemClock, SystemZone

    try:
        patiently(sys.argv[1], SystemClock(SystemZone()), sleep)
    except (PocError, OSError) as error:
        with suppress(OSError):  # whoever began it is gone
            print(error, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
