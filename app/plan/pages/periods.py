"""`/plan/periods`: the quarters of the plan with their locks, and one quarter with what is frozen and missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Plan
from app.i18n.babel import joined, words as day_words
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import periods
from app.plan.domain.missing import MissingFigure
from app.plan.domain.observations import ObservationState
from app.plan.queries.adjustments import AdjustmentRow
from app.plan.shapes import LockLine
from app.web.pages import Page

DIGITS = 16  # of the hash, on pages
PROPOSE, AGREE = "plan.propose_lock", "plan.agree_lock"
Aliases = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of the plan: its lock or None, and whether it is the oldest open one."""

    end: date
    lock: LockLine | None
    is_next: bool
    today: date

    @property
    def is_locked(self) -> bool:
        """Return whether the quarter is locked."""
        return self.lock is not None and self.lock.locked_at is not None

    @property
    def can_be_locked(self) -> bool:
        """Return whether the quarter may be proposed and locked today."""
        return self.is_next and not self.is_locked and self.today >= periods.lockable_from(self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterRow:
    """A quarter as a row of the table; `figures`, `digits` and `adjusted` are empty before the lock."""

    name: str
    end: date
    href: str
    status: tuple[str, str]
    details: str
    figures: str
    digits: str
    adjusted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodsPage(Page):
    """The quarters of the plan, the newest first."""

    template: ClassVar[str] = "plan/periods.html"
    rows: Sequence[QuarterRow]
    plan_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """A figure entered by hand that is missing; `acts` is who acts next."""

    code: str
    title: TranslatedText
    problem: str
    countries: str
    acts: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedRow:
    """An adjustment of a locked figure with the title of its indicator."""

    title: TranslatedText
    href: str
    counts_in: str
    adjustment: AdjustmentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPage(Page):
    """A quarter: what is locked, what is missing, the next step, and the adjustments since.

    `propose_url` and `agree_url` are empty if the user cannot take the step; `waits` says why.
    """

    template: ClassVar[str] = "plan/period.html"
    row: QuarterRow
    sha256: str
    scope: str
    missing: Sequence[MissingRow]
    adjustments: Sequence[AdjustedRow]
    propose_url: str
    agree_url: str
    waits: str
    error: str
    plan_href: str
    back: str


def name_of(end: date) -> str:
    """Return a quarter as in addresses, such as 2027-q1."""
    return f"{end.year}-q{(end.month + 2) // 3}"


def quarters(plan: Plan, locks: Sequence[LockLine], today: date) -> list[Quarter]:
    """Return the quarters from the plan's first day to the running one, and those with a lock, the newest first."""
    if plan.head is None:
        return []
    by_end = {lock.quarter_end: lock for lock in locks}
    following = periods.first_open(plan.head.period.starts, [lock.quarter_end for lock in locks if lock.locked_at])
    ends = {*periods.quarters(plan.head.period.starts, today), *by_end}
    return [
        Quarter(end=end, lock=by_end.get(end), is_next=end == following, today=today)
        for end in sorted(ends, reverse=True)
    ]


def row(quarter: Quarter, aliases: Aliases, adjusted: int) -> QuarterRow:
    """Return a quarter as a row; `adjusted` is the number of its indicators with adjustments."""
    lock = quarter.lock
    is_locked = quarter.is_locked
    return QuarterRow(
        name=labels.quarter(quarter.end),
        end=quarter.end,
        href=url_for("plan.show_period", quarter=name_of(quarter.end)),
        status=_status(quarter),
        details=_details(quarter, aliases),
        figures=labels.number(lock.figures) if lock and is_locked else "",
        digits=(lock.sha256 or "")[:DIGITS] if lock and is_locked else "",
        adjusted=_adjusted(adjusted) if is_locked else "",
    )


def period_page(
    quarter: Quarter,
    shown: QuarterRow,
    *,
    scope: str,
    missing: Sequence[MissingRow],
    adjustments: Sequence[AdjustedRow],
    reader_id: UUID,
    error: str,
) -> PeriodPage:
    """Return the page of a quarter for a coordinator."""
    step = _step(quarter, reader_id)
    url = url_for(step, quarter=name_of(quarter.end)) if step else ""
    return PeriodPage(
        row=shown,
        sha256=_sha256(quarter),
        scope=scope,
        missing=missing,
        adjustments=adjustments,
        propose_url=url if step == PROPOSE else "",
        agree_url=url if step == AGREE else "",
        waits=_("You proposed the lock, so another coordinator must agree.") if _waits(quarter, reader_id) else "",
        error=error,
        plan_href=url_for("plan.show_overview", on=quarter.end.isoformat()) if quarter.end < quarter.today else "",
        back=url_for("plan.show_periods"),
    )


def scope_text(indicators: int, countries: int) -> str:
    """Return what a lock freezes."""
    figures = ngettext("%(num)s indicator", "%(num)s indicators", indicators)
    among = ngettext("%(num)s country", "%(num)s countries", countries)
    return _(
        "A lock freezes %(indicators)s for %(countries)s: together, by country, by kind of agency and by role.",
        indicators=figures,
        countries=among,
    )


def missing_rows(plan: Plan, gaps: Sequence[MissingFigure]) -> list[MissingRow]:
    """Return the missing figures with who acts next."""
    owners = {indicator.id: indicator.owner for indicator in plan.indicator}
    return [
        MissingRow(
            code=gap.code,
            title=labels.plan_title(plan, gap.code),
            problem=_problem(gap.state),
            countries=joined([country_name(code) for code in labels.in_alphabet(filter(None, gap.countries))]),
            acts=_acts(gap, owners.get(gap.code, "")),
            href=url_for("plan.show_manual_figures"),
        )
        for gap in gaps
    ]


def adjusted_rows(plan: Plan, adjustments: Sequence[AdjustmentRow], end: date) -> list[AdjustedRow]:
    """Return the adjustments of a quarter with the titles of their indicators."""
    return [
        AdjustedRow(
            title=labels.plan_title(plan, adjustment.code),
            href=url_for("plan.indicator", code=adjustment.code, on=end.isoformat()),
            counts_in=labels.quarter(adjustment.counts_in),
            adjustment=adjustment,
        )
        for adjustment in adjustments
    ]


def _status(quarter: Quarter) -> tuple[str, str]:
    if quarter.is_locked:
        return _("Final"), "good"
    if quarter.lock is not None:
        return _("Proposed"), "wait"
    return (_("Can be locked"), "here") if quarter.can_be_locked else (_("Open"), "open")


def _details(quarter: Quarter, aliases: Aliases) -> str:
    lock = quarter.lock
    if lock is None:
        return _open_details(quarter)
    first = aliases.get(lock.proposed_by, "")
    if lock.locked_at is None or lock.agreed_by is None:
        day = day_words(lock.proposed_at)
        return _("Proposed on %(day)s by %(alias)s. A second coordinator must agree.", day=day, alias=first)
    return _(
        "Locked on %(day)s by %(first)s and %(second)s.",
        day=day_words(lock.locked_at),
        first=first,
        second=aliases.get(lock.agreed_by, ""),
    )


def _open_details(quarter: Quarter) -> str:
    if quarter.can_be_locked:
        return _("This is the oldest open quarter. A coordinator can propose the lock.")
    from_day = periods.lockable_from(quarter.end)
    if quarter.today < from_day:
        return _("Can be locked from %(day)s.", day=day_words(from_day))
    return _("Lock the quarters before it first.")


def _adjusted(count: int) -> str:
    return ngettext("%(num)s indicator", "%(num)s indicators", count) if count else _("None")


def _sha256(quarter: Quarter) -> str:
    return "" if quarter.lock is None else quarter.lock.sha256 or ""


def _step(quarter: Quarter, reader_id: UUID) -> str:
    """Return the endpoint of the next step of a coordinator, "" without one."""
    if not quarter.can_be_locked:
        return ""
    if quarter.lock is None:
        return PROPOSE
    return AGREE if quarter.lock.proposed_by != reader_id else ""


def _waits(quarter: Quarter, reader_id: UUID) -> bool:
    return quarter.lock is not None and not quarter.is_locked and quarter.lock.proposed_by == reader_id


def _problem(state: ObservationState | None) -> str:
    if state is ObservationState.PENDING:
        return _("Waits for a second person")
    return _("Not entered") if state is None else _("Begun, not submitted")


def _acts(gap: MissingFigure, owner: str) -> str:
    if gap.state is ObservationState.PENDING:
        return _("A coordinator who did not enter it")
    if gap.state is None:
        return labels.owner(owner)
    return _("Its author")
