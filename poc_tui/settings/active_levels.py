"""The service levels in force over a store: the file as it was last applied, else the starter.

A person edits `service-levels.toml` and applies it; until then, and where the file is wrong, the
levels that the store keeps go on. So a slip of the pen never changes a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import ConfigWrong
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.settings.levels_file import levels_path, parse, parse_kept, starter, starter_text
from poc_tui.settings.own_files import LEVELS
from poc_tui.store.queries.journal import AppliedLevels, applied_levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from poc_tui.rules.service.levels import Levels
    from poc_tui.rules.service.opening_hours import Hours
    from poc_tui.store.queries.reader import Reader


def deadlines(reader: Reader, hours: Hours, environ: Mapping[str, str]) -> Deadlines:
    """How long things may take at this desk.

    What another version of this program kept and this one cannot read counts as never applied:
    `compare` then says that there is something to apply.
    """
    return Deadlines(hours, _levels(applied_levels(reader), environ) or starter())


def _levels(found: AppliedLevels | None, environ: Mapping[str, str]) -> Levels | None:
    if found is None:
        return None
    try:
        return parse_kept(found.source, levels_path(environ), found.texts)
    except (ConfigWrong, KeyError):
        return None


def file_now(environ: Mapping[str, str]) -> bytes:
    """The file as it is now; the starter where there is none.

    Raises:
        ConfigWrong: it cannot be read.
    """
    content = LEVELS.read(levels_path(environ))
    return starter_text() if content is None else content


def check(content: bytes, environ: Mapping[str, str]) -> Levels:
    """The levels that this content of the file gives.

    Raises:
        ConfigWrong: it cannot be used; names the file, the line and the reason.
    """
    return parse(content, levels_path(environ))


class LevelsComparison(NamedTuple):
    """The file and the business hours beside what is in force."""

    path: str
    content: bytes | None
    """Of the file, or of the starter where there is none; None where it cannot be read."""
    in_force: AppliedLevels | None
    """None: the starter."""
    file_differs: bool
    """In what it says, or in the texts of its ladder."""
    hours_differ: bool
    problem: str
    """Why the file cannot be used; empty where it can."""

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return self.file_differs or self.hours_differ


def compare(reader: Reader, hours: Hours, environ: Mapping[str, str]) -> LevelsComparison:
    """Hold the file, its texts and the business hours against what was last applied."""
    found = applied_levels(reader)
    content, differs, problem = None, True, ""
    try:
        content = file_now(environ)
        texts = check(content, environ).texts
        if found is None:
            differs = content != starter_text() or texts != starter().texts
        else:
            unread = _levels(found, environ) is None
            differs = unread or content != found.source or texts != found.texts
    except ConfigWrong as wrong:
        problem = str(wrong)
    hours_differ = found is not None and found.hours != spelled(hours)
    return LevelsComparison(levels_path(environ), content, found, differs, hours_differ, problem)


def spelled(hours: Hours) -> str:
    """Business hours as a line of text: two that are the same read the same."""
    from poc_tui.settings.days_off import spec_of

    week = " ".join(
        ",".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans) or "-"
        for spans in hours.week
    )
    parts = "".join(f"; {part} off" for part in sorted(map(str, hours.parts_off)))
    return f"{hours.zone}; {week}; {spec_of(hours.holidays)}{parts}"
