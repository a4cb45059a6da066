"""Whose request a mail is that a form, a group address or a colleague brought, and who is answered.

Each mail is read from its bytes, as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.models.values import AddressKind
from poc_tui.rules.mail.message import MailPolicy, Nature
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, departments, mail as mails, requests, search
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import (
    first_written_by,
    incoming_by_activity,
    named_in_form,
    outgoing_of_request,
)
from poc_tui.store.recipients import recipients
from poc_tui.store.records import Done, RequestDetail
from tests.helpers.mail_setup import account_policy
from tests.helpers.subjects import token_of

DESK, SUPPORT = "desk@spoc.example", "support@spoc.example"
CASES = Path(__file__).parents[3] / "shared/cases"

beside = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases lie beside the repository, in ../shared/cases, or nowhere"
)


@pytest.fixture
def mail_policy() -> MailPolicy:
    return account_policy(
        address=DESK, mine=(DESK, SUPPORT), sends=True, trusted=("mx.spoc.example",)
    )


class House:
    """A desk that is written to, and answers."""

    def __init__(
        self, path: str, clock: FixedClock, deadlines: Deadlines, policy: MailPolicy
    ) -> None:
        self.path, self.clock, self.policy = path, clock, policy
        self.desk = Desk(path, clock, deadlines, mail_policy=policy)
        self.reader = Reader(path)
        self._ids = count(1)

    def close(self) -> None:
        self.reader.close()
        self.desk.close()

    def comes(self, header: str, text: str = "Wo ist meine Bestellung?", **how: bool) -> Done:
        """A mail with these header fields, to the desk unless they say otherwise."""
        to = "" if "\nTo:" in f"\n{header}" else f"To: {DESK}\n"
        id = "" if "message-id:" in header.lower() else f"Message-ID: <{next(self._ids)}@x>\n"
        subject = "" if "Subject:" in header else "Subject: Frage\n"
        return self.came(f"{header.strip()}\n{to}{id}{subject}\n{text}\n".encode(), **how)

    def came(self, raw: bytes, **how: bool) -> Done:
        with closing(connect(self.path)) as connection:
            (id,) = raw_mail.keep(connection, [raw], "test", self.clock.now()).new
            raw_mail.keep_read(connection, [(id, parse(raw))])
        return self.desk.do(drafts.FileMails((id,), **how))

    def request(self, number: int) -> RequestDetail:
        return requests.request(self.reader, number)

    def customer(self, number: int) -> tuple[str | None, list[str]]:
        """The customer of a request, and their addresses."""
        detail = self.request(number)
        if detail.customer_id is None:
            return None, []
        card = customers.customer(self.reader, detail.customer_id)
        return detail.customer, [row.value for row in card.addresses]

    def answered_at(self, number: int) -> str:
        """Where an answer to a request went."""
        self.desk.do(drafts.Answer("Sie ist unterwegs."), [number])
        return outgoing_of_request(self.reader, number)[-1].recipient

    def aside(self) -> list[str]:
        return [row.subject for row in mails.aside(self.reader)]

    def department(self, name: str, contact: str) -> int:
        id = departments.department(self.reader, name).id
        self.desk.do(drafts.EditDepartment(id, contact=contact))
        return id


@pytest.fixture
def house(
    path: str, clock: FixedClock, deadlines: Deadlines, mail_policy: MailPolicy
) -> Iterator[House]:
    opened = House(path, clock, deadlines, mail_policy)
    yield opened
    opened.close()


@pytest.fixture
def house_of(
    path: str, clock: FixedClock, deadlines: Deadlines
) -> Iterator[Callable[[tuple[str, ...]], House]]:
    opened: list[House] = []

    def open(mine: tuple[str, ...]) -> House:
        policy = account_policy(address=mine[0], mine=mine, sends=True)
        opened.append(House(path, clock, deadlines, policy))
        return opened[-1]

    yield open
    for each in opened:
        each.close()


FORM = "From: Shop Formular <noreply@shop.example>\nReply-To: {} <{}>"
GROUP = f"""From: "'{{}}' via Support" <{SUPPORT}>
To: {SUPPORT}
Reply-To: {{}} <{{}}>
X-Original-From: {{}} <{{}}>
Precedence: list
List-ID: <support.spoc.example>"""
BERTA, ANNA = ("Berta Kundin", "berta@privat.example"), ("Anna Neu", "anna@kunde.example")


# Forms


def test_two_who_write_by_one_form_are_two_customers(house: House) -> None:
    house.comes(FORM.format(*BERTA))
    house.comes(FORM.format(*ANNA))
    house.comes(FORM.format(*BERTA))
    assert [house.customer(number) for number in (1, 2, 3)] == [
        (BERTA[0], [BERTA[1]]), (ANNA[0], [ANNA[1]]), (BERTA[0], [BERTA[1]]),
    ]  # fmt: skip
    assert house.answered_at(2) == ANNA[1]
    assert recipients(house.reader.rows, 2, house.policy.mine)[0].mark == ""


def test_the_answer_of_whom_a_form_brought_is_their_word(house: House) -> None:
    house.comes(FORM.format(*BERTA))
    house.answered_at(1)
    (ours,) = house.reader.rows("SELECT message_id FROM outbox")
    house.comes(f"From: Berta <{BERTA[1]}>\nIn-Reply-To: <{ours[0]}>", "Danke, und wann?")
    assert [row.event for row in house.request(1).activities] == [
        "received",
        "answered",
        "received",
    ]
    assert house.request(1).court == "me"


def test_the_timeline_and_the_list_name_the_person_and_the_mail_says_what_sent_it(
    house: House,
) -> None:
    done = house.comes(FORM.format(*BERTA))
    assert done.label == "mail from Berta Kundin: new #1"
    (entry,) = incoming_by_activity(house.reader, 1).values()
    assert (entry.sender, entry.sender_name, entry.by_customer) == (BERTA[1], BERTA[0], True)
    mail = mails.mail(house.reader, 1)
    assert (mail.sender, mail.carrier) == (BERTA[1], "noreply@shop.example")


def test_a_form_that_says_that_a_program_wrote_is_no_automatic_reply(house: House) -> None:
    form = "From: Shop <no-reply@shop.example>\nReply-To: ina@falk.example"
    house.comes(f"{form}\nAuto-Submitted: auto-generated\nPrecedence: bulk")
    assert house.customer(1) == ("ina@falk.example", ["ina@falk.example"])
    assert mails.mail(house.reader, 1).nature == Nature.ORDINARY


def test_a_form_that_names_nobody_to_answer_is_no_customer(house: House) -> None:
    """What stands in its text is offered, and never taken by itself."""
    done = house.comes(
        "From: Shop Formular <noreply@shop.example>",
        "Name: Berta\nE-Mail: berta@privat.example\n\nWo?",
    )
    assert house.customer(1) == (None, [])
    assert "customer open: no person writes from noreply@shop.example" in done.remarks
    assert any("its text names berta@privat.example" in each for each in done.remarks)
    assert named_in_form(house.reader, 1, house.policy.mine) == BERTA[1]
    house.comes(FORM.format(*BERTA), "E-Mail: anna@kunde.example")
    assert named_in_form(house.reader, 2, house.policy.mine) == ""


def test_a_program_that_was_taken_for_a_customer_stays_one(house: House) -> None:
    shop = (drafts.AddressDraft(AddressKind.EMAIL, "noreply@shop.example"),)
    house.desk.do(drafts.EditCustomer(name="Shop", addresses=shop))
    house.comes("From: Shop <noreply@shop.example>")
    assert house.customer(1)[0] == "Shop"


# Our own group address


def test_what_comes_by_our_group_address_is_a_request_of_who_wrote_it(house: House) -> None:
    header = f"From: Anna Neu <{ANNA[1]}>\nTo: {SUPPORT}\nPrecedence: list"
    house.comes(f"{header}\nMailing-list: list {SUPPORT}\nList-ID: <support.spoc.example>")
    rewritten = GROUP.format(ANNA[0], *ANNA, *ANNA)
    done = house.comes(rewritten)
    assert house.customer(1) == house.customer(2) == (ANNA[0], [ANNA[1]])
    assert done.label == "mail from Anna Neu: new #2"
    assert house.answered_at(2) == ANNA[1]
    assert house.aside() == []
    assert {mails.mail(house.reader, id).nature for id in (1, 2)} == {Nature.ORDINARY}


def test_the_same_mail_by_the_group_and_by_itself_is_one(house: House) -> None:
    house.comes(f"From: Anna Neu <{ANNA[1]}>\nMessage-ID: <a@kunde.example>")
    done = house.comes(f"{GROUP.format(ANNA[0], *ANNA, *ANNA)}\nMessage-ID: <a@kunde.example>")
    assert done.numbers == (1,)
    assert len(house.request(1).activities) == 1


def test_an_answer_by_the_group_is_the_customer_s_word_and_none_of_mine(house: House) -> None:
    house.comes(GROUP.format(ANNA[0], *ANNA, *ANNA))
    house.answered_at(1)
    (ours,) = house.reader.rows("SELECT message_id FROM outbox")
    house.comes(f"{GROUP.format(ANNA[0], *ANNA, *ANNA)}\nIn-Reply-To: <{ours[0]}>", "Und wann?")
    assert [row.event for row in house.request(1).activities][-1] == "received"


@pytest.mark.parametrize(
    ("found", "customer"),
    [("spf=pass smtp.mailfrom=support+bnc@spoc.example", ANNA[0]), ("spf=none", None)],
)
def test_what_our_group_changed_is_believed_where_the_group_sent_it(
    house: House, found: str, customer: str | None
) -> None:
    header = (
        f"Authentication-Results: mx.spoc.example; {found}; dmarc=fail header.from=kunde.example"
    )
    house.comes(
        f"{header}\nFrom: Anna Neu <{ANNA[1]}>\nTo: {SUPPORT}\nList-ID: <support.spoc.example>"
    )
    assert house.request(1).customer == customer


def test_newsletters_and_lists_of_others_lie_aside(house: House) -> None:
    house.comes("From: Glue <hallo@glue.example>\nSubject: A\nList-ID: <news.glue.example>")
    house.comes("From: Glue <news@glue.example>\nSubject: B\nList-Unsubscribe: <https://g.example>")
    house.comes("From: Jan <jan@pohl.example>\nSubject: C\nList-Unsubscribe: <https://crm.example>")
    assert house.aside() == ["B", "A"]
    assert house.request(1).subject == "C"


def test_filing_what_a_group_brought_is_taken_back_and_done_again(house: House) -> None:
    house.comes(GROUP.format(ANNA[0], *ANNA, *ANNA))
    house.desk.undo()
    assert house.aside() == ["Frage"]
    house.desk.redo()
    assert house.customer(1) == (ANNA[0], [ANNA[1]])
    assert mails.mail(house.reader, 1).carrier == SUPPORT


# One address in two spellings


SPELT = ("info@müller.example", "info@xn--mller-kva.example")


@pytest.mark.parametrize(("first", "second"), [SPELT, SPELT[::-1]])
def test_an_address_is_one_however_its_domain_is_spelt(
    house: House, first: str, second: str
) -> None:
    for address in (first, second):
        house.comes(f"From: =?utf-8?q?M=C3=BCller?= <{address}>")
    assert house.customer(2) == ("Müller", [SPELT[0]])
    assert house.request(1).customer_id == house.request(2).customer_id
    for sought in (*SPELT, "müller.example", "xn--mller-kva.example"):
        assert len(search.search(house.reader, sought)) == 2
        assert [row.name for row in customers.customers(house.reader, sought)] == ["Müller"]
    assert [customers.find(house.reader, each).name for each in SPELT] == ["Müller"] * 2
    assert house.answered_at(1) == SPELT[0]


def test_what_was_kept_before_as_the_dns_has_it_is_found(house: House) -> None:
    house.desk.do(drafts.EditCustomer(name="Werk Nord"))
    with closing(connect(house.path)) as connection, connection:
        connection.execute(
            "INSERT INTO address (customer_id, kind, value, value_folded)"
            " VALUES (1, 'email', ?, ?)",
            (SPELT[1], SPELT[1]),
        )
    house.comes(f"From: Max <{SPELT[0]}>")
    house.desk.do(drafts.Capture("by phone", customer=drafts.CustomerName(SPELT[0])))
    assert [house.request(number).customer for number in (1, 2)] == ["Werk Nord", "Werk Nord"]
    (entry,) = incoming_by_activity(house.reader, 1).values()
    assert entry.by_customer


def test_an_address_that_is_typed_as_the_dns_has_it_is_kept_as_people_write_it(
    house: House,
) -> None:
    house.desk.do(drafts.Capture("by phone", customer=drafts.CustomerName(SPELT[1])))
    assert house.customer(1) == (SPELT[0], [SPELT[0]])
    typed = (SPELT[1], "einkauf@xn--mller-kva.example", "a@xn--80ak6aa92e.example")
    addresses = tuple(drafts.AddressDraft(AddressKind.EMAIL, each) for each in typed)
    house.desk.do(drafts.EditCustomer(1, addresses=addresses))
    kept = [SPELT[0], "einkauf@müller.example", "a@xn--80ak6aa92e.example"]
    assert house.customer(1) == (SPELT[0], kept)


# What a colleague passes on


PASSED_ON = """siehe unten

