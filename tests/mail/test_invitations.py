"""Invitations, what changes them and what answers them: in words, in the time of the desk."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from poc_tui.mail.message.invitations import MAX_BYTES, invitation
from poc_tui.mail.message.parse import parse
from poc_tui.rules.mail.message import Mail, Nature
from tests.helpers.raw_mail import mail

HERE = ZoneInfo("Europe/Berlin")
START = "DTSTART:20261203T090000Z"
OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*lines: str, method: str = "REQUEST", zone: str = "") -> str:
    event = "\n".join(("UID:u1", "SUMMARY:Ortstermin\\, Pumpe", *lines))
    said = f"METHOD:{method}\n" if method else ""
    return f"BEGIN:VCALENDAR\n{said}{zone}BEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"


def words(*lines: str, method: str = "REQUEST", zone: str = "") -> list[str]:
    told = invitation(calendar(*lines, method=method, zone=zone), HERE)
    assert told is not None
    return told.words.splitlines()


def sent(*lines: str, method: str = "REQUEST", text: str = "") -> Mail:
    """As programs send it: a form of the text beside two others."""
    return parse(
        mail(
            "Content-Type: multipart/alternative; boundary=x",
            f"--x\nContent-Type: text/plain\n\n{text}\n"
            "--x\nContent-Type: text/html\n\n<html><body><div></div></body></html>\n"
            f"--x\nContent-Type: text/calendar; method={method}\n\n"
            f"{calendar(*lines, method=method)}\n--x--\n",
        ),
        HERE,
    )


def test_an_invitation_says_what_when_where_and_who() -> None:
    got = sent(
        START,
        "DTEND:20261203T100000Z",
        "LOCATION:Baustelle Nord\\, Tor 3",
        "DESCRIPTION:Bitte Helm\n  mitbringen.",
        'ORGANIZER;CN="Huber, Karin":mailto:karin@huber.example',
        "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Desk:MAILTO:desk@firm.example",
        "ATTENDEE:mailto:karin@huber.example",
    )
    assert got.nature is Nature.ORDINARY
    assert got.text.splitlines() == [
        "Invitation: Ortstermin, Pumpe",
        "When: Thu 3 Dec 2026, 10:00 to 11:00 (Europe/Berlin)",
        "Where: Baustelle Nord, Tor 3",
        "Who: Huber, Karin <karin@huber.example> invites Desk <desk@firm.example>,"
        " karin@huber.example",
        "",
        "Bitte Helm mitbringen.",
    ]
    assert [part.name for part in got.parts] == ["part-3.ics"]


def test_beside_the_words_of_the_mail_its_description_is_not_said_again() -> None:
    got = sent(START, "DESCRIPTION:Geht das?", text="Geht das?")
    assert got.text.count("Geht das?") == 1
    assert "Thu 3 Dec 2026, 10:00" in got.text


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("DTSTART:20260703T090000Z", "DURATION:PT1H30M"), "Fri 3 Jul 2026, 11:00 to 12:30"),
        (("DTSTART;TZID=America/New_York:20261203T090000",), "Thu 3 Dec 2026, 15:00"),
        (("DTSTART;TZID=/vendor.example/America/New_York:20261203T090000",),
         "Thu 3 Dec 2026, 15:00"),
        (("DTSTART;TZID=W. Europe Standard Time:20261203T090000",), "Thu 3 Dec 2026, 09:00"),
        (("DTSTART;TZID=Tokyo Standard Time:20261203T090000",), "Thu 3 Dec 2026, 01:00"),
        (("DTSTART;TZID=Customized Time Zone:20261203T090000",), "Thu 3 Dec 2026, 15:00"),
        (("DTSTART;TZID=Customized Time Zone:20260320T090000",), "Fri 20 Mar 2026, 14:00"),
        (("DTSTART:20261203T090000",), "Thu 3 Dec 2026, 09:00"),
        (("DTSTART:20261203T220000Z", "DTEND:20261204T010000Z"),
         "Thu 3 Dec 2026, 23:00 to Fri 4 Dec 2026, 02:00"),
    ],
)  # fmt: skip
def test_a_time_is_told_as_our_clocks_show_it(lines: tuple[str, ...], when: str) -> None:
    assert words(*lines, zone=OUTLOOK)[1] == f"When: {when} (Europe/Berlin)"


def test_the_time_of_a_zone_that_nobody_knows_names_it() -> None:
    assert words("DTSTART;TZID=Hut 7:20261203T090000")[1] == "When: Thu 3 Dec 2026, 09:00 (Hut 7)"


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("DTSTART;VALUE=DATE:20261203",), "Thu 3 Dec 2026, all day"),
        (("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261204"), "Thu 3 Dec 2026, all day"),
        (("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261206"),
         "Thu 3 Dec to Sat 5 Dec 2026, all day"),
        ((START, "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;WKST=MO;COUNT=5"),
         "Thu 3 Dec 2026, 10:00 (Europe/Berlin); every 2 weeks on Thursday, 5 times"),
        ((START, "RRULE:FREQ=MONTHLY;BYDAY=1TH;UNTIL=20270304T090000Z"),
         "Thu 3 Dec 2026, 10:00 (Europe/Berlin); every month on the 1st Thursday"
         " until Thu 4 Mar 2027"),
        ((START, "RECURRENCE-ID:20261203T080000Z"),
         "Thu 3 Dec 2026, 10:00 (Europe/Berlin); one of several"),
        ((START, "RRULE:FREQ=SECONDLY"),
         "Thu 3 Dec 2026, 10:00 (Europe/Berlin); repeated by a rule of its own"),
    ],
)  # fmt: skip
def test_whole_days_and_repetitions_are_told_in_words(lines: tuple[str, ...], when: str) -> None:
    assert words(*lines)[1] == f"When: {when}"


@pytest.mark.parametrize(
    ("method", "line", "head"),
    [
        ("REQUEST", "SEQUENCE:2", "Invitation, changed"),
        ("CANCEL", "SEQUENCE:1", "Cancelled"),
        ("REQUEST", "STATUS:CANCELLED", "Cancelled"),
        ("COUNTER", "SEQUENCE:0", "Another time is proposed"),
        ("PUBLISH", "SEQUENCE:0", "Appointment"),
        ("", "SEQUENCE:0", "Appointment"),
    ],
)
def test_its_head_says_what_becomes_of_the_appointment(method: str, line: str, head: str) -> None:
    assert words(START, line, method=method)[0] == f"{head}: Ortstermin, Pumpe"


@pytest.mark.parametrize(
    ("status", "head"),
    [
        (";PARTSTAT=ACCEPTED", "Karin Huber <karin@huber.example> accepted"),
        (";PARTSTAT=DECLINED", "Karin Huber <karin@huber.example> declined"),
        (";PARTSTAT=TENTATIVE", "Karin Huber <karin@huber.example> tentatively accepted"),
        ("", "Answer to the invitation"),
    ],
)
def test_an_answer_says_who_comes_and_is_written_by_a_program(status: str, head: str) -> None:
    who = f"ATTENDEE;CN=Karin Huber{status}:mailto:karin@huber.example"
    got = sent(START, who, "COMMENT;LANGUAGE=de-DE:\\n", method="REPLY", text="Zugesagt.")
    assert got.nature is Nature.AUTO_REPLY
    assert got.text.splitlines()[:3:2] == ["Zugesagt.", f"{head}: Ortstermin, Pumpe"]
    assert "Comment" not in got.text


@pytest.mark.parametrize("field", ["", "Auto-Submitted: auto-generated\n"])
def test_who_answers_an_invitation_with_words_of_their_own_is_a_person(field: str) -> None:
    answer = calendar(START, "COMMENT:Geht es auch am Freitag?", method="REPLY")
    got = parse(mail(f"{field}Content-Type: text/calendar; method=REPLY", answer), HERE)
    assert got.nature is Nature.ORDINARY
    assert "Comment: Geht es auch am Freitag?" in got.text


@pytest.mark.parametrize(
    ("method", "nature"),
    [("REQUEST", Nature.ORDINARY), ("CANCEL", Nature.ORDINARY), ("REPLY", Nature.AUTO_REPLY)],
)
def test_who_invites_is_a_person_though_their_calendar_generates_the_mail(
    method: str, nature: Nature
) -> None:
    head = f"Auto-Submitted: auto-generated\nContent-Type: text/calendar; method={method}"
    assert parse(mail(head, calendar(START, method=method)), HERE).nature is nature


def test_an_invitation_and_its_answer_have_one_appointment_in_common() -> None:
    asked, answered = sent(START), sent(START, method="REPLY")
    assert asked.refs == answered.refs == ("appointment:u1",)


def test_an_invitation_that_is_all_there_is_is_read() -> None:
    got = parse(mail("Content-Type: text/calendar; method=REQUEST", calendar(START)), HERE)
    assert got.text.startswith("Invitation: Ortstermin, Pumpe\nWhen: Thu 3 Dec 2026, 10:00")


def test_what_its_part_is_for_holds_where_the_calendar_does_not_say() -> None:
    raw = mail("Content-Type: text/calendar; method=CANCEL", calendar(START, method=""))
    assert parse(raw, HERE).text.startswith("Cancelled: Ortstermin")


def test_an_appointment_in_two_forms_is_told_once() -> None:
    both = (
        f"--x\nContent-Type: text/calendar; method=REQUEST\n\n{calendar(START)}\n"
        "--x\nContent-Type: application/ics; name=invite.ics\n"
        f"Content-Disposition: attachment\n\n{calendar(START)}\n--x--\n"
    )
    got = parse(mail("Content-Type: multipart/mixed; boundary=x", both), HERE)
    assert got.text.count("Ortstermin") == 1


def test_a_calendar_that_is_attached_for_no_purpose_is_a_file() -> None:
    file = (
        "--x\n\nOur holidays.\n--x\nContent-Type: text/calendar; name=holidays.ics\n"
        f"Content-Disposition: attachment\n\n{calendar(START, method='')}\n--x--\n"
    )
    got = parse(mail("Content-Type: multipart/mixed; boundary=x", file), HERE)
    assert got.text == "Our holidays."


@pytest.mark.parametrize(
    "text",
    [
        "", "no calendar", "BEGIN:VCALENDAR\nEND:VEVENT\nEND:X\nEND:Y", calendar("DTSTART:soon"),
        calendar("DTSTART:99999999T999999Z"), calendar(), "BEGIN:VEVENT\n" * 5000,
        "BEGIN:" * (MAX_BYTES // 6), "\n " * (MAX_BYTES // 2),
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_appointment_tells_nothing(text: str) -> None:
    assert invitation(text, HERE) is None


@pytest.mark.parametrize(
    "line",
    [
        "DTEND:00010101T000000Z", "DURATION:P9999W", "DURATION:P", f"RRULE:{'FREQ=DAILY;' * 999}",
        "RRULE:COUNT", "ORGANIZER", f"ATTENDEE{';A=' * 9999}:x", "DTEND;TZID=../../etc:20261203T1",
        "SUMMARY:\\", "ATTENDEE;CN=\":mailto:x",
    ],
    ids=range(10),
)  # fmt: skip
def test_a_broken_line_costs_no_more_than_itself(line: str) -> None:
    assert words(START, line)[1].startswith("When: Thu 3 Dec 2026, 10:00")
