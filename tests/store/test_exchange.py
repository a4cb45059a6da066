"""Import and export: everything goes out and comes back, and no row is lost in silence."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from sqlmodel import SQLModel

from poc_tui.cli.main import run
from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.columns import StoreTable
from poc_tui.models.values import AddressKind, Channel, Event, Kind, Priority, Resolution
from poc_tui.rules.capture_line import is_blank
from poc_tui.rules.mail.message import Mail, MailAddress, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.text import plain
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter, starter_text
from poc_tui.store import drafts, due_dates, notices_told, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.exchange import export_format, older_versions
from poc_tui.store.exchange.export import export_file, export_to
from poc_tui.store.exchange.export_format import KEYS, NUMBERED, TABLES
from poc_tui.store.exchange.imported_request import subject_of
from poc_tui.store.exchange.importing import ImportOptions, import_file
from poc_tui.store.exchange.refused_rows import RefusedRows
from poc_tui.store.exchange.source import BadRow, FileFormat, ImportSource
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.customers import customer, customers
from poc_tui.store.queries.dated_items import items as items_until
from poc_tui.store.queries.queue import counts, page
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import original, request
from poc_tui.store.queries.search import search
from poc_tui.store.queries.views import VIEWS
from poc_tui.store.schema import SCHEMA_VERSION
from poc_tui.store.writer import ASKS_EVERY
from tests.conftest import Take, Write
from tests.helpers import version_1
from tests.helpers.store_layout import type_of
from tests.helpers.stores import new_store

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def other(tmp_path: Path) -> str:
    """A second, new store."""
    return new_store(str(tmp_path / "other" / "poc.sqlite3"))


def exported(store: str) -> bytes:
    stream = BytesIO()
    export_to(stream, store)
    return stream.getvalue()


def many(count: int) -> str:
    return "text\n" + "".join(f"Question {n} about the delivery\n" for n in range(count))


def a_busy_week(desk: Desk, clock: FixedClock) -> None:
    """Every verb once, some of them undone."""
    meyer = drafts.CustomerName("Meyer AG")
    for number in range(1, 7):
        desk.do(
            drafts.Capture(f"Rechnung {number} stimmt nicht", "Bitte prüfen.\n\n👍", customer=meyer)
        )
    desk.do(drafts.Capture("\udcff bytes", raw=b"\xff bytes", tags=("invoice", "ärger")))
    desk.do(drafts.Triage(kind=Kind.COMPLAINT, priority=Priority.HIGH, tags=("urgent",)), [1, 2])
    desk.do(drafts.ForwardDraft(1, "Is that right?"), [1, 2, 3])
    clock.advance(timedelta(hours=1))
    desk.do(drafts.LogAnswer("Ten units."), [1])
    desk.do(drafts.Answer("We look into it.", still_working=True), [2])
    desk.do(drafts.Answer("Ten units."), [1])
    desk.do(drafts.CustomerWrote("Thanks, but…", Channel.PHONE), [1])
    desk.do(drafts.Note("be kind"), [1])
    desk.do(drafts.Resolve(Resolution.DECLINED, "No.", withdraw_forwards=True), [3])
    desk.do(drafts.Reopen("they insist"), [3])
    desk.do(drafts.Snooze(clock.now() + timedelta(days=2), "wait for the offer"), [4])
    desk.do(drafts.Remind(clock.now() + timedelta(days=3), "call Ott"), [5])
    desk.do(drafts.MarkDone((2,)))
    desk.do(
        drafts.EditCustomer(
            1,
            organisation="Meyer",
            vip=True,
            prefers=Channel.PHONE,
            addresses=(drafts.AddressDraft(AddressKind.EMAIL, "info@meyer.example"),),
        )
    )
    desk.do(drafts.EditDepartment(name="Logistics", answer_within_minutes=60))
    desk.do(drafts.EditDepartment(2, retired=True))
    desk.do(drafts.Capture("gone again"))
    desk.undo()
    desk.do(drafts.Chase(early=True), [2])
    desk.do(drafts.Escalate("management", "it cannot wait"), [2])
    tomorrow = clock.now() + timedelta(days=1)
    desk.do(drafts.Promise(tomorrow, "the offer", whom="the head of sales"), [5])
    desk.do(drafts.Remind(tomorrow, "look at the stock", every="FREQ=WEEKLY"))
    desk.do(drafts.EditCustomer(1, rhythm="FREQ=WEEKLY;INTERVAL=6"))
    desk.do(drafts.Contact(1, "all is well"))
    levels = Deadlines(Hours.standard(clock.zone), starter())
    desk.apply_levels(levels, starter_text(), "Mon-Fri 9-17")
    desk.do(drafts.Resolve(Resolution.SOLVED), [6])
    desk.undo()


def told(store: str, clock: FixedClock) -> None:
    """The next days are told, as `poc due` and the desk tell them."""
    until = clock.now() + timedelta(days=9)
    with closing(Reader(store)) as reader:
        items = list(items_until(reader, clock.zone, until=until))
    assert items
    for teller in (notices_told.DESK, notices_told.COMMAND):
        notices_told.tell(store, teller, items)


def written_to(store: str, clock: FixedClock) -> None:
    """Mail came in and goes out, and each of its tables has a row with odd characters."""
    read = Mail(
        message_id="a@meyer.example",
        refs=("b@meyer.example",),
        sender=MailAddress("Meyer “AG”", "info@meyer.example"),
        recipients=(MailAddress("", "desk@poc.example"),),
        subject="Rechnung\u2028prüfen",
        text="Bitte prüfen.",
        parts=(Part(1, "größe.pdf", "application/pdf", 3),),
        trouble=("Its Date is none.",),
    )
    with closing(connect(store)) as connection:
        now = clock.now()
        position = raw_mail.Position(7, 12)
        kept = raw_mail.keep(connection, [b"From: x\r\n\r\n\0\xff"], "imap:x", now, position)
        raw_mail.keep_read(connection, [(id, read) for id in kept.new])
        request, activity = connection.execute(
            "SELECT request_id, max(id) FROM activity"
        ).fetchone()
        connection.execute(
            "INSERT INTO mail_filed (mail_id, request_id, activity_id) VALUES (?, ?, ?)",
            (*kept.new, request, activity),
        )
        connection.execute(
            "INSERT INTO outbox (request_id, activity_id, kind, recipient, subject, text,"
            " message_id, refs, enclosed, queued_at, next_try_at)"
            " VALUES (?, ?, 'answer', 'info@meyer.example', 'Re: ä', 'ok', 'c@poc.example',"
            " '[\"a@meyer.example\"]', '[[1,1]]', 1795421520, 1795421580)",
            (request, activity),
        )
        connection.execute("INSERT INTO outgoing_file (sha256, raw) VALUES ('ab', x'00ff')")
        connection.execute(
            "INSERT INTO remark (request_id, mail_id, text, at) VALUES (?, ?, 'ä', 1795421520)",
            (request, *kept.new),
        )
        connection.execute("INSERT INTO secret VALUES ('numbers', 'ß')")


KINDS = {
    int: "NUMBER", str: "TEXT", bool: "FLAG", bytes: "BYTES", datetime: "MOMENT", list: "NESTED",
    dict: "NESTED",
}  # fmt: skip
"""As what a value is exported."""


class TestWholeStore:
    def test_every_table_and_column_of_a_new_store_is_in_an_export(self, path: str) -> None:
        with closing(connect(path)) as connection:
            tables = {
                name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                    " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_search%'"
                )
            }
        del tables["tally"]
        assert tables == {name: set(columns) for name, columns in TABLES.items()}

    @pytest.mark.parametrize("table", TABLES)
    def test_every_value_is_exported_as_the_models_have_it(self, table: str) -> None:
        (model,) = (m for m in StoreTable.__subclasses__() if m.__tablename__ == table)
        made = SQLModel.metadata.tables[table]
        assert TABLES[table] == {
            name: getattr(export_format, KINDS[type_of(field.annotation)])
            for name, field in model.model_fields.items()
            if made.columns[name].computed is None
        }
        assert KEYS[table] == tuple(made.primary_key.columns.keys())
        assert (table in NUMBERED) == made.dialect_options["sqlite"]["autoincrement"]
        before = [*TABLES][: [*TABLES].index(table)]
        assert {key.column.table.name for key in made.foreign_keys} <= {*before}

    def test_comes_back_the_same(
        self, desk: Desk, clock: FixedClock, path: str, other: str, write: Write, take: Take
    ) -> None:
        a_busy_week(desk, clock)
        told(path, clock)
        written_to(path, clock)
        assert all(dump(path).values())
        content = exported(path)
        report = take(write("all.jsonl", content), into=other)
        assert report.restored
        assert exported(other) == content
        assert dump(other) == dump(path)

    def test_can_be_undone_as_before_and_gives_no_number_twice(
        self,
        desk: Desk,
        clock: FixedClock,
        path: str,
        other: str,
        write: Write,
        take: Take,
        deadlines: Any,
    ) -> None:
        a_busy_week(desk, clock)
        take(write("all.jsonl", exported(path)), into=other)
        restored = Desk(other, clock, deadlines)
        for _ in range(5):
            assert restored.undo().label == desk.undo().label
        new = drafts.Capture("the next one")
        assert restored.do(new).numbers == desk.do(new).numbers
        restored.close()
        assert exported(other) == exported(path)

    def test_is_searchable_after_it_came_back(
        self, desk: Desk, clock: FixedClock, path: str, other: str, write: Write, take: Take
    ) -> None:
        a_busy_week(desk, clock)
        take(write("all.jsonl", exported(path)), into=other)
        with closing(Reader(path)) as before, closing(Reader(other)) as after:
            for words in ("rechnung", "prue", "meyer 3", "kind"):
                assert search(after, words) == search(before, words) != []
            assert counts(after, clock.now()) == counts(before, clock.now())

    def test_goes_only_into_an_empty_store(
        self, desk: Desk, path: str, write: Write, take: Take
    ) -> None:
        desk.do(drafts.Capture("Where is my order?"))
        file = write("all.jsonl", exported(path))
        before = exported(path)
        with pytest.raises(Refused, match="only into an empty store"):
            take(file)
        assert exported(path) == before

    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            (lambda lines: lines[:-1], "not whole"),
            (lambda lines: [*lines[:5], lines[5][:20]], "line 6.*not JSON"),
            (
                lambda lines: [
                    lines[0].replace(f'"schema":{SCHEMA_VERSION}', '"schema":99'),
                    *lines[1:],
                ],
                "newer poc",
            ),
            (lambda lines: [*lines, '{"table":"sqlite_master"}'], "no table"),
            (lambda lines: [*lines, '{"table":"tag","id":"x","name":"y"}'], "tag.id"),
            (lambda lines: [*lines, '{"table":"tag","id":99}'], "columns of tag"),
            (lambda lines: [*lines, lines[-1]], "UNIQUE"),
        ],
    )
    def test_that_is_damaged_is_refused_whole(
        self,
        damage: Callable[[list[str]], list[str]],
        said: str,
        desk: Desk,
        path: str,
        other: str,
        write: Write,
        take: Take,
    ) -> None:
        desk.do(drafts.Capture("Where is my order?", tags=("a",)))
        before = exported(other)
        lines = exported(path).decode().splitlines()
        with pytest.raises(NotUnderstood, match=said):
            take(write("all.jsonl", "\n".join(damage(lines)) + "\n"), into=other)
        assert exported(other) == before

    def test_holds_rows_that_the_models_take(
        self, desk: Desk, clock: FixedClock, path: str
    ) -> None:
        a_busy_week(desk, clock)
        told(path, clock)
        written_to(path, clock)
        models = {model.__tablename__: model for model in StoreTable.__subclasses__()}
        rows = [json.loads(line) for line in exported(path).splitlines()[1:]]
        assert {row["table"] for row in rows} == models.keys()
        for row in rows:
            assert isinstance(models[row["table"]].model_validate(row), StoreTable)

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("activity", "changes", ["state"]),
            ("service_levels", "texts", {"chase": 1}),
            ("mail_read", "recipients", ["a@b.example"]),
            ("mail_read", "trouble", "unreadable"),
            ("outbox", "refs", {}),
            ("outbox", "enclosed", [["1", 1]]),
        ],
    )
    def test_in_which_something_is_nested_otherwise_is_refused(
        self,
        table: str,
        column: str,
        value: object,
        desk: Desk,
        clock: FixedClock,
        path: str,
        other: str,
        write: Write,
        take: Take,
    ) -> None:
        a_busy_week(desk, clock)
        written_to(path, clock)
        before = exported(other)
        rows = [json.loads(line) for line in exported(path).splitlines()]
        next(row for row in rows if row.get("table") == table)[column] = value
        with pytest.raises(NotUnderstood, match=f"{table}.{column}: is not nested as it should be"):
            take(write("all.jsonl", "\n".join(map(json.dumps, rows))), into=other)
        assert exported(other) == before

    @pytest.mark.parametrize(
        "change",
        [
            ["sqlite_master", 1, None],
            ["request", "1; DROP TABLE request", None],
            ["request", 1, {"subject = 'x' WHERE 1; --": "y"}],
            ["request", 1, {"subject": ["y"]}],
            ["request", 1],
            "request",
        ],
    )
    def test_with_a_hostile_journal_is_refused(
        self, change: object, desk: Desk, path: str, other: str, write: Write, take: Take
    ) -> None:
        desk.do(drafts.Capture("Where is my order?"))
        lines = [json.loads(line) for line in exported(path).decode().splitlines()]
        lines[-1]["changes"].append(change)
        with pytest.raises(NotUnderstood, match="nothing was stored"):
            take(write("all.jsonl", "\n".join(map(json.dumps, lines))), into=other)

    def test_is_written_for_nobody_else_and_leaves_nothing_beside_it(
        self, desk: Desk, path: str, tmp_path: Path
    ) -> None:
        desk.do(drafts.Capture("Where is my order?"))
        folder = tmp_path / "out"
        folder.mkdir()
        target = folder / "all.jsonl"
        target.write_text("an older export")
        export_file(str(target), path)
        assert target.read_bytes() == exported(path)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert os.listdir(folder) == ["all.jsonl"]
        assert not [name for name in os.listdir(tmp_path) if name.startswith(".poc-export")]

    def test_never_replaces_the_store_itself(self, path: str) -> None:
        with pytest.raises(Refused, match="the store itself"):
            export_file(path, path)

    def test_that_breaks_off_leaves_the_old_file(
        self, desk: Desk, path: str, tmp_path: Path
    ) -> None:
        desk.do(drafts.Capture("Where is my order?"))
        folder = tmp_path / "out"
        folder.mkdir()
        target = folder / "all.jsonl"
        target.write_text("an older export")

        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export_file(str(target), path, stop)
        assert target.read_text() == "an older export"
        assert os.listdir(folder) == ["all.jsonl"]


def as_of(schema: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of an export as that version would have written them; what it lacked is empty."""
    header = rows[0]
    for table in header["counts"].keys() - older_versions.tables(schema):
        assert header["counts"].pop(table) == 0
    header["schema"] = schema
    return rows


