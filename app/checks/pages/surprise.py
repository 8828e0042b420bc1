"""`/sittings/surprise`: view models for coordinators (counts) and contact points (officers of the own country)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.checks.domain import surprise as rules
from app.checks.domain.keys import key_of
from app.checks.domain.surprise import LEFT, OPEN, PickState
from app.checks.forms.surprise import ExcuseForm
from app.checks.labels.surprise import STATES
from app.checks.queries.surprise import CountryPicks, DrawLine, PickLine
from app.competence.labels import competencies
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.identity.domain.alias_order import alias_key
from app.kernel.folding import fold
from app.ports import ports
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterLink:
    """A quarter with its name and address."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SurpriseDrawRow:
    """The draw of a competency: title, seed, pool, officers drawn, and officers in each state."""

    code: str
    title: TranslatedText
    line: DrawLine
    counts: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCountryRow:
    """A country with its checked officers in words, "" if they are not shown."""

    country: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurprisePage(Page):
    """The draws of a quarter for coordinators; `countries` are shown once the quarter has ended.

    `draw_url` is "" once each competency with enough officers has a draw.
    """

    template: ClassVar[str] = "checks/surprise.html"
    quarter: str
    quarters: Sequence[QuarterLink]
    states: Sequence[str]
    rows: Sequence[SurpriseDrawRow]
    countries: Sequence[CheckedCountryRow]
    ends_on: date
    is_over: bool
    draw_url: str
    watching_href: str
    sample: int
    fewest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """A drawn officer of the own country; `officer` is "" if a sitting is planned or the check is over.

    `excuse_href` is "" if it is over.
    """

    alias: str
    key: str
    code: str
    title: TranslatedText
    level: str
    status: tuple[str, str]
    reason: str
    needs_other: bool
    officer: str
    excuse_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickGroup:
    """The open checks of a competency at a level; those without a sitting come first and are ticked."""

    key: str
    code: str
    title: TranslatedText
    level: str
    rows: Sequence[PickRow]
    can_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySurprisePage(Page):
    """The drawn officers of the own country in this quarter."""

    template: ClassVar[str] = "checks/surprise_country.html"
    quarter: str
    ends_on: date
    groups: Sequence[PickGroup]
    over: Sequence[PickRow]
    plan_url: str
    count: int
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcusePage(Page):
    """The form that excuses an officer from a surprise check."""

    template: ClassVar[str] = "checks/surprise_excuse.html"
    alias: str
    code: str
    title: TranslatedText
    form: ExcuseForm
    error: str
    url: str
    back: str


def quarter_name(quarter: str) -> str:
    """Return a quarter in words, such as "Quarter 4 of 2026"."""
    year, _separator, number = quarter.partition("-Q")
    return _("Quarter %(number)s of %(year)s", number=number, year=year)


def surprise_page(
    lines: Sequence[DrawLine],
    by_country: Mapping[str, CountryPicks],
    framework: Competencies,
    *,
    quarter: str,
    quarters: Sequence[str],
    today: date,
    may_draw: bool,
) -> SurprisePage:
    """Return the draws of a quarter; numbers by country are those that are published outside."""
    ends_on = rules.last_day(quarter)
    is_over = ends_on < today
    return SurprisePage(
        quarter=quarter_name(quarter),
        quarters=[_quarter_link(name, quarter) for name in quarters],
        states=[str(STATES[state][0]) for state in PickState],
        rows=[_draw_row(line, framework) for line in lines],
        countries=_country_rows(by_country) if is_over else [],
        ends_on=ends_on,
        is_over=is_over,
        draw_url=url_for("checks.draw_surprise") if may_draw else "",
        watching_href=url_for("checks.show_watching"),
        sample=rules.SAMPLE,
        fewest=rules.FEWEST,
    )


def country_page(
    lines: Sequence[PickLine],
    aliases: Mapping[UUID, str],
    framework: Competencies,
    *,
    quarter: str,
    count: int,
    links: Mapping[str, object],
) -> CountrySurprisePage:
    """Return the drawn officers of the own country."""
    ordered = sorted(lines, key=lambda line: _place(line, aliases))
    rows = [_pick_row(line, aliases.get(line.person_id, ""), framework) for line in ordered]
    return CountrySurprisePage(
        quarter=quarter_name(quarter),
        ends_on=rules.last_day(quarter),
        groups=_pick_groups([row for row in rows if row.excuse_href]),
        over=[row for row in rows if not row.excuse_href],
        plan_url=url_for("checks.plan_surprise"),
        count=count,
        **links,  # type: ignore[arg-type]  # of the pager
    )


def excuse_page(pick: PickLine, alias: str, framework: Competencies, form: ExcuseForm, error: str = "") -> ExcusePage:
    """Return the form that excuses an officer."""
    return ExcusePage(
        alias=alias,
        code=pick.competency,
        title=competencies.title(framework, pick.competency),
        form=form,
        error=error or next(iter(form.reason.errors), ""),
        url=url_for("checks.excuse_from_surprise", draw_id=pick.draw_id, person_id=pick.person_id),
        back=url_for("checks.show_surprise"),
    )


def _quarter_link(name: str, current: str) -> QuarterLink:
    href = url_for("checks.show_surprise", quarter=name)
    return QuarterLink(name=quarter_name(name), href=href, is_current=name == current)


def _draw_row(line: DrawLine, framework: Competencies) -> SurpriseDrawRow:
    return SurpriseDrawRow(
        code=line.competency,
        title=competencies.title(framework, line.competency),
        line=line,
        counts=rules.counts_of(line.states),
    )


def _country_rows(by_country: Mapping[str, CountryPicks]) -> list[CheckedCountryRow]:
    texts = ports().outside_counts(
        {country: (picks.checked, picks.picks, picks.officers) for country, picks in by_country.items()}
    )
    rows = [CheckedCountryRow(country=country_name(country), text=text) for country, text in texts.items()]
    return sorted(rows, key=lambda row: fold(row.country))


def _place(line: PickLine, aliases: Mapping[UUID, str]) -> tuple[str, str, str]:
    """Return the place of a pick: by competency and level, those without a sitting first, then by alias."""
    return key_of(line.competency, line.level), line.state, alias_key(aliases.get(line.person_id, ""))


def _pick_groups(rows: Sequence[PickRow]) -> list[PickGroup]:
    """Return open picks in order as groups of a competency and level."""
    groups = [(key, list(group)) for key, group in groupby(rows, key=attrgetter("key"))]
    return [
        PickGroup(
            key=key,
            code=group[0].code,
            title=group[0].title,
            level=group[0].level,
            rows=group,
            can_plan=any(row.officer for row in group),
        )
        for key, group in groups
    ]


def _pick_row(line: PickLine, alias: str, framework: Competencies) -> PickRow:
    word, shape = STATES[line.state]
    is_open = line.state in OPEN
    excuse = url_for("checks.show_excuse", draw_id=line.draw_id, person_id=line.person_id)
    return PickRow(
        alias=alias,
        key=key_of(line.competency, line.level),
        code=line.competency,
        title=competencies.title(framework, line.competency),
        level=competencies.level(line.level),
        status=(str(word), shape),
        reason=_("No longer in service.") if line.reason == LEFT else line.reason,
        needs_other=line.needs_other and is_open,
        officer=str(line.person_id) if line.state is PickState.DRAWN else "",
        excuse_href=excuse if is_open else "",
    )
