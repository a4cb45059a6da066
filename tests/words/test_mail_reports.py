"""What is said of mail that came in."""

from __future__ import annotations

from poc_tui.mail.intake import IntakeReport
from poc_tui.store.queries.mail import MailActivity
from poc_tui.words.mail_reports import came


def test_of_a_mail_in_doubt_it_is_said_once_and_why() -> None:
    doubt = "mail 11 is not verified (v or `poc mail accept 11` accepts it): mx says it is forged"
    report = IntakeReport(new=2, filed=2, numbers=(1,), remarks=(f"#1: {doubt}",))
    happened = [
        MailActivity(1, "Meyer AG", "Where is it?", event, None, is_new=False)
        for event in ("unverified", "received")
    ]
    assert came(report, happened[:1]).splitlines() == ["2 new mails", f"#1: {doubt}"]
    assert came(report, happened).splitlines()[1] == f"#1 Meyer AG: has written again; {doubt}"
