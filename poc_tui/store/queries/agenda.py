"""The agenda as the store has it: everything with a date, and what nobody has looked at."""

from __future__ import annotations

from datetime import datetime, tzinfo

from poc_tui.rules.agenda import WEEK, Agenda, agenda, end
from poc_tui.store.queries.items import items
from poc_tui.store.queries.reader import Reader, seconds, typed
from poc_tui.store.queries.views import VIEWS
from poc_tui.store.records import AgendaItem

_NEW = f"""
    SELECT 'new', r.id,
           CASE WHEN coalesce(r.due_at, r.resolve_by) IS NULL THEN :now ELSE r.sort_at END,
           r.id, r.subject, r.customer_id, c.name, '', ''
    FROM (SELECT * FROM request INDEXED BY {VIEWS["new"].by} WHERE {VIEWS["new"].where}) r
    LEFT JOIN customer c ON c.id = r.customer_id
"""


def read(reader: Reader, now: datetime, zone: tzinfo, days: int = WEEK) -> Agenda[AgendaItem]:
    """The agenda at `now` (aware UTC) of so many days of `zone`, today included.

    A new request comes as an item `new` of its own, at the first date it has; one without any,
    which a busy store left so, at `now`.
    """
    new = [
        AgendaItem(*typed(row, moments=(2,))) for row in reader.rows(_NEW, {"now": seconds(now)})
    ]
    return agenda(items(reader, zone, until=end(now, zone, days)), new, now, zone, days)
