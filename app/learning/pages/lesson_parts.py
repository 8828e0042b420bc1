"""Divide the HTML of a long lesson into parts that begin at its headings, shown one at a time by reader.js.

`app/markup` numbers the ids `h-<n>`, which `LessonProgress` stores as the position, with the number of the part: after
a change of the limits below, the stored part is wrong until the next visit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from math import ceil

from app.learning.labels.country_facts import CountryFacts
from app.markup.shapes import LessonSection, PartKind
from app.quizzes.shapes import DocumentView
from app.web.html.trusted_html import trusted

LONG = 8  # minutes: a shorter lesson stays in one part
LEAST_WORDS = 90  # a heading after fewer words begins no part
LEAST_END = 60  # words: a shorter end stays with the part before it
CHECK_WORDS = 40  # the time of a question, as words
_HEADING = re.compile(r'<h2 id="h-(\d+)"[^>]*>(.*?)</h2>', re.S)
_FOLD = re.compile(r"<(/?)(?:aside|blockquote|details|div|figure|li|section|td)\b")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class LessonChunk:
    """A piece of a lesson's text. A question has an `item`; country notes are `own` and `others` instead of `html`.

    A desk, a worked example, a card or a recording has its `section` and the `documents` that it shows; the lesson has
    shown the `earlier` ones before. `facts` are those on the user's country.
    """

    kind: PartKind
    html: str = ""
    item: str = ""
    own: Sequence[str] = ()
    others: Sequence[str] = ()
    section: LessonSection | None = None
    documents: Sequence[DocumentView] = ()
    earlier: Sequence[DocumentView] = ()
    facts: CountryFacts | None = None


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A part: its number from 1, the element (h-<n>) at its beginning, the minutes from there to the end."""

    number: int
    element: int
    title: str
    minutes_left: int
    chunks: Sequence[LessonChunk]


@dataclass(slots=True)
class _Run:
    element: int
    title: str
    chunks: list[LessonChunk]
    word_count: int = 0


def divide(chunks: Sequence[LessonChunk], minutes: int) -> list[LessonPart]:
    """Return the parts of a lesson; a short lesson is one part."""
    runs = [_Run(0, "", [])]
    for chunk, heading in _pieces(chunks, split=minutes > LONG):
        if heading:
            _begin_run(runs, int(heading[1]), _plain(heading[2]))
        runs[-1].chunks.append(chunk)
        runs[-1].word_count += _words(chunk)
    if len(runs) > 1 and runs[-1].word_count < LEAST_END:
        last = runs.pop()
        runs[-1].chunks += last.chunks
        runs[-1].word_count += last.word_count
    return _timed(runs, minutes)


def _begin_run(runs: list[_Run], element: int, title: str) -> None:
    """Begin a run at a heading, or set the title of a run that is too short to end here."""
    if runs[-1].word_count >= LEAST_WORDS:
        runs.append(_Run(element, title, []))
    elif not runs[-1].title:
        runs[-1].title = title


def _pieces(chunks: Sequence[LessonChunk], *, split: bool) -> Iterator[tuple[LessonChunk, "re.Match[str] | None"]]:
    """Yield the chunks, html cut before each heading of the lesson itself, with the heading that begins a piece."""
    for chunk in chunks:
        if split and chunk.kind == "html":
            yield from _cut(str(chunk.html))
        else:
            yield chunk, None


def _cut(html: str) -> Iterator[tuple[LessonChunk, "re.Match[str] | None"]]:
    headings = [heading for heading in _HEADING.finditer(html) if _depth(html[: heading.start()]) == 0]
    starts = [heading.start() for heading in headings]
    if head := html[: starts[0]] if starts else html:
        yield LessonChunk("html", trusted(head)), None
    for heading, end in zip(headings, [*starts[1:], len(html)], strict=False):
        yield LessonChunk("html", trusted(html[heading.start() : end])), heading


def _depth(html: str) -> int:
    """Return how many blocks are open at the end of a text."""
    return sum(-1 if tag[1] else 1 for tag in _FOLD.finditer(html))


def _words(chunk: LessonChunk) -> int:
    """Return the number of words; notes on other countries are folded and do not count."""
    texts = chunk.own if chunk.kind == "country" else [chunk.html]
    items = len(chunk.section.items) if chunk.section else int(chunk.kind == "check")
    return (
        CHECK_WORDS * items + _words_of_documents(chunk) + sum(len(_TAG.sub(" ", str(text)).split()) for text in texts)
    )


def _words_of_documents(chunk: LessonChunk) -> int:
    units = [unit for view in (*chunk.documents, *chunk.earlier) for part in view.text.parts for unit in part.units]
    return sum(len(cell.split()) for unit in units for cell in unit.cells)


def _plain(html: str) -> str:
    return unescape(" ".join(_TAG.sub("", html).split()))


def _timed(runs: Sequence[_Run], minutes: int) -> list[LessonPart]:
    total = sum(run.word_count for run in runs) or 1
    left = [sum(run.word_count for run in runs[n:]) for n in range(len(runs))]
    return [
        LessonPart(n, run.element, run.title, max(1, ceil(minutes * words_left / total - 0.25)), run.chunks)
        for n, (run, words_left) in enumerate(zip(runs, left, strict=True), 1)
    ]
