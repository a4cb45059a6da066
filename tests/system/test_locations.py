"""Where things lie, and who may read them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import platformdirs
import pytest

from poc_tui.errors import PocError, StoreUnreadable
from poc_tui.system import locations
from poc_tui.system.unfinished import write_private

if TYPE_CHECKING:
    from pathlib import Path

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG directories")
posix = pytest.mark.skipif(os.name != "posix", reason="file modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@linux
@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/home/desk"},
        {"HOME": "/home/desk", "XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/etc/desk"},
        {"HOME": "/home/desk", "XDG_STATE_HOME": "/state/"},
        {"HOME": "/home/desk", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "relative/path"},
        {"HOME": "/home/Bäckerei Ott"},
        {},
        {"HOME": ""},
    ],
)
def test_on_linux_the_places_are_those_of_platformdirs(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    theirs = platformdirs.PlatformDirs("poc", appauthor=False)
    assert locations.store_path(environ) == f"{theirs.user_data_dir}/poc.sqlite3"
    assert locations.config_path(environ) == f"{theirs.user_config_dir}/config.toml"
    assert locations.state_dir(environ) == theirs.user_state_dir


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_on_other_systems_platformdirs_answers(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    theirs = platformdirs.user_data_dir("poc", appauthor=False)
    assert locations.store_path({}) == os.path.join(theirs, "poc.sqlite3")


def test_a_place_that_is_named_is_taken_as_it_is() -> None:
    assert locations.store_path({"POC_DB": "here.sqlite3"}) == "here.sqlite3"
    assert locations.config_path({"POC_CONFIG": "/tmp/mine.toml"}) == "/tmp/mine.toml"


def test_an_empty_name_is_no_name() -> None:
    named = {"HOME": "/home/desk", "POC_DB": "", "POC_CONFIG": ""}
    assert locations.store_path(named) == locations.store_path({"HOME": "/home/desk"})
    assert locations.config_path(named) == locations.config_path({"HOME": "/home/desk"})


def test_backups_lie_beside_the_store() -> None:
    assert locations.backups_dir("/data/poc/poc.sqlite3") == "/data/poc/backups"
    assert locations.backups_dir("here.sqlite3") == "backups"


@linux
def test_the_quick_lane_pays_for_no_import_to_find_the_store() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from poc_tui.system.locations import store_path\n"
        "assert store_path({'HOME': '/home/desk'}).endswith('poc.sqlite3')\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {
        "__future__",
        "poc_tui",
        "poc_tui.errors",
        "poc_tui.system",
        "poc_tui.system.locations",
    }


def test_what_ships_with_the_program_is_found() -> None:
    assert (locations.data_dir() / "config.toml").is_file()


def _installed(at: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = at / "poc_tui"
    package.mkdir(parents=True)
    monkeypatch.setattr(locations, "__file__", str(package / "system" / "locations.py"))
    return package


def test_an_installed_package_finds_its_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _installed(tmp_path, monkeypatch)
    (package / "data").mkdir()
    (package / "data" / "config.toml").touch()
    assert locations.data_dir() == package / "data"


def test_a_strangers_directory_beside_an_installed_package_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installed(tmp_path, monkeypatch)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "config.toml").touch()
    with pytest.raises(PocError, match="Install poc again"):
        locations.data_dir()


def test_locate_names_every_place_and_says_what_exists(tmp_path: Path) -> None:
    store = tmp_path / "desk.sqlite3"
    store.touch()
    environ = {"HOME": str(tmp_path), "POC_DB": str(store)}
    places = {what: (path, exists) for what, path, exists in locations.locate(environ)}
    assert places["store"] == (str(store), True)
    assert places["backups"] == (str(tmp_path / "backups"), False)
    assert places["settings"][1] is False
    assert places["shipped files"][1] is True


def test_locate_gives_whole_paths_for_a_store_named_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = locations.locate({"HOME": str(tmp_path), "POC_DB": "here.sqlite3"})
    assert all(os.path.isabs(path) for _, path, _ in places)


@posix
def test_a_directory_we_make_is_ours_alone_and_so_are_its_parents(tmp_path: Path) -> None:
    made = tmp_path / "data" / "poc"
    locations.private_dir(str(made))
    assert mode(made) == mode(made.parent) == 0o700


@posix
def test_a_directory_that_others_share_stays_shared(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    locations.private_dir(str(shared))
    assert mode(shared) == 0o1777


def test_the_directory_of_a_bare_name_is_here() -> None:
    locations.private_dir(os.path.dirname("here.sqlite3"))


def test_a_file_where_a_directory_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "poc").touch()
    with pytest.raises(StoreUnreadable, match="is a file"):
        locations.private_dir(str(tmp_path / "poc"))


@posix
def test_a_file_is_ours_alone_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"kept")
    old.chmod(0o644)
    for path in (new, old):
        locations.private_file(str(path))
        assert mode(path) == 0o600
    assert new.read_bytes() == b""
    assert old.read_bytes() == b"kept"


def test_a_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match="cannot be opened for writing"):
        locations.private_file(str(tmp_path / "missing" / "poc.sqlite3"))


def test_writing_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "poc" / "draft"
    write_private(str(path), b"a long first text")
    write_private(str(path), b"second")
    assert path.read_bytes() == b"second"
    assert os.listdir(path.parent) == ["draft"]
    if os.name == "posix":
        assert mode(path) == 0o600


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft"
    write_private(str(path), b"kept")

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_private(str(path), b"lost")
    assert path.read_bytes() == b"kept"
    assert os.listdir(tmp_path) == ["draft"]


@posix
def test_writing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_private(str(link), b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
