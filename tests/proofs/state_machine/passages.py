"""What holds between the state before a verb and the state after it.

Undo and redo are no passages: they give a known state back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.helpers.state import Row, State, difference, told

CLOCKS = frozenset({"due_at", "due_for", "due_since", "resolve_by", "next_at", "sort_at"})
"""What follows from the service levels: applying others, or who is a VIP, changes it for all of
the requests at once, and nothing was done about any of them."""

COUNTED_ANEW = ("levels", "customer")
"""The steps that do so."""


@dataclass(frozen=True)
class Passage:
    """What a verb made of the store, when it was carried out and by whom."""

    before: State
    after: State
    now: datetime
    actor: str

    @property
    def at(self) -> int:
        """The moment as the store keeps it: whole seconds since 1970 in UTC."""
        return int(self.now.timestamp())

    @property
    def step(self) -> str:
        """What the journal calls it."""
        return ", ".join(row["step"] for row in self.new("journal"))

    def tells(self, before: Row, after: Row) -> bool:
        """Whether a timeline has to say that this row changed."""
        apart = CLOCKS if self.step in COUNTED_ANEW else frozenset()
        return any(before[field] != after[field] for field in before.keys() - apart)

    def new(self, table: str) -> list[Row]:
        """The rows that were made."""
        return [row for key, row in self.after[table].items() if key not in self.before[table]]

    def changed(self, table: str) -> list[tuple[Row, Row]]:
        """The rows that were there before and are not the same now."""
        return [
            (self.before[table][key], row)
            for key, row in self.after[table].items()
            if key in self.before[table] and self.before[table][key] != row
        ]


def broken_by(passage: Passage) -> list[str]:
    """What of `PASSAGES` does not hold between the state before a verb and the one after."""
    return [sentence for holds in PASSAGES for sentence in holds(passage)]


def wound(before: State, after: State) -> list[str]:
    """What winding the clocks changed that is no clock of an open request."""
    return [line for line in difference(before, after) if not line.startswith("request ")] + [
        f"request {key}: {told(row, after['request'].get(key))}"
        for key, row in before["request"].items()
        if any(
            row[field] != after["request"][key][field]
            for field in (row.keys() - CLOCKS if row["court"] else row.keys())
        )
    ]


def _every_change_is_told(passage: Passage) -> Iterator[str]:
    """Whatever changes about a request, its timeline says that something was done, by whom."""
    new = passage.new("activity")
    told = {row["request_id"] for row in new}
    changed = [
        after for before, after in passage.changed("request") if passage.tells(before, after)
    ]
    for row in passage.new("request") + changed:
        if row["id"] not in told:
            yield f"request {row['id']} was changed, and its timeline does not say so"
    for row in new:
        if row["actor"] != passage.actor:
            yield f"activity {row['id']} was done by {row['actor']}, not by {passage.actor}"
        arrival = passage.after["request"][(row["request_id"],)]["received_at"]
        first = (row["request_id"],) not in passage.before["request"]
        if row["at"] != (arrival if first and row["event"] == "received" else passage.at):
            yield f"activity {row['id']} ({row['event']}) says {row['at']}, it is {passage.at}"
    untouched = ("auto-replied", "unverified")
    for number in {row["request_id"] for row in new if row["event"] not in untouched}:
        if passage.after["request"][(number,)]["touched_at"] != passage.at:
            yield f"something was done about request {number}, and it was not touched"


def _a_forward_that_changes_is_told(passage: Passage) -> Iterator[str]:
    told = {row["forward_id"] for row in passage.new("activity")}
    changed = [
        after for before, after in passage.changed("forward") if passage.tells(before, after)
    ]
    for row in passage.new("forward") + changed:
        if row["id"] not in told:
            yield f"forward {row['id']} was changed, and no timeline says so"


def _a_reminder_that_changes_is_told(passage: Passage) -> Iterator[str]:
    told = {row["request_id"] for row in passage.new("activity")} | {None}
    for row in passage.new("reminder") + [after for _, after in passage.changed("reminder")]:
        if row["request_id"] not in told:
            yield f"reminder {row['id']} was changed, and its request's timeline does not say so"


def _nothing_is_lost(passage: Passage) -> Iterator[str]:
    """Verbs add and change; only addresses and tags are ever taken away."""
    for name in passage.before.keys() - {"address", "request_tag"}:
        if gone := passage.before[name].keys() - passage.after[name].keys():
            yield f"{name}: {sorted(gone)} went away"


def _what_was_said_stays(passage: Passage) -> Iterator[str]:
    for name in ("activity", "original", "turn"):
        for before, after in passage.changed(name):
            yield f"{name}: {before} became {after}"
    for before, after in passage.changed("forward"):
        if before["answered_at"] is not None or before["withdrawn_at"] is not None:
            yield f"forward {before['id']} was closed already and changed again"
        for field in ("request_id", "department_id", "question", "asked_at", "due_at"):
            if before[field] != after[field]:
                yield f"forward {before['id']}: {field} changed"
    for before, after in passage.changed("reminder"):
        for field in ("request_id", "customer_id", "kind", "text", "every", "whom"):
            if before[field] != after[field]:
                yield f"reminder {before['id']}: {field} changed"


def _what_a_request_keeps(passage: Passage) -> Iterator[str]:
    """When it arrived, its text, and when the customer first heard from us."""
    for before, after in passage.changed("request"):
        for field in ("received_at", "text"):
            if before[field] != after[field]:
                yield f"request {before['id']}: {field} changed"
        if before["first_answered_at"] not in (None, after["first_answered_at"]):
            yield f"request {before['id']}: the first answer moved"
        if before["state"] != "new" and after["state"] == "new":
            yield f"request {before['id']} was looked at and is new again"


def _since_when_is_whose_move(passage: Passage) -> Iterator[str]:
    for before, after in passage.changed("request"):
        stays = before["court"] == after["court"]
        wanted = before["court_since"] if stays else passage.at
        if after["court"] is not None and after["court_since"] != wanted:
            yield (
                f"request {before['id']}: {before['court']} -> {after['court']}"
                f" since {after['court_since']}, not {wanted}"
            )


def _a_turn_ends_with_the_move(passage: Passage) -> Iterator[str]:
    """Whose move it was is kept, from when to when; nothing else makes a turn."""
    wanted = [
        (before["id"], before["court"], before["court_since"], passage.at)
        for before, after in passage.changed("request")
        if before["court"] not in (None, after["court"]) and before["court_since"] < passage.at
    ] + [
        (row["id"], "me", row["received_at"], passage.at)
        for row in passage.new("request")
        if row["court"] != "me" and row["received_at"] < passage.at
    ]
    made = [
        (row["request_id"], row["court"], row["since"], row["until"]) for row in passage.new("turn")
    ]
    if sorted(made) != sorted(wanted):
        yield f"the turns {made} were made, not {wanted}"


def _the_customers_clock_runs_on(passage: Passage) -> Iterator[str]:
    """From me to a department and back, the date of the resolution stays as it is; only a date that
    a person gives, or that is met, moves it."""
    if passage.step in ("triage", *COUNTED_ANEW):
        return
    for before, after in passage.changed("request"):
        ours = {before["court"], after["court"]} <= {"me", "department"}
        given = "given" in (before["due_for"], after["due_for"])
        if ours and not given and before["resolve_by"] not in (None, after["resolve_by"]):
            yield f"request {before['id']}: the date of its resolution moved"


def _each_verb_is_one_journal_entry(passage: Passage) -> Iterator[str]:
    new = passage.new("journal")
    if [row["undone"] for row in new] != [0]:
        yield f"one verb made {len(new)} journal entries"
    for row in new:
        if (row["at"], row["actor"]) != (passage.at, passage.actor):
            yield f"journal entry {row['id']} is not of {passage.actor} at {passage.at}"


def _moments_are_whole_seconds(passage: Passage) -> Iterator[str]:
    for name, rows in passage.after.items():
        for row in rows.values():
            for field, value in row.items():
                if _is_moment(field) and not isinstance(value, int | None):
                    yield f"{name}.{field} holds {value!r}, which is no moment"


PASSAGES = (
    _every_change_is_told,
    _a_forward_that_changes_is_told,
    _a_reminder_that_changes_is_told,
    _nothing_is_lost,
    _what_was_said_stays,
    _what_a_request_keeps,
    _since_when_is_whose_move,
    _a_turn_ends_with_the_move,
    _the_customers_clock_runs_on,
    _each_verb_is_one_journal_entry,
    _moments_are_whole_seconds,
)
"""What holds between the state before a verb and the state after it."""


def _is_moment(field: str) -> bool:
    return field in ("at", "since", "until") or field.endswith(("_at", "_since", "_until"))
