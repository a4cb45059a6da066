"""Mail addresses: found in what people write about a contact, and told from one another."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.address import (
    address_in,
    domain,
    is_address,
    known_as,
    name_beside,
    of_one_house,
    readable_address,
    readable_domains,
    same,
    spellings,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w@x.example", "w@x.example"),
        ("Workshop <W.Shop@X.Example>, ext. 21", "W.Shop@x.example"),
        ("ext. 21, w@x.example, deputy v@x.example", "w@x.example"),
        ("mailto:w@x.example", "w@x.example"),
        ("(w@x.example)", "w@x.example"),
        ("write to w@x.example.", "w@x.example"),
        ("first.last+tag@mail.x.example;", "first.last+tag@mail.x.example"),
        ("müller@bäckerei.example", "müller@bäckerei.example"),
        ("root@localhost", "root@localhost"),
        ("o'brien@x.example", "o'brien@x.example"),
        ("'w@x.example'", "w@x.example"),
        ("", None),
        ("ext. 21", None),
        ("@handle", None),
        ("me @ 5 o'clock", None),
        ("bob@intranet", "bob@intranet"),
        ("bob@intranet, w@x.example", "w@x.example"),
        ("ring me@5", None),
        ("12 units@3.50", None),
        ("w@x_y.example", None),
        ("w@x..example", None),
        ("w@-x.example", None),
        ("a@b@x.example", "b@x.example"),
        ("l" * 65 + "@x.example", None),
        ("w@x.example@", None),
    ],
)
def test_the_first_address_of_a_text(text: str, expected: str | None) -> None:
    assert address_in(text) == expected


@pytest.mark.parametrize(
    "text",
    ["w@x.example", "W@X.Example", "o'brien@x.example", "müller@bäckerei.example",
     "info@weiß.example", "注文@例え.テスト", "root@localhost", "bob@intranet"],
)  # fmt: skip
def test_an_address_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "w", "w@", "@x.example", "w@x.example ", "<w@x.example>", "mailto:w@x.example", "w@5",
     "w@x.example\n", "a b@x.example", "w@x.example,v@x.example", "w@" + "x" * 400 + ".example"],
)  # fmt: skip
def test_what_is_more_or_less_than_an_address_is_none(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("bill\u200bing@x.example", id="a space without width"),
        pytest.param("a\u202emoc@x.example", id="letters from right to left"),
        pytest.param("a\u2066b\u2069@x.example", id="letters set apart"),
        pytest.param("a\x8db@x.example", id="a control character"),
        pytest.param("a\x9bb@x.example", id="the begin of a terminal sequence"),
        pytest.param("a\u3164@x.example", id="a letter that is blank"),
        pytest.param("a\ue000@x.example", id="a letter that nobody knows"),
        pytest.param("x@a⑴.example", id="a number in brackets"),
        pytest.param("x@evil⒈example", id="a number with a dot"),
        pytest.param("x@weiſſ.example", id="an old letter"),
        pytest.param("x@ａ.example", id="a wide letter"),
        pytest.param("x@㎒.example", id="a unit"),
    ],
)
def test_what_is_not_what_it_looks_like_is_no_address(text: str) -> None:
    assert not is_address(text)
    assert address_in(f"Workshop <{text}>") is None
    assert not known_as(text, f"Workshop <{text}>")
    assert address_in(f"{text}, then w@x.example") == "w@x.example"


def test_domains_are_told_apart_as_the_dns_does() -> None:
    assert not same("info@weiß.example", "info@weiss.example")
    assert not known_as("info@weiß.example", "Weiss <info@weiss.example>")
    assert not same("weiß@x.example", "weiss@x.example")
    assert same("info@BÄCKEREI.example", "Info@xn--bckerei-5wa.example")
    assert known_as("info@xn--bckerei-5wa.example", "Bakery <info@Bäckerei.example>")


@pytest.mark.parametrize(
    ("on_the_way", "readable"),
    [
        ("Info@XN--bckerei-5wa.example", "Info@bäckerei.example"),
        ("info@xn--bckerei-5wa.xn--p1ai", "info@bäckerei.рф"),
        ("a@xn--eckwd4c7cu47r2wf.example", "a@ドメイン名例.example"),
        ("info@mail.example", "info@mail.example"),
        ("info@bäckerei.example", "info@bäckerei.example"),
        ("a@xn--80ak6aa92e.example", "a@xn--80ak6aa92e.example"),  # looks like apple
        ("a@xn--pypal-4ve.example", "a@xn--pypal-4ve.example"),  # a Cyrillic letter among Latin
        ("a@xn--.example", "a@xn--.example"),
        ("a@xn--99999999999.example", "a@xn--99999999999.example"),
        ("a@xn--straße-x.example", "a@xn--straße-x.example"),
        ("a@xn--abc-.example", "a@xn--abc-.example"),  # says nothing but what it says without
        ("xn--mller-kva", "xn--mller-kva"),
    ],
)
def test_a_domain_is_shown_as_people_write_it_unless_it_could_pass_for_another(
    on_the_way: str, readable: str
) -> None:
    assert readable_address(on_the_way) == readable
    assert same(on_the_way, readable)
    assert {on_the_way, readable} <= {*spellings(on_the_way)} | {*spellings(readable)}


def test_domains_in_a_text_are_read_as_people_write_them() -> None:
    text = "xn--bckerei-5wa.example and info@xn--bckerei-5wa"
    assert readable_domains(text) == "bäckerei.example and info@bäckerei"
    assert readable_domains("a xn--80ak6aa92e") == "a xn--80ak6aa92e"


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("a@meyer.example", "b@shop.Meyer.example", True),
        ("a@shop.meyer.example", "b@meyer.example", True),
        ("a@meyer.example", "b@notmeyer.example", False),
        ("a@gmail.com", "b@gmail.com", False),
        ("a@gmail.com", "A@gmail.com", True),
        ("a", "b@meyer.example", False),
        ("", "", False),
    ],
)
def test_a_house_has_one_domain_and_those_below_it(one: str, other: str, are: bool) -> None:
    assert of_one_house(one, other) is are


def test_capitals_tell_no_addresses_apart() -> None:
    assert same("Info@Meyer.example", " info@meyer.EXAMPLE ")
    assert not same("info@meyer.example", "info@meier.example")
    assert not same("müller@x.example", "mueller@x.example")
    assert not same("", "")


def test_a_department_is_known_by_every_address_that_is_named() -> None:
    contact, lead = "Workshop <W@x.example>, or v@X.example (nights)", "boss@x.example"
    assert known_as("w@x.example", contact, lead)
    assert known_as("V@X.EXAMPLE", contact, lead)
    assert known_as("boss@x.example", contact, lead)
    assert not known_as("shop@x.example", contact, lead)
    assert not known_as("w@x.example.org", contact, lead)
    assert not known_as("x@boss@x.example", contact, lead)
    assert not known_as("", contact, "")
    assert known_as("bob@intranet", "Bob@Intranet, w@x.example")


def test_the_domain_of_an_address() -> None:
    assert domain("W@X.Example") == "x.example"
    assert domain("nobody") == ""


@pytest.mark.parametrize(
    "text",
    ["@" * 300_000, "a" * 300_000, "a@" * 150_000, "a@" + "a." * 150_000, "a@" + "-" * 300_000,
     "a@a-" * 100_000, "a@ä" * 100_000, "a@" + "ä." * 100_000, "a@a" + "." * 300_000,
     "a@ä " * 100_000],
)  # fmt: skip
def test_a_text_without_end_is_looked_through(text: str) -> None:
    """What is quadratic in its length would take minutes."""
    address_in(text)
    is_address(text)
    assert not known_as("w@x.example", text)
    same(text, text.upper())


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ("Workshop <w@x.example>, ext. 21", "Workshop"),
        ("Workshop, w@x.example", "Workshop"),
        ("workshop, ext. 21", "workshop, ext. 21"),
        ("w@x.example", ""),
        ("<w@x.example> Workshop", ""),
        ("", ""),
    ],
)
def test_who_is_at_an_address_is_what_stands_before_it(contact: str, name: str) -> None:
    assert name_beside(contact) == name
