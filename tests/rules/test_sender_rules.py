"""What a person said of senders, what providers say of mails, and what becomes of them then."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from poc_tui.errors import NotUnderstood
from poc_tui.rules.mail.filing import Filing
from poc_tui.rules.mail.message import (
    KEPT_FIELDS,
    Mail,
    MailAddress,
    Nature,
    SenderRule,
    Treatment,
)
from poc_tui.rules.mail.sender_rules import by_name, makes_a_letter, names, read, rule_for
from poc_tui.rules.mail.set_aside import (
    KNOWN_IN_JUNK,
    MARKED_AS_SPAM,
    WRITES_FIRST,
    AsideFacts,
    outcome,
)
from poc_tui.rules.mail.spam_marks import FIELDS, marked_as_spam

ANNA = MailAddress("Anna", "Anna@News.Firm.Example")


def mail(*headers: tuple[str, str], sender: MailAddress | None = ANNA, **rest: object) -> Mail:
    return Mail(sender=sender, headers=headers, **rest)  # type: ignore[arg-type]


def holding(*rules: tuple[str, Treatment], of: Mail) -> Treatment | None:
    """What becomes of the mail under these rules."""
    rule = rule_for(of, "", by_name(SenderRule(*each) for each in rules))
    return None if rule is None else rule.treatment


# Whom a rule names


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("anna@firm.example", "anna@firm.example"),
        ("  Anna@FIRM.example ", "anna@firm.example"),
        ("@firm.example", "@firm.example"),
        ("@Bäckerei.example", "@xn--bckerei-5wa.example"),
        ("list:News.firm.example", "list:news.firm.example"),
        ("LIST: <none>", None),
        ("list:", None),
        ("anna", None),
        ("@", None),
        ("", None),
        ("anna@firm.example, ott@ott.example", None),
        ("list:a b", None),
    ],
)
def test_whom_the_words_name(words: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(NotUnderstood, match="for a mailing list"):
            read(words)
    else:
        assert read(words) == name


def test_a_rule_can_name_the_sender_then_the_domains_then_the_list() -> None:
    came = mail(
        ("list-id", '"The news" <News.Firm.example>'), ("list-post", "<mailto:x@y.example>")
    )
    assert list(names(came, "")) == [
        "anna@news.firm.example", "@news.firm.example", "@firm.example", "list:news.firm.example",
    ]  # fmt: skip


def test_who_wrote_it_comes_before_what_carried_it() -> None:
    came = mail(sender=MailAddress("Shop", "form@shop.example"))
    assert list(names(came, "Ott@bread.example")) == [
        "ott@bread.example", "form@shop.example", "@bread.example", "@shop.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("list-id", "news.firm.example", "news.firm.example"),
        ("list-post", "<mailto:all@firm.example?subject=x>", "all@firm.example"),
        ("x-mailing-list", "all@firm.example", "all@firm.example"),
        ("list-id", "some words that name nothing", None),
        ("list-id", "<" * 3000, None),
    ],
)
def test_what_a_list_is_called(field: str, value: str, name: str | None) -> None:
    assert list(names(mail((field, value), sender=None), "")) == ([f"list:{name}"] if name else [])


def test_the_most_exact_rule_holds() -> None:
    came = mail(("list-id", "<news.firm.example>"))
    every = [
        ("list:news.firm.example", Treatment.SPAM),
        ("@firm.example", Treatment.ASIDE),
        ("@news.firm.example", Treatment.REQUESTS),
        ("anna@news.firm.example", Treatment.SPAM),
    ]
    for holds in range(1, 5):
        assert holding(*every[:holds], of=came) == every[holds - 1][1]


def test_a_domain_is_not_one_that_only_ends_like_it() -> None:
    assert holding(("@irm.example", Treatment.SPAM), of=mail()) is None
    assert holding(("@example", Treatment.SPAM), of=mail()) is None
    assert holding(("@firm.example", Treatment.SPAM), of=mail(sender=None)) is None


def test_a_rule_in_letters_of_the_dns_holds_for_a_domain_with_umlauts() -> None:
    ott = mail(sender=MailAddress("", "ott@bäckerei.example"))
    assert holding(("@xn--bckerei-5wa.example", Treatment.ASIDE), of=ott) == Treatment.ASIDE


@pytest.mark.parametrize(
    ("nature", "refs", "expected"),
    [
        (Nature.LIST, (), True),
        (Nature.LIST, ("a@b",), True),
        (Nature.AUTO_REPLY, (), True),  # what a program sends of itself
        (Nature.AUTO_REPLY, ("ours@poc",), False),  # a note of absence
        (Nature.BOUNCE, (), False),
    ],
)
def test_what_is_always_a_request_is_one_though_no_person_wrote_it(
    nature: Nature, refs: tuple[str, ...], expected: bool
) -> None:
    came = mail(nature=nature, refs=refs)
    assert makes_a_letter(SenderRule("@firm.example", Treatment.REQUESTS), came) is expected
    assert not makes_a_letter(SenderRule("@firm.example", Treatment.ASIDE), came)
    assert not makes_a_letter(None, came)


# What the provider says


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("x-spam-flag", "YES", True),
        ("x-spam-flag", "yes", True),
        ("x-spam-flag", "NO", False),
        ("x-spam-status", "Yes, score=7.2 required=5.0 tests=BAYES_99", True),
        ("x-spam-status", "No, score=-2.6 required=5.0 tests=YES_MAN", False),
        ("x-spam", "Yes", True),
        ("x-spam", "Probable spam", True),
        ("x-spam", "Not detected", False),
        ("x-ms-exchange-organization-scl", "5", True),
        ("x-ms-exchange-organization-scl", "9", True),
        ("x-ms-exchange-organization-scl", "1", False),
        ("x-ms-exchange-organization-scl", "-1", False),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;CTRY:US;SCL:5;SRV:;SFV:SPM;H:x", True),
        ("x-forefront-antispam-report", "SFV:SPM;SCL:6", True),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;SCL:1;SFV:NSPM;", False),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;SCL:-1;SFV:SKN;", False),
        ("x-microsoft-antispam", "BCL:7;", False),
        ("x-bogosity", "Spam, tests=bogofilter, spamicity=0.99", True),
        ("x-bogosity", "Ham, tests=bogofilter", False),
        ("x-dspam-result", "Innocent", False),
        ("x-spamd-result", "default: True [16.10 / 15.00]", True),
        ("x-spamd-result", "default: False [-1.10 / 15.00]", False),
        ("x-gmx-antispam", "0 (Mail was not recognized as spam)", False),
        ("x-gmx-antispam", "6 (nemesis text pattern profiler)", True),
        ("x-ui-filterresults", "junk:10;", True),
        ("x-ui-filterresults", "notjunk:1;", False),
        ("x-vr-spamstate", "OK", False),
        ("x-mailscanner-spamcheck", "spam, SpamAssassin (not cached, score=9)", True),
        ("x-mailscanner-spamcheck", "not spam, SpamAssassin (score=1)", False),
        ("x-proofpoint-spam-details", "rule=spam policy=default score=98", True),
        ("x-proofpoint-spam-details", "rule=spam_notspam policy=default score=0", False),
        ("x-rspamd-action", "add header", True),
        ("x-rspamd-action", "no action", False),
        ("x-yandex-spam", "4", True),
        ("x-yandex-spam", "1", False),
        ("x-spam-level", "*******", False),
    ],
)
def test_what_a_field_says_of_spam(field: str, value: str, expected: bool) -> None:
    assert marked_as_spam(mail((field, value))) is expected


def test_one_yes_is_enough_whatever_others_say() -> None:
    assert marked_as_spam(mail(("x-spam-flag", "NO"), ("x-spam-status", "Yes, score=9")))
    assert marked_as_spam(mail(("x-spam-flag", "NO"), ("x-spam-flag", "YES")))


@pytest.mark.parametrize(
    ("subject", "headers", "expected"),
    [
        ("[SPAM] You won", (("x-spam-score", "8.1"),), True),
        ("***SPAM*** You won", (("x-spam-level", "*****"),), True),
        ("{Spam?} You won", (("x-spam-score", "8.1"),), True),
        ("[Suspected Spam] You won", (("x-spam-score", "8.1"),), True),
        ("[SPAM] You won", (), False),
        ("[SPAM] in our folder", (("x-spam-status", "No, score=1.2"),), False),
        ("Re: [SPAM] Your offer", (("x-spam-score", "8.1"),), False),
        ("Spam in our folder", (("x-spam-score", "8.1"),), False),
        ("You won", (("x-spam-score", "8.1"),), False),
    ],
)
def test_a_subject_says_it_only_beside_a_field(
    subject: str, headers: tuple[tuple[str, str], ...], expected: bool
) -> None:
    assert marked_as_spam(mail(*headers, subject=subject)) is expected


def test_every_field_that_is_looked_at_is_kept() -> None:
    assert set(FIELDS) <= set(KEPT_FIELDS)


def test_hostile_fields_take_no_time() -> None:
    hostile = tuple((field, " " * 50_000 + "SFV:" * 20_000) for field in FIELDS)
    assert not marked_as_spam(mail(*hostile, subject="[" * 50_000))


# What becomes of it

ONE, ALL = "anna@firm.example", "@firm.example"
SPAM, ASIDE, REQUESTS = Treatment.SPAM, Treatment.ASIDE, Treatment.REQUESTS


@pytest.mark.parametrize(
    ("what", "rule", "facts", "expected", "why"),
    [
        (Filing.NEW, None, {}, Filing.NEW, ""),
        (Filing.NEW, None, {"spam"}, Filing.SET_ASIDE, MARKED_AS_SPAM),
        (Filing.NEW, None, {"spam", "looked_at"}, Filing.SET_ASIDE, MARKED_AS_SPAM),
        (Filing.NEW, None, {"spam", "looked_at", "known"}, Filing.NEW, ""),
        (Filing.NEW, None, {"looked_at"}, Filing.SET_ASIDE, WRITES_FIRST),
        (Filing.NEW_OF_NOBODY, None, {"spam"}, Filing.SET_ASIDE, MARKED_AS_SPAM),
        (Filing.SET_ASIDE, None, {"spam"}, Filing.SET_ASIDE, MARKED_AS_SPAM),
        (Filing.SET_ASIDE, None, {"looked_at"}, Filing.SET_ASIDE, ""),
        (Filing.WROTE, None, {"spam", "looked_at"}, Filing.WROTE, ""),
        (Filing.NEW, None, {"junk"}, Filing.SET_ASIDE, MARKED_AS_SPAM),
        (Filing.NEW, None, {"junk", "known"}, Filing.SET_ASIDE, KNOWN_IN_JUNK),
        (Filing.FOLLOWS, None, {"junk", "known"}, Filing.SET_ASIDE, KNOWN_IN_JUNK),
        (Filing.NEW_OF_FIRST_WRITER, None, {"junk", "known"}, Filing.SET_ASIDE, KNOWN_IN_JUNK),
        (Filing.WROTE, None, {"junk", "known"}, Filing.WROTE, ""),
        (Filing.NEW, (ONE, REQUESTS), {"junk"}, Filing.NEW, ""),
        (Filing.NEW, (ALL, SPAM), {}, Filing.SPAM, f"by your rule for {ALL}"),
        (Filing.SET_ASIDE, (ALL, SPAM), {}, Filing.SPAM, f"by your rule for {ALL}"),
        (Filing.WROTE, (ALL, SPAM), {}, Filing.WROTE, ""),
        (Filing.WROTE, (ONE, SPAM), {}, Filing.SPAM, f"by your rule for {ONE}"),
        (Filing.NOT_DELIVERED, (ONE, SPAM), {}, Filing.NOT_DELIVERED, ""),
        (
            Filing.NEW, (ALL, ASIDE), {"spam", "junk", "looked_at"},
            Filing.SET_ASIDE, f"by your rule for {ALL}",
        ),
        (Filing.NEW, (ALL, ASIDE), {"known"}, Filing.SET_ASIDE, f"by your rule for {ALL}"),
        (Filing.SET_ASIDE, (ONE, ASIDE), {}, Filing.SET_ASIDE, f"by your rule for {ONE}"),
        (Filing.WROTE, (ONE, ASIDE), {}, Filing.WROTE, ""),
        (Filing.NEW, (ONE, REQUESTS), {"spam", "looked_at"}, Filing.NEW, ""),
    ],
)  # fmt: skip
def test_the_persons_word_comes_before_the_mark_and_that_before_the_doubt(
    what: Filing,
    rule: tuple[str, Treatment] | None,
    facts: Collection[str],
    expected: Filing,
    why: str,
) -> None:
    given = SenderRule(*rule) if rule else None
    assert outcome(what, AsideFacts(given, **dict.fromkeys(facts, True))) == (expected, why)
