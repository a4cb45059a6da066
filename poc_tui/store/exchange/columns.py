"""Which column of a file means which field of a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import fold, one_line, safe
from poc_tui.rules.value_words import is_absent

FIELDS: Mapping[str, tuple[str, ...]] = {
    "subject": ("betreff", "ticket_name", "ticketname", "ticket_subject"),
    "text": ("body", "message", "description", "content", "question", "nachricht",
             "beschreibung", "anfrage", "anliegen", "frage", "ticket_description"),
    "customer": ("name", "from", "sender", "requester", "kunde", "kundin", "absender",
                 "customer_name", "requester_name", "from_name", "kundenname",
                 "ansprechpartner"),
    "organisation": ("organization", "company", "firma", "unternehmen"),
    "email": ("e_mail", "mail", "email_address", "e_mail_address", "requester_email",
              "from_email", "customer_email", "e_mail_adresse", "mailadresse"),
    "phone": ("telephone", "tel", "telefon", "phone_number", "telefonnummer"),
    "channel": ("via", "kanal", "kontaktkanal"),
    "kind": ("type", "art", "typ", "issue_type", "ticket_type", "vorgangstyp"),
    "priority": ("prio", "urgency", "prioritaet", "dringlichkeit", "ticket_priority"),
    "tags": ("tag", "labels", "label", "schlagworte", "schlagwort"),
    "received_at": ("received", "created_at", "created", "eingang", "eingegangen",
                    "erhalten", "created_time", "create_date", "createddate", "date_created",
                    "created_on", "erstellt_am", "erstellt", "angelegt_am", "angelegt",
                    "eingegangen_am", "eingangsdatum", "erstelldatum", "erstellungsdatum"),
    "due_at": ("due", "faellig", "due_date", "due_by_time", "sla_due_date", "faellig_am",
               "faelligkeitsdatum", "faelligkeit"),
    "state": ("status", "stand", "ticket_status", "ticketstatus", "current_status",
              "zustand"),
    "resolution": ("erledigung", "outcome", "loesung"),
    "resolved_at": ("resolved", "erledigt", "erledigt_am", "resolved_time", "solved_at",
                    "geloest_am", "completed_at"),
    "first_answered_at": ("first_answered", "erste_antwort", "initial_response_time"),
}  # fmt: skip
"""The fields a row may fill, and the other names by which they are known."""

DATES = ("received_at", "due_at", "resolved_at", "first_answered_at")
"""The fields that hold a moment."""

INSTEAD: Mapping[str, tuple[str, ...]] = {
    "subject": ("summary", "zusammenfassung", "short_description", "kurzbeschreibung",
                "title", "titel", "task_name"),
    "text": ("task_content",),
    "customer": ("full_name", "contact_name", "customer_user", "kundenbenutzer", "caller",
                 "reporter", "von", "suppliedname"),
    "organisation": ("company_name", "firmenname", "account_name", "suppliedcompany",
                     "associated_company"),
    "email": ("contact_email", "contactemail", "suppliedemail", "associated_contact_email"),
    "phone": ("mobile", "mobil", "mobile_phone", "work_phone", "contactphone",
              "suppliedphone", "mobile_phone_number"),
    "channel": ("source", "origin", "case_origin", "ticket_source", "contact_type", "quelle",
                "herkunft"),
    "kind": ("category", "kategorie", "task_type", "help_topic", "helptopic"),
    "state": ("stage", "phase"),
    "received_at": ("opened_at", "opened", "date/time_opened", "date_opened", "date", "datum",
                    "timestamp", "zeitstempel"),
    "due_at": ("deadline", "frist", "zieldatum", "termin"),
    "resolved_at": ("closed_at", "closed", "closed_time", "close_date", "closed_date",
                    "closeddate", "date_closed", "date/time_closed", "closed_on", "close_at",
                    "close_time", "geschlossen_am", "geschlossen", "abgeschlossen_am",
                    "abschlussdatum"),
}  # fmt: skip
"""Names that mean a field where none of the others does, or its value is empty: a date of closing
where there is none of solving. The first that has a value counts."""

_MAPPED, _KNOWN = -1, 0
_PEOPLE = frozenset(
    ("first_name", "last_name", "firstname", "lastname", "given_name", "family_name", "vorname",
     "nachname")
)  # fmt: skip
"""Where these are columns, a title is a person's."""
_RANKS: Mapping[str, tuple[str, int]] = {
    **{
        name: (field, rank)
        for field, names in INSTEAD.items()
        for rank, name in enumerate(names, _KNOWN + 1)
    },
    **{name: (field, _KNOWN) for field, names in FIELDS.items() for name in (field, *names)},
}
"""The field that a name means, and how surely."""

_MOST_NAMED = 50
"""Columns that are not stored and worth naming; JSON lines can have any number of them."""
_MOST_LISTED = 20
_LONGEST_LISTED = 60
"""Signs of a name that are shown in a list of them."""
_LONGEST_ABSENT = 20
"""Characters; no program writes more for a date that is not there."""
_ZONE = re.compile(r"\s*[([](utc|gmt)[)\]]$", re.IGNORECASE)


class Cell(NamedTuple):
    """A value, and the column in which it stands."""

    column: str
    value: object


Found = Mapping[str, Sequence[Cell]]
"""The values of a row under the fields that they mean."""


