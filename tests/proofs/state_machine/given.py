"""What the rules draw from: words as people and the world write them, dates, picks of rows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.store.drafts import AddressDraft, CustomerName, CustomerNumber, CustomerRef

_SEEN = (
    "10 units were delivered",
    "Möbel, groß: wo bleibt die Lieferung?",
    "  line one\r\nline two\n\n",
    "[@click=app.quit]now[/] [/]",
    "\x1b]52;c;AAAA\x07\x1b[31mred\x1b[0m",
    "a\x00b \x85 \u2028 c",
    "\u202eevil\u202c 🙂 e\u0301",
    "not UTF-8: \udcff\udc80",
    '"x" AND * NEAR( -',
    "x" * 300,
)

SEEN = st.sampled_from(_SEEN)
"""Words of which something is seen; no verb may refuse these."""

WORDS = st.sampled_from((*_SEEN, "", " \u200b\u3164\n"))
"""Words, or nothing that would be seen."""

RAW = st.sampled_from((b"", b"\xff\x00 as it came \x1b[31m\r\n", "größer".encode("latin-1")))
"""Bytes as they came; none means the words themselves."""

ANY, NONE = 12, 15
"""From ANY on a pick means any row, from NONE on one that is not there; see `pick`."""

PICK = st.integers(0, NONE)
"""Picks a row by its place among those that are suited."""

PICKS = st.lists(PICK, min_size=1, max_size=2)
"""Picks several, or twice the same."""

KINDS = st.none() | st.sampled_from(Kind)
CHANNELS = st.none() | st.sampled_from(Channel)
PRIORITIES = st.none() | st.sampled_from(Priority)
RESOLUTIONS = st.sampled_from(Resolution)
YES = st.booleans()
WITHDRAW = st.sampled_from((True, True, False))
PERHAPS = st.none() | st.booleans()

LOOSE_ENDS = st.sampled_from(
    [(None, None), (True, True), (True, False), (True, None), (False, None), (False, True)]
)
"""Whether open reminders are done, and how promises ended; none where it is not said."""

EVERY = st.sampled_from(
    ("", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU", "freq=monthly;bymonthday=31", "FREQ=HOURLY")
)
"""How something comes again: once, in rules that are kept, in one that is not."""

SPANS = st.sampled_from(
    [
        timedelta(minutes=1),
        timedelta(minutes=50),
        timedelta(hours=7),
        timedelta(days=1),
        timedelta(days=4, hours=13),
        timedelta(weeks=3),
    ]
)
"""How far the clock moves, or a date lies ahead."""

DATES = st.none() | SPANS
PAST_OR_AHEAD = st.none() | SPANS | st.just(timedelta(days=-2)) | st.just(timedelta(0))

TAGS = st.sampled_from(((), ("eilt",), ("+Eilt", "Möbel"), ("Möbel", "\u3164", "offer")))

CUSTOMERS: st.SearchStrategy[CustomerRef] = st.sampled_from(
    (
        *map(
            CustomerName,
            (
                "Meyer AG",
                "Meyer GmbH",
                "meyer",
                "Bäckerei Ott",
                "baeckerei OTT",
                "info@krone.example",
                "+49 30 123456",
                " ",
            ),
        ),
        *map(CustomerNumber, (1, 1, 2, 999)),
    )
)
"""Customers that are new, known, could be several, nobody, or not there."""

ADDRESSES = st.none() | st.lists(
    st.builds(
        AddressDraft,
        st.sampled_from(AddressKind),
        st.sampled_from(("info@krone.example", "@krone", "030 123456")),
    ),
    max_size=2,
).map(tuple)

TIMES = st.sampled_from((1, 2, 5))
"""How many steps are taken back, or done again, in a row."""

DATED = (
    ("request", "next_at"),
    ("request", "due_at"),
    ("request", "snoozed_until"),
    ("forward", "next_at"),
    ("reminder", "at"),
)
"""Where the store keeps dates that are to come."""
