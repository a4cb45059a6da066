"""Who wrote a mail that a group address, a form or a program for sales brought, what sort of mail
it is to us, and where its answer goes: by headers such as these really write them."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail.correspondent import asked_for, nature_to, somebody_in, writer
from poc_tui.rules.mail.filing import words_of
from poc_tui.rules.mail.message import Mail, MailAddress, Nature

OURS = ("desk@spoc.example", "support@spoc.example")
ANNA = MailAddress("Anna Neu", "anna@kunde.example")
LETTER, AUTO, LIST = Nature.ORDINARY, Nature.AUTO_REPLY, Nature.LIST


def read(header: str) -> Mail:
    return parse(f"Subject: Frage\n{header.strip()}\n\nWo ist meine Bestellung?\n".encode())


class Shape(NamedTuple):
    """A header, and what it tells."""

    header: str
    wrote: MailAddress
    nature: Nature = LETTER


GROUPS = {
    "google": Shape(
        """From: Anna Neu <anna@kunde.example>
To: support@spoc.example
Precedence: list
Mailing-list: list support@spoc.example; contact support+owners@spoc.example
List-ID: <support.spoc.example>
X-Google-Group-Id: 482017710913
List-Post: <https://groups.google.com/a/spoc.example/group/support/post>,
 <mailto:support@spoc.example>
List-Help: <https://support.google.com/a/spoc.example/bin/topic.py?topic=25838>
List-Unsubscribe: <mailto:googlegroups-manage+482017710913+unsubscribe@googlegroups.com>
X-Original-Sender: anna@kunde.example""",
        ANNA,
    ),
    "google, as the policy of the writer's domain asks": Shape(
        """From: "'Anna Neu' via Support" <support@spoc.example>
To: desk@spoc.example
Reply-To: Anna Neu <anna@kunde.example>
Precedence: list
List-ID: <support.spoc.example>
X-Original-From: Anna Neu <anna@kunde.example>
X-Original-Sender: anna@kunde.example""",
        ANNA,
    ),
    "google, with answers to the group": Shape(
        """From: 'Anna Neu' via Support <support@spoc.example>
To: Support <support@spoc.example>
Reply-To: Support <support@spoc.example>
Mailing-list: list support@spoc.example; contact support+owners@spoc.example
X-Original-Sender: anna@kunde.example""",
        ANNA,
    ),
    "google, of one without a name": Shape(
        """From: "'anna@kunde.example' via Support" <support@spoc.example>
To: support@spoc.example
List-ID: <support.spoc.example>""",
        MailAddress("", "anna@kunde.example"),
    ),
    "google, of a name with a comma": Shape(
        """From: "'Neu, Anna' via Support" <support@spoc.example>
To: support@spoc.example
List-ID: <support.spoc.example>
X-Original-From: "Neu, Anna" <anna@kunde.example>""",
        MailAddress("Neu, Anna", "anna@kunde.example"),
    ),
    "google, who wants the answer elsewhere": Shape(
        """From: 'Anna Neu' via Support <support@spoc.example>
To: support@spoc.example
Reply-To: buero@kunde.example
List-ID: <support.spoc.example>
X-Original-From: Anna Neu <anna@kunde.example>""",
        ANNA,
    ),
    "google, at our domain, to the desk": Shape(
        """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
