"""What goes with a mail of ours: the person's own files, and what other mails came with."""

from __future__ import annotations

import sqlite3

from poc_tui.errors import MailFailed, NotFound, PocError
from poc_tui.mail.message.compose import OWN_FILES, Enclosed
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.message import Part
from poc_tui.store import outbox
from poc_tui.store.outbox import QueuedMail


class EnclosureUnavailable(MailFailed):
    """What goes with the mail cannot be taken out of what it came with now; later perhaps."""


def enclosures(connection: sqlite3.Connection, reader: MailReader, queued: QueuedMail) -> Enclosed:
    """All that goes with the mail; each mail that it comes out of is looked through once.

    By the process that reads mail: those are strangers' bytes. It starts with the first of them.

    Raises:
        NotFound: it is not there any more, or takes more memory than there is.
        EnclosureUnavailable: it took too long, or the process broke off.
        StoreBusy, StoreUnreadable: the store cannot be read.
    """
    wanted: dict[int, list[int]] = {}
    for mail_id, index in queued.enclosed:
        wanted.setdefault(mail_id, []).append(index)
    taken: dict[tuple[int, int], tuple[Part, bytes]] = {}
    for id, name, type in queued.files:
        own = outbox.own_file(connection, id)
        taken[OWN_FILES, id] = Part(id, name, type, len(own)), own
    for mail_id, indices in wanted.items():
        raw = outbox.raw(connection, mail_id)
        try:
            found = reader.parts(raw, indices)
        except NotFound:
            raise
        except PocError as error:
            raise EnclosureUnavailable(
                f"What is to go with it cannot be had of mail {mail_id}: {error}"
            ) from None
        taken.update(((mail_id, part.index), (part, data)) for part, data in found)
    return lambda mail_id, index: taken[mail_id, index]
