"""The quick lane of `poc add` does what the full command line does, in a fraction of the time."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from poc_tui.quick import add as quick_add, list_json
from poc_tui.quick.add import NotHereError, add
from poc_tui.quick.settings_scan import may_give
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from poc_tui.system.locations import data_dir

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def poc(path: str) -> Run:
    """Runs `poc` in a process of its own."""

    def run(
        *words: str | bytes, stdin: bytes = b"", **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "poc_tui", *words],
            input=stdin,
            env=os.environ | {"POC_DB": path, "TZ": "Europe/Berlin"} | environ,
            capture_output=True,
            check=False,
        )

    return run


def test_what_somebody_else_took_back_can_still_be_done_again(
    path: str, desk: Desk, clock: FixedClock, deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The activity that they took back has a number; the new request must not get it."""
    desk.do(drafts.Capture("keys"))
    ann = Desk(path, clock, deadlines, actor="ann")
    with closing(ann):
        ann.do(drafts.Note("called"), [1])
        ann.undo()
        monkeypatch.setenv("POC_DB", path)
        assert add(["call", "back"]) == 0
        assert ann.redo().label == "note on #1"


def test_it_names_number_customer_and_date_as_understood(poc: Run) -> None:
    said = poc("add", "Invoice", "@Meyer AG", "due:2060-11-26 14:00").stdout.decode()
    assert said.splitlines() == [
        "#1  Meyer AG  due Fri 26 Nov 2060 14:00",
        "  new customer “Meyer AG”",
    ]


def test_an_ambiguous_customer_is_named_and_left_open(poc: Run, reader: Reader) -> None:
    for name in ("@Meyer AG", "@Meyer GmbH"):
        poc("add", "first", name)
    said = poc("add", "second", "@meyer").stdout.decode()
    assert "could be Meyer AG (1), Meyer GmbH (2)" in said
    assert requests.request(reader, 3).customer is None


def test_standard_input_gives_the_subject_and_the_text(poc: Run, reader: Reader) -> None:
    came = "Rechnung über 12 Stück\r\n\r\nEs waren 10.\r\nbitte prüfen +not a tag".encode()
    assert poc("add", "-", "via:letter", stdin=came).returncode == 0
    request = requests.request(reader, 1)
    assert request.subject == "Rechnung über 12 Stück"
    assert request.text == "Es waren 10.\nbitte prüfen +not a tag"
    assert (request.channel, request.tags) == ("letter", ())
    assert requests.original(reader, 1) == came


LANES = pytest.mark.parametrize("full", [[], ["--prio", "low"]], ids=["quick", "full"])
"""What `add` promises, it promises with an option as well."""


@LANES
def test_words_beside_standard_input_are_kept_as_they_came(
    poc: Run, reader: Reader, full: list[str]
) -> None:
    came = b"Es waren 10.\r\n" + b"\xff"
    assert poc("add", *full, b"Gr\xfc\xdfe", "-", "+eilt", stdin=came).returncode == 0
    assert requests.original(reader, 1) == b"Gr\xfc\xdfe +eilt\n" + came
    assert requests.request(reader, 1).text.startswith("Es waren 10.")


def test_what_is_piped_in_alone_or_beside_marks_is_kept_as_it_came(
    poc: Run, reader: Reader
) -> None:
    for number, words in enumerate((["-"], ["-", "+tag"], ["@Ott", "-", "--prio", "low"]), 1):
        assert poc("add", *words, stdin=b"Where is it?\r\n").returncode == 0
        assert requests.original(reader, number) == b"Where is it?\r\n"


def test_words_and_a_text_beside_standard_input_are_kept_too(poc: Run, reader: Reader) -> None:
    assert poc("add", "Invoice", "--text", "-", stdin=b"It is wrong.").returncode == 0
    assert requests.original(reader, 1) == b"Invoice\nIt is wrong."
    assert poc("add", "Invoice", "-", "--text", "See below.", stdin=b"Wrong.").returncode == 0
    assert requests.original(reader, 2) == b"Invoice\n\nSee below.\nWrong."
    assert requests.request(reader, 2).text == "See below.\n\nWrong."


