"""Signs stand for values, so that a line of the queue has room for them."""

from __future__ import annotations

from rich.cells import cell_len

from poc_tui.models.values import Channel, Priority
from poc_tui.words import signs


def test_every_channel_and_every_priority_has_a_sign_of_its_own_one_cell_wide() -> None:
    for values, known in ((Channel, signs.CHANNEL), (Priority, signs.PRIORITY)):
        assert known.keys() == {*values}
        assert len({*known.values()}) == len(known)
        assert all(cell_len(sign) == 1 for sign in known.values())
