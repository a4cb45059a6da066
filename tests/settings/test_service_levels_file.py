"""The file of the service levels: what it may say, and where it is wrong when it is wrong."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
import tomlkit
from hypothesis import given, settings, strategies as st

from poc_tui.errors import ConfigWrong, Refused
from poc_tui.models.values import Channel, Kind, Priority
from poc_tui.rules.service.business_time import say_work
from poc_tui.rules.service.levels import (
    DepartmentLevel,
    EscalationRule,
    Level,
    Levels,
    Recipient,
    Rung,
    SpecialLevel,
    Target,
)
from poc_tui.settings.levels_file import (
    levels_path,
    parse,
    starter,
    starter_text,
    template,
    templates_folder,
    write_starter,
)

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(hours=8), timedelta(hours=40)


def read(text: str) -> Levels:
    return parse(text.encode(), "/nowhere/levels.toml")


def refusal(content: str | bytes, path: str = "/nowhere/levels.toml") -> str:
    with pytest.raises(ConfigWrong) as refused:
        parse(content if isinstance(content, bytes) else content.encode(), path)
    return str(refused.value)


# The starter


def test_the_starter_gives_every_value() -> None:
    assert parse(starter_text(), "/nowhere/levels.toml") == starter()
    levels = starter()
    assert set(levels.channels) == set(Channel)
    assert set(levels.stagnation) == set(Priority)
    assert [levels.stagnation[priority] for priority in reversed(Priority)] == [1, 2, 5, 10]
    assert levels.check_back == 3 * DAY
    assert levels.suggesting == EscalationRule("management", True, True, True, chased=2, reopened=2)
    assert [rung.template for rung in levels.ladder] == [
        "remind",
        "remind-again",
        "deputy",
        "lead",
    ]


def test_the_examples_in_the_starter_hold() -> None:
    lines = starter_text().decode().splitlines()
    examples = [line[1:] for line in lines if line.startswith("#") and line[1:2] not in ("", " ")]
    levels = read("\n".join(examples))
    assert levels.specials == (
        SpecialLevel(
            kinds=frozenset({"complaint"}),
            customers=frozenset({"meyer ag", "hotel krone"}),
            first_answer=Target(2 * HOUR, same_day=True),
            resolution=2 * DAY,
        ),
    )
    technical = levels.departments["technical"]
    assert (technical.answer_within, technical.by_priority) == (DAY, {"critical": 2 * HOUR})
    assert [rung.to for rung in technical.ladder] == ["deputy"]


def test_the_starter_is_written_for_its_owner_only_and_never_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "poc" / "service-levels.toml"
    write_starter(str(path))
    assert path.read_bytes() == starter_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("# mine")
    with pytest.raises(Refused, match="stays as it is"):
        write_starter(str(path))
    assert path.read_text() == "# mine"


def test_a_starter_that_cannot_be_written_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigWrong, match=r"service-levels\.toml cannot be written"):
        write_starter(str(tmp_path / "file" / "service-levels.toml"))


# Where it lies


def test_it_lies_beside_the_settings_or_where_one_says() -> None:
    assert levels_path({"HOME": "/h"}) == "/h/.config/poc/service-levels.toml"
    assert levels_path({"POC_CONFIG": "/etc/desk.toml"}) == "/etc/service-levels.toml"
    assert levels_path({"POC_CONFIG": "/etc/desk.toml", "POC_LEVELS": "my.toml"}) == "my.toml"


def test_an_empty_file_leaves_the_starter() -> None:
    assert read("") == read("# nothing yet\n") == starter()


# What a person's own file changes


def test_what_a_file_does_not_say_is_as_in_the_starter() -> None:
    levels = read('[first_answer]\nemail = ["4h", "same day"]\n[escalation]\nchased = 3\n')
    email = starter().channels["email"]._replace(first_answer=Target(4 * HOUR, same_day=True))
    assert levels == starter()._replace(
        channels={**starter().channels, "email": email},
        suggesting=starter().suggesting._replace(chased=3),
    )


def test_own_specials_and_an_own_ladder_replace_the_whole_list() -> None:
    levels = read(
        '[[special]]\nwhen = { vip = false }\nresolution = "2d"\n'
        '[[ladder]]\nname = "call"\nat = "50 %"\nto = "lead"\ntemplate = "lead"\n'
    )
    assert levels.specials == (SpecialLevel(vip=False, resolution=2 * DAY),)
    assert levels.ladder == (Rung("call", 0.5, "lead", "lead", starter().ladder[3].words),)


def test_no_specials_at_all_can_be_said() -> None:
    assert read("special = []").specials == ()


def test_no_target_for_a_resolution_can_be_said() -> None:
    assert read('resolution.letter = "none"').channels["letter"].resolution is None


def test_all_ways_of_toml_to_write_a_table_say_the_same() -> None:
    levels = read('[departments.Technical]\nanswer_within = "2h"')
    assert read('departments.Technical.answer_within = "2h"') == levels
    assert read('departments = { "technical" = { answer_within = "120 min" } }') == levels
    assert parse(b"\xef\xbb\xbf[departments.TECHNICAL]\r\nanswer_within = '2h'", "x") == levels


# A round trip

SPANS = st.integers(1, 52 * 40 * 60).map(lambda minutes: timedelta(minutes=minutes))
SHARES = st.integers(1, 1000).map(lambda percent: percent / 100)
TARGETS = st.builds(Target, SPANS, st.booleans()) | st.just(Target(None, same_day=True))
NAMES = st.sampled_from(["meyer ag", "hotel krone", "baeckerei ott", 'the "one" \\ two.'])


def some(values: type[Channel | Kind | Priority]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([value.value for value in values]))


SPECIALS = st.builds(
    SpecialLevel,
    channels=some(Channel),
    kinds=some(Kind),
    priorities=some(Priority),
    vip=st.none() | st.booleans(),
    customers=st.frozensets(NAMES, min_size=1),
    first_answer=TARGETS | SHARES,
    next_update=st.none() | TARGETS | SHARES,
    resolution=st.none() | SPANS | SHARES,
)


@st.composite
def ladders(draw: st.DrawFn, least: int) -> tuple[Rung, ...]:
    texts = {rung.template: rung.words for rung in starter().ladder}
    rungs = []
    for share in sorted(draw(st.sets(st.integers(1, 1000), min_size=least, max_size=4))):
        name = draw(st.sampled_from(sorted(texts)))
        to = draw(st.sampled_from(get_args(Recipient)))
        rungs.append(Rung(draw(NAMES), share / 100, to, name, texts[name]))
    return tuple(rungs)


LEVELS = st.builds(
    Levels,
    channels=st.fixed_dictionaries(
        {
            channel.value: st.builds(Level, TARGETS, TARGETS, st.none() | SPANS)
            for channel in Channel
        }
    ),
    specials=st.lists(SPECIALS, max_size=3).map(tuple),
    check_back=SPANS,
    stagnation=st.fixed_dictionaries(
        {priority.value: st.integers(1, 1000) for priority in Priority}
    ),
    ladder=ladders(1),
    departments=st.dictionaries(
        NAMES,
        st.builds(
            DepartmentLevel,
            answer_within=st.none() | SPANS,
            by_priority=st.dictionaries(st.sampled_from([p.value for p in Priority]), SPANS),
            ladder=ladders(0),
        ),
    ),
    suggesting=st.builds(
        EscalationRule,
        NAMES,
        *[st.booleans()] * 3,
        chased=st.integers(0, 100),
        reopened=st.integers(0, 100),
    ),
)


def said(target: Target | timedelta | float | None) -> str | list[str]:
    match target:
        case None:
            return "none"
        case Target(None, True):
            return "same day"
        case Target(timedelta() as work, same_day):
            return [say_work(work), "same day"] if same_day else say_work(work)
        case timedelta():
            return say_work(target)
        case _:
            return f"{target:.0%}"


def as_toml(levels: Levels) -> str:
    """A file that says exactly this, written by somebody else's hand."""

    def rungs(ladder: tuple[Rung, ...]) -> list[dict[str, str]]:
        return [
            {"name": rung.name, "at": f"{rung.at:.0%}", "to": rung.to, "template": rung.template}
            for rung in ladder
        ]

    def special(one: SpecialLevel) -> dict[str, object]:
        when: dict[str, object] = {"customer": sorted(one.customers)}
        lists = {"channel": one.channels, "kind": one.kinds, "priority": one.priorities}
        when |= {key: sorted(values) for key, values in lists.items() if values}
        when |= {} if one.vip is None else {"vip": one.vip}
        targets = {
            "first_answer": one.first_answer,
            "next_update": one.next_update,
            "resolution": one.resolution,
        }
        given_ones = {key: said(target) for key, target in targets.items() if target is not None}
        return {"when": when, **given_ones}

    def department(level: DepartmentLevel) -> dict[str, object]:
        spans = dict(level.by_priority or {})
        if level.answer_within:
            spans["answer_within"] = level.answer_within
        return {key: said(span) for key, span in spans.items()} | (
            {"ladder": rungs(level.ladder)} if level.ladder else {}
        )

    channels = levels.channels.items()
    return tomlkit.dumps(
        {
            "special": [special(one) for one in levels.specials],
            "first_answer": {name: said(level.first_answer) for name, level in channels},
            "next_update": {name: said(level.next_update) for name, level in channels},
            "resolution": {name: said(level.resolution) for name, level in channels},
            "waiting": {"check_back": said(levels.check_back)},
            "stagnation": dict(levels.stagnation),
            "ladder": rungs(levels.ladder),
            "departments": {name: department(level) for name, level in levels.departments.items()},
            "escalation": {
                "to": levels.suggesting.to,
                "late": levels.suggesting.late,
                "critical": levels.suggesting.critical,
                "vip": levels.suggesting.vip,
                "chased": levels.suggesting.chased,
                "reopened": levels.suggesting.reopened,
            },
        }
    )


