"""Makes the pictures of the README: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.desks import demo_store, desk_over

PICTURES = (
    ("desk", (120, 36), ()),
    ("desk-80x24", (80, 24), ()),
    ("forward", (120, 36), ("j", "j", "j", "f")),
    ("answer", (120, 36), ("a",)),
    ("search", (120, 36), ("slash", *"rechnung")),
    ("chase", (120, 36), ("2", "c")),
    ("agenda", (120, 36), ("A",)),
)
"""Name, size in cells, keys to press before the picture is taken."""


async def picture(store: str, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    """The screen as SVG after these keys."""
    app = desk_over(store)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.3)
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.6)
        return app.export_screenshot()


def main(folder: str, *only: str) -> None:
    """Write every picture into `folder`."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = home
        store = demo_store(Path(home))
        for name, size, keys in PICTURES:
            if not only or name in only:
                (target / f"{name}.svg").write_text(asyncio.run(picture(store, size, keys)))


if __name__ == "__main__":
    main(*sys.argv[1:])
