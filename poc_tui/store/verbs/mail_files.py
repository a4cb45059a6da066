"""What goes with a mail of ours: what came with the customer's mails, and files of our own."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.rules.text import plain
from poc_tui.store.delivery import Attachment
from poc_tui.store.json_values import listed
from poc_tui.store.raw_mail import SENT
from poc_tui.store.recipients import CUSTOMERS_MAIL
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork

LARGEST_ENCLOSURES = 10 << 20
"""Bytes of what goes with a forward; with the encoding a third more, which every server takes."""

MOST_ENCLOSURES = 50
"""Files that go with a forward: nobody looks through more, and each costs those who pass it on."""

_LEFT_OUT_NAMED = 5


def kept_files(work: UnitOfWork, files: Sequence[Attachment]) -> list[list[object]]:
    """Keep these files, whatever becomes of them on the disk; returns what the outbox has of them.

    No step of the journal: what is taken back and done again finds them here.
    """
    if not files:
        return []
    from hashlib import sha256
    from mimetypes import MimeTypes

    kept: list[list[object]] = []
    # Not what this computer's own tables say: the same file is of one type everywhere.
    types = MimeTypes()
    for file in files:
        digest = sha256(file.raw).hexdigest()
        work.connection.execute(
            "INSERT INTO outgoing_file (sha256, raw) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (digest, file.raw),
        )
        ((id,),) = work.query("SELECT id FROM outgoing_file WHERE sha256 = ?", (digest,))
        name = plain(file.name).strip() or "file"
        kept.append([id, name, types.guess_type(name)[0] or "application/octet-stream"])
    return kept


def enclosures(work: UnitOfWork, request: Request, room: int) -> list[list[int]]:
    """What came with the customer's mails, the newest first, as long as it fits into so many bytes.

    Of each the id of the mail and the index of the part; what is left out, remarks say.
    """
    enclosed: list[list[int]] = []
    empty: list[str] = []
    too_large: list[str] = []
    too_many: list[str] = []
    for mail_id, parts in work.query(
        f"SELECT f.mail_id, r.parts {CUSTOMERS_MAIL} ORDER BY {SENT} DESC, m.id DESC", (request.id,)
    ):
        for index, name, _type, size in listed(parts, 4):
            named = name or "a part without a name"
            if not size:
                empty.append(named)
            elif size > room:
                too_large.append(named)
            elif len(enclosed) >= MOST_ENCLOSURES:
                too_many.append(named)
            else:
                enclosed.append([mail_id, index])
                room -= size
    for left_out, why in (
        (empty, "empty, so not with the mail"),
        (too_large, "too large to go with the mail"),
        (too_many, f"not with the mail, which takes {MOST_ENCLOSURES} files"),
    ):
        if left_out:
            names = ", ".join(left_out[:_LEFT_OUT_NAMED])
            others = len(left_out) - _LEFT_OUT_NAMED
            more = f" and {others} more" if others > 0 else ""
            work.remarks.append(f"#{request.id}: {why}: {names}{more}")
    return enclosed
