"""What the store does by itself, in SQLite's own words: search, tally, what is never changed.

The models know nothing of it. A new store has all of it; the migrations take from here what is
still as they made it, so whoever changes something leaves them the old words.
"""

from __future__ import annotations

from collections.abc import Callable

Execute = Callable[[str], object]
"""Carries out one statement."""


def make(execute: Execute) -> None:
    """All of it, for tables that are there and empty."""
    history_is_kept(execute)
    tally(execute)
    search_customers(execute, address=_folded("a.value"))
    search_activities(execute)
    mail_is_kept(execute)
    redo_ends(execute)


def history_is_kept(execute: Execute) -> None:
    """What happened, and what a request was when it came, stays as it is."""
    for table in ("activity", "original"):
        execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'an {table} is never changed'); END"
        )


def tally(execute: Execute) -> None:
    """Counting a million resolved requests takes longer than a first paint may."""
    execute("CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID")
    execute("INSERT INTO tally VALUES ('resolved', 0)")
    for event, row, sign in (("INSERT", "NEW", "+"), ("DELETE", "OLD", "-")):
        execute(
            f"CREATE TRIGGER tally_{event.lower()} AFTER {event} ON request "
            f"WHEN {row}.state = 'resolved' "
            f"BEGIN UPDATE tally SET n = n {sign} 1 WHERE name = 'resolved'; END"
        )
    execute(
        "CREATE TRIGGER tally_update AFTER UPDATE OF state ON request "
        "WHEN (OLD.state = 'resolved') <> (NEW.state = 'resolved') "
        "BEGIN UPDATE tally SET n = n + (NEW.state = 'resolved') - (OLD.state = 'resolved') "
        "WHERE name = 'resolved'; END"
    )


def _folded(expression: str) -> str:
    """The SQL twin of `rules.text.fold` for umlauts; unicode61 does the rest."""
    for sign, pair in (
        ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "ae"), ("Ö", "oe"), ("Ü", "ue"),
        ("ß", "ss"), ("ẞ", "ss"),
    ):  # fmt: skip
        expression = f"replace({expression}, '{sign}', '{pair}')"
    return expression


def search_customers(execute: Execute, address: str = "a.value") -> None:
    """A customer is found by name, organisation and addresses; `address` is SQL of one as it is
    found."""
    execute(
        "CREATE VIRTUAL TABLE customer_search USING fts5("
        "text, tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3')"
    )
    _customers_are_found(execute, address)
    execute(
        "CREATE TRIGGER customer_search_delete AFTER DELETE ON customer "
        "BEGIN DELETE FROM customer_search WHERE rowid = OLD.id; END"
    )


def find_customers_by_folded_addresses(execute: Execute) -> None:
    """From now on; until then the domain `müller.example` was found by nobody."""
    for table, _, events in _CUSTOMER_CHANGES:
        for event in events:
            execute(f"DROP TRIGGER {table}_search_{event.lower()}")
    _customers_are_found(execute, _folded("a.value"))
    execute(
        "UPDATE customer SET id = id WHERE id IN (SELECT customer_id FROM address"
        f" WHERE value <> {_folded('value')})"
    )


_CUSTOMER_CHANGES = (
    ("customer", "id", ("INSERT", "UPDATE")),
    ("address", "customer_id", ("INSERT", "UPDATE", "DELETE")),
)


def _customers_are_found(execute: Execute, address: str) -> None:
    for table, key, events in _CUSTOMER_CHANGES:
        for event in events:
            row = "OLD" if event == "DELETE" else "NEW"
            execute(
                f"CREATE TRIGGER {table}_search_{event.lower()} AFTER {event} ON {table} BEGIN "
                "INSERT OR REPLACE INTO customer_search (rowid, text) "
                f"SELECT c.id, {_folded('c.name')} || ' ' || {_folded('c.organisation')} || ' ' ||"
                f" coalesce((SELECT group_concat({address}, ' ') FROM address a"
                "           WHERE a.customer_id = c.id), '') "
                f"FROM customer c WHERE c.id = {row}.{key}; END"
            )


