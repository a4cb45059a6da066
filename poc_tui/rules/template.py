"""The texts of the chase ladder: `{name}` stands for a value, `{{` and `}}` for a brace.

Not `str.format`: its fields reach into attributes and items, and a text that a person wrote must
not be able to fail while a department waits to be reminded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

PLACEHOLDERS = (
    "me", "department", "person", "number", "subject", "customer", "question", "asked", "due",
    "late", "times",
)  # fmt: skip
"""What a text of the ladder may ask for. `person` is the contact, deputy or lead who is addressed,
`number` is with its sign, `late` is how long over time, `times` how often chased before."""

_PART = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` replaced by its value, as it is; an unknown one stays.

    A value is never looked at again, so braces in a customer's words mean nothing. Never raises.
    """

    def replacement(part: re.Match[str]) -> str:
        name = part[1]
        return part[0][0] if name is None else values.get(name, part[0])

    return _PART.sub(replacement, template)


def unknown(template: str, known: Collection[str]) -> list[str]:
    """The names of the placeholders in `template` that are not known, each once, in order."""
    names = dict.fromkeys(part[1] for part in _PART.finditer(template) if part[1] is not None)
    return [name for name in names if name not in known]
