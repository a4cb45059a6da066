"""Rows of a JSON lines file: one object a line (jsonlines.org), UTF-8 (RFC 8259)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from poc_tui.store.exchange.lines import LONGEST_LINE, is_cut, lines
from poc_tui.store.exchange.source import BadRow, ImportRow


def rows(stream: BinaryIO) -> Iterator[ImportRow | BadRow]:
    """Every line that is not blank; one that is no JSON object comes as a bad row."""
    for number, line in lines(stream):
        raw = line.rstrip(b"\r\n")
        if not raw.strip():
            continue
        if is_cut(line):
            yield BadRow(number, raw[:1000], f"longer than {LONGEST_LINE:,} bytes")
            continue
        try:
            value = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError:
            yield BadRow(number, raw, "not UTF-8")
        except json.JSONDecodeError as error:
            yield BadRow(number, raw, f"not JSON: {error.msg} at character {error.colno}")
        except (ValueError, RecursionError):  # a number of 5,000 digits, 100,000 brackets
            yield BadRow(number, raw, "not JSON that can be read")
        else:
            if isinstance(value, dict):
                yield ImportRow(number, raw, list(value.items()))
            else:
                yield BadRow(number, raw, 'not an object: a row looks like {"text": "..."}')
