"""The baseline of taking mail in: the standard library parses each and reads its fields."""

from __future__ import annotations

import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

_FIELDS = ("from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references")


def main() -> None:
    """Read the mails of the Maildir that is named."""
    read = 0
    for path in sorted(Path(sys.argv[1], "cur").iterdir()):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - what that policy makes
        read += sum(len(str(mail[field] or "")) for field in _FIELDS)
        body = mail.get_body(("plain", "html"))
        read += 0 if body is None else len(body.get_content())
        read += sum(len(part.get_content()) for part in mail.iter_attachments())
    print(read)


if __name__ == "__main__":
    main()
