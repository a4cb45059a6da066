"""Text from outside cannot harm a terminal, be carried out as markup, or stop a command."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from base64 import b64encode

import pytest

from poc_tui.rules.time_source import FixedClock
from tests.helpers.command_line import Poc

HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "link": "\x1b]8;;http://example.org\x07click\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;ZXZpbA==\x1b\\paste",
    "c1": "\x9b31m\x9d52;c;eA==\x9c",
    "bidi": "abc\u202edcba\u2066x",
    "controls": "a\x00b\x07c\x08d\x7fe\rf\vg",
    "markup": "[/] [bold]b[/bold] [link=http://example.org]l[/link] [@click=app.quit]q[/]",
    "surrogate": "\udc9b31m\udcff",
    "combining": "z" + "\u0301" * 200,
    "wide": "长" * 300,
    "long": "x " * 50_000,
    "emoji": ":smile: 👩‍👩‍👧",
}

COMMANDS = (
    ("list",), ("list", "my-turn"), ("show", "1"), ("search", "marker"), ("agenda",), (),
    ("customers",), ("customers", "show", "1"), ("departments",), ("departments", "--retired"),
    ("departments", "show", "account"), ("reminders",), ("reminders", "--promises"),
    ("list", "escalated"), ("show", "2"), ("chase", "2", "--show"), ("levels",),
    ("levels", "of", "2"), ("chase", "2", "--early"), ("chase", "2", "--early"), ("undo",),
    ("redo",), ("show", "3"), ("mail",), ("mail", "show", "1"), ("mail", "show", "2"),
    ("mail", "of", "3"), ("mail", "file", "2"), ("outbox",), ("outbox", "show", "1"), ("send",),
    ("outbox", "--all"), ("undo",), ("import", "mail", "aside.eml"),
)  # fmt: skip


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


def fill(poc: Poc, text: str) -> None:
    """Put the text wherever text can be put."""
    words = f"marker {text}"
    poc.ok("customers", "add", words, "--organisation", text or "-", "--notes", text,
           "--email", words, "--preferences", text)  # fmt: skip
    poc.ok("departments", "edit", "accounting", "--remit", text, "--contact", words, "--deputy",
           words, "--lead", words, "--name", f"Accounting {text}")  # fmt: skip
    poc.ok("add", "--customer", "1", "--text", text, "--tag", text, "--", words)
    poc.ok("forward", "1", "accounting", text)
    poc.ok("log", "1", words)
    poc.ok("answer", "1", words)
    poc.ok("note", "1", words)
    poc.ok("snooze", "1", "fri", words)
    poc.ok("remind", "1", "fri", words)
    poc.ok("remind", "every monday", words)
    poc.ok("done", "--reminder", "3")
    poc.ok("promise", "1", "fri", words, "--to", words)
    poc.ok("done", "1", "--broken", "--why", words)
    poc.ok("promise", "fri", words, "--customer", "1")
    poc.ok("talked", "1", words)
    poc.ok("add", "--customer", "1", "--", words)
    poc.ok("forward", "2", "accounting", words)
    poc.ok("chase", "2", "--early")
    poc.ok("chase", "2", "--early", words)
    poc.ok("escalate", "2", "--to", words, "--why", words)
    poc.ok("escalate", "2", "--back", "--why", words)
    poc.ok("escalate", "2", "--to", words, "--why", words)
    with open(poc.environ["POC_CONFIG"], "w", encoding="utf-8") as settings:
        settings.write('[mail]\naddress = "desk@example.com"\nsend = "clipboard"\n')
    poc.ok("add", "--mail", "-", stdin=mail(text))
    poc.ok("add", "--mail", "-", stdin=mail(text, "List-Id: <news.list.example>"))
    poc.ok("answer", "3", words)
    with open("aside.eml", "wb") as file:
        file.write(mail(text, "Precedence: list"))


def mail(text: str, *headers: str) -> bytes:
    """A mail that says the text wherever a mail can say something."""
    raw = text.encode("utf-8", "surrogatepass")
    pieces = (b64encode(raw[at : at + 45]).decode() for at in range(0, min(len(raw), 900), 45))
    word = "\n ".join(f"=?utf-8?b?{piece}?=" for piece in pieces)
    body = "\n".join(
        (
            *headers, f"From: {word} <marker@meyer.example>", f"Subject: marker {word}",
            "Message-ID: <" + "".join(headers) + "@meyer.example>",
            "Content-Type: multipart/mixed; boundary=x", "", "--x",
            "Content-Type: text/plain; charset=utf-8", "", "",
        )
    )  # fmt: skip
    attached = (
        f"\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment;"
        f' filename="{word}"\n\nx\n--x--\n'
    )
    quoted = b"\n\nOn Friday the desk wrote:\n> " + raw
    return body.encode() + raw + quoted + attached.encode()


def unsafe(text: str) -> list[str]:
    """The characters that a terminal would act on."""
    return [
        character
        for character in text
        if (character < " " and character != "\n")
        or "\x7f" <= character <= "\x9f"
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
        or "\ud800" <= character <= "\udfff"
    ]


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_hostile_is_ever_printed(poc: Poc, what: str) -> None:
    fill(poc, HOSTILE[what])
    for argv in COMMANDS:
        assert unsafe(poc.ok(*argv).out) == [], argv
    for argv in (("list",), ("show", "1"), ("show", "2"), ("agenda",), ("chase", "2", "--early"),
                 ("customers", "show", "1"), ("levels", "of", "2"), ("show", "3"), ("mail",),
                 ("mail", "show", "1"), ("outbox", "--all")):  # fmt: skip
        out = poc.ok(*argv, "--json").out
        assert out.isascii()
        assert unsafe(out.replace("\x7f", "")) == []


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_hostile_is_ever_said_in_an_error(poc: Poc, what: str) -> None:
    text = HOSTILE[what].replace("\x00", "")
    for argv in (
        ("list", text), ("show", text), ("list", "--customer", text), ("forward", "1", text),
        ("add", "x", "--due", text), ("add", "x", "--kind", text), (f"x{text}",),
        ("list", f"--{text}"), ("list", "--limit", text), ("list", "open", text),
        ("config", "set", text, "x"), ("departments", "show", text), ("resolve", "1", "--as", text),
        ("chase", text), ("chase", "1", "--department", text), ("escalate", text, "--why", text),
        ("promise", text, text), ("remind", f"every {text}", "x"), ("talked", text),
        ("levels", "check", text), ("levels", text), ("done", "1", "--why", text),
        ("resolve", "1", "--reminders", "done", "--promises", text),
        ("mail", text), ("mail", "show", text), ("mail", "file", "1", "--to", text),
        ("mail", "dismiss", text), ("mail", "password", text), ("mail", "of", text),
        ("outbox", text), ("outbox", "again", text), ("import", text), ("import", "mail", text),
        ("import", "mail", "x", "--lists", text), ("add", "--mail", text),
    ):  # fmt: skip
        ran = poc(*argv)
        assert ran.code in (1, 2), argv
        assert unsafe(ran.err) == [], argv


def test_markup_is_text(poc: Poc) -> None:
    poc.ok("add", "--prio", "high", "--customer", "[red]Ott[/red]", "[/] [bold]b[/bold] :smile:")
    out = poc.ok("list").out
    assert "[/] [bold]b[/bold] :smile:" in out
    assert "[red]Ott[/red]" in out


def test_a_real_terminal_gets_no_escape_from_outside(poc: Poc) -> None:
    for text in HOSTILE.values():
        poc.ok("add", "--prio", "low", "--text", text, "--customer", "Meyer", "--", f"m {text}")
    environ = {**os.environ, **poc.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    environ["POC_PAGER"] = "cat"  # a pager writes sequences of its own
    for argv in (["list"], ["show", "3"], ["show", "7"], ["agenda"], ["list", "--json"]):
        out = printed_on_a_terminal([sys.executable, "-m", "poc_tui", *argv], environ)
        ours = out.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\r\n", "\n")
        assert unsafe(ours.replace("\x7f", "") if "--json" in argv else ours) == [], argv
        assert "[bold]b[/bold]" in out or argv[0] == "show"


def printed_on_a_terminal(command: list[str], environ: dict[str, str]) -> str:
    """Everything that the command writes to a terminal of its own."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, env=environ) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # how Linux says that nobody holds the other end any more
                break
            if not chunk:
                break
            out += chunk
        assert process.wait() == 0
    os.close(ours)
    return out.decode("utf-8")