class Columns:
    """Sorts the values of rows under fields, and notes which columns it could not place.

    `mapping` (column -> field) goes before the names known here; `defaults` (field -> value)
    fills what a row leaves empty.

    Raises:
        NotUnderstood: either names a field that there is not.
    """

    def __init__(self, mapping: Mapping[str, str], defaults: Mapping[str, str]) -> None:
        self._mapped = {normal(column): _field(field) for column, field in mapping.items()}
        self._asked = dict(zip(self._mapped, mapping, strict=True)) if mapping else {}
        self._defaults = {
            _field(field): Cell(f"--default {field}", value) for field, value in defaults.items()
        }
        self._known: dict[str, tuple[str, int] | None] = {}
        self._not_stored: dict[str, None] = {}

    @property
    def defaults(self) -> Mapping[str, Cell]:
        """What fills the fields that a row leaves empty."""
        return self._defaults

    @property
    def not_stored(self) -> tuple[str, ...]:
        """The columns met so far that mean no field, as they are called in the file."""
        return tuple(self._not_stored)

    def check(self, names: Sequence[str]) -> tuple[int, ...]:
        """Hold the columns of a whole file against what is needed, before anything is stored.

        Returns the places, from 0, of those that mean a field.

        Raises:
            NotUnderstood: no column has the words of a request, two mean the same field, or a
                column that was mapped is not there.
        """
        self.check_mapped(names)
        placed = {n: place for n, name in enumerate(names) if (place := self._place_of(name))}
        self._refuse_without_words(names, set(placed.values()))
        taken: dict[tuple[str, int], str] = {}
        for n, place in placed.items():
            if place in taken and place[0] != "tags":
                self._refuse_two(place[0], taken[place], names[n])
            taken[place] = names[n]
        return tuple(placed)

    def check_mapped(self, names: Iterable[str]) -> None:
        """Find out whether every column that was mapped is among the names.

        Raises:
            NotUnderstood: one is not.
        """
        names = list(names)
        present = {normal(name) for name in names}
        for column, asked in self._asked.items():
            if column not in present:
                raise NotUnderstood(
                    f"there is no column “{safe(asked)}” to map; there are {listed(names)}"
                )

    def field_of(self, name: str) -> str:
        """The field that a column means, empty if none."""
        place = self._place_of(name)
        return place[0] if place else ""

    def sorted(self, values: Iterable[tuple[str, object]]) -> dict[str, list[Cell]]:
        """The values under their fields, without the empty ones, the surest of each field.

        A list, because several columns may be tags; for any other field more than one is wrong.
        """
        found: dict[str, list[Cell]] = {}
        ranks: dict[str, int] = {}
        for name, value in values:
            place = self._place_of(name)
            if place is None or _is_empty(place[0], value):
                continue
            field, rank = place
            best = ranks.get(field)
            if best is None or rank < best or field == "tags":
                if best is None or field != "tags":
                    found[field] = []
                ranks[field] = rank
            elif rank > best:
                continue
            found[field].append(Cell(name, value))
        for field, default in self._defaults.items():
            found.setdefault(field, [default])
        return found

    def _refuse_without_words(self, names: Sequence[str], placed: set[tuple[str, int]]) -> None:
        surest = {field: min(rank for f, rank in placed if f == field) for field, _ in placed}
        if "text" in surest or surest.get("subject", _KNOWN + 1) <= _KNOWN:
            return
        people = [name for name in names if normal(name) in _PEOPLE]
        if "subject" in surest and not people:
            return
        what = f" (with “{safe(people[0])}” among them it may hold contacts)" if people else ""
        raise NotUnderstood(
            f"no column has the words of the request; the first line names {listed(names)}{what}. "
            "Say which it is: --map COLUMN=text; or take away what stands above the line that "
            "names the columns"
        )

    def _refuse_two(self, field: str, one: str, other: str) -> None:
        if one == other:
            raise NotUnderstood(
                f"the first line names {safe(one)} twice, which means {field}; "
                "give each column its own name"
            )
        raise NotUnderstood(
            f"the columns {safe(one)} and {safe(other)} both mean {field}; say which one with "
            f"--map {safe(one)}={field}, or rename the other in the first line"
        )

    def _place_of(self, name: str) -> tuple[str, int] | None:
        """The field that a column means, and how surely: lower is surer."""
        try:
            return self._known[name]
        except KeyError:
            key = normal(name)
            mapped = self._mapped.get(key)
            place = _RANKS.get(key) if mapped is None else (mapped, _MAPPED)
            if len(self._known) < 10_000:
                self._known[name] = place
            if place is None and len(self._not_stored) < _MOST_NAMED:
                self._not_stored[name] = None
            return place


def known_field(name: str) -> str:
    """The field that a column of this name means wherever it stands, empty if none."""
    return _RANKS.get(normal(name), ("", _KNOWN))[0]


def is_utc(column: str) -> bool:
    """Whether the column's name says that its times are UTC, such as `Created (UTC)`."""
    return _ZONE.search(column) is not None


def listed(names: Sequence[str]) -> str:
    """The names as a sentence has them; of very many the first."""
    shown = ", ".join(one_line(name, _LONGEST_LISTED) for name in names[:_MOST_LISTED])
    more = len(names) - _MOST_LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown


def normal(name: str) -> str:
    """A column's name as names are compared."""
    return "_".join(fold(_ZONE.sub("", name)).replace("-", " ").replace("_", " ").split())


def _is_empty(field: str, value: object) -> bool:
    if field in DATES and isinstance(value, str) and len(value) <= _LONGEST_ABSENT:
        return is_absent(value)
    return value is None or value in ("", [])


def _field(name: str) -> str:
    field = known_field(name)
    if not field:
        raise NotUnderstood(
            f"“{safe(name)}” is no field of a request; choose from {', '.join(FIELDS)}"
        )
    return field
