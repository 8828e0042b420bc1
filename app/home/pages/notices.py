"""Page model of `/notices`: the notices of the user, with titles in place of codes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from app.access.guard import actor
from app.catalogue.queries import courses as catalogue
from app.i18n.languages import current
from app.learning.labels import wanted
from app.learning.queries import course_titles
from app.messages import labels
from app.messages.queries import NoticeLine
from app.web.pages import Page
from app.web.paging import ListPage
from app.workshops.queries import workshops

TITLES: Mapping[str, Callable[[set[str]], Mapping[str, str]]] = {  # by fact, for a set of codes
    "competency": lambda _codes: catalogue.competency_titles(current()),
    "course": lambda _codes: course_titles.titles(actor()),
    "workshop": lambda codes: workshops.titles(actor(), codes, wanted()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesPage(Page):
    """The notices of the user with their texts, the newest first."""

    template: ClassVar[str] = "home/notices.html"
    notices: Sequence[tuple[str, NoticeLine]]
    has_unread: bool
    pages: Sequence[tuple[int, str, bool]]
    onward: str


def notices_page(notices: Sequence[NoticeLine], list_page: ListPage) -> NoticesPage:
    """Return a page of notices."""
    titled = with_titles(notices)
    return NoticesPage(
        notices=[(labels.sentence(notice.kind, notice.facts), notice) for notice in titled],
        has_unread=any(notice.unread for notice in notices),
        **list_page.links("home.notices"),
    )


def with_titles(notices: Sequence[NoticeLine]) -> list[NoticeLine]:
    """Return the notices with titles of competencies, courses and workshops in place of their codes."""
    codes: dict[str, set[str]] = {}
    for notice in notices:
        for fact in TITLES.keys() & notice.facts.keys():
            codes.setdefault(fact, set()).add(str(notice.facts[fact]))
    titles = {fact: TITLES[fact](fact_codes) for fact, fact_codes in codes.items()}
    return [replace(notice, facts=_facts_with_titles(notice.facts, titles)) for notice in notices]


def _facts_with_titles(facts: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    return {fact: titles[fact].get(str(value), value) if fact in titles else value for fact, value in facts.items()}