def search_activities(execute: Execute) -> None:
    """An activity is found by its words, its request's subject and its customer's name.

    The table keeps no copy of the text, so taking an entry out means saying again what went in;
    every trigger below therefore reads the same tables in the state the entry was made from.
    """
    execute(
        "CREATE VIRTUAL TABLE activity_search USING fts5("
        "text, content = '', detail = none, "
        "tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3')"
    )
    name = "coalesce((SELECT c.name FROM customer c WHERE c.id = {0}), '')"

    def words(subject: str, customer: str, text: str) -> str:
        return _folded(f"{subject} || ' ' || {customer} || ' ' || {text}")

    for event, row, delete in (("INSERT", "NEW", False), ("DELETE", "OLD", True)):
        into = "(activity_search, rowid, text)" if delete else "(rowid, text)"
        first = "'delete', " if delete else ""
        execute(
            f"CREATE TRIGGER activity_search_{event.lower()} AFTER {event} ON activity BEGIN "
            f"INSERT INTO activity_search {into} SELECT {first}{row}.id, "
            f"{words('r.subject', name.format('r.customer_id'), f'{row}.text')} "
            f"FROM request r WHERE r.id = {row}.request_id; END"
        )
    take_out = "INSERT INTO activity_search (activity_search, rowid, text) SELECT 'delete', a.id, "
    put_in = "INSERT INTO activity_search (rowid, text) SELECT a.id, "
    old_request = words("OLD.subject", name.format("OLD.customer_id"), "a.text")
    new_request = words("NEW.subject", name.format("NEW.customer_id"), "a.text")
    of_request = "FROM activity a WHERE a.request_id = NEW.id"
    execute(
        "CREATE TRIGGER request_search_update AFTER UPDATE OF subject, customer_id ON request "
        "WHEN OLD.subject <> NEW.subject OR OLD.customer_id IS NOT NEW.customer_id BEGIN "
        f"{take_out}{old_request} {of_request}; {put_in}{new_request} {of_request}; END"
    )
    of_customer = (
        "FROM request r JOIN activity a ON a.request_id = r.id WHERE r.customer_id = NEW.id"
    )
    execute(
        "CREATE TRIGGER customer_search_rename AFTER UPDATE OF name ON customer "
        "WHEN OLD.name <> NEW.name BEGIN "
        f"{take_out}{words('r.subject', 'OLD.name', 'a.text')} {of_customer}; "
        f"{put_in}{words('r.subject', 'NEW.name', 'a.text')} {of_customer}; END"
    )


def mail_is_kept(execute: Execute) -> None:
    """A mail stays as it came; what was taken in and lies under no request lies aside."""
    execute(
        "CREATE TRIGGER mail_is_never_changed BEFORE UPDATE ON mail"
        " BEGIN SELECT RAISE(ABORT, 'a mail is never changed'); END"
    )
    # By triggers, so that undoing a filing, which puts rows back, lays the mail aside.
    execute(
        "CREATE TRIGGER mail_taken AFTER UPDATE OF taken_at ON mail_read"
        " WHEN OLD.taken_at IS NULL AND NEW.taken_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM mail_filed WHERE mail_id = NEW.mail_id)"
        " BEGIN UPDATE mail_read SET aside = 1 WHERE mail_id = NEW.mail_id; END"
    )
    for event, row, aside in (("INSERT", "NEW", 0), ("DELETE", "OLD", 1)):
        execute(
            f"CREATE TRIGGER mail_filed_{event.lower()} AFTER {event} ON mail_filed"
            f" BEGIN UPDATE mail_read SET aside = {aside} WHERE mail_id = {row}.mail_id; END"
        )


def redo_ends(execute: Execute) -> None:
    """What somebody took back can be done again although another person did something since.

    What mail did by itself is nobody's, and cannot be done again once anybody has acted.
    """
    execute(
        "CREATE TRIGGER journal_redo_ends AFTER INSERT ON journal WHEN NEW.undone = 0"
        " AND (NEW.run IS NOT NULL OR NEW.step NOT IN ('mail', 'not-delivered'))"
        " BEGIN UPDATE journal SET undone = 2 WHERE undone = 1 AND id < NEW.id"
        " AND (actor = NEW.actor OR (run IS NULL AND step IN ('mail', 'not-delivered'))); END"
    )
