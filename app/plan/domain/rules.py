"""RULES by their name in the plan file: each turns the records of one subject into contributions with a period."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.plan import Indicator
from app.competence.domain.evidence import LEVELS
from app.plan.domain import content_rules, event_rules, result_rules
from app.plan.domain.contributions import ContributionPeriod, Settings, last_day, of_person
from app.plan.domain.definitions import Collected, collected
from app.plan.domain.records import (
    ActionPoint,
    Active,
    ApprovedFigure,
    CompetencyPeriod,
    CourseEdition,
    Happened,
    Learner,
    Module,
    OfficerRecord,
    RecordSource,
    SessionAttendance,
    Sessions,
)
from app.plan.domain.spans import (
    DAY,
    FOREVER,
    Interval,
    PostingInterval,
    common,
    days_later,
    served_on,
    timeline,
    uncovered,
    union,
)

DAYS = 90
YEAR = 365
REPORT = "report"  # what the record of a figure entered by hand is called
CORE = "core"  # what the record of an officer in a figure of verifications is called
OWN_CHAIN = "core:own-chain"  # while the own chain alone watched at least one of the competencies last


Rule = Callable[[Any, Settings], list[ContributionPeriod]]


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """A rule and the source that it reads."""

    source: RecordSource
    spans: Rule


def modules_current(module: Module, settings: Settings) -> list[ContributionPeriod]:
    """Count a course while the facts of its current version were checked at most `days` ago."""
    days = int(settings.get("days", YEAR))
    return [
        ContributionPeriod(thing=f"version:{edition.number}", since=since, until=last_day(until))
        for edition in module.editions
        if edition.checked is not None
        for since, until in common([_current(edition)], [(date.min, days_later(edition.checked, days))])
    ]


def translations_reviewed(module: Module, settings: Settings) -> list[ContributionPeriod]:
    """Count each language of a course while a practitioner has read it in the version of the day."""
    languages = sorted({language for edition in module.editions for language in edition.languages})
    return [
        ContributionPeriod(thing=f"language:{language}", since=since, until=last_day(until))
        for language in languages
        for since, until in union(_current(edition) for edition in module.editions if language in edition.languages)
    ]


def completers(learner: Learner, settings: Settings) -> list[ContributionPeriod]:
    """Count an officer from the first completed module on, without end, in the posting of that day."""
    days = [
        enrolment.completed for enrolment in learner.enrolments if enrolment.module and enrolment.completed is not None
    ]
    if not days:
        return []
    first = min(days)
    return [of_person(learner.person_id, served_on(learner.postings, first), thing="completion", since=first)]


def completed_of_started(learner: Learner, settings: Settings) -> list[ContributionPeriod]:
    """Count each module begun, once the time to complete it is over, and whether it was completed in that time."""
    days = int(settings.get("days", DAYS))
    return [
        of_person(
            learner.person_id,
            served_on(learner.postings, enrolment.begun),
            thing=f"enrolment:{enrolment.id}",
            since=days_later(enrolment.begun, days),
            numerator=float(
                enrolment.completed is not None and enrolment.completed <= days_later(enrolment.begun, days)
            ),
            denominator=1.0,
        )
        for enrolment in learner.enrolments
        if enrolment.module
    ]


def active_countries(active: Active, settings: Settings) -> list[ContributionPeriod]:
    """Count an officer for `days` days from each day of learning, within the officer's postings."""
    days = int(settings.get("days", DAYS))
    times = union((day, days_later(day, days - 1)) for day in active.days)
    return [
        of_person(active.person_id, served, thing="active", since=since, until=last_day(until))
        for interval, served in timeline(active.postings)
        for since, until in common([interval], times)
    ]


def events_closed(event: Happened, settings: Settings) -> list[ContributionPeriod]:
    """Count a closed event of the wanted kind, in the country of its host."""
    if event.closed is None or event.kind != settings.get("type"):
        return []
    return [ContributionPeriod(thing="event", since=event.closed, country=event.country)]


