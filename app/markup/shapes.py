"""What goes into the renderer and what comes out: plain, frozen, able to travel to the child process as JSON."""

from typing import Literal

import msgspec

Direction = Literal["ltr", "rtl"]
PartKind = Literal["html", "check", "country"]


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """The words that the renderer adds, in the language of the text; `%(name)s` stands where a value comes in."""

    note: str
    tip: str
    warning: str
    sensitive: str
    scenario: str
    details: str
    check: str
    country: str  # "Country note: %(country)s"
    titled: str  # "%(kind)s: %(title)s", for a block with a title of its own
    table: str  # "Table %(number)s"
    term: str  # "Term: %(term)s"
    source: str  # "Source %(number)s"
    footnote: str  # "Footnote %(number)s"
    back: str  # "Back to the text"
    outside: str  # "(leaves this site)"


class CitedDocument(msgspec.Struct, frozen=True):
    """A document that a lesson cites, with its title in the language of the text where there is one."""

    title: str
    publisher: str = ""
    year: str = ""


class Term(msgspec.Struct, frozen=True):
    """A glossary entry; both are plain text."""

    title: str
    definition: str


class Picture(msgspec.Struct, frozen=True):
    """Where a picture of the course is served (`/media/...`) and its size in pixels; 0 where it is not known."""

    address: str
    width: int = 0
    height: int = 0


class LessonJob(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson in one language; `media` maps the address written in the text to the picture served."""

    text: str
    language: str
    direction: Direction
    labels: Labels
    sources: dict[str, CitedDocument] = {}
    terms: dict[str, Term] = {}
    countries: dict[str, str] = {}
    media: dict[str, Picture] = {}


class LessonSection(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the lesson that a page shows as one.

    `check`: `ref` is the item's id, `html` the words that lead to it (often empty);
    the page gives the question the id `anchor`.
    `country`: `ref` is the country's code, `html` the whole note with its label line.
    """

    kind: PartKind
    html: str
    ref: str = ""
    title: str = ""
    anchor: str = ""


class SourceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of sources; the page gives it the id `anchor`, where the citations in the text lead."""

    number: int
    id: str
    place: str
    text: str
    anchor: str


class PlainBlock(msgspec.Struct, frozen=True):
    """A top-level element as words, for the search index; `country` is set within a country note."""

    anchor: str
    text: str
    country: str = ""


class RenderedLesson(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson, clean; `unknown` names citations and terms of the text that the job did not hold."""

    title: str
    parts: tuple[LessonSection, ...]
    sources: tuple[SourceLine, ...]
    blocks: tuple[PlainBlock, ...]
    words: int
    unknown: tuple[str, ...] = ()


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """All that one child process is asked: lessons, or texts that share labels and pictures."""

    lessons: tuple[LessonJob, ...] = ()
    texts: tuple[str, ...] = ()
    inline: bool = False
    labels: Labels | None = None
    media: dict[str, Picture] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the child says of one text, a line each; `failure` is "time" or a Reason."""

    lesson: RenderedLesson | None = None
    html: str = ""
    failure: str = ""


def fill(label: str, **values: str) -> str:
    """Put the values into a label; a place that a translator misspelt is left as it stands."""
    for name, value in values.items():
        label = label.replace(f"%({name})s", value)
    return label
