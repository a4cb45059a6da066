"""Taking in mail: against what the standard library needs to read it, and in how much memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.mails import maildir
from bench.measure import Figure, Value, run_and_weigh
from bench.stage import POC, SMALL, Stage
from poc_tui.store.queries.reader import Reader

MAILS = 10_000
FEW = 1_000
_READ = (sys.executable, str(Path(__file__).with_name("read_mails.py")))


def taking_in(stage: Stage) -> Iterator[Figure]:
    """`poc import mail` of a Maildir; the baseline is taken before it and after it."""
    count = MAILS // 5 if stage.quick else MAILS
    many, few = maildir(stage.folder, count), maildir(stage.folder, FEW)
    with stage.store(SMALL) as store:
        _, little = run_and_weigh([*POC, "import", "mail", str(few)], stage.environ(store))
    before, _ = run_and_weigh([*_READ, str(many)], stage.environ())
    with stage.store(SMALL) as store:
        took, much = run_and_weigh([*POC, "import", "mail", str(many)], stage.environ(store))
        kept = _kept(store)
    after, _ = run_and_weigh([*_READ, str(many)], stage.environ())
    bare = (before + after) / 2
    yield Figure(
        f"poc import mail, {count:,} mails / the standard library reads them",
        [Value(took / bare, 2.5, "x")],
        f"{took:.1f} s / {bare:.1f} s ({before:.1f}, {after:.1f}); {took / count * 1000:.1f} ms a"
        f" mail; {kept:,} kept",
    )
    yield Figure(
        f"memory of it, {count:,} mails / {FEW:,}",
        [Value(much / little, 1.2, "x")],
        f"{much / 1024:.0f} MB / {little / 1024:.0f} MB at most",
    )


def _kept(store: Path) -> int:
    with closing(Reader(str(store), busy_ms=10_000)) as reader:
        return int(reader.value("SELECT count(*) FROM mail"))
