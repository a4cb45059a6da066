"""Departments and what lies with them."""

from __future__ import annotations

from poc_tui.errors import NotFound
from poc_tui.rules.text import fold
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import DepartmentRow

_DEPARTMENT = """
    SELECT d.id, d.name, d.remit, d.contact, d.deputy, d.lead, d.answer_within, d.retired_at,
           (SELECT count(*) FROM forward f
            WHERE f.department_id = d.id AND f.answered_at IS NULL AND f.withdrawn_at IS NULL)
    FROM department d
"""


def departments(reader: Reader, *, retired: bool = False) -> tuple[DepartmentRow, ...]:
    """The departments in use, by name; with `retired`, also those that are not any more."""
    where = "" if retired else "WHERE d.retired_at IS NULL"
    order = "ORDER BY d.retired_at IS NOT NULL, d.name_folded"
    return reader.records(DepartmentRow, f"{_DEPARTMENT} {where} {order}")


def department(reader: Reader, name: str, *, retired: bool = False) -> DepartmentRow:
    """The department of that name, also when shortened without doubt (`tech`).

    Raises:
        NotFound: none or several fit; the sentence lists what there is.
    """
    wanted = fold(name).strip()
    known = departments(reader, retired=retired)
    fits = [d for d in known if fold(d.name) == wanted] or [
        d for d in known if wanted and fold(d.name).startswith(wanted)
    ]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(d.name for d in fits or known)
    what = "could be" if fits else "is not a department; there are"
    raise NotFound(f"“{name}” {what} {names}")
