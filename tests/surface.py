"""What people script against, one a line: `python -m tests.surface FILE`.

Commands, options, keys, settings, marks, values, environment variables and the columns of an
export are asked of the program itself. The fields of JSON and the exit codes are those of real
commands, which `SCRIPT` runs over the demo desk at a fixed moment; so the same program gives the
same lines.
"""

from __future__ import annotations

import ast
import json
import shlex
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from typer.main import get_command

import poc_tui
from poc_tui.cli.command_groups import EVERYWHERE, FORMER_NAMES as FORMER_COMMANDS
from poc_tui.cli.main import app
from poc_tui.commands import COMMANDS, FORMER_IDS
from poc_tui.models import values
from poc_tui.rules.capture_line import KEYS as MARKS
from poc_tui.rules.time_source import Clock, FixedClock
from poc_tui.settings.load import OPTIONS
from poc_tui.settings.mail_schema import ACCOUNT
from poc_tui.store.connection import connect
from poc_tui.store.exchange import export_format
from poc_tui.store.queries.views import FORMER_NAMES, VIEWS
from poc_tui.system.locations import data_dir
from tests.helpers.command_line import Ran, in_process
from tests.helpers.desks import demo_store, fixed_clock

LETTER = b"""\
From: Anna Ott <anna@ott.example>
To: desk@example.com
Message-ID: <1@ott.example>
Date: Mon, 23 Nov 2026 08:00:00 +0100
Subject: Two trays were missing
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Two trays were missing this morning.

> Everything is on its way.
--x
Content-Type: text/plain
Content-Disposition: attachment; filename=trays.txt

two
--x--
"""

FROM_A_LIST = b"""\
From: news@list.example
To: desk@example.com
Message-ID: <1@list.example>
List-Id: <news.list.example>
Precedence: list
Subject: Adhesives in November

Much news.
"""

LATER = b"""\
From: Anna Ott <anna@ott.example>
To: desk@example.com
Message-ID: <2@ott.example>
In-Reply-To: <1@ott.example>
Subject: Our new address

It is Hill Street 4.
"""

FROM_TWO = b"""\
From: info@huber.example, x@elsewhere.example
To: desk@example.com
Message-ID: <1@elsewhere.example>
Subject: Refund

To this account.
"""

ROWS = b"subject,customer,status\nWhere is it?,Hotel Krone,open\n"

SCRIPT = """
config init
config set mail.address desk@example.com
config set mail.eml_folder HOME/drafts
config set mail.send eml
config set mail.wait ""
config show
config path
config edit
keys
levels show
levels init
levels check
levels edit
levels apply
add --mail HOME/letter.eml
add "Invoice 4712 is wrong" @"Hotel Krone" due:fri14
list open
list resolved
search invoice
agenda --days 30
due
3 due
due --all
calendar -o HOME/poc.ics
when halb drei
when every monday 9:00
2 when nonsense
mail of NEW1
mail show 1
mail original 1
mail save 1 --to HOME
customers list
customers show "Hotel Krone"
customers add "Hotel Adler" --email desk@adler.example --every "6 weeks"
customers edit "Hotel Adler" --phone "+49 30 1"
customers show "Hotel Adler"
talked "Hotel Adler" all well
departments list
departments show technical
departments add Logistics --contact post@logistics.example --answer-within 4h
departments edit Logistics --lead Wagner
levels of NEW2
triage NEW2 --kind complaint
forward NEW2 Logistics "Is the note right?"
chase NEW2 --early --show
chase NEW2 --early
log NEW2 "It is." --from Logistics
departments retire Logistics
note NEW2 they called twice
escalate NEW2 --to management --why "it is late"
promise NEW2 "fri 12:00" a corrected invoice
show NEW2
done NEW2 --kept
snooze NEW2 "mon 9:00" "the warehouse counts"
wake NEW2
SQL INSERT INTO remark (request_id, text, at) SELECT max(id), 'first written by Ott', 0 FROM request
show NEW2
seen NEW2
remind NEW2 "fri 9:00" call Ott
remind "every monday 9:00" look through the letters
reminders
answer NEW1 "They are on their way."
outbox list
drafts
outbox show 1
send
outbox list --all
outbox again 1
SQL UPDATE outbox SET state = 'unsure', next_try_at = NULL, why = 'the server was lost' WHERE id = 1
outbox sent 1
show NEW1
resolve NEW1 "They are with you." --as solved
show NEW1
reopen NEW1 "one is missing"
undo
redo
import file HOME/rows.csv
locate
config set mail.maildir HOME/Maildir
fetch
import mail HOME/list.eml --lists aside
mail list
mail file 2
mail dismiss 3
mail list --dismissed
mail rule @firm.example --as requests
mail rule
mail rule @firm.example --remove
add --mail HOME/later.eml
mail split 4
add --mail HOME/forged.eml
mail accept 5
export -o HOME/all.jsonl
backup HOME/kept.sqlite3
restore HOME/kept.sqlite3 --yes
1 show 9999
2 nonsense
75 add --mail HOME/letter.eml --db HOME
130 agenda
130 due
config set mail.imap.host localhost
1 mail test
"""
"""One command a line, before it the exit code where that is not 0.

HOME is where its files are; NEW1 and NEW2 are the requests that it takes down. SQL does what only
others do, such as a server that is lost.
"""

