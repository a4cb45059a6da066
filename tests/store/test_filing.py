"""Mail finds its request, or makes one, or lies aside; nothing is lost, all can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.values import AddressKind, Channel, Resolution
from poc_tui.rules.mail.message import Mail, MailAddress, MailPolicy, Nature, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, departments, mail as mails, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.search import search
from poc_tui.store.raw_mail import dismiss, keep, keep_read
from poc_tui.store.records import Done
from tests.helpers import standing
from tests.helpers.filed_mail import MEYER, OTT, WORKSHOP, Box, a_mail
from tests.helpers.mail_setup import account_policy

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]

DESK, HOME = "desk@poc.example", "me@home.example"
STRANGER = MailAddress("Hotel Krone", "krone@hotel.example")
LEGAL = "legal@firm.example"


@pytest.fixture
def mail_policy() -> MailPolicy:
    """Two addresses of mine; what verbs say is not queued here, the tests do that themselves."""
    return account_policy(address=DESK, mine=(DESK, HOME))


@pytest.fixture
def box(desk: Desk, reader: Reader, path: str, clock: FixedClock) -> Iterator[Box]:
    opened = Box(desk, reader, path, clock)
    yield opened
    broken = standing.broken_now(opened.connection)
    opened.connection.close()
    assert broken == []


def taken_back_and_done_again(desk: Desk, rows_of: Rows, step: Callable[[], Done]) -> None:
    """Undo gives the state before and redo the state after, but for how far our mail has come."""

    def rows() -> dict[str, list[tuple[object, ...]]]:
        found = rows_of()
        found.pop("outbox")
        return found

    before = rows()
    done = step()
    after = rows()
    assert after != before
    assert desk.undo().label == done.label
    assert rows() == before
    assert desk.redo().label == done.label
    assert rows() == after


# Nobody knows it yet: it makes a request.


def test_a_mail_that_belongs_nowhere_is_a_new_request(box: Box, clock: FixedClock) -> None:
    written = clock.now() - timedelta(hours=3)
    done = box.came(a_mail(message_id="a@meyer", sent_at=written))
    assert done.label == "mail from Meyer AG: new #1"
    assert done.numbers == (1,)
    request = box.request(1)
    assert (request.subject, request.text, request.channel) == (
        "Order 4711", "Where is my order?", "email",
    )  # fmt: skip
    assert (request.state, request.court, request.next_at) == ("new", "me", written)
    assert (request.received_at, request.touched_at) == (written, clock.now())
    assert [(row.event, row.at, row.text) for row in request.activities] == [
        ("received", written, "Where is my order?")
    ]
    assert request.customer == "Meyer AG"
    card = customers.find(box.reader, "Meyer AG")
    assert [(row.kind, row.value) for row in card.addresses] == [("email", "info@meyer.example")]
    assert "new customer “Meyer AG”" in done.remarks
    assert [row.number for row in mails.of_request(box.reader, 1)] == [1]
    assert box.aside() == []


def test_its_words_as_they_came_are_the_mail_to_the_byte(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.came(a_mail("and?", refs=("a",)))
    assert requests.original(box.reader, 1) == b"raw mail 1\r\n"


def test_a_later_mail_is_not_taken_for_the_words_of_a_request_without_any(box: Box) -> None:
    box.desk.do(drafts.Capture("by phone", raw=b"by phone"))
    box.came(a_mail(), to=1)
    assert requests.original(box.reader, 1) == b"by phone"
    box.execute("DELETE FROM original")
    assert requests.original(box.reader, 1) is None
    box.execute("INSERT INTO original VALUES (1, 'by phone')")


def test_a_clock_that_is_ahead_or_nonsense_is_not_believed(box: Box, clock: FixedClock) -> None:
    ahead = clock.now() + timedelta(days=400)
    long_ago = datetime(1, 1, 1, tzinfo=clock.now().tzinfo)
    box.came(a_mail(sent_at=ahead), a_mail(sent_at=long_ago), a_mail())
    assert {box.request(number).received_at for number in (1, 2, 3)} == {clock.now()}
    box.desk.wind()


def test_a_customer_is_known_by_the_address_whatever_its_capitals(box: Box) -> None:
    box.desk.do(
        drafts.EditCustomer(
            name="Meyer Maschinenbau AG",
            addresses=(drafts.AddressDraft(AddressKind.EMAIL, "Info@Meyer.example"),),
        )
    )
    done = box.came(a_mail())
    assert box.request(1).customer == "Meyer Maschinenbau AG"
    assert done.label == "mail from Meyer Maschinenbau AG: new #1"
    assert done.remarks == ()


def test_two_customers_with_one_address_leave_it_open(box: Box) -> None:
    address = (drafts.AddressDraft(AddressKind.EMAIL, MEYER.address),)
    for name in ("Meyer AG", "Meyer GmbH"):
        box.desk.do(drafts.EditCustomer(name=name, addresses=address))
    done = box.came(a_mail())
    assert box.request(1).customer is None
    assert "Meyer AG" in done.remarks[0]
    assert "Meyer GmbH" in done.remarks[0]


def test_a_customer_of_that_name_without_a_mail_address_gets_it(box: Box) -> None:
    phone = (drafts.AddressDraft(AddressKind.PHONE, "0228 12345"),)
    box.desk.do(drafts.EditCustomer(name="Meyer AG", addresses=phone))
    done = box.came(a_mail())
    card = customers.find(box.reader, "Meyer AG")
    assert [row.value for row in card.addresses] == ["0228 12345", MEYER.address]
    assert box.request(1).customer_id == card.id
    assert MEYER.address in done.remarks[0]


def test_a_customer_of_that_name_with_another_address_is_another(box: Box) -> None:
    other = (drafts.AddressDraft(AddressKind.EMAIL, "meyer@elsewhere.example"),)
    box.desk.do(drafts.EditCustomer(name="Meyer AG", addresses=other))
    done = box.came(a_mail())
    assert box.request(1).customer_id == 2
    assert box.execute("SELECT name FROM customer") == [("Meyer AG",), ("Meyer AG",)]
    assert done.remarks == ("new customer “Meyer AG” beside customer 1 of that name",)


def test_several_of_that_name_without_an_address_leave_it_open(box: Box) -> None:
    for _ in range(2):
        box.desk.do(drafts.EditCustomer(name="Meyer AG"))
    done = box.came(a_mail())
    assert box.request(1).customer is None
    assert done.remarks == ("customer open: “Meyer AG” could be Meyer AG (1), Meyer AG (2)",)


def test_an_umlaut_in_an_address_is_not_its_pair_of_letters(box: Box) -> None:
    box.came(a_mail(sender=MailAddress("A", "info@müller.example")))
    box.came(a_mail(sender=MailAddress("B", "info@mueller.example")))
    assert [box.request(number).customer for number in (1, 2)] == ["A", "B"]


def test_a_sender_without_a_name_is_called_by_the_address(box: Box) -> None:
    box.came(a_mail(sender=MailAddress("\u200b ", "a@b.example")))
    assert box.request(1).customer == "a@b.example"


SAID = "Where is my order?\n\n-- \nMeyer AG\nBonn\n\n> Pallet 12 was not delivered."
FORWARDED = "From: Ott <o@ott.example>\nDate: 3 Nov 2026\nTo: x\n\nIt burns.\nGruß"


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        (a_mail(quoted="> Pallet 12 was not delivered.", signature="Meyer AG\nBonn"), SAID),
        (a_mail("Main road 1", quoted="> Main road 1"), "Main road 1"),
        (a_mail("It burns.\nGruß", quoted=FORWARDED, original=OTT), FORWARDED),
        (a_mail("It burns.\nGruß", quoted=FORWARDED), FORWARDED),
        (
            a_mail("Gruß", quoted=f"{'x' * 9}\n" * 30 + "Gruß"),
            "Gruß\n\n" + "xxxxxxxxx\n" * 30 + "Gruß",
        ),
    ],
    ids=["signed", "nothing but a quotation", "passed on", "as a reply", "by chance"],
)
def test_of_the_mail_that_opens_a_request_everything_is_said(
    box: Box, mail: Mail, text: str
) -> None:
    (number,) = box.came(mail).numbers
    assert box.request(number).activities[0].text == text


def test_what_the_first_mail_quotes_is_found_and_that_of_the_next_is_folded_away(box: Box) -> None:
    (number,) = box.came(
        a_mail("See below.", quoted="> Pallet 12 was not delivered.", message_id="first")
    ).numbers
    assert [row.number for row in search(box.reader, "pallet")] == [number]
    box.came(a_mail("And now", quoted="> the brochure", refs=("first",), message_id="next"))
    assert box.request(number).activities[-1].text == "And now"
    assert search(box.reader, "brochure") == []


def test_nobody_wrote_it(box: Box) -> None:
    done = box.came(a_mail(sender=None), a_mail(sender=MailAddress("somebody", "")))
    assert done.label == "2 mails"
    assert [box.request(number).customer for number in (1, 2)] == [None, None]
    assert box.came(a_mail(sender=None)).label == "mail from nobody: new #3"


@pytest.mark.parametrize(
    ("mail", "subject", "text"),
    [
        (a_mail(subject="Re: AW: [#77] Offer"), "Offer", "Where is my order?"),
        (a_mail("First line\nsecond", subject=""), "First line", "First line\nsecond"),
        (a_mail("First line\nsecond", subject="Re: \u200b"), "First line", "First line\nsecond"),
        (a_mail("", subject=""), "Mail without words", "(no words)"),
        (a_mail("\n \u200b", subject="Hi"), "Hi", "(no words)"),
        (a_mail("", quoted="> what was said"), "Order 4711", "> what was said"),
        (a_mail("", signature="Meyer AG\nBonn"), "Order 4711", "Meyer AG\nBonn"),
        (
            a_mail("", subject="", parts=(Part(1, "a.pdf", "application/pdf", 9),
                                          Part(2, "", "image/png", 9))),
            "Mail without words",
            "(no words; attached: a.pdf, image/png)",
        ),
        (
            a_mail("", parts=tuple(Part(n, f"{n}.txt", "text/plain", 1) for n in range(22))),
            "Order 4711",
            f"(no words; attached: {', '.join(f'{n}.txt' for n in range(20))} and 2 more)",
        ),
        (a_mail("a\0b\rc\ud800"), "Order 4711", "a\ufffdb\nc\ufffd"),
    ],
)  # fmt: skip
def test_subject_and_words(box: Box, mail: Mail, subject: str, text: str) -> None:
    if mail.text.endswith("\ud800"):
        mail = replace(mail, text=mail.text.replace("\ud800", "\ufffd"))
    box.came(mail)
    request = box.request(1)
    assert (request.subject, request.activities[0].text) == (subject, text)


def test_words_without_end_are_cut_and_it_is_said(box: Box) -> None:
    box.came(a_mail("x" * 300_000, subject="y" * 50_000))
    request = box.request(1)
    assert len(request.subject) == 200
    assert len(request.text) < 160_000
    assert request.text.endswith("(cut here; the original is kept)")


def test_what_could_not_be_read_is_a_request_that_can_be_seen(box: Box) -> None:
    trouble = ("It has more than 1000 parts.", "Its header has no end.")
    done = box.came(Mail(nature=Nature.UNREADABLE, trouble=trouble, sender=MEYER))
    request = box.request(1)
    assert request.subject == "A mail that could not be read"
    assert request.text == "\n".join((*trouble, "The original is kept."))
    assert request.customer is None
    assert done.label == "mail from Meyer AG: new #1"
    box.came(a_mail(message_id="a"))
    done = box.came(Mail(nature=Nature.UNREADABLE, trouble=trouble, refs=("a",)))
    assert done.numbers == (3,), "it is seen by itself, whatever could be guessed of it"


# Which request: by what it names, by its thread, by the number in its subject.


def test_a_reply_to_a_mail_of_ours_is_on_its_request(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    clock.advance(timedelta(days=1))
    done = box.came(a_mail("ten are too few", refs=("our-answer", "a"), message_id="b"))
    assert done.label == "mail from Meyer AG: on #1"
    request = box.request(1)
    assert (request.court, request.next_at) == ("me", clock.now())
    assert request.due_at is not None
    assert box.events(1) == ["received", "answered", "received"]


def test_what_it_answers_counts_more_than_the_thread(box: Box) -> None:
    box.came(a_mail(message_id="a"), a_mail("something else", message_id="b", subject="Other"))
    box.answered(2, "ours-2")
    box.came(a_mail("so?", refs=("ours-2", "a"), message_id="c"))
    assert box.events(2)[-1] == "received"
    assert box.events(1) == ["received"]


def test_of_what_it_names_the_nearest_counts(box: Box) -> None:
    box.came(a_mail(), a_mail("something else", subject="Other"))
    box.answered(1, "ours-1")
    box.answered(2, "ours-2")
    # In-Reply-To comes first, then References from the root on.
    box.came(a_mail("so?", refs=("never-seen", "ours-1", "ours-2")))
    assert box.events(2)[-1] == "received"


def test_a_thread_is_followed_over_mails_that_are_not_filed(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.came(a_mail("newsletter", OTT, message_id="b", refs=("a",), nature=Nature.AUTO_REPLY))
    box.desk.undo()
    assert box.aside() == ["Order 4711"]
    box.came(a_mail("about that", OTT, message_id="c", refs=("b",)))
    assert box.events(1) == ["received", "received"]


def test_replies_to_a_mail_that_went_to_many_are_each_the_request_of_who_wrote_it(
    box: Box,
) -> None:
    """It was sent by another program, so nobody here has the mail of the id that they all name."""
    firms = [MailAddress(f"Firma {n}", f"info@firma{n}.example") for n in range(50)]
    done = box.came(
        *(a_mail(sender=firm, message_id=firm.address, refs=("news", "campaign")) for firm in firms)
    )
    assert done.numbers == tuple(range(1, 51))
    assert [box.request(number).customer for number in done.numbers] == [n for n, _ in firms]
    leads = "its thread also leads to #1"
    assert f"#2: {leads}, where info@firma1.example is not known" in done.remarks
    assert f"#50: {leads} and 48 more, where info@firma49.example is not known" in done.remarks
    box.came(a_mail("and?", firms[7], refs=("news",)))
    assert box.events(8) == ["received", "received"], "where they wrote before they are known"
    box.came(a_mail("hello", firms[7], refs=("news",), subject="[#3]"))
    assert box.events(8) == ["received"] * 3
    done = box.came(a_mail("my colleague says", STRANGER, refs=(firms[3].address, "news")))
    assert box.events(4) == ["received", "received"], "what is here is answered, whoever writes"
    assert done.remarks == (f"#4: written by {STRANGER.address}, who is not known there",)


def test_who_replies_to_what_nobody_has_can_give_the_number(box: Box) -> None:
    box.came(a_mail(message_id="a", refs=("news",)), a_mail("other", OTT, subject="Other"))
    box.came(a_mail("and?", OTT, refs=("news",), subject=f"Re: Other {box.token(2)}"))
    assert box.events(1) == ["received"]
    assert box.events(2) == ["received", "received"]


def test_a_mail_that_went_to_many_and_comes_later_joins_its_replies_from_then_on(
    box: Box,
) -> None:
    box.came(a_mail(message_id="a", refs=("news",)), a_mail("b", OTT, refs=("news",)))
    done = box.came(a_mail("our news", STRANGER, message_id="news"))
    assert "#1: the mail also belongs to #2" in done.remarks
    assert box.events(1) == ["received", "received"]


def test_what_comes_by_a_list_is_one_conversation_whoever_writes(box: Box) -> None:
    talk = [
        a_mail(f"part {n}", sender, nature=Nature.LIST, refs=("root",), message_id=f"part-{n}")
        for n, sender in enumerate((MEYER, OTT, STRANGER))
    ]
    assert box.came(*talk, lists=True).numbers == (1,)


def test_a_note_of_absence_does_not_go_where_its_sender_is_not_known(box: Box) -> None:
    box.came(a_mail(message_id="a", refs=("news",)))
    box.came(a_mail("away", OTT, nature=Nature.AUTO_REPLY, refs=("news",)))
    assert box.events(1) == ["received"]
    assert box.aside() == ["Order 4711"]


def test_a_mail_names_its_own_sender_whosever_request_it_lies_on(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    done = box.came(a_mail("about that", OTT, refs=("a",)))
    assert done.label == "mail from Bäckerei Ott: on #1"
    assert done.remarks == (f"#1: written by {OTT.address}, who is not known there",)
    done = box.came(a_mail("and more", OTT, refs=("a",)))
    assert done.label == "mail from Bäckerei Ott: on #1"
    assert done.remarks == (), "by now Ott is known there"
    assert box.came(a_mail("I too", refs=("a",))).label == "mail from Meyer AG: on #1"


def test_a_child_that_comes_before_its_parent(box: Box) -> None:
    box.came(a_mail("and where is it?", message_id="child", refs=("parent", "root")))
    box.came(a_mail("where is it?", message_id="parent", refs=("root",)))
    box.came(a_mail("I ordered ten", message_id="root"))
    assert box.events(1) == ["received"] * 3


def test_mails_of_one_step_find_each_other(box: Box) -> None:
    done = box.came(
        a_mail(message_id="a"),
        a_mail("other", OTT, message_id="x"),
        a_mail("more", message_id="b", refs=("a",)),
        a_mail("even more", message_id="c", refs=("b",)),
    )
    assert done.numbers == (1, 2)
    assert done.label == "4 mails"
    assert box.events(1) == ["received"] * 3


@pytest.mark.parametrize(("answers", "other"), [(1, 2), (2, 1)])
def test_a_mail_that_joins_two_threads_goes_to_that_which_it_answers_and_says_so(
    answers: int, other: int, box: Box
) -> None:
    box.came(a_mail(message_id="1"), a_mail("two", message_id="2"))
    done = box.came(a_mail("both", message_id="c", refs=(str(answers), str(other))))
    assert done.remarks == (f"#{answers}: the mail also belongs to #{other}",)
    assert box.events(answers) == ["received", "received"]


def test_of_several_requests_the_open_one_goes_before_what_is_resolved(box: Box) -> None:
    box.came(a_mail(message_id="a"), a_mail("two", message_id="b"))
    box.desk.do(drafts.Resolve(Resolution.SOLVED), [1])
    box.came(a_mail("both", message_id="c", refs=("a", "b")))
    assert box.events(2) == ["received", "received"]


def test_the_number_in_the_subject_of_somebody_known(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    known = MailAddress("", "INFO@meyer.example")
    box.came(a_mail("by number", known, subject=f"Re: x {box.token(1)}"))
    assert box.events(1) == ["received", "received"]


@pytest.mark.parametrize("known", ["writer", "recipient", "contact", "deputy", "lead", "mine"])
def test_whoever_had_to_do_with_a_request_is_known_to_it(box: Box, known: str) -> None:
    box.came(a_mail(message_id="a"))
    sender = MailAddress("", "somebody@firm.example")
    if known == "writer":
        box.came(a_mail("cc", sender, refs=("a",)))
    elif known == "recipient":
        box.posted(1, "ours", f"Some Body <{sender.address}>")
    elif known == "mine":
        sender = MailAddress("", HOME)
    else:
        technical = departments.department(box.reader, "Technical").id
        words = f"S. <{sender.address}>, ext. 21"
        box.desk.do(replace(drafts.EditDepartment(technical), **{known: words}))  # type: ignore[arg-type]
        box.forward(1, technical)
    entries = len(box.events(1))
    box.came(a_mail("by number", sender, subject=f"{box.token(1)} x"))
    assert len(box.events(1)) == entries + 1


def test_a_stranger_who_writes_a_number_gets_a_request_of_their_own(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    before = box.request(1)
    done = box.came(a_mail("let me in", STRANGER, subject="Re: Order 4711 [#1]"))
    assert box.request(1) == before
    assert done.numbers == (2,)
    assert f"#2: its subject names #1, where {STRANGER.address} is not known" in done.remarks
    assert box.request(2).subject == "Order 4711"


def test_the_same_subject_alone_means_nothing(box: Box) -> None:
    box.came(a_mail(), a_mail(), a_mail("Re", subject="Re: Order 4711"))
    assert [len(box.events(number)) for number in (1, 2, 3)] == [1, 1, 1]


def test_a_number_that_there_is_not(box: Box) -> None:
    done = box.came(a_mail(subject="[#123456789012345678] x"))
    assert done.numbers == (1,)


def test_the_same_mail_with_other_bytes_is_filed_beside_the_first(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    before = row_of(box, 1), box.events(1)
    box.came(a_mail(message_id="a"))
    assert (row_of(box, 1), box.events(1)) == before
    assert [row.activity_id for row in mails.of_request(box.reader, 1)] == [1, 1]
    box.came(a_mail("something else under the same id", message_id="a"))
    assert box.events(1)[-1] == "received"


def test_a_scanner_that_gives_all_its_mails_one_id_is_not_taken_for_one_mail(box: Box) -> None:
    box.came(a_mail("", message_id="scan", parts=(Part(1, "a.pdf", "application/pdf", 9),)))
    box.answered(1)
    for part in (Part(1, "b.pdf", "application/pdf", 9), Part(1, "a.pdf", "application/pdf", 8)):
        box.came(a_mail("", message_id="scan", parts=(part,)))
        assert box.events(1)[-1] == "received"
    again = box.came(a_mail("", message_id="scan", parts=(Part(1, "a.pdf", "application/pdf", 9),)))
    assert again.numbers == (1,)
    assert box.events(1).count("received") == 3


FILE = Part(1, "a.pdf", "application/pdf", 9)


@pytest.mark.parametrize(
    "changed",
    [
        a_mail(subject="[EXTERNAL] Order 4711"),
        a_mail(subject="Order 4711 ***SPAM***"),
        a_mail("CAUTION: from outside!\n\nSee https://safe.example/?u=shop it is wrong."),
        a_mail("See https://shop.example/1 it is wrong.\n\n--\nNo virus found by Scan 3.1"),
        a_mail("See <https://shop.example/1>\nit is wrong.", parts=(FILE._replace(size=12),)),
        a_mail("See it is wrong.", parts=(Part(1, "removed.txt", "text/plain", 80),)),
    ],
)
def test_the_same_mail_that_a_scanner_changed_is_filed_beside_the_first(
    box: Box, clock: FixedClock, changed: Mail
) -> None:
    words = "See https://shop.example/1 it is wrong."
    sent = clock.now() - timedelta(hours=1)
    text = changed.text if changed.text != a_mail().text else words
    parts = changed.parts or (FILE,)
    box.came(a_mail(words, parts=(FILE,), message_id="a", sent_at=sent))
    again = box.came(
        a_mail(text, subject=changed.subject, parts=parts, message_id="a", sent_at=sent)
    )
    assert again.numbers == (1,)
    assert box.events(1) == ["received"]


@pytest.mark.parametrize(
    "other",
    [
        a_mail("Something else"),
        a_mail(sender=OTT),
        a_mail(subject="Order 4712"),
        a_mail(parts=(FILE._replace(name="b.pdf"),)),
    ],
)
def test_another_mail_of_the_same_id_and_second_is_none_that_was_changed(
    box: Box, clock: FixedClock, other: Mail
) -> None:
    sent = clock.now() - timedelta(hours=1)
    box.came(a_mail(parts=(FILE,), message_id="a", sent_at=sent))
    parts = other.parts or (FILE,)
    box.came(
        a_mail(
            other.text,
            sender=other.sender,
            subject=other.subject,
            parts=parts,
            message_id="a",
            sent_at=sent,
        )
    )
    assert len(box.events(1)) == 2


def test_the_same_mail_without_an_id_is_filed_beside_the_first(box: Box, clock: FixedClock) -> None:
    """As it is where it was stored with other line ends."""
    sent = clock.now() - timedelta(hours=1)
    box.came(a_mail(sent_at=sent), a_mail(sent_at=sent))
    assert box.came(a_mail(sent_at=sent)).numbers == (1,)
    assert box.events(1) == ["received"]
    assert [row.activity_id for row in mails.of_request(box.reader, 1)] == [1, 1, 1]
    others = (
        a_mail("Something else", sent_at=sent),
        a_mail(sender=OTT, sent_at=sent),
        a_mail(subject="Order 4712", sent_at=sent),
        a_mail(sent_at=sent + timedelta(seconds=1)),
        a_mail(sent_at=sent, parts=(Part(1, "a.pdf", "application/pdf", 9),)),
        a_mail(message_id="a", sent_at=sent),
        a_mail(),
        a_mail(),
    )
    assert box.came(*others).numbers == tuple(range(2, 10))


# Whose word it is.


def test_the_customer_writes_while_departments_work(box: Box, clock: FixedClock) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    clock.advance(timedelta(hours=1))
    box.came(a_mail("hurry", refs=("a",)))
    request = box.request(1)
    assert (request.court, [row.id for row in request.open_forwards]) == ("me", [forward])


def test_a_reply_wakes_what_was_snoozed_and_its_reminder_stays(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Triage(), [1])
    box.desk.do(drafts.Snooze(clock.now() + timedelta(days=3), "the fair"), [1])
    box.came(a_mail("now", refs=("a",)))
    request = box.request(1)
    assert request.snoozed_until is None
    assert [row.text for row in request.open_reminders] == ["the fair"]


def test_a_request_that_nobody_looked_at_stays_new(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    before = box.request(1)
    clock.advance(timedelta(hours=1))
    box.came(a_mail("and?", refs=("a",)))
    after = box.request(1)
    assert (after.state, after.next_at) == ("new", before.next_at)
    assert after.touched_at == clock.now()


def test_a_department_answers_its_forward(box: Box, clock: FixedClock) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "our-question", WORKSHOP, forward=forward)
    clock.advance(timedelta(hours=1))
    done = box.came(
        a_mail("ten units", MailAddress("", "colleague@firm.example"), refs=("our-question",))
    )
    assert done.label == "mail from Technical: answer on #1"
    request = box.request(1)
    assert (request.court, request.open_forwards) == ("me", ())
    assert request.forwards[0].answer == "ten units"
    assert (request.activities[-1].event, request.activities[-1].department) == (
        "logged", "Technical",
    )  # fmt: skip
    assert box.execute("SELECT forward_id FROM mail_filed WHERE mail_id = 2") == [(forward,)]


def test_an_answer_of_somebody_whom_nobody_asked_says_so(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    box.posted(1, "question", WORKSHOP, forward=box.forward(1, technical))
    done = box.came(a_mail("ten", MailAddress("", "b@firm.example"), refs=("question",)))
    assert done.remarks == ("#1: written by b@firm.example, who is not known there",)


def test_two_open_forwards_are_each_answered_by_their_department(box: Box) -> None:
    technical, legal = box.department("Technical", WORKSHOP), box.department("Legal", LEGAL)
    box.came(a_mail(message_id="a"))
    first = box.forward(1, technical)
    second = box.forward(1, legal, "may we?")
    box.came(
        a_mail("we may", MailAddress("", LEGAL.upper()), subject=f"Re: {box.token(1)} Order 4711")
    )
    request = box.request(1)
    assert [row.id for row in request.open_forwards] == [first]
    assert request.court == "department"
    box.came(a_mail("ten", MailAddress("", WORKSHOP), subject=box.token(1)))
    request = box.request(1)
    assert {row.id: row.answer for row in request.forwards} == {first: "ten", second: "we may"}
    assert request.court == "me"


def test_of_two_questions_to_one_department_the_newer_open_one_is_answered(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    first = box.forward(1, technical)
    second = box.forward(1, technical, "and when?")
    for words in ("monday", "ten"):
        box.came(a_mail(words, MailAddress("", WORKSHOP), subject=box.token(1)))
    answers = {row.id: row.answer for row in box.request(1).forwards}
    assert answers == {second: "monday", first: "ten"}


def test_what_it_answers_says_which_forward_is_meant(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    first = box.forward(1, technical)
    box.posted(1, "question-1", WORKSHOP, forward=first)
    second = box.forward(1, technical, "and when?")
    box.posted(1, "question-2", WORKSHOP, forward=second)
    box.came(a_mail("ten", MailAddress("", WORKSHOP), refs=("question-1",)))
    assert {row.id: row.answer for row in box.request(1).forwards} == {first: "ten", second: None}


def test_a_colleague_in_the_department_s_own_thread_is_no_customer(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "question", WORKSHOP, forward=forward)
    box.came(a_mail("I ask B", MailAddress("", WORKSHOP), message_id="inside", refs=("question",)))
    box.came(a_mail("never tell them", MailAddress("", "b@firm.example"), refs=("inside",)))
    assert box.events(1)[-2:] == ["logged", "logged"]
    assert box.execute("SELECT count(*) FROM activity WHERE event = 'received'") == [(1,)]


def test_a_department_that_writes_again_is_looked_at(box: Box, clock: FixedClock) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "question", WORKSHOP, forward=forward)
    box.came(a_mail("ten", MailAddress("", WORKSHOP), refs=("question",)))
    box.answered(1)
    clock.advance(timedelta(hours=1))
    box.came(a_mail("no, twelve", MailAddress("", WORKSHOP), refs=("question",)))
    request = box.request(1)
    assert (request.court, request.next_at) == ("me", clock.now())
    assert request.forwards[0].answer == "ten"
    assert [row.text for row in request.activities if row.event == "logged"] == [
        "ten",
        "no, twelve",
    ]


def test_a_department_that_writes_on_what_is_resolved_moves_nothing(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    box.forward(1, technical)
    box.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    done = box.came(a_mail("ten", MailAddress("", WORKSHOP), subject=box.token(1)))
    assert box.request(1).state == "resolved"
    assert done.remarks == ("#1: it is resolved; Technical wrote on it all the same",)


def test_a_customer_who_sits_in_the_department_speaks_as_the_customer(box: Box) -> None:
    technical = box.department("Technical", f"Meyer <{MEYER.address}>")
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.came(a_mail("ten", refs=("a",)))
    assert [row.id for row in box.request(1).open_forwards] == [forward]
    assert box.events(1)[-1] == "received"


def test_what_i_wrote_elsewhere_is_noted_and_moves_nothing(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Triage(), [1])
    before = box.request(1)
    clock.advance(timedelta(hours=1))
    done = box.came(a_mail("I called them", MailAddress("", HOME.title()), refs=("a",)))
    after = box.request(1)
    assert box.events(1)[-1] == "noted"
    assert (after.court, after.next_at, after.due_at) == (
        before.court, before.next_at, before.due_at,
    )  # fmt: skip
    assert done.label == f"mail from {HOME.title()}: note on #1"


def test_what_i_passed_on_is_a_request_of_who_wrote_it(box: Box) -> None:
    done = box.came(
        a_mail(
            "please see below", MailAddress("me", HOME), original=OTT, quoted="Where is my bread?"
        )
    )
    request = box.request(1)
    assert request.customer == "Bäckerei Ott"
    assert request.text == "please see below\n\nWhere is my bread?"
    assert done.remarks == ("new customer “Bäckerei Ott”",)


def test_what_i_wrote_to_the_desk_is_a_request_of_nobody(box: Box) -> None:
    box.came(a_mail("call the fair", MailAddress("me", HOME)))
    assert box.request(1).customer is None
    assert box.execute("SELECT count(*) FROM customer") == [(0,)]


def test_what_a_customer_passed_on_says_who_wrote_it_first(box: Box) -> None:
    done = box.came(a_mail("", original=OTT, quoted="Where is my bread?"))
    assert box.request(1).customer == "Meyer AG"
    assert box.request(1).text == "Where is my bread?"
    assert "#1: first written by Bäckerei Ott <ott@baeckerei.example>" in done.remarks


# What is resolved.


def resolved(box: Box, *, ago: timedelta) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Answer("ten", resolve_as=Resolution.SOLVED), [1])
    box.clock.advance(ago)


def test_thanks_leave_it_resolved(box: Box) -> None:
    resolved(box, ago=timedelta(days=2))
    done = box.came(a_mail("Vielen Dank, hat geklappt!", refs=("a",)))
    assert box.request(1).state == "resolved"
    assert box.events(1)[-1] == "received"
    assert done.remarks == ("#1: only thanks; it stays resolved (o reopens it)",)


@pytest.mark.parametrize(
    ("mail", "state"),
    [
        (a_mail("Thanks!", parts=(Part(1, "logo.png", "image/png", 900),)), "resolved"),
        (
            a_mail("Thanks!", parts=(Part(1, "smime.p7s", "application/pkcs7-signature", 5_000),)),
            "resolved",
        ),
        (a_mail("Thanks!", parts=(Part(1, "broken.jpg", "image/jpeg", 900_000),)), "open"),
        (a_mail("Thanks!", parts=(Part(1, "a.pdf", "application/pdf", 90),)), "open"),
        (a_mail("Thanks!", original=OTT, quoted="it burns"), "open"),
        (a_mail("Thanks, but it still fails"), "open"),
    ],
)
def test_thanks_that_bring_something_are_no_mere_thanks(box: Box, mail: Mail, state: str) -> None:
    resolved(box, ago=timedelta(days=2))
    box.came(replace(mail, refs=("a",)))
    assert box.request(1).state == state


def test_a_mail_soon_after_opens_it_again(box: Box, clock: FixedClock) -> None:
    resolved(box, ago=timedelta(days=14))
    box.came(a_mail("it broke again", refs=("a",)))
    request = box.request(1)
    assert (request.state, request.court, request.next_at) == ("open", "me", clock.now())
    assert box.events(1)[-2:] == ["reopened", "received"]


def test_a_mail_long_after_is_a_request_that_names_the_old(box: Box) -> None:
    resolved(box, ago=timedelta(days=14, seconds=1))
    done = box.came(a_mail("another thing", refs=("a",), message_id="b"))
    assert done.label == "mail from Meyer AG: new #2"
    assert box.request(1).state == "resolved"
    new = box.request(2)
    assert (new.customer, new.state, new.court) == ("Meyer AG", "new", "me")
    follows = "#1, which was resolved on 23 Nov 2026"
    assert [row.text for row in new.activities] == ["another thing", f"Follows {follows}"]
    assert done.remarks == (f"#2 follows {follows}",)
    box.came(a_mail("and one more", refs=("b", "a")))
    assert box.events(2)[-1] == "received", "what goes on there stays there"


def test_when_it_was_written_counts_and_not_when_it_was_fetched(
    box: Box, clock: FixedClock
) -> None:
    resolved(box, ago=timedelta(days=30))
    written = clock.now() - timedelta(days=29)
    box.came(a_mail("it broke again", refs=("a",), sent_at=written))
    assert box.request(1).state == "open"
    assert box.request(1).activities[-1].at == written


def test_what_somebody_puts_on_a_request_opens_it_however_long_it_is_resolved(box: Box) -> None:
    resolved(box, ago=timedelta(days=400))
    done = box.came(a_mail("it broke again"), to=1)
    assert (done.numbers, done.label) == ((1,), "mail from Meyer AG: on #1")
    assert (box.request(1).state, box.request(1).court) == ("open", "me")


def turns_of(box: Box, number: int) -> list[tuple[str, datetime, datetime]]:
    rows = box.execute(
        "SELECT court, since, until FROM turn WHERE request_id = ? ORDER BY id", number
    )
    return [(court, *(datetime.fromtimestamp(at, UTC) for at in span)) for court, *span in rows]


def test_a_reply_that_is_fetched_late_started_its_clock_when_it_was_written(
    box: Box, clock: FixedClock, deadlines: Deadlines
) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    asked = clock.now()
    clock.advance(timedelta(days=4))
    written = clock.now() - timedelta(days=3)
    box.came(a_mail("too few", refs=("our-answer",), sent_at=written))
    request = box.request(1)
    assert (request.court, request.next_at) == ("me", written)
    assert box.execute("SELECT court_since FROM request") == [(int(written.timestamp()),)]
    assert turns_of(box, 1)[-1] == ("customer", asked, written)
    facts = Facts("email", "question", "normal", False, "Meyer AG")
    assert request.due_at == deadlines.next_update(facts, written).at


def test_a_reply_written_before_our_answer_and_fetched_after_it_counts_from_that(
    box: Box, clock: FixedClock, deadlines: Deadlines
) -> None:
    box.came(a_mail(message_id="a"))
    clock.advance(timedelta(hours=2))
    written = clock.now() - timedelta(hours=1)
    box.answered(1)
    answered = clock.now()
    clock.advance(timedelta(hours=2))
    box.came(a_mail("one thing more", refs=("a",), sent_at=written))
    request = box.request(1)
    assert (request.court, request.next_at) == ("me", answered)
    assert [court for court, _, _ in turns_of(box, 1)] == ["me"]
    facts = Facts("email", "question", "normal", False, "Meyer AG")
    assert request.due_at == deadlines.next_update(facts, answered).at


def test_what_is_opened_again_by_a_mail_is_open_since_that_was_written(
    box: Box, clock: FixedClock, deadlines: Deadlines
) -> None:
    resolved(box, ago=timedelta(days=4))
    written = clock.now() - timedelta(days=3)
    box.came(a_mail("it broke again", refs=("a",), sent_at=written))
    request = box.request(1)
    assert (request.state, request.next_at) == ("open", written)
    facts = Facts("email", "question", "normal", False, "Meyer AG")
    assert request.due_at == deadlines.next_update(facts, written).at


def test_thanks_while_we_wait_for_the_customer_suggest_to_resolve(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    done = box.came(a_mail("Danke, passt.", refs=("our-answer",)))
    assert (box.request(1).state, box.request(1).court) == ("open", "me")
    assert done.remarks == ("#1: only thanks; r resolves it",)


# What no person wrote.


def row_of(box: Box, number: int) -> tuple[Any, ...]:
    (row,) = box.execute("SELECT * FROM request WHERE id = ?", number)
    return row


def test_a_note_of_absence_touches_nothing(box: Box, clock: FixedClock) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "question", WORKSHOP, forward=forward)
    before = row_of(box, 1), box.execute("SELECT * FROM forward")
    clock.advance(timedelta(hours=2))
    absent = a_mail("I am away", MailAddress("", WORKSHOP), nature=Nature.AUTO_REPLY)
    done = box.came(replace(absent, refs=("question",)))
    assert (row_of(box, 1), box.execute("SELECT * FROM forward")) == before
    last = box.request(1).activities[-1]
    assert (last.event, last.department, last.forward_id) == ("auto-replied", "Technical", forward)
    assert done.label == f"mail from {WORKSHOP}: automatic, on #1"


def test_a_note_of_absence_of_nobody_lies_aside(box: Box, rows_of: Rows) -> None:
    before = rows_of()
    done = box.came(a_mail("away", nature=Nature.AUTO_REPLY))
    assert rows_of() == before
    assert (done.journal_id, done.numbers) == (None, ())
    assert done.label == "mail from Meyer AG: set aside"
    assert box.aside() == ["Order 4711"]
    assert box.execute("SELECT count(*) FROM journal") == [(0,)]


def test_what_a_list_brings_lies_aside_unless_its_sender_is_known_there(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    done = box.came(
        a_mail("news", STRANGER, nature=Nature.LIST),
        a_mail("on your order", nature=Nature.LIST, refs=("a",), subject="known"),
        a_mail("me too", STRANGER, nature=Nature.LIST, refs=("a",), subject="unknown"),
    )
    assert box.aside() == ["Order 4711"]
    assert box.events(1) == ["received", "received", "auto-replied"]
    assert done.label == "2 mails"


def test_lists_can_be_what_people_write_on(box: Box) -> None:
    box.came(a_mail("news", STRANGER, nature=Nature.LIST), lists=True)
    assert box.request(1).customer == STRANGER.name
    assert box.came(a_mail("away", nature=Nature.AUTO_REPLY), lists=True).numbers == ()


@pytest.mark.parametrize("nature", [Nature.LIST, Nature.AUTO_REPLY, Nature.BOUNCE])
def test_what_lies_aside_can_be_made_a_request(box: Box, nature: Nature) -> None:
    id = box.read(a_mail(nature=nature))
    assert box.desk.do(drafts.FileMails((id,))).numbers == ()
    done = box.desk.do(drafts.FileMails((id,), wanted=True))
    assert done.numbers == (1,)
    assert box.aside() == []
    box.desk.undo()
    assert box.aside() == ["Order 4711"]


def test_what_lies_aside_can_be_put_on_a_request(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    id = box.read(a_mail("news", STRANGER, nature=Nature.LIST))
    box.desk.do(drafts.FileMails((id,)))
    done = box.desk.do(drafts.FileMails((id,), to=1))
    assert done.label == "mail from Hotel Krone: on #1"
    assert done.remarks == (f"#1: written by {STRANGER.address}, who is not known there",)
    assert box.events(1) == ["received", "received"]
    with pytest.raises(NotFound, match="no request #7"):
        box.came(a_mail(), to=7)


def test_a_mail_is_filed_once(box: Box, rows_of: Rows) -> None:
    id = box.read(a_mail())
    box.desk.do(drafts.FileMails((id, id)))
    before = rows_of()
    with pytest.raises(Refused, match="mail 1 is filed under #1 already; `poc mail file 1 --to N`"):
        box.desk.do(drafts.FileMails((id,), to=1))
    assert rows_of() == before


def test_a_mail_that_there_is_not_or_that_was_not_read(box: Box, rows_of: Rows) -> None:
    good = box.read(a_mail())
    (unread,) = keep(box.connection, [b"unread"], "test", box.clock.now()).new
    before = rows_of()
    for id in (77, unread):
        with pytest.raises(NotFound, match=f"no mail {id} that was read"):
            box.desk.do(drafts.FileMails((good, id)))
    with pytest.raises(NotUnderstood):
        box.desk.do(drafts.FileMails(()))
    assert rows_of() == before, "all of them or none"


# Our own mail, back again or not arrived.


def test_our_own_copy_is_nothing_to_show_and_proves_that_it_was_sent(
    box: Box, rows_of: Rows
) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.answered(1)
    box.execute("UPDATE outbox SET state = 'unsure', sent_at = NULL WHERE id = ?", ours)
    before = row_of(box, 1)
    done = box.came(a_mail("ten units", MailAddress("", DESK), message_id="our-answer"))
    assert (done.journal_id, box.aside(), row_of(box, 1)) == (None, [], before)
    assert box.state_of(ours) == ("sent", "")


def test_somebody_else_s_mail_under_an_id_of_ours_is_shown(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    box.came(a_mail("I swallow you", STRANGER, message_id="our-answer"))
    assert box.events(1)[-1] == "received"


def test_our_own_copy_can_be_put_on_a_request_all_the_same(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    id = box.read(a_mail("ten units", MailAddress("", DESK), message_id="our-answer"))
    box.desk.do(drafts.FileMails((id,)))
    box.desk.do(drafts.FileMails((id,), wanted=True))
    assert box.events(1)[-1] == "noted"


@pytest.mark.parametrize(("state", "proved"), [("unsure", "sent"), ("failed", "sent"),
                                               ("sending", "sending"), ("handed", "handed"),
                                               ("queued", "queued")])  # fmt: skip
def test_a_reply_proves_that_the_mail_arrived(box: Box, state: str, proved: str) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.posted(1, "ours", MEYER.address, state)
    done = box.came(a_mail("thanks for ten", refs=("ours",)))
    assert box.state_of(ours)[0] == proved
    assert (len(done.remarks) == 1) == (state in ("unsure", "failed"))


@pytest.mark.parametrize(("state", "proved"), [("unsure", "sent"), ("failed", "failed")])
def test_a_program_proves_that_a_mail_was_sent_not_that_it_arrived(
    box: Box, state: str, proved: str
) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.posted(1, "ours", MEYER.address, state)
    box.came(a_mail("delayed, still trying", nature=Nature.AUTO_REPLY, refs=("ours",)))
    assert box.state_of(ours)[0] == proved


def test_only_what_a_mail_answers_is_proved_by_it(box: Box) -> None:
    """A program names a whole thread, so also what the last mail of it named and never came."""
    box.came(a_mail(message_id="a"))
    first = box.posted(1, "first", MEYER.address, "unsure")
    second = box.posted(1, "second", MEYER.address, "unsure")
    done = box.came(a_mail("which first one?", refs=("second", "a", "first")))
    assert (box.state_of(first)[0], box.state_of(second)[0]) == ("unsure", "sent")
    assert done.remarks == (f"#1: the mail to {MEYER.address} did arrive after all",)


def test_neither_a_mail_of_mine_nor_one_that_bears_its_id_proves_that_another_arrived(
    box: Box,
) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.posted(1, "ours", MEYER.address, "unsure")
    box.came(a_mail("as I wrote", MailAddress("", HOME), refs=("ours",)))
    box.came(a_mail("I swallow you", STRANGER, message_id="ours"))
    assert box.state_of(ours)[0] == "unsure"


def bounce(id: str, why: str = "550 no such user", **rest: Any) -> Mail:
    return Mail(
        sender=MailAddress("Mail Delivery", "mailer-daemon@mx.example"), subject="Undelivered",
        text="This is the mail system.", nature=Nature.BOUNCE, bounced=(id,) if id else (),
        bounce_why=why, **rest,
    )  # fmt: skip


def test_an_answer_that_did_not_arrive_is_mine_again(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.answered(1)
    clock.advance(timedelta(minutes=5))
    done = box.came(bounce("our-answer"))
    assert box.state_of(ours) == ("failed", "550 no such user")
    request = box.request(1)
    assert (request.court, request.next_at) == ("me", clock.now())
    last = request.activities[-1]
    assert (last.event, last.text) == ("not-delivered", f"{MEYER.address}: 550 no such user")
    said = f"#1: the mail to {MEYER.address} did not arrive: 550 no such user"
    assert done.remarks == (f"{said}; it was the first answer, so that is still due",)
    assert done.label == "mail from Mail Delivery: not delivered, #1"


def test_a_forward_that_did_not_arrive_says_which_department(box: Box) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    box.posted(1, "question", WORKSHOP, forward=forward)
    box.came(bounce("", refs=("question",)))
    request = box.request(1)
    assert (request.court, [row.id for row in request.open_forwards]) == ("me", [forward])
    last = request.activities[-1]
    assert (last.event, last.department, last.forward_id) == ("not-delivered", "Technical", forward)


@pytest.mark.parametrize("kind", ["forward", "chase"])
@pytest.mark.parametrize("ended", ["answered", "withdrawn", "answered, and all is resolved"])
def test_a_bounce_of_a_question_that_nobody_waits_for_is_only_said(
    box: Box, kind: str, ended: str
) -> None:
    technical = box.department("Technical", WORKSHOP)
    box.came(a_mail(message_id="a"))
    forward = box.forward(1, technical)
    ours = box.posted(1, "question", WORKSHOP, forward=forward)
    box.execute("UPDATE outbox SET kind = ? WHERE id = ?", kind, ours)
    if ended.startswith("answered"):
        box.came(a_mail("ten", MailAddress("", WORKSHOP), subject=box.token(1)))
    if ended != "answered":
        box.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    box.clock.advance(timedelta(days=2))
    before = row_of(box, 1)
    done = box.came(bounce("question"))
    assert row_of(box, 1) == before
    assert box.state_of(ours) == ("failed", "550 no such user")
    last = box.request(1).activities[-1]
    assert (last.event, last.department, last.forward_id) == ("not-delivered", "Technical", forward)
    said = f"#1: the mail to {WORKSHOP} did not arrive: 550 no such user"
    assert done.remarks == (f"{said}; nobody waits for its answer any more",)
    with pytest.raises(Refused, match="says already"):
        box.desk.do(drafts.NotDelivered(ours, "gone"))


def first_due(box: Box, deadlines: Deadlines) -> tuple[object, ...]:
    """When the first answer to request 1 is due, as the store has it."""
    received = box.request(1).received_at
    due = deadlines.first_answer(Facts("email", "question", "normal", False, "Meyer AG"), received)
    return (int(due.at.timestamp()), "first-answer", int(received.timestamp()), None)


CLOCK = "SELECT due_at, due_for, due_since, first_answered_at FROM request"


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"still_working": True},
        {"still_working": True, "next_update_at": datetime(2026, 11, 30, 9, tzinfo=UTC)},
        {"resolve_as": Resolution.SOLVED},
    ],
)
def test_a_first_answer_that_did_not_arrive_was_none(
    box: Box, clock: FixedClock, deadlines: Deadlines, rows_of: Rows, how: dict[str, Any]
) -> None:
    box.came(a_mail(message_id="a"))
    clock.advance(timedelta(hours=1))
    box.desk.do(drafts.Answer("ten units", **how), [1])
    box.posted(1, "ours", MEYER.address)
    if "resolve_as" in how:
        box.execute("UPDATE outbox SET activity_id = 2")
    clock.advance(timedelta(hours=3))
    taken_back_and_done_again(box.desk, rows_of, lambda: box.came(bounce("ours")))
    assert box.execute(CLOCK) == [first_due(box, deadlines)]
    assert box.request(1).activities[-1].until == box.request(1).due_at


def test_the_words_that_went_out_with_the_resolution_were_the_first_answer_too(
    box: Box, deadlines: Deadlines
) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Resolve(Resolution.SOLVED, "ten units"), [1])
    ours = box.posted(1, "ours", MEYER.address)
    box.clock.advance(timedelta(hours=3))
    box.desk.do(drafts.NotDelivered(ours, "no such user"))
    assert box.execute(CLOCK) == [first_due(box, deadlines)]


def test_where_another_answer_stands_that_one_was_the_first(
    box: Box, clock: FixedClock, deadlines: Deadlines
) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1, "first")
    clock.advance(timedelta(hours=1))
    box.desk.do(drafts.Answer("as I said on the phone"), [1])
    called = clock.now()
    done = box.came(bounce("first"))
    assert done.remarks == (f"#1: the mail to {MEYER.address} did not arrive: 550 no such user",)
    ((_, due_for, _, answered),) = box.execute(CLOCK)
    assert (due_for, answered) == ("next-update", int(called.timestamp()))


def test_answers_that_fail_one_after_the_other_leave_none(
    box: Box, clock: FixedClock, deadlines: Deadlines
) -> None:
    box.came(a_mail(message_id="a"))
    for id in ("first", "second"):
        box.answered(1, id)
        clock.advance(timedelta(hours=1))
    box.came(bounce("first"), bounce("second"))
    assert box.execute(CLOCK) == [first_due(box, deadlines)]


def test_a_date_that_was_given_since_the_answer_stays(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    box.came(a_mail("too few", refs=("a",)))
    given = clock.now() + timedelta(days=9)
    box.desk.do(drafts.Triage(due_at=given), [1])
    box.came(bounce("our-answer"))
    assert box.execute(CLOCK)[0][:2] == (int(given.timestamp()), "given")
    assert box.execute(CLOCK)[0][3] is None


def test_a_bounce_opens_what_is_resolved(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Answer("ten", resolve_as=Resolution.SOLVED), [1])
    box.posted(1, "our-answer", MEYER.address)
    box.came(bounce("our-answer"))
    assert (box.request(1).state, box.request(1).court) == ("open", "me")
    assert box.events(1)[-2:] == ["reopened", "not-delivered"]


def test_a_second_bounce_of_the_same_mail_moves_nothing(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.answered(1)
    box.came(bounce("our-answer"))
    box.answered(1, "second-answer", "other@meyer.example")
    before = row_of(box, 1)
    clock.advance(timedelta(minutes=5))
    box.came(bounce("our-answer", "gave up after five days"))
    assert row_of(box, 1) == before
    assert box.request(1).activities[-1].text == "gave up after five days"
    assert box.state_of(ours) == ("failed", "550 no such user")
    assert box.events(1)[-1] == "auto-replied"


def test_a_bounce_of_what_is_to_be_sent_once_more_does_not_stop_it(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    ours = box.posted(1, "ours", MEYER.address, "queued")
    box.came(bounce("ours"))
    assert box.state_of(ours)[0] == "queued"
    assert box.events(1)[-1] == "auto-replied"


def test_a_bounce_of_something_else_in_the_thread_is_only_said(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    before = row_of(box, 1)
    box.came(bounce("not-ours", refs=("a",)))
    assert row_of(box, 1) == before
    assert box.events(1)[-1] == "auto-replied"
    box.came(bounce("never-heard-of"))
    assert box.aside() == ["Undelivered"]


def test_a_mail_that_failed_for_good_is_mine_and_says_why(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Answer("ten units"), [1])
    ours = box.posted(1, "ours", MEYER.address, "queued")
    done = box.desk.do(drafts.NotDelivered(ours, "the server\r\nrefused \x1b[31mit"))
    assert done.label == f"mail to {MEYER.address} not delivered, #1"
    assert done.numbers == (1,)
    assert box.state_of(ours) == ("failed", "the server refused \x1b[31mit")
    assert box.request(1).court == "me"
    with pytest.raises(Refused, match="says already"):
        box.desk.do(drafts.NotDelivered(ours, "again"))
    with pytest.raises(NotFound, match="no mail 77 in the outbox"):
        box.desk.do(drafts.NotDelivered(77, "gone"))
    box.desk.undo()
    assert box.request(1).court == "customer"
    assert box.state_of(ours)[0] == "failed"


# Taking back.


def test_every_way_of_filing_is_taken_back_and_done_again_exactly(
    box: Box, desk: Desk, rows_of: Rows, clock: FixedClock
) -> None:
    technical = box.department("Technical", WORKSHOP)
    for _ in range(2):
        desk.do(drafts.EditCustomer(name="Bäckerei Ott"))
    desk.do(drafts.EditCustomer(2, name="Hotel Krone"))

    def filed(*mails: Mail, **how: Any) -> None:
        clock.advance(timedelta(minutes=7))
        run = str(clock.now())
        taken_back_and_done_again(desk, rows_of, lambda: box.came(*mails, run=run, **how))

    filed(a_mail(message_id="a"))
    filed(a_mail("two", STRANGER), a_mail("three", OTT, message_id="c"))
    filed(a_mail("and?", refs=("a",)))
    filed(a_mail("news", STRANGER, nature=Nature.LIST), wanted=True)
    filed(a_mail("what I wrote", MailAddress("", HOME), refs=("a",)))
    forward = box.forward(1, technical)
    box.posted(1, "question", WORKSHOP, forward=forward)
    filed(a_mail("away", MailAddress("", WORKSHOP), nature=Nature.AUTO_REPLY, refs=("question",)))
    filed(a_mail("ten", MailAddress("", WORKSHOP), refs=("question",)))
    filed(a_mail("twelve", MailAddress("", WORKSHOP), refs=("question",)))
    desk.do(drafts.Snooze(clock.now() + timedelta(days=2)), [1])
    filed(a_mail("hurry", refs=("a",)))
    box.answered(1)
    filed(bounce("our-answer"))
    desk.do(drafts.Resolve(Resolution.SOLVED, reminders_done=False), [1])
    filed(a_mail("thanks", refs=("a",)))
    filed(a_mail("it broke", refs=("a",)))
    filed(a_mail("it broke", refs=("a",), message_id="d"), a_mail("it broke", message_id="d"))
    desk.do(drafts.Resolve(Resolution.SOLVED, reminders_done=False), [1])
    clock.advance(timedelta(days=40))
    filed(a_mail("another thing", refs=("a",)))
    filed(Mail(nature=Nature.UNREADABLE, trouble=("Too deep.",)))


def test_what_was_taken_back_lies_aside_and_is_not_filed_again_by_itself(box: Box) -> None:
    id = box.read(a_mail())
    box.desk.do(drafts.FileMails((id,)))
    box.desk.undo()
    assert box.aside() == ["Order 4711"]
    assert box.execute("SELECT count(*) FROM mail_read WHERE taken_at IS NULL") == [(0,)]
    dismiss(box.connection, [id])
    assert box.aside() == []
    assert box.desk.do(drafts.FileMails((id,))).numbers == (2,)


def test_my_own_step_is_taken_back_and_mail_that_came_meanwhile_stays(box: Box) -> None:
    box.desk.do(drafts.Capture("by phone"))
    box.desk.do(drafts.Note("careful"), [1])
    box.came(a_mail(message_id="a"))
    assert box.desk.undo().label == "note on #1"
    assert box.request(2).subject == "Order 4711"
    assert box.desk.redo().label == "note on #1"


def test_a_mail_that_builds_on_my_step_is_taken_back_first(box: Box, clock: FixedClock) -> None:
    box.came(a_mail(message_id="a"))
    box.answered(1)
    clock.advance(timedelta(minutes=5))
    mail = box.came(a_mail("too few", refs=("our-answer",)))
    box.execute("DELETE FROM outbox")
    assert box.desk.undo().label == mail.label
    assert box.desk.undo().label == "answer #1"
    assert box.events(1) == ["received"]


# Much of it. What is quadratic here would take so long that nobody waits for it.


def test_a_thread_of_a_thousand_mails_is_one_request(box: Box) -> None:
    def written(number: int) -> Mail:
        refs = tuple(f"m{other}" for other in dict.fromkeys((number - 1, 0)) if other >= 0)
        return a_mail(f"word {number}", message_id=f"m{number}", refs=refs)

    ids = [box.read(written(0))]
    raws = [f"of the thread {number}".encode() for number in range(1, 1200)]
    new = keep(box.connection, raws, "test", box.clock.now()).new
    keep_read(box.connection, [(id, written(number)) for number, id in enumerate(new, 1)])
    ids += new
    for start in range(0, len(ids), 100):
        assert box.desk.do(drafts.FileMails(tuple(ids[start : start + 100]))).numbers == (1,)
    assert box.execute("SELECT count(*) FROM activity") == [(1200,)]


def test_a_mail_that_names_thousands_of_others(box: Box) -> None:
    box.came(a_mail(message_id="m1500"))
    box.came(a_mail("all of them", refs=tuple(f"m{number}" for number in range(3000))))
    assert box.events(1) == ["received", "received"]


def test_hundreds_of_people_reply_to_a_mail_that_nobody_has(box: Box) -> None:
    raws = [f"reply {number}".encode() for number in range(300)]
    ids = keep(box.connection, raws, "test", box.clock.now()).new
    replies = (
        a_mail(
            sender=MailAddress("", f"info@firma{id}.example"), message_id=f"r{id}", refs=("news",)
        )
        for id in ids
    )
    keep_read(box.connection, list(zip(ids, replies, strict=True)))
    for start in range(0, len(ids), 100):
        done = box.desk.do(drafts.FileMails(ids[start : start + 100]))
        assert len(done.numbers) == 100


def test_a_request_with_an_activity_is_found_by_the_words_of_a_mail(
    box: Box, path: str, deadlines: Deadlines
) -> None:
    box.came(a_mail("Zahnrad"), a_mail("Schraube", refs=("x",)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO activity_search (activity_search) VALUES ('integrity-check')"
        )
    assert box.desk.wind() == 2
    assert all(box.request(number).due_at for number in (1, 2))
    assert box.request(1).channel == Channel.EMAIL


# What a later mail is about.


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("STORNO Auftrag 4711", "STORNO Auftrag 4711"),
        ("Re: Adressänderung [#1]", "Adressänderung"),
        ("Re: Order 4711", ""),
        ("AW: AW: [#1] order  4711", ""),
        ("[EXTERN] Re: Order 4711", ""),
        ("Re: Order 47…", ""),
        ("Order 4712", "Order 4712"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_a_new_subject_in_an_old_thread_stands_before_the_words(
    subject: str, shown: str, box: Box
) -> None:
    box.came(a_mail(message_id="a"))
    box.came(a_mail("Please see to it.", subject=subject, refs=("a",)))
    head = f"Subject: {shown}\n\n" if shown else ""
    assert box.request(1).activities[-1].text == f"{head}Please see to it."


def test_what_a_mail_says_in_its_subject_alone_is_seen_and_found_once(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.came(a_mail("", subject="STORNO Auftrag 4711", message_id="b", refs=("a",)))
    box.came(a_mail("As I wrote.", subject="Re: STORNO Auftrag 4711", refs=("b",)))
    told = [row.text for row in box.request(1).activities]
    assert told[1:] == ["Subject: STORNO Auftrag 4711", "As I wrote."]
    assert [row.number for row in search(box.reader, "storno")] == [1]


def test_thanks_under_a_new_subject_are_no_mere_thanks(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    box.desk.do(drafts.Resolve(Resolution.SOLVED), [1])
    box.came(a_mail("Thank you!", subject="Order 4712 please", refs=("a",)))
    assert box.request(1).state == "open"


# What taking a mail in said of it.


def test_a_remark_stays_on_the_request_until_somebody_has_seen_it(box: Box) -> None:
    box.came(a_mail(message_id="a"))
    done = box.came(a_mail("I am new here", STRANGER, subject="Re: [#1] hello"))
    said = f"its subject names #1, where {STRANGER.address} is not known"
    assert f"#2: {said}" in done.remarks
    assert box.request(2).remarks == (said,)
    box.desk.do(drafts.Seen(), [2])
    assert box.request(2).remarks == ()
    box.desk.undo()
    assert box.request(2).remarks == (said,)
    with pytest.raises(Refused, match="nothing to change"):
        box.desk.do(drafts.Seen(), [1])


def test_whoever_acts_on_the_request_has_seen_what_was_remarked(box: Box) -> None:
    box.came(a_mail("I am new here", STRANGER, subject="Re: [#7] hello"))
    assert box.request(1).remarks
    box.came(a_mail("and again", STRANGER), to=1)
    assert box.request(1).remarks
    box.desk.do(drafts.Note("so it is"), [1])
    assert box.request(1).remarks == ()
    box.desk.undo()
    assert box.request(1).remarks


# appointments


APPOINTED = ("appointment:u1",)


def test_the_answer_to_an_invitation_is_noted_on_its_request(box: Box) -> None:
    box.came(a_mail(refs=APPOINTED))
    box.answered(1)
    before = row_of(box, 1)
    done = box.came(a_mail("accepted", nature=Nature.AUTO_REPLY, refs=APPOINTED))
    assert done.numbers == (1,)
    assert box.events(1)[-1] == "auto-replied"
    assert row_of(box, 1) == before


def test_the_answer_to_an_invitation_of_nobody_known_lies_aside(box: Box) -> None:
    assert box.came(a_mail("accepted", nature=Nature.AUTO_REPLY, refs=APPOINTED)).numbers == ()


def test_a_change_of_the_appointment_is_the_customers_word_and_of_others_a_new_request(
    box: Box,
) -> None:
    box.came(a_mail(refs=APPOINTED))
    assert box.came(a_mail("Invitation, changed", refs=APPOINTED)).numbers == (1,)
    assert box.came(a_mail("Invitation", sender=OTT, refs=APPOINTED)).numbers == (2,)
