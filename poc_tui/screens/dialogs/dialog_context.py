"""What a dialog takes from the session around it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from poc_tui.rules.service.opening_hours import next_open
from poc_tui.system import locations

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


def drafts_dir(session: Session) -> str:
    """Where half-typed words lie: beside a demo's store, else with the person's own files."""
    if session.demo:
        return os.path.join(os.path.dirname(session.path), "drafts")
    return os.path.join(locations.state_dir(os.environ), "drafts")


def next_morning(session: Session) -> datetime:
    """When business opens on the first day after today that it does (aware UTC)."""
    zone = session.clock.zone
    tomorrow = session.clock.now().astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(0), zone).astimezone(UTC)
    return next_open(session.settings.hours, midnight)
