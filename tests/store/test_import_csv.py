"""CSV as people and other helpdesks have it: it comes in, or a sentence says what to do."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from pathlib import Path

import pytest

from poc_tui.cli.main import run
from poc_tui.errors import NotUnderstood
from poc_tui.rules.time_source import FixedClock
from poc_tui.store.desk import Desk
from poc_tui.store.exchange.lines import LONGEST_LINE
from poc_tui.store.queries.queue import counts
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import original, request
from tests.conftest import Take, Write

EXPORTS = Path(__file__).parents[3] / "shared" / "corpora" / "exports"


def subjects(reader: Reader) -> list[str]:
    return [subject for (subject,) in reader.rows("SELECT subject FROM request ORDER BY id")]


def noted(reader: Reader, number: int) -> list[str]:
    return [a.text for a in request(reader, number).activities if a.event == "noted"]


def refused(report_file: str | None) -> list[tuple[int, str]]:
    """Line and reason of each row that was kept aside."""
    assert report_file is not None
    with open(report_file, newline="", encoding="utf-8") as file:
        return [(int(line), reason) for line, reason, _ in list(csv.reader(file))[1:]]


class TestSeparators:
    @pytest.mark.parametrize(
        ("first", "sign"),
        [
            ("sep=;\r\n", ";"),
            ("\ufeffsep=;\n", ";"),
            ("SEP=,\n", ","),
            ('"sep=|"\n', "|"),
            ("sep=\t\n", "\t"),
            ("sep=^\n", "^"),
            ("\n\n", ";"),
            ("", "|"),
        ],
    )
    def test_the_first_line_of_a_spreadsheet_says_what_parts_the_values(
        self, first: str, sign: str, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = f"subject{sign}customer\r\nHallo{sign}Meier\r\n"
        assert take(write("in.csv", first + rows)).imported == 1
        assert (request(reader, 1).subject, request(reader, 1).customer) == ("Hallo", "Meier")

    def test_of_two_that_part_the_first_line_alike_the_second_line_decides(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(write("in.csv", "Status, neu;Betreff\noffen;Tor klemmt\n"))
        assert subjects(reader) == ["Tor klemmt"]

    def test_a_separator_that_no_file_can_have_is_the_name_of_a_column(
        self, write: Write, take: Take
    ) -> None:
        with pytest.raises(NotUnderstood, match=r'no column has the words.*sep="'):
            take(write("in.csv", 'sep="\n'))


class TestRows:
    def test_what_is_missing_at_the_end_is_empty_and_a_row_of_nothing_is_none(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = "subject;text;customer;tags\r\nA;aa;Meier;x\r\nC;cc;Huber\r\nD;dd\r\n"
        rows += ";;;\r\n ; ;;\r\n;\r\nE\r\n"
        report = take(write("in.csv", rows))
        assert (report.imported, report.refused) == (4, 0)
        assert subjects(reader) == ["A", "C", "D", "E"]
        assert [request(reader, n).customer for n in (2, 3)] == ["Huber", None]
        assert report.remarks == (
            "3 rows end before the last column (the first is line 3); what is missing was taken "
            "as empty",
        )

    def test_separators_behind_the_last_column_are_nothing_and_more_values_are_refused(
        self, write: Write, take: Take
    ) -> None:
        report = take(write("in.csv", "text,tags\na,b,,,\na,b,,x,\n"))
        assert (report.imported, report.refused) == (1, 1)
        assert refused(report.refused_file) == [(3, "has 4 fields where the first line has 2")]

    def test_line_ends_within_quotation_marks_stay(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(write("in.csv", 'text,tags\n"one\r\n\r\ntwo",a\n"three",b\n'))
        assert request(reader, 1).text == "one\n\ntwo"
        assert subjects(reader)[1] == "three"

    def test_a_quotation_mark_that_is_never_closed_costs_its_line_alone(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        file = write("in.csv", 'text,tags\none,a\n"two,b\n' + "three,c\n" * 3)
        report = take(file)
        assert report.imported == 4
        assert refused(report.refused_file) == [
            (3, "not CSV: line 3 opens a quotation mark that is never closed")
        ]

    def test_a_file_full_of_them_is_refused_before_anything_is_stored(
        self, write: Write, take: Take, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("poc_tui.store.exchange.csv_rows._MOST_AGAIN", 0)
        monkeypatch.setattr("poc_tui.store.exchange.csv_rows.LONGEST_LINE", 1024)
        with pytest.raises(NotUnderstood, match="opens a quotation mark that is never closed, and"):
            take(write("in.csv", "text,tags\nfirst,a\n" + 'a",b,"c\n' * 3000))
        assert subjects(reader) == []

    def test_columns_that_mean_nothing_may_share_a_name_and_tags_may_be_many(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(write("in.csv", "Summary,Labels,Comment,Labels,Comment\na,x,1,y,2\n"))
        assert report.imported == 1
        assert request(reader, 1).tags == ("x", "y")
        assert report.not_stored == ("Comment",)

    def test_the_surest_column_counts_and_another_where_it_is_empty(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(
            write(
                "in.csv",
                "Subject,Title,Status,Resolved time,Closed time,Created time\n"
                "a,CEO,Closed,2026-11-02,2026-11-03,2026-11-01\n"
                "b,CEO,Closed,,2026-11-03,2026-11-01\n"
                ",c,Closed,-,2026-11-04,2026-11-01\n"
                "d,,Closed,null,n/a,2026-11-05 12:00\n",
            )
        )
        assert subjects(reader) == ["a", "b", "c", "d"]
        ends = [request(reader, n).resolved_at for n in (1, 2, 3, 4)]
        assert [moment.day for moment in ends if moment] == [2, 3, 4, 5]


class TestEncodings:
    def test_each_line_is_read_in_its_own(self, write: Write, take: Take, reader: Reader) -> None:
        content = "subject;customer\nGröße;Müller\n".encode("utf-8-sig")
        content += "Straße;Krüger\n".encode("cp1252") + "Öl;Bär\n".encode()
        report = take(write("in.csv", content))
        assert [(request(reader, n).subject, request(reader, n).customer) for n in (1, 2, 3)] == [
            ("Größe", "Müller"), ("Straße", "Krüger"), ("Öl", "Bär"),
        ]  # fmt: skip
        assert original(reader, 2) == "Straße;Krüger".encode("cp1252")
        assert report.remarks == (
            "1 line is not UTF-8 as the others (the first is line 3); read as Windows-1252",
        )

    def test_bytes_that_mean_nothing_there_are_told(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        report = take(write("in.txt", "über,text\n,Grüße\n,Öl\n".encode("cp850")))
        assert subjects(reader)[0] == "Gr\ufffdáe"
        (remark,) = report.remarks
        assert "read as Windows-1252; 2 lines hold bytes that mean nothing there" in remark
        assert "save the file as UTF-8" in remark

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_as_spreadsheets_save_unicode_text(
        self, encoding: str, write: Write, take: Take, reader: Reader
    ) -> None:
        # Characters of which one half is the byte that ends a line in other encodings.
        rows = ["subject\ttext", 'Größe ਊ Ċ\t"zwei\r\nZeilen"', "Straße\t€"]
        mark = "\ufeff".encode(encoding)
        report = take(
            write("in.txt", mark + "".join(f"{row}\r\n" for row in rows).encode(encoding))
        )
        assert (report.imported, report.refused, report.remarks) == (2, 0, ())
        assert (request(reader, 1).subject, request(reader, 1).text) == (
            "Größe ਊ Ċ", "zwei\nZeilen",
        )  # fmt: skip
        assert original(reader, 2) == rows[2].encode(encoding)

    def test_json_lines_are_utf_8(self, write: Write, take: Take) -> None:
        with pytest.raises(NotUnderstood, match="is UTF-16, and JSON lines are UTF-8"):
            take(write("in.jsonl", '{"text": "Größe"}\n'.encode("utf-16")))


class TestSize:
    """Ten times as much takes ten times as long, and nothing fills the memory."""

    def test_a_line_that_is_too_long_is_refused_and_the_next_comes_in(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        long = "x" * (LONGEST_LINE + 10)
        report = take(write("in.csv", f'text,tags\none,a\n{long},b\n"{long}",b\ntwo,a\n'))
        assert subjects(reader) == ["one", "two"]
        assert refused(report.refused_file) == [
            (line, f"longer than {LONGEST_LINE:,} bytes") for line in (3, 4)
        ]

    def test_a_first_line_that_is_too_long_is_said(self, write: Write, take: Take) -> None:
        with pytest.raises(NotUnderstood, match="line 1, which names the columns, is longer than"):
            take(write("in.csv", "text," * (LONGEST_LINE // 5 + 1) + "\na\n"))

    def test_a_field_that_is_too_long_is_said(self, write: Write, take: Take) -> None:
        report = take(write("in.csv", f"text\n{'x' * 1_100_000}\nfine\n"))
        assert refused(report.refused_file) == [
            (2, "not CSV: a field is longer than 1,048,576 characters")
        ]

    def test_many_columns_and_many_empty_rows_take_no_more_than_their_bytes(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        def seconds(name: str, content: str) -> float:
            file = write(name, content)
            began = time.process_time()
            assert take(file).imported == 1
            return time.process_time() - began

        def wide(count: int) -> str:
            return f"text,{','.join(f'c{n}' for n in range(count))}\nhello,{'x,' * (count - 1)}x\n"

        few, many = seconds("few.csv", wide(4_000)), seconds("many.csv", wide(80_000))
        assert many < 60 * few + 1  # squares would be 400
        few = seconds("rows.csv", "text,tags\nhello,\n" + ",\n" * 4_000)
        many = seconds("more.csv", "text,tags\nhello,\n" + ",\n" * 80_000)
        assert many < 60 * few + 1


class TestWords:
    def test_the_words_of_other_helpdesks_are_known(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        zendesk = (
            "Id,Requester,Subject,Status,Priority,Created at\n"
            "1,Anna,Frage,solved,Urgent,2026-10-01 10:15:00\n"
            "2,Bert,Defekt,on-hold,High,2026-11-05 10:15:00\n"
            "3,Cleo,Neu,new,-,2026-11-20 09:00:00\n"
        )
        znuny = (
            "Titel;Status;Priorität;Kunde;Erstellt am\n"
            "Rechnung;closed successful;3 normal;Müller;2026-11-05 10:15:00\n"
            "Lieferung;warten auf Erinnerung;hoch;Meier;05.11.2026 10:15\n"
            "Dopplung;zusammengefasst;1 niedrig;Meier;2026-11-05 10:15:00\n"
        )
        assert take(write("zendesk.csv", zendesk)).refused == 0
        assert take(write("znuny.csv", znuny)).refused == 0
        assert [
            (r.state, r.resolution, r.priority) for r in (request(reader, n) for n in range(1, 7))
        ] == [
            ("resolved", "solved", "critical"),
            ("open", None, "high"),
            ("new", None, "normal"),
            ("resolved", "solved", "normal"),
            ("open", None, "high"),
            ("resolved", "duplicate", "low"),
        ]
        assert [noted(reader, n) for n in (1, 2, 5)] == [
            [], ["Status: on-hold"], ["Status: warten auf Erinnerung"],
        ]  # fmt: skip

    def test_a_word_that_is_not_known_is_noted_on_its_request_and_said(
        self, write: Write, take: Take, reader: Reader, desk: Desk, clock: FixedClock
    ) -> None:
        rows = "text,Status,Type,Prio\na,parked,Epic,9\nb,parked,frage,hoch\nc,,,n/a\n"
        report = take(write("in.csv", rows))
        assert (report.imported, report.refused) == (3, 0)
        assert noted(reader, 1) == ["Status: parked\nType: Epic\nPrio: 9"]
        assert noted(reader, 2) == ["Status: parked"]
        assert noted(reader, 3) == []
        assert request(reader, 1).activities[-1].at == clock.now()
        assert [request(reader, n).state for n in (1, 2, 3)] == ["new"] * 3
        assert any("under “Status”: “parked” (2)" in remark for remark in report.remarks)
        assert any("--values 'Type:Epic=…'" in remark for remark in report.remarks)
        desk.undo()
        assert counts(reader, clock.now()).new == 0

    def test_a_person_says_what_a_word_means(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = "text,Status,Ticket: level,Prio\na,On Hold,1,urgent\nb,parked=yes,2,3\n"
        said = [
            ("status:on hold", "neu"), ("state:Parked=Yes", "open"), ("Ticket: level:1", "high"),
            ("prio:3", "low"), ("prio:7", "low"),
        ]  # fmt: skip
        file = write("in.csv", rows)
        with pytest.raises(NotUnderstood, match="“ticket:_level” is none of state, kind"):
            take(file, values=said)
        rows = rows.replace(",Prio", ",Art").replace(",urgent", ",").replace(",3\n", ",\n")
        file = write("in.csv", rows)
        report = take(file, values=said[:3], mapping={"Ticket: level": "priority"})
        assert [(request(reader, n).state, request(reader, n).priority) for n in (1, 2)] == [
            ("new", "high"), ("open", "normal"),
        ]  # fmt: skip
        assert noted(reader, 1) == []
        assert noted(reader, 2) == ["Ticket: level: 2"]
        assert any("“2” (1)" in remark for remark in report.remarks)

    def test_a_word_that_never_comes_is_said(self, write: Write, take: Take) -> None:
        report = take(write("in.csv", "text,status\na,open\n"), values=[("status:x", "open")])
        assert report.remarks == ("no row has “x” under “status”",)

    @pytest.mark.parametrize(
        ("words", "value", "said"),
        [
            ("mood:bad", "open", "there is no column “mood”; there are text, status"),
            ("status:x", "sleeping", "“sleeping” is no state; choose from new, open, resolved"),
            ("text:x", "open", "“text” is none of state, kind"),
            ("kind:x", "order", None),
        ],
    )
    def test_what_is_said_is_checked_before_anything_is_stored(
        self, words: str, value: str, said: str | None, write: Write, take: Take, reader: Reader
    ) -> None:
        file = write("in.csv", "text,status\na,open\n")
        if said is None:
            assert take(file, values=[(words, value)]).imported == 1
            return
        with pytest.raises(NotUnderstood, match=said):
            take(file, values=[(words, value)])
        assert subjects(reader) == []

    def test_json_lines_have_the_same_words_and_numbers_are_words(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = [
            {"text": "a", "status": "On-hold", "priority": 4, "created_at": 1762334100},
            {"text": "b", "status": 5, "channel": "Anruf", "created_at": "1762334100"},
        ]
        file = write("in.jsonl", "\n".join(map(json.dumps, rows)))
        take(file, values=[("priority:4", "critical"), ("status:5", "closed")])
        one, two = request(reader, 1), request(reader, 2)
        assert (one.state, one.priority, one.received_at.isoformat()) == (
            "open", "critical", "2025-11-05T09:15:00+00:00",
        )  # fmt: skip
        assert (two.state, two.channel) == ("resolved", "phone")


class TestDates:
    def test_a_column_is_decided_before_a_row_is_stored(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = "subject,received\nA,11/05/2026 09:30\nB,11/13/2026 09:30\nC,13/11/2026 10:00\n"
        report = take(write("in.csv", rows + "D,11/20/2026 10:00\n"))
        days = [request(reader, n).received_at.isoformat()[:10] for n in (1, 2, 3)]
        assert days == ["2026-11-05", "2026-11-13", "2026-11-20"]
        assert report.remarks == (
            "dates under “received” are read month first (11/13/2026 09:30 on line 3)",
        )
        ((line, reason),) = refused(report.refused_file)
        assert line == 4
        assert "received_at: “13/11/2026 10:00” contradicts its column" in reason

    def test_what_no_row_proves_is_asked_for_and_nothing_is_stored(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        file = write("in.csv", "subject,received,due\nA,03/04/2026,2026-12-01\n")
        with pytest.raises(NotUnderstood, match=r"can be 4 Mar 2026 or 3 Apr 2026.*--day-first"):
            take(file)
        assert subjects(reader) == []
        report = take(file, day_first=True)
        assert request(reader, 1).received_at.isoformat()[:10] == "2026-04-02"  # 22:00 UTC
        assert "day first, as was asked for" in report.remarks[0]

    def test_each_column_is_decided_by_itself(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        rows = "subject,received,due\nA,11/05/2026 9:00,13/12/2026\nB,11/13/2026 9:00,05/12/2026\n"
        take(write("in.csv", rows))
        one, two = request(reader, 1), request(reader, 2)
        assert one.received_at.isoformat()[:10] == "2026-11-05"
        assert [str(r.due_at)[:10] for r in (one, two)] == ["2026-12-13", "2026-12-05"]

    def test_a_column_that_is_called_one_of_utc_is(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        take(write("in.csv", "text,Created At (UTC)\na,2026-11-05 10:15:00\n"))
        assert request(reader, 1).received_at.isoformat() == "2026-11-05T10:15:00+00:00"

    def test_json_lines_are_decided_as_well(self, write: Write, take: Take, reader: Reader) -> None:
        rows = [{"text": "a", "date": "11/05/2026"}, {"text": "b", "date": "11/13/2026"}]
        take(write("in.jsonl", "\n".join(map(json.dumps, rows))))
        assert request(reader, 1).received_at.isoformat()[:10] == "2026-11-04"  # 23:00 UTC


class TestCommand:
    def test_says_and_takes_what_a_person_says(
        self, write: Write, path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = write("in.csv", "text,received,status\nA,03/04/2026,parked\nB,01/02/2026,open\n")
        assert run(["--db", path, "import", file], clock=clock) == 2
        assert "say --day-first or --month-first" in capsys.readouterr().err
        command = ["--db", path, "import", file, "--month-first", "--values", "status:parked=open"]
        assert run(command, clock=clock) == 0
        said = capsys.readouterr().out
        assert "read month first, as was asked for: 03/04/2026 on line 2 is 4 Mar 2026" in said
        assert "not known" not in said

    def test_the_settings_say_which_is_usual_and_that_is_said(
        self, write: Write, path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings = write("config.toml", "[desk]\nday_first = true\n")
        file = write("in.csv", "text,received\nA,03/04/2026\n")
        environ = {"POC_CONFIG": settings, "HOME": str(Path(file).parent)}
        assert run(["--db", path, "import", file], clock=clock, environ=environ) == 0
        said = capsys.readouterr().out
        assert "day first, as desk.day_first in the settings says: 03/04/2026 on line 2" in said
        assert "--month-first reads them the other way" in said

    @pytest.mark.parametrize("words", ["x", "status=open", "status:=open", ":x=open", "status:x="])
    def test_values_that_are_not_written_so_are_refused(
        self,
        words: str,
        write: Write,
        path: str,
        clock: FixedClock,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        file = write("in.csv", "text,status\nA,parked\n")
        assert run(["--db", path, "import", file, "--values", words], clock=clock) == 2
        assert "write it like --values status:parked=open" in capsys.readouterr().err


NO_WORDS = "no column has the words of the request"
REAL = {
    # What comes in and what is kept aside, or the sentence.
    "asana/constructed-project-export.csv": NO_WORDS,
    "clickup/workspace-export-excerpt.csv": (12, 0),
    "contacts-csv/constructed-google-2024-header.csv": NO_WORDS,
    "contacts-csv/google-classic.csv": (0, 1),
    "contacts-csv/google-new-minimal.csv": NO_WORDS,
    "contacts-csv/outlook-full-header.csv": "it may hold contacts",
    "contacts-csv/outlook-many-phones.csv": NO_WORDS,
    "freshdesk/demo-account-tickets.csv": (45, 0),
    "freshdesk/thingtrax-tickets-export.csv": (21, 0),
    "hubspot/constructed-default-view-export.csv": NO_WORDS,
    "hubspot/dummy-hubspot_companies.csv": NO_WORDS,
    "hubspot/dummy-hubspot_contacts.csv": NO_WORDS,
    "hubspot/dummy-hubspot_tickets.csv": (150, 0),
    "jira/agile-simulation-worklogs.csv": (68, 0),
    "jira/it-helpdesk-jsm-es.csv": NO_WORDS,
    "jira/planeso-migration-3-comments.csv": (22, 0),
    "odoo/contacts-list-export.csv": NO_WORDS,
    "osticket/osticket-custom-export.csv": (1, 0),
    "pipedrive/constructed-people-import-columns.csv": NO_WORDS,
    "salesforce/dataexport-Case.csv": (1, 0),
    "salesforce/dataloader-success-log.csv": (8, 1),
    "salesforce/workshop-Account.csv": (0, 22),
    "salesforce/workshop-Case.csv": (40, 0),
    "salesforce/workshop-Contact.csv": (0, 102),
    "salesforce/workshop-Task.csv": (75, 0),
    "surveys/constructed-surveymonkey-condensed.csv": NO_WORDS,
    "surveys/google-form-csat-header.csv": NO_WORDS,
    "surveys/google-form-timestamps.csv": NO_WORDS,
    "surveys/nps-segment.csv": NO_WORDS,
    "surveys/typeform-fcc-2016-first60.csv": NO_WORDS,
    "zendesk/constructed-legacy-csv-export.csv": (1, 0),
}


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared with the exports is not here")
class TestRealExports:
    """Files of other programs, with their words, dates and columns."""

    @pytest.mark.parametrize("name", REAL)
    def test_comes_in_or_says_what_to_do(self, name: str, write: Write, take: Take) -> None:
        file = write(Path(name).name, (EXPORTS / name).read_bytes())
        expected = REAL[name]
        if isinstance(expected, str):
            with pytest.raises(NotUnderstood, match=expected) as said:
                take(file)
            assert "--map" in str(said.value)
        else:
            report = take(file)
            assert (report.imported, report.refused) == expected

    def test_says_how_far_each_has_come(self, write: Write, take: Take, reader: Reader) -> None:
        for name in REAL:
            if name.startswith(("freshdesk/", "hubspot/dummy-hubspot_t", "jira/p")):
                take(write(Path(name).name, (EXPORTS / name).read_bytes()))
        states = Counter(reader.rows("SELECT state, priority FROM request"))
        assert {state for state, _ in states} == {"new", "open", "resolved"}
        assert {priority for _, priority in states} == {"low", "normal", "high", "critical"}

    def test_a_spanish_one_comes_in_with_its_columns_and_words_named(
        self, write: Write, take: Take, reader: Reader
    ) -> None:
        name = "jira/it-helpdesk-jsm-es.csv"
        report = take(
            write("in.csv", (EXPORTS / name).read_bytes()),
            mapping={
                "Resumen": "subject", "Descripción": "text", "Estado": "state",
                "Prioridad": "priority", "Creada": "received_at", "Informador": "email",
            },
            values=[("Estado:Completado", "resolved"), ("state:Resuelta", "resolved")],
        )  # fmt: skip
        assert (report.imported, report.refused, report.remarks) == (3, 0, ())
        assert {request(reader, n).state for n in (1, 2, 3)} == {"resolved"}
        assert request(reader, 1).received_at.isoformat() == "2026-07-18T07:10:00+00:00"
