"""Mail that is kept from becoming a request: by the person's word, as spam, as a stranger's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from poc_tui.rules.mail.message import MailAddress, Nature, Treatment
from poc_tui.rules.mail.sender_rules import read
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import mail as reading
from poc_tui.store.queries.departments import department
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import Done, MailRow
from tests.helpers.mail_desks import MEYER, Post

SPAM = (("x-spam-flag", "YES"),)
WINNER = MailAddress("Win", "w@spam.example")
GLUE = MailAddress("Glue News", "news@glue.example")
SENDS = 'send = "clipboard"\n'
LISTED = (("list-id", "<news.glue.example>"),)


@pytest.fixture
def post(tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines) -> Post:
    return Post(tmp_path, path, clock, deadlines, SENDS)


def came(post: Post, **mail: object) -> Done:
    """One mail that came and was filed by the settings."""
    policy = post.settings.mail.policy
    with closing(Desk(post.path, post.clock, post._deadlines, mail_policy=policy)) as desk:
        return desk.do(drafts.FileMails((post.read(**mail),)))


def id_of_our_answer(post: Post, number: int) -> str:
    """The Message-ID of the mail of ours on a request."""
    with closing(Reader(post.path)) as reader:
        return str(reader.value("SELECT message_id FROM outbox WHERE request_id = ?", (number,)))


def lying(post: Post) -> list[MailRow]:
    with closing(Reader(post.path)) as reader:
        return list(reading.aside(reader))


def whys(post: Post) -> list[tuple[str, str]]:
    return [(row.sender, row.aside_why) for row in lying(post)]


# Spam


def test_what_the_provider_calls_spam_lies_aside_and_makes_no_customer(post: Post) -> None:
    done = came(post, sender=WINNER, headers=SPAM)
    assert not done.numbers
    assert whys(post) == [(WINNER.address, "marked as spam by the provider")]
    with closing(Reader(post.path)) as reader:
        assert not reader.value("SELECT count(*) FROM customer")


def test_nothing_of_a_customer_goes_unseen(post: Post) -> None:
    first = post.a_mail()
    done = came(post, headers=SPAM)
    assert done.numbers != (first,)
    assert len(done.numbers) == 1
    assert f"#{done.numbers[0]}: marked as spam by the provider" in done.remarks
    assert not lying(post)


def test_nor_does_a_mail_on_a_request_or_of_a_department(post: Post) -> None:
    number = post.answered()
    with closing(Reader(post.path)) as reader:
        workshop = department(reader, "Technical").id
    post.do(drafts.EditDepartment(workshop, contact="Workshop <w@firm.example>"))
    ours = id_of_our_answer(post, number)
    colleague = MailAddress("", "colleague@meyer.example")
    assert came(post, sender=colleague, refs=(ours,), headers=SPAM).numbers == (number,)
    assert came(post, sender=MailAddress("", "w@firm.example"), headers=SPAM).numbers
    assert not lying(post)


def test_a_forged_customer_is_none(post: Post) -> None:
    post.set(SENDS + 'trusted = ["mx.poc.example"]')
    post.a_mail()
    failed = ("authentication-results", "mx.poc.example; dmarc=fail header.from=meyer.example")
    assert not came(post, headers=(*SPAM, failed)).numbers
    assert whys(post) == [(MEYER.address, "marked as spam by the provider")]
    assert came(post, headers=(failed,)).numbers, "without the mark it is a request in doubt"


def test_whoever_wants_it_makes_a_request_of_it(post: Post) -> None:
    came(post, sender=WINNER, headers=SPAM)
    (row,) = lying(post)
    assert post.do(drafts.FileMails((row.id,), wanted=True))
    assert not lying(post)


def test_taken_back_it_lies_aside_for_the_same_reason(post: Post) -> None:
    came(post, sender=WINNER, headers=SPAM)
    (row,) = lying(post)
    with closing(Desk(post.path, post.clock, post._deadlines)) as desk:
        desk.do(drafts.FileMails((row.id,), wanted=True), run="mine")
        desk.undo()
    assert lying(post) == [row]


# Rules


def test_a_senders_mail_is_never_shown_once_it_is_said_to_be_spam(post: Post) -> None:
    post.set(f'{SENDS}rules.spam = ["{MEYER.address}"]')
    assert not came(post).numbers
    assert not lying(post)
    with closing(Reader(post.path)) as reader:
        (row,) = reading.aside(reader, dismissed=True)
        assert row.aside_why == f"by your rule for {MEYER.address}"
        assert reading.counts(reader).aside == 0
        assert reading.mail(reader, row.id).text, "it is kept"


def test_a_domain_of_spam_leaves_the_requests_of_its_customers_alone(post: Post) -> None:
    number = post.answered()
    ours = id_of_our_answer(post, number)
    post.set(SENDS + 'rules.spam = ["@meyer.example"]')
    assert came(post, refs=(ours,)).numbers == (number,)
    assert not came(post).numbers


def test_what_is_always_aside_lies_aside_though_a_customer_wrote_it(post: Post) -> None:
    number = post.answered()
    ours = id_of_our_answer(post, number)
    post.set(SENDS + 'rules.aside = ["@meyer.example"]')
    assert not came(post).numbers
    assert whys(post) == [(MEYER.address, "by your rule for @meyer.example")]
    assert came(post, refs=(ours,)).numbers == (number,), "it is the answer to one of ours"


@pytest.mark.parametrize("who", ["news@glue.example", "@glue.example", "list:news.glue.example"])
def test_what_is_always_a_request_is_one_whatever_its_header_says(post: Post, who: str) -> None:
    glue = {"sender": GLUE, "nature": Nature.LIST, "headers": (*LISTED, *SPAM)}
    assert not came(post, **glue).numbers
    post.set(f'{SENDS}rules.requests = ["{who}"]')
    assert came(post, **glue).numbers


def test_the_sender_comes_before_the_domain(post: Post) -> None:
    post.set(f'{SENDS}rules.requests = ["{MEYER.address}"]\nrules.spam = ["@meyer.example"]')
    assert came(post).numbers
    assert not came(post, sender=MailAddress("", "offers@meyer.example")).numbers


def test_what_i_wrote_myself_is_bound_by_no_rule(post: Post) -> None:
    post.set(SENDS + 'own = ["me@firm.example"]\nrules.spam = ["@firm.example"]')
    assert came(post, sender=MailAddress("", "me@firm.example")).numbers


def test_what_lies_aside_is_found_by_the_rule_that_holds_for_it(post: Post) -> None:
    one = post.aside(headers=LISTED)
    two = post.aside(headers=LISTED, sender=MailAddress("", "anna@glue.example"))
    post.aside(sender=MailAddress("", "news@paper.example"))
    post.set(SENDS + 'rules.aside = ["anna@glue.example"]\nrules.spam = ["list:news.glue.example"]')
    rules = post.settings.mail.policy.rules
    assert rules[read("anna@glue.example")].treatment == Treatment.ASIDE
    with closing(Reader(post.path)) as reader:
        assert reading.aside_by_rules(reader, rules, ["list:news.glue.example"]) == [one]
        assert reading.aside_by_rules(reader, rules, rules) == [one, two]
        assert reading.aside_by_rules(reader, rules, ["@glue.example"]) == []


def test_a_rule_can_name_a_list_but_not_our_own_group(post: Post) -> None:
    listed = post.aside(headers=LISTED)
    by_our_group = post.aside(headers=LISTED, nature=Nature.ORDINARY, sender=MEYER)
    with closing(Reader(post.path)) as reader:
        of_list, of_group = reading.names_of_senders(reader, [listed, by_our_group])
    assert of_list == ["news@glue.example", "@glue.example", "list:news.glue.example"]
    assert of_group == [MEYER.address, "@meyer.example"]


def test_what_is_no_address_is_named_by_no_rule(post: Post) -> None:
    ids = [
        post.aside(sender=MailAddress("", sender), headers=(("list-id", f"<{name}>"),))
        for sender, name in (("a b@x.example", "a\u202eb"), ("`rm -r`@x.example", "$(id)"))
    ]
    with closing(Reader(post.path)) as reader:
        names = reading.names_of_senders(reader, ids)
    assert names == [["@x.example"], ["@x.example", "list:$(id)"]]


# Strangers


def test_whoever_writes_for_the_first_time_is_looked_at_where_that_is_wanted(post: Post) -> None:
    post.set(SENDS + 'first_writers = "aside"')
    assert not came(post).numbers
    assert whys(post) == [(MEYER.address, "writes for the first time")]
    (row,) = lying(post)
    post.do(drafts.FileMails((row.id,), wanted=True))
    assert came(post).numbers, "now they are known"
    assert not lying(post)


def test_a_department_and_who_answers_us_are_no_strangers(post: Post) -> None:
    number = post.answered()
    with closing(Reader(post.path)) as reader:
        workshop = department(reader, "Technical").id
    post.do(drafts.EditDepartment(workshop, contact="Workshop <w@firm.example>"))
    ours = id_of_our_answer(post, number)
    post.set(SENDS + 'first_writers = "aside"\nown = ["me@firm.example"]')
    assert came(post, sender=MailAddress("", "w@firm.example")).numbers
    assert came(post, sender=MailAddress("", "b@meyer.example"), refs=(ours,)).numbers == (number,)
    passed_on = {"sender": MailAddress("", "me@firm.example"), "original": WINNER}
    assert came(post, **passed_on).numbers, "I passed it on myself"
    assert not lying(post)


# The list


def test_people_stand_first_and_spam_last(post: Post) -> None:
    post.set(SENDS + 'first_writers = "aside"')
    came(post, sender=WINNER, headers=SPAM)
    came(post)
    came(post, sender=GLUE, nature=Nature.LIST)
    came(post, sender=MailAddress("", "krone@hotel.example"))
    assert [row.sender for row in lying(post)] == [
        "krone@hotel.example", MEYER.address, GLUE.address, WINNER.address,
    ]  # fmt: skip


def test_what_was_dismissed_is_listed_where_that_is_asked_for(post: Post) -> None:
    id = post.aside(subject="Glue today")
    other = post.aside(subject="Glue tomorrow")
    with closing(connect(post.path)) as connection:
        raw_mail.dismiss(connection, [id])
    with closing(Reader(post.path)) as reader:
        assert [row.id for row in reading.aside(reader)] == [other]
        assert [row.id for row in reading.aside(reader, dismissed=True)] == [id]
