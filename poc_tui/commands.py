"""Everything a person can do at the desk, in one table; and how a timeline tells what was done.

The bindings, the footer, the help screen, the command palette, the verbs of the command line, the
check of a person's own keys (`settings.keymap`), the activities of a timeline and what is said of
the deeds of others are all made from `COMMANDS`. Plain data that knows nobody, so that every room
can read it: dialogs and functions are named here, and imported when they are first wanted.
The footer shows those that make sense for what is highlighted, as many as there is room for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

Scope = Literal["request", "list", "desk", "mail", "app", "text"]
"""Where a command works: on the highlighted or marked requests; in the list that has the focus;
on the main screen as a whole; on the highlighted or marked mails of the screen of the mail, where
its keys go before those of requests and desk; everywhere; while typing into a text field."""

Need = Literal[
    "", "requests", "request", "customer", "unresolved", "resolved", "asked", "snoozed", "my-turn",
    "awaited", "new", "overdue",
]  # fmt: skip
"""What must be for a command to make sense: nothing; any request at the desk; one that is
highlighted or marked, and there one that has a customer, is not or is resolved, has a department's
answer to come, is snoozed, is mine to move while no department is asked, lies with somebody whose
word is to come, has not been looked at, or waits for an answer that is to be chased by now
(`rules.applicable`)."""

Group = Literal["Requests", "Desk", "Mail", "Move", "Views", "Program"]
"""The heading of the help screen that a command stands under."""


class Event(StrEnum):
    """What one activity on a timeline records."""

    RECEIVED = "received"
    """The customer's words as they came, first or later."""
    TRIAGED = "triaged"
    FORWARDED = "forwarded"
    LOGGED = "logged"
    """A department's answer."""
    WITHDRAWN = "withdrawn"
    """A forward that is no longer wanted."""
    ANSWERED = "answered"
    """What was said to the customer."""
    NOTED = "noted"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    """A snooze was ended before its date."""
    REMINDED = "reminded"
    """A reminder was set."""
    DONE = "done"
    """A reminder was marked done."""
    CHASED = "chased"
    """A department was reminded, or somebody above it asked."""
    ESCALATED = "escalated"
    STOOD_DOWN = "stood-down"
    """An escalation was taken back."""
    PROMISED = "promised"
    KEPT = "kept"
    """A promise was kept."""
    BROKEN = "broken"
    """A promise was not kept."""
    AUTO_REPLIED = "auto-replied"
    """A program answered, or a mailing list brought it; it moves nothing."""
    NOT_DELIVERED = "not-delivered"
    """A mail of ours did not arrive."""
    UNVERIFIED = "unverified"
    """A mail of which nobody can say who wrote it; it moves nothing until it is accepted."""


class EventWords(NamedTuple):
    """How one event is told.

    `sign` marks it on a timeline. `deed` follows the name of whoever did it and is followed by the
    request, `came` stands before the request where a mail did it. `shown` is the activity on a
    screen, pieces of text with their styles; `printed` the one on the command line, behind the
    `way` that the words went. In braces stand facts of the activity (`words.activities`
    says which there are); a piece with one that is empty is left out.
    """

    event: Event
    sign: str
    deed: str
    shown: tuple[tuple[str, str], ...]
    printed: tuple[str, ...]
    way: Literal["", "in", "out", "->", "<-", "!!"] = ""
    came: str = "a mail came in on"


