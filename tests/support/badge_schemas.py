"""The schemas of Open Badges 3.0, fetched when `.venv` is made (`python -m tests.support.badge_schemas`)."""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator, FormatChecker

from tests.support.settings import REPOSITORY

PIN = REPOSITORY / "tests" / "credentials" / "schemas.txt"
FOLDER = Path(sys.prefix) / "share" / "badge-schemas"
NAMES = ("ob_v3p0_achievementcredential_schema.json", "ob_v3p0_profile_schema.json")
BADGE, PROFILE = NAMES
ADVICE = "The schema of badges is missing. Run: make .venv/dev"


def schema(name: str, folder: Path = FOLDER) -> Mapping[str, Any]:
    """Return a schema. Raises AssertionError if it was not fetched."""
    file = folder / name
    if not file.is_file():
        raise AssertionError(ADVICE)
    return dict(json.loads(file.read_text("utf-8")))


def errors(document: object, name: str) -> list[str]:
    """Return each error of a document with its place; formats of dates and times are checked as well."""
    checker = FormatChecker(["date", "date-time"])
    schema_errors = Draft201909Validator(schema(name), format_checker=checker).iter_errors(document)
    return sorted(f"{error.json_path}: {error.message[:200]}" for error in schema_errors)


def unpack(archive: Path, folder: Path) -> None:
    """Write the schemas of an archive into a folder, and nothing else of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as files:
        members = {Path(member.name).name: member for member in files if "/ob_schemas/" in member.name}
        for name in NAMES:
            content = files.extractfile(members[name])
            if content is None:
                raise ValueError(f"{name} is no file in {archive.name}")
            (folder / name).write_bytes(content.read())


def main() -> None:
    """Download the pinned archive from the package index of all other libraries, and unpack its schemas."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--no-deps", "--no-binary=:all:", "--no-build-isolation", "--require-hashes"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
        subprocess.run([*command, "--requirement", str(PIN), "--dest", folder], check=True)
        unpack(next(Path(folder).glob("*.tar.gz")), FOLDER)


if __name__ == "__main__":
    main()