Precedence: list
List-ID: <verkauf.spoc.example>
List-Post: <https://groups.google.com/a/spoc.example/group/verkauf/post>""",
        ANNA,
    ),
    "google, of what a form wrote": Shape(
        """From: "'Shop' via Support" <support@spoc.example>
To: support@spoc.example
Reply-To: Anna Neu <anna@kunde.example>
List-ID: <support.spoc.example>
X-Original-From: Shop <noreply@shop.example>
X-Original-Sender: noreply@shop.example""",
        ANNA,
    ),
    "google, a note of absence": Shape(
        """From: Anna Neu <anna@kunde.example>
To: support@spoc.example
List-ID: <support.spoc.example>
Auto-Submitted: auto-replied""",
        ANNA,
        AUTO,
    ),
    "google, of what a form wrote that names nobody": Shape(
        """From: Shop <noreply@shop.example>
To: support@spoc.example
Precedence: list
List-ID: <support.spoc.example>
List-Unsubscribe: <mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>""",
        MailAddress("Shop", "noreply@shop.example"),
    ),
    "google, a newsletter of a service that went to the group": Shape(
        """From: Glue <noreply@glue.example>
To: support@spoc.example
Precedence: list
List-ID: <support.spoc.example>
List-Unsubscribe: <mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: 1:1:ses""",
        MailAddress("Glue", "noreply@glue.example"),
        LIST,
    ),
    "google, a newsletter that went to the group": Shape(
        """From: Glue News <newsletter@glue.example>
To: support@spoc.example
Precedence: list
List-ID: <support.spoc.example>
List-Unsubscribe: <mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>""",
        MailAddress("Glue News", "newsletter@glue.example"),
        LIST,
    ),
    "google, that says no more than so": Shape(
        """From: Anna Neu <anna@kunde.example>
To: Support <support@spoc.example>
Precedence: list
X-Google-Group-Id: 482017710913""",
        ANNA,
    ),
    "google, that says no more than so and is not ours": Shape(
        """From: Anna Neu <anna@kunde.example>
To: bikes@lists.example
Precedence: list
X-Google-Group-Id: 482017710913""",
        ANNA,
        LIST,
    ),
    "google, an answer, of which nothing else says so": Shape(
        """From: 'Anna Neu' via Support <support@spoc.example>
To: desk@spoc.example
Reply-To: Anna Neu <anna@kunde.example>
In-Reply-To: <1@spoc.example>""",
        ANNA,
    ),
    "microsoft 365": Shape(
        """From: Anna Neu <anna@kunde.example>
Sender: Support <support@spoc.example>
To: Support <support@spoc.example>
List-ID: <support.spoc.example>
List-Unsubscribe: <https://outlook.office365.com/owa/support@spoc.example/groupsubscription.ashx>
X-Auto-Response-Suppress: All""",
        ANNA,
    ),
    "microsoft 365, on behalf of": Shape(
        """From: Support <support@spoc.example>
Sender: Anna Neu <anna@kunde.example>
To: Support <support@spoc.example>""",
        ANNA,
    ),
    "mailman 2": Shape(
        """From: Anna Neu <anna@kunde.example>
To: support@spoc.example
Sender: "Support" <support-bounces@spoc.example>
X-BeenThere: support@spoc.example
X-Mailman-Version: 2.1.39
Precedence: list
List-Id: Support of Spoc <support.spoc.example>
List-Unsubscribe: <https://lists.spoc.example/options/support>
List-Post: <mailto:support@spoc.example>
List-Help: <mailto:support-request@spoc.example?subject=help>""",
        ANNA,
    ),
    "mailman 2, as the policy of the writer's domain asks": Shape(
        """From: Anna Neu via Support <support@spoc.example>
Reply-To: Anna Neu <anna@kunde.example>
To: support@spoc.example
X-BeenThere: support@spoc.example
Precedence: list
List-Id: <support.spoc.example>
List-Post: <mailto:support@spoc.example>""",
        ANNA,
    ),
    "mailman 3, with answers to the list": Shape(
        """From: Anna Neu via Support <support@spoc.example>
To: support@spoc.example
Reply-To: Support <support@spoc.example>
Cc: Max <max@kunde.example>, Anna Neu <anna@kunde.example>
List-Id: <support.spoc.example>
List-Post: <mailto:support@spoc.example>""",
        ANNA,
    ),
    "mailman 3, at a host of its own": Shape(
        """From: Anna Neu via Support <support@lists.spoc.example>
To: support@spoc.example
Reply-To: Anna Neu <anna@kunde.example>
X-MailFrom: anna@kunde.example
Precedence: list
List-Id: <support.lists.spoc.example>""",
        ANNA,
    ),
    "a list of somebody else, of which we are": Shape(
        """From: Anna Neu via Bikes <bikes@lists.example>
Reply-To: Anna Neu <anna@kunde.example>, bikes@lists.example
To: bikes@lists.example
Precedence: list
List-Id: <bikes.lists.example>
List-Post: <mailto:bikes@lists.example>""",
        ANNA,
        LIST,
    ),
    "a list of somebody else that keeps to itself who wrote": Shape(
        """From: Anna Neu via Bikes <bikes@lists.example>
Sender: bikes@lists.example
To: bikes@lists.example
List-Post: <mailto:bikes@lists.example>""",
        MailAddress("Anna Neu via Bikes", "bikes@lists.example"),
        LIST,
    ),
    "a list of our own, in which we talk": Shape(
        """From: Ida Kern <ida@spoc.example>
To: desk@spoc.example
List-Id: <alle.spoc.example>""",
        MailAddress("Ida Kern", "ida@spoc.example"),
        LIST,
    ),
    "a list at our domain that did not write to us": Shape(
        """From: Anna Neu <anna@kunde.example>
To: freunde@spoc.example
List-Id: <freunde.spoc.example>""",
        ANNA,
        LIST,
    ),
    "our group, of which a list of somebody else is": Shape(
        """From: Anna Neu <anna@kunde.example>
To: bikes@lists.example
List-Id: <bikes.lists.example>
List-Id: <support.spoc.example>""",
        ANNA,
        LIST,
    ),
}  # fmt: skip

