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