class TestExportOfVersion1:
    """It comes in as if the store it was made of had been brought up to date."""

    def test_gives_what_migrating_the_store_gives(
        self, tmp_path: Path, other: str, clock: FixedClock, write: Write, take: Take
    ) -> None:
        old = str(tmp_path / "old.sqlite3")
        version_1.make(old)
        migrate.ensure(old, clock)
        assert take(write("all.jsonl", version_1.export()), into=other).restored
        assert dump(other) == dump(old)
        assert exported(other) == exported(old)

    def test_of_version_2_comes_in_as_it_was_but_for_mail(
        self, desk: Desk, clock: FixedClock, path: str, other: str, write: Write, take: Take
    ) -> None:
        a_busy_week(desk, clock)
        rows = as_of(2, [json.loads(line) for line in exported(path).splitlines()])
        of_version_2 = "\n".join(map(json.dumps, rows))
        assert take(write("all.jsonl", of_version_2), into=other).restored
        assert dump(other) == dump(path)

    def test_of_version_3_has_no_target_before_a_date_that_was_given(
        self, desk: Desk, clock: FixedClock, path: str, other: str, write: Write, take: Take
    ) -> None:
        due = clock.now() + timedelta(days=9)
        (given,) = desk.do(drafts.Capture("Key card", due_at=due)).numbers
        (counted,) = desk.do(drafts.Capture("Room 12")).numbers
        desk.wind()
        rows = as_of(3, [json.loads(line) for line in exported(path).splitlines()])
        before = next(r["resolve_by"] for r in rows if r.get("id") == counted and "court" in r)
        old = changed(rows, "request", resolve_by=before)
        assert take(write("all.jsonl", "\n".join(map(json.dumps, old))), into=other).restored
        with closing(Reader(other)) as there:
            assert request(there, given).resolve_by is None
            assert request(there, counted).resolve_by is not None

    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            (lambda rows: rows[:-1], "not whole"),
            (lambda rows: [*rows, {"table": "turn", "id": 1}], "version 1 has no table 'turn'"),
            (lambda rows: [*rows, {"table": ["turn"]}], "nothing was stored"),
            (lambda rows: changed(rows, "customer", rhythm=""), "do not fit: rhythm"),
            (lambda rows: changed(rows, "reminder", stays=True), "nothing was stored"),
            (lambda rows: changed(rows, "reminder", kept=None), "NOT NULL"),
            (lambda rows: changed(rows, "request", due_at=7), "request.due_at"),
            (lambda rows: changed(rows, "journal", changes=7), "nothing was stored"),
            (lambda rows: changed(rows, "journal", changes=["request"]), "nothing was stored"),
            (
                lambda rows: changed(rows, "journal", changes=[["request", "1", {"due_at": 1}]]),
                "not a whole number",
            ),
            (
                lambda rows: changed(rows, "journal", changes=[["reminder", 1, {"done": 1}]]),
                "columns that reminder has not",
            ),
            (
                lambda rows: [{**rows[0], "counts": {**rows[0]["counts"], "turn": 0}}, *rows[1:]],
                "does not name the tables",
            ),
            (lambda rows: [{**rows[0], "schema": 2}, *rows[1:]], "does not name the tables"),
        ],
    )
    def test_that_is_damaged_is_refused_whole(
        self,
        damage: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
        said: str,
        other: str,
        write: Write,
        take: Take,
    ) -> None:
        before = exported(other)
        rows = [json.loads(line) for line in version_1.export().decode().splitlines()]
        with pytest.raises(NotUnderstood, match=said):
            take(write("all.jsonl", "\n".join(map(json.dumps, damage(rows)))), into=other)
        assert exported(other) == before


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=4))
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_that_has_words_is_stored_and_comes_back(
    texts: list[str], clock: FixedClock
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = f"{folder}/a.sqlite3", f"{folder}/b.sqlite3"
        file = Path(folder, "in.jsonl")
        lines = [json.dumps({"text": text}).encode() for text in texts]
        file.write_bytes(b"\n".join(lines))
        for store in (first, second):
            migrate.ensure(store, clock)
        report = import_file(
            str(file), first, clock, ImportOptions(f"{folder}/state"), rest=lambda seconds: None
        )
        wanted = [
            (line, text)
            for line, text in zip(lines, texts, strict=True)
            if not is_blank(plain(text).strip())
        ]
        assert (report.imported, report.refused) == (len(wanted), len(texts) - len(wanted))
        with closing(Reader(first)) as reader:
            for number, (line, text) in enumerate(wanted, 1):
                stored = request(reader, number)
                kept = stored.text or stored.subject
                assert kept.split() == plain(text).split()
                assert original(reader, number) == line
        Path(folder, "all.jsonl").write_bytes(exported(first))
        import_file(f"{folder}/all.jsonl", second, clock, ImportOptions(f"{folder}/state"))
        assert exported(second) == exported(first)


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("start", ["", "\ufeff"])
    def test_any_delimiter_with_and_without_a_mark_at_the_start(
        self, delimiter: str, start: str, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = [
            ["subject", "text", "customer", "channel", "kind", "priority", "tags"],
            [
                "Where, is it?",
                'It "was"\ndue; today',
                "Meyer AG",
                "phone",
                "compl",
                "high",
                "a,B c",
            ],
        ]
        with open(write("in.csv", start), "a", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        assert take(file.name).imported == 1
        stored = request(reader, 1)
        assert (stored.subject, stored.text) == ("Where, is it?", 'It "was"\ndue; today')
        assert (stored.customer, stored.channel, stored.kind) == ("Meyer AG", "phone", "complaint")
        assert (stored.priority, stored.tags) == ("high", ("a", "b-c"))
        assert stored.state == "new"

    def test_text_alone_suffices(self, write: Write, take: Take, reader: Reader) -> None:
        take(write("in.csv", "text\nWhere is my order?\n"))
        assert (request(reader, 1).subject, request(reader, 1).text) == ("Where is my order?", "")

    def test_names_in_german_and_in_any_spelling(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(
            write("in.csv", "Betreff;E-Mail;Fällig;Priorität\nTor;a@ott.example;27.11.2026;low\n")
        )
        stored = request(reader, 1)
        assert report.not_stored == ()
        assert (stored.subject, stored.priority) == ("Tor", "low")
        assert stored.due_at == datetime(2026, 11, 27, 16, tzinfo=UTC)
        assert stored.customer == "a@ott.example"

    def test_a_mapped_column(self, write: Write, take: Take, reader: Reader) -> None:
        file = write("in.csv", "Q,category\nWhere is it?,card_arrival\n")
        take(file, mapping={"q": "text", "category": "tag"}, defaults={"channel": "web"})
        stored = request(reader, 1)
        assert (stored.subject, stored.tags, stored.channel) == (
            "Where is it?",
            ("card_arrival",),
            "web",
        )

    def test_columns_that_mean_nothing_are_named_and_kept_in_the_original(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(write("in.csv", "text,mood,shoe size\nHello there,bad,43\n"))
        assert report.not_stored == ("mood", "shoe size")
        assert original(reader, 1) == b"Hello there,bad,43"

    def test_an_old_encoding_is_read_and_said(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(write("in.csv", "text\nGrüße für 5 €\n".encode("cp1252")))
        assert request(reader, 1).subject == "Grüße für 5 €"
        assert original(reader, 1) == "Grüße für 5 €".encode("cp1252")
        assert "Windows-1252" in report.remarks[0]

    def test_long_fields_and_nul_are_no_harm(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        long = "word " * 60_000
        report = take(write("in.csv", f'text\n"{long}"\n"a \0 b"\n'))
        assert (report.imported, report.refused) == (2, 0)
        assert request(reader, 1).text == long.strip()
        assert request(reader, 2).subject == "a \ufffd b"

    def test_rows_that_do_not_fit_are_refused_and_the_others_come_in(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(
            write(
                "in.csv",
                "text,channel\n"
                "one,email\n"
                "two,email,more\n"
                "three\n"
                '"never closed,email\n'
                "four,phone\n"
                "\n"
                "five,pigeon\n"
                "  ,email\n"
                '"six\nlines",email\n',
            )
        )
        assert (report.imported, report.refused) == (5, 3)
        subjects = [request(reader, n).subject for n in range(1, 6)]
        assert subjects == ["one", "three", "four", "five", "six"]
        assert report.refused_file is not None
        with open(report.refused_file, newline="", encoding="utf-8") as file:
            header, *refused = list(csv.reader(file))
        assert header == ["line", "reason", "row"]
        assert [(line, row) for line, _, row in refused] == [
            ("3", "two,email,more"),
            ("5", '"never closed,email'),
            ("9", "  ,email"),
        ]
        for (_, reason, _), word in zip(refused, ("3 fields", "not CSV", "no words"), strict=True):
            assert word in reason

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"\xef\xbb\xbf\n\n", "is empty"),
            (b"text\n", "holds no rows"),
            (b"text,text\na,b\n", "twice"),
            (b"subject,betreff\na,b\n", "both mean subject"),
            (b"name,mood\na,b\n", "no column has the words.*name, mood"),
            (b"\0\1\2\3" * 400, "binary"),
            (b"PK\3\4...", "Excel"),
            ("text\nhallo\n".encode("utf-32"), "UTF-32"),
            (b"text\rone\rtwo\r", "old Mac"),
        ],
    )
    def test_a_file_that_cannot_be_read_as_requests(
        self, content: bytes, said: str, write: Write, take: Take, path: str
    ) -> None:
        before = exported(path)
        with pytest.raises(NotUnderstood, match=said):
            take(write("in.csv", content))
        assert exported(path) == before

    def test_a_column_to_map_that_is_not_there(self, write: Write, take: Take) -> None:
        with pytest.raises(NotUnderstood, match=r"no column “category”.*text"):
            take(write("in.csv", "text\nHello\n"), mapping={"category": "tags"})
        with pytest.raises(NotUnderstood, match="“mood” is no field"):
            take(write("in.csv", "text\nHello\n"), mapping={"text": "mood"})

    def test_no_file(self, take: Take, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match="there is no file"):
            take(str(tmp_path / "nowhere.csv"))
        with pytest.raises(NotUnderstood, match="is not a file"):
            take(str(tmp_path))


class TestJsonLines:
    def test_all_fields(self, write: Write, take: Take, reader: Reader) -> None:
        row = {
            "number": 7,
            "subject": "Invoice",
            "text": "It is wrong",
            "customer": None,
            "kind": "complaint",
            "channel": "letter",
            "priority": "low",
            "tags": ["b", "a"],
            "received_at": "2026-01-05T09:00:00+01:00",
            "due_at": None,
            "first_answered_at": "2026-01-05T10:00:00",
            "resolved_at": "2026-01-06T08:00:00Z",
            "resolution": "declined",
            "state": "resolved",
        }
        report = take(write("in.jsonl", json.dumps(row)))
        stored = request(reader, 1)
        assert report.not_stored == ("number",)
        assert (stored.state, stored.resolution, stored.court) == ("resolved", "declined", None)
        assert stored.received_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
        assert stored.first_answered_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
        assert stored.resolved_at == datetime(2026, 1, 6, 8, tzinfo=UTC)
        assert [activity.event for activity in stored.activities] == ["received", "resolved"]
        assert stored.tags == ("a", "b")

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("{", "not JSON"),
            ("[1]", "not an object"),
            ("42", "not an object"),
            ("[" * 100_000, "not JSON"),
            ('{"text": 42}', "text must be text, not a number"),
            ('{"text": ["a"]}', "text must be text, not a list"),
            ('{"text": "a", "tags": [1]}', "tags must be text"),
            ('{"text": "a", "received_at": true}', "a date must be text, not true or false"),
            ('{"text": "a", "received_at": "soonish"}', "received_at: .*no whole date"),
            ('{"text": "a", "received_at": "2027-01-01T00:00:00Z"}', "in the future"),
            ('{"text": "a", "due_at": "0001-01-01T00:00:00+14:00"}', "due_at"),
            ('{"text": "a", "state": ["open"]}', "state must be text, not a list"),
            ('{"text": "a", "state": "open", "resolution": "solved"}', "yet has a resolution"),
            (
                '{"text": "a", "received_at": "2026-02-01", "resolved_at": "2026-01-01"}',
                "before it",
            ),
            ('{"text": "a", "body": "b"}', "given twice"),
            ('{"mood": "bad"}', "no words"),
            ('{"text": "\\u0000"', "not JSON"),
            (b'{"text": "\xff"}', "not UTF-8"),
        ],
    )
    def test_a_row_that_is_refused(
        self, row: str | bytes, said: str, write: Write, take: Take, reader: Reader
    ) -> None:
        raw = row.encode() if isinstance(row, str) else row
        report = take(write("in.jsonl", b'{"text": "good"}\n' + raw + b'\n{"text": "fine"}\n'))
        assert (report.imported, report.refused) == (2, 1)
        assert report.refused_file is not None
        (entry,) = [json.loads(line) for line in Path(report.refused_file).read_text().splitlines()]
        assert entry["line"] == 2
        assert entry["row"] == raw.decode("utf-8" if raw != b'{"text": "\xff"}' else "cp1252")
        assert re.search(said, entry["reason"])
        assert counts(reader, datetime(2026, 11, 23, tzinfo=UTC)).new == 2

    def test_half_a_surrogate_is_shown_as_unreadable(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(write("in.jsonl", '{"text": "a \\ud800 b"}\n'))
        assert request(reader, 1).subject == "a \ufffd b"
        assert original(reader, 1) == b'{"text": "a \\ud800 b"}'

    def test_a_date_without_a_zone_is_meant_here(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(write("in.jsonl", '{"text": "a", "received_at": "2026-07-01 12:00"}\n'))
        assert request(reader, 1).received_at == datetime(2026, 7, 1, 10, tzinfo=UTC)

    def test_an_array_is_refused_with_what_to_do(self, write: Write, take: Take) -> None:
        with pytest.raises(NotUnderstood, match="one object a line: jq"):
            take(write("in.json", '[{"text": "a"}]'))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Where is it?", "Where is it?"),
        ("Where is it?\nI wait.", "Where is it?"),
        ("First. " + "then " * 60, "First."),
        ("then " * 60, "then " * 15 + "then…"),
        ("x" * 300, "x" * 80 + "…"),
    ],
)
def test_a_text_without_a_subject_gets_one(text: str, subject: str) -> None:
    assert subject_of(text) == subject


class TestWhatIsStored:
    def test_each_field_of_a_row_is_where_it_belongs(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        row = {
            "subject": "Invoice",
            "text": "It is wrong",
            "customer": "Hotel Krone",
            "kind": "complaint",
            "channel": "phone",
            "priority": "high",
            "tags": "b, a",
            "due_at": "2026-11-24T09:00:00Z",
            "received_at": "2026-11-20T09:00:00Z",
        }
        take(write("in.jsonl", json.dumps(row)))
        stored = request(reader, 1)
        kept = ("subject", "text", "kind", "channel", "priority")
        assert {name: getattr(stored, name) for name in kept} == {name: row[name] for name in kept}
        assert (stored.customer, stored.tags) == ("Hotel Krone", ("a", "b"))
        assert stored.due_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
        assert stored.received_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
        assert [activity.event for activity in stored.activities] == [Event.RECEIVED]
        assert reader.value("SELECT raw FROM original") == json.dumps(row).encode()

    def test_only_a_row_with_a_due_date_that_is_not_resolved_has_one_given(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(
            write(
                "in.csv",
                "text,state,received,due\n"
                "one,new,3.11.2026 10:00,25.11.2026\n"
                "two,open,3.11.2026 10:00,25.11.2026\n"
                "three,open,3.11.2026 10:00,\n"
                "four,closed,3.11.2026 10:00,5.11.2026\n",
            )
        )
        due = int(datetime(2026, 11, 25, 16, tzinfo=UTC).timestamp())
        assert reader.rows("SELECT due_at, due_for, due_since FROM request ORDER BY id") == [
            (due, "given", None),
            (due, "given", None),
            (None, None, None),
            (None, None, None),
        ]

    def test_the_clocks_of_what_came_in_are_wound_when_the_desk_looks(
        self, write: Write, take: Take, path: str, clock: FixedClock, deadlines: Any
    ) -> None:
        take(
            write(
                "in.csv",
                "text,channel,state,received,due\n"
                "one,email,open,20.11.2026 10:00,\n"
                "two,email,new,20.11.2026 10:00,25.11.2026\n"
                "three,email,closed,3.11.2026,\n",
            )
        )
        with closing(connect(path)) as connection:
            assert due_dates.wind(connection, deadlines) == 2
        with closing(Reader(path)) as reader:
            one, two, three = (request(reader, number) for number in (1, 2, 3))
        assert (one.due_for, one.due_at) == (
            "first-answer",
            datetime(2026, 11, 23, 9, tzinfo=UTC),
        )
        assert (two.due_for, two.due_at) == ("given", datetime(2026, 11, 25, 16, tzinfo=UTC))
        assert one.resolve_by == two.resolve_by == datetime(2026, 11, 27, 9, tzinfo=UTC)
        assert three.due_at is three.resolve_by is None

    def test_is_undone_and_done_again_as_one_step(
        self, write: Write, take: Take, desk: Desk, rows_of: Rows
    ) -> None:
        desk.do(drafts.Capture("was here before", tags=("a",)))
        before = rows_of()
        file = write("in.csv", "text,tags,customer\n" + "Where is it?,a b,Meyer AG\n" * 1200)
        take(file)
        after = rows_of()
        done = desk.undo()
        assert (done.label, len(done.numbers)) == ("import in.csv", 1200)
        assert rows_of() == before
        desk.redo()
        assert rows_of() == after

    def test_what_shows_nothing_is_no_subject_and_no_customer(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        blank = "\u200b\u3164"
        rows = [
            {"text": blank},
            {"subject": blank, "text": "Where is it?", "customer": blank, "tags": blank},
            {"text": f"{blank}\nWhere is it?\n" + "Please answer. " * 20},
        ]
        report = take(write("in.jsonl", "\n".join(map(json.dumps, rows))))
        assert (report.imported, report.refused) == (2, 1)
        for number in (1, 2):
            taken = request(reader, number)
            assert (taken.subject, taken.customer, taken.tags) == ("Where is it?", None, ())

    def test_a_file_whose_name_is_no_text_comes_in(
        self, write: Write, take: Take, desk: Desk
    ) -> None:
        file = write(os.fsdecode(b"caf\xe9.csv"), "text,due\nWhere is it?,\nx,odd\n")
        report = take(file)
        assert (report.imported, report.refused) == (1, 1)
        assert report.refused_file == file.replace(".csv", ".refused.csv")
        assert desk.undo().label == "import caf\ufffd.csv"

    def test_a_customer_is_recognised_or_made_once(
        self, write: Write, take: Take, desk: Desk, reader: Reader
    ) -> None:
        desk.do(drafts.EditCustomer(name="Hotel Krone", organisation="Krone Group"))
        for name in ("Meyer AG", "Meyer GmbH"):
            desk.do(drafts.EditCustomer(name=name))
        report = take(
            write(
                "in.csv",
                "text,customer,email\n"
                "one,krone,\n"
                "two,Bäckerei Ott,\n"
                "three,baeckerei ott,\n"
                "four,Meyer,\n"
                "five,Hotel Adler,desk@adler.example\n"
                "six,,desk@adler.example\n"
                "seven,Hotel Adler,bar@adler.example\n",
            )
        )
        names = [request(reader, number).customer for number in range(1, 8)]
        assert names == [
            "Hotel Krone", "Bäckerei Ott", "Bäckerei Ott", None,
            "Hotel Adler", "Hotel Adler", "Hotel Adler",
        ]  # fmt: skip
        ids = [request(reader, number).customer_id for number in (5, 6, 7)]
        assert ids[0] == ids[1] != ids[2]
        assert [a.value for a in customer(reader, ids[0] or 0).addresses] == ["desk@adler.example"]
        assert any("Meyer AG" in remark and "Meyer GmbH" in remark for remark in report.remarks)

    def test_a_resolved_row_stands_among_the_resolved(
        self, write: Write, take: Take, reader: Reader, clock: FixedClock
    ) -> None:
        take(
            write(
                "in.csv",
                "text,state,resolution,received,due\n"
                "one,closed,,3.11.2026,5.11.2026\n"
                "two,,declined,,\n"
                "three,open,,3.11.2026 10:00,\n",
            )
        )
        held = counts(reader, clock.now())
        assert (held.resolved, held.new, held.my_turn) == (2, 0, 1)
        assert [row.resolution for row in page(reader, VIEWS["resolved"], clock.now(), 0, 9)] == [
            "declined",
            "solved",
        ]
        third = request(reader, 3)
        assert third.court == "me"
        assert third.next_at == third.received_at == datetime(2026, 11, 3, 9, tzinfo=UTC)


class TestRefusedRows:
    def test_lie_beside_the_source_for_nobody_else_and_overwrite_nothing(
        self, write: Write, take: Take, tmp_path: Path
    ) -> None:
        write("in.refused.csv", "mine")
        report = take(write("in.csv", "text,due\none,odd\n"))
        assert report.refused_file == str(tmp_path / "in.refused-2.csv")
        assert stat.S_IMODE(os.stat(report.refused_file).st_mode) == 0o600
        assert (tmp_path / "in.refused.csv").read_text() == "mine"

    def test_go_to_the_state_folder_where_the_source_s_cannot_be_written(
        self, tmp_path: Path
    ) -> None:
        spare = tmp_path / "state"
        source = ImportSource(str(tmp_path / "gone" / "in.csv"), 0, 0, "", FileFormat.CSV, "utf-8")
        refused = RefusedRows(source, str(spare))
        refused.add(BadRow(3, b"row", "why"))
        refused.close()
        assert refused.path == str(spare / "in.refused.csv")
        assert Path(refused.path).read_text().splitlines() == ["line,reason,row", "3,why,row"]


class TestInterrupted:
    def test_leaves_whole_batches_that_can_be_taken_back(
        self, write: Write, take: Take, desk: Desk, reader: Reader, clock: FixedClock, rows_of: Rows
    ) -> None:
        before = rows_of()
        file = write("in.csv", many(1700))
        report = take(file, progress=stop_after(2))
        assert report.stopped
        assert (report.imported, report.next_line, report.lines) == (1000, 1002, 1701)
        assert counts(reader, clock.now()).new == 1000
        desk.undo()
        assert rows_of() == before

    def test_can_be_gone_on_with_and_never_doubles_in_silence(
        self, write: Write, take: Take, reader: Reader, clock: FixedClock
    ) -> None:
        file = write(
            "in.csv",
            "text,due\nbad,odd\n" + many(1700).removeprefix("text\n").replace("\n", ",\n"),
        )
        assert take(file, progress=stop_after(2)).imported == 1000
        with pytest.raises(Refused, match=r"1,000 rows of this file are in already.*--skip 1000"):
            take(file)
        report = take(file, skip=1000)
        assert (report.imported, report.refused, report.skipped) == (700, 0, 1000)
        subjects = {request(reader, number).subject for number in (1, 1000, 1001, 1700)}
        assert subjects == {f"Question {n} about the delivery" for n in (0, 999, 1000, 1699)}
        with pytest.raises(Refused, match="1,700 rows"):
            take(file)

    def test_an_import_that_was_undone_may_come_in_again(
        self, write: Write, take: Take, desk: Desk
    ) -> None:
        file = write("in.csv", many(3))
        take(file)
        desk.undo()
        assert take(file).imported == 3
        desk.undo()
        desk.redo()
        assert take(write("other.csv", many(2))).imported == 2

    def test_by_a_real_signal(self, write: Write, path: str, tmp_path: Path) -> None:
        file = write("in.csv", many(30_000))
        process = subprocess.Popen(
            [sys.executable, "-m", "poc_tui", "--db", path, "import", file],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        with closing(Reader(path, busy_ms=10_000)) as reader:
            while process.poll() is None and not reader.value("SELECT count(*) FROM journal"):
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            said, error = process.communicate(timeout=60)
            stored = reader.value("SELECT count(*) FROM request")
        assert process.returncode == 130, error
        assert 0 < stored < 30_000
        assert stored % 500 == 0
        assert f"imported {stored:,} requests" in said
        assert f"--skip {stored}" in said
        assert "Traceback" not in error


class TestOthersMeanwhile:
    def test_a_capture_gets_in_between_the_batches(
        self, write: Write, take: Take, path: str, desk: Desk, reader: Reader, clock: FixedClock
    ) -> None:
        captured: list[int] = []

        def capture(seconds: float) -> None:
            assert seconds > 0
            with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as at_once:
                at_once.execute("BEGIN IMMEDIATE")
                at_once.execute("ROLLBACK")
            captured.extend(desk.do(drafts.Capture("I am on the phone")).numbers)

        report = take(write("in.csv", many(1500)), rest=capture)
        assert report.imported == 1500
        assert captured
        assert counts(reader, clock.now()).new == 1500 + len(captured)
        assert {request(reader, n).subject for n in captured} == {"I am on the phone"}

    def test_what_they_took_back_can_still_be_done_again(
        self, write: Write, take: Take, path: str, clock: FixedClock, deadlines: Any
    ) -> None:
        with closing(Desk(path, clock, deadlines, actor="Accounting desk")) as theirs:
            theirs.do(drafts.Capture("theirs", customer=drafts.CustomerName("Meyer AG")))
            theirs.undo()
            take(write("in.csv", "text,customer,tags\nours,Hotel Krone,late\n"))
            assert theirs.redo().label == "new #1"

    def test_every_pause_is_long_enough_for_who_waits_to_ask_again(
        self, write: Write, take: Take
    ) -> None:
        pauses: list[float] = []
        take(write("in.csv", many(1500)), rest=pauses.append)
        assert len(pauses) == 2
        assert min(pauses) > ASKS_EVERY

    def test_a_step_in_between_parts_it_for_undo_and_is_named(
        self, write: Write, take: Take, desk: Desk, rows_of: Rows
    ) -> None:
        before = rows_of()
        file = write("in.csv", many(1500))
        steps = iter(range(2))

        def capture_twice(done: int, total: int) -> None:
            for _ in steps:
                desk.do(drafts.Capture("I am on the phone"))
                break

        report = take(file, progress=capture_twice)
        (remark,) = report.remarks
        assert remark.startswith("“new #1002” was done meanwhile")
        undone = [len(desk.undo().numbers) for _ in range(5)]
        assert undone == [500, 1, 500, 1, 500]
        assert rows_of() == before

    def test_a_step_before_or_after_it_is_not_named(
        self, write: Write, take: Take, desk: Desk
    ) -> None:
        desk.do(drafts.Capture("before"))
        assert take(write("in.csv", many(1500))).remarks == ()
        desk.do(drafts.Capture("between two imports"))
        assert take(write("other.csv", many(600))).remarks == ()

    def test_an_undo_in_between_takes_customers_away_and_the_rest_still_comes_in(
        self, write: Write, take: Take, desk: Desk, reader: Reader
    ) -> None:
        file = write("in.csv", "text,customer,tags\n" + "Where is it?,Meyer AG,late\n" * 1000)
        calls = iter([desk.undo])

        def undo_once(done: int, total: int) -> None:
            for undo in calls:
                undo()

        report = take(file, progress=undo_once)
        assert report.imported == 500
        (meyer,) = customers(reader)
        assert (meyer.name, meyer.open_count) == ("Meyer AG", 500)

    @pytest.mark.parametrize("rows", [1000, 1200])
    def test_what_was_taken_back_in_between_is_told_and_the_rest_still_comes_in(
        self, rows: int, write: Write, take: Take, desk: Desk
    ) -> None:
        pauses = iter(range(10))

        def undo_in_the_last(seconds: float) -> None:
            if next(pauses) == (rows - 1) // 500 - 1:
                desk.undo()

        report = take(write("in.csv", many(rows)), rest=undo_in_the_last)
        whole = (rows - 1) // 500 * 500
        assert (report.imported, report.taken_back) == (rows - whole, whole)
        assert report.next_line == report.lines + 1

    def test_an_import_that_is_taken_back_and_stopped_goes_on_behind_all_that_came_in(
        self, write: Write, take: Take, desk: Desk
    ) -> None:
        def undo_and_stop(done: int, total: int) -> None:
            desk.undo()
            raise KeyboardInterrupt

        report = take(write("in.csv", many(1500)), progress=undo_and_stop)
        assert (report.imported, report.taken_back, report.next_line) == (0, 500, 502)
        assert report.stopped


class TestCommands:
    def test_import_says_what_came_of_it(
        self, write: Write, path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = write("in.csv", "question,mood\x1b[31m,due\nHello,bad,odd\nHi there,good,\n")
        assert run(["--db", path, "import", file, "--map", "question=text"], clock=clock) == 0
        said = capsys.readouterr().out
        assert "imported 1 request · refused 1 (see" in said
        assert "not stored as fields: mood" in said
        assert "\x1b" not in said

    @pytest.mark.parametrize(
        ("content", "options", "code", "said"),
        [
            ("text\n", [], 2, "no rows"),
            ("text,due\na,odd\n", [], 1, "no row of"),
            ("text\na\n", ["--map", "text"], 2, "--map category=tags"),
            ("text\na\n", ["--default", "mood=bad"], 2, "is no field"),
            ("text\na\n", ["--default", "via=pigeon"], 2, "“pigeon” is no channel; choose from"),
        ],
    )
    def test_exit_codes(
        self,
        content: str,
        options: list[str],
        code: int,
        said: str,
        write: Write,
        path: str,
        clock: FixedClock,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        command = ["--db", path, "import", write("in.csv", content), *options]
        assert run(command, clock=clock) == code
        assert said in capsys.readouterr().err

    def test_export_to_a_file_and_to_standard_output(
        self,
        desk: Desk,
        path: str,
        tmp_path: Path,
        clock: FixedClock,
        capfdbinary: pytest.CaptureFixture[bytes],
    ) -> None:
        desk.do(drafts.Capture("Where is my order?", raw=b"\xff\0"))
        target = tmp_path / "all.jsonl"
        assert run(["--db", path, "export", "-o", str(target)], clock=clock) == 0
        capfdbinary.readouterr()
        assert run(["--db", path, "export"], clock=clock) == 0
        sys.stdout.flush()
        assert capfdbinary.readouterr().out == target.read_bytes() == exported(path)
        rows = [json.loads(line) for line in target.read_text().splitlines()]
        assert (rows[0]["poc"], rows[0]["schema"]) == (1, SCHEMA_VERSION)
        (kept,) = [row for row in rows if row.get("table") == "original"]
        assert base64.b64decode(kept["raw"]) == b"\xff\0"
        (stored,) = [row for row in rows if row.get("table") == "request"]
        assert stored["received_at"] == "2026-11-23T08:12:00Z"


def changed(rows: list[dict[str, Any]], table: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of an export, the first of a table with other values."""
    first = next(n for n, row in enumerate(rows) if row.get("table") == table)
    return [*rows[:first], rows[first] | values, *rows[first + 1 :]]


def stop_after(batches: int) -> Callable[[int, int], None]:
    """A progress that has Ctrl+C pressed after so many batches."""
    seen = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) == batches:
            raise KeyboardInterrupt

    return progress


def fields(draft: drafts.Capture) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


def dump(store: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every exported table, JSON compared as what it means."""
    with closing(connect(store)) as connection:
        return {
            table: [
                tuple(
                    json.loads(value) if name == "changes" and value is not None else value
                    for name, value in zip(columns, row, strict=True)
                )
                for row in connection.execute(
                    f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(KEYS[table])}"
                )
            ]
            for table, columns in TABLES.items()
        }