FORMS = {
    "wordpress": """From: Formular <wordpress@shop.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "wordpress on our own site": """From: Spoc <wordpress@spoc.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "a form on our own site that writes as ourselves": """From: Spoc <desk@spoc.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "a form on our own site that writes as somebody there": """From: Spoc <info@spoc.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "contact form 7": """From: Anna Neu <info@shop.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example
X-Mailer: PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)
X-WPCF7-Content-Type: text/plain""",
    "a firm's address that has somebody else answered": """From: Blumen Krause <info@blumen.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "squarespace": """From: Squarespace <form-submission@squarespace.info>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "a script of a site": """From: Blumen <info@blumen.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example
X-PHP-Originating-Script: 1000:mail.php""",
    "shopify": """From: "Blumen (Shopify)" <mailer@shopify.com>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example
Feedback-ID: shop:contact:shopify""",
    "typeform": """From: Typeform <notifications@followups.typeform.com>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example
Auto-Submitted: auto-generated
Precedence: bulk""",
    "typeform, which lets one leave": """From: Typeform <notifications@followups.typeform.com>
Reply-To: anna@kunde.example (Anna Neu)
To: desk@spoc.example
List-Unsubscribe: <https://typeform.example/u/1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: 1:1:ses""",
    "jimdo": """From: Jimdo <no-reply@jimdo.com>
Reply-To: "Anna Neu" <anna@kunde.example>
To: desk@spoc.example""",
    "a form by its name": """From: "Kontaktformular blumen.example" <info@blumen.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
    "a shop that says that a program wrote": """From: Blumen <info@blumen.example>
Reply-To: Anna Neu <anna@kunde.example>
To: desk@spoc.example
Auto-Submitted: auto-generated""",
    "what a provider rewrote": """From: "Anna Neu <anna@kunde.example>" <no-reply@relay.example>
X-Original-From: Anna Neu <anna@kunde.example>
Reply-To: anna@kunde.example
To: desk@spoc.example""",
    "a first address in reply-to that is ours": """From: Shop <noreply@shop.example>
Reply-To: desk@spoc.example, Anna Neu <anna@kunde.example>
To: desk@spoc.example""",
}  # fmt: skip

PERSONS = {
    "through hubspot": """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
List-Unsubscribe: <https://hs-1.example/u/1>
X-HS-Cid: 1
Feedback-ID: aBc:hubspot""",
    "through hubspot, which lets one leave by a click": """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
List-Unsubscribe: <https://hs-1.example/u/1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: aBc:hubspot""",
    "through pipedrive": """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
List-Unsubscribe: <mailto:u@pipedrive.example>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
X-Mailer: Pipedrive""",
    "through a program for campaigns, in answer": """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
In-Reply-To: <1@spoc.example>
List-Unsubscribe: <https://crm.example/u/1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: a:b:c""",
    "with answers to another domain of theirs": """From: Anna Neu <anna@kunde.example>
To: desk@spoc.example
Reply-To: Anna privat <anna@privat.example>""",
}

