"""A process that is killed at each step of what it does, one run a step."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

MORTAL = """
import contextlib, functools, json, os, shutil, signal, sys, traceback
from datetime import UTC, datetime
from poc_tui.rules.time_source import FixedClock

steps = 0


def mortal(place, name, at):
    "Let this process be killed before and after it comes here, if that is step number `at`."
    kept = getattr(place, name)

    @functools.wraps(kept)
    def called(*given, **rest):
        step(at)
        done = kept(*given, **rest)
        step(at)
        return done

    setattr(place, name, called)


def mortal_transactions(place, at):
    "The same where a transaction of it is written but not yet for good, and where it is."
    kept = place.immediate

    @contextlib.contextmanager
    def immediate(connection):
        with kept(connection):
            yield
            step(at)
        step(at)

    place.immediate = immediate


def step(at):
    global steps
    steps += 1
    if steps == at:
        os.kill(os.getpid(), signal.SIGKILL)


def apart(work, *given):
    "Do it in a process of its own; gives the signal that ended it."
    child = os.fork()
    if not child:
        try:
            work(*given)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(ended):
        return os.WTERMSIG(ended)
    assert ended == 0
    return 0


def killed_at_every_step(work, prepared):
    "Each time on a copy of the store, and done again after that; prints how the first one ended."
    for at in range(1, 1000):
        path = prepared(at)
        how = apart(work, path, at)
        shutil.copy(path, path + ".dead")
        apart(work, path, 0)
        print(json.dumps(how), flush=True)
        if not how:
            break
"""
"""Not the interpreter that runs the tests is forked: that has threads."""


def killed_at_every_step(script: str, *given: str) -> list[int]:
    """Run `MORTAL` and the script, which ends with `killed_at_every_step(work, prepared)`.

    Gives how each run ended: by SIGKILL, and the last one, which had no such step any more, well.
    """
    done = subprocess.run(
        [sys.executable, "-c", MORTAL + script, *given],
        check=False,
        timeout=300,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    ended = [json.loads(line) for line in done.stdout.splitlines()]
    assert ended == [signal.SIGKILL] * (len(ended) - 1) + [0]
    return ended
