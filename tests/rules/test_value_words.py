"""Other words for channels, kinds, priorities, states and resolutions."""

from __future__ import annotations

import time

import pytest

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Channel, Kind, Priority, Resolution, State, one_of
from poc_tui.rules.capture_line import parse, parse_line, said_of_left
from poc_tui.rules.text import words
from poc_tui.rules.value_words import FIELDS, is_absent, meaning, says_more

VALUES = {
    "channel": Channel,
    "kind": Kind,
    "priority": Priority,
    "state": State,
    "resolution": Resolution,
}


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("channel", "Anruf", "phone"),
        ("channel", "Tel.", "phone"),
        ("channel", "E-Mail", "email"),
        ("channel", "WhatsApp", "chat"),
        ("channel", "Persönlich", "in-person"),
        ("channel", "in_person", "in-person"),
        ("channel", "Brief", "letter"),
        ("channel", "Telefax", "letter"),
        ("channel", "Feedback Widget", "web"),
        ("channel", "Kontaktformular", "web"),
        ("channel", "p", "phone"),
        ("channel", "telefo", "phone"),
        ("channel", "telef", None),
        ("channel", "fa", None),
        ("channel", "pigeon", None),
        ("channel", "", None),
        ("kind", "Beschwerde", "complaint"),
        ("kind", "rekl", "complaint"),
        ("kind", "Lob", "feedback"),
        ("kind", "Feature Request", "feedback"),
        ("kind", "Auskunft", "information"),
        ("kind", "bestell", "order"),
        ("kind", "Epic", None),
        ("priority", "dringend", "critical"),
        ("priority", "Urgent", "critical"),
        ("priority", "3 normal", "normal"),
        ("priority", "1 very low", "low"),
        ("priority", "5 sehr hoch", "critical"),
        ("priority", "P1 - Critical", "critical"),
        ("priority", "Höchste", "critical"),
        ("priority", "hoch", "high"),
        ("priority", "1", None),
        ("priority", "very", None),
        ("state", "On-hold", "open"),
        ("state", "Waiting on Customer", "open"),
        ("state", "warten auf Erinnerung", "open"),
        ("state", "closed successful", "resolved"),
        ("state", "in_progress", "open"),
        ("state", "To Do", "new"),
        ("state", "Geschlossen", "resolved"),
        ("state", "Item Created", None),
        ("resolution", "Won't Do", "declined"),
        ("resolution", "zusammengefasst", "duplicate"),
        ("resolution", "no-reply", "no-reply"),
    ],
)
def test_a_word_means(field: str, given: str, value: str | None) -> None:
    assert meaning(field, given) == value


@pytest.mark.parametrize("field", FIELDS)
def test_the_tables_know_each_value_and_no_other_and_are_written_as_words_are_compared(
    field: str,
) -> None:
    table = FIELDS[field]
    assert set(table.values()) == {str(value) for value in VALUES[field]}
    for value in VALUES[field]:
        assert meaning(field, value) == value
    for word in table:
        assert " ".join(words(word)) == word


def test_in_a_file_a_beginning_needs_several_letters() -> None:
    assert meaning("priority", "no", shortest=4) is None
    assert meaning("priority", "norm", shortest=4) == "normal"


def test_what_programs_write_for_nothing_is_no_value() -> None:
    for given in ("", "-", "--", "null", "NaN", "N/A", "None", "(none)", "keine Angabe"):
        assert is_absent(given), given
    assert not is_absent("normal")


def test_a_state_may_say_more_than_it_means() -> None:
    for given in ("Waiting on Customer", "on-hold", "pending reminder", "erfolglos geschlossen"):
        assert says_more(given), given
    for given in ("open", "Pending", "in progress", "closed successful", "solved"):
        assert not says_more(given), given


def test_an_option_or_a_choice_takes_the_same_words() -> None:
    assert one_of(Channel, "Anruf", "the channel") is Channel.PHONE
    assert one_of(Resolution, "storniert", "the ending") is Resolution.WITHDRAWN
    with pytest.raises(NotUnderstood, match="the channel “pigeon” is not known; choose from email"):
        one_of(Channel, "pigeon", "the channel")


def test_marks_mean_values_and_those_that_do_not_stay_where_they_stood() -> None:
    line = parse_line('Tor via:anruf klemmt kind:"x y" prio:eilig')
    assert (line.subject, line.via, line.kind, line.prio) == (
        'Tor klemmt kind:"x y"', "phone", None, "high",
    )  # fmt: skip
    assert line.left == ('kind:"x y"',)
    line_of = parse(["Tor", "via:phone kind:x y", "klemmt"])
    assert (line_of.subject, line_of.via, line_of.left) == (
        "Tor kind:x y klemmt",
        "phone",
        ("kind:x",),
    )
    assert parse(["Tor", "via:vor Ort"]).via == "in-person"
    (said,) = said_of_left(line)
    assert "is no kind (question, complaint" in said


def test_a_word_that_is_not_known_is_no_second_mark() -> None:
    line = parse_line("a via:phone via:pigeon")
    assert (line.via, line.subject) == ("phone", "a via:pigeon")
    with pytest.raises(NotUnderstood, match="given twice"):
        parse_line("a via:phone via:mail")


@pytest.mark.parametrize(
    ("line", "subject", "due"),
    [
        ("a due:fri -- due:mon @Ott", "a due:mon @Ott", "fri"),
        ("-- a due:mon", "a due:mon", None),
        ("they called -- want an offer", "they called -- want an offer", None),
        ("a -- b due:fri -- c", "a b due:fri -- c", None),
    ],
)
def test_two_dashes_in_a_line_end_the_marks_where_there_are_more(
    line: str, subject: str, due: str | None
) -> None:
    for found in (parse_line(line), parse([line])):
        assert (found.subject, found.due, found.customer) == (subject, due, None)


def test_a_line_of_a_megabyte_is_read_in_time_that_grows_with_it() -> None:
    def seconds(words: int) -> float:
        began = time.process_time()
        assert parse_line("z " * words + "prio:low").prio == "low"
        return time.process_time() - began

    # Twice as much to copy for each word would be a hundred times as long.
    assert seconds(500_000) < 40 * max(seconds(50_000), 0.01)
