"""The quick lane of `poc add`: words -> one stored request, standard library only.

The customer is on the phone; the full command line takes a third of a second to import what it
needs, this takes a few milliseconds. It does what `store.verbs.capture` does, by the same
functions, for the common case, and hands everything else (an option, `to:`, no store yet, another
version, settings that matter here) to the full command line.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime
from time import monotonic

from poc_tui.errors import NotUnderstood, PocError
from poc_tui.quick.settings_scan import may_give
from poc_tui.rules.capture_line import (
    CaptureLine,
    first_and_rest,
    is_blank,
    parse,
    said_of_left,
    subject_and_text,
    tag_name,
    without_dash,
)
from poc_tui.rules.text import safe
from poc_tui.store.schema import APPLICATION_ID, BUSY_MS, PRAGMAS, SCHEMA_VERSION
from poc_tui.store.taking_down import new_request, take_down
from poc_tui.store.writer import Writer, immediate
from poc_tui.system.locations import store_path
from poc_tui.system.streams import (
    fail,
    print_no_more,
    replace_what_cannot_be_printed,
    say_failure,
    standard_input,
)

ACTOR = "me"
"""Who acts when no settings file says otherwise."""

_NOTICEABLE_MS = 100


class NotHereError(Exception):
    """The full command line must take this one."""


def add(arguments: list[str]) -> int:
    """Store the request that the words of `poc add` describe and print its number.

    Returns the exit code: 0 stored, 1 failed, 2 not understood, 130 stopped with Ctrl+C; nothing
    is stored but with 0.

    Raises:
        NotHereError: before anything was read from standard input or written.
    """
    try:
        line = _understood_here(arguments)
        path = store_path(os.environ)
    except PocError as error:
        raise NotHereError from error
    connection = None
    try:
        connection = _open(path)
        now = datetime.now(UTC).replace(microsecond=0)
        subject, text, raw = _words(line, arguments)
        due = _due(line, now)
        number, customer, remarks = _store(connection, line, (subject, text, raw), due)
    except sqlite3.Error as error:
        from poc_tui.store.connection import translated

        return fail(translated(error, path))
    except PocError as error:
        return fail(error)
    except KeyboardInterrupt:
        return say_failure("stopped", 130)
    finally:
        if connection is not None:
            connection.close()
    _print(_lines(number, customer, remarks, due, now))
    return 0


def _understood_here(arguments: list[str]) -> CaptureLine:
    """The marks, if the quick lane can carry all of them out."""
    before_text = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if not arguments or any(word[:1] == "-" and word != "-" for word in before_text):
        raise NotHereError
    line = parse(arguments)
    nameless = line.customer is not None and is_blank(line.customer)
    wordless = is_blank(line.subject) and not line.stdin
    if line.to is not None or nameless or wordless or may_give(os.environ, *_settings(line)):
        raise NotHereError
    return line


def _settings(line: CaptureLine) -> tuple[str, ...]:
    """The settings that would change what these words do."""
    if line.due is None:
        return ("desk.name",)
    return ("desk.name", "desk.timezone", "desk.day_first", "hours")


def _open(path: str) -> sqlite3.Connection:
    """The store; a busy one is waited for once, be it to read it or to write.

    Raises:
        sqlite3.Error: it was busy all that time.
    """
    if not os.path.exists(path):
        raise NotHereError
    began = monotonic()
    try:
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        (ours,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        from poc_tui.store.connection import is_busy

        if is_busy(error):
            raise  # the full command line would wait as long again
        raise NotHereError from error
    except UnicodeDecodeError as error:  # what SQLite complains of holds bytes of a damaged file
        raise NotHereError from error
    if (waited := int((monotonic() - began) * 1000)) > _NOTICEABLE_MS:
        connection.execute(f"PRAGMA busy_timeout = {max(1, BUSY_MS - waited)}")
    if ours != APPLICATION_ID or version != SCHEMA_VERSION:
        connection.close()
        raise NotHereError
    return connection


def _words(line: CaptureLine, arguments: list[str]) -> tuple[str, str, bytes]:
    """Subject, text and the bytes as they came.

    Beside words of a subject that is what was typed, a line end and standard input; marks alone
    are carried out, and leave what was piped in as it came.
    """
    if not line.stdin:
        subject, text = subject_and_text(line.subject, "")
        return subject, text, os.fsencode(" ".join(arguments))
    raw = standard_input()
    came = raw.decode("utf-8", "replace")
    if line.subject:
        raw = os.fsencode(" ".join(without_dash(arguments))) + b"\n" + raw
    subject, text = first_and_rest(came) if is_blank(line.subject) else (line.subject, came)
    if is_blank(subject):
        raise NotUnderstood("a request needs at least one word; nothing was stored")
    return *subject_and_text(subject, text), raw


def _due(line: CaptureLine, now: datetime) -> datetime | None:
    if line.due is None:
        return None
    from poc_tui.rules.dates.human_dates import understand
    from poc_tui.rules.time_source import SystemZone

    return understand(line.due, now, SystemZone())


def _store(
    connection: sqlite3.Connection,
    line: CaptureLine,
    words: tuple[str, str, bytes],
    due: datetime | None,
) -> tuple[int, str, list[str]]:
    """The one transaction: request, its words as they came, tags, activity, journal step.

    Returns the number, the customer's name if there is one, and what else to say.
    """
    subject, text, raw = words
    with immediate(connection):
        now = datetime.now(UTC).replace(microsecond=0)
        writer = Writer(connection)
        clock = _after_others(writer, now)
        customer_id, customer, remarks = _customer(writer, line.customer, now)
        new = new_request(
            subject,
            text,
            received_at=now,
            now=now,
            customer_id=customer_id,
            kind=line.kind,
            channel=line.via,
            priority=line.prio,
            due_at=due,
        )
        tags = sorted({tag for words in line.tags if (tag := tag_name(words))})
        number, _ = take_down(writer, ACTOR, new, raw, tags)
        writer.journal(now, ACTOR, "new", f"new #{number}")
    return number, customer, [*clock, *remarks, *said_of_left(line)]


def _after_others(writer: Writer, now: datetime) -> list[str]:
    """Leave what others took back to be done again.

    Returns what to say where the clock stands days before the newest step of the store.
    """
    last = writer.connection.execute(
        "SELECT at, EXISTS (SELECT 1 FROM journal WHERE undone = 1) FROM journal"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return []
    at, undone = last
    if undone:
        from poc_tui.store.row_images import held

        writer.held = held(writer.connection, ACTOR)
    if at <= now.timestamp():
        return []
    from poc_tui.rules.time_source import SystemZone, set_back

    sentence = set_back(now, datetime.fromtimestamp(at, UTC), SystemZone())
    return [] if sentence is None else [sentence]


def _customer(
    writer: Writer, words: str | None, now: datetime
) -> tuple[int | None, str, list[str]]:
    """The customer meant, created where unknown, none where it could be several."""
    if not words:
        return None, "", []
    from poc_tui.store.recognise import known_or_new

    return known_or_new(writer, words, now)


def _lines(
    number: int, customer: str, remarks: list[str], due: datetime | None, now: datetime
) -> list[str]:
    """The number, the customer if known and the date as understood; then what else to know."""
    parts = [f"#{number}"]
    if customer:
        parts.append(safe(customer))
    if due is not None:
        from poc_tui.rules.dates.format import say
        from poc_tui.rules.time_source import SystemZone

        parts.append(f"due {say(due, now, SystemZone())}")
    return ["  ".join(parts), *(f"  {safe(remark)}" for remark in remarks)]


def _print(lines: list[str]) -> None:
    """Print, if that can be done.

    The request is stored by now: a failure that is told would have a script store it again.
    """
    if sys.stdout is None:
        return
    try:
        replace_what_cannot_be_printed()
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except (OSError, ValueError):
        print_no_more()
