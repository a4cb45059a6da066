"""How mails that others collected come in: `python -m bench.mail_corpora FOLDER [--each]`.

`FOLDER` holds a folder `mail` with a corpus of messages in each of its own, and a folder `replies`
with files of JSON lines: the `mail`, and the words `expected` that were written anew. Each corpus
is taken in as a Maildir by `poc import mail` into a store of its own; what is read of each message
is held against what the standard library finds in it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench.rows import Size
from bench.stage import POC, Stage
from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail.message import Mail, Nature

_LISTS = {"lkml"}
"""Corpora in which every mail came by a list."""

_MARKUP = re.compile(r"<[^>]*>")


class Message(NamedTuple):
    """A mail of a corpus; of a reply also the words that were written anew."""

    name: str
    raw: bytes
    expected: str | None = None


def main() -> None:
    """Print a table with a row for each corpus; with `--each` also what is wrong with which."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail_corpora", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="name the mails, too")
    given = parser.parse_args()
    table = Table("corpus", "files", "new", "known", "lost", "unreadable", "wrong, by class")
    for name, messages in _corpora(given.folder):
        new, known = _taken_in(messages)
        wrong: dict[str, list[str]] = {}
        for message in messages:
            for what in _wrong(message, of_a_list=name in _LISTS):
                wrong.setdefault(what, []).append(message.name)
        unreadable = len(wrong.pop("unreadable", ()))
        said = [f"{what}: {len(names)}" for what, names in sorted(wrong.items())]
        said += _words_anew(messages)
        counts = (len(messages), new, known, len(messages) - new - known, unreadable)
        table.add_row(name, *map(str, counts), "\n".join(said) or "-")
        if given.each:
            for what, names in wrong.items():
                print(f"{name}, {what}: {', '.join(names)}")
    Console(width=None if Console().is_terminal else 120).print(table)


def _corpora(folder: Path) -> Iterator[tuple[str, list[Message]]]:
    for corpus in sorted((folder / "mail").iterdir()):
        paths = sorted(
            path for path in corpus.rglob("*") if path.suffix == ".eml" or ":2," in path.name
        )
        yield corpus.name, [Message(str(p.relative_to(corpus)), p.read_bytes()) for p in paths]
    replies = []
    for file in sorted((folder / "replies").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            one = json.loads(line)
            raw = one["mail"].encode("utf-8", "surrogateescape")
            replies.append(Message(f"{file.stem}/{one['name']}", raw, one["expected"]))
    yield "replies", replies


def _taken_in(messages: list[Message]) -> tuple[int, int]:
    """How many mails `poc import mail` takes in, and how many it says that it has already."""
    with tempfile.TemporaryDirectory(prefix="poc-bench-") as name:
        folder = Path(name)
        for part in ("cur", "new", "tmp"):
            (folder / "mail" / part).mkdir(parents=True)
        for n, message in enumerate(messages):
            (folder / "mail/cur" / f"{n}.bench:2,").write_bytes(message.raw)
        ran = subprocess.run(
            [*POC, "--json", "import", "mail", str(folder / "mail")],
            env=Stage(folder, Size(1, 1, 1), quick=True).environ(folder / "store.sqlite3"),
            capture_output=True, check=True, text=True,
        )  # fmt: skip
    told = json.loads(ran.stdout)
    return int(told["new"]), int(told["known"])


def _wrong(message: Message, *, of_a_list: bool) -> Iterator[str]:
    """What is not as it should be; of each class once."""
    mail = parse(message.raw)
    raw = message.raw
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    peer = message_from_bytes(raw, policy=default)
    assert isinstance(peer, EmailMessage)  # noqa: S101 - what that policy makes
    if mail.nature == Nature.UNREADABLE:
        yield "unreadable"
    if not (mail.text + mail.quoted + mail.signature).strip() and _says_something(peer):
        yield "text not read"
    if any(not part.name for part in mail.parts):
        yield "attachment without a name"
    if mail.sent_at is None and peer.get("date", "").strip():
        yield "date not read"
    if mail.sender is None and "@" in str(peer.get("from", "")):
        yield "sender not read"
    if of_a_list and mail.nature != Nature.LIST:
        yield "not known as a list's"
    if _is_garbled(mail):
        yield "letters not read"


def _says_something(peer: EmailMessage) -> bool:
    try:
        body = peer.get_body(("plain", "html"))
        text = "" if body is None else _MARKUP.sub("", body.get_content())
    except (LookupError, ValueError, AttributeError, KeyError):
        return False
    return any(map(str.isalnum, text))


def _is_garbled(mail: Mail) -> bool:
    return "\ufffd" in mail.text + mail.quoted + mail.subject


def _words_anew(messages: list[Message]) -> Iterator[str]:
    """How exactly the words that were written anew are found."""
    exact = common = expected = found = replies = 0
    for message in messages:
        if message.expected is None:
            continue
        wanted, got = message.expected.split(), parse(message.raw).text.split()
        replies, exact = replies + 1, exact + (wanted == got)
        common += sum((Counter(wanted) & Counter(got)).values())
        expected, found = expected + len(wanted), found + len(got)
    if replies:
        yield f"written anew, not to the word: {replies - exact} of {replies}"
        yield f"recall {common / expected:.3f}, precision {common / found:.3f}"


if __name__ == "__main__":
    main()
