"""The file beside the source that keeps every row that was refused."""

from __future__ import annotations

import csv
import json
import os
from typing import TextIO

from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.store.exchange.lines import text_of
from poc_tui.store.exchange.source import BadRow, FileFormat, ImportSource
from poc_tui.system.locations import private_dir

_MOST_TRIES = 1000


class RefusedRows:
    """Writes line, reason and the row as it stood; made when the first one comes.

    It lies beside the source, or in `spare_folder` where that cannot be written; mode 0600; a
    file that is there is never overwritten.
    """

    def __init__(self, source: ImportSource, spare_folder: str) -> None:
        self._source = source
        self._spare_folder = spare_folder
        self._file: TextIO | None = None
        self.path: str | None = None
        self.count = 0

    def add(self, row: BadRow) -> None:
        """Keep this row.

        Raises:
            PocError: neither folder can be written.
        """
        if self._file is None:
            self._file = self._open()
        line, reason = row.line, safe(row.reason)
        text = text_of(row.raw, self._source.encoding)[0]
        text = text.encode("utf-8", "backslashreplace").decode()
        if self._source.format == FileFormat.CSV:
            csv.writer(self._file).writerow([line, reason, text])
        else:
            entry = {"line": line, "reason": reason, "row": text}
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.count += 1

    def close(self) -> None:
        """Have everything on the disk."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> TextIO:
        beside = os.path.dirname(os.path.abspath(self._source.path))
        for folder in (beside, self._spare_folder):
            try:
                if folder == self._spare_folder:
                    private_dir(folder)
                file = self._new_in(folder)
            except (OSError, PocError):
                continue
            if self._source.format == FileFormat.CSV:
                csv.writer(file).writerow(["line", "reason", "row"])
            return file
        raise PocError(
            f"rows were refused, and neither {beside} nor {self._spare_folder} can be written to "
            "say which; make room there and import again"
        )

    def _new_in(self, folder: str) -> TextIO:
        stem = os.path.splitext(self._source.name)[0]
        for n in range(1, _MOST_TRIES):
            number = f"-{n}" if n > 1 else ""
            path = os.path.join(folder, f"{stem}.refused{number}.{self._source.format}")
            try:
                descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:
                continue
            self.path = path
            return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        raise PocError(f"{folder} holds a thousand files of refused rows; take some away")
