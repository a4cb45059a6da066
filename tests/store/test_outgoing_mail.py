"""What the verbs queue to go out as mail: to whom, in which thread, with what in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import count

import pytest

from poc_tui.errors import Refused
from poc_tui.mail.message import compose
from poc_tui.mail.message.parts import part
from poc_tui.models.values import AddressKind, Channel, Resolution
from poc_tui.rules.mail.message import Mail, MailAddress, MailPolicy, Nature, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, outbox, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.recipients import (
    STRANGE,
    UNREAD,
    Recipient,
    RecipientReason,
    mark_of,
    recipients,
)
from poc_tui.store.records import Done, OutgoingRow
from poc_tui.store.verbs import outgoing_mail
from tests.helpers.mail_setup import account_policy, one_account
from tests.helpers.subjects import unproved

DESK = "desk@poc.example"
MEYER = MailAddress("Meyer AG", "einkauf@meyer.example")
WORKSHOP = MailAddress("Workshop", "w@workshop.example")
SETTINGS = one_account(
    address=DESK, name="Service", own=("me@poc.example",), signature="Service\npoc.example",
    send="smtp",
)  # fmt: skip


@pytest.fixture
def mail_policy() -> MailPolicy:
    """A desk that sends."""
    return SETTINGS.policy


class Correspondence:
    """A desk with what comes in and goes out of it."""

    def __init__(self, path: str, clock: FixedClock, desk: Desk, reader: Reader) -> None:
        self._path, self._clock, self.reader = path, clock, reader
        self.desk = desk
        self._ids = count(1)

    def comes(self, mail_: Mail, to: int | None = None, raw: bytes = b"") -> Done:
        """A mail comes in, was read like this, and is filed."""
        number = next(self._ids)
        with closing(connect(self._path)) as connection:
            kept = raw_mail.keep(
                connection, [raw or f"Subject: {number}\n\n".encode()], "test", self._clock.now()
            )
            raw_mail.keep_read(connection, [(kept.new[0], mail_)])
        return self.desk.do(drafts.FileMails(kept.new, to=to))

    def a_mail(self, text: str = "The invoice shows 12 units.", **rest: object) -> int:
        """A customer writes; gives the request."""
        fields: dict[str, object] = {
            "message_id": f"{next(self._ids)}@meyer.example",
            "sender": MEYER,
            "subject": "Invoice 4711",
            "text": text,
            "sent_at": self._clock.now() - timedelta(minutes=5),
        }
        return self.comes(Mail(**(fields | rest))).numbers[0]  # type: ignore[arg-type]

    def department(self, name: str, contact: str = "", deputy: str = "", lead: str = "") -> int:
        """Staff a department; gives its id."""
        id = departments.department(self.reader, name).id
        self.desk.do(drafts.EditDepartment(id, contact=contact, deputy=deputy, lead=lead))
        return id

    def outgoing(self, number: int) -> tuple[OutgoingRow, ...]:
        return outgoing_of_request(self.reader, number)

    def only(self, number: int) -> outbox.QueuedMail:
        """The mail that waits on that request."""
        (row,) = self.outgoing(number)
        return self.queued(row.id)

    def queued(self, id: int) -> outbox.QueuedMail:
        with closing(connect(self._path)) as connection:
            outgoing = outbox.queued_mail(connection, id)
        assert outgoing is not None
        return outgoing

    def composed(self, outgoing: outbox.QueuedMail) -> bytes:
        """The bytes that would be sent."""
        with closing(connect(self._path)) as connection:
            return compose.message(
                outgoing,
                SETTINGS.first,
                self._clock.zone,
                lambda mail_id, index: part(outbox.raw(connection, mail_id), index),
            )

    def says(self, number: int) -> str | None:
        """Where the dialog says that an answer would go."""
        return next((place.address for place in self.places(number)), None)

    def places(self, number: int) -> tuple[Recipient, ...]:
        """Where an answer could go."""
        return recipients(self.reader.rows, number, SETTINGS.policy.mine)

    def customer(self, number: int) -> int:
        row = self.reader.row("SELECT customer_id FROM request WHERE id = ?", (number,))
        assert row is not None
        return int(row[0])


@pytest.fixture
def post(path: str, clock: FixedClock, desk: Desk, reader: Reader) -> Correspondence:
    return Correspondence(path, clock, desk, reader)


# Whether


def test_an_answer_to_a_letter_waits_to_be_sent(post: Correspondence, clock: FixedClock) -> None:
    number = post.a_mail()
    post.desk.do(drafts.Answer("The corrected one is on its way."), [number])
    (row,) = post.outgoing(number)
    assert (row.kind, row.recipient, row.state) == ("answer", MEYER.address, "queued")
    assert row.queued_at == clock.now()
    assert row.next_try_at == clock.now() + timedelta(minutes=1)
    assert row.text.startswith("The corrected one is on its way.\n\n-- \nService\npoc.example")


@pytest.mark.parametrize("mail_policy", [account_policy(address=DESK)])
def test_a_desk_without_mail_sends_nothing_and_says_how_to_set_it_up(post: Correspondence) -> None:
    number = post.a_mail()
    done = post.desk.do(drafts.Answer("yes"), [number])
    assert post.outgoing(number) == ()
    assert done.remarks == ()
    with pytest.raises(Refused, match=r'mail is not set up.*"mail.send"'):
        post.desk.do(drafts.Answer("yes", mail=True), [number])


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.CHAT])
def test_what_was_said_otherwise_is_not_sent_unless_wanted(
    post: Correspondence, channel: Channel
) -> None:
    number = post.a_mail()
    done = post.desk.do(drafts.Answer("said so", channel), [number])
    assert post.outgoing(number) == ()
    assert done.remarks == ()
    post.desk.do(drafts.Answer("and in writing", channel, mail=True), [number])
    assert post.only(number).recipient == MEYER.address


def test_an_answer_that_is_mailed_to_somebody_who_called_is_an_email(
    post: Correspondence, reader: Reader
) -> None:
    number = post.desk.do(drafts.Capture("call back", channel=Channel.PHONE)).numbers[0]
    post.desk.do(
        drafts.EditCustomer(
            name="Bäckerei Ott",
            addresses=(drafts.AddressDraft(AddressKind.EMAIL, "ott@ott.example"),),
        )
    )
    post.desk.do(drafts.Triage(customer=drafts.CustomerName("Bäckerei Ott")), [number])
    post.desk.do(drafts.Answer("done", mail=True), [number])
    outgoing = post.only(number)
    assert outgoing.recipient == "ott@ott.example"
    said = reader.row("SELECT channel FROM activity WHERE event = 'answered'", ())
    assert said == ("email",)
    # Nobody wrote a mail, so it replies to none and does not pretend to.
    assert (outgoing.in_reply_to, outgoing.refs) == ("", ())
    assert unproved(outgoing.subject) == f"call back [#{number}]"
    assert ">" not in outgoing.text


def test_false_sends_nothing(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?", mail=False), [number])
    post.desk.do(drafts.Chase(early=True, mail=False), [number])
    done = post.desk.do(drafts.Answer("yes", still_working=True, mail=False), [number])
    assert post.outgoing(number) == ()
    assert done.remarks == ()


def test_without_an_address_a_remark_says_so(post: Correspondence) -> None:
    number = post.desk.do(
        drafts.Capture("invoice wrong", customer=drafts.CustomerName("Meyer AG"))
    ).numbers[0]
    done = post.desk.do(drafts.Answer("yes"), [number])
    assert done.remarks == (f"#{number} not sent: Meyer AG has no mail address",)
    with pytest.raises(Refused, match="Meyer AG has no mail address"):
        post.desk.do(drafts.Answer("yes", mail=True), [number])
    assert post.outgoing(number) == ()


def test_a_department_without_an_address_is_said_too(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="ext. 21", deputy="the other one, ext. 22")
    done = post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    assert done.remarks == (f"#{number} not sent: Technical has no mail address",)
    with pytest.raises(Refused, match="Technical has no mail address"):
        post.desk.do(drafts.ForwardDraft(technical, "right?", mail=True), [number])
    done = post.desk.do(drafts.Chase(early=True), [number])
    assert f"#{number} not sent: ext. 21 has no mail address" in done.remarks


def test_nothing_is_sent_to_ourselves(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="me <ME@poc.example>")
    done = post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    assert done.remarks == (f"#{number} not sent: the mail address of Technical is ours",)
    with pytest.raises(Refused, match="is ours"):
        post.desk.do(drafts.ForwardDraft(technical, "right?", mail=True), [number])


def test_the_last_answer_goes_out_with_the_resolution_once(post: Correspondence) -> None:
    one, other, third = (post.a_mail(text=f"the {n}. invoice") for n in (1, 2, 3))
    post.desk.do(drafts.Resolve(Resolution.SOLVED, "It is corrected."), [one])
    post.desk.do(drafts.Answer("Corrected.", resolve_as=Resolution.SOLVED), [other])
    post.desk.do(drafts.Resolve(Resolution.SOLVED), [third])
    assert post.only(one).text.startswith("It is corrected.\n")
    assert post.only(other).text.startswith("Corrected.\n")
    assert post.outgoing(third) == ()


def test_undo_takes_back_what_waits_and_redo_puts_it_there_again(post: Correspondence) -> None:
    number = post.a_mail()
    post.desk.do(drafts.Answer("too early"), [number])
    before = post.only(number)
    post.desk.undo()
    assert post.outgoing(number) == ()
    post.desk.redo()
    assert post.only(number) == before


# To whom


def test_an_answer_goes_where_the_customer_wants_it(post: Correspondence) -> None:
    number = post.a_mail(reply_to=MailAddress("", "antwort@meyer.example"))
    post.desk.do(drafts.Answer("yes"), [number])
    assert post.only(number).recipient == "antwort@meyer.example"


@pytest.mark.parametrize("reply_to", [DESK, "not an address"])
def test_a_reply_address_that_is_ours_or_none_is_passed_over(
    post: Correspondence, reply_to: str
) -> None:
    number = post.a_mail(reply_to=MailAddress("", reply_to))
    post.desk.do(drafts.Answer("yes"), [number])
    assert post.only(number).recipient == MEYER.address


def where_it_goes(post: Correspondence, number: int) -> str:
    """Where an answer goes, by the dialog and by the verb, which say the same."""
    post.desk.do(drafts.Answer("yes"), [number])
    recipient = post.queued(post.outgoing(number)[-1].id).recipient
    assert post.says(number) == recipient
    return recipient


@pytest.mark.parametrize(
    ("reply_to", "mark"),
    [
        ("thief@elsewhere.example", f"not to {MEYER.address}, who wrote"),
        ("thief@meyer.example.elsewhere.example", f"not to {MEYER.address}, who wrote"),
        ("antwort@MEYER.example", STRANGE),
        ("antwort@shop.meyer.example", STRANGE),
        ("meyer@private.example", ""),
    ],
)
def test_an_answer_goes_where_the_mail_asks_for_it_and_says_what_to_mind(
    post: Correspondence, reply_to: str, mark: str
) -> None:
    """A forger can ask for it, too: at another domain both addresses are named."""
    number = post.a_mail(reply_to=MailAddress("", reply_to))
    private = (
        drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),
        drafts.AddressDraft(AddressKind.EMAIL, "meyer@private.example"),
    )
    post.desk.do(drafts.EditCustomer(post.customer(number), addresses=private))
    assert where_it_goes(post, number) == reply_to
    assert post.places(number)[0] == (reply_to, RecipientReason.ASKED_FOR, mark)
    assert mark_of(post.reader.rows, number, reply_to, SETTINGS.policy.mine) == mark


def test_all_places_of_an_answer_are_offered_each_once(post: Correspondence) -> None:
    asked = "Ott <ott@ott.example>, Desk <desk@poc.example>, chef@meyer.example, ott@ott.example"
    number = post.a_mail(
        sender=MailAddress("", "chef@meyer.example"),
        reply_to=MailAddress("Ott", "ott@ott.example"),
        headers=(("reply-to", asked),),
    )
    both = (
        drafts.AddressDraft(AddressKind.EMAIL, "CHEF@meyer.example"),
        drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),
    )
    post.desk.do(drafts.EditCustomer(post.customer(number), addresses=both))
    assert [(place.address, place.why) for place in post.places(number)] == [
        ("ott@ott.example", RecipientReason.ASKED_FOR),
        ("chef@meyer.example", RecipientReason.ASKED_FOR),
        (MEYER.address, RecipientReason.KEPT),
    ]


def test_an_address_that_nobody_reads_is_the_last_place(post: Correspondence) -> None:
    number = post.a_mail(sender=MailAddress("Shop", "no-reply@shop.example"))
    assert post.places(number) == (("no-reply@shop.example", RecipientReason.WROTE, UNREAD),)
    shop = (drafts.AddressDraft(AddressKind.EMAIL, "info@shop.example"),)
    post.desk.do(drafts.EditCustomer(name="Shop", addresses=shop))
    post.desk.do(drafts.Triage(customer=drafts.CustomerName("Shop")), [number])
    assert [place.address for place in post.places(number)] == [
        "info@shop.example", "no-reply@shop.example",
    ]  # fmt: skip
    asked = post.a_mail(reply_to=MailAddress("Shop", "no-reply@shop.example"))
    assert where_it_goes(post, asked) == MEYER.address


def test_an_answer_goes_on_with_the_customer_s_own_last_mail(post: Correspondence) -> None:
    """Somebody else who writes on the request, as one of whom nobody knows, is not answered."""
    number = post.a_mail("It was 10.", message_id="1@meyer.example")
    ott = MailAddress("Bäckerei Ott", "ott@ott.example")
    for n in range(60):
        post.comes(
            Mail(f"{n}@ott.example", ("1@meyer.example",), ott, subject="Mine", text="Not mine"),
            to=number,
        )
    assert where_it_goes(post, number) == MEYER.address
    outgoing = post.only(number)
    assert (outgoing.in_reply_to, outgoing.refs) == ("1@meyer.example", ("1@meyer.example",))
    assert unproved(outgoing.subject) == f"Re: Invoice 4711 [#{number}]"
    assert outgoing.text.endswith("Meyer AG wrote:\n> It was 10.")


def test_where_only_others_wrote_the_last_of_them_is_answered(post: Correspondence) -> None:
    number = post.a_mail(sender=MailAddress("Hotel Krone", "krone@hotel.example"))
    post.desk.do(
        drafts.EditCustomer(
            name="Meyer AG", addresses=(drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),)
        )
    )
    post.desk.do(drafts.Triage(customer=drafts.CustomerName("Meyer AG")), [number])
    assert where_it_goes(post, number) == "krone@hotel.example"


def test_an_answer_goes_to_the_sender_of_the_last_mail(post: Correspondence) -> None:
    number = post.a_mail()
    post.comes(
        Mail(
            "2@meyer.example", ("1@meyer.example",), MailAddress("", "chef@meyer.example"), text="?"
        ),
        to=number,
    )
    post.desk.do(drafts.Answer("yes"), [number])
    assert post.only(number).recipient == "chef@meyer.example"


def test_an_answer_never_goes_to_a_department_or_a_program(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    asked = post.only(number)
    post.comes(Mail("a@workshop.example", (asked.message_id,), WORKSHOP, text="SECRET10 units"))
    post.comes(
        Mail(
            "b@meyer.example", ("1@meyer.example",), MailAddress("", "bot@meyer.example"),
            nature=Nature.AUTO_REPLY, text="away",
        ),
        to=number,
    )  # fmt: skip
    post.desk.do(drafts.Answer("It was 10."), [number])
    outgoing = post.queued(post.outgoing(number)[-1].id)
    assert outgoing.recipient == MEYER.address
    assert asked.message_id not in outgoing.refs
    assert "a@workshop.example" not in outgoing.refs


def test_a_letter_that_was_passed_on_is_answered_to_who_wrote_it(post: Correspondence) -> None:
    number = post.a_mail(
        sender=MailAddress("Hotel Krone", "krone@hotel.example"), original=MEYER, text="see below"
    )
    post.desk.do(
        drafts.EditCustomer(
            name="Meyer AG", addresses=(drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),)
        )
    )
    post.desk.do(drafts.Triage(customer=drafts.CustomerName("Meyer AG")), [number])
    post.desk.do(drafts.Answer("yes"), [number])
    outgoing = post.only(number)
    assert outgoing.recipient == MEYER.address
    assert "see below" not in outgoing.text


def test_a_chase_goes_to_whom_the_step_turns_to(post: Correspondence, clock: FixedClock) -> None:
    number = post.a_mail()
    technical = post.department(
        "Technical",
        contact="Workshop <w@workshop.example>, ext. 21",
        deputy="d@workshop.example",
        lead="the lead <l@workshop.example>",
    )
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    for _ in range(4):
        post.desk.do(drafts.Chase(early=True), [number])
    rows = post.outgoing(number)
    assert [(row.kind, row.recipient) for row in rows] == [
        ("forward", "w@workshop.example"),
        ("chase", "w@workshop.example"),
        ("chase", "w@workshop.example"),
        ("chase", "d@workshop.example"),
        ("chase", "l@workshop.example"),
    ]


# In which thread


def test_an_answer_goes_on_with_the_thread_of_the_customer(post: Correspondence) -> None:
    refs = ("parent@meyer.example", "first@meyer.example", "second@meyer.example")
    number = post.a_mail(message_id="last@meyer.example", refs=refs)
    post.desk.do(drafts.Answer("yes"), [number])
    outgoing = post.only(number)
    assert outgoing.in_reply_to == "last@meyer.example"
    # RFC 5322, 3.6.4: the references of the parent, then the parent.
    assert outgoing.refs == (
        "first@meyer.example",
        "second@meyer.example",
        "parent@meyer.example",
        "last@meyer.example",
    )


def test_of_a_long_thread_the_beginning_and_the_end_are_named(post: Correspondence) -> None:
    refs = tuple(f"{n}@meyer.example" for n in (100, *range(100)))
    number = post.a_mail(message_id="last@meyer.example", refs=refs)
    post.desk.do(drafts.Answer("yes"), [number])
    named = post.only(number).refs
    assert len(named) == 30
    assert named[0] == "0@meyer.example"
    assert named[-3:] == ("99@meyer.example", "100@meyer.example", "last@meyer.example")


def test_a_second_answer_to_somebody_who_never_wrote_goes_on_with_the_first(
    post: Correspondence,
) -> None:
    customer = drafts.EditCustomer(
        name="Meyer AG", addresses=(drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),)
    )
    post.desk.do(customer)
    capture = drafts.Capture("wrong invoice", customer=drafts.CustomerName("Meyer AG"))
    number = post.desk.do(capture).numbers[0]
    post.desk.do(drafts.Answer("we look into it"), [number])
    post.desk.do(drafts.Answer("it is right"), [number])
    first, second = (post.queued(row.id) for row in post.outgoing(number))
    assert (second.in_reply_to, second.refs) == (first.message_id, (first.message_id,))
    assert unproved(second.subject) == f"Re: wrong invoice [#{number}]"


def test_a_forward_begins_a_thread_and_its_chase_goes_on_with_it(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    post.desk.do(drafts.Chase(early=True), [number])
    asked, chased = (post.queued(row.id) for row in post.outgoing(number))
    assert (asked.in_reply_to, asked.refs) == ("", ())
    assert (chased.in_reply_to, chased.refs) == (asked.message_id, (asked.message_id,))
    assert unproved(asked.subject) == f"Invoice 4711 [#{number}]"
    assert unproved(chased.subject) == f"Re: Invoice 4711 [#{number}]"


def test_the_id_is_of_our_domain_and_no_two_are_the_same(post: Correspondence) -> None:
    number = post.a_mail()
    for _ in range(3):
        post.desk.do(drafts.Answer("yes", still_working=True), [number])
    ids = {post.queued(row.id).message_id for row in post.outgoing(number)}
    assert len(ids) == 3
    for id in ids:
        prefix, _, domain = id.partition("@")
        assert domain == "poc.example"
        assert prefix.startswith(f"poc.{number}.")
        assert len(prefix.rpartition(".")[2]) == 24


@pytest.mark.parametrize(
    "mail_policy", [account_policy("post@bäckerei.example", ("post@bäckerei.example",), sends=True)]
)
def test_the_id_is_ascii_whatever_our_domain_is(post: Correspondence) -> None:
    number = post.a_mail()
    post.desk.do(drafts.Answer("yes"), [number])
    assert post.only(number).message_id.endswith("@xn--bckerei-5wa.example")


# What is in it


def test_a_chase_says_that_nobody_wrote_it_only_while_nobody_did(post: Correspondence) -> None:
    number = post.a_mail()
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    post.desk.do(drafts.Chase(early=True), [number])
    template = post.queued(post.outgoing(number)[-1].id)
    post.desk.do(drafts.Chase(text="Please, it is urgent.", early=True), [number])
    own = post.queued(post.outgoing(number)[-1].id)
    assert (template.automatic, own.automatic) == (True, False)
    assert b"Auto-Submitted: auto-generated\r\n" in post.composed(template)
    assert b"Auto-Submitted" not in post.composed(own)
    assert "> right?" in own.text
    assert template.text.count("right?") == 1


def test_only_the_words_of_the_last_letter_are_quoted_and_only_where_that_is_wanted(
    path: str, clock: FixedClock, deadlines: Deadlines, post: Correspondence
) -> None:
    number = post.a_mail("The invoice shows 12 units.\n\nIt was 10.", quoted="OLDER", signature="S")
    post.desk.do(drafts.Answer("You are right."), [number])
    assert post.only(number).text.endswith(
        "\n\nOn Mon 23 Nov 2026 at 09:07, Meyer AG wrote:\n"
        "> The invoice shows 12 units.\n>\n> It was 10."
    )
    post.desk.undo()
    with closing(
        Desk(path, clock, deadlines, mail_policy=SETTINGS._replace(quote=False).policy)
    ) as silent:
        silent.do(drafts.Answer("You are right."), [number])
    assert post.only(number).text == "You are right.\n\n-- \nService\npoc.example"


def with_parts(*sizes: int) -> tuple[bytes, tuple[Part, ...]]:
    """A mail with files of these sizes, and what is read of them; a few are named by them."""
    among = sizes if len(sizes) < 10 else len(sizes)  # a long name takes long to be folded
    message = EmailMessage(policy.SMTP)
    message.set_content("see there")
    for at, size in enumerate(sizes, 1):
        message.add_attachment(
            b"%d" % at * size, "application", "pdf", filename=f"{at} of {among}.pdf"
        )
    parts = tuple(
        Part(at, f"{at} of {among}.pdf", "application/pdf", size)
        for at, size in enumerate(sizes, 1)
    )
    return message.as_bytes(), parts


def test_a_forward_takes_fifty_files_and_no_empty_one_and_says_what_it_leaves(
    post: Correspondence,
) -> None:
    number = post.a_mail()
    for at in range(4):
        raw, parts = with_parts(*[0] * 480, *[1] * 19)
        named = tuple(part._replace(name=f"{at}-{part.index}.pdf") for part in parts)
        sent = Mail(f"p{at}@meyer.example", (), MEYER, subject="files", text="see", parts=named)
        post.comes(sent, to=number, raw=raw)
    technical = post.department("Technical", contact="w@workshop.example")
    done = post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    assert done.remarks == (
        f"#{number}: empty, so not with the mail:"
        " 3-1.pdf, 3-2.pdf, 3-3.pdf, 3-4.pdf, 3-5.pdf and 1915 more",
        f"#{number}: not with the mail, which takes 50 files:"
        " 1-493.pdf, 1-494.pdf, 1-495.pdf, 1-496.pdf, 1-497.pdf and 21 more",
    )
    assert len(post.only(number).enclosed) == 50


def test_a_forward_takes_what_the_customer_sent_along_the_newest_first(
    post: Correspondence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_mail, "LARGEST_ENCLOSURES", 1000)
    number = post.a_mail()
    for at, sizes in enumerate(((10, 20), (900, 200))):
        raw, parts = with_parts(*sizes)
        sent = Mail(f"p{at}@meyer.example", (), MEYER, subject="files", text="see", parts=parts)
        post.comes(sent, to=number, raw=raw)
    technical = post.department("Technical", contact="w@workshop.example")
    done = post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    assert done.remarks == (f"#{number}: too large to go with the mail: 2 of (900, 200).pdf",)
    composed = BytesParser(policy=policy.default).parsebytes(post.composed(post.only(number)))
    assert isinstance(composed, EmailMessage)
    files = list(composed.iter_attachments())
    assert [file.get_content() for file in files] == [b"1" * 900, b"1" * 10, b"2" * 20]
    assert files[1].get_filename() == "1 of (10, 20).pdf"


def test_what_is_repeated_for_a_department_names_who_said_it(post: Correspondence) -> None:
    number = post.a_mail("It was 10.", message_id="1@meyer.example")
    others = (
        Mail(
            "2@ott.example", ("1@meyer.example",), MailAddress("Ott", "o@ott.example"), text="Two."
        ),
        Mail(
            "3@meyer.example",
            ("1@meyer.example",),
            MailAddress("", "boss@meyer.example"),
            text="3!",
        ),
    )
    for mail_ in others:
        post.comes(mail_, to=number)
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    said = post.only(number).text
    assert "Meyer AG wrote:\n> It was 10." in said
    assert "Ott wrote:\n> Two." in said
    assert "boss@meyer.example wrote:\n> 3!" in said


def test_a_department_gets_what_the_first_mail_quotes(post: Correspondence) -> None:
    number = post.a_mail("See below.", quoted="> Pallet 12 was not delivered.")
    technical = post.department("Technical", contact="w@workshop.example")
    post.desk.do(drafts.ForwardDraft(technical, "right?"), [number])
    assert "> See below.\n>\n>> Pallet 12 was not delivered.\n" in post.only(number).text


def decoded(raw: bytes) -> str:
    """All that a mail says, in its header and in every part of it, and as it is on the way."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    header = "\n".join(f"{name}: {value}" for name, value in message.items())
    parts = [each.get_payload(decode=True) for each in message.walk() if not each.is_multipart()]
    texts = [part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes)]
    return "\n".join([raw.decode("utf-8", "replace"), header, *texts])


