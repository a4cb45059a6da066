"""What can go wrong, each with an exit code and a sentence that says what to do.

`system.streams.fail` and the desk's error line are the only places that turn these into
output.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class PocError(Exception):
    """A failure a person can act on; `str()` is the sentence they read."""

    exit_code = 1


class NotUnderstood(PocError):
    """The words given make no sense here; nothing was stored."""

    exit_code = 2


class NotFound(PocError):
    """A number or a name that the store does not hold; nothing was changed."""


class Refused(PocError):
    """Understood, but a rule of the desk forbids it; nothing was changed."""


class NeedsYes(Refused):
    """Allowed only on an explicit yes, such as withdrawing open forwards."""


class MovedOn(Refused):
    """A request is not what it was when somebody began to act on it; acting again goes through.

    `seen` is the newest activity of each by now (`store.queries.happened`), for the next try.
    """

    def __init__(self, sentence: str, seen: Mapping[int, Any]) -> None:
        super().__init__(sentence)
        self.seen = seen


class TryLater(PocError):
    """What another program handed over is not kept yet; it is to hand it over again.

    Its exit code is EX_TEMPFAIL of sysexits.h: mail programs take any other failure of a command
    as final, and send the mail back to whoever wrote it.
    """

    exit_code = 75


class StoreUnreadable(PocError):
    """The file is not a store of ours, is newer than this program, or cannot be opened."""


class StoreBusy(PocError):
    """Another process is writing; nothing was stored and it can be tried again."""


class ConfigWrong(PocError):
    """A settings file that cannot be used; names the file and the key."""


class MailFailed(PocError):
    """Mail could not be fetched or handed over; says which server, and never a password."""


class Broken(PocError):
    """A fault of the program ended the desk; what was saved is saved."""


class ToldToEnd(PocError):
    """A signal ended the desk; there is nobody to say it to."""

    def __init__(self, signum: int) -> None:
        super().__init__()
        self.exit_code = 128 + signum
