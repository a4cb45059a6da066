"""What stands beside the words of a mail."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.message import DISBELIEVED, ENCRYPTED, SIGNED
from poc_tui.store.records import ActivityMail
from poc_tui.words.mail_states import beside


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ((), ""),
        ((SIGNED,), "▸ signature not checked"),
        ((ENCRYPTED,), "▸ encrypted"),
        ((f"{DISBELIEVED}: 1 Jan 2000. It was received on another day.",),
         "▸ its date is not believed"),
        (("Its text is very long.", "It has more than 200 recipients.", SIGNED),
         "▸ not all of it could be read · signature not checked"),
    ],
)  # fmt: skip
def test_what_is_to_be_known_of_a_mail_stands_beside_its_words(
    trouble: tuple[str, ...], said: str
) -> None:
    mail = ActivityMail(
        id=1, nature="letter", sender="a@b.example", sender_name="", by_customer=True,
        quoted_lines=0, signed=False, parts=(), trouble=trouble, folded="",
    )  # fmt: skip
    assert beside(mail, whole=False, most=3) == said
