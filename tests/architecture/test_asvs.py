"""OWASP ASVS 5.0: each requirement has a test or a reason, or is an open point of the operations manual."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILE = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text("utf-8"))
REQUIREMENTS: list[dict[str, Any]] = FILE["requirement"]
MANUAL = (ROOT / "docs" / "operations.md").read_text("utf-8")
ANSWERS = ("tests", "reason", "open")
OPEN = "Open points of OWASP ASVS"
LEVELS = {1: 70, 2: 183}  # of the whole standard
ID = re.compile(r"V(\d{1,2})\.(\d{1,2})\.(\d{1,2})")
TEST = re.compile(r"(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)")
PART = re.compile(r'docs/operations\.md, "([^"]+)"')
PATH = re.compile(r"`((?:app|tests|courses|migrations)/[^`\s]+|[\w-]+\.(?:py|toml|txt))`")


def _number(entry: dict[str, Any]) -> tuple[int, ...]:
    found = ID.fullmatch(entry["id"])
    assert found, entry["id"]
    return tuple(int(part) for part in found.groups())


@cache
def _functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def _listed() -> list[str]:
    """Return the requirements that the operations manual lists as open."""
    found = re.search(rf"^#+ {re.escape(OPEN)}$(.*?)(?=^#|\Z)", MANUAL, re.M | re.S)
    return [match.group() for match in ID.finditer(found[1])] if found else []


def _fault(entry: dict[str, Any]) -> str:
    """Return what is wrong with the form of an entry, or ""."""
    answered = [answer for answer in ANSWERS if answer in entry]
    if len(answered) != 1 or set(entry) != {"id", "level", "about", *answered}:
        return "it has id, level, about and one answer"
    if not ID.fullmatch(entry["id"]) or entry["level"] not in {1, 2, 3}:
        return "its number or level is none"
    if not 3 < len(entry["about"]) < 100 or entry["about"].startswith("Verify"):
        return "it says in a few words of our own what is asked"
    return "" if len(entry[answered[0]]) > (0 if answered == ["tests"] else 12) else "its answer is empty"


def test_a_requirement_is_answered_once() -> None:
    assert [f"{entry['id']}: {fault}" for entry in REQUIREMENTS if (fault := _fault(entry))] == []


def test_every_named_test_exists() -> None:
    named = [(entry["id"], name) for entry in REQUIREMENTS for name in entry.get("tests", ())]
    assert len(set(named)) == len(named) > 200
    found = [(number, name, TEST.fullmatch(name)) for number, name in named]
    assert [(number, name) for number, name, match in found if not match or match[2] not in _functions(match[1])] == []


def test_every_part_and_file_that_a_reason_names_exists() -> None:
    headings = set(re.findall(r"^#+ (.+)$", MANUAL, re.M))
    reasons = {entry["id"]: entry["reason"] for entry in REQUIREMENTS if "reason" in entry}
    assert len(reasons) > 60
    lost = {
        number: gone
        for number, reason in reasons.items()
        if (gone := [part for part in PART.findall(reason) if part not in headings])
        or (gone := [path for path in PATH.findall(reason) if not (ROOT / path).is_file()])
    }
    assert lost == {}


def test_requirements_stand_once_and_in_order() -> None:
    numbers = [_number(entry) for entry in REQUIREMENTS]
    assert numbers == sorted(set(numbers))


def test_no_requirement_is_left_out() -> None:
    found = Counter((_number(entry)[0], entry["level"]) for entry in REQUIREMENTS)
    counts = {int(chapter[1:]): counted for chapter, counted in FILE["count"].items()}
    assert {chapter: [found[chapter, level] for level in (1, 2, 3)] for chapter in range(1, 18)} == counts
    assert {level: sum(counted[level - 1] for counted in counts.values()) for level in LEVELS} == LEVELS


def test_operations_manual_lists_the_open_requirements() -> None:
    listed = _listed()
    assert len(listed) == len(set(listed))
    assert set(listed) == {entry["id"] for entry in REQUIREMENTS if "open" in entry}
