"""The customer's clock and the departments' clocks, held against sums done by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from poc_tui.models.values import Channel, Priority, Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.levels import Level, Levels, SpecialLevel, Target
from poc_tui.rules.service.opening_hours import FURTHEST, Hours
from poc_tui.rules.service.sla_clocks import SlaClocks, sla_clocks
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import RequestDetail

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def hours(
    opens: int = 8, closes: int = 18, *, holidays: frozenset[date] = frozenset(), days: int = 5
) -> Hours:
    """So many days a week from Monday on, from so many o'clock to so many, in Berlin."""
    day = ((time(opens), time(closes)),)
    return Hours((day,) * days + ((),) * (7 - days), BERLIN, holidays)


def levels(
    *,
    first: timedelta = 4 * HOUR,
    update: timedelta = 8 * HOUR,
    resolution: timedelta | None = 2 * HOUR,
    specials: tuple[SpecialLevel, ...] = (),
) -> Levels:
    """One level for whatever comes in, whichever way."""
    level = Level(Target(first), Target(update), resolution)
    channels = dict.fromkeys((channel.value for channel in Channel), level)
    return starter()._replace(channels=channels, specials=specials)


class Life:
    """One request, lived through at moments of the wall clock in Berlin."""

    def __init__(self, path: str, clock: FixedClock, deadlines: Deadlines) -> None:
        self.clock = clock
        self.deadlines = deadlines
        self.desk = Desk(path, clock, deadlines)
        self.reader = Reader(path)
        self.number = 0

    def at(self, words: str) -> Life:
        """Go on to that moment, such as `2026-11-23 08:00`."""
        self.clock.at = moment(words)
        return self

    def comes_in(self, **what: object) -> Life:
        self.number = self.desk.do(drafts.Capture("Invoice 4711", **what)).numbers[0]  # type: ignore[arg-type]
        return self.do(drafts.Triage())

    def do(self, draft: drafts.Draft) -> Life:
        self.desk.do(draft, [self.number])
        return self

    def asks_technical(self) -> Life:
        id = departments.department(self.reader, "Technical").id
        return self.do(drafts.ForwardDraft(id, "Which?"))

    def asks_customer(self) -> Life:
        return self.do(drafts.Answer("Which invoice do you mean?"))

    def customer_replies(self) -> Life:
        return self.do(drafts.CustomerWrote("That of May."))

    @property
    def now(self) -> RequestDetail:
        return requests.request(self.reader, self.number)

    @property
    def stands(self) -> SlaClocks:
        return sla_clocks(self.now, self.deadlines.hours, self.clock.now())


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def begin(path: str, clock: FixedClock) -> Iterator[Callable[[Deadlines], Life]]:
    """Begins a life over the store of this test, under these deadlines."""
    lived: list[Life] = []

    def begin(deadlines: Deadlines) -> Life:
        lived.append(Life(path, clock, deadlines))
        return lived[-1]

    yield begin
    for life in lived:
        life.reader.close()
        life.desk.close()


Begin = Callable[[Deadlines], Life]


