"""Values that never change once they are made."""

from __future__ import annotations

import threading
from typing import Self, dataclass_transform

_making = threading.Lock()


@dataclass_transform(frozen_default=True)
class Frozen:
    """A frozen dataclass that becomes one when its first value is made.

    Making the methods of a dataclass takes a third of a millisecond: of dozens of types a command
    pays only for those of which it makes values. A subclass takes over no fields of another.
    """

    def __new__(cls, *_: object, **__: object) -> Self:
        """A value whose fields `__init__` is still to set."""
        if "_is_made" not in cls.__dict__:
            with _making:
                if "_is_made" not in cls.__dict__:
                    from dataclasses import dataclass

                    dataclass(frozen=True)(cls)
                    type.__setattr__(cls, "_is_made", True)
        return super().__new__(cls)