def session_attendance(sessions: Sessions, settings: Settings) -> list[ContributionPeriod]:
    """Count every seat at a session with recorded attendance, and whether the officer attended."""
    return [
        of_person(
            seat.person_id,
            seat.served,
            thing=f"session:{seat.session_id}:{seat.person_id}",
            since=seat.day,
            numerator=float(seat.came),
            denominator=1.0,
        )
        for seat in _once(sessions.attended)
        if seat.came is not None
    ]


def verified_in_all(officer: OfficerRecord, settings: Settings) -> list[ContributionPeriod]:
    """Count an officer of the roles while all core competencies are valid at the level that the role needs."""
    return [
        of_person(officer.person_id, served, thing=thing, since=since, until=last_day(until))
        for interval, served in _concerned(officer, settings)
        for thing, since, until in _by_watchers(
            officer, served, _held_all(officer, served, interval, settings), settings
        )
    ]


def verified_in_all_share(officer: OfficerRecord, settings: Settings) -> list[ContributionPeriod]:
    """Count each officer of the roles as 1 of 1 while all core competencies are valid, else as 0 of 1."""
    spans = []
    for interval, served in _concerned(officer, settings):
        able = _held_all(officer, served, interval, settings)
        times = [
            *((1.0, *part) for part in _by_watchers(officer, served, able, settings)),
            *((0.0, CORE, *free) for free in uncovered(interval, able)),
        ]
        spans += [
            of_person(
                officer.person_id,
                served,
                thing=thing,
                since=since,
                until=last_day(until),
                numerator=numerator,
                denominator=1.0,
            )
            for numerator, thing, since, until in times
        ]
    return sorted(spans, key=lambda span: span.since)


def observed(reported: ApprovedFigure, settings: Settings) -> list[ContributionPeriod]:
    """Count an approved value until the day of the next approved one of the same indicator and country."""
    return _reported(reported, reported.value)


def observed_countries(reported: ApprovedFigure, settings: Settings) -> list[ContributionPeriod]:
    """Count a country whose approved value reaches `points_needed`, else the number of topics."""
    needed = settings.get("points_needed", len(settings.get("topics", ())) or 1)
    return _reported(reported, float(reported.value >= needed))


def action_points_on_time(action: ActionPoint, settings: Settings) -> list[ContributionPeriod]:
    """Count an action from its first due date, or from the day it was done by then; later dates do not count."""
    is_on_time = action.done is not None and action.done <= action.first_due
    return [
        ContributionPeriod(
            thing="action",
            since=action.done if is_on_time and action.done else action.first_due,
            numerator=float(is_on_time),
            denominator=1.0,
            country=action.country,
        )
    ]


RULES: Mapping[str, IndicatorRule] = {
    "modules_current": IndicatorRule(RecordSource.COURSE, modules_current),
    "translations_reviewed": IndicatorRule(RecordSource.COURSE, translations_reviewed),
    "completers": IndicatorRule(RecordSource.ENROLMENTS, completers),
    "completed_of_started": IndicatorRule(RecordSource.ENROLMENTS, completed_of_started),
    "active_countries": IndicatorRule(RecordSource.ACTIVITY, active_countries),
    "events_closed": IndicatorRule(RecordSource.EVENT, events_closed),
    "session_attendance": IndicatorRule(RecordSource.ATTENDANCE, session_attendance),
    "verified_in_all": IndicatorRule(RecordSource.STANDING, verified_in_all),
    "verified_in_all_share": IndicatorRule(RecordSource.STANDING, verified_in_all_share),
    "mean_gain": IndicatorRule(RecordSource.RESULTS, result_rules.mean_gain),
    "retained_share": IndicatorRule(RecordSource.RESULTS, result_rules.retained_share),
    "scenario_accuracy": IndicatorRule(RecordSource.CASES, result_rules.scenario_accuracy),
    "assessors_agree": IndicatorRule(RecordSource.ASSESSMENTS, result_rules.assessors_agree),
    "content_marked": IndicatorRule(RecordSource.CONTENT, content_rules.content_marked),
    "incidents": IndicatorRule(RecordSource.INCIDENTS, content_rules.incidents),
    "action_points_on_time": IndicatorRule(RecordSource.ACTIONS, action_points_on_time),
    "evaluation_mean": IndicatorRule(RecordSource.EVALUATIONS, event_rules.evaluation_mean),
    "follow_up_reports": IndicatorRule(RecordSource.FOLLOW_UPS, event_rules.follow_up_reports),
    "commitments_done": IndicatorRule(RecordSource.COMMITMENTS, event_rules.commitments_done),
    "offered_seats_used": IndicatorRule(RecordSource.SEATS, event_rules.offered_seats_used),
    "women_among_attended": IndicatorRule(RecordSource.SEATS, event_rules.women_among_attended),
    "observed": IndicatorRule(RecordSource.OBSERVATION, observed),
    "observed_countries": IndicatorRule(RecordSource.OBSERVATION, observed_countries),
}


