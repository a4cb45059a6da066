"""Taking times beside their baseline, and what a figure is."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

Seconds = float


class Took(NamedTuple):
    """How long something took: by the clock, and on the processor, where nobody waits."""

    passed: Seconds
    worked: Seconds


Time = TypeVar("Time", Seconds, Took)


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a figure, in `unit`, and the most that it may be; None: no goal is set.

    With `at_least` the limit is the least that it may be.
    """

    number: float
    limit: float | None
    unit: str
    at_least: bool = False

    @property
    def missed_by(self) -> float:
        """By what share the goal is missed; 0.0 where it is met or none is set."""
        if self.limit is None or self.number == self.limit:
            return 0.0
        good, bad = (self.number, self.limit) if self.at_least else (self.limit, self.number)
        return max(0.0, bad / good - 1) if good else float("inf")


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, its numbers, and where they come from."""

    what: str
    values: Sequence[Value]
    how: str


def interleaved(rounds: int, *actions: Callable[[], Time]) -> list[list[Time]]:
    """Each action's times, taken in turn so that a busy moment hits all alike.

    One round before the first warms caches and is not counted.
    """
    for action in actions:
        action()
    turns = [[action() for action in actions] for _ in range(rounds)]
    return [list(times) for times in zip(*turns, strict=True)]


def run(command: Sequence[str], environ: Mapping[str, str]) -> Seconds:
    """How long a command takes from its start to its end. Raises when it fails."""
    started = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def run_and_weigh(command: Sequence[str], environ: Mapping[str, str]) -> tuple[Seconds, int]:
    """How long a command takes, and the most memory that it holds in kB. Raises when it fails."""
    weighed = subprocess.run(
        (sys.executable, "-c", _WEIGH, *command),
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds, most = weighed.stdout.split()
    return float(seconds), int(most)


_WEIGH = """
import os, sys, time
started = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - started, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Run by a Python that has loaded next to nothing: Linux counts what whoever starts a program holds
as the program's own."""


def first_line(command: Sequence[str], environ: Mapping[str, str]) -> Seconds:
    """How long until a command has printed a line; nobody reads on. Raises when that is a fault."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        if process.stdout is None or not process.stdout.readline():
            raise ValueError(f"nothing was printed by {command}")
        took = time.perf_counter() - started
        process.stdout.close()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return took


def ratio(times: Sequence[Seconds], baseline: Sequence[Seconds]) -> float:
    """How many times as long, median against median."""
    return statistics.median(times) / statistics.median(baseline)


def p95(times: Sequence[Seconds]) -> Seconds:
    """What nineteen of twenty stay below."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def milliseconds(seconds: Seconds) -> float:
    return seconds * 1000


def median_ms(times: Sequence[Seconds]) -> str:
    """The median in words, for the column that says how."""
    return f"{milliseconds(statistics.median(times)):.0f} ms"


def keys_figure(
    what: str, keys: Sequence[Took], *, median: float | None, at_most: float | None
) -> Figure:
    """Median and p95 of latencies, with their goals in milliseconds."""
    times = [key.passed for key in keys]
    values = (
        Value(milliseconds(statistics.median(times)), median, "ms"),
        Value(milliseconds(p95(times)), at_most, "ms"),
    )
    worked = milliseconds(p95([key.worked for key in keys]))
    how = f"median and p95 of {len(times)}; worst {milliseconds(max(times)):.0f} ms"
    return Figure(what, values, f"{how}; p95 on the processor {worked:.0f} ms")
