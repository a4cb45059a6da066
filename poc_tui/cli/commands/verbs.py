"""The verbs on requests: triage, forward, log, answer, note, resolve, reopen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import listings
from poc_tui.errors import NeedsYes, NotUnderstood, Refused
from poc_tui.models.values import Channel, Kind, Outcome, Priority, Resolution, one_of
from poc_tui.rules.applicable import meets, skipped
from poc_tui.rules.mail.address import address_in
from poc_tui.rules.text import fold
from poc_tui.store import drafts
from poc_tui.store.delivery import Attachment, Delivery
from poc_tui.store.queries.departments import department
from poc_tui.store.queries.queue import by_number
from poc_tui.store.queries.requests import forwards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.commands import Need
    from poc_tui.store.records import Done

THE_CUSTOMER = "customer"
"""What `--from` says when the words are the customer's own."""
YES = "--withdraw, --reminders done or keep, --promises kept or broken"
"""How a yes is given that an ending asks for."""

PromisesOption = Annotated[
    str | None,
    args.option(
        "--promises kept|broken",
        "With --reminders done: whether its open promises were kept.",
        completion.outcomes,
    ),
]
DuplicateOfOption = Annotated[
    str | None,
    args.option("--of N", "With an ending as duplicate: the request that it repeats."),
]
Resolving = Annotated[
    str | None,
    args.option(
        "--resolve AS",
        "It ends here: solved, declined, duplicate, withdrawn or no-reply.",
        completion.resolutions,
    ),
]


def triage(
    ctx: typer.Context,
    n: args.Numbers,
    customer: args.CustomerOption = None,
    kind: args.KindOption = None,
    prio: args.PriorityOption = None,
    via: args.ChannelOption = None,
    due: args.DueOption = None,
    tag: args.TagsOption = None,
    subject: Annotated[str | None, args.option("--subject TEXT", "A better subject.")] = None,
    guessed: Annotated[
        bool, args.flag("--guessed", "Take what the words of a new request point to.")
    ] = False,
) -> None:
    """Say whose request it is, of what kind, and when it is due.

    What is not said stays, or is what the channel calls for. Tags given replace those it has. Of
    several requests, here and with every other verb, those are skipped that it makes no sense for.

    Example: poc triage 1042 --customer "Meyer AG" --kind complaint --prio high --due "fri 14:00"
    """
    context = Context.of(ctx)
    if guessed:
        if any(given is not None for given in (customer, kind, prio, via, due, tag, subject)):
            raise NotUnderstood("--guessed takes everything as it is guessed; leave the rest out")
        act(context, drafts.GuessedTriage(), args.numbers(n), "new")
        return
    draft = drafts.Triage(
        customer=None if customer is None else args.customer(customer),
        subject=subject,
        kind=None if kind is None else one_of(Kind, kind, "the kind"),
        channel=_channel(via),
        priority=None if prio is None else one_of(Priority, prio, "the priority"),
        due_at=None if due is None else context.date(due),
        tags=None if tag is None else tuple(tag),
    )
    act(context, draft, args.numbers(n))


def forward(
    ctx: typer.Context,
    n: args.Numbers,
    department_: Annotated[
        str,
        args.argument(
            "DEPARTMENT", "Who is asked; the start of the name is enough.", completion.departments
        ),
    ],
    question: args.Words = None,
    due: Annotated[str | None, args.option("--due DATE", "When they should have answered.")] = None,
    mail: args.MailOption = None,
    attach: args.AttachOption = None,
    edit: args.Edit = False,
) -> None:
    """Put a question to a department.

    Without words the subject is the question. Where mail is set up and the department's contact
    has an address, it goes out by mail, with the customer's words and what they enclosed.

    Example: poc forward 1042,1043 technical "Is the delivery note right?"
    """
    context = Context.of(ctx)
    numbers = args.numbers(n)
    to = department(context.reader(), department_)
    due_at = None if due is None else context.date(due)
    words = args.text(context, question, edit=edit)
    act(context, drafts.ForwardDraft(to.id, words, due_at, mail, _files(attach)), numbers)


def log(
    ctx: typer.Context,
    n: args.Numbers,
    text: args.Words = None,
    whose: Annotated[
        str | None,
        args.option(
            "--from DEPARTMENT",
            "Whose answer it is, where several were asked; or: customer.",
            completion.departments,
        ),
    ] = None,
    via: args.ChannelOption = None,
    edit: args.Edit = False,
) -> None:
    """Write down what a department answered.

    With --from customer it is what the customer said.

    Example: poc log 1042 "10 units were delivered" --from technical
    """
    context = Context.of(ctx)
    numbers = args.numbers(n)
    words = args.text(context, text, edit=edit)
    if whose is not None and fold(whose).strip() == THE_CUSTOMER:
        act(context, drafts.CustomerWrote(words, _channel(via)), numbers, "request")
        return
    if via is not None:
        raise NotUnderstood("--via is for what the customer said; say --from customer with it")
    forward_id = None if whose is None else forward_to(context, numbers, whose)
    act(context, drafts.LogAnswer(words, forward_id), numbers, "asked")


