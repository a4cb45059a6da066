"""A text in the person's own editor: `$VISUAL`, else `$EDITOR`."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import PocError
from poc_tui.system.files import read_file
from poc_tui.system.streams import LONGEST_TEXT

if TYPE_CHECKING:
    from subprocess import Popen


class EditResult(NamedTuple):
    """What came of it: the text as it was saved last, and how the editor ended if it failed."""

    text: str
    failure: str


def edit(text: str, environ: Mapping[str, str]) -> str:
    """Open `text` in the editor that `environ` names, wait, and return what was written.

    Raises:
        PocError: as `edited`; also where the editor saved something and then failed: that lies in
            a file of mode 0600, which the sentence names.
    """
    import tempfile

    written, failure = edited(text, environ)
    if failure:
        descriptor, path = tempfile.mkstemp(prefix="poc-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(f"{written}\n")
        raise PocError(f"{failure}; nothing was done with what it had saved, which is in {path}")
    return written


def edited(text: str, environ: Mapping[str, str]) -> EditResult:
    """The same for whoever can show the text again: it counts also if the editor fails later.

    The text lies in a file of mode 0600 in a directory of mode 0700 meanwhile; the line end that
    editors put after the last line is taken off. Bytes that are not UTF-8 become U+FFFD.

    Raises:
        PocError: no editor is set, it cannot be started, or it ended with a failure and had saved
            nothing; the caller still has the text as it was.
    """
    import shlex
    import tempfile

    named = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise PocError(
            f"$EDITOR is “{named}”, which is no command: {error}. Correct it."
        ) from error
    if not command:
        raise PocError("EDITOR is not set; set it to your editor, such as EDITOR=nano")
    try:
        with tempfile.TemporaryDirectory(prefix="poc-", ignore_cleanup_errors=True) as directory:
            return _edited_in(directory, text, command, named, environ)
    except OSError as error:
        raise PocError(
            f"the words cannot be laid before the editor “{named}”: {error.strerror}; they are kept"
        ) from error


def _edited_in(
    directory: str, text: str, command: Sequence[str], named: str, environ: Mapping[str, str]
) -> EditResult:
    import subprocess

    path = os.path.join(directory, "words.txt")
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text + "\n" if text else "")
    before = _read(path)
    try:
        with (
            signals_go_to_it() as begun,
            subprocess.Popen([*command, path], env=dict(environ)) as process,  # noqa: S603
        ):
            begun(process)
            code = process.wait()
    except OSError as error:
        raise PocError(
            f"the editor “{named}” cannot be started: {error.strerror}; your words are kept"
        ) from error
    failure = f"the editor “{named}” {_ended(code)}" if code else ""
    try:
        written = _read(path)
    except OSError as error:
        raise PocError(
            f"what the editor wrote cannot be read: {error.strerror}; "
            "your words are as they were before"
        ) from error
    # An editor that fails while it writes may leave an empty file.
    if failure and (written == before or not written):
        raise PocError(f"{failure}; your words are as they were before")
    return EditResult(written.removesuffix("\n"), failure)


def _read(path: str) -> str:
    written = read_file(path, LONGEST_TEXT).decode("utf-8", "replace")
    return written.replace("\r\n", "\n").replace("\r", "\n")


def _ended(code: int) -> str:
    if code > 0:
        return f"failed with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


@contextmanager
def signals_go_to_it() -> Iterator[Callable[[Popen[bytes]], None]]:
    """The terminal is that of an editor, or a pager: Ctrl+C there is not for us, and who ends us
    ends it first.

    From before it is begun, since a signal to end may come just then; the block says when it is.
    """
    came: list[int] = []
    editors: list[Popen[bytes]] = []

    def begun(editor: Popen[bytes]) -> None:
        editors.append(editor)
        for signum in came:
            editor.send_signal(signum)

    def pass_on(signum: int, _frame: object) -> None:
        came.append(signum)
        for editor in editors:
            editor.send_signal(signum)

    if threading.current_thread() is not threading.main_thread():
        yield begun
        return
    handlers = {signum: lambda *_: None for signum in (signal.SIGINT, signal.SIGQUIT)}
    handlers |= dict.fromkeys((signal.SIGTERM, signal.SIGHUP), pass_on)
    before = {
        signum: signal.signal(signum, handler)
        for signum, handler in handlers.items()
        if signal.getsignal(signum) is not signal.SIG_IGN
    }
    try:
        yield begun
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
        for sent in came[:1]:
            signal.raise_signal(sent)