@LANES
@pytest.mark.parametrize("blank", ["\u200b", "\u3164 \u00ad", "\u0301"])
def test_words_that_show_nothing_are_no_subject(
    poc: Run, reader: Reader, full: list[str], blank: str
) -> None:
    for words, stdin in (([blank], b""), (["-"], blank.encode()), ([blank, "-"], b"\n")):
        ended = poc("add", *full, *words, stdin=stdin)
        assert ended.returncode == 2
        assert ended.stderr.startswith(b"poc: a request needs at least one word")
    assert poc("add", *full, "x", "@\u200b").returncode == 2
    assert reader.value("SELECT count(*) FROM request") == 0


@LANES
def test_the_subject_is_the_first_line_that_shows_something(
    poc: Run, reader: Reader, full: list[str]
) -> None:
    came = "\n\ufeff\u200b\n  Wo ist es?\nBitte um Antwort.".encode()
    assert poc("add", *full, "-", stdin=came).returncode == 0
    taken = requests.request(reader, 1)
    assert (taken.subject, taken.text) == ("Wo ist es?", "Bitte um Antwort.")


@LANES
@pytest.mark.parametrize("output", [">&-", ">/dev/full", ">&- 2>&-", "| true"])
def test_a_request_that_is_stored_is_never_said_to_have_failed(
    path: str, reader: Reader, full: list[str], output: str
) -> None:
    """Else a script that tries again stores it twice."""
    words = " ".join(["add", "x", *full])
    ended = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m poc_tui {words} {output}; exit ${{PIPESTATUS[0]}}"],
        env=os.environ | {"POC_DB": path},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert reader.value("SELECT count(*) FROM request") == 1


@LANES
def test_a_terminal_without_the_letters_gets_question_marks(
    poc: Run, reader: Reader, full: list[str]
) -> None:
    ended = poc("add", "x", "@Ωmega", *full, PYTHONIOENCODING="latin-1")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.splitlines()[0] == b"#1  ?mega"
    assert reader.value("SELECT count(*) FROM request") == 1


@LANES
@pytest.mark.parametrize("stdin", ["<&-", "0>/dev/null"])
def test_standard_input_that_cannot_be_read_is_said_in_a_sentence(
    path: str, reader: Reader, full: list[str], stdin: str
) -> None:
    words = " ".join(["add", "-", *full])
    ended = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m poc_tui {words} {stdin}"],
        env=os.environ | {"POC_DB": path},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"poc: ")
    assert ended.stderr.count(b"\n") == 1
    assert reader.value("SELECT count(*) FROM request") == 0


def test_ctrl_c_while_it_waits_for_words_stores_nothing_and_is_no_crash(
    path: str, reader: Reader
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "poc_tui", "add", "-"],
        env=os.environ | {"POC_DB": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b"x" * 1_000_000)  # more than a pipe holds: it is being read
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        running.stdin.close()  # a read that begins as the signal comes would wait for ever
        assert running.stderr is not None
        assert running.stderr.read() == b"poc: stopped\n"
        assert running.wait() == 130
    assert reader.value("SELECT count(*) FROM request") == 0


def test_bytes_that_are_no_text_are_kept_as_they_came(poc: Run, reader: Reader) -> None:
    assert poc("add", b"Gr\xfc\xdfe aus K\xf6ln").returncode == 0
    assert requests.original(reader, 1) == b"Gr\xfc\xdfe aus K\xf6ln"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["Invoice", "due:sometime"], "sometime"),
        (["Invoice", "due:1999-01-01"], "past"),
        (["Invoice", "due:fri", "due:mon"], "twice"),
        (["@Meyer AG"], ""),
        ([], ""),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_stored(
    poc: Run, reader: Reader, words: list[str], says: str
) -> None:
    ended = poc("add", *words)
    assert ended.returncode == 2
    assert says in ended.stderr.decode()
    assert reader.value("SELECT count(*) FROM request") == 0
    assert reader.value("SELECT count(*) FROM customer") == 0


