"""How far dates go."""

from __future__ import annotations

LONGEST_PHRASE = 100
"""Characters; more than this is no date."""
EARLIEST_YEAR = 1970
YEARS_AHEAD = 50
"""A date further off than this is taken for a slip of the finger."""
