"""`/sittings`: the code of an officer, own seats, and the sittings that a user watches; `/sittings/new`: the form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, CountryScope, allows, own_scope
from app.catalogue.domain.items import Level
from app.checks.domain.pools import PoolSize
from app.checks.domain.sittings import LIVE, RUNNING, SittingState, Way
from app.checks.forms.sittings import SittingCodeForm, SittingForm
from app.checks.labels import sittings as labels
from app.checks.pages import sitting_titles
from app.checks.pages.sitting_titles import TaskTitle
from app.checks.queries import desk_tasks, offers, pools, sittings as queries
from app.checks.queries.desk_tasks import DeskTaskLine
from app.checks.queries.pools import Pool
from app.checks.service.sittings import CheckAim
from app.checks.shapes import Aim, OfficerSeatLine, SittingDetails, SittingRow
from app.competence.labels import competencies as competence
from app.identity.queries import people
from app.web.pages import Page
from app.web.paging import ListPage

SHOWN_SINCE = timedelta(days=90)  # own seats on the page
PAST = frozenset(SittingState) - LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSeatRow:
    """A sitting in which the user has a seat; `href` "": it is not open."""

    tasks: Sequence[TaskTitle]
    planned_for: datetime
    location: str
    status: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingListRow:
    """A sitting that the user watches, or of the country."""

    tasks: Sequence[TaskTitle]
    planned_for: datetime
    location: str
    seats: str
    status: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingsPage(Page):
    """The code of an officer, own seats, and the sittings that the user watches: now, planned, past."""

    template: ClassVar[str] = "checks/sittings.html"
    code_url: str
    form: SittingCodeForm
    error: str
    own: Sequence[OwnSeatRow]
    watches: bool
    now: Sequence[SittingListRow]
    planned: Sequence[SittingListRow]
    past: Sequence[SittingListRow]
    new_url: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSittingPage(Page):
    """The form for a new sitting; `chosen` are the options that the address or the form chose, `others` the rest."""

    template: ClassVar[str] = "checks/new_sitting.html"
    form: SittingForm
    chosen: Sequence[tuple[str, object]]
    others: Sequence[tuple[str, object]]
    agencies: Sequence[tuple[str, object]]
    groups: bool
    url: str
    error: str
    submission: str
    today: date
    back: str


def sittings_page(actor: Actor, form: SittingCodeForm, *, error: str, pager: ListPage, now: datetime) -> SittingsPage:
    """Return the page of the list."""
    may_watch = allows(actor, Action.SEE_SITTINGS)
    rows = queries.watched_by(actor, offset=pager.offset, size=pager.size) if may_watch else []
    may_sit = allows(actor, Action.TAKE_SEAT)
    return SittingsPage(
        code_url=url_for("checks.enter_code") if may_sit else "",
        form=form,
        error=error,
        own=_own_rows(actor, now) if may_sit else [],
        watches=may_watch,
        now=_rows(rows, RUNNING),
        planned=_rows(rows, {SittingState.PLANNED}),
        past=_rows(rows, PAST),
        new_url=url_for("checks.new_sitting") if allows(actor, Action.PLAN_SITTING, own_scope(actor)) else "",
        **pager.links("checks.show_sittings"),
    )


def _own_rows(actor: Actor, now: datetime) -> list[OwnSeatRow]:
    """Return the seats of an officer, without those of surprise checks to come."""
    own = queries.of_officer(actor.id, since=now - SHOWN_SINCE)
    return [
        _own_row(sitting, seat)
        for sitting, seat in own
        if not (seat.is_surprise and sitting.state is SittingState.PLANNED)
    ]


def new_page(form: SittingForm, actor: Actor, *, error: str, submission: str, now: datetime) -> NewSittingPage:
    """Return the form for a new sitting."""
    chosen = set(form.aims.data or ())
    return NewSittingPage(
        form=form,
        chosen=[pair for pair in form.aims.pairs if pair[0] in chosen],
        others=[pair for pair in form.aims.pairs if pair[0] not in chosen],
        agencies=form.agency.pairs,
        groups=plans_groups(actor),
        url=url_for("checks.create_sitting"),
        error=error,
        submission=submission,
        today=now.date(),
        back=url_for("checks.show_sittings"),
    )


def plans_groups(actor: Actor) -> bool:
    """Return whether a user may plan a sitting for a group; a supervisor plans one for an own officer."""
    return allows(actor, Action.PLAN_SITTING, CountryScope(actor.country))


def agencies_of(country: str) -> list[tuple[str, str]]:
    """Return the agencies of a country, first all of them."""
    own = [(str(agency_id), name) for agency_id, _country, name in people.agencies(country)]
    return [("", _("All agencies of the country")), *own]


def options() -> Mapping[str, tuple[str, CheckAim]]:
    """Return what a sitting can check, by the value in the form: its label, and the aim.

    Questions are offered at levels that a watched check can verify. The value of questions, or of the first desk task
    where there are none, is "VIC-01.foundation".
    """
    offered: dict[str, tuple[str, CheckAim]] = {}
    by_aim: dict[Aim, list[DeskTaskLine]] = {}
    for line in desk_tasks.all_tasks():
        by_aim.setdefault((line.task.competency, line.task.level), []).append(line)
    entries = sitting_titles.framework()
    large = {
        aim: pool
        for aim, pool in pools.pools().items()
        if pools.is_large_enough(pool) and offers.asks_questions(entries, aim[1])
    }
    for aim in sorted(large.keys() | by_aim.keys(), key=_in_order):
        title = competence.title(entries, aim[0]).text
        name = _("%(name)s, %(level)s", name=f"{aim[0]} {title}", level=competence.level(aim[1]))
        few = _("(too few questions for a check)")
        why = few if offers.asks_questions(entries, aim[1]) else _("(an assessor verifies this level)")
        _add_options(offered, aim, name, (large.get(aim), by_aim.get(aim, ())), why)
    return offered


def _add_options(
    offered: dict[str, tuple[str, CheckAim]],
    aim: Aim,
    name: str,
    ways: tuple[Pool | None, Collection[DeskTaskLine]],
    why_no_questions: str,
) -> None:
    pool, tasks = ways
    key = f"{aim[0]}.{aim[1]}"
    if pool is not None:
        offered[key] = (
            f"{name}: {_questions(pool)}",
            CheckAim(competency=aim[0], level=aim[1], way=Way.QUESTIONS),
        )
    only = "" if pool is not None else " " + why_no_questions
    for line in tasks:
        desk = CheckAim(competency=aim[0], level=aim[1], way=Way.DESK_TASK, course_id=line.course_id, task=line.task.id)
        title = _("desk task: %(title)s", title=line.title)
        offered[key if key not in offered else f"{key}:{line.task.id}"] = (f"{name}: {title}{only}", desk)


def _questions(pool: Pool) -> str:
    if pool.kind is PoolSize.SMALL:
        return _("12 questions, small pool of %(count)s", count=pool.size)
    return _("12 questions")


def _in_order(aim: Aim) -> tuple[str, int]:
    return aim[0], list(Level).index(aim[1])


def _rows(rows: Sequence[SittingRow], states: Collection[SittingState]) -> list[SittingListRow]:
    return [_row(row) for row in rows if row.details.state in states]


def _own_row(details: SittingDetails, seat: OfficerSeatLine) -> OwnSeatRow:
    entered = details.state in RUNNING and seat.session_id is not None
    word, kind = labels.SITTINGS[details.state]
    return OwnSeatRow(
        tasks=sitting_titles.titles(details),
        planned_for=details.planned_for,
        location=details.location,
        status=(str(word), kind),
        href=url_for("checks.show_seat", sitting_code=details.code) if entered else "",
    )


def _row(row: SittingRow) -> SittingListRow:
    word, kind = labels.SITTINGS[row.details.state]
    seats = ngettext("%(num)s officer", "%(num)s officers", row.seats)
    if row.finished:
        seats = _("%(seats)s, %(count)s finished", seats=seats, count=row.finished)
    return SittingListRow(
        tasks=sitting_titles.titles(row.details),
        planned_for=row.details.planned_for,
        location=row.details.location,
        seats=seats,
        status=(str(word), kind),
        href=url_for("checks.show_sitting", sitting_id=row.details.id),
    )


def planned_officers(country: str, ids: Collection[UUID], today: date) -> list[str]:
    """Return the aliases of those of these people who are officers of a country, for a form that a link fills."""
    aliases = people.names(ids)
    return sorted(people.officers_by_text(country, today, dict.fromkeys(aliases.values(), "")))
