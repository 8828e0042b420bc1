"""Checks of what is written (`python -m tests.check`): courses, catalogues, lock files; no database, no keys."""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.catalogue.domain.checker import check
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.problems import Weight
from app.cli import translation_faults
from app.i18n.babel import TRANSLATIONS

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.M)


def courses(folder: Path) -> Iterator[str]:
    """Yield every mistake of a folder of courses that keeps it from being loaded."""
    for mistake in check(files_on_disk(folder)):
        if mistake.weight is Weight.ERROR:
            yield str(mistake)


def lock_files(folder: Path) -> Iterator[str]:
    """Yield where the pinned versions are not what pyproject.toml asks for."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    core = project["project"]["dependencies"]
    texts = {name: (folder / name).read_text("utf-8") for name in ("requirements.txt", "requirements-dev.txt")}
    pins = {name: _pins(text) for name, text in texts.items()}
    yield from _unmet("requirements.txt", core, pins["requirements.txt"])
    yield from _unmet(
        "requirements-dev.txt", [*core, *project["dependency-groups"]["dev"]], pins["requirements-dev.txt"]
    )
    for name, version in pins["requirements.txt"].items():
        if pins["requirements-dev.txt"].get(name) != version:
            yield f"requirements-dev.txt: {name} is not {version}, as in requirements.txt"
    for file, text in texts.items():
        yield from _unsafe(file, text)


def _pins(text: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PIN.findall(text)}


def _unmet(file: str, wanted: list[str], pins: Mapping[str, str]) -> Iterator[str]:
    for line in wanted:
        requirement = Requirement(line)
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            yield f"{file}: {line} is asked for, {version or 'nothing'} is pinned: run `make lock`"


def _unsafe(file: str, text: str) -> Iterator[str]:
    if "://" in text or re.search(r"^--", text, re.M):
        yield f"{file}: names a host or an option; it holds pins and hashes alone"
    entries = text.replace("\\\n", " ").splitlines()
    for entry in entries:
        if entry.strip() and not entry.startswith("#") and "--hash=sha256:" not in entry:
            yield f"{file}: without a hash: {entry.strip()[:60]}"


def main() -> None:
    found = [
        *courses(ROOT / "courses"),
        *translation_faults(TRANSLATIONS),
        *lock_files(ROOT),
    ]
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    if found:
        raise SystemExit(f"{len(found)} faults in courses, catalogues or lock files")


if __name__ == "__main__":
    main()