def answer(
    ctx: typer.Context,
    n: args.Numbers,
    text: args.Words = None,
    *,
    via: args.ChannelOption = None,
    check_back: Annotated[
        str | None, args.option("--check-back DATE", "When to look whether they replied.")
    ] = None,
    working: Annotated[
        bool, args.flag("--working", "An interim word: work on it goes on.")
    ] = False,
    next_update: Annotated[
        str | None,
        args.option("--next-update DATE", "With --working: when they hear from us again."),
    ] = None,
    resolve_as: Resolving = None,
    of: DuplicateOfOption = None,
    withdraw: args.WithdrawOption = False,
    reminders: args.RemindersOption = None,
    promises: PromisesOption = None,
    mail: args.MailOption = None,
    to: args.ToOption = None,
    everybody: args.EverybodyOption = None,
    cc: args.CopyOption = None,
    attach: args.AttachOption = None,
    later: args.LaterOption = None,
    unless: args.UnlessOption = None,
    edit: args.Edit = False,
) -> None:
    """Write down what the customer was told.

    It is their turn then, unless --working or --resolve says otherwise. Where mail is set up and
    the customer is answered by mail, it goes out: `poc send` or the desk sends it, with a copy to
    those who got the customer's mail too.

    Example: poc answer 1042 "You get a corrected invoice." --via phone --check-back "in 3 days"
    """
    context = Context.of(ctx)
    if next_update is not None and not working:
        raise NotUnderstood("--next-update goes with --working; give both, or --check-back")
    if of is not None and resolve_as is None:
        raise NotUnderstood("--of goes with --resolve duplicate; give both")
    if resolve_as is not None and (working or check_back is not None):
        raise NotUnderstood("a resolved request has no next date; leave that out, or --resolve")
    if working and check_back is not None:
        raise NotUnderstood("--check-back is for when it is the customer's turn; use --next-update")
    if len(args.numbers(n)) > 1 and (to or cc):
        raise NotUnderstood("--to and --cc are for one request; answer these one by one")
    delivery = Delivery(
        _address(to or ""),
        everybody,
        tuple(map(_address, cc or ())),
        _files(attach),
        None if later is None else context.date(later, begins=True),
        unless,
    )
    draft = drafts.Answer(
        args.text(context, text, edit=edit),
        channel=_channel(via),
        check_back_at=None if check_back is None else context.date(check_back),
        still_working=working,
        next_update_at=None if next_update is None else context.date(next_update),
        resolve_as=None if resolve_as is None else one_of(Resolution, resolve_as, "the ending"),
        duplicate_of=_duplicate_of(of),
        withdraw_forwards=withdraw,
        reminders_done=args.reminders_done(reminders),
        promises_kept=_promises_kept(promises, reminders),
        mail=mail,
        delivery=None if delivery == Delivery() else delivery,
    )
    _end(context, draft, args.numbers(n))


def note(
    ctx: typer.Context, n: args.Numbers, text: args.Words = None, edit: args.Edit = False
) -> None:
    """Add a note that the customer never sees.

    Example: poc note 1042 called twice, nobody there
    """
    context = Context.of(ctx)
    act(context, drafts.Note(args.text(context, text, edit=edit)), args.numbers(n), "request")


def seen(ctx: typer.Context, n: args.Numbers) -> None:
    """Say that what taking its mail in remarked on it has been seen.

    Doing anything else to the request says so as well.

    Example: poc seen 1042
    """
    act(Context.of(ctx), drafts.Seen(), args.numbers(n))


def resolve(
    ctx: typer.Context,
    n: args.Numbers,
    text: args.Words = None,
    as_: Annotated[
        str,
        args.option(
            "--as AS", "solved, declined, duplicate, withdrawn or no-reply.", completion.resolutions
        ),
    ] = "solved",
    of: DuplicateOfOption = None,
    withdraw: args.WithdrawOption = False,
    reminders: args.RemindersOption = None,
    promises: PromisesOption = None,
    mail: args.MailOption = None,
    edit: args.Edit = False,
) -> None:
    """Close a request and say how it ended.

    TEXT is the last answer, if there is one. Where mail is set up and the customer is answered by
    mail, it goes out: `poc send` or the desk sends it.

    Example: poc resolve 1042 "The corrected invoice is on its way." --as solved
    """
    context = Context.of(ctx)
    draft = drafts.Resolve(
        one_of(Resolution, as_, "the ending"),
        args.text(context, text, edit=edit),
        duplicate_of=_duplicate_of(of),
        withdraw_forwards=withdraw,
        reminders_done=args.reminders_done(reminders),
        promises_kept=_promises_kept(promises, reminders),
        mail=mail,
    )
    _end(context, draft, args.numbers(n))


