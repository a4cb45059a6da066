"""Running a command line within the test, on the test's own store and clock."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

import pytest

from poc_tui.cli.main import run
from poc_tui.rules.time_source import Clock


class Ran(NamedTuple):
    """How a command line ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def in_process(
    argv: tuple[str, ...], environ: Mapping[str, str], clock: Clock, stdin: bytes = b""
) -> Ran:
    """Calls `poc` where there is no pytest that captures; what is printed may be bytes."""
    before, out, err = sys.stdin, *(io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
            code = run(argv, environ=environ, clock=clock)
        finally:
            sys.stdin = before
    printed, said = (_all_of(stream) for stream in (out, err))
    return Ran(code, printed, said)


def _all_of(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


class Poc:
    """Calls `poc` with arguments; `ok` also holds that it went well."""

    def __init__(self, path: str, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        self.environ = {
            "POC_DB": path,
            "POC_CONFIG": f"{path}.toml",
            "HOME": f"{path}.home",
            "TZ": "Europe/Berlin",
        }
        self._clock = clock
        self._capsys = capsys

    def __call__(self, *argv: str, stdin: bytes | None = None) -> Ran:
        before = sys.stdin
        try:
            sys.stdin = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="utf-8")
            code = run(argv, environ=self.environ, clock=self._clock)
        finally:
            sys.stdin = before
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def ok(self, *argv: str, stdin: bytes | None = None) -> Ran:
        ran = self(*argv, stdin=stdin)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran
