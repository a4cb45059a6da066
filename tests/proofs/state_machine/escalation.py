"""Telling somebody above, and taking it back."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from poc_tui.store import drafts
from tests.helpers.state import Row
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import lives
from tests.proofs.state_machine.machine import DeskMachine

_SAID = {"touched_at": 0, "escalated_at": 0, "escalated_to": "", "escalated_why": ""}


def escalated(request: Row) -> bool:
    """Whether somebody above was told."""
    return request["escalated_at"] is not None


class Escalation(DeskMachine):
    """Escalate, stand down."""

    @rule(picks=given.PICKS, to=given.SEEN, why=given.WORDS)
    def escalate(self, picks: list[int], to: str, why: str) -> None:
        """Whose move it is and every date stay as they are."""
        for before, after in self.do(drafts.Escalate, self.requests(picks, lives), to=to, why=why):
            assert after["escalated_at"] == self.seconds()
            assert dict(after) | _SAID == dict(before) | _SAID

    @precondition(lambda self: any(map(escalated, self.table("request").values())))
    @rule(picks=given.PICKS, why=given.WORDS)
    def stand_down(self, picks: list[int], why: str) -> None:
        """Nobody above need know any more; nothing else changes."""
        for before, after in self.do(drafts.StandDown, self.requests(picks, escalated), why=why):
            assert not escalated(after)
            assert dict(after) | _SAID == dict(before) | _SAID
