"""Towards an answer that does not come: `chase` climbs the ladder, `escalate` tells those above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.commands.verbs import act, do, forward_to
from poc_tui.cli.context import Context
from poc_tui.cli.output import listings, serialize
from poc_tui.cli.output.layout import Block, Line
from poc_tui.errors import NeedsYes, NotUnderstood, Refused
from poc_tui.models.values import Event
from poc_tui.rules.service import chase as ladder
from poc_tui.store import drafts
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.requests import reasons_for, request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.store.records import ForwardRow, RequestDetail


class ChaseResult(NamedTuple):
    """A step of the ladder that was taken for a request, or would be."""

    number: int
    department: str
    step: ladder.ChaseStep


def chase(
    ctx: typer.Context,
    n: args.Numbers,
    text: args.Words = None,
    department: Annotated[
        str | None,
        args.option(
            "--department NAME", "Who is chased, where several were asked.", completion.departments
        ),
    ] = None,
    show: Annotated[
        bool, args.flag("--show", "Only print the step and its words; nothing is done.")
    ] = False,
    early: Annotated[
        bool, args.flag("--early", "Also where the department still has time.")
    ] = False,
    mail: args.MailOption = None,
    edit: args.Edit = False,
) -> None:
    """Take the next step towards an answer that does not come.

    The step of the chase ladder is noted on the request and its words are printed, ready to be
    pasted. Where mail is set up and the person has an address, they go out by mail. TEXT takes the
    place of the words of the step.

    Example: poc chase 1042
    """
    context = Context.of(ctx)
    numbers = args.numbers(n)
    if (show or len(numbers) > 1) and edit:
        raise NotUnderstood("--edit is for the words of one step that is taken; leave it out")
    if text and all(args.is_number(word) for word in text):
        raise NotUnderstood(f"several requests are given as {','.join([n, *text])}")
    if show and text:
        raise NotUnderstood("--show prints the words of the step; leave your own out")
    forward_id = None if department is None else forward_to(context, numbers, department)
    if show:
        ahead = [_ahead(context, number, forward_id) for number in numbers]
        context.out.page(
            lambda: _page(ahead, context), lambda: {"steps": _fields(ahead, context.times)}
        )
        return
    given = None
    if edit and not text:
        given = args.text(context, [_ahead(context, numbers[0], forward_id).step.words], edit=True)
    elif text:
        given = args.text(context, text, edit=edit)
    draft = drafts.Chase(forward_id, given, early, mail)
    try:
        done = listings.with_what_goes_out(context, do(context, draft, numbers, "asked"))
    except NeedsYes as question:
        raise NeedsYes(f"{question} (--early)") from question
    taken = [_taken(context, number) for number in done.numbers]
    context.out.page(
        lambda: (
            Line(done.label),
            *(Line(f"  {remark}") for remark in done.remarks),
            *_page(taken, context),
        ),
        lambda: {
            "done": done.label,
            "numbers": list(done.numbers),
            "remarks": list(done.remarks),
            "steps": _fields(taken, context.times),
        },
    )


def escalate(
    ctx: typer.Context,
    n: args.Numbers,
    to: Annotated[
        str | None,
        args.option(
            "--to WHO",
            "Whom it goes to, instead of whom the service levels name.",
            completion.leads,
        ),
    ] = None,
    why: Annotated[
        str | None, args.option("--why TEXT", "The reason, instead of what the desk sees.")
    ] = None,
    back: Annotated[bool, args.flag("--back", "Take the escalation back.")] = False,
) -> None:
    """Note that somebody above should know, until it is taken back or resolved.

    Example: poc escalate 1042 --to management --why "they threaten to leave"
    """
    context = Context.of(ctx)
    numbers = args.numbers(n)
    if back:
        if to is not None:
            raise NotUnderstood("--back takes it back from whomever it went to; leave --to out")
        act(context, drafts.StandDown(why or ""), numbers)
        return
    reason = _reasons(context, numbers) if why is None else why
    draft = drafts.Escalate(context.deadlines.levels.suggesting.to if to is None else to, reason)
    done = do(context, draft, numbers, "unresolved")
    context.out.done(done, [f"why: {reason}", *listings.standings(context, done.numbers)])


def _ahead(context: Context, number: int, forward_id: int | None) -> ChaseResult:
    """The step that is next, without taking it.

    Raises:
        Refused: the request waits for no department.
    """
    detail = request(context.reader(), number)
    waiting = [f for f in detail.open_forwards if forward_id in (None, f.id)]
    if not waiting:
        raise Refused(f"#{number} waits for no department, so there is nobody to chase")
    return _next_step(context, detail, min(waiting, key=lambda f: (f.next_at, f.id)))


def _next_step(context: Context, detail: RequestDetail, forward: ForwardRow) -> ChaseResult:
    known = departments(context.reader(), retired=True)
    asked_of = next(row for row in known if row.id == forward.department_id)
    asked = ladder.ChasedForward(detail.number, detail.subject, detail.customer, asked_of, forward)
    step = ladder.chase_step(context.deadlines, asked, context.clock.now(), context.settings.name)
    escalates = step.escalates and detail.escalated_at is None
    return ChaseResult(detail.number, asked_of.name, step._replace(escalates=escalates))


def _taken(context: Context, number: int) -> ChaseResult:
    """The step that was taken last for the request, as its timeline has it."""
    detail = request(context.reader(), number)
    at, activity = next(
        (at, activity)
        for at, activity in reversed([*enumerate(detail.activities)])
        if activity.event == Event.CHASED
    )
    name, person = (activity.changes or {}).get("chased", ("", ""))
    forward = next(forward for forward in detail.forwards if forward.id == activity.forward_id)
    step = ladder.ChaseStep(
        name,
        person,
        activity.text,
        escalates=any(later.event == Event.ESCALATED for later in detail.activities[at:]),
        remark="",
        following=context.deadlines.rung(forward.department, forward.chased).name,
        following_at=forward.next_at,
    )
    return ChaseResult(number, forward.department, step)


def _page(steps: Sequence[ChaseResult], context: Context) -> Iterator[Block]:
    for one in steps:
        number, department, step = one
        whom = step.person if step.person == department else f"{step.person} ({department})"
        yield Line(f"  #{number}  {step.name}, for {whom}")
        if step.remark:
            yield Line(f"  {step.remark}")
        if step.escalates:
            yield Line(f"  this escalates #{number} to {step.person}")
        yield Line(f"  next: {step.following}, {context.say(step.following_at)}")
        yield Line()
        # Each line as long as it is, so that it can be pasted as it was written.
        yield from (Line(line) for line in step.words.split("\n"))
        if one is not steps[-1]:
            yield Line()


def _fields(steps: Sequence[ChaseResult], times: LocalTimes) -> list[dict[str, Any]]:
    return [
        {
            **serialize.fields(one, "number department", times),
            "step": one.step.name,
            **serialize.fields(one.step, "person words escalates", times),
            "next_step": one.step.following,
            "next_at": times.of(one.step.following_at),
        }
        for one in steps
    ]


def _reasons(context: Context, numbers: Sequence[int]) -> str:
    """What the desk itself sees that speaks for escalating these requests.

    Raises:
        NotUnderstood: nothing does, or something else for each of them.
    """
    suggesting, now = context.deadlines.levels.suggesting, context.clock.now()
    found: dict[str, int] = {}
    for number in numbers:
        found[", ".join(reasons_for(request(context.reader(), number), suggesting, now))] = number
    if "" in found:
        raise NotUnderstood(f"say --why: the desk sees no reason to escalate #{found['']}")
    if len(found) > 1:
        raise NotUnderstood("the reasons differ; say one --why for all, or do one at a time")
    return next(iter(found))
