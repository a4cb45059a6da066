"""Departments: added, changed, retired."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import Refused
from poc_tui.rules.text import fold, plain
from poc_tui.store.drafts import EditDepartment
from poc_tui.store.rows import Department
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import Verb, short

ONE_DAY = 8 * 60
"""Minutes of business time a new department has for an answer, unless said otherwise."""


def edit(draft: EditDepartment, work: UnitOfWork) -> None:
    """Add or change a department; retiring one leaves its open forwards to be answered."""
    if draft.name is not None:
        _refuse_twice(work, draft.name, draft.id)
    if draft.id is None:
        name = plain(draft.name or "").strip()
        department = work.add(
            Department(
                name=name,
                name_folded=fold(name),
                answer_within=draft.answer_within_minutes or ONE_DAY,
            )
        )
    else:
        department = work.existing(Department, draft.id)
        if draft.name is not None:
            department.name = plain(draft.name).strip()
            department.name_folded = fold(department.name)
        if draft.answer_within_minutes is not None:
            department.answer_within = draft.answer_within_minutes
    for field in ("remit", "contact", "deputy", "lead"):
        if (value := getattr(draft, field)) is not None:
            setattr(department, field, plain(value).strip())
    if draft.retired is not None:
        department.retired_at = work.now if draft.retired else None


def _refuse_twice(work: UnitOfWork, name: str, id: int | None) -> None:
    folded = fold(plain(name).strip())
    for twin in work.all(Department, "name_folded = ?", (folded,)):
        if twin.id != id:
            also = ", retired; bring it back with `poc departments edit NAME --in-use`"
            raise Refused(
                f"there is a department “{twin.name}” already{also if twin.retired_at else ''}"
            )


def _label(draft: EditDepartment, _numbers: Sequence[int], _work: UnitOfWork) -> str:
    return f"department {short(draft.name or str(draft.id))}"


VERBS = (Verb("department", EditDepartment, _label, alone=edit),)
