"""Putting questions to departments and logging what they answer; the departments themselves."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from poc_tui.store import drafts
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import in_use, lives, unanswered
from tests.proofs.state_machine.machine import DeskMachine


class Departments(DeskMachine):
    """Forward, log an answer, chase; add, change and retire a department."""

    @rule(picks=given.PICKS, department=given.PICK, question=given.WORDS, due=given.PAST_OR_AHEAD)
    def forward(
        self, picks: list[int], department: int, question: str, due: timedelta | None
    ) -> None:
        """The move is the department's; the customer's clock runs on as it did."""
        for before, after in self.do(
            drafts.ForwardDraft,
            self.requests(picks, lives),
            department_id=self.pick("department", department, in_use),
            question=question,
            due_at=self.ahead(due),
        ):
            assert (after["state"], after["court"]) == ("open", "department")
            assert after["snoozed_until"] is None
            assert before["due_at"] in (None, after["due_at"])

    @precondition(lambda self: any(map(unanswered, self.table("forward").values())))
    @rule(pick=given.PICK, which=st.none() | given.PICK, text=given.WORDS)
    def log_answer(self, pick: int, which: int | None, text: str) -> None:
        """With the last answer the move is mine, now; one of several leaves it where it was."""
        number = self.pick("request", pick, lambda row: bool(self.open_forwards(row["id"])))
        for before, after in self.do(
            drafts.LogAnswer, [number], text=text, forward_id=self.forward_of(number, which)
        ):
            if self.open_forwards(number) and before["court"] == "department":
                assert after["court"] == "department"
            else:
                assert (after["court"], after["next_at"]) == ("me", self.seconds())

    def forward_of(self, number: int, which: int | None) -> int | None:
        """The id of one of the request's forwards, open or not; none said, or that of another."""
        if which is None:
            return None
        return self.pick("forward", which, lambda row: bool(row["request_id"] == number))

    @precondition(lambda self: any(map(unanswered, self.table("forward").values())))
    @rule(
        pick=given.PICK,
        which=st.none() | given.PICK,
        text=st.none() | given.WORDS,
        early=st.booleans(),
    )
    def chase(self, pick: int, which: int | None, text: str | None, early: bool) -> None:
        """The next step of one forward's ladder; every other waits for its own."""
        number = self.pick("request", pick, lambda row: bool(self.open_forwards(row["id"])))
        forward = self.forward_of(number, which)
        for before, after in self.do(
            drafts.Chase, [number], forward_id=forward, text=text, early=early
        ):
            was = self.done[-1].before["forward"]
            chased = [row for key, row in self.table("forward").items() if row != was[key]]
            assert [row["next_at"] > self.seconds() for row in chased] == [True]
            assert forward in (None, chased[0]["id"])
            assert after["court"] == before["court"]
            assert after["due_at"] == before["due_at"]

    @rule(
        pick=st.none() | given.PICK,
        name=st.sampled_from((None, None, "Purchasing", "Finance", "LEGAL", " ")),
        words=st.none() | given.WORDS,
        within=st.sampled_from((None, 60, 480, 0)),
        retired=st.sampled_from((None, None, False, True)),
    )
    def edit_department(
        self,
        pick: int | None,
        name: str | None,
        words: str | None,
        within: int | None,
        retired: bool | None,
    ) -> None:
        """What happened to requests before is no matter of how departments are kept."""
        before = self.table("request")
        self.do(
            drafts.EditDepartment,
            id=None if pick is None else self.pick("department", pick),
            name=name,
            remit=words,
            contact=words,
            lead=words,
            answer_within_minutes=within,
            retired=retired,
        )
        assert self.table("request") == before
