"""The line of views: what it says in so many cells."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from poc_tui.widgets.view_tabs import ViewTab, ViewTabs

TABS = (
    ViewTab("my-turn", "1", "My turn"),
    ViewTab("with-departments", "2", "With departments"),
    ViewTab("with-customer", "3", "With customer"),
    ViewTab("snoozed", "4", "Snoozed"),
    ViewTab("open", "5", "Open"),
    ViewTab("resolved", "6", "Resolved"),
)
FEW = dict(zip((tab.view for tab in TABS), (5, 6, 3, 2, 14, 41), strict=True))
MANY = dict(zip(FEW, (1_999, 999, 12_345, 1_000, 10_000, 1_000_000), strict=True))


@pytest.mark.parametrize(
    ("width", "counts", "said"),
    [
        (120, FEW, "1 My turn 5   2 With departments 6   3 With customer 3   4 Snoozed 2   "
         "5 Open 14   6 Resolved 41"),
        (80, FEW, "1 My turn 5  2 Dept 6  3 Customer 3  4 Snoozed 2  5 Open 14  6 Resolved 41"),
        (80, MANY,
         "1 My turn 1.9k 2 Dept 999 3 Customer 12k 4 Snoozed 1k 5 Open 10k 6 Resolved 1M"),
        (60, FEW, "1 My turn 2 Dept 3 Customer 4 Snoozed 5 Open 6 Resolved"),
    ],
    ids=["wide", "narrow", "many", "tiny"],
)  # fmt: skip
@pytest.mark.parametrize("current", ["my-turn", "with-departments"])
async def test_names_are_short_ones_of_their_own_and_never_cut(
    width: int, counts: dict[str, int], said: str, current: str
) -> None:
    class Line(App[None]):
        def compose(self) -> ComposeResult:
            yield ViewTabs(TABS)

    async with Line().run_test(size=(width, 3)) as pilot:
        tabs = pilot.app.query_one(ViewTabs)
        tabs.counts, tabs.current = counts, current
        await pilot.pause()
        line = tabs.render().plain.rstrip()
    assert line == said
    assert len(line) <= width - 2
