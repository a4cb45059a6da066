"""Giving a mail to the person's own mail program, to the clipboard, or to a file.

The row is `handed` only after that worked; that the mail is then sent is the person's own doing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from urllib.parse import quote

from poc_tui.errors import MailFailed, Refused
from poc_tui.mail.enclosures import enclosures
from poc_tui.mail.message import compose
from poc_tui.mail.saved_files import free_path, safe_name, write_private
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.address import ascii_address
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Account, MailSettings
from poc_tui.store import outbox
from poc_tui.store.connection import connection
from poc_tui.store.outbox import QueuedMail
from poc_tui.store.queries.reader import seconds

LONGEST_URL = 2_000 if sys.platform == "win32" else 30_000
"""Characters. Windows cuts a URL that it opens at about 2,080; elsewhere it is an argument of
several programs in a row."""

_OPEN_SECONDS = 5
"""So long a program that opens a URL has time to say that it cannot."""

Copy = Callable[[str], str]
"""Puts a text where the person can take it, and says where: "on the clipboard"."""


def hand_over(
    path: str,
    id: int,
    clock: Clock,
    mail: MailSettings,
    copy: Copy,
    *,
    open_url: Callable[[str], None] | None = None,
) -> str:
    """Hand over the mail of that row as its account says; returns a sentence for the person.

    May take some seconds. Raises:
        Refused: it does not wait any more, or mails are sent rather than handed over.
        MailFailed: it could not be opened or written, or what goes with it cannot be taken out
            of what it came with; it waits as before.
        StoreBusy, StoreUnreadable: the store cannot be written.
    """
    with connection(path) as opened:
        queued = outbox.queued_mail(opened, id)
        if queued is None:
            raise Refused(f"mail {id} does not wait any more; `poc outbox` lists what does")
        if queued.send_at is not None and queued.send_at > seconds(clock.now()):
            raise Refused(f"mail {id} is to go out later; `poc outbox` says when")
        whom = safe(queued.recipient)
        account = mail.account_of(queued.sender)
        match account.send:
            case "mailto":
                said = _to_program(queued, copy, open_url or open_with_system)
            case "clipboard":
                where = copy(as_text(queued))
                said = f"the mail to {whom} is {where}"
            case "eml":
                with MailReader() as reader:
                    enclosed = enclosures(opened, reader, queued)
                    file = write_eml(queued, account, clock.zone, enclosed)
                said = f"the mail to {whom} is in {file}"
            case _:
                raise Refused(
                    f'"{account.table}.send" is "mailto", "clipboard" or "eml" where mails are'
                    f" handed over; here it is “{account.send}”"
                )
        if account.send != "eml":
            by_hand = [safe(name) for _, name, _ in queued.files]
            if queued.enclosed:
                by_hand.append(f"what the customer sent ({len(queued.enclosed)})")
            if by_hand:
                said += f"; add {', '.join(by_hand)} by hand"
        if not outbox.handed(opened, id, clock.now()):
            return f"the mail to {whom} was taken back meanwhile; do not send it"
        return said


def mailto_url(queued: QueuedMail, *, body: bool = True) -> str:
    """The mail as a URL (RFC 6068), with its text unless `body` is False."""
    fields = {"subject": queued.subject}
    if queued.copies:
        fields["cc"] = ",".join(map(ascii_address, queued.copies))
    if queued.in_reply_to:
        fields["in-reply-to"] = f"<{queued.in_reply_to}>"
    if body:
        fields["body"] = queued.text.replace("\n", "\r\n")
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
    return f"mailto:{quote(ascii_address(queued.recipient), safe='@')}?{query}"


def as_text(queued: QueuedMail) -> str:
    """The mail to be pasted: whom to, its subject, its text. Harmless for a terminal."""
    copies = f"\nCc: {safe(', '.join(queued.copies))}" if queued.copies else ""
    head = f"To: {safe(queued.recipient)}{copies}\nSubject: {safe(queued.subject)}"
    return f"{head}\n\n{safe(queued.text, newline=True)}\n"


def write_eml(
    queued: QueuedMail, account: Account, zone: tzinfo, enclosed: compose.Enclosed
) -> Path:
    """Write the mail into the `eml_folder` of its account, for the person to open and send.

    Raises:
        MailFailed: the file cannot be written.
    """
    data = compose.message(queued, account, zone, enclosed, draft=True)
    name = safe_name(f"{queued.subject}.eml", f"{queued.number}.eml")
    try:
        os.makedirs(account.eml_folder, mode=0o700, exist_ok=True)
        while True:
            file = free_path(account.eml_folder, name)
            try:
                write_private(file, data)
            except FileExistsError:
                continue
            return file
    except OSError as error:
        raise MailFailed(
            f"{safe(account.eml_folder)} cannot be written: {error.strerror}. Check"
            f' "{account.table}.eml_folder".'
        ) from error


def open_with_system(url: str) -> None:
    """Open a URL with the program that this computer has for it.

    Not with the `webbrowser` of the standard library: where there are no windows it starts a
    browser of text in this very terminal.

    Raises:
        MailFailed: there is none, or it says that it failed.
    """
    if sys.platform == "win32":
        try:
            os.startfile(url)  # noqa: S606
        except OSError as error:
            raise MailFailed(_no_program(str(error.strerror))) from error
        return
    import subprocess
    import threading

    program = opener()
    process = subprocess.Popen(  # noqa: S603
        [program, url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(timeout=_OPEN_SECONDS)
    except subprocess.TimeoutExpired:
        # Some stay for as long as the mail program is open; somebody must wait for their end.
        threading.Thread(target=process.wait, daemon=True).start()
        return
    if status:
        raise MailFailed(_no_program(f"{Path(program).name} failed with status {status}"))


def opener() -> str:
    """The path of the program that opens URLs on this computer, which is not a Windows one.

    Raises:
        MailFailed: there is none.
    """
    import shutil

    name = "open" if sys.platform == "darwin" else "xdg-open"
    program = shutil.which(name)
    if program is None:
        raise MailFailed(_no_program(f"there is no {name}"))
    return program


def _to_program(queued: QueuedMail, copy: Copy, open_url: Callable[[str], None]) -> str:
    whom = safe(queued.recipient)
    url = mailto_url(queued)
    if len(url) <= LONGEST_URL:
        open_url(url)
        return f"the mail to {whom} is open in your mail program"
    open_url(mailto_url(queued, body=False))
    where = copy(as_text(queued))
    return (
        f"the mail to {whom} is open in your mail program, but too long to be written there by"
        f" poc: its text is {where}"
    )


def _no_program(why: str) -> str:
    return (
        f"No mail program could be opened: {safe(why)}."
        ' Choose one for this computer, or set "mail.send" to "clipboard" or "eml".'
    )
