"""A mail about another matter becomes a request of its own, whatever was done meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from poc_tui.errors import Refused
from poc_tui.models.values import Resolution
from poc_tui.rules.mail.message import MailAddress, MailPolicy
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import mail as mails, request_mail
from poc_tui.store.queries.reader import Reader
from tests.helpers.filed_mail import MEYER, OTT, WORKSHOP, Box, a_mail
from tests.helpers.mail_setup import account_policy


@pytest.fixture
def mail_policy() -> MailPolicy:
    return account_policy(address="desk@poc.example", mine=("desk@poc.example",))


@pytest.fixture
def box(desk: Desk, reader: Reader, path: str, clock: FixedClock) -> Iterator[Box]:
    opened = Box(desk, reader, path, clock)
    yield opened
    opened.connection.close()


def another(box: Box, sender: MailAddress = MEYER) -> int:
    """A mail with a new subject comes to #1; returns its id."""
    mail = a_mail("Please see to it.", sender, subject="New address", message_id="b", refs=("a",))
    id = box.read(mail)
    box.desk.do(drafts.FileMails((id,)))
    return id


def test_as_long_as_nothing_was_done_since_the_old_request_is_as_it_was(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    before = box.request(1)
    id = another(box)
    assert box.request(1).court == "me"
    done = box.desk.split(id, "split")
    assert (done.numbers, done.label) == ((1, 2), "split #2 off from #1")
    assert box.request(1) == before
    new = box.request(2)
    assert (new.subject, new.text, new.customer) == (
        "New address", "Please see to it.", "Meyer AG",
    )  # fmt: skip


def test_after_an_answer_both_say_what_became_of_it(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    id = another(box)
    box.desk.do(drafts.Answer("It is on its way."), [1])
    box.desk.do(drafts.Resolve(Resolution.SOLVED), [1])
    done = box.desk.split(id, "split")
    assert done.label == "split #2 off from #1: New address"
    assert box.request(1).state == "resolved"
    assert box.request(1).activities[-1].text == "A mail was split off: it is #2 now"
    assert (box.request(2).subject, box.request(2).customer) == ("New address", "Meyer AG")
    assert [row.text for row in box.request(2).activities] == [
        "Please see to it.", "Split off from #1",
    ]  # fmt: skip
    assert [row.id for row in mails.of_request(box.reader, 2)] == [id]


@pytest.mark.parametrize("answered", [False, True])
def test_it_is_taken_back_in_one_step(box: Box, answered: bool) -> None:
    box.came(a_mail(message_id="a"))
    id = another(box)
    if answered:
        box.desk.do(drafts.Answer("It is on its way."), [1])
    before = box.request(1)
    box.desk.split(id, "split")
    box.desk.undo()
    assert box.request(1) == before
    assert [row.id for row in mails.of_request(box.reader, 1)][-1] == id
    box.desk.redo()
    assert [row.id for row in mails.of_request(box.reader, 2)] == [id]


def test_what_answers_the_new_one_belongs_there(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    id = another(box)
    box.desk.do(drafts.Answer("It is on its way."), [1])
    box.desk.split(id, "split")
    assert box.came(a_mail("It is number 7.", subject="Re: New address", refs=("b",))).numbers == (
        2,
    )


def test_of_somebody_else_it_is_their_own(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.posted(1, "ours", OTT.address)
    id = another(box, OTT)
    box.desk.do(drafts.Answer("It is on its way."), [1])
    box.desk.split(id, "split")
    assert box.request(2).customer == OTT.name


def test_that_with_which_it_began_and_a_departments_answer_stay(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "our-question", WORKSHOP, forward=forward)
    answer = a_mail("ten units", MailAddress("", WORKSHOP), refs=("our-question",))
    box.came(answer)
    for id, said in ((1, "#1 began with mail 1"), (2, "mail 2 answers a question"), (9, "on no")):
        with pytest.raises(Refused, match=said):
            box.desk.split(id, "split")


@pytest.mark.parametrize(
    ("subjects", "meant"),
    [((), None), (("Re: Order 4711",), 2), (("New address", "Re: Order 4711"), 2)],
)
def test_the_one_that_is_meant_brought_another_subject_else_it_is_the_newest(
    subjects: tuple[str, ...], meant: int | None, box: Box
) -> None:
    box.came(a_mail(message_id="a"))
    for subject in subjects:
        box.came(a_mail("words", subject=subject, refs=("a",)))
    found: Any = request_mail.splittable(box.reader, 1)
    assert (found and found.mail_id) == meant
