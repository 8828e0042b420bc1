"""Read what is late: rows of a coordinator by country and course, and officers of the own country or supervision."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.domain.references.plan import Indicator, Plan
from app.coordination.domain import late as rules
from app.coordination.domain.actions import Office
from app.coordination.domain.late import LateCounts, LateDays, LateKind, LateOffice, LateRule
from app.coordination.domain.reminders import unanswered
from app.coordination.queries import actions, reminders
from app.coordination.queries.actions import ActionFilter
from app.coordination.queries.completion import countries_with_exact_counts
from app.coordination.shapes import LateLine, LateOfficer, PlanActionLine
from app.identity.queries import roles
from app.learning.domain.completion import AssignmentProblem, CompletionFlag
from app.learning.queries import completion, requirements
from app.learning.shapes import CourseState, LateCell, OfficerCourses, OfficerCoursesFilter
from app.plan.domain.definitions import Collected, collected
from app.plan.domain.observations import ObservationState
from app.plan.queries import falls, figures
from app.plan.shapes import Observed
from app.rights.queries import supervision
from app.sign_in.queries import sessions

DAY = timedelta(days=1)
LATE_FLAGS = (CompletionFlag.OVERDUE, CompletionFlag.STALLED, CompletionFlag.WAITING)
OF_OFFICERS = frozenset({LateKind.COURSE, LateKind.INVITATIONS, LateKind.LANGUAGE})  # counts of a country
REPORTED = frozenset({ObservationState.PENDING, ObservationState.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilter:
    """Which rows a list shows: country, course, who acts, and how many days they are late at least."""

    country: str = ""
    course_id: UUID | None = None
    office: LateOffice | None = None
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOfficers:
    """A page of officers who are late; `after` is the alias that the next page begins after, or None."""

    rows: Sequence[LateOfficer]
    total: int
    after: str | None


def lines(actor: Actor, plan: Plan, now: datetime) -> list[LateLine]:
    """Return the rows of a coordinator: courses by country, then invitations, languages, figures and actions."""
    today = now.date()
    offices = roles.offices(Role.CONTACT_POINT, today)
    exact = countries_with_exact_counts()
    late_lines = [*_courses(offices, now, exact), *_invitations(today), *_languages(today)]
    overdue = actions.lines(actor, ActionFilter(overdue=True), today, size=None)
    late_lines += [*_figures(plan, today), *_falls(plan, today), *(_action(line, today) for line in overdue)]
    return [
        replace(
            line,
            countries=[code for code in line.countries if code in offices],
            is_exact=line.kind not in OF_OFFICERS or line.country in exact,
        )
        for line in late_lines
    ]


def chosen(late_lines: Sequence[LateLine], wanted: LateFilter, today: date) -> list[LateLine]:
    """Return the rows that a filter keeps."""
    return [line for line in late_lines if _fits(line, wanted, today)]


def officers(
    country: str, today: date, *, supervisor_id: UUID | None = None, after: str = "", size: int = completion.PAGE_SIZE
) -> LateOfficers:
    """Return a page of the officers of a country who are late, one row for each course, by alias.

    `supervisor_id` narrows it to the officers whom a person supervises. Officers under threat are included.
    """
    people = None
    if supervisor_id is not None:
        people = supervision.officers_of_each([supervisor_id], today).get(supervisor_id, [])
    page = completion.officers(
        today, OfficerCoursesFilter(country=country, people=people, states=LATE_FLAGS), after=after, size=size
    )
    return LateOfficers(rows=_rows(page.rows, today), total=page.total, after=page.after)


def officers_among(country: str, people: Collection[UUID], today: date) -> dict[UUID, list[LateOfficer]]:
    """Return the late courses of these officers of a country; officers without one are left out."""
    wanted = OfficerCoursesFilter(country=country, people=people, states=LATE_FLAGS)
    late_rows: dict[UUID, list[LateOfficer]] = {}
    for row in _rows(completion.officers(today, wanted, size=max(len(people), 1)).rows, today):
        late_rows.setdefault(row.person_id, []).append(row)
    return late_rows


def _rows(page_rows: Sequence[OfficerCourses], today: date) -> list[LateOfficer]:
    above = supervision.supervisors_of_each([row.person_id for row in page_rows], today)
    return [
        line
        for row in page_rows
        for state in row.courses.values()
        if (line := _officer(row.alias, state, above.get(row.person_id, ()), today)) is not None
    ]


def _courses(offices: Mapping[str, Sequence[UUID]], now: datetime, exact: Collection[str]) -> list[LateLine]:
    today = now.date()
    cells = completion.late(today)
    countries = {cell.country for cell in cells}
    chased = completion.chased(today, countries, {cell.course_id for cell in cells}) if cells else {}
    below = supervision.supervisors_of_each({person for people in chased.values() for person in people}, today)
    silent = _silent(offices, countries, now)
    return [
        _course(cell, chased.get((cell.country, cell.course_id), ()), below, silent, is_exact=cell.country in exact)
        for cell in cells
    ]


def _course(
    cell: LateCell, chased: Collection[UUID], supervised: Collection[UUID], silent: Collection[str], *, is_exact: bool
) -> LateLine:
    counts = LateCounts(
        overdue=cell.overdue,
        stalled=cell.stalled,
        waiting=cell.waiting,
        chased=cell.chased,
        supervised=sum(person_id in supervised for person_id in chased),
        due=cell.due,
    )
    decided = counts if is_exact else rules.from_bands(counts)
    rule = rules.rule_of_cell(decided, silent=cell.country in silent)
    return LateLine(
        kind=LateKind.COURSE,
        cell=str(cell.course_id),
        country=cell.country,
        rule=rule,
        acts=rules.acting(rule, counts),
        counts=counts,
        countries=[cell.country],
        since=cell.since,
    )


def _silent(offices: Mapping[str, Sequence[UUID]], countries: Collection[str], now: datetime) -> set[str]:
    """Return the countries whose contact points do not answer, and those without a contact point."""
    signed_in = sessions.last_sign_ins([person_id for people in offices.values() for person_id in people])
    sent = reminders.by_country()
    silent = set()
    for country in countries:
        times = [signed_in[person_id] for person_id in offices.get(country, ()) if person_id in signed_in]
        is_silent = rules.is_silent(max(times, default=None), unanswered(sent.get(country, [])), now)
        if is_silent or country not in offices:
            silent.add(country)
    return silent


def _invitations(today: date) -> list[LateLine]:
    invited, bounced = Counter[str](), Counter[str]()
    for cell in completion.invited(today):
        invited[cell.country] += cell.invited
        bounced[cell.country] += cell.bounced
    return [
        LateLine(
            kind=LateKind.INVITATIONS,
            cell="",
            country=country,
            rule=LateRule.INVITATIONS,
            acts=((LateOffice.CONTACT_POINT, count),),
            countries=[country],
            count=count,
            bounced=bounced[country],
        )
        for country, count in sorted(invited.items())
    ]


def _languages(today: date) -> list[LateLine]:
    return [
        LateLine(
            kind=LateKind.LANGUAGE,
            cell=str(line.course_id),
            country=line.country,
            rule=LateRule.LANGUAGE,
            acts=((LateOffice.CONTENT, line.officers),),
            count=line.officers,
        )
        for line in requirements.exceptions(today)
        if line.problem is AssignmentProblem.LANGUAGE
    ]


def _figures(plan: Plan, today: date) -> list[LateLine]:
    by_hand = [indicator for indicator in plan.indicator if collected(indicator) is Collected.BY_HAND]
    if plan.head is None or not by_hand:
        return []
    reported = [observed for observed in figures.observations(size=None) if observed.state in REPORTED]
    figure_lines = (_missing_figure(plan, indicator, reported, today) for indicator in by_hand)
    return [line for line in figure_lines if line is not None]


def _missing_figure(plan: Plan, indicator: Indicator, reported: Sequence[Observed], today: date) -> LateLine | None:
    """Return the row of an indicator of which a figure of the last full period is missing, else None."""
    period = rules.period_before(today, indicator.frequency)
    first = max(plan.head.period.starts, indicator.valid_from) if plan.head else date.max
    if period is None or period[1] < first or not rules.figure_is_missing(period[1], today):
        return None
    missing = _missing_countries(plan, indicator, reported, period[0])
    return _figure(indicator, period[1], missing) if missing else None


def _missing_countries(plan: Plan, indicator: Indicator, reported: Sequence[Observed], first: date) -> list[str]:
    """Return the countries without a figure since a day, "" for the community as a whole."""
    countries = {observed.country for observed in reported if observed.code == indicator.id and observed.day >= first}
    members = plan.head.members if plan.head and "country" in indicator.split_by else ("",)
    return [code for code in members if code not in countries]


def _figure(indicator: Indicator, end: date, missing: Sequence[str]) -> LateLine:
    countries = [code for code in missing if code]
    office = rules.FIGURE_OWNERS.get(indicator.owner, LateOffice.SECRETARIAT)
    return LateLine(
        kind=LateKind.FIGURE,
        cell=f"{indicator.id}:{end.isoformat()}",
        country="",
        rule=LateRule.FIGURE,
        acts=((office, len(countries)),),
        countries=countries if office is LateOffice.CONTACT_POINT else (),
        count=len(missing),
        since=end + rules.FIGURE_DAYS + DAY,
    )


def members_with_office(plan: Plan | None, today: date) -> list[str]:
    """Return the members that have a contact point."""
    offices = roles.offices(Role.CONTACT_POINT, today)
    return [code for code in plan.head.members if code in offices] if plan is not None and plan.head else []


def _falls(plan: Plan, today: date) -> list[LateLine]:
    """Return the figures that fall soon: each contact point sees whose verifications end."""
    countries = members_with_office(plan, today)
    return [
        LateLine(
            kind=LateKind.FALL,
            cell=code,
            country="",
            rule=LateRule.FALL,
            acts=((LateOffice.CONTACT_POINT, len(countries)),),
            countries=countries,
            fall=fall,
        )
        for code, fall in falls.falling(plan, today).items()
    ]


def _action(line: PlanActionLine, today: date) -> LateLine:
    return LateLine(
        kind=LateKind.ACTION,
        cell=str(line.id),
        country=line.country,
        rule=LateRule.ACTION,
        acts=((rules.action_acts(line.office, line.due_on, today), 0),),
        countries=[line.country] if line.office is Office.CONTACT_POINT else (),
        count=1,
        since=line.due_on + DAY,
        title=line.text,
    )


def _officer(alias: str, state: CourseState, above: Sequence[UUID], today: date) -> LateOfficer | None:
    """Return the row of an officer in a course, None if nothing is late there."""
    if not state.flags.intersection(LATE_FLAGS):
        return None
    days = LateDays(
        due_on=state.due_on,
        last_step_on=state.last_step_on if CompletionFlag.STALLED in state.flags else None,
        waiting=CompletionFlag.WAITING in state.flags,
        supervised=bool(above),
        readable=state.problem is not AssignmentProblem.LANGUAGE,
    )
    rule = rules.rule_of_officer(days, today) or LateRule.OFFICER
    return LateOfficer(
        person_id=state.person_id,
        alias=alias,
        course_id=state.course_id,
        rule=rule,
        state=state,
        supervisors=above,
    )


def _fits(line: LateLine, wanted: LateFilter, today: date) -> bool:
    """Return whether a row is of the country and course, for the office, and late for so many days."""
    offices = {office for office, _count in line.acts}
    is_course = wanted.course_id is None or line.cell == str(wanted.course_id)
    is_office = wanted.office is None or wanted.office in offices
    return is_course and is_office and _is_of(line, wanted.country) and _is_old(line, wanted.days, today)


def _is_of(line: LateLine, country: str) -> bool:
    return not country or country in {line.country, *line.countries}


def _is_old(line: LateLine, days: int, today: date) -> bool:
    return not days or (line.since is not None and line.since <= today - days * DAY)
