"""Check all files of `courses/`, as `make check` does through `tests/check.py`."""

from collections.abc import Mapping

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import Library
from app.catalogue.domain.problems import Problem


def check(files: Mapping[str, bytes], *, base: Library | None = None) -> list[Problem]:
    """Return every problem, sorted by file and line; `base` is a library to which the files may refer."""
    return read_folder(files, base=base)[1]
