"""`RenderContext`: labels, sources, terms and pictures that a text may use, and the numbers of its citations."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.markup.shapes import CitedDocument, Labels, LessonJob, Picture, SourceLine, Term

ARABIC_COMMA = "، "


@dataclass(slots=True)
class RenderContext:
    """Input of one rendering (`labels` to `documents`) and its results: `unknown` and `numbers`.

    `countries` has names by code. `unknown` has the references without a target, such as `@source` or `[[term]]`.
    `postprocess` calls `number`, so that citations are numbered in the order of the finished document.
    """

    labels: Labels | None = None
    sources: Mapping[str, CitedDocument] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, Picture] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)  # text of a link to a line, by the document's id
    unknown: dict[str, None] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, source: str, locator: str) -> int:
        """Return the number of this place in this source, a new one at its first citation."""
        return self.numbers.setdefault((source, locator), len(self.numbers) + 1)

    def source_lines(self) -> tuple[SourceLine, ...]:
        """Return the list of cited sources, by number; each must be in `sources`."""
        return tuple(
            SourceLine(
                number=number, id=source, place=locator, text=self._reference_text(source), anchor=f"fn-{number}"
            )
            for (source, locator), number in self.numbers.items()
        )

    def _reference_text(self, source: str) -> str:
        entry = self.sources[source]
        # the comma of the title's script: a Latin reference stays one left-to-right run in an Arabic list
        comma = ARABIC_COMMA if is_right_to_left(entry.title) else ", "
        return comma.join(word for word in (entry.title, entry.publisher, entry.year) if word)


def for_lesson(job: LessonJob) -> RenderContext:
    """Return the context of a lesson job."""
    return RenderContext(
        labels=job.labels,
        sources=job.sources,
        terms=job.terms,
        countries=job.countries,
        media=job.media,
        documents=job.documents,
    )


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter of a text belongs to a right-to-left script."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in directions if direction in {"L", "R", "AL"}), "L") != "L"
