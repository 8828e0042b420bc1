"""Page model of `/search`: terms, indicators and other entries, then the blocks of texts by course or event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.shapes import Outline
from app.home.pages.titles import TitledLine, course_title
from app.home.queries.search_entries import SearchEntry
from app.i18n.languages import language
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.search.queries import Hit
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(TitledLine):
    """A block of text that matches, with the name of its language."""

    language: str
    hit: Hit
    further: int  # other passages of the same page of text


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    """The results of a course, of events or of the treaties, the best first; `title` None: of no course."""

    title: TranslatedText | None
    href: str
    word: str
    results: Sequence[SearchResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine(TitledLine):
    """A term, an indicator, a country, an action or a required course; `text` is its meaning or reason.

    `is_typed`: the title is of unknown language.
    """

    code: str = ""
    text: str = ""
    is_typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """A page of results; `query` is empty before the first search, `count` the number of all results.

    `searched` is the text that was searched instead of `query`, which had no results, "" if it was searched itself;
    `exact_href` searches the query as it was typed.
    """

    template: ClassVar[str] = "home/search.html"
    query: str = ""
    searched: str = ""
    exact_href: str = ""
    entries: Sequence[EntryLine] = ()
    groups: Sequence[ResultGroup] = ()
    count: int = 0
    pages: Sequence[tuple[int, str, bool]] = ()
    onward: str = ""
    error: str = ""


def groups(hits: Iterable[Hit], courses: Mapping[str, Outline]) -> list[ResultGroup]:
    """Return the results by course, events and treaties, in the order of their best results; `courses` by code."""
    by_source: dict[str, list[Hit]] = {}
    for hit in hits:
        by_source.setdefault(hit.ref if hit.ref in courses else _source(hit), []).append(hit)
    return [_group(source, passages, courses.get(source)) for source, passages in by_source.items()]


def entry_lines(entries: Iterable[SearchEntry]) -> list[EntryLine]:
    """Return the entries as lines."""
    return [_entry(entry) for entry in entries]


def _group(source: str, hits: Sequence[Hit], course: Outline | None) -> ResultGroup:
    return ResultGroup(
        title=course_title(course) if course else None,
        href=url_for("learning.course", course=course.slug) if course else "",
        word=_("Course %(code)s", code=course.code) if course else source,
        results=_by_path(hits),
    )


def _by_path(hits: Sequence[Hit]) -> list[SearchResult]:
    """Return one result for each lesson or event: its best passage, and the number of the others."""
    passages: dict[str, list[Hit]] = {}
    for hit in hits:
        key = hit.anchor if hit.ref == ReferenceKind.TREATIES else f"{hit.path} {hit.language}"
        passages.setdefault(key, []).append(hit)
    return [_result(same[0], further=len(same) - 1) for same in passages.values()]


def _result(hit: Hit, *, further: int) -> SearchResult:
    return SearchResult(
        title=TranslatedText(hit.title, hit.language),
        href=f"{hit.path}#{hit.anchor}" if hit.anchor else hit.path,
        word=_source(hit),
        language=language(hit.language).name,
        hit=hit,
        further=further,
    )


def _source(hit: Hit) -> str:
    if hit.ref == ReferenceKind.TREATIES:
        return _("Treaties")
    return _("Workshop") if hit.kind == "workshop" else _("Lesson")


def _entry(entry: SearchEntry) -> EntryLine:
    title = TranslatedText(entry.title, entry.language)
    if entry.kind == "indicator":
        href = url_for("plan.indicator", code=entry.name)
        return EntryLine(title=title, href=href, word=_("Indicator"), code=entry.name, text=entry.text)
    if entry.kind == "country":
        return EntryLine(title=title, href=url_for("plan.country", country=entry.name), word=_("Country"))
    if entry.kind == "action":
        title = TranslatedText(entry.title, SOURCE)
        href = url_for("coordination.show_action", action_id=entry.name)
        return EntryLine(title=title, href=href, word=_("Agreed action"), is_typed=True)
    if entry.kind == "requirement":
        href = url_for("coordination.show_requirement", requirement_id=entry.name)
        return EntryLine(title=title, href=href, word=_("Required course"), text=entry.text)
    href = url_for("home.search_site", q=entry.title)
    return EntryLine(title=title, href=href, word=_("Glossary"), text=entry.text)
