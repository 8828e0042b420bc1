"""Pictures of a Word document: cleaned once, within a budget of pixels, and named after their lesson."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.kernel.errors import Word
from app.kernel.pictures import CleanPicture, RefusedPictureError, clean_picture
from app.studio.domain.exchange.shapes import ImportedPicture, Note
from app.studio.domain.exchange.word_html import Element
from app.studio.domain.exchange.word_notes import warning
from app.studio.domain.exchange.word_spans import LessonParts

MOST_PICTURES = 100
MOST_PIXELS = 200_000_000  # of all pictures together: about ten seconds


@dataclass(frozen=True, slots=True)
class CleanPictures:
    """Pictures by their path in the document, and notes about those that were left out."""

    pictures: Mapping[str, CleanPicture]
    notes: tuple[Note, ...]

    def names(self, nodes: Iterable[Element | str], slug: str) -> dict[str, str]:
        """Return the file names of the pictures inside nodes by path: `<slug>-<number>.<kind>`."""
        paths = [path for path in dict.fromkeys(_paths(nodes)) if path in self.pictures]
        return {path: f"{slug}-{number}.{self.pictures[path].kind}" for number, path in enumerate(paths, 1)}

    def imported(self, parts: LessonParts) -> tuple[ImportedPicture, ...]:
        """Return the pictures that a text shows."""
        return tuple(
            ImportedPicture(parts.names[path], self.pictures[path].content, self.pictures[path].kind)
            for path in parts.pictures
        )


def clean_pictures(tree: Element, files: Mapping[str, bytes]) -> CleanPictures:
    """Return the pictures that a document shows, written again without metadata."""
    pictures: dict[str, CleanPicture] = {}
    notes: list[Note] = []
    pixels = left_out = 0
    for number, path in enumerate(dict.fromkeys(_paths([tree])), 1):
        if len(pictures) >= MOST_PICTURES or pixels > MOST_PIXELS:
            left_out += 1
            continue
        try:
            pictures[path] = clean_picture(files.get(path, b""))
            pixels += pictures[path].width * pictures[path].height
        except RefusedPictureError as error:
            message = "Picture %(number)s of the document was left out: %(reason)s"
            notes.append(warning(message, error.hint, number=number, reason=Word(error.message)))
    if left_out:
        notes.append(warning("The document has too many pictures; left out: %(count)s.", "Divide it.", count=left_out))
    return CleanPictures(pictures, tuple(notes))


def _paths(nodes: Iterable[Element | str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Element):
            if node.tag == "img":
                yield node.attributes.get("src", "")
            yield from _paths(node.children)
