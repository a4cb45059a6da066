"""Customers: recognised, added, changed."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.models.values import State
from poc_tui.rules.recurrence.rule import check
from poc_tui.rules.text import fold, plain
from poc_tui.store.drafts import AddressDraft, Contact, CustomerNumber, CustomerRef, EditCustomer
from poc_tui.store.recognise import add_address, as_kept, known_or_new
from poc_tui.store.rows import Address, Customer, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import Verb, short


def resolve_customer(work: UnitOfWork, ref: CustomerRef | None) -> int | None:
    """The id of the customer meant: known, else created from the name.

    Where the name could mean several there is no customer, and a remark says which.
    """
    if ref is None:
        return None
    if isinstance(ref, CustomerNumber):
        return work.existing(Customer, ref.id).id
    id, _, remarks = known_or_new(work, ref.words, work.now)
    work.remarks += remarks
    return id


def edit(draft: EditCustomer, work: UnitOfWork) -> None:
    """Add or change a customer."""
    if draft.id is None:
        name = plain(draft.name or "").strip()
        customer = work.add(Customer(name=name, name_folded=fold(name), since=work.now))
    else:
        customer = work.existing(Customer, draft.id)
        before = (customer.name, customer.vip)
        if draft.name is not None:
            customer.name = plain(draft.name).strip()
            customer.name_folded = fold(customer.name)
    for field in ("organisation", "preferences", "notes"):
        if (value := getattr(draft, field)) is not None:
            setattr(customer, field, plain(value).strip())
    if draft.rhythm is not None:
        customer.rhythm = draft.rhythm and check(draft.rhythm)
    if draft.vip is not None:
        customer.vip = draft.vip
    if draft.prefers is not None:
        customer.prefers = draft.prefers
    elif draft.prefers_nothing:
        customer.prefers = None
    if draft.addresses is not None:
        _replace_addresses(work, customer, draft.addresses)
    if draft.id is not None and (customer.name, customer.vip) != before:
        _serve_anew(work, customer)


def _serve_anew(work: UnitOfWork, customer: Customer) -> None:
    """Levels go by the customer: the dates of their open requests are counted anew."""
    theirs = "customer_id = ? AND state <> ? ORDER BY id"
    for request in work.all(Request, theirs, (customer.id, State.RESOLVED)):
        if request.due_since is not None:
            work.recount(request)


def contact(draft: Contact, work: UnitOfWork) -> None:
    """The customer was talked to now; their contact rhythm begins anew."""
    customer = work.existing(Customer, draft.customer_id)
    customer.contacted_at = work.now
    if text := plain(draft.text).strip():
        day = work.now.astimezone(work.deadlines.hours.zone).date().isoformat()
        customer.notes = "\n".join(filter(None, (customer.notes, f"{day}: {text}")))


def _replace_addresses(
    work: UnitOfWork, customer: Customer, wanted: tuple[AddressDraft, ...]
) -> None:
    kept = dict.fromkeys(
        (draft.kind.value, as_kept(draft.kind, plain(draft.value).strip())) for draft in wanted
    )
    for address in work.all(Address, "customer_id = ? ORDER BY id", (customer.id,)):
        if (address.kind, address.value) in kept:
            del kept[address.kind, address.value]
        else:
            work.remove(address)
    for kind, value in kept:
        add_address(work, customer.id, kind, value)


def _label(draft: EditCustomer, _numbers: Sequence[int], _work: UnitOfWork) -> str:
    return f"customer {short(draft.name or str(draft.id))}"


def _contact_label(draft: Contact, _numbers: Sequence[int], work: UnitOfWork) -> str:
    return f"talked to {short(work.existing(Customer, draft.customer_id).name)}"


VERBS = (
    Verb("customer", EditCustomer, _label, alone=edit),
    Verb("contact", Contact, _contact_label, alone=contact),
)
