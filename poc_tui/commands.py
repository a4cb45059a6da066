"""Everything a person can do at the desk, in one table.

The bindings, the footer, the help screen, the command palette and the check of a person's own
keys (`poc_tui.settings.keymap`) are all made from `COMMANDS`. Plain data: nothing here knows
Textual. The footer shows its commands in the order of the table, as many as there is room for: at
80 columns what stands up to `undo`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["request", "list", "desk", "mail", "app", "text"]
"""Where a command works: on the highlighted or marked requests; in the list that has the focus;
on the main screen as a whole; on the highlighted or marked mails of the screen of the mail, where
its keys go before those of requests and desk; everywhere; while typing into a text field."""

Group = Literal["Requests", "Desk", "Mail", "Move", "Views", "Program"]
"""The heading of the help screen that a command stands under."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    `keys` are Textual's names of the keys (`question_mark`, `ctrl+p`, `G`), the first one being
    the one shown; none means that the palette alone offers it. `label` is for the footer and the
    palette, `help` one sentence for the help screen.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    group: Group
    footer: bool = False


def _request(id: str, key: str, label: str, help: str, *, footer: bool = False) -> Command:
    return Command(id, (key,), label, help, "request", "Requests", footer)


def _view(id: str, key: str, label: str, help: str) -> Command:
    return Command(id, (key,), label, help, "desk", "Views")


def _mail(id: str, key: str, label: str, help: str, scope: Scope = "mail") -> Command:
    return Command(id, (key,), label, help, scope, "Mail")


def _move(id: str, keys: tuple[str, ...], label: str, help: str) -> Command:
    return Command(id, keys, label, help, "list", "Move")


COMMANDS: tuple[Command, ...] = (
    _request("forward", "f", "forward", "Put a question about it to a department.", footer=True),
    _request("log", "l", "log answer", "Write down what a department has answered.", footer=True),
    _request("chase", "c", "chase", "Take the next step towards a late answer.", footer=True),
    _request("answer", "a", "answer", "Write down what you tell the customer.", footer=True),
    _request("resolve", "r", "resolve", "Close it, and say how it ended.", footer=True),
    Command("new", ("n",), "new", "Take down a new request.", "desk", "Desk", footer=True),
    Command(
        "search",
        ("slash",),
        "search",
        "Find requests by their words, customer or number.",
        "desk",
        "Desk",
        footer=True,
    ),
    Command("undo", ("u",), "undo", "Take back the last action.", "desk", "Desk", footer=True),
    Command(
        "help", ("question_mark", "f1"), "help", "Show all keys.", "app", "Program", footer=True
    ),
    _request("snooze", "s", "snooze", "Hide it from your view until a date.", footer=True),
    _request("triage", "t", "triage", "Give it a customer, a kind, a priority and a due date."),
    _request("note", "m", "note", "Add a note that only you and your colleagues see."),
    _request("remind", "d", "remind", "Set a reminder: a date with a reason; it may recur."),
    _request("promise", "p", "promise", "Keep in mind what was promised, to whom and by when."),
    _request("done", "x", "mark done", "Mark its reminder as done; a promise as kept or broken."),
    _request("escalate", "e", "escalate", "Tell somebody above, or take that back."),
    _request("reopen", "o", "reopen", "Open it again after it was resolved."),
    _request("mark", "space", "mark", "Mark it, so that the next verb acts on all marked."),
    _request("copy_number", "y", "copy number", "Copy its number to the clipboard."),
    _request("customer", "C", "customer", "See and change its customer."),
    Command("mark_none", ("M",), "unmark all", "Take away all marks.", "desk", "Requests"),
    Command("redo", ("U",), "redo", "Do again what was taken back.", "desk", "Desk"),
    Command(
        "departments", ("D",), "departments", "See and change the departments.", "desk", "Desk"
    ),
    Command("agenda", ("A",), "agenda", "See what falls due, by the hour.", "desk", "Desk"),
    Command(
        "levels",
        ("L",),
        "service levels",
        "See which service levels are in force, and apply the file.",
        "desk",
        "Desk",
    ),
    Command("refresh", ("ctrl+r",), "refresh", "Read the store again.", "desk", "Desk"),
    _mail("fetch", "F", "fetch mail", "Take in the mail that has come.", "desk"),
    _mail("mail", "O", "mail", "See what waits to be sent, and what lies aside.", "desk"),
    _mail("mail_again", "r", "send", "Among the mail: send it now, or again."),
    _mail("mail_done", "x", "done", "Among the mail: it went out; or it needs nothing."),
    _mail("mail_request", "n", "make a request", "Among the mail: make what lies aside a request."),
    _mail("unfold", "z", "unfold", "Show what its mails quote, or fold it away again.", "request"),
    _mail("save", "S", "save files", "Save what is attached to its mails.", "request"),
    _view("view_mine", "1", "mine", "Requests whose next move is yours."),
    _view("view_departments", "2", "departments' move", "Requests that a department is to answer."),
    _view("view_customers", "3", "customers' move", "Requests that wait for the customer."),
    _view("view_snoozed", "4", "snoozed", "Requests hidden until a date."),
    _view("view_open", "5", "open", "All requests that are not resolved."),
    _view("view_resolved", "6", "resolved", "Requests that are resolved, the latest first."),
    _move("cursor_down", ("j", "down"), "down", "Go to the next line."),
    _move("cursor_up", ("k", "up"), "up", "Go to the line before."),
    _move("first", ("g", "home"), "first", "Go to the first line."),
    _move("last", ("G", "end"), "last", "Go to the last line."),
    _move("page_down", ("pagedown", "ctrl+f"), "page down", "Go one page down."),
    _move("page_up", ("pageup", "ctrl+b"), "page up", "Go one page up."),
    _move("open", ("enter",), "open", "Open the highlighted line."),
    Command("next_pane", ("tab",), "next pane", "Go to the next pane.", "desk", "Move"),
    Command(
        "previous_pane", ("shift+tab",), "previous pane", "Go to the pane before.", "desk", "Move"
    ),
    Command(
        "palette",
        ("ctrl+p", "colon"),
        "palette",
        "Find any command by its name.",
        "app",
        "Program",
    ),
    Command("theme", (), "theme", "Choose the colours.", "app", "Program"),
    Command(
        "editor",
        ("ctrl+e",),
        "open editor",
        "Go on writing this text in your own editor.",
        "text",
        "Program",
    ),
    Command(
        "suspend",
        ("ctrl+z",),
        "suspend",
        "Go back to the shell; fg comes back here.",
        "app",
        "Program",
    ),
    Command("quit", ("q",), "quit", "Leave the desk.", "app", "Program"),
)
