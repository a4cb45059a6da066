"""The read side: plain SQL over DB-API, out come the records of `store.records`."""
