"""The documents name settings, commands and files that exist."""

import re
from pathlib import Path

import click
import pytest

from app.cli import COMMANDS, migrations

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTING = re.compile(r'env(?:\.get\(|, )"([A-Z_]+)"')
COMMAND = re.compile(r"\bflask ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+(?:-[a-z]+)*)?)")
CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)|^\S*flask .*$", re.M)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
FLASK_ALONE = {"run", "shell", "routes"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _is_command(text: str) -> bool:
    """Return whether the first word names a command and, for a group, the second one a command of it."""
    word, _, second = text.partition(" ")
    command = {known.name: known for known in (*COMMANDS, migrations)}.get(word)
    if not isinstance(command, click.Group) or command.invoke_without_command:
        return command is not None or word in FLASK_ALONE
    return second in command.commands or not second


def test_operations_manual_names_each_setting() -> None:
    settings = set(SETTING.findall((ROOT / "config.py").read_text("utf-8")))
    manual = OPERATIONS.read_text("utf-8")
    assert len(settings) > 15
    assert [name for name in sorted(settings) if f"`{name}`" not in manual] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_document_names_existing_commands(path: Path) -> None:
    written = {command for code in CODE.findall(path.read_text("utf-8")) for command in COMMAND.findall(code)}
    assert [text for text in sorted(written) if not _is_command(text)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_document_links_to_existing_files(path: Path) -> None:
    links = LINK.findall(path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
