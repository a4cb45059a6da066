"""A department: changed, retired, or added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.rules.service.business_time import parse_work, say_work
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field
from poc_tui.store.drafts import EditDepartment
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import DepartmentRow

ONE_DAY = timedelta(hours=8)


class DepartmentDialog(Dialog):
    """What nobody changed stays as it is in the store.

    Args:
        session: the open desk.
        department: what to change; None adds one.
    """

    NAME, MAIN, CLOSES_UNCHANGED = "department", "name", True

    def __init__(self, session: Session, department: DepartmentRow | None = None) -> None:
        self._known = department
        title = "New department" if department is None else f"Department · {department.name}"
        about = () if department is None else (department.id,)
        super().__init__(session, title, about=about)

    def fields(self) -> Iterable[Widget]:
        known = self._known
        yield Field("name", LineField(known.name if known else "", id="name"))
        remit = LineField(known.remit if known else "", placeholder="What they know", id="remit")
        yield Field("remit", remit)
        yield Field("contact", LineField(known.contact if known else "", id="contact"))
        yield Field("deputy", LineField(known.deputy if known else "", id="deputy"))
        yield Field("lead", LineField(known.lead if known else "", id="lead"))
        within = timedelta(minutes=known.answer_within) if known else ONE_DAY
        yield Field("answers in", LineField(say_work(within), id="within"))
        if known is not None:
            retired = "yes" if known.retired_at is not None else "no"
            options = (("no", "no, in use"), ("yes", "yes, no new questions"))
            yield Field("retired", Choice(options, retired, id="retired"))

    def draft(self) -> EditDepartment:
        new = self._known is None
        with self.form.at("within"):
            within = None
            if new or self.form.is_changed("within"):
                within = parse_work(self.form.value("within")) // timedelta(minutes=1)
        retired = None
        if not new and self.form.is_changed("retired"):
            retired = self.form.value("retired") == "yes"
        with self.form.at("name"):
            return EditDepartment(
                id=self._known.id if self._known else None,
                name=self.form.changed("name"),
                remit=self.form.changed("remit"),
                contact=self.form.changed("contact"),
                deputy=self.form.changed("deputy"),
                lead=self.form.changed("lead"),
                answer_within_minutes=within,
                retired=retired,
            )
