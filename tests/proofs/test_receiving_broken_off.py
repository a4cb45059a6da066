"""The server, the line or poc itself breaks off while mail comes in: nothing is lost or twice.

What was taken in with a break must be the same, to the row, as what is taken in without one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from poc_tui.mail.transport import source
from poc_tui.mail.transport.source import Batch
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store.migrations import migrate
from tests.helpers.desks import fixed_clock
from tests.helpers.killing import killed_at_every_step
from tests.helpers.loopback import cut_after
from tests.helpers.made_up_mail import week
from tests.helpers.mail_servers import Dovecot, dovecot
from tests.helpers.post_office import Office, content, office

pytestmark = pytest.mark.proof

WEEK = [mail for mail in week(60) if b"\nDate: " in mail]
"""What has no date is filed when it came, and so in another order after a break."""


@pytest.fixture(scope="module")
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """One with sixty mails. A test may kill it, and starts it again."""
    with dovecot(tmp_path_factory.mktemp("imap")) as running:
        running.deliver(*WEEK)
        yield running


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A new store, to be copied."""
    path = str(tmp_path_factory.mktemp("empty") / "poc.sqlite3")
    migrate.ensure(path, fixed_clock())
    return path


@pytest.fixture(scope="module")
def undisturbed(
    imap: Dovecot, empty: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """What a store holds that the mails were taken into without a break."""
    path = str(tmp_path_factory.mktemp("whole") / "poc.sqlite3")
    shutil.copy(empty, path)
    clock = fixed_clock()
    with office(path, clock, _deadlines(clock), imap.settings()) as opened:
        opened.fetch()
        opened.check_nothing_is_lost_or_twice(WEEK)
    return content(path)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty mails at a time."""
    monkeypatch.setattr(source, "BATCH_MAILS", 20)


@pytest.fixture
def here(
    empty: str, tmp_path: Path, clock: FixedClock, deadlines: Deadlines, imap: Dovecot
) -> Iterator[Office]:
    path = str(tmp_path / "poc.sqlite3")
    shutil.copy(empty, path)
    with office(path, clock, deadlines, imap.settings()) as opened:
        yield opened


def _deadlines(clock: FixedClock) -> Deadlines:
    return Deadlines(Hours.standard(clock.zone), starter())


# The server, while mail is fetched


@pytest.mark.parametrize("size", [0, 100, 1_500, 12_000, 20_000, 30_000, 42_000])
def test_a_line_that_is_cut_loses_nothing_and_the_next_goes_on(
    size: int, here: Office, imap: Dovecot, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    with cut_after(imap.port, size) as port:
        server = imap.settings(port=port)
        report = here.fetch(here.account(server))
    assert len(report.trouble) == 1
    assert len(here.kept()) < len(set(WEEK))
    assert report.filed + report.aside == report.new == len(here.kept())
    assert here.fetch().trouble == ()
    assert content(here.path) == undisturbed
    here.check_nothing_is_lost_or_twice(WEEK)


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("after", ["nothing", "flagged"])
def test_a_server_that_is_killed_between_batches_gives_the_rest_later(
    batch: int, after: str, here: Office, imap: Dovecot,
    undisturbed: dict[str, list[tuple[object, ...]]],
) -> None:  # fmt: skip
    source = here.account(imap.settings(after=after))
    count, taken = 0, source.taken

    def killed(given: Batch) -> None:
        nonlocal count
        count += 1
        if count == batch:
            imap.kill()
        taken(given)

    source.taken = killed  # type: ignore[method-assign, assignment]
    report = here.fetch(source)
    assert len(report.trouble) == (after != "nothing" or batch < 3)
    first = len(here.kept())
    assert first == len(set(WEEK[: 20 * batch]))
    # While it is away, that is all that can be said.
    assert here.fetch().trouble[0].startswith("localhost takes no connection")
    assert len(here.kept()) == first
    imap.start()
    assert here.fetch(here.account(imap.settings(after=after))).trouble == ()
    assert content(here.path) == undisturbed
    here.check_nothing_is_lost_or_twice(WEEK)


# poc itself, while mail is taken in

TAKING_IN = """
from poc_tui.settings.levels_file import starter
from poc_tui.mail import intake
from poc_tui.mail.transport.source import Batch
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.store import raw_mail as mail
from poc_tui.store.desk import Desk
from poc_tui.store.raw_mail import Position
from poc_tui.store.verbs import filing

empty, folder, box, moment = sys.argv[1:]
clock = FixedClock(datetime.fromtimestamp(int(moment), UTC))
intake._READ_AT_ONCE = intake._FILED_AT_ONCE = 12


class Box:
    "Gives what comes after a position, and, unlike a Maildir, nothing before it once more."

    name = "box"

    def batches(self, since):
        files = sorted(os.listdir(box))
        for start in range(since.last_uid, len(files), 12):
            mails = [open(f"{box}/{name}", "rb").read() for name in files[start : start + 12]]
            yield Batch(tuple(mails), Position(1, start + len(mails)))

    def taken(self, batch):
        pass


def take_in(path, at):
    mortal_transactions(mail, at)
    mortal(filing, "take", at)  # in the transaction that files
    mortal(Desk, "do", at)
    desk = Desk(path, clock, Deadlines(Hours.standard(clock.zone), starter()))
    intake.Intake(path, desk, clock, rest=lambda seconds: None).take_in([Box()])


def prepared(at):
    return shutil.copy(empty, f"{folder}/{at}.sqlite3")


killed_at_every_step(take_in, prepared)
"""


def test_a_process_that_is_killed_at_any_step_of_taking_in_leaves_it_to_the_next(
    empty: str, tmp_path: Path, clock: FixedClock
) -> None:
    box = tmp_path / "box"
    box.mkdir()
    for number, raw in enumerate(WEEK[:24]):
        (box / f"{number:03}").write_bytes(raw)
    moment = str(int(clock.now().timestamp()))
    ended = killed_at_every_step(TAKING_IN, empty, str(tmp_path), str(box), moment)
    last = len(ended)
    whole = content(str(tmp_path / f"{last}.sqlite3"))
    with office(str(tmp_path / f"{last}.sqlite3"), clock, _deadlines(clock)) as opened:
        opened.check_nothing_is_lost_or_twice(WEEK[:24])
    stages = set()
    for at in range(1, last):
        dead = content(str(tmp_path / f"{at}.sqlite3.dead"))
        stages.add(tuple(len(dead[table]) for table in ("mail", "mail_read", "mail_filed")))
        assert content(str(tmp_path / f"{at}.sqlite3")) == whole, f"killed at step {at}"
    assert len(stages) == 7
