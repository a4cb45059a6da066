"""Where the figures are taken: copies of stores, and programs run as a person would run them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.make_store import kept
from bench.rows import Size
from bench.terminal import COLUMNS, LINES, Terminal

PYTHON = (sys.executable, "-c", "pass")
POC = (str(Path(sys.executable).with_name("poc")),)
EMPTY_APP = (sys.executable, str(Path(__file__).with_name("empty_app.py")))

SMALL = Size(requests=1_000, open=50, customers=200)
SETTLED = 3.0
"""Seconds after which a desk that was just opened has loaded everything and is at rest."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`big` is the store that must make no difference; `folder` takes what a case writes."""

    folder: Path
    big: Size
    quick: bool

    def rounds(self, count: int) -> int:
        """How often to measure: fewer times when only a quick look is wanted."""
        return max(5, count // 5) if self.quick else count

    @contextmanager
    def store(self, size: Size) -> Iterator[Path]:
        """A copy of a made store, to write to."""
        path = self.folder / f"{size.requests}.sqlite3"
        shutil.copyfile(kept(size), path)
        path.chmod(0o600)
        # As if the day's backup had just been tried, which is a figure of its own.
        path.with_name(f"{path.name}.backing-up").touch()
        yield path
        path.unlink()

    def environ(self, store: Path | None = None) -> Mapping[str, str]:
        """An environment without anything of the person's own; `store` is what `poc` opens."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TZ": "Europe/Berlin",
            "POC_DB": str(store or self.folder / "none.sqlite3"),
            "POC_CONFIG": str(self.folder / "none.toml"),
        }

    def desk(
        self, store: Path, size: tuple[int, int] = (COLUMNS, LINES), *arguments: str
    ) -> Terminal:
        """The desk over a store, in a terminal of so many columns and lines."""
        return Terminal((*POC, *arguments), self.environ(store), size)