@pytest.mark.parametrize(
    ("words", "subject", "said"),
    [
        (["Invoice", "via:pigeon"], "Invoice via:pigeon", ["via:pigeon"]),
        (["Invoice via:pigeon is late"], "Invoice via:pigeon is late", ["via:pigeon"]),
        (["Order", "kind:Gruß und Dank", "4711"], "Order kind:Gruß und Dank 4711", ["kind:Gruß"]),
        (["x", "prio:9", "via:fon prio:?"], "x prio:9 prio:?", ["prio:9", "prio:?"]),
        (["via:pigeon"], "via:pigeon", ["via:pigeon"]),
    ],
)
def test_a_mark_whose_word_is_not_known_stays_in_the_words_and_that_is_said(
    poc: Run, reader: Reader, words: list[str], subject: str, said: list[str]
) -> None:
    ended = poc("add", *words)
    assert ended.returncode == 0, ended.stderr.decode()
    assert requests.request(reader, 1).subject == subject
    remarks = ended.stdout.decode().splitlines()[1:]
    assert len(remarks) == len(said)
    for remark, mark in zip(remarks, said, strict=True):
        assert remark.startswith(f"  “{mark}")
        assert "stays in the words" in remark


@pytest.mark.parametrize(
    "words",
    [["x", "--due", "fri"], ["x", "to:technical"], ["--help"], ["-e"], ["x", "due:a", "due:b"], []],
)
def test_what_it_does_not_know_goes_to_the_full_command_line(
    path: str, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("POC_DB", path)
    with pytest.raises(NotHereError):
        add(words)


ALL_THAT_ADD_USES = ("desk.name", "desk.timezone", "desk.day_first", "hours")


@pytest.mark.parametrize(
    "settings",
    [
        '[desk]\nname = "front desk"',
        'desk.name = "front desk"',
        '[desk]\n"name" = "front desk"',
        '["desk"]\nname = "front desk"',
        '[ desk ]\nname = "front desk"',
        'desk = {name = "front desk"}',
        "desk = {}",
        '[desk] # the desk\n  timezone="Asia/Tokyo"',
        "[desk]\nday_first = false",
        '[hours]\nfri = ["09:00-12:00"]',
        '[hours]\nfri = [\n  "09:00-12:00",\n]',
        '[keys]\nx = """\n[desk]\n"""',
        "[keys]\nx = [\n'[desk]',\n]",
        "[desk",
        "[[desk]]",
        "[keys] desk",
        "nonsense",
        '[desk]\n"',
    ],
)
def test_a_setting_that_matters_or_is_not_plain_goes_to_the_full_command_line(
    tmp_path: Path, settings: str
) -> None:
    config = tmp_path / "poc.toml"
    config.write_text(f"{settings}\n")
    assert may_give({"POC_CONFIG": str(config)}, *ALL_THAT_ADD_USES)


@pytest.mark.parametrize(
    "settings",
    [
        "",
        '# name = "x"\n\n[desk]\n  #name = "x"\n',
        '[desk]\ntheme = "nord"\nbell = true # name = "x"\n',
        '[keys]\nname = "n"\nforward = ["f", "="]\n\n[hours]\n',
        '[deadlines]\nnext_update = "3d"\n[deadlines.first_answer]\nin-person = "2h"\n',
        'keys.desk = "x"\nhours_more = 1\n',
    ],
)
def test_a_setting_that_does_not_matter_leaves_the_quick_lane_open(
    tmp_path: Path, settings: str
) -> None:
    config = tmp_path / "poc.toml"
    config.write_text(settings)
    assert not may_give({"POC_CONFIG": str(config)}, *ALL_THAT_ADD_USES)


def test_the_settings_that_ship_leave_the_quick_lane_open() -> None:
    assert not may_give({"POC_CONFIG": str(data_dir() / "config.toml")}, *ALL_THAT_ADD_USES)


def test_settings_that_cannot_be_read_go_to_the_full_command_line(tmp_path: Path) -> None:
    assert may_give({"POC_CONFIG": str(tmp_path)}, "desk.name")
    assert not may_give({"POC_CONFIG": str(tmp_path / "none")}, "desk.name")


def test_the_quick_lane_captures_under_a_theme_of_ones_own(
    path: str, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "poc.toml"
    monkeypatch.setenv("POC_DB", path)
    monkeypatch.setenv("POC_CONFIG", str(config))
    config.write_text('[desk]\ntheme = "nord"\n')
    assert add(["x", "due:2060-11-26"]) == 0
    config.write_text('[desk]\ntimezone = "Asia/Tokyo"\n')
    assert add(["without a date no zone matters"]) == 0
    with pytest.raises(NotHereError):
        add(["x", "due:2060-11-26"])
    config.write_text('[desk]\nname = "front desk"\n')
    with pytest.raises(NotHereError):
        add(["x"])
    assert reader.value("SELECT count(*) FROM request") == 2


def test_no_store_yet_or_another_version_goes_to_the_full_command_line(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POC_DB", str(tmp_path / "none.sqlite3"))
    with pytest.raises(NotHereError):
        add(["x"])
    monkeypatch.setenv("POC_DB", path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(NotHereError):
        add(["x"])


def test_twenty_at_once_are_all_kept(path: str, reader: Reader) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "poc_tui", "add", f"call {i}"],
            env=os.environ | {"POC_DB": path},
            stdout=subprocess.PIPE,
        )
        for i in range(20)
    ]
    ended = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * 20
    assert len({said.split()[0] for said in ended}) == 20
    subjects = {row[0] for row in reader.rows("SELECT subject FROM request")}
    assert subjects == {f"call {i}" for i in range(20)}


def test_a_store_that_is_written_to_for_too_long_keeps_nothing_and_says_so(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("poc_tui.quick.add.BUSY_MS", 50)
    monkeypatch.setenv("POC_DB", path)
    other = connect(path)
    other.execute("BEGIN IMMEDIATE")
    assert add(["x"]) == 1
    other.execute("ROLLBACK")
    assert "another program is writing" in capsys.readouterr().err
    assert other.execute("SELECT count(*) FROM request").fetchone() == (0,)
    other.close()


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_store_that_is_locked_is_waited_for_once(
    path: str, lock: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes to nobody else, who would wait as long again."""
    monkeypatch.setattr("poc_tui.quick.add.BUSY_MS", 50)
    monkeypatch.setenv("POC_DB", path)
    with closing(connect(path)) as other:
        other.execute(f"BEGIN {lock}")
        assert add(["x"]) == 1
        other.execute("ROLLBACK")
    assert "another program is writing" in capsys.readouterr().err
    assert add(["x"]) == 0


def test_what_was_waited_for_to_read_is_not_waited_for_again_to_write(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poc_tui.quick.add.monotonic", iter((100.0, 107.0)).__next__)
    with closing(quick_add._open(path)) as opened:
        assert opened.execute("PRAGMA busy_timeout").fetchone() == (3_000,)


def test_a_clock_that_stands_days_behind_is_said(
    path: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.do(drafts.Capture("one"))
    with closing(connect(path)) as connection:
        connection.execute("UPDATE journal SET at = at + 9 * 366 * 86400")
    monkeypatch.setenv("POC_DB", path)
    assert add(["two"]) == 0
    assert "this computer's clock says" in capsys.readouterr().out


def test_a_list_for_scripts_is_the_list_of_the_full_command_line(poc: Run, path: str) -> None:
    for words in (["one", "@Meyer AG", "+a", "+b"], ["zwei \x1b[31m", "due:2060-11-26"], ["three"]):
        poc("add", *words)
    poc("forward", "3", "technical", "why?")
    environ = os.environ | {"POC_DB": path, "TZ": "America/New_York"}
    for view in ([], ["my-turn"], ["mine"], ["with-departments"], ["departments"], ["resolved"]):
        said = [
            subprocess.run(
                [sys.executable, "-m", "poc_tui", *words],
                env=environ,
                capture_output=True,
                check=True,
            ).stdout
            for words in (["list", *view, "--json"], ["--json", "list", *view])
        ]
        assert said[0] == said[1]
        assert said[0].startswith(b"[")


def test_a_list_for_scripts_is_what_an_encoder_of_json_writes(poc: Run) -> None:
    for words in (
        ['"\\ \x7f \t\U0001f600', "@Gr\u00f6\u00dfe \u2028", "+b", "+a"],
        ["zwei \x1b[31m"],
    ):
        poc("add", *words)
    said = poc("list", "--json").stdout.decode("ascii")
    assert r"\u007f" in said
    texts = ",\n".join(map(json.dumps, json.loads(said)))
    assert said == f"[\n{texts}\n]\n"


def test_a_list_for_scripts_waits_once_for_a_store_that_is_locked(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes to nobody else, who would wait as long again."""
    monkeypatch.setattr("poc_tui.quick.list_json.BUSY_MS", 50)
    monkeypatch.setenv("POC_DB", path)
    with closing(connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SystemExit) as ended:
            list_json.list_json(["--json"])
        other.execute("ROLLBACK")
    assert ended.value.code == 1
    assert "another program is writing" in capsys.readouterr().err
    assert list_json.list_json(["--json"])


@pytest.fixture
def scripted_list(path: str, tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[bytes]]:
    """Runs `poc list --json` in the lane for scripts, with a shell's redirection."""
    config = tmp_path / "poc.toml"
    config.write_text('[desk]\ntheme = "nord"\nname = "front desk"\n')
    environ = {k: v for k, v in os.environ.items() if k != "TZ"}
    environ |= {"POC_DB": path, "POC_CONFIG": str(config)}

    def run(redirection: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["bash", "-c", f"{sys.executable} -m poc_tui list --json {redirection}"],
            env=environ,
            capture_output=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("table", ["request_tag", "request"])
def test_a_list_of_a_damaged_store_fails_with_a_sentence(
    path: str,
    poc: Run,
    scripted_list: Callable[[str], subprocess.CompletedProcess[bytes]],
    table: str,
) -> None:
    poc("add", "one", "+tag")
    with closing(connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = ? AND rootpage > 0", (table,)
        ).fetchall()
    with open(path, "r+b") as store:
        for (page,) in pages:
            store.seek((page - 1) * size)
            store.write(b"\xff" * size)
    ended = scripted_list("")
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"poc: ")
    assert ended.stderr.count(b"\n") == 1


def test_a_list_that_cannot_be_written_fails_with_a_sentence(
    scripted_list: Callable[[str], subprocess.CompletedProcess[bytes]],
) -> None:
    ended = scripted_list(">/dev/full")
    assert (ended.returncode, ended.stderr) == (1, b"poc: No space left on device\n")
    assert scripted_list(">&-").stderr == b""


def test_only_the_zone_sends_a_list_for_scripts_to_the_full_command_line(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "poc.toml"
    monkeypatch.setenv("POC_DB", path)
    monkeypatch.setenv("POC_CONFIG", str(config))
    monkeypatch.delenv("TZ", raising=False)
    config.write_text('[desk]\nname = "front desk"\n[hours]\nfri = []\n')
    assert list_json.list_json(["--json"])
    assert capsys.readouterr().out == "[]\n"
    config.write_text('[desk]\ntimezone = "Asia/Tokyo"\n')
    assert not list_json.list_json(["--json"])