INSIDE = {
    "note": "INSIDE-NOTE",
    "forward a": "INSIDE-QUESTION-A",
    "forward b": "INSIDE-QUESTION-B",
    "answer a": "INSIDE-ANSWER-A",
    "answer b": "INSIDE-ANSWER-B",
    "chase": "INSIDE-CHASE",
    "escalation to": "INSIDE-BOSS",
    "escalation": "INSIDE-ESCALATION",
    "promise": "INSIDE-PROMISE",
    "promised to": "INSIDE-WHOM",
    "reminder": "INSIDE-REMINDER",
    "tag": "inside-tag",
    "customer's notes": "INSIDE-CUSTOMER-NOTES",
    "customer's preferences": "INSIDE-PREFERENCES",
    "department a": "workshop.example",
    "department b": "legal.example",
    "the file of a": "INSIDE-FILE-A",
    "resolution": "INSIDE-REOPENED",
    "snooze": "INSIDE-SNOOZE",
    "subject given by us": "INSIDE-SUBJECT",
}
"""Words that only people inside ever wrote, by where they stand."""


@pytest.fixture
def lived(post: Correspondence, clock: FixedClock) -> int:
    """A request on which everything has happened that can happen inside."""
    do, number = post.desk.do, post.a_mail(message_id="1@meyer.example")
    technical = post.department("Technical", f"{INSIDE['chase']} <w@workshop.example>")
    legal = post.department("Legal", "Legal <r@legal.example>")
    do(
        drafts.EditCustomer(
            post.customer(number),
            vip=True,
            notes=INSIDE["customer's notes"],
            preferences=INSIDE["customer's preferences"],
        )
    )
    do(drafts.Triage(subject=INSIDE["subject given by us"], tags=(INSIDE["tag"],)), [number])
    do(drafts.Note(INSIDE["note"]), [number])
    do(drafts.ForwardDraft(technical, INSIDE["forward a"]), [number])
    do(drafts.ForwardDraft(legal, INSIDE["forward b"]), [number])
    do(drafts.Chase(text=INSIDE["chase"], early=True), [number])
    do(drafts.Escalate(INSIDE["escalation to"], INSIDE["escalation"]), [number])
    later = clock.now() + timedelta(days=1)
    do(drafts.Promise(later, INSIDE["promise"], whom=INSIDE["promised to"]), [number])
    do(drafts.Remind(later, INSIDE["reminder"]), [number])
    do(drafts.Snooze(later, INSIDE["snooze"]), [number])
    asked = {row.recipient: post.queued(row.id) for row in post.outgoing(number)}
    raw, _ = with_parts(len(INSIDE["the file of a"]))
    answer = Mail(
        "a@workshop.example", (asked["w@workshop.example"].message_id,), WORKSHOP,
        subject="Re", text=INSIDE["answer a"], parts=(Part(1, INSIDE["the file of a"], "a/b", 9),),
    )  # fmt: skip
    post.comes(answer, raw=raw)
    clock.advance(timedelta(minutes=10))
    # The customer replies in a thread that knows ids of ours from inside.
    post.comes(
        Mail(
            "2@meyer.example", (asked["w@workshop.example"].message_id, "1@meyer.example"), MEYER,
            subject="Re: Invoice 4711", text="any news?", sent_at=clock.now(),
        )
    )  # fmt: skip
    return number