NO_JSON_OF_THEIR_OWN = ("poc", "poc demo", "poc mail login", "poc mail password")
"""Two print the agenda's; the others ask a person."""

KEYED_BY_DATA = ("activities[].changes",)
"""Objects whose names are not ours."""


def declared() -> list[str]:
    """What the program says of itself, sorted."""
    return sorted(
        {
            *_commands(),
            *(
                f"command poc {old}, as poc {new} was called"
                for old, new in FORMER_COMMANDS.items()
            ),
            *_keys(),
            *_settings(),
            *_levels(),
            *_words(),
            *_environment(),
            *_export(),
        }
    )


def printed() -> list[str]:
    """The fields of JSON and the exit codes of `SCRIPT`, and the first line of its export, sorted.

    Raises:
        AssertionError: a command ended otherwise than it is written there.
    """
    with tempfile.TemporaryDirectory() as folder:
        return sorted(set(_printed(Path(folder))))


def leaves() -> dict[str, Any]:
    """Every command that can be carried out, with what Typer knows of it."""
    return {
        path: command
        for path, command in _all_commands().items()
        if path == "poc" or not hasattr(command, "commands")
    }


def meant(call: str) -> str:
    """The command that a line calls; of a group where no command is named, its first."""
    known = _all_commands()
    path = max((path for path in known if f"{call} ".startswith(f"{path} ")), key=len)
    if path == "poc" or not hasattr(known[path], "commands"):
        return path
    return f"{path} {next(iter(known[path].commands))}"


@cache
def _all_commands() -> dict[str, Any]:
    """Every command and every group, by what is typed for it."""
    return dict(_walk("poc", get_command(app)))


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from _walk(f"{path} {name}", command.get_command(None, name))


def _commands() -> Iterator[str]:
    for path, command in _all_commands().items():
        yield f"command {path}"
        everywhere = () if path == "poc" else EVERYWHERE
        for param in command.params:
            if param.name in everywhere:
                continue
            metavar = param.metavar or param.name.upper()
            if param.param_type_name == "argument":
                many = "..." if param.nargs == -1 and not metavar.endswith("...") else ""
                shown = f"{metavar}{many}"
                yield f"argument {path} {shown if param.required else f'[{shown}]'}"
                continue
            again = " ..." if param.multiple else ""
            for name in (*param.opts, *param.secondary_opts):
                yield f"option {path} {name}{'' if param.is_flag else f' {metavar}'}{again}"


def _keys() -> Iterator[str]:
    for command in COMMANDS:
        yield f"key {command.id}: {' '.join(command.keys) or 'none'} ({command.scope})"
    yield from (f"key {former}, as {id} was called" for former, id in FORMER_IDS.items())


def _settings() -> Iterator[str]:
    of_accounts = (each._replace(key=f"mail.accounts.NAME.{each.key[5:]}") for each in ACCOUNT)
    for option in (*OPTIONS.values(), *of_accounts):
        yield f"setting {option.key} = {json.dumps(option.default)} (must be {option.expects})"


def _levels() -> Iterator[str]:
    """The keys of the service levels, with what ships."""
    ships = tomllib.loads((data_dir() / "service-levels.toml").read_text("utf-8"))
    for path, value in _leaves_of(ships, lists=False):
        yield f"level {path} = {json.dumps(value)}" if "[]" not in path else f"level {path}"


def _words() -> Iterator[str]:
    yield from (f"mark {mark}:" for mark in MARKS)
    yield from (f"view {name}" for name in VIEWS)
    yield from (f"view {former}, as {name} was called" for former, name in FORMER_NAMES.items())
    for name in ("State", "Court", "Kind", "Channel", "Priority", "Resolution", "Event", "Outcome",
                 "AddressKind", "ReminderKind", "OutgoingKind", "OutgoingState"):  # fmt: skip
        yield from (f"value {name} {value}" for value in getattr(values, name))


