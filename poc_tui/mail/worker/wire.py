"""What goes through the pipes between the desk and the process that reads mail.

A message of either direction is one line of JSON that names what it is and the size of what
follows, then as many bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from poc_tui.rules.mail.message import Mail, MailAddress, Nature, Part

WorkerMessage = tuple[dict[str, Any], bytes]
"""What it is, and what follows. An answer says whether it is `done`: what was asked for follows
then, else the reason as a sentence."""

READ = "read"
"""A job: the bytes of a mail and the name of our `zone` ("" for one without), answered by `to_json`
of what could be read."""

PARTS = "parts"
"""A job: the bytes of a mail and the `indices` of parts of it, answered by `of_parts`."""

_MAX_LINE = 10_000
"""Bytes: the indices of all the parts that a mail is read for have room in it."""


def send(pipe: IO[bytes], what: dict[str, Any], data: bytes) -> None:
    """Write one message.

    Raises:
        OSError: the other side is gone.
    """
    pipe.write(json.dumps({**what, "size": len(data)}).encode() + b"\n")
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> WorkerMessage | None:
    """Read one message; None when the other side has ended, even in the middle of one."""
    line = pipe.readline(_MAX_LINE)
    if not line.endswith(b"\n"):
        return None
    what = json.loads(line)
    data = pipe.read(what["size"])
    return (what, data) if len(data) == what["size"] else None


def to_json(mail: Mail) -> bytes:
    """`mail` as JSON."""
    values = {**vars(mail), "sent_at": mail.sent_at and mail.sent_at.isoformat()}
    return json.dumps(values, ensure_ascii=False).encode()


def of_parts(found: Sequence[tuple[Part, bytes]]) -> bytes:
    """Parts with what is in them: a line of JSON that says what each is, then all the bytes."""
    return b"\n".join(
        (
            json.dumps([(*part[:3], len(data)) for part, data in found]).encode(),
            b"".join(data for _, data in found),
        )
    )


def to_parts(data: bytes) -> list[tuple[Part, bytes]]:
    """The parts that `of_parts` was given."""
    line, _, rest = data.partition(b"\n")
    found, place = [], 0
    for values in json.loads(line):
        part = Part(*values)
        found.append((part, rest[place : place + part.size]))
        place += part.size
    return found


def from_json(data: bytes) -> Mail:
    """The mail that `to_json` was given."""
    values = json.loads(data)
    for name in ("sender", "reply_to", "original"):
        values[name] = values[name] and MailAddress(*values[name])
    for name in ("refs", "bounced", "trouble"):
        values[name] = tuple(values[name])
    return Mail(
        **values
        | {
            "recipients": tuple(MailAddress(*one) for one in values["recipients"]),
            "cc": tuple(MailAddress(*one) for one in values["cc"]),
            "headers": tuple((name, value) for name, value in values["headers"]),
            "parts": tuple(Part(*one) for one in values["parts"]),
            "nature": Nature(values["nature"]),
            "sent_at": values["sent_at"] and datetime.fromisoformat(values["sent_at"]),
        }
    )
