"""Cases of a test of which a few suffice while one works; `make proofs` runs the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def proofs(cases: Iterable[Any], *, but: Collection[Any]) -> list[Any]:
    """All these cases in their order; those that are not among `but` are marked as proofs.

    A case of several arguments is a tuple.
    """
    left = [case for case in cases if case in but]
    assert len(left) == len(but), "a case that is to be run by `make test` is none of these"
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if case in left else pytest.mark.proof,
        )
        for case in cases
    ]
