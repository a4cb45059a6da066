"""Subjects of our mails without the signs that prove their numbers, which each store makes anew."""

from __future__ import annotations

import re
import sqlite3

from poc_tui.rules.mail.subject import token
from poc_tui.store.verbs.subject_numbers import KEY

_PROVED = re.compile(r"(\[#\d+)-[0-9a-z]{4}\]")
_MADE = "INSERT INTO secret VALUES (?, 'of the tests') ON CONFLICT DO NOTHING"


def unproved(text: str) -> str:
    """The text with its numbers as `[#1042]`; fails where it has one that is not proved."""
    assert "[#" not in _PROVED.sub("", text)
    return _PROVED.sub(r"\1]", text)


def token_of(connection: sqlite3.Connection, number: int) -> str:
    """What a subject of this store carries about the request of that number."""
    connection.execute(_MADE, (KEY,))
    ((key,),) = connection.execute("SELECT value FROM secret WHERE name = ?", (KEY,))
    return token(number, key)
