"""In which country this computer stands, as far as it says so."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import tzinfo
from importlib import resources
from zoneinfo import TZPATH

from poc_tui.system.files import MOST_WRITTEN, read_text

_LOCALE = re.compile(r"[a-z]{2,3}_([A-Z]{2})\b")
_OF_ZONES = "zone.tab"
"""The table of zones by country that comes with the zones of the IANA."""


def country_here(environ: Mapping[str, str], zone: tzinfo) -> str:
    """Its code (ISO 3166-1), such as "DE"; empty where neither the zone nor the locale says it.

    The zone goes first: many people use a computer in another language than their country's.
    """
    return _of_zone(_name(environ, zone)) or _of_locale(environ)


def _name(environ: Mapping[str, str], zone: tzinfo) -> str:
    """What the IANA calls the zone, such as `Europe/Berlin`."""
    named = getattr(zone, "key", "") or environ.get("TZ", "").removeprefix(":")
    return named or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]


def _of_zone(name: str) -> str:
    if name:
        for line in _lines():
            code, *_, zone = line.split("\t")[:3]
            if zone.strip() == name:
                return code
    return ""


def _of_locale(environ: Mapping[str, str]) -> str:
    said = (environ.get(name, "") for name in ("LC_ALL", "LC_TIME", "LANG"))
    found = _LOCALE.match(next(filter(None, said), ""))
    return "" if found is None else found[1]


def _lines() -> Iterator[str]:
    """The lines of the table, from the computer's own zones or those that poc brings along."""
    for line in _table().splitlines():
        if line.count("\t") > 1 and not line.startswith("#"):
            yield line


def _table() -> str:
    places = [os.path.join(folder, _OF_ZONES) for folder in TZPATH]
    with suppress(ModuleNotFoundError):
        places.append(str(resources.files("tzdata").joinpath("zoneinfo", _OF_ZONES)))
    for place in places:
        with suppress(OSError):
            return read_text(place, MOST_WRITTEN)
    return ""
