"""Fetching and sending are done by one at a time for a store, whoever dies in the middle."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

from poc_tui.system.process_lock import alone

HOLD = """
import sys
from poc_tui.system.process_lock import alone
with alone(sys.argv[1], "sending") as first:
    print(first, flush=True)
    sys.stdin.read()
"""


def test_only_one_at_a_time_does_the_same_for_the_same_store(tmp_path: Path) -> None:
    store = str(tmp_path / "poc.sqlite3")
    with alone(store, "sending") as first:
        assert first
        with alone(store, "sending") as second:
            assert not second
        with alone(store, "sending") as third:
            assert not third  # that the second has ended frees nothing
        with alone(store, "fetching") as other:
            assert other
        with alone(str(tmp_path / "other.sqlite3"), "sending") as elsewhere:
            assert elsewhere
    with alone(store, "sending") as again:
        assert again


def test_a_second_thread_of_the_same_desk_is_kept_out(tmp_path: Path) -> None:
    store = str(tmp_path / "poc.sqlite3")
    got: list[bool] = []

    def try_it() -> None:
        with alone(store, "fetching") as allowed:
            got.append(allowed)

    with alone(store, "fetching"):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert got == [False]


def test_one_that_is_killed_makes_room_for_the_next(tmp_path: Path) -> None:
    store = str(tmp_path / "poc.sqlite3")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == b"True"
        with alone(store, "sending") as while_held:
            assert not while_held
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with alone(store, "sending") as afterwards:
            assert afterwards


def test_the_file_beside_the_store_is_private(tmp_path: Path) -> None:
    with alone(str(tmp_path / "poc.sqlite3"), "sending"):
        (file,) = tmp_path.iterdir()
        assert file.name == "poc.sqlite3.sending"
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
