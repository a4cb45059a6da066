"""The read side: plain SQL over DB-API, out come the records of `store.records`.

No ORM here: it costs 150 ms at the start of the desk and buys nothing for reading.
"""
