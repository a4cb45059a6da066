"""What is said to the customer and by them; notes; the end of a request, and its coming back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis.stateful import precondition, rule

from poc_tui.models.values import Channel, Resolution
from poc_tui.store import drafts
from tests.helpers.state import Row
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import lives
from tests.proofs.state_machine.machine import DeskMachine


class Conversation(DeskMachine):
    """Answer in its three forms, the customer's word, note, resolve, reopen."""

    @rule(picks=given.PICKS, text=given.WORDS, channel=given.CHANNELS, back=given.DATES)
    def answer(
        self, picks: list[int], text: str, channel: Channel | None, back: timedelta | None
    ) -> None:
        """The move is the customer's until we look again; nothing is due to them meanwhile."""
        for _, after in self.do(
            drafts.Answer,
            self.requests(picks, lives),
            text=text,
            channel=channel,
            check_back_at=self.ahead(back),
        ):
            assert (after["state"], after["court"], after["due_at"]) == ("open", "customer", None)
            assert after["next_at"] > self.seconds()
            assert back is None or after["next_at"] == self.seconds(back)

    @rule(picks=given.PICKS, text=given.WORDS, update=given.DATES)
    def interim_word(self, picks: list[int], text: str, update: timedelta | None) -> None:
        """Work goes on, and the customer hears from us again by the date that was given."""
        for _, after in self.do(
            drafts.Answer,
            self.requests(picks, lives),
            text=text,
            still_working=True,
            next_update_at=self.ahead(update),
        ):
            waits = bool(self.open_forwards(after["id"]))
            assert after["court"] == ("department" if waits else "me")
            assert after["due_at"] > self.seconds()
            assert update is None or after["due_at"] == self.seconds(update)

    @rule(
        picks=given.PICKS,
        text=given.WORDS,
        resolution=given.RESOLUTIONS,
        withdraw=given.WITHDRAW,
        reminders=given.LOOSE_ENDS,
    )
    def answer_and_resolve(
        self,
        picks: list[int],
        text: str,
        resolution: Resolution,
        withdraw: bool,
        reminders: tuple[bool | None, bool | None],
    ) -> None:
        """The answer is the last; resolving asks for the same as without one."""
        for before, after in self.do(
            drafts.Answer,
            self.requests(picks, lives),
            text=text,
            resolve_as=resolution,
            withdraw_forwards=withdraw,
            reminders_done=reminders[0],
            promises_kept=reminders[1],
        ):
            self.ended(before, after, resolution, withdraw, *reminders)
            assert after["first_answered_at"] is not None

    @rule(
        picks=given.PICKS,
        resolution=given.RESOLUTIONS,
        text=given.WORDS,
        withdraw=given.WITHDRAW,
        reminders=given.LOOSE_ENDS,
    )
    def resolve(
        self,
        picks: list[int],
        resolution: Resolution,
        text: str,
        withdraw: bool,
        reminders: tuple[bool | None, bool | None],
    ) -> None:
        """Open forwards and reminders end with it on an explicit word only."""
        for before, after in self.do(
            drafts.Resolve,
            self.requests(picks, lives),
            resolution=resolution,
            text=text,
            withdraw_forwards=withdraw,
            reminders_done=reminders[0],
            promises_kept=reminders[1],
        ):
            self.ended(before, after, resolution, withdraw, *reminders)

    def ended(
        self,
        before: Row,
        after: Row,
        resolution: Resolution,
        withdraw: bool,
        done: bool | None,
        kept: bool | None,
    ) -> None:
        """It ended as was said, and took with it only what it was allowed to."""
        assert (after["state"], after["resolution"]) == ("resolved", resolution)
        assert after["resolved_at"] == self.seconds()
        asked = self.was_open("forward", "withdrawn_at", before["id"])
        assert withdraw or not asked, "a question was withdrawn without a yes"
        marked = self.was_open("reminder", "done_at", before["id"])
        assert done or not marked, "a reminder was marked done without a word"
        outcomes = {row["outcome"] for row in marked if row["kind"] == "promise"}
        said = {None: set[str](), True: {"kept"}, False: {"broken"}}[kept]
        assert outcomes <= said, "how a promise ended was guessed"

    def was_open(self, table: str, ended: str, number: int) -> list[Row]:
        """The rows of the request that the last step ended."""
        before = self.done[-1].before[table]
        return [
            row
            for key, row in self.table(table).items()
            if row["request_id"] == number and row[ended] is not None and before[key][ended] is None
        ]

    @precondition(lambda self: not all(map(lives, self.table("request").values())))
    @rule(picks=given.PICKS, why=given.WORDS)
    def reopen(self, picks: list[int], why: str) -> None:
        """It is mine, now; what it took with it stays ended."""
        numbers = self.requests(picks, lambda row: not lives(row))
        for before, after in self.do(drafts.Reopen, numbers, why=why):
            assert before["state"] == "resolved"
            assert (after["state"], after["court"]) == ("open", "me")
            assert after["next_at"] == self.seconds()
            assert not self.open_forwards(after["id"])

    @rule(picks=given.PICKS, text=given.SEEN, channel=given.CHANNELS)
    def customer_writes(self, picks: list[int], text: str, channel: Channel | None) -> None:
        """It is my move whatever it was; it wakes, and what it reminds of is kept."""
        numbers = self.requests(picks)
        waited = {number: self.pending(number) for number in numbers}
        for _, after in self.do(
            drafts.CustomerWrote, numbers, must=self.exist(numbers), text=text, channel=channel
        ):
            assert (after["state"], after["court"]) == ("open", "me")
            assert (after["next_at"], after["snoozed_until"]) == (self.seconds(), None)
            assert self.pending(after["id"]) == waited[after["id"]]

    def pending(self, number: int) -> list[tuple[int, str]]:
        """What the open reminders of the request say, and the questions that are out."""
        reminders = [(row["at"], row["text"]) for row in self.open_reminders(number)]
        return reminders + [(row["due_at"], row["question"]) for row in self.open_forwards(number)]

    @rule(picks=given.PICKS, text=given.SEEN)
    def note(self, picks: list[int], text: str) -> None:
        """A remark for ourselves moves nothing."""
        numbers = self.requests(picks)
        for before, after in self.do(drafts.Note, numbers, must=self.exist(numbers), text=text):
            assert dict(after) | {"touched_at": 0} == dict(before) | {"touched_at": 0}