def _environment() -> Iterator[str]:
    """Every variable that the program asks an environment for."""
    for file in Path(poc_tui.__file__).parent.rglob("*.py"):
        program = ast.parse(file.read_text("utf-8"))
        constants = {
            ast.unparse(node.targets[0]): node.value
            for node in program.body
            if isinstance(node, ast.Assign)
        }
        for node in ast.walk(program):
            match node:
                case ast.Call(ast.Attribute(asked, "get"), [name, *_]):
                    pass
                case ast.Subscript(asked, name):
                    pass
                case ast.Compare(name, [ast.In() | ast.NotIn()], [asked]):
                    pass
                case _:
                    continue
            if ast.unparse(asked).endswith("environ"):
                yield f"environment {_name(constants.get(ast.unparse(name), name))}"


def _name(node: ast.AST) -> str:
    """A text of the program; what is only known when it runs is a star."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(parts):
            return "".join(map(_name, parts))
        case _:
            return "*"


def _export() -> Iterator[str]:
    kinds = {id(kind): name.lower() for name, kind in vars(export_format).items() if name.isupper()}
    for table, columns in export_format.TABLES.items():
        yield from (f"export {table}.{name} {kinds[id(kind)]}" for name, kind in columns.items())


def _printed(home: Path) -> Iterator[str]:
    fields: dict[str, set[str]] = defaultdict(set)
    codes: dict[int, set[str]] = defaultdict(set)
    for argv, ran in _run(home):
        leaf = meant(" ".join(("poc", *argv)))
        codes[ran.code].add(leaf)
        if ran.out:
            for field, value in _leaves_of(json.loads(ran.out)):
                fields[f"json {leaf}: {field}"].add(_type(value))
    for field, types in fields.items():
        inside = any(other.startswith((f"{field}.", f"{field}[]")) for other in fields)
        if not inside or types - {""}:
            yield " ".join((field, *sorted(types - {""})))
    for code, who in codes.items():
        yield f"exit {code}" if len(who) > 1 else f"exit {code} {next(iter(who))}"
    header = json.loads((home / "all.jsonl").read_text("utf-8").splitlines()[0])
    yield from (f"header {name}" for name in header)


def _run(home: Path) -> Iterator[tuple[tuple[str, ...], Ran]]:
    """Every command of `SCRIPT` with `--json`, as it was called and how it ended."""
    environ = {
        "POC_DB": demo_store(home), "POC_CONFIG": str(home / "config.toml"), "HOME": str(home),
        "TZ": "Europe/Berlin", "VISUAL": "true",
    }  # fmt: skip
    for folder in ("drafts", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
        (home / folder).mkdir(parents=True)
    for name, content in (
        ("letter.eml", LETTER),
        ("list.eml", FROM_A_LIST),
        ("later.eml", LATER),
        ("forged.eml", FROM_TWO),
        ("rows.csv", ROWS),
        ("Maildir/new/1", FROM_A_LIST.replace(b"<1@", b"<2@")),
    ):
        (home / name).write_bytes(content)
    names = {"HOME": str(home)}
    for written in SCRIPT.strip().splitlines():
        line = written
        for name, stands_for in names.items():
            line = line.replace(name, stands_for)
        first, *more = argv = shlex.split(line)
        if first == "SQL":
            with closing(connect(environ["POC_DB"])) as connection:
                connection.execute(line.removeprefix("SQL "))
            continue
        wanted = int(first) if first.isdigit() else 0
        call = (*(more if wanted else argv), "--json")
        clock: Clock = _Interrupted(fixed_clock()) if wanted == 130 else fixed_clock()
        ran = in_process(call, environ, clock)
        assert ran.code == wanted, (call, ran)
        yield call, ran
        if first == "add":
            names[f"NEW{len(names)}"] = str(json.loads(ran.out)["numbers"][0])


class _Interrupted(FixedClock):
    """Somebody presses Ctrl+C as soon as the time is asked for."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock.at, clock.zone)

    def now(self) -> Any:
        raise KeyboardInterrupt


def _leaves_of(data: Any, path: str = "", *, lists: bool = True) -> Iterator[tuple[str, Any]]:
    """Each value that is neither an object nor a list, with the names on the way to it."""
    if isinstance(data, Mapping) and data and path.endswith(KEYED_BY_DATA):
        data = {"*": next(iter(data.values()))}
    if isinstance(data, Mapping) and data:
        for name, value in data.items():
            yield from _leaves_of(value, f"{path}.{name}" if path else name, lists=lists)
    elif isinstance(data, list) and (lists or (data and isinstance(data[0], Mapping))):
        for value in data or [None]:
            yield from _leaves_of(value, f"{path}[]", lists=lists)
    else:
        yield path, data


def _type(value: Any) -> str:
    """What kind of value it is; nothing where this one does not show it."""
    names: dict[type, str] = {str: "text", bool: "flag", int: "number", float: "number"}
    return names.get(type(value), "")


def main(file: str) -> None:
    """Write the surface into `file`."""
    lines = sorted([*declared(), *printed()])
    Path(file).write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
