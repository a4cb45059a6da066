"""What is killed or cannot be finished leaves nothing of a customer's behind, and nothing half."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

import poc_tui
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.exchange import export
from poc_tui.store.exchange.export import export_file
from poc_tui.system.unfinished import replacing, unfinished

HERE = Path(poc_tui.__file__).parent.parent

EXPORTED_BY_ANOTHER = """
import os, sys
from poc_tui.store.exchange.export import export_to

if os.geteuid() == 0:
    os.setuid(65534)  # root may write everywhere
export_to(sys.stdout.buffer, sys.argv[1])
"""

HALF_EXPORTED = """
import sys, time
from poc_tui.store.exchange.export import export_file

def stop(done, total):
    print("half", flush=True)
    time.sleep(60)

export_file(sys.argv[1], sys.argv[2], stop)
"""


def test_a_killed_writer_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from poc_tui.system.unfinished import replacing\n"
        "with replacing(sys.argv[1]) as file:\n"
        "    file.write(b'of a customer' * 100000)\n"
        "    file.flush()\n"
        "    print('half', flush=True)\n"
        "    time.sleep(60)\n"
    )
    target = tmp_path / "out"
    target.write_text("before")
    with subprocess.Popen(
        [sys.executable, "-c", code, str(target)],
        cwd=Path(poc_tui.__file__).parent.parent,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with replacing(str(tmp_path / "other")) as file:
        file.write(b"x")
    assert target.read_text() == "before"
    if sys.platform == "linux":
        assert sorted(os.listdir(tmp_path)) == ["other", "out"]


@pytest.mark.parametrize("nameless", [True, False])
def test_a_file_is_replaced_wholly_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.setattr("poc_tui.system.unfinished._nameless", lambda _: None)
    target = tmp_path / "out"
    for content in (b"one", b"two"):
        with replacing(str(target)) as file:
            file.write(content)
        assert target.read_bytes() == content
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with suppress(ZeroDivisionError), replacing(str(target)) as file:
        file.write(b"three")
        raise ZeroDivisionError
    assert target.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["out"]


def test_what_is_being_written_is_not_cleared_away(tmp_path: Path) -> None:
    target = str(tmp_path / "out")
    with unfinished(target) as ours, replacing(target) as theirs:
        theirs.write(b"x")
        assert os.path.exists(ours.path)
    assert os.listdir(tmp_path) == ["out"]


def test_a_killed_export_leaves_nothing(
    path: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(Capture("of a customer"))
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    out.mkdir()
    temporary.mkdir()
    before = sorted(os.listdir(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", HALF_EXPORTED, str(out / "all.jsonl"), path],
        cwd=HERE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        assert process.stdout
        process.stdout.readline()
        for file in tmp_path.rglob("*.unfinished"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        process.send_signal(signal.SIGKILL)
    if sys.platform == "linux":
        assert os.listdir(out) == []
    export_file(str(out / "all.jsonl"), path)
    assert os.listdir(out) == ["all.jsonl"]
    assert os.listdir(temporary) == []
    assert sorted(os.listdir(tmp_path)) == before


class TestWhereTheStoresFolderTakesNoCopy:
    @pytest.fixture
    def whole(self, path: str, desk: Desk, tmp_path: Path) -> bytes:
        for n in range(3):
            desk.do(Capture(f"number {n}"))
        export_file(str(tmp_path / "usual"), path)
        return (tmp_path / "usual").read_bytes()

    def test_the_folder_for_temporary_files_does(
        self, path: str, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        copy_in = export._copy_in

        def full(folder: str, store: str) -> object:
            asked.append(folder)
            if folder == os.path.dirname(path):
                raise PermissionError
            return copy_in(folder, store)

        monkeypatch.setattr(export, "_copy_in", full)
        export_file(str(tmp_path / "out"), path)
        assert asked == [os.path.dirname(path), tempfile.gettempdir()]
        assert (tmp_path / "out").read_bytes() == whole

    def test_the_store_itself_is_read_where_neither_does(
        self, path: str, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(folder: str, store: str) -> object:
            raise OSError("database or disk is full")

        monkeypatch.setattr(export, "_copy_in", full)
        export_file(str(tmp_path / "out"), path)
        assert (tmp_path / "out").read_bytes() == whole
        connect(path).close()

    @pytest.mark.skipif(sys.platform == "win32", reason="users and modes of POSIX")
    def test_it_works_for_one_who_may_only_read(self, path: str, whole: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = os.path.join(folder, "poc.sqlite3")
            Path(store).write_bytes(Path(path).read_bytes())
            os.chmod(store, 0o444)
            os.chmod(folder, 0o555)  # noqa: S103
            ran = subprocess.run(
                [sys.executable, "-c", EXPORTED_BY_ANOTHER, store],
                cwd=HERE,
                capture_output=True,
                check=False,
            )
            os.chmod(folder, 0o700)
        assert ran.stderr.decode() == ""
        assert ran.stdout == whole
