"""What people script against does not go away unnoticed."""

from __future__ import annotations

from pathlib import Path

from poc_tui import errors
from tests import surface

WRITTEN = (Path(__file__).parents[2] / "docs/surface.txt").read_text("utf-8").splitlines()


PRINTED = ("json ", "exit ", "header ")


def hold(found: list[str], written: list[str]) -> None:
    gone = [f"- {line}" for line in written if line not in set(found)]
    came = [f"+ {line}" for line in found if line not in set(written)]
    assert not gone + came, "\n".join(
        (
            "docs/surface.txt is not what the program has. What is gone breaks the scripts that"
            " use it: bring it back, or say so in CHANGELOG.md. Then `make surface` writes it.",
            *gone,
            *came,
        )
    )


def test_what_the_program_says_of_itself_is_as_it_is_written_down() -> None:
    hold(surface.declared(), [line for line in WRITTEN if not line.startswith(PRINTED)])


def test_what_commands_print_and_end_with_is_as_it_is_written_down() -> None:
    hold(surface.printed(), [line for line in WRITTEN if line.startswith(PRINTED)])


def test_the_surface_is_sorted_so_that_what_changes_stands_out() -> None:
    assert sorted(set(WRITTEN)) == WRITTEN


def test_every_command_says_which_json_it_prints() -> None:
    says = {line.split(":")[0] for line in WRITTEN if line.startswith("json ")}
    silent = {path for path in surface.leaves() if f"json {path}" not in says}
    assert silent == set(surface.NO_JSON_OF_THEIR_OWN), "add a line to tests.surface.SCRIPT"


def test_every_failure_ends_with_a_code_that_is_written_down() -> None:
    codes = {line.split()[1] for line in WRITTEN if line.startswith("exit ")}
    failures = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    ends = {str(kind.exit_code) for kind in failures if issubclass(kind, errors.PocError)}
    assert ends <= codes, "add a command that ends so to tests.surface.SCRIPT"
