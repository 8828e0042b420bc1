"""Find terms, indicators, member countries, actions and required courses by their words, by right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from uuid import UUID

from app.access.policy import Action, Actor, CountryScope, allows
from app.catalogue.domain.references.plan import Plan
from app.catalogue.domain.references.texts import Text, Texts
from app.catalogue.queries import courses as catalogue, versions
from app.coordination.queries import search_texts
from app.i18n.languages import country_name
from app.i18n.stored_translations import SOURCE
from app.search import domain

MOST = 5  # entries of a kind


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """An entry that matches: its code or id, its title and meaning in `language` ("": typed in any language)."""

    kind: Literal["term", "indicator", "country", "action", "requirement"]
    name: str
    title: str
    text: str
    language: str


def indicator_of(text: str, actor: Actor) -> str | None:
    """Return the code of the indicator that a search text names exactly, None unless the actor sees the plan."""
    plan = _plan_for(actor)
    wanted = text.strip().casefold()
    codes = (indicator.id for indicator in plan.indicator) if plan else ()
    return next((code for code in codes if code.casefold() == wanted), None)


def entries(text: str, actor: Actor, language: str) -> list[SearchEntry]:
    """Return at most five entries of each kind that have all words of a text."""
    asked = domain.question(text)
    if not asked:
        return []
    plan = _plan_for(actor)
    matching = [*_first(_terms(asked, language))]
    if plan is not None:
        matching += [*_first(_indicators(plan, asked, language)), *_first(_countries(plan, asked, actor, language))]
    return [*matching, *_first(_actions(asked, actor)), *_first(_requirements(asked, actor, language))]


def _plan_for(actor: Actor) -> Plan | None:
    return catalogue.plan() if allows(actor, Action.SEE_PLAN) else None


def _first(matching: Iterator[SearchEntry]) -> list[SearchEntry]:
    return [entry for entry, _number in zip(matching, range(MOST), strict=False)]


def _terms(asked: list[str], language: str) -> Iterator[SearchEntry]:
    glossary = catalogue.glossary()
    for term in glossary.terms:
        for code, text in _texts_of(glossary.texts, term.id, language):
            if _has(asked, (text.title, *term.aliases)):
                yield SearchEntry("term", term.id, text.title, text.body, code)
                break


def _indicators(plan: Plan, asked: list[str], language: str) -> Iterator[SearchEntry]:
    """Yield indicators by code, title and words of the definition; those whose title matches come first."""
    later = []
    for indicator in plan.indicator:
        for code, text in _texts_of(plan.texts, indicator.id, language):
            entry = SearchEntry("indicator", indicator.id, text.title, text.body, code)
            if _has(asked, (indicator.id, text.title)):
                yield entry
                break
            if _has(asked, (indicator.id, text.title, text.body, *text.parts.values())):
                later.append(entry)
                break
    yield from later


def _countries(plan: Plan, asked: list[str], actor: Actor, language: str) -> Iterator[SearchEntry]:
    for code in plan.head.members if plan.head else ():
        name = country_name(code)
        if allows(actor, Action.SEE_COUNTRY, CountryScope(code)) and _has(asked, (name,)):
            yield SearchEntry("country", code, name, "", language)


def _actions(asked: list[str], actor: Actor) -> Iterator[SearchEntry]:
    for action in search_texts.action_texts(actor):
        if _has(asked, (action.text,)):
            yield SearchEntry("action", str(action.id), action.text, "", "")


def _requirements(asked: list[str], actor: Actor, language: str) -> Iterator[SearchEntry]:
    """Yield required courses by code, by title if the actor may read the course, and by the reason."""
    lines = search_texts.requirements(actor)
    titles = _course_titles({line.course_id for line in lines}, actor, language) if lines else {}
    for line in lines:
        title, code = titles[line.course_id]
        if _has(asked, (title, line.reason)):
            yield SearchEntry("requirement", str(line.id), title, line.reason, code)


def _course_titles(ids: set[UUID], actor: Actor, language: str) -> Mapping[UUID, tuple[str, str]]:
    """Return the code and title of courses with their language; the code alone if the actor may not read a course."""
    titles = {record.id: (record.code, SOURCE) for record in versions.course_records(ids)}
    for outline in catalogue.all_visible(actor):
        code = language if language in outline.words else outline.facts.source_language
        titles[outline.course_id] = (f"{outline.code} {outline.title(code)}", code)
    return titles


def _texts_of(texts: Mapping[str, Texts], name: str, language: str) -> Iterator[tuple[str, Text]]:
    """Yield the text of an id in the language and in the source's."""
    for code in dict.fromkeys((language, SOURCE)):
        text = texts[code].get(name) if code in texts else None
        if text is not None:
            yield code, text


def _has(asked: list[str], texts: Iterable[str]) -> bool:
    """Return whether each word is the beginning of a word of the texts."""
    existing = _words(" ".join(texts))
    return all(any(word.startswith(part) for word in existing) for part in asked)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    # to fold costs far more than to look up, and the same texts are searched again and again
    return tuple(domain.indexed_words(text))
