"""Notices of the desktop, through `desktop_notifier`; none where there is no desktop.

A notice is a courtesy: what it says was printed as well. So whatever fails here (no session bus,
no notification server, one that does not answer) fails quietly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

Sender = Callable[[str, str], bool]
"""Shows a title and a body, plain text both; returns whether it was handed to a desktop."""

PATIENCE = 4.0
"""Seconds that a desktop has to take a notice."""

_BUS = "DBUS_SESSION_BUS_ADDRESS"


def desktop(environ: Mapping[str, str]) -> Sender | None:
    """The way to this computer's desktop; None where there is none.

    On Linux a desktop is there when there is a session bus. Nothing is imported to find out.
    """
    return None if _on_linux() and not environ.get(_BUS) else _send


def _on_linux() -> bool:
    return sys.platform.startswith("linux")


def as_body(text: str) -> str:
    """Plain text so that a server which reads bodies as markup shows it as it is.

    Source: Desktop Notifications Specification 1.3, "Markup".
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _send(title: str, body: str) -> bool:
    import asyncio
    import logging

    # The library logs why it failed, with a traceback, to standard error.
    for library in ("desktop_notifier", "dbus_fast"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    try:
        return asyncio.run(_handed_over(title, as_body(body) if _on_linux() else body))
    except Exception:
        # Each system's library fails in ways of its own, and none is a failure of what was asked.
        return False


async def _handed_over(title: str, body: str) -> bool:
    import asyncio

    from desktop_notifier import DesktopNotifier, Icon

    taken: list[str] = []
    # A name of the freedesktop.org Icon Naming Specification; elsewhere the program's own is shown.
    icon = Icon(name="appointment-soon") if _on_linux() else None
    notifier = DesktopNotifier("poc", app_icon=icon)
    notifier.on_dispatched = taken.append
    await asyncio.wait_for(notifier.send(title, body), PATIENCE)
    return bool(taken)
