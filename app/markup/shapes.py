"""Input and output of the renderer: immutable, and sent to the child process and back as JSON."""

from typing import Literal

import msgspec

Direction = Literal["ltr", "rtl"]
PartKind = Literal["html", "check", "country", "country-facts", "desk", "worked", "card", "audio"]


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """Labels that the renderer adds, in the language of the text; `%(name)s` is a placeholder."""

    note: str
    tip: str
    warning: str
    sensitive: str
    scenario: str
    details: str
    transcript: str
    check: str
    country: str  # "Country note: %(country)s"
    country_facts: str  # "Facts on your country"
    titled: str  # "%(kind)s: %(title)s", for a block with a title of its own
    table: str  # "Table %(number)s"
    term: str  # "Term: %(term)s"
    source: str  # "Source %(number)s"
    footnote: str  # "Footnote %(number)s"
    back: str  # "Back to the text"
    outside: str  # "(leaves this site)"
    small_video: str  # "Smaller video: %(facts)s"
    sound_only: str  # "Sound only: %(facts)s"


class CitedDocument(msgspec.Struct, frozen=True):
    """A document that a lesson cites, with its title in the language of the text where there is one."""

    title: str
    publisher: str = ""
    year: str = ""


class Term(msgspec.Struct, frozen=True):
    """A glossary entry; both fields are plain text."""

    title: str
    definition: str


class Picture(msgspec.Struct, frozen=True, omit_defaults=True):
    """The address of a picture of the course (`/media/...`) and its size in pixels; 0 if it is not known.

    A recording has a `kind` ("audio" or "video"), its length and size as text, and the address of its captions.
    """

    address: str
    width: int = 0
    height: int = 0
    kind: str = ""
    facts: str = ""
    captions: str = ""
    language: str = ""  # of the captions
    variants: tuple["Picture", ...] = ()  # of a video: a smaller one, its sound


class LessonJob(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson in one language; `media` maps the address written in the text to the picture served.

    `documents` are the texts of links to a line by the document's id, with the placeholder `%(number)s`.
    """

    text: str
    language: str
    direction: Direction
    labels: Labels
    sources: dict[str, CitedDocument] = {}
    terms: dict[str, Term] = {}
    countries: dict[str, str] = {}
    media: dict[str, Picture] = {}
    documents: dict[str, str] = {}


class WorkedStep(msgspec.Struct, frozen=True):
    """A step of a worked example with its reason, both HTML; `asked`: the user writes first, then opens the reason."""

    task: str
    reason: str
    asked: bool


class LessonSection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A section of a lesson that a page shows as a unit.

    `check`: `ref` is the item's id, `html` the introduction to the question (often empty);
    the page gives the question the id `anchor`.
    `country`: `ref` is the country's code, `html` the whole note with its label line.
    `country-facts`: `ref` has the names of the facts, `html` a label in place of what the page draws.
    `desk`: `html` is the task, with `documents`, `items` and `minutes`. `worked`: `steps` after `html`.
    `card`: `html` is its text. `audio`: `media` is the recording; its `documents` are the transcript.
    """

    kind: PartKind
    html: str
    ref: str = ""
    title: str = ""
    anchor: str = ""
    documents: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    minutes: int = 0
    steps: tuple[WorkedStep, ...] = ()
    media: Picture | None = None

    @property
    def whole(self) -> str:
        """Return the HTML with the steps of a worked example, for a page without its own drawing of them."""
        steps = "".join(f"<li>{step.task}<blockquote>{step.reason}</blockquote></li>" for step in self.steps)
        return f"{self.html}<ol>{steps}</ol>" if steps else self.html


class SourceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of sources; the page gives it the id `anchor`, where the citations in the text lead."""

    number: int
    id: str
    place: str
    text: str
    anchor: str


class PlainBlock(msgspec.Struct, frozen=True):
    """A top-level element as plain text, for the search index; `country` is set within a country note."""

    anchor: str
    text: str
    country: str = ""


class RenderedLesson(msgspec.Struct, frozen=True, kw_only=True):
    """A rendered, cleaned lesson, stored as JSON; `unknown` names citations and terms that are not in the job."""

    title: str
    parts: tuple[LessonSection, ...]
    sources: tuple[SourceLine, ...]
    blocks: tuple[PlainBlock, ...]
    words: int
    unknown: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the questions that its sections ask, each once, in order."""
        checks = [(part.ref,) if part.kind == "check" else part.items for part in self.parts]
        return tuple(dict.fromkeys(item for names in checks for item in names))

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the ids of the documents that its sections show, each once, in order."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.documents))


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The input of one child process: lessons, or texts that share labels and pictures."""

    lessons: tuple[LessonJob, ...] = ()
    texts: tuple[str, ...] = ()
    inline: bool = False
    labels: Labels | None = None
    media: dict[str, Picture] = {}
    documents: dict[str, str] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The output for one text, written as one line; `failure` is "time" or a RefusalReason."""

    lesson: RenderedLesson | None = None
    html: str = ""
    failure: str = ""


def fill(label: str, **values: str) -> str:
    """Replace the placeholders of a label; a placeholder that a translator misspelt remains."""
    for name, value in values.items():
        label = label.replace(f"%({name})s", value)
    return label
