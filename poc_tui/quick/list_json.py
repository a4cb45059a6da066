"""`poc list [VIEW] --json`, as scripts and status bars ask for it, again and again.

Reading ten thousand requests takes less time than importing the parser of the command line. In
its plainest form the command is therefore carried out here; anything more goes the usual way.
A test holds what both print against each other.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from poc_tui.errors import PocError, StoreBusy
from poc_tui.quick.json_text import LocalTimes, print_array, requests
from poc_tui.quick.settings_scan import may_give
from poc_tui.store.queries import listing
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import FORMER_NAMES, VIEWS
from poc_tui.store.schema import BUSY_MS
from poc_tui.system.locations import store_path
from poc_tui.system.streams import fail, print_no_more, say_failure


def list_json(arguments: list[str]) -> bool:
    """Print the requests of a view as JSON, if these are arguments that this can do.

    Returns whether it did; nothing was printed if not.

    Raises:
        SystemExit: with 1, after a sentence on standard error: the store is busy or damaged, or
            what is printed cannot be written.
    """
    words = [word for word in arguments if word != "--json"]
    view = FORMER_NAMES.get(words[0], words[0]) if words else "open"
    if len(words) > 1 or view not in VIEWS or len(words) == len(arguments):
        return False
    if sys.stdout is None or sys.stdout.isatty():
        return False
    try:
        if may_give(os.environ, "desk.timezone"):
            return False
        reader = Reader(store_path(os.environ), busy_ms=BUSY_MS)
    except StoreBusy as error:
        raise SystemExit(fail(error)) from error  # the full command line would wait as long again
    except PocError:
        return False
    try:
        if listing.is_unwound(reader):
            return False
        numbers = listing.numbers(reader, VIEWS[view], datetime.now(UTC))
        print_array(requests(listing.listed(reader, numbers), LocalTimes()))
        sys.stdout.flush()
    except PocError as error:
        raise SystemExit(fail(error)) from error
    except BrokenPipeError:
        # Who reads has had enough, as with `poc list --json | head`.
        print_no_more()
    except OSError as error:
        print_no_more()
        raise SystemExit(say_failure(str(error.strerror), 1)) from error
    return True
