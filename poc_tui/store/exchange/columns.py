"""Which column of a file means which field of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import fold, safe

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "subject": ("title", "summary", "betreff", "titel"),
        "text": ("body", "message", "description", "content", "question", "nachricht",
                 "beschreibung", "anfrage", "anliegen", "frage"),
        "customer": ("name", "from", "sender", "requester", "kunde", "kundin", "absender"),
        "organisation": ("organization", "company", "firma", "unternehmen"),
        "email": ("e_mail", "mail", "email_address", "e_mail_address"),
        "phone": ("telephone", "tel", "mobile", "telefon", "mobil"),
        "channel": ("via", "kanal", "kontaktkanal"),
        "kind": ("type", "art", "typ"),
        "priority": ("prio", "urgency", "prioritaet", "dringlichkeit"),
        "tags": ("tag", "labels", "label", "schlagworte", "schlagwort"),
        "received_at": ("received", "created_at", "created", "date", "eingang", "eingegangen",
                        "erhalten", "datum"),
        "due_at": ("due", "faellig"),
        "state": ("status", "stand"),
        "resolution": ("erledigung", "outcome"),
        "resolved_at": ("resolved", "closed_at", "closed", "erledigt", "erledigt_am"),
        "first_answered_at": ("first_answered", "erste_antwort"),
    }
)  # fmt: skip
"""The fields a row may fill, and the other names by which they are known."""

_BY_NAME = {name: field for field, others in FIELDS.items() for name in (field, *others)}

_MOST_NAMED = 50
"""Columns that are not stored and worth naming; JSON lines can have any number of them."""


class Columns:
    """Sorts the values of rows under fields, and notes which columns it could not place.

    `mapping` (column -> field) goes before the names known here; `defaults` (field -> value)
    fills what a row leaves empty.

    Raises:
        NotUnderstood: either names a field that there is not.
    """

    def __init__(self, mapping: Mapping[str, str], defaults: Mapping[str, str]) -> None:
        self._mapped = {_normal(column): _field(field) for column, field in mapping.items()}
        self._asked = dict(zip(self._mapped, mapping, strict=True)) if mapping else {}
        self._defaults = {_field(field): value for field, value in defaults.items()}
        self._known: dict[str, str | None] = {}
        self._not_stored: dict[str, None] = {}

    @property
    def not_stored(self) -> tuple[str, ...]:
        """The columns met so far that mean no field, as they are called in the file."""
        return tuple(self._not_stored)

    def check(self, names: Iterable[str]) -> None:
        """Hold the columns of a whole file against what is needed, before anything is stored.

        Raises:
            NotUnderstood: no column has the words of a request, two mean the same field, or a
                column that was mapped is not there.
        """
        names = list(names)
        listed = ", ".join(safe(name) for name in names)
        present = {_normal(name) for name in names}
        for column, asked in self._asked.items():
            if column not in present:
                raise NotUnderstood(f"there is no column “{asked}” to map; there are {listed}")
        fields: dict[str, str] = {}
        for name in names:
            field = self._field_of(name)
            if field is None or field == "tags":
                continue
            if field in fields:
                raise NotUnderstood(
                    f"the columns {fields[field]} and {name} both mean {field}; "
                    "rename one of them in the first line"
                )
            fields[field] = name
        if not fields.keys() & {"subject", "text"}:
            raise NotUnderstood(
                f"no column has the words of the request; the first line names {listed}. "
                "Say which it is: --map COLUMN=text"
            )

    def sorted(self, values: Mapping[str, object]) -> dict[str, list[object]]:
        """The values under their fields, without the empty ones.

        A list, because several columns may be tags; for any other field more than one is wrong.
        """
        found: dict[str, list[object]] = {}
        for name, value in values.items():
            field = self._field_of(name)
            if field is not None and value is not None and value not in ("", []):
                found.setdefault(field, []).append(value)
        for field, default in self._defaults.items():
            found.setdefault(field, [default])
        return found

    def _field_of(self, name: str) -> str | None:
        try:
            return self._known[name]
        except KeyError:
            normal = _normal(name)
            field = self._mapped.get(normal) or _BY_NAME.get(normal)
            if len(self._known) < 10_000:
                self._known[name] = field
            if field is None and len(self._not_stored) < _MOST_NAMED:
                self._not_stored[name] = None
            return field


def _normal(name: str) -> str:
    return "_".join(fold(name).replace("-", " ").replace("_", " ").split())


def _field(name: str) -> str:
    field = _BY_NAME.get(_normal(name))
    if field is None:
        raise NotUnderstood(
            f"“{safe(name)}” is no field of a request; choose from {', '.join(FIELDS)}"
        )
    return field
