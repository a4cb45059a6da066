"""Values that lie in the store as JSON."""

from __future__ import annotations

import json
from typing import Any

from poc_tui.errors import StoreUnreadable

DAMAGED = "this store is damaged: {}; nothing was changed. `poc locate` names the backups"


def nested(text: str | bytes) -> Any:
    """The value that the text spells.

    Raises:
        StoreUnreadable: it is no JSON, so something else than poc has written on the file.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreUnreadable(DAMAGED.format("a list in it cannot be read any more")) from error
