"""The dialogs of the desk: each fills one draft, has it carried out, and gives back what was done.

A dialog reads the store as it is built, which may raise what reading raises (`NotFound`,
`StoreBusy`, `StoreUnreadable`). One on requests has a `refuse(requests)`: the sentence why it
makes no sense for them now, to be asked before it is built.
"""
