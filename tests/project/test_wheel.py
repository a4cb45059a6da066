"""What is installed from the wheel, outside the checkout, is a whole program."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `poc` of a fresh environment with nothing but the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (wheel,) = folder.glob("poc_tui-*.whl")
    venv.create(folder / "env", with_pip=True)
    subprocess.run(
        [
            folder / "env" / "bin" / "python", "-m", "pip", "install", "--quiet",
            "--disable-pip-version-check", "-c", ROOT / "constraints.txt", wheel,
        ],
        check=True,
        timeout=300,
    )  # fmt: skip
    return folder / "env" / "bin" / "poc"


def test_it_takes_a_request_down_and_shows_it(installed: Path, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TZ": "UTC"}

    def poc(*words: str) -> str:
        return subprocess.run(
            [installed, *words],
            check=True,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environ,
            timeout=60,
        ).stdout

    assert "poc add" in poc(), "an empty desk says what to do first"
    assert poc("add", "Invoice 4711 is wrong", "@Meyer AG").startswith("#1  Meyer AG")
    assert "Invoice 4711 is wrong" in poc("list")
    assert "Technical" in poc("departments"), "what is in data/ ships in the wheel"
    assert "demo" in poc("demo")
    assert (tmp_path / ".local/share/poc/poc.sqlite3").exists()
