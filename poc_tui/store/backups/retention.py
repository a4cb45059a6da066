"""Which backups there are, whether the day has one, and which are kept.

Seven of the last days and four of the weeks before them; what a person asked for and what was
made before the store was brought up to date is for a person to take away. Standard library only,
and no SQLite: every command of the day looks here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from poc_tui.system.locations import backups_dir

BEGUN = "poc-backup"
"""What the name of a copy begins with until it is whole, whatever it is to be called and wherever:
one that was left by a program that was killed is known by it, and taken away."""

DAYS, WEEKS = 7, 4

_STAMP = "%Y%m%dT%H%M%SZ"


class BackupCause(StrEnum):
    """Why a backup was made; the name of its file says so."""

    DAY = ""
    ASKED = "asked-"
    MIGRATION = "v"
    """And the version that the store had."""


class Backup(NamedTuple):
    """One backup."""

    path: str
    at: datetime
    """When it was made, aware UTC."""
    cause: BackupCause
    size: int
    """Bytes."""


def stem(store: str) -> str:
    """What the names of all backups of the store at path `store` begin with."""
    return os.path.basename(store).removesuffix(".sqlite3")


def name_for(store: str, at: datetime, cause: BackupCause, version: int) -> str:
    """The path of a backup of the store at path `store`, made at `at`."""
    why = f"v{version}-" if cause == BackupCause.MIGRATION else str(cause)
    stamp = at.astimezone(UTC).strftime(_STAMP)
    return os.path.join(backups_dir(os.path.abspath(store)), f"{stem(store)}-{why}{stamp}.sqlite3")


def backups(store: str) -> list[Backup]:
    """Every finished backup of the store at path `store`, newest first."""
    folder = backups_dir(os.path.abspath(store))
    pattern = re.compile(rf"{re.escape(stem(store))}-(asked-|v\d+-)?(\d{{8}}T\d{{6}}Z)\.sqlite3")
    found = []
    with suppress(OSError):
        for name in os.listdir(folder):
            match = pattern.fullmatch(name)
            if match is None:
                continue
            path = os.path.join(folder, name)
            with suppress(ValueError, OSError):
                at = datetime.fromisoformat(match[2])
                cause = (
                    BackupCause.MIGRATION if (match[1] or "").startswith("v") else match[1] or ""
                )
                found.append(Backup(path, at, BackupCause(cause), os.stat(path).st_size))
    return sorted((one for one in found if one.size), key=lambda one: one.at, reverse=True)


def is_backed_up(store: str, version: int) -> bool:
    """Whether the store was backed up as it is before, to be brought up from that version.

    So that one which cannot be brought up fills no disk, however often it is tried.
    """
    pattern = f"-v{version}-"
    written = os.stat(store).st_mtime_ns
    return any(
        pattern in os.path.basename(one.path) and os.stat(one.path).st_mtime_ns >= written
        for one in backups(store)
        if one.cause == BackupCause.MIGRATION
    )


def has_day(found: Sequence[Backup], now: datetime, zone: tzinfo) -> bool:
    """Whether one of them was made on the day that `now` is in that zone."""
    today = now.astimezone(zone).date()
    return any(one.at.astimezone(zone).date() == today for one in found)


def outdated(found: Sequence[Backup], now: datetime, zone: tzinfo) -> list[Backup]:
    """Those of the days that need not be kept.

    The last of each of the `DAYS` last days on which there is one are kept, and the last of each
    of the `WEEKS` weeks before them. What a wrong clock has made in the future is left alone.
    """
    ours = (one for one in found if one.cause == BackupCause.DAY and one.at <= now)
    last: dict[date, Backup] = {}
    for one in sorted(ours, key=lambda one: one.at):
        last[one.at.astimezone(zone).date()] = one
    days = sorted(last, reverse=True)
    kept = set(days[:DAYS])
    # A week that still has days among those has a later one to stand for it.
    weeks = {_week(day) for day in kept}
    most = len(weeks) + WEEKS
    for day in days[DAYS:]:
        if _week(day) not in weeks and len(weeks) < most:
            weeks.add(_week(day))
            kept.add(day)
    stay = {last[day] for day in kept}
    return [
        one for one in found if one.cause == BackupCause.DAY and one.at <= now and one not in stay
    ]


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]