def rule_of(indicator: Indicator) -> IndicatorRule | None:
    """Return the rule by which an indicator is counted, None for one without figures."""
    if collected(indicator) is Collected.INTERIM:
        return RULES["observed"]
    return RULES.get(indicator.rule)


def _concerned(officer: OfficerRecord, settings: Settings) -> list[tuple[Interval, PostingInterval]]:
    """Return periods with postings in one of the indicator's roles, or in any role if it names none."""
    wanted = frozenset(settings.get("roles", ()))
    return [pair for pair in timeline(officer.postings) if not wanted or wanted & set(pair[1].roles)]


def _held_all(
    officer: OfficerRecord, served: PostingInterval, interval: Interval, settings: Settings
) -> list[Interval]:
    times = [interval]
    for competency in settings.get("core", ()):
        needed = _needed(officer, served, competency, settings)
        times = common(times, _times(officer.periods, competency, needed))
    return times


def _by_watchers(
    officer: OfficerRecord, served: PostingInterval, able: Sequence[Interval], settings: Settings
) -> list[tuple[str, date, date]]:
    """Return the periods of a verified officer, split by whether the own chain alone watched a competency last."""
    own_chain = union(
        interval
        for competency in settings.get("core", ())
        for interval in _own_chain(officer, competency, _needed(officer, served, competency, settings))
    )
    own = [(OWN_CHAIN, *interval) for interval in common(able, own_chain)]
    others = [(CORE, *free) for interval in able for free in uncovered(interval, own_chain)]
    return sorted([*own, *others], key=lambda part: part[1])


def _own_chain(officer: OfficerRecord, competency: str, level: Level) -> list[Interval]:
    """Return the periods in which the newest watched evidence at a level or above is of the own chain alone."""
    lowest = LEVELS.index(level)
    pieces = [
        piece for piece in officer.watched if piece.competency == competency and LEVELS.index(piece.level) >= lowest
    ]
    ends = [*(piece.day - DAY for piece in pieces[1:]), FOREVER]
    return [(piece.day, end) for piece, end in zip(pieces, ends, strict=False) if piece.own_chain and piece.day <= end]


def _needed(officer: OfficerRecord, served: PostingInterval, competency: str, settings: Settings) -> Level:
    """Return the highest level that the counted roles of the posting require, else the lowest level."""
    if "level" in settings:
        return Level(settings["level"])
    wanted = settings.get("roles") or served.roles
    asked = [officer.required.get(role, {}).get(competency, LEVELS[0]) for role in served.roles if role in wanted]
    return max(asked, key=LEVELS.index, default=LEVELS[0])


def _times(periods: Iterable[CompetencyPeriod], competency: str, level: Level) -> list[Interval]:
    lowest = LEVELS.index(level)
    return union(
        (period.since, period.until)
        for period in periods
        if period.competency == competency and LEVELS.index(period.level) >= lowest
    )


def _reported(reported: ApprovedFigure, numerator: float) -> list[ContributionPeriod]:
    until = None if reported.followed is None else reported.followed - DAY
    if until is not None and until < reported.day:
        return []
    country = reported.country
    return [
        ContributionPeriod(
            thing=REPORT, since=reported.day, until=until, numerator=numerator, denominator=1, country=country
        )
    ]


def _current(edition: CourseEdition) -> Interval:
    return edition.published, FOREVER if edition.replaced is None else edition.replaced - DAY


def _once(attended: Sequence[SessionAttendance]) -> Iterable[SessionAttendance]:
    return {(attendance.session_id, attendance.person_id): attendance for attendance in attended}.values()
