"""Where things lie on this computer, and how they are kept from other users' eyes.

The quick lane imports this module, so nothing but `os` and `sys` is imported at the top, and on
Linux `store_path` needs nothing else (platformdirs alone would cost more than the whole capture).
Paths follow the XDG Base Directory Specification, version 0.8, as platformdirs reads it; on other
systems platformdirs answers.
"""

from __future__ import annotations

import os
import sys

from poc_tui.errors import PocError, StoreUnreadable

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

APP = "poc"

PIPED = "standard-input"
"""What the name of a file begins with that keeps what is piped in while it is read."""


def store_path(environ: Mapping[str, str]) -> str:
    """The store: `POC_DB` as it is given, else `poc.sqlite3` in the user's data directory.

    Raises:
        PocError: there is no home directory to put it in.
        StoreUnreadable: SQLite would not take it as the name of a file that lasts.
    """
    given = environ.get("POC_DB", "")
    if not given:
        return os.path.join(_user_dir(environ, "data"), "poc.sqlite3")
    if not given.strip() or given.startswith((":", "file:")):
        raise StoreUnreadable(
            f"“{given}” names no file that lasts, and a store must outlive the command; give the"
            " path of a file with --db or POC_DB"
        )
    return given


def config_path(environ: Mapping[str, str]) -> str:
    """The settings file: `POC_CONFIG` as it is given, else `config.toml` in the user's settings.

    Raises:
        PocError: there is no home directory to look in.
    """
    return environ.get("POC_CONFIG") or os.path.join(_user_dir(environ, "config"), "config.toml")


def state_dir(environ: Mapping[str, str]) -> str:
    """The directory for half-typed texts, which outlive a closed window but are no requests.

    Raises:
        PocError: there is no home directory to put it in.
    """
    return _user_dir(environ, "state")


def backups_dir(store: str) -> str:
    """The directory beside the store at path `store` that takes its backups."""
    return os.path.join(os.path.dirname(store), "backups")


def data_dir() -> Path:
    """What ships with the program: `poc_tui/data` when installed, `data` in a checkout.

    Raises:
        PocError: neither is there.
    """
    from pathlib import Path

    package = Path(__file__).parents[1]
    for candidate in (package / "data", package.parent / "data"):
        # Beside an installed package lies site-packages, where a `data` would be a stranger's.
        ours = candidate.parent == package or (package.parent / "pyproject.toml").is_file()
        if ours and (candidate / "config.toml").is_file():
            return candidate
    raise PocError(f"The files that ship with poc are missing beside {package}. Install poc again.")


def locate(environ: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Every place poc uses, each as (what it is, its path, whether it exists now)."""
    store = store_path(environ)
    places = [
        ("store", store),
        ("backups", backups_dir(store)),
        ("settings", config_path(environ)),
        ("half-typed texts", state_dir(environ)),
        ("shipped files", str(data_dir())),
    ]
    return [(what, os.path.abspath(path), os.path.exists(path)) for what, path in places]


def private_dir(path: str) -> None:
    """Make the directory `path`, and any parent that is missing, with mode 0700.

    A directory that exists keeps its mode: the store may be put into one that others share.

    Raises:
        StoreUnreadable: something else has that name, or it cannot be made.
    """
    if not path or os.path.isdir(path):
        return
    private_dir(os.path.dirname(path))
    try:
        os.mkdir(path, 0o700)
    except FileExistsError as error:
        # Another poc may have made it a moment ago, which is as good.
        if not os.path.isdir(path):
            raise StoreUnreadable(
                f"{path} is a file, and poc needs a directory there. Move it away or choose"
                " another place with --db."
            ) from error
    except OSError as error:
        raise StoreUnreadable(
            f"The directory {path} cannot be made: {error.strerror}."
            " Choose another place with --db."
        ) from error


def private_file(path: str) -> None:
    """Make sure the file `path` exists and has mode 0600; what is in it stays.

    Its directory must exist.

    Raises:
        StoreUnreadable: it cannot be made or is not ours.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        os.chmod(path, 0o600)
    except OSError as error:
        raise StoreUnreadable(
            f"{path} cannot be opened for writing: {error.strerror}."
            f" {what_to_do(error)}, or choose another place with --db."
        ) from error


def what_to_do(error: OSError) -> str:
    """How a file that could not be written may be, without its full stop."""
    import errno

    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    return "Make room there" if full else "Check who owns it"


def _user_dir(environ: Mapping[str, str], kind: str) -> str:
    """The user's own directory for `kind`: data, config or state."""
    if not sys.platform.startswith("linux"):
        import platformdirs

        return str(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))
    # The specification: a path that is not absolute is invalid and to be ignored.
    base = environ.get(f"XDG_{kind.upper()}_HOME", "")
    if not base.startswith("/"):
        below = {"data": ".local/share", "config": ".config", "state": ".local/state"}[kind]
        base = os.path.join(_home(environ), below)
    return os.path.join(base, APP)


def _home(environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "")
    if home.startswith("/"):
        return home
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError as error:
        raise PocError(
            "There is no home directory to keep the store in. Set HOME, or name the store with"
            " --db or POC_DB."
        ) from error


def sync_dir(directory: str) -> None:
    """Make a rename in `directory` survive a power cut, where the system lets one ask for that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
