"""Find the texts of a course that show a file of its folder `media/`."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.folder_names import Name, name_of
from app.catalogue.domain.media import MEDIA_NAME

_NAMED = re.compile(rf"(?<![\w-])media/({MEDIA_NAME})(?![\w-])")
_HEADING = re.compile(r"^## +([A-Z][A-Z0-9]*-Q[0-9]{2,3})[ \t]*$", re.M)


@dataclass(frozen=True, slots=True, order=True)
class MediumUse:
    """A text that names a file; `item` is the id of the question, "" outside a file of questions."""

    path: str
    item: str = ""


def uses(texts: Mapping[str, str], names: Collection[str]) -> dict[str, Sequence[MediumUse]]:
    """Return the uses of each of these files, by the path of the text within the course.

    A name in any part of a text counts, so that no file is removed that a text may need. `steps.ar.svg` is used where
    an Arabic text names `steps.svg`.
    """
    by_name: dict[str, dict[MediumUse, None]] = {name: {} for name in names}
    for path, text in sorted(texts.items()):
        for name, use in _uses_in(path, text):
            for used in (name, _variant(name, path)):
                if used in by_name:
                    by_name[used][use] = None
    return {name: tuple(listed) for name, listed in by_name.items()}


def _uses_in(path: str, text: str) -> Iterator[tuple[str, MediumUse]]:
    headings = [(match.start(), match[1]) for match in _HEADING.finditer(text)] if path.startswith("test.") else []
    for match in _NAMED.finditer(text):
        above = [item for start, item in headings if start < match.start()]
        yield match[1], MediumUse(path, above[-1] if above else "")


def _variant(name: str, path: str) -> str:
    """Return the name of the file that replaces another one in the language of a text."""
    text_name = name_of(f"course/{path}")
    language = text_name.language if isinstance(text_name, Name) else ""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{language}.{ending}"
