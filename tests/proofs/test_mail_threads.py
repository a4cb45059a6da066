"""Every message that others collected is taken in, and threads are those that the ids give."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from poc_tui.mail.transport.mail_files import MailFiles
from poc_tui.mail.transport.open_source import open_source
from poc_tui.mail.transport.source import MailSource
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.migrations import migrate
from poc_tui.store.raw_mail import to_file
from tests.helpers.desks import fixed_clock
from tests.helpers.made_up_mail import (
    BEGUN,
    a_mail,
    firm_threads,
    partition,
    reply,
    sender_of,
    sent_at,
    shuffled,
    threads,
    week,
)
from tests.helpers.mail_corpora import CORPORA, beside, cpython
from tests.helpers.post_office import Office, content

pytestmark = pytest.mark.proof


def _opened(path: str) -> Office:
    clock = fixed_clock()
    return Office(path, clock, Deadlines(Hours.standard(clock.zone), starter()))


@pytest.fixture
def here(path: str) -> Iterator[Office]:
    with closing(_opened(path)) as opened:
        yield opened


def _bytes(paths: Sequence[Path]) -> list[bytes]:
    """The mails in these files, without the line that mbox files put before one."""
    raws = (path.read_bytes() for path in paths)
    return [raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw for raw in raws]


@beside
def test_every_message_of_the_corpora_is_kept_and_filed_or_lies_aside(here: Office) -> None:
    strange = [path for path in (CORPORA / "stalwart").rglob("*") if path.suffix == ".eml"]
    lists = list((CORPORA / "lkml" / "cur").iterdir())
    assert len(strange) + len(lists) == 317
    sources: list[MailSource] = [
        open_source(str(CORPORA / name), here.clock) for name in ("lkml", "stalwart")
    ]
    _all_come_in(here, sources, [*strange, *lists])


@pytest.mark.skipif(not cpython(), reason="this Python comes without the data of its own tests")
def test_every_message_of_cpython_is_kept_and_filed_or_lies_aside(here: Office) -> None:
    _all_come_in(here, [MailFiles(str(path)) for path in cpython()], cpython())


def _all_come_in(here: Office, sources: Sequence[MailSource], paths: Sequence[Path]) -> None:
    """None is lost, none comes twice, and all of it is taken back as one step."""
    before = content(here.path)
    report = here.fetch(*sources, run="import")
    came = _bytes(paths)
    assert report.trouble == ()
    assert (report.new, report.new + report.known) == (len(set(came)), len(came))
    here.check_nothing_is_lost_or_twice(came)
    assert report.filed + report.aside == report.new
    for number in set(here.filed().values()):
        assert here.request(number).subject.strip()
    after = content(here.path)
    assert here.fetch(*sources).new == 0
    assert content(here.path) == after
    here.desk.undo()
    taken_back = content(here.path)
    for table in ("customer", "address", "request", "turn", "activity", "forward", "mail_filed"):
        assert taken_back[table] == before[table]
    here.desk.redo()
    assert content(here.path) == after


def test_a_mail_without_an_id_is_one_whatever_its_line_ends(here: Office, tmp_path: Path) -> None:
    mail = a_mail("x", "info@firma1.example", "Größe 12?", "Grüße\n\naus Köln", BEGUN)
    del mail["Message-ID"]
    mail.add_attachment(bytes(range(256)), "application", "pdf", filename="Größe.pdf")
    raw = mail.as_bytes()
    for name, other in (("crlf", raw), ("lf", raw.replace(b"\r\n", b"\n"))):
        (tmp_path / f"{name}.eml").write_bytes(other)
        report = here.fetch(MailFiles(str(tmp_path / f"{name}.eml")))
        assert (report.new, report.numbers) == (1, (1,))
    assert set(here.filed().values()) == {1}
    assert len(here.request(1).activities) == 1


# The threads of a mailing list


@pytest.fixture(scope="module")
def unfiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that has read the mails of a mailing list, and filed none."""
    if not CORPORA.is_dir():
        pytest.skip("the corpora are not beside this checkout")
    path = str(tmp_path_factory.mktemp("lkml") / "poc.sqlite3")
    migrate.ensure(path, fixed_clock())

    def stop(what: str, done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with closing(_opened(path)) as opened, pytest.raises(KeyboardInterrupt):
        opened.fetch(open_source(str(CORPORA / "lkml"), opened.clock), progress=stop)
    return path


@pytest.fixture
def list_read(unfiled: str, tmp_path: Path) -> Iterator[Office]:
    path = str(tmp_path / "poc.sqlite3")
    shutil.copy(unfiled, path)
    with closing(_opened(path)) as opened:
        yield opened


@pytest.mark.parametrize("order", ["as written", "backwards", "by chance"])
def test_the_threads_of_a_mailing_list_are_those_its_ids_give_in_whatever_order_they_are_filed(
    order: str, list_read: Office
) -> None:
    kept = list_read.kept()
    assert len(kept) == 176  # of 210 files; the others are the same mails once more
    with closing(connect(list_read.path)) as connection:
        ids = to_file(connection)
    assert sorted(ids) == list(kept)
    if order == "backwards":
        ids.reverse()
    elif order == "by chance":
        random.Random(5).shuffle(ids)
    for start in range(0, len(ids), 50):
        list_read.do(drafts.FileMails(tuple(ids[start : start + 50]), lists=True))
    expected = threads(kept)
    assert len(expected) > 5
    assert max(map(len, expected)) > 10
    assert partition(list_read.filed()) == set(map(frozenset, expected))


@pytest.mark.parametrize(("whose", "seed"), [("a list's", 1), ("a week's", 2), ("a week's", 3)])
def test_what_joins_two_requests_later_goes_to_one_and_names_the_other(
    whose: str, seed: int, here: Office, tmp_path: Path
) -> None:
    """The first half has gaps; each thread of it is a request by then, and stays one."""
    if whose == "a week's":
        ordinary = (raw for raw in week(240) if b"letter@" in raw and b"Auto-Sub" not in raw)
        mails = [_naming_only_the_last(raw) for raw in ordinary]
    elif CORPORA.is_dir():
        mails = _bytes(list((CORPORA / "lkml" / "cur").iterdir()))
    else:
        pytest.skip("the corpora are not beside this checkout")
    mails = shuffled(sorted(set(mails)), seed)
    half = len(mails) // 2
    remarks: list[str] = []
    for number, part in enumerate((mails[:half], mails[half:])):
        folder = tmp_path / str(number)
        folder.mkdir()
        for at, raw in enumerate(part):
            (folder / f"{at:03}.eml").write_bytes(raw)
        report = here.fetch(MailFiles(str(folder)), lists=True)
        assert report.filed == report.new
        remarks += report.remarks
    filed, kept = here.filed(), here.kept()
    early = threads({id: raw for id, raw in kept.items() if id <= half})
    joined = 0
    for thread in threads(kept):
        numbers = {filed[id] for id in thread}
        fragments = [fragment for fragment in early if fragment <= thread]
        # As many requests as there were threads before the rest came, one at least.
        assert len(numbers) == max(1, len(fragments))
        for fragment in fragments:
            assert len({filed[id] for id in fragment}) == 1
        later = {filed[id] for id in thread if id > half}
        if len(fragments) > 1 and later:
            joined += 1
            assert later == {min(numbers)}
            others = ", ".join(f"#{number}" for number in sorted(numbers - later))
            assert f"#{min(numbers)}: the mail also belongs to {others}" in remarks
    assert joined > 2 or whose == "a list's"
    here.check_nothing_is_lost_or_twice(mails)


# Letters that name what nobody here has


@pytest.mark.parametrize("seed", range(4))
def test_letters_lie_where_ids_that_are_here_lead_and_where_their_sender_is_known(
    seed: int, here: Office, tmp_path: Path
) -> None:
    """Half of what they answer never came; the rest comes in two parts, each in any order."""
    chance = random.Random(seed)
    written = _talk_of_strangers(240, chance)
    came = shuffled([raw for raw in written if chance.random() < 0.5], seed)
    half = len(came) // 2
    people: dict[int, set[str]] = {}
    expected: dict[int, int] = {}
    apart = 0
    for number, part in enumerate((came[:half], came[half:])):
        folder = tmp_path / str(number)
        folder.mkdir()
        for at, raw in enumerate(part):
            (folder / f"{at:03}.eml").write_bytes(raw)
        assert here.fetch(MailFiles(str(folder))).filed == len(part)
        kept = here.kept()
        fresh = sorted(kept.keys() - expected, key=lambda each: sent_at(kept[each]))
        loose, firm = _groups(threads(kept)), _groups(firm_threads(kept))
        bearing = {message_from_bytes(raw)["Message-ID"]: id for id, raw in kept.items()}
        for id in fresh:
            sender = sender_of(kept[id])
            led = {expected[other] for other in firm[id] if other in expected}
            could = {expected[other] for other in loose[id] if other in expected}
            led |= {number for number in could if sender in people[number]}
            apart += bool(could) and not led
            answered = (bearing.get(named) for named in _nearest_first(kept[id]))
            nearest = (expected[other] for other in answered if other in expected)
            oldest = min(led, default=len(people) + 1)
            expected[id] = next((number for number in nearest if number in led), oldest)
            people.setdefault(expected[id], set()).add(sender)
        assert here.filed() == expected
    assert apart > 5
    assert max(map(len, partition(expected))) > 3
    here.check_nothing_is_lost_or_twice(came)


def _nearest_first(raw: bytes) -> list[str]:
    """The ids that a letter names: what it answers, then back to where that began."""
    mail = message_from_bytes(raw)
    answered, before = (str(mail[name] or "").split() for name in ("In-Reply-To", "References"))
    return [*answered, *reversed(before)]


def _talk_of_strangers(count: int, chance: random.Random) -> list[bytes]:
    """Letters a minute apart, of few people, each in answer to none or to one before, mostly by
    somebody else; all that they are in answer to is named, or the last of it."""
    mails: list[EmailMessage] = []
    for n in range(count):
        sender, at = f"info@firma{chance.randrange(30)}.example", BEGUN + timedelta(minutes=n)
        if not mails or chance.random() < 0.2:
            mail = a_mail(f"{n}.talk", sender, f"Talk {n}", f"word {n}", at)
        else:
            before = mails[-1 - min(int(chance.expovariate(0.1)), n - 1)]
            mail = reply(before, f"{n}.talk", f"word {n}", at, sender=sender)
            if chance.random() < 0.6:
                del mail["References"]
        mails.append(mail)
    return [mail.as_bytes() for mail in mails]


def _groups(parts: Sequence[set[int]]) -> dict[int, set[int]]:
    """The part in which each key is."""
    return {key: part for part in parts for key in part}


def _naming_only_the_last(raw: bytes) -> bytes:
    """The mail as some programs write it, so that a thread falls apart where one is missing."""
    mail = message_from_bytes(raw, policy=SMTP)
    del mail["References"]
    return mail.as_bytes()
