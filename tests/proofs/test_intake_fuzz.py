"""Bytes that nobody thought of, from the first byte to the desk: none is lost, none is in the way.

`POC_FUZZ=20000 pytest tests/proofs/test_intake_fuzz.py` takes in so many mails instead of a few.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from poc_tui.mail.intake import Intake
from poc_tui.mail.transport.source import Batch
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.raw_mail import Position
from tests.helpers import standing
from tests.helpers.damaged_mail import damaged, encoded
from tests.helpers.mail_setup import account_policy
from tests.helpers.stores import new_store

pytestmark = pytest.mark.proof

TOGETHER = 8
"""Mails in one go; each go starts a process that reads them."""
GOES = max(1, int(os.environ.get("POC_FUZZ", "120")) // TOGETHER)
_MAILS = (encoded | damaged()).filter(lambda raw: bool(raw.strip()))
"""An empty file is no mail."""
DESK = "a@b.example"
"""An address that the mails are full of, so that some seem to be ours."""


class Given:
    """A source of these mails, to the byte."""

    name = "given"

    def __init__(self, mails: tuple[bytes, ...]) -> None:
        self._mails = mails

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        yield Batch(self._mails, since)

    def taken(self, batch: Batch) -> None:
        """There is nothing to be done with them."""


def test_whatever_comes_is_kept_and_filed_or_set_aside(
    tmp_path: Path, clock: FixedClock, deadlines: Deadlines
) -> None:
    goes = count()

    @settings(
        max_examples=GOES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(_MAILS, min_size=TOGETHER, max_size=TOGETHER))
    def take_in(mails: list[bytes]) -> None:
        folder = tmp_path / str(next(goes))
        folder.mkdir()
        store = new_store(str(folder / "poc.sqlite3"))
        mail_policy = account_policy(sends=True, address=DESK, mine=(DESK,))
        with closing(Desk(store, clock, deadlines, mail_policy=mail_policy)) as desk:
            desk.do(drafts.EditDepartment(1, contact="x <x@x.example>"))
            intake = Intake(store, desk, clock, rest=lambda _: None)
            report = intake.take_in([Given(tuple(mails))])
        assert report.trouble == ()
        with closing(sqlite3.connect(store)) as connection:
            kept = {digest for (digest,) in connection.execute("SELECT sha256 FROM mail")}
            assert kept == {hashlib.sha256(raw).hexdigest() for raw in mails}
            assert connection.execute(_DEALT_WITH).fetchone() == (len(kept), len(kept))
            assert standing.broken_now(connection) == []

    take_in()


_DEALT_WITH = """
    SELECT count(*), sum(r.taken_at IS NOT NULL AND r.aside = (f.mail_id IS NULL))
    FROM mail_read r LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
"""