def test_nothing_internal_is_in_a_mail_to_a_customer(post: Correspondence, lived: int) -> None:
    before = len(post.outgoing(lived))
    post.desk.do(drafts.Answer("It was 10 units.", still_working=True), [lived])
    do = post.desk.do
    do(drafts.Resolve(Resolution.SOLVED, "Done.", True, True, True), [lived])
    do(drafts.Reopen(INSIDE["resolution"]), [lived])
    do(drafts.Answer("Once more.", mail=True), [lived])
    inside_ids = {
        post.queued(row.id).message_id for row in post.outgoing(lived) if row.kind != "answer"
    }
    answers = [post.queued(row.id) for row in post.outgoing(lived)[before:]]
    assert [outgoing.kind for outgoing in answers] == ["answer"] * 3
    for outgoing in answers:
        assert outgoing.recipient == MEYER.address
        said = decoded(post.composed(outgoing)).casefold()
        assert "any news?" in said
        leaked = {where for where, words in INSIDE.items() if words.casefold() in said}
        assert leaked == set()
        assert not any(id in said for id in inside_ids)
        assert "vip" not in said


def test_a_department_sees_neither_another_one_nor_what_we_know_of_the_customer(
    post: Correspondence, lived: int
) -> None:
    accounting = post.department("Accounting", "f@finance.example")
    post.desk.do(drafts.ForwardDraft(accounting, "Is 4711 booked?"), [lived])
    outgoing = post.queued(post.outgoing(lived)[-1].id)
    said = decoded(post.composed(outgoing)).casefold()
    assert "is 4711 booked?" in said
    assert "any news?" in said
    assert "12 units" in said
    # The request's own subject is what departments know it by.
    inside = {where: words for where, words in INSIDE.items() if where != "subject given by us"}
    assert {where for where, words in inside.items() if words.casefold() in said} == set()
    assert "vip" not in said