MANY = {
    "mailchimp": """From: Glue <hello@glue.example>
To: desk@spoc.example
List-ID: 82f1mc list <82f1.12.list-id.mcsv.net>
List-Unsubscribe: <https://glue.us1.list-manage.example/unsubscribe?u=1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
X-MC-User: 82f1
Feedback-ID: 82f1:82f1:us1:mc""",
    "hubspot": """From: Glue <hello@glue.example>
To: desk@spoc.example
List-Unsubscribe: <https://hs.example/u/1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: aBc:hubspot""",
    "by its sender": """From: Glue <newsletter@glue.example>
To: desk@spoc.example
List-Unsubscribe: <https://glue.example/u/1>""",
    "by a sender who is not written to": """From: Glue <no-reply@glue.example>
To: desk@spoc.example
Reply-To: service@glue.example
List-Unsubscribe: <https://glue.example/u/1>""",
    "by a sender who is not written to, with a firm to answer": """From: Glue <noreply@glue.mail>
To: desk@spoc.example
Reply-To: Glue <service@glue.example>
List-Unsubscribe: <https://glue.example/u/1>""",
    "of the german seal": """From: Glue <hallo@glue.example>
To: desk@spoc.example
List-Unsubscribe: <https://glue.example/u/1>
X-CSA-Complaints: csa-complaints@eco.example""",
    "bulk": """From: Glue <hallo@glue.example>
To: desk@spoc.example
Precedence: bulk""",
}


PROGRAMS = (
    "noreply", "no-reply", "no_reply", "no.reply", "NoReply", "donotreply", "do-not-reply",
    "shop-noreply", "noreply2", "nicht-antworten", "nichtantworten", "bitte-nicht-antworten",
    "keine-antwort", "ne-pas-repondre", "nepasrepondre", "no-responder", "nao-responda",
    "non-rispondere", "niet-antwoorden", "nie-odpowiadaj", "neodpovidejte", "svar-ikke",
    "svara-inte", "ala-vastaa", "yanitlamayin", "formular", "kontaktformular", "webform",
    "contact-form", "formulaire", "formulario", "formularz", "formulier", "wordpress", "typo3",
    "mailer", "notifications", "notification", "benachrichtigung", "www-data",
)  # fmt: skip


@pytest.mark.parametrize("shape", GROUPS.values(), ids=GROUPS)
def test_what_comes_by_a_group_address_of_ours_is_of_who_wrote_it(shape: Shape) -> None:
    mail = read(shape.header)
    assert writer(mail, OURS) == shape.wrote
    assert nature_to(mail, OURS) == shape.nature


@pytest.mark.parametrize("header", FORMS.values(), ids=FORMS)
def test_what_a_form_sends_is_a_letter_of_whom_it_names_for_answers(header: str) -> None:
    mail = read(header)
    assert nature_to(mail, OURS) == LETTER
    assert writer(mail, OURS) == ANNA


@pytest.mark.parametrize("header", PERSONS.values(), ids=PERSONS)
def test_a_person_is_one_whatever_program_they_write_with(header: str) -> None:
    mail = read(header)
    assert nature_to(mail, OURS) == LETTER
    assert writer(mail, OURS) == ANNA


@pytest.mark.parametrize("header", MANY.values(), ids=MANY)
def test_what_went_to_many_is_told_by_more_than_one_sign(header: str) -> None:
    assert nature_to(read(header), OURS) == LIST


@pytest.mark.parametrize("local", PROGRAMS)
def test_a_form_and_a_sender_who_is_not_written_to_are_known_by_their_address(local: str) -> None:
    mail = read(f"From: Shop <{local}@shop.example>\nReply-To: Anna Neu <anna@kunde.example>")
    assert writer(mail, OURS) == ANNA


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Blumen Krause", "peter@privat.example"),
        ("Blumen Krause", "Peter Krause <peter@privat.example>"),
        ("", "Peter Krause <peter@privat.example>"),
    ],
)
def test_a_firm_that_wants_the_answer_elsewhere_is_who_wrote(name: str, asked: str) -> None:
    mail = read(f"From: {name} <info@blumen.example>\nReply-To: {asked}\nTo: desk@spoc.example")
    assert writer(mail, OURS) == MailAddress(name, "info@blumen.example")


@pytest.mark.parametrize(
    "local", ["info", "shop", "n.oreilly", "reply", "anna.formanova", "bo.wix", "service", "wplank"]
)
def test_a_person_s_address_is_theirs(local: str) -> None:
    sender = MailAddress("Anna", f"{local}@kunde.example")
    mail = read(f"From: Anna <{sender.address}>\nReply-To: anna@privat.example")
    assert writer(mail, OURS) == sender


