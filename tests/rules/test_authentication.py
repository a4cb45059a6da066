"""Whether a mail comes from where it says, by what a trusted server found."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from poc_tui.rules.mail.authentication import (
    RECEIVED,
    RESULTS,
    Verdict,
    authentication,
    doubt_of,
    received_by,
)
from poc_tui.rules.mail.message import Mail, MailAddress

MX = "mx.example.com"
SENDER = "info@meyer.example"
PROVED, FORGED, UNKNOWN = Verdict.PROVED, Verdict.FORGED, Verdict.UNKNOWN
Field = tuple[str, str]


def says(*results: str, by: str = MX) -> Field:
    return (RESULTS, "; ".join((by, *results)))


def had(host: str) -> Field:
    return (RECEIVED, host)


def verdict(*header: Field, sender: str = SENDER, trusted: tuple[str, ...] = (MX,)) -> Verdict:
    return authentication(header, sender, trusted).verdict


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (("none",), UNKNOWN),
        (("dmarc=pass header.from=meyer.example",), PROVED),
        (("dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=Meyer.Example",), PROVED),
        (("dmarc=pass header.from=mail.meyer.example",), PROVED),
        (("dmarc=fail (p=none) header.from=meyer.example",), FORGED),
        (("spf=pass smtp.mailfrom=x@evil.example", "dmarc=fail header.from=meyer.example"), FORGED),
        # The server looked at another From than the one that is shown.
        (("dmarc=pass header.from=evil.example",), FORGED),
        (("dmarc=none header.from=meyer.example",), UNKNOWN),
        (("dmarc=temperror header.from=meyer.example",), UNKNOWN),
        (("spf=pass smtp.mailfrom=info@meyer.example",), PROVED),
        (("spf=pass smtp.mailfrom=bounce.meyer.example", "dmarc=none"), PROVED),
        (("spf=pass smtp.mailfrom=evil.example", "dkim=none", "dmarc=none"), UNKNOWN),
        (("spf=pass smtp.helo=meyer.example",), UNKNOWN),
        (("dkim=pass header.d=meyer.example header.s=x header.b=abc",), PROVED),
        (("dkim=pass header.i=@meyer.example",), PROVED),
        (("dkim=pass header.d=evil.example",), UNKNOWN),
        # Whoever has the name beside it, or a longer one, is somebody else.
        (("dkim=pass header.d=notmeyer.example",), UNKNOWN),
        (("spf=fail smtp.mailfrom=meyer.example", "dkim=fail header.d=meyer.example"), FORGED),
        (("spf=softfail smtp.mailfrom=meyer.example", "dkim=fail (bad signature)"), FORGED),
        (("spf=fail (sender IP is 192.0.2.9) smtp.mailfrom=meyer.example", "dkim=none"), FORGED),
        (("spf=softfail smtp.mailfrom=meyer.example", "dkim=none"), UNKNOWN),
        # It was sent on by somebody who may not send for it, and its signature still holds.
        (("spf=fail smtp.mailfrom=meyer.example", "dkim=pass header.d=meyer.example"), PROVED),
        # A list put a line below it, and sent it in its own name.
        (("spf=pass smtp.mailfrom=list.example", "dkim=fail header.d=meyer.example"), UNKNOWN),
        (("dkim=fail header.d=old.example", "dkim=pass header.d=meyer.example"), PROVED),
        (("spf=temperror smtp.mailfrom=meyer.example", "dkim=temperror"), UNKNOWN),
        (("iprev=fail policy.iprev=192.0.2.9", "auth=pass smtp.auth=x"), UNKNOWN),
        (("dmarc/1 = fail header.from=meyer.example",), FORGED),
    ],
)
def test_what_a_trusted_server_found(results: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(says(*results)) is expected


def test_a_failure_says_who_found_it_and_of_whom() -> None:
    failed = says("dmarc=fail header.from=meyer.example", by="MX.example.com. 1")
    assert authentication([failed], SENDER, [MX]).why == (
        "mx.example.com says that it does not come from meyer.example: DMARC failed"
    )
    other = says("dmarc=pass header.from=evil.example")
    assert authentication([other], SENDER, [MX]).why == (
        "mx.example.com says that it comes from evil.example, not from meyer.example"
    )


FORGERY = says("dmarc=fail header.from=meyer.example")
LIE = says("spf=pass smtp.mailfrom=meyer.example", "dmarc=pass header.from=meyer.example")


def test_without_a_trusted_server_nothing_is_believed() -> None:
    assert verdict(FORGERY, trusted=()) is UNKNOWN
    assert verdict(FORGERY, trusted=("elsewhere.example",)) is UNKNOWN
    assert verdict(says("dmarc=fail", by="mx.example.com.evil.example")) is UNKNOWN
    assert verdict(says("dmarc=fail", by="notmx.example.com")) is UNKNOWN


def test_a_domain_stands_for_the_servers_below_it() -> None:
    failed = says("dmarc=fail", by="mx4.mail.example.com")
    assert verdict(failed, trusted=("elsewhere.example", "Example.com")) is FORGED


def test_what_the_sender_wrote_into_the_mail_is_not_believed() -> None:
    ours, theirs = had("mx.example.com"), had("evil.example")
    assert verdict(ours, FORGERY, LIE) is FORGED
    assert verdict(ours, FORGERY, theirs, LIE) is FORGED
    assert verdict(FORGERY, ours, LIE) is FORGED
    assert verdict(FORGERY, ours, theirs, LIE) is FORGED
    assert verdict(ours, says("dmarc=fail", by="evil.example"), FORGERY) is UNKNOWN


def test_what_lies_below_another_server_is_not_believed() -> None:
    """It had the mail after the trusted one: whoever gave it the mail wrote what is below."""
    assert verdict(had("mail.provider.example"), FORGERY) is UNKNOWN
    assert verdict(had("imap.example.com"), had("mx.example.com"), FORGERY) is FORGED
    in_the_house = [
        had(host) for host in ("", "laptop", "2002:a17:b0::1", "10.0.0.7", "a.internal")
    ]
    assert verdict(*in_the_house, FORGERY) is FORGED


def test_several_fields_of_one_server_count_together_and_the_first_of_each_method() -> None:
    spf, dkim = (
        says("spf=fail smtp.mailfrom=meyer.example"),
        says("dkim=pass header.d=meyer.example"),
    )
    assert verdict(had(MX), spf, dkim) is PROVED
    assert verdict(had(MX), spf, had("evil.example"), dkim) is FORGED


def test_a_server_without_a_name_is_the_one_that_had_the_mail() -> None:
    """As Microsoft 365 writes it."""
    said = (
        RESULTS,
        "spf=fail (sender IP is 192.0.2.9) smtp.mailfrom=meyer.example; dkim=none (message not"
        " signed) header.d=none;dmarc=fail action=quarantine header.from=meyer.example;"
        "compauth=fail reason=000",
    )
    above = [had("db7pr05.outlook.office365.com")]
    below = [had("db5eur03.mail.protection.outlook.com"), had("evil.example")]
    trusted = ("outlook.com", "office365.com")
    assert verdict(*above, said, *below, trusted=trusted) is FORGED
    assert verdict(*above, said, had("evil.example"), trusted=trusted) is UNKNOWN


@pytest.mark.parametrize(
    "said",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=meyer.example"@evil.example',
        "spf=pass (a comment; dmarc=pass header.from=meyer.example) smtp.mailfrom=evil.example",
        r"spf=pass (\) ; dmarc=pass ; ) smtp.mailfrom=evil.example",
        r'spf=pass smtp.mailfrom="\"; dmarc=pass"@evil.example',
        'spf=pass reason="dmarc=pass header.from=meyer.example; dmarc=pass" spf=x',
    ],
)
def test_what_a_server_quotes_of_the_sender_is_none_of_its_results(said: str) -> None:
    assert verdict(says(said, "dmarc=fail header.from=meyer.example")) is FORGED


def test_a_domain_is_the_same_in_all_its_letters() -> None:
    said = says("dmarc=pass header.from=xn--bckerei-5wa.example")
    assert verdict(said, sender="info@Bäckerei.example") is PROVED
    assert verdict(said, sender="info@baeckerei.example") is FORGED


@pytest.mark.parametrize("value", ["", ";", "(((", '"', "mx.example.com", "mx.example.com; ;=; x"])
def test_nonsense_says_nothing(value: str) -> None:
    assert verdict((RESULTS, value)) is UNKNOWN


@given(st.text(max_size=200), st.text(max_size=40))
def test_whatever_stands_there_nobody_is_proved_by_what_a_comment_or_a_quotation_says(
    words: str, sender: str
) -> None:
    quoted = words.replace("\\", "").replace('"', "").replace("(", "").replace(")", "")
    for lie in (f'"{quoted}; dmarc=pass "', f"({quoted}; dmarc=pass )"):
        assert verdict(says(f"spf=none reason={lie}", "dmarc=fail")) is FORGED
    authentication([(RESULTS, words), (RECEIVED, sender)], sender, [MX, sender])
    received_by(words)


def test_what_has_no_end_is_looked_through() -> None:
    for piece in ("(", '"', "\\", ";", "=", "a=b ", "dmarc=pass;", "header.from=x "):
        verdict((RESULTS, f"{MX}; {piece * 300_000}"))
        received_by(piece * 300_000)


@pytest.mark.parametrize(
    ("field", "host"),
    [
        ("from a.example (a.example [192.0.2.1]) by mx.example.com (Postfix) with ESMTP", MX),
        ("from evil (helo by evil.example) by MX.example.com. with SMTP", MX),
        (
            "by 2002:a05:6a10:1a5 with SMTP id x; Mon, 30 Nov 2026 10:00:00 +0000",
            "2002:a05:6a10:1a5",
        ),
        ("from x", ""),
        ("", ""),
    ],
)
def test_the_server_that_had_a_mail(field: str, host: str) -> None:
    assert received_by(field) == host


def test_a_mail_that_comes_from_several_is_in_doubt_whatever_is_set() -> None:
    both = (("from", "info@meyer.example"), ("from", "x@evil.example"))
    mail = Mail(sender=MailAddress("", SENDER), headers=both)
    assert (
        doubt_of(mail, ())
        == "it says that it comes from info@meyer.example and from x@evil.example"
    )
    assert doubt_of(Mail(sender=MailAddress("", SENDER), headers=(FORGERY,)), ()) == ""
    assert doubt_of(Mail(headers=(FORGERY,)), (MX,)) == ""
    assert "DMARC" in doubt_of(Mail(sender=MailAddress("", SENDER), headers=(FORGERY,)), (MX,))


@pytest.mark.parametrize(
    ("results", "in_doubt"),
    [
        (("spf=pass smtp.mailfrom=support+bnc@spoc.example",), False),
        (("dkim=fail header.d=meyer.example", "dkim=pass header.d=spoc.example"), False),
        (("spf=fail smtp.mailfrom=support@spoc.example",), True),
        (("spf=pass smtp.mailfrom=x@evil.example",), True),
        (("spf=pass smtp.mailfrom=x@notspoc.example",), True),
        ((), True),
    ],
)
def test_what_a_group_of_ours_brought_is_believed_where_the_group_sent_it(
    results: tuple[str, ...], in_doubt: bool
) -> None:
    """What it changed, its writer's domain proves no more."""
    header = says("dmarc=fail (p=NONE) header.from=meyer.example", *results)
    mail = Mail(sender=MailAddress("", SENDER), headers=(header,))
    assert bool(doubt_of(mail, (MX,), ("spoc.example",))) is in_doubt
    assert doubt_of(mail, (MX,))
    several = Mail(sender=MailAddress("", SENDER), headers=(header, ("from", "a@b.example")))
    assert doubt_of(several, (MX,), ("spoc.example",))
