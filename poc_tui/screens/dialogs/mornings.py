"""The date that "not today" means when nothing else is said."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from poc_tui.rules.business import next_open

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


def next_morning(session: Session) -> datetime:
    """When business opens on the first day after today that it does (aware UTC)."""
    zone = session.clock.zone
    tomorrow = session.clock.now().astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(0), zone).astimezone(UTC)
    return next_open(session.settings.hours, midnight)
