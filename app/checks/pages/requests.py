"""Page models of `/sittings/requests`: an officer asks for a check, a contact point answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import ngettext

from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.checks.domain.keys import key_of
from app.checks.domain.requests import AskRefusal
from app.checks.domain.ways import OpenWay
from app.checks.forms.requests import DeclineForm
from app.checks.labels.requests import REFUSALS
from app.checks.queries.requests import OpenRequests, RequestGroup, RequestLine
from app.competence.labels import competencies
from app.i18n.stored_translations import TranslatedText
from app.ports import ports
from app.web.pages import Page
from app.web.paging import ListPage


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage(Page):
    """The confirmation before an officer asks; `refusal` says why it is not possible, "" if it is."""

    template: ClassVar[str] = "checks/ask.html"
    code: str
    title: TranslatedText
    level: str
    key: str
    ways: Sequence[OpenWay]
    refusal: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """The officers who ask for a competency at a level."""

    code: str
    title: TranslatedText
    level: str
    officers: str
    first_asked_at: datetime
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage(Page):
    """The open requests of the own country by competency and level, the oldest first."""

    template: ClassVar[str] = "checks/requests.html"
    groups: Sequence[GroupRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGroupPage(Page):
    """The officers who ask for a competency at a level, the oldest request first; all of a page are ticked."""

    template: ClassVar[str] = "checks/request_group.html"
    code: str
    title: TranslatedText
    level: str
    officers: str
    lines: Sequence[RequestLine]
    plan_url: str
    decline_url: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePage(Page):
    """The reason for the officers whose requests are declined."""

    template: ClassVar[str] = "checks/decline.html"
    code: str
    title: TranslatedText
    level: str
    lines: Sequence[RequestLine]
    form: DeclineForm
    error: str
    button: str
    url: str
    back: str


def ask_page(
    framework: Competencies, wanted: tuple[str, Level], ways: Sequence[OpenWay], refusal: AskRefusal | None
) -> AskPage:
    """Return the confirmation of a request."""
    competency, level = wanted
    return AskPage(
        code=competency,
        title=competencies.title(framework, competency),
        level=competencies.level(level),
        key=key_of(competency, level),
        ways=ways,
        refusal=str(REFUSALS[refusal]) if refusal else "",
        back=ports().path_to(Target.COMPETENCY, competency),
    )


def requests_page(groups: Sequence[RequestGroup], framework: Competencies) -> RequestsPage:
    """Return the list of a country."""
    return RequestsPage(
        groups=[
            GroupRow(
                code=group.competency,
                title=competencies.title(framework, group.competency),
                level=competencies.level(group.level),
                officers=_officers(group.officers),
                first_asked_at=group.first_asked_at,
                href=url_for("checks.show_request_group", competency=group.competency, level=group.level),
            )
            for group in groups
        ]
    )


def group_page(
    group: OpenRequests, lines: Sequence[RequestLine], framework: Competencies, page: ListPage
) -> RequestGroupPage:
    """Return a page of the officers who ask for a competency at a level."""
    level = str(group.level)
    return RequestGroupPage(
        code=group.competency,
        title=competencies.title(framework, group.competency),
        level=competencies.level(group.level),
        officers=_officers(group.officers),
        lines=lines,
        plan_url=url_for("checks.plan_for_requests", competency=group.competency, level=level),
        decline_url=url_for("checks.decline_requests", competency=group.competency, level=level),
        back=url_for("checks.show_requests"),
        **page.links("checks.show_request_group", competency=group.competency, level=level),
    )


def decline_page(
    group: OpenRequests, lines: Sequence[RequestLine], form: DeclineForm, framework: Competencies
) -> DeclinePage:
    """Return the page on which the reason is entered."""
    level = str(group.level)
    return DeclinePage(
        code=group.competency,
        title=competencies.title(framework, group.competency),
        level=competencies.level(group.level),
        lines=lines,
        form=form,
        error=next(iter(form.reason.errors), ""),
        button=ngettext("Decline %(num)s request", "Decline %(num)s requests", len(lines)),
        url=url_for("checks.decline_requests", competency=group.competency, level=level),
        back=url_for("checks.show_request_group", competency=group.competency, level=level),
    )


def _officers(number: int) -> str:
    return ngettext("%(num)s officer", "%(num)s officers", number)
