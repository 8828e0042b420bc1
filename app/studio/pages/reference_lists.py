"""View models of the lists from which authors paste: sources to cite, and terms of the glossary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.catalogue.domain.library import References
from app.catalogue.domain.references.glossary import Glossary, GlossaryTerm
from app.catalogue.domain.references.sources import CitedSource
from app.catalogue.domain.references.texts import Text
from app.i18n.languages import direction
from app.studio.forms.references import ReferenceFilter
from app.web.pages import Page

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """A source, in English; `paste` is what a lesson writes. `is_due`: its check is overdue."""

    id: str
    title: str
    published: str
    binding_for: str
    paste: str
    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """A term of the glossary with its meaning; `paste` is what a lesson writes."""

    id: str
    title: str
    meaning: str
    lang: str
    dir: str
    paste: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceListPage(Page):
    """The sources that contain the text of the filter; `count` is the number of all sources."""

    template: ClassVar[str] = "studio/sources.html"
    form: ReferenceFilter
    sources: Sequence[SourceEntry]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermListPage(Page):
    """The terms that contain the text of the filter; `count` is the number of all terms."""

    template: ClassVar[str] = "studio/terms.html"
    form: ReferenceFilter
    terms: Sequence[TermEntry]
    count: int


def sources_page(references: References, form: ReferenceFilter, today: date) -> SourceListPage:
    """Return the sources whose id, title, publisher or year contain the text of the filter."""
    sources = references.sources.sources
    text = form.q.data or ""
    chosen = [source for source in sources if _contains(text, source.id, source.title, _published(source))]
    return SourceListPage(form=form, sources=[_source(source, today) for source in chosen], count=len(sources))


def terms_page(references: References, form: ReferenceFilter, language: str) -> TermListPage:
    """Return the terms whose id, name or meaning contain the text of the filter, in a language or in English."""
    glossary = references.glossary
    lines = [_term(glossary, term, language) for term in glossary.terms]
    text = form.q.data or ""
    chosen = [line for line in lines if _contains(text, line.id, line.title, line.meaning)]
    return TermListPage(form=form, terms=chosen, count=len(lines))


def _contains(text: str, *values: str) -> bool:
    return text.casefold() in " ".join(values).casefold()


def _published(source: CitedSource) -> str:
    return ", ".join(part for part in (source.publisher, str(source.year or "")) if part)


def _source(source: CitedSource, today: date) -> SourceEntry:
    return SourceEntry(
        id=source.id,
        title=source.title,
        published=_published(source),
        binding_for=source.binding_for,
        paste=f"[@{source.id}, art. ]",
        is_due=source.is_due(today),
    )


def _term(glossary: Glossary, term: GlossaryTerm, language: str) -> TermEntry:
    text, used = _text(glossary, term.id, language)
    return TermEntry(
        id=term.id,
        title=text.title if text else term.id,
        meaning=text.body if text else "",
        lang=used,
        dir=direction(used),
        paste=f"[[{term.id}]]",
    )


def _text(glossary: Glossary, name: str, language: str) -> tuple[Text | None, str]:
    """Return the text of a term in the language, else in English, with the language of the text."""
    for code in (language, SOURCE_LANGUAGE):
        text = glossary.texts[code].get(name) if code in glossary.texts else None
        if text is not None and text.title:
            return text, code
    return None, SOURCE_LANGUAGE
