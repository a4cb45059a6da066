"""What poc needs is capped, pinned, and the same on every system that it runs on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINNED = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
SYSTEMS = [
    {"sys_platform": sys_platform, "os_name": os_name, "platform_system": platform}
    for sys_platform, os_name, platform in (
        ("linux", "posix", "Linux"),
        ("darwin", "posix", "Darwin"),
        ("win32", "nt", "Windows"),
    )
]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def asked_for() -> Iterator[Requirement]:
    """What pyproject.toml names, for those who use poc and for those who work on it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"].values()
    needed = [entry for group in groups for entry in group if isinstance(entry, str)]
    yield from map(Requirement, [*project["project"]["dependencies"], *needed])


@pytest.mark.parametrize("requirement", asked_for(), ids=lambda requirement: requirement.name)
def test_what_is_asked_for_is_capped_and_pinned_within_that(requirement: Requirement) -> None:
    signs = {specifier.operator for specifier in requirement.specifier}
    assert {">=", "<"} <= signs, f"{requirement} has no upper bound"
    pins = [
        pin for pin in map(Requirement, PINNED)
        if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
    ]  # fmt: skip
    assert pins, f"{requirement.name} is not pinned: `make constraints`"
    for pin in pins:
        (version,) = pin.specifier
        assert version.version in requirement.specifier, f"{pin} is not {requirement}"


def test_every_pin_is_a_name_a_version_and_where_it_holds() -> None:
    for line in PINNED:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9!.a-z]+( ; [^/@]+)?", line), line


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_nothing_is_pinned_twice_on_one_system(system: dict[str, str], python: str) -> None:
    environment = system | {"python_version": python, "python_full_version": f"{python}.0"}
    pins = map(Requirement, PINNED)
    names = [pin.name for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
    assert len(names) == len(set(names))


def test_the_newest_version_of_the_changelog_is_that_of_the_program() -> None:
    from poc_tui import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"(?m)^## \[?([^\]\s]+)", changelog)
    assert headings[0] == "Unreleased", "what is done since stands on top"
    assert headings[1] == __version__
    assert [heading for heading in headings if f"\n[{heading}]:" in changelog] in ([], headings)


def test_the_hooks_run_what_lint_runs_and_fetch_nothing() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lint = re.findall(r"\$\(BIN\)/([\w-]+)", makefile.partition("lint:")[2].partition("\n\n")[0])
    assert sorted(re.findall(r"entry: \.venv/bin/([\w-]+)", hooks)) == sorted(lint)
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
