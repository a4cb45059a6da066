"""What is typed at a shell: `poc add`, `poc list`, `poc show`, the verbs, `poc import`."""

from __future__ import annotations

import csv
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bench.measure import (
    Figure,
    Value,
    first_line,
    interleaved,
    median_ms,
    milliseconds,
    ratio,
    run,
    run_and_weigh,
)
from bench.stage import POC, PYTHON, SETTLED, SMALL, Stage
from bench.texts import Texts
from poc_tui.store.queries.reader import Reader

AT_ONCE = 20
ROWS = 20_000
_AT_MOST = {"agenda": 500, "list": 500, "calendar": 4_000}
"""Milliseconds that a command may take at most, over the big store."""
_SOME = 20_000
"""Rows of a list that is no longer than memory has room for."""
ADD = (*POC, "add", "The front door reader blinks yellow", "via:phone")


def add(stage: Stage) -> Iterator[Figure]:
    """`poc add` against Python itself, and with everything stored against nearly nothing."""
    with stage.store(SMALL) as small, stage.store(stage.big) as big:
        bare, little, much = interleaved(
            stage.rounds(60),
            partial(run, PYTHON, stage.environ()),
            partial(run, ADD, stage.environ(small)),
            partial(run, ADD, stage.environ(big)),
        )
    yield Figure(
        "poc add WORDS / python -c pass",
        [Value(ratio(little, bare), 2.2, "x")],
        f"{median_ms(little)} / {median_ms(bare)}, {len(bare)} times",
    )
    yield Figure(
        f"poc add with {stage.big.requests:,} requests / with {SMALL.requests:,}",
        [Value(ratio(much, little), 1.2, "x")],
        f"{median_ms(much)} / {median_ms(little)}, {len(much)} times",
    )


