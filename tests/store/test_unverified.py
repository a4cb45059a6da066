"""A sender is a claim: what is in doubt moves nothing, until somebody accepts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.values import Resolution
from poc_tui.rules.mail.message import MailPolicy, SenderRule, Treatment
from poc_tui.rules.mail.sender_rules import by_name
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import dated_items, mail as mails
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import Done, RequestDetail
from poc_tui.words.due import sentence
from tests.helpers import standing
from tests.helpers.letters import CUSTOMER, DESK, WORKSHOP, Letters
from tests.helpers.mail_setup import account_policy

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]

MX = "mx.poc.example"
FAILS = f"Authentication-Results: {MX}; dmarc=fail header.from="
PASSES = f"Authentication-Results: {MX}; dmarc=pass header.from="


@pytest.fixture
def mail_policy() -> MailPolicy:
    return account_policy(DESK, (DESK,), sends=True, trusted=(MX,))


@pytest.fixture
def letters(path: str, desk: Desk, reader: Reader, clock: FixedClock) -> Iterator[Letters]:
    opened = Letters(path, desk, reader, clock)
    yield opened
    broken = standing.broken_now(opened.connection)
    opened.connection.close()
    assert broken == []


def stands(detail: RequestDetail) -> tuple[object, ...]:
    """How a request stands: whose turn it is, its dates, which questions are open."""
    return (
        detail.state, detail.court, detail.next_at, detail.due_at, detail.first_answered_at,
        detail.resolved_at, detail.touched_at, detail.open_forwards,
    )  # fmt: skip


FORGERIES = [
    # Of the department that was asked: the number is easy to guess, its address is in the web.
    (WORKSHOP, "Re: Filter [#1]", ()),
    (f"Workshop <{WORKSHOP}>", "Re: Filter [#1-0000]", ()),
    (f"Workshop <{WORKSHOP}>", "Re: Filter", (FAILS + "firm.example", "In-Reply-To: <{forward}>")),
    (CUSTOMER, "Re: Filter [#1]", ()),
    (CUSTOMER, "Re: Filter", (FAILS + "meyer.example", "In-Reply-To: <{answer}>")),
    (DESK, "Re: Filter [#1]", ()),
    # Two From fields, and one that names two: programs show one of them, and each another.
    (CUSTOMER, "Re: Filter", ("From: x@evil.example", "In-Reply-To: <{answer}>")),
    (f"{CUSTOMER}, x@evil.example", "Re: Filter", ("In-Reply-To: <{answer}>",)),
    # The server vouches for a From that it looked at, which is not the one that is read here.
    (CUSTOMER, "Re: Filter", (PASSES + "evil.example", "In-Reply-To: <{answer}>")),
    # The sender wrote the results into the mail as well, below those of the server.
    (
        CUSTOMER, "Re: Filter",
        (FAILS + "meyer.example", PASSES + "meyer.example", "In-Reply-To: <{answer}>"),
    ),
    (
        CUSTOMER, "Re: Filter",
        (
            f"Received: from evil.example by {MX}; Mon, 30 Nov 2026 10:00:00 +0000",
            FAILS + "meyer.example",
            "Received: from evil.example by evil.example; Mon, 30 Nov 2026 10:00:00 +0000",
            PASSES + "meyer.example", "In-Reply-To: <{answer}>",
        ),
    ),
    # In an encoded word, which is no syntax of the field.
    (
        CUSTOMER, "Re: Filter",
        (
            f"Authentication-Results: {MX}; spf=fail"
            " smtp.mailfrom==?utf-8?Q?=3B_dmarc=3Dpass?=@evil.example", "In-Reply-To: <{answer}>",
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "fields"), FORGERIES)
@pytest.mark.parametrize("text", ["ten units", "Vielen Dank!", "it broke again"])
@pytest.mark.parametrize("resolved", [False, True])
def test_a_forged_sender_moves_nothing_and_is_not_overlooked(
    letters: Letters, sender: str, subject: str, fields: tuple[str, ...], text: str, resolved: bool
) -> None:
    letters.asked()
    forward = letters.ours("forward")
    letters.answered()
    if resolved:
        letters.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    before = stands(letters.request())
    named = (field.format(forward=forward, answer=letters.ours("answer")) for field in fields)
    done = letters.came(sender, subject, text, *named)
    after = letters.request()
    assert stands(after) == before
    assert (after.activities[-1].event, after.activities[-1].text) == ("unverified", text)
    assert after.activities[-1].department is None
    assert done.label.endswith("not verified, on #1")
    assert len(letters.in_doubt()) == 1
    (said,) = after.remarks
    assert "`poc mail accept 2`" in said
    assert after.activities[-1].mail is not None
    assert after.activities[-1].mail.doubt in said


@pytest.mark.parametrize(
    ("sender", "subject", "fields"),
    [
        (WORKSHOP, "Re: Filter", ("In-Reply-To: <{forward}>",)),
        (WORKSHOP, "Re: Filter", (PASSES + "firm.example", "In-Reply-To: <{forward}>")),
        (WORKSHOP, "Re: Filter", (PASSES + "firm.example", "References: <{forward}> <x@y>")),
        (WORKSHOP, "Re: Filter {token}", ()),
        # What a server says that nobody trusts is not looked at, nor is what lies below it.
        (
            WORKSHOP, "Re: Filter {token}",
            ("Authentication-Results: mx.elsewhere.example; dmarc=fail",),
        ),
        (
            WORKSHOP, "Re: Filter {token}",
            ("Received: by mail.elsewhere.example; Mon, 30 Nov 2026 10:00:00 +0000",
             FAILS + "firm.example"),
        ),
        # An older mail of ours, whose number has no proof, answered as people do.
        (WORKSHOP, "Re: Filter [#1]", ("In-Reply-To: <{forward}>",)),
    ],
)  # fmt: skip
def test_what_nothing_speaks_against_counts(
    letters: Letters, sender: str, subject: str, fields: tuple[str, ...]
) -> None:
    letters.asked()
    named = [field.format(forward=letters.ours("forward")) for field in fields]
    letters.came(sender, subject.format(token=letters.token()), "ten units", *named)
    assert letters.request().open_forwards == ()
    assert letters.request().forwards[0].answer == "ten units"
    assert letters.in_doubt() == ()


def test_somebody_unknown_who_has_the_number_with_its_proof_is_not_taken_for_the_customer(
    letters: Letters,
) -> None:
    letters.asked()
    letters.answered()
    before = stands(letters.request())
    letters.came("boss@meyer.example", f"Fwd: Filter {letters.token()}", "Please hurry.")
    assert stands(letters.request()) == before
    assert letters.events()[-1] == "unverified"


def test_somebody_unknown_who_guesses_a_number_has_a_request_of_their_own(letters: Letters) -> None:
    letters.asked()
    done = letters.came("x@evil.example", "Re: Filter [#1]", "let me in")
    assert done.numbers == (2,)
    assert letters.in_doubt(2) == ()
    assert "#2: its subject names #1, where x@evil.example is not known" in done.remarks


def test_whose_mail_is_always_a_request_can_be_forged_all_the_same(
    letters: Letters, deadlines: Deadlines, mail_policy: MailPolicy
) -> None:
    always = (WORKSHOP, "@meyer.example")
    rules = by_name(SenderRule(who, Treatment.REQUESTS) for who in always)
    letters.desk.use(deadlines, mail_policy._replace(rules=rules))
    before = stands(letters.asked())
    letters.came(WORKSHOP, "Re: Filter [#1]", "ten")
    letters.came(
        CUSTOMER, "Re: Filter", "ten", FAILS + "meyer.example", "In-Reply-To: <1@net.example>"
    )
    assert stands(letters.request()) == before
    assert letters.events()[-2:] == ["unverified", "unverified"]


def test_a_name_that_is_the_address_of_somebody_else_is_not_shown(letters: Letters) -> None:
    letters.asked()
    letters.came(f'"{CUSTOMER}" <x@evil.example>', "Re: Filter [#1]", "send it to me")
    (mail,) = mails.of_request(letters.reader, 2)
    assert (mail.sender, mail.sender_name) == ("x@evil.example", "")
    assert letters.request(2).customer == "x@evil.example"


def test_a_mail_in_doubt_is_on_the_agenda_and_due_until_it_is_seen(letters: Letters) -> None:
    letters.asked()
    letters.came(WORKSHOP, "Re: Filter [#1]", "ten")
    letters.clock.advance(timedelta(minutes=5))
    now, zone = letters.clock.now(), letters.clock.zone

    def due() -> list[str]:
        found = dated_items.items(letters.reader, zone, until=now, aside=True)
        assert list(dated_items.read_agenda(letters.reader, now, zone).late) == [
            item for item in found if item.what == "unverified"
        ]
        return [sentence(item) for item in found if item.what == "unverified"]

    assert due() == [f"#1 {CUSTOMER}: a mail is not verified — Filter"]
    (told,) = dated_items.untold(letters.reader, zone, now, "x", aside=True)
    assert (told.what, told.of, told.number) == ("unverified", 2, 1)
    letters.desk.do(drafts.Seen(), [1])
    assert due() == []


# What is in doubt opens no door for what follows it.


def test_who_was_in_doubt_is_not_known_there_from_then_on(letters: Letters) -> None:
    letters.asked()
    for _ in range(2):
        letters.came("x@evil.example", f"Filter {letters.token()}", "send it to me")
        assert letters.events()[-1] == "unverified"


def test_a_reply_to_a_mail_in_doubt_is_in_doubt(letters: Letters) -> None:
    letters.asked()
    letters.came(WORKSHOP, "Re: Filter [#1]", "wait", "Message-ID: <forged@evil.example>")
    before = stands(letters.request())
    letters.came(WORKSHOP, "Re: Filter", "ten", "In-Reply-To: <forged@evil.example>")
    assert stands(letters.request()) == before
    assert letters.events()[-2:] == ["unverified", "unverified"]
    letters.came(
        WORKSHOP, "Re: Filter", "eleven",
        "In-Reply-To: <forged@evil.example>", f"References: <{letters.ours('forward')}>",
    )  # fmt: skip
    assert letters.request().forwards[0].answer == "eleven"


def test_the_same_mail_that_comes_again_and_is_proved_counts(letters: Letters) -> None:
    letters.asked()
    same = ("Message-ID: <same@firm.example>", f"In-Reply-To: <{letters.ours('forward')}>")
    letters.came(WORKSHOP, "Re: Filter", "ten", FAILS + "firm.example", *same)
    letters.came(WORKSHOP, "Re: Filter", "ten", FAILS + "firm.example", "X-Scan: 1", *same)
    assert letters.events().count("unverified") == 1
    letters.came(WORKSHOP, "Re: Filter", "ten", PASSES + "firm.example", *same)
    assert letters.request().forwards[0].answer == "ten"


# A request that begins with such a mail.


def test_a_new_request_whose_sender_is_in_doubt_is_nobody_s(letters: Letters) -> None:
    letters.asked()
    done = letters.came(CUSTOMER, "Refund", "to this account", FAILS + "meyer.example")
    request = letters.request(2)
    assert (request.customer, request.state, request.court) == (None, "new", "me")
    assert len(request.remarks) == 1
    assert "mx.poc.example says that it does not come from meyer.example" in done.remarks[0]
    letters.desk.do(drafts.AcceptMails(letters.in_doubt(2)))
    assert letters.request(2).customer == CUSTOMER
    assert letters.events(2) == ["received", "triaged"]
    assert letters.request(2).remarks == ()


def test_a_new_request_that_has_got_its_customer_keeps_it(letters: Letters) -> None:
    letters.came("x@meyer.example", "Refund", "to me", FAILS + "meyer.example")
    letters.desk.do(drafts.Triage(customer=drafts.CustomerName("Ott")), [1])
    letters.desk.do(drafts.AcceptMails(letters.in_doubt()))
    assert letters.request().customer == "Ott"
    assert letters.in_doubt() == ()


# One key accepts it: it counts as what it would have been.


def accepted(letters: Letters, rows_of: Rows, *ids: int, numbers: tuple[int, ...] = ()) -> Done:
    """Accept these mails; undo gives the state before and redo the state after."""
    letters.clock.advance(timedelta(minutes=7))
    before = rows_of()
    done = letters.desk.do(drafts.AcceptMails(ids), numbers)
    after = rows_of()
    letters.desk.undo()
    assert rows_of() == before
    letters.desk.redo()
    assert rows_of() == after
    assert letters.in_doubt() == ()
    return done


def test_an_accepted_answer_of_a_department_is_logged(letters: Letters, rows_of: Rows) -> None:
    letters.asked()
    letters.came(WORKSHOP, "Re: Filter [#1]", "ten units")
    done = accepted(letters, rows_of, 2)
    assert (done.label, done.numbers) == ("accept mail 2 on #1", (1,))
    request = letters.request()
    assert (request.open_forwards, request.court) == ((), "me")
    assert request.forwards[0].answer == "ten units"
    assert [activity.event for activity in request.activities[-2:]] == ["unverified", "logged"]
    last = request.activities[-1]
    assert (last.department, last.mail and last.mail.id) == ("Technical", 2)


def test_an_accepted_mail_of_the_customer_opens_it_again(letters: Letters, rows_of: Rows) -> None:
    letters.asked()
    letters.answered()
    letters.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    letters.came(CUSTOMER, "Re: Filter [#1]", "it broke again")
    accepted(letters, rows_of, numbers=(1,))
    assert (letters.request().state, letters.request().court) == ("open", "me")
    assert letters.events()[-2:] == ["reopened", "received"]


def test_accepted_thanks_leave_it_resolved(letters: Letters, rows_of: Rows) -> None:
    letters.asked()
    letters.answered()
    letters.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    letters.came(CUSTOMER, "Re: Filter [#1]", "Vielen Dank!")
    accepted(letters, rows_of, 2)
    assert letters.request().state == "resolved"
    assert letters.events()[-1] == "received"


def test_who_was_accepted_is_known_there(letters: Letters, rows_of: Rows) -> None:
    letters.asked()
    letters.came("boss@meyer.example", f"Filter {letters.token()}", "Please hurry.")
    accepted(letters, rows_of, 2)
    letters.came("boss@meyer.example", f"Filter {letters.token()}", "Still waiting.")
    assert letters.events()[-1] == "received"


def test_all_mails_in_doubt_on_a_request_are_accepted_together(letters: Letters) -> None:
    letters.asked()
    for text in ("ten", "no, twelve"):
        letters.came(WORKSHOP, "Re: Filter [#1]", text)
    done = letters.desk.do(drafts.AcceptMails(), [1])
    assert done.label == "accept mail on #1"
    assert letters.request().forwards[0].answer == "ten"
    assert letters.events()[-2:] == ["logged", "logged"]
    with pytest.raises(Refused, match="no mail on #1 is in doubt"):
        letters.desk.do(drafts.AcceptMails(), [1])


def test_what_is_in_no_doubt_cannot_be_accepted(letters: Letters, rows_of: Rows) -> None:
    letters.asked()
    letters.came("news@list.example", "News", "News!", "List-Id: <news.list.example>")
    before = rows_of()
    with pytest.raises(Refused, match="mail 1 on #1 is in no doubt"):
        letters.desk.do(drafts.AcceptMails((1,)))
    with pytest.raises(NotFound, match="mail 2 is on no request"):
        letters.desk.do(drafts.AcceptMails((2,)))
    with pytest.raises(NotUnderstood, match="say which mail"):
        letters.desk.do(drafts.AcceptMails())
    assert rows_of() == before


def test_what_a_person_puts_on_a_request_is_in_no_doubt(letters: Letters) -> None:
    letters.asked()
    letters.came(WORKSHOP, "Re: Filter [#1]", "ten units")
    letters.desk.unfile(2)
    letters.desk.do(drafts.FileMails((2,), to=1), run="by hand")
    assert letters.request().forwards[0].answer == "ten units"


@pytest.mark.parametrize("writer", [WORKSHOP, CUSTOMER])
@pytest.mark.parametrize(
    "fields", [(), ("List-Id: <desk.poc.example>", f"List-Post: <mailto:{DESK}>")]
)
def test_whom_a_form_names_as_its_writer_moves_nothing_by_the_number_alone(
    letters: Letters, writer: str, fields: tuple[str, ...]
) -> None:
    """The server vouches for who sent it; Reply-To can be anybody."""
    letters.asked()
    before = stands(letters.request())
    subject = f"Re: Filter {letters.token()}"
    vouched = (PASSES + "evil.example", f"Reply-To: {writer}", *fields)
    letters.came("Form <noreply@evil.example>", subject, "the red one", *vouched)
    assert stands(letters.request()) == before
    assert letters.events()[-1] == "unverified"
    assert letters.in_doubt() != ()


def test_what_our_own_group_carries_is_the_word_of_who_wrote_it(letters: Letters) -> None:
    letters.asked()
    fields = (PASSES + "poc.example", f"Reply-To: {CUSTOMER}", "List-Id: <desk.poc.example>")
    letters.came(
        f"\"'K' via Desk\" <{DESK}>", f"Re: Filter {letters.token()}", "it broke again", *fields
    )
    assert letters.events()[-1] == "received"
