"""Messages that others collected, beside the repository and in CPython."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

CORPORA = Path(__file__).parents[3] / "shared/corpora/mail"

beside = pytest.mark.skipif(
    not CORPORA.is_dir(),
    reason="the messages lie beside the repository, in ../shared/corpora/mail, or nowhere",
)


def cpython() -> list[Path]:
    """The messages that CPython tests its own email package with, if they are installed."""
    try:
        found = importlib.util.find_spec("test.test_email")
    except ImportError:
        return []
    places = found.submodule_search_locations if found else None
    return sorted(Path(places[0]).glob("data/msg_*.txt")) if places else []


CASES = Path(__file__).parents[3] / "shared/cases"

with_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases lie beside the repository, in ../shared/cases, or nowhere"
)


def case(name: str) -> bytes:
    """The mail of a case: `name` is its path, the folder's up to the first dash."""
    folder, _, file = name.rpartition("/")
    (path,) = [*CASES.glob(f"{folder}/{file}"), *CASES.glob(f"{folder}-*/{file}")]
    return path.read_bytes()