-------- Weitergeleitete Nachricht --------
Von: Eva Blau <eva@blau.example>
An: Ida Kern <ida@spoc.example>
Betreff: Pumpe

Die Pumpe leckt."""


@pytest.mark.parametrize("colleague", ["ida@spoc.example", "hans@werkstatt.example"])
def test_what_a_colleague_passes_on_offers_who_wrote_it_first(house: House, colleague: str) -> None:
    house.department("Technical", "Hans <hans@werkstatt.example>, ext. 3")
    done = house.comes(f"From: Ida Kern <{colleague}>\nSubject: WG: Pumpe", PASSED_ON)
    assert house.customer(1) == (None, [])
    assert house.reader.value("SELECT count(*) FROM customer") == 0
    assert any("first written by Eva Blau <eva@blau.example>" in each for each in done.remarks)
    assert first_written_by(house.reader, 1) == "eva@blau.example"


def test_of_what_a_colleague_passes_on_without_an_address_nobody_is_the_customer(
    house: House,
) -> None:
    named_only = PASSED_ON.replace(" <eva@blau.example>", "")
    done = house.comes("From: Ida Kern <ida@spoc.example>\nSubject: WG: Pumpe", named_only)
    assert house.customer(1) == (None, [])
    assert house.reader.value("SELECT count(*) FROM customer") == 0
    assert done.remarks == ("#1: passed on by ida@spoc.example; t names who wrote first",)


def test_what_i_pass_on_is_of_who_wrote_it_first(house: House) -> None:
    house.comes(f"From: Me <{SUPPORT}>\nSubject: WG: Pumpe", PASSED_ON)
    assert house.customer(1) == ("Eva Blau", ["eva@blau.example"])


def test_what_a_customer_passes_on_is_theirs(house: House) -> None:
    house.comes("From: Max <max@roth.example>\nSubject: WG: Pumpe", PASSED_ON)
    assert house.customer(1) == ("Max", ["max@roth.example"])


# Whom a department asked


HANS = "hans@werkstatt.example"
OUTSIDER = "From: Otto <otto@pumpen.example>\nTo: {}\nCc: Hans <{}>\nSubject: AW: Pumpe {}"


def asked(house: House) -> str:
    """A request on which a department was asked; gives what our subjects say of it."""
    technical = house.department("Technical", f"Hans <{HANS}>, ext. 3")
    house.comes("From: Eva Blau <eva@blau.example>\nSubject: Pumpe", "Die Pumpe leckt.")
    house.desk.do(drafts.ForwardDraft(technical, "Kennt Otto die?"), [1])
    with closing(connect(house.path)) as connection:
        return token_of(connection, 1)


def events(house: House) -> list[str]:
    return [row.event for row in house.request(1).activities]


@pytest.mark.parametrize("old", [False, True])
def test_whom_a_department_asked_is_offered_as_its_answer(house: House, old: bool) -> None:
    """Who writes beside the thread, to us and to the department."""
    token = asked(house)
    done = house.comes(OUTSIDER.format(DESK, HANS, "[#1]" if old else token), "Ja, Dichtung 12.")
    assert events(house) == ["received", "forwarded", "unverified"]
    assert house.request(1).court == "department"
    assert any("so it may be its answer" in each for each in done.remarks)
    (mail_id,) = house.reader.rows("SELECT max(mail_id) FROM mail_filed")[0]
    house.desk.do(drafts.AcceptMails((mail_id,)))
    detail = house.request(1)
    assert events(house)[-1] == "logged"
    assert (detail.court, detail.forwards[0].answer) == ("me", "Ja, Dichtung 12.")


def test_who_shares_an_id_with_the_thread_and_writes_to_the_department_is_offered_too(
    house: House,
) -> None:
    asked(house)
    (ours,) = house.reader.rows("SELECT message_id FROM outbox")
    house.comes(
        f"From: Hans <{HANS}>\nIn-Reply-To: <{ours[0]}>\nReferences: <{ours[0]}> <hans-to-otto@w>",
        "Ich frage Otto.",
    )
    house.comes(f"{OUTSIDER.format(DESK, HANS, '')}\nIn-Reply-To: <hans-to-otto@w>", "Ja.")
    assert events(house)[-1] == "unverified"
    house.comes("From: Eve <eve@else.example>\nIn-Reply-To: <hans-to-otto@w>", "Me too")
    assert house.reader.value("SELECT max(request_id) FROM mail_filed") == 2


def test_a_stranger_who_does_not_write_to_the_department_answers_for_nobody(house: House) -> None:
    token = asked(house)
    house.comes(OUTSIDER.format(DESK, "else@werkstatt.example", token))
    assert events(house)[-1] == "unverified"
    (mail_id,) = house.reader.rows("SELECT max(mail_id) FROM mail_filed")[0]
    house.desk.do(drafts.AcceptMails((mail_id,)))
    assert events(house)[-1] == "received"


def test_the_customer_who_writes_to_the_department_too_speaks_for_themselves(house: House) -> None:
    token = asked(house)
    house.comes(
        f"From: Eva Blau <eva@blau.example>\nTo: {DESK}, {HANS}\nSubject: Re: Pumpe {token}"
    )
    assert events(house)[-1] == "received"


def test_two_at_a_mail_provider_are_no_colleagues(
    house_of: Callable[[tuple[str, ...]], House],
) -> None:
    house = house_of(("spoc@gmail.com",))
    house.comes("From: Max <max@gmail.com>\nSubject: WG: Pumpe", PASSED_ON)
    assert house.customer(1) == ("Max", ["max@gmail.com"])


# The cases beside the repository


@beside
@pytest.mark.parametrize(
    ("name", "mine", "customer", "answered_at"),
    [
        ("09-customers-through-a-group-address-lie-aside/in.eml", (DESK, SUPPORT), *ANNA),
        ("09-customers-through-a-group-address-lie-aside/dmarc.eml", (DESK, SUPPORT), *ANNA),
        ("10-web-form-reply-to-is-ignored/a.eml", (DESK,), *BERTA),
        ("mail/01/a.eml", ("desk@example.com",), "Nora Blum", "nora@blum.example"),
        ("mail/02/a.eml", ("desk@example.com",), "Max Roth", "max@roth.example"),
        ("mail/03/a.eml", ("desk@example.com",), "Jan Pohl", "jan@pohl.example"),
        ("mail/19/a.eml", ("desk@example.com",), "ina@falk.example", "ina@falk.example"),
        (
            "mail/24/a.eml",
            ("desk@example.com", "support@example.com"),
            "Ute Sand",
            "ute@sand.example",
        ),
    ],
)
def test_a_customer_who_was_missed_is_found_and_answered(
    house_of: Callable[[tuple[str, ...]], House],
    name: str,
    mine: tuple[str, ...],
    customer: str,
    answered_at: str,
) -> None:
    house = house_of(mine)
    house.came((CASES / name).read_bytes())
    assert house.customer(1) == (customer, [answered_at])
    assert house.answered_at(1) == answered_at


@beside
def test_a_list_whose_mail_is_wanted_is_answered_to_who_wrote(
    house_of: Callable[[tuple[str, ...]], House],
) -> None:
    house = house_of(("desk@example.com",))
    house.came((CASES / "mail/24/a.eml").read_bytes(), lists=True)
    assert house.customer(1) == ("Ute Sand", ["ute@sand.example"])
    assert house.answered_at(1) == "ute@sand.example"


@beside
def test_one_address_in_two_spellings_is_one_customer(
    house_of: Callable[[tuple[str, ...]], House],
) -> None:
    house = house_of((DESK,))
    for name in ("a.eml", "b.eml"):
        house.came((CASES / "20-one-idn-address-makes-two-customers" / name).read_bytes())
    assert house.customer(1) == house.customer(2) == ("Müller", [SPELT[0]])
    assert house.reader.value("SELECT count(*) FROM customer") == 1
