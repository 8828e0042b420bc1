"""`/sittings/watching` (results by invigilator) and `/people/<id>/watched` (who watched an officer): view models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import format_percent, gettext as _, ngettext

from app.catalogue.domain.references.competencies import Competencies
from app.checks.domain import watching as rules
from app.checks.domain.watching import FEWEST_OFFICERS, FEWEST_RESULTS, OUTSIDE, InvigilatorResult
from app.checks.labels.surprise import WATCHING
from app.checks.labels.watching import watched_by
from app.checks.pages.funnel import Funnel, FunnelPoint, funnel
from app.checks.queries.watching import WatchedLine, WatchingComparison
from app.competence.labels import competencies
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.identity.queries.visible_identity import VisibleIdentity
from app.web.pages import Page

Identities = Mapping[UUID, VisibleIdentity]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvigilatorRow:
    """The results of an invigilator in words; `passed` is a band where few passed or few did not."""

    alias: str
    country: str
    status: tuple[str, str]
    passed: str
    expected: str
    is_outside: bool

    @property
    def text(self) -> str:
        """Return the result in a sentence."""
        return _(
            "%(alias)s, %(country)s: %(passed)s passed, expected %(expected)s.",
            alias=self.alias,
            country=self.country,
            passed=self.passed,
            expected=self.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchingPage(Page):
    """The results of watched checks by invigilator, those outside the limits first."""

    template: ClassVar[str] = "checks/watching.html"
    rows: Sequence[InvigilatorRow]
    chart: Funnel | None
    summary: str
    left_out: str
    refused_devices: str
    fewest_results: int
    fewest_officers: int
    surprise_href: str

    @property
    def format(self) -> Callable[[float], str]:
        """Return the function that formats differences beside the chart."""
        return difference_text

    @property
    def caption(self) -> str:
        """Return the text below the chart."""
        solid = _("Number of results. By chance, 95 in 100 lie within the solid curves.")
        dashed = _("998 in 1,000 lie within the dashed curves.")
        return f"{solid} {dashed}"

    @property
    def outliers(self) -> Sequence[InvigilatorRow]:
        """Return the rows outside the limits."""
        return [row for row in self.rows if row.is_outside]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRow:
    """A piece of watched evidence on an officer, with who watched."""

    code: str
    title: TranslatedText
    level: str
    kind: str
    day: date
    watchers: str
    is_own_chain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchersPage(Page):
    """The watched evidence on an officer of the own country, the newest first; without results."""

    template: ClassVar[str] = "checks/watchers.html"
    alias: str
    rows: Sequence[WatchedRow]
    back: str


def watching_page(comparison: WatchingComparison, identities: Identities, *, mirrored: bool) -> WatchingPage:
    """Return the results by invigilator as a coordinator sees them."""
    shown = shown_results(comparison)
    results, passed = comparison.overall
    rate = passed / results if results else 0.0
    points = [
        FunnelPoint(result.results, _shown_difference(result), outside=result.status in OUTSIDE) for result in shown
    ]
    return WatchingPage(
        rows=[_row(result, identities) for result in shown],
        chart=funnel(points, rate, fewest=FEWEST_RESULTS, mirrored=mirrored) if points and 0 < rate < 1 else None,
        summary=_summary(shown),
        left_out=_left_out(comparison.others + len(comparison.results) - len(shown)),
        refused_devices=_refused_devices(comparison.refused_devices),
        fewest_results=FEWEST_RESULTS,
        fewest_officers=FEWEST_OFFICERS,
        surprise_href=url_for("checks.show_surprise"),
    )


def shown_results(comparison: WatchingComparison) -> list[InvigilatorResult]:
    """Return the results of invigilators who watched at least ten officers."""
    return [
        result for result in comparison.results if comparison.officers.get(result.invigilator, 0) >= FEWEST_OFFICERS
    ]


def difference_text(value: float) -> str:
    """Return a difference of shares for the side of the chart, such as "+25 %"."""
    return f"{'+' if value > 0 else '−'}{format_percent(abs(value))}"


def watchers_page(
    alias: str, lines: Sequence[WatchedLine], identities: Identities, framework: Competencies, *, back: str
) -> WatchersPage:
    """Return who watched an officer, as a contact point sees it."""
    return WatchersPage(
        alias=alias,
        rows=[
            WatchedRow(
                code=line.piece.competency,
                title=competencies.title(framework, line.piece.competency),
                level=competencies.level(line.piece.level),
                kind=competencies.kind(line.piece.kind),
                day=line.piece.day,
                watchers=_watchers(line, identities),
                is_own_chain=line.own_chain_alone,
            )
            for line in reversed(lines)
        ],
        back=back,
    )


def _watchers(line: WatchedLine, identities: Identities) -> str:
    aliases = [identities[watcher].alias if watcher in identities else "" for watcher in line.watchers]
    return watched_by(aliases, marked_blind=line.is_marked_blind) or _("Who watched was not recorded.")


def _row(result: InvigilatorResult, identities: Identities) -> InvigilatorRow:
    identity = identities.get(result.invigilator)
    word, shape = WATCHING[result.status]
    return InvigilatorRow(
        alias=(identity.alias if identity else "") or _("An invigilator"),
        country=country_name(identity.country) if identity and identity.country else _("Member country"),
        status=(str(word), shape),
        passed=_passed(result),
        expected=_range(result.limits.low, result.limits.high),
        is_outside=result.status in OUTSIDE,
    )


def _passed(result: InvigilatorResult) -> str:
    low, high = rules.band(result.passed, result.results)
    return _("%(n)s of %(of)s", n=_range(low, high), of=result.results)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else _("%(low)s to %(high)s", low=low, high=high)


def _shown_difference(result: InvigilatorResult) -> float:
    """Return the difference of the share that is shown: of the middle of a band."""
    return sum(rules.band(result.passed, result.results)) / 2 / result.results - result.rate


def _summary(shown: Sequence[InvigilatorResult]) -> str:
    outside = sum(result.status in OUTSIDE for result in shown)
    if not shown:
        return ""
    if not outside:
        return _("All results lie within what chance explains.")
    return ngettext(
        "%(num)s invigilator lies outside what chance explains.",
        "%(num)s invigilators lie outside what chance explains.",
        outside,
    )


def _left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)s invigilator has too few results or officers to be compared.",
        "%(num)s invigilators have too few results or officers to be compared.",
        count,
    )


def _refused_devices(count: int) -> str:
    if not count:
        return _("No second device was refused in a sitting.")
    return ngettext(
        "A second device was refused at %(num)s seat of a sitting.",
        "A second device was refused at %(num)s seats of sittings.",
        count,
    )