@given(LEVELS)
@settings(max_examples=50, deadline=None)
def test_every_level_keeps_its_meaning_through_a_file(levels: Levels) -> None:
    assert read(as_toml(levels)) == levels


# A wrong file: where, what, and what to write instead

SPECIAL = "\n[[special]]\nwhen = { vip = true }\n"
RUNG = '\n[[ladder]]\nname = "a"\nat = "100%"\nto = "lead"\ntemplate = "lead"\n'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[first_anser]", 1, 'there is no table "first_anser". The nearest is "first_answer"'),
        ("\n\nladders = 3", 3, 'there is no table "ladders". The nearest is "ladder"'),
        ('[first_answer]\nmail = "1d"', 2, 'no channel "mail". The nearest is "email"'),
        ("[first_answer]\nemail = 3", 2, '"first_answer.email" must be business time'),
        ("[first_answer]\nemail = true", 2, "not true"),
        ('[first_answer]\nemail = "-1h"', 2, 'not "-1h"'),
        ('[first_answer]\nemail = "0h"', 2, 'not "0h"'),
        ('[first_answer]\nemail = "53w"', 2, 'up to 52w such as "30min", "4h", "2d" or "1w"'),
        ('[first_answer]\nemail = "3 months"', 2, 'not "3 months"'),
        ('[first_answer]\nemail = "50%"', 2, 'not "50%"'),
        ('[first_answer]\nemail = ""', 2, 'not ""'),
        ("[first_answer]\nemail = 1979-05-27T07:32:00Z", 2, "not the date or time 1979-05-27"),
        ("[first_answer]\nemail = 07:32:00", 2, "not the date or time 07:32:00"),
        ("[first_answer]\nemail = inf", 2, "not inf"),
        ("[first_answer]\nemail = {}", 2, "not a table"),
        ("[first_answer.email]", 1, "not a table"),
        ("[first_answer]\nemail = []", 2, "is an empty list"),
        ('[first_answer]\nemail = [\n"1h",\n"2h"]', 2, "the same sort of time twice"),
        ('[first_answer]\nemail = ["same day",\n"same day"]', 2, "the same sort of time twice"),
        ('[first_answer]\nemail = [\n"same day",\n["1h"]]', 4, "not a list"),
        ('first_answer = "1d"', 1, "a table, such as [first_answer] with its settings below"),
        ("[[first_answer]]", 1, '"first_answer" must be a table'),
        ('[next_update]\nweb = "soon"', 2, '"next_update.web" must be business time'),
        ('[resolution]\nweb = "same day"', 2, 'or "none", not "same day"'),
        ('[resolution]\nweb = ["1d"]', 2, "not a list"),
        ('[waiting]\ncheckback = "3d"', 2, 'The nearest is "check_back"'),
        ('[waiting]\ncheck_back = "same day"', 2, 'not "same day"'),
        ("[stagnation]\nurgent = 1", 2, 'there is no priority "urgent"'),
        ("[stagnation]\nlow = 0", 2, '"stagnation.low" must be a whole number from 1 to 1000'),
        ("[stagnation]\nlow = true", 2, "not true"),
        ("[stagnation]\nlow = 2.0", 2, "not 2.0"),
        ('[stagnation]\nlow = "2d"', 2, 'not "2d"'),
        (f"[stagnation]\nlow = 0x{'f' * 9999}", 2, "not so long a number"),
        ("[special]\nwhen = 1", 1, "one or more tables, each below a line [[special]]"),
        ("special = [1]", 1, "[[special]]"),
        ('\n[[special]]\nresolution = "1d"', 2, 'has no "when"'),
        ('[[special]]\nresolution = "1d"\nwhen = {}', 3, '"when" is empty'),
        ('[[special]]\nwhen = "vip"', 2, '"special.when" must be a table'),
        (SPECIAL, 2, "gives no target"),
        (f"{SPECIAL}first_answer = '0%'", 4, 'a share from "1%" to "1000%", not "0%"'),
        (f"{SPECIAL}first_answer = '1001%'", 4, 'not "1001%"'),
        (f"{SPECIAL}first_answer = '-5%'", 4, 'not "-5%"'),
        (f"{SPECIAL}first_answer = '٥%'", 4, 'not "٥%"'),
        (f"{SPECIAL}first_answer = 0.5", 4, "not 0.5"),
        (f"{SPECIAL}first_answer = ['50%', 'same day']", 4, 'not "50%"'),
        (f"{SPECIAL}resolution = 'none'", 4, 'not "none"'),
        (f"{SPECIAL}resolution = '1%%'", 4, 'not "1%%"'),
        (f"{SPECIAL}first = '1d'", 4, 'no setting "first". The nearest is "first_answer"'),
        (f"{SPECIAL}{SPECIAL}", 2, "gives no target"),
        (f"{SPECIAL}next_update='1d'{SPECIAL}next_update='x'", 7, '"special.next_update" must be'),
        ("[[special]]\nwhen = { prio = 'high' }\nresolution = '1d'", 2, 'no condition "prio"'),
        ("[[special]]\nwhen.priority = 'hgh'\nresolution = '1d'", 2, 'no priority "hgh"'),
        ("[[special]]\nwhen.kind = [\n'order',\n'claim']\nresolution = '1d'", 4, 'kind "claim"'),
        ("[[special]]\nwhen.kind = []\nresolution = '1d'", 2, "is an empty list"),
        ("[[special]]\nwhen.channel = 3\nresolution = '1d'", 2, 'one of "email", "phone"'),
        ("[[special]]\nwhen.vip = 'yes'\nresolution = '1d'", 2, "must be true or false"),
        ("[[special]]\nwhen.customer = ' '\nresolution = '1d'", 2, "the name of a customer"),
        ("[[special]]\n[special.when]\nvip = 1\n", 1, "gives no target"),
        ("[[special]]\nresolution='1d'\n[special.when]\nvip = 1\n", 4, "true or false, not 1"),
        ("\nladder = []", 2, '"ladder" has no step'),
        ("[ladder]\nat = '100%'", 1, "below a line [[ladder]]"),
        ("[[ladder]]\nname = 'a'", 1, 'has no "at"'),
        (RUNG.replace("lead", "boss", 1), 5, 'there is no recipient "boss"'),
        (RUNG.replace('"a"', '"\\u001b[31m"'), 3, "a name in one line"),
        (RUNG.replace("100%", "1.0"), 4, "a share from"),
        (RUNG.replace('"100%"', "1.0"), 4, "a share from"),
        (RUNG + RUNG, 10, "due at 100%, and the one above it at 100%"),
        (RUNG + RUNG.replace("100%", "90%"), 10, "each later than the one before"),
        (RUNG.replace('= "lead"', '= "leed"'), 5, 'no recipient "leed". The nearest is "lead"'),
        (
            RUNG.replace('template = "lead"', 'template = "remnd"'),
            6,
            'no template "remnd". The nearest is "remind"',
        ),
        (RUNG.replace('template = "lead"', 'template = "../lead"'), 6, "there is no template"),
        ("departments = 1", 1, '"departments" must be a table'),
        ("[departments]\nSales = '1d'", 2, '"departments.Sales" must be a table'),
        ("[departments.Sales]\nanswer = '1d'", 2, 'The nearest is "answer_within"'),
        ("[departments.Sales]\nhigh = '50%'", 2, '"departments.Sales.high" must be business'),
        ("[departments.'A b']\nhigh = 1", 2, '"departments."A b".high" must be'),
        ("[departments.Sales]\n\n[departments.SALES]", 3, "SALES is there already"),
        ("[departments.'']", 1, "has no name"),
        ("[departments.Sales]\nladder = []", 2, '"departments.Sales.ladder" has no step'),
        (
            f"[departments.Sales]\n{RUNG}".replace("[[ladder", "[[departments.Sales.ladder")
            + RUNG.replace("[[ladder", "[[departments.Sales.ladder"),
            11,
            "above it at 100%",
        ),
        ("[escalation]\nto = ''", 2, '"escalation.to" must be a person or a department'),
        ("[escalation]\nto = ['a']", 2, "not a list"),
        ("[escalation]\nlate = 'yes'", 2, '"escalation.late" must be true or false, not "yes"'),
        ("[escalation]\nchased = -1", 2, "a whole number from 0 to 100, not -1"),
        ("[escalation]\nwho = 1", 2, 'no setting "who"'),
    ],
)
def test_a_wrong_value_is_refused_with_file_line_and_reason(
    text: str, line: int, reason: str
) -> None:
    sentence = refusal(text)
    assert sentence.startswith(f"/nowhere/levels.toml, line {line}: "), sentence
    assert reason in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a = 1\nb = = 2\n", 2, "this is not TOML: Invalid value. Correct that line."),
        (b"\n[first_answer\n", 2, "this is not TOML"),
        (b'a = """\n\nnever closed\n', 3, "this is not TOML"),
        (b"[waiting]\n\n[waiting]\n", 3, "this is not TOML"),
        (b"a = 2026-02-30\n", 1, "this is not TOML"),
        (b'\n\nto = "Gesch\xe4ft"\n', 3, "this is not UTF-8. Save the file as UTF-8."),
        (b"\xff\xfe[\0w\0", 1, "this is not UTF-8"),
    ],
)
def test_what_is_no_toml_is_refused_with_the_line(content: bytes, line: int, reason: str) -> None:
    sentence = refusal(content)
    assert sentence.startswith(f"/nowhere/levels.toml, line {line}: ")
    assert reason in sentence


