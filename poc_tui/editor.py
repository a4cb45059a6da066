"""A text in the person's own editor: `$VISUAL`, else `$EDITOR`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from poc_tui.errors import PocError
from poc_tui.streams import LONGEST_TEXT
from poc_tui.system.files import read_file


def edit(text: str, environ: Mapping[str, str]) -> str:
    """Open `text` in the editor that `environ` names, wait, and return what was written.

    The text lies in a file of mode 0600 in a directory of mode 0700 meanwhile; the line end that
    editors put after the last line is taken off. Bytes that are not UTF-8 become U+FFFD.

    Raises:
        PocError: no editor is set, it cannot be started, or it ended with a failure; the caller
            still has the text as it was.
    """
    import shlex
    import subprocess
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
    with tempfile.TemporaryDirectory(prefix="poc-") as directory:
        path = os.path.join(directory, "words.txt")
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text + "\n" if text else "")
        try:
            done = subprocess.run([*command, path], check=False, env=dict(environ))  # noqa: S603
        except OSError as error:
            raise PocError(
                f"the editor “{named}” cannot be started: {error.strerror}; your words are kept"
            ) from error
        if done.returncode:
            raise PocError(
                f"the editor “{named}” failed with exit code {done.returncode}; "
                "your words are as they were before"
            )
        try:
            written = read_file(path, LONGEST_TEXT).decode("utf-8", "replace")
        except OSError as error:
            raise PocError(
                f"what the editor wrote cannot be read: {error.strerror}; "
                "your words are as they were before"
            ) from error
    return written.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
