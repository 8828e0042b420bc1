"""Page model of `/search`: the results with the language and kind of each source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.versions import ReferenceKind
from app.home.pages.titles import TitledLine
from app.i18n.languages import language
from app.i18n.stored_translations import TranslatedText
from app.search.queries import Hit
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(TitledLine):
    """A block of text that matches, with the name of its language."""

    language: str
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """A page of results; `query` is empty before the first search, `count` the number of all results."""

    template: ClassVar[str] = "home/search.html"
    query: str = ""
    results: Sequence[SearchResult] = ()
    count: int = 0
    pages: Sequence[tuple[int, str, bool]] = ()
    onward: str = ""
    error: str = ""


def result(hit: Hit) -> SearchResult:
    """Return a result with the kind of its source as a word."""
    return SearchResult(
        title=TranslatedText(hit.title, hit.language),
        href=f"{hit.path}#{hit.anchor}" if hit.anchor else hit.path,
        word=_source(hit),
        language=language(hit.language).name,
        hit=hit,
    )


def _source(hit: Hit) -> str:
    if hit.ref == ReferenceKind.TREATIES:
        return _("Treaties")
    return _("Workshop") if hit.kind == "workshop" else _("Lesson")