@pytest.mark.parametrize("text", [f"a = {'9' * 9999}", f"a = {'[' * 9999}"])
def test_what_toml_allows_and_python_does_not_is_refused(text: str) -> None:
    assert "levels.toml: a number in it is too long, or lists lie too deep" in refusal(text)


def test_lists_as_deep_as_can_be_read_are_refused_like_any_other() -> None:
    depth = next(
        deep
        for deep in range(2000, 0, -10)
        if "too deep" not in refusal(f"a = {'[' * deep}{']' * deep}")
    )
    assert depth >= 50
    assert "line 1: there is no table" in refusal(f"a = {'[' * depth}{']' * depth}")


def test_a_terminal_sequence_in_a_wrong_file_is_not_shown() -> None:
    assert "\x1b" not in refusal('"\\u001b]52;c;x\\u0007" = 1')
    assert "\x1b" not in refusal('[first_answer]\nemail = "\\u001b[2J"')


# The texts


def own_text(tmp_path: Path, content: bytes, name: str = "remind.txt") -> str:
    """The path of a levels file beside which lies that text."""
    folder = tmp_path / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return str(tmp_path / "levels.toml")


def test_a_text_of_ones_own_goes_before_the_one_that_ships(tmp_path: Path) -> None:
    path = own_text(tmp_path, b"\xef\xbb\xbfDear {person},\r\nplease.\r\n\r\n")
    levels = parse(b"", path)
    assert levels.ladder[0].words == "Dear {person},\nplease."
    assert levels.ladder[1:] == starter().ladder[1:]
    assert template("remind", templates_folder(path)) == "Dear {person},\nplease."
    assert template("lead", templates_folder(path)) == starter().ladder[3].words


