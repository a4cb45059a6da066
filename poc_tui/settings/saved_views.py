"""Views of one's own: what the queue is to show at a number key, as the settings keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from poc_tui.commands import SAVED_VIEWS
from poc_tui.settings.schema import Given, Setting, filled, line, nearest, shortened, text
from poc_tui.store.queries.views import SORTS, VIEWS, named

LONGEST_NAME = 24
"""Characters."""


class SavedView(NamedTuple):
    """A view, sorted in one way, narrowed by words; or what is searched for in all requests."""

    name: str
    view: str = "open"
    words: str = ""
    what: Literal["view", "search"] = "view"
    sort: str = "due"

    def entries(self) -> dict[str, str]:
        """What stands in the settings for it, by key; what holds without it is left out."""
        entries = {"name": self.name}
        if self.what == "search":
            return entries | {"search": self.words}
        given = {"view": self.view, "filter": self.words, "sort": self.sort}
        return entries | {key: value for key, value in given.items() if value != _DEFAULTS[key]}


def view_name(value: object) -> str:
    """A name that will do, without the spaces around it; raises as `filled`, also if too long."""
    name = filled(value)
    if len(name) > LONGEST_NAME:
        raise ValueError
    return name


def _view(value: object) -> str:
    return named(text(value)).name


def _sort(value: object) -> str:
    if value not in SORTS:
        raise ValueError
    return str(value)


_DEFAULTS = {"name": "", "view": "open", "filter": "", "search": "", "sort": "due"}
_FIELDS = {
    "name": (view_name, f"a name of at most {LONGEST_NAME} characters"),
    "view": (_view, f"one of {', '.join(VIEWS)}"),
    "filter": (line, "words in one line"),
    "search": (line, "words in one line"),
    "sort": (_sort, f"one of {', '.join(SORTS)}"),
}
SETTINGS = {
    key: Setting(key, _DEFAULTS[field], *of)
    for number in SAVED_VIEWS
    for field, of in _FIELDS.items()
    for key in (f"views.{number}.{field}",)
}
"""Every setting of a saved view by its dotted key, such as `views.7.name`."""


def what_to_write(key: str) -> str:
    """The sentence for a key below `views` that is none of `SETTINGS`."""
    number, _, field = key.removeprefix("views.").partition(".")
    if number not in SAVED_VIEWS:
        return (
            f'"views.{shortened(number)}" is no key of a saved view: {", ".join(SAVED_VIEWS)} are.'
        )
    if not field:
        return f'"{key}" is a table: write {number} = {{ name = "Late", view = "late" }}.'
    return (
        f'there is no setting "{shortened(key)}".'
        f' The nearest is "views.{number}.{nearest(shortened(field), _FIELDS)}".'
    )


def saved_views(given: Given) -> Mapping[str, SavedView]:
    """The views that the settings give, by number.

    Raises:
        ConfigWrong: one will not do; it names file and key.
    """
    found: dict[str, SavedView] = {}
    for number in SAVED_VIEWS:
        fields = [key for key in given.values if key.startswith(f"views.{number}.")]
        if not fields:
            continue
        table = given.table(SETTINGS[f"views.{number}.{field}"] for field in _FIELDS)
        if table["search"] and any(f"views.{number}.{key}" in fields for key in ("view", "filter")):
            raise given.wrong(
                f'"views.{number}" has both "search" and a view or a filter.'
                " A search looks through everything: take one of them away."
            )
        words = table["search"] or table["filter"]
        what: Literal["view", "search"] = "search" if table["search"] else "view"
        found[number] = SavedView(table["name"], table["view"], words, what, table["sort"])
    return found