class Command(NamedTuple):
    """One thing a person can do.

    `keys` are Textual's names of the keys (`question_mark`, `ctrl+p`, `G`), the first one being
    the one shown; none means that the palette alone offers it. `label` is for the footer and the
    palette, `help` one sentence for the help screen.

    A verb on requests has a `dialog`, a class in a module of `screens.dialogs`
    (`waiting:SnoozeDialog`); a function in a module of `cli.commands`, `cli`, that is the command
    of the same name; and the words for the `events` that it leaves on a timeline.

    What does not meet what it `needs` must fail. `footer` is its place there, 0 for none, among
    those that make sense and meet what it `suits` besides; those also come first in the palette.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    group: Group
    footer: int = 0
    dialog: str = ""
    cli: str = ""
    events: tuple[EventWords, ...] = ()
    needs: Need = ""
    suits: Need = ""

    @property
    def action(self) -> str:
        """What the app or a screen is asked for, as Textual writes it."""
        return self.id if self.scope in ("app", "text") else run_action(self.id)


def run_action(id: str) -> str:
    """The one action of a screen, with the id of the command that it is to carry out."""
    return f"run('{id}')"


def _verb(
    id: str, key: str, label: str, help: str, *events: EventWords, cli: str, dialog: str = "",
    footer: int = 0, needs: Need = "unresolved", suits: Need = "",
) -> Command:  # fmt: skip
    return Command(
        id, (key,), label, help, "request", "Requests", footer, dialog, cli, events, needs, suits
    )


def _request(id: str, key: str, label: str, help: str, needs: Need = "request") -> Command:
    return Command(id, (key,), label, help, "request", "Requests", needs=needs)


def _desk(
    id: str, key: str, label: str, help: str, *, footer: int = 0, needs: Need = ""
) -> Command:
    return Command(id, (key,), label, help, "desk", "Desk", footer, needs=needs)


def _app(id: str, keys: tuple[str, ...], label: str, help: str, footer: int = 0) -> Command:
    return Command(id, keys, label, help, "app", "Program", footer)


def _view(id: str, key: str, label: str, help: str) -> Command:
    return Command(id, (key,), label, help, "desk", "Views")


def _mail(id: str, key: str, label: str, help: str, scope: Scope = "mail") -> Command:
    return Command(id, (key,), label, help, scope, "Mail")


def _move(id: str, keys: tuple[str, ...], label: str, help: str) -> Command:
    return Command(id, keys, label, help, "list", "Move")


def _desk_move(id: str, keys: tuple[str, ...], label: str, help: str) -> Command:
    return Command(id, keys, label, help, "desk", "Move")


SAVED_VIEWS = ("7", "8", "9", "0")
"""The numbers, and at first the keys, of the views that a person has saved."""

_TEXT, _THEN = ("{text}", ""), ("{then}", "")
_DEPARTMENT, _CHANNEL = ("{department}: ", "bold"), ("{channel_sign} ", "")

COMMANDS: tuple[Command, ...] = (
    _verb(
        "forward", "f", "forward", "Put a question about it to a department.",
        EventWords(
            Event.FORWARDED, "→", "forwarded",
            (_DEPARTMENT, _TEXT, (" (by {until})", "dim")),
            ("forwarded to {department}", ", by {until}"), "->",
        ),
        dialog="forward:ForwardDialog", cli="verbs:forward", footer=60,
    ),
    _verb(
        "log", "l", "log answer", "Write down what a department has answered.",
        EventWords(
            Event.LOGGED, "←", "logged an answer on",
            (("{department}", "bold"), (" ({sender})", "dim"), (": ", "bold"), _TEXT),
            ("{department} answered",), "<-", came="a department's answer came in on",
        ),
        dialog="log:LogDialog", cli="verbs:log", footer=40, needs="request", suits="awaited",
    ),
    _verb(
        "chase", "c", "chase", "Take the next step towards a late answer.",
        EventWords(
            Event.CHASED, "⇢", "chased the answer to",
            (_DEPARTMENT, ("{step}, {person} (next {until}): ", "dim"), _TEXT),
            ("{department}: {step}, for {person}, next {until}",), "->",
        ),
        dialog="chase:ChaseDialog", cli="chasing:chase", footer=50, needs="asked",
    ),
    _verb(
        "answer", "a", "answer", "Write down what you tell the customer.",
        EventWords(
            Event.ANSWERED, "out", "answered",
            (_CHANNEL, _TEXT, (" (next word {next_word})", "dim"),
             (" (look again {look_again})", "dim")),
            ("answered", ", {channel}", ", next {until}"), "out",
        ),
        dialog="answer:AnswerDialog", cli="verbs:answer", footer=70,
    ),
    _verb(
        "resolve", "r", "resolve", "Close it, and say how it ended.",
        EventWords(
            Event.RESOLVED, "✓", "resolved",
            (("{ended}", "bold"), (" of #{now_duplicate_of}", "bold"), _THEN),
            ("resolved", " as {now_resolution}", " of #{now_duplicate_of}"),
        ),
        dialog="ending:ResolveDialog", cli="verbs:resolve", footer=80,
    ),
    _desk("new", "n", "new", "Take down a new request.", footer=100),
    _desk(
        "search", "slash", "search",
        "Find requests by their words, customer or number.", footer=110, needs="requests",
    ),
    _desk("undo", "u", "undo", "Take back the last action.", footer=120, needs="requests"),
    _app("help", ("question_mark", "f1"), "help", "Show all keys.", footer=999),
    _verb(
        "snooze", "s", "snooze", "Hide it from your view until a date.",
        EventWords(
            Event.SNOOZED, "zz", "snoozed",
            (("until {until}", "dim"), _THEN), ("snoozed", " until {until}"),
        ),
        dialog="waiting:SnoozeDialog", cli="reminders:snooze", footer=90,
    ),
    _verb(
        "wake", "w", "wake", "Have it on the desk again before its date.",
        EventWords(Event.WOKEN, "zz", "woke", (("awake again", "dim"),), ("awake again",)),
        cli="reminders:wake", footer=10, needs="snoozed",
    ),
    _verb(
        "seen", "i", "seen", "What taking its mail in remarked on it has been seen.",
        cli="verbs:seen", needs="request",
    ),
    _verb(
        "triage", "t", "triage", "Give it a customer, a kind, a priority and a due date.",
        EventWords(
            Event.TRIAGED, "··", "triaged",
            (("{triaged}", "dim"), (" · due {until}", "dim")), ("triaged", ", {changes}"),
        ),
        dialog="triage:TriageDialog", cli="verbs:triage", footer=30, suits="my-turn",
    ),
    _verb(
        "note", "m", "note", "Add a note that only you and your colleagues see.",
        EventWords(
            Event.NOTED, "note", "made a note on",
            (("by mail from {sender}: ", "dim"), _TEXT), ("noted",),
        ),
        dialog="log:NoteDialog", cli="verbs:note", needs="request",
    ),
    _verb(
        "remind", "d", "remind", "Set a reminder: a date with a reason; it may recur.",
        EventWords(
            Event.REMINDED, "⏲", "set a reminder on",
            (("{until}: ", "dim"), _TEXT), ("reminder", " for {until}"),
        ),
        dialog="waiting:RemindDialog", cli="reminders:remind", needs="",
    ),
    _verb(
        "promise", "p", "promise", "Keep in mind what was promised, to whom and by when.",
        EventWords(
            Event.PROMISED, "⚑", "noted a promise on",
            (("promised for {until}: ", "bold"), _TEXT), ("promised", " by {until}"),
        ),
        dialog="promise:PromiseDialog", cli="reminders:promise", needs="",
    ),
    _verb(
        "done", "x", "mark done", "Mark its reminder as done; a promise as kept or broken.",
        EventWords(
            Event.DONE, "✓", "marked a reminder done on",
            (("done: ", "dim"), _TEXT, (" (again {until})", "dim")),
            ("reminder done", ", again {until}"),
        ),
        EventWords(
            Event.KEPT, "✓", "said that a promise was kept on",
            (("promise kept: ", "bold $text-success"), _TEXT), ("promise kept",),
        ),
        EventWords(
            Event.BROKEN, "✗", "said that a promise was broken on",
            (("promise broken: ", "bold $text-error"), _TEXT), ("promise broken",),
        ),
        cli="reminders:done", needs="",
    ),
    _verb(
        "escalate", "e", "escalate", "Tell somebody above, or take that back.",
        EventWords(
            Event.ESCALATED, "▲", "escalated",
            (("escalated to {now_escalated_to}", "bold $text-warning"), _THEN),
            ("▲ escalated", " to {now_escalated_to}"),
        ),
        EventWords(
            Event.STOOD_DOWN, "▽", "took back the escalation of",
            (("escalation to {was_escalated_to} taken back", "bold"), _THEN),
            ("escalation taken back",),
        ),
        dialog="escalate:EscalateDialog", cli="chasing:escalate",
    ),
    _verb(
        "reopen", "o", "reopen", "Open it again after it was resolved.",
        EventWords(
            Event.REOPENED, "↺", "reopened",
            (("reopened", "bold"), _THEN), ("reopened",),
        ),
        dialog="ending:ReopenDialog", cli="verbs:reopen", footer=20, needs="resolved",
    ),
    Command(
        "chase_late", ("H",), "chase late",
        "Take the next step towards every answer that is late, in whichever view.",
        "desk", "Requests", footer=55, needs="requests", suits="overdue",
    ),
    _request(
        "take_guesses", "T", "take guesses",
        "Triage it with what is guessed: what t would show, without asking.", "new",
    ),
    _request("mark", "space", "mark", "Mark it, so that the next verb acts on all marked."),
    _request("mark_range", "V", "mark a range", "Mark from here to where you go; again ends it."),
    _request("mark_all", "asterisk", "mark all", "Mark all of the view."),
    _request("mark_invert", "I", "invert marks", "Mark what is not marked, and no other."),
    _request("copy_number", "y", "copy number", "Copy its number to the clipboard."),
    _request("customer", "C", "customer", "See and change its customer.", "customer"),
    Command("mark_none", ("M",), "unmark all", "Take away all marks.", "desk", "Requests"),
    _desk("redo", "U", "redo", "Do again what was taken back."),
    _desk("departments", "D", "departments", "See and change the departments."),
    _desk("agenda", "A", "agenda", "See what falls due, by the hour."),
    _desk(
        "levels", "L", "service levels",
        "See which service levels are in force, and apply the file.",
    ),
    Command(
        "set_up", (), "set up", "Answer three questions: country and hours, departments, mail.",
        "desk", "Desk",
    ),
    _desk("refresh", "ctrl+r", "refresh", "Read the store again."),
    _mail("fetch", "F", "fetch mail", "Take in the mail that has come.", "desk"),
    _mail("mail", "O", "mail", "See what waits to be sent, and what lies aside.", "desk"),
    _mail("mail_again", "r", "send", "Among the mail: send it now, or again."),
    _mail("mail_done", "x", "done", "Among the mail: it went out; or it needs nothing."),
    _mail("mail_request", "n", "make a request", "Among the mail: make what lies aside a request."),
    _mail("mail_rule", "R", "rule", "Among the mail: say what always becomes of mail from there."),
    _mail(
        "mail_spam", "exclamation_mark", "spam",
        "Among the mail: never show again what its sender writes.",
    ),
    _mail(
        "accept_mail", "v", "accept mail",
        "A mail that nobody could vouch for is from who it says: let it count.", "request",
    ),
    _mail("unfold", "z", "unfold", "Show what its mails quote, or fold it away again.", "request"),
    _mail(
        "split_mail", "X", "split off",
        "Make a request of its own of the mail that brought another matter.", "request",
    ),
    _mail("save", "S", "save files", "Save what is attached to its mails.", "request"),
    _view("view_my_turn", "1", "my turn", "Requests in which it is your turn."),
    _view(
        "view_with_departments", "2", "with departments",
        "Requests that a department is to answer.",
    ),
    _view("view_with_customer", "3", "with customer", "Requests that wait for the customer."),
    _view("view_snoozed", "4", "snoozed", "Requests hidden until a date."),
    _view("view_open", "5", "open", "All requests that are not resolved."),
    _view("view_resolved", "6", "resolved", "Requests that are resolved, the latest first."),
    *(
        _view(f"view_{number}", number, f"saved view {number}", f"The view you saved as {number}.")
        for number in SAVED_VIEWS
    ),
    _view("filter", "ampersand", "filter", "Show only what has these words, of this view."),
    _view("sort", "comma", "sort", "Sort this view in the next way."),
    _view("go_to_number", "number_sign", "go to number", "Go to the request of a number."),
    _view("go_to_customer", "at", "go to customer", "Show all requests of a customer."),
    _view("recent", "ctrl+o", "recent", "What you have looked at or done something to lately."),
    _view("save_view", "ctrl+s", "save view", "Keep what the queue shows as a view of your own."),
    Command(
        "forget_view", (), "forget view", "Take away the saved view that is shown.", "desk", "Views"
    ),
    _move("cursor_down", ("j", "down"), "down", "Go to the next line."),
    _move("cursor_up", ("k", "up"), "up", "Go to the line before."),
    _move("first", ("g", "home"), "first", "Go to the first line."),
    _move("last", ("G", "end"), "last", "Go to the last line."),
    _move("page_down", ("pagedown", "ctrl+f"), "page down", "Go one page down."),
    _move("page_up", ("pageup", "ctrl+b"), "page up", "Go one page up."),
    _move("open", ("enter",), "open", "Open the highlighted line."),
    _desk_move("read_on", ("J",), "read on", "Scroll the conversation down."),
    _desk_move("read_back", ("K",), "read back", "Scroll the conversation up."),
    _desk_move("smaller", ("less_than_sign",), "smaller", "Make this pane smaller, for good."),
    _desk_move("larger", ("greater_than_sign",), "larger", "Make this pane larger, for good."),
    _desk_move("next_pane", ("tab",), "next pane", "Go to the next pane."),
    _desk_move("previous_pane", ("shift+tab",), "previous pane", "Go to the pane before."),
    _app(
        "palette", ("colon", "ctrl+p"), "more",
        "Find any command by its name; takes words: snooze fri, 1042, @meyer.", footer=130,
    ),
    _app("theme", (), "theme", "Choose the colours."),
    Command(
        "editor", ("ctrl+e",), "open editor", "Go on writing this text in your own editor.",
        "text", "Program",
    ),
    _app("suspend", ("ctrl+z",), "suspend", "Go back to the shell; fg comes back here."),
    _app("quit", ("q",), "quit", "Leave the desk.", footer=140),
)  # fmt: skip

FORMER_IDS: Mapping[str, str] = {
    "view_mine": "view_my_turn",
    "view_departments": "view_with_departments",
    "view_customers": "view_with_customer",
}
"""What commands were called, as the settings of a person may still say."""

LATER = frozenset((
    "mark_range", "mark_all", "mark_invert", "filter", "sort", "go_to_number", "go_to_customer",
    "recent", "save_view", "take_guesses", "wake", "read_on", "read_back", "smaller", "larger",
    "chase_late", "seen", "split_mail", "accept_mail",
    *(f"view_{number}" for number in SAVED_VIEWS),
))  # fmt: skip
"""Commands that came when people had given keys of their own to others: theirs go before."""

DIALOGS: tuple[str, ...] = tuple(command.id for command in COMMANDS if command.dialog)
"""The verbs whose dialogs keep what was half typed on requests, by their ids."""
NEEDS: Mapping[str, Need] = {command.id: command.needs for command in COMMANDS}
"""What each command needs, by its id."""

_MADE_BESIDES = (
    EventWords(
        Event.RECEIVED, "in", "wrote down the customer's words on",
        (_CHANNEL, ("{sender}: ", "bold"), _TEXT), ("received", ", {channel}"), "in",
        came="the customer's mail came in on",
    ),
    EventWords(
        Event.WITHDRAWN, "✗", "withdrew a question on",
        (("{department}: question withdrawn", "dim"),), ("withdrawn", " from {department}"),
    ),
    EventWords(
        Event.AUTO_REPLIED, "auto", "",
        (("{automatic}", "dim"), (" from {sender}", "dim"), ("{then}", "dim")),
        ("{automatic}", " from {department}"), "in",
    ),
    EventWords(
        Event.NOT_DELIVERED, "!!", "",
        (("not delivered", "bold $text-error"), (" to {department}", "bold $text-error"), _THEN),
        ("not delivered", " to {department}"), "!!", came="a mail was not delivered, on",
    ),
    EventWords(
        Event.UNVERIFIED, "??", "",
        (("not verified", "bold $text-warning"), (" from {sender}", "bold"), _THEN),
        ("not verified",), "in", came="a mail that nobody can vouch for came in on",
    ),
)  # fmt: skip
"""Events that mail makes, or a verb that has another of its own."""

EVENTS: Mapping[str, EventWords] = {
    words.event: words
    for events in (_MADE_BESIDES, *(command.events for command in COMMANDS))
    for words in events
}
"""How each event is told, by its value."""