def reopen(ctx: typer.Context, n: args.Numbers, why: args.Words = None) -> None:
    """Open a resolved request again.

    Example: poc reopen 1042 "the invoice is still wrong"
    """
    context = Context.of(ctx)
    act(context, drafts.Reopen(args.text(context, why)), args.numbers(n), "resolved")


def undo(ctx: typer.Context) -> None:
    """Take your last step back, whatever it was.

    Yours is what was done under the name of this desk (desk.name); what somebody else built on it
    since has to go first.

    Example: poc undo
    """
    context = Context.of(ctx)
    _step(context, "undo", context.desk().undo())


def redo(ctx: typer.Context) -> None:
    """Do the step again that you took back last.

    Example: poc redo
    """
    context = Context.of(ctx)
    _step(context, "redo", context.desk().redo())


def _step(context: Context, what: str, done: Done) -> None:
    said = done._replace(label=f"{what}: {done.label}")
    context.out.done(said, listings.standings(context, done.numbers))


def act(
    context: Context, draft: drafts.Draft, numbers: Sequence[int], need: Need = "unresolved"
) -> None:
    """Carry a draft out on these requests and say what was done and how they stand."""
    done = listings.with_what_goes_out(context, do(context, draft, numbers, need))
    context.out.done(done, listings.standings(context, done.numbers))


def do(context: Context, draft: drafts.Draft, numbers: Sequence[int], need: Need) -> Done:
    """Carry a draft out on those of several requests that meet the need, and remark which do not.

    Where none does, and for one alone, it is the desk that refuses. Raises what `Desk.do` raises.
    """
    rows = by_number(context.reader(), numbers) if len(numbers) > 1 else ()
    now = context.clock.now()
    others = [row.number for row in rows if not meets(row, need, now)]
    fits = [number for number in numbers if number not in others]
    if not fits or not others:
        return context.desk().do(draft, numbers)
    done = context.desk().do(draft, fits)
    return done._replace(remarks=(*done.remarks, skipped(need, others)))


def _end(context: Context, draft: drafts.Draft, numbers: Sequence[int]) -> None:
    """The same for what may end a request: says how a yes is given here."""
    try:
        act(context, draft, numbers)
    except NeedsYes as question:
        raise NeedsYes(f"{question} ({YES})") from question


def _promises_kept(words: str | None, reminders: str | None) -> bool | None:
    """Whether the promises were kept; None if it was not said.

    Raises:
        NotUnderstood: neither `kept` nor `broken`, or the reminders are not said to be done.
    """
    if words is None:
        return None
    if args.reminders_done(reminders) is not True:
        raise NotUnderstood("--promises goes with --reminders done; give both")
    return one_of(Outcome, words, "--promises") == Outcome.KEPT


def _duplicate_of(words: str | None) -> int | None:
    return None if words is None else args.number(words)


def _files(paths: Sequence[str] | None) -> tuple[Attachment, ...]:
    """The files of that name, as they are now. Raises what reading them raises."""
    if not paths:
        return ()
    from poc_tui.mail.own_files import read

    return read([os.path.expanduser(path) for path in paths])


def _address(words: str) -> str:
    """The address in words such as `Meyer AG <info@meyer.example>`; else what was typed."""
    return address_in(words) or words.strip()


def _channel(words: str | None) -> Channel | None:
    return None if words is None else one_of(Channel, words, "the channel")


def forward_to(context: Context, numbers: Sequence[int], name: str) -> int | None:
    """The open forward of that department, the one asked first.

    None where several requests each wait for that department alone, since then there is no doubt.
    """
    reader = context.reader()
    asked = department(reader, name, retired=True)
    waiting = {
        number: [forward for forward in forwards(reader, number) if forward.is_open]
        for number in numbers
    }
    for number, waits in waiting.items():
        if not any(forward.department_id == asked.id for forward in waits):
            raise Refused(
                f"#{number} does not wait for {asked.name}; `poc show {number}` says more"
            )
    if len(numbers) == 1:
        of_them = (f for f in waiting[numbers[0]] if f.department_id == asked.id)
        return min(of_them, key=lambda forward: (forward.asked_at, forward.id)).id
    if all(len(waits) == 1 for waits in waiting.values()):
        return None
    raise NotUnderstood("some of these wait for others, too; do this one request at a time")
