"""Figures of a course for `flask courses table`: words, sentences, citations, items, translation states."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from app.catalogue.domain.items import ItemForm, ItemKind
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.text import TextFile

LONG = 20  # words; a longer sentence is hard to read in a third language
_COUNTRY = re.compile(r"^/// country\b.*?^///[ \t]*$", re.MULTILINE | re.DOTALL)
_NOT_READ = re.compile(r"\[@[^\]]*\]|!\[[^\]]*\]\([^)]*\)")
_LINKED = re.compile(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]|\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(
    r"^#{1,6} .*$|[*_`>#]|^[ \t]*(?:[-+]|\d+\.)[ \t]+|^///.*$|^[ \t]*\|?[ \t]*:?-+[ \t|:-]*$", re.MULTILINE
)
_WORD = re.compile(r"\w[\w'’.-]*")
# blocks that are worked on or looked up, not read as running text
_WORKED_ON = re.compile(r"^/// (?:worked|desk|card|check|sequence)\b.*?^///[ \t]*$", re.MULTILINE | re.DOTALL)
_NOT_PROSE = re.compile(r"#|\||!\[|>|[-*+] |\d+\. ")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])[\"”)]?\s+")


class LessonTally(msgspec.Struct, frozen=True):
    """One lesson in the source language.

    `word_count` leaves out country notes. `mean` is the number of words of a sentence of prose, and `long` counts
    its long sentences.
    """

    slug: str
    minutes: int
    word_count: int
    mean: float
    long: int
    citations: int
    countries: int
    checks: int


class Tally(msgspec.Struct, frozen=True):
    """A course in figures. `items` is by kind and form, `states` counts the states of texts by language."""

    code: str
    lessons: tuple[LessonTally, ...]
    items: dict[tuple[ItemKind, ItemForm | None], int]
    decisions: int
    states: dict[str, dict[str, int]]


def tally(folder: CourseFolder) -> Tally:
    """Return the figures of a course."""
    source = folder.course.source_language
    bank = folder.banks.get(source)
    cases = [by_language[source] for by_language in folder.scenarios.values() if source in by_language]
    return Tally(
        code=folder.course.id,
        lessons=tuple(_lessons(folder, source)),
        items=dict(Counter((item.kind, item.form) for item in bank.items)) if bank else {},
        decisions=sum(bool(node.moves) for case in cases for node in case.nodes),
        states=_states(folder),
    )


def word_count(text: str) -> int:
    """Return the number of words that Markdown shows below its headings."""
    return len(_WORD.findall(_shown(text)))


def prose_sentences(text: str) -> list[int]:
    """Return the number of words of each sentence in the paragraphs of a lesson."""
    counts = [len(_WORD.findall(sentence)) for sentence in _SENTENCE_ENDS.split(_shown(_prose(text)))]
    return [count for count in counts if count]


def _shown(text: str) -> str:
    linked = _LINKED.sub(lambda match: (match[1] or match[2] or "").replace("-", " "), _NOT_READ.sub("", text))
    return _MARKS.sub("", linked)


def _prose(text: str) -> str:
    """Return the paragraphs of a lesson: no headings, lists, tables, quotes, worked examples, tasks and cards."""
    blocks = re.split(r"\n\s*\n", _WORKED_ON.sub("", text))
    paragraphs = (re.sub(r"^///.*$", "", block, flags=re.MULTILINE).strip() for block in blocks)
    return "\n\n".join(each for each in paragraphs if each and not _NOT_PROSE.match(each))


def _lessons(folder: CourseFolder, language: str) -> Iterator[LessonTally]:
    for entry in folder.course.lessons:
        lesson = folder.lessons.get(entry.slug, {}).get(language)
        if lesson is None:
            continue
        outline, _ = scan(TextFile(entry.slug, lesson.body))
        body = _COUNTRY.sub("", lesson.body)
        counts = prose_sentences(body)
        by_type = Counter(str(block.type) for block in outline.blocks)
        yield LessonTally(
            slug=entry.slug,
            minutes=entry.minutes,
            word_count=word_count(body),
            mean=round(sum(counts) / len(counts), 1) if counts else 0.0,
            long=sum(1 for count in counts if count > LONG),
            citations=len(outline.citations),
            countries=by_type["country"],
            checks=by_type["check"],
        )


def _states(folder: CourseFolder) -> dict[str, dict[str, int]]:
    """Return for each other language how many of its texts are draft, current or stale."""
    counts: dict[str, Counter[str]] = {}
    for path, status in folder.statuses.items():
        language = path.rsplit(".", 2)[1]
        counts.setdefault(language, Counter())[str(status.state)] += 1
    return {language: dict(sorted(states.items())) for language, states in sorted(counts.items())}
