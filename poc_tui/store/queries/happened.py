"""What was done to requests since somebody looked, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from poc_tui.commands import EVENTS
from poc_tui.rules.text import one_line
from poc_tui.store.queries.reader import moment, of
from poc_tui.store.row_images import read_changes

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

NAMELESS = "me"
"""The name of a desk that was given none."""

_SHOWN = 2
"""Deeds that are told, the newest."""
_WORDS = 40
"""Cells of what was said, in a sentence that tells of it."""


class SeenActivity(NamedTuple):
    """An activity; two are the same only if all of it is."""

    id: int
    at: int
    """Seconds since the epoch."""
    actor: str
    event: str
    text: str
    """How it begins."""
    came: bool
    """Whether a mail made it."""


SeenActivities = Mapping[int, "SeenActivity | None"]
"""By the number of a request the newest activity that was seen; None where there was none."""

# What a program answered moves nothing, so nobody need stop for it.
_ACTIVITIES = """
    SELECT a.id, a.at, a.actor, a.event, substr(a.text, 1, 200),
           EXISTS (SELECT 1 FROM mail_filed f WHERE f.activity_id = a.id)
    FROM activity a WHERE a.request_id = ? AND a.id > ? AND a.event <> 'auto-replied'
    ORDER BY a.id DESC LIMIT ?
"""


def seen(query: Query, numbers: Sequence[int]) -> dict[int, SeenActivity | None]:
    """The newest activity of each of these requests, by which `since` knows what is new."""
    return {number: next(iter(_activities(query, number, -1, 1)), None) for number in numbers}


def since(query: Query, before: SeenActivities, actor: str, zone: tzinfo) -> str | None:
    """What was done to these requests since `before` was seen, as one sentence without an end.

    None if nothing was. `actor` is who reads it, in `zone`.
    """
    told = [
        sentence
        for number, activity in before.items()
        for sentence in _told(query, number, activity, actor, zone)
    ]
    if not told:
        return None
    return "; ".join(told[:_SHOWN]) + ("; and more" if len(told) > _SHOWN else "")


def done_by(query: Query, step: tuple[Any, ...], actor: str) -> str:
    """Whose step is in the way of undo, such as `Accounting desk answered #1042 since; ...`.

    `step` is a row of the journal that begins as `JournalRow` and ends with its changes.
    """
    whose, label = step[2], step[4]
    made = [key for table, key, _ in read_changes(step[-1]) if table == "activity"]
    activities = [
        row
        for key in made[-1:]
        for row in query("SELECT request_id, event FROM activity WHERE id = ?", (key,))
    ]
    did = f"{named(whose)} did “{label}”"
    for number, event in activities:
        did = deed(whose, event, f"#{number}", actor)
    return f"{did} since; undo that first"


def deed(actor: str, event: str, of: str, own: str, *, came: bool = False) -> str:
    """Such as `Accounting desk answered #1042`.

    `event` is a value of `commands.Event`, `of` names the request, `own` is the name of who reads
    it: their own deed was done at another desk of theirs. `came`: mail did it.
    """
    told = EVENTS.get(event)
    if came or told is None or not told.deed:
        return f"{'a mail came in on' if told is None else told.came} {of}"
    if actor == own:
        return f"you {told.deed} {of} at another desk"
    return f"{named(actor)} {told.deed} {of}"


def named(actor: str) -> str:
    """The name within a sentence; that of somebody who gave none is no word of it."""
    return f"“{actor}”" if actor == NAMELESS else actor


def _told(
    query: Query, number: int, activity: SeenActivity | None, actor: str, zone: tzinfo
) -> list[str]:
    # The activity that was seen may be gone, and its number given to another.
    new = _activities(query, number, -1 if activity is None else activity.id - 1, _SHOWN + 2)
    fresh = [_one(found, number, actor, zone) for found in new if found != activity]
    if activity is not None and not new:
        return [f"the last step on #{number} was taken back"]
    return fresh


def _one(activity: SeenActivity, number: int, actor: str, zone: tzinfo) -> str:
    at = moment(activity.at).astimezone(zone)
    did = deed(activity.actor, activity.event, f"#{number}", actor, came=activity.came)
    words = one_line(activity.text, _WORDS)
    return f"{did} at {at:%H:%M}" + (f": “{words}”" if words else "")


def _activities(query: Query, number: int, after: int, most: int) -> list[SeenActivity]:
    return [of(SeenActivity, row) for row in query(_ACTIVITIES, (number, after, most))]
