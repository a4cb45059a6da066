"""Arguments and options that several commands share, and what their words mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli import completion
from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import safe
from poc_tui.system.streams import standard_input

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from poc_tui.cli.context import Context
    from poc_tui.store.drafts import CustomerRef

_NUMBER = re.compile(r"#?([0-9]{1,18})")
_MAIL = re.compile(r"[0-9]{1,18}")


def argument(metavar: str, help: str, complete: Callable[..., object] | None = None) -> Any:
    """What a command is given without a flag; `complete` offers words for it to the shell."""
    return typer.Argument(metavar=metavar, help=help, autocompletion=complete)


def option(words: str, help: str, complete: Callable[..., object] | None = None) -> Any:
    """An option that takes a word: its flags and what that is called, as "-o --output FILE"."""
    *flags, metavar = words.split()
    return typer.Option(*flags, metavar=metavar, help=help, autocompletion=complete)


def flag(words: str, help: str) -> Any:
    """An option that takes no word, under its flags, such as "-e --edit"."""
    return typer.Option(*words.split(), help=help)


Numbers = Annotated[
    str, argument("N", "The number of a request, such as 1042; several as 1042,1043.")
]
OneNumber = Annotated[str, argument("N", "The number of a request, such as 1042.")]
Words = Annotated[
    list[str] | None, argument("TEXT", "The words; - reads them from standard input.")
]
Edit = Annotated[bool, flag("-e --edit", "Write the text in your editor.")]
CustomerOption = Annotated[
    str | None,
    option(
        "--customer NAME", "Whose request it is: a name, an address or an id.", completion.customers
    ),
]
KindOption = Annotated[
    str | None,
    option("--kind KIND", "question, complaint, information, feedback or order.", completion.kinds),
]
PriorityOption = Annotated[
    str | None, option("--prio PRIORITY", "low, normal, high or critical.", completion.priorities)
]
ChannelOption = Annotated[
    str | None,
    option(
        "--via CHANNEL",
        "email, phone, chat, social, letter, in-person or web.",
        completion.channels,
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many.")
]
OutputOption = Annotated[str, option("-o --output FILE", "Where to write; - is standard output.")]
DueOption = Annotated[str | None, option("--due DATE", "When the customer must hear from us.")]
TagsOption = Annotated[list[str] | None, option("--tag TAG", "A tag; may be given again.")]
MailOption = Annotated[
    bool | None,
    typer.Option(
        "--mail/--no-mail",
        help="Whether it goes out by mail; without a word, where that can be done.",
        show_default=False,
    ),
]
ToOption = Annotated[
    str | None,
    option("--to ADDRESS", "The mail address it goes to, instead of the usual one."),
]
EverybodyOption = Annotated[
    bool | None,
    typer.Option(
        "--all/--alone",
        help="Whether all get a copy who got the mail that it answers; without a word, unless a"
        " department is among them.",
        show_default=False,
    ),
]
CopyOption = Annotated[
    list[str] | None, option("--cc ADDRESS", "Who gets a copy; may be given again.")
]
AttachOption = Annotated[
    list[str] | None,
    typer.Option(
        "--attach",
        metavar="FILE",
        help="A file that goes with the mail; may be given again.",
        show_default=False,
    ),
]
LaterOption = Annotated[
    str | None, option("--later DATE", "When the mail goes out, and it counts as said.")
]
UnlessOption = Annotated[
    bool | None,
    typer.Option(
        "--unless-they-write/--even-if-they-write",
        help="With --later: whether it stays unsent if they write first; without a word, where it"
        " follows up what we said.",
        show_default=False,
    ),
]
NewNameOption = Annotated[str | None, option("--name NAME", "A new name.")]
WithdrawOption = Annotated[bool, flag("--withdraw", "Withdraw the forwards that are still open.")]
RemindersOption = Annotated[
    str | None, option("--reminders done|keep", "Whether its open reminders are done or stay.")
]


def numbers(words: str) -> tuple[int, ...]:
    """The numbers in `1042`, `#1042` or `1042,1043`, each once, in the order given.

    Raises:
        NotUnderstood: one of them is not a number.
    """
    found: dict[int, None] = {}
    for word in words.split(","):
        match = _NUMBER.fullmatch(word.strip())
        if match is None:
            raise NotUnderstood(
                f"“{safe(word)}” is not the number of a request; give it as 1042, "
                "several as 1042,1043"
            )
        found[int(match[1])] = None
    return tuple(found)


def number(words: str) -> int:
    """The one number in `1042` or `#1042`.

    Raises:
        NotUnderstood: it is not a number, or there are several.
    """
    given = numbers(words)
    if len(given) > 1:
        raise NotUnderstood(f"“{safe(words)}” names several requests; give the number of one")
    return given[0]


def mail_id(words: str) -> int:
    """The number of a mail, such as `12`.

    Raises:
        NotUnderstood: it is not a number.
    """
    match = _MAIL.fullmatch(words.strip())
    if match is None:
        raise NotUnderstood(f"“{safe(words)}” is not the number of a mail; give it as 12")
    return int(match[0])


def is_number(word: str) -> bool:
    """Whether an argument names requests by number."""
    return all(_NUMBER.fullmatch(part.strip()) for part in word.split(","))


def text(context: Context, words: Sequence[str] | None, *, edit: bool = False) -> str:
    """The text that is meant: the words, standard input for `-`, or what the editor gave back.

    Empty when nothing was given; the draft that needs words refuses that.
    """
    given = " ".join(words or ())
    if given == "-":
        given = standard_input().decode("utf-8", "replace")
    if edit:
        from poc_tui.system.editor import edit as in_editor

        return in_editor(given, context.environ)
    return given


def customer(words: str) -> CustomerRef:
    """A customer as an option names them: by id, else by name or address."""
    from poc_tui.store.drafts import CustomerName, CustomerNumber
    from poc_tui.store.recognise import as_id

    id = as_id(words)
    return CustomerName(words) if id is None else CustomerNumber(id)


def reminders_done(words: str | None) -> bool | None:
    """Whether open reminders are done (True) or stay (False); None if it was not said.

    Raises:
        NotUnderstood: neither `done` nor `keep`.
    """
    answers = {None: None, "done": True, "keep": False}
    if words not in answers:
        raise NotUnderstood(f"--reminders “{safe(words or '')}” is not known; say done or keep")
    return answers[words]