def test_of_a_mail_that_our_group_put_into_one_of_its_own_the_inner_one_says_who_wrote() -> None:
    mail = parse(
        b"From: Anna Neu via Support <support@spoc.example>\nTo: support@spoc.example\n"
        b"Subject: Frage\nList-Id: <support.spoc.example>\nX-MailFrom: bounce@kunde.example\n"
        b"Content-Type: message/rfc822\n\n"
        b"From: Anna Neu <anna@kunde.example>\nSubject: Frage\n\nWo ist meine Bestellung?\n"
    )
    assert (writer(mail, OURS), nature_to(mail, OURS)) == (ANNA, LETTER)
    assert words_of(mail) == "Wo ist meine Bestellung?"


def test_of_a_form_that_is_passed_on_whom_it_names_wrote_first() -> None:
    form = "From: Shop <noreply@shop.example>\nReply-To: Anna Neu <anna@kunde.example>"
    for inner, first in ((form, ANNA), ("From: Max <max@kunde.example>\nReply-To: a@b.example",
                                        MailAddress("Max", "max@kunde.example"))):  # fmt: skip
        mail = parse(
            "From: Ida Kern <ida@spoc.example>\nSubject: WG: Frage\nContent-Type: message/rfc822"
            f"\n\n{inner}\nSubject: Frage\n\nWo?\n".encode()
        )
        assert mail.original == first


def test_what_i_wrote_elsewhere_is_mine_wherever_i_want_the_answer() -> None:
    mail = read(
        "From: Me <desk@spoc.example>\nTo: anna@kunde.example\nReply-To: me@private.example"
    )
    assert writer(mail, OURS) == MailAddress("Me", "desk@spoc.example")


def test_a_reply_is_of_its_sender_wherever_they_want_the_answer() -> None:
    for sender in ("desk@spoc.example", "werkstatt@spoc.example"):
        header = f"From: X <{sender}>\nTo: desk@spoc.example\nReply-To: tickets@saas.example"
        mail = read(f"{header}\nIn-Reply-To: <1@spoc.example>")
        assert writer(mail, OURS) == MailAddress("X", sender)


def test_a_program_that_names_no_person_stays_the_sender() -> None:
    for more in ("", "Reply-To: no-reply@shop.example", "Reply-To: desk@spoc.example"):
        mail = read(f"From: Shop <noreply@shop.example>\nTo: desk@spoc.example\n{more}")
        assert writer(mail, OURS) == MailAddress("Shop", "noreply@shop.example")


def test_a_notice_of_a_program_is_none_of_a_person() -> None:
    for reply_to in ("support@tool.example", "noreply@else.example", "help@eu.tool.example"):
        mail = read(
            f"From: no-reply@tool.example\nReply-To: {reply_to}\nAuto-Submitted: auto-generated"
        )
        assert nature_to(mail, OURS) == AUTO


def test_answers_go_to_each_who_is_named_but_never_to_a_list_that_asks_for_itself() -> None:
    mail = read(
        "From: Anna Neu <anna@kunde.example>\nList-Post: <mailto:bikes@lists.example>\n"
        "Reply-To: bikes@lists.example, Anna <anna@kunde.example>, noreply@kunde.example,"
        " Max <max@kunde.example>"
    )
    assert asked_for(mail) == (
        MailAddress("Anna", "anna@kunde.example"),
        MailAddress("Max", "max@kunde.example"),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Name: Anna Neu\nE-Mail: anna@kunde.example\n\nWo?", "anna@kunde.example"),
        ("anna@kunde.example, Anna@Kunde.example.", "Anna@Kunde.example"),
        ("anna@kunde.example or max@kunde.example", None),
        ("Sent from https://shop.example by help@shop.example to desk@spoc.example", None),
        ("nobody", None),
    ],
)
def test_the_only_address_in_the_text_of_a_form_is_somebody_s(text: str, found: str | None) -> None:
    assert somebody_in(text, ("noreply@shop.example", *OURS)) == found


def test_a_hostile_header_costs_little() -> None:
    """Each field is bounded before it comes here; nothing in it is looked at again and again."""
    evil = ("<" * 500 + "a@" * 250)[:1000], "a via " * 160, "'" * 1000, "x@y," * 250
    mail = Mail(
        sender=MailAddress("via " * 50, OURS[1]),
        recipients=(MailAddress("", OURS[0]),),
        headers=tuple(
            (name, each)
            for name in ("reply-to", "x-original-from", "list-id", "list-post", "mailing-list")
            for each in evil * 2
        ),
    )  # fmt: skip
    assert writer(mail, OURS) is not None
