"""Read a folder of courses from disk; refuse links, special files, and files or folders over the limits."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.catalogue.domain.media import MEGA
from app.catalogue.domain.problems import Problem
from app.kernel.errors import DomainError

FILES = 5_000
FILE_BYTES = 20 * MEGA
TEXT_BYTES = MEGA


class RefusedFolderError(DomainError):
    """The folder cannot be read; `problems` says why, file by file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def files_on_disk(path: Path) -> dict[str, bytes]:
    """Return the bytes of every file by its path relative to `path`; hidden files and folders are left out.

    Raises RefusedFolderError, with all reasons, for a link, a special file, or a file or folder over the limits.
    """
    if path.is_symlink() or not path.is_dir():
        raise RefusedFolderError([Problem(path.name, 1, "This is not a folder.", "Name a folder of courses.")])
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    for file in _files(path):
        name = file.relative_to(path).as_posix()
        problem = _refusal(file, name)
        if problem:
            problems.append(problem)
        else:
            contents[name] = file.read_bytes()
        if len(contents) + len(problems) > FILES:
            message, hint = "The folder has more than %(limit)s files.", "Name a folder that contains only courses."
            raise RefusedFolderError([*problems, Problem(path.name, 1, message, hint, {"limit": FILES})])
    if problems:
        raise RefusedFolderError(problems)
    return contents


def _files(path: Path) -> Iterator[Path]:
    """Walk the files and the links, hidden ones left out; a link to a folder is not entered."""
    for folder, inner, names in os.walk(path, followlinks=False):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        linked = [name for name in inner if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in sorted([*linked, *names]) if not name.startswith("."))


def _refusal(file: Path, name: str) -> Problem | None:
    if file.is_symlink():
        return Problem(name, 1, "This is a symbolic link.", "Put the file itself into the folder.")
    if not file.is_file():
        return Problem(name, 1, "This is not a regular file.", "Remove it.")
    limit = TEXT_BYTES if file.suffix in (".md", ".toml") else FILE_BYTES
    size = file.stat().st_size
    if size > limit:
        message, hint = "The file has %(size)s bytes; the limit is %(limit)s.", "Make it smaller."
        return Problem(name, 1, message, hint, {"size": size, "limit": limit})
    return None