def test_a_step_can_use_a_text_that_does_not_ship(tmp_path: Path) -> None:
    path = own_text(tmp_path, b"Call {person}.", "call.txt")
    step = RUNG.replace('template = "lead"', 'template = "call"')
    assert parse(step.encode(), path).ladder[0].words == "Call {person}."
    department = step.replace("[[ladder", "[[departments.Sales.ladder")
    assert parse(department.encode(), path).ladder_of("Sales")[0].words == "Call {person}."


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"Hello\n{persn}, {me}", 2, "no placeholder {persn}. The nearest is {person};"),
        (b"{{persn}}\n\n{persn}", 3, "a brace itself is written twice."),
        (b"{}", 1, "there is no placeholder {}."),
        (b"\n \n", 1, "says nothing"),
        (b"Hello\nM\xfcller", 2, "not UTF-8"),
    ],
)
def test_a_wrong_text_is_refused_with_its_own_line(
    tmp_path: Path, content: bytes, line: int, reason: str
) -> None:
    path = own_text(tmp_path, content)
    sentence = refusal(b"", path)
    file = os.path.join(templates_folder(path), "remind.txt")
    assert sentence.startswith(f"{file}, line {line}: ")
    assert reason in sentence


def test_a_wrong_text_that_no_step_uses_disturbs_nobody(tmp_path: Path) -> None:
    assert parse(b"", own_text(tmp_path, b"{what}", "draft.txt")) == starter()


def test_a_text_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "templates" / "remind.txt").mkdir(parents=True)
    assert "remind.txt cannot be read: Is a directory" in refusal(
        b"", str(tmp_path / "levels.toml")
    )
    with pytest.raises(ConfigWrong, match=r"gone\.txt cannot be read: No such file"):
        template("gone", str(tmp_path))