def together(stage: Stage) -> Iterator[Figure]:
    """Twenty at once while the desk is open: each is kept, or says that it is not."""
    with stage.store(stage.big) as store, stage.desk(store) as desk:
        desk.rest(SETTLED)
        before = _stored(store)
        started = time.perf_counter()
        running = [
            subprocess.Popen(
                [*POC, "add", f"at once {n}"],
                env=stage.environ(store),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for n in range(AT_ONCE)
        ]
        while any(process.poll() is None for process in running):
            desk.rest(0.01)
        took = time.perf_counter() - started
        done = sum(process.returncode == 0 for process in running)
        kept = _stored(store) - before
    yield Figure(
        f"{AT_ONCE} poc add at once, the desk open: lost without a word",
        [Value(abs(done - kept), 0, "")],
        f"{kept} kept, {AT_ONCE - done} refused with an exit code, all done in {took:.1f} s",
    )


def live(stage: Stage) -> Iterator[Figure]:
    """How soon the open desk shows what another terminal wrote."""
    times: list[float] = []
    with stage.store(SMALL) as store, stage.desk(store) as desk:
        desk.rest(SETTLED)
        for n in range(stage.rounds(15)):
            desk.rest(0.03 * n)
            number = SMALL.requests + 1 + n
            run([*POC, "add", "seen at once", "due:today 23:59"], stage.environ(store))
            times.append(
                desk.until_text(rf"Open {SMALL.open + 1 + n}\b", since=time.perf_counter())
            )
            if _stored(store) != number:
                raise AssertionError("a request was not stored")
    yield Figure(
        "poc add in another terminal, until the desk shows it",
        [Value(milliseconds(max(times)), 500, "ms")],
        f"worst of {len(times)}; median {median_ms(times)}",
    )


def listing(stage: Stage) -> Iterator[Figure]:
    """`poc list --json` of all that is open, against Python itself."""
    with stage.store(stage.big) as store:
        bare, printed = interleaved(
            stage.rounds(20),
            partial(run, PYTHON, stage.environ()),
            partial(run, [*POC, "list", "--json"], stage.environ(store)),
        )
    yield Figure(
        f"poc list --json, {stage.big.open:,} open / python -c pass",
        [Value(ratio(printed, bare), 11, "x")],
        f"{median_ms(printed)} / {median_ms(bare)}, {len(bare)} times;"
        f" worst {milliseconds(max(printed)):.0f} ms,"
        f" spread {milliseconds(statistics.stdev(printed)):.0f} ms",
    )


def long_lists(stage: Stage) -> Iterator[Figure]:
    """What lists and gathers a great deal, and the first line of what would take long."""
    many = f"{stage.big.requests:,} requests"
    with stage.store(stage.big) as store:
        environ = stage.environ(store)
        bare, *whole = interleaved(
            stage.rounds(20),
            partial(run, PYTHON, environ),
            *(partial(run, [*POC, command], environ) for command in _AT_MOST),
        )
        lists = (["list", "resolved"], ["list", "resolved", "--all"])
        first = interleaved(
            stage.rounds(20), *(partial(first_line, [*POC, *words], environ) for words in lists)
        )
        portion = [*POC, "list", "resolved", "--limit", str(_SOME)]
        _, little = run_and_weigh(portion, environ)
        took, much = run_and_weigh([*POC, "list", "resolved", "--all"], environ)
    for (command, most), times in zip(_AT_MOST.items(), whole, strict=True):
        yield Figure(
            f"poc {command}, {many}, {stage.big.open:,} open; / python -c pass",
            [Value(milliseconds(statistics.median(times)), most, "ms"),
             Value(ratio(times, bare), None, "x")],
            f"{median_ms(times)} / {median_ms(bare)}, {len(bare)} times",
        )  # fmt: skip
    for words, times in zip(lists, first, strict=True):
        yield Figure(
            f"the first line of poc {' '.join(words)}, {many}",
            [Value(milliseconds(statistics.median(times)), 400, "ms")],
            f"median of {len(times)}, worst {milliseconds(max(times)):.0f} ms",
        )
    yield Figure(
        f"memory of poc list resolved --all / --limit {_SOME:,}, {many}",
        [Value(much / little, 1.2, "x")],
        f"{much / 1024:.0f} MB / {little / 1024:.0f} MB at most; all of it in {took:.1f} s",
    )


def looking(stage: Stage) -> Iterator[Figure]:
    """What only reads, by way of the whole command line, against Python itself."""
    with stage.store(SMALL) as store:
        environ = stage.environ(store)
        bare, shown, listed = interleaved(
            stage.rounds(40),
            partial(run, PYTHON, environ),
            partial(run, [*POC, "show", "1"], environ),
            partial(run, [*POC, "list"], environ),
        )
    for command, times in (("show 1", shown), ("list", listed)):
        yield _beside_python(f"poc {command}", times, bare, at_most=9)


def verbs(stage: Stage) -> Iterator[Figure]:
    """Verbs against Python itself; the store is as big for each, and for one it is big."""
    with stage.store(SMALL) as small, stage.store(stage.big) as big:
        one, other = _open(small, 2)
        mine = partial(run, environ=stage.environ(small))
        bare, note, forward, answer, resolve, undo, much = interleaved(
            stage.rounds(20),
            partial(run, PYTHON, stage.environ()),
            partial(mine, [*POC, "note", "1", "x"]),
            partial(mine, [*POC, "forward", other, "technical", "Is it right?"]),
            partial(mine, [*POC, "answer", one, "We are looking into it."]),
            partial(mine, [*POC, "resolve", one, "It is done.", "--withdraw"]),
            partial(mine, [*POC, "undo"]),
            partial(run, [*POC, "note", "1", "x"], stage.environ(big)),
        )
    for command, times in (
        ("note 1 x", note),
        (f"note 1 x, {stage.big.requests:,} requests", much),
        ("forward", forward),
        ("answer", answer),
        ("resolve", resolve),
        ("undo", undo),
    ):
        yield _beside_python(f"poc {command}", times, bare, at_most=14)


def rows_in(stage: Stage) -> Iterator[Figure]:
    """`poc import` of a CSV file while somebody else keeps a core busy."""
    count = ROWS // 5 if stage.quick else ROWS
    rows = csv_rows(stage.folder / "rows.csv", count)
    with stage.store(SMALL) as store, _one_core_busy():
        took = run([*POC, "import", str(rows)], stage.environ(store))
    rows.unlink()
    yield Figure(
        f"poc import of {count:,} rows of CSV, one core busy beside it",
        [Value(count / took, 5_000, "rows a second", at_least=True)],
        f"once; {took:.1f} s",
    )


def csv_rows(path: Path, count: int) -> Path:
    """Requests to import, written to `path`; the same each time."""
    texts = Texts(seed=2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("subject", "text", "channel"))
        writer.writerows((texts.subject(), texts.message(), "web") for _ in range(count))
    return path


def _beside_python(what: str, times: list[float], bare: list[float], *, at_most: float) -> Figure:
    return Figure(
        f"{what} / python -c pass",
        [Value(ratio(times, bare), at_most, "x")],
        f"{median_ms(times)} / {median_ms(bare)}, {len(bare)} times",
    )


@contextmanager
def _one_core_busy() -> Iterator[None]:
    with subprocess.Popen([*PYTHON[:-1], "while True: pass"]) as busy:
        try:
            yield
        finally:
            busy.kill()


def _open(store: Path, count: int) -> list[str]:
    """The numbers of some requests that are open and mine."""
    with closing(Reader(str(store), busy_ms=10_000)) as reader:
        rows = reader.rows(
            "SELECT id FROM request WHERE state = 'open' AND court = 'me' AND due_at IS NOT NULL"
            " ORDER BY id LIMIT ?",
            (count,),
        )
    return [str(number) for (number,) in rows]


def _stored(store: Path) -> int:
    with closing(Reader(str(store), busy_ms=10_000)) as reader:
        return int(reader.value("SELECT count(*) FROM request"))