def test_the_subject_of_a_department_is_ours_and_that_of_a_customer_theirs(
    post: Correspondence, lived: int
) -> None:
    post.desk.do(drafts.Answer("yes", still_working=True), [lived])
    subjects = {row.kind: row.subject for row in post.outgoing(lived)}
    assert unproved(subjects["answer"]) == f"Re: Invoice 4711 [#{lived}]"
    assert unproved(subjects["forward"]) == f"{INSIDE['subject given by us']} [#{lived}]"


def test_what_goes_out_is_one_step_with_the_verb(
    post: Correspondence, rows_of: Callable[[], dict[str, list[tuple[object, ...]]]]
) -> None:
    number = post.a_mail()
    before = rows_of()
    post.department("Technical", contact="none")
    with pytest.raises(Refused):
        post.desk.do(drafts.ForwardDraft(1, "right?", mail=True), [number, number + 1])
    post.desk.do(drafts.Answer("yes"), [number])
    assert len(rows_of()["outbox"]) == 1
    post.desk.undo()
    post.desk.undo()
    assert rows_of() == before


def test_ids_that_a_customer_made_up_are_kept_as_they_are(
    post: Correspondence, reader: Reader
) -> None:
    number = post.a_mail(message_id='"a b\x0b"@x', refs=("ünï@x",))
    post.desk.do(drafts.Answer("yes"), [number])
    row = reader.row("SELECT in_reply_to, refs FROM outbox", ())
    assert row is not None
    assert (row[0], json.loads(row[1])) == ('"a b\x0b"@x', ["ünï@x", '"a b\x0b"@x'])
    composed = post.composed(post.only(number))
    assert b"In-Reply-To" not in composed
    assert b"References" not in composed