def test_the_clock_stands_while_it_is_the_customers_move(begin: Begin) -> None:
    """Two hours from 8:00. One is spent at 9:00; 65 minutes are the customer's; the other hour
    begins at 10:05."""
    life = begin(Deadlines(hours(), levels(resolution=2 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    assert life.now.resolve_by == moment("2026-11-23 10:00")
    life.at("2026-11-23 09:00").asks_customer()
    assert life.now.resolve_by is None
    life.at("2026-11-23 10:05").customer_replies()
    assert life.now.resolve_by == moment("2026-11-23 11:05")


def test_a_target_of_48_hours_over_long_days_and_two_holidays(begin: Begin) -> None:
    """Days of 12 hours, 7:00 to 19:00, so 48 hours are four days. From Wednesday 23 December 2026,
    10:00, open six days a week: 9 hours left on Wednesday (39 to go), Thursday 12 (27), Friday the
    25th and Saturday the 26th are holidays, Sunday is closed, Monday 12 (15), Tuesday 12 (3),
    Wednesday the 30th 7:00 to 10:00."""
    christmas = frozenset({date(2026, 12, 25), date(2026, 12, 26)})
    life = begin(Deadlines(hours(7, 19, holidays=christmas, days=6), levels(resolution=48 * HOUR)))
    life.at("2026-12-23 10:00").comes_in()
    assert life.now.resolve_by == moment("2026-12-30 10:00")


def test_a_departments_wait_never_stops_the_customers_clock(begin: Begin) -> None:
    """Four hours from 9:00; Technical has it from 10:00 to 12:00, and at 13:00 they are over."""
    life = begin(Deadlines(hours(), levels(resolution=4 * HOUR)))
    life.at("2026-11-23 09:00").comes_in()
    life.at("2026-11-23 10:00").asks_technical()
    assert life.now.resolve_by == moment("2026-11-23 13:00")
    life.at("2026-11-23 12:00").do(drafts.LogAnswer("The one of May"))
    assert life.now.resolve_by == moment("2026-11-23 13:00")
    spent = life.at("2026-11-23 12:30").stands.spent
    assert (spent.my_turn, spent.with_departments) == (90 * MINUTE, 2 * HOUR)


def test_several_waits_for_the_customer_add_up(begin: Begin) -> None:
    """Three hours: 8:00 to 9:00 burns one, 10:00 to 11:30 one and a half; half an hour is left
    when the customer replies at 16:00."""
    life = begin(Deadlines(hours(), levels(resolution=3 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 09:00").asks_customer()
    life.at("2026-11-23 10:00").customer_replies()
    life.at("2026-11-23 11:30").asks_customer()
    life.at("2026-11-23 16:00").customer_replies()
    assert life.now.resolve_by == moment("2026-11-23 16:30")
    assert life.stands.spent.with_customer == HOUR + 4 * HOUR + 30 * MINUTE


def test_a_reply_at_night_goes_on_in_the_morning(begin: Begin) -> None:
    """An hour is left when the customer writes at 22:00: it is Tuesday's first."""
    life = begin(Deadlines(hours(), levels(resolution=2 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 09:00").asks_customer()
    life.at("2026-11-23 22:00").customer_replies()
    assert life.now.resolve_by == moment("2026-11-24 09:00")


def test_what_comes_in_on_friday_evening_is_mondays(begin: Begin) -> None:
    """Friday 17:30 with three hours, closing at 18:00: half an hour on Friday, the rest on Monday
    from 8:00 to 10:30."""
    life = begin(Deadlines(hours(), levels(resolution=3 * HOUR)))
    life.at("2026-11-27 17:30").comes_in()
    assert life.now.resolve_by == moment("2026-11-30 10:30")


def test_the_night_the_clocks_go_back_is_an_hour_longer(begin: Begin) -> None:
    """Open round the clock. 25 October 2026, 0:00, with four hours: 2:00 to 3:00 comes twice, so
    they are over at 3:00 by the wall, after four hours that people worked."""
    day = ((time(0), time(0)),)
    always = Hours((day,) * 7, BERLIN)
    life = begin(Deadlines(always, levels(resolution=4 * HOUR)))
    life.at("2026-10-25 00:00").comes_in()
    assert life.now.resolve_by == datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert life.now.resolve_by.astimezone(BERLIN).hour == 3


def test_the_night_the_clocks_go_forward_is_an_hour_shorter(begin: Begin) -> None:
    """Open round the clock. 29 March 2026, 0:00, with four hours: there is no 2:00 to 3:00, so
    they are over at 5:00 by the wall."""
    day = ((time(0), time(0)),)
    life = begin(Deadlines(Hours((day,) * 7, BERLIN), levels(resolution=4 * HOUR)))
    life.at("2026-03-29 00:00").comes_in()
    assert life.now.resolve_by == moment("2026-03-29 05:00")


def test_a_wait_over_a_holiday_burns_nothing_of_anybodys_time(begin: Begin) -> None:
    """The customer has it from Wednesday 17:00 to Friday 9:00, and Thursday is a holiday: one hour
    on Wednesday and one on Friday are theirs."""
    closed = frozenset({date(2026, 11, 26)})
    life = begin(Deadlines(hours(holidays=closed), levels(resolution=20 * HOUR)))
    life.at("2026-11-25 16:00").comes_in()
    life.at("2026-11-25 17:00").asks_customer()
    life.at("2026-11-27 09:00").customer_replies()
    spent = life.stands.spent
    assert (spent.my_turn, spent.with_customer) == (HOUR, 2 * HOUR)


def test_reopened_it_has_what_was_left_of_its_time(begin: Begin) -> None:
    """Eight hours; three were spent when it was resolved at 11:00. Reopened a week later at 9:00
    it has five left; the week in between was nobody's."""
    life = begin(Deadlines(hours(), levels(update=HOUR, resolution=8 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 11:00").do(drafts.Resolve(Resolution.SOLVED, "Here it is."))
    assert life.now.resolve_by is None
    life.at("2026-11-30 09:00").do(drafts.Reopen("the wrong one"))
    assert life.now.resolve_by == moment("2026-11-30 14:00")


def test_reopened_after_its_time_it_has_the_time_of_an_update(begin: Begin) -> None:
    """Two hours were spent to the last minute; an update takes one hour."""
    life = begin(Deadlines(hours(), levels(update=HOUR, resolution=2 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 11:00").do(drafts.Resolve(Resolution.SOLVED, "Here it is."))
    life.at("2026-11-24 09:00").do(drafts.Reopen("the wrong one"))
    assert life.now.resolve_by == moment("2026-11-24 10:00")


def test_the_next_word_counts_from_the_customers_own(begin: Begin) -> None:
    """The first answer was given. When the customer writes at 15:00 they hear within four hours:
    three until 18:00, one from 8:00."""
    life = begin(Deadlines(hours(), levels(update=4 * HOUR, resolution=None)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 09:00").asks_customer()
    assert life.now.due_at is None
    life.at("2026-11-23 15:00").customer_replies()
    told = life.now
    assert (told.due_at, told.due_for) == (moment("2026-11-24 09:00"), "next-update")
    assert told.resolve_by is None


def test_the_same_day_ends_at_closing(begin: Begin) -> None:
    """The earlier of an hour and the same day: at 17:30 half an hour is left of the day. What comes
    at 19:00 has the next day, and of that an hour."""
    level = Level(Target(HOUR, same_day=True), Target(8 * HOUR), None)
    channels = dict.fromkeys((channel.value for channel in Channel), level)
    life = begin(Deadlines(hours(), starter()._replace(channels=channels, specials=())))
    life.at("2026-11-23 17:30").comes_in()
    assert life.now.due_at == moment("2026-11-23 18:00")
    life.at("2026-11-23 19:00").comes_in()
    assert life.now.due_at == moment("2026-11-24 09:00")


def test_every_running_clock_shows_what_is_left_and_what_is_over(begin: Begin) -> None:
    """At 14:00 the first answer, due at 12:00, is two hours over; the resolution, due at 16:00, has
    two left; Technical, asked at 9:00 and with eight hours to answer, has three left of them."""
    life = begin(Deadlines(hours(), levels(first=4 * HOUR, resolution=8 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 09:00").asks_technical()
    left = {clock.name: clock.left for clock in life.at("2026-11-23 14:00").stands.running}
    assert left == {"first answer": -2 * HOUR, "resolution": 2 * HOUR, "Technical": 3 * HOUR}


def test_urgent_now_means_a_shorter_clock(begin: Begin) -> None:
    """Half the time for what is high: of eight hours from 8:00 four are left to it in all."""
    high = SpecialLevel(priorities=frozenset({"high"}), first_answer=0.5, resolution=0.5)
    life = begin(Deadlines(hours(), levels(resolution=8 * HOUR, specials=(high,))))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 09:00").do(drafts.Triage(priority=Priority.HIGH))
    assert life.now.resolve_by == moment("2026-11-23 12:00")
    assert life.now.due_at == moment("2026-11-23 10:00")


def test_a_date_that_somebody_gave_stays(begin: Begin) -> None:
    high = SpecialLevel(priorities=frozenset({"high"}), first_answer=0.5)
    life = begin(Deadlines(hours(), levels(specials=(high,))))
    life.at("2026-11-23 08:00").comes_in(due_at=moment("2026-11-27 12:00"))
    life.do(drafts.Triage(priority=Priority.HIGH))
    assert life.now.due_at == moment("2026-11-27 12:00")


def test_what_was_only_taken_down_is_wound_up(begin: Begin) -> None:
    """`poc add` computes nothing; the desk sets the clocks when it next looks."""
    life = begin(Deadlines(hours(), levels(first=4 * HOUR, resolution=2 * HOUR)))
    life.at("2026-11-23 08:00")
    life.number = life.desk.do(drafts.Capture("taken down")).numbers[0]
    assert life.now.due_at is None
    assert life.at("2026-11-23 09:00").desk.wind() == 1
    assert life.now.due_at == moment("2026-11-23 12:00")
    assert life.now.resolve_by == moment("2026-11-23 10:00")
    assert life.desk.wind() == 0


def test_what_has_no_target_is_wound_once(begin: Begin) -> None:
    life = begin(Deadlines(hours(), levels(resolution=None)))
    life.at("2026-11-23 08:00").desk.do(drafts.Capture("taken down"))
    assert (life.desk.wind(), life.desk.wind()) == (1, 0)


def test_a_step_can_be_done_again_though_the_clocks_were_wound_meanwhile(begin: Begin) -> None:
    life = begin(Deadlines(hours(), levels()))
    life.number = life.at("2026-11-23 08:00").desk.do(drafts.Capture("taken down")).numbers[0]
    life.do(drafts.Resolve(Resolution.SOLVED)).desk.undo()
    assert life.desk.wind() == 1
    life.desk.redo()
    assert (life.now.state, life.now.due_at) == ("resolved", None)


def test_winding_leaves_the_ladder_where_it_is(begin: Begin) -> None:
    """Two dates of one thing: the request's next move is when its department is chased."""
    life = begin(Deadlines(hours(), levels()))
    life.at("2026-11-23 08:00").comes_in().asks_technical()
    early = life.deadlines.levels.ladder[0]._replace(at=0.5)
    other = begin(Deadlines(hours(), levels()._replace(ladder=(early,))))
    other.number = life.number
    before = other.now.next_at
    with closing(connect(life.desk.path)) as connection:
        connection.execute("UPDATE request SET due_since = NULL, resolve_by = NULL")
    assert other.desk.wind() == 1
    assert other.now.next_at == other.now.forwards[0].next_at == before


def test_what_is_over_stays_over_by_as_much_while_it_is_the_customers_move(begin: Begin) -> None:
    """Two hours from 8:00, answered at 11:00: one hour over. The customer replies two days later
    at 9:00, and it is still one hour over: it should have been resolved by 8:00 of that day."""
    life = begin(Deadlines(hours(), levels(resolution=2 * HOUR)))
    life.at("2026-11-23 08:00").comes_in()
    life.at("2026-11-23 11:00").asks_customer()
    life.at("2026-11-25 09:00").customer_replies()
    left = {clock.name: clock.left for clock in life.stands.running}
    assert left["resolution"] == -HOUR
    assert life.stands.spent.ours == 3 * HOUR


def test_who_becomes_a_vip_is_served_as_one_from_now_on(begin: Begin) -> None:
    vip = SpecialLevel(vip=True, first_answer=0.5, resolution=0.5)
    life = begin(Deadlines(hours(), levels(resolution=8 * HOUR, specials=(vip,))))
    life.at("2026-11-23 08:00").comes_in(customer=drafts.CustomerName("Meyer AG"))
    life.desk.do(drafts.EditCustomer(1, vip=True))
    assert life.now.due_at == moment("2026-11-23 10:00")
    assert life.now.resolve_by == moment("2026-11-23 12:00")
    assert [a.event for a in life.now.activities] == ["received", "triaged"]
    life.desk.undo()
    assert life.now.resolve_by == moment("2026-11-23 16:00")


def test_hours_that_hardly_open_keep_nobody_from_working(begin: Begin) -> None:
    """One minute a week: eight hours of work take over nine years, a hundred for ever."""
    minute = ((time(9), time(9, 1)),)
    rarely = Hours((minute, *((),) * 6), BERLIN)
    life = begin(Deadlines(rarely, levels(first=100 * HOUR, resolution=100 * HOUR)))
    life.at("2026-11-23 08:00").comes_in().asks_technical()
    assert life.now.resolve_by == moment("2026-11-23 08:00") + FURTHEST
    life.do(drafts.Chase(early=True)).do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True))


def test_a_request_of_twelve_years_ago_can_still_be_handled(begin: Begin) -> None:
    life = begin(Deadlines(hours(), levels()))
    life.at("2014-03-03 09:00").comes_in()
    life.at("2026-11-23 08:00").asks_customer().customer_replies()
    assert life.stands.spent.my_turn > 1000 * HOUR
    life.do(drafts.Resolve(Resolution.SOLVED)).do(drafts.Reopen())


def test_a_second_reminder_comes_after_a_date_that_was_given_for_a_sunday(begin: Begin) -> None:
    late = levels().ladder[0]._replace(at=1.25)
    life = begin(Deadlines(hours(), levels()._replace(ladder=(late,))))
    life.at("2026-11-27 19:00").comes_in()
    technical = departments.department(life.reader, "Technical").id
    life.do(drafts.ForwardDraft(technical, "Which?", moment("2026-11-29 12:00")))
    assert life.now.forwards[0].next_at >= moment("2026-11-29 12:00")
