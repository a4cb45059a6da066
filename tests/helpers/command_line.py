"""Running a command line within the test, on the test's own store and clock."""

from __future__ import annotations

import io
import json
import sys
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
