"""Every change of the clocks is found, also where they go back within days."""

from __future__ import annotations

import struct
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from poc_tui.rules.dates.zone_changes import observances


def zone_of(rule: str) -> ZoneInfo:
    """The zone that a TZ string of POSIX tells, as a file of zones has it (RFC 9636)."""
    block = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block += struct.pack(">lbb", 0, 0, 0) + b"STD\0"
    return ZoneInfo.from_file(BytesIO(block + block + f"\n{rule}\n".encode()))


def test_clocks_that_go_back_in_four_days_are_told_both_times() -> None:
    years = range(2019, 2033)
    told = {
        onset
        for one in observances(zone_of("STD0DST,J244/0,J248/0"), years[0], years[-1])
        for onset in (one.first.onset, *one.others)
    }
    for year in years:
        there, back = (datetime(year, 9, day) for day in (1, 5))  # noqa: DTZ001 - wall times
        assert {there, back} <= told
