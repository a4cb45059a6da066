"""Other programs that read calendars: what they object to, and when they show an event.

Each gives the times (UTC) of every event of a file until some moment, or None where it is not on
this computer: libical (GNOME Calendar, Evolution, KOrganizer), and ical.js (Thunderbird, Nextcloud)
under node, which finds it by NODE_PATH.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import shutil
import subprocess
from datetime import UTC, datetime

_ICAL_JS = """
const found = require('ical.js'), ICAL = found.default || found;
const text = require('fs').readFileSync(0, 'utf8');
const until = ICAL.Time.fromDateTimeString(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents('vtimezone'))
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const shown = [];
for (const one of calendar.getAllSubcomponents('vevent')) {
  const event = new ICAL.Event(one);
  if (!event.isRecurring()) { shown.push(event.startDate.toUnixTime()); continue; }
  const times = event.iterator();
  for (let at = times.next(); at && at.compare(until) < 0; at = times.next())
    shown.push(at.toUnixTime());
}
console.log(JSON.stringify(shown));
"""


def by_ical_js(content: bytes, until: datetime) -> list[datetime] | None:
    """What readers built on ical.js show."""
    node = shutil.which("node")
    if node is None:
        return None
    ran = subprocess.run(
        [node, "-e", _ICAL_JS, f"{until:%Y-%m-%dT%H:%M:%SZ}"],
        input=content,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if b"Cannot find module 'ical.js'" in ran.stderr:
        return None
    assert ran.returncode == 0, ran.stderr.decode()
    return sorted(datetime.fromtimestamp(at, UTC) for at in json.loads(ran.stdout))


class _Time(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    )


class _Span(ctypes.Structure):
    _fields_ = (("start", ctypes.c_long), ("end", ctypes.c_long), ("is_busy", ctypes.c_int))


_VISIT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Span), ctypes.c_void_p)


def by_libical(content: bytes, until: datetime) -> tuple[list[datetime], list[str]] | None:
    """What libical shows, and what it objects to."""
    name = ctypes.util.find_library("ical")
    if name is None:
        return None
    lib = ctypes.CDLL(name)
    for function in (
        "icalparser_parse_string", "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
    ):  # fmt: skip
        getattr(lib, function).restype = ctypes.c_void_p
    lib.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    lib.icaltimezone_get_utc_timezone.restype = ctypes.c_void_p
    lib.icaltime_from_timet_with_zone.restype = _Time
    lib.icaltime_from_timet_with_zone.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p]
    lib.icalcomponent_foreach_recurrence.argtypes = [
        ctypes.c_void_p, _Time, _Time, _VISIT, ctypes.c_void_p,
    ]  # fmt: skip
    calendar = ctypes.c_void_p(lib.icalparser_parse_string(content))
    lib.icalrestriction_check(calendar)
    text = lib.icalcomponent_as_ical_string(calendar).decode()
    objections = [line for line in text.splitlines() if line.startswith("X-LIC-ERROR")]
    utc = lib.icaltimezone_get_utc_timezone()
    start, stop = (
        lib.icaltime_from_timet_with_zone(int(at.timestamp()), 0, utc)
        for at in (datetime(2000, 1, 1, tzinfo=UTC), until)
    )
    shown: list[datetime] = []

    def visit(_event: int, span: object, _data: int) -> None:
        shown.append(datetime.fromtimestamp(span.contents.start, UTC))  # type: ignore[attr-defined]

    event = lib.icalcomponent_get_first_component(
        calendar, lib.icalcomponent_string_to_kind(b"VEVENT")
    )
    while event:
        lib.icalcomponent_foreach_recurrence(event, start, stop, _VISIT(visit), None)
        event = lib.icalcomponent_get_next_component(
            calendar, lib.icalcomponent_string_to_kind(b"VEVENT")
        )
    return sorted(shown), objections
