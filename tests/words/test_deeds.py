"""What was done is said in words that name who did it."""

from __future__ import annotations

import pytest

from poc_tui.models.values import Event
from poc_tui.store.queries.happened import deed

OWN = "Front desk"
BY_MAIL_ALONE = {Event.AUTO_REPLIED, Event.NOT_DELIVERED, Event.UNVERIFIED}


@pytest.mark.parametrize(
    ("actor", "event", "came", "said"),
    [
        ("Accounting desk", Event.ANSWERED, False, "Accounting desk answered #1042"),
        ("me", Event.RESOLVED, False, "“me” resolved #1042"),
        (OWN, Event.FORWARDED, False, "you forwarded #1042 at another desk"),
        (OWN, Event.RECEIVED, True, "the customer's mail came in on #1042"),
        ("me", Event.LOGGED, True, "a department's answer came in on #1042"),
        ("me", Event.NOT_DELIVERED, False, "a mail was not delivered, on #1042"),
        ("me", Event.NOTED, True, "a mail came in on #1042"),
    ],
)
def test_a_deed_in_words(actor: str, event: Event, came: bool, said: str) -> None:
    assert deed(actor, event, "#1042", OWN, came=came) == said


@pytest.mark.parametrize("event", sorted(set(Event) - BY_MAIL_ALONE))
def test_whatever_a_person_can_do_has_words(event: Event) -> None:
    assert deed("Legal", event, "#1", OWN).startswith("Legal ")
